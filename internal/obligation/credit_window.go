package obligation

import (
	"fmt"
	"math/big"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// A rolling cap limits every run of months that holds a period (domain.md 4.3), and not only the one that ends with it. Under an amount
// that follows, since every period is cut in its turn; under a part of the fees a later run may allow less, where the fees fall. It binds
// as soon as the charges of all its months are known.

// feesOf gives the charges of a month of a service, each month found once; nil where they are not known in the currency.
func (c creditCase) feesOf(in Input, currency string) func(month calendar.Date) *big.Rat {
	known := map[string]*big.Rat{}
	return func(month calendar.Date) *big.Rat {
		name := string(month[:7])
		fees, asked := known[name]
		if !asked {
			if one, _, problem := chargesOf(in, c.service, []string{name}); problem == "" && one.Currency == currency {
				fees = one.Ratio()
			}
			known[name] = fees
		}
		return fees
	}
}

// ahead cuts the credit of a period to what the runs of months that end after it allow. The words tell the one that cuts it, and "" that
// none does; open is the last month of the first run that is not complete yet.
func (c creditCase) ahead(in Input, currency string, fees func(calendar.Date) *big.Rat, p calendar.Period, got []pastCredit, exact *big.Rat) (left *big.Rat, words string, open calendar.Date) {
	rule := c.rule.RollingCap
	if rule.Percent == nil {
		return exact, "", ""
	}
	began := in.since()
	for n := 1; n < rule.Months; n++ {
		until := p.Until.AddMonths(n)
		from := until.AddMonths(-rule.Months)
		if from > p.From {
			break // it no longer holds the period
		}
		if last := until.AddMonths(-1); fees(last) == nil {
			return exact, words, last
		}
		limit, complete := new(big.Rat), true
		for m := from; m < until; m = m.AddMonths(1) {
			switch one := fees(m); {
			case one != nil:
				limit = plus(limit, one)
			case (m[:8] + "01").AddMonths(1) > began:
				complete = false
			}
		}
		if !complete {
			continue
		}
		used := new(big.Rat)
		for _, g := range got {
			if g.exact != nil && g.period.Until > from {
				used = plus(used, g.exact)
			}
		}
		limit = percentOf(limit, *rule.Percent)
		if room := maxRat(new(big.Rat), minus(limit, used)); room.Cmp(exact) < 0 {
			exact = room
			words = fmt.Sprintf("the %d months from %s to %s: %s %% of their charges = %s, used before %s", rule.Months, from[:7], until.AddMonths(-1)[:7], rule.Percent, exactText(limit, currency), exactText(used, currency))
		}
	}
	return exact, words, ""
}

// cutAhead is ahead for the period that is judged, with its place in the trace.
func (c creditCase) cutAhead(in Input, exact *big.Rat, base money.Amount, past []pastCredit, tr tracer) *big.Rat {
	left, words, open := c.ahead(in, base.Currency, c.feesOf(in, base.Currency), c.period, c.rolled(in, past), exact)
	if words != "" {
		tr.add("rolling cap, months that end later", words, "cut to "+exactText(left, base.Currency))
		c.exceeded("rolling cap", tr)
	}
	if open != "" && left.Sign() > 0 {
		tr.add("rolling cap, months that end later", "those that end with "+string(open[:7])+" and after", "hold once their charges are known")
	}
	return left
}

// payable tells whether an earlier credit reaches the minimum payable, before rounding: what was not payable takes no room under a cap.
// One that is not known may reach it; a minimum in another currency is asked about where it is due.
func (c creditCase) payable(p pastCredit) bool {
	m := c.rule.MinimumPayable
	if m == nil || p.exact == nil || m.Currency != p.cur {
		return true
	}
	sign := p.exact.Cmp(m.Ratio())
	return sign > 0 || sign == 0 && !c.rule.MinimumExclusive
}
