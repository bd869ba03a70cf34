package pact

import (
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/money"
)

// Evidence supports a value. Exactly one member is set.
type Evidence struct {
	Passage   *Passage   `json:"passage,omitempty"`
	Record    *RecordRef `json:"record,omitempty"`
	Statement *Statement `json:"statement,omitempty"`
}

// Passage is a quote in a document. Start and End count Unicode code points of the immutable text TextID.
type Passage struct {
	DocumentID   DocumentID   `json:"document_id,omitempty"`
	TextID       TextID       `json:"text_id,omitempty"`
	Quote        string       `json:"quote"`
	Start        int          `json:"start"`
	End          int          `json:"end"`
	Places       []Place      `json:"places,omitempty"`
	Clause       string       `json:"clause,omitempty"` // number of the section it stands in, such as "7.2"
	Verification Verification `json:"verification"`
}

// Place shows where a passage stands: a page and a box for PDF, one per line; a block with offsets for flow formats.
type Place struct {
	Page  int  `json:"page,omitempty"`  // from 1
	Box   *Box `json:"box,omitempty"`   // points as displayed, origin top left
	Block int  `json:"block,omitempty"` // index of the block, from 0, for flow formats
	Start int  `json:"start,omitempty"` // code points within the block
	End   int  `json:"end,omitempty"`
}

// Box is a rectangle in points as displayed, origin top left.
type Box struct {
	Left   float64 `json:"left"`
	Top    float64 `json:"top"`
	Right  float64 `json:"right"`
	Bottom float64 `json:"bottom"`
}

// Verification says whether the quote stands in the text and whether the value follows from it.
type Verification string

// The results of the mechanical check.
const (
	Verified   Verification = "verified"
	Repaired   Verification = "repaired"   // found after normalising white space, hyphens or ligatures; the source text stands in the quote
	Unverified Verification = "unverified" // always held for review
)

// RecordRef is evidence in another system.
type RecordRef struct {
	ConnectionID ConnectionID `json:"connection_id,omitempty"`
	Object       string       `json:"object"`
	ExternalID   string       `json:"external_id"`
	Field        string       `json:"field,omitempty"`
	Value        string       `json:"value,omitempty"`
	URL          string       `json:"url,omitempty"`
	Version      string       `json:"version,omitempty"` // of the record, or of the file, when it was last looked at
}

// Statement is a person's word.
type Statement struct {
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
	// Reason is why it was said; it stays in the house.
	Reason string `json:"reason,omitempty"`
	// Decides are the parameters of the obligation, by their outermost members, that it answers a question about.
	Decides []string `json:"decides,omitempty"`
}

// Public is a statement as the other party may see it: without its reason. Those that were made before reasons were kept apart have it behind
// their text.
func (s Statement) Public() Statement {
	s.Reason = ""
	if at := strings.LastIndex(s.Text, " Why: "); at > 0 && strings.Contains(s.Text[:at], " Answer: ") {
		s.Text = s.Text[:at]
	}
	return s
}

// Derivation says how a value follows from others; verification computes it again.
type Derivation struct {
	Rule   string            `json:"rule"` // such as "effective_date + term - 1 day"
	Inputs map[string]string `json:"inputs"`
}

// Ambiguity is a question the text leaves open, with its readings. The product asks, it never picks.
type Ambiguity struct {
	Code     string   `json:"code"` // such as words_against_figures, tier_gap, net_eom
	Question string   `json:"question"`
	Readings []Value  `json:"readings,omitempty"`
	Texts    []string `json:"texts,omitempty"` // readings that are no values, in words
	// Outcomes say what each reading would come to, so that whoever decides sees what hangs on it.
	Outcomes []Outcome `json:"outcomes,omitempty"`
}

// Outcome is a reading with what it comes to, and the parameters that settle the question for it.
type Outcome struct {
	Reading string        `json:"reading"`
	Result  string        `json:"result,omitempty"` // what follows where it is no money: a date, a row
	Amount  *money.Amount `json:"amount,omitempty"`
	Set     string        `json:"set,omitempty"` // the parameter that decides for this reading: "eom_reading": "after_month_end"
}
