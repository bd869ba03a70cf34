package document

import (
	"sort"
	"unicode/utf8"
)

// Points is a text that is counted in code points without being copied into them: offsets of a document count these, and Go
// cuts at bytes.
type Points struct {
	text  string
	n     int
	every []int32 // the byte at which each 256th code point begins
}

// NewPoints counts a text.
func NewPoints(text string) Points {
	p := Points{text: text, every: make([]int32, 0, len(text)>>8+1)}
	for i := 0; i < len(text); {
		if p.n&255 == 0 {
			p.every = append(p.every, int32(i))
		}
		size, points := ascii(text[i:min(len(text), i+256-p.n&255)]), 0
		if points = size; size == 0 {
			_, size = utf8.DecodeRuneInString(text[i:])
			points = 1
		}
		i, p.n = i+size, p.n+points
	}
	return p
}

// ascii is how many bytes of ASCII a text begins with; they are looked at eight at a time.
func ascii(s string) int {
	const high = 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		b := s[i : i+8]
		if (uint64(b[0])|uint64(b[1])<<8|uint64(b[2])<<16|uint64(b[3])<<24|uint64(b[4])<<32|uint64(b[5])<<40|uint64(b[6])<<48|uint64(b[7])<<56)&high != 0 {
			break
		}
	}
	for i < len(s) && s[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// Len is the number of code points.
func (p *Points) Len() int { return p.n }

// Byte is where a code point begins; behind the last it is the end of the text.
func (p *Points) Byte(i int) int {
	if i >= p.n {
		return len(p.text)
	}
	at, next := int(p.every[i>>8]), len(p.text)
	if k := i>>8 + 1; k < len(p.every) {
		next = int(p.every[k])
	}
	if next-at == min(256, p.n-i&^255) { // a stretch of ASCII
		return at + i&255
	}
	for range i & 255 {
		if p.text[at] < utf8.RuneSelf {
			at++
			continue
		}
		_, size := utf8.DecodeRuneInString(p.text[at:])
		at += size
	}
	return at
}

// Before is how many code points begin before a byte.
func (p *Points) Before(at int) int {
	k := sort.Search(len(p.every), func(k int) bool { return int(p.every[k]) > at }) - 1
	if k < 0 {
		return 0
	}
	return k<<8 + utf8.RuneCountInString(p.text[p.every[k]:at])
}

// Cut gives the text of [start, end), which must lie in it.
func (p *Points) Cut(start, end int) string {
	return p.text[p.Byte(start):p.Byte(max(start, end))]
}
