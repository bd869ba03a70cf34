package obligation

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// CreditParams say what is owed where a promise was missed. One of Tiers, Linear, PerStep and FeeMultiple gives the credit;
// the rest is applied in this order, each step in the trace: weight of the amount at risk, factor for repeats, cap of the
// period, rolling cap, minimum payable, cap on liability, rounding, day to claim by, set-off against later charges, earn-back,
// trigger for termination. What is earned back makes no room under a cap again.
type CreditParams struct {
	// Tiers: credit by the level that was measured; a level in no row or in several is asked about.
	Tiers  []CreditTier  `json:"tiers,omitempty"`
	Linear *LinearCredit `json:"linear,omitempty"` // a credit for each percentage point by which the promise was missed
	// PerStep: a credit for each step of the shortfall or the downtime, or for each missed case.
	PerStep *StepCredit `json:"per_step,omitempty"`
	// FeeMultiple is a multiple of the fees for the time the service was down: "10" is ten times what was paid for it.
	FeeMultiple *decimal.Decimal `json:"fee_multiple,omitempty"`
	// AtRisk makes the base of percentages a part of the fees, weighted for this level.
	AtRisk *AtRisk `json:"at_risk,omitempty"`
	// Repeat multiplies the credit from the n-th miss in a row on.
	Repeat     *RepeatFactor    `json:"repeat,omitempty"`
	CapPercent *decimal.Decimal `json:"cap_percent,omitempty"` // of the fees of the period
	// CapAmount: the most that is given for a period; beside cap_percent both hold; absent: no such cap.
	CapAmount  *money.Amount `json:"cap_amount,omitempty"`
	RollingCap *RollingCap   `json:"rolling_cap,omitempty"` // the most that is given over any run of months; absent: no such cap
	// ExclusiveUntilCap: the credit is the only remedy, but not where it would exceed one of these caps; then it is flagged.
	ExclusiveUntilCap bool `json:"exclusive_until_cap,omitempty"`
	// MinimumPayable: a credit below it, before rounding, is not paid; with MinimumExclusive one equal to it is not either.
	MinimumPayable   *money.Amount `json:"minimum_payable,omitempty"`
	MinimumExclusive bool          `json:"minimum_exclusive,omitempty"` // a credit equal to minimum_payable is not paid either; absent: it is
	// ClaimDays: number of days from that of claim_anchor until the last day to claim; absent: no such day, or with second_month_end that day
	// itself.
	ClaimDays int `json:"claim_days,omitempty"`
	// ClaimAnchor says from when ClaimDays count: month_end (default; the end of the period), or second_month_end.
	ClaimAnchor string `json:"claim_anchor,omitempty" enum:"month_end,second_month_end"`
	// FeeBase: what the credit is a percentage of, in the words of the clause. Words that leave one-time or upfront fees out decide like
	// one_time_fees excluded.
	FeeBase string `json:"fee_base,omitempty"`
	// OneTimeFees says whether charges whose item is a one-time fee (upfront, one-time, setup, installation) are part of the fees the credit
	// and its caps are of. Absent: fee_base says it; where it does not, and there is such a charge, it is asked.
	OneTimeFees string `json:"one_time_fees,omitempty" enum:"included,excluded"`
	// ExcludeItems: charges with one of these items (data.item) are no part of those fees.
	ExcludeItems []string `json:"exclude_items,omitempty"`
	// Termination: when misses give a right to terminate; the trace says whether they do; absent: never.
	Termination *TerminationTrigger `json:"termination,omitempty"`
	// LiabilityCap: credits count towards the cap on liability, and stop when it is reached.
	LiabilityCap *LiabilityCap `json:"liability_cap,omitempty"`
	// CarryForward: a credit is set off against the next charges, and what they have no room for is carried on.
	CarryForward *CarryForward `json:"carry_forward,omitempty"`
	// EarnBack: the credit is given back where the following periods keep the promise.
	EarnBack *EarnBack `json:"earn_back,omitempty"`
	// Convert says what a sum of the clause in another currency than the charges means: number (the same number in that of the charges), or
	// rate (converted at the last rate, an event rate, known for the last day of the period). Absent: it is asked.
	Convert string `json:"convert,omitempty" enum:"number,rate"`
	// Currency the credit is computed in where the charges of a period come in several: the others are converted at that rate, too. Absent:
	// it is asked where it matters.
	Currency string `json:"currency,omitempty"`
}

