package evaluate_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/evaluate"
	trained "github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/learn"
)

// placed makes a sample with marks of insurance, and what was found in it, by their words.
func placed(text string, marks []string, found map[string]float32) (learn.Sample, []trained.Found) {
	s := learn.Sample{Document: evaluate.PlainDocument(text), Marks: map[string][]learn.Mark{}}
	for _, m := range marks {
		at := strings.Index(s.Document.Text, m)
		s.Marks["insurance"] = append(s.Marks["insurance"], learn.Mark{Text: m, Start: at, End: at + len(m)})
	}
	var list []trained.Found
	for words, chance := range found {
		at := strings.Index(s.Document.Text, words)
		list = append(list, trained.Found{Start: at, End: at + len(words), Confidence: chance})
	}
	return s, list
}

func TestALossIsCountedUnderItsCause(t *testing.T) {
	t.Parallel()
	const text = "The seller keeps insurance of one million dollars. It names the buyer as insured under it. Goods are insured in transit by somebody else. Notices are in writing."
	a, foundA := placed(text,
		[]string{"The seller keeps insurance of one million dollars", "It names the buyer as insured under it", "somebody else", "Notices are in writing"},
		map[string]float32{
			"The seller keeps insurance of one million dollars.": 0.9, // right
			"the buyer": 0.8, // on a mark, too short
			"Goods are insured in transit by somebody else": 0.7, // on a mark, too long
			"in transit": 0.6, // beside all marks
		})
	b, foundB := placed(text, nil, map[string]float32{"Notices are in writing": 0.95, "in transit": 0.3})
	r := evaluate.LossOf([]learn.Sample{a, b}, [][]trained.Found{foundA, foundB}, []string{"insurance"})
	got := r.Categories[0]
	if got.Marks != 4 || got.Matched != 1 || got.Short != 1 || got.Long != 1 || got.Missed != 1 {
		t.Errorf("marks by what lies on them: %+v", got)
	}
	if got.Likely != 5 || got.WrongCut != 2 || got.Elsewhere != 1 || got.Absent != 1 {
		t.Errorf("sure predictions by what is wrong: %+v", got)
	}
	for name, v := range map[string]float64{"present": got.Present, "place": got.Place, "cut": got.Cut, "reach": got.Reach, "calibrated": got.Calibrated} {
		if v < got.AUPR {
			t.Errorf("without its loss %s falls from %f to %f", name, got.AUPR, v)
		}
	}
	// Nothing wrong of another contract stands before the one that is right: the curve begins with it.
	if !near(got.Present, 0.25) || !near(got.AUPR, 0.125) {
		t.Errorf("AUPR %f, without predictions in contracts that have none %f", got.AUPR, got.Present)
	}
	var out strings.Builder
	if err := r.Print(&out); err != nil || !strings.Contains(out.String(), "insurance") {
		t.Errorf("printed (%v): %s", err, out.String())
	}
}
