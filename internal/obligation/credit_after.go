package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// LiabilityCap counts credits towards the cap on liability of the contract: where it is reached, credits stop. The cap is
// Amount, or FeesPercent of the fees of the FeesMonths before the period; with neither it is the term liability_cap of the
// contract. Every obligation of the contract whose credits have a liability_cap counts towards it, in the order in which their
// periods end (where two end together, in the order of their keys).
type LiabilityCap struct {
	// Amount: the cap as a sum; without it and fees_percent the reviewed term liability_cap gives the cap.
	Amount *money.Amount `json:"amount,omitempty"`
	// FeesPercent: the cap in percent of the fees of fees_months; where amount is given, too, greater decides.
	FeesPercent *decimal.Decimal `json:"fees_percent,omitempty"`
	// FeesMonths: number of months before the period whose fees count, 1 to 120; needed with fees_percent.
	FeesMonths int `json:"fees_months,omitempty"`
	// Per is the time over which liability adds up: term (default), contract_year, calendar_year.
	Per string `json:"per,omitempty" enum:"term,contract_year,calendar_year"`
	// Greater decides a cap that the contract gives both as an amount and as a multiple of fees: greater or lesser.
	Greater string `json:"greater,omitempty" enum:"greater,lesser"`
	// Already is what other claims have used of the cap.
	Already *money.Amount `json:"already,omitempty"`
}

// CarryForward sets a credit off against the charges after its period, the oldest credit first; what a charge has no room for
// is carried to the next.
type CarryForward struct {
	// Percent of a charge that credits may take; 100 where absent.
	Percent *decimal.Decimal `json:"percent,omitempty"`
	// Months after the period in which it can be set off; 0 is without end. Then what is left is paid out, or lapses.
	Months int `json:"months,omitempty"`
	// Then: what becomes of what is left after months, and without months after the contract has ended, when no charge is left to come;
	// absent: it is asked, of what the end of the contract leaves as soon as something is left.
	Then string `json:"then,omitempty" enum:"paid_out,lapses"`
}

// EarnBack gives a credit back where the following Periods keep the promise. A period in which nothing was measured keeps none.
type EarnBack struct {
	Periods int `json:"periods"` // number of following periods, 1 to 60
	// Percent of the credit that is given back; 100 where absent.
	Percent *decimal.Decimal `json:"percent,omitempty"`
	// Rule: each (default) of the periods must keep the promise, or average: their mean must.
	Rule string `json:"rule,omitempty" enum:"each,average"`
}

// followed is a period after a missed one.
type followed struct {
	key      string
	until    calendar.Date
	held     bool // the clause was in force
	over     bool
	missed   bool
	nothing  bool     // there was nothing to measure: the promise was neither kept nor missed
	measured *big.Rat // nil where there is no such figure, as for a pool of levels
	ids      []pact.EventID
}

func (r CreditParams) checkAfter(q *questions) {
	if c := r.LiabilityCap; c != nil {
		q.amount("liability_cap", "liability_cap.amount", c.Amount)
		q.amount("liability_cap", "liability_cap.already", c.Already)
		q.between("liability_cap", "liability_cap.fees_percent", 0, 100_000, c.FeesPercent)
		q.oneOf("liability_cap", c.Per, "", "term", "contract_year", "calendar_year")
		q.oneOf("liability_cap", c.Greater, "", "greater", "lesser")
		if c.Amount != nil && c.FeesPercent != nil && c.Greater == "" {
			q.choose("liability_cap", "The cap on liability is both an amount and a part of the fees. Does the greater or the lesser of both hold?",
				pact.Outcome{Reading: "greater", Set: `"credit": {"liability_cap": {"greater": "greater"}}`}, pact.Outcome{Reading: "lesser", Set: `"credit": {"liability_cap": {"greater": "lesser"}}`})
		}
		if c.FeesPercent != nil && (c.FeesMonths < 1 || c.FeesMonths > 120) {
			q.ask("liability_cap", "Of how many months are the fees that cap the liability?")
		}
	}
	if c := r.CarryForward; c != nil {
		q.between("carry_forward", "carry_forward.percent", 0, 100, c.Percent)
		q.oneOf("carry_forward", c.Then, "", "paid_out", "lapses")
		switch {
		case c.Months < 0 || c.Months > 120:
			q.ask("carry_forward", "A credit can not be carried for %d months.", c.Months)
		case c.Months > 0 && c.Then == "":
			q.choose("carry_forward", sprintf("What becomes of a credit that is not used within %s: is it paid out, or does it lapse?", counts(c.Months, "month")),
				pact.Outcome{Reading: "paid out", Set: `"credit": {"carry_forward": {"then": "paid_out"}}`}, pact.Outcome{Reading: "it lapses", Set: `"credit": {"carry_forward": {"then": "lapses"}}`})
		}
	}
	if e := r.EarnBack; e != nil {
		q.between("earn_back", "earn_back.percent", 0, 100, e.Percent)
		q.oneOf("earn_back", e.Rule, "", "each", "average")
		if e.Periods < 1 || e.Periods > 60 {
			q.ask("earn_back", "How many following periods must keep the promise for the credit to be earned back (1 to 60)?")
		}
	}
}

