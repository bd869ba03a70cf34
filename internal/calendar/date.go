// Package calendar computes with dates, periods, business time and notice.
//
// It owns civil dates, half-open periods of dates and of instants, business calendars with holidays and zones, notice
// arithmetic and recurrences. It does not own what a clause means: obligation does. It reads no clock and loads zones
// by IANA name only. Invariants: periods are half-open; months are counted from the original anchor and clamped at
// month ends; instants are UTC, calendars are local wall-clock.
package calendar

import (
	"fmt"
	"time"
)

// Date is a civil date in ISO form ("2026-03-31"), or "" where unknown. ISO strings order as dates do, so dates compare
// with < in Go and in SQL.
type Date string

// DateOf makes a date; the parts must be those of a real date, or the result is "".
func DateOf(year int, month time.Month, day int) Date {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day || t.Month() != month || year < 1 || year > 9999 {
		return ""
	}
	return Date(t.Format(time.DateOnly))
}

// ParseDate reads an ISO date and refuses what is not one (2026-02-30).
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("%.20q is not a date of the form 2026-03-31", s)
	}
	return Date(s), nil
}

// DateIn gives the civil date of an instant in a zone.
func DateIn(t time.Time, zone *time.Location) Date { return Date(t.In(zone).Format(time.DateOnly)) }

// IsZero tells whether the date is unknown.
func (d Date) IsZero() bool { return d == "" }

func (d Date) String() string { return string(d) }

// Time is midnight UTC of the date, for arithmetic; the zero time where unknown.
func (d Date) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// In is the first instant of the date in a zone (midnight, or the first instant after it where midnight is skipped).
func (d Date) In(zone *time.Location) time.Time {
	t := d.Time()
	if t.IsZero() {
		return t
	}
	return edge(t, 0, zone, false).In(zone)
}

// AddDays moves by calendar days; unknown stays unknown, and a date outside the years 1 to 9999 is unknown.
func (d Date) AddDays(n int) Date {
	t := d.Time()
	if t.IsZero() || n > maxMove || n < -maxMove {
		return ""
	}
	return dateOf(t.AddDate(0, 0, n))
}

// maxMove in days or months keeps every intermediate year far from an overflow.
const maxMove = 4_000_000

func dateOf(t time.Time) Date {
	if t.Year() < 1 || t.Year() > 9999 {
		return ""
	}
	return Date(t.Format(time.DateOnly))
}

// AddMonths moves by months and clamps to the end of the month: 31 May minus 3 months is 28 or 29 Feb.
func (d Date) AddMonths(n int) Date {
	t := d.Time()
	if t.IsZero() || n > maxMove || n < -maxMove {
		return ""
	}
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return dateOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// DaysUntil counts days from d to other; negative where other is earlier.
func (d Date) DaysUntil(other Date) int {
	return int(other.Time().Sub(d.Time()).Hours() / 24)
}

// Weekday of the date.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// UnmarshalText accepts "" and ISO dates only.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = ""
		return nil
	}
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Period is a half-open run of dates [From, Until). An empty bound is open.
type Period struct {
	From  Date `json:"from,omitempty"`
	Until Date `json:"until,omitempty"`
}

// Contains tells whether the date lies in the period.
func (p Period) Contains(d Date) bool {
	return (p.From == "" || d >= p.From) && (p.Until == "" || d < p.Until)
}

// Overlaps tells whether two periods have a day in common; neither is empty.
func (p Period) Overlaps(q Period) bool {
	return (q.Until == "" || p.From < q.Until) && (p.Until == "" || q.From < p.Until)
}

// Month is the calendar month [first day, first day of the next).
func Month(year int, month time.Month) Period {
	from := DateOf(year, month, 1)
	return Period{From: from, Until: from.AddMonths(1)}
}

// Span is a half-open run of instants [Start, End). A zero End is open.
type Span struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end,omitzero"`
}
