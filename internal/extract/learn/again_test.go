package learn

import (
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract/clause"
)

func TestACandidateIsWorthTheMarksThatNoSurerOneMatches(t *testing.T) {
	t.Parallel()
	const text = "The law of Ohio governs. The law of Ohio governs. Texas law governs what is left. Notices are in writing."
	mark := func(s string) (string, map[string]struct{}) { return s, Words(s) }
	var gold goldWords
	for _, s := range []string{"The law of Ohio governs", "The law of Ohio governs.", "Texas law governs what is left"} {
		words, bag := mark(s)
		gold.text, gold.bags = append(gold.text, words), append(gold.bags, bag)
	}
	tr := &trainer{names: []string{"governing_law"}, golds: [][]goldWords{{gold}}, corpus: &corpus{sheets: []sheet{{sample: &Sample{Document: &document.Document{Text: text}}}}}}
	var j judged
	add := func(words string, from int, score float32, right bool) {
		at := from + strings.Index(text[from:], words)
		j.list = append(j.list, clause.Proposal{Start: at, End: at + len(words)})
		j.scores, j.right = append(j.scores, score), append(j.right, right)
	}
	add("The law of Ohio governs.", 0, 1, true)        // a surer copy stands below
	add("The law of Ohio governs.", 20, 2, true)       // two marks say the same
	add("Notices are in writing.", 0, 1.5, false)      // wrong
	add("Texas law governs what is left.", 0, 0, true) // the third mark
	add("law governs what is left", 0, -1, true)       // the same place, cut in another way
	if got := tr.adds(0, &j); !slices.Equal(got, []float32{0, 2, 1, 1, 0}) {
		t.Errorf("candidates add %v", got)
	}
}
