package clause

import (
	"cmp"
	"slices"

	"github.com/pactloop/pactloop/internal/document"
)

// Machine reads documents with one set of weights. It has no state and may be used by many at once.
type Machine struct {
	w      *Weights
	table  []slot // open addressing by key
	mask   uint32
	rows   []float32 // of each key, the weights of all categories in so many blocks of wide
	parts  []byte    // vectors of the network, in blocks of deep
	told   []float32 // what a part of the hidden layer tells of each category with trees, a row for each part
	blocks int       // of a row
	floors int       // blocks of trees: the categories of a row of told
	layers int       // blocks of a vector
	unit   float32   // what one counts in a lane
	habit  []usual
	spans  *judges
	again  *judges
	own    *judges
}

// slot says which row a key has, and which vector: one stretch of memory for all that is known of a key.
type slot struct {
	key   uint32
	row   uint32  // in blocks
	scale float32 // of the vector, in units of a lane; 0 where there is none
	at    uint32  // the byte at which the vector begins
}

// NewMachine prepares weights for use.
func NewMachine(w *Weights) *Machine {
	size := 16
	for size < 2*len(w.Keys) {
		size *= 2
	}
	m := &Machine{w: w, table: make([]slot, size), mask: uint32(size - 1), spans: w.Spans.judges(featureCount), again: w.Again.judges(againCount), own: w.Own.judges(runCount)}
	m.pile()
	for _, h := range w.Habits {
		m.habit = append(m.habit, usual{rate: h.Rate, hold: h.Hold, length: h.Length, kin: h.Kin})
	}
	return m
}

// The hidden layer is summed in whole numbers, each in a lane of 32 bits: the parts of a vector are bytes from 0 on (a part and
// its zero), and what the zeros add is taken off at the end.
const (
	zeroPart = 128
	// mostFeatures is what the features of a unit count together at most: a part of n features counts its scale times the
	// root of n, and all parts have bounds. So no sum can leave its lane.
	mostFeatures = 128
)

// pile writes a row for each key: the weights of all categories as numbers, side by side, so that eight are added at a time.
// What a key lacks is 0, and adds nothing: the words that stand most often in contracts lack least, so looking what there is
// would take longer than adding it all.
func (m *Machine) pile() {
	w, hidden := m.w, m.w.Net.Hidden
	m.blocks, m.floors = blocksOf(len(w.Categories), wide), blocksOf(w.Tree, wide)
	m.layers = blocksOf(hidden, deep)
	most := float32(1e-9)
	for _, v := range w.Net.Scale {
		most = max(most, v)
	}
	const room = 0.9 * (1 << 32) / (255 * mostFeatures)
	m.unit = most / room
	m.told = make([]float32, hidden*m.floors*wide)
	for i, v := range w.Net.Out {
		m.told[i%hidden*m.floors*wide+i/hidden] = v
	}
	m.rows = make([]float32, len(w.Keys)*m.blocks*wide)
	m.parts = make([]byte, len(w.Net.Scale)*m.layers*deep)
	next := 0
	for n, i := range w.common() {
		at := spread(w.Keys[i]) & m.mask
		for m.table[at].key != 0 {
			at = (at + 1) & m.mask
		}
		m.table[at] = slot{key: w.Keys[i], row: uint32(n * m.blocks)}
		row := m.rows[n*m.blocks*wide:][:m.blocks*wide]
		from, to := w.Start[i], w.Start[i+1]
		for k, c := range w.Class[from:to] {
			row[c] = unpack(pack(w.Value[from:to][k])) // as the binary carries it
		}
		if hidden == 0 || w.Net.Row[i] < 0 {
			continue
		}
		v := int(w.Net.Row[i])
		m.table[at].scale, m.table[at].at = w.Net.Scale[v]/m.unit, uint32(next)
		for k, e := range w.Net.Embed[v*hidden:][:hidden] {
			m.parts[next+k] = byte(int(e) + zeroPart)
		}
		next += m.layers * deep
	}
}

// blocksOf is how many blocks of a size hold n.
func blocksOf(n, size int) int { return (n + size - 1) / size }

// common lists keys with those first that have the most weights: these are what most sentences have, and what stands together
// in memory stays near.
func (w *Weights) common() []int {
	order := make([]int, len(w.Keys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(w.Start[b+1]-w.Start[b], w.Start[a+1]-w.Start[a]) })
	return order
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
	f.begin()
	f.titles()
	m.add(title, f.buf)
	last := [2]int32{-2, -2}
	for i := range l.units {
		if under := f.under(i); under != last {
			last = under
			above.set(title)
			f.begin()
			f.headings(i)
			m.add(above, f.buf)
		}
		sum.set(above)
		f.begin()
		f.own(i)
		m.add(sum, f.buf)
		z := scores[i*n : i*n+n]
		copy(z, sum.z)
		if hidden > 0 {
			m.mix(sum, z[:trees], apart[i*trees:i*trees+trees])
		}
	}
	return scores, apart
}

