package document

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An entry of a table of contents carries a label but opens no section.
var contentsEntry = regexp.MustCompile(`(?:\.\s?){4,}\s*(?:[0-9]{1,4}|[ivxl]{1,6})?\s*$`)

// node is an open section while the outline is drawn.
type node struct {
	index  int // in sections
	label  Label
	scheme Scheme // of this series; "" for a heading without a number
	last   int    // ordinal

	heading int // level of a heading without a number, where the format states one
}

// Outline draws the section tree from the numbers and headings of the blocks. A label counts only when it fits its
// neighbours (the first of a series, or the next of one that is open), so that a line that happens to begin with
// "2026." opens nothing. Sections of attachments carry the attachment's name in their number: "Exhibit B 2.1".
func Outline(d *Document) []Section {
	o := &outliner{text: NewPoints(d.Text), lastChild: map[int]int{}}
	end := o.text.Len()
	for i := len(d.Blocks) - 1; i >= 0 && apart(d.Blocks[i].Kind); i-- { // what stands after the body belongs to none of its sections
		end = d.Blocks[i].Start
		if i > 0 {
			end = d.Blocks[i-1].End
		}
	}
	lines := strings.Split(d.Text, "\n") // one per block, as Builder promises
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if apart(b.Kind) || b.Kind == Cell {
			continue
		}
		if len(lines) == len(d.Blocks) {
			o.visit(b, lines[i])
			continue
		}
		o.visit(b, o.text.Cut(b.Start, b.End))
	}
	o.closeTo(0, end)
	return o.sections
}

// apart tells whether a block is no part of the body.
func apart(k BlockKind) bool { return k == Header || k == Footer || k == Note }

type outliner struct {
	text      Points
	sections  []Section
	open      []node
	lastChild map[int]int // by parent
	lastTop   int         // the last "8." seen: a heading without a number between 8 and 9 does not end the count
	untitled  bool        // the block before was nothing but the number of the section that was opened last
}

func (o *outliner) visit(b *Block, text string) {
	if (strings.Contains(text, "...") || strings.Contains(text, ". . .") || strings.Contains(text, ".\u00a0.")) && contentsEntry.MatchString(text) {
		return
	}
	untitled := o.untitled
	o.untitled = false
	label, ok := ParseLabel(text)
	if ok && label.Scheme != Bullet {
		p := NewPoints(text)
		if rest := text[p.Byte(label.Runes):]; o.place(b, label, rest) {
			o.push(b, label, rest)
			return
		}
	}
	if last := len(o.sections) - 1; untitled && (b.Kind == Heading || titleAlone(text)) {
		o.sections[last].Title = cutTitle(text)
		return
	}
	if b.Kind == Heading {
		o.closeTo(o.above(b.Level), b.Start)
		o.add(b, "", text, node{heading: b.Level})
	}
}

// place closes what the label ends, and tells whether the label counts here.
func (o *outliner) place(b *Block, l Label, rest string) bool {
	// "Section 4.2 of the Agreement is replaced" is about another one, whatever number would come next here.
	if first, _ := utf8.DecodeRuneInString(rest); l.Named && b.Kind != Heading && unicode.IsLower(first) {
		return false
	}
	switch l.Scheme {
	case Attachment:
		// "Exhibit A shall apply" is a sentence; the title of an attachment is short and stands alone.
		// The first line of a whole contract may name it as an exhibit of a filing, which says nothing about its own parts.
		if b.Kind != Heading && (b.End-b.Start > 80 || strings.HasSuffix(rest, ".") && says.MatchString(rest)) || len(o.sections) == 0 {
			return false
		}
		o.closeTo(0, b.Start)
		return true
	case Article:
		if b.Kind != Heading && b.End-b.Start > 120 && !entitled(rest) {
			return false
		}
		o.closeTo(o.base(), b.Start)
		return true
	case Spoken:
		return o.placeSpoken(b, l)
	case Decimal:
		return o.placeDecimal(b, l, l.Named && entitled(rest))
	}
	return o.placeItem(b, l)
}

// placeSpoken does that for FIRST: and SECOND:. Inside a numbered clause they are an order, as of payments, and open nothing.
// FIRST begins anew after the recitals.
func (o *outliner) placeSpoken(b *Block, l Label) bool {
	at := o.find(Spoken, 0)
	switch {
	case at < 0 && (l.Ordinal != 1 || b.Kind != Heading && o.numbered()):
		return false
	case at < 0:
		at = o.base()
	case !follows(o.open[at].last, l.Ordinal) && (l.Ordinal != 1 || o.open[at].last < 2):
		return false
	}
	o.closeTo(at, b.Start)
	return true
}

// numbered tells whether a section with a number or an article is open.
func (o *outliner) numbered() bool {
	return slices.ContainsFunc(o.open, func(n node) bool { return n.scheme == Decimal || n.scheme == Article })
}

