package scan

import (
	"cmp"
	"slices"

	"github.com/pactloop/pactloop/internal/pact"
)

// Rules are long straight strokes: the borders of tables. They are told to the layout, and taken out of the picture where
// they form a grid, because recognition takes them for letters.

const (
	acrossInches = 0.7
	narrowInches = 0.15 // across a narrow column
	downInches   = 0.22
	pieceInches  = 0.1
	thickInches  = 0.05 // a double border is one stroke
	maxRules     = 2000
)

type stroke struct{ x0, y0, x1, y1 int } // inclusive

// rules finds the strokes of a level picture.
func (r Raster) rules(limit byte) (across, down []stroke) {
	dpi := float64(r.DPI)
	piece, thick := max(8, int(pieceInches*dpi)), max(2, int(thickInches*dpi))
	across = strokes(r.Width, r.Height, max(10, int(narrowInches*dpi)), piece, thick, func(x, y int) bool { return r.Gray[y*r.Width+x] <= limit })
	down = strokes(r.Height, r.Width, max(12, int(downInches*dpi)), piece, thick, func(x, y int) bool { return r.Gray[x*r.Width+y] <= limit })
	for i, s := range down {
		down[i] = stroke{s.y0, s.x0, s.y1, s.x1}
	}
	return across, down
}

// strokes finds runs of ink along rows, joins those of neighbouring rows that touch, and keeps what is long and thin. A line
// that was scanned askew is a flight of steps, so that its pieces are shorter than it is.
func strokes(width, height, least, piece, thick int, ink func(x, y int) bool) []stroke {
	var done, open []stroke
	long := func(s stroke) bool { return s.x1-s.x0+1 >= least && s.y1-s.y0+1 <= thick }
	for y := range height {
		var next []stroke
		for x := 0; x < width; x++ {
			if !ink(x, y) {
				continue
			}
			from, last := x, x
			for x++; x < width && x-last <= 3; x++ { // small gaps: a scan is never clean
				if ink(x, y) {
					last = x
				}
			}
			if last-from+1 >= piece {
				next = append(next, stroke{from, y, last, y})
			}
		}
		var kept []stroke
		for _, o := range open {
			var grown bool
			next, grown = o.grow(next, thick)
			switch {
			case grown:
			case y-o.y1 <= 2:
				kept = append(kept, o)
			case long(o):
				done = append(done, o)
			}
		}
		open = append(kept, next...)
		if len(done) > maxRules {
			return nil // a picture of a texture
		}
	}
	return slices.DeleteFunc(append(done, open...), func(s stroke) bool { return !long(s) })
}

// grow joins the stroke with what touches it in the next row, or nearly, and tells whether anything does.
func (s stroke) grow(next []stroke, slack int) ([]stroke, bool) {
	at := -1
	for i := 0; i < len(next); i++ {
		n := next[i]
		switch {
		case n.x0 > s.x1+slack || s.x0 > n.x1+slack:
		case at < 0:
			at, next[i] = i, n.join(s)
		default:
			next[at] = next[at].join(n)
			next = slices.Delete(next, i, i+1)
			i--
		}
	}
	return next, at >= 0
}

func (s stroke) join(o stroke) stroke {
	return stroke{min(s.x0, o.x0), min(s.y0, o.y0), max(s.x1, o.x1), max(s.y1, o.y1)}
}

// grid keeps the strokes that meet one of the other direction; at least two long ones across and two down make a table.
// In a table short strokes count, too, that lead from one line down to another: those of a narrow column whose borders are
// its own. Ends too short to be a piece of a stroke are made good: strokes are given as far as those that they meet.
func grid(across, down []stroke, dpi int) (a, d []stroke) {
	slack := int(pieceInches * float64(dpi))
	meets := func(h, v stroke) bool {
		return h.x0-slack <= v.x1 && v.x0 <= h.x1+slack && v.y0-slack <= h.y1 && h.y0 <= v.y1+slack
	}
	short := func(h stroke) bool { return h.x1-h.x0+1 < max(20, int(acrossInches*float64(dpi))) }
	a = slices.DeleteFunc(slices.Clone(across), short)
	d = slices.Clone(down)
	for before := 0; before != len(a)+len(d); { // large letters have strokes that meet, too, but no two pairs that close
		before = len(a) + len(d)
		a = slices.DeleteFunc(a, func(h stroke) bool { return count(d, func(v stroke) bool { return meets(h, v) }) < 2 })
		d = slices.DeleteFunc(d, func(v stroke) bool { return count(a, func(h stroke) bool { return meets(h, v) }) < 2 })
	}
	for _, h := range across {
		middle := (h.x0 + h.x1) / 2
		begins := func(v stroke) bool { return v.x1 < middle && meets(h, v) }
		ends := func(v stroke) bool { return v.x0 > middle && meets(h, v) }
		if short(h) && slices.ContainsFunc(d, begins) && slices.ContainsFunc(d, ends) {
			a = append(a, h)
		}
	}
	for i, h := range a {
		for j, v := range d {
			if meets(h, v) {
				a[i].x0, a[i].x1 = min(a[i].x0, v.x0), max(a[i].x1, v.x1)
				d[j].y0, d[j].y1 = min(d[j].y0, h.y0), max(d[j].y1, h.y1)
			}
		}
	}
	return a, d
}

func count(s []stroke, is func(stroke) bool) int {
	n := 0
	for _, v := range s {
		if is(v) {
			n++
		}
	}
	return n
}

// erase paints strokes white, with their frayed sides.
func (r Raster) erase(strokes []stroke) {
	side := max(1, r.DPI/150)
	for _, s := range strokes {
		for y := max(0, s.y0-side); y <= min(r.Height-1, s.y1+side); y++ {
			row := r.Gray[y*r.Width : (y+1)*r.Width]
			for x := max(0, s.x0-side); x <= min(r.Width-1, s.x1+side); x++ {
				row[x] = 255
			}
		}
	}
}

func boxes(scale float64, sets ...[]stroke) []pact.Box {
	var out []pact.Box
	for _, set := range sets {
		for _, s := range set {
			out = append(out, pact.Box{Left: float64(s.x0) * scale, Top: float64(s.y0) * scale, Right: float64(s.x1+1) * scale, Bottom: float64(s.y1+1) * scale})
		}
	}
	slices.SortFunc(out, func(a, b pact.Box) int { return cmp.Or(cmp.Compare(a.Top, b.Top), cmp.Compare(a.Left, b.Left)) })
	return out
}
