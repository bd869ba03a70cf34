package evaluate_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/evaluate"
	trained "github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/learn"
)

type markedRow struct {
	Title string                `json:"title"`
	File  string                `json:"file"`
	Fold  int                   `json:"fold"`
	Text  string                `json:"text"`
	Spans map[string][]markSpan `json:"spans"`
}

type markSpan struct {
	Text  string `json:"text"`
	Start int    `json:"start"`
}

// marked makes a set of contracts whose law is marked.
func marked(t *testing.T, contracts int) (dir string, texts map[string]string) {
	t.Helper()
	texts = map[string]string{}
	var rows []any
	for i := range contracts {
		law := fmt.Sprintf("This Agreement shall be governed by the laws of %s.", []string{"Ohio", "Texas", "England"}[i%3])
		lines := []string{"SUPPLY AGREEMENT – No. " + fmt.Sprint(i), "This Agreement is made between Aldous Ltd and Brenner GmbH.", "1. Delivery. The goods are delivered to the warehouse.", "2. Law.   " + law, "3. Notices. Notices are given in writing."}
		text := strings.Join(lines, "\n\n")
		at := strings.Index(text, law)
		rows = append(rows, markedRow{fmt.Sprint("c", i), fmt.Sprintf("c%d.txt", i), i % 3, text, map[string][]markSpan{"Governing Law": {{law, len([]rune(text[:at]))}}, "Insurance": {}}})
		texts[fmt.Sprintf("c%d.pdf", i)] = text
	}
	return write(t, "cuad_train_408.jsonl", rows...), texts
}

func quickTraining() learn.Config {
	return learn.Config{
		Seed: 1, Linear: learn.LinearConfig{Epochs: 3, Rate: 0.5, Decay: 1e-4, Positive: 1, Damp: 0.1, Keep: 4000}, Net: learn.NetConfig{Words: 1},
		Forest: learn.ForestConfig{Trees: 10, Leaves: 4, Rate: 0.3, Rows: 0.9, Columns: 0.9, Lambda: 1, Least: 0.3},
	}
}

func TestClausesAreMeasuredOnContractsNotSeenFromTextAndFromFiles(t *testing.T) {
	t.Parallel()
	dir, texts := marked(t, 30)
	read := func(_ context.Context, path string) (*document.Document, error) {
		for name, text := range texts {
			if strings.HasSuffix(path, "/"+name) && name != "c0.pdf" {
				return evaluate.PlainDocument(text), nil
			}
		}
		return nil, os.ErrNotExist
	}
	reports, err := evaluate.RunClauses(t.Context(), dir, read, quickTraining())
	if err != nil {
		t.Fatal(err)
	}
	if len(reports) != 4 {
		t.Fatalf("%d reports", len(reports))
	}
	for i, want := range []int{30, 9, 9, 9} { // fold 0 has ten contracts, one of them without a file
		r := reports[i]
		if r.Contracts != want || r.All.Marks != want || r.All.AUPR < 0.9 || r.Presence.Pairs != 41*want {
			t.Errorf("%s: %d contracts, %+v, presence %+v", r.Title, r.Contracts, r.All, r.Presence)
		}
		var b strings.Builder
		if err := r.Print(&b); err != nil || !strings.Contains(b.String(), "governing_law") {
			t.Errorf("printed (%v): %s", err, b.String())
		}
	}
}

func TestHeldOutContractsAreReadWithTheWeightsOfTheBinary(t *testing.T) {
	t.Parallel()
	dir, texts := marked(t, 6)
	if err := os.Rename(dir+"/cuad_train_408.jsonl", dir+"/cuad_other.jsonl"); err != nil {
		t.Fatal(err)
	}
	finder, err := trained.New()
	if err != nil {
		t.Fatal(err)
	}
	read := func(_ context.Context, path string) (*document.Document, error) {
		if strings.HasSuffix(path, "/c3.pdf") {
			return evaluate.PlainDocument(texts["c3.pdf"]), nil
		}
		return nil, os.ErrNotExist
	}
	reports, err := evaluate.RunHeldOut(t.Context(), dir, read, finder)
	if err != nil {
		t.Fatal(err)
	}
	if len(reports) != 3 || reports[0].Contracts != 6 || reports[1].Contracts != 1 || reports[2].Contracts != 1 {
		t.Fatalf("%+v", reports)
	}
	for _, c := range reports[0].Categories {
		if c.Name == "governing_law" && (c.Spans.Marks != 6 || c.Spans.AUPR < 0.9) {
			t.Errorf("%+v", c.Spans)
		}
	}
}

func TestAMarkOfAnUnknownCategoryOrOutsideTheTextIsAnError(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]markedRow{
		"unknown": {"A", "a.txt", 0, "Some text.", map[string][]markSpan{"Colour": {{"Some", 0}}}},
		"outside": {"A", "a.txt", 0, "Some text.", map[string][]markSpan{"Insurance": {{"Some", 400}}}},
	} {
		if _, err := evaluate.MarkedClauses(t.Context(), write(t, "cuad_train_408.jsonl", row), nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := evaluate.MarkedClauses(t.Context(), t.TempDir(), nil); err == nil {
		t.Error("an empty folder: no error")
	}
}
