package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// CommitmentParams are the parameters of minimum_commitment: so much is bought in each period, or paid for.
type CommitmentParams struct {
	// Amount is the least to be spent in a period; or Quantity with the Price at which missing units are paid.
	Amount   *money.Amount    `json:"amount,omitempty"`
	Quantity *decimal.Decimal `json:"quantity,omitempty"`
	Price    *money.Amount    `json:"price,omitempty"`
	// FeePercent of the shortfall is owed; default 100 (take or pay).
	FeePercent *decimal.Decimal `json:"fee_percent,omitempty"`
	Period     string           `json:"period,omitempty" enum:"month,quarter,half_year,year,rolling_year,term"`
	Anchor     calendar.Date    `json:"anchor,omitempty"`
	Zone       string           `json:"zone,omitempty"`
	// Prorate cuts the commitment of a period the clause holds only in part, by days.
	Prorate bool `json:"prorate,omitempty"`
	// CarryForward counts what was bought beyond the commitment for the next periods: none (default), next, or all. CarryPercent
	// limits it, in percent of the commitment.
	CarryForward string           `json:"carry_forward,omitempty" enum:"none,next,all"`
	CarryPercent *decimal.Decimal `json:"carry_percent,omitempty"`
	// MakeUpPeriods: what was paid for and not taken may be taken in so many following periods. What is bought beyond the commitment
	// of such a period is set against it, the oldest first, and its part of the fee is given back.
	MakeUpPeriods int `json:"make_up_periods,omitempty"`
	// Returns says in which period what is returned is taken out: that of its purchase, or that of the return. Absent: it is asked where it
	// matters. What names no purchase that is known is taken out when it is returned.
	Returns  string   `json:"returns,omitempty" enum:"purchase,return"`
	Eligible Eligible `json:"eligible,omitzero"`
}

// MinimumCommitment judges take-or-pay and minimum spend. Occurrences are periods; the amount is what is owed for the shortfall.
type MinimumCommitment struct{}

// Name is minimum_commitment.
func (MinimumCommitment) Name() string { return "minimum_commitment" }

// Params gives empty CommitmentParams.
func (MinimumCommitment) Params() any { return CommitmentParams{} }

// Check asks for what the shortfall needs.
func (MinimumCommitment) Check(o pact.Obligation) []pact.Ambiguity { return ask[CommitmentParams](o) }

func (p CommitmentParams) zoneName() string { return p.Zone }
func (p CommitmentParams) cycle() cycle     { return cycle{p.Period, p.Anchor} }

// looksBack tells whether what earlier periods bought matters.
func (p CommitmentParams) looksBack() bool {
	return p.CarryForward != "" && p.CarryForward != "none" || p.MakeUpPeriods > 0
}

func (p CommitmentParams) check() []pact.Ambiguity {
	var q questions
	if (p.Amount == nil) == (p.Quantity == nil) {
		q.ask("amount", "How much is to be bought in each period: an amount, or a quantity with its price?")
	}
	if p.Quantity != nil && p.Price == nil {
		q.ask("price", "At which price are missing units paid?")
	}
	q.amounts("amount", p.Amount, p.Price)
	q.decimals("quantity", 0, 1_000_000_000_000, p.Quantity)
	q.between("fee_percent", "fee_percent", 0, 1000, p.FeePercent)
	q.between("fee_percent", "carry_percent", 0, 1000, p.CarryPercent)
	q.oneOf("carry_forward", p.CarryForward, "", "none", "next", "all")
	q.oneOf("returns", p.Returns, "", "purchase", "return")
	switch carries := p.CarryForward != "" && p.CarryForward != "none"; {
	case p.MakeUpPeriods < 0 || p.MakeUpPeriods > 1000:
		q.ask("make_up_periods", "%d periods to make up in are out of range.", p.MakeUpPeriods)
	case p.MakeUpPeriods > 0 && carries:
		q.choose("make_up_periods", "What is bought beyond the commitment may make up what was paid for before, and may be carried over. Which of the two is it used for?",
			pact.Outcome{Reading: "it makes up", Set: member("carry_forward", "none")}, pact.Outcome{Reading: "it is carried over", Set: member("make_up_periods", 0)})
	}
	q.cycle(p.Period, p.Anchor)
	q.zone(p.Zone)
	q.conversions(p.Eligible.Conversions)
	return q
}

