package layout

import (
	"cmp"
	"math"
	"slices"

	"github.com/pactloop/pactloop/internal/pact"
)

// table is rows and columns found on a page; it may go on over page breaks.
type table struct {
	box     pact.Box // on the page where it begins
	cells   []cell   // by row, then column
	ruled   bool     // lines are drawn around its cells
	columns []strip
}

// cell holds its lines from top to bottom.
type cell struct {
	page     int
	row, col int
	lines    []*fragment
}

const touch = 3.5 // points within which two lines meet

// ruledTables takes the words inside grids of drawn lines; the others come back.
func ruledTables(p *Page, words []Word) ([]*table, []Word) {
	var tables []*table
	for _, g := range grids(p.Rules) {
		var inside, outside []Word
		for _, w := range words {
			x, y := (w.Box.Left+w.Box.Right)/2, w.middle()
			if g.box.Left-1 <= x && x <= g.box.Right+1 && g.box.Top-1 <= y && y <= g.box.Bottom+1 {
				inside = append(inside, w)
			} else {
				outside = append(outside, w)
			}
		}
		t := g.fill(inside)
		if t == nil {
			continue
		}
		tables, words = append(tables, t), outside
	}
	return tables, words
}

// grid is a connected set of horizontal and vertical lines.
type grid struct {
	box              pact.Box
	xs, ys           []float64
	across, downward []pact.Box
}

func grids(rules []pact.Box) []grid {
	if len(rules) < 4 || len(rules) > 4000 {
		return nil
	}
	parent := make([]int, len(rules))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	order := make([]int, len(rules))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(rules[a].Top, rules[b].Top) })
	for i, a := range order {
		for _, b := range order[i+1:] {
			if rules[b].Top > rules[a].Bottom+touch {
				break
			}
			if rules[a].Left-touch <= rules[b].Right && rules[b].Left-touch <= rules[a].Right {
				parent[root(a)] = root(b)
			}
		}
	}
	groups := map[int]*grid{}
	var roots []int
	for _, i := range order {
		r := root(i)
		g := groups[r]
		if g == nil {
			g = &grid{box: rules[i]}
			groups[r] = g
			roots = append(roots, r)
		}
		g.box = Union(g.box, rules[i])
		if rules[i].Right-rules[i].Left >= rules[i].Bottom-rules[i].Top {
			g.across = append(g.across, rules[i])
		} else {
			g.downward = append(g.downward, rules[i])
		}
	}
	var out []grid
	for _, r := range roots {
		g := groups[r]
		for _, b := range g.across {
			g.ys = append(g.ys, (b.Top+b.Bottom)/2)
		}
		for _, b := range g.downward {
			g.xs = append(g.xs, (b.Left+b.Right)/2)
		}
		g.xs, g.ys = distinct(g.xs), distinct(g.ys)
		// A frame around a paragraph is no table; an open side is closed at the ends of the lines.
		if len(g.ys) >= 2 && len(g.downward) > 0 {
			g.xs = distinct(append(g.xs, g.box.Left, g.box.Right))
		}
		if len(g.xs) >= 3 && len(g.ys) >= 2 {
			out = append(out, *g)
		}
	}
	return out
}

func distinct(v []float64) []float64 {
	slices.Sort(v)
	var out []float64
	for _, x := range v {
		if len(out) == 0 || x-out[len(out)-1] > touch {
			out = append(out, x)
		}
	}
	return out
}

func slot(v []float64, x float64) int {
	for i := 1; i < len(v); i++ {
		if x < v[i] {
			return i - 1
		}
	}
	return max(0, len(v)-2)
}

