// Package document is a file as text that knows where every word stands.
//
// It owns the port: what a read document is (text with offsets, pages, lines, blocks, sections, tables), the states a
// file can end in, and the conversion of offsets to places and back. It does not own any file format: readers live in
// the folders below (pdf, scan, docx, html, mail, office, plain), are chosen by document/formats and accepted by documenttest.
// Invariants: offsets count Unicode code points of Text; blocks cover the text in reading order and never overlap; the text is
// immutable, its TextID names the document hash and the reader's version.
package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sort"

	"github.com/pactloop/pactloop/internal/pact"
)

// Document is a file as text.
type Document struct {
	Hash     string      `json:"hash"`   // SHA-256 of the file, hex
	Reader   string      `json:"reader"` // name and version: "pdf/1"
	TextID   pact.TextID `json:"text_id"`
	Text     string      `json:"text"`
	Blocks   []Block     `json:"blocks"`
	Lines    []Line      `json:"lines,omitempty"` // PDF: one per printed line, with boxes of its words
	Pages    []Page      `json:"pages,omitempty"`
	Sections []Section   `json:"sections,omitempty"`
	Warnings []string    `json:"warnings,omitempty"` // open tracked changes, hidden text, …: each holds the document for review

	Asides      []Aside      `json:"asides,omitempty"`      // what the file says beside the text: comments, deletions, hidden words
	Definitions []Definition `json:"definitions,omitempty"` // "Services" means …
	References  []Reference  `json:"references,omitempty"`  // Section 4.2, Exhibit B
	Signatures  []Signature  `json:"signatures,omitempty"`
	Enclosures  []Enclosure  `json:"enclosures,omitempty"` // the files in a mail
}

// BlockKind says what a block is.
type BlockKind string

// The kinds of block.
const (
	Paragraph BlockKind = "paragraph"
	Heading   BlockKind = "heading"
	ListItem  BlockKind = "list_item"
	Cell      BlockKind = "cell"
	Header    BlockKind = "header" // running header; kept in the text, told apart
	Footer    BlockKind = "footer"
	Note      BlockKind = "note" // foot- or endnote: text like any other, but it stands after the body and hangs on a place in it
)

// Block is a run of the text [Start, End) that belongs together. Cells carry their table, row and column.
type Block struct {
	Kind   BlockKind `json:"kind"`
	Start  int       `json:"start"`
	End    int       `json:"end"`
	Page   int       `json:"page,omitempty"`   // page of its start, from 1
	Level  int       `json:"level,omitempty"`  // of a heading or list item, from 1
	Number string    `json:"number,omitempty"` // "7.2(a)": as printed, or computed from automatic numbering; part of Text where printed
	Table  int       `json:"table,omitempty"`  // from 1
	Row    int       `json:"row,omitempty"`    // from 0
	Col    int       `json:"col,omitempty"`    // from 0
	Rows   int       `json:"rows,omitempty"`   // of a cell merged over rows, where it is more than one
	Cols   int       `json:"cols,omitempty"`   // of a cell merged over columns, where it is more than one
	Anchor int       `json:"anchor,omitempty"` // of a note: the offset of the body at which it hangs
	Runs   []Run     `json:"runs,omitempty"`
}

// Run is a stretch of a block with a mark worth showing: bold, italic, inserted, deleted, unsure (recognised from a
// picture with low confidence).
type Run struct {
	Start int    `json:"start"` // offset in Text
	End   int    `json:"end"`
	Mark  string `json:"mark"`
}

// Section is a numbered or titled part; sections form a tree by Parent (index, -1 at the top).
type Section struct {
	Number string `json:"number,omitempty"`
	Title  string `json:"title"`
	Start  int    `json:"start"`
	End    int    `json:"end"` // end of its whole subtree
	Level  int    `json:"level"`
	Parent int    `json:"parent"`
	// Attachment is an exhibit, schedule or annex with its own numbers.
	Attachment bool `json:"attachment,omitempty"`
}

// Page is a page of a paged format; sizes in points as displayed.
type Page struct {
	Number int     `json:"number"` // from 1
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Start  int     `json:"start"`
	End    int     `json:"end"`
}

