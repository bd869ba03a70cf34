package grammar_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/pact"
)

// FuzzGrammar reads any text: it ends, every quote is cut from the text, and every value is one.
func FuzzGrammar(f *testing.F) {
	for _, text := range extracttest.Contracts() {
		f.Add(text)
	}
	for _, text := range extracttest.Hostile() {
		f.Add(text[:min(len(text), 2000)])
	}
	x := grammar.New()
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 30_000 {
			return
		}
		d := extracttest.Plain(text)
		found, err := x.Extract(t.Context(), d, extract.FullSchema())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range found {
			sound(t, d, c)
			for _, r := range c.Rivals {
				sound(t, d, r)
			}
		}
		extract.VerifyAll(found, d)
		extract.Combine(found)
		// A document that no builder made must do no harm either.
		if _, err := x.Extract(t.Context(), &document.Document{Text: text}, extract.FullSchema()); err != nil {
			t.Fatal(err)
		}
	})
}

func sound(t *testing.T, d *document.Document, c pact.Candidate) {
	t.Helper()
	for _, e := range c.Evidence {
		if p := e.Passage; p != nil && d.Slice(p.Start, p.End) != p.Quote {
			t.Fatalf("%s: the quote %q is not what stands at [%d, %d)", c.Name, p.Quote, p.Start, p.End)
		}
	}
	if c.Value != nil {
		if err := c.Value.Check(); err != nil {
			t.Fatalf("%s: %v: %s", c.Name, err, c.Value)
		}
	}
}
