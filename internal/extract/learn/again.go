package learn

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/pactloop/pactloop/internal/extract/clause"
)

// adds tells how many marks each candidate matches that no surer one does. A candidate that matches only such marks adds
// nothing and does no harm; it is not learned from.
func (t *trainer) adds(k int, j *judged) []float32 {
	out := make([]float32, len(j.list))
	order := make([]int, len(j.list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(j.scores[b], j.scores[a]) })
	done := make([][]bool, len(t.names))
	for c := range done {
		done[c] = make([]bool, len(t.golds[k][c].text))
	}
	text := t.corpus.sheets[k].sample.Document.Text
	for _, i := range order {
		if !j.right[i] {
			out[i] = 1
			continue
		}
		c := j.list[i].Category
		s := text[j.list[i].Start:j.list[i].End]
		bag := Words(s)
		gold := t.golds[k][c]
		for g := range gold.text {
			if !done[c][g] && Matches(t.names[c], s, gold.text[g], bag, gold.bags[g]) {
				done[c][g] = true
				out[i]++
			}
		}
	}
	return out
}

// again learns the second judgement on the folds but one, from first scores of models that did not see the contract.
func (t *trainer) again(p *pass, habits []clause.Usual, out int) *forest {
	var rows [][]float32
	var label, start, weight []float32
	for k, sh := range t.corpus.sheets {
		if sh.sample.Fold == out {
			continue
		}
		j := &p.judged[k]
		for i, row := range sh.cut.Again(j.list, j.scores, len(t.names), habits) {
			if j.adds[i] == 0 {
				continue
			}
			rows, label = append(rows, row), append(label, truth(j.right[i]))
			start, weight = append(start, j.scores[i]), append(weight, j.adds[i])
		}
	}
	m := &forest{}
	if len(rows) == 0 {
		return m
	}
	use := make([]int32, len(rows))
	for i := range use {
		use[i] = int32(i)
	}
	m.boost(t.cfg.Forest.forAgain(), rand.New(rand.NewPCG(t.cfg.Seed, 19)), newTable(rows, label), use, start, weight)
	return m
}
