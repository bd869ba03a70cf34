package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// RevenueParams are the parameters of revenue_schedule.
type RevenueParams struct {
	Price money.Amount `json:"price"` // transaction price as agreed
	// Performance: the distinct promises, 1 to 200, to which the price is allocated by what each costs alone (IFRS 15.76).
	Performance []PerformanceObligation `json:"performance"`
	// ExpectedCredits are service credits and penalties that are expected to be given: they reduce the transaction price.
	ExpectedCredits *money.Amount `json:"expected_credits,omitempty"`
	// Variable are amounts that depend on what happens: bonuses, penalties, volume. They count as far as they are highly probable not
	// to be reversed (IFRS 15.56).
	Variable []VariableConsideration `json:"variable,omitempty"`
	// Modification is how the modifications are accounted for whose report does not say (data.state): prospective, catch_up or separate.
	// Absent: it is asked where it matters (IFRS 15.20, 15.21).
	Modification string `json:"modification,omitempty" enum:"prospective,catch_up,separate"`
	// Amended says how a change against the version before is recognised: prospective (default) spreads what is not recognised yet over
	// what is left to perform, catch_up books the difference to what would have been recognised at once (IFRS 15.21).
	Amended string `json:"amended,omitempty" enum:"prospective,catch_up"`
	Zone    string `json:"zone,omitempty"` // IANA name of the zone in which days begin; absent: UTC
}

// VariableConsideration is an amount with several outcomes.
type VariableConsideration struct {
	Name string `json:"name"` // what the amount is called in the trace
	// Method: expected_value (the sum of outcome times probability) or most_likely (IFRS 15.53).
	Method   string            `json:"method" enum:"expected_value,most_likely"`
	Outcomes []VariableOutcome `json:"outcomes"` // what may come, 1 to 100; their probabilities add up to 100
	// HighlyProbable: somebody judged that no significant part will be reversed. Otherwise Limit is how much of it is; 0 is nothing.
	HighlyProbable bool `json:"highly_probable,omitempty"`
	// Limit: the most that is highly probable not to be reversed, in the currency of the price; absent without highly_probable: it is asked.
	Limit *decimal.Decimal `json:"limit,omitempty"`
}

// VariableOutcome is what may come, in the currency of the price, with its probability in percent.
type VariableOutcome struct {
	Value       decimal.Decimal `json:"value"`       // the amount; below 0 it reduces the price
	Probability decimal.Decimal `json:"probability"` // in percent, 0 to 100
}

// PerformanceObligation is a distinct promise with its stand-alone selling price.
type PerformanceObligation struct {
	Name string          `json:"name"` // a name of its own, by which events name the promise
	SSP  decimal.Decimal `json:"ssp"`  // stand-alone selling price, in the currency of the price
	// Method: point_in_time (on the event milestone or accepted of that name), straight_line (from From until before Until), or output
	// (by the percentages that events progress report, cumulative), or cost_to_cost (by the costs that events progress report, of
	// TotalCost; an event with data.total gives a new estimate of it. With data.state wasted costs do not count, with uninstalled they are
	// recognised at cost and left out of the measure: IFRS 15.B19).
	Method string `json:"method" enum:"point_in_time,straight_line,output,cost_to_cost"`
	// TotalCost: costs expected in all, in the currency of the price; needed for cost_to_cost.
	TotalCost *decimal.Decimal `json:"total_cost,omitempty"`
	From      calendar.Date    `json:"from,omitempty"`  // first day of performance; needed for straight_line
	Until     calendar.Date    `json:"until,omitempty"` // first day after performance; needed for straight_line
	// By days (default) or by equal months.
	By string `json:"by,omitempty" enum:"days,months"`
	// FullPrice leaves this promise at its stand-alone price: the discount belongs to the others, by observable evidence.
	FullPrice bool `json:"full_price,omitempty"`
}

