package clause

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// Weights is everything that was learned, as training makes it and as the binary carries it. It is data: two equal
// trainings give equal bytes.
type Weights struct {
	Categories []string  // names, in the order of Categories
	Tree       int       // the first so many categories are CUAD's; the others have no network, and trees of their own
	Keys       []uint32  // of features, ascending
	Start      []uint32  // of the weights of a feature; one more at the end
	Class      []uint8   // category of a weight
	Value      []float32 // weight
	Bias       []float32 // by category
	Net        Net       // the second opinion of stage one
	Habits     []Usual   // by category
	Spans      Forest    // judges candidates
	Presence   Forest    // judges whether a category is there
	Span       []Platt   // by category: calibration of Spans
	Present    []Platt   // by category: calibration of Presence
	Show       []float32 // by category: a clause is listed from this confidence on
	Card       string    // what the weights are: JSON
	Own        Forest    // judges runs of sentences of the kinds without CUAD
	Again      Forest    // judges candidates again among the others; its score is added to that of Spans
}

// Net is a small network: features are vectors, their sum passes one hidden layer, from which all categories with trees are
// told. Hidden is 0 where there is none.
type Net struct {
	Hidden int
	Row    []int32 // by key: its vector, -1 for none; vectors are numbered in the order of the keys
	Embed  []int8  // vectors, each a whole number of its scale
	Scale  []float32
	Start  []float32 // of the hidden layer
	Out    []float32 // by category, by hidden
	Bias   []float32 // by category
}

// Platt turns a score into a chance: 1 / (1 + exp(-(A*score + B))).
type Platt struct{ A, B float32 }

// Chance is the calibrated probability.
func (p Platt) Chance(score float32) float32 { return chance(p.A*score + p.B) }

// Node is a question of a tree: values up to Cut go left. A leaf has Feature -1 and a value in Cut.
type Node struct {
	Feature     int16
	Left, Right uint16
	Cut         float32
}

// Forest is boosted trees of at most 64 leaves. A score is Base and the leaves' values.
type Forest struct {
	Base  float32
	Trees [][]Node
}

// Score adds up the trees.
func (f *Forest) Score(features []float32) float32 {
	z := f.Base
	for _, t := range f.Trees {
		z += leafOf(t, features)
	}
	return z
}

func leafOf(t []Node, features []float32) float32 {
	n := &t[0]
	for n.Feature >= 0 {
		next := n.Right
		if features[n.Feature] <= n.Cut {
			next = n.Left
		}
		n = &t[next]
	}
	return n.Cut
}

const magic = "PLCLAUSE\x02"

// Limits of what is read: a broken file must not ask for gigabytes.
const (
	maxCategories = 200
	maxKeys       = 1 << 21
	maxValues     = 1 << 24
	maxTrees      = 5000
	maxHidden     = 512
	maxNodes      = 2*maxLeaves - 1
	maxCard       = 1 << 20
	maxUnpacked   = 64 << 20
)

