package calendar

import (
	"fmt"
	"strconv"
)

// Unit of a duration as contracts count. business_hour is not hour, and a month is never 30 days.
type Unit string

// The units.
const (
	Minute       Unit = "minute"
	Hour         Unit = "hour"
	BusinessHour Unit = "business_hour"
	Day          Unit = "day"
	BusinessDay  Unit = "business_day"
	Week         Unit = "week"
	UnitMonth    Unit = "month"
	Quarter      Unit = "quarter"
	Year         Unit = "year"
)

// Duration is a counted length of time: JSON {"value":90,"unit":"day"}.
type Duration struct {
	Value int `json:"value"` // how many of the unit
	// Unit: business_hour and business_day are counted on the business hours of the clause, a month is that of the calendar and never 30 days.
	Unit Unit `json:"unit" enum:"minute,hour,business_hour,day,business_day,week,month,quarter,year"`
}

// Check reports an unknown unit or a negative count.
func (d Duration) Check() error {
	switch d.Unit {
	case Minute, Hour, BusinessHour, Day, BusinessDay, Week, UnitMonth, Quarter, Year:
	default:
		return fmt.Errorf("unknown unit %q", d.Unit)
	}
	if d.Value < 0 || d.Value > 100_000_000 {
		return fmt.Errorf("a duration of %d %s is out of range", d.Value, d.Unit)
	}
	return nil
}

// Months gives the whole months of a month, quarter or year duration.
func (d Duration) Months() (int, bool) {
	switch d.Unit {
	case UnitMonth:
		return d.Value, true
	case Quarter:
		return d.Value * 3, true
	case Year:
		return d.Value * 12, true
	}
	return 0, false
}

// After moves a date forward by a calendar duration. ok is false for units that need a business calendar or a clock.
func (d Duration) After(from Date) (Date, bool) {
	if m, ok := d.Months(); ok {
		return from.AddMonths(m), true
	}
	switch d.Unit {
	case Day:
		return from.AddDays(d.Value), true
	case Week:
		return from.AddDays(7 * d.Value), true
	}
	return "", false
}

// Before moves a date backward by a calendar duration; see After.
func (d Duration) Before(from Date) (Date, bool) {
	d.Value = -d.Value
	return d.After(from)
}

// String is "90 days", "1 month", "8 business hours".
func (d Duration) String() string {
	u := string(d.Unit)
	switch d.Unit {
	case BusinessHour:
		u = "business hour"
	case BusinessDay:
		u = "business day"
	}
	if d.Value != 1 {
		u += "s"
	}
	return strconv.Itoa(d.Value) + " " + u
}
