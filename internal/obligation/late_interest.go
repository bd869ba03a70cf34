package obligation

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// stretchOpen is a run of days with one open balance: (From, Until], since the day of payment still costs interest.
type stretchOpen struct {
	from, until calendar.Date
	open        *big.Rat
}

func (t stretchOpen) days() int { return t.from.DaysUntil(t.until) }

// stretches cuts the time after the due date by the payments, until paid in full or until today.
func (inv *invoice) stretches(owed *big.Rat, full calendar.Date) []stretchOpen {
	end := inv.s.today
	if full != "" {
		end = full
	}
	open := owed
	from := inv.due
	var out []stretchOpen
	for _, pay := range inv.payments {
		if pay.on > from && pay.on <= end && open.Sign() > 0 {
			out = append(out, stretchOpen{from, pay.on, open})
			from = pay.on
		}
		open = minus(open, pay.amount)
	}
	if from < end && open.Sign() > 0 {
		out = append(out, stretchOpen{from, end, open})
	}
	return out
}

// interest adds what late payment costs; the amount of the judgement is the cost beside what is still open.
func (inv *invoice) interest(owed *big.Rat, full calendar.Date) {
	l, s := inv.p.Late, inv.s
	if l == nil {
		s.add("late interest", "the clause names none", "none")
		return
	}
	runs := inv.stretches(owed, full)
	if len(runs) == 0 {
		return
	}
	if days := inv.due.DaysUntil(runs[len(runs)-1].until); days <= l.GraceDays {
		s.add("grace", fmt.Sprintf("%s late, %d are allowed", dayCount(days), l.GraceDays), "no interest")
		return
	}
	var exact *big.Rat
	var ok bool
	switch l.Method {
	case "uk_statute":
		exact, ok = inv.ukInterest(runs)
	case "us_prompt_payment":
		exact, ok = inv.usInterest(runs)
	default:
		exact, ok = inv.contractInterest(runs)
	}
	if !ok {
		return
	}
	if m := l.Maximum; m != nil {
		if limit := percentOf(inv.total, *m); limit.Cmp(exact) < 0 {
			exact = limit
			s.add("cap of the interest", fmt.Sprintf("%s %% of %s", m, exactText(inv.total, inv.currency)), "cut to "+exactText(exact, inv.currency))
		}
	}
	sum := s.sum("late interest", exact, inv.currency, runs[len(runs)-1].until)
	s.add("rounding, half up, once", exactText(exact, inv.currency), sum.String())
	fixed := inv.fixed(owed)
	if fixed != nil {
		line := s.sum("fixed compensation", fixed.Ratio(), inv.currency, inv.due.AddDays(1))
		sum, _ = sum.Add(line) // one currency
	}
	if was := s.a.Amount; was != nil { // an unearned discount that is still owed
		sum, _ = sum.Add(*was)
	}
	s.owe(sum)
}

// fixed is the sum that is owed once, by contract or by the size of the debt.
func (inv *invoice) fixed(owed *big.Rat) *money.Amount {
	l, s := inv.p.Late, inv.s
	if l.Method == "uk_statute" && inv.currency == "GBP" {
		value := int64(100)
		switch {
		case owed.Cmp(ratOf(1000)) < 0:
			value = 40
		case owed.Cmp(ratOf(10_000)) < 0:
			value = 70
		}
		a := money.FromRatio(big.NewRat(value, 1), "GBP")
		s.add("fixed sum by the size of the debt", exactText(owed, inv.currency)+": 40 below 1000, 70 below 10 000, 100 from there on", a.String())
		return &a
	}
	if l.Fixed != nil && l.Fixed.Currency == inv.currency {
		s.add("fixed sum of the contract", "once", l.Fixed.String())
		return l.Fixed
	}
	return nil
}

