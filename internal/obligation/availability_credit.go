package obligation

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// creditRule is the credit of the clause: the full form where it is given, otherwise made of the short one.
func (p AvailabilityParams) creditRule() CreditParams {
	if p.Credit != nil {
		return *p.Credit
	}
	r := CreditParams{CapPercent: p.CapPercent, MinimumPayable: p.MinimumPayable, ClaimDays: p.ClaimDays, ClaimAnchor: p.ClaimAnchor, FeeBase: p.FeeBase}
	for _, t := range p.Tiers {
		r.Tiers = append(r.Tiers, CreditTier{From: t.From, Over: t.Over, Below: t.Below, UpTo: t.UpTo, Percent: &t.Credit})
	}
	return r
}

// credit computes the money that follows, in the order of docs/backtest/credits.md. The exact ratio is looked up, never a rounded one.
func (p AvailabilityParams) credit(a *pact.Assessment, in Input, m *month, tr tracer) {
	p.creditCase(a, in, m).settle(a, in, tr)
}

func (p AvailabilityParams) creditCase(a *pact.Assessment, in Input, m *month) creditCase {
	return creditCase{
		rule: p.creditRule(), measured: m.mean(p, m.ratioUntil(p, m.covered.End)), target: p.Target.Rat(), unit: " %",
		downtime: money.RatioOf(m.downUntil(p, m.covered.End), int64(time.Minute)), total: money.RatioOf(m.total, 60),
		service: p.Service, cycle: p.cycle(), period: m.period, key: in.Occurrence.Key,
		history:   func() []pastCredit { return p.history(in, m) },
		following: func(n int) []followed { return p.following(in, m, n) },
		short:     p.Credit == nil,
		table:     map[bool]func([]CreditTier) string{true: fullTable, false: shortTable}[p.Credit != nil],
	}
}

// history judges the earlier periods, as far back as caps, factors and triggers look.
func (p AvailabilityParams) history(in Input, m *month) []pastCredit {
	reach := 120
	earliest := in.since()
	if earliest == "" {
		earliest = m.period.From.AddMonths(-reach)
		for e := range in.Log.Events() { // without a beginning the first event is one
			if e.Kind == "outage" || e.Kind == "sample" {
				if d := calendar.DateIn(e.OccurredAt, m.zone); d > earliest {
					earliest = d
				}
			}
		}
		for e := range in.Log.Events() {
			if e.Kind == "outage" || e.Kind == "sample" {
				if d := calendar.DateIn(e.OccurredAt, m.zone); d < earliest {
					earliest = d
				}
			}
		}
	}
	var out []pastCredit
	for _, d := range in.earlier(p.cycle(), m.period, earliest) {
		earlier := d.occurrence(in)
		past := pastCredit{key: earlier.Occurrence.Key, period: d.period, other: d.cycle.same() != p.cycle().same()}
		var scratch pact.Assessment
		scratch.At = in.At.UTC()
		mm, version, ok := openMonth(earlier, &scratch)
		if ok && !scratch.At.Before(mm.covered.End) {
			quiet := tracer{zone: mm.zone, steps: &scratch.Trace}
			mm.read(earlier, version, quiet)
			mm.reach(earlier, version, quiet)
			one := version.pastOf(past, earlier, mm, out, scratch)
			if mm.missing > 0 && version.FirstPeriod == "" { // which reading is meant matters only where they do not come to the same
				version.FirstPeriod = "full"
				one = one.or(version.pastOf(past, earlier, mm, out, scratch))
			}
			past = one
		}
		out = append(out, past)
	}
	return out
}

// pastOf fills in what came of an earlier period, which was read; older are the periods before it.
func (p AvailabilityParams) pastOf(past pastCredit, in Input, m *month, older []pastCredit, a pact.Assessment) pastCredit {
	a.Trace = slices.Clone(a.Trace)
	quiet := tracer{zone: m.zone, steps: &a.Trace}
	past.unknown = !m.ripe.IsZero()
	p.measure(&a, m, quiet)
	if a.Status == pact.Breached {
		past.missed = true
		past.rule = p.creditRule()
		one := p.creditCase(&a, in, m)
		exact, base := one.raw(&a, in, quiet)
		if exact != nil {
			var ok bool
			if exact, ok = one.capped(&a, in, exact, base, older, quiet); ok {
				past.exact, past.cur = exact, base.Currency
			}
		}
		past.unknown = past.unknown || past.exact == nil && a.AmountState != ""
	}
	past.ids = eachOnce(restsOn(a), m.ids)
	return past
}

// or is what came of an earlier period of which there are two readings: unknown where they do not come to the same.
func (p pastCredit) or(other pastCredit) pastCredit {
	same := p.missed == other.missed && p.cur == other.cur && (p.exact == nil) == (other.exact == nil) && (p.exact == nil || p.exact.Cmp(other.exact) == 0)
	p.unknown = p.unknown || other.unknown || !same
	p.ids = eachOnce(p.ids, other.ids)
	return p
}

