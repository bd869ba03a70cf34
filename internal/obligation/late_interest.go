package obligation

import (
	"cmp"
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
		}
		if pay.on > from && pay.on <= end {
			from = pay.on
		}
		open = minus(open, pay.amount)
	}
	if from < end && open.Sign() > 0 {
		out = append(out, stretchOpen{from, end, open})
	}
	return out
}

// unwaived leaves the days out on which the clause is waived, where the waiver lets go of their interest. Where it does not say so, it is asked,
// and nothing is left.
func (inv *invoice) unwaived(runs []stretchOpen) (left []stretchOpen) {
	s := inv.s
	var waived []string
	for _, r := range runs {
		from := r.from
		for _, w := range s.in.waivedWithin(calendar.Period{From: r.from.AddDays(1), Until: r.until.AddDays(1)}) {
			waived = append(waived, daysText(w))
			if last := w.From.AddDays(-1); from < last {
				left = append(left, stretchOpen{from, last, r.open})
			}
			from = w.Until.AddDays(-1)
		}
		if from < r.until {
			left = append(left, stretchOpen{from, r.until, r.open})
		}
	}
	switch {
	case len(waived) == 0 || inv.p.Waiver == waivesAbout:
		return runs
	case inv.p.Waiver == waivesDue:
		s.add("waived days cost no interest", strings.Join(waived, ", "), "as waiver says")
		return left
	}
	s.add("late on waived days", strings.Join(waived, ", "), "the clause does not say whether they cost interest")
	s.ask("waiver", sprintf("The clause is waived on days on which the invoice was late (%s). Do they cost interest?", strings.Join(waived, ", ")),
		pact.Outcome{Reading: "no: the waiver lets go of the interest of its days", Set: member("waiver", waivesDue)},
		pact.Outcome{Reading: "yes: the waiver is of what its days are about, and the invoice is of before", Set: member("waiver", waivesAbout)})
	return nil
}

// lateCost is what being late has cost so far: the limit and the fixed sum of a clause hold once for an invoice, not for each of its
// parts.
type lateCost struct {
	interest *big.Rat
	fixed    bool
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
	if runs = inv.unwaived(runs); len(runs) == 0 {
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
		if s.a.AmountState == "needs_rate" && !inv.cost.fixed {
			if fixed, known := inv.fixed(runs[0].open); known && fixed != nil {
				inv.cost.fixed = true
				s.sum("fixed compensation", fixed.Ratio(), inv.currency, inv.due.AddDays(1))
			}
		}
		return
	}
	if m := l.Maximum; m != nil {
		limit := percentOf(inv.total, *m)
		if inv.cost.interest != nil {
			limit = maxRat(new(big.Rat), minus(limit, inv.cost.interest))
		}
		if limit.Cmp(exact) < 0 {
			exact = limit
			s.add("cap of the interest", fmt.Sprintf("%s %% of %s", m, exactText(inv.total, inv.currency)), "cut to "+exactText(exact, inv.currency))
		}
	}
	inv.cost.interest = plus(cmp.Or(inv.cost.interest, new(big.Rat)), exact)
	name := "late interest"
	if inv.part != "" {
		name += " on " + inv.part
	}
	sum := s.sum(name, exact, inv.currency, runs[len(runs)-1].until)
	s.add("rounding, half up, once", exactText(exact, inv.currency), sum.String())
	var fixed *money.Amount
	if !inv.cost.fixed {
		known := false
		if fixed, known = inv.fixed(runs[0].open); !known {
			return
		}
	}
	if fixed != nil {
		inv.cost.fixed = true
		line := s.sum("fixed compensation", fixed.Ratio(), inv.currency, inv.due.AddDays(1))
		sum, _ = sum.Add(line) // one currency
	}
	if was := s.a.Amount; was != nil { // an unearned discount that is still owed, or interest on another part
		sum, _ = sum.Add(*was)
	}
	s.owe(sum)
}

