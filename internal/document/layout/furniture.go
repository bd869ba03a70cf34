package layout

import (
	"math"
	"regexp"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
)

// Running headers and footers. A line at the edge of the page is one when the same words (digits apart) stand at the same
// edge of other pages too, or when it is a page number.

var (
	pageNumber = regexp.MustCompile(`^(?i:page\s*)?[-–—|\[(]?\s*(?:[0-9]{1,4}|[ivxlIVXL]{1,6}|[A-Z]{1,2}-[0-9]{1,3})\s*[-–—|\])]?(?:\s*(?i:of|/)\s*[0-9]{1,4})?$`)
	digits     = regexp.MustCompile(`[0-9]+`)
)

const edgeRows = 7 // how many lines deep a header or footer may be

// edgeRow is a line near the top or the foot of a page.
type edgeRow struct {
	row   row
	key   string
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
			if k := e.countKey(); !seen[k] {
				seen[k] = true
				counts[k]++
			}
		}
	}
	rest, taken = make([][]Word, len(pages)), make([][]*line, len(pages))
	need := max(2, int(math.Ceil(0.34*float64(len(pages)))))
	need = min(need, 4)
	for i, p := range pages {
		drop := map[[2]float64]bool{}
		stopped := map[bool]bool{}
		for _, e := range edges[i] {
			// From the edge inwards; the first line of the body ends the search.
			if stopped[e.foot] {
				continue
			}
			repeated := counts[e.countKey()] >= need && len(pages) > 1
			number := e.inset < 0.12 && pageNumber.MatchString(e.key0())
			if !repeated && !number {
				stopped[e.foot] = true
				continue
			}
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

func (e edgeRow) key0() string { return strings.TrimSpace(e.row.joined().text()) }

func (e edgeRow) countKey() string {
	side := "head "
	if e.foot {
		side = "foot "
	}
	return side + e.key
}

// edgesOf gives the outer lines of a page, from the edges inwards.
func edgesOf(p *Page) []edgeRow {
	rows := rowsOf(fragments(p.Words))
	var out []edgeRow
	for i := 0; i < len(rows) && i < edgeRows; i++ {
		if inset := (rows[i].box.Top + rows[i].box.Bottom) / 2 / p.Height; inset < 0.17 {
			out = append(out, edge(rows[i], false, inset))
		}
	}
	for i := len(rows) - 1; i >= 0 && i >= len(rows)-edgeRows; i-- {
		if inset := 1 - (rows[i].box.Top+rows[i].box.Bottom)/2/p.Height; inset < 0.17 {
			out = append(out, edge(rows[i], true, inset))
		}
	}
	return out
}

func edge(r row, foot bool, inset float64) edgeRow {
	key := strings.ToLower(digits.ReplaceAllString(r.joined().text(), "#"))
	return edgeRow{row: r, key: key, foot: foot, inset: inset}
}

func isLabel(s string) bool {
	l, ok := document.ParseLabel(s + " X")
	return ok && l.Runes >= len([]rune(s))
}
