package obligation

import (
	"cmp"
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// CeilingParams are the parameters of spend_ceiling: no more than so much is spent.
type CeilingParams struct {
	Amount money.Amount `json:"amount"`                                                                 // what must not be exceeded in a period, above 0
	Period string       `json:"period,omitempty" enum:"month,quarter,half_year,year,rolling_year,term"` // the time the ceiling is for; absent: the whole term
	// Anchor: first day of one of the periods; absent: they are those of the calendar; a term and a rolling_year have none.
	Anchor   calendar.Date `json:"anchor,omitempty"`
	Zone     string        `json:"zone,omitempty"`    // IANA name of the zone in which days begin; absent: UTC
	Eligible Eligible      `json:"eligible,omitzero"` // which purchases count; absent: all
	// Returns says in which period what is returned takes the spend back: that of its purchase, or that of the return. Absent: it is asked
	// where it matters. What names no purchase that is known takes it back when it is returned.
	Returns string `json:"returns,omitempty" enum:"purchase,return"`
	// MidPeriod says which terms govern a period within which an amendment changes them: those at its start (start), those after the
	// change (amended), or for each purchase those of its day (parts, as it is where only the ceiling changes). Over a term the version
	// of the day governs. The version that the change gives says it. Absent: it is asked, where it matters.
	MidPeriod string `json:"mid_period,omitempty" enum:"start,amended,parts"`
	// Raised says of a ceiling over the term what becomes of what lay above it before an amendment raised it: it stays above (stays), or
	// the new ceiling covers it (covers). The version that raises it says it. Absent: it is asked, where it matters.
	Raised string `json:"raised,omitempty" enum:"stays,covers"`
	// Thresholds are percentages of the ceiling from which it is at risk, compared with >=. Default ["75", "90"].
	Thresholds []decimal.Decimal `json:"thresholds,omitempty"`
}

// SpendCeiling judges not-to-exceed amounts. Occurrences are periods, usually the term; the amount is what lies above the ceiling
// and need not be paid. Over a term each purchase is held against the ceiling of its own day, and counts by the terms of that day.
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
	q.midPeriod(p.MidPeriod, midParts)
	q.amount("amount", "amount", &p.Amount)
	if !p.Amount.Value.IsPositive() {
		q.ask("amount", "Which amount must not be exceeded?")
	}
	q.oneOf("raised", p.Raised, "", "stays", "covers")
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
	p.cycle().ofCalendar(s.in, whole, s.tracer)
	s.periods = p.cycle()
	c := ceiling{p: p, s: s, covered: subscribed(whole, in.held(whole)), above: new(big.Rat), spent: new(big.Rat)}
	life := versions[CeilingParams]{{days: c.covered, terms: p}}
	if p.cycle().unit == "term" {
		life = versionsOf(s.in, p)
	} else if parts, _ := in.partsOf(whole); parts != nil {
		life = life[:0]
		for _, one := range parts {
			v := version[CeilingParams]{days: one.days, terms: p, by: one.by}
			if one.version != nil {
				v.err = decode(one.version.Params, &v.terms)
			}
			life = append(life, v)
		}
	}
	for _, v := range life {
		if !v.days.Overlaps(c.covered) {
			continue
		}
		if stop, err := v.open(s); err != nil {
			return pact.Assessment{}, err
		} else if stop {
			return s.done(pact.Pending), nil
		}
		if !c.under(v) {
			return s.done(pact.Pending), nil
		}
	}
	return c.judge(), nil
}

// ceiling is a period with what was spent in it so far.
type ceiling struct {
	p       CeilingParams
	s       *sheet
	covered calendar.Period
	n       int // purchases that count
	ids     []pact.EventID
	spent   *big.Rat // of all versions
	above   *big.Rat // of it, what lay above the ceiling of its day
	crossed *bought  // with which the ceiling of its day was exceeded first
	by      version[CeilingParams]
}