// looksBack tells whether a credit depends on those of earlier periods.
func (r CreditParams) looksBack() bool {
	return r.Repeat != nil || r.RollingCap != nil || r.Termination != nil || r.LiabilityCap != nil || r.CarryForward != nil
}

// creditRuleOf gives the credit of an obligation of any kind that has one, with its service and its cycle.
func creditRuleOf(o pact.Obligation) (rule CreditParams, service string, c cycle, ok bool) {
	switch o.Kind {
	case "availability":
		var p AvailabilityParams
		if decode(o.Params, &p) == nil {
			return p.creditRule(), p.Service, p.cycle(), true
		}
	case "service_level":
		var p ServiceLevelParams
		if decode(o.Params, &p) == nil && p.Credit != nil {
			return *p.Credit, cmp.Or(p.Service, AnyService), p.cycle(), true
		}
	case "credit_pool":
		var p CreditPoolParams
		if decode(o.Params, &p) == nil && p.Credit != nil {
			return *p.Credit, cmp.Or(p.Service, AnyService), p.cycle(), true
		}
	}
	return rule, "", c, false
}

// since is the first day on which any version of the obligation holds; "" is the beginning.
func (in Input) since() calendar.Date {
	if list := governed(in.Timeline, in.Obligation); len(list) > 0 {
		return list[0].Period.From
	}
	return in.Obligation.InForce.From
}

// creditsUntil lists what another obligation of the contract has credited in the periods that end by a day, before the cap on
// liability.
func creditsUntil(in Input, o pact.Obligation, until calendar.Date) []pastCredit {
	rule, service, cyc, ok := creditRuleOf(o)
	if !ok || rule.LiabilityCap == nil {
		return nil
	}
	in.Obligation = o
	in = in.settledUntil(until)
	bound := calendar.Period{From: until, Until: until}
	var past []pastCredit
	switch o.Kind {
	case "availability":
		var p AvailabilityParams
		if decode(o.Params, &p) != nil {
			return nil
		}
		past = p.history(in, &month{period: bound, zone: zoneOf(p.Zone)})
	case "service_level":
		if p, s, done, err := begin(in, func(ServiceLevelParams, *sheet) calendar.Date { return until.AddDays(-1) }); err == nil && !done {
			past = level{p: p, s: s, whole: bound}.history()
		}
	case "credit_pool":
		if p, s, done, err := begin(in, func(CreditPoolParams, *sheet) calendar.Date { return until.AddDays(-1) }); err == nil && !done {
			past = creditPool{p: p, s: s, whole: bound}.history()
		}
	}
	past = slices.DeleteFunc(past, func(p pastCredit) bool { return p.period.Until > until })
	return creditCase{rule: rule, service: service, cycle: cyc}.rolled(in, past)
}

// counted is a credit on its way through the cap on liability.
type counted struct {
	pastCredit
	obligation string
	mine       bool
}

