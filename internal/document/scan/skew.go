package scan

import "math"

// How a page lies is told by its baselines: the lower edges of letters gather in few rows when text is level, and are spread
// when it is not.

const (
	skewDPI  = 100
	maxSkew  = 6.0  // degrees
	leastFix = 0.15 // degrees: less is not worth turning the picture
)

type spot struct{ x, y float64 }

// edges gives the lower edges of ink, and the right edges with their axes changed.
func edges(r Raster, limit byte) (lower, right []spot) {
	for y := 0; y+1 < r.Height; y++ {
		for x := 0; x+1 < r.Width; x++ {
			at := y*r.Width + x
			if r.Gray[at] > limit {
				continue
			}
			if r.Gray[at+r.Width] > limit {
				lower = append(lower, spot{float64(x), float64(y)})
			}
			if r.Gray[at+1] > limit {
				right = append(right, spot{float64(r.Height - 1 - y), float64(x)})
			}
		}
	}
	return thin(lower), thin(right)
}

// thin keeps at most some ten thousands, evenly.
func thin(s []spot) []spot {
	const most = 40_000
	if len(s) <= most {
		return s
	}
	out := make([]spot, 0, most)
	for i := range most {
		out = append(out, s[i*len(s)/most])
	}
	return out
}

// gathered tells how strongly the edges gather in rows that fall by the angle.
func gathered(s []spot, degrees float64, rows []int) float64 {
	clear(rows)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	offset := float64(len(rows)) / 4
	for _, p := range s {
		if at := int(p.y*cos - p.x*sin + offset); at >= 0 && at < len(rows) {
			rows[at]++
		}
	}
	score := 0.0
	for i := 1; i < len(rows); i++ {
		d := float64(rows[i] - rows[i-1])
		score += d * d
	}
	return score
}

// level finds the angle by which lines fall to the right, in degrees, and how strongly the edges gather there.
func level(s []spot, extent int) (degrees, score float64) {
	rows := make([]int, 2*extent+16)
	try := func(from, to, step float64) {
		for a := from; a <= to+1e-9; a += step {
			if v := gathered(s, a, rows); v > score {
				degrees, score = a, v
			}
		}
	}
	try(-maxSkew, maxSkew, 0.5)
	mid := degrees
	try(mid-0.45, mid+0.45, 0.05)
	return degrees, score
}

// lie tells how the picture lies: on its side or not, and by how many degrees lines fall to the right, seen after the
// turn that puts a picture that lies on its side (its top to the left) upright.
func (r Raster) lie() (sideways bool, degrees float64) {
	small := r
	if r.DPI > skewDPI {
		small = r.scaled(skewDPI)
	}
	lower, right := edges(small, small.threshold())
	if len(lower) < 50 {
		return false, 0
	}
	extent := max(small.Width, small.Height)
	flat, score := level(lower, extent)
	steep, other := level(right, extent)
	// Per point squared, so that the kind with more edges has no advantage.
	if other/float64(len(right)*len(right)+1) > 1.6*score/float64(len(lower)*len(lower)+1) {
		return true, steep
	}
	return false, flat
}
