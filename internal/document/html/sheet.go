package html

import (
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// rule is what a style sheet says about the elements of one selector.
type rule struct {
	selector cascadia.Sel
	cost     int
	list     []declaration
}

// sheet is the rules of a page's own style sheets, by what the last part of their selector names: an id, a class or an
// element; "*" where it names none.
type sheet struct {
	rules      []rule
	by         map[string][]int
	variables  map[string]string // "" where it has several values
	unfollowed bool              // a rule that hides is not followed
	outside    bool              // the page names sheets that are not in it
	work       int               // how often selectors were tried
}

const (
	maxRules = 5000
	maxWork  = 20_000_000
	maxSteps = 5 // parts of a selector
)

// sheetOf reads the style elements of a page.
func sheetOf(root *html.Node) *sheet {
	s := &sheet{by: map[string][]int{}, variables: map[string]string{}}
	s.visit(root)
	slices.SortStableFunc(s.rules, func(a, b rule) int {
		x, y := a.selector.Specificity(), b.selector.Specificity()
		return slices.Compare(x[:], y[:])
	})
	for i, r := range s.rules {
		key := lastName(r.selector.String())
		s.by[key] = append(s.by[key], i)
	}
	return s
}

// singledOut tells whether a part of the text, and not all of it, stands in an element with a class or an id: that is how a
// style sheet picks out words to hide. A page of bare paragraphs, or with one class around everything, is seen whole or not at all.
func singledOut(root *html.Node) bool {
	sizes := map[*html.Node]int{}
	total := sizeOf(root, sizes)
	for n, size := range sizes {
		if size > 0 && size < total {
			for _, a := range n.Attr {
				if (a.Key == "class" || a.Key == "id") && strings.TrimSpace(a.Val) != "" {
					return true
				}
			}
		}
	}
	return false
}

// sizeOf counts the letters of each element's text, white space apart.
func sizeOf(n *html.Node, sizes map[*html.Node]int) int {
	if n.Type == html.TextNode {
		size := 0
		for _, word := range strings.Fields(n.Data) {
			size += len(word)
		}
		return size
	}
	if n.Type == html.ElementNode {
		switch n.Data {
		case "head", "script", "style", "template", "noscript":
			return 0
		}
	}
	size := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		size += sizeOf(c, sizes)
	}
	sizes[n] = size
	return size
}

