// Package wording turns the words of contracts into typed values, with the span of each.
//
// It owns the grammar of numbers, dates, durations, money, percentages, payment terms, tiers, parties, jurisdictions,
// service hours and liability caps, and the normal form of text they are read from. It does not own where in a document
// a value is looked for (extract/grammar), nor what it means there. Every extractor uses it, and verification uses it
// again on the quote alone, so a value that does not follow from its quote is found out.
//
// Invariants: pure; linear time (RE2 and hand-written scanners); blanks and redactions are no value; where the text
// leaves a question open (words against figures, day against month, gaps in a table) the readings are given and none is
// picked. Spans count bytes of the normal form; Text.Source maps them to code points of the source.
package wording

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a part [Start, End) of a normal form, in bytes.
type Span struct{ Start, End int }

// Text is a source in normal form: one space for any white space, plain quotes and hyphens, ligatures spelt out, soft
// hyphens and zero-width characters gone. Line breaks are kept only where Builder.Break was called.
type Text struct {
	S   string
	pos []int32 // code point in the source of each byte of S
}

// Builder makes a Text out of stretches of a source.
type Builder struct {
	b   []byte
	pos []int32
}

// Normal is the normal form of a whole string.
func Normal(s string) Text {
	var b Builder
	b.Grow(len(s))
	b.Add(s, 0)
	return b.Text()
}

// Grow reserves room for n bytes.
func (b *Builder) Grow(n int) {
	b.b = make([]byte, 0, n)
	b.pos = make([]int32, 0, n)
}

// Len is the number of bytes written so far.
func (b *Builder) Len() int { return len(b.b) }

// Break writes a separator (a line break or a tab) that stands for no character of the source; at is where it falls.
func (b *Builder) Break(sep byte, at int) {
	for len(b.b) > 0 && b.b[len(b.b)-1] == ' ' {
		b.b, b.pos = b.b[:len(b.b)-1], b.pos[:len(b.pos)-1]
	}
	if len(b.b) == 0 || b.b[len(b.b)-1] == '\n' {
		return
	}
	b.b, b.pos = append(b.b, sep), append(b.pos, int32(at))
}

// Add writes a stretch of the source that begins at code point at.
func (b *Builder) Add(s string, at int) {
	for i, n := 0, at; i < len(s); n++ {
		if from := i; alone(s[i]) { // a stretch of words that stand as they are
			if s[i] == '.' && b.initials() && (i+1 == len(s) || s[i+1] != '.') {
				b.b, b.pos = b.b[:len(b.b)-1], b.pos[:len(b.pos)-1]
			}
			for i++; i < len(s) && (alone(s[i]) || s[i] == ' ' && i+1 < len(s) && s[i+1] != '.' && alone(s[i+1])); i++ {
			}
			b.b = append(b.b, s[from:i]...)
			b.places(n, i-from)
			n += i - from
			n--
			continue
		}
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			if c == ' ' || (c >= '\t' && c <= '\r') {
				b.space(n)
				continue
			}
			if c == '`' {
				c = '\''
			}
			if c == '\'' && b.doubles() {
				continue
			}
			if c < ' ' || c == 0x7f {
				continue
			}
			b.b, b.pos = append(b.b, c), append(b.pos, int32(n))
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		b.rune(r, n)
	}
}

// places notes that so many bytes stand for as many code points of the source, from n on.
func (b *Builder) places(n, bytes int) {
	from := len(b.pos)
	b.pos = slices.Grow(b.pos, bytes)[:from+bytes]
	for k := range b.pos[from:] {
		b.pos[from+k] = int32(n + k)
	}
}

// alone tells whether a letter stays as it is whatever stands beside it.
func alone(c byte) bool { return stays[c] }

var stays = func() (in [256]bool) {
	for c := range in {
		in[c] = c > ' ' && c < 0x7f && c != '`' && c != '\''
	}
	return in
}()

// initials tells whether a space stands last that a scanner put between an initial and its stop: "L.L .C."
func (b *Builder) initials() bool {
	n := len(b.b)
	return n > 2 && b.b[n-1] == ' ' && b.b[n-2] >= 'A' && b.b[n-2] <= 'Z' && b.b[n-3] == '.'
}

func (b *Builder) space(n int) {
	if len(b.b) == 0 {
		return
	}
	switch b.b[len(b.b)-1] {
	case ' ', '\n', '\t':
		return
	}
	b.b, b.pos = append(b.b, ' '), append(b.pos, int32(n))
}

// doubles makes a double quote of the apostrophe that stands last, as typewriters write it.
func (b *Builder) doubles() bool {
	if len(b.b) == 0 || b.b[len(b.b)-1] != '\'' {
		return false
	}
	b.b[len(b.b)-1] = '"'
	return true
}

func (b *Builder) rune(r rune, n int) {
	if plain, ok := plainForm(r); ok {
		if plain == "'" && b.doubles() {
			return
		}
		for j := 0; j < len(plain); j++ {
			b.b, b.pos = append(b.b, plain[j]), append(b.pos, int32(n))
		}
		return
	}
	if unicode.IsSpace(r) {
		b.space(n)
		return
	}
	if unicode.In(r, unicode.Cf, unicode.Cc) || r == utf8.RuneError {
		return
	}
	from := len(b.b)
	b.b = utf8.AppendRune(b.b, r)
	for range len(b.b) - from {
		b.pos = append(b.pos, int32(n))
	}
}

