package obligation

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// withdraws tells whether a notice is the word that one of before is withdrawn (data.state): it is no notice itself. One side alone does not undo
// a notice by it; where both agreed, the notice is corrected (replaces).
func withdraws(e pact.Event) bool {
	state := strings.ToLower(strings.TrimSpace(e.Data.State))
	return slices.ContainsFunc([]string{"withdr", "revok", "rescind", "retract"}, func(word string) bool { return strings.HasPrefix(state, word) })
}

// besides names what was told of a renewal beside the notice that counts, or where none does the zero event: other notices, withdrawals, and what
// was decided. It changes nothing, and does not vanish.
func (p RenewalParams) besides(a *pact.Assessment, in Input, counts pact.Event, tr tracer) {
	name := func(e pact.Event, rule, result string) {
		a.EventIDs = eachOnce(a.EventIDs, []pact.EventID{idOf(e)})
		tr.add(rule, dayText(dayOf(e, tr.zone)), result, idOf(e))
	}
	for _, e := range aboutRenewalOf(in, in.Occurrence.Key, tr.zone) {
		switch {
		case withdraws(e) && counts.Kind == "":
			name(e, "a notice was withdrawn", "there is no notice in time that it could undo")
		case withdraws(e):
			name(e, "the notice was withdrawn", "does not undo it: where both sides agreed, correct the notice (replaces)")
		case counts.Kind != "" && !slices.Contains(a.EventIDs, idOf(e)):
			name(e, "notice was "+givenAs(e)+" too", "the one before it counts")
		}
	}
	if counts.Kind == "" {
		return // what was decided settles it
	}
	for e := range in.log().at(in.At).each(RenewalDecided) {
		if e.Subject == in.Occurrence.Key {
			on := cmp.Or(e.Data.Date, calendar.DateIn(e.OccurredAt, tr.zone))
			a.EventIDs = eachOnce(a.EventIDs, []pact.EventID{idOf(*e)})
			tr.add("a decision of "+dayText(on), short(e.Data.State), "changes nothing: notice was given in time", idOf(*e))
		}
	}
}
