// Package html reads web pages (HTML, XHTML).
//
// It owns the way from elements to blocks: headings, lists with the numbers a browser prints, tables as cells with their
// place, and what a person does not see in a browser. It does not own character sets (document/plain) nor mail, whose HTML
// bodies it writes for document/mail, nor recognition (document/scan). Invariants: nothing is fetched or run: scripts, styles,
// frames and addresses of pictures are never followed; hidden, struck-through and deleted words are asides and no text; the same file gives the same text.
//
// A table that only arranges the page (one column, whole sections in its cells) is no table: its paragraphs are paragraphs.
// A table of labels and clauses is a list.
package html

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/document/scan"
	"github.com/pactloop/pactloop/internal/pact"
)

const (
	name    = "html"
	version = "5"

	maxText = 20 << 20
	maxFile = 40 << 20
	maxTags = 1_000_000
)

// Config of the reader.
type Config struct {
	// Engine recognises large pictures that stand in the page itself. nil: they are not read, and the document says so.
	Engine document.Recogniser
}

// Reader reads HTML files. It may be used by several goroutines.
type Reader struct{ seer document.Recogniser }

var _ document.Reader = (*Reader)(nil)

// New makes a reader.
func New(c Config) *Reader { return &Reader{c.Engine} }

// Name is "html".
func (r *Reader) Name() string { return name }

// Version changes with the text or the offsets.
func (r *Reader) Version() string { return version }

var (
	start = regexp.MustCompile(`(?i)^\s*(?:<!--[^>]*-->|<\?xml[^>]*\?>|\s)*<(?:!doctype\s+html|html|head|body|div|p|table|h[1-6]|span|meta|font|ol|ul|center|title)\b`)
	body  = regexp.MustCompile(`(?i)<(?:html|body)[\s>]`)
	mail  = regexp.MustCompile(`(?im)\A(?:[A-Za-z-]{2,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}`)
)

// Accepts looks for the tags that begin a page.
func (r *Reader) Accepts(file []byte, _ string) bool {
	head := file[:min(len(file), 4096)]
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		text, err := plain.Decode(head[:len(head)&^1], "")
		if err != nil {
			return false
		}
		head = []byte(text)
	}
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	if !bytes.Contains(head, []byte("<")) || bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	return start.Match(head) || body.Match(head) && !mail.Match(head)
}

// Read gives the document, or *document.Error with the state of a file that has no text to give.
func (r *Reader) Read(ctx context.Context, file []byte) (*document.Document, error) {
	if len(bytes.TrimSpace(file)) == 0 {
		return nil, document.Failed(pact.DocumentDamaged, "The file is empty. Send the document again.")
	}
	if len(file) > maxFile {
		return nil, document.Failed(pact.DocumentRejected, fmt.Sprintf("The web page has more than %d MB. Print it to PDF, and upload that.", maxFile>>20))
	}
	text, guess, err := decoded(file)
	if err != nil {
		return nil, err
	}
	var b document.Builder
	w := NewWriter(ctx, &b)
	if err := w.Page(text); err != nil {
		return nil, err
	}
	empty := b.Bytes() == 0
	large := scan.Large(w.pictures, empty)
	reader := name + "/" + version
	var found scan.Found
	if len(large) > 0 { // what stands on them is known only when all were found, so the page is written again
		if found, err = scan.Within(ctx, r.seer, w.pictures, large, empty); err != nil {
			return nil, err
		}
		warning, state := found.Lacking("The web page", large, b.Offset())
		if state != nil {
			return nil, state
		}
		if warning != "" {
			found.Warnings = append(found.Warnings, warning)
		}
		if found.Engine != "" {
			reader += "+" + found.Engine
		}
		b = document.Builder{}
		w = NewWriter(ctx, &b)
		w.found = &found
		if err := w.Page(text); err != nil {
			return nil, err
		}
	}
	d := b.Document(file, reader)
	d.Warnings = append(append(d.Warnings, w.Warnings()...), found.Warnings...)
	if guess != "" {
		d.Warnings = append(d.Warnings, plain.Guessed(guess))
	}
	if lost := found.Lost(); d.Text == "" && lost != nil {
		return nil, lost
	}
	if d.Text == "" {
		return nil, document.Failed(pact.DocumentDamaged, "The web page has no text that a person would see. It may be made by a program when it is opened: print it to PDF in a browser, and upload that.")
	}
	return d, nil
}

