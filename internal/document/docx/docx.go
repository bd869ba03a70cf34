// Package docx reads Word documents (DOCX, DOCM).
//
// It owns the way from the parts of the archive to a document: automatic numbers as Word prints them, tables, headers and
// footers, text boxes, notes, results of fields, tracked changes, comments, hidden text and which pictures may be scanned pages. It does not own other word processors'
// formats (they end in a named state in document/plain), recognition (document/scan) nor the limits of the process (document/sandbox). Invariants:
// nothing outside the archive is ever opened; a document type declaration is refused, so no entity is ever expanded; sizes
// are counted on the bytes that really come out of the archive; the same file gives the same text.
//
// What stands in the text: insertions that nobody accepted yet stand in it, with runs marked "inserted"; open deletions,
// struck-through words, hidden text, comments and the hints of empty form fields do not, but are asides at their place.
// Each leaves a warning, because a person has to look. Headers, footers, then foot- and endnotes stand at the end, as blocks
// of their own; a note names the place at which it hangs, and its mark stands in neither text, where it would look like a
// figure. A table with one column is layout: its paragraphs are paragraphs. A table inside of a cell follows its row.
package docx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/scan"
	"github.com/pactloop/pactloop/internal/pact"
)

const (
	name    = "docx"
	version = "7"
)

// Config of the reader.
type Config struct {
	// Engine recognises large pictures, such as scanned pages. nil: they are not read, and the document says so.
	Engine document.Recogniser
}

// Reader reads DOCX files. It may be used by several goroutines.
type Reader struct{ seer document.Recogniser }

var _ document.Reader = (*Reader)(nil)

// New makes a reader.
func New(c Config) *Reader { return &Reader{c.Engine} }

// Name is "docx".
func (r *Reader) Name() string { return name }

// Version changes with the text or the offsets.
func (r *Reader) Version() string { return version }

// Accepts takes every ZIP archive: what kind of document it holds is told by its parts, and Read says it in words.
func (r *Reader) Accepts(head []byte, _ string) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// Read gives the document, or *document.Error with the state of a file that has no text to give.
func (r *Reader) Read(ctx context.Context, file []byte) (*document.Document, error) {
	if len(file) == 0 {
		return nil, document.Failed(pact.DocumentDamaged, "The file is empty. Send the document again.")
	}
	d, err := read(ctx, file, r.seer)
	if err != nil {
		return nil, stated(err)
	}
	return d, nil
}

// stated makes a named state of any failure: a file that can not be parsed is damaged.
func stated(err error) error {
	var e *document.Error
	if errors.As(err, &e) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return document.Failed(pact.DocumentDamaged, fmt.Sprintf("The Word document is damaged (%s). Open it in Word, save it again, and upload that copy.", cut(err.Error(), 120)))
}

// read writes the document. One with large pictures is written twice: what stands on them is known only when all were found.
func read(ctx context.Context, file []byte, seer document.Recogniser) (*document.Document, error) {
	w, a, err := compose(ctx, file, nil)
	if err != nil {
		return nil, err
	}
	empty := w.b.Bytes() == 0
	large := scan.Large(w.pictures, empty)
	var found scan.Found
	if len(large) > 0 {
		if found, err = scan.Within(ctx, seer, w.pictures, large, empty); err != nil {
			return nil, err
		}
		warning, state := found.Lacking("The Word document", large, w.b.Offset())
		if state != nil {
			return nil, state
		}
		if w, a, err = compose(ctx, file, &found); err != nil {
			return nil, err
		}
		if warning != "" {
			found.Warnings = append(found.Warnings, warning)
		}
	}
	reader := name + "/" + version
	if found.Engine != "" {
		reader += "+" + found.Engine
	}
	d := w.b.Document(file, reader)
	if d.Text == "" {
		switch lost := found.Lost(); {
		case lost != nil:
			return nil, lost
		case len(large) > 0:
			return nil, document.Failed(pact.DocumentRejected, "The Word document holds only pictures, and no words were recognised in them. Scan the pages again, upright and at 300 dpi, or send the original file.")
		case a.has("word/media/"):
			return nil, document.Failed(pact.DocumentNeedsOCR, "The Word document holds only pictures, and in a way that is not followed here. Print it to PDF and upload that: its pages are recognised then.")
		}
		return nil, document.Failed(pact.DocumentDamaged, "The Word document has no text in it. Check that the right file was sent.")
	}
	d.Warnings = append(append(d.Warnings, w.warnings(a)...), found.Warnings...)
	return d, nil
}

