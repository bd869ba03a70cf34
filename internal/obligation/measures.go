package obligation

import (
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// Measures are what was measured and what was agreed, each under the name that it has for its kind, empty values left out: of a delivery what
// came and how many days late it was complete, of a price what was charged, what was agreed and the difference. A day that was measured is
// none of them: it is due, and stands under that name.
func Measures(o pact.Obligation, a pact.Assessment) [][2]string {
	var out [][2]string
	add := func(name, value string) {
		if value != "" {
			out = append(out, [2]string{name, value})
		}
	}
	switch o.Kind {
	case (DeliverySchedule{}).Name():
		if a.Measured != "" && a.Target != "" {
			add("Delivered", a.Measured+" of "+a.Target)
		}
		if a.Status == pact.Breached && !a.DueAt.IsZero() && !a.EndedAt.IsZero() {
			if n := LastDay(o, a.DueAt).DaysUntil(calendar.DateIn(calendar.Clamp(a.EndedAt), daysOf(o))); n > 0 {
				add("Complete", dayCount(n)+" after the last day in time")
			}
		}
	case (UnitPrice{}).Name():
		expected := line(a, "expected")
		diff, err := decimal.NewFromString(a.Measured)
		if expected == nil || err != nil {
			break
		}
		add("Charged", money.New(expected.Value.Add(diff), expected.Currency).String())
		add("Agreed", expected.String())
		add("Difference", money.New(diff, expected.Currency).String())
	default:
		if _, err := calendar.ParseDate(a.Measured); err != nil {
			add("Measured", Figure(o, a.Measured))
		}
		add("Agreed", Figure(o, a.Target))
	}
	return out
}
