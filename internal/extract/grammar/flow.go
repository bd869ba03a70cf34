package grammar

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// flow is the body of a document in normal form: running headers and footers left out, paragraphs that a page break
// cut put together again, one line per block, cells of a table row parted by tabs.
type flow struct {
	d         *document.Document
	text      wording.Text
	s         string          // = text.S
	lower     string          // s in ASCII lower case, same offsets
	source    document.Points // d.Text, for cutting quotes
	sentences []wording.Span
	tables    []wording.Span // stretches of s that are tables
	grids     []grid         // the same tables, as rows and cells
	notes     []wording.Span // foot- and endnotes, each behind the block in which it hangs
	jumps     []int          // where s goes on elsewhere in the text: at a note, and behind it
	cueAt     [][]int        // where each cue stands
	standsAt  [][]int        // where each of the words of anywhere stands, once one was asked for
	signs     []sign         // by sentence
}

func newFlow(d *document.Document) flow {
	f := flow{d: d, source: document.NewPoints(d.Text)}
	var b wording.Builder
	b.Grow(len(d.Text) + 64)
	if len(d.Blocks) == 0 {
		b.Add(d.Text, 0)
	}
	f.addBlocks(&b)
	f.text = b.Text()
	f.s = f.text.S
	if wording.CommaFractions(f.s) {
		f.s = wording.SpacedThousands(f.s)
	}
	f.lower = lowerASCII(f.s)
	for i := range f.grids {
		f.grids[i].finish(f.s)
		f.grids[i].Span = f.tables[i]
	}
	f.sentences = sentencesOf(f.s)
	f.indexCues()
	f.readSigns()
	return f
}

func (f *flow) addBlocks(b *wording.Builder) {
	var last *document.Block
	table := -1 // where the open table begins in the flow
	for _, i := range noted(f.d) {
		block := &f.d.Blocks[i]
		if block.Kind == document.Header || block.Kind == document.Footer || block.Start >= block.End || block.End > f.source.Len() || block.Start < 0 {
			continue
		}
		part := f.source.Cut(block.Start, block.End)
		cell := block.Kind == document.Cell && block.Table > 0
		inTable := last != nil && cell && last.Kind == document.Cell && last.Table == block.Table
		if table >= 0 && !inTable {
			f.tables = append(f.tables, wording.Span{Start: table, End: b.Len()})
			table = -1
		}
		switch {
		case last == nil:
		case inTable && last.Row == block.Row:
			b.Break('\t', block.Start)
		case last.Kind == document.Paragraph && (block.Kind == document.Paragraph) && last.Page != block.Page && runsOn(f.source.Cut(last.Start, last.End), part):
			b.Break(' ', block.Start)
		default:
			b.Break('\n', block.Start)
		}
		if cell && table < 0 {
			table = b.Len()
			f.grids = append(f.grids, grid{})
		}
		if last != nil && block.Start < last.Start || last != nil && block.Kind == document.Note && last.Kind != document.Note {
			f.jumps = append(f.jumps, b.Len())
		}
		from := b.Len()
		at := block.Start
		for n, piece := range strings.Split(part, "\t") { // a name and what it names, as in a table
			if n > 0 {
				b.Break('\t', at-1)
			}
			b.Add(piece, at)
			at += utf8.RuneCountInString(piece) + 1
		}
		if block.Kind == document.Note {
			f.notes = append(f.notes, wording.Span{Start: from, End: b.Len()})
		}
		if cell {
			f.grids[len(f.grids)-1].addCell(block, wording.Span{Start: from, End: b.Len()})
		}
		last = block
	}
	if table >= 0 {
		f.tables = append(f.tables, wording.Span{Start: table, End: b.Len()})
	}
}

