package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/docx"
	"github.com/pactloop/pactloop/internal/document/formats"
	"github.com/pactloop/pactloop/internal/document/html"
	"github.com/pactloop/pactloop/internal/document/mail"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

// counting reads in this process and counts; reading in a process of its own is tested beside it.
type counting struct {
	read atomic.Int32
	fail error
}

func (c *counting) Read(ctx context.Context, file []byte, filename string) (*document.Document, error) {
	c.read.Add(1)
	if c.fail != nil {
		return nil, c.fail
	}
	return formats.Read(ctx, []document.Reader{mail.New(mail.Config{}), docx.New(docx.Config{}), html.New(html.Config{}), plain.New(plain.Config{})}, file, filename)
}

func reading(t *testing.T, p fileParser) fileReader {
	t.Helper()
	r, err := newFileReader(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAFolderIsExtractedAndGoesOnWhereItWasStopped(t *testing.T) {
	t.Parallel()
	contract := documenttest.Files()
	mailed := documenttest.EML("Signed", "Here it is.", documenttest.Attached{Filename: "contract.docx", Type: "application/octet-stream", Content: contract["contract.docx"]})
	dir := folderOf(t, map[string]string{"a.txt": string(contract["contract.txt"]), "deep/b.docx": string(contract["contract.docx"]), "c.eml": string(mailed), "scan.png": "\x89PNG\r\n\x1a\n", "notes.json": "{}", ".hidden.txt": "x"})
	parser := &counting{}
	f := folderExtraction{reader: reading(t, parser), root: dir, out: filepath.Join(dir, "results"), workers: 2}
	run := func() string {
		t.Helper()
		var out bytes.Buffer
		if err := f.run(t.Context(), &out, io.Discard); !errors.Is(err, errSilent) { // of the scan, as for the file alone
			t.Fatalf("%v: %s", err, out.String())
		}
		return out.String()
	}
	says(t, run(), "4 of 4 documents", "1 needs ocr, 3 read", "scan.png: needs ocr. ", "1 skipped: notes.json.", "1 skipped: .hidden.txt. Its name begins with a dot")
	if n := parser.read.Load(); n != 5 { // the mail's file, too
		t.Errorf("%d readings", n)
	}
	var x extract.Report
	raw, err := os.ReadFile(filepath.Join(dir, "results", "c.eml.json"))
	if err == nil {
		err = json.Unmarshal(raw, &x)
	}
	if err != nil || len(x.Enclosures) != 1 || len(x.Enclosures[0].Terms) == 0 || len(x.Enclosures[0].Document.Sections) == 0 || x.Enclosures[0].Document.File != "contract.docx" || len(x.Candidates()) != 0 {
		t.Errorf("%v: %+v", err, x)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), append(contract["contract.txt"], "\n\n4. More\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, run(), "2 known already, 1 needs ocr, 1 read") // what changed, and what may be read by now
	if n := parser.read.Load(); n != 7 {
		t.Errorf("%d readings", n)
	}
	if err := os.Remove(filepath.Join(dir, "deep", "b.docx")); err != nil {
		t.Fatal(err)
	}
	says(t, run(), "of a document that is no longer there: deep/b.docx.json.\n")
}

func TestADocumentThatFailsOnOurSideLeavesNoResult(t *testing.T) {
	t.Parallel()
	dir := folderOf(t, map[string]string{"a.txt": "The term is one year."})
	f := folderExtraction{reader: reading(t, &counting{fail: errors.New("no worker")}), root: dir, out: filepath.Join(t.TempDir(), "results"), workers: 1}
	var out bytes.Buffer
	if err := f.run(t.Context(), &out, io.Discard); !errors.Is(err, errSilent) {
		t.Errorf("got %v", err)
	}
	says(t, out.String(), "a.txt: no worker", "Run the same command again")
	if list, err := os.ReadDir(f.out); err != nil || len(list) != 0 {
		t.Errorf("results %v, %v", list, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	out.Reset()
	if err := f.run(ctx, &out, io.Discard); !errors.Is(err, errSilent) {
		t.Errorf("got %v", err)
	}
	says(t, out.String(), "Stopped: 0 of 1 documents are done, and their results are kept in ", "Run the same command again to go on")
}

// failing is an engine that panics on one document.
type failing struct{ extract.Extractor }

func (f failing) Extract(ctx context.Context, d *document.Document, s extract.Schema) ([]pact.Candidate, error) {
	if strings.Contains(d.Text, "two years") {
		panic("index out of range")
	}
	return f.Extractor.Extract(ctx, d, s)
}

func TestADocumentOnWhichAnEnginePanicsLeavesTheOthers(t *testing.T) {
	t.Parallel()
	dir := folderOf(t, map[string]string{"a.txt": "The term is one year.", "b.txt": "The term is two years.", "c.txt": "The term is three years."})
	r := reading(t, &counting{})
	r.way.Extractors = []extract.Extractor{failing{r.way.Extractors[0]}}
	f := folderExtraction{reader: r, root: dir, out: filepath.Join(t.TempDir(), "results"), workers: 2}
	var out bytes.Buffer
	if err := f.run(t.Context(), &out, io.Discard); !errors.Is(err, errSilent) {
		t.Errorf("got %v", err)
	}
	says(t, out.String(), "b.txt: an engine failed on the document", "2 read")
	if list, err := os.ReadDir(f.out); err != nil || len(list) != 2 {
		t.Errorf("results %v, %v", list, err)
	}
}