// liable cuts the credit to what is left under the cap on liability, and gives what the earlier periods of this obligation got
// under it. ok is false where the cap can not be told, or where what is not known (charges that the cap is of, earlier credits) decides.
func (c creditCase) liable(a *pact.Assessment, in Input, exact *big.Rat, base money.Amount, mine []pastCredit, tr tracer) (*big.Rat, []pastCredit, bool) {
	rule := c.rule.LiabilityCap
	if rule == nil {
		return exact, mine, true
	}
	var list []counted
	for _, p := range mine {
		list = append(list, counted{p, in.Obligation.Key, true})
	}
	for _, key := range in.Timeline.Keys() {
		r := in.Timeline.Obligation(key, c.period.Until.AddDays(-1))
		if key == in.Obligation.Key || r.Winner == nil {
			continue
		}
		for _, p := range creditsUntil(in, *r.Winner.Obligation, c.period.Until) {
			if p.period.Until < c.period.Until || key < in.Obligation.Key {
				list = append(list, counted{p, key, false})
			}
		}
	}
	list = append(list, counted{pastCredit{key: c.key, period: c.period, exact: exact, cur: base.Currency}, in.Obligation.Key, true})
	slices.SortStableFunc(list, func(x, y counted) int {
		return cmp.Or(cmp.Compare(x.period.Until, y.period.Until), cmp.Compare(x.obligation, y.obligation), cmp.Compare(x.key, y.key))
	})
	window := func(p calendar.Period) calendar.Period {
		switch last := p.Until.AddDays(-1); rule.Per {
		case "contract_year":
			return cycle{"year", in.since()}.containing(last, calendar.Period{})
		case "calendar_year":
			return cycle{unit: "year"}.containing(last, calendar.Period{})
		}
		return calendar.Period{}
	}
	own := window(c.period)
	rooms := map[calendar.Date]*room{}
	var granted []pastCredit
	for _, e := range list {
		w := window(e.period)
		if !e.unknown && e.cur != base.Currency {
			continue // another currency: the cap is not in it
		}
		limit, words, missing, charges, question := c.liabilityLimit(in, e.period, base.Currency)
		if question != nil {
			if _, _, _, of, mine := c.liabilityLimit(in, c.period, base.Currency); mine != nil {
				question, charges = mine, of // with the caps of this period
			}
			a.AmountState = "ambiguous"
			a.Ambiguities = append(a.Ambiguities, *question)
			tr.add("cap on liability", "", "ambiguous: "+question.Question, charges...)
			return nil, nil, false
		}
		if limit == nil {
			tr.add("cap on liability", "the contract names none", "nothing to reach")
			return exact, mine, true
		}
		left := rooms[w.From]
		if left == nil {
			left = roomUnder(nil, false)
			if m := rule.Already; m != nil && m.Currency == base.Currency {
				left.sure, left.taken = m.Ratio(), m.Ratio()
			}
			rooms[w.From] = left
		}
		left.limit, left.open = limit, len(missing) > 0
		name := strings.TrimPrefix(e.obligation+" ", in.Obligation.Key+" ") + e.key
		if e.unknown {
			left.take(e.pastCredit, name)
			continue
		}
		least, most := left.cut(e.exact)
		if e.mine && e.key == c.key {
			inputs := words + ", used before " + exactText(left.taken, base.Currency)
			if list := rooms[own.From].describe; len(list) > 0 {
				inputs += " (" + joined(list[max(0, len(list)-12):]) + ")"
			}
			ids := eachOnce(charges, left.ids)
			if least.Cmp(most) != 0 {
				a.AmountState = "needs_charge"
				tr.add("cap on liability", inputs, left.waitsFor(missing), ids...)
				return nil, nil, false
			}
			return c.saysLiable(exact, least, inputs, base.Currency, ids, tr), granted, true
		}
		// What was paid counts, in whole cents.
		e.waits = e.waits || least.Cmp(most) != 0
		e.least, e.exact = money.FromRatio(least, e.cur).Ratio(), money.FromRatio(most, e.cur).Ratio()
		e.ids = eachOnce(e.ids, charges)
		left.take(e.pastCredit, e.obligation+" "+e.key)
		if e.mine {
			granted = append(granted, e.pastCredit)
		}
	}
	return exact, granted, true
}

