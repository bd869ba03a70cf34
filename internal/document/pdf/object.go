package pdf

import (
	"context"
	"math"

	"github.com/pactloop/pactloop/internal/pact"
)

// The objects of a page that are no text: pictures (is it a scan?), coloured areas (white letters on them are seen) and
// thin lines (the borders of tables).

const (
	objectText  = 1
	objectPath  = 2
	objectImage = 3
	objectShade = 4
	objectForm  = 5
)

func (r *pageReader) readObjects(ctx context.Context, handle uint64) error {
	n, err := r.l.call(ctx, "FPDFPage_CountObjects", handle)
	if err != nil {
		return err
	}
	for i := 0; i < int(int32(n)) && r.objects < maxObjects; i++ {
		object, err := r.l.call(ctx, "FPDFPage_GetObject", handle, uint64(i))
		if err != nil {
			return err
		}
		if err := r.readObject(ctx, uint64(uint32(object)), affine{a: 1, d: 1}, 0); err != nil {
			return err
		}
	}
	r.beyond = r.beyond || r.objects >= maxObjects
	if err := r.readNotes(ctx, handle); err != nil {
		return err
	}
	area := r.out.Width * r.out.Height
	if area > 0 {
		r.out.imageArea /= area
	}
	return nil
}

func (r *pageReader) readObject(ctx context.Context, object uint64, outer affine, depth int) error {
	r.objects++
	if object == 0 {
		return nil
	}
	if depth > maxForms {
		r.beyond = true
		return nil
	}
	kind, err := r.l.call(ctx, "FPDFPageObj_GetType", object)
	if err != nil {
		return err
	}
	switch int32(kind) {
	case objectText:
		r.depths[object] = r.objects
		if depth > 0 {
			r.around[object] = outer
		}
		why := r.veil
		if why == "" {
			if why, err = r.veilOfText(ctx, object); err != nil {
				return err
			}
		}
		if why != "" {
			r.veils[object] = why
		}
	case objectImage:
		box, ok, err := r.bounds(ctx, object, outer)
		if err != nil || !ok {
			return err
		}
		r.out.images++
		r.out.imageArea += (box.Right - box.Left) * (box.Bottom - box.Top)
		r.covers, r.out.pictures = append(r.covers, box), append(r.out.pictures, box)
		r.grounds = append(r.grounds, ground{box: box, picture: true})
		r.lids = append(r.lids, lid{box, r.objects})
	case objectShade:
		box, ok, err := r.bounds(ctx, object, outer)
		if err != nil || !ok {
			return err
		}
		r.grounds = append(r.grounds, ground{box: box, picture: true})
		r.lids = append(r.lids, lid{box, r.objects})
	case objectPath:
		return r.readPath(ctx, object, outer)
	case objectForm:
		return r.readForm(ctx, object, outer, depth)
	}
	return nil
}

// readNotes takes the areas that annotations may cover: they are drawn after all else on the page.
func (r *pageReader) readNotes(ctx context.Context, handle uint64) error {
	n, err := r.l.call(ctx, "FPDFPage_GetAnnotCount", handle)
	if err != nil {
		return err
	}
	for i := range min(int(int32(n)), 1000) {
		note, err := r.l.call(ctx, "FPDFPage_GetAnnot", handle, uint64(i))
		if err != nil {
			return err
		}
		if uint32(note) == 0 {
			continue
		}
		kind, err := r.l.call(ctx, "FPDFAnnot_GetSubtype", note)
		if err != nil {
			return err
		}
		switch int32(kind) {
		case 3, 5, 6, 7, 8, 9, 13, 15, 28: // text, shapes, highlights, stamps, ink, redactions; not links, fields and notes beside the text
			ok, err := r.l.call(ctx, "FPDFAnnot_GetRect", note, uint64(r.l.scratch))
			if err != nil {
				return err
			}
			if uint32(ok) != 0 {
				x0, y0 := r.to.apply(r.l.float(0), r.l.float(4))
				x1, y1 := r.to.apply(r.l.float(8), r.l.float(12))
				r.lids = append(r.lids, lid{pact.Box{Left: min(x0, x1), Right: max(x0, x1), Top: min(y0, y1), Bottom: max(y0, y1)}, math.MaxInt})
			}
		}
		if _, err := r.l.call(ctx, "FPDFPage_CloseAnnot", note); err != nil {
			return err
		}
	}
	r.beyond = r.beyond || int(int32(n)) > 1000
	return nil
}

