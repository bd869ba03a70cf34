package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/formats"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/samples"
)

// everyReader reads in this process with all readers of the binary.
type everyReader []document.Reader

func (r everyReader) Read(ctx context.Context, file []byte, filename string) (*document.Document, error) {
	return formats.Read(ctx, r, file, filename)
}

// typist sees the same words on every picture, one of them badly: what a real engine sees is tested with the readers.
type typist struct{}

func (typist) Recognise(_ context.Context, p document.Picture) (document.Recognised, error) {
	seen := document.Recognised{Engine: "typist/1"}
	for line, text := range documenttest.Contract {
		for i, w := range strings.Fields(text) {
			left, top := float64(20+i*40), float64(20+line*30)
			if left+38 > float64(p.Width) || top+12 > float64(p.Height) {
				break
			}
			seen.Words = append(seen.Words, document.SeenWord{Text: w, Line: line, Confidence: 0.4 + 0.5*float64(min(line, 1)), Box: pact.Box{Left: left, Top: top, Right: left + 38, Bottom: top + 12}})
		}
	}
	return seen, nil
}

// extractionSchema is docs/schema/extraction.v1.json as it lies in the repository.
func extractionSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	raw, err := os.ReadFile("../../docs/schema/extraction.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("extraction.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("extraction.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fits(t *testing.T, s *jsonschema.Schema, raw []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		t.Errorf("it does not fit docs/schema/extraction.v1.json: %v", err)
	}
}