func (c creditCase) saysLiable(exact, got *big.Rat, inputs, currency string, ids []pact.EventID, tr tracer) *big.Rat {
	switch {
	case got.Sign() == 0:
		tr.add("cap on liability", inputs, "reached: credits stop", ids...)
	case got.Cmp(exact) < 0:
		tr.add("cap on liability", inputs, "cut to "+exactText(got, currency)+": the cap is reached, credits stop", ids...)
	default:
		tr.add("cap on liability", inputs, "not reached", ids...)
	}
	return got
}

// liabilityLimit is the cap for a period, in words too; nil where the contract has none. Missing are the months since the clause began
// whose charges it is of and which are not known: with them the cap is at least so much.
func (c creditCase) liabilityLimit(in Input, p calendar.Period, currency string) (limit *big.Rat, inWords string, missing []string, ids []pact.EventID, question *pact.Ambiguity) {
	rule := c.rule.LiabilityCap
	amount, months, percent, greater := rule.Amount, rule.FeesMonths, rule.FeesPercent, rule.Greater
	source := "the clause caps liability at "
	if amount == nil && percent == nil {
		r := in.Timeline.Term("liability_cap", c.period.From)
		if len(r.Ambiguities) > 0 {
			return nil, "", nil, nil, &r.Ambiguities[0]
		}
		if r.Winner == nil {
			return nil, "", nil, nil, nil
		}
		source = "the contract caps liability at "
		v := r.Winner.Term.Value
		amount = v.Money
		if l := v.Cap; l != nil {
			amount = l.Amount
			if l.Multiple != nil {
				hundred := l.Multiple.Mul(decimal.NewFromInt(100))
				percent, months = &hundred, 12
				if w := l.Window; w != nil && w.Unit == calendar.UnitMonth {
					months = w.Value
				} else if w != nil && w.Unit == calendar.Year {
					months = 12 * w.Value
				}
			}
		}
		if amount == nil && percent == nil {
			return nil, "", nil, nil, &pact.Ambiguity{Code: "liability_cap", Question: "The cap on liability of the contract is neither an amount nor a multiple of fees that can be computed. What is it?"}
		}
	}
	if amount != nil && amount.Currency != currency {
		limit, ok := c.quietly(in, *amount, currency, p.Until.AddDays(-1))
		if !ok {
			q := c.whichCurrency("cap on liability", *amount, currency)
			if c.rule.Convert == "rate" {
				q = pact.Ambiguity{Code: "rate", Question: fmt.Sprintf("The cap on liability is %s, and no rate %s/%s of %s or before is known. Which is it (an event rate)?", amount, amount.Currency, currency, p.Until.AddDays(-1))}
			}
			return nil, "", nil, nil, &q
		}
		source += amount.String() + " = "
		in := money.FromRatio(limit, currency)
		amount = &in
	}
	var fees *big.Rat
	var words string
	if percent != nil {
		sum, known := new(big.Rat), 0
		for n := months; n > 0; n-- {
			m := p.From[:8] + "01"
			m = m.AddMonths(-n)
			one, used, problem := chargesOf(in, AnyService, []string{string(m[:7])})
			switch {
			case problem == "" && one.Currency == currency:
				sum, known, ids = plus(sum, one.Ratio()), known+1, append(ids, used...)
			case m.AddMonths(1) > in.since():
				missing = append(missing, string(m[:7]))
			}
		}
		fees = percentOf(sum, *percent)
		atLeast := ""
		if len(missing) > 0 {
			atLeast = "at least "
		}
		words = fmt.Sprintf("%s %% of the charges of the %s before %s (%d known) = %s%s", percent, counts(months, "month"), p.From, known, atLeast, exactText(fees, currency))
	}
	switch {
	case amount == nil:
		return fees, source + words, missing, ids, nil
	case fees == nil:
		return amount.Ratio(), source + amount.String(), nil, nil, nil
	case greater == "greater":
		return maxRat(amount.Ratio(), fees), source + "the greater of " + amount.String() + " and " + words, missing, ids, nil
	case greater == "lesser":
		if fees.Cmp(amount.Ratio()) >= 0 {
			missing = nil // more charges do not lift it
		}
		return minRat(amount.Ratio(), fees), source + "the lesser of " + amount.String() + " and " + words, missing, ids, nil
	}
	more, less := money.FromRatio(maxRat(amount.Ratio(), fees), currency), money.FromRatio(minRat(amount.Ratio(), fees), currency)
	most, least := "cap of "+more.String(), "cap of "+less.String()
	if len(missing) > 0 {
		most = "cap of at least " + more.String()
		if fees.Cmp(amount.Ratio()) < 0 {
			least = "cap of at least " + less.String()
		}
	}
	return nil, "", missing, ids, &pact.Ambiguity{
		Code: "liability_cap", Question: "The cap on liability is both an amount and a multiple of fees. Does the greater or the lesser of both hold?",
		Outcomes: []pact.Outcome{
			{Reading: "greater", Result: most, Set: `"credit": {"liability_cap": {"greater": "greater"}}`},
			{Reading: "lesser", Result: least, Set: `"credit": {"liability_cap": {"greater": "lesser"}}`},
		},
	}
}