// CreditTier gives a credit where From <= measured < Below, or above Over, or up to and including UpTo: Percent of the fees, or a fixed Amount.
type CreditTier struct {
	From  *decimal.Decimal `json:"from,omitempty"`  // the row begins at this level, itself included; absent: open
	Over  *decimal.Decimal `json:"over,omitempty"`  // or it begins above this level, itself not included
	Below *decimal.Decimal `json:"below,omitempty"` // the row ends below this level, itself not included; absent: open
	UpTo  *decimal.Decimal `json:"up_to,omitempty"` // or it ends at this level, itself included
	// Percent: credit in percent of the fees, or with at_risk of the weighted amount at risk; 0 gives none.
	Percent *decimal.Decimal `json:"percent,omitempty"`
	Amount  *money.Amount    `json:"amount,omitempty"` // credit as a sum, instead of percent
}

// LinearCredit gives PercentPerPoint percent of the fees for each percentage point by which the promise was missed, parts of a
// point included.
type LinearCredit struct {
	// PercentPerPoint: percent of the fees, or with at_risk of the amount at risk; parts of a point count.
	PercentPerPoint decimal.Decimal `json:"percent_per_point"`
}

// StepCredit gives Percent of the fees, or Amount, for each Step: of the shortfall in percentage points, of the downtime in minutes, or
// of the cases that missed their target (service_level within_target: "EUR 480 for each such incident").
type StepCredit struct {
	// Of: what is counted in steps: percentage points short, minutes down, or cases that missed their target.
	Of   string          `json:"of" enum:"shortfall,downtime_minutes,missed_cases"`
	Step decimal.Decimal `json:"step"` // size of one step, in percentage points, minutes or cases; above 0
	// Count says whether only full steps count (full, the default) or each that has begun (started).
	Count   string           `json:"count,omitempty" enum:"full,started"`
	Percent *decimal.Decimal `json:"percent,omitempty"` // for each step, of the fees, or with at_risk of the amount at risk
	Amount  *money.Amount    `json:"amount,omitempty"`  // a sum for each step, instead of percent
}

// AtRisk is the part of the fees that stands behind all levels, and the weight of this level in it (weights may add up to more
// than 100). Without tiers, steps or another rule a miss costs weight percent of the amount at risk.
type AtRisk struct {
	Percent *decimal.Decimal `json:"percent,omitempty"` // of the fees of the period
	Amount  *money.Amount    `json:"amount,omitempty"`  // or so much a period
	Weight  decimal.Decimal  `json:"weight"`            // of this level: percent of the amount at risk
}

// RepeatFactor multiplies the credit from the Misses-th miss in a row on.
type RepeatFactor struct {
	// Misses: the miss in a row from which the factor holds, this one counted: 2 is the second.
	Misses int             `json:"misses"`
	Factor decimal.Decimal `json:"factor"` // what the credit is multiplied by, before any cap: 1.5 adds half of it
}

// RollingCap limits the credits of any run of Months: to Amount, or to Percent of the fees of those months.
type RollingCap struct {
	Months  int              `json:"months"`            // length of each run in months, 1 to 120
	Percent *decimal.Decimal `json:"percent,omitempty"` // of the fees of the months of the run
	Amount  *money.Amount    `json:"amount,omitempty"`  // a sum for each run, instead of percent
}

