package docx

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/scan"
	"github.com/pactloop/pactloop/internal/pact"
)

// frame is how large a drawing is shown, in inches, and the picture that was found in it last.
type frame struct {
	width, height float64
	last          *scan.Embedded
}

const (
	perInch      = 914_400 // English metric units
	maxPictures  = 2000
	wholePicture = 100_000 // of a crop, in thousandths of a percent
)

// side is a length of the style of an old drawing.
var side = regexp.MustCompile(`(?:^|;)\s*(width|height):\s*([0-9.]+)(pt|in|cm|mm)`)

// pictured looks at an element of a drawing. A picture that a person sees follows the paragraph it is anchored in, as text
// boxes do; what is deleted, hidden or the code of a field is none.
func (s *scope) pictured(g *paragraph, e element) {
	f := s.frame
	if f == nil {
		return
	}
	switch e.local {
	case "extent":
		f.width, f.height = lengthOf(e, "cx")/perInch, lengthOf(e, "cy")/perInch
	case "shape", "rect":
		for _, m := range side.FindAllStringSubmatch(e.attr("style"), 4) {
			n, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				continue
			}
			inches := n / map[string]float64{"pt": 72, "in": 1, "cm": 2.54, "mm": 25.4}[m[3]]
			if m[1] == "width" {
				f.width = inches
			} else {
				f.height = inches
			}
		}
	case "blip", "imagedata":
		id := e.attr("embed")
		if e.local == "imagedata" {
			id = e.attr("id")
		}
		if s.gone == nil && !slices.Contains(*s.fields, true) {
			s.embedded(g, id)
		}
	case "srcRect":
		if f.last != nil {
			f.last.Crop = pact.Box{Left: lengthOf(e, "l") / wholePicture, Top: lengthOf(e, "t") / wholePicture, Right: lengthOf(e, "r") / wholePicture, Bottom: lengthOf(e, "b") / wholePicture}
		}
	}
}

// embedded keeps a picture of the part that is being read.
func (s *scope) embedded(g *paragraph, id string) {
	w := s.w
	if w.rels == nil {
		rels, err := w.archive.relations(w.at)
		if err != nil {
			return // a part whose table can not be read shows no picture
		}
		w.rels = rels
	}
	part := w.rels.target(id)
	if part == "" || w.archive.parts[part] == nil || len(w.pictures) >= maxPictures {
		return
	}
	a := w.archive
	w.pictures = append(w.pictures, scan.Embedded{Open: func() ([]byte, error) { return a.bytes(part) }, Width: s.frame.width, Height: s.frame.height})
	s.frame.last = &w.pictures[len(w.pictures)-1]
	g.boxes = append(g.boxes, item{block: document.Block{Kind: s.kind}, picture: len(w.pictures)})
}

// lengthOf is a size of a drawing, 0 where it is none.
func lengthOf(e element, attribute string) float64 {
	n, err := strconv.ParseInt(e.attr(attribute), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return float64(n)
}
