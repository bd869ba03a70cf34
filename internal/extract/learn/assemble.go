package learn

import (
	"cmp"
	"math"
	"slices"

	"github.com/pactloop/pactloop/internal/extract/clause"
)

// assemble puts weights together. Presence and calibration are learned from the judged candidates of the folds but out.
func (t *trainer) assemble(first *stage, own *extra, trees, second clause.Forest, habits []clause.Usual, p *pass, out int) *clause.Weights {
	n := len(t.names)
	w := &clause.Weights{Categories: slices.Clone(t.names), Tree: n, Habits: habits, Spans: trees, Again: second, Start: []uint32{0}}
	t.sparse(first, w)
	w.Span = t.calibrate(p, out)
	rows, label, category := t.presenceRows(p, out)
	pf := growForest(t.cfg.Forest.forPresence(), t.cfg.Seed, rows, label)
	w.Presence = pf.shipped()
	w.Present = t.calibratePresence(rows, label, category)
	for range w.Categories {
		w.Bias, w.Show = append(w.Bias, bias), append(w.Show, 0.5)
	}
	if own != nil {
		return own.join(t, w)
	}
	return w
}

// sparse writes the weights that are not 0, by key, and the network.
func (t *trainer) sparse(s *stage, w *clause.Weights) {
	m := s.linear
	order := make([]int, len(t.corpus.keys))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(t.corpus.keys[a], t.corpus.keys[b]) })
	kept := make([]int, 0, len(order))
	for _, f := range order {
		had := len(w.Class)
		for c := range m.classes {
			if v := m.weight[f*m.classes+c]; v != 0 {
				w.Class, w.Value = append(w.Class, uint8(c)), append(w.Value, v)
			}
		}
		if len(w.Class) > had || s.net != nil && f < int(s.net.limit) {
			w.Keys, w.Start = append(w.Keys, t.corpus.keys[f]), append(w.Start, uint32(len(w.Class)))
			kept = append(kept, f)
		}
	}
	if s.net != nil {
		w.Net = s.net.shipped(kept)
	}
}

// calibrate fits a Platt curve to each category: all together first, then each towards its own candidates as far as there
// are enough.
func (t *trainer) calibrate(p *pass, out int) []clause.Platt {
	n := len(t.names)
	scores, right := make([][]float32, n), make([][]bool, n)
	var all []float32
	var truths []bool
	for k, sh := range t.corpus.sheets {
		if sh.sample.Fold == out {
			continue
		}
		j := &p.judged[k]
		for i := range j.list {
			if j.adds[i] == 0 { // a chance is that of adding a clause
				continue
			}
			c := j.list[i].Category
			scores[c], right[c] = append(scores[c], j.final[i]), append(right[c], j.right[i])
			all, truths = append(all, j.final[i]), append(truths, j.right[i])
		}
	}
	return curves(scores, right, all, truths)
}

func curves(scores [][]float32, right [][]bool, all []float32, truths []bool) []clause.Platt {
	pooled := platt(all, truths, clause.Platt{A: 1}, 1)
	list := make([]clause.Platt, len(scores))
	for c := range list {
		list[c] = platt(scores[c], right[c], pooled, 20)
	}
	return list
}

// platt fits A and B by Newton's method on the logistic loss, held to a prior with a weight.
func platt(scores []float32, right []bool, prior clause.Platt, hold float64) clause.Platt {
	a, b := float64(prior.A), float64(prior.B)
	for range 30 {
		ga, gb := hold*(a-float64(prior.A)), hold*(b-float64(prior.B))
		haa, hab, hbb := hold, 0.0, hold
		for i, s := range scores {
			x := float64(s)
			p := 1 / (1 + math.Exp(-(a*x + b)))
			d := p
			if right[i] {
				d--
			}
			h := p * (1 - p)
			ga += d * x
			gb += d
			haa += h * x * x
			hab += h * x
			hbb += h
		}
		det := haa*hbb - hab*hab
		if det < 1e-9 {
			break
		}
		da, db := (ga*hbb-gb*hab)/det, (gb*haa-ga*hab)/det
		a, b = a-da, b-db
		if math.Abs(da)+math.Abs(db) < 1e-7 {
			break
		}
	}
	if !(a > 0.2 && a < 5 && math.Abs(b) < 10) { // too few to tell
		return prior
	}
	return clause.Platt{A: float32(a), B: float32(b)}
}

// presenceRows makes the rows from which presence is learned.
func (t *trainer) presenceRows(p *pass, out int) (rows [][]float32, label []float32, category []int) {
	n := len(t.names)
	for k, sh := range t.corpus.sheets {
		if sh.sample.Fold == out {
			continue
		}
		j := &p.judged[k]
		flat, _ := t.flat(sh, p.scores)
		for c, f := range sh.cut.Presence(j.list, j.scores, j.final, flat, n, p.habits) {
			rows = append(rows, f)
			label = append(label, truth(len(t.golds[k][c].text) > 0))
			category = append(category, c)
		}
	}
	return rows, label, category
}

// calibratePresence learns curves from forests that did not see the rows they judge: half judges half.
func (t *trainer) calibratePresence(rows [][]float32, label []float32, category []int) []clause.Platt {
	n := len(t.names)
	scores, right := make([][]float32, n), make([][]bool, n)
	var all []float32
	var truths []bool
	half := func(i int) bool { return (i/n)%2 == 0 }
	for _, side := range []bool{true, false} {
		var r [][]float32
		var l []float32
		for i := range rows {
			if half(i) == side {
				r, l = append(r, rows[i]), append(l, label[i])
			}
		}
		f := growForest(t.cfg.Forest.forPresence(), t.cfg.Seed, r, l)
		for i := range rows {
			if half(i) != side {
				z := f.score(rows[i])
				c := category[i]
				scores[c], right[c] = append(scores[c], z), append(right[c], label[i] > 0)
				all, truths = append(all, z), append(truths, label[i] > 0)
			}
		}
	}
	return curves(scores, right, all, truths)
}
