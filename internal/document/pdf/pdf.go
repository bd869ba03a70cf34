// Package pdf reads PDF files: their text layer, and what is only a picture by text recognition.
//
// It owns the way from PDFium's characters to words with boxes, which of them a person sees, which pages are pictures or have
// letters that can not be trusted, and the named states of files that give no text. It does not own lines, tables and
// paragraphs (document/layout), recognition (document/scan) nor the limits of the process it runs in (document/sandbox).
// Invariants: the same file and engine give the same text; boxes are points as displayed, origin top left, rotation and crop
// box applied; text that nobody can see is never in the text, but named in a warning; the parser sees no file system.
package pdf

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/pact"
)

// The limits of a file. What is beyond them is rejected, with the limit in the reason.
const (
	MaxPages = 2000
	MaxText  = 20 << 20
)

const (
	name    = "pdf"
	version = "8"
)

// Config of the reader.
type Config struct {
	// Engine recognises pages that are pictures. nil: such pages are not read, and the document says so.
	Engine document.Recogniser
	// CacheDir keeps the compiled parser between starts (28 MB). Empty: every process compiles it, which takes seconds.
	CacheDir string
}

// Reader reads PDF files. It starts the parser at the first file. It is safe for use by several goroutines.
type Reader struct {
	engine engine
	seer   document.Recogniser
}

var _ document.Reader = (*Reader)(nil)

// New makes a reader.
func New(c Config) *Reader {
	const memory = 400 << 20 // what a file may take inside the parser
	return &Reader{engine: engine{cacheDir: c.CacheDir, memory: memory >> 16}, seer: c.Engine}
}

// Name is "pdf".
func (r *Reader) Name() string { return name }

// Version changes with the text or the offsets.
func (r *Reader) Version() string { return version }

// Close stops the parser.
func (r *Reader) Close() error { return r.engine.close() }

// Accepts looks for the signature, which may stand anywhere in the first kilobyte. An OLE compound file is none: an Outlook
// message may keep the file that is attached to it there.
func (r *Reader) Accepts(head []byte, _ string) bool {
	return bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) && !bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

// Read gives the document, or *document.Error with the state of a file that has no text to give.
func (r *Reader) Read(ctx context.Context, file []byte) (*document.Document, error) {
	if len(file) == 0 {
		return nil, document.Failed(pact.DocumentDamaged, "The file is empty. Send the document again.")
	}
	l, err := r.engine.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("starting the PDF parser: %w", err)
	}
	defer l.close()
	doc, code, err := l.load(ctx, file)
	if err != nil {
		return nil, broken(err)
	}
	if doc == 0 {
		return nil, unopened(code)
	}
	if l.can, err = l.traits(ctx, doc, file); err != nil {
		return nil, broken(err)
	}
	pages, damaged, err := l.readPages(ctx, doc)
	if err != nil {
		return nil, err
	}
	seen, err := l.recognise(ctx, doc, r.seer, pages)
	if err != nil {
		return nil, err
	}
	if err := legible(pages, damaged, seen); err != nil {
		return nil, err
	}
	reader := name + "/" + version
	if seen.engine != "" {
		reader += "+" + seen.engine
	}
	printed := make([]*layout.Page, len(pages))
	for i, p := range pages {
		printed[i] = &p.Page
	}
	d := layout.Assemble(file, reader, printed)
	d.Asides = append(d.Asides, asides(d, pages)...)
	d.Warnings = append(warnings(pages, damaged, seen), seen.warnings...)
	return d, nil
}

