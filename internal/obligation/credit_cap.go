package obligation

import (
	"fmt"
	"math/big"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// capped applies the factor for repeats and the cap of the period.
func (c creditCase) capped(a *pact.Assessment, in Input, exact *big.Rat, base money.Amount, past []pastCredit, tr tracer) (*big.Rat, bool) {
	if r := c.rule.Repeat; r != nil {
		row := 1
		var ids []pact.EventID
		for i := len(past) - 1; i >= 0 && past[i].missed; i-- {
			row++
			ids = eachOnce(ids, past[i].ids)
		}
		if row >= r.Misses {
			exact = mul(exact, r.Factor.Rat())
			tr.add("factor for repeats", fmt.Sprintf("%s miss in a row, from the %s on × %s", ordinal(row), ordinal(r.Misses), r.Factor), exactText(exact, base.Currency), ids...)
		} else {
			tr.add("factor for repeats", fmt.Sprintf("%s miss in a row, the factor begins with the %s", ordinal(row), ordinal(r.Misses)), "none", ids...)
		}
	}
	type bound struct {
		limit *big.Rat
		words string
	}
	var limits []bound
	if p := c.rule.CapPercent; p != nil {
		limits = append(limits, bound{percentOf(base.Ratio(), *p), p.String() + " % of " + base.String()})
	}
	if m := c.rule.CapAmount; m != nil {
		limit, ok := c.inCurrency(a, in, "cap", *m, base.Currency, tr)
		if !ok {
			return nil, false
		}
		limits = append(limits, bound{limit, m.String()})
	}
	if p := c.rule.CapPercent; p != nil {
		tr = tr.by(p.String(), "exceed", "more than", "maximum", "limited", "cap")
	} else if m := c.rule.CapAmount; m != nil {
		tr = tr.by(m.Value.String(), "exceed", "more than", "maximum", "limited", "cap")
	}
	for _, l := range limits {
		name := "cap of the month"
		if c.cycle.unit != "" && c.cycle.unit != "month" {
			name = "cap of the period"
		}
		if l.limit.Cmp(exact) < 0 {
			exact = l.limit
			tr.add(name, l.words, "cut to "+exactText(exact, base.Currency))
			c.exceeded(name, tr)
		} else {
			words := l.words
			if text := exactText(l.limit, base.Currency); text != words {
				words += " = " + text
			}
			tr.add(name, words, "not reached")
		}
	}
	return c.ofItsDays(in, exact, base.Currency, tr), true
}

// finishFrom is the way from the raw credit to the amount.
func (c creditCase) finishFrom(a *pact.Assessment, in Input, exact *big.Rat, base money.Amount, past []pastCredit, tr tracer) {
	exact, ok := c.capped(a, in, exact, base, past, tr)
	if !ok {
		return
	}
	if p := in.midway.alone; p != nil {
		of := exact
		exact = mul(exact, p.share)
		tr.add("for its share of the days", fmt.Sprintf("%s × %s", exactText(of, base.Currency), p.share), exactText(exact, base.Currency))
	}
	if c.rule.RollingCap != nil {
		if !c.oneCurrency(a, in, base, past, tr) {
			return
		}
		if exact, ok = c.rolling(a, in, exact, base, past, tr); !ok {
			return
		}
		exact = c.cutAhead(in, exact, base, past, tr)
	}
	c.finish(a, in, exact, base, past, tr)
}

// finish applies the minimum payable and the cap on liability, rounds, finds the last day to claim, and follows the credit from
// there on.
func (c creditCase) finish(a *pact.Assessment, in Input, exact *big.Rat, base money.Amount, past []pastCredit, tr tracer) {
	if m := c.rule.MinimumPayable; m != nil {
		least, ok := c.inCurrency(a, in, "minimum payable", *m, base.Currency, tr)
		if !ok {
			return
		}
		text, sign := exactText(exact, base.Currency), exact.Cmp(least)
		if sign < 0 || c.rule.MinimumExclusive && sign == 0 {
			tr.add("minimum payable, compared before rounding", text+map[bool]string{true: " < ", false: " = "}[sign < 0]+m.String(), "no credit")
			return
		}
		tr.add("minimum payable, compared before rounding", text+map[bool]string{true: " > ", false: " >= "}[c.rule.MinimumExclusive]+m.String(), "payable")
	}
	var before []pastCredit
	if c.rule.LiabilityCap != nil || c.rule.CarryForward != nil {
		before = c.rolled(in, past)
	}
	var ok bool
	if exact, before, ok = c.liable(a, in, exact, base, before, tr); !ok {
		return
	}
	amount := money.FromRatio(exact, base.Currency)
	a.Amount = &amount
	if p := in.midway.alone; p != nil {
		p.exact, p.currency = exact, base.Currency
	}
	c.credited(tr).add("rounding, half up, once", exactText(exact, base.Currency), amount.String())
	c.claim(a, tr)
	c.setOff(a, in, amount, before, tr)
	c.earned(a, amount, tr)
}

// rollingLimit is the rolling cap for the months from a day until before another; ok is false where it is in another currency. Missing
// are the months in which the clause holds whose charges are not known: with them the limit is at least so much.
func (c creditCase) rollingLimit(in Input, from, until calendar.Date, currency string) (limit *big.Rat, words string, missing []string, ids []pact.EventID, ok bool) {
	rule := c.rule.RollingCap
	if rule.Amount != nil {
		limit, ok = c.quietly(in, *rule.Amount, currency, until.AddDays(-1))
		return limit, rule.Amount.String(), nil, nil, ok
	}
	began, holds := in.since(), in.holding()
	sum, known := new(big.Rat), 0
	var months []string
	for m := from; m < until; m = m.AddMonths(1) {
		name := string(m[:7])
		months = append(months, name)
		switch one, used, problem := chargesOf(c.rule.fees(in), c.service, []string{name}); {
		case problem == "" && one.Currency == currency:
			sum, known, ids = plus(sum, one.Ratio()), known+1, append(ids, used...)
		case holds(calendarMonth(m)):
			missing = append(missing, name)
		}
	}
	words = fmt.Sprintf("%s %% of the charges of %s", rule.Percent, monthsText(months))
	if known < len(months) {
		words += fmt.Sprintf(", %d of them known", known)
		if len(missing) == 0 && began > from {
			words += ", the clause began on " + string(began)
		}
	}
	return percentOf(sum, *rule.Percent), words, missing, ids, true
}

// calendarMonth is the month of the calendar in which a day lies.
func calendarMonth(day calendar.Date) calendar.Period {
	first := day[:8] + "01"
	return calendar.Period{From: first, Until: first.AddMonths(1)}
}

// room is what is left under a cap: at least, and at most, where credits before are not known exactly. most is nil where the cap itself is
// only known to be at least so much.
type room struct {
	limit    *big.Rat
	open     bool     // the limit may be higher
	sure     *big.Rat // what earlier credits took at least
	taken    *big.Rat // and at most, those left out that are unknown
	unknown  []string
	waiting  []string
	describe []string       // each that took something, in words
	ids      []pact.EventID // that what was taken rests on
}

func roomUnder(limit *big.Rat, open bool) *room {
	return &room{limit: limit, open: open, sure: new(big.Rat), taken: new(big.Rat)}
}

// take notes an earlier credit.
func (r *room) take(p pastCredit, name string) {
	r.ids = eachOnce(r.ids, p.ids)
	if p.unknown {
		r.unknown = append(r.unknown, name)
		return
	}
	r.taken = plus(r.taken, p.exact)
	if p.waits {
		r.waiting = append(r.waiting, name)
		r.sure = plus(r.sure, p.least)
	} else {
		r.sure = plus(r.sure, p.exact)
	}
	if p.exact.Sign() > 0 {
		r.describe = append(r.describe, name+" "+exactText(p.exact, p.cur))
	}
}

// cut is what of a credit there is room for, at least and at most. It is known exactly where both are the same.
func (r *room) cut(exact *big.Rat) (least, most *big.Rat) {
	least, most = new(big.Rat), exact
	if len(r.unknown) == 0 {
		least = minRat(exact, maxRat(new(big.Rat), minus(r.limit, r.taken)))
	}
	if !r.open {
		most = minRat(exact, maxRat(new(big.Rat), minus(r.limit, r.sure)))
	}
	return least, most
}

// waitsFor says why what there is room for is not known; missing are the months whose charges the cap is of.
func (r *room) waitsFor(missing []string) string {
	switch {
	case len(missing) > 0:
		return "the charges of " + firstOf(missing) + " are not known; the credit waits for them"
	case len(r.unknown) > 0:
		return "the credit of " + firstOf(r.unknown) + " is not known, and this one waits with it"
	}
	return "the credit of " + firstOf(r.waiting) + " waits for charges, and this one with it"
}

// rolled is what earlier periods got under the rolling cap of their own version, each in its turn; periods without a credit are left out, and one
// whose credit was not payable has none. Of one that waits it is the most it may have got, and the least beside it; one that is unknown has no sum.
func (c creditCase) rolled(in Input, past []pastCredit) []pastCredit {
	var got []pastCredit
	fees := map[string]feesOfMonths{}
	for _, p := range past {
		if !p.unknown && (p.exact == nil || p.exact.Sign() == 0) {
			continue
		}
		own := c
		own.rule = p.rule
		if rule := own.rule.RollingCap; rule != nil && !p.unknown {
			from := p.period.Until.AddMonths(-rule.Months)
			limit, _, missing, charges, ok := own.rollingLimit(in, from, p.period.Until, p.cur)
			if !ok {
				continue
			}
			left := roomUnder(limit, len(missing) > 0)
			for _, g := range got {
				if g.period.Until > from && (g.unknown || g.cur == p.cur) {
					left.take(g, g.key)
				}
			}
			p.ids = eachOnce(p.ids, charges, left.ids)
			p.least, p.exact = left.cut(p.exact)
			if fees[p.cur] == nil {
				fees[p.cur] = c.feesOf(in, p.cur)
			}
			var runs []pact.EventID
			p.exact, _, _, runs = own.ahead(in, p.cur, fees[p.cur], p.period, got, p.exact)
			p.ids = eachOnce(p.ids, runs)
			p.least = minRat(p.least, p.exact)
			p.waits = p.least.Cmp(p.exact) != 0
		}
		if !own.payable(p) { // nothing, and known to be nothing
			p.exact, p.least, p.waits = new(big.Rat), new(big.Rat), false
		}
		got = append(got, p)
	}
	return got
}

// rolling cuts the credit so that no window that ends with this period holds more than the cap. Since every period is cut in
// its turn, no window at all does. Where a charge of the window, or an earlier credit, is not known and would decide, the credit waits.
func (c creditCase) rolling(a *pact.Assessment, in Input, exact *big.Rat, base money.Amount, past []pastCredit, tr tracer) (*big.Rat, bool) {
	rule := c.rule.RollingCap
	from := c.period.Until.AddMonths(-rule.Months)
	limit, words, missing, charges, ok := c.rollingLimit(in, from, c.period.Until, base.Currency)
	if !ok {
		_, _ = c.inCurrency(a, in, "rolling cap", *rule.Amount, base.Currency, tr)
		return nil, false
	}
	left := roomUnder(limit, len(missing) > 0)
	for _, g := range c.rolled(in, past) {
		if g.period.Until > from {
			left.take(g, g.key)
		}
	}
	inputs := fmt.Sprintf("any %s: %s, used before %s", counts(rule.Months, "month"), words, exactText(left.taken, base.Currency))
	if len(left.describe) > 0 {
		inputs += fmt.Sprintf(" (%s)", joined(left.describe))
	}
	ids := eachOnce(charges, left.ids)
	least, most := left.cut(exact)
	switch {
	case least.Cmp(most) != 0:
		a.AmountState = "needs_charge"
		tr.add("rolling cap", inputs, left.waitsFor(missing), ids...)
		return nil, false
	case least.Cmp(exact) == 0:
		tr.add("rolling cap", inputs, "not reached", ids...)
		return exact, true
	}
	tr.add("rolling cap", inputs, "cut to "+exactText(least, base.Currency), ids...)
	c.exceeded("rolling cap", tr)
	return least, true
}

// exceeded flags what the clause says of a credit that exceeds a cap.
func (c creditCase) exceeded(name string, tr tracer) {
	if c.rule.ExclusiveUntilCap {
		tr.add("exclusive remedy", "the "+name+" is exceeded", "the remedy is no longer exclusive")
	}
}

// firstOf names the first twelve of a list.
func firstOf(list []string) string {
	if n := len(list) - 12; n > 0 {
		return fmt.Sprintf("%s and %d more", joined(list[:12]), n)
	}
	return joined(list)
}

func joined(list []string) string {
	out := ""
	for i, s := range list {
		if i > 0 {
			out += ", "
		}
		out += s
	}
	return out
}
