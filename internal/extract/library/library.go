// Package library is a shelf of passages with what they mean, and finds those that resemble a text.
//
// It owns how alike two texts count (the words they share, by BM25), the order of what is found, and the standard wordings that
// ship with the product. It does not own which passages people accepted (review), which of them may leave and in what form
// (extract/llm, privacy), nor what a passage says (wording): it compares words and reads no value.
//
// Invariants: the same passages and the same text give the same order, on every machine; what shares no word is not
// found.
package library

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
)

// Version names the way of comparing and the standard wordings; a change of either changes it.
const Version = "1"

// Passage is something that was said, and what it means.
type Passage struct {
	Key   string // its own; of two passages that are as alike, the smaller key comes first
	Text  string
	Value string // in words
}

// Found is a passage that resembles a text.
type Found struct {
	Passage
	At    int // its place in the list the shelf was made of
	Score int // in millionths; comparable within one search only
}

// Shelf holds passages ready to be searched. It never changes and may be searched by many at once.
type Shelf struct {
	passages []Passage
	lengths  []int
	stands   map[string][]place // word -> where it stands
	average  float64
}

type place struct{ passage, times int }

// New puts passages on a shelf.
func New(passages []Passage) *Shelf {
	s := &Shelf{passages: passages, lengths: make([]int, len(passages)), stands: map[string][]place{}}
	total := 0
	for i, p := range passages {
		times := map[string]int{}
		list := Words(p.Text)
		for _, w := range list {
			times[w]++
		}
		s.lengths[i] = len(list)
		total += len(list)
		for w, n := range times {
			s.stands[w] = append(s.stands[w], place{i, n})
		}
	}
	s.average = float64(total) / float64(max(1, len(passages)))
	return s
}

// Constants of BM25: how soon a repeated word says nothing more, and how much a long passage is held against it. Of twelve pairs
// these were among the best on the training queries of ACORD, and the least unusual.
const (
	saturation = 1.2
	length     = 0.5
)

// Like finds the passages that share most with a text, the most alike first, at most limit. A word that stands in few passages
// says more than one that stands in all. Scores are added in whole millionths, so that no machine rounds another way.
func (s *Shelf) Like(text string, limit int) []Found {
	scores := make([]int, len(s.passages))
	words := Words(text)
	slices.Sort(words)
	for _, w := range slices.Compact(words) {
		places := s.stands[w]
		rare := math.Log(1 + (float64(len(s.passages)-len(places))+0.5)/(float64(len(places))+0.5))
		for _, p := range places {
			n := float64(p.times)
			long := 1 - length + length*float64(s.lengths[p.passage])/s.average
			scores[p.passage] += int(math.Round(1e6 * rare * n * (saturation + 1) / (n + saturation*long)))
		}
	}
	var out []Found
	for i, score := range scores {
		if score > 0 {
			out = append(out, Found{s.passages[i], i, score})
		}
	}
	slices.SortFunc(out, func(a, b Found) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Key, b.Key), cmp.Compare(a.At, b.At))
	})
	return out[:min(len(out), max(0, limit))]
}

// Same is a text with nothing but its words: two passages with the same are one, whatever their case and punctuation.
func Same(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}
