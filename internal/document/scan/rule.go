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
	downInches   = 0.22
	thickInches  = 0.028
	maxRules     = 2000
)

type stroke struct{ x0, y0, x1, y1 int } // inclusive

// rules finds the strokes of a level picture.
func (r Raster) rules(limit byte) (across, down []stroke) {
	dpi := float64(r.DPI)
	thick := max(2, int(thickInches*dpi))
	across = strokes(r.Width, r.Height, max(20, int(acrossInches*dpi)), thick, func(x, y int) bool { return r.Gray[y*r.Width+x] <= limit })
	down = strokes(r.Height, r.Width, max(12, int(downInches*dpi)), thick, func(x, y int) bool { return r.Gray[x*r.Width+y] <= limit })
	for i, s := range down {
		down[i] = stroke{s.y0, s.x0, s.y1, s.x1}
	}
	return across, down
}

// strokes finds runs of ink along rows, joins the runs of neighbouring rows, and keeps what is thin.
func strokes(width, height, least, thick int, ink func(x, y int) bool) []stroke {
	var done, open []stroke
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
			if last-from+1 >= least {
				next = append(next, stroke{from, y, last, y})
			}
		}
		var kept []stroke
		for _, o := range open {
			grown := false
			for i, n := range next {
				if n.x0 <= o.x1 && o.x0 <= n.x1 {
					next[i] = stroke{min(n.x0, o.x0), min(n.y0, o.y0), max(n.x1, o.x1), n.y1}
					grown = true
					break
				}
			}
			if !grown && y-o.y1 <= 2 {
				kept, grown = append(kept, o), true
			}
			if !grown {
				done = append(done, o)
			}
		}
		open = append(kept, next...)
		if len(done) > maxRules {
			return nil // a picture of a texture
		}
	}
	return slices.DeleteFunc(append(done, open...), func(s stroke) bool { return s.y1-s.y0+1 > thick })
}

// grid keeps the strokes that meet one of the other direction; at least two of each make a table.
func grid(across, down []stroke, slack int) (a, d []stroke) {
	meets := func(h, v stroke) bool {
		return h.x0-slack <= v.x1 && v.x0 <= h.x1+slack && v.y0-slack <= h.y1 && h.y0 <= v.y1+slack
	}
	for _, h := range across {
		if n := count(down, func(v stroke) bool { return meets(h, v) }); n >= 2 {
			a = append(a, h)
		}
	}
	for _, v := range down {
		if n := count(a, func(h stroke) bool { return meets(h, v) }); n >= 2 {
			d = append(d, v)
		}
	}
	if len(a) < 2 || len(d) < 2 {
		return nil, nil
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