// noted gives the blocks in the order in which they are read: a foot- or endnote stands at the end of the text, and is read
// behind the block, or the table, in which it hangs.
func noted(d *document.Document) []int {
	order := make([]int, 0, len(d.Blocks))
	hang := map[int][]int{}
	behind := func(i int) int {
		for i+1 < len(d.Blocks) && d.Blocks[i].Kind == document.Cell && d.Blocks[i+1].Kind == document.Cell && d.Blocks[i+1].Table == d.Blocks[i].Table {
			i++
		}
		return i
	}
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if b.Kind != document.Note || b.Anchor <= 0 && b.Number == "" {
			continue
		}
		k := sort.Search(len(d.Blocks), func(k int) bool { return d.Blocks[k].End >= b.Anchor })
		if k < i {
			k = behind(k)
			hang[k] = append(hang[k], i)
		}
	}
	moved := map[int]bool{}
	for _, list := range hang {
		for _, i := range list {
			moved[i] = true
		}
	}
	for i := range d.Blocks {
		if !moved[i] {
			order = append(order, i)
			order = append(order, hang[i]...)
		}
	}
	return order
}

// pieces cuts a span where the flow does not go on as the text does: between a block and the note that hangs in it.
func (f *flow) pieces(sp wording.Span) []wording.Span {
	var out []wording.Span
	for _, at := range f.jumps {
		if sp.Start < at && at < sp.End {
			out = append(out, wording.Span{Start: sp.Start, End: at})
			sp.Start = at
		}
	}
	return append(out, sp)
}

// runsOn tells whether a paragraph goes on in the next block: it ends without a full stop, and the next begins small.
func runsOn(last, next string) bool {
	end, _ := utf8.DecodeLastRuneInString(last)
	if strings.ContainsRune(".;:!?", end) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(next, " "))
	return unicode.IsLower(r) || unicode.IsDigit(r) && !strings.ContainsRune(")\"”", end) || end == ','
}

func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		b[i] = smallASCII[c]
	}
	return string(b)
}

// smallASCII are the bytes as they are, capitals of ASCII as small letters.
var smallASCII = func() (small [256]byte) {
	for c := range small {
		if small[c] = byte(c); c >= 'A' && c <= 'Z' {
			small[c] += 'a' - 'A'
		}
	}
	return small
}()

const bullet = "\u2022 "

// mayCut are the bytes at which a sentence may end, the first of a bullet among them.
var mayCut = [256]bool{'\n': true, 0xe2: true, '.': true, '?': true, '!': true}

// sentencesOf cuts a text into sentences: at line breaks, and at a full stop before a space and a capital, unless an
// abbreviation stands before it. Very long ones are kept whole; windows are cut by those who read them.
func sentencesOf(s string) []wording.Span {
	var out []wording.Span
	start := 0
	cut := func(end int) {
		if end > start {
			out = append(out, wording.Span{Start: start, End: end})
		}
	}
	for i := 0; i < len(s); i++ {
		if !mayCut[s[i]] {
			continue
		}
		switch s[i] {
		case '\n':
			cut(i)
			start = i + 1
		case bullet[0]:
			if i > start && s[i-1] == ' ' && strings.HasPrefix(s[i:], bullet) {
				cut(i - 1) // an item of a list that was set in one paragraph
				start = i
			}
		case '.', '?', '!':
			j := i + 1
			for j < len(s) && (s[j] == '"' || s[j] == ')' || s[j] == '\'') {
				j++
			}
			if j+1 >= len(s) || s[j] != ' ' || s[i] == '.' && (shortened(s, i) || i > 1 && s[i-1] == '.' && s[i-2] == '.') {
				continue
			}
			r, _ := utf8.DecodeRuneInString(s[j+1:])
			if i > 0 && s[i-1] >= '0' && s[i-1] <= '9' && yearAhead(s[j+1:]) {
				continue // "March 18. 2021"
			}
			if !unicode.IsUpper(r) && !unicode.IsDigit(r) && r != '"' && r != '(' && r != '_' && r != '[' {
				continue
			}
			cut(j)
			start = j + 1
			i = j
		}
	}
	cut(len(s))
	return out
}

func yearAhead(s string) bool {
	return len(s) >= 4 && (s[:2] == "19" || s[:2] == "20") && s[2] >= '0' && s[2] <= '9' && s[3] >= '0' && s[3] <= '9'
}