// TerminationTrigger gives a right to terminate after Misses misses within Within periods; Consecutive: in a row.
type TerminationTrigger struct {
	Misses int `json:"misses"` // number of missed periods that give the right
	// Within: number of latest periods that are looked at, this one counted: at least misses, at most 120.
	Within int `json:"within"`
	// Consecutive: only misses in a row up to this period count; absent: all within those periods do.
	Consecutive bool `json:"consecutive,omitempty"`
}

// bounds are those of the row.
func (t CreditTier) bounds() pact.Tier {
	return pact.Tier{From: t.From, Over: t.Over, Below: t.Below, UpTo: t.UpTo}
}

// in writes the row with the unit of the level, " %" or "".
func (t CreditTier) in(unit string) string {
	bounds, _, _ := strings.Cut(t.bounds().String(), ": ")
	bounds = strings.ReplaceAll(bounds, " %", unit)
	switch {
	case t.Percent != nil:
		return bounds + ": " + t.Percent.String() + " %"
	case t.Amount != nil:
		return bounds + ": " + t.Amount.String()
	}
	return bounds + ": 0 %"
}

// creditCase is a missed period, ready for its credit.
type creditCase struct {
	rule     CreditParams
	measured *big.Rat // percent, or the unit of the level
	target   *big.Rat
	unit     string   // " %" or ""
	downtime *big.Rat // minutes, where the level has downtime
	failed   int      // cases that missed their target, where the level counts them
	total    *big.Rat // minutes
	service  string
	cycle    cycle
	period   calendar.Period
	key      string
	// history gives the earlier periods, oldest first, each with its credit before the rolling cap; past is what it gave.
	history func() []pastCredit
	past    []pastCredit
	// following gives the periods after this one.
	following func(n int) []followed
	worse     bool // higher is worse
	// table writes a credit table as a parameter of the clause.
	table func([]CreditTier) string
	short bool // the clause gives the credit in the short form
}

type pastCredit struct {
	key    string
	period calendar.Period
	missed bool
	other  bool         // one of other periods than those of the clause now: a month where quarters count
	rule   CreditParams // by which it is a credit: that of its own version
	exact  *big.Rat     // nil where it could not be computed
	cur    string
	ids    []pact.EventID // that it rests on
	waits  bool           // a cap waits for charges: exact is the most it may be
	least  *big.Rat       // and this the least
	// unknown: it is missed, or may be, and what it comes to waits for a charge, a report or a decision. It is not nothing.
	unknown bool
}