// rateOn is the last rate reported for a day.
func (s *sheet) rateOn(on calendar.Date, names ...string) (*big.Rat, pact.Event, bool) {
	var best pact.Event
	found := false
	for _, e := range s.events {
		if e.Kind != "rate" || e.Data.Value == nil || !money.Sane(*e.Data.Value) || s.dateOf(e) > on {
			continue
		}
		for _, n := range names {
			if sameWord(n, e.Data.Item) && (!found || s.dateOf(e) >= s.dateOf(best)) {
				best, found = e, true
			}
		}
	}
	if !found {
		return nil, best, false
	}
	return best.Data.Value.Rat(), best, true
}

// ukInterest is simple at the reference rate plus 8, fixed when interest begins.
func (inv *invoice) ukInterest(runs []stretchOpen) (*big.Rat, bool) {
	s := inv.s
	begins := inv.due.AddDays(1)
	year := begins.Time().Year()
	reference := calendar.DateOf(year, 6, 30)
	if begins.Time().Month() < 7 {
		reference = calendar.DateOf(year-1, 12, 31)
	}
	rate, e, ok := s.rateOn(reference, "boe_bank_rate", "bank_rate")
	if !ok {
		s.waits("needs_rate", "reference rate", "no Bank Rate (event rate, item boe_bank_rate) in force on "+string(reference)+" is known")
		return nil, false
	}
	s.use(e)
	yearly := plus(rate, ratOf(8))
	s.add("statutory rate, fixed when interest begins", fmt.Sprintf("interest begins on %s: the Bank Rate of %s, %s %%, plus 8", begins, reference, exactNumber(rate, 0)), exactNumber(yearly, 0)+" % a year, simple, /365", idOf(e))
	return inv.simple(runs, yearly, func(stretchOpen) *big.Rat { return ratOf(365) }), true
}

// simple adds open × rate × days / year over the stretches.
func (inv *invoice) simple(runs []stretchOpen, yearly *big.Rat, year func(stretchOpen) *big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, t := range runs {
		part := quo(mul(mul(t.open, yearly), ratOf(t.days())), mul(ratOf(100), year(t)))
		inv.s.add("interest", fmt.Sprintf("%s × %s %% × %d / %s (after %s until %s)", exactText(t.open, inv.currency), exactNumber(yearly, 0), t.days(), exactNumber(year(t), 0), t.from, t.until), exactText(part, inv.currency))
		sum = plus(sum, part)
	}
	return sum
}

// usInterest is that of the Prompt Payment Act (5 CFR 1315.10 (a), formulas in 1315.17): the rate of the day after the due date, simple by
// the day on 360; what is unpaid after each 30 days is added to the principal, for a year at most; less than one dollar is not paid.
func (inv *invoice) usInterest(runs []stretchOpen) (*big.Rat, bool) {
	s := inv.s
	rate, e, ok := s.rateOn(inv.due.AddDays(1), "prompt_payment_rate", "us_prompt_payment")
	if !ok {
		s.waits("needs_rate", "prompt payment rate", "no rate (event rate, item prompt_payment_rate) in force on "+string(inv.due.AddDays(1))+" is known")
		return nil, false
	}
	s.use(e)
	s.add("rate of the day after the due date", string(inv.due.AddDays(1)), exactNumber(rate, 0)+" % a year", idOf(e))
	for i := range runs { // a year at most
		runs[i].until = min(runs[i].until, inv.due.AddDays(365))
	}
	sum := inv.compound(runs, rate, func(stretchOpen) *big.Rat { return ratOf(360) }, func(n int) calendar.Date { return inv.due.AddDays(30 * n) }, "30 days")
	if sum.Cmp(ratOf(1)) < 0 {
		s.add("less than one dollar is not paid", exactText(sum, inv.currency), "none")
		return nil, false
	}
	return sum, true
}

