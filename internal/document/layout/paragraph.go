package layout

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document"
)

// paragraph is lines that belong together; it may go on over a page break. What is asked of all its lines for each further one
// is kept as they are added: a page may have any number of lines.
type paragraph struct {
	lines  []*line
	widest []float64     // after each line, how far right any line until then reaches
	bold   bool          // all lines are
	counts map[rune]bool // labels of one letter in brackets that stand in a line, but not at its head
}

func newParagraph(l *line) *paragraph {
	g := &paragraph{bold: true, counts: map[rune]bool{}}
	g.add(l)
	return g
}

func (g *paragraph) add(l *line) {
	widest := l.box.Right
	if n := len(g.widest); n > 0 {
		widest = max(widest, g.widest[n-1])
	}
	g.lines, g.widest, g.bold = append(g.lines, l), append(g.widest, widest), g.bold && l.bold()
	text := l.text()
	for i := 1; i < len(text); i++ {
		if text[i] != '(' {
			continue
		}
		if r, n := utf8.DecodeRuneInString(text[i+1:]); n > 0 && strings.HasPrefix(text[i+1+n:], ")") && !strings.HasPrefix(text, text[i:i+n+2]) {
			g.counts[r] = true
		}
	}
}

// measure is what is usual in the document: a line's height, and the step from one line to the next.
type measure struct {
	height float64
	step   float64
}

func measureOf(parts [][]part) measure {
	var heights, steps []float64
	for _, page := range parts {
		var before *line
		for _, p := range page {
			if p.line == nil {
				before = nil
				continue
			}
			l := p.line
			if len(l.words) > 3 {
				heights = append(heights, l.height())
			}
			if before != nil && before.band == l.band && len(before.words) > 3 {
				if s := l.box.Bottom - before.box.Bottom; s > 0 && s < 4*l.height() {
					steps = append(steps, s)
				}
			}
			before = l
		}
	}
	return measure{height: quantile(heights, 0.5, 12), step: quantile(steps, 0.35, 14)}
}

func quantile(v []float64, q, otherwise float64) float64 {
	if len(v) == 0 {
		return otherwise
	}
	slices.SortFunc(v, func(a, b float64) int { return cmp.Compare(a, b) })
	return v[int(q*float64(len(v)-1))]
}

// grow tells whether l goes on in the paragraph.
func (g *paragraph) grow(l *line, m measure) bool {
	last := g.lines[len(g.lines)-1]
	if n := len(g.lines); n >= 2 && ruled(last) && !ruled(l) && g.lines[n-2].band == last.band && last.band == l.band {
		// Typewriters underline with hyphens on a line of their own; the text goes on from the line above.
		above := &paragraph{lines: g.lines[:n-1], widest: g.widest[:n-1]}
		if l.box.Bottom-last.box.Bottom <= 1.3*max(m.step, last.box.Bottom-g.lines[n-2].box.Bottom)+1 && above.wraps(g.lines[n-2], l) {
			return true
		}
	}
	text, before := l.text(), last.text()
	label := startsWithLabel(text)
	ended := endsSentence(before)
	open := opensName(last) && startsUpper(text) && !strings.Contains(text, ":")
	if last.band != l.band { // another column or page
		if label && (ended || g.isShort(last) || g.sibling(text, before)) || g.heading(m) || !nearlyEqual(last.height(), l.height(), 0.2) || g.bold != l.bold() {
			return false
		}
		lower := startsLower(text)
		return !ended && (lower || open || !g.isShort(last) || g.wraps(last, l)) || lower && !strings.HasSuffix(before, ".")
	}
	step := l.box.Bottom - last.box.Bottom
	usual := m.step
	if n := len(g.lines); n >= 2 && g.lines[n-2].band == last.band {
		usual = max(usual, last.box.Bottom-g.lines[n-2].box.Bottom)
	} else if step < 2.3*last.height() && !ended && startsLower(text) {
		usual = max(usual, step) // a paragraph with wide lines begins
	}
	if step > 1.3*usual+1 || step < -2*last.height() {
		return false
	}
	if !nearlyEqual(last.height(), l.height(), 0.2) && len(last.words) > 1 && len(l.words) > 1 {
		return false
	}
	if g.bold != l.bold() && !open && (g.bold && !startsLower(text) && (len(g.lines) > 1 || g.isShort(last) || ended) || l.bold() && (ended || g.isShort(last))) {
		return false
	}
	if label && (ended || endsItem(before) || g.isShort(last)) && !g.goesOn(text) {
		return false
	}
	if centered(last) != centered(l) && (ended || g.isShort(last) || centered(last)) && !(len(g.lines) == 1 && startsLower(text)) {
		return false
	}
	if g.isShort(last) && (ended || !startsLower(text)) && !open && !centered(last) && !g.wraps(last, l) {
		return false
	}
	indent := l.box.Left - g.lines[len(g.lines)-1].box.Left
	return !(ended && indent > 0.8*m.height && len(g.lines) > 1)
}

// sibling tells whether a line begins the next clause of the series the paragraph is in ("1.1 Fees …", "2.1 Taxes …"), although the
// text before it does not end there: a reference that is broken before its number names what it refers to.
func (g *paragraph) sibling(text, before string) bool {
	own, ok := document.ParseLabel(g.lines[0].text())
	next, also := document.ParseLabel(text)
	if !ok || !also || own.Scheme != document.Decimal || next.Scheme != document.Decimal || len(next.Parts) < 2 || len(own.Parts) != len(next.Parts) {
		return false
	}
	words := strings.Fields(text)
	first, _ := utf8.DecodeRuneInString(words[min(1, len(words)-1)])
	return slices.Compare(next.Parts, own.Parts) > 0 && unicode.IsUpper(first) && !refers.MatchString(before)
}

