package docx

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/scan"
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
	struck     int
	moved      int
	blanks     int // form fields that nobody filled in
	hidden     []string
	width      float64 // of the widest page, in twips
	chunks     int
	external   int            // things outside the file that it names, such as a template; never fetched
	notes      []noteRef      // in the order in which the text names them
	ranges     map[string]int // where the comment with this id begins
	remarks    []remark
	remarked   int

	archive  *archive
	at       string    // the part that is being read
	rels     relations // of that part, once a picture of it was found
	pictures []scan.Embedded
	found    *scan.Found // what was recognised on the pictures; nil while they are looked for
}

// noteRef is the place at which a foot- or endnote hangs.
type noteRef struct {
	end bool
	id  string
	at  int
}

// remark is the stretch that a comment is about.
type remark struct {
	id         string
	start, end int
}

// span is text with one mark; or, with a sign, a place between words.
type span struct {
	text string
	mark string
	sign sign
	note document.Aside // of a sign that leaves words out
	id   string
}

// sign says what a place between words is.
type sign int

const (
	words sign = iota
	leftOut
	noteHere
	commentStart
	commentEnd
	lineEnd
	tabStop
)

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

// item is a block to be: a paragraph, or a cell with its paragraphs; or a picture, counted from 1.
type item struct {
	block      document.Block
	paragraphs []*paragraph
	picture    int
}

// gone says why the words that are being read do not stand in the text.
type gone struct {
	kind         document.AsideKind
	why          string
	author, date string
}

// scope is where in a part the walk is.
type scope struct {
	w        *writer
	p        *parser
	kind     document.BlockKind
	emit     func(item) error
	fields   *[]bool // open fields: true while their code is read, false in their result
	inserted bool
	fill     string // of the cell or table
	letters  look   // what the style of the table says about letters
	gone     *gone
	frame    *frame      // the drawing that is being read
	carry    **paragraph // what is left of a paragraph whose end was deleted: it goes on in the next
}

func (w *writer) scope(p *parser, kind document.BlockKind, emit func(item) error) *scope {
	return &scope{w: w, p: p, kind: kind, emit: emit, fields: &[]bool{}, carry: new(*paragraph)}
}

// without gives the scope of words that are left out.
func (s *scope) without(g gone) *scope {
	inner := *s
	if s.gone == nil { // the outer reason stands: a deletion inside of hidden words is hidden
		inner.gone = &g
	}
	return &inner
}

func changeOf(kind document.AsideKind, e element) gone {
	return gone{kind: kind, author: e.attr("author"), date: e.attr("date")}
}

func (w *writer) part(a *archive, part string, kind document.BlockKind) error {
	b, err := a.bytes(part)
	if err != nil || b == nil {
		return err
	}
	if w.width == 0 { // of the body, which comes first
		w.width = pageWidth(b)
	}
	p := newParser(b)
	w.at, w.rels = part, nil
	s := w.scope(p, kind, w.write)
	return p.root(func(element) error { return s.container() })
}

