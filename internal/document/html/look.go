package html

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// look is how text at a place of the page looks; children inherit it.
type look struct {
	hidden     string // why it is not seen
	invisible  bool   // by visibility, which a child may take back
	colour, bg string // six figures; "" is black on white
	tiny       bool
	struck     bool
	inserted   bool
	bold       bool
	comment    bool
	pre        bool
	noLabels   bool   // list-style: none
	labels     string // list-style-type
}

// why tells why a person does not see text of this look; empty when they do.
func (l look) why() string {
	switch {
	case l.hidden != "":
		return l.hidden
	case l.invisible:
		return "invisible"
	case l.tiny:
		return "letters of two points or less"
	case l.colour != "" && (l.colour == l.bg || light(l.colour) && (l.bg == "" || light(l.bg))):
		return "letters in the colour of the paper"
	}
	return ""
}

func light(hex string) bool {
	n, err := strconv.ParseUint(hex, 16, 32)
	return err == nil && n>>16 >= 0xf4 && n>>8&0xff >= 0xf4 && n&0xff >= 0xf4
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
	}
	id, classes := "", ""
	inline := ""
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			l.hidden = "a hidden element"
		case "color":
			l.colour = colour(a.Val)
		case "bgcolor":
			l.bg = colour(a.Val)
		case "size":
			if n.Data == "font" && a.Val == "0" {
				l.tiny = true
			}
		case "id":
			id = a.Val
		case "class":
			classes = a.Val
		case "style":
			inline = a.Val
		}
	}
	if len(w.sheet) > 0 {
		for _, rule := range w.sheet.matching(n.Data, id, classes) {
			l = l.styled(rule)
		}
	}
	if inline != "" {
		l = l.styled(declarations(inline))
	}
	return l
}

// declaration is one line of a style.
type declaration struct{ property, value string }

func declarations(s string) []declaration {
	var out []declaration
	for part := range strings.SplitSeq(s, ";") {
		property, value, ok := strings.Cut(part, ":")
		if !ok || len(out) >= 100 {
			continue
		}
		value, _, _ = strings.Cut(strings.ToLower(value), "!")
		out = append(out, declaration{strings.ToLower(strings.TrimSpace(property)), strings.TrimSpace(value)})
	}
	return out
}

