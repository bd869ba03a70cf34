package obligation

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// CreditPoolParams are the parameters of credit_pool: several levels share one amount at risk, by weight or by points.
type CreditPoolParams struct {
	Period string        `json:"period,omitempty" enum:"month,quarter,half_year,year"` // the time over which missed levels add up; absent: month
	Anchor calendar.Date `json:"anchor,omitempty"`                                     // first day of one of the periods; absent: they are those of the calendar
	// MidPeriod says which terms govern a period within which an amendment changes them, or ends the obligation: those at its start (start),
	// or those after the change (amended). The version that the change gives says it. Absent: it is asked, where it matters.
	MidPeriod string      `json:"mid_period,omitempty" enum:"start,amended"`
	Zone      string      `json:"zone,omitempty"` // IANA name of the zone in which days begin; absent: UTC
	Levels    []PoolLevel `json:"levels"`         // the levels that share the amount at risk, 1 to 200, each listed once
	// Points gives the percentage for a number of points. Without it the weights of the missed levels count.
	Points  []PointRow `json:"points,omitempty"`
	Service string     `json:"service,omitempty"` // whose charges are the fees; absent: all of the contract
	// NextPeriod: the percentage is of the fees of the next period; of the last period of a contract that has ended it is asked.
	NextPeriod    bool             `json:"next_period,omitempty"`
	AtRiskPercent *decimal.Decimal `json:"at_risk_percent,omitempty"` // of the fees; weights are of this
	// AtRiskAmount: the amount at risk of a period as a sum, instead of at_risk_percent; with neither all fees are at risk.
	AtRiskAmount *money.Amount `json:"at_risk_amount,omitempty"`
	// ReportDays: a level that nobody reported within so many days after the period is deemed missed. A report counts on the later of
	// the day it names and that on which it was given; one that came too late lowers nothing. Without it Unreported says what
	// such a level is: missed or kept. Absent: it is asked about, and the amount waits.
	ReportDays int `json:"report_days,omitempty"`
	// Unreported: what a level counts as that nobody reported, where report_days is not set; absent: it is asked.
	Unreported string `json:"unreported,omitempty" enum:"missed,kept"`
	// Credit caps and settles the sum: cap_percent (of the fees, as everywhere, and not of what is at risk of them), cap_amount, rolling_cap, minimum_payable, claim_days, termination.
	Credit *CreditParams `json:"credit,omitempty"`
}

// PoolLevel is a level of the pool: an obligation of this contract by its key, or one that is reported (events measurement
// with data.item its name and data.state missed or met; data.value gives its points). One that nobody reported is not known: neither
// missed nor kept.
type PoolLevel struct {
	// Level: the key of an obligation of this contract, or the name under which the level is reported.
	Level  string           `json:"level"`
	Weight *decimal.Decimal `json:"weight,omitempty"` // percent of the amount at risk
	Points *decimal.Decimal `json:"points,omitempty"` // for a miss
}

// PointRow gives Percent of the fees for Points; with AtLeast for that many and more.
type PointRow struct {
	Points decimal.Decimal `json:"points"` // points of all missed levels together
	// Percent: of the amount at risk: of the fees where at_risk_percent and at_risk_amount are absent.
	Percent decimal.Decimal `json:"percent"`
	AtLeast bool            `json:"at_least,omitempty"` // holds for more points, too; only of the row with the most points
}

// CreditPool adds up what several missed levels cost in a period. A number of points the table does not have stops the amount.
type CreditPool struct{}

// Name is credit_pool.
func (CreditPool) Name() string { return "credit_pool" }

// Params gives empty CreditPoolParams.
func (CreditPool) Params() any { return CreditPoolParams{} }

// Check asks for what the pool needs.
func (CreditPool) Check(o pact.Obligation) []pact.Ambiguity { return ask[CreditPoolParams](o) }

func (p CreditPoolParams) zoneName() string { return p.Zone }
func (p CreditPoolParams) cycle() cycle     { return cycle{p.Period, p.Anchor} }

