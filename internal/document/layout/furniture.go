package layout

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document"
)

// Running headers and footers. A line at the edge of the page is one when the same words stand at the same edge of other
// pages too, when it differs there only by a number that counts the pages, or when it is a page number. Clauses that look
// alike at the top of several pages are not: what binds somebody or states a figure is the body, wherever it stands.

var (
	pageNumber = regexp.MustCompile(`^(?i:page\s*)?[-–—|\[(]?\s*(?:[0-9]{1,4}|[ivxlIVXL]{1,6}|[A-Z]{1,2}-[0-9]{1,3})\s*[-–—|\])]?(?:\s*(?i:of|/)\s*[0-9]{1,4})?$`)
	digits     = regexp.MustCompile(`[0-9]+`)
	// numbersPages is a line that says itself that its number is that of the page.
	numbersPages = regexp.MustCompile(`(?i)\b(?:page|pg\.?|seite|página|pagina|blatt)\s*(?:no\.?\s*)?[0-9]`)
	// operative is a finite verb, or a figure that somebody owes: a line with one states something.
	operative = regexp.MustCompile(`(?i)\b(?:shall|will|must|may|can|is|are|was|were|has|have|had|does|do|agrees?|pays?|means|muss|müssen|soll|sollen|wird|werden|ist|sind|hat|haben|darf|kann|zahlt|doit|doivent|est|sont|debe|deben|es|son)\b` +
		`|[$€£¥%]|\b(?:USD|EUR|GBP|CHF|percent|per\s+cent|Prozent)\b` +
		`|\b[0-9]+\)?\s*(?:business\s+|calendar\s+|working\s+)?(?:minutes?|hours?|days?|weeks?|months?|years?|Tagen?|Stunden?|Wochen?|Monaten?|Jahren?)\b`)
)

const (
	edgeRows      = 7    // how many lines deep a header or footer may be
	edgeShare     = 0.17 // how far from the edge, as a share of the page
	edgeWords     = 90   // how many words it may have
	noticeShare   = 0.08 // a notice that says something stands in the margin
	countingWords = 12   // a line that counts pages is short
)

// edgeRow is a line near the top or the foot of a page.
type edgeRow struct {
	row   row
	next  *row // the line further in
	text  string
	page  int
	foot  bool
	inset float64 // distance of its middle to that edge, as a share of the page
}

// furniture takes headers and footers from the pages. What remains of each page's words, and the lines taken, come back.
func furniture(pages []*Page) (rest [][]Word, taken [][]*line) {
	edges := make([][]edgeRow, len(pages))
	counts := map[string]int{}
	for i, p := range pages {
		edges[i] = edgesOf(p)
		seen := map[string]bool{}
		for _, e := range edges[i] {
			for _, k := range e.keys() {
				if !seen[k] {
					seen[k] = true
					counts[k]++
				}
			}
		}
	}
	rest, taken = make([][]Word, len(pages)), make([][]*line, len(pages))
	for i, p := range pages {
		drop := map[[2]float64]bool{}
		for _, e := range bounded(p, edges[i], func(e edgeRow) bool { return e.running(counts, len(pages)) }) {
			l := &line{page: p.Number, footer: e.foot}
			l.fragment = *e.row.joined()
			taken[i] = append(taken[i], l)
			for _, w := range l.words {
				drop[[2]float64{w.Box.Left, w.Box.Top}] = true
			}
		}
		for _, w := range p.Words {
			if !drop[[2]float64{w.Box.Left, w.Box.Top}] {
				rest[i] = append(rest[i], w)
			}
		}
	}
	return rest, taken
}

// bounded gives the header and the footer of a page: from the edge inwards up to the first line of the body. Where that would
// be most of a page that has more on it, only the outermost line of each edge is furniture.
func bounded(p *Page, edges []edgeRow, running func(edgeRow) bool) []edgeRow {
	var out, outermost []edgeRow
	all := 0
	for _, foot := range []bool{false, true} {
		var side []edgeRow
		words := 0
		for _, e := range edges {
			if e.foot != foot {
				continue
			}
			if words += len(strings.Fields(e.text)); words > edgeWords || !running(e) {
				break
			}
			side = append(side, e)
		}
		for len(side) > 0 && side[len(side)-1].goesOn() {
			side = side[:len(side)-1]
		}
		out = append(out, side...)
		outermost = append(outermost, side[:min(1, len(side))]...)
		for _, e := range side {
			all += len(e.row.joined().words)
		}
	}
	if 2*all > len(p.Words) && all < len(p.Words) {
		return outermost
	}
	return out
}

