package clause

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/pactloop/pactloop/internal/document"
)

// Machine reads documents with one set of weights. It has no state and may be used by many at once.
type Machine struct {
	w     *Weights
	table []slot // open addressing by key
	mask  uint32
	rows  []byte       // what is known of each key: see pile
	width int          // of a row
	scale int          // where in a row the scale of the network's vector stands, behind the weights of all categories
	lanes int          // words that hold the hidden layer while it is summed
	unit  float32      // what one counts in a lane
	told  []float32    // what a part of the hidden layer tells of each category, part by part
	value [256]float32 // of a weight, by its byte
	habit []usual
	spans *judges
	again *judges
	own   *judges
}

// slot says where the row of a key begins.
type slot struct {
	key uint32
	at  uint32
}

// eights is what the scores of a row are rounded up to.
const eights = 8

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

// The hidden layer is summed in whole numbers, two of 32 bits in each word, so that one multiplication serves two: the parts
// of a vector stand in a row as bytes from 0 on (a part and its zero), and what the zeros add is taken off at the end.
const (
	zeroPart = 128
	pair     = 0x000000ff_000000ff // the bytes of a word that two lanes take, one half of it apart
	// mostFeatures is what the features of a unit count together at most: a part of n features counts its scale times the
	// root of n, and all parts have bounds. So no sum can leave its half of a word.
	mostFeatures = 128
)

// pile writes a row for each key: the weights of all categories as the binary carries them, then the scale and the vector of
// the network. What a key lacks is 0, and adds nothing: the words that stand most often in contracts lack least, so looking
// what there is would take longer than adding it all. All that a feature adds lies in one stretch of memory: the tables are
// larger than the caches of a processor near to it, and each jump to another table costs more than the arithmetic.
func (m *Machine) pile() {
	w, hidden := m.w, m.w.Net.Hidden
	for i := range m.value {
		m.value[i] = unpack(byte(i))
	}
	m.scale = (len(w.Categories) + eights - 1) / eights * eights
	m.lanes = (hidden + eights - 1) / eights * eights / 2
	m.width = (m.scale + 4 + 2*m.lanes + 31) / 32 * 32 // a row begins in few lines of a cache
	most := float32(1e-9)
	for _, v := range w.Net.Scale {
		most = max(most, v)
	}
	const room = 0.9 * (1 << 32) / (255 * mostFeatures)
	m.unit = most / room
	m.told = make([]float32, len(w.Net.Out))
	for i, v := range w.Net.Out {
		m.told[i%hidden*w.Tree+i/hidden] = v
	}
	// Most keys have no vector, and a row that ends where it would begin: what is read behind it is added no times.
	short := (m.scale + 4 + 31) / 32 * 32
	m.rows = make([]byte, len(w.Keys)*short+len(w.Net.Scale)*(m.width-short)+m.width)
	next := 0
	for _, i := range w.common() {
		at := spread(w.Keys[i]) & m.mask
		for m.table[at].key != 0 {
			at = (at + 1) & m.mask
		}
		m.table[at] = slot{w.Keys[i], uint32(next)}
		row := m.rows[next:][:m.width]
		from, to := w.Start[i], w.Start[i+1]
		for n, c := range w.Class[from:to] {
			row[c] = pack(w.Value[from:to][n])
		}
		next += short
		if hidden == 0 || w.Net.Row[i] < 0 {
			continue
		}
		next += m.width - short
		n := int(w.Net.Row[i])
		binary.LittleEndian.PutUint32(row[m.scale:], math.Float32bits(w.Net.Scale[n]/m.unit))
		for k, e := range w.Net.Embed[n*hidden:][:hidden] {
			row[m.scale+4+k] = byte(int(e) + zeroPart)
		}
	}
}

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
	copy(title.z[:], m.w.Bias)
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
		copy(z, sum.z[:])
		if hidden > 0 {
			m.mix(m.layer(sum), z[:trees], apart[i*trees:i*trees+trees])
		}
	}
	return scores, apart
}

// sum is scores and the hidden layer while features are added. A category is a byte, so no index can miss z.
type sum struct {
	z      [256]float32
	lanes  []uint64
	zeros  uint64    // how often a zero was added
	known  []known   // of the features at hand
	hidden []float32 // room for the layer once it is summed
}

// known is where the row of a feature begins, and what the feature counts.
type known struct {
	at    uint32
	first byte // of the row: reading it early fetches the row
	value float32
}

func (m *Machine) newSum() *sum {
	return &sum{lanes: make([]uint64, m.lanes), hidden: make([]float32, m.w.Net.Hidden)}
}

func (s *sum) set(from *sum) {
	s.z, s.zeros = from.z, from.zeros
	copy(s.lanes, from.lanes)
}

// layer gives the hidden layer of a sum.
func (m *Machine) layer(s *sum) []float32 {
	zeros := int64(s.zeros * zeroPart)
	for h, start := range m.w.Net.Start {
		word := s.lanes[h/eights*4+h%4] >> (h % eights / 4 * 32)
		s.hidden[h] = start + m.unit*float32(int64(word&math.MaxUint32)-zeros)
	}
	return s.hidden
}

