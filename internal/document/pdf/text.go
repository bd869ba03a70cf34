package pdf

import (
	"context"
	"encoding/binary"
	"fmt"
	"unicode"
	"unicode/utf16"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/pact"
)

// A call into PDFium costs more than what is done with its answer. So the letters of a page are taken at once, and of a run of
// letters that one text object draws only the first and the last are asked for their boxes.

// Why words are not seen that only the drawn page tells.
const (
	covered    = "covered"
	clipped    = "cut away by a clipping path"
	likeGround = "in the colour of what lies behind"
)

// textReader puts the letters of a page together to words.
type textReader struct {
	*pageReader
	text     uint64
	current  wordBuilder
	glue     bool
	doubt    bool   // PDFium put white space here that is not in the file; some files draw each letter by itself
	letters  []rune // the run that is being collected
	from     int    // index of its first letter
	to       int    // and of its last
	suspects []suspect
	previous pact.Box // of the letter before, where letters come one by one
}

// readText gives the indexes of words that may be covered.
func (r *pageReader) readText(ctx context.Context, handle uint64) (suspects []suspect, err error) {
	text, err := r.l.call(ctx, "FPDFText_LoadPage", handle)
	if err != nil || text == 0 {
		return nil, err
	}
	defer func() { _, _ = r.l.call(ctx, "FPDFText_ClosePage", text) }()
	n, err := r.l.call(ctx, "FPDFText_CountChars", text)
	if err != nil {
		return nil, err
	}
	count := int(int32(n))
	if count > maxChars {
		return nil, tooLarge(fmt.Sprintf("page %d has more than %d characters", r.out.Number, maxChars))
	}
	codes, err := r.codes(ctx, text, count)
	if err != nil {
		return nil, err
	}
	t := &textReader{pageReader: r, text: text}
	for i := 0; i < len(codes); i++ {
		at, c := i, codes[i]
		if utf16.IsSurrogate(c) && i+1 < len(codes) {
			i++
			c = utf16.DecodeRune(c, codes[i])
		}
		if err := t.character(ctx, at, c); err != nil {
			return nil, err
		}
	}
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	t.finish(false)
	return t.suspects, nil
}

// codes gives the character at each index. PDFium's text leaves out characters that it does not know, so it is used only
// where it has as many as there are indexes.
func (r *pageReader) codes(ctx context.Context, text uint64, count int) ([]rune, error) {
	if count <= 0 {
		return nil, nil
	}
	buffer, err := r.l.call(ctx, "malloc", uint64(2*count+2))
	if err != nil || uint32(buffer) == 0 {
		return nil, fmt.Errorf("calling malloc: %w", errMemory)
	}
	defer func() { _, _ = r.l.call(ctx, "free", buffer) }()
	n, err := r.l.call(ctx, "FPDFText_GetText", text, 0, uint64(count), buffer)
	if err != nil {
		return nil, err
	}
	out := make([]rune, count)
	if b, ok := r.l.memory.Read(uint32(buffer), uint32(2*count)); ok && int(int32(n)) == count+1 {
		whole := true
		for i := range out {
			u := binary.LittleEndian.Uint16(b[2*i:])
			if u == 0 || u >= 0xd800 && u < 0xe000 || u >= 0xfff0 {
				whole = false // a stand-in: PDFium has more to say about it
				break
			}
			out[i] = rune(u)
		}
		if whole {
			return out, nil
		}
	}
	for i := range out {
		u, err := r.l.call(ctx, "FPDFText_GetUnicode", text, uint64(i))
		if err != nil {
			return nil, err
		}
		out[i] = rune(uint32(u))
	}
	return out, nil
}

func (t *textReader) character(ctx context.Context, i int, c rune) error {
	if c == 2 || c == 0xad {
		if err := t.flush(ctx); err != nil {
			return err
		}
		t.finish(true)
		return nil
	}
	if c == 0 || c == 0xfffd || c >= 0xe000 && c <= 0xf8ff {
		c = t.symbol(c)
	}
	c, keep := document.Clean(c)
	if keep && c != ' ' {
		if len(t.letters) == 0 {
			t.from = i
		}
		t.letters, t.to = append(t.letters, c), i
		return nil
	}
	if err := t.flush(ctx); err != nil {
		return err
	}
	if !keep || t.current.empty() {
		return nil
	}
	generated, err := t.l.call(ctx, "FPDFText_IsGenerated", t.text, uint64(i))
	if err != nil {
		return err
	}
	if uint32(generated) == 1 {
		t.doubt = true
		return nil
	}
	t.finish(false)
	return nil
}

