package docx

import (
	"cmp"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// What is set off the page, or has no room, is not seen. The limits are wide: no page of Word is longer than 22 inches, and what a
// letter pushes out of its margin, or a separator makes narrow, stays far within them.

const (
	longestPage = 31_680 // twips, the longest page of Word
	leastLine   = 40     // twips: two points
	leastBox    = 25_400 // of a box: two points
	offMargin   = 2      // inches that a box may lie out of what it is placed by
)

const offPage = "off the page"

// twips reads a length in twentieths of a point, or with a unit.
func twips(v string) float64 {
	unit := 1.0
	for name, n := range map[string]float64{"pt": 20, "in": 1440, "cm": 1440 / 2.54, "mm": 144 / 2.54} {
		if rest, ok := strings.CutSuffix(v, name); ok {
			v, unit = rest, n
		}
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsNaN(n) {
		return 0
	}
	return n * unit
}

// lowLine tells whether lines are set to a height in which nobody reads.
func lowLine(e element) bool {
	return e.attr("lineRule") == "exact" && e.attr("line") != "" && twips(e.attr("line")) <= leastLine
}

// indent is where lines begin.
func indent(e element) float64 { return cmp.Or(twips(e.attr("left")), twips(e.attr("start"))) }

// pageWidth finds the widest page of a document, in twips.
func pageWidth(part []byte) float64 {
	widest := 0.0
	for _, m := range pageSize.FindAllSubmatch(part, 1000) {
		widest = max(widest, twips(string(m[1])))
	}
	if widest <= 0 {
		return longestPage
	}
	return widest
}

var pageSize = regexp.MustCompile(`<w:pgSz\s[^>]*?w:w="([0-9.]{1,8})"`)

// framed tells whether a frame, or a table that floats, is placed off the page by its attributes.
func framed(x, y string, e element) bool {
	for _, name := range []string{x, y} {
		if n := twips(e.attr(name)); n > longestPage || n < -longestPage/2 {
			return true
		}
	}
	return false
}

// spot is where a drawing is placed while it is read.
type spot struct {
	offset [2]float64
	axis   int
}

// at takes an element of a placed drawing, and says why nobody sees what it holds.
func (o *spot) at(p *parser, e element) (string, error) {
	switch e.local {
	case "positionH", "positionV":
		o.axis = 0
		if e.local == "positionV" {
			o.axis = 1
		}
		from := e.attr("relativeFrom")
		return "", p.children(func(e element) error {
			if e.local != "posOffset" {
				return nil
			}
			text, err := p.text()
			n, bad := strconv.ParseFloat(strings.TrimSpace(text), 64)
			if bad != nil || math.IsNaN(n) {
				return err
			}
			if from != "page" && n < 0 {
				n += offMargin * perInch
			}
			o.offset[o.axis] = n
			return err
		})
	case "extent":
		for axis, name := range []string{"cx", "cy"} {
			size := lengthOf(e, name)
			switch {
			case size <= leastBox:
				return "a box without room", nil
			case o.offset[axis]+size <= 0, o.offset[axis] > longestPage/1440*perInch:
				return offPage, nil
			}
		}
	}
	return "", nil
}

// placed is a place or a size of the style of an old drawing.
var placed = regexp.MustCompile(`(?:^|;)\s*(margin-left|margin-top|left|top|width|height):\s*(-?[0-9.]+)(pt|in|cm|mm)?`)

// shared is a size as a share of the page, in tenths of a per cent: two figures are a per cent and more.
var shared = regexp.MustCompile(`(?:^|;)\s*mso-(width|height)-percent:\s*[1-9][0-9]+`)

// styled says why nobody sees an old drawing of this style.
func styled(style string) string {
	if strings.Contains(strings.ReplaceAll(style, " ", ""), "visibility:hidden") {
		return "a hidden box"
	}
	shares := map[string]bool{}
	for _, m := range shared.FindAllStringSubmatch(style, 4) {
		shares[m[1]] = true
	}
	for _, m := range placed.FindAllStringSubmatch(style, 12) {
		n := twips(m[2] + m[3])
		switch size := m[1] == "width" || m[1] == "height"; {
		case shares[m[1]]: // what else is said of it does not count
		case size && m[3] != "" && n <= leastLine:
			return "a box without room"
		case !size && m[3] != "" && (n > longestPage || n < -longestPage/2):
			return offPage
		}
	}
	return ""
}
