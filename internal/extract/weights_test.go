package extract_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

// What decisions make of a confidence: a few of them take none over the limit from which nobody looks.
func TestFewDecisionsTakeNoFieldOverTheLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		own            string
		decided, right int
		want           string
	}{
		{"0.82", 0, 0, "0.82"},
		{"0.82", 3, 3, "0.8434"},
		{"0.82", 4, 4, "0.84"},   // 0.85 by the sum alone
		{"0.82", 19, 19, "0.84"}, // still too few
		{"0.82", 20, 20, "0.91"}, // as many as its own word counts
		{"0.84", 40, 37, "0.84"}, // not right often enough
		{"0.82", 40, 20, "0.6066"},
		{"0.90", 4, 4, "0.9166"}, // measured on labelled contracts
	} {
		w := extract.Weights{}
		for i := range c.decided {
			w.Add("title", "grammar/13", i < c.right)
		}
		got := w.Tune(pact.Candidate{Subject: "term", Name: "title", Extractor: "grammar/13", Confidence: decimal.RequireFromString(c.own)})
		if !got.Equal(decimal.RequireFromString(c.want)) {
			t.Errorf("%s after %d of %d: %s, want %s", c.own, c.right, c.decided, got, c.want)
		}
	}
}