// refers is the end of a line after which a number of a clause belongs to the sentence.
var refers = regexp.MustCompile(`(?i)(?:\b(?:sections?|clauses?|articles?|paragraphs?|paras?|items?|schedules?|and|or|to|see|under|§+|ziffern?|absatz|abschnitt)\.?|[§,&–-])$`)

// opensName tells whether a line ends in a word after which a name must follow, however short the line is: "For and on behalf of"
// above who signs.
func opensName(l *line) bool {
	if len(l.words) < 2 {
		return false
	}
	switch strings.ToLower(l.words[len(l.words)-1].Text) {
	case "of", "the":
		return true
	}
	return false
}

// goesOn tells whether the paragraph counts in its running text, as in "if (a) …, (b) …", and the line goes on with that:
// the label then begins no paragraph although it stands at the head of a line.
func (g *paragraph) goesOn(text string) bool {
	label, ok := document.ParseLabel(text)
	if !ok || !label.Brackets || label.Ordinal < 2 || len(g.lines) == 0 {
		return false
	}
	inner := []rune(strings.Trim(label.Text, "()"))
	if len(inner) != 1 {
		return false
	}
	return g.counts[inner[0]-1]
}

// isShort tells whether a line ends well before the right side of its column: the writer ended it there.
func (g *paragraph) isShort(l *line) bool { return l.box.Right < l.right-0.22*(l.right-l.left) }

// wraps tells whether a line that looks short only had no room for the next word: one line of the page may reach far beyond
// the others, and then all others look short. It must read like the middle of a sentence: an address, a heading or an entry of a
// list has few words in small letters.
func (g *paragraph) wraps(last, l *line) bool {
	before, text := last.text(), l.text()
	if len(last.words) < 6 || len(l.words) == 0 || endsSentence(before) || strings.HasSuffix(before, ")") || startsWithLabel(text) || strings.HasPrefix(text, "*") {
		return false
	}
	if last.box.Right-last.box.Left < 0.4*(last.right-last.left) || last.band == l.band && len(g.lines) > 1 && l.box.Left > last.box.Left+last.height() {
		return false
	}
	small := 0
	for _, w := range last.words {
		if r, _ := utf8.DecodeRuneInString(w.Text); unicode.IsLower(r) {
			small++
		}
	}
	if 2*small < len(last.words) {
		return false
	}
	widest := max(l.box.Right, g.widest[len(g.widest)-1])
	first := l.words[0].Box
	return last.box.Right+first.Right-first.Left > widest
}

// ruled tells whether a line is nothing but a rule drawn with signs.
func ruled(l *line) bool {
	text := strings.ReplaceAll(l.text(), " ", "")
	return len(text) >= 3 && strings.Trim(text, "-_=–—") == ""
}

func centered(l *line) bool {
	a, b := l.box.Left-l.left, l.right-l.box.Right
	w := l.right - l.left
	return a > 0.12*w && b > 0.12*w && nearlyEqual(a, b, 0.25)
}

func nearlyEqual(a, b, share float64) bool {
	d := a - b
	if d < 0 {
		d = -d
	}
	return d <= share*max(a, b)
}

func startsWithLabel(text string) bool {
	l, ok := document.ParseLabel(text)
	return ok && (l.Runes < len([]rune(text)) || l.Scheme != document.Bullet)
}

func startsLower(text string) bool {
	for _, r := range text {
		return unicode.IsLower(r) || unicode.IsDigit(r) || strings.ContainsRune(`("“‘'$,;`, r)
	}
	return false
}

func startsUpper(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r)
}

func endsSentence(text string) bool {
	text = strings.TrimRight(text, `"”’')`)
	if text == "" {
		return false
	}
	return strings.ContainsRune(".:;!?", rune(text[len(text)-1]))
}

// endsItem tells whether a list item can end here: "…; and", "…, or", "…,".
func endsItem(text string) bool {
	return strings.HasSuffix(text, ",") || strings.HasSuffix(text, " and") || strings.HasSuffix(text, " or") || strings.HasSuffix(text, "and/or")
}

// heading tells whether the paragraph is a title: few words, and larger, bold or in capitals.
func (g *paragraph) heading(m measure) bool {
	if len(g.lines) > 3 {
		return false
	}
	words, letters, upper := 0, 0, 0
	tall := true
	for _, l := range g.lines {
		words += len(l.words)
		if l.height() < 1.13*m.height {
			tall = false
		}
		for _, w := range l.words {
			for _, r := range w.Text {
				if unicode.IsLetter(r) {
					letters++
					if unicode.IsUpper(r) {
						upper++
					}
				}
			}
		}
	}
	text := g.lines[len(g.lines)-1].text()
	if words > 16 || letters < 3 || strings.HasSuffix(text, ",") || strings.HasSuffix(text, ";") {
		return false
	}
	if strings.Contains(text, "____") || words == 1 && strings.HasSuffix(text, ":") {
		return false
	}
	if strings.HasSuffix(text, ".") && !startsWithLabel(g.lines[0].text()) {
		return false
	}
	return tall || g.bold || upper == letters && letters > 3
}

func (g *paragraph) kindOf(m measure) document.BlockKind {
	if g.heading(m) {
		return document.Heading
	}
	if startsWithLabel(g.lines[0].text()) {
		return document.ListItem
	}
	return document.Paragraph
}