// placeDecimal does that for a number. titled tells that "Section" or "§" stands before it and a title after it: such a label counts
// wherever a series begins.
func (o *outliner) placeDecimal(b *Block, l Label, titled bool) bool {
	if len(l.Parts) == 1 {
		at := o.find(Decimal, 1)
		if at < 0 {
			if l.Ordinal > 3 && b.Kind != Heading && !titled && !follows(o.lastTop, l.Ordinal) || l.Ordinal > 60 {
				return false
			}
			at = o.base()
			if at < len(o.open) && (o.open[at].scheme == Article || o.open[at].scheme == Spoken) { // paragraphs numbered inside an article
				at++
			}
		} else if step := l.Ordinal - o.open[at].last; step < 1 || step > 3 {
			if l.Ordinal != 1 || b.Kind != Heading && at > o.base() {
				return false
			}
		}
		o.closeTo(at, b.Start)
		o.lastTop = l.Ordinal
		return true
	}
	// 2.1 goes under 2, and under Article 2 where articles are used.
	for i := len(o.open) - 1; i >= 0; i-- {
		n := o.open[i]
		switch {
		case n.scheme == Decimal && prefix(n.label.Parts, l.Parts):
			o.closeTo(i+1, b.Start)
			return true
		case n.scheme == Decimal && len(n.label.Parts) == len(l.Parts) && prefix(n.label.Parts[:len(l.Parts)-1], l.Parts):
			if l.Ordinal <= n.last {
				return false
			}
			o.closeTo(i, b.Start)
			return true
		case n.scheme == Article && n.last == l.Parts[0]:
			o.closeTo(i+1, b.Start)
			return true
		}
	}
	if at := o.find(Decimal, 1); at >= 0 {
		step := l.Parts[0] - o.open[at].label.Parts[0]
		if step < 0 || step > 3 {
			return false
		}
		o.closeTo(at, b.Start)
		return true
	}
	if l.Parts[0] > 60 || l.Ordinal > 60 {
		return false
	}
	o.closeTo(min(len(o.open), o.base()+1), b.Start)
	return true
}

// placeItem puts (a), (i), A., 1) into an open series where it is the next, or opens a series where it is the first.
func (o *outliner) placeItem(b *Block, l Label) bool {
	for i := len(o.open) - 1; i >= o.base() && i >= 0; i-- {
		n := o.open[i]
		if n.scheme == "" || n.label.Brackets != l.Brackets {
			continue
		}
		if n.scheme == l.Scheme && follows(n.last, l.Ordinal) {
			o.closeTo(i, b.Start)
			return true
		}
		if l.Roman > 0 && romanOf(l.Scheme) == n.scheme && follows(n.last, l.Roman) {
			o.closeTo(i, b.Start)
			return true
		}
	}
	if l.Ordinal == 1 || l.Roman == 1 {
		// A series of capital letters or romans at the top has no parent but the attachment.
		if len(o.open) > 0 && (l.Scheme == UpperRoman && !l.Brackets) {
			o.closeTo(o.base(), b.Start)
		}
		return true
	}
	return false
}

func follows(last, next int) bool { return next > last && next <= last+2 }

func romanOf(s Scheme) Scheme {
	switch s {
	case LowerLetter, LowerRoman:
		return LowerRoman
	case UpperLetter, UpperRoman:
		return UpperRoman
	}
	return s
}

func (o *outliner) push(b *Block, l Label, rest string) {
	n := node{label: l, scheme: l.Scheme, last: l.Ordinal}
	if l.Roman > 0 && l.Scheme != romanOf(l.Scheme) && !o.continuesLetters(l) {
		n.scheme, n.last = romanOf(l.Scheme), l.Roman
	}
	number := l.Text
	switch l.Scheme {
	case Attachment, Article, Spoken:
	case Decimal:
		if len(o.open) > 0 && o.open[0].scheme == Attachment {
			number = o.open[0].label.Text + " " + number
		}
	default:
		if len(o.open) > 0 {
			parent := o.open[len(o.open)-1]
			number = o.sections[parent.index].Number + glue(parent.scheme) + strings.TrimRight(number, ".")
		}
	}
	if b.Number == "" {
		b.Number = l.Text
	}
	if b.Kind == Paragraph {
		b.Kind = ListItem
	}
	title := rest
	if b.Kind != Heading {
		title = runIn(rest)
		if title == "" && standsAlone(b, l, rest) {
			title = strings.TrimSpace(rest)
		}
	}
	o.add(b, number, title, n)
	o.untitled = strings.TrimSpace(rest) == "" && (l.Named || l.Scheme == Attachment)
	b.Level = len(o.open)
}

// glue keeps "Exhibit A" and "B" apart; "2.1" and "(a)" are written together.
func glue(parent Scheme) string {
	if parent == Attachment || parent == Article || parent == "" {
		return " "
	}
	return ""
}

