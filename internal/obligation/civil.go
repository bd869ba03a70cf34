package obligation

import (
	"cmp"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// An event that names a civil date (data.date) is of that day, whenever it was entered. So events are put in order, and compared, by
// their days; only two of one day are compared by their instants, and only where both stand for their instant.

// inDays puts events in order of their days. Those of one day keep the order of the log. It works in the list that it is given.
func inDays(list []pact.Event, zone *time.Location) []pact.Event {
	if len(list) < 2 || !slices.ContainsFunc(list, func(e pact.Event) bool { return e.Data.Date != "" }) {
		return list // in order of their instants they are in order of their days
	}
	type dated struct {
		on calendar.Date
		at int
	}
	days := make([]dated, len(list))
	for i := range list {
		days[i] = dated{dayOf(list[i], zone), i}
	}
	byDay := func(a, b dated) int { return cmp.Compare(a.on, b.on) }
	if slices.IsSortedFunc(days, byDay) {
		return list
	}
	slices.SortStableFunc(days, byDay)
	given := slices.Clone(list)
	for i, d := range days {
		list[i] = given[d.at]
	}
	return list
}

// order compares when two events were: by their days, and on one day by their instants. 0 is also what nobody can tell: on one day, where
// one of them names that day alone.
func (s *sheet) order(a, b pact.Event) int {
	if c := cmp.Compare(s.dateOf(a), s.dateOf(b)); c != 0 {
		return c
	}
	if a.Data.Date != "" || b.Data.Date != "" {
		return 0
	}
	return a.OccurredAt.Compare(b.OccurredAt)
}

// enteredLater tells whether an event stands for an earlier day than that of its instant, so that its time of the day is not known.
func enteredLater(e pact.Event, zone *time.Location) bool {
	return e.Data.Date != "" && e.Data.Date < calendar.DateIn(calendar.Clamp(e.OccurredAt), zone)
}

// instant is when an event was; the end of its day where it was entered later.
func (s *sheet) instant(e pact.Event) time.Time {
	return instantOf(e, s.zone)
}

func instantOf(e pact.Event, zone *time.Location) time.Time {
	if enteredLater(e, zone) {
		return e.Data.Date.AddDays(1).In(zone).UTC()
	}
	return e.OccurredAt.UTC()
}

// moment says in words when an event was: with the time of the day where that is known.
func (s *sheet) moment(e pact.Event) string {
	if enteredLater(e, s.zone) {
		return dayText(s.dateOf(e))
	}
	return local(e.OccurredAt, s.zone)
}

// begins is the first instant at which what an event opens can have begun.
func begins(e pact.Event, zone *time.Location) time.Time {
	if enteredLater(e, zone) {
		return e.Data.Date.In(zone).UTC()
	}
	return e.OccurredAt
}

// notBefore tells whether an event was at an instant or after it, or on its day where it names only a day.
func notBefore(e pact.Event, at time.Time, zone *time.Location) bool {
	on, first := dayOf(e, zone), calendar.DateIn(calendar.Clamp(at), zone)
	return on > first || on == first && (e.Data.Date != "" || !e.OccurredAt.Before(at))
}