// styled applies the few properties that decide whether and how text is seen.
func (l look) styled(list []declaration) look {
	small, cut := false, false
	for _, d := range list {
		switch d.property {
		case "display":
			if d.value == "none" {
				l.hidden = "display: none"
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
			if f, err := strconv.ParseFloat(strings.TrimSuffix(d.value, "%"), 64); err == nil && f < 0.1 {
				l.hidden = "letters that are transparent"
			}
		case "font-size":
			if px, ok := pixels(d.value); ok {
				l.tiny = px <= 2.7
			}
		case "font-weight":
			f, err := strconv.Atoi(d.value)
			l.bold = d.value == "bold" || d.value == "bolder" || err == nil && f >= 600
		case "color":
			if strings.HasPrefix(d.value, "transparent") || strings.HasPrefix(d.value, "rgba") && strings.HasSuffix(strings.ReplaceAll(d.value, " ", ""), ",0)") {
				l.hidden = "letters that are transparent"
				continue
			}
			l.colour = colour(d.value)
		case "background", "background-color":
			for word := range strings.FieldsSeq(strings.ReplaceAll(d.value, ", ", ",")) {
				if c := colour(word); c != "" {
					l.bg = c
				}
				if strings.HasPrefix(word, "url(") {
					l.bg = "808080" // a picture: what lies on it may be seen
				}
			}
		case "text-decoration", "text-decoration-line":
			l.struck = strings.Contains(d.value, "line-through")
		case "text-indent", "left", "top", "right", "margin-left", "margin-top":
			if px, ok := pixels(d.value); ok && px <= -900 {
				l.hidden = "outside of the page"
			}
		case "height", "width", "max-height", "max-width":
			if px, ok := pixels(d.value); ok && px <= 1 {
				small = true
			}
		case "overflow":
			cut = d.value == "hidden" || d.value == "clip"
		case "clip":
			if strings.HasPrefix(d.value, "rect(0") || strings.HasPrefix(d.value, "rect(1px") {
				l.hidden = "cut off"
			}
		case "white-space":
			l.pre = d.value == "pre" || d.value == "pre-wrap" || d.value == "pre-line"
		case "list-style", "list-style-type":
			l.labels = d.value
			l.noLabels = strings.Contains(d.value, "none")
		}
	}
	if small && cut {
		l.hidden = "cut off"
	}
	return l
}

// pixels reads a length; points are taken as they are, for what is near nothing is near nothing in both.
func pixels(v string) (float64, bool) {
	v = strings.TrimSpace(v)
	for unit, factor := range map[string]float64{"px": 1, "pt": 1.33, "mm": 3.8, "cm": 38, "in": 96} {
		if n, ok := strings.CutSuffix(v, unit); ok {
			f, err := strconv.ParseFloat(strings.TrimSpace(n), 64)
			return f * factor, err == nil
		}
	}
	for unit, factor := range map[string]float64{"rem": 16, "em": 16, "%": 0.16} {
		if n, ok := strings.CutSuffix(v, unit); ok {
			f, err := strconv.ParseFloat(strings.TrimSpace(n), 64)
			return f * factor, err == nil
		}
	}
	f, err := strconv.ParseFloat(v, 64)
	return f, err == nil
}

// colour gives six figures, or "" for what is not known.
func colour(v string) string {
	v = strings.ToLower(strings.TrimSpace(v))
	if hex, ok := strings.CutPrefix(v, "#"); ok {
		switch len(hex) {
		case 3, 4:
			return string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
		case 6, 8:
			return hex[:6]
		}
		return ""
	}
	if inside, ok := strings.CutPrefix(strings.Replace(v, "rgba(", "rgb(", 1), "rgb("); ok {
		out := ""
		parts := strings.FieldsFunc(strings.TrimSuffix(inside, ")"), func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
		for i := 0; i < 3 && i < len(parts); i++ {
			f, err := strconv.ParseFloat(strings.TrimSuffix(parts[i], "%"), 64)
			if err != nil {
				return ""
			}
			if strings.HasSuffix(parts[i], "%") {
				f *= 2.55
			}
			hex := strconv.FormatInt(int64(max(0, min(255, f))), 16)
			out += strings.Repeat("0", 2-len(hex)) + hex
		}
		if len(out) == 6 {
			return out
		}
		return ""
	}
	switch v {
	case "white", "window":
		return "ffffff"
	case "snow", "ghostwhite", "ivory", "mintcream", "azure", "floralwhite", "whitesmoke":
		return "f8f8f8"
	case "black", "windowtext":
		return "000000"
	case "navy", "darkblue":
		return "000080"
	case "blue":
		return "0000ff"
	case "red":
		return "ff0000"
	case "green":
		return "008000"
	case "gray", "grey":
		return "808080"
	case "silver", "lightgray", "lightgrey":
		return "c0c0c0"
	case "yellow":
		return "ffff00"
	}
	return ""
}

// sheet is the rules of a page's own style sheets that hide or show, by simple selectors: an element, a class, an id.
type sheet map[string][]declaration

const maxRules = 5000

// sheetOf reads the style elements of a page. Rules for other media than the screen, and selectors that ask for more than
// one element, are left alone.
func sheetOf(root *html.Node) sheet {
	out := sheet{}
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		if n.Type == html.ElementNode && n.Data == "style" && n.FirstChild != nil {
			out.read(n.FirstChild.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	visit(root)
	return out
}

func (s sheet) read(css string) {
	css = strings.NewReplacer("<!--", "", "-->", "").Replace(css)
	css = uncommented(css)
	for len(css) > 0 && len(s) < maxRules {
		open := strings.IndexByte(css, '{')
		if open < 0 {
			return
		}
		selectors := strings.TrimSpace(css[:open])
		if strings.HasPrefix(selectors, "@") {
			css = css[open+block(css[open:]):]
			continue
		}
		end := strings.IndexByte(css[open:], '}')
		if end < 0 {
			return
		}
		list := declarations(css[open+1 : open+end])
		for sel := range strings.SplitSeq(selectors, ",") {
			sel = strings.TrimSpace(sel)
			if sel != "" && !strings.ContainsAny(sel, " >+~:[*") {
				s[strings.ToLower(sel)] = append(s[strings.ToLower(sel)], list...)
			}
		}
		css = css[open+end+1:]
	}
}

func uncommented(css string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(css, "/*")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		if _, css, found = strings.Cut(rest, "*/"); !found {
			return out.String()
		}
		out.WriteByte(' ')
	}
}

// block gives the length of a block with what is nested in it.
func block(css string) int {
	depth := 0
	for i := range len(css) {
		switch css[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(css)
}

func (s sheet) matching(element, id, classes string) [][]declaration {
	var out [][]declaration
	add := func(sel string) {
		if list := s[sel]; list != nil {
			out = append(out, list)
		}
	}
	add(element)
	for c := range strings.FieldsSeq(strings.ToLower(classes)) {
		if len(out) > 50 {
			break
		}
		add("." + c)
		add(element + "." + c)
	}
	if id != "" {
		add("#" + strings.ToLower(id))
		add(element + "#" + strings.ToLower(id))
	}
	return out
}