func (l *library) readPages(ctx context.Context, doc uint64) (pages []*page, damaged []int, err error) {
	n, err := l.call(ctx, "FPDF_GetPageCount", doc)
	if err != nil {
		return nil, nil, broken(err)
	}
	count := int(int32(n))
	if count > MaxPages {
		return nil, nil, tooLarge(fmt.Sprintf("it has %d pages, and %d are the limit", count, MaxPages))
	}
	size := 0
	for i := range count {
		if err := ctx.Err(); err != nil {
			return nil, nil, fmt.Errorf("reading page %d: %w", i+1, err)
		}
		p, err := l.readPage(ctx, doc, i)
		if err != nil {
			if stated(err) {
				return nil, nil, err
			}
			if trapped(err) { // the instance is in an unknown state after a trap
				return nil, nil, broken(err)
			}
			damaged = append(damaged, i+1)
			p = &page{Page: layout.Page{Number: i + 1, Width: 612, Height: 792}}
		}
		for _, w := range p.Words {
			size += len(w.Text) + 1
		}
		if size > MaxText {
			return nil, nil, tooLarge(fmt.Sprintf("it holds more than %d MB of text", MaxText>>20))
		}
		pages = append(pages, p)
	}
	return pages, damaged, nil
}

// legible refuses what can not be used as text: no page, only pictures, or letters that are not told.
func legible(pages []*page, damaged []int, seen recognised) error {
	if len(pages) == 0 || len(damaged) == len(pages) {
		return document.Failed(pact.DocumentDamaged, "The PDF has no page that can be opened. Ask the sender for a new copy.")
	}
	words, hidden, illegible, pictures := 0, 0, 0, 0
	for _, p := range pages {
		words += len(p.Words)
		hidden += len(p.hidden)
		switch p.need {
		case pictured, drawn:
			pictures++
		case garbled:
			illegible++
		}
	}
	switch {
	case words == 0 && pictures+illegible == 0 && hidden > 0:
		return document.Failed(pact.DocumentRejected, "The PDF holds only text that nobody can see. Check where the file comes from.")
	case words == 0 && pictures+illegible == 0:
		return document.Failed(pact.DocumentRejected, "The PDF shows no text and no pictures of text: its pages are blank. Ask the sender for the right file.")
	case len(seen.pages)+len(seen.failed) > 0 && words == 0:
		if why := seen.lost(); why != nil {
			return why
		}
		return document.Failed(pact.DocumentRejected, "The PDF's pages are pictures, and no words were recognised in them. Scan them again, upright and at 300 dpi, or send the original file.")
	case seen.missing == "":
		return nil
	case illegible > 0 && 2*illegible >= len(pages)-pictures:
		return document.Failed(pact.DocumentNeedsOCR, "The PDF's fonts do not say which letters they show, so its text has to be recognised from its picture. "+seen.missing)
	case words == 0 || 2*pictures > len(pages) && words < 5*len(pages):
		return document.Failed(pact.DocumentNeedsOCR, "The PDF is a scan: its pages are pictures without a text layer. "+seen.missing)
	}
	return nil
}

