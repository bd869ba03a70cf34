package scan

import (
	"image/color"
	"math"
	"testing"
)

// Two columns with borders of their own, thin and grey, as word processors draw them; the second is narrow.
func TestTheLinesOfATableAreFoundThinNarrowAndAskew(t *testing.T) {
	t.Parallel()
	columns, rows := [][2]int{{150, 570}, {574, 662}}, []int{380, 415, 450, 485}
	img := drawn(t, append([]string{"CREDITS"}, contract...)...)
	line := color.Gray{Y: 128}
	for _, c := range columns {
		for x := c[0]; x <= c[1]; x++ {
			for _, y := range rows {
				img.Set(x, y, line)
			}
		}
		for y := rows[0]; y <= rows[3]; y++ {
			img.Set(c[0], y, line)
			img.Set(c[1], y, line)
		}
	}
	for _, degrees := range []float64{0, 1.2, -0.7} {
		r := Raster{Width: img.Rect.Dx(), Height: img.Rect.Dy(), DPI: 150, Gray: append([]byte(nil), img.Pix...)}
		r = r.straightened(-degrees * math.Pi / 180).scaled(DPI) // how it was laid on the glass
		r = r.straightened(degrees * math.Pi / 180)
		a, d := linesOf(r)
		for _, c := range columns {
			for _, y := range rows {
				if n := count(a, func(s stroke) bool { return s.x0 <= c[0]*2+20 && c[1]*2-20 <= s.x1 && near(s.y0, y*2) }); n != 1 {
					t.Errorf("askew by %.1f: %d lines across the column %v at %d, in %v", degrees, n, c, y, a)
				}
			}
		}
		if n := count(d, func(s stroke) bool {
			return s.y0 <= rows[0]*2+20 && rows[3]*2-20 <= s.y1 && near(s.x0, columns[1][0]*2)
		}); n == 0 {
			t.Errorf("askew by %.1f: no line between the columns in %v", degrees, d)
		}
		if n := count(append(a, d...), func(s stroke) bool { return s.y0 < rows[0]*2-20 || s.y1 > rows[3]*2+20 }); n > 0 {
			t.Errorf("askew by %.1f: letters were taken for lines of the table: %v, %v", degrees, a, d)
		}
	}
}

func linesOf(r Raster) (a, d []stroke) {
	across, down := r.rules(r.faint(r.threshold()))
	return grid(across, down, r.DPI)
}

func near(a, b int) bool { return max(a-b, b-a) <= 14 }
