package grammar

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/wording"
)

// grid is a table as rows and cells. A cell merged over rows or columns stands in each of them; an empty first cell takes what
// stands above it, since tables that were merged in a word processor often come out so.
type grid struct {
	wording.Span
	rows [][]cell
}

type cell struct {
	wording.Span
	text string
}

// maxGrid bounds the work on one table; larger ones are price lists.
const (
	maxGridRows = 80
	maxGridCols = 12
)

// addCell notes a cell while blocks become the flow.
func (g *grid) addCell(b *document.Block, at wording.Span) {
	if b.Row < 0 || b.Row >= maxGridRows || b.Col < 0 || b.Col >= maxGridCols {
		return
	}
	for row := b.Row; row < min(b.Row+max(1, b.Rows), maxGridRows); row++ {
		for len(g.rows) <= row {
			g.rows = append(g.rows, nil)
		}
		for col := b.Col; col < min(b.Col+max(1, b.Cols), maxGridCols); col++ {
			for len(g.rows[row]) <= col {
				g.rows[row] = append(g.rows[row], cell{})
			}
			switch c := &g.rows[row][col]; {
			case c.End == 0:
				c.Span = at
			case at.Start >= c.End && row == b.Row && col == b.Col:
				c.End = at.End // another paragraph of the same cell
			}
		}
	}
}

// finish gives cells their words and fills what was merged downwards. A row of which nothing was kept, because it is empty or
// hidden, is none: every row that stays has a first cell.
func (g *grid) finish(s string) {
	g.rows = slices.DeleteFunc(g.rows, func(row []cell) bool { return len(row) == 0 })
	for i := range g.rows {
		for j := range g.rows[i] {
			c := &g.rows[i][j]
			c.text = strings.TrimSpace(s[c.Start:c.End])
		}
		if i > 0 && len(g.rows[i]) > 1 && g.rows[i][0].text == "" && len(g.rows[i-1]) > 0 {
			g.rows[i][0] = g.rows[i-1][0]
		}
	}
}

// span covers the cells of a row.
func rowSpan(cells []cell) wording.Span {
	var sp wording.Span
	for _, c := range cells {
		if c.text == "" {
			continue
		}
		if sp.End == 0 || c.Start < sp.Start {
			sp.Start = c.Start
		}
		sp.End = max(sp.End, c.End)
	}
	return sp
}