func (r *pageReader) readForm(ctx context.Context, object uint64, outer affine, depth int) error {
	inner, err := r.matrix(ctx, object, outer)
	if err != nil {
		return err
	}
	before := r.veil
	defer func() { r.veil = before }()
	if r.veil == "" && r.l.can.layer {
		r.veil = switchedOff
	}
	if r.veil == "" {
		if r.veil, err = r.veilOf(ctx, object); err != nil {
			return err
		}
	}
	n, err := r.l.call(ctx, "FPDFFormObj_CountObjects", object)
	if err != nil {
		return err
	}
	for i := 0; i < int(int32(n)) && r.objects < maxObjects; i++ {
		child, err := r.l.call(ctx, "FPDFFormObj_GetObject", object, uint64(i))
		if err != nil {
			return err
		}
		if err := r.readObject(ctx, uint64(uint32(child)), inner, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (r *pageReader) readPath(ctx context.Context, object uint64, outer affine) error {
	r.out.drawings++
	box, ok, err := r.bounds(ctx, object, outer)
	if err != nil || !ok {
		return err
	}
	l := r.l
	done, err := l.call(ctx, "FPDFPath_GetDrawMode", object, uint64(l.scratch), uint64(l.scratch+4))
	if err != nil || uint32(done) == 0 {
		return err
	}
	filled, stroked := l.word(0) != 0, l.word(4) != 0
	thin := box.Right-box.Left < 3 || box.Bottom-box.Top < 3
	if filled && !thin {
		c, err := r.ink(ctx, "FPDFPageObj_GetFillColor", object)
		if err != nil {
			return err
		}
		if r.l.can.pattern && c.told && c.darkest == 255 {
			c.told = false
		}
		if c.told && c.alpha > 60 && c.darkest < 200 {
			r.covers = append(r.covers, box)
		}
		if c.alpha > 60 || !c.told {
			r.grounds = append(r.grounds, ground{box: box, shade: c.shade, picture: !c.told})
		}
		if c.alpha > 150 || !c.told {
			r.lids = append(r.lids, lid{box, r.objects})
		}
	}
	if !filled && !stroked || len(r.out.Rules) > 4000 {
		return nil
	}
	if thin {
		r.rule(box)
		return nil
	}
	if !stroked {
		return nil
	}
	return r.readCorners(ctx, object, outer)
}

// readCorners takes the straight edges of a drawn path: a whole grid is often one path.
func (r *pageReader) readCorners(ctx context.Context, object uint64, outer affine) error {
	n, err := r.l.call(ctx, "FPDFPath_CountSegments", object)
	if err != nil || int32(n) < 2 || int32(n) > maxPoints {
		return err
	}
	to, err := r.matrix(ctx, object, outer)
	if err != nil {
		return err
	}
	type point struct{ x, y float64 }
	var from, start point
	for i := range int(int32(n)) {
		segment, err := r.l.call(ctx, "FPDFPath_GetPathSegment", object, uint64(i))
		if err != nil {
			return err
		}
		segment = uint64(uint32(segment))
		if _, err := r.l.call(ctx, "FPDFPathSegment_GetPoint", segment, uint64(r.l.scratch), uint64(r.l.scratch+4)); err != nil {
			return err
		}
		x, y := to.apply(r.l.float(0), r.l.float(4))
		x, y = r.to.apply(x, y)
		at := point{x, y}
		kind, err := r.l.call(ctx, "FPDFPathSegment_GetType", segment)
		if err != nil {
			return err
		}
		switch int32(kind) {
		case 2: // move
			start = at
		case 0: // line
			r.edge(from.x, from.y, at.x, at.y)
		}
		closes, err := r.l.call(ctx, "FPDFPathSegment_GetClose", segment)
		if err != nil {
			return err
		}
		if uint32(closes) != 0 {
			r.edge(at.x, at.y, start.x, start.y)
		}
		from = at
	}
	return nil
}

func (r *pageReader) edge(x0, y0, x1, y1 float64) {
	b := pact.Box{Left: min(x0, x1), Right: max(x0, x1), Top: min(y0, y1), Bottom: max(y0, y1)}
	if b.Right-b.Left < 3 || b.Bottom-b.Top < 3 {
		r.rule(b)
	}
}

func (r *pageReader) rule(b pact.Box) {
	if b.Right-b.Left < 6 && b.Bottom-b.Top < 6 {
		return // dots and ticks
	}
	r.out.Rules = append(r.out.Rules, b)
}

func (r *pageReader) bounds(ctx context.Context, object uint64, outer affine) (pact.Box, bool, error) {
	l := r.l
	ok, err := l.call(ctx, "FPDFPageObj_GetBounds", object, uint64(l.scratch), uint64(l.scratch+4), uint64(l.scratch+8), uint64(l.scratch+12))
	if err != nil || uint32(ok) == 0 {
		return pact.Box{}, false, err
	}
	x0, y0 := outer.apply(l.float(0), l.float(4))
	x1, y1 := outer.apply(l.float(8), l.float(12))
	x0, y0 = r.to.apply(x0, y0)
	x1, y1 = r.to.apply(x1, y1)
	b := pact.Box{Left: max(0, min(x0, x1)), Right: min(r.out.Width, max(x0, x1)), Top: max(0, min(y0, y1)), Bottom: min(r.out.Height, max(y0, y1))}
	return b, b.Left <= b.Right && b.Top <= b.Bottom, nil
}

// matrix is the object's own matrix, then the one around it.
func (r *pageReader) matrix(ctx context.Context, object uint64, outer affine) (affine, error) {
	l := r.l
	ok, err := l.call(ctx, "FPDFPageObj_GetMatrix", object, uint64(l.scratch))
	if err != nil || uint32(ok) == 0 {
		return outer, err
	}
	m := affine{l.float(0), l.float(4), l.float(8), l.float(12), l.float(16), l.float(20)}
	e, f := outer.apply(m.e, m.f)
	return affine{
		a: outer.a*m.a + outer.c*m.b, b: outer.b*m.a + outer.d*m.b,
		c: outer.a*m.c + outer.c*m.d, d: outer.b*m.c + outer.d*m.d,
		e: e, f: f,
	}, nil
}