// add finds all features first: the searches do not wait for each other then.
func (m *Machine) add(s *sum, features []feature) {
	s.known = s.known[:0]
	for _, x := range features {
		at := spread(x.key) & m.mask
		for m.table[at].key != x.key && m.table[at].key != 0 {
			at = (at + 1) & m.mask
		}
		if t := m.table[at]; t.key != 0 {
			s.known = append(s.known, known{t.at, m.rows[t.at], x.value})
		}
	}
	list := s.known
	for ; len(list) >= 4; list = list[4:] {
		m.add4(s, list[0], list[1], list[2], list[3])
	}
	for _, k := range list {
		m.add1(s, k)
	}
}

// add1 adds what is known of a feature.
func (m *Machine) add1(s *sum, k known) {
	z, values := s.z[:m.scale], &m.value
	row := m.rows[k.at:][:m.width]
	for c, b := range row[:len(z)] {
		z[c] += k.value * values[b]
	}
	v := m.times(k.value, row)
	if v == 0 {
		return
	}
	s.zeros += v
	parts := row[m.scale+4:]
	for lanes := s.lanes; len(lanes) >= 4; lanes, parts = lanes[4:], parts[eights:] {
		p := binary.LittleEndian.Uint64(parts)
		lanes[0] += v * (p & pair)
		lanes[1] += v * (p >> 8 & pair)
		lanes[2] += v * (p >> 16 & pair)
		lanes[3] += v * (p >> 24 & pair)
	}
}

// times is how often the vector of a row is added for a feature; 0 where there is none.
func (m *Machine) times(value float32, row []byte) uint64 {
	return uint64(value*math.Float32frombits(binary.LittleEndian.Uint32(row[m.scale:])) + 0.5)
}

// add4 adds four features one after the other, as add1 would, and keeps each score at hand meanwhile.
func (m *Machine) add4(s *sum, k0, k1, k2, k3 known) {
	z, values := s.z[:m.scale], &m.value
	r0, r1, r2, r3 := m.rows[k0.at:][:m.width], m.rows[k1.at:][:m.width], m.rows[k2.at:][:m.width], m.rows[k3.at:][:m.width]
	x0, x1, x2, x3 := k0.value, k1.value, k2.value, k3.value
	b0, b1, b2, b3 := r0[:len(z)], r1[:len(z)], r2[:len(z)], r3[:len(z)]
	for c, sum := range z {
		sum += x0 * values[b0[c]]
		sum += x1 * values[b1[c]]
		sum += x2 * values[b2[c]]
		sum += x3 * values[b3[c]]
		z[c] = sum
	}
	v0, v1, v2, v3 := m.times(x0, r0), m.times(x1, r1), m.times(x2, r2), m.times(x3, r3)
	if v0|v1|v2|v3 == 0 {
		return
	}
	s.zeros += v0 + v1 + v2 + v3
	p0, p1, p2, p3 := r0[m.scale+4:], r1[m.scale+4:], r2[m.scale+4:], r3[m.scale+4:]
	for lanes, at := s.lanes, 0; len(lanes) >= 4; lanes, at = lanes[4:], at+eights {
		w0, w1 := binary.LittleEndian.Uint64(p0[at:]), binary.LittleEndian.Uint64(p1[at:])
		w2, w3 := binary.LittleEndian.Uint64(p2[at:]), binary.LittleEndian.Uint64(p3[at:])
		lanes[0] += v0*(w0&pair) + v1*(w1&pair) + v2*(w2&pair) + v3*(w3&pair)
		lanes[1] += v0*(w0>>8&pair) + v1*(w1>>8&pair) + v2*(w2>>8&pair) + v3*(w3>>8&pair)
		lanes[2] += v0*(w0>>16&pair) + v1*(w1>>16&pair) + v2*(w2>>16&pair) + v3*(w3>>16&pair)
		lanes[3] += v0*(w0>>24&pair) + v1*(w1>>24&pair) + v2*(w2>>24&pair) + v3*(w3>>24&pair)
	}
}

// mix tells the categories from the hidden layer, and makes the scores the mean of both opinions. Categories are told side by
// side: a sum then waits for no other, and what stands at nought in the layer is passed over.
func (m *Machine) mix(layer, scores, apart []float32) {
	n := len(scores)
	apart = apart[:n]
	copy(apart, m.w.Net.Bias)
	before := -1 // a part that waits for a second one: two are added in one go
	for h, v := range layer {
		switch {
		case v <= 0:
		case before < 0:
			before = h
		default:
			u, a, b := layer[before], m.told[before*n:][:n], m.told[h*n:][:n]
			for c, z := range apart {
				z += u * a[c]
				z += v * b[c]
				apart[c] = z
			}
			before = -1
		}
	}
	if before >= 0 {
		u, a := layer[before], m.told[before*n:][:n]
		for c := range apart {
			apart[c] += u * a[c]
		}
	}
	for c, z := range scores {
		scores[c], apart[c] = (z+apart[c])/2, z-apart[c]
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