// openText is an OpenDocument text with a paragraph for each text.
func openText(t *testing.T, texts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	body := `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:text>`
	for _, s := range texts {
		body += "<text:p>" + s + "</text:p>"
	}
	for _, f := range [][2]string{
		{"mimetype", "application/vnd.oasis.opendocument.text"},
		{"content.xml", body + "</office:text></office:body></office:document-content>"},
		{"META-INF/manifest.xml", `<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f[0], Method: zip.Store})
		if err == nil {
			_, err = w.Write([]byte(f[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func picture(t *testing.T) []byte {
	t.Helper()
	p := image.NewGray(image.Rect(0, 0, 1000, 400))
	for i := range p.Pix {
		p.Pix[i] = 255
	}
	for x := range 300 {
		p.SetGray(100+x, 50, color.Gray{})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// judges tells what backtest makes of what was printed of a file: the obligations it takes, or the reason that it takes none.
func judges(t *testing.T, name string, report extract.Report, printed []byte) int {
	t.Helper()
	terms, err := backtest.ReadTerms(name, printed)
	none := len(report.Obligations)+len(report.Operations) == 0
	switch refusal := fmt.Sprint(err); {
	case report.Document.State != pact.DocumentRead:
		if !strings.Contains(refusal, "/document/state: "+name+" was not read") {
			t.Errorf("%s was not read, and backtest says: %v", name, err)
		}
	case len(report.Enclosures) > 0:
		if !strings.Contains(refusal, "/enclosures: ") {
			t.Errorf("%s is a mail with files, and backtest says: %v", name, err)
		}
	case none:
		if !strings.Contains(refusal, "there is no obligation") {
			t.Errorf("%s states no obligation, and backtest says: %v", name, err)
		}
	case err != nil:
		t.Errorf("%s: backtest refuses what extract printed: %v", name, err)
	case len(terms.Obligations) != len(report.Obligations) || len(terms.Operations) != len(report.Operations) || len(report.Terms) > 0 && len(terms.Terms) == 0:
		t.Errorf("%s: of %d obligations, %d operations and %d terms backtest takes %d, %d and %d", name, len(report.Obligations), len(report.Operations), len(report.Terms), len(terms.Obligations), len(terms.Operations), len(terms.Terms))
	}
	return len(terms.Obligations)
}

func TestWhatExtractPrintsFitsItsSchemaForEverySampleAndFormat(t *testing.T) {
	t.Parallel()
	files := documenttest.Files()
	files["mail.eml"] = documenttest.EML("Signed", "Here it is.", documenttest.Attached{Filename: "contract.docx", Type: "application/octet-stream", Content: files["contract.docx"]}, documenttest.Attached{Filename: "odd.bin", Type: "application/octet-stream", Content: []byte{0, 1, 2, 0xfe}})
	files["contract.odt"], files["page.png"], files["empty.txt"], files["table.ods"] = openText(t, documenttest.Contract...), picture(t), nil, []byte("PK\x03\x04 no more")
	names, err := samples.Files.ReadDir("contracts")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range names {
		if files[e.Name()], err = samples.Files.ReadFile("contracts/" + e.Name()); err != nil {
			t.Fatal(err)
		}
	}
	schema := extractionSchema(t)
	parser := everyReader(formats.All(formats.Config{CacheDir: filepath.Join(os.TempDir(), "pactloop-test-cache"), Engine: typist{}}))
	reader := reading(t, parser)
	read, judged := map[string]int{}, 0
	for name, body := range files {
		report, err := reader.extract(t.Context(), name, body)
		if err != nil {
			if report, err = extract.Unread(name, body, err); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
		}
		var printed bytes.Buffer
		if err := printJSON(&printed, report); err != nil {
			t.Fatal(err)
		}
		fits(t, schema, printed.Bytes())
		judged += judges(t, name, report, printed.Bytes())
		if report.Document.State == pact.DocumentRead {
			read[strings.TrimPrefix(path.Ext(name), ".")]++
			offsetsHold(t, name, report)
		} else if report.Document.Reason == "" {
			t.Errorf("%s is %s without a reason", name, report.Document.State)
		}
	}
	for _, kind := range []string{"pdf", "docx", "txt", "html", "eml", "msg", "png"} { // those of LibreOffice end in a named state where it is not there
		if read[kind] == 0 {
			t.Errorf("no %s was read: %v", kind, read)
		}
	}
	if judged == 0 {
		t.Error("backtest takes no obligation of any of them")
	}
}

// offsetsHold checks what the page of the schema promises: quotes and blocks are cut from the text by their offsets.
func offsetsHold(t *testing.T, name string, r extract.Report) {
	t.Helper()
	text := []rune(r.Document.Text)
	quoted := func(e pact.Evidence) {
		p := e.Passage
		if p == nil || p.Verification != pact.Verified {
			return
		}
		if p.Start < 0 || p.End > len(text) || string(text[p.Start:p.End]) != p.Quote {
			t.Errorf("%s: %q does not stand at %d to %d", name, p.Quote, p.Start, p.End)
		}
		for _, at := range p.Places {
			if at.Box != nil && (at.Page < 1 || at.Page > len(r.Document.Pages)) {
				t.Errorf("%s: a box on page %d of %d", name, at.Page, len(r.Document.Pages))
			}
			if at.Box == nil && at.Block >= len(r.Document.Blocks) {
				t.Errorf("%s: block %d of %d", name, at.Block, len(r.Document.Blocks))
			}
		}
	}
	for _, c := range r.Candidates() {
		for _, e := range c.Evidence {
			quoted(e)
		}
	}
	for _, c := range r.Clauses {
		quoted(c.Evidence)
	}
	for _, e := range r.Enclosures {
		offsetsHold(t, e.Document.File, e)
	}
}

func TestTheExampleOfTheDocumentationFitsTheSchemaAndShowsEveryMember(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/reference/extraction.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```json\n")
	example, _, closed := strings.Cut(rest, "\n```")
	if !closed {
		t.Fatal("the page has no example")
	}
	fits(t, extractionSchema(t), []byte(example))
	var shown extract.Report
	if err := json.Unmarshal([]byte(example), &shown); err != nil {
		t.Fatal(err)
	}
	offsetsHold(t, "the example", shown)
	if len(shown.Terms) == 0 || len(shown.Obligations) == 0 || len(shown.Clauses) == 0 || len(shown.Presence) == 0 || len(shown.Document.Blocks) == 0 || len(shown.Document.Definitions) == 0 || len(shown.Document.References) == 0 || len(shown.Document.Signatures) == 0 {
		t.Error("the example leaves out a part of what extract prints")
	}
}

func TestAFolderIsReadAgainWhereClausesAreChosenInAnotherWay(t *testing.T) {
	t.Parallel()
	dir := folderOf(t, map[string]string{"a.txt": strings.Join(documenttest.Contract, "\n\n")})
	out := filepath.Join(t.TempDir(), "results")
	run := func(from *decimal.Decimal) string {
		t.Helper()
		reader, err := newFileReader(&counting{}, from)
		if err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		if err := (folderExtraction{reader: reader, root: dir, out: out, workers: 1}).run(t.Context(), &said, &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
		return said.String()
	}
	half, all := decimal.RequireFromString("0.5"), decimal.Decimal{}
	for _, step := range []struct {
		from *decimal.Decimal
		says string
	}{{nil, "1 read"}, {nil, "1 known already"}, {&all, "1 read"}, {&all, "1 known already"}, {&half, "1 read"}, {nil, "1 read"}} {
		says(t, run(step.from), step.says)
	}
	everything, err := newFileReader(&counting{}, &all)
	if err != nil {
		t.Fatal(err)
	}
	usual := reading(t, &counting{})
	body := []byte(strings.Join(documenttest.Contract, "\n\n"))
	more, err := everything.extract(t.Context(), "a.txt", body)
	if err != nil {
		t.Fatal(err)
	}
	fewer, err := usual.extract(t.Context(), "a.txt", body)
	if err != nil {
		t.Fatal(err)
	}
	if len(more.Clauses) <= len(fewer.Clauses) || more.ClausesFrom == nil || fewer.ClausesFrom != nil || !slices.Equal(more.Engines, fewer.Engines) {
		t.Errorf("%d clauses from 0 on, %d usually", len(more.Clauses), len(fewer.Clauses))
	}
}