// setOff follows the credit through the charges after its period. older are the earlier credits, which come first.
func (c creditCase) setOff(a *pact.Assessment, in Input, amount money.Amount, older []pastCredit, tr tracer) {
	rule := c.rule.CarryForward
	if rule == nil || !amount.Value.IsPositive() {
		return
	}
	type open struct {
		left   *big.Rat
		until  calendar.Date
		months int // after which it lapses, by its own version
		mine   bool
		ids    []pact.EventID
	}
	var queue []open
	var unknown []string
	older = slices.DeleteFunc(slices.Clone(older), func(p pastCredit) bool { return p.rule.CarryForward == nil }) // it was paid otherwise
	for _, p := range older {
		if p.unknown || p.waits {
			unknown = append(unknown, p.key)
		}
	}
	if len(unknown) > 0 {
		tr.add("set off", "the oldest credit first", "the credit of "+firstOf(unknown)+" is not known, and what is left for this one waits with it")
		return
	}
	for _, p := range older {
		if p.cur == amount.Currency && p.exact.Sign() > 0 {
			queue = append(queue, open{money.FromRatio(p.exact, p.cur).Ratio(), p.period.Until, p.rule.CarryForward.Months, false, p.ids})
		}
	}
	queue = append(queue, open{amount.Ratio(), c.period.Until, rule.Months, true, nil})
	slices.SortStableFunc(queue, func(x, y open) int { return cmp.Compare(x.until, y.until) })
	percent := decimal.NewFromInt(100)
	if rule.Percent != nil {
		percent = *rule.Percent
	}
	lapsed := func(o open, month calendar.Date) bool {
		return o.months > 0 && month >= (o.until.AddDays(-1)[:8]+"01").AddMonths(1+o.months)
	}
	mine := len(queue) - 1
	var before []pact.EventID // of the charges before, and of the credits that took them
	today := calendar.DateIn(in.At, tr.zone)
	waits := calendar.Date("")
	foreign := ""
	first := (queue[0].until.AddDays(-1)[:8] + "01").AddMonths(1)
	for n := 0; n < maxMonths && queue[mine].left.Sign() > 0; n++ {
		month := first.AddMonths(n)
		if lapsed(queue[mine], month) {
			break
		}
		charge, ids, problem := chargesOf(in, c.service, []string{string(month[:7])})
		if problem == "" && charge.Currency != amount.Currency {
			value, ok := c.quietly(in, charge, amount.Currency, month.AddMonths(1).AddDays(-1))
			if !ok || c.rule.Convert != "rate" {
				foreign, waits = charge.String(), month
				a.EventIDs = append(a.EventIDs, ids...)
				break
			}
			converted := money.FromRatio(value, amount.Currency)
			tr.add("the charge of "+string(month[:7])+" at the rate of its last day", charge.String(), converted.String(), ids...)
			charge = converted
		}
		if problem != "" {
			waits = month
			break
		}
		room := money.FromRatio(percentOf(charge.Ratio(), percent), charge.Currency).Ratio()
		earlier := new(big.Rat)
		for i := range queue {
			o := &queue[i]
			if o.until > month || lapsed(*o, month) {
				continue
			}
			part := minRat(o.left, room)
			o.left, room = minus(o.left, part), minus(room, part)
			if !o.mine {
				earlier = plus(earlier, part)
				before = append(append(before, o.ids...), ids...)
				continue
			}
			if c.period.Until > month {
				continue
			}
			words := "the charge of " + string(month[:7]) + ", " + charge.String()
			if rule.Percent != nil {
				words += ", credits take up to " + percent.String() + " %"
			}
			if earlier.Sign() > 0 {
				words += ", " + exactText(earlier, amount.Currency) + " of it went to earlier credits"
			}
			taken := money.FromRatio(part, amount.Currency)
			if part.Sign() > 0 {
				a.Amounts = append(a.Amounts, pact.AmountLine{Name: "set off " + string(month[:7]), Amount: taken, On: month.AddMonths(1).AddDays(-1)})
				a.EventIDs = append(a.EventIDs, ids...)
			}
			tr.add("set off", words, fmt.Sprintf("%s, %s left", taken, exactText(o.left, amount.Currency)), eachOnce(ids, before)...)
		}
	}
	left := queue[mine]
	if left.left.Sign() <= 0 {
		return
	}
	rest := money.FromRatio(left.left, amount.Currency)
	end := (c.period.Until.AddDays(-1)[:8] + "01").AddMonths(1 + rule.Months)
	if rule.Months > 0 && today >= end {
		name := rule.becomes()
		a.Amounts = append(a.Amounts, pact.AmountLine{Name: name, Amount: rest, On: end})
		tr.add("not used within "+counts(rule.Months, "month"), "until before "+string(end), rest.String()+" "+name)
		return
	}
	over := in.Timeline.End(in.Obligation.Key)
	if rule.Months == 0 && foreign == "" && over != nil && waits > over.Last && today > over.Last {
		c.leftAtTheEnd(a, rest, *over, today, tr)
		return
	}
	a.Amounts = append(a.Amounts, pact.AmountLine{Name: "carried forward", Amount: rest})
	words := "every known charge is used"
	if waits != "" {
		words = "the charge of " + string(waits[:7]) + " is not known yet"
	}
	if foreign != "" {
		words = fmt.Sprintf("the charge of %s is %s, which is not set off against %s", waits[:7], foreign, amount.Currency)
		a.Ambiguities = append(a.Ambiguities, pact.Ambiguity{Code: "set_off_currency", Question: fmt.Sprintf("The charge of %s is %s, the credit in %s. Is it set off at the rate of the last day of that month (credit.convert rate), or against charges in %s alone?", waits[:7], foreign, amount.Currency, amount.Currency)})
	}
	tr.add("carried forward", words, rest.String())
	switch {
	case rule.Months > 0:
		c.look(a, end, tr)
	case over != nil && today <= over.Last:
		c.look(a, over.Last.AddDays(1), tr)
	}
}

