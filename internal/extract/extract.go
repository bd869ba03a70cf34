// Package extract says what a document seems to say: candidate terms and obligations, each with passage and confidence.
//
// It owns the ports (Extractor, ClauseFinder), the mechanical check that a quote stands in the text and that the value follows
// from it, the combination of several extractors' candidates, the one way from a document to a reading (Pipeline), and the form in
// which a reading is reported (Report). It does not own how candidates and clauses are found (extract/grammar, extract/llm,
// extract/clause) nor what is done with them (read, review). Invariants: a candidate without a verified passage is Unverified;
// combining keeps every rival reading; nothing here computes money or dates from a model's word.
package extract

import (
	"context"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// Extractor proposes candidates. Several run over one document and are compared.
type Extractor interface {
	Name() string    // "grammar"
	Version() string // "1"; a change that can change candidates changes it
	Extract(ctx context.Context, d *document.Document, want Schema) ([]pact.Candidate, error)
}

// Schema says what is wanted; empty fields mean everything.
type Schema struct {
	Terms []pact.TermSpec
	Kinds []string // kinds of obligation
}

// FullSchema wants every term and kind the product knows.
func FullSchema() Schema { return Schema{Terms: pact.TermSpecs()} }
