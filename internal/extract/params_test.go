package extract_test

import (
	"context"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/pact"
)

// zones is an external engine that reports a time zone, on whatever words.
type zones struct{ said, quote string }

func (zones) Name() string    { return "outside" }
func (zones) Version() string { return "1" }

func (z zones) Extract(ctx context.Context, d *document.Document, want extract.Schema) ([]pact.Candidate, error) {
	run, err := z.Run(ctx, d, want)
	return run.Candidates, err
}

func (z zones) Run(context.Context, *document.Document, extract.Schema) (extract.Run, error) {
	v := pact.Text(z.said)
	return extract.Run{State: extract.RunDone, Candidates: []pact.Candidate{{
		Subject: "term", Name: "zone", Label: "Time zone", Value: &v, Confidence: decimal.New(3, -1), Verification: pact.Verified, Extractor: "outside/1",
		Evidence: []pact.Evidence{{Passage: &pact.Passage{Quote: z.quote}}},
	}}}, nil
}

// A reading that stands nowhere in the contract is no reason to leave a question out, nor a part of one.
func TestAnUnverifiedReadingAnswersNoQuestion(t *testing.T) {
	t.Parallel()
	const text = "Services Agreement\n\n1. Provider shall make the Hosted Service available 99.9% of the time in each calendar month.\n"
	const question = "Whose calendar month counts? Name the time zone in which it begins and ends, such as America/New_York."
	for _, z := range []zones{{"Europe/Paris", "All hours are Paris time"}, {"<b>nowhere</b>", "All hours are there"}} {
		p := extract.Pipeline{Extractors: []extract.Extractor{&grammar.Extractor{}}, External: func(context.Context) ([]extract.Accountable, error) { return []extract.Accountable{z}, nil }}
		r, err := p.Read(t.Context(), extracttest.Plain(text))
		if err != nil {
			t.Fatal(err)
		}
		asked := ""
		for _, got := range r.Candidates {
			if got.Obligation != nil && got.Obligation.Kind == "availability" {
				for _, a := range got.Ambiguities {
					asked += a.Question
				}
			}
		}
		if asked != question {
			t.Errorf("%s on %q: asked %q", z.said, z.quote, asked)
		}
	}
}
