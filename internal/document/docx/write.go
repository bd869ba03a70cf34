package docx

import (
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

func (g *paragraph) text() string { return textOf(g.spans) }

// write writes a block. Paragraphs of one cell stand in it one after another.
func (w *writer) write(i item) error {
	if i.picture > 0 {
		if w.found != nil {
			w.tables = w.found.Write(&w.b, i.picture-1, i.block.Kind, w.tables)
		}
		return nil
	}
	if len(i.paragraphs) == 0 {
		return nil
	}
	block := i.block
	first := i.paragraphs[0]
	if block.Kind == document.Paragraph {
		block.Kind = first.kind()
	}
	if block.Kind != document.Cell && block.Kind != document.Header && block.Kind != document.Footer && block.Kind != document.Note && first.label != "" && !first.bullet {
		block.Number, block.Level = strings.TrimSuffix(first.label, "."), first.level
	}
	if block.Kind == document.Heading && block.Level == 0 && first.outline() >= 0 {
		block.Level = first.outline() + 1
	}
	w.b.Start(block)
	for _, g := range i.paragraphs {
		if g.text() == "" {
			w.signs(g)
			continue
		}
		if g.label != "" {
			w.b.Space()
			w.b.Write(g.label)
		}
		w.b.Space()
		w.lines(g, block.Kind == document.Paragraph || block.Kind == document.ListItem)
	}
	w.b.End()
	if w.b.Bytes() > MaxText {
		return document.Failed(pact.DocumentRejected, "The Word document holds more than 20 MB of text. Split it, or send only the contract.")
	}
	return nil
}

// tabled is from how many rows on lines that were set with tabs are a table.
const tabled = 3

// lines writes the lines of a paragraph. Where they may stand apart, each that is over ends its block, and rows set with tabs are a
// table.
func (w *writer) lines(g *paragraph, apart bool) {
	before := ""
	list := g.lines()
	for k := 0; k < len(list); k++ {
		l := list[k]
		if apart {
			if n, _ := rows(list[k:]); n >= tabled {
				w.table(list[k : k+n])
				k += n - 1
				before = "."
				continue
			}
		}
		text := l.text()
		switch {
		case k == 0:
		case apart && ends(before, text, l.breaks):
			w.b.Start(document.Block{Kind: document.KindOf(text, document.Looks{Bold: bold(l.spans)})})
		default:
			w.b.Space()
		}
		for n, cell := range l.cells() {
			switch {
			case n > 0 && apart && !strings.HasPrefix(g.style.name, "toc"):
				w.b.Tab()
			case n > 0:
				w.b.Space()
			}
			w.words(cell)
		}
		before = text
	}
}

// table writes rows that were set with tabs.
func (w *writer) table(list []line) {
	w.tables++
	for row, l := range list {
		for col, cell := range l.cells() {
			w.b.Start(document.Block{Kind: document.Cell, Table: w.tables, Row: row, Col: col})
			w.words(cell)
		}
	}
}

// words writes what stands in a line, with its marks.
func (w *writer) words(spans []span) {
	for _, s := range spans {
		switch s.sign {
		case words:
			start, end := w.b.Write(s.text)
			if s.mark != "" && start < end {
				w.b.Mark(start, end, s.mark)
			}
		case tabStop:
			w.b.Space()
		default:
			w.sign(s)
		}
	}
}

func (g *paragraph) outline() int {
	if g.props.outline >= 0 {
		return g.props.outline
	}
	return g.style.outline
}

// signs keeps what hangs on a paragraph without words.
func (w *writer) signs(g *paragraph) {
	for _, s := range g.spans {
		if s.sign != words && s.sign != tabStop && s.sign != lineEnd {
			w.sign(s)
		}
	}
}

// sign keeps what hangs on a place between words.
func (w *writer) sign(s span) {
	at := w.b.At()
	switch s.sign {
	case leftOut:
		n := s.note
		n.Text = strings.Join(strings.FieldsFunc(n.Text, func(r rune) bool { c, keep := document.Clean(r); return !keep || c == ' ' }), " ")
		n.Start, n.End = at, at
		if n.Text != "" {
			w.b.Aside(n)
		}
	case noteHere:
		if len(w.notes) < 10_000 {
			w.notes = append(w.notes, noteRef{end: s.mark == "endnoteReference", id: s.id, at: at})
		}
	case commentStart:
		w.begins(s.id, w.b.Offset())
	case commentEnd:
		if _, known := w.ranges[s.id]; s.mark == "point" && known {
			return // its end was told before
		}
		w.ends(s.id, at)
	}
}

// kind is the kind of block that the words and the looks make: those of the first line, where lines stand apart.
func (g *paragraph) kind() document.BlockKind {
	styled := g.outline() >= 0 || strings.HasPrefix(g.style.name, "heading") || g.style.name == "title" || g.style.name == "subtitle"
	looks := document.Looks{Styled: styled, Bold: bold(g.spans), Labelled: g.label != ""}
	list := g.lines()
	named := false // "Order date: 3 March"
	for _, l := range list {
		named = named || field.MatchString(l.text())
	}
	if kind := document.KindOf(g.text(), looks); kind == document.Heading && !(named && len(list) > 1) {
		return kind
	}
	if len(list) > 1 && !ends(list[0].text(), list[1].text(), list[1].breaks) {
		return document.KindOf(g.text(), looks)
	}
	looks.Bold = bold(list[0].spans)
	return document.KindOf(list[0].text(), looks)
}

func bold(spans []span) bool {
	for _, s := range spans {
		if s.sign == words && strings.TrimSpace(s.text) != "" && s.mark != "bold" {
			return false
		}
	}
	return true
}
