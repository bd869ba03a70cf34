package obligation

import (
	"fmt"
	"math/big"
	"sort"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// measure fills the numbers and the status. The target is missed from the instant at which it can no longer be met in
// this month; the judgement is final when the month is over.
func (p AvailabilityParams) measure(a *pact.Assessment, m *month, tr tracer) {
	until := earlier(a.At, m.covered.End)
	down := m.downUntil(p, until)
	ratio := m.ratioUntil(p, until)
	target := m.needed(p) // of this period alone, so that the mean is kept
	allowed := m.allowed(target)
	over, next := !a.At.Before(m.covered.End), m.covered.End
	if !m.ripe.IsZero() && (over || m.ripe.Before(next)) {
		over, next = false, m.ripe
	}

	a.DueAt = m.covered.End
	a.Elapsed = time.Duration(down).String()
	a.Target = p.Target.String()
	if m.sampled.nothing(until) {
		a.Elapsed, a.Status, a.NextAt = "", pact.OnTrack, next
		if over {
			a.Status, a.NextAt, a.EndedAt = pact.Excused, time.Time{}, m.covered.End
		}
		tr.add("nothing to measure", m.sampled.words(until), map[bool]string{true: "no judgement: no samples are not 100 %", false: string(pact.OnTrack)}[over])
		return
	}
	own := money.RatioString(ratio, 12, 6, target)
	a.Measured = own
	if m.sampled != nil {
		a.Elapsed = ""
		tr.add("availability", m.sampled.words(until), own+" %", m.sampled.ids...)
	} else {
		tr.add("minutes down that count", p.minuteRule(), minutesText(time.Duration(down))+" min")
		tr.add("availability", fmt.Sprintf("(%s - %s) / %s", minutesText(m.covered.Length()), minutesText(time.Duration(down)), minutesText(m.covered.Length())), own+" %")
	}
	if p.averages() {
		a.Measured = money.RatioString(m.mean(p, ratio), 12, 6, p.Target.Rat())
		words, ids := m.meanWords(p, own)
		tr.add("averaged with the periods before", words, a.Measured+" %", ids...)
	}

	thresholds := p.Thresholds
	if len(thresholds) == 0 {
		thresholds = []decimal.Decimal{decimal.NewFromInt(90)}
	}
	thresholds = sorted(thresholds)
	if allowed.Sign() > 0 && m.sampled == nil {
		used := new(big.Rat).Quo(new(big.Rat).SetInt64(down), allowed)
		a.Percent = money.RatioString(used.Mul(used, big.NewRat(100, 1)), 12, 6)
		for _, th := range thresholds {
			if used.Cmp(th.Rat()) >= 0 {
				a.Threshold = th.String()
			}
		}
	}
	missed := ratio.Cmp(target) < 0
	if m.sampled != nil && m.sampled.score && !over {
		missed = false // later samples may still lift a mean
	}
	switch {
	case missed && m.sampled != nil:
		a.Status, a.BreachedAt = pact.Breached, m.covered.End
		if !m.sampled.score {
			a.BreachedAt, _ = m.sampled.earliest(until, func(t time.Time) bool { return m.ratioUntil(p, t).Cmp(target) < 0 })
		}
		tr.add("promise", fmt.Sprintf("%s %% < %s %%, since %s", a.Measured, p.Target, local(a.BreachedAt, m.zone)), map[bool]string{true: "missed", false: "the promise can no longer be met"}[over])
	case missed:
		a.Status = pact.Breached
		a.BreachedAt = m.missedAt(p, until, target)
		result := "the promise can no longer be met this month"
		if over {
			result = "missed"
		}
		tr.add("promise", fmt.Sprintf("%s %% < %s %%, since %s", a.Measured, p.Target, local(a.BreachedAt, m.zone)), result)
	case over:
		a.Status = pact.Met
		tr.add("promise", fmt.Sprintf("%s %% >= %s %%", a.Measured, p.Target), "kept; exactly on target is kept")
	case a.Threshold != "":
		a.Status = pact.AtRisk
		tr.add("at risk from a threshold on", fmt.Sprintf("%s %% of the allowed downtime is used, threshold %s %%", a.Percent, a.Threshold), string(pact.AtRisk))
	default:
		a.Status = pact.OnTrack
		tr.add("promise so far", fmt.Sprintf("%s %% >= %s %%", a.Measured, p.Target), string(pact.OnTrack))
	}
	if over {
		a.EndedAt = m.covered.End
		return
	}
	a.NextAt = next
	if !a.At.Before(m.covered.End) {
		tr.add("a run at the end of the period goes on", fmt.Sprintf("whether it is as long as %d min is not known before %s", p.MinimumSpan, local(next, m.zone)), "the judgement waits for it")
	}
	if missed || m.sampled != nil {
		return
	}
	limit := func(t time.Time) bool {
		d := m.downUntil(p, t)
		if m.ratio(d).Cmp(target) < 0 {
			return true
		}
		used := new(big.Rat).Mul(new(big.Rat).SetInt64(d), big.NewRat(100, 1))
		for _, th := range thresholds {
			part := new(big.Rat).Mul(allowed, th.Rat())
			reached := allowed.Sign() > 0 && used.Cmp(part) >= 0
			if reached && (a.Threshold == "" || th.GreaterThan(decimal.RequireFromString(a.Threshold))) {
				return true
			}
		}
		return false
	}
	if at, ok := m.earliest(a.At, m.covered.End, limit); ok && at.Before(a.NextAt) {
		a.NextAt = at
	}
}

// downUntil is the downtime that counts until an instant.
func (m *month) downUntil(p AvailabilityParams, until time.Time) int64 {
	if m.sampled != nil {
		return 0
	}
	return p.counted(calendar.ClipAll(m.down, calendar.Span{Start: m.covered.Start, End: until}), m.zone, m.whole)
}

// ratioUntil is the availability in percent, exact, with what is known until an instant.
func (m *month) ratioUntil(p AvailabilityParams, until time.Time) *money.Ratio {
	if m.sampled != nil {
		return m.sampled.ratio(until)
	}
	return m.ratio(m.downUntil(p, until))
}

// allowed is the downtime, in nanoseconds, with which the promise is just kept.
func (m *month) allowed(target *money.Ratio) *money.Ratio {
	lost := new(big.Rat).Sub(big.NewRat(100, 1), target)
	return lost.Mul(lost, big.NewRat(m.total*int64(time.Second/100), 1))
}

// earliest finds the first instant in (from, until] at which a condition holds that, once true, stays true.
func (m *month) earliest(from, until time.Time, holds func(time.Time) bool) (time.Time, bool) {
	if !from.Before(until) || !holds(until) {
		return time.Time{}, false
	}
	n := sort.Search(int(until.Sub(from)), func(i int) bool { return holds(from.Add(time.Duration(i))) })
	return from.Add(time.Duration(n)), true
}

// missedAt is the instant from which on the promise can no longer be met. On the instant itself it is kept: exactly on target is, and a minute
// that only begins is not down. Where it falls between two nanoseconds it is the later.
func (m *month) missedAt(p AvailabilityParams, until time.Time, target *money.Ratio) time.Time {
	at, _ := m.earliest(m.covered.Start, until, func(t time.Time) bool { return m.ratio(m.downUntil(p, t)).Cmp(target) < 0 })
	if before := at.Add(-1); before.Nanosecond() == 0 || m.ratio(m.downUntil(p, before)).Cmp(target) == 0 {
		return before
	}
	return at
}

func (p AvailabilityParams) minuteRule() string {
	rule := "whole clock minutes of " + p.Zone
	switch p.PartialMinutes {
	case "started":
		rule = "every clock minute touched, in " + p.Zone
	case "exact":
		rule = "to the second"
	}
	if p.MinimumSpan > 0 {
		rule += fmt.Sprintf("; runs of less than %d min do not count", p.MinimumSpan)
	}
	return rule
}

func sorted(list []decimal.Decimal) []decimal.Decimal {
	out := append([]decimal.Decimal(nil), list...)
	sort.Slice(out, func(i, j int) bool { return out[i].LessThan(out[j]) })
	return out
}