func plainForm(r rune) (string, bool) {
	switch r {
	case '“', '”', '„', '‟', '″', '«', '»', '＂':
		return `"`, true
	case '‘', '’', '‛', '′', '´':
		return "'", true
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return "-", true
	case 'ﬀ':
		return "ff", true
	case 'ﬁ':
		return "fi", true
	case 'ﬂ':
		return "fl", true
	case 'ﬃ':
		return "ffi", true
	case 'ﬄ':
		return "ffl", true
	case '≥':
		return ">=", true
	case '≤':
		return "<=", true
	case '％':
		return "%", true
	case '…':
		return "...", true
	}
	return "", false
}

// Text gives what was built. The builder must not be used again.
func (b *Builder) Text() Text {
	for len(b.b) > 0 && (b.b[len(b.b)-1] == ' ' || b.b[len(b.b)-1] == '\n') {
		b.b, b.pos = b.b[:len(b.b)-1], b.pos[:len(b.pos)-1]
	}
	b.singleQuotes()
	return Text{S: string(b.b), pos: b.pos}
}

// singleQuotes writes single quotes around a few words as double ones: 'Carrier' is as much a short name as "Carrier" is. An
// apostrophe stands after a letter and opens nothing.
func (b *Builder) singleQuotes() {
	const longest = 50
	open := -1
	for i := bytes.IndexByte(b.b, '\''); i >= 0; {
		before, after := byte(' '), byte(' ')
		if i > 0 {
			before = b.b[i-1]
		}
		if i+1 < len(b.b) {
			after = b.b[i+1]
		}
		switch {
		case open >= 0 && i-open <= longest && (letter(before) || before == '.') && strings.IndexByte(" ),;.:]\n\t", after) >= 0:
			b.b[open], b.b[i], open = '"', '"', -1
		case strings.IndexByte(" (:[\n\t", before) >= 0 && letter(after):
			open = i
		}
		next := bytes.IndexByte(b.b[i+1:], '\'')
		if next < 0 {
			return
		}
		i += 1 + next
	}
}

// Source gives the code points [start, end) of the source that the span was made from.
func (t Text) Source(s Span) (start, end int) {
	if len(t.pos) == 0 || s.Start >= s.End || s.Start < 0 || s.End > len(t.pos) {
		return 0, 0
	}
	return int(t.pos[s.Start]), int(t.pos[s.End-1]) + 1
}

// Blank tells whether a text holds a place that somebody was to fill in, or that was redacted: "____", "[●]", "[***]".
func Blank(s string) bool { return blank.MatchString(s) }

// Fold is the form two texts are compared in: lower case, one space, plain quotes.
func Fold(s string) string { return strings.ToLower(strings.TrimSpace(Normal(s).S)) }

// around gives the stretches of s within before and after bytes of the anchors, merged, cut at spaces. Grammars run on
// them instead of on the whole text: the expressions are linear but slow, and most text holds nothing for them.
func around(s string, anchors []int, before, after int) []Span {
	var out []Span
	for _, a := range anchors {
		from, to := max(0, a-before), min(len(s), a+after)
		for from > 0 && s[from-1] != ' ' && s[from-1] != '\n' && a-from < before+40 {
			from--
		}
		for to < len(s) && s[to] != ' ' && s[to] != '\n' && to-a < after+40 {
			to++
		}
		for from > 0 && !utf8.RuneStart(s[from]) {
			from--
		}
		for to < len(s) && !utf8.RuneStart(s[to]) {
			to++
		}
		if n := len(out); n > 0 && from <= out[n-1].End {
			out[n-1].End = max(to, out[n-1].End)
			continue
		}
		out = append(out, Span{from, to})
	}
	return out
}

// letters are those of ASCII.
var letters = setOf("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

// setOf makes a table of bytes.
func setOf(bytes string) (set [256]bool) {
	for i := range len(bytes) {
		set[bytes[i]] = true
	}
	return set
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// key3 packs the first three letters of a word, in lower case, for cheap switches.
func key3(s string, i int) uint32 {
	if i+3 > len(s) {
		return 0
	}
	return uint32(s[i]|0x20)<<16 | uint32(s[i+1]|0x20)<<8 | uint32(s[i+2]|0x20)
}

// Squeeze is a normal form without any white space or hyphens, for finding a quote that differs from its source only in
// these: a word broken at a line's end, a space lost by a scanner.
func Squeeze(s string) Text {
	t := Normal(s)
	b := make([]byte, 0, len(t.S))
	pos := make([]int32, 0, len(t.S))
	for i := 0; i < len(t.S); i++ {
		if t.S[i] == ' ' || t.S[i] == '-' || t.S[i] == '\n' {
			continue
		}
		b, pos = append(b, t.S[i]), append(pos, t.pos[i])
	}
	return Text{S: string(b), pos: pos}
}

// Whole tells whether the words at [start, end) of s stand by themselves: not within a longer word, and not within a longer figure ("10" of
// "10,000" or of "0.10").
func Whole(s string, start, end int) bool {
	at := func(i int, in func(byte) bool) bool { return i >= 0 && i < len(s) && in(s[i]) }
	word := func(b byte) bool {
		return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
	}
	digit := func(b byte) bool { return b >= '0' && b <= '9' }
	mark := func(b byte) bool { return b == ',' || b == '.' }
	switch {
	case at(start-1, word) && at(start, word), at(end-1, word) && at(end, word):
		return false
	case at(end-1, digit) && at(end, mark) && at(end+1, digit), at(start, digit) && at(start-1, mark) && at(start-2, digit):
		return false
	}
	return true
}
