package extract_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// redlined makes a document of one paragraph: [+inserted+] stands in the text, [-deleted-] beside it, before the space that
// comes before it, as the reader of DOCX places it.
func redlined(s string) *document.Document {
	d := &document.Document{Blocks: []document.Block{{Kind: document.Paragraph}}}
	var text []rune
	for s != "" {
		i := strings.IndexByte(s, '[')
		if i < 0 {
			text = append(text, []rune(s)...)
			break
		}
		text = append(text, []rune(s[:i])...)
		sign := s[i+1]
		words, rest, _ := strings.Cut(s[i+2:], string(sign)+"]")
		s = rest
		if sign == '+' {
			d.Blocks[0].Runs = append(d.Blocks[0].Runs, document.Run{Start: len(text), End: len(text) + len([]rune(words)), Mark: "inserted"})
			text = append(text, []rune(words)...)
			continue
		}
		at := len(strings.TrimRight(string(text), " "))
		d.Asides = append(d.Asides, document.Aside{Kind: document.Deleted, Start: at, End: at, Text: words, Author: "Renata Solis"})
	}
	d.Text = string(text)
	d.Blocks[0].End = len(text)
	return d
}

func TestAValueOfAnOpenTrackedChangeIsAsked(t *testing.T) {
	t.Parallel()
	days := func(n int) pact.Value { return pact.Lasting(n, calendar.Day) }
	pounds := func(s string) pact.Value {
		return pact.Sum(money.Amount{Value: decimal.RequireFromString(s), Currency: "GBP"})
	}
	for _, c := range []struct {
		title, text string
		value       pact.Value
		readings    []pact.Value // of the question; nil where none is asked
		confidence  string
	}{
		{"replaced", "either party gives at least [-sixty (60)-] [+ninety (90)+] days' notice before the end of twelve (12) months.", days(90), []pact.Value{days(90), days(60)}, "0.84"},
		{"another value of the same sentence", "either party gives at least [-sixty (60)-] [+ninety (90)+] days' notice before the end of twelve (12) months.", pact.Lasting(12, calendar.UnitMonth), nil, "0.95"},
		{"only inserted", "It ends on notice[+ of thirty (30) days+].", days(30), []pact.Value{days(30)}, "0.84"},
		{"only other words inserted", "It ends on [+written +]notice of thirty (30) days.", days(30), nil, "0.95"},
		{"a sum", "The charge is [-GBP 5,000.00-] [+GBP 5,160.00+] per month.", pounds("5160.00"), []pact.Value{pounds("5160.00"), pounds("5000.00")}, "0.84"},
		{"a date", "It starts on 1 [-March-] [+April+] 2026.", pact.OnDate("2026-04-01"), []pact.Value{pact.OnDate("2026-04-01"), pact.OnDate("2026-03-01")}, "0.84"},
		{"words that are no measure", "The law of [-Scotland-] [+England+] governs.", pact.Text("England"), nil, "0.84"},
		{"a deletion elsewhere leaves it alone", "Notice is thirty (30) days.", days(30), nil, "0.95"},
	} {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			d := redlined(c.text)
			end := len([]rune(d.Text))
			if c.title == "a deletion elsewhere leaves it alone" {
				d.Text += " The rest."
				d.Asides = []document.Aside{{Kind: document.Deleted, Start: len(d.Text), End: len(d.Text), Text: "sixty (60) days"}}
			}
			list := []pact.Candidate{{Name: "x", Value: &c.value, Confidence: decimal.RequireFromString("0.95"), Evidence: []pact.Evidence{{Passage: &pact.Passage{Quote: string([]rune(d.Text)[:end]), Start: 0, End: end}}}}}
			extract.Tracked(list, d, nil)
			extract.Tracked(list, d, nil) // twice asks once
			got := list[0]
			if got.Confidence.String() != c.confidence {
				t.Errorf("the confidence is %s, want %s", got.Confidence, c.confidence)
			}
			if (len(got.Ambiguities) == 1) != (c.readings != nil) || len(got.Ambiguities) > 1 {
				t.Fatalf("asked: %+v", got.Ambiguities)
			}
			if c.readings == nil {
				return
			}
			if a := got.Ambiguities[0]; len(a.Readings) != len(c.readings) || a.Question == "" {
				t.Fatalf("asked: %+v", a)
			}
			for i, r := range got.Ambiguities[0].Readings {
				if !r.Equal(c.readings[i]) {
					t.Errorf("reading %d is %+v, want %+v", i+1, r, c.readings[i])
				}
			}
		})
	}
}

