package obligation

import (
	"cmp"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// Scheduled lists what falls due under an obligation within a run of days by the calendar, under all its versions, the earliest first; DueOn of
// each is the day it stands on: the last one to do it in time, or where nothing is due the last one of its period. What events open is in no
// calendar and not listed, and neither is what the end of the contract lets fall away. at is the instant at which it is asked.
func Scheduled(t effective.Timeline, o pact.Obligation, days calendar.Period, set calendar.Set, at time.Time) []pact.Occurrence {
	wide := calendar.Period{From: days.From.AddMonths(-lookBack), Until: days.Until} // what is due within them may have begun long before
	list, _ := Asked{}.fallingIn(t, o, wide)
	for i := range list {
		// Which day a period leads to is the judgement's to say; what can not be judged stands on the end of its period.
		if a, err := Assess(Input{Obligation: o, Timeline: t, Occurrence: list[i], Calendars: set, At: at}); err == nil && !a.DueAt.IsZero() {
			list[i].DueAt = a.DueAt
		}
		list[i].DueOn = standsOn(o, list[i])
	}
	end := t.End(o.Key)
	list = slices.DeleteFunc(list, func(occ pact.Occurrence) bool {
		return !days.Contains(occ.DueOn) || end != nil && occ.DueOn > end.Last
	})
	slices.SortStableFunc(list, func(a, b pact.Occurrence) int {
		return cmp.Or(cmp.Compare(a.DueOn, b.DueOn), a.Period.Start.Compare(b.Period.Start), cmp.Compare(a.Key, b.Key))
	})
	return list
}

func standsOn(o pact.Obligation, occ pact.Occurrence) calendar.Date {
	for _, at := range []time.Time{occ.DueAt, occ.Period.End} {
		if !at.IsZero() {
			return LastDay(o, at)
		}
	}
	return ""
}