// raw computes the credit up to the cap of the period. It returns nil where there is none, or where it waits for something.
func (c creditCase) raw(a *pact.Assessment, in Input, tr tracer) (exact *big.Rat, base money.Amount) {
	rule := c.rule
	months, _ := in.charged(c.cycle, c.period)
	what := "the charge for " + c.service + " in " + monthsText(months)
	if rule.FeeBase != "" {
		what += " (" + rule.FeeBase + ")"
	}
	find := func() bool {
		sum, ids, ok := c.charged(a, in, months, "base of the credit", "the charge for "+c.service+" in "+monthsText(months), tr)
		if !ok {
			return false
		}
		a.EventIDs = append(a.EventIDs, ids...)
		tr.add("base of the credit", what, sum.String(), ids...)
		base = sum
		return true
	}
	shown := a.Measured + c.unit
	switch {
	case len(rule.Tiers) > 0:
		row, ok := c.row(a, in, shown, tr)
		if !ok {
			return nil, base
		}
		if row.Amount != nil {
			exact = row.Amount.Ratio()
			tr.add("credit", "the row gives an amount", row.Amount.String())
			if rule.CapPercent == nil {
				base = money.New(decimal.Zero, row.Amount.Currency)
			} else if !find() {
				return nil, base // the cap is a part of the charge
			} else if sum, ok := c.inCurrency(a, in, "credit", *row.Amount, base.Currency, tr); ok {
				exact = sum
			} else {
				return nil, base
			}
			break
		}
		if row.Percent == nil || !row.Percent.IsPositive() {
			tr.add("service credit", "the row gives none", "no credit")
			return nil, base
		}
		if !find() {
			return nil, base
		}
		exact = c.share(*row.Percent, base, tr)
	case rule.Linear != nil:
		if !find() {
			return nil, base
		}
		points := c.shortfall()
		percent := mul(points, rule.Linear.PercentPerPoint.Rat())
		exact = quo(mul(c.atRisk(base, tr), percent), big.NewRat(100, 1))
		tr.add("credit", fmt.Sprintf("%s points short × %s %% a point = %s %% of %s", exactNumber(points, 0), rule.Linear.PercentPerPoint, exactNumber(percent, 0), base), exactText(exact, base.Currency))
	case rule.PerStep != nil:
		var ok bool
		if exact, base, ok = c.steps(find, &base, tr); !ok {
			return nil, base
		}
	case rule.FeeMultiple != nil && c.total != nil && c.total.Sign() > 0:
		if !find() {
			return nil, base
		}
		part := quo(c.downtime, c.total)
		exact = mul(mul(base.Ratio(), part), rule.FeeMultiple.Rat())
		tr.add("credit", fmt.Sprintf("%s × %s × %s min down of %s min", rule.FeeMultiple, base, exactNumber(c.downtime, 0), exactNumber(c.total, 0)), exactText(exact, base.Currency))
	case rule.AtRisk != nil:
		if (rule.AtRisk.Amount == nil || rule.CapPercent != nil) && !find() {
			return nil, base
		}
		if rule.AtRisk.Amount != nil && rule.CapPercent == nil {
			base = money.New(decimal.Zero, rule.AtRisk.Amount.Currency)
		}
		pool := c.atRisk(base, tr)
		exact = percentOf(pool, rule.AtRisk.Weight)
		tr.add("credit", fmt.Sprintf("weight %s %% of the amount at risk %s", rule.AtRisk.Weight, exactText(pool, base.Currency)), exactText(exact, base.Currency))
	default:
		tr.add("service credit", "the clause has no credit table", "no credit")
		return nil, base
	}
	for _, given := range rule.stated() {
		if given.Currency == base.Currency {
			continue
		}
		one, ok := c.inCurrency(a, in, "credit", *given, base.Currency, tr)
		if !ok {
			return nil, base
		}
		exact = mul(exact, quo(one, given.Ratio())) // what was computed of it is in its currency
	}
	return exact, base
}

// stated are the sums that the clause itself gives for a credit or its base.
func (r CreditParams) stated() (list []*money.Amount) {
	if r.PerStep != nil && r.PerStep.Amount != nil {
		list = append(list, r.PerStep.Amount)
	}
	if r.AtRisk != nil && r.AtRisk.Amount != nil {
		list = append(list, r.AtRisk.Amount)
	}
	return list
}

// settle is the whole way from a missed period to the amount.
func (c creditCase) settle(a *pact.Assessment, in Input, tr tracer) {
	var past []pastCredit
	if c.rule.looksBack() {
		past = c.history()
		c.past = past
	}
	defer c.termination(past, tr)
	exact, base := c.raw(a, in, c.credited(tr))
	if exact == nil {
		if a.AmountState != "" { // whatever it waits for, the days run
			c.claim(a, tr)
		}
		return
	}
	c.finishFrom(a, in, exact, base, past, tr)
	if a.AmountState != "" && a.ClaimBy == "" {
		c.claim(a, tr)
	}
}

// credited names the clause of the credits in the steps that follow.
func (c creditCase) credited(tr tracer) tracer {
	switch r := c.rule; {
	case len(r.Tiers) > 0:
		for _, t := range r.Tiers {
			if t.Percent != nil && t.Percent.IsPositive() {
				return tr.by(t.Percent.String(), "less than", "below", "credit", "%\n")
			}
			if t.Amount != nil {
				return tr.by(t.Amount.Value.String(), "less than", "below", "credit")
			}
		}
	case r.Linear != nil:
		return tr.by(r.Linear.PercentPerPoint.String(), "credit", "each", "every", "per")
	case r.PerStep != nil:
		return tr.by(r.PerStep.Step.String(), "credit", "each", "every", "per")
	case r.FeeMultiple != nil:
		return tr.by(r.FeeMultiple.String(), "credit", "times")
	}
	return tr
}

