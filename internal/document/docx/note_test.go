package docx_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
)

// What a footnote says of a clause counts as if the clause said it.
func TestANoteIsReadWhereItHangs(t *testing.T) {
	t.Parallel()
	const late = "Late payments bear interest at 1.5% per month."
	file := func(hangs, said string) []byte {
		body := par(run("SERVICES AGREEMENT")) + par(run("This Agreement is made on March 2, 2026 between Corvid Cloud Ltd. (“Supplier”) and Halden Systems, Inc. (“Customer”).")) +
			par(run("1. Payment. Customer shall pay each invoice within thirty (30) days after receipt.")+hangs+run(said)) +
			par(run("2. Law. This Agreement is governed by the laws of the State of Maine.")) + par(run("3. Notices. Notices are sent by mail to the address above and count from the day they arrive.")) +
			par(run("4. Entire agreement. Nothing else was agreed upon between the parties, and nothing else counts between them."))
		return documenttest.DOCXWith(body, map[string]string{"footnotes": `<w:footnote w:id="2">` + par(run(late)) + `</w:footnote>`})
	}
	terms := func(file []byte) (string, []string) {
		d := read(t, file)
		found, err := grammar.New().Extract(t.Context(), d, extract.FullSchema())
		if err != nil {
			t.Fatal(err)
		}
		for i := range found {
			extract.Verify(&found[i], d)
			if c := found[i]; c.Name == "payment_terms" && c.Value != nil && c.Value.Payment.Late != nil {
				var quotes []string
				for _, e := range c.Evidence {
					quotes = append(quotes, e.Passage.Quote+" §"+e.Passage.Clause)
				}
				return fmt.Sprint(*c.Value.Payment.NetDays, " ", c.Value.Payment.Late, " ", c.Verification), quotes
			}
		}
		return "none", nil
	}
	inBody, _ := terms(file("", " "+late))
	inNote, quotes := terms(file(`<w:r><w:footnoteReference w:id="2"/></w:r>`, ""))
	if inBody == "none" || inNote != inBody {
		t.Errorf("in the note %s, in the body %s", inNote, inBody)
	}
	if len(quotes) != 2 || !strings.HasPrefix(quotes[0], "1. Payment. Customer shall pay") && !strings.HasPrefix(quotes[0], "Customer shall pay") || quotes[1] != late+" §1" {
		t.Errorf("quotes %q", quotes)
	}
}

// A note that gives another period than its clause is asked, and one on something else is not.
func TestANoteThatGivesAnotherPeriodIsAsked(t *testing.T) {
	t.Parallel()
	for note, want := range map[string]bool{
		"In 2026 the period is 60 days.":                          true,
		"The period is 30 days.":                                  false,
		"Invoices are sent within 10 days of the end of a month.": false,
	} {
		body := par(run("SERVICES AGREEMENT")) + par(run("This Agreement is made on March 2, 2026 between Corvid Cloud Ltd. (“Supplier”) and Halden Systems, Inc. (“Customer”).")) +
			par(run("1. Payment. Customer shall pay each invoice within thirty (30) days after receipt.")+`<w:r><w:footnoteReference w:id="2"/></w:r>`) +
			par(run("2. Law. This Agreement is governed by the laws of the State of Maine."))
		d := read(t, documenttest.DOCXWith(body, map[string]string{"footnotes": `<w:footnote w:id="2">` + par(run(note)) + `</w:footnote>`}))
		found, err := grammar.New().Extract(t.Context(), d, extract.FullSchema())
		if err != nil {
			t.Fatal(err)
		}
		asked, term := 0, false
		for i := range found {
			for _, a := range found[i].Ambiguities {
				if a.Code == "contradiction" && len(a.Readings) == 2 && *a.Readings[1].Payment.NetDays == 60 {
					asked++
				}
			}
			term = term || found[i].Name == "payment_terms" && found[i].Value != nil
		}
		if want != (asked == 2) || want == term {
			t.Errorf("%s: asked %d times, terms %t", note, asked, term)
		}
	}
}