// Encode writes weights. A weight takes two bytes: its category, and sign and logarithm of its size, so that small ones
// keep their proportion (whole numbers cut at a limit cost 0.05 of AUPR when that was tried).
func (w *Weights) Encode(out io.Writer) error {
	var b bytes.Buffer
	e := encoder{&b}
	e.count(len(w.Categories))
	for _, name := range w.Categories {
		e.text(name)
	}
	e.count(w.Tree)
	e.count(len(w.Keys))
	before := uint32(0)
	for _, k := range w.Keys {
		e.count(int(k - before))
		before = k
	}
	for i := range w.Keys {
		e.count(int(w.Start[i+1] - w.Start[i]))
	}
	b.Write(w.Class)
	for _, v := range w.Value {
		b.WriteByte(pack(v))
	}
	e.floats(w.Bias)
	e.net(&w.Net)
	for _, h := range w.Habits {
		e.floats([]float32{h.Rate, h.Hold, h.Length})
		b.Write(h.Kin[:])
	}
	e.forest(&w.Spans)
	e.forest(&w.Presence)
	for _, list := range [][]Platt{w.Span, w.Present} {
		for _, p := range list {
			e.floats([]float32{p.A, p.B})
		}
	}
	e.floats(w.Show)
	e.text(w.Card)
	e.forest(&w.Own)
	e.forest(&w.Again)
	if _, err := io.WriteString(out, magic); err != nil {
		return err
	}
	z, err := flate.NewWriter(out, flate.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(b.Bytes()); err != nil {
		return err
	}
	return z.Close()
}

type encoder struct{ *bytes.Buffer }

func (e encoder) count(n int) { e.Write(binary.AppendUvarint(nil, uint64(n))) }

func (e encoder) text(s string) {
	e.count(len(s))
	e.WriteString(s)
}

func (e encoder) floats(list []float32) {
	for _, v := range list {
		e.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
	}
}

func (e encoder) net(n *Net) {
	e.count(n.Hidden)
	if n.Hidden == 0 {
		return
	}
	for _, r := range n.Row {
		e.WriteByte(byte(min(r, 0) + 1))
	}
	for _, v := range n.Embed {
		e.WriteByte(byte(v))
	}
	e.floats(n.Scale)
	e.floats(n.Start)
	e.floats(n.Out)
	e.floats(n.Bias)
}

func (e encoder) forest(f *Forest) {
	e.floats([]float32{f.Base})
	e.count(len(f.Trees))
	for _, t := range f.Trees {
		e.count(len(t))
		for _, n := range t {
			e.WriteByte(byte(n.Feature + 1))
			if n.Feature >= 0 {
				e.count(int(n.Left))
				e.count(int(n.Right))
			}
			e.floats([]float32{n.Cut})
		}
	}
}

// pack keeps a weight in a byte: sign, and 127 steps of its logarithm from 2^-9 to 2^3.
func pack(v float32) byte {
	size := math.Abs(float64(v))
	step := math.Round((math.Log2(max(size, 1e-9))+9)/12*126) + 1
	if step < 1 {
		return 0
	}
	b := byte(min(step, 127))
	if v < 0 {
		b |= 0x80
	}
	return b
}

func unpack(b byte) float32 {
	step := b & 0x7f
	if step == 0 {
		return 0
	}
	v := float32(math.Exp2(float64(step-1)/126*12 - 9))
	if b&0x80 != 0 {
		return -v
	}
	return v
}

var errWeights = errors.New("the weights are damaged")

// Decode reads weights, and checks everything that reading a contract relies on.
func Decode(in []byte) (*Weights, error) {
	rest, ok := bytes.CutPrefix(in, []byte(magic))
	if !ok {
		return nil, fmt.Errorf("%w: they do not begin as weights do", errWeights)
	}
	body, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(rest)), maxUnpacked+1))
	if err != nil || len(body) > maxUnpacked {
		return nil, fmt.Errorf("%w: they can not be unpacked", errWeights)
	}
	d := &decoder{rest: body}
	w := d.weights()
	if d.failed || len(d.rest) > 0 {
		return nil, fmt.Errorf("%w: they end too early, or hold what can not be", errWeights)
	}
	return w, nil
}

type decoder struct {
	rest   []byte
	failed bool
}