// termination counts the misses and says where they give a right to terminate.
func (c creditCase) termination(past []pastCredit, tr tracer) {
	t := c.rule.Termination
	if t == nil {
		return
	}
	recent := past
	if n := t.Within - 1; len(recent) > n {
		recent = recent[len(recent)-n:]
	}
	misses, run, other := 1, 0, 0
	var keys []string
	var ids []pact.EventID
	for _, p := range recent {
		if !p.missed {
			run = 0
			continue
		}
		misses++
		run++
		if p.other {
			other++
		}
		keys = append(keys, p.key)
		ids = eachOnce(ids, p.ids)
	}
	counted, what := misses, ""
	if t.Consecutive {
		counted, what = run+1, " in a row"
	}
	keys = append(keys, c.key)
	result := "not reached"
	if counted >= t.Misses {
		result = "right to terminate"
	}
	if counted >= t.Misses && counted-other < t.Misses {
		result = fmt.Sprintf("open: %s of other periods than those that the clause counts now", counts(other, "miss"))
	}
	tr.add("trigger for termination", fmt.Sprintf("%s%s within %s (%s), %d needed", counts(counted, "miss"), what, counts(t.Within, "period"), joined(keys), t.Misses), result, ids...)
}

// row finds the tier, or asks with what each neighbouring row would give.
func (c creditCase) row(a *pact.Assessment, in Input, shown string, tr tracer) (CreditTier, bool) {
	var rows []CreditTier
	for _, t := range c.rule.Tiers {
		if t.bounds().Under(c.measured) || t.bounds().Above(c.measured) {
			continue
		}
		rows = append(rows, t)
	}
	if len(rows) == 1 {
		tr.decision("tiers", "credit").add("band of the credit table", shown, rows[0].in(c.unit))
		return rows[0], true
	}
	a.AmountState = "ambiguous"
	q := pact.Ambiguity{Code: "tier_overlap", Question: fmt.Sprintf("%s falls in several rows of the credit table. Which credit is due?", shown)}
	if len(rows) == 0 {
		q = pact.Ambiguity{Code: "tier_gap", Question: fmt.Sprintf("%s falls in no row of the credit table. Which credit is due?", shown)}
	}
	for _, x := range c.answers() {
		q.Outcomes = append(q.Outcomes, c.outcome(x, in))
	}
	a.Ambiguities = append(a.Ambiguities, q)
	tr.add("band of the credit table", shown, "ambiguous: "+q.Question)
	return CreditTier{}, false
}

// shortfall is by how much the promise was missed, in the unit of the level.
func (c creditCase) shortfall() *big.Rat {
	d := minus(c.target, c.measured)
	return d.Abs(d)
}

// atRisk is the base of percentages: the fees, or the amount at risk.
func (c creditCase) atRisk(base money.Amount, tr tracer) *big.Rat {
	r := c.rule.AtRisk
	switch {
	case r == nil:
		return base.Ratio()
	case r.Amount != nil:
		tr.add("amount at risk", "the clause gives it", r.Amount.String())
		return r.Amount.Ratio()
	case r.Percent != nil:
		pool := percentOf(base.Ratio(), *r.Percent)
		tr.add("amount at risk", r.Percent.String()+" % of "+base.String(), exactText(pool, base.Currency))
		return pool
	}
	return base.Ratio()
}

