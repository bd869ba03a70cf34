// Package extracttest is the suite that every extractor must pass.
//
// It owns the questions: are offsets valid and quotes cut from the text, is the result the same again, does hostile text
// do no harm, does an empty document give nothing. It does not own how good an extractor is: package evaluate measures
// that. Test support only; it never ships.
package extracttest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

// Suite asks an extractor everything the port promises.
func Suite(t *testing.T, x extract.Extractor) {
	t.Helper()
	port[[]pact.Candidate]{
		name: x.Name(), version: x.Version(),
		run: func(ctx context.Context, d *document.Document) ([]pact.Candidate, error) {
			return x.Extract(ctx, d, extract.FullSchema())
		},
		size:  func(list []pact.Candidate) int { return len(list) },
		sound: Sound,
	}.ask(t)
	t.Run("only what is wanted is given", func(t *testing.T) {
		t.Parallel()
		spec, _ := pact.TermSpecOf("governing_law")
		got, err := x.Extract(t.Context(), Plain(Contracts()[0]), extract.Schema{Terms: []pact.TermSpec{spec}, Kinds: []string{"availability"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range got {
			if c.Subject == "term" && c.Name != "governing_law" || c.Subject == "obligation" && c.Obligation.Kind != "availability" {
				t.Errorf("%s %s was not asked for", c.Subject, c.Name)
			}
		}
	})
}

// port is what reads a document, whatever it finds in it: the questions that both suites ask.
type port[Found any] struct {
	name, version string
	run           func(context.Context, *document.Document) (Found, error)
	size          func(Found) int                             // how much was found
	sound         func(*testing.T, *document.Document, Found) // what must hold of it
}

func (p port[Found]) ask(t *testing.T) {
	t.Helper()
	must := func(t *testing.T, d *document.Document) Found {
		t.Helper()
		got, err := p.run(t.Context(), d)
		if err != nil {
			t.Fatalf("reading: %v", err)
		}
		return got
	}
	t.Run("it has a name and a version", func(t *testing.T) {
		t.Parallel()
		if p.name == "" || p.version == "" {
			t.Fatalf("name %q, version %q", p.name, p.version)
		}
	})
	t.Run("an empty document gives nothing", func(t *testing.T) {
		t.Parallel()
		if n := p.size(must(t, Plain(""))); n > 0 {
			t.Fatalf("got %d", n)
		}
	})
	t.Run("what is found in a contract is sound", func(t *testing.T) {
		t.Parallel()
		for _, text := range Contracts() {
			d := Plain(text)
			p.sound(t, d, must(t, d))
		}
	})
	t.Run("the same text gives the same", func(t *testing.T) {
		t.Parallel()
		for _, text := range Contracts() {
			first := must(t, Plain(text))
			for range 3 {
				if diff := cmp.Diff(first, must(t, Plain(text)), cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })); diff != "" {
					t.Fatalf("another run differs: %s", diff)
				}
			}
		}
	})
	t.Run("hostile text neither panics nor stalls", func(t *testing.T) {
		t.Parallel()
		for name, text := range Hostile() {
			d := Plain(text)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			got, err := p.run(ctx, d)
			cancel()
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			p.sound(t, d, got)
		}
	})
	t.Run("a cancelled context ends the work", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := p.run(ctx, Plain(Contracts()[0])); err == nil {
			t.Error("no error for a cancelled context")
		}
	})
}

// Sound checks candidates against their document: quotes are cut from the text, confidence is a share, values fit.
func Sound(t *testing.T, d *document.Document, list []pact.Candidate) {
	t.Helper()
	for _, c := range list {
		if !slices.Contains([]string{"term", "obligation", "operation", "reference"}, c.Subject) || c.Name == "" || c.Extractor == "" {
			t.Errorf("candidate %+v has no subject, name or extractor", c)
		}
		if c.Subject == "obligation" && c.Obligation == nil {
			t.Errorf("%s: no obligation", c.Name)
		}
		if c.Value != nil {
			if err := c.Value.Check(); err != nil {
				t.Errorf("%s: %v", c.Name, err)
			}
		}
		if c.Value == nil && c.Obligation == nil && len(c.Ambiguities) == 0 {
			t.Errorf("%s: neither a value nor an ambiguity", c.Name)
		}
		if c.Confidence.IsNegative() || c.Confidence.GreaterThan(decimal.NewFromInt(1)) {
			t.Errorf("%s: confidence %s", c.Name, c.Confidence)
		}
		if !extract.Labelled(c.Name) && c.Confidence.GreaterThan(decimal.New(84, -2)) {
			t.Errorf("%s: confidence %s, though the field has no labelled data", c.Name, c.Confidence)
		}
		if len(c.Evidence) == 0 {
			t.Errorf("%s: no evidence", c.Name)
		}
		for _, e := range c.Evidence {
			if e.Passage == nil {
				continue
			}
			if p := e.Passage; p.Start < 0 || p.End <= p.Start || d.Slice(p.Start, p.End) != p.Quote {
				t.Errorf("%s: the quote %.80q does not stand at [%d, %d)", c.Name, p.Quote, p.Start, p.End)
			}
		}
	}
}

