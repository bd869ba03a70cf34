package clause

import (
	"cmp"
	"slices"

	"github.com/pactloop/pactloop/internal/document"
)

// Machine reads documents with one set of weights. It has no state and may be used by many at once.
type Machine struct {
	w     *Weights
	table []slot // open addressing by key
	mask  uint32
	habit []usual
}

type slot struct {
	key  uint32
	from uint32
	to   uint32
	row  int32 // of the network, -1 for none
}

// NewMachine prepares weights for use.
func NewMachine(w *Weights) *Machine {
	size := 16
	for size < 2*len(w.Keys) {
		size *= 2
	}
	m := &Machine{w: w, table: make([]slot, size), mask: uint32(size - 1)}
	for i, k := range w.Keys {
		at := spread(k) & m.mask
		for m.table[at].key != 0 {
			at = (at + 1) & m.mask
		}
		row := int32(-1)
		if w.Net.Hidden > 0 {
			row = w.Net.Row[i]
		}
		m.table[at] = slot{k, w.Start[i], w.Start[i+1], row}
	}
	for _, h := range w.Habits {
		m.habit = append(m.habit, usual{rate: h.Rate, hold: h.Hold, length: h.Length, kin: h.Kin})
	}
	return m
}

func spread(k uint32) uint32 { return k ^ k>>15 }

// score gives the scores of all units in all categories, and how far the two opinions of stage one lie apart in those with
// trees.
func (m *Machine) score(l *layout) (scores, apart []float32) {
	n, trees, hidden := len(m.w.Categories), m.w.Tree, m.w.Net.Hidden
	scores, apart = make([]float32, len(l.units)*n), make([]float32, len(l.units)*trees)
	f := newFeaturizer(l)
	// What units share is added up once: the title, then the headings above.
	title, above, sum := m.newSum(), m.newSum(), m.newSum()
	copy(title.z, m.w.Bias)
	copy(title.layer, m.w.Net.Start)
	f.begin()
	f.titles()
	m.add(&title, f.buf)
	last := [2]int32{-2, -2}
	for i := range l.units {
		if under := f.under(i); under != last {
			last = under
			above.set(&title)
			f.begin()
			f.headings(i)
			m.add(&above, f.buf)
		}
		sum.set(&above)
		f.begin()
		f.own(i)
		m.add(&sum, f.buf)
		z := scores[i*n : i*n+n]
		copy(z, sum.z)
		if hidden > 0 {
			m.w.Net.mix(sum.layer, z[:trees], apart[i*trees:i*trees+trees])
		}
	}
	return scores, apart
}

// sum is scores and the hidden layer while features are added.
type sum struct{ z, layer []float32 }

func (m *Machine) newSum() sum {
	return sum{make([]float32, len(m.w.Categories)), make([]float32, m.w.Net.Hidden)}
}

func (s *sum) set(from *sum) {
	copy(s.z, from.z)
	copy(s.layer, from.layer)
}

func (m *Machine) add(s *sum, features []feature) {
	hidden := len(s.layer)
	for _, x := range features {
		at := spread(x.key) & m.mask
		for m.table[at].key != x.key && m.table[at].key != 0 {
			at = (at + 1) & m.mask
		}
		t := &m.table[at]
		if t.key == 0 {
			continue
		}
		class := m.w.Class[t.from:t.to]
		value := m.w.Value[t.from:t.to][:len(class)]
		for k, c := range class {
			s.z[c] += x.value * value[k]
		}
		if t.row >= 0 {
			v := x.value * m.w.Net.Scale[t.row]
			embed := m.w.Net.Embed[int(t.row)*hidden:][:hidden]
			for h := range s.layer {
				s.layer[h] += v * float32(embed[h])
			}
		}
	}
}

// mix tells the categories from the hidden layer, and makes the scores the mean of both opinions.
func (n *Net) mix(layer, scores, apart []float32) {
	for h := range layer {
		layer[h] = max(layer[h], 0)
	}
	for c := range scores {
		z := n.Bias[c]
		for h, w := range n.Out[c*n.Hidden : (c+1)*n.Hidden] {
			z += w * layer[h]
		}
		apart[c] = scores[c] - z
		scores[c] = (scores[c] + z) / 2
	}
}

// Found is a stretch that reads like a clause of a category.
type Found struct {
	Category   int // index in Categories
	Start, End int // bytes of the text
	Confidence float32
}

// Reading is what the machine makes of a document.
type Reading struct {
	Found    []Found   // every candidate, the surest first; of equal ones the earlier
	Presence []float32 // by category: how likely it is that the document has such a clause
	show     []float32
	names    []string
}

// Present is how likely it is that the document has a clause of the category; 0 for a category that is not known. A
// field whose clause is absent is better reported absent than guessed.
func (r *Reading) Present(category string) float32 {
	if i := slices.Index(r.names, category); i >= 0 {
		return r.Presence[i]
	}
	return 0
}