// becomes is what becomes of what is left, as the name of its line.
func (f CarryForward) becomes() string {
	return map[string]string{"lapses": "lapsed", "paid_out": "paid out"}[f.Then]
}

// leftAtTheEnd settles what no charge has taken when the contract has ended: where the clause does not say it, it is asked (carry
// forward or pay out).
func (c creditCase) leftAtTheEnd(a *pact.Assessment, rest money.Amount, end effective.End, today calendar.Date, tr tracer) {
	rule, on := *c.rule.CarryForward, end.Last.AddDays(1)
	if name := rule.becomes(); name != "" {
		a.Amounts = append(a.Amounts, pact.AmountLine{Name: name, Amount: rest, On: on})
		tr.add("no charge is left to come", end.Says(today), rest.String()+" "+name, end.EventIDs...)
		return
	}
	a.Amounts = append(a.Amounts, pact.AmountLine{Name: "carried forward", Amount: rest})
	tr.add("no charge is left to come", end.Says(today), rest.String()+" left", end.EventIDs...)
	a.AmountState = "ambiguous"
	a.Ambiguities = append(a.Ambiguities, pact.Ambiguity{
		Code: "carry_forward", Question: fmt.Sprintf("%s of the credit of %s is left, and %s. Is it paid out, or does it lapse?", rest, c.key, end.Says(today)),
		Outcomes: []pact.Outcome{
			{Reading: "paid out", Set: `"credit": {"carry_forward": {"then": "paid_out"}}`},
			{Reading: "it lapses", Set: `"credit": {"carry_forward": {"then": "lapses"}}`},
		},
	})
}

