package layout

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// Assemble lays the pages out and writes the text. reader is the name and version that made the words.
func Assemble(file []byte, reader string, pages []*Page) *document.Document {
	rest, taken := furniture(pages)
	parts := make([][]part, len(pages))
	bands := 0
	for i, p := range pages {
		parts[i] = layout(p, rest[i], &bands)
	}
	repeated := joinTables(parts)
	w := &writer{pages: pages, m: measureOf(parts), vocabulary: vocabularyOf(pages), starts: make([]int, len(pages))}
	w.hyphenates = w.breaksWords()
	for i := range w.starts {
		w.starts[i] = -1
	}
	for i, page := range parts {
		for _, p := range page {
			if p.table != nil {
				w.flush()
				w.table(p.table)
				continue
			}
			w.line(p.line)
		}
		w.waiting = append(append(w.waiting, taken[i]...), repeated[i]...)
		if w.paragraph == nil {
			w.flush()
		}
	}
	w.flush()
	d := w.b.Document(file, reader)
	d.Lines = w.lines
	end := utf8.RuneCountInString(d.Text)
	for i := len(pages) - 1; i >= 0; i-- { // a page without text is an empty stretch
		if w.starts[i] < 0 {
			w.starts[i] = end
		}
		width, height := pages[i].size()
		d.Pages = append(d.Pages, document.Page{Number: i + 1, Width: width, Height: height, Start: w.starts[i], End: end})
		end = w.starts[i]
	}
	for i, j := 0, len(d.Pages)-1; i < j; i, j = i+1, j-1 {
		d.Pages[i], d.Pages[j] = d.Pages[j], d.Pages[i]
	}
	return d
}

// writer turns lines and tables into blocks.
type writer struct {
	pages      []*Page
	b          document.Builder
	m          measure
	vocabulary map[string]int
	hyphenates bool // the document breaks words at the end of lines
	paragraph  *paragraph
	waiting    []*line // headers and footers that wait for the end of the paragraph
	lines      []document.Line
	starts     []int // where each page's body begins
	tables     int
}

func (w *writer) line(l *line) {
	if w.paragraph != nil && w.paragraph.grow(l, w.m) {
		w.paragraph.add(l)
		return
	}
	w.flush()
	w.paragraph = newParagraph(l)
}

// flush writes the paragraph, then the headers and footers that waited.
func (w *writer) flush() {
	if g := w.paragraph; g != nil {
		w.paragraph = nil
		w.b.Start(document.Block{Kind: g.kindOf(w.m), Page: g.lines[0].page})
		for i, l := range g.lines {
			var next *line
			if i+1 < len(g.lines) {
				next = g.lines[i+1]
			}
			w.printed(&l.fragment, l.page, next, true)
		}
		w.b.End()
	}
	waiting := w.waiting
	w.waiting = nil
	for _, l := range waiting {
		kind := document.Header
		if l.footer {
			kind = document.Footer
		}
		w.b.Start(document.Block{Kind: kind, Page: l.page})
		w.printed(&l.fragment, l.page, nil, false)
		w.b.End()
	}
}

func (w *writer) table(t *table) {
	w.tables++
	for _, c := range t.cells {
		w.b.Start(document.Block{Kind: document.Cell, Page: c.page, Table: w.tables, Row: c.row, Col: c.col})
		for i, f := range c.lines {
			var next *line
			if i+1 < len(c.lines) {
				next = &line{fragment: *c.lines[i+1]}
			}
			w.printed(f, c.page, next, true)
		}
		w.b.End()
	}
}