// decoded finds the character set as browsers do: by its mark, by what the page says, by the look of its letters.
func decoded(file []byte) (text, guess string, err error) {
	label := ""
	if _, found, certain := charset.DetermineEncoding(file[:min(len(file), 1024)], ""); certain {
		label = found
	}
	return plain.Told(file, label)
}

// Writer writes pages into a Builder, for those who find HTML inside of something else.
type Writer struct {
	ctx                 context.Context
	b                   *document.Builder
	sheet               *sheet
	tables              int
	hidden              []string
	struck              int
	insert              int
	raised              int // how many elements around the words set them above the line
	blanks              int
	passed              []string // what drawings, formulas and frames say, which are not read
	unfollowed, outside bool     // of the style sheets
	doubts              int      // texts of which it can not be said whether they are seen

	pictures []scan.Embedded // that stand in the page itself
	found    *scan.Found     // what was recognised on them; nil while they are looked for

	open  paragraph
	cell  *cell // the table cell that is being filled
	depth int   // of lists
}

// NewWriter makes a writer. It lives for one reading.
func NewWriter(ctx context.Context, b *document.Builder) *Writer { return &Writer{ctx: ctx, b: b} }

// Tables continues the count of tables from so many.
func (w *Writer) Tables(n int) { w.tables = n }

// Counted is the number of tables so far.
func (w *Writer) Counted() int { return w.tables }

// Page writes a page.
func (w *Writer) Page(text string) error {
	if strings.Count(text, "<") > maxTags {
		return document.Failed(pact.DocumentRejected, fmt.Sprintf("The web page has more than %d tags. Print it to PDF, and upload that.", maxTags))
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return document.Failed(pact.DocumentRejected, "The web page is nested too deeply, as files are that are made to stop a computer. Print it to PDF, and upload that.")
	}
	w.sheet = sheetOf(root)
	if err := w.children(root, plainLook()); err != nil {
		return err
	}
	w.unfollowed, w.outside = w.unfollowed || w.sheet.unfollowed, w.outside || w.sheet.outside && singledOut(root)
	return w.flush()
}

// Warnings says what a person has to look at.
func (w *Writer) Warnings() []string {
	var out []string
	if w.insert > 0 || w.struck > 0 {
		out = append(out, fmt.Sprintf("The page shows changes: %d insertions stand in the text and are marked, %d passages are struck through or deleted and were left out. Check them, or upload the clean copy.", w.insert, w.struck))
	}
	if w.blanks > 0 {
		out = append(out, fmt.Sprintf("%d fields of the page were not filled in. Their hints were left out.", w.blanks))
	}
	if len(w.hidden) > 0 {
		list := []rune(strings.Join(w.hidden, "”, “"))
		more := ""
		if len(list) > 200 {
			list, more = list[:200], "…"
		}
		out = append(out, fmt.Sprintf("Hidden text was left out: “%s%s”.", string(list), more))
	}
	if len(w.passed) > 0 {
		list := []rune(strings.Join(w.passed, "”, “"))
		more := ""
		if len(list) > 200 {
			list, more = list[:200], "…"
		}
		out = append(out, fmt.Sprintf("Drawings, formulas or pages in the page are not read: “%s%s”. Print the page to PDF, and upload that, where they matter.", string(list), more))
	}
	if w.unfollowed || w.doubts > 0 {
		out = append(out, "A style rule that hides text could not be followed. Compare the text with the page in a browser.")
	}
	if w.outside {
		out = append(out, "The page names style sheets outside of itself, and parts of its text have a class or a name by which such a sheet may hide them. They were not fetched: whether they hide text could not be followed.")
	}
	return out
}
