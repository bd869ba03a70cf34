package pact

import (
	"fmt"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// EventProblem is a contradiction within one event, and the member where it shows: "data.end_at".
type EventProblem struct {
	Path    string
	Message string
}

// Contradictions tells what an event says that can not be, whoever reports it. What it only lacks is told by EventKind.Needs.
func (e *Event) Contradictions() []EventProblem {
	var out []EventProblem
	say := func(path, format string, args ...any) {
		out = append(out, EventProblem{path, fmt.Sprintf(format, args...)})
	}
	d := &e.Data
	if e.Kind == "outage" && !d.EndAt.IsZero() && d.EndAt.Before(e.OccurredAt) {
		say("data.end_at", "an outage can not end before it begins")
	}
	if d.Total != nil && d.Failed != nil && d.Failed.GreaterThan(*d.Total) {
		say("data.failed", "%.40s of %.40s can not have failed", d.Failed, d.Total)
	}
	switch e.Kind {
	case "charge", "index_value", "measurement": // elsewhere the month may be the name of another period
		if !isMonth(d.Month) {
			say("data.month", "%.40q is not a month of the form 2026-03", d.Month)
		}
	case "certificate":
		if d.Certificate == nil {
			say("data.certificate", "a certificate needs what it says")
		}
	}
	e.sums(func(path string, a *money.Amount) {
		if a.Check() != nil || !money.Sane(a.Value) {
			say(path, "this is no sum with a currency of three letters such as USD")
		}
	})
	return out
}

// sums calls with every sum of the event.
func (e *Event) sums(each func(path string, a *money.Amount)) {
	given := func(a *money.Amount, format string, args ...any) {
		if a != nil {
			each(fmt.Sprintf(format, args...), a)
		}
	}
	d := &e.Data
	given(d.Amount, "data.amount")
	given(d.Price, "data.price")
	given(d.Tax, "data.tax")
	given(d.Freight, "data.freight")
	for i := range d.Lines {
		given(d.Lines[i].Price, "data.lines.%d.price", i)
		given(d.Lines[i].Amount, "data.lines.%d.amount", i)
	}
	if c := d.Certificate; c != nil {
		given(c.PerOccurrence, "data.certificate.per_occurrence")
		given(c.Aggregate, "data.certificate.aggregate")
	}
}

// HasZeroSum tells whether a sum of the event is zero, which is also what a sum without a value reads as.
func (e *Event) HasZeroSum() bool {
	zero := false
	e.sums(func(_ string, a *money.Amount) { zero = zero || a.IsZero() })
	return zero
}

func isMonth(s string) bool {
	if s == "" {
		return true
	}
	_, err := calendar.ParseDate(s + "-01")
	return err == nil
}