// fixed is the sum that is owed once, by contract or by the size of the debt on which interest begins (Late Payment of Commercial
// Debts (Interest) Act 1998, s. 5A (1)): what was paid in time is no part of it, and what is paid later does not make it smaller. One in another currency needs a rate of the day on
// which the debt is late; known is false where there is none, and then the whole sum waits.
func (inv *invoice) fixed(debt *big.Rat) (sum *money.Amount, known bool) {
	l, s := inv.p.Late, inv.s
	if l.Method == "uk_statute" && inv.currency == "GBP" {
		value := int64(100)
		switch {
		case debt.Cmp(ratOf(1000)) < 0:
			value = 40
		case debt.Cmp(ratOf(10_000)) < 0:
			value = 70
		}
		a := money.FromRatio(big.NewRat(value, 1), "GBP")
		s.add("fixed sum by the size of the debt", exactText(debt, inv.currency)+" when interest begins: 40 below 1000, 70 below 10 000, 100 from there on", a.String())
		return &a, true
	}
	if l.Fixed == nil {
		return nil, true
	}
	s.add("fixed sum of the contract", "once", l.Fixed.String())
	value, known := s.convert(*l.Fixed, inv.currency, inv.due.AddDays(1), "the fixed sum")
	if !known {
		return nil, false
	}
	a := money.FromRatio(value, inv.currency)
	return &a, true
}

// bankRate and promptPaymentRate are the names that the reference rates have in events.
func bankRate() []string          { return []string{"boe_bank_rate", "bank_rate"} }
func promptPaymentRate() []string { return []string{"prompt_payment_rate", "us_prompt_payment"} }

// rates are the names of the reference rate by which interest is computed; none where that is a rate of the contract.
func (l *LateInterest) rates() []string {
	switch {
	case l == nil:
		return nil
	case l.Method == "uk_statute":
		return bankRate()
	case l.Method == "us_prompt_payment":
		return promptPaymentRate()
	}
	return nil
}

