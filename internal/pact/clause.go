package pact

import "github.com/shopspring/decimal"

// Clause is a passage that says something of a kind: governing law, a cap on liability, audit rights. It fixes no value and
// nobody decides it; it shows where in a contract something is said. Terms and obligations are read from such passages.
type Clause struct {
	Category     string          `json:"category"` // "cap_on_liability"
	Label        string          `json:"label"`
	Evidence     Evidence        `json:"evidence"`   // one passage
	Confidence   decimal.Decimal `json:"confidence"` // how likely it is that a person would mark this passage as of the category
	Extractor    string          `json:"extractor"`  // name and version of what found it
	Verification Verification    `json:"verification"`
}

// ClausePresence says how likely it is that a document has a clause of a category at all.
type ClausePresence struct {
	Category   string          `json:"category"`
	Confidence decimal.Decimal `json:"confidence"`
}
