package extract

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// Curve corrects the confidence that an extractor gives its readings of one field by what people decided on such readings. It has one
// parameter, a factor on the odds: what is surer stays surer, and nothing leaves 0 to 1. The zero value changes nothing.
type Curve struct {
	Record
	Own decimal.Decimal // mean of the confidences that the extractor gave the decided readings itself
	Now decimal.Decimal // mean of the same, corrected, and held under the usual limit where these decisions take none over it
	// LiftFrom is the least own confidence below 0.85 that the decisions may take over it; zero where they may take none.
	LiftFrom decimal.Decimal

	part decimal.Decimal // of the factor: factor / (1 + factor)
}

// prior is how many decisions an extractor's own confidence is worth.
const prior = 20

// usualLimit is the confidence from which nobody has to look at a field, by the usual policy; 95 % of what has it must be right.
var (
	usualLimit = decimal.New(85, -2)
	reliable   = decimal.New(95, -2)
	surest     = decimal.New(99, -2)
	one        = decimal.NewFromInt(1)
)

// group is the decided readings of one hundredth of confidence: fine enough, and there are few of them.
type group struct {
	Record
	least decimal.Decimal // own confidence
	sum   decimal.Decimal // of own confidences
	mean  decimal.Decimal
}

// grouped takes decisions by the text of the own confidence into groups, from the least sure on.
func grouped(decided map[string]Record) []group {
	by := map[string]group{}
	for text, r := range decided {
		own := decimal.RequireFromString(text)
		if !own.IsPositive() || r.Decided == 0 {
			continue // nothing moves what has no odds
		}
		key := own.Truncate(2).String()
		g, known := by[key]
		if !known || own.LessThan(g.least) {
			g.least = own
		}
		g.Record, g.sum = g.plus(r), g.sum.Add(bounded(own).Mul(r.decided()))
		by[key] = g
	}
	out := slices.SortedFunc(maps.Values(by), func(a, b group) int { return a.least.Cmp(b.least) })
	for i, g := range out {
		out[i].mean = g.sum.DivRound(g.decided(), 16)
	}
	return out
}

// newCurve learns a curve from the decisions on readings of each confidence.
//
// The factor is the one by which the mean of the corrected confidences comes to (20 × mean own + right) / (20 + decided): twenty decisions
// weigh as much as the extractor's own word. Where all readings had one confidence, that is what it becomes.
func newCurve(decided map[string]Record) Curve {
	groups := grouped(decided)
	var c Curve
	sum := decimal.Decimal{}
	for _, g := range groups {
		c.Record, sum = c.plus(g.Record), sum.Add(g.sum)
	}
	if c.Decided == 0 {
		return c
	}
	var block Record // below the limit, from the surest on
	for _, g := range slices.Backward(groups) {
		if !g.least.LessThan(usualLimit) {
			continue
		}
		if block = block.plus(g.Record); block.Decided < prior {
			continue
		}
		if block.Accuracy().LessThan(reliable) { // and what is less sure speaks for nothing above it
			break
		}
		c.LiftFrom, block = g.least, Record{}
	}
	n := c.decided()
	goal := sum.Mul(decimal.NewFromInt(prior)).DivRound(n, 16).Add(decimal.NewFromInt(int64(c.Right))).DivRound(decimal.NewFromInt(prior).Add(n), 16)
	mean := func(part decimal.Decimal) decimal.Decimal {
		total := decimal.Decimal{}
		for _, g := range groups {
			total = total.Add(shifted(g.mean, part).Mul(g.decided()))
		}
		return total.DivRound(n, 16)
	}
	low, high := decimal.Decimal{}, one
	for range 50 { // halving comes to fifteen places, whoever computes
		c.part = low.Add(high).DivRound(decimal.NewFromInt(2), 18)
		if mean(c.part).LessThan(goal) {
			low = c.part
		} else {
			high = c.part
		}
	}
	c.Own = sum.DivRound(n, 8).Truncate(4)
	now := decimal.Decimal{}
	for _, g := range groups {
		now = now.Add(c.Of(g.mean).Mul(g.decided()))
	}
	c.Now = now.DivRound(n, 8).Truncate(4)
	return c
}

// Of gives the corrected confidence, cut to four decimals. No decision leaves it as it is.
//
// A few decisions take none over the usual limit: four titles, of which labelled contracts have 81 % right, would. That needs twenty on
// readings below it that are as sure as this one, and 95 % right. Many surer readings do not speak for a few unsure ones: those that come
// below what was lifted must have been right as often, and as many.
func (c Curve) Of(own decimal.Decimal) decimal.Decimal {
	if c.Decided == 0 || !own.IsPositive() {
		return own
	}
	now := shifted(bounded(own), c.part).Round(8)
	if own.LessThan(usualLimit) && (c.LiftFrom.IsZero() || own.LessThan(c.LiftFrom)) {
		now = decimal.Min(now, decimal.Max(own, unlabelledCap))
	}
	return now.Truncate(4)
}

// bounded keeps a confidence from being beyond what decisions can move.
func bounded(own decimal.Decimal) decimal.Decimal { return decimal.Min(own, surest) }

// shifted multiplies the odds of a share by part / (1 - part).
func shifted(own, part decimal.Decimal) decimal.Decimal {
	yes, no := own.Mul(part), one.Sub(own).Mul(one.Sub(part))
	return yes.DivRound(yes.Add(no), 16)
}