// Occurrences lists the periods.
func (MinimumCommitment) Occurrences(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	var p CommitmentParams
	if decode(o.Params, &p) != nil {
		return nil
	}
	return periods(o, p.cycle(), zoneOf(p.Zone), period, "")
}

// Assess judges one period. What is carried over is computed from the first period on.
func (MinimumCommitment) Assess(in Input) (pact.Assessment, error) {
	p, s, whole, done, err := beginCycle[CommitmentParams](in)
	if err != nil || done {
		return *s.a, err
	}
	cur := ""
	for _, a := range []*money.Amount{p.Amount, p.Price} {
		if a != nil {
			cur = a.Currency
		}
	}
	held := in.held(whole)
	within := subscribed(whole, held)
	if p.looksBack() {
		within.From = "" // what earlier periods bought matters
	}
	all, ok := s.purchasesOf(p.Eligible, cur, p.Returns != "return", func(on, counts calendar.Date) bool {
		return within.Contains(counts) || p.Returns == "" && within.Contains(on)
	})
	if !ok || p.Quantity != nil && !s.inOneUnit(all, p.Eligible) {
		return s.done(pact.Pending), nil
	}
	m := commitment{p: p, s: s, cur: cur, all: all, held: held}
	if !s.takenBack(p.Returns, m.moved(whole)) {
		return s.done(pact.Pending), nil
	}
	return m.judge(whole), nil
}

// takenBack says in which period what was returned in another than that of its purchase is taken out; false where it is asked.
func (s *sheet) takenBack(returns string, moved []string) bool {
	switch {
	case len(moved) == 0:
	case returns == "":
		s.ask("returns", sprintf("What was bought in one period was returned in another (%s). In which of them is it taken out?", firstOf(moved)),
			pact.Outcome{Reading: "in that of its purchase", Set: member("returns", "purchase")}, pact.Outcome{Reading: "in that of the return", Set: member("returns", "return")})
		return false
	case returns == "purchase":
		s.add("returned in another period", firstOf(moved), "taken out of the period of its purchase")
	}
	return true
}

