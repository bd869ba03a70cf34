package extract

import (
	"context"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// ClauseFinder says which passages of a document are clauses of known categories. What it finds is shown and kept; it is
// nothing to decide, so it never enters a review.
type ClauseFinder interface {
	Name() string    // "clause"
	Version() string // a change that can change what is found changes it
	Clauses(ctx context.Context, d *document.Document) (ClauseSet, error)
}

// ClauseCategory is a kind of clause that a finder knows, in words.
type ClauseCategory struct {
	Name     string // "governing_law"
	Label    string // "Governing law"
	Question string // what a reader wants to know of it
}

// ClauseSet is what a finder found in a document. Clauses stand in the order of the text; Presence has every category, also
// those without a clause worth showing.
type ClauseSet struct {
	Clauses  []pact.Clause         `json:"clauses"`
	Presence []pact.ClausePresence `json:"presence"`
}

// Present is how likely it is that the document has a clause of a category; ok is false where nobody looked for it.
func (s ClauseSet) Present(category string) (likely float64, ok bool) {
	for _, p := range s.Presence {
		if p.Category == category {
			return p.Confidence.InexactFloat64(), true
		}
	}
	return 0, false
}

// VerifyClauses makes the mechanical check of clauses against their document: each quote must stand in the text.
func VerifyClauses(list []pact.Clause, d *document.Document) {
	v := verifier{d: d}
	v.clauses(list)
}

func (v *verifier) clauses(list []pact.Clause) {
	for i := range list {
		c := &list[i]
		c.Verification = pact.Unverified
		if c.Evidence.Passage == nil {
			continue
		}
		checked := *c.Evidence.Passage
		checked.Verification = v.passage(&checked)
		c.Evidence.Passage, c.Verification = &checked, checked.Verification
	}
}
