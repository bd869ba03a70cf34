package clause

import (
	"math"
	"strings"
)

// Features of a unit are the words and pairs of words of its parts, each part with its own salt: "assign" in the sentence
// is not "assign" in its heading. The weight of a feature is 1/sqrt(n) of its part, so that a long sentence does not shout.

// feature is a hashed word or pair of a part.
type feature struct {
	key   uint32
	value float32
}

type part uint32

const (
	partUnit part = iota + 1
	partHeading
	partParent
	partBefore
	partAfter
	partLead
	partTitle
	partPlace
	partEdge
)

// How much a part counts as a whole.
var partScale = [...]float64{partUnit: 2.2, partHeading: 1.2, partParent: 0.7, partBefore: 0.7, partAfter: 0.5, partLead: 0.9, partTitle: 0.6, partPlace: 0.8, partEdge: 0.8}

func mix(salt part, a, b uint32) uint32 {
	h := uint64(a)*0x9E3779B97F4A7C15 ^ uint64(b)*0xC2B2AE3D27D4EB4F ^ uint64(salt)*0x165667B19E3779F9
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	h ^= h >> 32
	return uint32(h) | 1 // 0 marks an empty slot in the table of weights
}

// featurizer makes the features of the units of one layout; it keeps its buffers.
type featurizer struct {
	l     *layout
	title []uint32
	seen  [4096]met // a table of the keys of this unit: each counts once
	mask  uint32    // of the part of the table that this unit needs: the less of it, the nearer it lies
	now   uint32
	buf   []feature
}

// met is a key, and the round in which it was met: one stretch of memory, not two.
type met struct{ key, round uint32 }

func newFeaturizer(l *layout) *featurizer {
	return &featurizer{l: l, title: titleWords(l)}
}

// titleWords are words of the first headings: they say what kind of contract it is.
func titleWords(l *layout) []uint32 {
	var words []uint32
	for i := range l.units {
		u := &l.units[i]
		if i > 25 || len(words) >= 24 {
			break
		}
		if !u.title && u.flags&flagShout == 0 {
			continue
		}
		for _, t := range l.tokens[u.first:min(u.last, u.first+12)] {
			if t.kind == wordToken && !t.small {
				words = append(words, t.hash)
			}
		}
	}
	return words
}

// maxWords bounds the words of a unit that are looked at.
const maxWords = 400 // with pairs, and all other parts, fewer than the slots of the table

// of gives the features of unit i; the slice is good until the next call.
func (f *featurizer) of(i int) []feature {
	f.begin()
	f.own(i)
	f.headings(i)
	f.titles()
	return f.buf
}

func (f *featurizer) begin() {
	f.buf = f.buf[:0]
	f.now++
	f.mask = uint32(len(f.seen) - 1)
}

// own are the features of the unit and its neighbours.
func (f *featurizer) own(i int) {
	l := f.l
	u := &l.units[i]
	if u.last-u.first < 60 { // with all other parts fewer features than it has slots
		f.mask = uint32(len(f.seen)/4 - 1)
	}
	f.ngrams(partUnit, u.first, min(u.last, u.first+maxWords), true)
	if u.lead >= 0 {
		v := &l.units[u.lead]
		f.ngrams(partLead, max(v.first, v.last-40), v.last, true)
	}
	if i > 0 {
		v := &l.units[i-1]
		f.ngrams(partBefore, max(v.first, v.last-60), v.last, false)
	}
	if i+1 < len(l.units) {
		v := &l.units[i+1]
		f.ngrams(partAfter, v.first, min(v.last, v.first+60), false)
	}
	f.place(i, u)
}

// headings are the features of what stands above the unit; units under one heading share them.
func (f *featurizer) headings(i int) {
	l := f.l
	u := &l.units[i]
	if u.heading >= 0 && !u.title {
		h := l.headings[u.heading]
		f.ngrams(partHeading, h.first, h.last, true)
	}
	if u.parent >= 0 {
		h := l.headings[u.parent]
		f.ngrams(partParent, h.first, h.last, false)
	}
}