// continuesLetters tells whether (i) stands after (h) rather than first in a roman series. place has closed the series to
// the parent, so the last section at this depth is the sibling.
func (o *outliner) continuesLetters(l Label) bool {
	if l.Roman == 1 && l.Ordinal == 9 || l.Roman == 5 || l.Roman == 10 || l.Roman == 50 || l.Roman == 100 {
		last, ok := o.lastChild[o.parent()]
		if !ok {
			return false
		}
		before, ok := ParseLabel(o.head(o.sections[last].Start))
		return ok && before.Scheme == l.Scheme && follows(before.Ordinal, l.Ordinal) && before.Ordinal != l.Roman-1
	}
	return false
}

func (o *outliner) head(start int) string { return o.text.Cut(start, min(o.text.Len(), start+40)) }

// runIn is the title in front of a numbered paragraph: "Right to use." of "2.1 Right to use. Subject to …", "Term" of
// "Section 2 – Term – This Agreement …".
func runIn(text string) string {
	text = text[:min(len(text), 90)] // a title is shorter, and a paragraph may have any length
	end := strings.IndexAny(text, ".:")
	if end > 0 && end+1 < len(text) && text[end+1] != ' ' && !dashed(text[end+1:]) {
		end = -1
	}
	dash := false
	for _, mark := range []string{" - ", " – ", " — ", "—"} {
		if i := strings.Index(text, mark); i > 0 && (end <= 0 || i < end) {
			end, dash = i, true
		}
	}
	if end <= 0 || end > 80 {
		return ""
	}
	title := strings.TrimSpace(text[:end])
	if len(strings.Fields(title)) > 8 || title == "" || title[0] >= 'a' && title[0] <= 'z' || dash && !titled(title) {
		return ""
	}
	return title
}

// entitled tells whether a paragraph begins with a title, and not with a short sentence.
func entitled(text string) bool {
	title := runIn(text)
	return title != "" && !says.MatchString(title)
}

// dashed tells whether a dash follows, as in "Term.– This Agreement".
func dashed(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '-' || r == '–' || r == '—'
}

// states is a finite verb: a numbered line with one is a short clause, and no title. says is one in small letters, which a heading in
// capitals has not.
var (
	states = regexp.MustCompile(`(?i)` + verbs)
	says   = regexp.MustCompile(verbs)
)

const verbs = `\b(?:shall|will|must|may|can|is|are|was|were|be|has|have|agrees?|pays?|means?|applies|apply|muss|wird|werden|ist|sind|hat|haben|doit|est|debe)\b`

// standsAlone tells whether a numbered paragraph is nothing but its title, as "1. Term" above 1.1, though no style says so. Items
// of a list, such as (a), have none.
func standsAlone(b *Block, l Label, text string) bool {
	if l.Scheme != Decimal && l.Scheme != Article && l.Scheme != Spoken && l.Scheme != Attachment && l.Scheme != UpperRoman || l.Brackets || b.End-b.Start > 80 {
		return false
	}
	return titleAlone(text)
}

// titleAlone tells whether a line reads as a title.
func titleAlone(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > 80 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return unicode.IsUpper(first) && (unicode.IsLetter(last) || last == ')') && len(strings.Fields(text)) <= 8 && !strings.ContainsAny(text, ";$€£%\t") && !states.MatchString(text)
}

func (o *outliner) add(b *Block, number, title string, n node) {
	parent := o.parent()
	n.index = len(o.sections)
	o.lastChild[parent] = n.index
	o.sections = append(o.sections, Section{Number: strings.TrimSpace(number), Title: cutTitle(title), Start: b.Start, End: o.text.Len(), Level: len(o.open) + 1, Parent: parent, Attachment: n.scheme == Attachment})
	o.open = append(o.open, n)
}

// cutTitle keeps the first 200 letters of a heading that is a paragraph.
func cutTitle(title string) string {
	if len(title) > 200 {
		p := NewPoints(title)
		title = title[:p.Byte(200)]
	}
	return strings.TrimSpace(title)
}

// above gives how much of the stack stays open around a heading without a number: headings of a higher level.
func (o *outliner) above(level int) int {
	at := o.base()
	for at < len(o.open) && o.open[at].scheme == "" && o.open[at].heading > 0 && o.open[at].heading < level {
		at++
	}
	return at
}

// parent is the innermost open section, or -1.
func (o *outliner) parent() int {
	if len(o.open) == 0 {
		return -1
	}
	return o.open[len(o.open)-1].index
}

// base is where the main body begins in the stack: 1 inside an attachment, 0 otherwise.
func (o *outliner) base() int {
	if len(o.open) > 0 && o.open[0].scheme == Attachment {
		return 1
	}
	return 0
}

// find gives the open node of the scheme with so many parts, or -1.
func (o *outliner) find(s Scheme, parts int) int {
	for i, n := range o.open {
		if n.scheme == s && len(n.label.Parts) == parts {
			return i
		}
	}
	return -1
}

func (o *outliner) closeTo(depth, at int) {
	for len(o.open) > depth {
		n := o.open[len(o.open)-1]
		o.sections[n.index].End = at
		o.open = o.open[:len(o.open)-1]
	}
}

func prefix(short, long []int) bool {
	if len(short) >= len(long) {
		return false
	}
	for i := range short {
		if short[i] != long[i] {
			return false
		}
	}
	return true
}