// compound adds interest by the day, and what is not paid at the end of each period to the debt. end gives the last day of the n-th
// period. Interest counts as unpaid until the debt itself is paid.
func (inv *invoice) compound(runs []stretchOpen, yearly *big.Rat, year func(stretchOpen) *big.Rat, end func(n int) calendar.Date, period string) *big.Rat {
	added, running, n := new(big.Rat), new(big.Rat), 1
	for _, t := range runs {
		if t.from >= t.until {
			continue
		}
		before := plus(added, running)
		for from := t.from; from < t.until; {
			for end(n) <= from {
				n++
			}
			last := min(end(n), t.until)
			piece := stretchOpen{from, last, t.open}
			running = plus(running, quo(mul(mul(plus(t.open, added), yearly), ratOf(piece.days())), mul(ratOf(100), year(piece))))
			if last == end(n) {
				added, running = plus(added, running), new(big.Rat)
			}
			from = last
		}
		part := minus(plus(added, running), before)
		words := fmt.Sprintf("%s × %s %% × %d / %s (after %s until %s)", exactText(t.open, inv.currency), exactNumber(yearly, 0), t.days(), exactNumber(year(t), 0), t.from, t.until)
		inv.s.add("interest, added to the debt every "+period, words, exactText(part, inv.currency))
	}
	return plus(added, running)
}

// contractInterest is that of the clause. A rate per month without a rule for parts of months is asked about.
func (inv *invoice) contractInterest(runs []stretchOpen) (*big.Rat, bool) {
	l, s := inv.p.Late, inv.s
	switch l.Per {
	case "day":
		sum := new(big.Rat)
		for _, t := range runs {
			part := percentOf(mul(t.open, ratOf(t.days())), *l.Percent)
			s.add("interest", fmt.Sprintf("%s × %s %% × %s (after %s until %s)", exactText(t.open, inv.currency), l.Percent, dayCount(t.days()), t.from, t.until), exactText(part, inv.currency))
			sum = plus(sum, part)
		}
		return sum, true
	case "month":
		return inv.monthly(runs)
	}
	year := func(t stretchOpen) *big.Rat {
		switch {
		case l.DayCount == "360":
			return ratOf(360)
		case l.DayCount == "actual" && leap(t.until.Time().Year()):
			return ratOf(366)
		}
		return ratOf(365)
	}
	if months := (map[string]int{"month": 1, "quarter": 3, "half_year": 6, "year": 12})[l.Compounding]; months > 0 {
		end := func(n int) calendar.Date { return inv.due.AddMonths(n * months) }
		return inv.compound(runs, l.Percent.Rat(), year, end, strings.ReplaceAll(l.Compounding, "_", " ")), true
	}
	return inv.simple(runs, l.Percent.Rat(), year), true
}

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func (inv *invoice) monthly(runs []stretchOpen) (*big.Rat, bool) {
	l, s := inv.p.Late, inv.s
	compute := func(rule string, say bool) *big.Rat {
		sum := new(big.Rat)
		for _, t := range runs {
			var months *big.Rat
			switch rule {
			case "pro_rata":
				months = big.NewRat(int64(t.days())*12, 365)
			default:
				n := 0
				for t.from.AddMonths(n+1) <= t.until {
					n++
				}
				if rule == "started" && t.from.AddMonths(n) < t.until {
					n++
				}
				months = ratOf(n)
			}
			part := percentOf(mul(t.open, months), *l.Percent)
			if say {
				s.add("interest", fmt.Sprintf("%s × %s %% × %s months, %s (after %s until %s)", exactText(t.open, inv.currency), l.Percent, exactNumber(months, 0), strings.ReplaceAll(rule, "_", " "), t.from, t.until), exactText(part, inv.currency))
			}
			sum = plus(sum, part)
		}
		return sum
	}
	if l.MonthCount != "" {
		return compute(l.MonthCount, true), true
	}
	var outcomes []pact.Outcome
	for _, rule := range []string{"pro_rata", "started", "full"} {
		a := money.FromRatio(compute(rule, false), inv.currency)
		outcomes = append(outcomes, pact.Outcome{Reading: strings.ReplaceAll(rule, "_", " "), Amount: &a, Set: `"late": {"month_count": "` + rule + `"}`})
	}
	s.ask("late_months", fmt.Sprintf("%s %% per month is late interest, and %d days are late. Do parts of a month count by the day, as a whole month, or not at all?", l.Percent, inv.due.DaysUntil(runs[len(runs)-1].until)), outcomes...)
	return nil, false
}
