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
	Price       money.Amount            `json:"price"` // transaction price as agreed
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
	Zone    string `json:"zone,omitempty"`
}

// VariableConsideration is an amount with several outcomes.
type VariableConsideration struct {
	Name string `json:"name"`
	// Method: expected_value (the sum of outcome times probability) or most_likely (IFRS 15.53).
	Method   string            `json:"method" enum:"expected_value,most_likely"`
	Outcomes []VariableOutcome `json:"outcomes"`
	// HighlyProbable: somebody judged that no significant part will be reversed. Otherwise Limit is how much of it is; 0 is nothing.
	HighlyProbable bool             `json:"highly_probable,omitempty"`
	Limit          *decimal.Decimal `json:"limit,omitempty"`
}

// VariableOutcome is what may come, in the currency of the price, with its probability in percent.
type VariableOutcome struct {
	Value       decimal.Decimal `json:"value"`
	Probability decimal.Decimal `json:"probability"`
}

// PerformanceObligation is a distinct promise with its stand-alone selling price.
type PerformanceObligation struct {
	Name string          `json:"name"`
	SSP  decimal.Decimal `json:"ssp"`
	// Method: point_in_time (on the event milestone or accepted of that name), straight_line (from From until before Until), or output
	// (by the percentages that events progress report, cumulative), or cost_to_cost (by the costs that events progress report, of
	// TotalCost; an event with data.total gives a new estimate of it. With data.state wasted costs do not count, with uninstalled they are
	// recognised at cost and left out of the measure: IFRS 15.B19).
	Method    string           `json:"method" enum:"point_in_time,straight_line,output,cost_to_cost"`
	TotalCost *decimal.Decimal `json:"total_cost,omitempty"`
	From      calendar.Date    `json:"from,omitempty"`
	Until     calendar.Date    `json:"until,omitempty"`
	// By days (default) or by equal months.
	By string `json:"by,omitempty" enum:"days,months"`
	// Discounted false leaves this promise at its stand-alone price: the discount belongs to the others, by observable evidence.
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
	q.amounts("price", &p.Price, p.ExpectedCredits)
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
	if v.Limit != nil && (!money.Sane(*v.Limit) || v.HighlyProbable) {
		q.ask("constraint", "The limit of %s is no amount, or stands beside the judgement that all of it is highly probable.", short(v.Name))
	}
}

// estimate is the amount by its method, and as much of it as may count. What reduces the price is not constrained.
func (v VariableConsideration) estimate() (estimate, counted *big.Rat) {
	estimate = new(big.Rat)
	best := decimal.NewFromInt(-1)
	for _, o := range v.Outcomes {
		if v.Method == "expected_value" {
			estimate = plus(estimate, percentOf(o.Value.Rat(), o.Probability))
		} else if o.Probability.GreaterThan(best) { // of two as likely, the first that is named
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
	r.s.add(o.Name+" over time"+why, fmt.Sprintf("%s from %s until before %s, by %s; the last month takes the rest", total.StringFixed(places), from, o.Until, cmp.Or(o.By, "days")), fmt.Sprintf("%d months", len(parts)))
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

// foreign asks about a sum in another currency than the price: without a rate of the contract it neither counts nor is left out.
func (r *revenue) foreign(e pact.Event) bool {
	a := e.Data.Amount
	if a == nil || a.Currency == r.p.Price.Currency || a.Check() != nil {
		return false
	}
	r.s.use(e)
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