func (s *sheet) visit(n *html.Node) {
	if n.Type == html.ElementNode {
		kind, query := "", ""
		for i, a := range n.Attr {
			switch a.Key {
			case "class", "id": // old pages are not exact in this
				n.Attr[i].Val = strings.ToLower(a.Val)
			case "rel":
				kind = strings.ToLower(a.Val)
			case "media":
				query = a.Val
			case "style":
				s.define(declarations(a.Val))
			}
		}
		shown, known := media(query)
		switch {
		case n.Data == "link" && slices.Contains(strings.Fields(kind), "stylesheet"):
			s.outside = s.outside || shown || !known
		case n.Data == "style" && n.FirstChild != nil:
			css := uncommented(strings.NewReplacer("<!--", "", "-->", "").Replace(n.FirstChild.Data))
			switch {
			case shown:
				s.read(css, 0)
			case !known:
				s.drop(css)
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.visit(c)
	}
}

// define keeps the variables that a list sets.
func (s *sheet) define(list []declaration) {
	for _, d := range list {
		if !strings.HasPrefix(d.property, "--") {
			continue
		}
		if before, known := s.variables[d.property]; known && before != d.value {
			d.value = "" // which one counts depends on the place
		}
		if len(s.variables) < maxRules {
			s.variables[d.property] = d.value
		}
	}
}

// resolved puts the values of variables in.
func (s *sheet) resolved(list []declaration) []declaration {
	for i, d := range list {
		for step := 0; step < 5 && strings.Contains(d.value, "var("); step++ {
			d.value = variables.ReplaceAllStringFunc(d.value, func(call string) string {
				m := variables.FindStringSubmatch(call)
				value, known := s.variables[m[1]]
				switch {
				case known && value != "":
					return value
				case !known && strings.TrimSpace(m[2]) != "":
					return m[2]
				}
				return call
			})
			if len(d.value) > 1000 {
				break
			}
		}
		list[i] = d
	}
	return list
}

// read takes the rules of a sheet, or of a block in it.
func (s *sheet) read(css string, depth int) {
	for {
		css = strings.TrimSpace(css)
		open, semicolon := strings.IndexByte(css, '{'), strings.IndexByte(css, ';')
		if strings.HasPrefix(css, "@") && semicolon >= 0 && (open < 0 || semicolon < open) {
			s.outside = s.outside || strings.HasPrefix(strings.ToLower(css), "@import")
			css = css[semicolon+1:]
			continue
		}
		if open < 0 {
			s.outside = s.outside || strings.HasPrefix(strings.ToLower(css), "@import")
			return
		}
		size := block(css[open:]) // browsers close what is open at the end
		head, inside := strings.TrimSpace(css[:open]), strings.TrimSuffix(css[open+1:open+size], "}")
		css = css[open+size:]
		switch {
		case strings.HasPrefix(head, "@"):
			s.at(strings.ToLower(head), inside, depth)
		case strings.Contains(inside, "{"), len(s.rules) >= maxRules:
			s.drop(inside)
		default:
			s.rule(head, declarations(inside))
		}
	}
}

// at reads a rule with a condition.
func (s *sheet) at(head, inside string, depth int) {
	name, condition, _ := strings.Cut(head, " ")
	if i := strings.IndexByte(name, '('); i > 0 {
		name, condition = name[:i], head[i:]
	}
	switch name {
	case "@font-face", "@page", "@keyframes", "@-webkit-keyframes", "@-moz-keyframes", "@counter-style", "@property", "@font-feature-values", "@font-palette-values", "@list":
	case "@media":
		shown, known := media(condition)
		switch {
		case shown && depth < 10:
			s.read(inside, depth+1)
		case !known || shown:
			s.drop(inside)
		}
	default: // conditions that only a browser can answer
		s.drop(inside)
	}
}

func (s *sheet) rule(head string, list []declaration) {
	s.define(list)
	for _, text := range separated(head) {
		if !strings.ContainsAny(text, "[\\") {
			text = strings.ToLower(text)
		}
		selector, err := cascadia.ParseWithPseudoElement(text)
		switch steps := len(combinators.FindAllString(strings.TrimSpace(text), -1)); {
		case err != nil || steps > maxSteps:
			s.unfollowed = s.unfollowed || s.hides(list)
		case selector.PseudoElement() == "first-line" || selector.PseudoElement() == "first-letter":
			s.unfollowed = s.unfollowed || s.hides(list)
		case selector.PseudoElement() == "": // others make no text
			cost := 1 + steps*steps
			if strings.ContainsAny(text, ":+~") {
				cost += 100
			}
			s.rules = append(s.rules, rule{selector, cost, list})
		}
	}
}

var (
	combinators = regexp.MustCompile(`\s*[ >+~]\s*`)
	lastPart    = regexp.MustCompile(`(?:^|[\s>+~])([a-z0-9]*)((?:[.#][\w-]+)*)$`)
)

// lastName is what an element must be called for the selector to fit.
func lastName(selector string) string {
	m := lastPart.FindStringSubmatch(selector)
	switch {
	case m == nil || m[0] == "":
		return "*"
	case m[2] != "":
		return m[2][strings.LastIndexAny(m[2], ".#"):]
	case m[1] != "":
		return m[1]
	}
	return "*"
}

// separated parts a list of selectors; commas in brackets part nothing.
func separated(head string) []string {
	var out []string
	depth, from := 0, 0
	for i := range len(head) {
		switch head[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(head[from:i]))
				from = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(head[from:]))
}

// drop leaves rules out, and remembers when one of them hides.
func (s *sheet) drop(css string) {
	for part := range strings.FieldsFuncSeq(css, func(r rune) bool { return r == '{' || r == '}' }) {
		s.unfollowed = s.unfollowed || s.hides(declarations(part))
	}
}

// hides tells whether the list would hide plain text, or may.
func (s *sheet) hides(list []declaration) bool {
	l := plainLook().styled(s.resolved(cascaded(list)))
	return l.why() != "" || l.doubtful()
}

// matching gives what the rules say about an element, the weakest first.
func (s *sheet) matching(n *html.Node) []declaration {
	if s == nil || len(s.rules) == 0 {
		return nil
	}
	list := slices.Concat(s.by["*"], s.by[n.Data])
	for _, a := range n.Attr {
		switch a.Key {
		case "class":
			names := strings.Fields(a.Val)
			for i, c := range names[:min(len(names), 50)] {
				if !slices.Contains(names[:i], c) {
					list = append(list, s.by["."+c]...)
				}
			}
			s.unfollowed = s.unfollowed || len(names) > 50
		case "id":
			list = append(list, s.by["#"+a.Val]...)
		}
	}
	slices.Sort(list)
	var out []declaration
	for _, i := range list {
		r := &s.rules[i]
		if s.work += r.cost; s.work > maxWork {
			s.unfollowed = s.unfollowed || s.hides(r.list)
			continue
		}
		if r.selector.Match(n) {
			out = append(out, r.list...)
		}
	}
	return out
}

// media answers a media query for a screen of common size. known is false where only a browser can answer it.
func media(query string) (shown, known bool) {
	known = true
	for q := range strings.SplitSeq(strings.ToLower(query), ",") {
		yes, sure := oneMedium(strings.TrimSpace(q))
		if yes && sure {
			return true, true
		}
		known = known && sure
	}
	return false, known
}

func oneMedium(q string) (yes, sure bool) {
	q = strings.TrimSpace(strings.TrimPrefix(q, "only "))
	if rest, not := strings.CutPrefix(q, "not "); not {
		yes, sure = oneMedium(strings.TrimSpace(rest))
		return !yes, sure
	}
	sure = true
	for part := range strings.SplitSeq(q, " and ") {
		switch part = strings.TrimSpace(part); part {
		case "", "all", "screen":
			continue
		case "print", "speech", "aural", "braille", "embossed", "handheld", "projection", "tty", "tv":
			return false, true
		}
		fits, understood := feature(strings.Trim(part, "() "))
		if understood && !fits {
			return false, true
		}
		sure = sure && understood
	}
	return sure, sure
}

func feature(f string) (fits, understood bool) {
	name, value, _ := strings.Cut(f, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	screen := 1280.0
	if strings.HasSuffix(name, "height") {
		screen = 800
	}
	px, ok := length(value, 16, 16, 0)
	switch name {
	case "min-width", "min-device-width", "min-height", "min-device-height":
		return screen >= px, ok
	case "max-width", "max-device-width", "max-height", "max-device-height":
		return screen <= px, ok
	case "orientation":
		return value == "landscape", true
	case "prefers-color-scheme":
		return value == "light", true
	case "prefers-reduced-motion", "prefers-contrast", "forced-colors":
		return value == "no-preference" || value == "none", true
	}
	return false, false
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
