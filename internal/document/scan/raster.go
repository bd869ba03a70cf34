package scan

import (
	"math"
)

// Raster is a picture as grey points.
type Raster struct {
	Width, Height int
	DPI           int
	Gray          []byte // row by row, 0 black, 255 white
}

// MaxPoints bounds one picture: a page of A3 at 600 dpi. What is beyond is refused before it is decoded.
const MaxPoints = 72_000_000

func blank(width, height, dpi int) Raster {
	g := make([]byte, width*height)
	for i := range g {
		g[i] = 255
	}
	return Raster{Width: width, Height: height, DPI: dpi, Gray: g}
}

// turned is the picture turned to the right by quarters.
func (r Raster) turned(quarters int) Raster {
	switch quarters & 3 {
	case 1:
		out := Raster{Width: r.Height, Height: r.Width, DPI: r.DPI, Gray: make([]byte, len(r.Gray))}
		for y := range r.Height {
			row := r.Gray[y*r.Width : (y+1)*r.Width]
			at := r.Height - 1 - y
			for _, v := range row {
				out.Gray[at] = v
				at += r.Height
			}
		}
		return out
	case 2:
		out := Raster{Width: r.Width, Height: r.Height, DPI: r.DPI, Gray: make([]byte, len(r.Gray))}
		for i, v := range r.Gray {
			out.Gray[len(r.Gray)-1-i] = v
		}
		return out
	case 3:
		return r.turned(1).turned(2)
	}
	return r
}

// straightened undoes a skew: lines that fall by the angle to the right become level. The size stays.
func (r Raster) straightened(radians float64) Raster {
	out := blank(r.Width, r.Height, r.DPI)
	sin, cos := math.Sincos(radians)
	cx, cy := float64(r.Width)/2, float64(r.Height)/2
	const one = 1 << 16 // steps along a row are added in fixed point: a page has millions of points
	stepX, stepY := int64(cos*one), int64(sin*one)
	for y := range r.Height {
		dx, dy := -cx, float64(y)-cy
		fx := int64((cx + dx*cos - dy*sin) * one)
		fy := int64((cy + dx*sin + dy*cos) * one)
		row := out.Gray[y*r.Width : (y+1)*r.Width]
		for x := range row {
			sx, sy := int(fx>>16), int(fy>>16)
			if sx >= 0 && sy >= 0 && sx+1 < r.Width && sy+1 < r.Height {
				ax, ay := int(fx&(one-1)), int(fy&(one-1))
				at := sy*r.Width + sx
				top := int(r.Gray[at])*(one-ax) + int(r.Gray[at+1])*ax
				low := int(r.Gray[at+r.Width])*(one-ax) + int(r.Gray[at+r.Width+1])*ax
				row[x] = byte((top>>8*(one-ay) + low>>8*ay) >> 24)
			}
			fx += stepX
			fy += stepY
		}
	}
	return out
}

// scaled is the picture at another resolution, by means of areas when it shrinks and between points when it grows.
func (r Raster) scaled(dpi int) Raster {
	w := max(1, int(math.Round(float64(r.Width)*float64(dpi)/float64(r.DPI))))
	h := max(1, int(math.Round(float64(r.Height)*float64(dpi)/float64(r.DPI))))
	out := Raster{Width: w, Height: h, DPI: dpi, Gray: make([]byte, w*h)}
	fx, fy := float64(r.Width)/float64(w), float64(r.Height)/float64(h)
	for y := range h {
		for x := range w {
			if fx > 1 {
				out.Gray[y*w+x] = r.area(int(float64(x)*fx), int(float64(y)*fy), int(float64(x+1)*fx), int(float64(y+1)*fy))
			} else {
				out.Gray[y*w+x] = r.between((float64(x)+0.5)*fx-0.5, (float64(y)+0.5)*fy-0.5)
			}
		}
	}
	return out
}

func (r Raster) area(x0, y0, x1, y1 int) byte {
	x1, y1 = min(max(x1, x0+1), r.Width), min(max(y1, y0+1), r.Height)
	sum := 0
	for y := y0; y < y1; y++ {
		for _, v := range r.Gray[y*r.Width+x0 : y*r.Width+x1] {
			sum += int(v)
		}
	}
	return byte(sum / max(1, (x1-x0)*(y1-y0)))
}

func (r Raster) between(x, y float64) byte {
	x, y = max(0, min(x, float64(r.Width-1))), max(0, min(y, float64(r.Height-1)))
	x0, y0 := int(x), int(y)
	x1, y1 := min(x0+1, r.Width-1), min(y0+1, r.Height-1)
	ax, ay := x-float64(x0), y-float64(y0)
	at := func(x, y int) float64 { return float64(r.Gray[y*r.Width+x]) }
	return byte((at(x0, y0)*(1-ax)+at(x1, y0)*ax)*(1-ay) + (at(x0, y1)*(1-ax)+at(x1, y1)*ax)*ay + 0.5)
}

// threshold parts ink from paper where the two groups of greys lie farthest apart (Otsu).
func (r Raster) threshold() byte {
	var hist [256]int
	for _, v := range r.Gray {
		hist[v]++
	}
	total, sum := len(r.Gray), 0.0
	for i, n := range hist {
		sum += float64(i) * float64(n)
	}
	best, at, below, sumBelow := 0.0, 127, 0, 0.0
	for i, n := range hist {
		below += n
		sumBelow += float64(i) * float64(n)
		if below == 0 || below == total {
			continue
		}
		d := sumBelow/float64(below) - (sum-sumBelow)/float64(total-below)
		if v := float64(below) * float64(total-below) * d * d; v > best {
			best, at = v, i
		}
	}
	return byte(min(at, 200))
}

// faint is half way from ink to the usual grey of the paper: borders of tables are often thinner, or lighter, than letters.
func (r Raster) faint(limit byte) byte {
	var hist [256]int
	for _, v := range r.Gray {
		if v > limit {
			hist[v]++
		}
	}
	paper := int(limit)
	for v, n := range hist {
		if n > hist[paper] {
			paper = v
		}
	}
	return byte((int(limit) + paper) / 2)
}

// ink is the share of dark points.
func (r Raster) ink(limit byte) float64 {
	n := 0
	for _, v := range r.Gray {
		if v <= limit {
			n++
		}
	}
	return float64(n) / float64(max(1, len(r.Gray)))
}
