package document

import (
	"strings"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/pact"
)

// Builder writes the text of a document and keeps the offsets, so that every reader lays its text out the same way:
//
//   - blocks are separated by one "\n", and "\n" stands nowhere else;
//   - inside a block, printed lines are joined by one space, or by nothing where a word was hyphenated at the line's end;
//   - runs of white space inside a block are one space; a tab stands only where a reader asks for one, between a name and
//     what it names, and a line that ends inside of a paragraph ends its block;
//   - a number computed by the word processor is written in front of its paragraph, as it is printed.
//
// Lines and Blocks therefore point into one flat text in which a sentence never contains a line end.
type Builder struct {
	text   strings.Builder
	offset int
	blocks []Block
	open   *Block
	wrote  bool // something was written into the open block
	space  bool // a space is due before the next word
	tab    bool // and it is a tab

	asides []Aside
	turned bool // signs turn letters around
}

// Turned says that letters stand in another order on the page than in the file.
func (b *Builder) Turned() { b.turned = true }

// turns tells whether a sign makes letters run against their direction: "USD 001" is shown as "USD 100". Those that only set a
// direction leave the letters of a word in order.
func turns(r rune) bool { return r == 0x202d || r == 0x202e }

// Offset is where the next character will stand, white space that is due included.
func (b *Builder) Offset() int {
	switch {
	case b.open != nil && !b.wrote && len(b.blocks) > 0:
		return b.offset + 1
	case b.wrote && b.space:
		return b.offset + 1
	}
	return b.offset
}

// Bytes is the size of the text so far, for limits.
func (b *Builder) Bytes() int { return b.text.Len() }

// Start begins a block. Its offsets are set by the builder; a block into which nothing is written does not appear.
func (b *Builder) Start(block Block) {
	b.End()
	b.open, b.wrote, b.space, b.tab = &block, false, false, false
}

// Space asks for one space before the next word of the open block.
func (b *Builder) Space() { b.space = true }

// Tab asks for a tab in its place.
func (b *Builder) Tab() { b.space, b.tab = true, true }

// Write adds text to the open block; white space in it becomes single spaces, control characters vanish. It returns
// [start, end) of what was written, without white space at its sides.
func (b *Builder) Write(s string) (start, end int) {
	start, end = -1, b.offset
	for i := 0; i < len(s); {
		word := i // of plain letters
		for i < len(s) && s[i] > ' ' && s[i] < 0x7f {
			i++
		}
		n := i - word
		if n == 0 {
			r, size := utf8.DecodeRuneInString(s[i:])
			i += size
			b.turned = b.turned || turns(r)
			r, keep := Clean(r)
			if !keep {
				continue
			}
			if r == ' ' {
				b.space = true
				continue
			}
			b.due()
			b.text.WriteRune(r)
			n = 1
		} else {
			b.due()
			b.text.WriteString(s[word:i])
		}
		if start < 0 {
			start = b.offset
		}
		b.offset += n
		end = b.offset
	}
	if start < 0 {
		return b.Offset(), b.Offset()
	}
	return start, end
}

// due writes what separates the next character from the last.
func (b *Builder) due() {
	switch {
	case !b.wrote:
		if len(b.blocks) > 0 {
			b.text.WriteByte('\n')
			b.offset++
		}
		b.open.Start, b.wrote = b.offset, true
	case b.tab:
		b.text.WriteByte('\t')
		b.offset++
	case b.space:
		b.text.WriteByte(' ')
		b.offset++
	}
	b.space, b.tab = false, false
}

// Mark adds a run to the open block; an empty run is dropped.
func (b *Builder) Mark(start, end int, mark string) {
	if b.open == nil || start < 0 || start >= end {
		return
	}
	if n := len(b.open.Runs); n > 0 {
		last := &b.open.Runs[n-1]
		if last.Mark == mark && (start <= last.End || start == last.End+1 && b.spaceAt(last.End)) { // neighbours with one space between them are one run
			last.End = max(last.End, end)
			return
		}
	}
	b.open.Runs = append(b.open.Runs, Run{Start: start, End: end, Mark: mark})
}

// spaceAt tells whether a space stands at an offset of the open block.
func (b *Builder) spaceAt(offset int) bool {
	s := b.text.String()
	for n := b.offset - offset - 1; n > 0 && s != ""; n-- {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return strings.HasSuffix(s, " ") || strings.HasSuffix(s, "\t")
}

// Open gives the block that is being written, or nil; its kind may still be changed.
func (b *Builder) Open() *Block { return b.open }

// End closes the open block and tells its index, or -1 when nothing was written into it.
func (b *Builder) End() int {
	if b.open == nil {
		return -1
	}
	block := *b.open
	b.open = nil
	if !b.wrote {
		return -1
	}
	b.wrote = false
	block.End = b.offset
	b.blocks = append(b.blocks, block)
	return len(b.blocks) - 1
}

// Document finishes the text: names it, and draws the section tree from the numbers and headings of its blocks.
func (b *Builder) Document(file []byte, reader string) *Document {
	b.End()
	hash := Hash(file)
	d := &Document{Hash: hash, Reader: reader, TextID: MakeTextID(hash, reader), Text: b.text.String(), Blocks: b.blocks}
	if b.turned {
		d.Warnings = []string{"Signs that are not seen turn letters around, so a page shows them in another order than the text. Compare the text with the page."}
	}
	d.Sections = Outline(d)
	d.Asides = b.sortedAsides()
	structure(d)
	return d
}

// Clean says how a character of a file stands in the text: spaces of all kinds and line ends become ' ', and what has no
// place in a text (control and zero-width characters, soft hyphens, direction marks) is not kept.
func Clean(r rune) (rune, bool) {
	switch {
	case r == '\t' || r == '\n' || r == '\r' || r == '\v' || r == '\f':
		return ' ', true
	case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xad:
		return 0, false
	case r == 0xa0 || r == 0x1680 || r >= 0x2000 && r <= 0x200a || r == 0x202f || r == 0x205f || r == 0x3000:
		return ' ', true
	case r == 0x2028 || r == 0x2029 || r == 0x85:
		return ' ', true
	case r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x206f || r == 0xfeff || r == 0x180e:
		return 0, false
	case r >= 0xfff0 && r <= 0xfffb || r >= 0xfffe && r <= 0xffff:
		return 0, false
	case r >= 0xe0000 && r <= 0xe0fff: // tags: text nobody sees
		return 0, false
	}
	return r, true
}

// Failed makes the error of a reading that gave no text.
func Failed(state pact.DocumentState, reason string) *Error {
	return &Error{State: State{State: state, Reason: reason}}
}
