package evaluate_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/formats"
	"github.com/pactloop/pactloop/internal/evaluate"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/pact"
)

const smallText = `title: Small
---
# SMALL AGREEMENT

1.1 The Supplier shall send a service report within ten days after each month.

1.2 Invoices are payable within 30 days of the invoice date.
`

const smallLabels = `{"kind":"msa","origin":"written","style":"small","renderings":["docx"],
 "clauses":[{"kind":"payment_terms","quote":"Invoices are … invoice date."}],
 "values":[{"name":"payment_terms","value":{"kind":"payment_terms","payment_terms":{"text":"net 30","net_days":30,"basis":"invoice_date"}},"quote":"within 30 days of the invoice date"}],
 "service_levels":[],"credits":[],"obligations":[],"facts":[],"ambiguities":[],"absent":["governing_law"]}`

func small(labels string) fstest.MapFS {
	return fstest.MapFS{"train/small.txt": {Data: []byte(smallText)}, "train/small.json": {Data: []byte(labels)}, "test/.gitkeep": {}}
}

func TestASetWithAnEmptyTestHalfIsLoaded(t *testing.T) {
	t.Parallel()
	set, err := evaluate.LoadLabelled(small(smallLabels))
	if err != nil || len(set) != 1 {
		t.Fatalf("%d documents, %v", len(set), err)
	}
	c := set[0].Labels.Clauses[0]
	if c.Quote != "Invoices are payable within 30 days of the invoice date." || string([]rune(set[0].Text)[c.Start:c.End]) != c.Quote {
		t.Errorf("the clause is %q", c.Quote)
	}
}

func TestAnAuthorIsToldEverythingThatIsWrongAtOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, replacement, complaint string }{
		"a quote that does not stand":     {"Invoices are … invoice date.", "Bills are … invoice date.", "does not stand in the text"},
		"an unknown kind of clause":       {`"kind":"payment_terms","quote"`, `"kind":"payments","quote"`, `kind of clause "payments" is none of`},
		"an unknown term":                 {`"name":"payment_terms"`, `"name":"pay"`, `no term "pay"`},
		"a value of another kind":         {`"kind":"payment_terms","payment_terms":{"text":"net 30","net_days":30,"basis":"invoice_date"}`, `"kind":"text","text":"net 30"`, "is of kind text"},
		"absent and labelled":             {`"absent":["governing_law"]`, `"absent":["payment_terms"]`, "listed as absent"},
		"a value for an open term":        {`"ambiguities":[]`, `"ambiguities":[{"code":"net_eom","about":"payment_terms","quotes":["30 days"]}]`, "must have no value"},
		"a member that the form has not":  {`"style":"small"`, `"tone":"small"`, "unknown field"},
		"a clock without a time":          {`"service_levels":[]`, `"service_levels":[{"kind":"response_time","params":{"target":"30"},"quote":"Invoices"}]`, "has the target"},
		"a fact with another field":       {`"facts":[]`, `"facts":[{"kind":"price","fields":{"colour":"red"},"quote":"Invoices"}]`, `has no field "colour"`},
		"an obligation without its thing": {`"obligations":[]`, `"obligations":[{"bearer":"supplier","deliverable":"","frequency":"monthly","quote":"Invoices"}]`, "needs bearer and deliverable"},
	} {
		if !strings.Contains(smallLabels, c.old) {
			t.Fatalf("%s: nothing to replace", name)
		}
		_, err := evaluate.LoadLabelled(small(strings.Replace(smallLabels, c.old, c.replacement, 1)))
		if err == nil || !strings.Contains(err.Error(), c.complaint) {
			t.Errorf("%s: %v", name, err)
		}
	}
	lonely := small(smallLabels)
	delete(lonely, "train/small.json")
	if _, err := evaluate.LoadLabelled(lonely); err == nil || !strings.Contains(err.Error(), "has no labels beside it") {
		t.Errorf("a text without labels: %v", err)
	}
}