// RevenueSchedule allocates the transaction price by stand-alone price and spreads it over months. It is a schedule and no
// posting. One occurrence, "schedule"; the lines are the months of each promise, the amount is what is recognised until today.
type RevenueSchedule struct{}

// Name is revenue_schedule.
func (RevenueSchedule) Name() string { return "revenue_schedule" }

// Params gives empty RevenueParams.
func (RevenueSchedule) Params() any { return RevenueParams{} }

// Check asks for what the schedule needs.
func (RevenueSchedule) Check(o pact.Obligation) []pact.Ambiguity { return ask[RevenueParams](o) }

func (p RevenueParams) zoneName() string { return p.Zone }

func (p RevenueParams) check() []pact.Ambiguity {
	var q questions
	q.amount("price", "price", &p.Price)
	q.amount("price", "expected_credits", p.ExpectedCredits)
	q.oneOf("amended", p.Amended, "", "prospective", "catch_up")
	q.zone(p.Zone)
	if len(p.Performance) == 0 || len(p.Performance) > 200 {
		q.ask("performance", "Which promises are there (1 to 200), and what does each cost alone?")
	}
	if p.ExpectedCredits != nil && p.ExpectedCredits.Currency != p.Price.Currency {
		q.ask("expected_credits", "The expected credits are in another currency than the price.")
	}
	q.oneOf("modification", p.Modification, "", "prospective", "catch_up", "separate")
	for i, v := range p.Variable {
		v.check(&q)
		if !v.HighlyProbable && v.Limit == nil {
			p.constraint(i, &q)
		}
	}
	seen, sum := map[string]bool{}, decimal.Zero
	for i, o := range p.Performance {
		if o.Name == "" || seen[o.Name] {
			q.ask("performance", "Each promise needs a name of its own.")
		}
		seen[o.Name] = true
		q.between("ssp", sprintf("performance[%d].ssp", i), 0, 1_000_000_000_000_000, &o.SSP)
		sum = sum.Add(o.SSP)
		q.oneOf("method", o.Method, "", "point_in_time", "straight_line", "output", "cost_to_cost")
		q.between("total_cost", sprintf("performance[%d].total_cost", i), 0, 1_000_000_000_000_000, o.TotalCost)
		if o.Method == "cost_to_cost" && (o.TotalCost == nil || !o.TotalCost.IsPositive()) {
			q.ask("total_cost", "Which costs are expected for %s in all?", short(o.Name))
		}
		q.oneOf("by", o.By, "", "days", "months")
		if o.Method == "" {
			q.choose("method", sprintf("Is %s recognised at a point in time or over time?", short(o.Name)), p.methods(i)...)
		}
		if o.Method == "straight_line" && (o.From == "" || o.Until == "" || o.From >= o.Until || o.Until > "2180-12-31" || o.From.DaysUntil(o.Until) > 36_600) {
			q.ask("performance", "From when until when is %s performed?", short(o.Name))
		}
	}
	if !sum.IsPositive() {
		q.ask("ssp", "The stand-alone prices add up to nothing.")
	}
	return q
}

// methods are the ways in which a promise may be recognised, as far as what they need is known.
func (p RevenueParams) methods(i int) []pact.Outcome {
	o := p.Performance[i]
	with := func(reading, method string) pact.Outcome {
		list := slices.Clone(p.Performance)
		list[i].Method = method
		return pact.Outcome{Reading: reading, Set: member("performance", list)}
	}
	out := []pact.Outcome{with("at a point in time", "point_in_time")}
	if o.From != "" && o.Until != "" {
		out = append(out, with("evenly over time", "straight_line"))
	}
	out = append(out, with("over time, by the progress that is reported", "output"))
	if o.TotalCost != nil {
		out = append(out, with("over time, by the costs", "cost_to_cost"))
	}
	return out
}

