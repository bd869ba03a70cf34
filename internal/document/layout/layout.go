package layout

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
)

// fragment is a run of words on one line without a wide gap: a line, or what one column has of it.
type fragment struct {
	words []Word
	box   pact.Box
}

func (f *fragment) height() float64 { return f.box.Bottom - f.box.Top }
func (f *fragment) middle() float64 { return (f.box.Top + f.box.Bottom) / 2 }

func (f *fragment) text() string {
	var s strings.Builder
	for i, w := range f.words {
		if i > 0 {
			s.WriteByte(' ')
		}
		s.WriteString(w.Text)
	}
	return s.String()
}

// line is a printed line of running text.
type line struct {
	fragment
	page   int
	band   int     // lines of one column of one page share it
	left   float64 // of its column
	right  float64
	footer bool // only for furniture: at the foot
}

func (l *line) bold() bool {
	letters := 0
	for _, w := range l.words {
		if !w.Bold {
			return false
		}
		letters++
	}
	return letters > 0
}

// part is a line or a table, in reading order.
type part struct {
	line  *line
	table *table
}

// fragments joins neighbouring words in the order of the file, then mends what the file wrote out of order.
func fragments(words []Word) []*fragment {
	var all []*fragment
	var f *fragment
	for _, w := range words {
		if f == nil || !joins(f, w) {
			f = &fragment{box: w.Box}
			all = append(all, f)
		}
		f.words = append(f.words, w)
		f.box = Union(f.box, w.Box)
	}
	sortByPlace(all)
	var mended []*fragment
	for _, f := range all {
		if at := neighbour(mended, f); at != nil {
			merge(at, f)
			continue
		}
		mended = append(mended, f)
	}
	return mended
}

func joins(f *fragment, w Word) bool {
	last := f.words[len(f.words)-1]
	gap := w.Box.Left - last.Box.Right
	h := max(last.height(), 1)
	return SameLine(last.Box, w.Box) && gap > -0.5*h && gap < wideGap(h)
}

// wideGap is the white space that separates columns; justified lines stay below it.
func wideGap(height float64) float64 { return max(1.1*height, 7) }

// SameLine tells whether two boxes stand beside one another on a line.
func SameLine(a, b pact.Box) bool {
	overlap := min(a.Bottom, b.Bottom) - max(a.Top, b.Top)
	return overlap > 0.5*min(a.Bottom-a.Top, b.Bottom-b.Top)
}

func neighbour(all []*fragment, f *fragment) *fragment {
	for i := len(all) - 1; i >= 0 && i >= len(all)-12; i-- {
		c := all[i]
		if !SameLine(c.box, f.box) {
			continue
		}
		h := max(min(c.height(), f.height()), 1)
		right, left := f.box.Left-c.box.Right, c.box.Left-f.box.Right
		if gap := max(right, left); gap > -0.5*h && gap < wideGap(h) {
			return c
		}
	}
	return nil
}

func merge(a, b *fragment) {
	if b.box.Left < a.box.Left {
		a.words = append(slices.Clone(b.words), a.words...)
	} else {
		a.words = append(a.words, b.words...)
	}
	a.box = Union(a.box, b.box)
}

func sortByPlace(all []*fragment) {
	slices.SortStableFunc(all, func(a, b *fragment) int {
		return cmp.Or(cmp.Compare(math.Round(a.middle()), math.Round(b.middle())), cmp.Compare(a.box.Left, b.box.Left))
	})
}

// row is what stands side by side.
type row struct {
	cells []*fragment // from left to right
	box   pact.Box
}

func rowsOf(all []*fragment) []row {
	sortByPlace(all)
	var rows []row
	for _, f := range all {
		if n := len(rows); n > 0 && level(rows[n-1], f) {
			rows[n-1].cells = append(rows[n-1].cells, f)
			rows[n-1].box = Union(rows[n-1].box, f.box)
			continue
		}
		rows = append(rows, row{cells: []*fragment{f}, box: f.box})
	}
	for _, r := range rows {
		slices.SortStableFunc(r.cells, func(a, b *fragment) int { return cmp.Compare(a.box.Left, b.box.Left) })
	}
	return rows
}