func (p CreditPoolParams) check() []pact.Ambiguity {
	var q questions
	q.midPeriod(p.MidPeriod)
	q.oneOf("period", p.Period, "", "month", "quarter", "half_year", "year")
	q.zone(p.Zone)
	q.days("report_days", p.ReportDays)
	q.oneOf("unreported", p.Unreported, "", "missed", "kept")
	if len(p.Levels) == 0 || len(p.Levels) > 200 {
		q.ask("levels", "Which levels share the amount at risk (1 to 200)?")
	}
	for i, l := range p.Levels {
		q.between("levels", sprintf("levels[%d].weight", i), 0, 100_000, l.Weight)
		q.between("levels", sprintf("levels[%d].points", i), 0, 100_000, l.Points)
		if l.Level == "" || len(p.Points) == 0 && l.Weight == nil {
			q.ask("levels", "A level needs its name, and a weight where no table of points is given.")
		}
		if l.Level != "" && slices.ContainsFunc(p.Levels[:i], func(before PoolLevel) bool { return sameWord(before.Level, l.Level) }) {
			q.choose("levels", sprintf("The level %q is listed twice, and would count twice. Which of its weights is meant?", short(l.Level)), p.eitherOf(i)...)
		}
	}
	q.decimals("at_risk_percent", 0, 1000, p.AtRiskPercent)
	q.amount("at_risk_amount", "at_risk_amount", p.AtRiskAmount)
	if p.Credit != nil && p.Credit.EarnBack != nil && p.Credit.EarnBack.Rule == "average" {
		q.ask("earn_back", "Several levels have no mean. Must each of the following periods keep all of them?")
	}
	for i, r := range p.Points {
		q.between("points", sprintf("points[%d].points", i), 0, 100_000, &r.Points)
		q.between("points", sprintf("points[%d].percent", i), 0, 100_000, &r.Percent)
	}
	p.given(&q)
	if c := p.Credit; c != nil {
		c.check(&q, decimal.Zero, true)
		if len(c.Tiers) > 0 || c.Linear != nil || c.PerStep != nil || c.FeeMultiple != nil || c.AtRisk != nil {
			q.ask("credit", "The levels of the pool give the credit; only caps, minimum, factor, claim and termination belong here.")
		}
	}
	return q
}

// given asks about what the clause gives twice: the amount at risk, what a level weighs, and what a number of points comes to.
func (p CreditPoolParams) given(q *questions) {
	if p.AtRiskPercent != nil && p.AtRiskAmount != nil {
		q.choose("at_risk", "The amount at risk is given twice, as a percentage and as an amount. Which one governs?",
			pact.Outcome{Reading: "the percentage", Set: `"at_risk_amount": null`}, pact.Outcome{Reading: "the amount", Set: `"at_risk_percent": null`})
	}
	if len(p.Points) > 0 && slices.ContainsFunc(p.Levels, func(l PoolLevel) bool { return l.Weight != nil }) {
		unweighted := slices.Clone(p.Levels)
		for i := range unweighted {
			unweighted[i].Weight = nil
		}
		q.choose("levels", "A level has a weight, and there is a table of points. Which one gives the credit?",
			pact.Outcome{Reading: "the weights", Set: `"points": null`}, pact.Outcome{Reading: "the points", Set: member("levels", unweighted)})
	}
	for i, r := range p.Points {
		first := slices.IndexFunc(p.Points[:i], func(x PointRow) bool { return x.Points.Equal(r.Points) })
		if first < 0 {
			continue
		}
		without := func(row int) string { return member("points", slices.Delete(slices.Clone(p.Points), row, row+1)) }
		q.choose("points", sprintf("The table gives %s points twice. Which percentage is due?", r.Points),
			pact.Outcome{Reading: sprintf("%s %%", p.Points[first].Percent), Set: without(i)}, pact.Outcome{Reading: sprintf("%s %%", r.Percent), Set: without(first)})
	}
}

// eitherOf are the readings of a level that an earlier row names too: one of both rows counts.
func (p CreditPoolParams) eitherOf(i int) (out []pact.Outcome) {
	first := slices.IndexFunc(p.Levels[:i], func(before PoolLevel) bool { return sameWord(before.Level, p.Levels[i].Level) })
	for _, keep := range []struct{ this, that int }{{first, i}, {i, first}} {
		worth := "weight " + orZero(p.Levels[keep.this].Weight).String() + " %"
		if len(p.Points) > 0 {
			worth = orZero(p.Levels[keep.this].Points).String() + " points"
		}
		list := slices.Delete(slices.Clone(p.Levels), keep.that, keep.that+1)
		out = append(out, pact.Outcome{Reading: fmt.Sprintf("row %d, %s", keep.this+1, worth), Set: member("levels", list)})
	}
	return out
}

// Occurrences lists the periods.
func (CreditPool) Occurrences(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	var p CreditPoolParams
	if decode(o.Params, &p) != nil {
		return nil
	}
	return periods(o, p.cycle(), zoneOf(p.Zone), period, p.Service)
}

