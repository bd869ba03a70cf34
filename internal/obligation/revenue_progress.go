package obligation

import (
	"cmp"
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// step is a report of how far a promise is performed.
type step struct {
	e  pact.Event
	on calendar.Date
	// of is what a price comes to at that point, recognised from the beginning; nil shows no progress. tell says how.
	of   func(price *big.Rat) *big.Rat
	tell func(price decimal.Decimal) string
}

// follow books what each report of performance adds, in the month of the report. A modification changes nothing that was recognised
// before it: a catch-up books what the new price would have come to so far, less what was recognised, in its own month; prospectively,
// what is not recognised yet is spread over what is still to be performed (IFRS 15.21).
func (r *revenue) follow(i int) {
	o, s, places := r.p.Performance[i], r.s, money.MinorUnits(r.p.Price.Currency)
	steps, how := r.steps(i)
	changes := r.changes[i]
	price, booked := r.shares[i].Value, decimal.Zero
	var last, since *step           // the latest report, and that after which the rest is spread
	before, why := decimal.Zero, "" // what was recognised before the rest was spread
	book := func(now decimal.Decimal, on calendar.Date) decimal.Decimal {
		more := now.Sub(booked)
		if !more.IsZero() {
			r.add(i, string(on[:7]), more)
		}
		booked = now
		return more
	}
	for n := 0; n < len(steps) || len(changes) > 0; {
		if len(changes) == 0 || n < len(steps) && steps[n].on < changes[0].on {
			next := &steps[n]
			n++
			s.use(next.e)
			if next.of == nil {
				s.add(o.Name+how+why, next.tell(price), "left out", idOf(next.e))
				continue
			}
			last = next
			now, words := last.of(price.Rat()), last.tell(price)
			if since != nil {
				var open string
				now, open = restOf(price, before, since, last)
				words += open
			}
			more := book(money.RoundRatio(now, places), last.on)
			in := " more in "
			if o.Method == "point_in_time" {
				in = " in "
			}
			s.add(o.Name+how+why, words, more.StringFixed(places)+in+string(last.on[:7]), idOf(last.e))
			continue
		}
		c := changes[0]
		changes = changes[1:]
		if c.price.IsZero() {
			continue
		}
		delivered := o.Method == "point_in_time" && last != nil
		if c.e != nil && delivered && c.state != "catch_up" && !c.price.IsNegative() {
			r.apart(*c.e) // something else for more money: what was delivered stays what it was
			continue
		}
		r.modified(c, o.Name)
		price = price.Add(c.price)
		r.shares[i].Value = price
		why, since = " after the modification", nil
		if last == nil {
			continue
		}
		so := last.of(price.Rat())
		switch {
		case so.Cmp(price.Rat()) == 0:
			more := book(money.RoundRatio(so, places), c.on)
			s.add("nothing is left to perform", "the change belongs to what was performed", fmt.Sprintf("%s in %s", more.StringFixed(places), c.on[:7]), c.ids()...)
		case c.state == "catch_up":
			more := book(money.RoundRatio(so, places), c.on)
			s.add("cumulative catch-up", "what would have been recognised before, less what was", fmt.Sprintf("%s in %s", more.StringFixed(places), c.on[:7]), c.ids()...)
		default:
			since, before = last, booked
			r.s.add("the rest of "+o.Name, fmt.Sprintf("%s less %s recognised", price.StringFixed(places), before.StringFixed(places)), price.Sub(before).StringFixed(places)+" over what is still to be performed", c.ids()...)
		}
	}
	if o.Method == "point_in_time" && last == nil {
		s.add(o.Name+" is not satisfied yet", "at a point in time", "nothing recognised")
	}
}

// restOf spreads what was not recognised at one report over what was still to be performed then, up to another.
func restOf(price, before decimal.Decimal, since, now *step) (*big.Rat, string) {
	whole := price.Rat()
	from := since.of(whole)
	part := quo(minus(now.of(whole), from), minus(whole, from)) // something was left: follow saw to it
	rest := minus(whole, before.Rat())
	return plus(before.Rat(), mul(part, rest)), fmt.Sprintf("; %s %% of what was left to perform", exactNumber(mul(part, ratOf(100)), 0))
}

// steps are the reports of performance of a promise, in order of their days, and how it is measured, in words.
func (r *revenue) steps(i int) (out []step, how string) {
	o, s, places := r.p.Performance[i], r.s, money.MinorUnits(r.p.Price.Currency)
	about := func(e pact.Event) bool { return sameWord(o.Name, e.Data.Item) || sameWord(o.Name, e.Subject) }
	switch o.Method {
	case "point_in_time":
		how = " is satisfied"
		for _, e := range s.of("", "milestone", "accepted", "done") {
			if about(e) && AnsweredOccurrence(e) == "" { // an answer does its own duty alone
				out = append(out, step{
					e: e, on: s.dateOf(e), of: func(price *big.Rat) *big.Rat { return price },
					tell: func(decimal.Decimal) string { return "at a point in time" },
				})
				break
			}
		}
	case "cost_to_cost":
		how = " by cost"
		out = r.costs(i, about)
	default:
		how = " by output"
		for _, e := range s.of("", "progress") {
			if !about(e) || e.Data.Value == nil || !money.Sane(*e.Data.Value) || e.Data.Value.IsNegative() || e.Data.Value.GreaterThan(decimal.NewFromInt(100)) {
				continue
			}
			done := *e.Data.Value
			out = append(out, step{
				e: e, on: s.dateOf(e), of: func(price *big.Rat) *big.Rat { return percentOf(price, done) },
				tell: func(price decimal.Decimal) string {
					return fmt.Sprintf("%s %% of %s, cumulative", done, price.StringFixed(places))
				},
			})
		}
	}
	return out, how
}

// costs measures by the costs incurred of those expected. A new estimate changes what was recognised at once.
func (r *revenue) costs(i int, about func(e pact.Event) bool) []step {
	o, s := r.p.Performance[i], r.s
	places := int(money.MinorUnits(r.p.Price.Currency))
	incurred, uninstalled, expected := new(big.Rat), new(big.Rat), o.TotalCost.Rat()
	estimates := r.changes[i]
	was := *o.TotalCost
	var out []step
	for _, e := range s.of("", "progress") {
		d := e.Data
		for len(estimates) > 0 && estimates[0].on <= s.dateOf(e) {
			if c := estimates[0].o; c != nil && c.TotalCost != nil && !c.TotalCost.Equal(was) { // an amendment estimates them anew
				was, expected = *c.TotalCost, c.TotalCost.Rat()
			}
			estimates = estimates[1:]
		}
		if !about(e) || d.Amount == nil && d.Total == nil {
			continue
		}
		if r.foreign(e) || d.Amount != nil && !money.Sane(d.Amount.Value) || d.Total != nil && (!money.Sane(*d.Total) || !d.Total.IsPositive()) {
			continue
		}
		words := "no costs"
		if d.Amount != nil {
			words = d.Amount.String()
			switch {
			case sameWord("wasted", d.State):
				out = append(out, step{e: e, on: s.dateOf(e), tell: func(decimal.Decimal) string { return words + " does not show progress (wasted)" }})
				continue
			case sameWord("uninstalled", d.State):
				uninstalled = plus(uninstalled, d.Amount.Ratio())
				words += " not installed, at cost"
			default:
				incurred = plus(incurred, d.Amount.Ratio())
			}
		}
		if d.Total != nil {
			expected = d.Total.Rat()
			words += ", now expected in all " + d.Total.String()
		}
		atCost, spent, base := uninstalled, incurred, minus(expected, uninstalled)
		share := big.NewRat(1, 1)
		if base.Sign() > 0 {
			share = minRat(quo(spent, base), share)
		}
		out = append(out, step{
			e: e, on: s.dateOf(e),
			of: func(price *big.Rat) *big.Rat {
				if base.Sign() <= 0 {
					return price
				}
				rest := maxRat(new(big.Rat), minus(price, atCost))
				return minRat(price, plus(atCost, mul(share, rest)))
			},
			tell: func(price decimal.Decimal) string {
				return fmt.Sprintf("%s; %s of %s, %s %% of %s", words, exactNumber(spent, 0), exactNumber(base, 0), exactNumber(mul(share, ratOf(100)), 0), exactNumber(minus(price.Rat(), atCost), places))
			},
		})
	}
	return out
}

func (r *revenue) straight(i int, total decimal.Decimal, from calendar.Date, why string) {
	o := r.p.Performance[i]
	places := money.MinorUnits(r.p.Price.Currency)
	if from >= o.Until {
		r.add(i, string(o.Until.AddDays(-1)[:7]), total)
		return
	}
	var parts []recognised
	whole := from.DaysUntil(o.Until)
	if o.By == "months" {
		parts = monthsOf(o, from, total)
	} else {
		for d := from; d < o.Until; {
			next := min((d[:8] + "01").AddMonths(1), o.Until)
			parts = append(parts, recognised{string(d[:7]), mul(total.Rat(), big.NewRat(int64(d.DaysUntil(next)), int64(whole)))})
			d = next
		}
	}
	left := total
	for n, part := range parts {
		v := money.RoundRatio(part.exact, places)
		if n == len(parts)-1 {
			v = left // the last takes the rest
		}
		left = left.Sub(v)
		r.add(i, part.month, v)
	}
	r.s.add(o.Name+" over time"+why, fmt.Sprintf("%s from %s until before %s, by %s; the last month takes the rest", total.StringFixed(places), from, o.Until, cmp.Or(o.By, "days")), counts(len(parts), "month"))
}

// monthsOf spreads a sum evenly over the months of a promise from a day on. Of the month in which that day lies only its days count.
func monthsOf(o PerformanceObligation, from calendar.Date, total decimal.Decimal) []recognised {
	n := 0
	for o.From.AddMonths(n+1) <= from {
		n++
	}
	var parts []recognised
	months := new(big.Rat)
	for d := from; d < o.Until; n++ {
		begins, next := o.From.AddMonths(n), o.From.AddMonths(n+1)
		part := big.NewRat(int64(d.DaysUntil(next)), int64(begins.DaysUntil(next)))
		months = plus(months, part)
		parts = append(parts, recognised{string(d[:7]), part})
		d = next
	}
	for i := range parts {
		parts[i].exact = mul(total.Rat(), quo(parts[i].exact, months))
	}
	return parts
}