// Line is a printed line with its words, for boxes.
type Line struct {
	Page  int    `json:"page"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Words []Word `json:"words"`
}

// Word is a run of characters with a box.
type Word struct {
	Start      int      `json:"start"`
	End        int      `json:"end"`
	Box        pact.Box `json:"box"`
	Confidence float64  `json:"confidence,omitempty"` // of recognised words, 0 to 1; absent for words of a text layer
}

// Enclosure is a file inside a file: an attachment of a mail. It is a document of its own; Content leaves the reader with it
// and is not kept in the reading.
type Enclosure struct {
	Filename string `json:"filename"`       // without a path
	Scan     bool   `json:"scan,omitempty"` // a picture: a document where nothing else is
	SHA256   string `json:"sha256"`
	Size     int64  `json:"size"`
	Content  []byte `json:"content,omitempty"`
}

// Files are the enclosures that are documents of their own. Pictures are scans where nothing else is enclosed, and signatures
// of the writer where something is.
func (d *Document) Files() []Enclosure {
	scans := !slices.ContainsFunc(d.Enclosures, func(e Enclosure) bool { return !e.Scan })
	var files []Enclosure
	for _, e := range d.Enclosures {
		if !e.Scan || scans {
			files = append(files, e)
		}
	}
	return files
}

// State is how reading a file ended when it gave no text. Reason is a sentence: what it is, and the way forward.
type State struct {
	State  pact.DocumentState `json:"state"`
	Reason string             `json:"reason"`
}

// Error is a reading that gave no text. It is final for the file, reading again gives the same, unless the reader died and
// nobody knows yet whether the file did it.
type Error struct {
	State
	Died bool
}

func (e *Error) Error() string { return string(e.State.State) + ": " + e.Reason }

// Reader reads files of one format. It recognises them by content.
type Reader interface {
	Name() string    // "pdf"
	Version() string // "1"; a change of text or offsets changes it
	// Accepts looks at the file, quickly, and at its name, which is only a hint.
	Accepts(file []byte, filename string) bool
	// Read gives the document or *Error. It may be called only inside the limited parse worker.
	Read(ctx context.Context, file []byte) (*Document, error)
}

// Hash is the hex SHA-256 of a file: its name in the blob store.
func Hash(file []byte) string {
	h := sha256.Sum256(file)
	return hex.EncodeToString(h[:])
}

// MakeTextID names the text that a reader version made of a file.
func MakeTextID(hash, reader string) pact.TextID {
	h := sha256.Sum256([]byte(hash + "\x00" + reader))
	return pact.TextID("txt_" + hex.EncodeToString(h[:12]))
}

// Slice gives the text of [start, end) in code points; out-of-range offsets are cut.
func (d *Document) Slice(start, end int) string {
	p := NewPoints(d.Text)
	start, end = max(0, min(start, p.Len())), max(0, min(end, p.Len()))
	if start >= end {
		return ""
	}
	return p.Cut(start, end)
}

// UnsureBelow is the confidence under which a recognised word is taken for unsure.
const UnsureBelow = 0.6

// UnsureMark is the mark of a run of words that recognition was not sure of.
const UnsureMark = "unsure"

// Unsure tells whether [start, end) holds a word that was recognised with low confidence.
func (d *Document) Unsure(start, end int) bool {
	i := sort.Search(len(d.Lines), func(i int) bool { return d.Lines[i].End > start })
	for ; i < len(d.Lines) && d.Lines[i].Start < end; i++ {
		for _, w := range d.Lines[i].Words {
			if w.Start < end && w.End > start && 0 < w.Confidence && w.Confidence < UnsureBelow {
				return true
			}
		}
	}
	// Words of a picture in a document without pages have a mark instead of a box.
	i = sort.Search(len(d.Blocks), func(i int) bool { return d.Blocks[i].End > start })
	for ; i < len(d.Blocks) && d.Blocks[i].Start < end; i++ {
		for _, r := range d.Blocks[i].Runs {
			if r.Mark == UnsureMark && r.Start < end && r.End > start {
				return true
			}
		}
	}
	return false
}

// BlockAt gives the index of the block that holds the offset, or -1.
func (d *Document) BlockAt(offset int) int {
	i := sort.Search(len(d.Blocks), func(i int) bool { return d.Blocks[i].End > offset })
	if i == len(d.Blocks) || d.Blocks[i].Start > offset {
		return -1
	}
	return i
}

// SectionAt gives the deepest section that holds the offset, or nil. A note belongs to the section in which it hangs.
func (d *Document) SectionAt(offset int) *Section {
	if i := d.BlockAt(offset); i >= 0 && d.Blocks[i].Kind == Note {
		offset = d.Blocks[i].Anchor
	}
	var found *Section
	for i := range d.Sections {
		s := &d.Sections[i]
		if s.Start <= offset && offset < s.End && (found == nil || s.Level >= found.Level) {
			found = s
		}
	}
	return found
}

// Places shows where [start, end) stands: one box per printed line for paged formats, blocks otherwise. A highlight made
// from it contains exactly the quote.
func (d *Document) Places(start, end int) []pact.Place {
	var places []pact.Place
	if len(d.Lines) > 0 {
		i := sort.Search(len(d.Lines), func(i int) bool { return d.Lines[i].End > start })
		for ; i < len(d.Lines) && d.Lines[i].Start < end; i++ {
			if p, ok := linePlace(d.Lines[i], start, end); ok {
				places = append(places, p)
			}
		}
		return places
	}
	for i, b := range d.Blocks {
		from, to := max(start, b.Start), min(end, b.End)
		if from < to {
			places = append(places, pact.Place{Block: i, Start: from - b.Start, End: to - b.Start})
		}
	}
	return places
}

func linePlace(l Line, start, end int) (pact.Place, bool) {
	var box *pact.Box
	for _, w := range l.Words {
		if w.End <= start || w.Start >= end {
			continue
		}
		b := w.Box
		if n := float64(w.End - w.Start); n > 0 { // part of a word: cut its box in proportion
			width := b.Right - b.Left
			left := float64(max(start, w.Start)-w.Start) / n
			right := float64(min(end, w.End)-w.Start) / n
			b.Left, b.Right = w.Box.Left+width*left, w.Box.Left+width*right
		}
		if box == nil {
			box = &b
			continue
		}
		*box = pact.Box{Left: min(box.Left, b.Left), Top: min(box.Top, b.Top), Right: max(box.Right, b.Right), Bottom: max(box.Bottom, b.Bottom)}
	}
	if box == nil {
		return pact.Place{}, false
	}
	return pact.Place{Page: l.Page, Box: box}, true
}

// Passage makes evidence for [start, end) with its places and clause, already verified: the quote is cut from the text.
func (d *Document) Passage(id pact.DocumentID, start, end int) pact.Passage {
	p := pact.Passage{DocumentID: id, TextID: d.TextID, Quote: d.Slice(start, end), Start: start, End: end, Places: d.Places(start, end), Verification: pact.Verified}
	if s := d.SectionAt(start); s != nil {
		p.Clause = s.Number
	}
	return p
}
