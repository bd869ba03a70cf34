package calendar

import "fmt"

// TermEnd is the last day of a term: start + period - 1 day. A unit that needs a business calendar gives "".
func TermEnd(start Date, period Duration) Date {
	next, ok := period.After(start)
	if !ok {
		return ""
	}
	return next.AddDays(-1)
}

// Segment is one term of a contract: the initial one (0), or a renewal. The period is half-open; Last is its last day.
type Segment struct {
	Number int    `json:"number"`
	Period Period `json:"period"`
	Last   Date   `json:"last"`
}

// Terms are the initial term and its renewals.
type Terms struct {
	Start   Date
	Initial Duration
	Renewal Duration // zero where it does not renew
	Max     int      // number of renewals; 0 = no limit
}

// Segments lists the terms that begin before until. Each is counted from the original start, so that a month end that
// was clamped once does not move all later terms.
func (t Terms) Segments(until Date) ([]Segment, error) {
	if t.Start.IsZero() {
		return nil, fmt.Errorf("a term needs its first day")
	}
	if t.Initial.Value <= 0 || t.Renewal.Value < 0 {
		return nil, fmt.Errorf("a term of %s can not be counted", t.Initial)
	}
	var out []Segment
	from := t.Start
	for n := 0; n < maxSegments && (n == 0 || from < until); n++ {
		next, err := t.boundary(n + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, Segment{Number: n, Period: Period{From: from, Until: next}, Last: next.AddDays(-1)})
		if t.Renewal.Value == 0 || t.Max > 0 && n >= t.Max {
			break
		}
		from = next
	}
	return out, nil
}

// maxSegments bounds the terms of one contract: daily renewals of a hostile contract end here.
const maxSegments = 2000

// boundary is the first day after n terms, from the start.
func (t Terms) boundary(n int) (Date, error) {
	months, initialMonths := t.Initial.Months()
	more, renewalMonths := t.Renewal.Months()
	if initialMonths && (renewalMonths || n == 1) {
		return known(t.Start.AddMonths(months + (n-1)*more))
	}
	first, ok := t.Initial.After(t.Start)
	if !ok {
		return "", fmt.Errorf("a term of %s can not be counted without a business calendar", t.Initial)
	}
	if n == 1 {
		return known(first)
	}
	d, ok := Duration{Value: t.Renewal.Value * (n - 1), Unit: t.Renewal.Unit}.After(first)
	if !ok {
		return "", fmt.Errorf("a renewal term of %s can not be counted without a business calendar", t.Renewal)
	}
	return known(d)
}

func known(d Date) (Date, error) {
	if d.IsZero() {
		return "", fmt.Errorf("the term leaves the calendar")
	}
	return d, nil
}
