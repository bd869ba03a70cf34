package expression

import "unicode/utf8"

// Places finds where one of some words may begin in a text of which most is something else: three letters of each are looked for at
// 32 places at a time, where the processor can. It tells too many places rather than too few; who asks looks closer.
type Places struct {
	masks [6][16]byte // as in must
	takes [3][256]byte
}

// NewPlaces takes, for each word, what its first, its second and its third letter may be: one letter, small or capital, or each letter
// of a longer list as it stands, or any for "".
func NewPlaces(words ...[3]string) *Places {
	p := &Places{}
	m := must{}
	for i, w := range words {
		bucket := byte(1) << (i * buckets / len(words))
		for k, list := range w {
			for _, c := range bytesOf(list) {
				m.read(k, c, bucket)
				p.takes[k][c] |= bucket
			}
		}
	}
	p.masks = m.masks
	for k := range p.takes {
		for c := utf8.RuneSelf; c < 256; c++ {
			p.takes[k][c] = 0xff
		}
	}
	return p
}

// bytesOf lists what a letter of a word may be.
func bytesOf(list string) []byte {
	switch {
	case list == "":
		all := make([]byte, 256) // the first byte of a letter that is not of ASCII, too
		for c := range all {
			all[c] = byte(c)
		}
		return all
	case len(list) == 1 && list[0] >= 'a' && list[0] <= 'z':
		return []byte{list[0], list[0] - 'a' + 'A'}
	}
	return []byte(list)
}

// Next gives the first place from one on where a word may begin, or where a letter stands that is not of ASCII; the length of the text
// where there is none. The last two places are always told.
func (p *Places) Next(s string, from int) int {
	last := max(from, len(s)-2)
	if from+shortText <= len(s) && seeks() {
		if at := seek(&p.masks, s, from); at >= 0 {
			return min(at, last)
		}
		return last
	}
	for ; from < last; from++ {
		if s[from] >= utf8.RuneSelf || p.takes[0][s[from]]&p.takes[1][s[from+1]]&p.takes[2][s[from+2]] != 0 {
			return from
		}
	}
	return last
}
