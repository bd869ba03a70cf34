package html

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/pactloop/pactloop/internal/document"
)

// look is how text at a place of the page looks; children inherit it.
type look struct {
	hidden     string  // why it is not seen
	invisible  bool    // by visibility, which a child may take back
	undecided  bool    // a style speaks about it in a way that is not followed here
	colour, bg string  // six figures; "" is black on white
	onPicture  bool    // a picture that is not fetched lies behind it
	shades     string  // the colours of a gradient that lies behind it
	size, root float64 // of the letters, and of those that rem counts by: pixels
	struck     bool
	inserted   bool
	bold       bool
	comment    bool
	pre        bool
	noLabels   bool   // list-style: none
	labels     string // list-style-type
}

// plainLook is how a page looks without any style.
func plainLook() look { return look{size: 16, root: 16, colour: "000000", bg: "ffffff"} }

const tiny = 2.7 // pixels: two points

// why tells why a person does not see text of this look; empty when they do.
func (l look) why() string {
	switch {
	case l.hidden != "":
		return l.hidden
	case l.invisible:
		return "invisible"
	case l.size <= tiny:
		return "letters of two points or less"
	case !l.onPicture && document.Alike(l.colour, l.bg):
		return "letters in the colour of the paper"
	}
	return ""
}

// doubtful tells whether it can not be said that a person sees text of this look.
func (l look) doubtful() bool {
	if l.undecided || l.onPicture && document.Alike(l.colour, l.bg) {
		return true
	}
	if l.onPicture {
		for word := range strings.FieldsFuncSeq(l.shades, func(r rune) bool { return r == ' ' || r == ',' || r == ')' }) {
			if c := colour(word); c.known && document.Alike(l.colour, c.hex) {
				return true
			}
		}
	}
	return false
}

// of gives the look inside an element.
func (w *Writer) of(n *html.Node, l look) look {
	switch n.Data {
	case "b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6":
		l.bold = true
	case "del", "s", "strike":
		l.struck = true
	case "ins":
		l.inserted = true
	case "pre", "listing", "xmp", "plaintext":
		l.pre = true
	case "bdo": // turns letters around
		l.undecided = true
	case "dialog":
		if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "open" }) {
			l.hidden = "a closed dialogue"
		}
	}
	inline := ""
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			l.hidden = "a hidden element"
		case "popover":
			l.hidden = "an element that is shown when asked for"
		case "color":
			if c := colour(a.Val); c.known {
				l.colour = c.hex
			}
		case "bgcolor":
			if c := colour(a.Val); c.known {
				l.bg, l.onPicture = c.hex, false
			}
		case "background":
			l.onPicture = true
		case "size":
			if n.Data == "font" && a.Val == "0" {
				l.size = 0
			}
		case "style":
			inline = a.Val
		}
	}
	list := w.sheet.matching(n)
	if inline != "" {
		list = append(list, declarations(inline)...)
	}
	if len(list) > 0 {
		l = l.styled(w.sheet.resolved(cascaded(list)))
	}
	if n.Data == "html" {
		l.root = l.size
	}
	return l
}

// declaration is one line of a style.
type declaration struct {
	property, value string
	important       bool
}

func declarations(s string) []declaration {
	var out []declaration
	for part := range strings.SplitSeq(uncommented(s), ";") {
		property, value, ok := strings.Cut(part, ":")
		if !ok || len(out) >= 100 {
			continue
		}
		value, mark, _ := strings.Cut(strings.ToLower(value), "!")
		out = append(out, declaration{strings.ToLower(strings.TrimSpace(property)), strings.TrimSpace(value), strings.TrimSpace(mark) == "important"})
	}
	return out
}

// cascaded keeps of each property what wins: important ones over others, later ones over earlier ones.
func cascaded(list []declaration) []declaration {
	sorted := make([]declaration, 0, len(list))
	for _, important := range []bool{false, true} {
		for _, d := range list {
			if d.important == important {
				sorted = append(sorted, d)
			}
		}
	}
	last := map[string]int{}
	for i, d := range sorted {
		last[d.property] = i
	}
	out := sorted[:0]
	for i, d := range sorted {
		if last[d.property] == i {
			out = append(out, d)
		}
	}
	return out
}

