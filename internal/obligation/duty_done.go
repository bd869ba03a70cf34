package obligation

import (
	"cmp"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// does tells whether an event is about the duty: it names what is due, the obligation, the period, or nothing at all.
func (p RecurringParams) does(e pact.Event, obligation, period string) bool {
	if e.Data.Item != "" {
		return p.Item == "" || sameWord(p.Item, e.Data.Item)
	}
	return e.Subject == "" || e.Subject == period || e.Subject == obligation || sameWord(p.Item, e.Subject)
}

// recurringDone are the kinds of event that say it was done.
func recurringDone() []string { return []string{"done", "submitted"} }

// conditionalDone are those of a duty that something starts.
func conditionalDone() []string { return []string{"done", "cured"} }

// doneFor finds what performs a period. What names none of several duties that it may do is taken as whose says.
func (s *sheet) doneFor(p RecurringParams, one calendar.Period, days *calendar.Calendar, whose string) (e pact.Event, ok bool, open *unclear) {
	rest := s.in.stub(p.cycle(), one)
	for _, e := range s.of("", recurringDone()...) {
		if of, ok := calendar.Named(e.Data.Month); ok && rest != nil && !of.Overlaps(rest.days) {
			continue // it is of days that belong to other periods
		}
		if elsewhere(e, s.in.Obligation, s.in.Occurrence.Key) || !p.performs(e, s.in.Obligation.Key, s.in.Occurrence.Key, one) {
			continue
		}
		switch mine, rivals := s.doesRecurring(p, e, one); {
		case !mine:
		case len(rivals) == 0:
			return e, true, nil
		case open == nil:
			open = &unclear{e, rivals}
		}
	}
	switch {
	case open == nil || whose == unnamedOthers:
		e, ok = s.doneEarly(p, one, days)
		return e, ok, nil
	case whose == unnamedMine:
		return open.event, true, nil
	}
	return pact.Event{}, false, open
}

// doneEarly finds what performs a period before it is over: an event that names none and would be of the period before, which another
// performed already. One on or before the day on which that was due repeats it.
func (s *sheet) doneEarly(p RecurringParams, one calendar.Period, days *calendar.Calendar) (pact.Event, bool) {
	if p.InPeriod {
		return pact.Event{}, false
	}
	before := p.cycle().containing(one.From.AddDays(-1), calendar.Period{})
	key, own := s.in.Obligation.Key, p.cycle().key(before)
	last, err := p.dueOf(s.quiet(), before, days)
	if err != nil {
		return pact.Event{}, false
	}
	var done *pact.Event
	for _, e := range s.of("", recurringDone()...) {
		if elsewhere(e, s.in.Obligation, own) || !p.performs(e, key, own, before) {
			continue
		}
		if done != nil && one.Contains(s.dateOf(e)) && s.dateOf(e) > last && cmp.Or(e.Data.Month, e.Data.Reference) == "" && e.Subject != own {
			s.use(*done)
			s.add("done before the period is over", dayText(s.dateOf(e))+", and "+own+" was done already", "taken for "+s.in.Occurrence.Key, idOf(e), idOf(*done))
			return e, true
		}
		done = &e
	}
	return pact.Event{}, false
}

// performs tells whether an event performs a period: it names it, or names none and falls where it is due.
func (p RecurringParams) performs(e pact.Event, obligation, key string, one calendar.Period) bool {
	if !p.does(e, obligation, key) {
		return false
	}
	named := cmp.Or(e.Data.Month, e.Data.Reference)
	if e.Subject == key || named == key || p.cycle().names(e.Data.Month, key) {
		return true
	}
	on := e.Data.Date
	if on == "" {
		on = calendar.DateIn(e.OccurredAt, zoneOf(p.zoneName()))
	}
	switch {
	case named != "":
		return false
	case p.InPeriod:
		return one.Contains(on)
	}
	return p.cycle().containing(p.cycle().containing(on, calendar.Period{}).From.AddDays(-1), calendar.Period{}) == one
}
