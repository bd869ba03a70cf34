package layout

import (
	"math"
	"sort"
	"strings"
	"unicode"
)

const sameColumn = 6 // points within which two columns stand at the same place

// joinTables makes one table of those that go on over page breaks: one that ends the body of a page, and one of the same columns that
// begins that of the next. Each cell keeps its own page. The head that the later page repeats is no row; it comes back by page, to
// stand with the headers. Where the columns differ, or the later table has a head of its own, both stay what they are.
func joinTables(parts [][]part) [][]*line {
	repeated := make([][]*line, len(parts))
	var open *table
	for i, page := range parts {
		if len(page) == 0 {
			open = nil
			continue
		}
		next := page[0].table
		if open != nil && next != nil && open.goesOn(next) {
			repeated[i] = open.append(next)
			parts[i] = page[1:]
			if len(page) == 1 {
				continue
			}
		}
		open = page[len(page)-1].table
	}
	return repeated
}

// goesOn tells whether next is the rest of t.
func (t *table) goesOn(next *table) bool {
	if t.ruled != next.ruled || len(t.columns) != len(next.columns) {
		return false
	}
	for i, a := range t.columns {
		b := next.columns[i]
		left, right, middle := math.Abs(a.left-b.left), math.Abs(a.right-b.right), math.Abs(a.left+a.right-b.left-b.right)/2
		if t.ruled && max(left, right) > sameColumn || min(left, right, middle) > sameColumn {
			return false
		}
	}
	if t.heads(next) > 0 {
		return true
	}
	// Names that stand under one another on two pages, as those who sign do, have two columns.
	return (t.ruled || len(t.columns) > 2) && !t.otherHead(next)
}

// heads is how many rows at the head of next repeat those at the head of t.
func (t *table) heads(next *table) int {
	n := 0
	for n < min(3, t.rows(), next.rows()-1) && t.row(n).same(next.row(n)) {
		n++
	}
	return n
}

// otherHead tells whether next begins with a head of its own: with words where the rows below the head of t, and the second of next,
// all have figures.
func (t *table) otherHead(next *table) bool {
	if t.rows() < 2 || next.rows() < 2 {
		return false
	}
	figures := t.row(1).figures()
	for n := 2; n < min(t.rows(), 20); n++ { // enough to tell, however long the table is
		figures = figures.both(t.row(n).figures())
	}
	figures = figures.both(next.row(1).figures())
	return len(figures) > 0 && len(figures.both(next.row(0).figures())) == 0
}

// append adds the rows of next without the head that it repeats, and gives the lines of that head.
func (t *table) append(next *table) []*line {
	heads, rows := t.heads(next), t.rows()
	var repeated []*line
	for _, c := range next.cells {
		if c.row < heads {
			for _, f := range c.lines {
				repeated = append(repeated, &line{fragment: *f, page: c.page})
			}
			continue
		}
		c.row += rows - heads
		t.cells = append(t.cells, c)
	}
	return repeated
}

// rows is how many rows the table has; they have no gaps.
func (t *table) rows() int {
	if len(t.cells) == 0 {
		return 0
	}
	return t.cells[len(t.cells)-1].row + 1
}

// cells are those of one row, from left to right.
type cells []cell

func (t *table) row(n int) cells {
	from := sort.Search(len(t.cells), func(i int) bool { return t.cells[i].row >= n })
	to := from
	for to < len(t.cells) && t.cells[to].row == n {
		to++
	}
	return t.cells[from:to]
}

func (a cells) same(b cells) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].col != b[i].col || !strings.EqualFold(a[i].text(), b[i].text()) {
			return false
		}
	}
	return true
}

func (c cell) text() string {
	words := make([]string, len(c.lines))
	for i, f := range c.lines {
		words[i] = f.text()
	}
	return strings.Join(words, " ")
}

// columnSet is columns, by their index.
type columnSet map[int]bool

// figures are the columns of the row in which a digit stands.
func (a cells) figures() columnSet {
	out := columnSet{}
	for _, c := range a {
		if strings.ContainsFunc(c.text(), unicode.IsDigit) {
			out[c.col] = true
		}
	}
	return out
}

func (s columnSet) both(other columnSet) columnSet {
	out := columnSet{}
	for c := range s {
		if other[c] {
			out[c] = true
		}
	}
	return out
}