// printed writes one line of the open block. A hyphen at its end is settled with the first word of the next line.
func (w *writer) printed(f *fragment, page int, next *line, body bool) {
	l := document.Line{Page: page}
	for i, word := range f.words {
		if i > 0 && !f.words[i-1].Hyphen {
			w.b.Space()
		}
		text := word.Text
		tail := ""
		if word.Hyphen {
			following := ""
			if i+1 < len(f.words) {
				following = f.words[i+1].Text
			} else if next != nil && len(next.words) > 0 {
				following = next.words[0].Text
			}
			if w.keepsHyphen(text, following) {
				tail = "-"
			}
		}
		start, end := w.b.Write(text + tail)
		if start == end {
			continue
		}
		if word.Bold {
			w.b.Mark(start, end, "bold")
		}
		if 0 < word.Confidence && word.Confidence < document.UnsureBelow {
			w.b.Mark(start, end, document.UnsureMark)
		}
		l.Words = append(l.Words, document.Word{Start: start, End: end, Box: w.shown(page, word.Box), Confidence: word.Confidence})
	}
	if len(l.Words) == 0 {
		return
	}
	l.Start, l.End = l.Words[0].Start, l.Words[len(l.Words)-1].End
	w.lines = append(w.lines, l)
	if body && page >= 1 && page <= len(w.starts) && w.starts[page-1] < 0 {
		w.starts[page-1] = l.Start
	}
	if last := f.words[len(f.words)-1]; next != nil && (!last.Hyphen || len(next.words) == 0) && !endsOpen(last.Text) {
		w.b.Space()
	}
}

func (w *writer) shown(page int, b pact.Box) pact.Box {
	if page < 1 || page > len(w.pages) {
		return b
	}
	return w.pages[page-1].shown(b)
}

// endsOpen tells whether a line ends inside a compound ("third-", "and/") so that no space follows.
func endsOpen(text string) bool {
	r, n := utf8.DecodeLastRuneInString(text)
	before, _ := utf8.DecodeLastRuneInString(text[:len(text)-n])
	return r == '-' && (unicode.IsLetter(before) || unicode.IsDigit(before)) || r == '/' && unicode.IsLetter(before)
}

// keepsHyphen decides about a hyphen at the end of a line. Word processors rarely hyphenate contracts, so "third-" and
// "party" are usually a compound; "agree-" and "ment" are one word when the rest of the document writes it so.
func (w *writer) keepsHyphen(left, right string) bool {
	l, r := PlainWord(left), PlainWord(right)
	if l == "" || r == "" {
		return true
	}
	if joined, compound := w.vocabulary[l+r], w.vocabulary[l+"-"+r]; joined+compound > 0 {
		return compound >= joined
	}
	if first, _ := utf8.DecodeRuneInString(right); unicode.IsUpper(first) || unicode.IsDigit(first) {
		return true
	}
	return compoundStart[l] || !w.hyphenates || w.vocabulary[l] > 0 && w.vocabulary[r] > 0 && len(l) > 2 && len(r) > 2
}

// breaksWords tells whether the document hyphenates at all: whether of the hyphens at the ends of its lines more break a word
// that it writes in one elsewhere, than join two words or a compound that it knows. Word processors do not hyphenate unless
// told to, so without a sign a hyphen is one.
func (w *writer) breaksWords() bool {
	broken, kept := 0, 0
	for _, p := range w.pages {
		for i, word := range p.Words {
			if !word.Hyphen || i+1 >= len(p.Words) {
				continue
			}
			l, r := PlainWord(word.Text), PlainWord(p.Words[i+1].Text)
			switch {
			case l == "" || r == "":
			case w.vocabulary[l+r] > w.vocabulary[l+"-"+r]:
				broken++
			case w.vocabulary[l] > 0 && w.vocabulary[r] > 0, w.vocabulary[l+"-"+r] > 0, compoundStart[l]:
				kept++
			default:
				broken++ // at least one half is no word here
			}
		}
	}
	return broken > kept
}

// Words that a compound begins with where the document gives no other hint.
var compoundStart = map[string]bool{
	"non": true, "self": true, "third": true, "well": true, "long": true, "short": true, "full": true, "half": true, "pre": true, "post": true,
	"twenty": true, "thirty": true, "forty": true, "fifty": true, "sixty": true, "seventy": true, "eighty": true, "ninety": true,
	"year": true, "month": true, "day": true, "one": true, "two": true, "three": true, "four": true, "five": true, "ten": true,
}

func vocabularyOf(pages []*Page) map[string]int {
	v := map[string]int{}
	for _, p := range pages {
		for _, w := range p.Words {
			if w.Hyphen || w.Glue {
				continue
			}
			if s := PlainWord(w.Text); s != "" {
				v[s]++
			}
		}
	}
	return v
}

// PlainWord is a word in small letters without what stands around it.
func PlainWord(s string) string {
	return strings.ToLower(strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
}
