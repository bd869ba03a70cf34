package clause

import "github.com/pactloop/pactloop/internal/document"

// Sheet is a document cut into units with their features: what training sees, made by the code that reading uses.
type Sheet struct{ l *layout }

// NewSheet prepares a document.
func NewSheet(d *document.Document) *Sheet { return &Sheet{cut(prepare(d))} }

// Units is the number of units.
func (s *Sheet) Units() int { return len(s.l.units) }

// Span is where unit i stands, in bytes of the text.
func (s *Sheet) Span(i int) (start, end int) { return s.l.units[i].start, s.l.units[i].end }

// Features calls each with the features of each unit, keys and values.
func (s *Sheet) Features(each func(unit int, keys []uint32, values []float32)) {
	f := newFeaturizer(s.l)
	var keys []uint32
	var values []float32
	for i := range s.l.units {
		keys, values = keys[:0], values[:0]
		for _, x := range f.of(i) {
			keys, values = append(keys, x.key), append(values, x.value)
		}
		each(i, keys, values)
	}
}

// Features of a candidate, and their number.
const FeatureCount = featureCount

// Usual is what is usual in a category; learned with the weights.
type Usual struct {
	Rate, Hold, Length float32
	Kin                [3]uint8
}

// Proposal is a candidate as training sees it.
type Proposal struct {
	Category   int
	Start, End int
	Unit       int
	Shape      uint8
	Features   [FeatureCount]float32
}

// Propose lists the candidates of a sheet from the scores of its units (units by categories), and how far the opinions
// behind each lie apart.
func (s *Sheet) Propose(scores, apart []float32, categories int, habits []Usual) []Proposal {
	h := make([]usual, len(habits))
	for i, u := range habits {
		h[i] = usual{rate: u.Rate, hold: u.Hold, length: u.Length, kin: u.Kin}
	}
	found := propose(s.l, &board{n: categories, score: scores, apart: apart}, h)
	out := make([]Proposal, len(found))
	for i, c := range found {
		out[i] = Proposal{Category: int(c.category), Start: c.start, End: c.end, Unit: c.unit, Shape: uint8(c.shape), Features: c.features}
	}
	return out
}

// Presence makes the features from which presence is told, by category, from what both judgements said of candidates.
func (s *Sheet) Presence(list []Proposal, judged, again, scores []float32, categories int, habits []Usual) [][]float32 {
	found := make([]candidate, len(list))
	for i, p := range list {
		found[i] = candidate{category: uint8(p.Category), score: again[i]}
	}
	h := make([]usual, len(habits))
	for i, u := range habits {
		h[i] = usual{rate: u.Rate, hold: u.Hold, length: u.Length, kin: u.Kin}
	}
	var out [][]float32
	for _, f := range presence(found, judged, scores, categories, h, len(s.l.units)) {
		out = append(out, f[:])
	}
	return out
}

// Again makes the features of the second judgement from candidates and their first scores.
func (s *Sheet) Again(list []Proposal, judged []float32, categories int, habits []Usual) [][]float32 {
	found := make([]candidate, len(list))
	for i, p := range list {
		found[i] = candidate{category: uint8(p.Category), shape: shape(p.Shape), unit: p.Unit, start: p.Start, end: p.End, features: p.Features, score: judged[i]}
	}
	h := make([]usual, len(habits))
	for i, u := range habits {
		h[i] = usual{rate: u.Rate, hold: u.Hold, length: u.Length, kin: u.Kin}
	}
	out := make([][]float32, 0, len(list))
	for _, f := range again(s.l, found, categories, h) {
		out = append(out, f[:])
	}
	return out
}

// Round gives a weight as the binary will carry it.
func Round(v float32) float32 { return unpack(pack(v)) }

// Run is a candidate of a kind that CUAD lacks, as training sees it.
type Run struct {
	Category   int // from 0 for the first kind that CUAD lacks
	Start, End int
	Features   []float32
}

// Runs lists the candidates of kinds that CUAD lacks from the scores of units by these kinds.
func (s *Sheet) Runs(scores []float32, kinds int) []Run {
	var out []Run
	for _, r := range runs(s.l, scores, kinds, 0) {
		out = append(out, Run{Category: r.category, Start: s.l.units[r.first].start, End: s.l.units[r.last].end, Features: r.features[:]})
	}
	return out
}