// under spends what counts while a version is in force; false where that waits for a rate.
func (c *ceiling) under(v version[CeilingParams]) bool {
	s, cur, days := c.s, c.p.Amount.Currency, subscribed(c.covered, v.days)
	limit, ok := s.convert(v.terms.Amount, cur, days.From, "the ceiling")
	if !ok {
		return false
	}
	returns := c.p.Returns
	all, ok := s.purchasesOf(v.terms.Eligible, measure{currency: cur}, returns != "return", days.Until, func(on, counts calendar.Date) bool {
		return days.Contains(counts) || returns == "" && days.Contains(on)
	})
	if !ok {
		return false
	}
	s.boughtElsewhere(invoicedFor(all, c.covered))
	names, ids := namesWhere(all, func(b bought) bool {
		return b.event.Kind == "credit_note" && c.covered.Contains(b.day) != c.covered.Contains(b.on)
	})
	if !s.takenBack(returns, names, ids) {
		return false
	}
	before, above := c.spent, c.above
	for _, b := range withinPeriod(all, days) {
		s.use(b.event)
		c.n++
		c.ids = append(c.ids, idsOfBought([]bought{b})...)
		c.spent = plus(c.spent, b.amount)
		if b.amount.Sign() > 0 {
			beyond := minus(minus(c.spent, c.above), limit) // what need not be paid uses up nothing
			c.above = plus(c.above, maxRat(new(big.Rat), minRat(b.amount, beyond)))
		} else {
			c.above = maxRat(new(big.Rat), plus(c.above, b.amount))
		}
		if c.crossed == nil && c.above.Sign() > 0 {
			c.crossed, c.by = &b, v
		}
	}
	if v.by != "" && v.days.Until != "" && v.days.Until <= s.today {
		s.add("until "+string(v.days.Until.AddDays(-1))+", by "+v.by, fmt.Sprintf("%s spent before it, %s in it, of %s", exactText(before, cur), exactText(minus(c.spent, before), cur), v.terms.Amount), exactText(minus(c.above, above), cur)+" above", idsOfBought(withinPeriod(all, days))...)
	}
	return true
}

func (c *ceiling) judge() pact.Assessment {
	s, p, cur, covered := c.s, c.p, c.p.Amount.Currency, c.covered
	limit := p.Amount.Ratio()
	s.a.Target, s.a.Measured = p.Amount.String(), exactText(c.spent, cur)
	used := mul(quo(c.spent, limit), ratOf(100))
	s.a.Percent = money.RatioString(used, 12, 6)
	s.add("spent", thatCount(c.n, "purchase"), fmt.Sprintf("%s of %s = %s %%", s.a.Measured, p.Amount, s.a.Percent), eachOnce(c.ids)...)
	over := covered.Until != "" && s.today >= covered.Until
	if over {
		s.a.EndedAt = s.start(covered.Until)
	}
	excess := c.above
	now := maxRat(new(big.Rat), minus(c.spent, limit)) // by the ceiling as it is
	raised := now.Cmp(excess) < 0
	if raised && p.Raised == "covers" {
		s.add("above the ceiling before it was raised", exactText(excess, cur), "the new ceiling covers it: "+exactText(now, cur)+" above")
		excess = now
	}
	if excess.Sign() > 0 {
		s.a.BreachedAt = c.crossed.event.OccurredAt.UTC()
		s.add("ceiling exceeded", "with "+c.crossed.event.Subject+" on "+dayText(c.crossed.on), exactText(excess, cur)+" above", idOf(c.crossed.event))
		if raised && p.Raised == "" {
			stays, covers := money.FromRatio(excess, cur), money.FromRatio(now, cur)
			s.ask("raised", sprintf("%s lay above the ceiling of %s before it was raised to %s. Does it stay above, or does the new ceiling cover it?", stays, c.by.terms.Amount, p.Amount),
				pact.Outcome{Reading: "it stays above", Amount: &stays, Set: member("raised", "stays")},
				pact.Outcome{Reading: "the new ceiling covers it", Amount: &covers, Set: member("raised", "covers")})
			return s.done(pact.Breached)
		}
		s.owe(s.sum("above the ceiling", excess, cur, ""))
		return s.done(pact.Breached)
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
	if now.Sign() > 0 {
		s.add("spent before the ceiling was lowered", "it lay below the ceiling of its day", exactText(now, cur)+" beyond what may be spent in all, nothing is left")
	} else {
		s.add("left", "", exactText(minus(limit, c.spent), cur))
	}
	switch {
	case over:
		return s.done(pact.Met)
	case s.a.Threshold != "":
		return s.done(pact.AtRisk)
	}
	return s.done(pact.OnTrack)
}