// decides are the properties of which an unknown value leaves open whether text is seen.
var decides = regexp.MustCompile(`^(?:display|visibility|opacity|font-size|font|color|-webkit-text-fill-color|background|background-color|clip-path)$`)

var (
	function  = regexp.MustCompile(`([a-z0-9-]+)\(([^()]*)\)`)
	variables = regexp.MustCompile(`var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)`)
)

// styled applies the few properties that decide whether and how text is seen.
func (l look) styled(list []declaration) look {
	small, cut, aside := false, false, false
	pushed := push{}
	parent := l.size
	for _, d := range list { // lengths of the others count in letters of this size
		switch d.property {
		case "font-size":
			l.size = sized(d.value, parent, l)
		case "font":
			for word := range strings.FieldsSeq(d.value) {
				before, _, _ := strings.Cut(word, "/")
				if size := sized(before, parent, look{size: -1, root: l.root}); size >= 0 {
					l.size = size
					break
				}
			}
		}
	}
	far := func(v string) (float64, bool) { return length(v, l.size, l.root, 10) }
	for _, d := range list {
		if strings.Contains(d.property+d.value, `\`) || decides.MatchString(d.property) && (strings.Contains(d.value, "var(") || strings.Contains(d.value, "calc(") || strings.Contains(d.value, "clamp(") || strings.HasPrefix(d.value, "min(") || strings.HasPrefix(d.value, "max(")) {
			l.undecided = true
			continue
		}
		switch d.property {
		case "display":
			if d.value == "none" {
				l.hidden = "display: none"
			}
		case "content-visibility":
			if d.value == "hidden" {
				l.hidden = "invisible"
			}
		case "visibility":
			l.invisible = d.value == "hidden" || d.value == "collapse"
		case "mso-hide":
			if d.value == "all" {
				l.hidden = "hidden letters"
			}
		case "mso-element":
			l.comment = l.comment || strings.HasPrefix(d.value, "comment")
		case "opacity":
			if share(d.value) < 0.1 {
				l.hidden = "letters that are transparent"
			}
		case "filter", "-webkit-filter":
			l = l.filtered(d.value)
		case "mask", "mask-image", "-webkit-mask", "-webkit-mask-image", "mix-blend-mode", "animation", "animation-name", "-webkit-animation":
			// Only a browser knows what these leave to be seen.
			l.undecided = l.undecided || d.value != "none" && d.value != "normal" && d.value != "initial" && !strings.HasPrefix(d.value, "none ")
		case "font-weight":
			f, err := strconv.Atoi(d.value)
			l.bold = d.value == "bold" || d.value == "bolder" || err == nil && f >= 600
		case "letter-spacing":
			if px, ok := length(d.value, l.size, l.root, 0); ok && px <= -0.5*l.size {
				l.hidden = "letters without width"
			}
		case "color", "-webkit-text-fill-color":
			c := colour(d.value)
			switch {
			case c.known && c.alpha < 0.1:
				l.hidden = "letters that are transparent"
			case c.known:
				l.colour = c.hex
			case d.value == "initial":
				l.colour = "000000"
			case strings.Contains(d.value, "("):
				l.undecided = true
			}
		case "background", "background-color", "background-image":
			l = l.behind(d.value)
		case "text-decoration", "text-decoration-line":
			l.struck = strings.Contains(d.value, "line-through")
		case "margin", "margin-left", "margin-top", "margin-inline", "margin-inline-start", "margin-block", "margin-block-start",
			"padding", "padding-left", "padding-top", "padding-inline", "padding-inline-start", "padding-block", "padding-block-start":
			pushed.by(d, far)
		case "text-indent", "left", "top", "right", "bottom", "inset", "inset-inline", "inset-block", "inset-inline-start", "inset-inline-end", "inset-block-start", "inset-block-end":
			for part := range strings.FieldsSeq(d.value) {
				px, ok := far(part)
				if ok && (px <= -900 || px >= 5000) {
					l.hidden = "outside of the page"
				}
				aside = aside || d.property == "text-indent" && strings.HasSuffix(part, "%") && px >= 1000
			}
		case "line-height":
			// Without a unit it counts in letters.
			if px, ok := length(d.value+unitless(d.value), l.size, l.root, l.size/100); ok && px <= 1 {
				small = true
			}
		case "height", "width", "max-height", "max-width", "block-size", "inline-size", "max-block-size", "max-inline-size":
			if px, ok := length(d.value, l.size, l.root, 10); ok && px <= 1 {
				small = true
			}
		case "overflow", "overflow-x", "overflow-y", "overflow-block", "overflow-inline":
			cut = cut || strings.Contains(d.value, "hidden") || strings.Contains(d.value, "clip")
		case "clip":
			if strings.HasPrefix(d.value, "rect(0") || strings.HasPrefix(d.value, "rect(1px") {
				l.hidden = "cut off"
			}
		case "clip-path", "-webkit-clip-path":
			l = l.clipped(d.value)
		case "transform", "-webkit-transform", "scale", "translate", "zoom":
			l = l.moved(d)
		case "unicode-bidi":
			l.undecided = l.undecided || strings.Contains(d.value, "override")
		case "white-space":
			l.pre = d.value == "pre" || d.value == "pre-wrap" || d.value == "pre-line"
		case "list-style", "list-style-type":
			l.labels = d.value
			l.noLabels = strings.Contains(d.value, "none")
		}
	}
	if pushed.out() {
		l.hidden = "outside of the page"
	}
	if (small || aside) && cut {
		l.hidden = "cut off"
	}
	return l
}

// push is how far words are moved to the right and down by margins and paddings, which make up for one another: a bar over the whole
// width of a window is made of a wide padding in a margin that is as far outside.
type push map[[2]string]float64

func (p push) by(d declaration, far func(string) (float64, bool)) {
	kind, side, _ := strings.Cut(d.property, "-")
	parts := strings.Fields(d.value)
	if len(parts) == 0 {
		return
	}
	set := func(axis, value string) {
		px, ok := far(value)
		if !ok {
			px = 0
		}
		p[[2]string{axis, kind}] = px
	}
	switch side {
	case "":
		set("down", parts[0])
		set("right", parts[[]int{0, 1, 1, 3}[min(len(parts), 4)-1]])
	case "left", "inline", "inline-start":
		set("right", parts[0])
	default:
		set("down", parts[0])
	}
}

func (p push) out() bool {
	for _, axis := range []string{"right", "down"} {
		if px := p[[2]string{axis, "margin"}] + p[[2]string{axis, "padding"}]; px <= -900 || px >= 5000 {
			return true
		}
	}
	return false
}

// unitless is the unit of a number that has none.
func unitless(v string) string {
	if _, err := strconv.ParseFloat(v, 64); err == nil {
		return "em"
	}
	return ""
}

// filtered reads what is done to the picture of the letters.
func (l look) filtered(value string) look {
	for _, f := range function.FindAllStringSubmatch(value, -1) {
		switch f[1] {
		case "opacity":
			if share(f[2]) < 0.1 {
				l.hidden = "letters that are transparent"
			}
		case "blur":
			if px, ok := length(f[2], l.size, l.root, 0); ok && px >= l.size/2 {
				l.hidden = "letters that are blurred"
			}
		case "drop-shadow", "grayscale", "sepia", "saturate", "hue-rotate":
		default: // brightness and contrast, inversion, filters of the page's own
			l.undecided = l.undecided || share(f[2]) != 1 || f[1] == "url"
		}
	}
	return l
}

// behind reads what lies behind the letters.
func (l look) behind(value string) look {
	l.shades = ""
	if strings.Contains(value, "url(") || strings.Contains(value, "gradient(") {
		l.onPicture = true
	}
	if _, shades, ok := strings.Cut(value, "gradient("); ok {
		l.shades = shades
	}
	if c := colour(value); c.known { // also functions with blanks in them
		if c.alpha > 0.1 {
			l.bg, l.onPicture = c.hex, false
		}
		return l
	}
	for word := range strings.FieldsSeq(strings.ReplaceAll(value, ", ", ",")) {
		if c := colour(word); c.known && c.alpha > 0.1 {
			l.bg = c.hex
		}
	}
	return l
}

// clipped reads the shape that letters are cut to.
func (l look) clipped(value string) look {
	if value == "none" || value == "inherit" || value == "initial" || value == "unset" {
		return l
	}
	f := function.FindStringSubmatch(value)
	if f == nil {
		l.undecided = true
		return l
	}
	first, _, _ := strings.Cut(strings.TrimSpace(f[2]), " ")
	n, ok := length(first, l.size, l.root, 1)
	switch {
	case f[1] == "inset" && ok && (strings.HasSuffix(first, "%") && n >= 50 || n >= 900):
		l.hidden = "cut off"
	case (f[1] == "circle" || f[1] == "ellipse") && ok && n < 1:
		l.hidden = "cut off"
	case f[1] == "inset" && ok && n <= 0:
	default:
		l.undecided = true
	}
	return l
}

// moved reads where, and how large, letters are drawn in the end.
func (l look) moved(d declaration) look {
	calls := function.FindAllStringSubmatch(d.value, -1)
	if d.property == "scale" || d.property == "translate" || d.property == "zoom" {
		if d.value == "none" || d.value == "normal" {
			return l
		}
		calls = [][]string{{"", strings.Replace(d.property, "zoom", "scale", 1), d.value}}
	}
	for _, f := range calls {
		for i, word := range strings.FieldsFunc(f[2], func(r rune) bool { return r == ',' || r == ' ' }) {
			switch {
			case strings.HasPrefix(f[1], "scale"), f[1] == "matrix" && (i == 0 || i == 3):
				if s := share(word); s > -0.1 && s < 0.1 && !(f[1] == "matrix" && strings.Contains(f[2], "1")) {
					l.hidden = "drawn at no size"
				}
			case strings.HasPrefix(f[1], "translate"):
				if px, ok := length(word, l.size, l.root, 10); ok && (px <= -900 || px >= 5000) {
					l.hidden = "outside of the page"
				}
			case f[1] == "rotatex", f[1] == "rotatey":
				if word == "90deg" || word == "-90deg" || word == "270deg" || word == "0.25turn" {
					l.hidden = "turned away"
				}
			}
		}
	}
	return l
}

// share reads a number or a percentage; what is none is 1.
func share(v string) float64 {
	v = strings.TrimSpace(v)
	n, percent := strings.CutSuffix(v, "%")
	f, err := strconv.ParseFloat(n, 64)
	switch {
	case err != nil:
		return 1
	case percent:
		return f / 100
	}
	return f
}

// sized gives the size of letters, counted from that of the element around; what is not understood leaves l's.
func sized(v string, parent float64, l look) float64 {
	switch v {
	case "xx-small":
		return 9
	case "x-small":
		return 10
	case "small":
		return 13
	case "medium", "initial":
		return 16
	case "large":
		return 18
	case "x-large":
		return 24
	case "xx-large", "xxx-large":
		return 32
	case "smaller":
		return parent / 1.2
	case "larger":
		return parent * 1.2
	}
	if px, ok := length(v, parent, l.root, parent/100); ok && px >= 0 {
		return px
	}
	return l.size
}

// length reads a length in pixels; em, rem and percent are what one of these is. Longer units come first: rem ends in em.
func length(v string, em, rem, percent float64) (float64, bool) {
	v = strings.TrimSpace(v)
	for _, u := range []struct {
		name   string
		factor float64
	}{{"vmin", 8}, {"vmax", 10}, {"rem", rem}, {"em", em}, {"ex", em / 2}, {"ch", em / 2}, {"px", 1}, {"pt", 4.0 / 3}, {"pc", 16}, {"mm", 3.78}, {"cm", 37.8}, {"in", 96}, {"vw", 12.8}, {"vh", 8}, {"%", percent}} {
		if n, ok := strings.CutSuffix(v, u.name); ok {
			f, err := strconv.ParseFloat(strings.TrimSpace(n), 64)
			return f * u.factor, err == nil
		}
	}
	f, err := strconv.ParseFloat(v, 64)
	return f, err == nil
}