// Assess adds up one period.
func (CreditPool) Assess(in Input) (pact.Assessment, error) {
	p, s, whole, done, err := beginCycle[CreditPoolParams](in)
	if err != nil || done {
		return *s.a, err
	}
	pool := creditPool{p: p, s: s, whole: whole}
	return pool.judge()
}

type creditPool struct {
	p     CreditPoolParams
	s     *sheet
	whole calendar.Period
	aside bool // judged for another period: what its questions come to is not asked for
	// chosen are, of reports that contradict each other, those that count.
	chosen []pact.EventID
}

// What became of a level. Unknown is neither: nobody reported it, or it can not be judged.
const (
	levelMissed  = "missed"
	levelKept    = "not missed"
	levelUnknown = "not known"
)

// poolSum is what the levels of a period come to.
type poolSum struct {
	percent       decimal.Decimal
	missed, known bool             // known: the table of points has the number
	unknown       []PoolLevel      // neither missed nor kept
	asked         []pact.Ambiguity // of some of these, what must be decided
	waiting       bool             // reports may still come in time
	nothing       bool             // no level had anything to measure
	differ        *found           // the first level of which reports contradict each other
	atBest        decimal.Decimal
	points        decimal.Decimal // of the missed ones
}

func (c creditPool) judge() (pact.Assessment, error) {
	s := c.s
	over := s.today >= c.whole.Until
	s.a.DueAt = s.start(c.whole.Until)
	sum := c.due()
	if !over {
		s.a.Ambiguities, s.a.AmountState = nil, "" // nothing is due yet
		s.a.NextAt = s.a.DueAt
		return s.done(map[bool]pact.Status{true: pact.AtRisk, false: pact.OnTrack}[sum.missed]), nil
	}
	if sum.differ != nil {
		return c.underEach(*sum.differ)
	}
	if sum.waiting && len(sum.unknown) > 0 {
		s.a.Ambiguities, s.a.AmountState = nil, ""
		s.a.NextAt = s.end(c.lastReport())
		s.add("reports may still come", "until "+dayText(c.lastReport()), "the period waits for "+levelNames(sum.unknown))
		return s.done(map[bool]pact.Status{true: pact.AtRisk, false: pact.Pending}[sum.missed]), nil
	}
	if len(sum.unknown) > 0 {
		kept, missed := c.eitherWay(sum)
		kept.Set, missed.Set = "", "" // the events tell
		for _, q := range sum.asked {
			s.ask(q.Code, q.Question, kept, missed)
		}
		if len(sum.asked) == 0 {
			c.unreported(sum)
		}
		if !sum.missed {
			return s.done(pact.Pending), nil
		}
		s.a.EndedAt, s.a.BreachedAt = s.a.DueAt, s.a.DueAt
		return s.done(pact.Breached), nil
	}
	s.a.EndedAt = s.a.DueAt
	if !sum.missed {
		return s.done(pact.Met), nil
	}
	s.a.BreachedAt = s.a.DueAt
	if sum.known {
		c.settle(sum.percent)
	}
	return s.done(pact.Breached), nil
}

// underEach judges the period by each of the reports of a level that contradict each other.
func (c creditPool) underEach(f found) (pact.Assessment, error) {
	return underReports(f.asked, f.differ, func(chosen pact.EventID) (pact.Assessment, error) {
		p, s, whole, done, err := beginCycle[CreditPoolParams](c.s.in)
		if err != nil || done {
			return *s.a, err
		}
		return creditPool{p: p, s: s, whole: whole, chosen: append(slices.Clone(c.chosen), chosen)}.judge()
	})
}

func levelNames(list []PoolLevel) string {
	names := make([]string, len(list))
	for i, l := range list {
		names[i] = l.Level
	}
	return strings.Join(names, ", ")
}

// unreported asks what levels are that nobody reported, with what each reading comes to.
func (c creditPool) unreported(sum poolSum) {
	kept, missed := c.eitherWay(sum)
	c.s.ask("unreported_level", fmt.Sprintf("Nobody reported %s in %s. Report it, or say what a level that is not reported counts as.%s", levelNames(sum.unknown), c.s.in.Occurrence.Key, c.perhapsOf(sum.unknown)), kept, missed)
}

