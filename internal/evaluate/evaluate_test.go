package evaluate_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/evaluate"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
)

// write makes a set of one line per contract.
func write(t *testing.T, name string, rows ...any) string {
	t.Helper()
	dir := t.TempDir()
	var b strings.Builder
	for _, r := range rows {
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

const contract = `SERVICES AGREEMENT

This Agreement is made as of March 1, 2026 (the "Effective Date") by and between Northwind Tools, Inc. ("Provider") and Fabrikam LLC ("Customer").

The term of this Agreement is two (2) years from the Effective Date. It shall automatically renew for successive one (1) year periods unless either party gives notice at least sixty (60) days before the end of the term.

This Agreement is governed by the laws of the State of New York.`

type row struct {
	Title  string            `json:"title"`
	Fold   int               `json:"fold"`
	Text   string            `json:"text"`
	Values map[string]string `json:"values"`
}

func TestCountsOfASmallSet(t *testing.T) {
	t.Parallel()
	right := map[string]string{
		"Agreement Date": "3/1/26", "Effective Date": "3/1/26", "Expiration Date": "3/1/28", "Renewal Term": "successive 1 year", "Notice Period To Terminate Renewal": "60 days",
		"Governing Law": "New York", "Document Name": "Services Agreement", "Parties": `Northwind Tools, Inc. ("Provider"); Fabrikam LLC ("Customer"); Northwind and Fabrikam (each a "Party" and together the "Parties")`,
	}
	other := map[string]string{"Agreement Date": "3/2/26", "Effective Date": "", "Governing Law": "Ohio", "Notice Period To Terminate Renewal": "[] days", "Expiration Date": "perpetual"}
	dir := write(t, "cuad_train_408.jsonl", row{"A", 0, contract, right}, row{"B", 0, contract, other}, row{"C", 3, contract, right})
	r, err := evaluate.Run(t.Context(), evaluate.Config{CUAD: dir, Misses: 5}, grammar.New())
	if err != nil {
		t.Fatal(err)
	}
	if r.Contracts != 2 {
		t.Errorf("%d contracts of fold 0", r.Contracts)
	}
	for name, want := range map[string][4]int{ // gold, right, wrong, false
		"agreement_date":  {2, 1, 1, 0},
		"effective_date":  {1, 1, 0, 1},
		"expiration_date": {2, 1, 1, 0}, // the label counts the anniversary, we the day before
		"governing_law":   {2, 1, 1, 0},
		"notice_period":   {1, 1, 0, 0}, // a redacted label is left out
		"renewal_term":    {1, 1, 0, 1},
	} {
		f := r.Field(name)
		if f == nil || [4]int{f.Gold, f.Near, f.Wrong, f.False} != want {
			t.Errorf("%s: %+v, want gold, right, wrong, false %v", name, f, want)
		}
	}
	if r.PartyCount != [3]int{2, 4, 2} {
		t.Errorf("parties right, given, gold: %v", r.PartyCount)
	}
	if r.Unverified != 0 {
		t.Errorf("%d of %d candidates not verified", r.Unverified, r.Candidates)
	}
	var b strings.Builder
	if err := r.Print(&b, true); err != nil || !strings.Contains(b.String(), "FALSE effective_date | B | got 2026-03-01") {
		t.Errorf("false values must be printed (%v):\n%s", err, b.String())
	}
}

func TestKleisterPairs(t *testing.T) {
	t.Parallel()
	dir := write(t, "kleister_nda_train.jsonl", map[string]any{
		"pdf": "x.pdf", "text": strings.ReplaceAll(contract, "\n", `\n`),
		"expected": [][2]string{{"effective_date", "2026-03-01"}, {"jurisdiction", "New_York"}, {"party", "Northwind_Tools_Inc."}, {"party", "Fabrikam_LLC"}, {"term", "3_years"}},
	})
	r, err := evaluate.Run(t.Context(), evaluate.Config{Kleister: dir, Misses: 5}, grammar.New())
	if err != nil {
		t.Fatal(err)
	}
	if want := 0.8; r.KleisterF1 != want { // four of five right, five given
		t.Errorf("F1 %v, want %v: %+v", r.KleisterF1, want, r.Kleister["party"])
	}
}

func TestReadingFromFilesIsUsedAndMissingOnesAreTold(t *testing.T) {
	t.Parallel()
	dir := write(t, "cuad_train_408.jsonl", row{"A", 0, contract, map[string]string{"Governing Law": "Utah"}}, row{"B", 0, contract, nil})
	read := func(_ context.Context, path string) (*document.Document, error) {
		if strings.HasSuffix(path, "A.pdf") {
			return evaluate.PlainDocument("This Agreement is governed by the laws of the State of Utah."), nil
		}
		return nil, os.ErrNotExist
	}
	r, err := evaluate.Run(t.Context(), evaluate.Config{CUAD: dir, Read: read}, grammar.New())
	if err != nil {
		t.Fatal(err)
	}
	if f := r.Field("governing_law"); f.Near != 1 || len(r.Unread) != 1 {
		t.Errorf("law %+v, unread %v", f, r.Unread)
	}
}

func TestWithoutASetThereIsAnError(t *testing.T) {
	t.Parallel()
	var x extract.Extractor = grammar.New()
	if _, err := evaluate.Run(t.Context(), evaluate.Config{}, x); err == nil {
		t.Error("no error without a set")
	}
	if _, err := evaluate.Run(t.Context(), evaluate.Config{CUAD: t.TempDir()}, x); err == nil {
		t.Error("no error for an empty folder")
	}
}

func TestCalibrationCountsFalseValuesAsWrong(t *testing.T) {
	t.Parallel()
	dir := write(t, "cuad_train_408.jsonl", row{"A", 0, contract, map[string]string{"Governing Law": "New York"}}, row{"B", 0, contract, nil})
	r, err := evaluate.Run(t.Context(), evaluate.Config{CUAD: dir}, grammar.New())
	if err != nil {
		t.Fatal(err)
	}
	c := r.Field("governing_law").Calibration()
	if c.Given != 2 || c.Sure != 2 || c.SureRight != 1 || c.Present != 1 || c.Error < 0.4 || c.Error > 0.6 {
		t.Errorf("one of two values is right at 0.98: %+v", c)
	}
}