// constraint asks how much of a variable amount counts.
func (p RevenueParams) constraint(i int, q *questions) {
	with := func(reading string, change func(*VariableConsideration)) pact.Outcome {
		list := slices.Clone(p.Variable)
		change(&list[i])
		return pact.Outcome{Reading: reading, Set: member("variable", list)}
	}
	q.choose("constraint", sprintf("Is it highly probable that what is recognised of %s will not be reversed? If not of all, how much is?", short(p.Variable[i].Name)),
		with("all of it is", func(v *VariableConsideration) { v.HighlyProbable = true }),
		with("nothing of it is", func(v *VariableConsideration) { v.Limit = &decimal.Decimal{} }))
}

func (v VariableConsideration) check(q *questions) {
	q.oneOf("variable", v.Method, "expected_value", "most_likely")
	sum := decimal.Zero
	for i, o := range v.Outcomes {
		q.between("variable", sprintf("variable.outcomes[%d].probability", i), 0, 100, &o.Probability)
		if !money.Sane(o.Value) {
			q.ask("variable", "An outcome of %s is no amount.", short(v.Name))
		}
		sum = sum.Add(o.Probability)
	}
	if len(v.Outcomes) == 0 || len(v.Outcomes) > 100 || !sum.Equal(decimal.NewFromInt(100)) {
		q.ask("variable", "The outcomes of %s (1 to 100) must have probabilities that add up to 100 %%; they add up to %s %%.", short(v.Name), sum)
	}
	if first, second, tied := v.tied(); tied {
		q.ask("variable", "Two outcomes of %s are as likely as each other: %s and %s. Which one is the most likely, or is it the expected value that counts?", short(v.Name), first, second)
	}
	if v.Limit != nil && (!money.Sane(*v.Limit) || v.HighlyProbable) {
		q.ask("constraint", "The limit of %s is no amount, or stands beside the judgement that all of it is highly probable.", short(v.Name))
	}
}

// tied are two outcomes of which neither is the most likely one.
func (v VariableConsideration) tied() (first, second decimal.Decimal, tied bool) {
	best := decimal.NewFromInt(-1)
	for _, o := range v.Outcomes {
		switch {
		case v.Method != "most_likely":
		case o.Probability.GreaterThan(best):
			best, first, tied = o.Probability, o.Value, false
		case o.Probability.Equal(best) && !o.Value.Equal(first):
			second, tied = o.Value, true
		}
	}
	return first, second, tied
}

// estimate is the amount by its method, and as much of it as may count. What reduces the price is not constrained.
func (v VariableConsideration) estimate() (estimate, counted *big.Rat) {
	estimate = new(big.Rat)
	best := decimal.NewFromInt(-1)
	for _, o := range v.Outcomes {
		if v.Method == "expected_value" {
			estimate = plus(estimate, percentOf(o.Value.Rat(), o.Probability))
		} else if o.Probability.GreaterThan(best) {
			best, estimate = o.Probability, o.Value.Rat()
		}
	}
	if v.Limit == nil || estimate.Sign() < 0 {
		return estimate, estimate
	}
	return estimate, minRat(estimate, v.Limit.Rat())
}

// Occurrences lists the one schedule.
func (RevenueSchedule) Occurrences(o pact.Obligation, _ calendar.Period) []pact.Occurrence {
	return []pact.Occurrence{occurrence(o, "schedule", cmp.Or(o.Title, "Revenue"), calendar.Span{})}
}

// recognised is a sum of a month.
type recognised struct {
	month string
	exact *big.Rat
}

