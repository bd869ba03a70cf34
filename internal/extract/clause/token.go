package clause

import (
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document"
)

// token is a word, a number or a mark of the text, with the hash of its form: letters are lower-cased, numbers, years and
// redactions are each one word, so that what was learned from one contract holds for another.
type token struct {
	start, end int // bytes of the text
	hash       uint32
	kind       tokenKind
	upper      bool  // begins with a capital
	shout      bool  // has two capitals or more, and no small letter
	small      bool  // a little word that titles do not capitalise
	weak       uint8 // how little the word says: 0 for most, to 3
}

type tokenKind uint8

const (
	wordToken tokenKind = iota
	numberToken
	markToken // $ % [
)

// Forms of tokens that stand for many.
const (
	formNumber uint32 = 0x9e3779b1 + iota
	formYear
	formRedacted
	formMoney
	formPercent
	formName // a party of this contract
)

const (
	fnvOffset = 2166136261
	fnvPrime  = 16777619
)

func hashWord(s string) uint32 {
	h := uint32(fnvOffset)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * fnvPrime
	}
	return h
}

// tokens cuts a text into tokens.
func tokens(s string) []token {
	list := make([]token, 0, len(s)/5)
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ' ' || c == '\n':
			i++
		case c < utf8.RuneSelf && !isWordByte(c):
			if t, ok := mark(s, i); ok {
				list = append(list, t)
				i = t.end
				continue
			}
			i++
		default:
			t := word(s, i)
			if t.end == i {
				_, n := utf8.DecodeRuneInString(s[i:])
				i += n
				continue
			}
			list = append(list, t)
			i = t.end
		}
	}
	return list
}

func mark(s string, i int) (token, bool) {
	t := token{start: i, end: i + 1, kind: markToken}
	switch s[i] {
	case '$':
		t.hash = formMoney
	case '%':
		t.hash = formPercent
	case '*':
		for t.end < len(s) && (s[t.end] == '*' || s[t.end] == ' ' && t.end+1 < len(s) && s[t.end+1] == '*') {
			t.end++
		}
		t.hash = formRedacted
	default:
		return t, false
	}
	return t, true
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// word reads a run of letters and digits; an apostrophe inside ends it, so that "Company's" is "company".
func word(s string, i int) token {
	t := token{start: i, end: i}
	h := uint32(fnvOffset)
	digits, letters, capitals := 0, 0, 0
	for j := i; j < len(s); {
		c := s[j]
		if c < utf8.RuneSelf {
			switch {
			case c >= 'A' && c <= 'Z':
				capitals++
				letters++
				c += 'a' - 'A'
			case c >= 'a' && c <= 'z':
				letters++
			case c >= '0' && c <= '9':
				digits++
			default:
				c = 0
			}
			if c == 0 {
				break
			}
			h = (h ^ uint32(c)) * fnvPrime
			j++
			t.end = j
			continue
		}
		r, n := utf8.DecodeRuneInString(s[j:])
		if !unicode.IsLetter(r) {
			break
		}
		if unicode.IsUpper(r) {
			capitals++
		}
		letters++
		h = (h ^ uint32(unicode.ToLower(r))) * fnvPrime
		j += n
		t.end = j
	}
	if t.end == i {
		return t
	}
	t.hash, t.weak = h, weak.of(h)
	if t.upper = s[i] >= 'A' && s[i] <= 'Z'; s[i] >= utf8.RuneSelf {
		first, _ := utf8.DecodeRuneInString(s[i:])
		t.upper = unicode.IsUpper(first)
	}
	t.shout = capitals >= 2 && capitals == letters
	t.small = t.end-t.start <= 3 || h == hashWith || h == hashFrom || h == hashUpon
	if digits > 0 && letters == 0 {
		t.kind, t.hash = numberToken, formNumber
		if digits == 4 && (s[i] == '1' && s[i+1] == '9' || s[i] == '2' && s[i+1] == '0') {
			t.hash = formYear
		}
	}
	return t
}

var (
	hashWith = hashWord("with")
	hashFrom = hashWord("from")
	hashUpon = hashWord("upon")
)

// page is a document prepared for reading: its blocks as byte ranges, and tokens.
type page struct {
	text   string
	blocks []block
	tokens []token
}

type block struct {
	start, end int // bytes
	skip       bool
	kind       document.BlockKind
	first      int // token
	last       int // token after the last
}

// prepare cuts the text into the document's blocks. Blocks are separated by one line end (document.Builder); a text that
// is not built so is cut at its line ends.
func prepare(d *document.Document) *page {
	p := &page{text: d.Text, tokens: tokens(d.Text)}
	runes, k := 0, 0
	for start := 0; start < len(d.Text); {
		end := start
		ascii := true
		for end < len(d.Text) && d.Text[end] != '\n' {
			ascii = ascii && d.Text[end] < utf8.RuneSelf
			end++
		}
		b := block{start: start, end: end, kind: document.Paragraph}
		n := end - start
		if !ascii {
			n = utf8.RuneCountInString(d.Text[start:end])
		}
		for k < len(d.Blocks) && d.Blocks[k].End <= runes {
			k++
		}
		if k < len(d.Blocks) && d.Blocks[k].Start <= runes {
			b.kind = d.Blocks[k].Kind
		}
		b.skip = b.kind == document.Header || b.kind == document.Footer
		p.blocks = append(p.blocks, b)
		runes += n + 1
		start = end + 1
	}
	t := 0
	for i := range p.blocks {
		b := &p.blocks[i]
		b.first = t
		for t < len(p.tokens) && p.tokens[t].start < b.end {
			t++
		}
		b.last = t
	}
	return p
}
