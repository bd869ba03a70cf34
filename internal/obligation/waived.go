package obligation

import (
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// What waiver says of a clause that is waived for some days: that it is waived leaves open what of.
const (
	waivesDue   = "due"   // it lets go of what falls due on them
	waivesAbout = "about" // it lets go of what they are about: what falls due on them from before is still due
)

// waiver asks about a reading that there is not.
func (q *questions) waiver(given string) { q.oneOf("waiver", given, "", waivesDue, waivesAbout) }

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

// waivedWithin lists the runs of waived days within a period that begins and ends.
func (in Input) waivedWithin(p calendar.Period) (out []calendar.Period) {
	points := []calendar.Date{p.From}
	for _, turn := range in.Timeline.Turns(in.Obligation.Key) {
		if turn > points[len(points)-1] && turn < p.Until {
			points = append(points, turn)
		}
	}
	for i, first := range points {
		until := p.Until
		if i+1 < len(points) {
			until = points[i+1]
		}
		if first < until && in.waived(first) != "" {
			out = append(out, calendar.Period{From: first, Until: until})
		}
	}
	return out
}

// daysText is a run of days in words.
func daysText(p calendar.Period) string { return fmt.Sprintf("%s to %s", p.From, p.Until.AddDays(-1)) }

// waivedDue judges what falls due on a waived day and was not done by then. still is the judgement without the waiver, which stands where the
// waiver lets go of what its days are about. Where the clause does not say which (waiver), it is asked.
func (s *sheet) waivedDue(due calendar.Date, why, waiver string, still pact.Assessment) pact.Assessment {
	s.a.Trace, s.a.EventIDs = still.Trace, still.EventIDs
	inputs := dayText(due) + ", " + why
	switch waiver {
	case waivesAbout:
		*s.a = still
		s.add("it falls due on a waived day", inputs, "still due: the waiver lets go of what its days are about, as waiver says")
		return *s.a
	case waivesDue:
		s.letGo()
		s.add("it falls due on a waived day", inputs, "not due: the waiver lets go of what falls due on its days, as waiver says")
		return s.done(pact.Excused)
	}
	s.letGo()
	s.a.Status = pact.Pending
	s.ask("waived_due", fmt.Sprintf("It falls due on %s, and the clause is %s. Does the waiver let go of what falls due on its days, or of what its days are about?", dayText(due), why),
		pact.Outcome{Reading: "of what falls due on its days", Result: string(pact.Excused), Set: member("waiver", waivesDue)},
		pact.Outcome{Reading: "of what its days are about: this is still due", Result: string(still.Status), Amount: still.Amount, Set: member("waiver", waivesAbout)})
	return *s.a
}

// letGo empties a judgement of what it came to without a waiver.
func (s *sheet) letGo() {
	s.a.Amount, s.a.Amounts, s.a.AmountState = nil, nil, ""
}

// unbound gives the days of a renewal whose last day for notice is waived, where the waiver lets go of that day: notice then counts until the
// term is over. why says so; "" where it is not so.
func (p RenewalParams) unbound(in Input, r Renewal) (free Renewal, why string) {
	if r.Notice == nil || p.Waiver != waivesDue {
		return r, ""
	}
	if why = in.waived(r.Notice.SendBy); why == "" {
		return r, ""
	}
	notice := *r.Notice
	notice.ReceiveBy = r.LastDay
	var err error
	if notice.SendBy, err = in.Calendars.SendBy(p.notice(r.LastDay), r.LastDay); err != nil {
		return r, "" // the notice that there is was counted by the same business days
	}
	r.Notice = &notice
	return r, why
}

// renewalsOf lists the renewals in a period, with the last days for notice that hold of them: see unbound.
func (p RenewalParams) renewalsOf(in Input, period calendar.Period) ([]Renewal, error) {
	out, err := p.Renewals(in.Calendars, period)
	for i, r := range out {
		out[i], _ = p.unbound(in, r)
	}
	return out, err
}