func level(r row, f *fragment) bool {
	first := r.cells[0]
	return math.Abs(first.middle()-f.middle()) < 0.4*max(1, min(first.height(), f.height())) && SameLine(first.box, f.box)
}

// layout orders what stands on a page, without its header and footer, into lines and tables.
func layout(p *Page, words []Word, bands *int) []part {
	tables, rest := ruledTables(p, words)
	return bandParts(p, fragments(rest), tables, bands, 0)
}

// bandParts orders one area: two columns side by side where a white gutter runs down many lines, one column otherwise.
func bandParts(p *Page, all []*fragment, tables []*table, bands *int, depth int) []part {
	if depth < 4 {
		x, top, bottom, ok := gutter(p, all, tables)
		if !ok {
			all, x, top, bottom, ok = narrowGutter(p, all, tables)
		}
		if ok {
			var above, left, right, below []*fragment
			for _, f := range all {
				switch {
				case f.middle() < top:
					above = append(above, f)
				case f.middle() > bottom:
					below = append(below, f)
				case (f.box.Left+f.box.Right)/2 < x:
					left = append(left, f)
				default:
					right = append(right, f)
				}
			}
			var before, after []*table
			for _, t := range tables {
				if t.box.Top < top {
					before = append(before, t)
				} else {
					after = append(after, t)
				}
			}
			parts := bandParts(p, above, before, bands, depth+1)
			parts = append(parts, bandParts(p, left, nil, bands, 4)...)
			parts = append(parts, bandParts(p, right, nil, bands, 4)...)
			return append(parts, bandParts(p, below, after, bands, depth+1)...)
		}
	}
	return columnParts(p, all, tables, bands)
}

// gutter looks for two columns of running text: many lines on both sides of a vertical white strip, nearly all as wide as
// their column. Tables and signature blocks are not: their lines are short.
func gutter(p *Page, all []*fragment, tables []*table) (x, top, bottom float64, ok bool) {
	if len(all) < 16 {
		return 0, 0, 0, false
	}
	byPlace := slices.Clone(all)
	sortByPlace(byPlace)
	across := acrossColumns(byPlace)
	best := 0
	for try := firstGutter; try <= lastGutter; try += 0.01 {
		if n, from, to := gutterAt(p.Width*try, byPlace, across, tables); n > best {
			best, x, top, bottom, ok = n, p.Width*try, from, to, true
		}
	}
	return x, top, bottom, ok
}

// endOf is where two columns end. A bold or larger line that stands alone below both is none of theirs: the title of what follows.
func endOf(left, right []*fragment) float64 {
	l, r := left[len(left)-1], right[len(right)-1]
	last, column, other := l, left, r
	if r.box.Top > l.box.Top {
		last, column, other = r, right, l
	}
	before := column[len(column)-2]
	above := max(other.box.Bottom, before.box.Bottom)
	title := last.height() > 1.15*before.height() || (&line{fragment: *last}).bold() && !(&line{fragment: *before}).bold()
	if title && last.box.Top-above > 0.3*last.height() {
		return above
	}
	return max(l.box.Bottom, r.box.Bottom)
}

// Where between the sides of a page the strip between two columns is looked for.
const (
	firstGutter = 0.35
	lastGutter  = 0.65
)

// gutterAt gives the most lines that both columns have beside a strip without a line across it, and where they begin and end.
func gutterAt(at float64, byPlace []*fragment, across map[*fragment]pair, tables []*table) (best int, top, bottom float64) {
	var left, right []*fragment
	flush := func() {
		n := min(len(left), len(right))
		if n >= 8 && n > best && runs(left) && runs(right) {
			best = n
			top = min(left[0].box.Top, right[0].box.Top)
			bottom = endOf(left, right)
		}
		left, right = nil, nil
	}
	for _, f := range byPlace {
		switch {
		case f.box.Left < at-2 && f.box.Right > at+2 || across[f].both(at) || crossed(tables, f, at):
			flush()
		case f.box.Right <= at+2:
			left = append(left, f)
		default:
			right = append(right, f)
		}
	}
	flush()
	return best, top, bottom
}