// shortened tells whether the full stop at i belongs to an abbreviation or a clause number.
func shortened(s string, i int) bool {
	j := i
	for j > 0 && (isLetter(s[j-1]) || s[j-1] == '.' || s[j-1] >= '0' && s[j-1] <= '9') && i-j < 12 {
		j--
	}
	word := s[j:i]
	if word == "" {
		return false
	}
	if len(word) == 1 && !(word[0] >= '0' && word[0] <= '9') {
		return true
	}
	switch strings.ToLower(word) {
	case "inc", "corp", "ltd", "co", "no", "nos", "sec", "art", "mr", "mrs", "ms", "dr", "st", "u.s", "u.s.a", "e.g", "i.e", "l.l.c", "l.p", "n.a", "s.a", "n.v", "b.v", "a.m", "p.m", "vs", "p.o", "ave", "blvd", "rd", "ste", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "approx", "dept", "llc", "rs", "bros", "jr", "sr", "ph.d", "m.d", "d.c":
		// Followed by a capital these may still end a sentence; the clause after them is then read together with it,
		// which costs little.
		return true
	}
	if word[0] >= '0' && word[0] <= '9' && (j == 0 || s[j-1] == '\n' || s[j-1] == ' ') && len(word) <= 5 {
		return j == 0 || s[j-1] == '\n' // "3.1. The Supplier": a number at the head of a line
	}
	return false
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// sentenceAt gives the index of the sentence that holds a byte of the flow.
func (f *flow) sentenceAt(i int) int {
	n := sort.Search(len(f.sentences), func(k int) bool { return f.sentences[k].End > i })
	if n == len(f.sentences) {
		return n - 1
	}
	return n
}

// safe moves an offset back to the beginning of a character.
func (f *flow) safe(i int) int {
	for i > 0 && i < len(f.s) && !utf8.RuneStart(f.s[i]) {
		i--
	}
	return i
}

func (f *flow) cut(sp wording.Span) string { return f.s[sp.Start:sp.End] }

// passage cuts the evidence of a span out of the source.
func (f *flow) passage(sp wording.Span) (pact.Passage, bool) {
	sp = f.pieces(sp)[0]
	for sp.Start < sp.End && (f.s[sp.Start] == ' ' || f.s[sp.Start] == '\n' || f.s[sp.Start] == '\t') {
		sp.Start++
	}
	for sp.End > sp.Start && (f.s[sp.End-1] == ' ' || f.s[sp.End-1] == '\n' || f.s[sp.End-1] == '\t') {
		sp.End--
	}
	start, end := f.text.Source(sp)
	if start >= end || end > f.source.Len() {
		return pact.Passage{}, false
	}
	p := pact.Passage{TextID: f.d.TextID, Quote: f.source.Cut(start, end), Start: start, End: end, Places: f.d.Places(start, end), Verification: pact.Verified}
	if s := f.d.SectionAt(start); s != nil {
		p.Clause = s.Number
	}
	return p, true
}

func (f *flow) evidence(spans ...wording.Span) []pact.Evidence {
	var out []pact.Evidence
	for _, sp := range spans {
		for _, piece := range f.pieces(sp) {
			if p, ok := f.passage(piece); ok {
				out = append(out, pact.Evidence{Passage: &p})
			}
		}
	}
	return out
}

// clauseSpan is the evidence for a value at [from, to): its sentence where that is short, otherwise the value with some
// words on both sides, cut at spaces.
func (f *flow) clauseSpan(from, to int) wording.Span {
	n := f.sentenceAt(from)
	if n < 0 {
		return wording.Span{Start: from, End: to}
	}
	sp := f.sentences[n]
	sp.End = max(sp.End, to)
	if sp.End-sp.Start <= 600 {
		return sp
	}
	start, end := max(sp.Start, from-160), min(sp.End, to+160)
	for start > sp.Start && start < from && f.s[start-1] != ' ' {
		start++
	}
	for end < sp.End && end > to && f.s[end] != ' ' {
		end--
	}
	return wording.Span{Start: f.safe(start), End: f.safe(end)}
}