// compose writes what the parts say, and what was found on pictures where that is known.
func compose(ctx context.Context, file []byte, found *scan.Found) (*writer, *archive, error) {
	a, err := openArchive(file)
	if err != nil {
		return nil, nil, err
	}
	main := a.mainPart()
	if main == "" {
		return nil, nil, a.otherFormat()
	}
	rels, err := a.relations(main)
	if err != nil {
		return nil, nil, err
	}
	w := &writer{ctx: ctx, seen: map[string]bool{}, archive: a, found: found}
	if w.styles, err = readStyles(a, rels.byType("styles")); err != nil {
		return nil, nil, fmt.Errorf("reading the styles: %w", err)
	}
	if w.numbers, err = readNumbering(a, rels.byType("numbering")); err != nil {
		return nil, nil, fmt.Errorf("reading the numbering: %w", err)
	}
	if err := w.part(a, main, document.Paragraph); err != nil {
		return nil, nil, fmt.Errorf("reading the text: %w", err)
	}
	for _, ref := range w.references {
		target := rels.target(ref.id)
		if target == "" || w.seen[target] {
			continue
		}
		w.seen[target] = true
		kind := document.Header
		if ref.footer {
			kind = document.Footer
		}
		if err := w.part(a, target, kind); err != nil {
			return nil, nil, fmt.Errorf("reading a header or footer: %w", err)
		}
	}
	for _, kind := range []string{"footnotes", "endnotes"} {
		if target := rels.byType(kind); target != "" {
			if err := w.footnotes(a, target, kind == "endnotes"); err != nil {
				return nil, nil, fmt.Errorf("reading the %s: %w", kind, err)
			}
		}
	}
	if target := rels.byType("comments"); target != "" {
		if err := w.comments(a, target); err != nil {
			return nil, nil, fmt.Errorf("reading the comments: %w", err)
		}
	}
	w.external = rels.outside()
	return w, a, nil
}

func (w *writer) warnings(a *archive) []string {
	var out []string
	if w.inserted > 0 || w.deleted > 0 || w.moved > 0 {
		moved := ""
		if w.moved > 0 {
			moved = " " + counted(w.moved, "passage was moved and stands where it was moved to.", "passages were moved and stand where they were moved to.")
		}
		out = append(out, fmt.Sprintf("The document has open tracked changes: %s, %s.%s Accept or reject them in Word and upload the clean copy, or check the marked places.",
			counted(w.inserted, "insertion stands in the text and is marked", "insertions stand in the text and are marked"), counted(w.deleted, "deletion was left out", "deletions were left out"), moved))
	}
	if w.struck > 0 {
		out = append(out, counted(w.struck, "passage is struck through. It was left out: check whether it still counts.", "passages are struck through. They were left out: check whether they still count."))
	}
	if w.remarked > 0 {
		out = append(out, fmt.Sprintf("The document carries %s no part of the text: check whether something is still being negotiated.", counted(w.remarked, "comment. It is", "comments. They are")))
	}
	if w.blanks > 0 {
		out = append(out, counted(w.blanks, "field of the document was not filled in. Its hint was left out.", "fields of the document were not filled in. Their hints were left out."))
	}
	if len(w.hidden) > 0 {
		out = append(out, fmt.Sprintf("Hidden text was left out: “%s”.", cut(strings.Join(w.hidden, "”, “"), 200)))
	}
	if w.external > 0 {
		out = append(out, fmt.Sprintf("The document names %s not fetched.", counted(w.external, "thing outside of itself, such as a template or a linked picture. It was", "things outside of itself, such as a template or a linked picture. They were")))
	}
	if w.chunks > 0 {
		out = append(out, counted(w.chunks, "embedded document was not read. Open the file in Word, save it again, and upload that copy to have it in the text.", "embedded documents were not read. Open the file in Word, save it again, and upload that copy to have them in the text."))
	}
	if a.has("word/vbaProject.bin") {
		out = append(out, "The document carries macros. They were not run.")
	}
	return out
}

// counted is a number and what is said of one, or of any other number.
func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// resolve gives the part a relation points to, relative to the part that has it.
func resolve(from, target string) string {
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return strings.TrimPrefix(path.Clean(path.Join(path.Dir(from), target)), "/")
}
