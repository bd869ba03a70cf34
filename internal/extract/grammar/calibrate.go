package grammar

import (
	"math"
	"slices"
)

// A confidence is the share of right ones among values that were believed as much and that the same signals speak for: a logistic
// curve through what was seen out of fold. The signals are few, because some fields have fewer than a hundred values to learn from.

// outcome is what was believed of a value out of fold, what else spoke for it, and whether it was right.
type outcome struct {
	belief  float64
	signals []float64
	right   bool
	given   bool
}

// curve turns belief and signals into a confidence: an offset, the slope of the belief, and what each signal adds. Without any the
// belief is the confidence.
type curve []float64

func (c curve) confidence(belief float64, signals []float64) float64 {
	if len(c) < 2 {
		return belief
	}
	sum := c[0] + c[1]*logit(belief)
	for i, s := range signals {
		if i+2 < len(c) {
			sum += c[i+2] * s
		}
	}
	return chance(sum)
}

// signals are what else tells how sure the leading value of a question is.
func (q question) signals(p pick) []float64 {
	switch q.name {
	case "effective_date":
		return []float64{told(p.stated)}
	case "notice_period":
		somewhere := false
		for i := range q.choices {
			somewhere = somewhere || q.choices[i].renews
		}
		return []float64{told(p.choice.renews), told(somewhere)}
	}
	return nil
}

// nameSignals are those of a list of parties: one name alone lacks another, and of many one is easily wrong.
func nameSignals(names int) []float64 { return []float64{told(names == 1), told(names > 2)} }

func told(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// fewGiven is how many values a field needs at least for its curve to be learned from those alone.
const fewGiven = 100

// ofGiven leaves out the values that would not be given: a curve is asked about given ones only, and those that little speaks for bend it
// away from them. A field with few values learns from all of them.
func ofGiven(seen []outcome) []outcome {
	given := slices.DeleteFunc(slices.Clone(seen), func(o outcome) bool { return !o.given })
	if len(given) < fewGiven {
		return seen
	}
	return given
}

// calibrate learns the curve by Newton's method. A prior, that beliefs are right as they are and signals say nothing, holds a little
// of each step back.
func calibrate(seen []outcome) curve {
	if len(seen) < 20 {
		return nil
	}
	n := 2 + len(seen[0].signals)
	c, usual := make(curve, n), make(curve, n)
	c[1], usual[1] = 1, 1
	x := make([]float64, n)
	for range 60 {
		rows := make([][]float64, n) // the curvature, with the slope as last column
		for i := range rows {
			rows[i] = make([]float64, n+1)
			prior := 1.0
			if i < 2 {
				prior = 2
			}
			rows[i][i] = prior
			rows[i][n] = prior * (usual[i] - c[i])
		}
		for _, o := range seen {
			x[0], x[1] = 1, logit(o.belief)
			copy(x[2:], o.signals)
			p := c.confidence(o.belief, o.signals)
			for i := range x {
				rows[i][n] += (told(o.right) - p) * x[i]
				for j := range x {
					rows[i][j] += p * (1 - p) * x[i] * x[j]
				}
			}
		}
		moved := 0.0
		for i, s := range solve(rows) {
			c[i] += s
			moved += math.Abs(s)
		}
		if moved < 1e-9 {
			break
		}
	}
	if c[1] < 0 {
		return nil // more belief is never less sure
	}
	for i := range c {
		c[i] = math.Round(c[i]*1e6) / 1e6
	}
	return c
}

// solve gives the solution of linear equations whose right side is the last column; the prior keeps them solvable.
func solve(rows [][]float64) []float64 {
	n := len(rows)
	for i := range rows {
		top := i
		for k := i + 1; k < n; k++ {
			if math.Abs(rows[k][i]) > math.Abs(rows[top][i]) {
				top = k
			}
		}
		rows[i], rows[top] = rows[top], rows[i]
		for k := i + 1; k < n; k++ {
			f := rows[k][i] / rows[i][i]
			for j := i; j <= n; j++ {
				rows[k][j] -= f * rows[i][j]
			}
		}
	}
	out := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		out[i] = rows[i][n]
		for j := i + 1; j < n; j++ {
			out[i] -= rows[i][j] * out[j]
		}
		out[i] /= rows[i][i]
	}
	return out
}

// logit of a belief, which is kept away from certainty.
func logit(p float64) float64 {
	p = math.Min(math.Max(p, 0.003), 0.997)
	return math.Log(p / (1 - p))
}
