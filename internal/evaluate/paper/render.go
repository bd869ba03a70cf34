// Package paper makes contracts look like paper: a text with light marks becomes plain text, PDF, DOCX or a scan.
//
// It owns the marks (Parse), the plain text that all renderings share (Plain), and the look of each: sheet, running headers
// and footers, numbering, tables, columns, signature blocks, and deliberate defects (a scan without text, a truncated file, a
// password). It does not own what contracts say (samples/generate/text, internal/evaluate/labelled) nor what a reader should
// find in them.
//
// PDF needs Chromium (or the browser named in CHROMIUM), scans also pdftoppm. Invariants: the words of a text stand in the
// same order in all renderings, running headers and automatic numbers apart; the same text gives the same bytes, save that
// Chromium now and then numbers an object differently.
package paper

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

// Version names the look; files rendered by another version are rendered again.
const Version = "paper/2"

// Kinds of rendering. The defects (damaged, encrypted) and "txt" (the body as it was typed) serve the samples.
const (
	TextKind = "text" // what Plain gives
	PDFKind  = "pdf"
	DOCXKind = "docx"
	ScanKind = "scan"
)

// Render makes a file of a text. A text without `created` in its head counts as written on 5 January 2026.
func Render(ctx context.Context, t Text, kind string) ([]byte, error) {
	created, err := time.Parse(time.DateOnly, or(t.head["created"], "2026-01-05"))
	if err != nil {
		return nil, fmt.Errorf("head `created`: %w", err)
	}
	switch kind {
	case TextKind:
		return []byte(Plain(t)), nil
	case PDFKind:
		return printPDF(ctx, t, created)
	case "damaged":
		// Cut off in the middle of a stream, as an interrupted transfer leaves a file: no cross-reference, no trailer.
		whole, err := printPDF(ctx, t, created)
		if err != nil {
			return nil, err
		}
		return whole[:len(whole)*45/100], nil
	case ScanKind:
		return scanPDF(ctx, t, created)
	case "encrypted":
		return encryptedPDF(t, created, t.head["password"])
	case DOCXKind:
		return writeDOCX(t, created)
	case "txt":
		return []byte(t.body), nil
	default:
		return nil, fmt.Errorf("unknown kind %q", kind)
	}
}

// printPDF lets Chromium lay out the HTML form, then fixes the dates it wrote.
func printPDF(ctx context.Context, t Text, created time.Time) ([]byte, error) {
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
