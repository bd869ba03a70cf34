package extracttest

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

// ClauseSuite asks a finder of clauses everything its port promises.
func ClauseSuite(t *testing.T, x extract.ClauseFinder) {
	t.Helper()
	port[extract.ClauseSet]{
		name: x.Name(), version: x.Version(),
		run:   x.Clauses,
		size:  func(set extract.ClauseSet) int { return len(set.Clauses) },
		sound: SoundClauses,
	}.ask(t)
}

// SoundClauses checks clauses against their document: quotes are cut from the text, chances are shares, the check by the
// machine agrees, and nothing is said about presence of what is not named.
func SoundClauses(t *testing.T, d *document.Document, set extract.ClauseSet) {
	t.Helper()
	one := decimal.NewFromInt(1)
	known := map[string]bool{}
	for _, p := range set.Presence {
		if p.Category == "" || known[p.Category] || p.Confidence.IsNegative() || p.Confidence.GreaterThan(one) {
			t.Errorf("presence %+v", p)
		}
		known[p.Category] = true
	}
	before := 0
	for _, c := range set.Clauses {
		p := c.Evidence.Passage
		if !known[c.Category] || c.Label == "" || c.Extractor == "" || p == nil {
			t.Errorf("clause %+v has no known category, label, extractor or passage", c)
			continue
		}
		if c.Confidence.IsNegative() || c.Confidence.GreaterThan(one) {
			t.Errorf("%s: confidence %s", c.Category, c.Confidence)
		}
		if p.Start < before || p.End <= p.Start || d.Slice(p.Start, p.End) != p.Quote {
			t.Errorf("%s: the quote %.80q does not stand at [%d, %d), or out of order", c.Category, p.Quote, p.Start, p.End)
		}
		before = p.Start
	}
	checked := append([]pact.Clause(nil), set.Clauses...)
	extract.VerifyClauses(checked, d)
	for _, c := range checked {
		if c.Verification != pact.Verified {
			t.Errorf("%s: %s", c.Category, c.Verification)
		}
	}
}
