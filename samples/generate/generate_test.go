package main

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/pactloop/pactloop/internal/evaluate/paper"
)

// The kinds that need no browser are made again and compared with what is committed; the others are checked by the
// tests of package samples.
func TestCommittedContractsAreMadeFromTheirTexts(t *testing.T) {
	t.Parallel()
	texts, err := filepath.Glob("text/*.txt")
	if err != nil || len(texts) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	for _, path := range texts {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		source, err := paper.Parse(string(raw))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		kind := source.Head("kind")
		if kind != "docx" && kind != "txt" && kind != "encrypted" {
			continue
		}
		made, err := paper.Render(t.Context(), source, kind)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		kept, err := os.ReadFile(filepath.Join("..", "contracts", source.Head("out")))
		if err != nil {
			t.Fatal(err)
		}
		if kind == "docx" {
			comparePackages(t, source.Head("out"), made, kept)
			continue
		}
		if !bytes.Equal(made, kept) {
			t.Errorf("%s is stale: run go run ./samples/generate", source.Head("out"))
		}
	}
}

// comparePackages looks inside, since another version of the compressor may give other bytes for the same parts.
func comparePackages(t *testing.T, name string, made, kept []byte) {
	t.Helper()
	a, err := zip.NewReader(bytes.NewReader(made), int64(len(made)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := zip.NewReader(bytes.NewReader(kept), int64(len(kept)))
	if err != nil {
		t.Fatal(err)
	}
	if len(a.File) != len(b.File) {
		t.Errorf("%s is stale: run go run ./samples/generate", name)
	}
	for _, f := range a.File {
		x, errA := fs.ReadFile(a, f.Name)
		y, errB := fs.ReadFile(b, f.Name)
		if errA != nil || errB != nil || !bytes.Equal(x, y) {
			t.Errorf("%s: %s is stale: run go run ./samples/generate", name, f.Name)
		}
	}
}
