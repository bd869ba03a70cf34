package obligation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// modification changes a promise: an event reports it, or an amendment makes it.
type modification struct {
	on    calendar.Date
	state string // prospective, or catch_up
	price decimal.Decimal
	e     *pact.Event            // nil: by an amendment
	by    string                 // the amendment
	o     *PerformanceObligation // the promise from that day on; nil: as it was
}

// modified says what a change does.
func (r *revenue) modified(c modification, name string) {
	sum := money.New(c.price, r.p.Price.Currency)
	if c.e == nil {
		r.s.add("amendment of "+string(c.on), fmt.Sprintf("%s, %s of %s by %s", strings.ReplaceAll(c.state, "_", " "), sum, name, c.by), "from that day on")
		return
	}
	r.s.use(*c.e)
	r.s.add("modification of "+string(c.on), fmt.Sprintf("%s, %s of %s", c.state, c.e.Data.Amount, name), "from that day on", c.ids()...)
}

func (c modification) ids() []pact.EventID {
	if c.e == nil {
		return nil
	}
	return []pact.EventID{idOf(*c.e)}
}

// amend makes modifications of what later versions of the clause change; ok is false where that is asked. What was performed before stays
// at what it was allocated, as long as something is left over which the rest of the price can be recognised.
func (r *revenue) amend(life versions[RevenueParams]) (ok bool, err error) {
	s := r.s
	for k, v := range life[1:] {
		last := life[k].terms
		if v.err != nil || len(v.unclear) > 0 {
			if v.days.From > s.today {
				break // it is asked about when it begins
			}
			_, err := v.open(s)
			return false, err
		}
		if member("", v.terms) == member("", last) {
			continue
		}
		if q := r.unclear(last, v); q != nil {
			if v.days.From > s.today {
				break
			}
			s.ask(q.Code, q.Question)
			return false, nil
		}
		next := v.terms
		next.Performance = slices.Clone(v.terms.Performance)
		places := make([]int, len(next.Performance))
		left := false
		for j, o := range next.Performance {
			i := slices.IndexFunc(r.p.Performance, func(x PerformanceObligation) bool { return sameWord(o.Name, x.Name) })
			if i < 0 {
				i = len(r.p.Performance)
				r.p.Performance = append(r.p.Performance, o)
				r.shares, r.agreed = append(r.shares, money.New(decimal.Zero, r.p.Price.Currency)), append(r.agreed, money.New(decimal.Zero, r.p.Price.Currency))
				r.months, r.changes = append(r.months, map[string]decimal.Decimal{}), append(r.changes, nil)
				s.a.Amounts = append(s.a.Amounts, pact.AmountLine{Name: o.Name})
			}
			places[j] = i
			left = left || !r.performed(i, o, v.days.From)
		}
		for j, i := range places {
			if left && r.performed(i, next.Performance[j], v.days.From) {
				next.Performance[j].FullPrice, next.Performance[j].SSP = true, r.agreed[i].Value
			}
		}
		parts, err := s.quiet().allocate(next)
		if err != nil {
			return false, err
		}
		for j, i := range places {
			o := v.terms.Performance[j]
			r.changes[i] = append(r.changes[i], modification{on: v.days.From, state: cmp.Or(next.Amended, "prospective"), price: parts[j].Value.Sub(r.agreed[i].Value), by: v.by, o: &o})
			r.agreed[i] = parts[j]
		}
		s.add("transaction price from "+string(v.days.From)+" on, by "+v.by, last.Price.String(), next.Price.String())
	}
	return true, nil
}

// unclear asks about what an amendment leaves open of what was recognised before it.
func (r *revenue) unclear(last RevenueParams, v version[RevenueParams]) *pact.Ambiguity {
	if v.terms.Price.Currency != last.Price.Currency {
		return &pact.Ambiguity{Code: "price", Question: sprintf("%s changes the currency of the price from %s to %s, and what was recognised before is in %s. State the price in it, or begin another schedule.", v.by, last.Price.Currency, v.terms.Price.Currency, last.Price.Currency)}
	}
	for _, o := range last.Performance {
		if !slices.ContainsFunc(v.terms.Performance, func(x PerformanceObligation) bool { return sameWord(o.Name, x.Name) && o.Method == x.Method }) {
			return &pact.Ambiguity{Code: "performance", Question: sprintf("%s takes %q out of the schedule, or recognises it in another way. What becomes of its share, of what was recognised and of what was not? Keep the promise, with the price that is left to it.", v.by, short(o.Name))}
		}
	}
	return nil
}

// foreign asks about a sum in another currency than the price: without a rate of the contract it neither counts nor is left out.
func (r *revenue) foreign(e pact.Event) bool {
	a := e.Data.Amount
	if a == nil || a.Currency == r.p.Price.Currency || a.Check() != nil {
		return false
	}
	r.s.use(e)
	r.s.add("another currency", fmt.Sprintf("%s of the %s of %s", a, e.Kind, r.s.dateOf(e)), "asked what it is in "+r.p.Price.Currency, idOf(e))
	r.s.ask("currency", fmt.Sprintf("The %s of %s is in %s (%s), the price in %s. What is it in %s? Correct the event.", e.Kind, r.s.dateOf(e), a.Currency, a, r.p.Price.Currency, r.p.Price.Currency))
	return true
}