// returnedElsewhere names the purchases and returns for which it matters in which period a return counts.
func returnedElsewhere(list []bought, matters func(bought) bool) []string {
	var out []string
	for _, b := range list {
		if name := cmp.Or(b.event.Subject, b.event.Data.Reference); matters(b) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// moved names what was returned in another period than that of its purchase, as far as it matters for one period in which it counts.
func (m commitment) moved(whole calendar.Period) []string {
	here := subscribed(whole, m.held)
	return returnedElsewhere(m.all, func(b bought) bool {
		return here.Contains(b.day) != here.Contains(b.on) || m.p.looksBack() && m.p.cycle().containing(b.day, m.held) != m.p.cycle().containing(b.on, m.held)
	})
}

type commitment struct {
	p    CommitmentParams
	s    *sheet
	cur  string
	all  []bought
	held calendar.Period
}

// committed is the commitment of a period, in money or units.
func (m commitment) committed(whole calendar.Period, say bool) *big.Rat {
	full := new(big.Rat)
	if m.p.Amount != nil {
		full = m.p.Amount.Ratio()
	} else {
		full.Set(m.p.Quantity.Rat())
	}
	covered := subscribed(whole, m.held)
	if !m.p.Prorate || covered == whole || whole.Until == "" || covered.Until == "" {
		if say {
			m.s.add("commitment", fmt.Sprintf("%s to before %s", covered.From, cmp.Or(string(covered.Until), "the end")), m.shown(full))
		}
		return full
	}
	days, of := covered.From.DaysUntil(covered.Until), whole.From.DaysUntil(whole.Until)
	part := mul(full, big.NewRat(int64(days), int64(of)))
	if say {
		m.s.add("commitment, for the days it holds", fmt.Sprintf("%s × %d / %d days", m.shown(full), days, of), m.shown(part))
	}
	return part
}

func (m commitment) shown(r *big.Rat) string {
	if m.p.Amount != nil {
		return exactText(r, m.cur)
	}
	return exactNumber(r, 0) + " units"
}

func (m commitment) bought(whole calendar.Period) *big.Rat {
	sum := new(big.Rat)
	for _, b := range withinPeriod(m.all, subscribed(whole, m.held)) {
		if m.p.Amount != nil {
			sum = plus(sum, b.amount)
		} else {
			sum = plus(sum, b.quantity)
		}
	}
	return sum
}

// carried is what earlier periods bought beyond their commitment and may still be used.
func (m commitment) carried(whole calendar.Period) *big.Rat {
	carry := new(big.Rat)
	if m.p.CarryForward == "" || m.p.CarryForward == "none" || m.held.From == "" {
		return carry
	}
	for _, one := range m.p.cycle().within(calendar.Period{From: m.held.From, Until: whole.From}, calendar.Period{}) {
		if one.From >= whole.From {
			break
		}
		need := m.committed(one, false)
		spent := m.bought(one)
		excess := maxRat(new(big.Rat), minus(spent, need))
		short := maxRat(new(big.Rat), minus(need, spent))
		if m.p.CarryPercent != nil {
			excess = minRat(excess, percentOf(need, *m.p.CarryPercent))
		}
		left := maxRat(new(big.Rat), minus(carry, short))
		if m.p.CarryForward == "next" {
			left = new(big.Rat) // what was not used in the next period is lost
		}
		carry = plus(left, excess)
	}
	return carry
}

// shortage is what was paid for in a period and not taken since.
type shortage struct {
	period calendar.Period
	left   *big.Rat
	until  int // index of the last period in which it may be taken
}

// madeUp is what the purchases of a period beyond its commitment take of earlier shortfalls, the oldest first, and what of those may
// still be taken after it.
func (m commitment) madeUp(whole calendar.Period) (taken, open []shortage) {
	if m.p.MakeUpPeriods == 0 || m.held.From == "" {
		return nil, nil
	}
	list := m.p.cycle().within(calendar.Period{From: m.held.From, Until: whole.From}, calendar.Period{})
	list = slices.DeleteFunc(list, func(one calendar.Period) bool { return one.From >= whole.From })
	for i, one := range append(list, whole) {
		taken = nil
		need, spent := m.committed(one, false), m.bought(one)
		excess := maxRat(new(big.Rat), minus(spent, need))
		for j := range open {
			part := minRat(open[j].left, excess)
			if part.Sign() > 0 {
				taken = append(taken, shortage{period: open[j].period, left: part})
				open[j].left, excess = minus(open[j].left, part), minus(excess, part)
			}
		}
		open = slices.DeleteFunc(open, func(o shortage) bool { return o.left.Sign() == 0 || o.until <= i })
		if short := minus(need, spent); short.Sign() > 0 {
			open = append(open, shortage{period: one, left: short, until: i + m.p.MakeUpPeriods})
		}
	}
	return taken, open
}

// giveBack is the fee of earlier shortfalls that a period has made up.
func (m commitment) giveBack(whole calendar.Period, on calendar.Date) {
	taken, _ := m.madeUp(whole)
	sum := new(big.Rat)
	for _, t := range taken {
		fee := m.fee(t.left)
		m.s.add("makes up what was paid for before", fmt.Sprintf("%s of the shortfall from %s to before %s", m.shown(t.left), t.period.From, t.period.Until), exactText(fee, m.cur)+" is given back")
		sum = minus(sum, fee)
	}
	if sum.Sign() != 0 {
		m.s.owe(m.s.sum("given back for what was made up", sum, m.cur, on))
	}
}

// fee is what a shortfall costs.
func (m commitment) fee(short *big.Rat) *big.Rat {
	fee := short
	if m.p.Price != nil {
		fee = mul(fee, m.p.Price.Ratio())
	}
	if m.p.FeePercent != nil {
		fee = percentOf(fee, *m.p.FeePercent)
	}
	return fee
}

func (m commitment) judge(whole calendar.Period) pact.Assessment {
	s := m.s
	covered := subscribed(whole, m.held)
	if covered.Until != "" {
		s.a.DueAt = s.start(covered.Until)
	}
	need := m.committed(whole, true)
	mine := withinPeriod(m.all, covered)
	for _, b := range mine {
		s.use(b.event)
	}
	spent := m.bought(whole)
	s.add("bought in the period", counts(len(mine), "purchase")+" that count, returns taken out", m.shown(spent))
	counted := spent
	if carry := m.carried(whole); carry.Sign() > 0 {
		counted = plus(counted, carry)
		s.add("carried over from earlier periods", strings.ReplaceAll(m.p.CarryForward, "_", " "), m.shown(carry))
	}
	s.a.Target, s.a.Measured = exactNumber(need, 0), exactNumber(counted, 0)
	if need.Sign() > 0 {
		s.a.Percent = money.RatioString(mul(quo(counted, need), ratOf(100)), 12, 6)
	}
	over := covered.Until != "" && s.today >= covered.Until
	short := minus(need, counted)
	if short.Sign() <= 0 {
		s.add("commitment reached", m.shown(counted)+" of "+m.shown(need), string(pact.Met))
		if excess := new(big.Rat).Neg(short); excess.Sign() > 0 {
			s.add("beyond the commitment", "", m.shown(excess))
		}
		if over {
			s.a.EndedAt = s.a.DueAt
			m.giveBack(whole, covered.Until)
		}
		return s.done(pact.Met)
	}
	if !over {
		s.a.NextAt = s.a.DueAt
		s.add("still to be bought", m.shown(counted)+" of "+m.shown(need), m.shown(short))
		return s.done(pact.OnTrack)
	}
	s.a.BreachedAt, s.a.EndedAt = s.a.DueAt, s.a.DueAt
	s.add("shortfall", m.shown(need)+" - "+m.shown(counted), m.shown(short))
	fee := short
	if m.p.Price != nil {
		fee = mul(short, m.p.Price.Ratio())
		s.add("price of missing units", m.shown(short)+" × "+m.p.Price.String(), exactText(fee, m.cur))
	}
	if f := m.p.FeePercent; f != nil {
		fee = percentOf(fee, *f)
		s.add("fee on the shortfall", f.String()+" %", exactText(fee, m.cur))
	}
	sum := s.sum("shortfall fee", fee, m.cur, covered.Until)
	s.owe(sum)
	s.add("rounding, half up, once", exactText(fee, m.cur), sum.String())
	if m.p.MakeUpPeriods > 0 {
		s.add("may be taken later", fmt.Sprintf("in the following %d periods, beyond their commitment", m.p.MakeUpPeriods), m.shown(short))
	}
	return s.done(pact.Breached)
}

// CeilingParams are the parameters of spend_ceiling: no more than so much is spent.
type CeilingParams struct {
	Amount   money.Amount  `json:"amount"`
	Period   string        `json:"period,omitempty" enum:"month,quarter,half_year,year,rolling_year,term"`
	Anchor   calendar.Date `json:"anchor,omitempty"`
	Zone     string        `json:"zone,omitempty"`
	Eligible Eligible      `json:"eligible,omitzero"`
	// Returns says in which period what is returned takes the spend back: that of its purchase, or that of the return. Absent: it is asked
	// where it matters. What names no purchase that is known takes it back when it is returned.
	Returns string `json:"returns,omitempty" enum:"purchase,return"`
	// Thresholds are percentages of the ceiling from which it is at risk, compared with >=. Default ["75", "90"].
	Thresholds []decimal.Decimal `json:"thresholds,omitempty"`
}

// SpendCeiling judges not-to-exceed amounts. Occurrences are periods, usually the term; the amount is what lies above the ceiling
// and need not be paid.
type SpendCeiling struct{}

// Name is spend_ceiling.
func (SpendCeiling) Name() string { return "spend_ceiling" }

// Params gives empty CeilingParams.
func (SpendCeiling) Params() any { return CeilingParams{} }

// Check asks for what the ceiling needs.
func (SpendCeiling) Check(o pact.Obligation) []pact.Ambiguity { return ask[CeilingParams](o) }

func (p CeilingParams) zoneName() string { return p.Zone }

func (p CeilingParams) cycle() cycle {
	return cycle{cmp.Or(p.Period, "term"), p.Anchor}
}

func (p CeilingParams) check() []pact.Ambiguity {
	var q questions
	q.amounts("amount", &p.Amount)
	if !p.Amount.Value.IsPositive() {
		q.ask("amount", "Which amount must not be exceeded?")
	}
	q.cycle(cmp.Or(p.Period, "term"), p.Anchor)
	q.zone(p.Zone)
	q.oneOf("returns", p.Returns, "", "purchase", "return")
	q.thresholds(p.Thresholds)
	return q
}

// Occurrences lists the periods.
func (SpendCeiling) Occurrences(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	var p CeilingParams
	if decode(o.Params, &p) != nil {
		return nil
	}
	return periods(o, p.cycle(), zoneOf(p.Zone), period, "")
}

// Assess judges one period.
func (SpendCeiling) Assess(in Input) (pact.Assessment, error) {
	p, s, done, err := begin(in, func(p CeilingParams, s *sheet) calendar.Date {
		one, err := p.cycle().of(in.Occurrence.Key, in.Obligation.InForce)
		held := in.held(one)
		switch { // over a term the version of the day governs, after its end the last one
		case err != nil:
			return ""
		case held.Until != "" && s.today >= held.Until:
			return held.Until.AddDays(-1)
		case p.cycle().unit == "term":
			return max(s.today, held.From)
		}
		return max(one.From, held.From)
	})
	if err != nil || done {
		return *s.a, err
	}
	whole, err := p.cycle().of(in.Occurrence.Key, in.held(calendar.Period{}))
	if err != nil {
		return pact.Assessment{}, err
	}
	covered := subscribed(whole, in.held(whole))
	all, ok := s.purchasesOf(p.Eligible, p.Amount.Currency, p.Returns != "return", func(on, counts calendar.Date) bool {
		return covered.Contains(counts) || p.Returns == "" && covered.Contains(on)
	})
	if !ok {
		return s.done(pact.Pending), nil
	}
	elsewhere := returnedElsewhere(all, func(b bought) bool { return covered.Contains(b.day) != covered.Contains(b.on) })
	if !s.takenBack(p.Returns, elsewhere) {
		return s.done(pact.Pending), nil
	}
	limit, spent := p.Amount.Ratio(), new(big.Rat)
	var crossed *bought
	mine := withinPeriod(all, covered)
	for i, b := range mine {
		s.use(b.event)
		before := spent
		spent = plus(spent, b.amount)
		if crossed == nil && spent.Cmp(limit) > 0 && before.Cmp(limit) <= 0 {
			crossed = &mine[i]
		}
	}
	s.a.Target, s.a.Measured = p.Amount.String(), exactText(spent, p.Amount.Currency)
	used := mul(quo(spent, limit), ratOf(100))
	s.a.Percent = money.RatioString(used, 12, 6)
	s.add("spent", counts(len(mine), "purchase")+" that count", fmt.Sprintf("%s of %s = %s %%", s.a.Measured, p.Amount, s.a.Percent))
	over := covered.Until != "" && s.today >= covered.Until
	if over {
		s.a.EndedAt = s.start(covered.Until)
	}
	if spent.Cmp(limit) > 0 {
		excess := minus(spent, limit)
		if crossed != nil {
			s.a.BreachedAt = crossed.event.OccurredAt.UTC()
			s.add("ceiling exceeded", "with "+crossed.event.Subject+" on "+dayText(crossed.on), exactText(excess, p.Amount.Currency)+" above", idOf(crossed.event))
		}
		s.owe(s.sum("above the ceiling", excess, p.Amount.Currency, ""))
		return s.done(pact.Breached), nil
	}
	list := p.Thresholds
	if len(list) == 0 {
		list = []decimal.Decimal{decimal.NewFromInt(75), decimal.NewFromInt(90)}
	}
	for _, th := range sorted(list) {
		if used.Cmp(th.Rat()) >= 0 {
			s.a.Threshold = th.String()
		}
	}
	s.add("left", "", exactText(minus(limit, spent), p.Amount.Currency))
	switch {
	case over:
		return s.done(pact.Met), nil
	case s.a.Threshold != "":
		return s.done(pact.AtRisk), nil
	}
	return s.done(pact.OnTrack), nil
}