// perhapsOf tells which obligation of the contract, that is no level yet, the name of a level that nobody reported probably means.
func (c creditPool) perhapsOf(unknown []PoolLevel) string {
	others := slices.DeleteFunc(slices.Clone(c.s.in.Timeline.Keys()), func(key string) bool {
		return key == c.s.in.Obligation.Key || slices.ContainsFunc(c.p.Levels, func(l PoolLevel) bool { return sameWord(l.Level, key) })
	})
	var g guess
	for _, l := range unknown {
		if meant := g.nearest(l.Level, lettered(others)); meant != "" {
			return fmt.Sprintf(" Perhaps the level %q means the obligation %q of the contract.", short(l.Level), short(meant))
		}
	}
	return ""
}

// eitherWay is what the period comes to where the levels that are not known were kept, and where they were missed.
func (c creditPool) eitherWay(sum poolSum) (kept, missed pact.Outcome) {
	weight, points, countable := sum.atBest, sum.points, true
	for _, l := range sum.unknown {
		if len(c.p.Points) == 0 {
			weight = weight.Add(*l.Weight)
			continue
		}
		countable = countable && l.Points != nil
		points = points.Add(orZero(l.Points))
	}
	kept, missed = pact.Outcome{Reading: "not missed", Set: member("unreported", "kept")}, pact.Outcome{Reading: "missed", Set: member("unreported", "missed")}
	if len(c.p.Points) == 0 {
		kept, missed = c.outcome(kept, sum.atBest), c.outcome(missed, weight)
	} else {
		if low, ok := c.row(sum.points); ok || !sum.missed {
			kept = c.outcome(kept, low)
		}
		if high, ok := c.row(points); ok && countable {
			missed = c.outcome(missed, high)
		}
	}
	return kept, missed
}

// due adds up the missed levels to a percentage. What is not known of a level is decided by the clause, where it says so.
func (c creditPool) due() poolSum {
	s := c.s
	sum := poolSum{known: true, nothing: true}
	over, last := s.today >= c.whole.Until, c.lastReport()
	sum.waiting = c.p.ReportDays > 0 && s.today <= last
	for _, l := range c.p.Levels {
		one := c.state(l)
		sum.nothing = sum.nothing && one.nothing
		state, words := one.state, one.words
		if state == levelUnknown && over && one.asked.Code == "" {
			switch {
			case c.p.ReportDays > 0 && !sum.waiting:
				state = levelMissed
				words += "; deemed missed: no report by " + dayText(last)
			case c.p.ReportDays > 0:
			case c.p.Unreported == "missed":
				state = levelMissed
				words += "; the clause takes what is not reported as missed"
			case c.p.Unreported == "kept":
				state = levelKept
				words += "; the clause takes what is not reported as kept"
			}
		}
		result := state
		switch state {
		case levelUnknown:
			sum.unknown = append(sum.unknown, l)
			if one.asked.Code != "" {
				sum.asked = append(sum.asked, one.asked)
			}
			if len(one.differ) > 0 && sum.differ == nil {
				sum.differ = &one
			}
		case levelMissed:
			sum.missed = true
			if len(c.p.Points) > 0 {
				sum.points = sum.points.Add(one.points)
				result += ", " + one.points.String() + " points"
			} else {
				sum.atBest = sum.atBest.Add(*l.Weight)
				result += ", weight " + l.Weight.String() + " %"
			}
		}
		s.add("level "+l.Level, words, result, one.ids...)
		if state == levelMissed && one.own != nil && one.own.Value.IsPositive() {
			s.add("a credit of its own", l.Level+" gives one beside its part in the pool", one.own.String()+" is owed by that clause, and is no part of this one", one.ids...)
		}
	}
	sum.percent = sum.atBest
	if len(c.p.Points) == 0 || !sum.missed {
		return sum
	}
	s.a.Measured = sum.points.String()
	if len(sum.unknown) == 0 {
		sum.percent, sum.known = c.percent(sum.points)
	}
	return sum
}

// row finds the percentage of a number of points, where the table has it.
func (c creditPool) row(points decimal.Decimal) (decimal.Decimal, bool) {
	rows := slices.Clone(c.p.Points)
	slices.SortFunc(rows, func(a, b PointRow) int { return a.Points.Cmp(b.Points) })
	for i, r := range rows {
		if r.Points.Equal(points) || r.AtLeast && points.GreaterThanOrEqual(r.Points) && i == len(rows)-1 {
			return r.Percent, true
		}
	}
	return decimal.Zero, false
}

