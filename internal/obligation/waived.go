package obligation

import (
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// waived says why an obligation is waived on a day; "" where it is not.
func (in Input) waived(on calendar.Date) string {
	r := in.Timeline.Obligation(in.Obligation.Key, on)
	if r.Winner != nil {
		return ""
	}
	for _, l := range r.Losers {
		if l.By != "" && strings.HasPrefix(l.Why, "waived ") {
			return l.Why
		}
	}
	return ""
}

// waivedDue asks about what falls due on a waived day and was not done by then. A waiver of some days may let go of what falls due on them,
// or of what those days are about (domain.md 4.9 has it waive once and leaves that open). still is the judgement without the waiver.
func (s *sheet) waivedDue(due calendar.Date, why string, still pact.Assessment) pact.Assessment {
	s.a.Trace, s.a.EventIDs = still.Trace, still.EventIDs
	s.a.Amount, s.a.Amounts, s.a.AmountState, s.a.Status = nil, nil, "", pact.Pending
	s.ask("waived_due", fmt.Sprintf("It falls due on %s, and the clause is %s. Does the waiver let go of what falls due on its days, or of what its days are about?", dayText(due), why),
		pact.Outcome{Reading: "of what falls due on its days", Result: string(pact.Excused)},
		pact.Outcome{Reading: "of what its days are about: this is still due", Result: string(still.Status), Amount: still.Amount})
	return *s.a
}