// flush places the run of letters. A run that several text objects draw is placed in parts.
func (t *textReader) flush(ctx context.Context) error {
	letters := t.letters
	if len(letters) == 0 {
		return nil
	}
	t.letters = t.letters[:0]
	first, err := t.styleOf(ctx, t.text, t.from)
	if err != nil {
		return err
	}
	last := first
	if len(letters) > 1 {
		if last, err = t.styleOf(ctx, t.text, t.to); err != nil {
			return err
		}
	}
	if first == last && t.to-t.from+1 == len(letters) {
		return t.place(ctx, letters, first)
	}
	if t.to-t.from+1 != len(letters) { // characters beyond the basic plane take two indexes
		return t.single(ctx, letters)
	}
	end, start, from := t.to, 0, t.from
	style := first
	for i := from + 1; i <= end; i++ {
		s, err := t.styleOf(ctx, t.text, i)
		if err != nil {
			return err
		}
		if s != style {
			t.from, t.to = from+start, i-1
			if err := t.place(ctx, letters[start:i-from], style); err != nil {
				return err
			}
			start, style = i-from, s
		}
	}
	t.from, t.to = from+start, end
	return t.place(ctx, letters[start:], style)
}

// single places letter by letter.
func (t *textReader) single(ctx context.Context, letters []rune) error {
	at := t.from
	for i := range letters {
		s, err := t.styleOf(ctx, t.text, at)
		if err != nil {
			return err
		}
		t.from, t.to = at, at
		if err := t.place(ctx, letters[i:i+1], s); err != nil {
			return err
		}
		at++
		if letters[i] > 0xffff {
			at++
		}
	}
	return nil
}

// place adds letters of one text object, by the boxes of the first and the last.
func (t *textReader) place(ctx context.Context, letters []rune, s *style) error {
	first, ok, err := t.charBox(ctx, t.text, t.from, s)
	if err != nil || !ok && len(letters) == 1 {
		return err
	}
	last, okLast := first, ok
	if len(letters) > 1 {
		if last, okLast, err = t.charBox(ctx, t.text, t.to, s); err != nil {
			return err
		}
	}
	if ok {
		if err := t.measure(ctx, s, first); err != nil {
			return err
		}
	}
	whyFirst, whyLast := "", ""
	if ok && okLast {
		if whyFirst = t.hiddenWhy(s, first, 0); len(letters) > 1 {
			whyLast = t.hiddenWhy(s, last, 0)
		} else {
			whyLast = whyFirst
		}
	}
	t.lies(letters, first, last, ok && okLast)
	if len(letters) > 1 && (!ok || !okLast || whyFirst != whyLast || !oneLine(first, last, len(letters))) {
		return t.single(ctx, append([]rune(nil), letters...))
	}
	t.previous = last
	why := t.hiddenWhy(s, first, len(letters))
	if !t.current.fits(first, why) || t.doubt && !t.current.touches(first) || s.object != t.current.object && unicode.IsLetter(letters[0]) && t.current.isLabel() {
		t.finish(false)
	}
	t.doubt = false
	if why == "" {
		t.out.visible += len(letters)
	}
	box := first
	if len(letters) > 1 {
		box = layout.Union(first, last)
	}
	t.current.add(letters, box, last, s.bold, why)
	t.current.object = s.object
	return nil
}

// oneLine tells whether the last letter stands to the right of the first, on its line, about as far as letters take. Anything
// else (text that runs upwards, on a curve, with letters far apart) is looked at letter by letter.
func oneLine(first, last pact.Box, n int) bool {
	h := first.Bottom - first.Top
	wide := last.Right - first.Left
	return h > 0 && last.Left >= first.Left && last.Top-first.Top < 0.2*h && first.Top-last.Top < 0.2*h && wide > 0 && wide < 0.95*h*float64(n)
}

// finish ends the word.
func (t *textReader) finish(hyphen bool) {
	if t.current.empty() {
		return
	}
	w := t.current.word()
	w.Hyphen, w.Glue = hyphen, t.glue
	t.glue = hyphen
	if why := t.current.hiddenWhy; why != "" {
		t.out.hide(why, w.Text, w.Box)
	} else {
		doubt := ""
		switch {
		case len(t.lids) > 0 && t.lidded(t.current.object, t.current.last):
			doubt = covered
		case t.styles[t.current.object].cutAway(t.current.last):
			doubt = clipped
		case t.veiled(t.current.object) != "":
			doubt = t.veiled(t.current.object)
		case t.suspicious(t.styles[t.current.object], t.current.last):
			doubt = likeGround
		}
		for _, part := range t.unglued(w) {
			if doubt != "" {
				t.suspects = append(t.suspects, suspect{len(t.out.Words), doubt})
			}
			t.out.Words = append(t.out.Words, part)
		}
	}
	t.current = wordBuilder{}
}
