package grammar

import (
	"math"
	"sort"
)

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
	learnRate = 0.015
	firstStep = 5e-3 // keeps the first steps of AdaGrad small
)

// fit learns the weights of one field: the belief in the right readings together is made large, or, where none is right,
// that in absence. The order of the examples is fixed and nothing is drawn, so the same examples give the same weights.
func fit(examples []example) *weights {
	w := &weights{w: make([]float32, buckets), none: make([]float32, buckets)}
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
						learn(w.none, vn, f, step, rate)
					}
					continue
				}
				for _, f := range x.choices[i] {
					learn(w.w, vw, f, step, rate)
				}
			}
		}
	}
	return w
}

// learn is a step of AdaGrad.
func learn(w []float32, v []float64, f feature, step, rate float64) {
	step *= worth(f)
	v[f] += step * step
	w[f] += float32(rate * step / math.Sqrt(firstStep+v[f]))
}

// outcome is what was believed of a value out of fold, and whether it was right.
type outcome struct {
	belief float64
	right  bool
}

// calibrate makes the line from belief to the share of right ones: pools of neighbours that never fall.
func calibrate(seen []outcome) []knot {
	if len(seen) < 20 {
		return nil
	}
	sort.SliceStable(seen, func(i, j int) bool { return seen[i].belief < seen[j].belief })
	type pool struct{ belief, right, n float64 }
	var pools []pool
	for _, o := range seen {
		p := pool{o.belief, 0, 1}
		if o.right {
			p.right = 1
		}
		pools = append(pools, p)
		for len(pools) > 1 {
			a, b := pools[len(pools)-2], pools[len(pools)-1]
			if a.n >= 12 && b.n >= 12 && a.right/a.n <= b.right/b.n {
				break
			}
			if a.n >= 12 && b.n < 12 {
				break
			}
			pools = append(pools[:len(pools)-2], pool{a.belief + b.belief, a.right + b.right, a.n + b.n})
		}
	}
	line := make([]knot, 0, len(pools))
	for _, p := range pools {
		// One of each is added: a pool of twelve that are all right does not promise certainty.
		line = append(line, knot{p.belief / p.n, (p.right + 0.5) / (p.n + 1)})
	}
	for i := 1; i < len(line); i++ {
		line[i].Right = math.Max(line[i].Right, line[i-1].Right)
	}
	return line
}

// fitNames learns which names are parties: each on its own, and a contract's names together count as one contract.
func fitNames(examples []example) *weights {
	w := &weights{w: make([]float32, buckets), none: make([]float32, buckets)}
	v := make([]float64, buckets)
	for round := range rounds {
		rate := learnRate / (1 + 0.05*float64(round))
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
					learn(w.w, v, f, step, rate)
				}
			}
		}
	}
	return w
}
