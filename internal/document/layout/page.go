// Package layout turns words with boxes into a document: lines, columns, tables, headers and footers, paragraphs over page
// breaks, sections.
//
// It owns what a printed page is before anybody reads it (Page, Word) and everything that is made of it. It does not own
// where the words come from: the text layer of a PDF (document/pdf) and recognised pictures (document/scan) come in alike.
// Invariants: the same pages give the same text; every word of the text has the box that was given with it, as displayed.
//
// Layout of the text: see document.Builder. A paragraph that goes on over a page break is one block, and a table that does is
// one table, each cell on its own page; the headers and footers of the pages it leaves, and the head that a table repeats, stand after
// it, as Header and Footer blocks. Page.Start and Page.End cut the text where
// the page's first line begins, so furniture that stands after a joined paragraph lies in the next page's stretch; the
// page of an offset is exactly told by its Line.
package layout

import (
	"math"

	"github.com/pactloop/pactloop/internal/pact"
)

// Word is a run of characters without white space, with the box that is highlighted for it.
type Word struct {
	Text       string
	Box        pact.Box // points, origin top left, the page upright
	Bold       bool
	Hyphen     bool    // ends with a hyphen that may be only a break; the hyphen is not in Text
	Glue       bool    // goes on from such a word
	Confidence float64 // of recognised words, 0 to 1; 0 for words of a text layer
}

func (w *Word) height() float64 { return w.Box.Bottom - w.Box.Top }
func (w *Word) middle() float64 { return (w.Box.Top + w.Box.Bottom) / 2 }

// Page is what stands on a page before any layout.
type Page struct {
	Number        int     // from 1
	Width, Height float64 // points, upright
	Words         []Word  // in the order of the file
	Rules         []pact.Box
	// Shown says where a point of the upright page is shown; nil where the page is shown upright. A scan that lies on its
	// side is laid out upright, but is shown, and highlighted, as it lies.
	Shown *Turn
}

// Turn is how a page is shown: a quarter turn to the right so many times, then a small angle around its middle.
type Turn struct {
	Quarters int
	Radians  float64
}

// size is the page as displayed.
func (p *Page) size() (width, height float64) {
	if p.Shown != nil && p.Shown.Quarters%2 == 1 {
		return p.Height, p.Width
	}
	return p.Width, p.Height
}

// shown is a box as displayed.
func (p *Page) shown(b pact.Box) pact.Box {
	if p.Shown == nil {
		return b
	}
	out := pact.Box{Left: math.Inf(1), Top: math.Inf(1), Right: math.Inf(-1), Bottom: math.Inf(-1)}
	w, h := p.size()
	for _, c := range [][2]float64{{b.Left, b.Top}, {b.Right, b.Top}, {b.Left, b.Bottom}, {b.Right, b.Bottom}} {
		x, y := p.at(c[0], c[1])
		x, y = max(0, min(x, w)), max(0, min(y, h))
		out = pact.Box{Left: min(out.Left, x), Top: min(out.Top, y), Right: max(out.Right, x), Bottom: max(out.Bottom, y)}
	}
	return Rounded(out)
}

// at turns a point by the small angle around the middle of the upright page, then by quarters.
func (p *Page) at(x, y float64) (float64, float64) {
	sin, cos := math.Sincos(p.Shown.Radians)
	dx, dy := x-p.Width/2, y-p.Height/2
	x, y = p.Width/2+dx*cos-dy*sin, p.Height/2+dx*sin+dy*cos
	w, h := p.Width, p.Height
	for range p.Shown.Quarters & 3 {
		x, y = h-y, x
		w, h = h, w
	}
	return x, y
}

// Union is the box around two.
func Union(a, b pact.Box) pact.Box {
	return pact.Box{Left: min(a.Left, b.Left), Top: min(a.Top, b.Top), Right: max(a.Right, b.Right), Bottom: max(a.Bottom, b.Bottom)}
}

// Rounded keeps hundredths of a point.
func Rounded(b pact.Box) pact.Box {
	r := func(v float64) float64 { return math.Round(v*100) / 100 }
	return pact.Box{Left: r(b.Left), Top: r(b.Top), Right: r(b.Right), Bottom: r(b.Bottom)}
}