func TestAnObligationWhoseNoticeIsATrackedChangeIsAsked(t *testing.T) {
	t.Parallel()
	d := redlined("either party gives at least [-sixty (60)-] [+ninety (90)+] days' notice.")
	passage := []pact.Evidence{{Passage: &pact.Passage{Quote: d.Text, Start: 0, End: len(d.Text)}}}
	notice, err := json.Marshal(map[string]any{"notice": calendar.Duration{Value: 90, Unit: calendar.Day}, "term": calendar.Duration{Value: 60, Unit: calendar.UnitMonth}})
	if err != nil {
		t.Fatal(err)
	}
	list := []pact.Candidate{{Subject: "obligation", Confidence: decimal.RequireFromString("0.9"), Obligation: &pact.Obligation{Kind: "renewal_notice", Params: notice, Evidence: passage}, Evidence: passage}}
	extract.Tracked(list, d, nil)
	if a := list[0].Obligation.Ambiguities; len(a) != 1 || len(list[0].Ambiguities) != 1 || len(a[0].Texts) != 2 || !strings.Contains(a[0].Texts[0], "90") || !strings.Contains(a[0].Texts[1], "60") || list[0].Confidence.String() != "0.84" {
		t.Errorf("%+v at %s", a, list[0].Confidence)
	}
}

func TestWhatAnOpenTrackedChangeDoesToAnObligationIsAskedWithBothReadings(t *testing.T) {
	t.Parallel()
	const head = "This Agreement is made on 1 March 2026 between Halden Systems, Inc. (\"Supplier\") and Solvane Ltd (\"Customer\"). "
	read := func(t *testing.T, text string) []pact.Candidate {
		t.Helper()
		p := extract.Pipeline{Extractors: []extract.Extractor{grammar.New()}}
		r, err := p.Read(t.Context(), redlined(head+text))
		if err != nil {
			t.Fatal(err)
		}
		return r.Candidates
	}
	for _, c := range []struct {
		title, text, kind string
		with, without     string // of the question; "" where none is asked
	}{
		{"a cap is inserted", "The Supplier may raise the charges at a renewal by the change in the Consumer Prices Index over the last twelve months[+, capped at four per cent+].", "price_escalator", "cap 4 %", "no cap"},
		{"a cap is deleted", "The Supplier may raise the charges at a renewal by the change in the Consumer Prices Index over the last twelve months[-, capped at four per cent-].", "price_escalator", "no cap", "cap 4 %"},
		{"a cap is replaced", "The Supplier may raise the charges at a renewal by the change in the Consumer Prices Index, capped at [-four-] [+six+] per cent.", "price_escalator", "cap 6 %", "cap 4 %"},
		{"a whole sentence is inserted", "The law of England governs. [+The Supplier may raise the charges each year by the change in the Consumer Prices Index, capped at four per cent.+]", "price_escalator", "it holds", "there is none"},
		{"a whole sentence is deleted", "The law of England governs. [-The Supplier may raise the charges each year by the change in the Consumer Prices Index, capped at four per cent.-]", "price_escalator", "there is none", "it holds"},
		{"a plain duty gets a time", "The Supplier shall deliver a report on each incident to the Customer[+ within ten (10) days of the incident+].", "report", "10 days", ""},
		{"words that change nothing", "The Supplier may raise [+all of +]the charges at a renewal by the change in the Consumer Prices Index, capped at four per cent.", "price_escalator", "", ""},
	} {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			var found *pact.Obligation
			var of pact.Candidate
			for _, x := range read(t, c.text) {
				if x.Obligation != nil && (x.Obligation.Kind == c.kind || c.kind == "report" && strings.Contains(x.Obligation.Deliverable, "report")) {
					found, of = x.Obligation, x
				}
			}
			if found == nil {
				t.Fatal("the obligation is not offered at all")
			}
			var asked []pact.Ambiguity
			for _, a := range of.Ambiguities {
				if a.Code == "tracked_change" {
					asked = append(asked, a)
				}
			}
			if c.with == "" {
				if len(asked) != 0 {
					t.Errorf("asked: %+v", asked)
				}
				return
			}
			if len(asked) != 1 || len(asked[0].Texts) != 2 || !strings.Contains(asked[0].Texts[0], c.with) || !strings.Contains(asked[0].Texts[1], c.without) {
				t.Fatalf("asked: %+v", asked)
			}
			if of.Confidence.GreaterThan(decimal.New(84, -2)) || len(found.Ambiguities) != len(of.Ambiguities) {
				t.Errorf("the obligation at %s has the questions %+v", of.Confidence, found.Ambiguities)
			}
		})
	}
	t.Run("a term that only stands in deleted words is asked for", func(t *testing.T) {
		t.Parallel()
		for _, x := range read(t, "Halden ships to Hull. [-This Agreement is governed by the law of England and Wales.-]") {
			if x.Name != "governing_law" {
				continue
			}
			if len(x.Ambiguities) != 1 || x.Ambiguities[0].Code != "tracked_change" || len(x.Ambiguities[0].Readings) != 1 || x.Verification != pact.Unverified {
				t.Errorf("%+v", x)
			}
			return
		}
		t.Error("the deleted law is not offered")
	})
	t.Run("a term whose words are replaced has both readings", func(t *testing.T) {
		t.Parallel()
		for _, x := range read(t, "This Agreement is governed by the law of [-Scotland-] [+Ireland+].") {
			if x.Name != "governing_law" {
				continue
			}
			if len(x.Ambiguities) != 1 || len(x.Ambiguities[0].Readings) != 2 || x.Ambiguities[0].Readings[0].Text != "Ireland" || x.Ambiguities[0].Readings[1].Text != "Scotland" {
				t.Errorf("%+v", x.Ambiguities)
			}
			return
		}
		t.Error("no law is offered")
	})
}