// Assess computes the schedule: from the first version of the clause on, and what each later one changes as a modification of its first day.
// When the clause has ended, its last version governs.
func (RevenueSchedule) Assess(in Input) (pact.Assessment, error) {
	var life versions[RevenueParams]
	_, s, done, err := begin(in, func(p RevenueParams, s *sheet) calendar.Date {
		life = versionsOf(s.in, p)
		return life.lastDay(s.today)
	})
	if err != nil || done {
		return *s.a, err
	}
	if stop, err := life[0].open(s); stop {
		return *s.a, err
	}
	p := life[0].terms
	shares, err := s.allocate(p)
	if err != nil {
		return pact.Assessment{}, err
	}
	r := revenue{p: p, s: s, shares: slices.Clone(shares), agreed: slices.Clone(shares), months: make([]map[string]decimal.Decimal, len(p.Performance)), changes: make([][]modification, len(p.Performance))}
	r.p.Performance = slices.Clone(p.Performance)
	for i := range r.months {
		r.months[i] = map[string]decimal.Decimal{}
	}
	if ok, err := r.amend(life); err != nil {
		return pact.Assessment{}, err
	} else if !ok {
		return s.done(pact.Pending), nil
	}
	apart := r.modifications()
	if open := r.unexplained(); open != nil {
		s.ask("modification", sprintf("The modification of %s changes what is paid for %s, and nothing says how. Is it a contract of its own, are what is left and the change spread over the rest, or is what was recognised computed anew?", s.dateOf(*open), short(open.Data.Item)),
			pact.Outcome{Reading: "a contract of its own", Set: member("modification", "separate")},
			pact.Outcome{Reading: "prospective: spread over what is left", Set: member("modification", "prospective")},
			pact.Outcome{Reading: "cumulative catch-up", Set: member("modification", "catch_up")})
		return s.done(pact.Pending), nil
	}
	for i, o := range r.p.Performance {
		if o.Method == "straight_line" {
			if i < len(shares) {
				r.straight(i, shares[i].Value, o.From, "")
			}
			r.modifyStraight(i)
		} else {
			r.follow(i)
		}
	}
	for _, e := range apart {
		r.apart(e)
	}
	return r.report(), nil
}

// allocate splits the transaction price by stand-alone price: parts add up to the whole, largest remainder first.
func (s *sheet) allocate(p RevenueParams) ([]money.Amount, error) {
	price := p.Price
	if c := p.ExpectedCredits; c != nil {
		price.Value = price.Value.Sub(c.Value)
		s.add("transaction price", fmt.Sprintf("%s less expected credits %s (variable consideration)", p.Price, c), price.String())
	} else {
		s.add("transaction price", "as agreed", price.String())
	}
	for _, v := range p.Variable {
		estimate, part := v.estimate()
		price.Value = price.Value.Add(money.FromRatio(part, price.Currency).Value)
		words := fmt.Sprintf("%s: %s", strings.ReplaceAll(v.Method, "_", " "), exactText(estimate, price.Currency))
		if part.Cmp(estimate) < 0 {
			words += fmt.Sprintf(", of which %s is highly probable not to be reversed", v.Limit)
		}
		s.add("variable consideration "+v.Name, words, exactText(part, price.Currency)+" counts, transaction price "+price.String())
	}
	if price.Value.IsNegative() {
		return nil, fault.New(fault.Invalid, "What is expected to be given takes more than the price.")
	}
	left := price
	weights := make([]decimal.Decimal, len(p.Performance))
	fixed := make([]decimal.Decimal, len(p.Performance))
	sum := decimal.Zero
	for i, o := range p.Performance {
		if o.FullPrice {
			fixed[i] = o.SSP
			left.Value = left.Value.Sub(o.SSP)
			continue
		}
		weights[i] = o.SSP
		sum = sum.Add(o.SSP)
	}
	if left.Value.IsNegative() || sum.IsZero() && !left.Value.IsZero() {
		return nil, fault.New(fault.Invalid, "The promises at full price leave nothing to allocate to the others.")
	}
	parts := make([]money.Amount, len(p.Performance))
	if !sum.IsZero() {
		var err error
		if parts, err = money.Allocate(left, weights); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "The price can not be allocated: %v.", err)
		}
	}
	for i, o := range p.Performance {
		parts[i] = money.New(parts[i].Value.Add(fixed[i]), price.Currency)
		words := fmt.Sprintf("stand-alone %s of %s", o.SSP, sum)
		if o.FullPrice {
			words = "at its stand-alone price"
		}
		s.add("allocated to "+o.Name, words+", largest remainder", parts[i].String())
		s.a.Amounts = append(s.a.Amounts, pact.AmountLine{Name: o.Name, Amount: parts[i]})
	}
	return parts, nil
}

