package grammar

import "math"

// example is one contract as the learner sees it: the readings of a field, and which of them are right.
type example struct {
	choices [][]feature
	keys    []string
	right   []bool
	doc     []feature
	fold    int
	list    []choice // the readings as they are decided among
	claims  uint
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
