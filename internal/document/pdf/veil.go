package pdf

import (
	"context"
	"unicode/utf16"

	"github.com/pactloop/pactloop/internal/pact"
)

// What may keep letters from being drawn at all, though the text layer has them: a layer (optional content) that is switched off, a
// mask, a transparency. PDFium draws as these say, and reads as if they were not there; so the drawn page is looked at.

// Why words are not seen that were not drawn.
const (
	switchedOff = "in a layer that is switched off"
	transparent = "behind a mask, or transparent"
)

const (
	maxMarks    = 16 // of one object; beyond them an object is looked at
	longReplace = 6  // letters that a file may give for others without a warning: ligatures, hyphens, a bullet
)

// veilOfText says what may keep a text object from being drawn. What the file does not speak of is not asked for.
func (r *pageReader) veilOfText(ctx context.Context, object uint64) (string, error) {
	switch {
	case r.l.can.mark:
		return r.veilOf(ctx, object)
	case r.l.can.clear:
		return r.transparent(ctx, object)
	}
	return "", nil
}

// veilOf says what may keep an object from being drawn; "" for nothing.
func (r *pageReader) veilOf(ctx context.Context, object uint64) (string, error) {
	n, err := r.l.call(ctx, "FPDFPageObj_CountMarks", object)
	if err != nil {
		return "", err
	}
	marks := int(int32(n))
	if marks > maxMarks {
		return switchedOff, nil
	}
	for i := range max(0, marks) {
		mark, err := r.l.call(ctx, "FPDFPageObj_GetMark", object, uint64(i))
		if err != nil {
			return "", err
		}
		if uint32(mark) == 0 {
			continue
		}
		name, err := r.markName(ctx, mark)
		if err != nil {
			return "", err
		}
		if name == "OC" {
			return switchedOff, nil
		}
		if err := r.replaced(ctx, mark); err != nil {
			return "", err
		}
	}
	return r.transparent(ctx, object)
}

func (r *pageReader) transparent(ctx context.Context, object uint64) (string, error) {
	clear, err := r.l.call(ctx, "FPDFPageObj_HasTransparency", object)
	if err != nil {
		return "", err
	}
	if uint32(clear) != 0 {
		return transparent, nil
	}
	return "", nil
}

func (r *pageReader) markName(ctx context.Context, mark uint64) (string, error) {
	const room = 16
	at := uint64(r.l.scratch)
	ok, err := r.l.call(ctx, "FPDFPageObjMark_GetName", mark, at+8, room, at)
	n := r.l.word(0)
	if err != nil || uint32(ok) == 0 || n < 2 || n > room {
		return "", err
	}
	b, _ := r.l.memory.Read(r.l.scratch+8, n-2)
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
	}
	return string(utf16.Decode(units)), nil
}

// replaced notes a mark that gives other words for what is drawn: PDFium reads those, and a person sees these.
func (r *pageReader) replaced(ctx context.Context, mark uint64) error {
	at := uint64(r.l.scratch)
	if !r.l.memory.Write(r.l.scratch+8, []byte("ActualText\x00")) {
		return errMemory
	}
	ok, err := r.l.call(ctx, "FPDFPageObjMark_GetParamStringValue", mark, at+8, 0, 0, at)
	if err == nil && uint32(ok) != 0 && r.l.word(0) > 2*(longReplace+1) {
		r.out.replaced = true
	}
	return err
}

// veiled says why letters of a text object may not be drawn.
func (r *pageReader) veiled(object uint64) string { return r.veils[object] }

// overlaid tells whether the box of a word holds most of another one: on the drawn page one can not be told from the other.
func overlaid(p *page, word int) bool {
	a := p.Words[word].Box
	for i, w := range p.Words {
		if i != word && common(a, w.Box) > 0.3*min(size(a), size(w.Box)) {
			return true
		}
	}
	return false
}

func common(a, b pact.Box) float64 {
	return max(0, min(a.Right, b.Right)-max(a.Left, b.Left)) * max(0, min(a.Bottom, b.Bottom)-max(a.Top, b.Top))
}

func size(b pact.Box) float64 { return (b.Right - b.Left) * (b.Bottom - b.Top) }
