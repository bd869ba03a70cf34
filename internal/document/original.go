package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Original is a document as it stood before its open tracked changes: what was inserted is gone, what was deleted stands again.
type Original struct {
	*Document
	from []int // for each code point of it, and its end, where that stands in the text with the changes
}

// Original undoes the open tracked changes; nil where there are none. It is for comparing readings: no offset of it is kept, and
// the file is not read again. Words struck through by their format are no tracked change. Moved words are left where they are.
func (d *Document) Original() *Original {
	o := &undo{d: d, runes: []rune(d.Text)}
	for _, a := range d.Asides {
		if a.Kind == Deleted && a.Why == "" && strings.TrimSpace(a.Text) != "" {
			o.deleted = append(o.deleted, a)
		}
	}
	open := len(o.deleted) > 0
	for _, b := range d.Blocks {
		if b.Start < 0 || b.End > len(o.runes) {
			return nil
		}
		for _, r := range b.Runs {
			open = open || r.Mark == "inserted" && r.Start < r.End
		}
	}
	if !open || len(d.Blocks) == 0 {
		return nil
	}
	for i := range d.Blocks {
		o.block(&d.Blocks[i])
	}
	for _, a := range o.deleted { // behind the last block
		o.start(Block{Kind: Paragraph})
		o.words(a.Text, len(o.runes))
		o.end()
	}
	out := &Document{Hash: d.Hash, Reader: d.Reader, Text: string(o.text), Blocks: o.blocks}
	out.Sections = Outline(out)
	structure(out)
	return &Original{Document: out, from: append(o.from, len(o.runes))}
}

// Now is the stretch of the text with the changes that a stretch of the original covers. It is empty where all of it was deleted.
func (o *Original) Now(start, end int) (int, int) {
	last := len(o.from) - 1
	start, end = max(0, min(start, last)), max(0, min(end, last))
	if start >= end {
		return o.from[start], o.from[start]
	}
	return o.from[start], max(o.from[start], min(o.from[end-1]+1, o.from[last]))
}

// undo writes the text again.
type undo struct {
	d       *Document
	runes   []rune
	deleted []Aside // in order; those that stand again are taken off

	text   []rune
	from   []int
	blocks []Block
	open   *Block
}

func (o *undo) start(b Block) {
	b.Runs = nil
	o.open = &b
	o.open.Start = len(o.text)
	if len(o.blocks) > 0 {
		o.open.Start++ // behind the line end that parts them
	}
}

// put writes a character; the line end between blocks comes with the first one of a block, so that an empty one leaves nothing.
func (o *undo) put(r rune, at int) {
	if len(o.text) < o.open.Start {
		o.text, o.from = append(o.text, '\n'), append(o.from, at)
	}
	n := len(o.text)
	if unicode.IsSpace(r) && (n == o.open.Start || o.text[n-1] == ' ') {
		return // no space at the start, and no two of them
	}
	o.text, o.from = append(o.text, r), append(o.from, at)
}

func (o *undo) words(s string, at int) {
	for _, r := range s {
		if r, keep := Clean(r); keep {
			o.put(r, at)
		}
	}
}

func (o *undo) end() {
	for len(o.text) > o.open.Start && o.text[len(o.text)-1] == ' ' {
		o.text, o.from = o.text[:len(o.text)-1], o.from[:len(o.from)-1]
	}
	if o.open.End = len(o.text); o.open.End > o.open.Start {
		o.blocks = append(o.blocks, *o.open)
	} else if len(o.blocks) > 0 {
		o.text, o.from = o.text[:o.blocks[len(o.blocks)-1].End], o.from[:o.blocks[len(o.blocks)-1].End]
	}
	o.open = nil
}

func (o *undo) block(b *Block) {
	for len(o.deleted) > 0 && o.deleted[0].Start <= b.Start && wholeSentence(o.deleted[0].Text) { // a paragraph of its own
		o.start(Block{Kind: Paragraph, Page: b.Page})
		o.words(o.deleted[0].Text, b.Start)
		o.end()
		o.deleted = o.deleted[1:]
	}
	o.start(*b)
	runs := b.Runs
	for at := b.Start; at <= b.End; at++ {
		for len(runs) > 0 && (runs[0].End <= at || runs[0].Mark != "inserted") {
			runs = runs[1:]
		}
		for len(o.deleted) > 0 && o.deleted[0].Start <= at {
			o.restore(o.deleted[0].Text, at, b)
			o.deleted = o.deleted[1:]
		}
		if at < b.End && (len(runs) == 0 || at < runs[0].Start) {
			o.put(o.runes[at], at)
		}
	}
	o.end()
}

// restore writes what was deleted. Its place is before the space that parts it from its neighbour.
func (o *undo) restore(s string, at int, b *Block) {
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	n := len(o.text)
	if n > o.open.Start && wordly(o.text[n-1]) && wordly(first) && (at >= b.End || unicode.IsSpace(o.runes[at])) {
		o.put(' ', at)
	}
	o.words(s, at)
	if at < b.End && at == b.Start && wordly(last) && wordly(o.runes[at]) {
		o.put(' ', at)
	}
}

// wordly tells what does not follow its neighbour without a space: letters, figures, brackets and signs. A comma does.
func wordly(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("()%$€£", r)
}

func wholeSentence(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) > 20 && strings.ContainsAny(s[len(s)-1:], ".;:")
}