// modifications finds those of each promise: state prospective spreads what is left and the change over the time or the work left,
// catch_up re-computes what was recognised so far, separate is a contract of its own. What concerns no promise of the schedule is
// apart.
func (r *revenue) modifications() (apart []pact.Event) {
	for _, e := range r.s.of("", "modification") {
		if r.foreign(e) || e.Data.Amount == nil || !money.Sane(e.Data.Amount.Value) {
			continue
		}
		i := slices.IndexFunc(r.p.Performance, func(o PerformanceObligation) bool { return sameWord(o.Name, e.Data.Item) })
		if i < 0 || r.stateOf(e) == "separate" {
			apart = append(apart, e)
			continue
		}
		r.changes[i] = append(r.changes[i], modification{on: r.s.dateOf(e), state: r.stateOf(e), price: e.Data.Amount.Value, e: &e})
	}
	for _, list := range r.changes {
		slices.SortStableFunc(list, func(a, b modification) int { return cmp.Compare(a.on, b.on) })
	}
	return apart
}

// stateOf is how a modification is accounted for: as its report says, or else the clause; "" where neither does.
func (r *revenue) stateOf(e pact.Event) string {
	if slices.Contains([]string{"prospective", "catch_up", "separate"}, e.Data.State) {
		return e.Data.State
	}
	return r.p.Modification
}

// unexplained is the first modification of a promise that neither says how it is accounted for nor lies under a rule of the clause.
func (r *revenue) unexplained() *pact.Event {
	for _, list := range r.changes {
		for i := range list {
			if list[i].e != nil && list[i].state == "" {
				return list[i].e
			}
		}
	}
	return nil
}

// apart tells of a modification that changes nothing here.
func (r *revenue) apart(e pact.Event) {
	r.s.use(e)
	r.s.add("modification of "+string(r.s.dateOf(e)), cmp.Or(r.stateOf(e), "separate"), "a contract of its own: not part of this schedule", idOf(e))
}

// modifyStraight carries out the modifications of a promise that is performed evenly.
func (r *revenue) modifyStraight(i int) {
	for _, c := range r.changes[i] {
		o, on, old := r.p.Performance[i], c.on, r.months[i]
		before := r.until(o, old, on)
		if c.o != nil {
			if c.price.IsZero() && c.o.From == o.From && c.o.Until == o.Until && c.o.By == o.By {
				continue
			}
			if on >= o.From { // it has begun, which no amendment moves
				c.o.From = o.From
			}
			o = *c.o
			r.p.Performance[i] = o
		}
		r.modified(c, o.Name)
		total := r.shares[i].Value.Add(c.price)
		r.shares[i].Value = total
		if r.months[i] = map[string]decimal.Decimal{}; c.state == "catch_up" {
			r.straight(i, total, o.From, " after the modification")
			r.months[i] = r.catchUp(o, old, r.months[i], on)
			continue
		}
		for month, v := range old {
			if month < string(on[:7]) {
				r.add(i, month, v)
			}
		}
		partial := before
		for _, v := range r.months[i] {
			partial = partial.Sub(v)
		}
		if !partial.IsZero() {
			r.add(i, string(on[:7]), partial)
		}
		if on >= o.Until {
			r.add(i, string(on[:7]), total.Sub(before))
			r.s.add("nothing is left to perform", "the change belongs to what was performed", fmt.Sprintf("%s in %s", total.Sub(before).StringFixed(money.MinorUnits(r.p.Price.Currency)), on[:7]), c.ids()...)
			continue
		}
		places := money.MinorUnits(r.p.Price.Currency)
		r.s.add("the rest of "+o.Name, fmt.Sprintf("%s less %s recognised before %s", total.StringFixed(places), before.StringFixed(places), on), total.Sub(before).StringFixed(places)+" over the time that is left")
		r.straight(i, total.Sub(before), max(on, o.From), " after the modification")
	}
}

// catchUp keeps what was recognised before, and books the whole difference in the month of the modification.
func (r *revenue) catchUp(o PerformanceObligation, old, again map[string]decimal.Decimal, on calendar.Date) map[string]decimal.Decimal {
	out := map[string]decimal.Decimal{}
	month := string(on[:7])
	was, is := decimal.Zero, decimal.Zero
	for m, v := range again {
		if m >= month {
			out[m] = v
		} else {
			is = is.Add(v)
		}
	}
	own := out[month]
	for m, v := range old {
		if m < month {
			out[m] = v
			was = was.Add(v)
		}
	}
	out[month] = own.Add(is).Sub(was)
	places := money.MinorUnits(r.p.Price.Currency)
	r.s.add("cumulative catch-up of "+o.Name, fmt.Sprintf("the months before %s come to %s by the new price, less %s that was recognised in them, and %s of the month itself", month, is.StringFixed(places), was.StringFixed(places), own.StringFixed(places)),
		out[month].StringFixed(places)+" "+r.p.Price.Currency+" in "+month)
	return out
}
