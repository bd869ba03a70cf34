package calendar

import (
	"fmt"
	"slices"
	"time"
)

// maxRun bounds the search for a business day: a calendar closed for longer has none.
const maxRun = 800

// IsBusinessDay tells whether the calendar opens on the date.
func (c *Calendar) IsBusinessDay(d Date) bool {
	if d.IsZero() {
		return false
	}
	if c.hours.Always {
		return true
	}
	t := d.Time()
	if t.Year() <= firstYear || t.Year() >= lastYear-1 || len(c.week[t.Weekday()]) == 0 {
		return false
	}
	return !c.covering(t.Year(), t.Year()).closed[d]
}

// Roll moves a date that is no business day. ok is false where no business day is near.
func (c *Calendar) Roll(d Date, r Roll) (Date, bool) {
	switch r {
	case Preceding:
		return c.walk(d, -1)
	case Following:
		return c.walk(d, 1)
	case ModifiedFollowing:
		next, ok := c.walk(d, 1)
		if ok && next.Time().Month() == d.Time().Month() {
			return next, true
		}
		return c.walk(d, -1)
	}
	return d, !d.IsZero()
}

// AddBusinessDays moves by n business days, not counting d itself; d need not be one.
func (c *Calendar) AddBusinessDays(d Date, n int) (Date, bool) {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for ; n > 0; n-- {
		next, ok := c.walk(d.AddDays(step), step)
		if !ok {
			return "", false
		}
		d = next
	}
	return d, !d.IsZero()
}

// Closing is the last closing instant of the windows that open on the date; ok is false on a day that does not open.
func (c *Calendar) Closing(d Date) (time.Time, bool) {
	if !c.IsBusinessDay(d) {
		return time.Time{}, false
	}
	if c.hours.Always {
		return d.AddDays(1).In(c.zone).UTC(), true
	}
	until := 0
	for _, w := range c.week[d.Weekday()] {
		until = max(until, w.until)
	}
	return edge(d.Time(), until, c.zone, true), true
}

// WorkingDay is the open time of a full working day. ok is false where working days differ in length, because then "a
// business day" of running time has no single meaning.
func (c *Calendar) WorkingDay() (time.Duration, bool) {
	days := c.WorkingDays()
	if len(days) != 1 {
		return 0, false
	}
	return days[0], days[0] > 0
}

// WorkingDays are the different lengths of the working days of the week, in the order in which they come.
func (c *Calendar) WorkingDays() []time.Duration {
	if c.hours.Always {
		return []time.Duration{24 * time.Hour}
	}
	var out []time.Duration
	for _, windows := range c.week {
		if len(windows) == 0 {
			continue
		}
		sum, reached := 0, 0
		for _, w := range windows {
			sum += max(0, w.until-max(w.from, reached))
			reached = max(reached, w.until)
		}
		if length := time.Duration(sum) * time.Minute; !slices.Contains(out, length) {
			out = append(out, length)
		}
	}
	return out
}

func (c *Calendar) walk(d Date, step int) (Date, bool) {
	for range maxRun {
		if c.IsBusinessDay(d) {
			return d, true
		}
		d = d.AddDays(step)
		if d.IsZero() {
			break
		}
	}
	return "", false
}

// At is the instant of a local time of day ("16:00") on a date. In a lost hour it is the next existing instant, in a repeated
// one the last: a due time is a closing edge.
func At(d Date, clock string, zone *time.Location) (time.Time, error) {
	minutes, err := minuteOfDay(clock)
	if err != nil {
		return time.Time{}, err
	}
	if d.IsZero() {
		return time.Time{}, fmt.Errorf("the day is not known")
	}
	return edge(d.Time(), minutes, zone, true).UTC(), nil
}