// running tells whether the line stands on other pages as well. pages is how many there are.
func (e edgeRow) running(counts map[string]int, pages int) bool {
	need := min(4, max(2, int(math.Ceil(0.34*float64(pages)))))
	if e.inset < 0.12 && pageNumber.MatchString(e.text) {
		return true
	}
	keys := e.keys()
	if n := counts[keys[0]]; n >= need {
		// A notice such as "Confidential: may not be copied" stands in the margin of most pages.
		return !operative.MatchString(e.text) || e.inset < noticeShare && 2*n > pages
	}
	for _, k := range keys[1:] {
		if counts[k] >= need {
			return true
		}
	}
	return false
}

// keys are what must be the same on other pages: the words, and, of a short line that states nothing, the words with one
// number written as its distance to the number of the page.
func (e edgeRow) keys() []string {
	side := "head "
	if e.foot {
		side = "foot "
	}
	text := strings.ToLower(e.text)
	keys := []string{side + text}
	if operative.MatchString(e.text) || len(strings.Fields(text)) > countingWords || utf8.RuneCountInString(text) > 100 || e.counted() {
		return keys
	}
	if numbersPages.MatchString(e.text) {
		return append(keys, side+"page "+digits.ReplaceAllString(text, "#"))
	}
	for _, at := range digits.FindAllStringIndex(text, 8) {
		if n, err := strconv.Atoi(text[at[0]:at[1]]); err == nil {
			keys = append(keys, fmt.Sprintf("%s%s{%+d}%s", side, text[:at[0]], n-e.page, text[at[1]:]))
		}
	}
	return keys
}

// counted tells whether the number is that of a part, as in "Schedule 2" or "2.1 Fees", which often counts as pages do.
func (e edgeRow) counted() bool {
	l, ok := document.ParseLabel(e.text)
	if !ok {
		return false
	}
	return l.Scheme != document.Decimal || len(l.Parts) > 1 || strings.HasPrefix(e.text[len(l.Text):], ".")
}

// goesOn tells whether the line and the one further in are one sentence, set without a gap.
func (e edgeRow) goesOn() bool {
	if e.next == nil {
		return false
	}
	upper, lower := e.row, *e.next
	if e.foot {
		upper, lower = lower, upper
	}
	high := max(1, min(upper.box.Bottom-upper.box.Top, lower.box.Bottom-lower.box.Top))
	if lower.box.Top-upper.box.Bottom > 0.9*high {
		return false
	}
	above, below := upper.joined().text(), lower.joined().text()
	first, _ := utf8.DecodeRuneInString(below)
	last, _ := utf8.DecodeLastRuneInString(above)
	return unicode.IsLower(first) && (unicode.IsLetter(last) || unicode.IsDigit(last) || last == ',')
}

// edgesOf gives the outer lines of a page, from the edges inwards.
func edgesOf(p *Page) []edgeRow {
	rows := rowsOf(fragments(p.Words))
	var out []edgeRow
	for i := 0; i < len(rows) && i < edgeRows; i++ {
		if inset := (rows[i].box.Top + rows[i].box.Bottom) / 2 / p.Height; inset < edgeShare {
			out = append(out, edge(p, rows, i, 1, inset))
		}
	}
	for i := len(rows) - 1; i >= 0 && i >= len(rows)-edgeRows; i-- {
		if inset := 1 - (rows[i].box.Top+rows[i].box.Bottom)/2/p.Height; inset < edgeShare {
			out = append(out, edge(p, rows, i, -1, inset))
		}
	}
	return out
}

// edge makes the edge row of rows[i]; inwards is the step to the next one.
func edge(p *Page, rows []row, i, inwards int, inset float64) edgeRow {
	e := edgeRow{row: rows[i], text: strings.TrimSpace(rows[i].joined().text()), page: p.Number, foot: inwards < 0, inset: inset}
	if n := i + inwards; n >= 0 && n < len(rows) {
		e.next = &rows[n]
	}
	return e
}

func isLabel(s string) bool {
	l, ok := document.ParseLabel(s + " X")
	return ok && l.Runes >= len([]rune(s))
}