func warnings(pages []*page, damaged []int, seen recognised) []string {
	var out []string
	byReason := map[string][]string{}
	sparse, unchecked, mixed, ocr := []int{}, []string{}, []string{}, 0
	var struck, comments, unread, replaced []string
	for _, p := range pages {
		for why, text := range p.hidden {
			if !says(text) {
				continue // a stray dash is no text
			}
			byReason[why] = append(byReason[why], fmt.Sprintf("page %d: “%s”", p.Number, cut(text, 80)))
		}
		if _, ok := seen.pages[p.Number-1]; !ok && p.need != legibleText && seen.missing != "" {
			sparse = append(sparse, p.Number)
		}
		ocr += p.invisible
		if p.struck > 0 {
			struck = append(struck, fmt.Sprint(p.Number))
		}
		if p.replaced {
			replaced = append(replaced, fmt.Sprint(p.Number))
		}
		if p.unread {
			unread = append(unread, fmt.Sprint(p.Number))
		}
		for _, c := range p.comments {
			comments = append(comments, fmt.Sprintf("page %d: “%s”", p.Number, cut(c, 80)))
		}
		if p.unchecked {
			unchecked = append(unchecked, fmt.Sprint(p.Number))
		}
		if _, ok := seen.pages[p.Number-1]; p.mixed && !ok {
			mixed = append(mixed, fmt.Sprint(p.Number))
		}
	}
	for _, why := range []string{"white on white", "drawn invisibly", "smaller than 2 points", "outside the page", covered, clipped, switchedOff, transparent, likeGround} {
		if found := byReason[why]; len(found) > 0 {
			out = append(out, fmt.Sprintf("Hidden text (%s) was left out: %s.", why, strings.Join(found[:min(3, len(found))], "; ")))
		}
	}
	if len(unchecked) > 0 {
		out = append(out, fmt.Sprintf("Whether a person sees all words of the text could not be checked on page %s. Compare the text with the page.", strings.Join(unchecked[:min(8, len(unchecked))], ", ")))
	}
	if len(mixed) > 0 {
		out = append(out, fmt.Sprintf("Lines run in several directions on page %s, so their order may be wrong. Compare the text with the page.", strings.Join(mixed[:min(8, len(mixed))], ", ")))
	}
	if len(unread) > 0 {
		out = append(out, fmt.Sprintf("A field of page %s could not be read. Compare the text with the page.", strings.Join(unread[:min(8, len(unread))], ", ")))
	}
	if len(replaced) > 0 {
		out = append(out, fmt.Sprintf("The file gives its own words for what page %s shows, and they may differ. Compare the text with the page.", strings.Join(replaced[:min(8, len(replaced))], ", ")))
	}
	if len(struck) > 0 {
		out = append(out, fmt.Sprintf("Notes strike words through on page %s; the words stand in the text. Compare the text with the page, or upload the clean copy.", strings.Join(struck[:min(8, len(struck))], ", ")))
	}
	if len(comments) > 0 {
		out = append(out, fmt.Sprintf("Comments are no part of the text: %s.", strings.Join(comments[:min(3, len(comments))], "; ")))
	}
	if ocr > 0 {
		out = append(out, "The text, or a part of it, is a layer behind a scanned picture, made by text recognition (OCR). Compare it with the picture.")
	}
	if len(sparse) > 0 {
		out = append(out, fmt.Sprintf("%s a picture without text; nothing was read from it. %s", pageList(sparse), seen.missing))
	}
	if len(damaged) > 0 {
		out = append(out, fmt.Sprintf("%s damaged; nothing was read from it.", pageList(damaged)))
	}
	return out
}

// asides puts the hidden words beside the text, at the end of the line above them.
func asides(d *document.Document, pages []*page) []document.Aside {
	lines := map[int][]document.Line{}
	for _, l := range d.Lines {
		lines[l.Page] = append(lines[l.Page], l)
	}
	var out []document.Aside
	for i, p := range pages {
		if i >= len(d.Pages) {
			break
		}
		for _, hidden := range p.lost {
			if !says(hidden.text) || len(out) >= 1000 {
				continue
			}
			at, nearest := d.Pages[i].Start, -1.0
			for _, l := range lines[p.Number] {
				if len(l.Words) == 0 {
					continue
				}
				if top := l.Words[0].Box.Top; top <= hidden.box.Bottom && top >= nearest {
					at, nearest = l.End, top
				}
			}
			out = append(out, document.Aside{Kind: document.Hidden, Start: at, End: at, Text: cut(hidden.text, 1000), Why: hidden.why})
		}
	}
	slices.SortStableFunc(out, func(a, b document.Aside) int { return a.Start - b.Start })
	return out
}

// says tells whether words can change what a page says: "no" and "5" can, a dash can not.
func says(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) })
}

func pageList(numbers []int) string {
	if len(numbers) == 1 {
		return fmt.Sprintf("Page %d is", numbers[0])
	}
	s := make([]string, 0, 8)
	for i, n := range numbers {
		if i == 7 {
			s = append(s, "…")
			break
		}
		s = append(s, fmt.Sprint(n))
	}
	return fmt.Sprintf("%d pages (%s) are each", len(numbers), strings.Join(s, ", "))
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