// look asks for another look at the beginning of a day, where none is due before.
func (c creditCase) look(a *pact.Assessment, on calendar.Date, tr tracer) {
	if at := on.In(tr.zone).UTC(); at.After(a.At) && (a.NextAt.IsZero() || at.Before(a.NextAt)) {
		a.NextAt = at
	}
}

// earned takes out of the amount what the following periods earned back.
func (c creditCase) earned(a *pact.Assessment, amount money.Amount, tr tracer) {
	rule := c.rule.EarnBack
	if rule == nil || c.following == nil || !amount.Value.IsPositive() {
		return
	}
	list := c.following(rule.Periods)
	percent := decimal.NewFromInt(100)
	if rule.Percent != nil {
		percent = *rule.Percent
	}
	keys, sum, waits := make([]string, 0, len(list)), new(big.Rat), calendar.Date("")
	var ids []pact.EventID
	for _, f := range list {
		keys, ids = append(keys, f.key), eachOnce(ids, f.ids)
		switch {
		case !f.held:
			tr.add("earn-back", f.key+": the clause is not in force", "the credit stays", ids...)
			return
		case !f.over:
			if waits == "" {
				waits = f.until
			}
		case f.missed && rule.Rule != "average":
			tr.add("earn-back", fmt.Sprintf("%s missed the promise; the %s after %s had to keep it", f.key, counts(rule.Periods, "period"), c.key), "the credit stays", ids...)
			return
		case f.nothing, f.measured == nil && rule.Rule == "average":
			tr.add("earn-back", fmt.Sprintf("%s: nothing was measured, which keeps no promise; the %s after %s had to", f.key, counts(rule.Periods, "period"), c.key), "the credit stays", ids...)
			return
		case f.measured != nil:
			sum = plus(sum, f.measured)
		}
	}
	if waits != "" || len(list) < rule.Periods {
		tr.add("earn-back", fmt.Sprintf("where the %s after %s %s the promise, %s %% of the credit is given back (%s)", counts(rule.Periods, "period"), c.key, map[bool]string{true: "keeps", false: "keep"}[rule.Periods == 1], percent, joined(keys)), "open", ids...)
		if waits != "" {
			c.look(a, waits, tr)
		}
		return
	}
	if rule.Rule == "average" {
		mean := quo(sum, ratOf(len(list)))
		sign := mean.Cmp(c.target)
		kept := sign >= 0
		if c.worse {
			kept = sign <= 0
		}
		words := fmt.Sprintf("mean of %s is %s%s against %s%s", joined(keys), money.RatioString(mean, 12, 6, c.target), c.unit, exactNumber(c.target, 0), c.unit)
		if !kept {
			tr.add("earn-back", words, "the credit stays", ids...)
			return
		}
		tr.add("earn-back", words, "kept", ids...)
	}
	back := money.FromRatio(percentOf(amount.Ratio(), percent), amount.Currency)
	rest, err := amount.Sub(back)
	if err != nil {
		return // one currency
	}
	on := list[len(list)-1].until
	a.Amounts = append(a.Amounts, pact.AmountLine{Name: "credit", Amount: amount}, pact.AmountLine{Name: "earned back", Amount: back, On: on})
	a.Amount = &rest
	tr.add("earn-back", fmt.Sprintf("%s kept the promise: %s %% of %s", joined(keys), percent, amount), back.String()+" given back, "+rest.String()+" left", ids...)
}

