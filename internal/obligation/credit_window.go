package obligation

import (
	"fmt"
	"math/big"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// A rolling cap limits every run of months that holds a period, and not only the one that ends with it. Under an amount
// that follows, since every period is cut in its turn; under a part of the fees a later run may allow less, where the fees fall. It binds
// as soon as the charges of all its months are known.

// feesOfMonths gives the charges of a month and their events; nil where they are not known.
type feesOfMonths func(month calendar.Date) (fees *big.Rat, ids []pact.EventID)

// feesOf gives the charges of a month of a service, each month found once; nil where they are not known in the currency.
func (c creditCase) feesOf(in Input, currency string) feesOfMonths {
	type charge struct {
		fees *big.Rat
		ids  []pact.EventID
	}
	known := map[string]charge{}
	return func(month calendar.Date) (*big.Rat, []pact.EventID) {
		name := string(month[:7])
		one, asked := known[name]
		if !asked {
			if sum, ids, problem := chargesOf(c.rule.fees(in), c.service, []string{name}); problem == "" && sum.Currency == currency {
				one = charge{sum.Ratio(), ids}
			}
			known[name] = one
		}
		return one.fees, one.ids
	}
}

// ahead cuts the credit of a period to what the runs of months that end after it allow. The words tell the one that cuts it, and "" that
// none does; open is the last month of the first run that is not complete yet.
func (c creditCase) ahead(in Input, currency string, fees feesOfMonths, p calendar.Period, got []pastCredit, exact *big.Rat) (left *big.Rat, words string, open calendar.Date, ids []pact.EventID) {
	rule := c.rule.RollingCap
	if rule.Percent == nil {
		return exact, "", "", nil
	}
	began := in.since()
	for n := 1; n < rule.Months; n++ {
		until := p.Until.AddMonths(n)
		from := until.AddMonths(-rule.Months)
		if from > p.From {
			break // it no longer holds the period
		}
		last := until.AddMonths(-1)
		if known, _ := fees(last); known == nil {
			return exact, words, last, ids
		}
		limit, complete := new(big.Rat), true
		var of []pact.EventID
		for m := from; m < until; m = m.AddMonths(1) {
			switch one, charges := fees(m); {
			case one != nil:
				limit, of = plus(limit, one), append(of, charges...)
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
				used, of = plus(used, g.exact), append(of, g.ids...)
			}
		}
		limit = percentOf(limit, *rule.Percent)
		if room := maxRat(new(big.Rat), minus(limit, used)); room.Cmp(exact) < 0 {
			exact, ids = room, eachOnce(ids, of)
			words = fmt.Sprintf("the %s from %s to %s: %s %% of their charges = %s, used before %s", counts(rule.Months, "month"), from[:7], until.AddMonths(-1)[:7], rule.Percent, exactText(limit, currency), exactText(used, currency))
		}
	}
	return exact, words, "", ids
}

// cutAhead is ahead for the period that is judged, with its place in the trace.
func (c creditCase) cutAhead(in Input, exact *big.Rat, base money.Amount, past []pastCredit, tr tracer) *big.Rat {
	left, words, open, ids := c.ahead(in, base.Currency, c.feesOf(in, base.Currency), c.period, c.rolled(in, past), exact)
	if words != "" {
		tr.add("rolling cap, months that end later", words, "cut to "+exactText(left, base.Currency), ids...)
		c.exceeded("rolling cap", tr)
	}
	if open != "" && left.Sign() > 0 {
		tr.add("rolling cap, months that end later", "those that end with "+string(open[:7])+" and after", "hold once their charges are known")
	}
	return left
}

// oneCurrency asks where the run of months that ends with a period has charges or credits in another currency than its own: they are neither
// added to one another nor left out.
func (c creditCase) oneCurrency(a *pact.Assessment, in Input, base money.Amount, past []pastCredit, tr tracer) bool {
	from, other, when := c.period.Until.AddMonths(-c.rule.RollingCap.Months), "", ""
	for _, p := range past {
		if p.period.Until > from && p.exact != nil && p.exact.Sign() > 0 && p.cur != base.Currency {
			other, when = p.cur, "the credit of "+p.key
		}
	}
	if c.rule.RollingCap.Percent != nil {
		for m := from; m < c.period.Until && other == ""; m = m.AddMonths(1) {
			if one, _, problem := chargesOf(c.rule.fees(in), c.service, []string{string(m[:7])}); problem == "" && one.Currency != base.Currency {
				other, when = one.Currency, "the charge of "+string(m[:7])
			}
		}
	}
	if other == "" {
		return true
	}
	a.AmountState = "ambiguous"
	a.Ambiguities = append(a.Ambiguities, pact.Ambiguity{Code: "cap_currency", Question: fmt.Sprintf("Under the rolling cap %s is in %s, the credit of %s in %s. In which currency does the cap count, and at which rate?", when, other, c.key, base.Currency)})
	tr.add("rolling cap", when+" is in "+other+", this credit in "+base.Currency, "ambiguous: they can not be added")
	return false
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