// fill puts words into the cells; where a line is missing between two fields, they are one cell.
func (g grid) fill(words []Word) *table {
	if len(words) == 0 {
		return nil
	}
	type key struct{ row, col int }
	byCell := map[key][]Word{}
	for _, w := range words {
		r, c := slot(g.ys, w.middle()), slot(g.xs, (w.Box.Left+w.Box.Right)/2)
		for c > 0 && !g.wall(g.xs[c], (g.ys[r]+g.ys[r+1])/2) {
			c--
		}
		for r > 0 && !g.floor(g.ys[r], (g.xs[c]+g.xs[c+1])/2) {
			r--
		}
		byCell[key{r, c}] = append(byCell[key{r, c}], w)
	}
	columns := map[int]bool{}
	t := &table{box: g.box, ruled: true}
	for i := 1; i < len(g.xs); i++ {
		t.columns = append(t.columns, strip{g.xs[i-1], g.xs[i]})
	}
	for k, ws := range byCell {
		columns[k.col] = true
		c := cell{row: k.row, col: k.col}
		for _, r := range rowsOf(fragments(ws)) {
			c.lines = append(c.lines, r.joined())
		}
		t.cells = append(t.cells, c)
	}
	if len(columns) < 2 {
		return nil
	}
	t.sort()
	return t
}

func (r row) joined() *fragment {
	f := &fragment{box: r.box}
	for _, c := range r.cells {
		f.words = append(f.words, c.words...)
	}
	return f
}

func (t *table) sort() {
	slices.SortFunc(t.cells, func(a, b cell) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col)) })
	// Empty rows of the grid (double lines) leave no gap in the numbers.
	next, last := -1, -1
	for i := range t.cells {
		if t.cells[i].row != last {
			last = t.cells[i].row
			next++
		}
		t.cells[i].row = next
	}
}

func (g grid) wall(x, y float64) bool {
	if math.Abs(x-g.box.Left) < touch {
		return true
	}
	for _, b := range g.downward {
		if math.Abs((b.Left+b.Right)/2-x) <= touch && b.Top-touch <= y && y <= b.Bottom+touch {
			return true
		}
	}
	return false
}

func (g grid) floor(y, x float64) bool {
	for _, b := range g.across {
		if math.Abs((b.Top+b.Bottom)/2-y) <= touch && b.Left-touch <= x && x <= b.Right+touch {
			return true
		}
	}
	return false
}

// strip is a column of a table: between its lines, or, of an aligned table, as wide as what stands in it.
type strip struct{ left, right float64 }

// alignedTable looks for a table without lines at the head of rows: at least three rows with the same two columns, or two
// rows with three. It tells how many rows it took.
func alignedTable(rows []row) (*table, int) {
	if len(rows) < 2 || len(rows[0].cells) < 2 {
		return nil, 0
	}
	var strips []strip
	taken, multi := 0, 0
	for i, r := range rows {
		if i > 0 {
			h := max(1, rows[i-1].box.Bottom-rows[i-1].box.Top)
			if r.box.Top-rows[i-1].box.Bottom > 2.2*h {
				break
			}
		}
		next := widen(strips, r)
		if len(next) < 2 || len(strips) > 0 && len(next) < len(strips) && len(next) < 2 {
			break
		}
		if i > 500 {
			break // longer tables go on as another
		}
		if len(r.cells) == 1 {
			// A single piece belongs to the table while it stays inside one column that is not the whole width, and the table
			// goes on after it.
			if len(next) != len(strips) || r.box.Right-r.box.Left > 0.6*(next[len(next)-1].right-next[0].left) {
				break
			}
			strips = next
			continue
		}
		if len(strips) > 0 && len(next) < len(strips) && multi >= 2 {
			break
		}
		strips = next
		multi++
		taken = i + 1
	}
	// Single pieces at the end are continuation lines only when they hang in a column other than the first.
	for taken < len(rows) && len(rows[taken].cells) == 1 && len(strips) >= 2 && rows[taken].box.Left >= strips[1].left-2 &&
		rows[taken].box.Top-rows[taken-1].box.Bottom < 0.6*(rows[taken].box.Bottom-rows[taken].box.Top) {
		taken++
	}
	if len(strips) < 2 || multi < 2 || len(strips) == 2 && multi < 3 {
		return nil, 0
	}
	if !aligned(rows[:taken], strips) || stretched(rows[:taken], strips) {
		return nil, 0
	}
	return buildAligned(rows[:taken], strips), taken
}