// sum is scores and the hidden layer while features are added.
type sum struct {
	z        []float32
	lanes    []uint32
	zeros    uint64    // how often a zero was added
	portions []portion // of the features at hand
	times    []times   // and of their vectors
	hidden   []float32 // room for the layer once it is summed
	told     []float32 // and for what it tells
}

func (m *Machine) newSum() *sum {
	return &sum{
		z: make([]float32, m.blocks*wide), lanes: make([]uint32, m.layers*deep), hidden: make([]float32, m.w.Net.Hidden), told: make([]float32, m.floors*wide),
		portions: make([]portion, 0, 256), times: make([]times, 0, 256),
	}
}

func (s *sum) set(from *sum) {
	s.zeros = from.zeros
	copy(s.z, from.z)
	copy(s.lanes, from.lanes)
}

// layer gives the hidden layer of a sum.
func (m *Machine) layer(s *sum) []float32 {
	zeros := int64(s.zeros * zeroPart)
	for h, start := range m.w.Net.Start {
		s.hidden[h] = start + m.unit*float32(int64(s.lanes[h])-zeros)
	}
	return s.hidden
}

// add finds all features first: the searches do not wait for each other then.
func (m *Machine) add(s *sum, features []feature) {
	s.portions, s.times = s.portions[:0], s.times[:0]
	table := m.table
	for _, x := range features {
		at := spread(x.key) & m.mask
		t := &table[at]
		for t.key != x.key && t.key != 0 {
			at = (at + 1) & m.mask
			t = &table[at]
		}
		if t.key == 0 {
			continue
		}
		s.portions = append(s.portions, portion{t.row, x.value})
		if v := uint32(x.value*t.scale + 0.5); v > 0 {
			s.zeros += uint64(v)
			s.times = append(s.times, times{t.at, v})
		}
	}
	for b := range m.blocks {
		add((*[wide]float32)(s.z[b*wide:]), m.rows[b*wide:], s.portions)
	}
	for b := range m.layers {
		if len(s.times) > 0 {
			count((*[deep]uint32)(s.lanes[b*deep:]), m.parts[b*deep:], s.times)
		}
	}
}

// mix tells the categories from the hidden layer, and makes the scores the mean of both opinions. What stands at nought in the
// layer is passed over.
func (m *Machine) mix(s *sum, scores, apart []float32) {
	s.portions = s.portions[:0]
	for h, v := range m.layer(s) {
		if v > 0 {
			s.portions = append(s.portions, portion{uint32(h * m.floors), v})
		}
	}
	clear(s.told)
	copy(s.told, m.w.Net.Bias)
	for b := range m.floors {
		add((*[wide]float32)(s.told[b*wide:]), m.told[b*wide:], s.portions)
	}
	for c, z := range scores {
		scores[c], apart[c] = (z+s.told[c])/2, z-s.told[c]
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
	first := make([]float32, len(list))
	for i := range list {
		first[i] = list[i].score
	}
	m.judgeAgain(l, list)
	for c, f := range presence(list, first, scores, m.w.Tree, m.habit, len(l.units)) {
		r.Presence[c] = m.w.Present[c].Chance(m.w.Presence.Score(f[:]))
	}
	for i := range list {
		c := &list[i]
		r.Found = append(r.Found, Found{Category: int(c.category), Start: c.start, End: c.end, Confidence: m.w.Span[c.category].Chance(c.score)})
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

// judge scores candidates.
func (m *Machine) judge(list []candidate) {
	rows, sums := make([][]float32, len(list)), make([]float32, len(list))
	for i := range list {
		rows[i], sums[i] = list[i].features[:], m.w.Spans.Base
	}
	m.spans.add(rows, sums)
	for i := range list {
		list[i].score = sums[i]
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
	rows, sums := make([][]float32, len(list)), make([]float32, len(list))
	for i := range list {
		rows[i] = list[i].features[:]
	}
	m.own.add(rows, sums)
	for i, x := range list {
		z := m.w.Own.Base + sums[i]
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
	pAgain  // best of the second judgement
	pNext   // and the second best
	pAdds   // sum of its chances: how many clauses there may be
	presenceCount
)

// presence makes the features of presence from candidates judged twice; first is what the first judgement said of them.
func presence(list []candidate, first, scores []float32, categories int, habits []usual, units int) [][presenceCount]float32 {
	out := make([][presenceCount]float32, categories)
	for c := range out {
		f := &out[c]
		f[pCategory], f[pBest], f[pSecond], f[pThird], f[pUnit] = float32(c), noScore, noScore, noScore, noScore
		f[pAgain], f[pNext] = noScore, noScore
		f[pUnits], f[pRate], f[pHold] = float32(units), habits[c].rate, habits[c].hold
	}
	for i := 0; i < len(scores); i += categories {
		for c, z := range scores[i : i+categories] {
			out[c][pUnit] = max(out[c][pUnit], z)
		}
	}
	for i := range list {
		f, z := &out[list[i].category], first[i]
		last := list[i].score
		f[pAdds] += chance(last)
		f[pAgain], f[pNext] = max(f[pAgain], last), max(f[pNext], min(f[pAgain], last))
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
