package grammar

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Whatever was seen: more belief is never less sure, a confidence is a chance, and the same outcomes give the same curve.
func TestACurveIsAChanceThatGrowsWithBelief(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var seen []outcome
		for range rapid.IntRange(0, 120).Draw(t, "outcomes") {
			seen = append(seen, outcome{belief: rapid.Float64Range(0, 1).Draw(t, "belief"), signals: []float64{told(rapid.Bool().Draw(t, "signal"))}, right: rapid.Bool().Draw(t, "right")})
		}
		c := calibrate(seen)
		last := 0.0
		for k := range 101 {
			p := c.confidence(float64(k)/100, []float64{1})
			if math.IsNaN(p) || p < 0 || p > 1 || p < last {
				t.Fatalf("a belief of %d %% has the confidence %v after %v (%v)", k, p, last, c)
			}
			last = p
		}
		again := calibrate(seen)
		for i := range c {
			if c[i] != again[i] {
				t.Fatal("two curves of the same outcomes differ")
			}
		}
	})
}

func TestASignalThatTellsRightFromWrongMovesTheConfidence(t *testing.T) {
	t.Parallel()
	var seen []outcome
	for k := range 200 {
		stated := k%2 == 0
		seen = append(seen, outcome{belief: 0.6, signals: []float64{told(stated)}, right: stated || k%4 == 1})
	}
	c := calibrate(seen)
	with, without := c.confidence(0.6, []float64{1}), c.confidence(0.6, []float64{0})
	if with < 0.85 || math.Abs(without-0.5) > 0.1 {
		t.Errorf("with the signal %.2f, without %.2f", with, without)
	}
}

func TestFewOutcomesLeaveTheBeliefAsItIs(t *testing.T) {
	t.Parallel()
	if c := calibrate(make([]outcome, 19)); c != nil || c.confidence(0.37, nil) != 0.37 {
		t.Errorf("a curve through 19 outcomes: %v", c)
	}
}

// A curve is learned from what would be given: what is not given says nothing of how sure that is. A field with few values needs all.
func TestACurveIsOfValuesThatAreGiven(t *testing.T) {
	t.Parallel()
	var seen []outcome
	for k := range 2 * fewGiven {
		seen = append(seen, outcome{belief: 0.9, right: k%10 > 0, given: k%2 == 0}, outcome{belief: 0.1, right: false})
	}
	if kept := ofGiven(seen); len(kept) != fewGiven || !kept[0].given {
		t.Errorf("%d outcomes are learned from", len(kept))
	}
	if kept := ofGiven(seen[:fewGiven]); len(kept) != fewGiven {
		t.Errorf("%d of a field with few values", len(kept))
	}
}