// rateOn is the last rate reported for a day.
func (s *sheet) rateOn(on calendar.Date, names ...string) (*big.Rat, pact.Event, bool) {
	var best pact.Event
	found := false
	for e := range s.counts.each("rate") {
		if e.Data.Value == nil || !money.Sane(*e.Data.Value) || s.dateOf(*e) > on {
			continue
		}
		for _, n := range names {
			if sameWord(n, e.Data.Item) && (!found || s.dateOf(*e) >= s.dateOf(best)) {
				best, found = *e, true
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
	rate, e, ok := s.rateOn(reference, bankRate()...)
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
	rate, e, ok := s.rateOn(inv.due.AddDays(1), promptPaymentRate()...)
	if !ok {
		s.waits("needs_rate", "prompt payment rate", "no rate (event rate, item prompt_payment_rate) in force on "+string(inv.due.AddDays(1))+" is known")
		return nil, false
	}
	s.use(e)
	s.add("rate of the day after the due date", string(inv.due.AddDays(1)), exactNumber(rate, 0)+" % a year", idOf(e))
	for i := range runs { // a year at most
		runs[i].until = min(runs[i].until, inv.due.AddDays(365))
	}
	sum := inv.compound(runs, rate, func(stretchOpen) *big.Rat { return ratOf(360) }, func(n int) calendar.Date { return inv.due.AddDays(30 * n) }, "30 days (31 U.S.C. 3902(e))")
	if sum.Cmp(ratOf(1)) < 0 {
		s.add("less than one dollar is not paid", exactText(sum, inv.currency), "none")
		return nil, false
	}
	return sum, true
}

// shownAdditions bounds the lines of a trace that say what was added to the debt: five years of months.
const shownAdditions = 60

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
				if n <= shownAdditions {
					words := fmt.Sprintf("on %s, the end of period %d: %s is not paid", last, n, exactText(running, inv.currency))
					inv.s.add("interest added to the principal", words, "interest runs on "+exactText(plus(plus(t.open, added), running), inv.currency))
				}
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
	if l.DayCount == "actual" {
		runs = byYear(runs)
	}
	if months := (map[string]int{"month": 1, "quarter": 3, "half_year": 6, "year": 12})[l.Compounding]; months > 0 {
		end := func(n int) calendar.Date { return inv.due.AddMonths(n * months) }
		return inv.compound(runs, l.Percent.Rat(), year, end, strings.ReplaceAll(l.Compounding, "_", " ")), true
	}
	return inv.simple(runs, l.Percent.Rat(), year), true
}

// byYear cuts stretches at the turn of each year, because a day of a leap year is another part of it.
func byYear(runs []stretchOpen) []stretchOpen {
	var out []stretchOpen
	for _, t := range runs {
		for from := t.from; from < t.until; {
			until := min(t.until, calendar.DateOf(from.AddDays(1).Time().Year(), 12, 31))
			out = append(out, stretchOpen{from, until, t.open})
			from = until
		}
	}
	return out
}

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// monthly is a rate per month. Months run on from the due date, whatever is paid in between. What a part payment takes off within
// a month that counts as a whole one is asked about, where the clause does not say it.
func (inv *invoice) monthly(runs []stretchOpen) (*big.Rat, bool) {
	l, s := inv.p.Late, inv.s
	if l.MonthCount == "pro_rata" {
		return inv.byTheDay(runs, true), true
	}
	rules := []string{"started", "full"}
	if l.MonthCount != "" {
		rules = []string{l.MonthCount}
	}
	var outcomes []pact.Outcome
	reading := func(words, set string, exact *big.Rat) {
		a := money.FromRatio(exact, inv.currency)
		outcomes = append(outcomes, pact.Outcome{Reading: words, Amount: &a, Set: `"late": {` + set + `}`})
	}
	if l.MonthCount == "" {
		reading("pro rata", `"month_count": "pro_rata"`, inv.byTheDay(runs, false))
	}
	parts := false
	for _, rule := range rules {
		opening, closing := inv.wholeMonths(runs, rule, "opening", false), inv.wholeMonths(runs, rule, "closing", false)
		if l.MonthBalance != "" || opening.Cmp(closing) == 0 {
			if l.MonthCount != "" {
				return inv.wholeMonths(runs, rule, cmp.Or(l.MonthBalance, "opening"), true), true
			}
			exact := opening
			if l.MonthBalance == "closing" {
				exact = closing
			}
			reading(rule, `"month_count": "`+rule+`"`, exact)
			continue
		}
		parts = true
		set := func(balance string) string {
			return `"month_count": "` + rule + `", "month_balance": "` + balance + `"`
		}
		reading(rule+", on what is open when the month begins", set("opening"), opening)
		reading(rule+", on what is still open when it ends", set("closing"), closing)
	}
	days := inv.due.DaysUntil(runs[len(runs)-1].until)
	switch {
	case l.MonthCount == "":
		question := fmt.Sprintf("%s %% per month is late interest, and it is %s late. Do parts of a month count by the day, as a whole month, or not at all?", l.Percent, dayCount(days))
		if parts {
			question += " And where a part was paid within a month, on which sum does the month count?"
		}
		s.ask("late_months", question, outcomes...)
	default:
		s.ask("late_balance", fmt.Sprintf("%s %% per %s month is late interest, and a part was paid within a month. Does that month count on what was open when it began, or on what was still open when it ended?", l.Percent, rules[0]), outcomes...)
	}
	return nil, false
}

// byTheDay takes a twelfth of a year for a month.
func (inv *invoice) byTheDay(runs []stretchOpen, say bool) *big.Rat {
	sum := new(big.Rat)
	for _, t := range runs {
		months := big.NewRat(int64(t.days())*12, 365)
		part := percentOf(mul(t.open, months), *inv.p.Late.Percent)
		if say {
			inv.s.add("interest", fmt.Sprintf("%s × %s %% × %s months, pro rata (after %s until %s)", exactText(t.open, inv.currency), inv.p.Late.Percent, exactNumber(months, 0), t.from, t.until), exactText(part, inv.currency))
		}
		sum = plus(sum, part)
	}
	return sum
}

// wholeMonths counts months from the due date, each with what was open on its first day or on its last; months with the same sum stand
// in one line.
func (inv *invoice) wholeMonths(runs []stretchOpen, rule, balance string, say bool) *big.Rat {
	last := runs[len(runs)-1].until
	openOn := func(day calendar.Date) *big.Rat {
		for _, t := range runs {
			if day > t.from && day <= t.until {
				return t.open
			}
		}
		return new(big.Rat)
	}
	sum := new(big.Rat)
	from, months := 0, 0
	var open *big.Rat
	tell := func() {
		if months == 0 {
			return
		}
		part := percentOf(mul(open, ratOf(months)), *inv.p.Late.Percent)
		if say {
			inv.s.add("interest", fmt.Sprintf("%s × %s %% × %s, %s (after %s until %s)", exactText(open, inv.currency), inv.p.Late.Percent, counts(months, "month"), rule, inv.due.AddMonths(from), min(inv.due.AddMonths(from+months), last)), exactText(part, inv.currency))
		}
		sum = plus(sum, part)
	}
	for n := 0; inv.due.AddMonths(n) < last; n++ {
		begin, end := inv.due.AddMonths(n), inv.due.AddMonths(n+1)
		if end > last && rule == "full" {
			break
		}
		day := begin.AddDays(1)
		if balance == "closing" {
			day = min(end, last)
		}
		if is := openOn(day); open == nil || is.Cmp(open) != 0 {
			tell()
			from, months, open = n, 0, is
		}
		months++
	}
	tell()
	return sum
}
