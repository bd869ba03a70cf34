package extracttest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

// ClauseSuite asks a finder of clauses everything its port promises.
func ClauseSuite(t *testing.T, x extract.ClauseFinder) {
	t.Helper()
	t.Run("it has a name and a version", func(t *testing.T) {
		t.Parallel()
		if x.Name() == "" || x.Version() == "" {
			t.Fatalf("name %q, version %q", x.Name(), x.Version())
		}
	})
	t.Run("an empty document has no clauses", func(t *testing.T) {
		t.Parallel()
		got, err := x.Clauses(t.Context(), Plain(""))
		if err != nil || len(got.Clauses) > 0 {
			t.Fatalf("got %d clauses, error %v", len(got.Clauses), err)
		}
	})
	t.Run("clauses of a contract are sound", func(t *testing.T) {
		t.Parallel()
		for _, text := range Contracts() {
			d := Plain(text)
			SoundClauses(t, d, mustFind(t, x, d))
		}
	})
	t.Run("the same text gives the same clauses", func(t *testing.T) {
		t.Parallel()
		for _, text := range Contracts() {
			first := mustFind(t, x, Plain(text))
			for range 3 {
				if diff := cmp.Diff(first, mustFind(t, x, Plain(text)), cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })); diff != "" {
					t.Fatalf("another run differs: %s", diff)
				}
			}
		}
	})
	t.Run("hostile text neither panics nor stalls", func(t *testing.T) {
		t.Parallel()
		for name, text := range Hostile() {
			d := Plain(text)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			got, err := x.Clauses(ctx, d)
			cancel()
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			SoundClauses(t, d, got)
		}
	})
	t.Run("a cancelled context ends the work", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := x.Clauses(ctx, Plain(Contracts()[0])); err == nil {
			t.Error("no error for a cancelled context")
		}
	})
}

func mustFind(t *testing.T, x extract.ClauseFinder, d *document.Document) extract.ClauseSet {
	t.Helper()
	got, err := x.Clauses(t.Context(), d)
	if err != nil {
		t.Fatalf("finding clauses: %v", err)
	}
	return got
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