type revenue struct {
	p      RevenueParams
	s      *sheet
	shares []money.Amount
	agreed []money.Amount // by the version so far, without the modifications that events report
	months []map[string]decimal.Decimal
	// changes are the modifications of each promise, in order.
	changes [][]modification
}

// performed tells whether nothing is left of a promise on a day.
func (r *revenue) performed(i int, o PerformanceObligation, on calendar.Date) bool {
	if o.Method == "straight_line" {
		return o.Until <= on
	}
	quiet := *r
	quiet.s = r.s.quiet()
	steps, _ := quiet.steps(i)
	whole := big.NewRat(1, 1)
	for _, st := range slices.Backward(steps) {
		if st.of != nil && st.on < on {
			return st.of(whole).Cmp(whole) >= 0
		}
	}
	return false
}

func (r *revenue) add(i int, month string, v decimal.Decimal) {
	r.months[i][month] = r.months[i][month].Add(v)
}

// until is what was recognised before a day: whole months, and the days of its own month.
func (r *revenue) until(o PerformanceObligation, months map[string]decimal.Decimal, on calendar.Date) decimal.Decimal {
	sum := decimal.Zero
	for month, v := range months {
		switch {
		case month < string(on[:7]):
			sum = sum.Add(v)
		case month == string(on[:7]) && on[8:] != "01":
			first := max(calendar.Date(month+"-01"), o.From)
			next := min((on[:8] + "01").AddMonths(1), o.Until)
			if days := first.DaysUntil(next); days > 0 {
				part := mul(v.Rat(), big.NewRat(int64(first.DaysUntil(on)), int64(days)))
				sum = sum.Add(money.RoundRatio(part, money.MinorUnits(r.p.Price.Currency)))
			}
		}
	}
	return sum
}

// report writes the months, and what is recognised until today.
func (r *revenue) report() pact.Assessment {
	s, cur := r.s, r.p.Price.Currency
	recognisedSum, total := decimal.Zero, decimal.Zero
	for i, o := range r.p.Performance {
		if slices.ContainsFunc(r.changes[i], func(c modification) bool { return c.e == nil }) {
			s.a.Amounts[i].Amount = r.shares[i]
		}
		keys := make([]string, 0, len(r.months[i]))
		for m := range r.months[i] {
			keys = append(keys, m)
		}
		slices.Sort(keys)
		for _, m := range keys {
			v := r.months[i][m]
			s.a.Amounts = append(s.a.Amounts, pact.AmountLine{Name: o.Name + " " + m, Amount: money.New(v, cur), On: calendar.Date(m + "-01").AddMonths(1).AddDays(-1)})
			total = total.Add(v)
			if calendar.Date(m+"-01").AddMonths(1) <= s.today {
				recognisedSum = recognisedSum.Add(v)
			}
		}
	}
	s.owe(money.New(recognisedSum, cur))
	s.add("recognised by whole months until "+string(s.today), "", money.New(recognisedSum, cur).String())
	all := decimal.Zero
	for _, share := range r.shares {
		all = all.Add(share.Value)
	}
	s.add("still to come", money.New(all, cur).String()+" less "+money.New(recognisedSum, cur).String(), money.New(all.Sub(recognisedSum), cur).String())
	s.a.Measured = money.New(total, cur).String()
	if recognisedSum.Equal(all) {
		return s.done(pact.Met)
	}
	next := (s.today[:8] + "01").AddMonths(1)
	s.a.NextAt = s.start(next)
	return s.done(pact.OnTrack)
}