// narrowGutter looks for two columns that stand so near that a line of one and a line of the other beside it were taken for one line.
// Stretched lines have wide gaps, too, but what follows them does not begin at one place. It gives the lines with those between the
// columns cut in two.
func narrowGutter(p *Page, all []*fragment, tables []*table) (parted []*fragment, x, top, bottom float64, ok bool) {
	best := 0
	for try := firstGutter; try <= lastGutter && len(all) >= 8; try += 0.01 {
		at := p.Width * try
		list, cuts := cutAt(all, at)
		if len(cuts) == 0 {
			continue
		}
		sortByPlace(list)
		if n, from, to := gutterAt(at, list, acrossColumns(list), tables); n > best && oneEdge(list, at, from, to) && outstanding(cuts, from, to) {
			best, x, top, bottom, ok = n, at, from, to, true
			parted = list
		}
	}
	if !ok {
		return all, 0, 0, 0, false
	}
	between := func(f *fragment) bool { return f.middle() >= top && f.middle() <= bottom }
	var out []*fragment
	for _, f := range all {
		if !between(f) {
			out = append(out, f)
		}
	}
	for _, f := range parted {
		if between(f) {
			out = append(out, f)
		}
	}
	return out, x, top, bottom, true
}

// oneEdge tells whether most lines to the right of x begin under one another.
func oneEdge(all []*fragment, x, top, bottom float64) bool {
	var edges []float64
	for _, f := range all {
		if f.box.Left >= x-2 && f.middle() >= top && f.middle() <= bottom {
			edges = append(edges, f.box.Left)
		}
	}
	slices.Sort(edges)
	most, from := 0, 0
	for i := range edges {
		for edges[i]-edges[from] > 2 {
			from++
		}
		most = max(most, i-from+1)
	}
	return 5*most >= 3*len(edges)
}

// cutAt cuts lines in two where they have a gap at x that is wider than between words.
func cutAt(all []*fragment, x float64) (out []*fragment, cuts []cut) {
	for _, f := range all {
		at := -1
		if f.box.Left < x-2 && f.box.Right > x+2 {
			for i := 1; i < len(f.words); i++ {
				if a, b := f.words[i-1].Box.Right, f.words[i].Box.Left; a <= x+2 && b >= x-2 && b-a > 0.5*f.height() {
					at = i
				}
			}
		}
		if at < 0 {
			out = append(out, f)
			continue
		}
		cuts = append(cuts, cut{f, at})
		for _, words := range [][]Word{f.words[:at], f.words[at:]} {
			part := &fragment{words: slices.Clone(words), box: words[0].Box}
			for _, w := range words[1:] {
				part.box = Union(part.box, w.Box)
			}
			out = append(out, part)
		}
	}
	return out, cuts
}

// cut is a line and the word before which it may be cut.
type cut struct {
	*fragment
	at int
}

func (c cut) gap(i int) float64 { return c.words[i].Box.Left - c.words[i-1].Box.Right }

// outstanding tells whether most lines that are cut have a wider gap there than between their other words. The gaps of a stretched line
// are all wide, and those of letters of one width stand under one another by chance.
func outstanding(cuts []cut, top, bottom float64) bool {
	wide, all := 0, 0
	for _, c := range cuts {
		var gaps []float64
		for i := 1; i < len(c.words); i++ {
			if i != c.at {
				gaps = append(gaps, c.gap(i))
			}
		}
		if m := c.middle(); m < top || m > bottom || len(gaps) < 2 {
			continue
		}
		slices.Sort(gaps)
		all++
		if c.gap(c.at) > 1.3*gaps[len(gaps)/2] {
			wide++
		}
	}
	return 3*wide >= 2*all
}

// pair are two rows, one under the other, without the labels in them.
type pair [2][]*fragment

