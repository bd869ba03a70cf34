// Command generate turns the contract texts in samples/generate/text into the files in samples/contracts.
//
// It owns the look of the sample documents: paper, running headers and footers, numbering, tables, signature
// blocks, and the deliberate defects (a scan without text, a truncated file, a password). It does not own what
// the contracts say, nor what a reader should find in them: that is text/ and samples/expected/.
//
// The output is committed, so nobody needs this command to build, test or run the demo; run it with
// `go run ./samples/generate` after changing a text. It needs Chromium (HTML to PDF) and pdftoppm (scans).
//
// Invariants: a text file gives exactly one output file; two runs on one machine give the same text and layout. Dates of
// printing are replaced by the date in the text's head, so the bytes are the same too, save that Chromium now and then
// numbers an object differently: do not commit a file that differs in nothing but that.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"
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
		source, err := parseText(string(raw))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		out, err := render(ctx, source)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		target := filepath.Join(root, "contracts", source.head["out"])
		if err := os.WriteFile(target, out, 0o644); err != nil {
			return fmt.Errorf("writing contract: %w", err)
		}
		fmt.Printf("%-44s %7d bytes\n", source.head["out"], len(out))
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

// render picks the writer by the kind in the text's head.
func render(ctx context.Context, t text) ([]byte, error) {
	created, err := time.Parse(time.DateOnly, t.head["created"])
	if err != nil {
		return nil, fmt.Errorf("head `created`: %w", err)
	}
	switch kind := t.head["kind"]; kind {
	case "pdf":
		return printPDF(ctx, t, created)
	case "damaged":
		// Cut off in the middle of a stream, as an interrupted transfer leaves a file: no cross-reference, no trailer.
		whole, err := printPDF(ctx, t, created)
		if err != nil {
			return nil, err
		}
		return whole[:len(whole)*45/100], nil
	case "scan":
		return scanPDF(ctx, t, created)
	case "encrypted":
		return encryptedPDF(t, created, t.head["password"])
	case "docx":
		return writeDOCX(t, created)
	case "txt":
		return []byte(t.body), nil
	default:
		return nil, fmt.Errorf("unknown kind %q", kind)
	}
}

// printPDF lets Chromium lay out the HTML form, then fixes the dates it wrote.
func printPDF(ctx context.Context, t text, created time.Time) ([]byte, error) {
	dir, err := os.MkdirTemp("", "pactloop-samples-")
	if err != nil {
		return nil, fmt.Errorf("making a work folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	page, err := renderHTML(t)
	if err != nil {
		return nil, err
	}
	in, out := filepath.Join(dir, "contract.html"), filepath.Join(dir, "contract.pdf")
	if err := os.WriteFile(in, page, 0o600); err != nil {
		return nil, fmt.Errorf("writing page: %w", err)
	}
	browser := os.Getenv("CHROMIUM")
	if browser == "" {
		browser = "chromium"
	}
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--print-to-pdf="+out, "file://"+in)
	if report, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("printing with %s: %w: %s", browser, err, bytes.TrimSpace(report))
	}
	pdf, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("reading the printed file: %w", err)
	}
	return fixDates(pdf, created), nil
}

var pdfDate = regexp.MustCompile(`/(CreationDate|ModDate) \(D:\d{14}[^)]*\)`)

// fixDates replaces the time of printing by the contract's own, keeping every byte offset of the file.
func fixDates(pdf []byte, created time.Time) []byte {
	return pdfDate.ReplaceAllFunc(pdf, func(m []byte) []byte {
		at := bytes.Index(m, []byte("D:")) + 2
		fixed := bytes.Clone(m)
		copy(fixed[at:], created.Format("20060102")+"090000")
		return fixed
	})
}