// The guide for authors shows a whole document; an author who copies its form must not be misled.
func TestTheExampleInTheAuthorsGuideIsValid(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../docs/how-to/label-contracts.md")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(guide), "```")
	if len(parts) < 4 {
		t.Fatal("the guide has no example")
	}
	set, err := evaluate.LoadLabelled(fstest.MapFS{
		"test/example.txt": {Data: []byte(strings.TrimPrefix(parts[1], "\n"))}, "test/example.json": {Data: []byte(strings.TrimPrefix(parts[3], "json"))},
	})
	if err != nil || len(set) != 1 || len(set[0].Labels.Clauses) != 3 {
		t.Errorf("%d documents, %v", len(set), err)
	}
}

func TestARenderingIsMadeKeptAndReadAsTheProductReadsIt(t *testing.T) {
	t.Parallel()
	readers := formats.All(formats.Config{CacheDir: t.TempDir()})
	var names, notes []string
	cfg := evaluate.LabelledConfig{Set: small(smallLabels), Renderings: []string{"text", "docx"}, Cache: t.TempDir(), Misses: 3}
	cfg.Read = func(ctx context.Context, name string, file []byte) (*document.Document, error) {
		names = append(names, path.Ext(name))
		return formats.Read(ctx, readers, file, name)
	}
	cfg.Note = func(words string) { notes = append(notes, words) }
	for range 2 { // the second time from the cache
		r, err := evaluate.RunLabelled(t.Context(), cfg, grammar.New())
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Scores) != 2 || r.Scores[0].Rendering != "text" || r.Scores[1].Rendering != "docx" || r.Scores[1].Documents != 1 {
			t.Fatalf("scores: %+v", r.Scores)
		}
		var out bytes.Buffer
		if err := r.Print(&out, true); err != nil || !strings.Contains(out.String(), "== train, written, docx: 1 documents") {
			t.Errorf("%v\n%s", err, out.String())
		}
	}
	if want := []string{".txt", ".docx", ".txt", ".docx"}; !slices.Equal(names, want) {
		t.Errorf("read %v", names)
	}
	if want := []string{"rendering small as text", "rendering small as docx"}; !slices.Equal(notes, want) {
		t.Errorf("notes %v", notes)
	}
	kept, err := os.ReadDir(cfg.Cache)
	if err != nil || len(kept) != 2 {
		t.Errorf("kept %v, %v", kept, err)
	}
}

// told is a reader of clauses that finds what it was told.
type told []pact.Clause

func (told) Name() string    { return "told" }
func (told) Version() string { return "1" }
func (x told) Clauses(context.Context, *document.Document) (extract.ClauseSet, error) {
	return extract.ClauseSet{Clauses: x}, nil
}

func TestAReaderOfClausesIsMeasuredWhereThereIsOne(t *testing.T) {
	t.Parallel()
	r, err := evaluate.RunLabelled(t.Context(), evaluate.LabelledConfig{
		Set: small(smallLabels), Clauses: told{{Category: "payment_terms", Evidence: pact.Evidence{Passage: &pact.Passage{Quote: "Invoices are payable within 30 days of the invoice date"}}}},
	}, silent{})
	if err != nil || len(r.Scores) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if n := r.Scores[0].Clauses["payment_terms"]; n.Right != 1 || n.Given != 1 || n.Gold != 1 {
		t.Errorf("%+v", n)
	}
	if n := r.Scores[0].Values["payment_terms"]; n.Missing != 1 {
		t.Errorf("an extractor that finds nothing misses everything: %+v", n)
	}
}

// silent finds nothing.
type silent struct{}

func (silent) Name() string    { return "silent" }
func (silent) Version() string { return "1" }
func (silent) Extract(context.Context, *document.Document, extract.Schema) ([]pact.Candidate, error) {
	return nil, nil
}

func committed(t *testing.T) (fs.FS, []evaluate.LabelledDocument) {
	t.Helper()
	set := os.DirFS("labelled")
	all, err := evaluate.LoadLabelled(set)
	if err != nil {
		t.Fatal(err)
	}
	return set, all
}

func TestTheTrainingHalfHasWhatIsPromised(t *testing.T) {
	t.Parallel()
	_, all := committed(t)
	written, renderings, kinds := 0, map[string]int{}, map[string]int{}
	train := 0
	for _, d := range all {
		if d.Half != "train" {
			continue
		}
		train++
		kinds[d.Labels.Kind]++
		if d.Labels.Origin == "written" {
			written++
		}
		for _, r := range d.Labels.Renderings {
			renderings[r]++
		}
		if (d.Labels.Origin == "generated") != strings.HasPrefix(d.Name, "g-") {
			t.Errorf("%s is %s", d.Name, d.Labels.Origin)
		}
		if len(d.Labels.Clauses)+len(d.Labels.Facts) == 0 || len(d.Labels.Absent) == 0 {
			t.Errorf("%s has no clause or names nothing absent", d.Name)
		}
	}
	if train < 40 || written < 15 || len(kinds) != 8 || renderings["pdf"] < 10 || renderings["docx"] < 10 || renderings["scan"] < 5 {
		t.Errorf("%d documents, %d written, kinds %v, renderings %v", train, written, kinds, renderings)
	}
}

func TestTheSetIsSmallAndListsItsHandWrittenDocuments(t *testing.T) {
	t.Parallel()
	set, all := committed(t)
	size := int64(0)
	err := fs.WalkDir(set, ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		size += info.Size()
		return nil
	})
	if err != nil || size > 6<<20 {
		t.Errorf("%d bytes, %v", size, err)
	}
	readme, err := fs.ReadFile(set, "train/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.Half == "train" && d.Labels.Origin == "written" && !bytes.Contains(readme, []byte("`"+d.Name+"`")) {
			t.Errorf("train/README.md does not list %s", d.Name)
		}
	}
}

// The development half is for whoever tunes what CUAD lacks: it names each document, and `pactloop train` never sees it.
func TestTheDevelopmentHalfIsKeptOutOfTraining(t *testing.T) {
	t.Parallel()
	set, all := committed(t)
	readme, err := fs.ReadFile(set, "dev/README.md")
	if err != nil {
		t.Fatal(err)
	}
	samples, err := evaluate.OwnSamples(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	dev := 0
	for _, d := range all {
		if d.Half != "dev" {
			continue
		}
		dev++
		if len(d.Labels.Facts) == 0 || len(d.Labels.Absent) == 0 || !bytes.Contains(readme, []byte("`"+d.Name+"`")) {
			t.Errorf("%s has no facts, names nothing absent or is not listed in dev/README.md", d.Name)
		}
		for _, s := range samples {
			if s.Title == d.Name {
				t.Errorf("%s would be trained on", d.Name)
			}
		}
	}
	if dev < 12 || len(samples) == 0 {
		t.Errorf("%d documents of development, %d samples to train on", dev, len(samples))
	}
}

// The third half was written blind: it names each document, and neither `pactloop train` nor the comparison of engines sees it.
func TestTheThirdHalfIsOnlyMeasuredOn(t *testing.T) {
	t.Parallel()
	set, all := committed(t)
	readme, err := fs.ReadFile(set, "third/README.md")
	if err != nil {
		t.Fatal(err)
	}
	trained, err := evaluate.OwnSamples(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	decided, err := evaluate.Samples("labelled", nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range trained {
		seen[s.Title] = true
	}
	for _, s := range decided {
		seen[s.Title] = true
	}
	third := 0
	for _, d := range all {
		if d.Half != "third" {
			continue
		}
		third++
		if len(d.Labels.Clauses) == 0 || len(d.Labels.Absent) == 0 || !bytes.Contains(readme, []byte("`"+d.Name+"`")) {
			t.Errorf("%s has no clause, names nothing absent or is not listed in third/README.md", d.Name)
		}
		if seen[d.Name] {
			t.Errorf("%s would be trained on or compared with", d.Name)
		}
	}
	if third < 16 || len(trained) == 0 || len(decided) == 0 {
		t.Errorf("%d documents of the third half, %d samples to train on, %d of decided contracts", third, len(trained), len(decided))
	}
}

// The kept renderings show that quotes taken from the plain text are found in files as the product reads them: nearly all, since a
// page break may put a running header into a clause.
func TestQuotesAreLocatedInKeptRenderings(t *testing.T) {
	t.Parallel()
	set, all := committed(t)
	readers := formats.All(formats.Config{CacheDir: t.TempDir()})
	known := map[string]bool{}
	for _, d := range all {
		for _, kind := range d.Labels.Renderings {
			name := d.RenderedName(kind)
			known[name] = true
			file, err := fs.ReadFile(set, "rendered/"+name)
			if err != nil || kind == "scan" {
				continue
			}
			read, err := formats.Read(t.Context(), readers, file, name)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			found := 0
			for _, c := range d.Labels.Clauses {
				if start, end, ok := evaluate.Locate(read.Text, c.Quote, c.Occurrence); ok && evaluate.Jaccard(c.Quote, read.Slice(start, end)) >= 0.8 {
					found++
				} else {
					t.Logf("%s: %s is not located: %.80q", name, c.Kind, c.Quote)
				}
			}
			if found*20 < len(d.Labels.Clauses)*19 {
				t.Errorf("%s: %d of %d clauses are located", name, found, len(d.Labels.Clauses))
			}
		}
	}
	kept, err := fs.Glob(set, "rendered/*")
	if err != nil || len(kept) < 6 {
		t.Fatalf("kept renderings: %v, %v", kept, err)
	}
	for _, k := range kept {
		if !known[path.Base(k)] {
			t.Errorf("%s is stale: remove it, then go run ./tools/labelled keep NAME KIND", k)
		}
	}
}

func TestAFileThatCanNotBeReadIsNamedAndNotScored(t *testing.T) {
	t.Parallel()
	r, err := evaluate.RunLabelled(t.Context(), evaluate.LabelledConfig{
		Set: small(smallLabels), Renderings: []string{"docx"}, Cache: t.TempDir(),
		Read: func(context.Context, string, []byte) (*document.Document, error) {
			return nil, document.Failed(pact.DocumentNeedsOCR, "The pages are pictures.")
		},
	}, silent{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Scores) != 1 || r.Scores[0].Documents != 0 || len(r.Scores[0].Unread) != 1 || !strings.Contains(r.Scores[0].Unread[0], "small: needs_ocr") {
		t.Errorf("%+v", r.Scores[0])
	}
}