// acrossColumns gives the fragments of tables without lines that may stand across a page, and two rows of theirs: three words or figures
// and more in each. Two columns of text have two fragments side by side, and numbers before them.
func acrossColumns(byPlace []*fragment) map[*fragment]pair {
	out := map[*fragment]pair{}
	var above row
	var before []*fragment // of the row above, where it may be one of a table
	for _, r := range rowsOf(slices.Clone(byPlace)) {
		var words []*fragment
		for _, c := range r.cells {
			if !isLabel(c.text()) {
				words = append(words, c)
			}
		}
		if len(words) < 3 {
			before = nil
			continue
		}
		if before != nil {
			for _, c := range append(above.cells, r.cells...) {
				out[c] = pair{before, words}
			}
		}
		above, before = row{cells: slices.Clone(r.cells)}, words
	}
	return out
}

// both tells whether the rows stand on both sides of x. A table inside one column has a line of running text beside it.
func (p pair) both(x float64) bool {
	for _, words := range p {
		var left, right []*fragment
		for _, w := range words {
			if w.box.Right <= x+2 {
				left = append(left, w)
			} else {
				right = append(right, w)
			}
		}
		for _, side := range [][]*fragment{left, right} {
			if len(side) == 0 || len(side) == 1 && len(side[0].words) > 2 {
				return false
			}
		}
	}
	return true
}

func crossed(tables []*table, f *fragment, x float64) bool {
	for _, t := range tables {
		if t.box.Left < x && x < t.box.Right && t.box.Top < f.middle() && f.middle() < t.box.Bottom {
			return true
		}
	}
	return false
}

// runs tells whether the lines of a column look like running text.
func runs(column []*fragment) bool {
	lo, hi := math.Inf(1), 0.0
	for _, f := range column {
		lo, hi = min(lo, f.box.Left), max(hi, f.box.Right)
	}
	full, words := 0, 0
	for _, f := range column {
		words += len(f.words)
		if f.box.Right-f.box.Left > 0.7*(hi-lo) {
			full++
		}
	}
	return float64(full) > 0.55*float64(len(column)) && float64(words) > 3.5*float64(len(column))
}

// columnParts orders one column from top to bottom and finds tables that have no lines around them.
func columnParts(p *Page, all []*fragment, tables []*table, bands *int) []part {
	*bands++
	rows := rowsOf(all)
	for i := range rows {
		rows[i].cells = joinLabels(rows[i].cells)
	}
	left, right := math.Inf(1), 0.0
	for _, r := range rows {
		left, right = min(left, r.box.Left), max(right, r.box.Right)
	}
	type placed struct {
		top  float64
		part part
	}
	var out []placed
	for i := 0; i < len(rows); {
		if t, n := alignedTable(rows[i:]); n > 0 {
			out = append(out, placed{t.box.Top, part{table: t}})
			i += n
			continue
		}
		l := &line{page: p.Number, band: *bands, left: left, right: right}
		for _, f := range rows[i].cells {
			l.words = append(l.words, f.words...)
		}
		l.box = rows[i].box
		out = append(out, placed{l.box.Top, part{line: l}})
		i++
	}
	for _, t := range tables {
		out = append(out, placed{t.box.Top, part{table: t}})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].top < out[j].top })
	parts := make([]part, len(out))
	for i := range out {
		if t := out[i].part.table; t != nil {
			for j := range t.cells {
				t.cells[j].page = p.Number
			}
		}
		parts[i] = out[i].part
	}
	return parts
}

// joinLabels makes one fragment of a hanging number and the text beside it.
func joinLabels(cells []*fragment) []*fragment {
	if len(cells) < 2 || len(cells[0].words) > 2 {
		return cells
	}
	if !isLabel(cells[0].text()) || cells[1].box.Left-cells[0].box.Right > 90 {
		return cells
	}
	joined := *cells[0]
	joined.words = append(slices.Clone(cells[0].words), cells[1].words...)
	joined.box = Union(cells[0].box, cells[1].box)
	return append([]*fragment{&joined}, cells[2:]...)
}
