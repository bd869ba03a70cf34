package pdf

import (
	"math"
	"unicode"

	"github.com/pactloop/pactloop/internal/pact"
)

// lie counts letters by the way their line runs on the page as displayed: to the right, downwards, to the left, upwards.
// It is the number of quarter turns to the right of an upright page.
type lie [4]int

const fewLetters = 60 // less says nothing of a page

func (l lie) all() int { return l[0] + l[1] + l[2] + l[3] }

// quarters says how a page lies: most of its lines decide, so a stamp beside a text, or an upright header of a table that
// lies on its side, turns nothing.
func (l lie) quarters() int {
	for i, n := range l {
		if l.all() >= fewLetters && 4*n >= 3*l.all() {
			return i
		}
	}
	return 0
}

// mixed tells whether much of a page runs another way than most of it.
func (l lie) mixed() bool {
	return l.all() >= fewLetters && 4*max(l[0], l[1], l[2], l[3]) < 3*l.all()
}

// lies counts a run of letters by the boxes of its first and last one, or, of a letter that comes alone, of the one before.
// Scripts that run to the left or downwards by themselves say nothing.
func (t *textReader) lies(letters []rune, first, last pact.Box, boxed bool) {
	if !boxed || sidewaysScript(letters[0]) {
		return
	}
	if len(letters) == 1 {
		if t.current.empty() {
			return
		}
		first = t.previous
	}
	dx, dy := last.Left+last.Right-first.Left-first.Right, last.Top+last.Bottom-first.Top-first.Bottom
	long, high := max(math.Abs(dx), math.Abs(dy))/2, max(first.Right-first.Left, first.Bottom-first.Top, 1)
	if long < 0.15*high || long > 2*high*float64(len(letters)+1) {
		return // one letter over the other, or the next line
	}
	switch {
	case math.Abs(dx) > 2*math.Abs(dy) && dx > 0:
		t.out.lie[0] += len(letters)
	case math.Abs(dy) > 2*math.Abs(dx) && dy > 0:
		t.out.lie[1] += len(letters)
	case math.Abs(dx) > 2*math.Abs(dy):
		t.out.lie[2] += len(letters)
	case math.Abs(dy) > 2*math.Abs(dx):
		t.out.lie[3] += len(letters)
	}
}

func sidewaysScript(c rune) bool {
	return unicode.In(c, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Mongolian)
}

// back takes a quarter turn to the right from a page; width is that of the page before, as it is shown.
func (m affine) back(width float64) affine {
	return affine{a: m.b, b: -m.a, c: m.d, d: -m.c, e: m.f, f: width - m.e}
}