// under names what headings gives: units of which it is the same have the same features of headings.
func (f *featurizer) under(i int) [2]int32 {
	u := &f.l.units[i]
	if u.title {
		return [2]int32{-1, u.parent}
	}
	return [2]int32{u.heading, u.parent}
}

// titles are the features of the contract's title; all units share them.
func (f *featurizer) titles() {
	from := len(f.buf)
	for _, w := range f.title {
		f.put(mix(partTitle, w, 0))
	}
	f.scale(from, partTitle)
}

func (f *featurizer) put(key uint32) { f.putWith(key, 1) }

func (f *featurizer) putWith(key uint32, weight float32) {
	for at := key >> 7 & f.mask; ; at = (at + 1) & f.mask {
		s := &f.seen[at&uint32(len(f.seen)-1)]
		if s.round != f.now {
			*s = met{key, f.now}
			f.buf = append(f.buf, feature{key: key, value: weight})
			return
		}
		if s.key == key {
			return
		}
	}
}

func (f *featurizer) scale(from int, p part) {
	n := len(f.buf) - from
	if n == 0 {
		return
	}
	sum := float32(0)
	for i := from; i < len(f.buf); i++ {
		sum += f.buf[i].value * f.buf[i].value
	}
	v := float32(partScale[p] / math.Sqrt(float64(sum)))
	for i := from; i < len(f.buf); i++ {
		f.buf[i].value *= v
	}
}

func (f *featurizer) ngrams(p part, first, last int, pairs bool) {
	from := len(f.buf)
	before, weightBefore := uint32(0), float32(1)
	for _, t := range f.l.tokens[first:last] {
		weight := weakWeight[t.weak]
		f.putWith(mix(p, t.hash, 0), weight)
		if pairs && before != 0 {
			f.putWith(mix(p, t.hash, before), (weight+weightBefore)/2)
		}
		before, weightBefore = t.hash, weight
	}
	f.scale(from, p)
}

// place says where the unit stands and how it looks.
func (f *featurizer) place(i int, u *unit) {
	l := f.l
	from := len(f.buf)
	put := func(kind, v uint32) { f.put(mix(partPlace, kind<<8|v, 7)) }
	put(1, uint32(i*10/len(l.units)))
	put(2, uint32(min(i, 40)/4))
	put(3, uint32(bucket(u.end-u.start)))
	put(4, uint32(u.flags&0xff))
	put(5, uint32(u.flags>>8))
	put(6, 1)
	if u.title {
		put(7, 1)
	}
	put(8, uint32(min(len(l.units)/60, 12)))
	f.scale(from, partPlace)
}

// bucket is a coarse logarithm.
func bucket(n int) int {
	b := 0
	for n > 8 {
		n = n * 5 / 7
		b++
	}
	return b
}

// weak are words that stand in so many sentences that they say little about one; they count for less, in three steps of how
// many. That alone gave 0.013 of average precision in stage one.
var weak = weakWords(
	"about company date provided use product it no time written set applicable upon services products rights without forth confidential terms respect right notice business means term been within prior subject event provide third obligations otherwise pursuant required than days termination accordance after during except following one material period service property effective connection either but customer law hereunder agrees made writing order license section each have if an including are has information their",
	"by agreement this be for with as such that other s party is not all will its on under may parties at from which",
	"the of to and in or shall a any",
)

// weakWeight is what a word of each step counts.
var weakWeight = [...]float32{1, 0.75, 0.5, 0.3}

// steps gives the step of a word by its hash; every word of a contract is looked up in it.
type steps [1024]struct {
	hash uint32
	step uint8 // 0: nobody stands here
}

func (w *steps) of(hash uint32) uint8 {
	at := hash % uint32(len(w))
	for w[at].step != 0 && w[at].hash != hash {
		at = (at + 1) % uint32(len(w))
	}
	return w[at].step
}

func weakWords(lists ...string) *steps {
	w := &steps{}
	for i, list := range lists {
		for word := range strings.FieldsSeq(list) {
			at := hashWord(word) % uint32(len(w))
			for w[at].step != 0 {
				at = (at + 1) % uint32(len(w))
			}
			w[at].hash, w[at].step = hashWord(word), uint8(i+1)
		}
	}
	return w
}