// Shown lists what is worth showing: the candidates that are sure enough for their category and do not lie inside a
// surer one of it.
func (r *Reading) Shown() []Found {
	var list []Found
	for _, f := range r.Found {
		if f.Confidence < r.show[f.Category] {
			continue
		}
		inside := slices.ContainsFunc(list, func(o Found) bool { return o.Category == f.Category && f.Start < o.End && o.Start < f.End })
		if !inside {
			list = append(list, f)
		}
	}
	return list
}

// Read finds clauses.
func (m *Machine) Read(d *document.Document) *Reading { return m.read(cut(prepare(d))) }

// ReadSheet finds clauses in a prepared document.
func (m *Machine) ReadSheet(s *Sheet) *Reading { return m.read(s.l) }

func (m *Machine) read(l *layout) *Reading {
	n := len(m.w.Categories)
	r := &Reading{Presence: make([]float32, n), show: m.w.Show, names: m.w.Categories}
	if len(l.units) == 0 {
		return r
	}
	all, apart := m.score(l)
	scores := all
	if m.w.Tree < n { // the trees see only the categories they know
		scores = make([]float32, len(l.units)*m.w.Tree)
		for i := range l.units {
			copy(scores[i*m.w.Tree:(i+1)*m.w.Tree], all[i*n:])
		}
	}
	list := propose(l, &board{n: m.w.Tree, score: scores, apart: apart}, m.habit)
	m.judge(list)
	for i := range list {
		c := &list[i]
		r.Found = append(r.Found, Found{Category: int(c.category), Start: c.start, End: c.end, Confidence: m.w.Span[c.category].Chance(c.score)})
	}
	for c, f := range presence(list, scores, m.w.Tree, m.habit, len(l.units)) {
		r.Presence[c] = m.w.Present[c].Chance(m.w.Presence.Score(f[:]))
	}
	m.alone(l, all, r)
	slices.SortStableFunc(r.Found, func(a, b Found) int {
		if n := cmp.Compare(b.Confidence, a.Confidence); n != 0 {
			return n
		}
		return cmp.Compare(a.Start, b.Start)
	})
	return r
}

// judge scores candidates tree by tree, so that a tree stays in the processor's cache.
func (m *Machine) judge(list []candidate) {
	for i := range list {
		list[i].score = m.w.Spans.Base
	}
	for _, t := range m.w.Spans.Trees {
		for i := range list {
			list[i].score += leafOf(t, list[i].features[:])
		}
	}
}

// alone judges the kinds that CUAD lacks, by their own trees over runs of sentences.
func (m *Machine) alone(l *layout, all []float32, r *Reading) {
	n := len(m.w.Categories)
	best := make([]float32, n)
	for c := range best {
		best[c] = noScore
	}
	list := runs(l, all, n, m.w.Tree)
	score := make([]float32, len(list))
	for _, t := range m.w.Own.Trees {
		for i := range list {
			score[i] += leafOf(t, list[i].features[:])
		}
	}
	for i, x := range list {
		z := m.w.Own.Base + score[i]
		best[x.category] = max(best[x.category], z)
		if p := m.w.Span[x.category].Chance(z); p > 0.005 {
			r.Found = append(r.Found, Found{Category: x.category, Start: l.units[x.first].start, End: l.units[x.last].end, Confidence: p})
		}
	}
	for c := m.w.Tree; c < n; c++ {
		r.Presence[c] = m.w.Present[c].Chance(best[c])
	}
}

// The features from which presence is told.
const (
	pCategory = iota
	pBest     // of the spans' scores
	pSecond
	pThird
	pMass    // sum of chances
	pUnit    // best score of stage one
	pKin     // best of kindred categories
	pPresent // categories with a span above 0
	pUnits
	pRate
	pHold
	pLikely // spans above 0
	presenceCount
)

// presence makes the features of presence from judged candidates.
func presence(list []candidate, scores []float32, categories int, habits []usual, units int) [][presenceCount]float32 {
	out := make([][presenceCount]float32, categories)
	for c := range out {
		f := &out[c]
		f[pCategory], f[pBest], f[pSecond], f[pThird], f[pUnit] = float32(c), noScore, noScore, noScore, noScore
		f[pUnits], f[pRate], f[pHold] = float32(units), habits[c].rate, habits[c].hold
	}
	for i := 0; i < len(scores); i += categories {
		for c, z := range scores[i : i+categories] {
			out[c][pUnit] = max(out[c][pUnit], z)
		}
	}
	for i := range list {
		f, z := &out[list[i].category], list[i].score
		f[pMass] += chance(z)
		if z > 0 {
			f[pLikely]++
		}
		switch {
		case z > f[pBest]:
			f[pBest], f[pSecond], f[pThird] = z, f[pBest], f[pSecond]
		case z > f[pSecond]:
			f[pSecond], f[pThird] = z, f[pSecond]
		case z > f[pThird]:
			f[pThird] = z
		}
	}
	present := float32(0)
	for c := range out {
		if out[c][pBest] > 0 {
			present++
		}
	}
	for c := range out {
		out[c][pPresent], out[c][pKin] = present, noScore
		for _, k := range habits[c].kin {
			out[c][pKin] = max(out[c][pKin], out[k][pBest])
		}
	}
	return out
}
