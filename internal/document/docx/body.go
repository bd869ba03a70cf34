package docx

import (
	"context"
	"strings"
	"unicode"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// MaxText is the limit of a document's text.
const MaxText = 20 << 20

// writer collects what the parts say.
type writer struct {
	ctx        context.Context // of this one reading; the writer lives no longer
	b          document.Builder
	styles     *styles
	numbers    *numbering
	references []reference
	seen       map[string]bool // headers and footers that were read
	tables     int
	inserted   int
	deleted    int
	hidden     []string
	chunks     int
}

// span is text with one mark.
type span struct {
	text string
	mark string
}

// paragraph is read whole before it is written: its text boxes stand after it.
type paragraph struct {
	props  paragraphProps
	style  style
	spans  []span
	label  string
	bullet bool
	level  int
	boxes  []item
}

// item is a block to be: a paragraph, or a cell with its paragraphs.
type item struct {
	block      document.Block
	paragraphs []*paragraph
}

// scope is where in a part the walk is.
type scope struct {
	w        *writer
	p        *parser
	kind     document.BlockKind
	emit     func(item) error
	fields   *[]bool // open fields: true while their code is read, false in their result
	inserted bool
	shaded   bool // inside a coloured cell
}

func (w *writer) part(a *archive, part string, kind document.BlockKind) error {
	b, err := a.bytes(part)
	if err != nil || b == nil {
		return err
	}
	p := newParser(b)
	s := &scope{w: w, p: p, kind: kind, emit: w.write, fields: &[]bool{}}
	return p.root(func(element) error { return s.blocks() })
}

// notes writes footnotes or endnotes, without the lines that separate them from the page.
func (w *writer) notes(a *archive, part string) error {
	b, err := a.bytes(part)
	if err != nil || b == nil {
		return err
	}
	p := newParser(b)
	s := &scope{w: w, p: p, kind: document.Paragraph, emit: w.write, fields: &[]bool{}}
	return p.root(func(element) error {
		return p.children(func(e element) error {
			if t := e.attr("type"); t != "" && t != "normal" {
				return nil
			}
			return s.blocks()
		})
	})
}

// blocks walks paragraphs and tables.
func (s *scope) blocks() error { return s.p.children(s.block) }

func (s *scope) block(e element) error {
	switch e.local {
	case "p":
		return s.paragraph()
	case "tbl":
		return s.table()
	case "sectPr":
		refs, err := readReferences(s.p)
		s.w.references = append(s.w.references, refs...)
		return err
	case "altChunk":
		s.w.chunks++
	case "body", "sdt", "sdtContent", "customXml", "ins", "moveTo", "txbxContent", "Choice":
		return s.blocks()
	case "AlternateContent":
		return s.choice((*scope).blocks)
	}
	return nil
}

// choice takes the first of alternative contents; the fallback says the same again for old programs.
func (s *scope) choice(visit func(*scope) error) error {
	taken := false
	return s.p.children(func(e element) error {
		if taken || e.local != "Choice" && e.local != "Fallback" {
			return nil
		}
		taken = true
		return visit(s)
	})
}

func (s *scope) paragraph() error {
	if err := s.w.ctx.Err(); err != nil {
		return err
	}
	g := &paragraph{props: paragraphProps{level: -1, outline: -1}}
	g.style = s.w.styles.resolved("")
	err := s.p.children(func(e element) error {
		if e.local == "pPr" {
			var err error
			g.props, err = readParagraphProps(s.p)
			g.style = s.w.styles.resolved(g.props.style)
			s.w.references = append(s.w.references, g.props.references...)
			return err
		}
		return s.inline(g, e)
	})
	if err != nil {
		return err
	}
	s.number(g)
	if err := s.emit(item{block: document.Block{Kind: s.kind}, paragraphs: []*paragraph{g}}); err != nil {
		return err
	}
	for _, box := range g.boxes {
		if err := s.emit(box); err != nil {
			return err
		}
	}
	return nil
}

// number counts the paragraph in its list. An empty paragraph is counted as Word does; one that is being deleted is not.
func (s *scope) number(g *paragraph) {
	id, at := g.props.numID, g.props.level
	if id == "" {
		id = g.style.numID
		if at < 0 {
			at = g.style.level
		}
		if at < 0 && id != "" {
			own := g.props.style
			if own == "" {
				own = s.w.styles.standard
			}
			at = s.w.numbers.levelOf(id, own)
		}
	}
	if id == "" || id == "0" || g.props.deleted && g.text() == "" {
		return
	}
	if label, bullet, ok := s.w.numbers.next(id, max(at, 0)); ok {
		g.label, g.bullet, g.level = label, bullet, max(at, 0)+1
	}
}

// inline walks what stands in a line.
func (s *scope) inline(g *paragraph, e element) error {
	into := func(s *scope) error {
		return s.p.children(func(e element) error { return s.inline(g, e) })
	}
	switch e.local {
	case "r":
		return s.run(g)
	case "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo", "oMath", "oMathPara", "rubyBase", "ruby":
		return into(s)
	case "ins", "moveTo":
		s.w.inserted++
		inner := *s
		inner.inserted = true
		return into(&inner)
	case "del", "moveFrom":
		s.w.deleted++
	case "AlternateContent":
		return s.choice(into)
	case "f", "num", "den", "e", "sup", "sub", "sSup", "sSub", "rad", "d", "nary": // parts of formulas
		if e.prefix == "m" {
			return into(s)
		}
	}
	return nil
}

func (s *scope) run(g *paragraph) error {
	var l look
	return s.p.children(func(e element) error {
		switch e.local {
		case "rPr":
			if e.prefix == "m" {
				return nil
			}
			var err error
			l, err = readLook(s.p)
			return err
		case "t":
			text, err := s.p.text()
			if err != nil {
				return err
			}
			s.add(g, l, text)
		case "tab", "br", "cr", "ptab":
			s.add(g, l, " ")
		case "noBreakHyphen":
			s.add(g, l, "-")
		case "sym":
			s.add(g, l, symbol(e.attr("char")))
		case "fldChar":
			s.field(e.attr("fldCharType"))
		case "drawing", "pict", "object", "AlternateContent":
			return s.boxes(g, e)
		}
		return nil
	})
}

func (s *scope) field(kind string) {
	f := *s.fields
	switch {
	case kind == "begin" && len(f) < 100:
		f = append(f, true)
	case kind == "separate" && len(f) > 0:
		f[len(f)-1] = false
	case kind == "end" && len(f) > 0:
		f = f[:len(f)-1]
	}
	*s.fields = f
}

// symbol gives the usual meaning of a letter of a symbol font.
func symbol(code string) string {
	switch strings.ToUpper(code) {
	case "F0A7", "F0B7", "F0D8", "F0FC":
		return "•"
	case "F0A8", "F06F", "F071", "2610":
		return "☐"
	case "F0FE", "F078", "F0FD", "F052", "2611", "2612":
		return "☒"
	case "F0E3", "F0D2":
		return "®"
	case "F0D3":
		return "©"
	case "F0D4":
		return "™"
	}
	return ""
}

// add puts text into the paragraph, unless it is a field's code or hidden.
func (s *scope) add(g *paragraph, l look, text string) {
	for _, code := range *s.fields {
		if code {
			return
		}
	}
	full := l
	if l.style != "" {
		full = full.over(s.w.styles.resolved(l.style).look)
	}
	full = full.over(g.style.look)
	shaded := s.shaded || g.props.shaded || is(full.shaded)
	if is(full.vanish) || is(full.tiny) || is(full.white) && !shaded {
		if t := strings.TrimSpace(text); t != "" && len(s.w.hidden) < 20 {
			s.w.hidden = append(s.w.hidden, t)
		}
		return
	}
	mark := ""
	switch {
	case s.inserted:
		mark = "inserted"
	case is(full.bold):
		mark = "bold"
	}
	if n := len(g.spans); n > 0 && g.spans[n-1].mark == mark {
		g.spans[n-1].text += text
		return
	}
	g.spans = append(g.spans, span{text, mark})
}

// boxes looks for text boxes in a drawing; they follow the paragraph they are anchored in.
func (s *scope) boxes(g *paragraph, e element) error {
	if e.local == "txbxContent" {
		inner := *s
		inner.fields = &[]bool{}
		inner.emit = func(i item) error {
			g.boxes = append(g.boxes, i)
			return nil
		}
		return inner.blocks()
	}
	into := func(s *scope) error {
		return s.p.children(func(e element) error { return s.boxes(g, e) })
	}
	if e.local == "AlternateContent" {
		return s.choice(into)
	}
	return into(s)
}

func (g *paragraph) text() string {
	var t strings.Builder
	for _, s := range g.spans {
		t.WriteString(s.text)
	}
	return strings.TrimSpace(t.String())
}

// write writes a block. Paragraphs of one cell stand in it one after another.
func (w *writer) write(i item) error {
	if len(i.paragraphs) == 0 {
		return nil
	}
	block := i.block
	first := i.paragraphs[0]
	if block.Kind == document.Paragraph {
		block.Kind = first.kind()
	}
	if block.Kind != document.Cell && block.Kind != document.Header && block.Kind != document.Footer && first.label != "" && !first.bullet {
		block.Number, block.Level = strings.TrimSuffix(first.label, "."), first.level
	}
	if block.Kind == document.Heading && block.Level == 0 && first.outline() >= 0 {
		block.Level = first.outline() + 1
	}
	w.b.Start(block)
	for _, g := range i.paragraphs {
		if g.text() == "" {
			continue
		}
		if g.label != "" {
			w.b.Space()
			w.b.Write(g.label)
		}
		w.b.Space()
		for _, s := range g.spans {
			start, end := w.b.Write(s.text)
			if s.mark != "" && start < end {
				w.b.Mark(start, end, s.mark)
			}
		}
	}
	w.b.End()
	if w.b.Bytes() > MaxText {
		return document.Failed(pact.DocumentRejected, "The Word document holds more than 20 MB of text. Split it, or send only the contract.")
	}
	return nil
}

func (g *paragraph) outline() int {
	if g.props.outline >= 0 {
		return g.props.outline
	}
	return g.style.outline
}

// kind tells a heading from a list item and from running text. Heading styles are often put on whole clauses to get their
// numbers, so a heading must also be short.
func (g *paragraph) kind() document.BlockKind {
	text := g.text()
	words := len(strings.Fields(text))
	styled := g.outline() >= 0 || strings.HasPrefix(g.style.name, "heading") || g.style.name == "title" || g.style.name == "subtitle"
	end := strings.TrimRight(text, `"”’)`)
	open := strings.HasSuffix(end, ",") || strings.HasSuffix(end, ";") || strings.HasSuffix(end, ":")
	if words > 0 && words <= 16 && !open && !strings.Contains(text, "___") {
		if styled && (words <= 8 || !strings.HasSuffix(end, ".")) {
			return document.Heading
		}
		if !strings.HasSuffix(end, ".") && (g.allBold() || capitals(text)) {
			return document.Heading
		}
		if strings.HasSuffix(end, ".") && g.label != "" && g.allBold() {
			return document.Heading
		}
	}
	if g.label != "" {
		return document.ListItem
	}
	if _, ok := document.ParseLabel(text); ok {
		return document.ListItem
	}
	return document.Paragraph
}

func (g *paragraph) allBold() bool {
	for _, s := range g.spans {
		if strings.TrimSpace(s.text) != "" && s.mark != "bold" {
			return false
		}
	}
	return true
}

func capitals(text string) bool {
	letters := 0
	for _, r := range text {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters > 3
}