// percent looks the points up; between rows it asks.
func (c creditPool) percent(points decimal.Decimal) (decimal.Decimal, bool) {
	s := c.s
	rows := slices.Clone(c.p.Points)
	slices.SortFunc(rows, func(a, b PointRow) int { return a.Points.Cmp(b.Points) })
	if found, ok := c.row(points); ok {
		s.add("table of points", points.String()+" points", found.String()+" %")
		return found, true
	}
	if c.aside {
		return decimal.Zero, false
	}
	var below, above *PointRow
	for i, r := range rows {
		switch {
		case r.Points.LessThan(points):
			below = &rows[i]
		case above == nil:
			above = &rows[i]
		}
	}
	var outcomes []pact.Outcome
	for _, r := range []*PointRow{below, above} {
		if r == nil {
			continue
		}
		table := append(slices.Clone(c.p.Points), PointRow{Points: points, Percent: r.Percent})
		outcomes = append(outcomes, c.outcome(pact.Outcome{Reading: fmt.Sprintf("%s points: %s %%", r.Points, r.Percent), Set: member("points", table)}, r.Percent))
	}
	s.ask("points_gap", fmt.Sprintf("%s points are not in the table. Which percentage is due?", points), outcomes...)
	return decimal.Zero, false
}

// currencies is what brings charges and sums of the clause into one currency.
func (c creditPool) currencies() creditCase {
	one := creditCase{period: c.whole, service: c.service()}
	if c.p.Credit != nil {
		one.rule = *c.p.Credit
	}
	return one
}

// fees are the charges that percentages are of, before the part at risk.
func (c creditPool) fees(say bool) (money.Amount, bool) {
	s, p := c.s, c.p
	period := c.whole
	if p.NextPeriod {
		period = p.cycle().containing(c.whole.Until, calendar.Period{})
	}
	months, _ := s.in.charged(p.cycle(), period)
	a, tr := s.a, s.tracer
	if !say {
		a = &pact.Assessment{}
		tr.steps = &a.Trace
	}
	fees, ids, ok := c.currencies().charged(a, s.in, months, "fees", "the charges of "+monthsText(months), tr)
	if !ok {
		return fees, false
	}
	s.a.EventIDs = eachOnce(s.a.EventIDs, ids)
	if say {
		s.add("fees", "the charges of "+monthsText(months), fees.String(), ids...)
	}
	return fees, true
}

// base is what weights and points are a percentage of, with what cap_percent is one of: the fees. Where nothing asks for the fees they
// are not looked for.
func (c creditPool) base(say bool) (atRisk, fees money.Amount, ok bool) {
	s, p := c.s, c.p
	capped := p.Credit != nil && p.Credit.CapPercent != nil
	if p.AtRiskAmount != nil {
		if say {
			s.add("amount at risk", "the clause gives it", p.AtRiskAmount.String())
		}
		if !capped {
			return *p.AtRiskAmount, money.New(decimal.Zero, p.AtRiskAmount.Currency), true
		}
	}
	if fees, ok = c.fees(say); !ok {
		return fees, fees, false
	}
	switch {
	case p.AtRiskAmount != nil && p.AtRiskAmount.Currency != fees.Currency:
		a, tr := s.a, s.tracer
		if !say {
			a = &pact.Assessment{}
			tr.steps = &a.Trace
		}
		sum, ok := c.currencies().inCurrency(a, s.in, "amount at risk", *p.AtRiskAmount, fees.Currency, tr)
		if !ok {
			return fees, fees, false
		}
		return money.FromRatio(sum, fees.Currency), fees, true
	case p.AtRiskAmount != nil:
		return *p.AtRiskAmount, fees, true
	case p.AtRiskPercent != nil:
		atRisk = fees.Percent(*p.AtRiskPercent)
		if say {
			s.add("amount at risk", p.AtRiskPercent.String()+" % of the fees", exactText(atRisk.Ratio(), fees.Currency))
		}
		return atRisk, fees, true
	}
	return fees, fees, true
}

// outcome is what a percentage comes to, the whole way to the amount.
func (c creditPool) outcome(o pact.Outcome, percent decimal.Decimal) pact.Outcome {
	scratch := pact.Assessment{At: c.s.a.At}
	quiet := *c.s
	quiet.a, quiet.tracer = &scratch, tracer{zone: c.s.zone, steps: &scratch.Trace}
	c.s = &quiet
	c.settle(percent)
	switch {
	case scratch.AmountState == "needs_charge":
		o.Result = "waits for the charge"
	case scratch.AmountState != "":
		o.Result = "asks again"
	case scratch.Amount == nil:
		o.Result = "no credit"
	default:
		o.Amount = scratch.Amount
	}
	return o
}