// footnotes writes the foot- or endnotes that the text names, each with the place at which it hangs. A note that nothing
// names is on no page.
func (w *writer) footnotes(a *archive, part string, end bool) error {
	b, err := a.bytes(part)
	if err != nil || b == nil {
		return err
	}
	p := newParser(b)
	w.at, w.rels = part, nil
	found := map[string][]item{}
	err = p.root(func(element) error {
		return p.children(func(e element) error {
			id := e.attr("id")
			if t := e.attr("type"); t != "" && t != "normal" { // the lines that separate notes from the page
				return nil
			}
			s := w.scope(p, document.Note, func(i item) error {
				found[id] = append(found[id], i)
				return nil
			})
			return s.container()
		})
	})
	if err != nil {
		return err
	}
	number, written := 0, map[string]bool{}
	for _, n := range w.notes {
		if n.end != end || written[n.id] {
			continue
		}
		number++
		written[n.id] = true
		for _, i := range found[n.id] {
			i.block = document.Block{Kind: document.Note, Number: strconv.Itoa(number), Anchor: n.at}
			if err := w.write(i); err != nil {
				return err
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		for _, i := range found[id] {
			for _, g := range i.paragraphs {
				if !written[id] {
					w.hide(g.text())
				}
			}
		}
	}
	return nil
}

// comments keeps the remarks of people: they are no part of the contract.
func (w *writer) comments(a *archive, part string) error {
	b, err := a.bytes(part)
	if err != nil || b == nil {
		return err
	}
	p := newParser(b)
	about := map[string]remark{}
	for _, r := range w.remarks {
		about[r.id] = r
	}
	return p.root(func(element) error {
		return p.children(func(e element) error {
			if e.local != "comment" {
				return nil
			}
			var text []string
			s := w.scope(p, document.Paragraph, func(i item) error {
				for _, g := range i.paragraphs {
					text = append(text, g.text())
				}
				return nil
			})
			id, author, date := e.attr("id"), e.attr("author"), e.attr("date")
			if err := s.container(); err != nil {
				return err
			}
			w.remarked++
			r := about[id]
			w.b.Aside(document.Aside{Kind: document.Comment, Start: r.start, End: r.end, Text: strings.TrimSpace(strings.Join(text, " ")), Author: author, Date: date})
			return nil
		})
	})
}

func (w *writer) hide(text string) {
	if t := strings.TrimSpace(text); t != "" && len(w.hidden) < 20 {
		w.hidden = append(w.hidden, t)
	}
}

// container walks the blocks of a part, a cell or a box, to their end.
func (s *scope) container() error {
	if err := s.blocks(); err != nil {
		return err
	}
	return s.flush()
}

// flush writes what was left of a paragraph whose end was deleted and that nothing followed.
func (s *scope) flush() error {
	g := *s.carry
	if g == nil {
		return nil
	}
	*s.carry = nil
	return s.emit(item{block: document.Block{Kind: s.kind}, paragraphs: []*paragraph{g}})
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
	case "sdt":
		return s.control((*scope).block)
	case "body", "sdtContent", "customXml", "ins", "moveTo", "txbxContent", "Choice":
		return s.blocks()
	case "del", "moveFrom":
		s.w.removed(e)
		return s.without(changeOf(document.Deleted, e)).blocks()
	case "commentRangeStart", "commentRangeEnd", "bookmarkStart":
		s.between(e)
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

// control reads a content control. Its hint, such as "Click here to enter text", is no text of anybody.
func (s *scope) control(visit func(*scope, element) error) error {
	inner := s
	return s.p.children(func(e element) error {
		if e.local == "sdtPr" {
			return s.p.children(func(e element) error {
				if e.local == "showingPlcHdr" && e.on() {
					s.w.blanks++
					inner = s.without(gone{kind: document.Placeholder})
				}
				return nil
			})
		}
		if e.local == "sdtContent" {
			return visit(inner, e)
		}
		return nil
	})
}

// removed counts a deletion.
func (w *writer) removed(e element) {
	if e.local == "moveFrom" {
		w.moved++
		return
	}
	w.deleted++
}

// between keeps where a comment begins that spans whole paragraphs.
func (s *scope) between(e element) {
	switch e.local {
	case "commentRangeStart":
		s.w.begins(e.attr("id"), s.w.b.Offset())
	case "commentRangeEnd":
		s.w.ends(e.attr("id"), s.w.b.At())
	}
}

func (w *writer) begins(id string, at int) {
	if w.ranges == nil {
		w.ranges = map[string]int{}
	}
	if len(w.ranges) < 10_000 {
		w.ranges[id] = at
	}
}

func (w *writer) ends(id string, at int) {
	start, ok := w.ranges[id]
	if !ok {
		start = at
	}
	if len(w.remarks) < 10_000 {
		w.remarks = append(w.remarks, remark{id: id, start: start, end: max(start, at)})
	}
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
	if before := *s.carry; before != nil {
		*s.carry = nil
		g.spans = append(append(before.spans, span{text: " "}), g.spans...)
		g.boxes = append(before.boxes, g.boxes...)
		g.label, g.bullet, g.level = before.label, before.bullet, before.level
	}
	if g.props.deleted && g.text() != "" { // its end is an open deletion: the next paragraph goes on in it
		if g.label == "" {
			s.number(g)
		}
		*s.carry = g
		return nil
	}
	if g.label == "" {
		s.number(g)
	}
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