func (d *decoder) weights() *Weights {
	w := &Weights{}
	for range d.count(maxCategories) {
		w.Categories = append(w.Categories, d.text(100))
	}
	n := len(w.Categories)
	w.Tree = d.count(n)
	keys := d.count(min(maxKeys, len(d.rest)))
	w.Keys, w.Start = make([]uint32, keys), make([]uint32, keys+1)
	before := uint32(0)
	for i := range w.Keys {
		step := d.count(math.MaxUint32)
		if uint64(before)+uint64(step) > math.MaxUint32 || step == 0 {
			d.failed = true
		}
		before += uint32(step)
		w.Keys[i] = before
	}
	for i := range w.Keys {
		w.Start[i+1] = w.Start[i] + uint32(d.count(n))
	}
	total := int(w.Start[keys])
	if total > maxValues {
		d.failed = true
	}
	w.Class = slices.Clone(d.take(total))
	for _, c := range w.Class {
		d.failed = d.failed || int(c) >= n
	}
	w.Value = make([]float32, len(w.Class))
	var value [256]float32
	for b := range value {
		value[b] = unpack(byte(b))
	}
	for i, b := range d.take(len(w.Class)) {
		w.Value[i] = value[b]
	}
	w.Bias = d.floats(n)
	d.net(&w.Net, keys, w.Tree)
	for range n {
		f := d.floats(3)
		h := Usual{Rate: f[0], Hold: f[1], Length: f[2]}
		copy(h.Kin[:], d.take(len(h.Kin)))
		for _, k := range h.Kin {
			d.failed = d.failed || int(k) >= max(1, w.Tree)
		}
		w.Habits = append(w.Habits, h)
	}
	d.forest(&w.Spans, featureCount)
	d.forest(&w.Presence, presenceCount)
	for _, list := range []*[]Platt{&w.Span, &w.Present} {
		for range n {
			f := d.floats(2)
			*list = append(*list, Platt{f[0], f[1]})
		}
	}
	w.Show = d.floats(n)
	w.Card = d.text(maxCard)
	d.forest(&w.Own, runCount)
	d.forest(&w.Again, againCount)
	return w
}

func (d *decoder) take(n int) []byte {
	if d.failed || n < 0 || n > len(d.rest) {
		d.failed = true
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) count(limit int) int {
	v, n := binary.Uvarint(d.rest)
	if d.failed || n <= 0 || v > uint64(limit) {
		d.failed = true
		return 0
	}
	d.rest = d.rest[n:]
	return int(v)
}

func (d *decoder) text(limit int) string { return string(d.take(d.count(limit))) }

// floats reads n numbers; they are there even where the file is not.
func (d *decoder) floats(n int) []float32 {
	list := make([]float32, n)
	b := d.take(4 * n)
	for i := range list {
		if len(b) < 4*n {
			break
		}
		list[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		if v := float64(list[i]); math.IsNaN(v) || math.IsInf(v, 0) {
			d.failed = true
		}
	}
	return list
}

func (d *decoder) net(n *Net, keys, categories int) {
	if n.Hidden = d.count(maxHidden); n.Hidden == 0 {
		return
	}
	rows := int32(0)
	n.Row = make([]int32, keys)
	for i, b := range d.take(keys) {
		n.Row[i] = -1
		if b == 1 {
			n.Row[i] = rows
			rows++
		}
		d.failed = d.failed || b > 1
	}
	embed := d.take(int(rows) * n.Hidden)
	n.Embed = make([]int8, len(embed))
	for i, b := range embed {
		n.Embed[i] = int8(b)
	}
	if d.failed {
		return
	}
	n.Scale, n.Start = d.floats(int(rows)), d.floats(n.Hidden)
	for _, v := range n.Scale {
		d.failed = d.failed || v < 0
	}
	n.Out, n.Bias = d.floats(categories*n.Hidden), d.floats(categories)
}

func (d *decoder) forest(f *Forest, features int) {
	f.Base = d.floats(1)[0]
	for range d.count(maxTrees) {
		t := make([]Node, d.count(maxNodes))
		if len(t) == 0 {
			d.failed = true
		}
		var child [maxNodes]bool
		for i := range t {
			b := d.take(1)
			if len(b) == 0 {
				return
			}
			n := &t[i]
			if n.Feature = int16(b[0]) - 1; n.Feature >= 0 {
				n.Left, n.Right = uint16(d.count(len(t)-1)), uint16(d.count(len(t)-1))
				// Children stand later and have one parent, so every walk ends, and that over all of them soon.
				if int(n.Feature) >= features || int(n.Left) <= i || int(n.Right) <= i || child[n.Left] || n.Left == n.Right || child[n.Right] {
					d.failed = true
					return
				}
				child[n.Left], child[n.Right] = true, true
			}
			n.Cut = d.floats(1)[0]
		}
		f.Trees = append(f.Trees, t)
	}
}
