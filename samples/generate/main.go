// Command generate turns the contract texts in samples/generate/text into the files in samples/contracts.
//
// It owns which file is made of which text. It does not own the look of the documents and their deliberate defects
// (internal/evaluate/paper), nor what the contracts say, nor what a reader should find in them: that is text/ and
// samples/expected/.
//
// The output is committed, so nobody needs this command to build, test or run the demo; run it with
// `go run ./samples/generate` after changing a text. It needs Chromium (HTML to PDF) and pdftoppm (scans).
//
// Invariants: a text file gives exactly one output file; two runs on one machine give the same text and layout. Dates of
// printing are replaced by the date in the text's head, so the bytes are the same too, save that Chromium now and then
// numbers an object differently: do not commit a file that differs in nothing but that.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/pactloop/pactloop/internal/evaluate/paper"
)

func main() {
	root := "samples"
	if err := generate(context.Background(), root, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// generate renders every text, or only the named ones.
func generate(ctx context.Context, root string, only []string) error {
	texts, err := filepath.Glob(filepath.Join(root, "generate", "text", "*.txt"))
	if err != nil {
		return fmt.Errorf("listing texts: %w", err)
	}
	if len(texts) == 0 {
		return fmt.Errorf("no texts under %s: run from the repository root", root)
	}
	sort.Strings(texts)
	for _, path := range texts {
		base := strings.TrimSuffix(filepath.Base(path), ".txt")
		if len(only) > 0 && !contains(only, base) {
			continue
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("reading text: %w", err)
		}
		source, err := paper.Parse(string(raw))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		out, err := paper.Render(ctx, source, source.Head("kind"))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		target := filepath.Join(root, "contracts", source.Head("out"))
		if err := os.WriteFile(target, out, 0o644); err != nil {
			return fmt.Errorf("writing contract: %w", err)
		}
		fmt.Printf("%-44s %7d bytes\n", source.Head("out"), len(out))
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}