// next lists the periods after one.
func (c cycle) next(p calendar.Period, n int) []calendar.Period {
	if c.unit == "term" || p.Until == "" {
		return nil
	}
	list := c.within(calendar.Period{From: p.Until, Until: p.Until.AddMonths((n + 1) * c.months())}, calendar.Period{})
	return list[:min(n, len(list))]
}

// following judges the months after one.
func (p AvailabilityParams) following(in Input, m *month, n int) []followed {
	var out []followed
	for _, d := range in.later(p.cycle(), m.period, n) {
		later := d.occurrence(in)
		f := followed{key: later.Occurrence.Key, until: d.period.Until}
		scratch := pact.Assessment{At: in.At.UTC()}
		if mm, version, ok := openMonth(later, &scratch); ok {
			f.held, f.over = true, !scratch.At.Before(mm.covered.End)
			if f.over {
				quiet := tracer{zone: mm.zone, steps: &scratch.Trace}
				mm.read(later, version, quiet)
				mm.reach(later, version, quiet)
				version.measure(&scratch, mm, quiet)
				if !mm.ripe.IsZero() {
					f.over, f.until = false, calendar.DateIn(mm.ripe, mm.zone).AddDays(1)
				}
				f.missed, f.measured = scratch.Status == pact.Breached, mm.mean(version, mm.ratioUntil(version, mm.covered.End))
				f.nothing = mm.sampled != nil && mm.sampled.score && len(mm.sampled.ends) == 0
				f.ids = eachOnce(restsOn(scratch), mm.ids)
			}
		}
		out = append(out, f)
	}
	return out
}

// following judges the periods after this one.
func (l level) following(n int) []followed {
	var out []followed
	for _, d := range l.s.in.later(l.p.cycle(), l.whole, n) {
		in, one := d.occurrence(l.s.in), d.period
		f := followed{key: in.Occurrence.Key, until: one.Until}
		p, s, done, err := begin(in, func(ServiceLevelParams, *sheet) calendar.Date { return max(one.From, in.held(one).From) })
		if err == nil && !done {
			e := level{p: p, s: s, whole: one, covered: subscribed(one, in.held(one))}
			f.held, f.over = true, !s.a.At.Before(e.span().End)
			if f.over {
				g := e.measure()
				f.ids = eachOnce(restsOn(*s.a), g.ids)
				f.over = !g.waiting && g.asked == nil // the report may still come, or which it is be decided
				f.nothing = f.over && !g.deemed && g.value == nil
				f.missed, f.measured = g.deemed || g.value != nil && e.missed(g.value), g.value
				if g.waiting {
					f.until = e.covered.Until.AddDays(p.ReportDays)
				}
			}
		}
		out = append(out, f)
	}
	return out
}

// following judges the periods after this one.
func (c creditPool) following(n int) []followed {
	var out []followed
	for _, d := range c.s.in.later(c.p.cycle(), c.whole, n) {
		in, one := d.occurrence(c.s.in), d.period
		f := followed{key: in.Occurrence.Key, until: one.Until}
		p, s, done, err := begin(in, func(CreditPoolParams, *sheet) calendar.Date { return max(one.From, in.held(one).From) })
		if err == nil && !done {
			f.held, f.over = true, s.today >= one.Until
			if f.over {
				sum := creditPool{p: p, s: s, whole: one, aside: true}.due()
				f.ids = restsOn(*s.a)
				f.missed = sum.missed
				f.over = sum.missed || len(sum.unknown) == 0 // what nobody reported may still be either
				f.nothing = f.over && sum.nothing
			}
		}
		out = append(out, f)
	}
	return out
}
