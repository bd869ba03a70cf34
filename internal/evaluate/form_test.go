package evaluate_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/docx"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
)

// What an order form says on lines of one paragraph is read, and each passage is exactly the words of its line.
func TestAnOrderFormInOneParagraphIsRead(t *testing.T) {
	t.Parallel()
	words := strings.NewReplacer("<br>", `</w:t><w:br/><w:t>`, "<tab>", `</w:t><w:tab/><w:t>`)
	form := ""
	for _, p := range []string{"ORDER FORM", "Customer: Aster Foods Ltd<br>Supplier: Brill Software GmbH<br>Start date<tab>3 May 2026<br>End date<tab>2 May 2028<br>Payment terms: net 45 days", "The Supplier provides the subscription that this order names to the Customer."} {
		form += `<w:p><w:r><w:t>` + words.Replace(p) + `</w:t></w:r></w:p>`
	}
	d, err := docx.New(docx.Config{}).Read(t.Context(), documenttest.DOCX(form))
	if err != nil {
		t.Fatal(err)
	}
	documenttest.Check(t, d)
	list, err := grammar.New().Extract(t.Context(), d, extract.FullSchema())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range list {
		if c.Subject != "term" || c.Value == nil {
			continue
		}
		got[c.Name] = c.Value.String()
		for _, e := range c.Evidence {
			if p := e.Passage; p != nil && d.Slice(p.Start, p.End) != p.Quote {
				t.Errorf("%s quotes %q, and %q stands there", c.Name, p.Quote, d.Slice(p.Start, p.End))
			}
		}
	}
	for name, value := range map[string]string{"effective_date": "2026-05-03", "expiration_date": "2028-05-02"} {
		if got[name] != value {
			t.Errorf("%s is %q, want %s", name, got[name], value)
		}
	}
	if _, ok := got["payment_terms"]; !ok {
		t.Error("no payment terms")
	}
}
