package extract_test

import (
	"context"
	"errors"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// sayer says the law of a place, found in a quote that may or may not stand in the text.
type sayer struct {
	name, quote, law string
	state            extract.RunState
}

func (s sayer) Name() string  { return s.name }
func (sayer) Version() string { return "1" }

func (s sayer) Extract(_ context.Context, d *document.Document, _ extract.Schema) ([]pact.Candidate, error) {
	if s.law == "" {
		return nil, errors.New("it is broken")
	}
	v := pact.Text(s.law)
	return []pact.Candidate{{
		Subject: "term", Name: "governing_law", Value: &v, Confidence: decimal.New(80, -2), Extractor: s.name + "/1", Verification: pact.Verified,
		Evidence: []pact.Evidence{{Passage: &pact.Passage{TextID: d.TextID, Quote: s.quote, End: len(s.quote), Verification: pact.Verified}}},
	}}, nil
}

func (s sayer) Run(ctx context.Context, d *document.Document, want extract.Schema) (extract.Run, error) {
	found, err := s.Extract(ctx, d, want)
	return extract.Run{Candidates: found, State: s.state, Reason: "The budget is used up."}, err
}

func TestEveryReadingGoesOneWay(t *testing.T) {
	t.Parallel()
	const text = "The laws of Ohio govern this Agreement."
	d := extracttest.Plain(text)
	built := sayer{name: "built", quote: text, law: "Ohio"}
	asked := func(s sayer) func(context.Context) ([]extract.Accountable, error) {
		return func(context.Context) ([]extract.Accountable, error) { return []extract.Accountable{s}, nil }
	}
	t.Run("what agrees is surer, and what each said is kept as it was said", func(t *testing.T) {
		t.Parallel()
		var said []extract.Said
		p := extract.Pipeline{
			Extractors: []extract.Extractor{built}, External: asked(sayer{"llm", text, "Ohio", extract.RunDone}),
			Record: func(_ context.Context, s extract.Said) error { said = append(said, s); return nil },
		}
		r, err := p.Read(t.Context(), d)
		if err != nil || len(r.Candidates) != 1 || r.Candidates[0].Extractor != "built/1+llm/1" || r.Candidates[0].Confidence.LessThan(decimal.New(90, -2)) {
			t.Fatalf("%+v, %v", r.Candidates, err)
		}
		if len(said) != 2 || said[0].Name != "built" || said[0].Run != nil || said[1].Run == nil || len(said[1].Candidates) != 1 {
			t.Errorf("said %+v", said)
		}
	})
	t.Run("a quote that the text does not have is no witness", func(t *testing.T) {
		t.Parallel()
		p := extract.Pipeline{Extractors: []extract.Extractor{built}, External: asked(sayer{"llm", "Utah law governs everything.", "Utah", extract.RunDone})}
		r, err := p.Read(t.Context(), d)
		if err != nil || len(r.Candidates) != 1 || r.Candidates[0].Value.Text != "Ohio" || len(r.Candidates[0].Rivals) != 1 || r.Candidates[0].Rivals[0].Verification != pact.Unverified {
			t.Fatalf("%+v, %v", r.Candidates, err)
		}
	})
	t.Run("half an external reading stands beside the others, unless it is to be measured", func(t *testing.T) {
		t.Parallel()
		p := extract.Pipeline{Extractors: []extract.Extractor{built}, External: asked(sayer{"llm", text, "Ohio", extract.RunPartial})}
		if r, err := p.Read(t.Context(), d); err != nil || len(r.Candidates) != 1 {
			t.Errorf("%+v, %v", r, err)
		}
		p.Whole = true
		if _, err := p.Read(t.Context(), d); !fault.Is(err, fault.Unavailable) {
			t.Errorf("half an engine was measured: %v", err)
		}
	})
	t.Run("nothing is read from the cover of files", func(t *testing.T) {
		t.Parallel()
		cover := extracttest.Plain(text)
		cover.Enclosures = []document.Enclosure{{Filename: "contract.pdf"}, {Filename: "signature.png", Scan: true}}
		p := extract.Pipeline{Extractors: []extract.Extractor{built}}
		if r, err := p.Read(t.Context(), cover); err != nil || len(r.Candidates) != 0 || len(cover.Files()) != 1 {
			t.Errorf("%+v, %v, %d files", r, err, len(cover.Files()))
		}
	})
	t.Run("a built-in engine that fails fails the reading", func(t *testing.T) {
		t.Parallel()
		p := extract.Pipeline{Extractors: []extract.Extractor{sayer{name: "built"}}}
		if _, err := p.Read(t.Context(), d); err == nil {
			t.Error("no error")
		}
	})
}