// raw is the credit for a percentage, never more than the amount at risk.
func (c creditPool) raw(percent decimal.Decimal, base money.Amount) *big.Rat {
	s := c.s
	exact := percentOf(base.Ratio(), percent)
	text := exactText(base.Ratio(), base.Currency)
	s.add("credit", percent.String()+" % of "+text, exactText(exact, base.Currency))
	if len(c.p.Points) == 0 && percent.GreaterThan(decimal.NewFromInt(100)) {
		exact = base.Ratio()
		s.add("no more than the amount at risk", percent.String()+" % of weight", "cut to "+text)
	}
	return exact
}

// settle turns a percentage into the amount, through the caps.
func (c creditPool) settle(percent decimal.Decimal) {
	s := c.s
	base, fees, ok := c.base(true)
	if !ok {
		c.noNextPeriod(percent)
		return
	}
	exact := c.raw(percent, base)
	one := creditCase{cycle: c.p.cycle(), period: c.whole, key: s.in.Occurrence.Key, service: c.service(), following: c.following}
	var past []pastCredit
	if c.p.Credit != nil {
		one.rule = *c.p.Credit
		if one.rule.looksBack() {
			past = c.history()
		}
	}
	one.finishFrom(s.a, s.in, exact, fees, past, s.tracer)
	if s.a.AmountState != "" && s.a.ClaimBy == "" { // whatever it waits for, the days run
		one.claim(s.a, s.tracer)
	}
	one.termination(past, s.tracer)
}

// noNextPeriod asks what the credit of the last period is of, where it waits for the charges of the next one and the contract has ended before that.
func (c creditPool) noNextPeriod(percent decimal.Decimal) {
	s, end := c.s, c.s.in.Timeline.End(c.s.in.Obligation.Key)
	if !c.p.NextPeriod || s.a.AmountState != "needs_charge" || end == nil || c.whole.Until <= end.Last {
		return
	}
	if s.today <= end.Last { // until then a charge may come
		creditCase{}.look(s.a, end.Last.AddDays(1), s.tracer)
		return
	}
	own := c
	own.p.NextPeriod = false
	months := c.p.cycle().charged(c.p.cycle().containing(c.whole.Until, calendar.Period{}))
	s.ask("no_next_period", fmt.Sprintf("The credit of %s is of the charges of the next period, and %s. Of what is it? Report what it is of as the charge of %s, and 0 where nothing is due.", s.in.Occurrence.Key, end.Says(s.today), months[0]),
		own.outcome(pact.Outcome{Reading: "of the charges of " + s.in.Occurrence.Key + " itself"}, percent), pact.Outcome{Reading: "there is no credit", Result: "no credit"})
}

func (c creditPool) service() string {
	if c.p.Service == "" {
		return AnyService
	}
	return c.p.Service
}

// history adds up the earlier periods.
func (c creditPool) history() []pastCredit {
	from := c.s.in.since()
	if from == "" && len(c.s.counts.events) > 0 {
		from = c.s.dateOf(*c.s.counts.events[0])
	}
	var out []pastCredit
	for _, d := range c.s.in.earlier(c.p.cycle(), c.whole, from) {
		in, one := d.occurrence(c.s.in), d.period
		past := pastCredit{key: in.Occurrence.Key, period: one, other: d.cycle.same() != c.p.cycle().same()}
		p, s, done, err := begin(in, func(CreditPoolParams, *sheet) calendar.Date { return max(one.From, in.held(one).From) })
		if err == nil && !done {
			e := creditPool{p: p, s: s, whole: one, aside: true}
			sum := e.due()
			past.missed = sum.missed
			if p.Credit != nil {
				past.rule = *p.Credit
			}
			if base, fees, ok := e.base(false); sum.missed && sum.known && len(sum.unknown) == 0 && ok && p.Credit != nil {
				rule := creditCase{rule: *p.Credit, cycle: d.cycle, period: one, key: past.key}
				if exact, ok := rule.capped(s.a, in, e.raw(sum.percent, base), fees, out, s.tracer); ok {
					past.exact, past.cur = exact, base.Currency
				}
			}
			past.unknown = p.Credit != nil && past.exact == nil && (sum.missed || len(sum.unknown) > 0)
			past.ids = restsOn(*s.a)
		}
		out = append(out, past)
	}
	return out
}
