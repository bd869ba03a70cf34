package grammar_test

import (
	"encoding/json"
	"iter"
	"slices"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/docx"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/samples"
)

// Heads of contracts, to which a test adds the clauses it asks about.
const (
	madeBetween  = "SERVICES AGREEMENT\n\nThis Services Agreement is made on March 3, 2026 between Alpha Robotics, Inc. (\"Customer\") and Beta Hosting LLC (\"Supplier\").\n\n"
	servicesHead = "SERVICES AGREEMENT\n\nThis Services Agreement is made on 3 May 2026 between Alder Works Ltd (\"Supplier\") and Beta Foods Inc (\"Customer\").\n\n"
	supportHead  = "SUPPORT SERVICES AGREEMENT\n\nThis Agreement is made on 1 March 2026 between Alder Systems Ltd (the \"Supplier\") and Birch Retail plc (the \"Customer\").\n\n"
)

// fileOf is the document of a text, read as its file would be read.
func fileOf(t *testing.T, text string) *document.Document {
	t.Helper()
	d, err := plain.New(plain.Config{}).Read(t.Context(), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// proposed is what the grammar proposes for everything that can be asked, before any check.
func proposed(t *testing.T, d *document.Document) []pact.Candidate {
	t.Helper()
	list, err := grammar.New().Extract(t.Context(), d, extract.FullSchema())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// readText is what the grammar proposes for a text.
func readText(t *testing.T, text string) []pact.Candidate {
	t.Helper()
	return proposed(t, fileOf(t, text))
}

// checked is what the grammar proposes for a document, asked to be sound and checked against the words it was cut from.
func checked(t *testing.T, d *document.Document) []pact.Candidate {
	t.Helper()
	list := proposed(t, d)
	extracttest.Sound(t, d, list)
	extract.VerifyAll(list, d)
	return list
}

// readIn is what the grammar proposes for a clause of a supply agreement; made is what the agreement says of its day.
func readIn(t *testing.T, made, words string) ([]pact.Candidate, *document.Document) {
	t.Helper()
	d := fileOf(t, "SUPPLY AGREEMENT\n\nThis agreement is "+made+"between Aster Foods Ltd (\"Customer\") and Brill Chemicals GmbH (\"Supplier\").\n\n4. Terms of trade\n\n"+words+"\n")
	return proposed(t, d), d
}

// through reads a document the way the product does, with the built-in extractor alone.
func through(t *testing.T, d *document.Document) []pact.Candidate {
	t.Helper()
	p := extract.Pipeline{Extractors: []extract.Extractor{grammar.New()}}
	r, err := p.Read(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return r.Candidates
}

// textIn reads a text the way the product does.
func textIn(t *testing.T, text string) []pact.Candidate {
	t.Helper()
	return through(t, fileOf(t, text))
}

// sampleIn reads one of the sample contracts, a DOCX, the way the product does.
func sampleIn(t *testing.T, name string) []pact.Candidate {
	t.Helper()
	file, err := samples.Files.ReadFile("contracts/" + name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := docx.New(docx.Config{}).Read(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	return through(t, d)
}

// named is the first candidate of a name, nil where there is none.
func named(list []pact.Candidate, name string) *pact.Candidate {
	if i := slices.IndexFunc(list, func(c pact.Candidate) bool { return c.Name == name }); i >= 0 {
		return &list[i]
	}
	return nil
}

// obligationsOf are the obligations of some kinds, in the order of the list, each with its parameters.
func obligationsOf[P any](t *testing.T, list []pact.Candidate, kinds ...string) iter.Seq2[pact.Candidate, P] {
	t.Helper()
	return func(yield func(pact.Candidate, P) bool) {
		for _, c := range list {
			if c.Obligation == nil || !slices.Contains(kinds, c.Obligation.Kind) {
				continue
			}
			var p P
			decode(t, c.Obligation.Params, &p)
			if !yield(c, p) {
				return
			}
		}
	}
}

func decode(t *testing.T, raw json.RawMessage, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

// sumText is a sum as "900.00 EUR", "" for none.
func sumText(a *money.Amount) string {
	if a == nil {
		return ""
	}
	return a.String()
}