// aligned tells whether the pieces of each column but the first stand under one another, by their left side, right side or
// middle. Lines that are stretched to the width of a column have gaps, too, but not in the same places.
func aligned(rows []row, strips []strip) bool {
	good, alone := 0, 0
	for c := 1; c < len(strips); c++ {
		var lefts, rights, middles []float64
		for _, r := range rows {
			if len(r.cells) < 2 {
				continue
			}
			for _, f := range r.cells {
				if column(strips, f) == c {
					lefts, rights, middles = append(lefts, f.box.Left), append(rights, f.box.Right), append(middles, (f.box.Left+f.box.Right)/2)
					break
				}
			}
		}
		switch {
		case len(lefts) < 2:
			alone++
		case together(lefts) || together(middles) || together(rights) && (c < len(strips)-1 || narrow(lefts, rights, strips)):
			good++
		default:
			return false
		}
	}
	return good > 0 && good >= alone
}

// stretched tells whether the rows are lines of running text that were set to the full width: most reach the right side,
// they hold many words, and no gap is wide. Typewriter fonts make their gaps stand under one another by chance.
func stretched(rows []row, strips []strip) bool {
	right := strips[len(strips)-1].right
	full, words, widest, height := 0, 0, 0.0, 0.0
	for _, r := range rows {
		if r.box.Right >= right-4 {
			full++
		}
		height = max(height, r.box.Bottom-r.box.Top)
		for i, f := range r.cells {
			words += len(f.words)
			if i > 0 {
				widest = max(widest, f.box.Left-r.cells[i-1].box.Right)
			}
		}
	}
	return 2*full >= len(rows) && words >= 5*len(rows) && widest < 2.5*height
}

// narrow tells whether the pieces of the last column are short, such as amounts: the right side alone says little there,
// because justified lines share it.
func narrow(lefts, rights []float64, strips []strip) bool {
	total := 0.0
	for i := range lefts {
		total += rights[i] - lefts[i]
	}
	return total/float64(len(lefts)) < 0.2*(strips[len(strips)-1].right-strips[0].left)
}

// together tells whether most of the values are equal within a few points.
func together(v []float64) bool {
	most := 0
	for _, a := range v {
		n := 0
		for _, b := range v {
			if math.Abs(a-b) <= 3 {
				n++
			}
		}
		most = max(most, n)
	}
	return 10*most >= 6*len(v)
}

// widen adds the row's pieces to the columns; columns that touch become one.
func widen(strips []strip, r row) []strip {
	out := slices.Clone(strips)
	for _, f := range r.cells {
		out = append(out, strip{f.box.Left, f.box.Right})
	}
	slices.SortFunc(out, func(a, b strip) int { return cmp.Compare(a.left, b.left) })
	merged := out[:0]
	for _, s := range out {
		if n := len(merged); n > 0 && s.left < merged[n-1].right+5 {
			merged[n-1].right = max(merged[n-1].right, s.right)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

func buildAligned(rows []row, strips []strip) *table {
	t := &table{box: rows[0].box, columns: strips}
	number := -1
	at := map[[2]int]int{}
	for i, r := range rows {
		t.box = Union(t.box, r.box)
		first := column(strips, r.cells[0])
		near := i > 0 && r.box.Top-rows[i-1].box.Bottom < 0.5*(r.box.Bottom-r.box.Top)
		if number < 0 || first == 0 && len(r.cells) > 1 || !near {
			number++
		}
		for _, f := range r.cells {
			k := [2]int{number, column(strips, f)}
			if j, ok := at[k]; ok {
				t.cells[j].lines = append(t.cells[j].lines, f)
				continue
			}
			at[k] = len(t.cells)
			t.cells = append(t.cells, cell{row: number, col: k[1], lines: []*fragment{f}})
		}
	}
	t.sort()
	return t
}

func column(strips []strip, f *fragment) int {
	x := (f.box.Left + f.box.Right) / 2
	for i, s := range strips {
		if x <= s.right {
			return i
		}
	}
	return len(strips) - 1
}