// severalCurrencies is the problem of charges that can not be added.
const severalCurrencies = "charges in several currencies are known; one is needed"

// chargeOf adds up the charges of a service and month, each once. Charges may be given as such or as events.
func chargeOf(in Input, service, month string) (sum money.Amount, ids []pact.EventID, problem string) {
	for _, c := range chargesFor(in, service, []string{month}) {
		if c.Amount.Check() != nil || !money.Sane(c.Amount.Value) {
			return money.Amount{}, ids, "a charge is no amount; correct it"
		}
		if len(ids) == 0 && sum.Currency == "" {
			sum = money.New(decimal.Zero, c.Amount.Currency)
		}
		var err error
		if sum, err = sum.Add(c.Amount); err != nil {
			return money.Amount{}, ids, severalCurrencies
		}
		if c.EventID != "" {
			ids = append(ids, c.EventID)
		}
	}
	if sum.Currency == "" {
		return sum, nil, "no charge of this month and service is known; the credit waits for it"
	}
	if sum.Value.IsNegative() {
		return money.Amount{}, ids, "the charges add up to less than nothing; correct them"
	}
	return sum, ids, ""
}

// CheckTiers finds what a credit table leaves open below the promise: percentages in no row, and percentages in two rows.
func CheckTiers(tiers []pact.Tier, target decimal.Decimal) []pact.Ambiguity {
	if len(tiers) == 0 {
		return nil
	}
	var out []pact.Ambiguity
	low := func(t pact.Tier) decimal.Decimal {
		if bound, _ := t.Lower(); bound != nil {
			return *bound
		}
		return decimal.NewFromInt(-1)
	}
	rows := slices.Clone(tiers)
	slices.SortStableFunc(rows, func(a, b pact.Tier) int { return low(a).Cmp(low(b)) })
	reached, included := decimal.Zero, false // up to where rows hold, and whether the last point of them is a row's
	for _, t := range rows {
		if t.Below != nil && t.UpTo != nil {
			out = append(out, pact.Ambiguity{Code: "tiers", Question: fmt.Sprintf("A row of the credit table ends below %s %% and with %s %%. Which is its bound?", t.Below, t.UpTo)})
			continue
		}
		if t.From != nil && t.Over != nil {
			out = append(out, pact.Ambiguity{Code: "tiers", Question: fmt.Sprintf("A row of the credit table begins from %s %% and over %s %%. Which is its bound?", t.From, t.Over)})
			continue
		}
		upper, closed := t.Upper()
		lower, open := t.Lower()
		if lower != nil && upper != nil && (lower.GreaterThan(*upper) || lower.Equal(*upper) && !(closed && open)) {
			out = append(out, pact.Ambiguity{Code: "tiers", Question: fmt.Sprintf("The row %q of the credit table is empty. What are its bounds?", t)})
			continue
		}
		switch from := low(t); {
		case from.GreaterThan(reached) && reached.LessThan(target):
			until := decimal.Min(from, target)
			out = append(out, pact.Ambiguity{Code: "tier_gap", Question: fmt.Sprintf("No row of the credit table holds %s %s %% to below %s %%. Which credit is due there?", fromWord(included), reached, until)})
		case from.Equal(reached) && !included && t.Over != nil && reached.LessThan(target) && !reached.IsZero():
			out = append(out, pact.Ambiguity{Code: "tier_gap", Question: fmt.Sprintf("Exactly %s %% lies in no row of the credit table. Which credit is due there?", reached)})
		case from.Equal(reached) && included && t.Over == nil:
			out = append(out, pact.Ambiguity{Code: "tier_overlap", Question: fmt.Sprintf("Exactly %s %% lies in two rows of the credit table. Which one governs?", reached)})
		case from.LessThan(reached) && !reached.IsZero():
			out = append(out, pact.Ambiguity{Code: "tier_overlap", Question: fmt.Sprintf("Two rows of the credit table hold from %s %% to below %s %%. Which one governs?", decimal.Max(from, decimal.Zero), reached)})
		}
		if upper == nil {
			reached = decimal.NewFromInt(1000)
			continue
		}
		if upper.GreaterThan(reached) || upper.Equal(reached) && closed {
			reached, included = *upper, closed
		}
	}
	if reached.LessThan(target) {
		out = append(out, pact.Ambiguity{Code: "tier_gap", Question: fmt.Sprintf("No row of the credit table holds %s %s %% to below the promised %s %%. Is there no credit?", fromWord(included), reached, target)})
	}
	return out
}

// fromWord begins a gap: behind a bound that belongs to a row, or with it.
func fromWord(included bool) string {
	if included {
		return "above"
	}
	return "from"
}
