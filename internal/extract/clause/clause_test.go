package clause_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
)

func finder(t testing.TB) *clause.Finder {
	t.Helper()
	f, err := clause.New()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTheFinderKeepsThePromisesOfItsPort(t *testing.T) {
	t.Parallel()
	extracttest.ClauseSuite(t, finder(t))
}

const agreement = `SOFTWARE LICENSE AND SUPPORT AGREEMENT
This Software License and Support Agreement (this "Agreement") is made as of March 1, 2026 (the "Effective Date") by and between Northwind Tools, Inc., a Delaware corporation ("Licensor"), and Fabrikam GmbH, a German company ("Licensee").
1. License. Subject to the terms of this Agreement, Licensor hereby grants to Licensee a non-exclusive, non-transferable, worldwide license to use the Software during the Term.
2. Term. This Agreement commences on the Effective Date and continues for an initial term of two (2) years. It shall automatically renew for successive periods of one (1) year unless either party gives notice of non-renewal at least sixty (60) days before the end of the then-current term.
3. Records. Licensee shall keep complete books and records, and Licensor may, upon ten (10) days' prior written notice, inspect and audit such books and records during normal business hours.
4. Assignment. Neither party may assign this Agreement, in whole or in part, without the prior written consent of the other party.
5. Limitation of Liability. IN NO EVENT SHALL EITHER PARTY BE LIABLE FOR ANY INDIRECT, INCIDENTAL OR CONSEQUENTIAL DAMAGES. THE AGGREGATE LIABILITY OF LICENSOR SHALL NOT EXCEED THE FEES PAID BY LICENSEE IN THE TWELVE (12) MONTHS BEFORE THE CLAIM.
6. Insurance. Licensee shall maintain, at its own expense, commercial general liability insurance with limits of not less than $1,000,000 per occurrence.
7. Governing Law. This Agreement shall be governed by and construed in accordance with the laws of the State of New York, without regard to its conflict of laws provisions.
8. Notices. All notices shall be in writing and delivered to the addresses below.`

func TestTheClausesOfAPlainAgreementAreFound(t *testing.T) {
	t.Parallel()
	d := extracttest.Plain(agreement)
	set, err := finder(t).Clauses(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	for category, words := range map[string]string{
		"governing_law":               "laws of the State of New York",
		"license_grant":               "hereby grants to Licensee",
		"renewal_term":                "automatically renew",
		"audit_rights":                "inspect and audit",
		"anti_assignment":             "Neither party may assign",
		"cap_on_liability":            "SHALL NOT EXCEED THE FEES",
		"insurance":                   "commercial general liability insurance",
		"parties":                     "Northwind Tools, Inc.",
		"agreement_date":              "March 1, 2026",
		"notice_to_terminate_renewal": "sixty (60) days",
	} {
		found := false
		for _, c := range set.Clauses {
			found = found || c.Category == category && strings.Contains(c.Evidence.Passage.Quote, words)
		}
		if !found {
			t.Errorf("no clause of %s says %q", category, words)
		}
		if likely, ok := set.Present(category); !ok || likely < 0.5 {
			t.Errorf("%s is present with %.2f", category, likely)
		}
	}
	for _, absent := range []string{"source_code_escrow", "no_solicit_customers", "most_favored_nation", "liquidated_damages", "non_disparagement"} {
		if likely, _ := set.Present(absent); likely > 0.3 {
			t.Errorf("%s is not there, and held present with %.2f", absent, likely)
		}
	}
}

func TestANumberOrAHeadingIsNoPartOfAClause(t *testing.T) {
	t.Parallel()
	d := extracttest.Plain(agreement)
	set, err := finder(t).Clauses(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range set.Clauses {
		if c.Category == "governing_law" && !strings.HasPrefix(c.Evidence.Passage.Quote, "This Agreement shall be governed") {
			t.Errorf("the clause begins %.40q", c.Evidence.Passage.Quote)
		}
	}
}

func TestRunningHeadersHoldNoClauses(t *testing.T) {
	t.Parallel()
	var b document.Builder
	b.Start(document.Block{Kind: document.Header})
	b.Write("This Agreement shall be governed by and construed in accordance with the laws of the State of New York.")
	b.Start(document.Block{Kind: document.Paragraph})
	b.Write("The parties met on a sunny day and had lunch.")
	set, err := finder(t).Clauses(t.Context(), b.Document([]byte("x"), "plain/test"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range set.Clauses {
		if c.Category == "governing_law" {
			t.Errorf("found %q", c.Evidence.Passage.Quote)
		}
	}
}

func TestTheWeightsFitAndSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	info, err := os.Stat("weights.bin")
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 4<<20 {
		t.Errorf("the weights have %d bytes, more than 4 MB", info.Size())
	}
	var card struct {
		Made string `json:"made"`
		Data []struct {
			Contracts   int    `json:"contracts"`
			Licence     string `json:"licence"`
			Attribution string `json:"attribution"`
		} `json:"data"`
		Scores map[string]float64 `json:"scores_out_of_fold"`
	}
	if err := json.Unmarshal([]byte(finder(t).Card()), &card); err != nil {
		t.Fatal(err)
	}
	if card.Made == "" || len(card.Data) == 0 || card.Data[0].Licence != "CC BY 4.0" || !strings.Contains(card.Data[0].Attribution, "Atticus") || card.Scores["aupr"] < 0.6 {
		t.Errorf("the card: %+v", card)
	}
}

func TestWeightsComeBackAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	first, err := os.ReadFile("weights.bin")
	if err != nil {
		t.Fatal(err)
	}
	w, err := clause.Decode(first)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := w.Encode(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, b.Bytes()) {
		t.Error("reading and writing the weights changes them")
	}
}

func TestARoundedWeightKeepsItsSignAndSize(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float32Range(0.002, 7.9).Draw(t, "v")
		for _, v := range []float32{v, -v} {
			got := clause.Round(v)
			if off := got/v - 1; off > 0.035 || off < -0.035 {
				t.Fatalf("%v becomes %v", v, got)
			}
			if again := clause.Round(got); again != got {
				t.Fatalf("%v becomes %v, then %v", v, got, again)
			}
		}
	})
}

func TestDamagedWeightsAreRefused(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile("weights.bin")
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"nothing":       nil,
		"another file":  []byte("%PDF-1.7"),
		"half":          whole[:len(whole)/2],
		"only the head": whole[:12],
	} {
		if _, err := clause.Open(b); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func FuzzWeights(f *testing.F) {
	var b bytes.Buffer
	if err := small().Encode(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	f.Fuzz(func(t *testing.T, in []byte) {
		w, err := clause.Decode(in)
		if err != nil {
			return
		}
		// What is taken can be used, and comes back.
		d := extracttest.Plain(agreement)
		for _, found := range clause.NewMachine(w).Read(d).Found {
			if found.Start < 0 || found.End > len(d.Text) || found.Start >= found.End {
				t.Fatalf("a clause at [%d, %d)", found.Start, found.End)
			}
		}
		var out bytes.Buffer
		if err := w.Encode(&out); err != nil {
			t.Fatal(err)
		}
		if _, err := clause.Decode(out.Bytes()); err != nil {
			t.Fatalf("weights that were taken are refused when they are written again: %v", err)
		}
	})
}

func FuzzClauses(f *testing.F) {
	f.Add(agreement)
	for _, text := range extracttest.Hostile() {
		f.Add(text[:min(len(text), 2000)])
	}
	x := finder(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 50_000 {
			return
		}
		d := extracttest.Plain(text)
		set, err := x.Clauses(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		extracttest.SoundClauses(t, d, set)
		// A document that no builder made must do no harm either.
		if _, err := x.Clauses(t.Context(), &document.Document{Text: text}); err != nil {
			t.Fatal(err)
		}
	})
}

// small is weights of one feature, for the fuzzer to change.
func small() *clause.Weights {
	leaf := [][]clause.Node{{{Feature: 2, Left: 1, Right: 2, Cut: 0.5}, {Feature: -1, Cut: -1}, {Feature: -1, Cut: 1}}}
	return &clause.Weights{
		Categories: []string{"governing_law", "insurance"}, Tree: 1, Keys: []uint32{7}, Start: []uint32{0, 2}, Class: []uint8{0, 1}, Value: []float32{1, -0.5},
		Bias: []float32{-4, -4}, Habits: make([]clause.Usual, 2), Spans: clause.Forest{Base: -2, Trees: leaf}, Presence: clause.Forest{Base: -2, Trees: leaf},
		Span: make([]clause.Platt, 2), Present: make([]clause.Platt, 2), Show: []float32{0.5, 0.5}, Card: "{}", Own: clause.Forest{Base: -2, Trees: leaf},
	}
}
