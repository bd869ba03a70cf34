package extract

import (
	"errors"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// Report is what a file seems to say, as `pactloop extract --json` prints it. Every offset counts code points of the document's
// text, from 0; an end is the first one after.
type Report struct {
	Document    FileReport            `json:"document"`
	Engines     []string              `json:"engines"`                // name and version of what read it; other versions may find something else
	ClausesFrom *decimal.Decimal      `json:"clauses_from,omitempty"` // where --clauses-from chose the clauses: the least confidence
	Terms       []pact.Candidate      `json:"terms"`
	Obligations []pact.Candidate      `json:"obligations"`
	Operations  []pact.Candidate      `json:"operations"`           // of an amendment: what it does to the contract that it amends
	Contracts   []pact.Candidate      `json:"contracts"`            // other contracts that this one names, such as the one it amends
	Clauses     []pact.Clause         `json:"clauses"`              // in the order of the text
	Presence    []pact.ClausePresence `json:"presence"`             // how likely each category of clause is there at all
	Enclosures  []Report              `json:"enclosures,omitempty"` // the files in a mail; from a mail with files nothing else is read
}

// FileReport is a file and the text that was made of it.
type FileReport struct {
	File        string                `json:"file"`             // as it was named
	SHA256      string                `json:"sha256,omitempty"` // of its bytes; absent where the file was too large to be looked at
	State       pact.DocumentState    `json:"state"`            // "read" gives the rest; any other ends here
	Reason      string                `json:"reason,omitempty"` // a sentence, where it was not read
	Reader      string                `json:"reader,omitempty"` // name and version, and of what recognised pictures: "pdf/2+tesseract/5.3.0"
	TextID      pact.TextID           `json:"text_id,omitempty"`
	Warnings    []string              `json:"warnings,omitempty"` // what a person should look at: open tracked changes, hidden text
	Text        string                `json:"text,omitempty"`
	Pages       []document.Page       `json:"pages,omitempty"` // of a paged format: boxes are in points on them
	Blocks      []document.Block      `json:"blocks,omitempty"`
	Sections    []document.Section    `json:"sections,omitempty"`
	Definitions []document.Definition `json:"definitions,omitempty"`
	References  []document.Reference  `json:"references,omitempty"` // of one part of the text to another
	Signatures  []document.Signature  `json:"signatures,omitempty"`
	Asides      []document.Aside      `json:"asides,omitempty"`
}

// NewReport reports a reading of a document.
func NewReport(file string, d *document.Document, engines []string, r Reading) Report {
	out := empty(FileReport{
		File: file, SHA256: d.Hash, State: pact.DocumentRead, Reader: d.Reader, TextID: d.TextID, Warnings: d.Warnings, Text: d.Text, Pages: d.Pages, Blocks: d.Blocks,
		Sections: d.Sections, Definitions: d.Definitions, References: d.References, Signatures: d.Signatures, Asides: d.Asides,
	})
	out.Engines = append(out.Engines, engines...)
	for _, c := range r.Candidates {
		list := &out.Terms
		switch c.Subject {
		case "obligation":
			list = &out.Obligations
		case "operation":
			list = &out.Operations
		case "reference":
			list = &out.Contracts
		}
		*list = append(*list, c)
	}
	out.Clauses, out.Presence = append(out.Clauses, r.Clauses.Clauses...), append(out.Presence, r.Clauses.Presence...)
	return out
}

// Unread reports a file that ended in a named state; any other error is handed back. No body: it was not looked at.
func Unread(file string, body []byte, err error) (Report, error) {
	var named *document.Error
	if !errors.As(err, &named) {
		return Report{}, err
	}
	f := FileReport{File: file, State: named.State.State, Reason: named.Reason}
	if body != nil {
		f.SHA256 = document.Hash(body)
	}
	return empty(f), nil
}

// Candidates are terms, obligations, operations and other contracts, in this order.
func (r *Report) Candidates() []pact.Candidate {
	var list []pact.Candidate
	for _, part := range [][]pact.Candidate{r.Terms, r.Obligations, r.Operations, r.Contracts} {
		list = append(list, part...)
	}
	return list
}

// empty has lists without members, not absent ones: whoever reads the JSON need not ask.
func empty(f FileReport) Report {
	return Report{
		Document: f, Engines: []string{}, Terms: []pact.Candidate{}, Obligations: []pact.Candidate{}, Operations: []pact.Candidate{}, Contracts: []pact.Candidate{},
		Clauses: []pact.Clause{}, Presence: []pact.ClausePresence{},
	}
}