// Plain makes a document of a text, a block per line.
func Plain(text string) *document.Document {
	var b document.Builder
	for _, line := range strings.Split(text, "\n") {
		b.Start(document.Block{Kind: document.Paragraph})
		b.Write(line)
	}
	return b.Document([]byte(text), "plain/test")
}

// Hostile gives texts made to harm a reader.
func Hostile() map[string]string {
	return map[string]string{
		"only brackets":           strings.Repeat("([{", 30_000),
		"only quotes":             strings.Repeat(`"“”'`, 30_000),
		"and without end":         "by and between " + strings.Repeat("Acme Inc. and ", 8_000),
		"numbers without end":     strings.Repeat("thirty ", 30_000) + "days",
		"hundreds of hundreds":    strings.Repeat("one hundred thousand million ", 5_000) + "dollars",
		"digits":                  strings.Repeat("9", 100_000) + " days and $" + strings.Repeat("1,", 50_000),
		"percentages":             strings.Repeat("99.9% ", 20_000) + "uptime credit",
		"dates":                   strings.Repeat("1/2/03 ", 20_000),
		"impossible dates":        "dated as of February 30, 2026, and 31/31/2026, expiring on September 31, 2026",
		"nested preambles":        strings.Repeat("between ", 20_000),
		"no spaces":               strings.Repeat("agreementeffectivedate", 5_000),
		"zero width":              strings.Repeat("a\u200bb\u00ad", 20_000),
		"right to left":           "\u202eeffective as of March 1, 2026\u202c " + strings.Repeat("\u202e", 1000),
		"broken encoding":         "term of \xff\xfe two (2) years \xc3\x28 from the Effective Date",
		"combining marks":         strings.Repeat("e\u0301\u0327", 20_000),
		"one enormous sentence":   strings.Repeat("the term of this agreement shall be two (2) years and ", 4_000),
		"abbreviations":           strings.Repeat("Inc. Ltd. Co. ", 10_000),
		"control characters":      strings.Repeat("\x00\x01\x1b[31m", 10_000),
		"html in a title":         "<script>alert(1)</script> MASTER <b>SERVICES</b> AGREEMENT between <i>A Inc.</i> and B LLC",
		"priorities without end":  strings.Repeat("Priority 1 response 4 hours ", 5_000),
		"unclosed parenthesis":    "by and between Acme Inc. (" + strings.Repeat("the ", 20_000),
		"huge amounts":            "total contract value is $999,999,999,999,999,999,999,999,999,999.99 and 1e999999999",
		"years far away":          "dated January 1, 9999 for a term of 999999 years",
		"half a word of a number": "renews for hundred twelve- years unless notice of -5 days",
	}
}

// Contracts gives short contracts of our own that any extractor can be run on.
func Contracts() []string {
	return []string{`MASTER SERVICES AGREEMENT
This Master Services Agreement (this "Agreement") is made as of March 1, 2026 (the "Effective Date") by and between Northwind Tools, Inc., a Delaware corporation ("Provider"), and Fabrikam GmbH, a German company ("Customer").
1. Term. This Agreement commences on the Effective Date and continues for an initial term of two (2) years. It shall automatically renew for successive periods of one (1) year unless either party gives notice of non-renewal at least sixty (60) days before the end of the then-current term.
2. Payment. Customer shall pay all undisputed invoices within thirty (30) days of receipt of the invoice. The total fees are $120,000.00.
3. Liability. In no event shall either party's aggregate liability exceed the fees paid in the twelve (12) months preceding the claim.
4. Availability. The Service shall be available at least 99.9% of each calendar month. If it is less than 99.9% but at least 99.0%, the service credit is 10% of the monthly fee; below 99.0%, the service credit is 25%. Credits must be claimed within thirty (30) days after the end of the month.
5. Governing law. This Agreement is governed by the laws of the State of New York.
`, `Vertrag – “Agreement” dated 7th day of September, 1999
between Müller & Söhne AG (“Müller”) and Łódź Trading Ltd. (the “Buyer”)
The term of this Agreement is thirty (60) days. Laws of England and Wales apply and govern this Agreement.
`}
}
