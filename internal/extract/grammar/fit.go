package grammar

import "math"

// example is one contract as the learner sees it: the readings of a field, and which of them are right.
type example struct {
	choices [][]feature
	keys    []string
	right   []bool
	doc     []feature
	fold    int
}

const (
	rounds    = 25
	learnRate = 0.01
	nameRate  = 0.015
	firstStep = 2e-3 // keeps the first steps of AdaGrad small

	strongUsual = 4 // what a lawyer's mark is worth beside a word
	strongMade  = 2 // the same for the agreement date: a preamble says it in so many ways that its words count for more
	strongStart = 8 // the same for the effective date: its words stand in nearly every contract, and only some of them say it
)

// fit learns the weights of one field: the belief in the right readings together is made large, or, where none is right,
// that in absence. The order of the examples is fixed and nothing is drawn, so the same examples give the same weights.
func fit(examples []example, strong float64) *weights {
	w := &weights{w: make([]float32, buckets), none: make([]float32, buckets), strong: strong}
	vw, vn := make([]float64, buckets), make([]float64, buckets)
	for round := range rounds {
		rate := learnRate / (1 + 0.05*float64(round))
		for e := range examples {
			x := &examples[e]
			n := len(x.choices)
			scores := make([]float64, n+1)
			top := math.Inf(-1)
			for i, fs := range x.choices {
				scores[i] = w.score(fs)
				top = math.Max(top, scores[i])
			}
			scores[n] = w.scoreNone(x.doc)
			top = math.Max(top, scores[n])
			var all, right float64
			for i := range scores {
				scores[i] = math.Exp(scores[i] - top)
				all += scores[i]
				if i < n && x.right[i] {
					right += scores[i]
				}
			}
			some := right > 0
			for i := range scores {
				p := scores[i] / all
				target := 0.0
				switch {
				case i < n && x.right[i]:
					target = scores[i] / right
				case i == n && !some:
					target = 1
				}
				step := target - p
				if math.Abs(step) < 1e-4 {
					continue
				}
				if i == n {
					for _, f := range x.doc {
						learn(w.none, vn, f, step*w.worth(f), rate)
					}
					continue
				}
				for _, f := range x.choices[i] {
					learn(w.w, vw, f, step*w.worth(f), rate)
				}
			}
		}
	}
	return w
}

// learn is a step of AdaGrad.
func learn(w []float32, v []float64, f feature, step, rate float64) {
	v[f] += step * step
	w[f] += float32(rate * step / math.Sqrt(firstStep+v[f]))
}

// outcome is what was believed of a value out of fold, and whether it was right.
type outcome struct {
	belief float64
	right  bool
}

// calibrate makes the line from belief to the share of right ones: a logistic curve of two parameters through what was seen
// out of fold, written down as knots. Two parameters, because some fields have fewer than a hundred values to learn from.
func calibrate(seen []outcome) []knot {
	if len(seen) < 20 {
		return nil
	}
	slope, offset := 1.0, 0.0
	for range 60 {
		// Newton's step; a little of the step is held back by a prior that the beliefs are right as they are.
		const prior = 2
		g0, g1 := -prior*offset, -prior*(slope-1)
		h00, h01, h11 := float64(prior), 0.0, float64(prior)
		for _, o := range seen {
			x := logit(o.belief)
			p := chance(slope*x + offset)
			y := 0.0
			if o.right {
				y = 1
			}
			v := p * (1 - p)
			g0, g1 = g0+y-p, g1+(y-p)*x
			h00, h01, h11 = h00+v, h01+v*x, h11+v*x*x
		}
		det := h00*h11 - h01*h01
		if det < 1e-9 {
			break
		}
		step0, step1 := (h11*g0-h01*g1)/det, (h00*g1-h01*g0)/det
		offset, slope = offset+step0, slope+step1
		if math.Abs(step0)+math.Abs(step1) < 1e-9 {
			break
		}
	}
	if slope < 0 {
		return nil // more belief is never less sure
	}
	var line []knot
	for _, belief := range []float64{0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999} {
		line = append(line, knot{belief, math.Round(1e6*chance(slope*logit(belief)+offset)) / 1e6})
	}
	return line
}

// logit of a belief, which is kept away from certainty.
func logit(p float64) float64 {
	p = math.Min(math.Max(p, 0.003), 0.997)
	return math.Log(p / (1 - p))
}

// fitNames learns which names are parties: each on its own, and a contract's names together count as one contract.
func fitNames(examples []example) *weights {
	w := &weights{w: make([]float32, buckets), none: make([]float32, buckets), strong: strongUsual}
	v := make([]float64, buckets)
	for round := range rounds {
		rate := nameRate / (1 + 0.05*float64(round))
		for e := range examples {
			x := &examples[e]
			for i, fs := range x.choices {
				target := 0.0
				if x.right[i] {
					target = 1
				}
				step := target - chance(w.score(fs))
				if math.Abs(step) < 1e-3 {
					continue
				}
				for _, f := range fs {
					learn(w.w, v, f, step*w.worth(f), rate)
				}
			}
		}
	}
	return w
}
