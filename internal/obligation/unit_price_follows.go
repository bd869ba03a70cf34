package obligation

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// followsNone says of a price that no escalator raises it.
const followsNone = "none"

// follows tells whether the price follows an escalator.
func (r PriceRow) follows() bool { return r.Follows != "" && r.Follows != followsNone }

// followed is the price of a row as the escalator that it follows has it on a day. Where the row does not say whether it follows
// one, and one of the contract starts from this very price, it is asked, unless both come to what the line charges; ok is false then.
func (c comparison) followed(r PriceRow, invoiced *big.Rat, currency string, on calendar.Date) (row PriceRow, ok bool) {
	s := c.s
	if r.Follows == followsNone || !slices.Contains(c.p.Prices, r) {
		return r, true
	}
	for _, o := range s.in.Timeline.Obligations(on) {
		var p EscalatorParams
		if o.Kind != (PriceEscalator{}).Name() || decode(o.Params, &p) != nil || p.FirstAdjustment == "" || p.FirstAdjustment > on {
			continue
		}
		switch {
		case r.follows() && sameWord(r.Follows, o.Key):
			a, price, from := c.escalated(o, p, on)
			s.a.EventIDs = eachOnce(s.a.EventIDs, a.EventIDs)
			if price == nil {
				s.waits("no_price", "price as "+o.Key+" raises it", "it is not settled which price holds from "+string(from)+" on")
				return r, false
			}
			s.add("price as "+o.Key+" raises it", r.Price.String()+", from "+string(from), price.String(), a.EventIDs...)
			r.Price = *price
			return r, true
		case r.Follows == "" && p.BasePrice.Equal(r.Price):
			want, known := comparison{p: c.p, s: s.quiet(), e: c.e, l: c.l, order: c.order}.expected(r, currency, on)
			if !known || want.Cmp(invoiced) == 0 && !c.raises(o, p, r, on) {
				continue
			}
			c.askFollows(r, o, p, minus(invoiced, want), invoiced, currency, on)
			return r, false
		}
	}
	return r, true
}

// askFollows asks whether a price follows an escalator. Its new price is computed where no event decides over it.
func (c comparison) askFollows(r PriceRow, o pact.Obligation, p EscalatorParams, diff, invoiced *big.Rat, currency string, on calendar.Date) {
	set := func(key string) string {
		list := slices.Clone(c.p.Prices)
		list[slices.Index(list, r)].Follows = key
		return member("prices", list)
	}
	own := money.FromRatio(diff, currency)
	raised := pact.Outcome{Reading: "the price as " + o.Key + " raises it", Result: "by its new price", Set: set(o.Key)}
	if p.Index == "" && p.NoticeDays == 0 {
		if _, price, _ := c.escalated(o, p, on); price != nil {
			next := r
			next.Price = *price
			if want, known := (comparison{p: c.p, s: c.s.quiet(), e: c.e, l: c.l, order: c.order}).expected(next, currency, on); known {
				sum := money.FromRatio(minus(invoiced, want), currency)
				raised.Amount, raised.Result = &sum, ""
			}
		}
	}
	c.s.ask("follows", fmt.Sprintf("The price of %q, %s, is the one that %s starts from. Which price holds on %s (prices.follows)?", short(c.l.Item), r.Price, o.Key, on),
		pact.Outcome{Reading: "the price of the list", Amount: &own, Set: set(followsNone)}, raised)
}

// raises tells whether an escalator has another price on a day than a row: one that is computed and waits for nothing.
func (c comparison) raises(o pact.Obligation, p EscalatorParams, r PriceRow, on calendar.Date) bool {
	_, price, _ := c.escalated(o, p, on)
	return price != nil && !price.Equal(r.Price)
}

// escalated is the new price of an escalator that holds on a day, and since when; nil where it is not known.
func (c comparison) escalated(o pact.Obligation, p EscalatorParams, on calendar.Date) (a pact.Assessment, price *money.Amount, from calendar.Date) {
	for n := range maxAdjustments {
		d := p.date(n)
		if d == "" || d > on {
			break
		}
		from = d
	}
	s := c.s
	a, err := PriceEscalator{}.Assess(Input{Obligation: o, Timeline: s.in.Timeline, Occurrence: occurrence(o, string(from), "", calendar.Span{}), Log: s.log, Calendars: s.in.Calendars, At: s.in.At})
	if err != nil || len(a.Ambiguities) > 0 {
		return a, nil, from
	}
	return a, a.Amount, from
}
