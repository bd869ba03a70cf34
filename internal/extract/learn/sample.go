// Package learn makes the weights of extract/clause from contracts whose clauses people marked.
//
// It owns training in two stages (a regression for each category over words, then boosted trees over candidates), the
// folds that keep what is measured apart from what is learned, and the rule by which a stretch counts as a marked one. It
// does not own the features and candidates, which are extract/clause's, so that training and reading see the same; nor
// the sets, which evaluate reads; nor scores. Invariants: equal samples, settings and seed give equal bytes on any number
// of workers; stage two learns only from scores of models that did not see the contract.
package learn

import (
	"strings"

	"github.com/pactloop/pactloop/internal/document"
)

// Sample is a contract with its clauses marked.
type Sample struct {
	Title    string
	File     string // its name in the set, if it has one
	Fold     int
	Document *document.Document
	Marks    map[string][]Mark // by category
}

// Mark is a stretch that people marked. Start and End are bytes of the document's text; -1 where it was not found there.
type Mark struct {
	Text       string
	Start, End int
}

// Locate finds stretches of one text in another that differs in white space only: what a reader makes of a file against
// the text of a set. Offsets of the result are bytes of to.
func Locate(from, to string) func(start int, text string) (int, int) {
	squeezed, at := squeeze(to)
	source, _ := squeeze(from)
	ratio := 1.0
	if len(source) > 0 {
		ratio = float64(len(squeezed)) / float64(len(source))
	}
	return func(start int, text string) (int, int) {
		want, _ := squeeze(text)
		if len(want) == 0 || start < 0 || start > len(from) {
			return -1, -1
		}
		head, _ := squeeze(from[:start])
		near := int(float64(len(head)) * ratio)
		best, distance := -1, len(squeezed)+1
		lo := max(0, near-20000)
		hi := min(len(squeezed), near+20000+len(want))
		for i := lo; i < hi; {
			k := strings.Index(squeezed[i:hi], want)
			if k < 0 {
				break
			}
			if d := abs(i + k - near); d < distance {
				best, distance = i+k, d
			}
			i += k + 1
		}
		if best < 0 {
			return -1, -1
		}
		return at[best], at[best+len(want)-1] + 1
	}
}

// squeeze drops everything but letters, digits and marks, and tells where each byte stood.
func squeeze(s string) (string, []int) {
	out := make([]byte, 0, len(s))
	at := make([]int, 0, len(s))
	for i := 0; i < len(s); i++ {
		if c := s[i]; c > ' ' && c < 0x7f {
			out = append(out, c)
			at = append(at, i)
		}
	}
	return string(out), at
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