// share is a percentage of the fees, or of the weighted amount at risk.
func (c creditCase) share(percent decimal.Decimal, base money.Amount, tr tracer) *big.Rat {
	if c.rule.AtRisk == nil {
		exact := percentOf(base.Ratio(), percent)
		tr.add("credit", percent.String()+" % of "+base.String(), exactText(exact, base.Currency))
		return exact
	}
	pool := percentOf(c.atRisk(base, tr), c.rule.AtRisk.Weight)
	exact := percentOf(pool, percent)
	tr.add("credit", fmt.Sprintf("%s %% of the weighted amount at risk %s (weight %s %%)", percent, exactText(pool, base.Currency), c.rule.AtRisk.Weight), exactText(exact, base.Currency))
	return exact
}

func (c creditCase) steps(find func() bool, base *money.Amount, tr tracer) (*big.Rat, money.Amount, bool) {
	r := c.rule.PerStep
	size, unit := c.shortfall(), "points short"
	if r.Of == "downtime_minutes" {
		size, unit = c.downtime, "min down"
		if size == nil {
			size = new(big.Rat)
		}
	}
	if r.Of == "missed_cases" {
		size, unit = ratOf(c.failed), map[bool]string{true: "case missed", false: "cases missed"}[c.failed == 1]
	}
	n := wholeSteps(quo(size, r.Step.Rat()), r.Count == "started")
	words := fmt.Sprintf("%s %s in steps of %s, %s steps count", exactNumber(size, 0), unit, r.Step, map[bool]string{true: "started", false: "full"}[r.Count == "started"])
	tr.add("steps", words, n.String())
	count := new(big.Rat).SetInt(n)
	if r.Amount != nil {
		exact := mul(count, r.Amount.Ratio())
		tr.add("credit", n.String()+" × "+r.Amount.String(), exactText(exact, r.Amount.Currency))
		if c.rule.CapPercent == nil {
			return exact, money.New(decimal.Zero, r.Amount.Currency), true
		}
		return exact, *base, find()
	}
	if !find() {
		return nil, *base, false
	}
	exact := quo(mul(mul(c.atRisk(*base, tr), count), r.Percent.Rat()), big.NewRat(100, 1))
	tr.add("credit", fmt.Sprintf("%s × %s %% of %s", n, r.Percent, base), exactText(exact, base.Currency))
	return exact, *base, true
}

// wholeSteps counts full steps, or those that have begun.
func wholeSteps(r *big.Rat, started bool) *big.Int {
	n := new(big.Int).Quo(r.Num(), r.Denom())
	if started && !r.IsInt() {
		n.Add(n, big.NewInt(1))
	}
	return n
}

// claim fills the last day on which the credit can be claimed.
func (c creditCase) claim(a *pact.Assessment, tr tracer) {
	if c.rule.ClaimDays == 0 && c.rule.ClaimAnchor != "second_month_end" {
		return
	}
	last := c.period.Until.AddDays(-1)
	anchor, words := last, "the end of the month, "
	if c.cycle.unit != "" && c.cycle.unit != "month" || c.cycle.anchor != "" {
		words = "the end of the period, "
	}
	if c.rule.ClaimAnchor == "second_month_end" {
		anchor, words = c.period.Until.AddMonths(2).AddDays(-1), "the end of the second month after it, "
	}
	a.ClaimBy = anchor.AddDays(c.rule.ClaimDays)
	tr.by(strconv.Itoa(c.rule.ClaimDays), "claim", "request", "ask", "days").add("claim by", fmt.Sprintf("%s after %s", dayCount(c.rule.ClaimDays), words+string(anchor)), string(a.ClaimBy))
}

// chargesOf adds up the charges of a service over months, each once.
func chargesOf(in Input, service string, months []string) (sum money.Amount, ids []pact.EventID, problem string) {
	for i, m := range months {
		one, used, why := chargeOf(in, service, m)
		ids = append(ids, used...)
		if why != "" {
			return one, ids, why
		}
		if i == 0 {
			sum = one
			continue
		}
		var err error
		if sum, err = sum.Add(one); err != nil {
			return sum, ids, severalCurrencies
		}
	}
	return sum, ids, ""
}
