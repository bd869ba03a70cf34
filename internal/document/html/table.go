package html

import (
	"strconv"

	"golang.org/x/net/html"

	"github.com/pactloop/pactloop/internal/document"
)

// cell is a cell that is being filled, and the tables that stand in it.
type cell struct {
	block      document.Block
	paragraphs []paragraph
}

// shape is what decides whether a table is one.
type shape struct {
	columns, cells int
	longest        int // characters of the longest cell
	tables, heads  int // inside of cells
	full           int // the largest number of cells with text in a row
}

const longCell = 2500

// layout tells whether a table only arranges the page.
func (s shape) layout() bool {
	return s.columns <= 1 || s.full <= 1 || s.longest > longCell || s.heads > 1 && s.longest > 400 || s.tables > 0 && (s.cells <= 4 || s.longest > 1000)
}

func shapeOf(table *html.Node) shape {
	var s shape
	for _, row := range rows(table) {
		columns, full := 0, 0
		for _, c := range cells(row) {
			n := text(c, &s)
			columns += span1(c, "colspan")
			s.cells++
			s.longest = max(s.longest, n)
			if n > 0 {
				full++
			}
		}
		s.columns, s.full = max(s.columns, columns), max(s.full, full)
	}
	return s
}

// text counts the characters of a cell, and what else stands in it. It stops where the answer is clear.
func text(n *html.Node, s *shape) int {
	total := 0
	for c := n.FirstChild; c != nil && total <= longCell; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			for _, r := range c.Data {
				if !blank(r) {
					total++
				}
			}
		case c.Type == html.ElementNode && (c.Data == "script" || c.Data == "style"):
		case c.Type == html.ElementNode:
			switch c.Data {
			case "table":
				s.tables++
			case "h1", "h2", "h3", "h4", "h5", "h6":
				s.heads++
			}
			total += text(c, s)
		}
	}
	return total
}

// rows gives the rows of a table, not those of tables inside.
func rows(table *html.Node) []*html.Node {
	var out []*html.Node
	for c := table.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type != html.ElementNode:
		case c.Data == "tr":
			out = append(out, c)
		case c.Data == "tbody" || c.Data == "thead" || c.Data == "tfoot":
			out = append(out, rows(c)...)
		}
	}
	return out
}

func cells(row *html.Node) []*html.Node {
	var out []*html.Node
	for c := row.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (c.Data == "td" || c.Data == "th") {
			out = append(out, c)
		}
	}
	return out
}

func span1(n *html.Node, key string) int {
	for _, a := range n.Attr {
		if a.Key == key {
			v, err := strconv.Atoi(a.Val)
			if err == nil && v > 1 {
				return min(v, 200)
			}
		}
	}
	return 1
}

// table writes a table as cells, row by row; a cell that goes over rows or columns stands once, with its extent.
func (w *Writer) table(n *html.Node, l look) error {
	if err := w.flush(); err != nil {
		return err
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "caption" {
			if err := w.node(c, l); err != nil {
				return err
			}
		}
	}
	presentation := false
	for _, a := range n.Attr {
		presentation = presentation || a.Key == "role" && (a.Val == "presentation" || a.Val == "none")
	}
	if w.cell != nil || presentation || shapeOf(n).layout() {
		return w.arranged(n, l)
	}
	all, err := w.filled(n, l)
	if err != nil {
		return err
	}
	if clauses(all) {
		return w.clauses(all)
	}
	for i := range all {
		if len(all[i].paragraphs) == 0 {
			continue
		}
		if err := w.write(all[i].block, all[i].paragraphs); err != nil {
			return err
		}
	}
	return nil
}

// arranged writes a table that is none. Inside of a cell, a row of it is a paragraph.
func (w *Writer) arranged(n *html.Node, l look) error {
	for _, row := range rows(n) {
		of := w.of(row, l)
		for _, c := range cells(row) {
			if w.cell == nil {
				if err := w.node(c, of); err != nil {
					return err
				}
				continue
			}
			if err := w.children(c, w.of(c, of)); err != nil {
				return err
			}
			w.words(" ", plainLook())
		}
		if err := w.flush(); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) filled(n *html.Node, l look) ([]cell, error) {
	w.tables++
	number := w.tables
	var all []cell
	busy := map[int]int{} // column -> rows that a cell above still takes
	for r, row := range rows(n) {
		of := w.of(row, l)
		column := 0
		taken := map[int]int{}
		for _, c := range cells(row) {
			for busy[column] > 0 {
				column++
			}
			wide, high := span1(c, "colspan"), span1(c, "rowspan")
			at := &cell{block: document.Block{Kind: document.Cell, Table: number, Row: r, Col: column}}
			if wide > 1 {
				at.block.Cols = wide
			}
			if high > 1 {
				at.block.Rows = high
			}
			w.cell = at
			err := w.children(c, w.of(c, of))
			if err == nil {
				err = w.flush()
			}
			w.cell = nil
			w.open = paragraph{}
			if err != nil {
				return nil, err
			}
			all = append(all, *at)
			for i := range wide {
				taken[column+i] = high - 1
			}
			column += wide
		}
		for c, left := range busy {
			if left > 1 {
				busy[c] = left - 1
			} else {
				delete(busy, c)
			}
		}
		for c, left := range taken {
			if left > 0 {
				busy[c] = left
			}
		}
	}
	return all, nil
}

// clauses tells whether every row is a label and a text: a list that was laid out with a table.
func clauses(all []cell) bool {
	labelled := 0
	for i := 0; i < len(all); {
		row := all[i].block.Row
		var words []string
		for ; i < len(all) && all[i].block.Row == row; i++ {
			if t := joined(all[i].paragraphs); t != "" {
				words = append(words, t)
			}
		}
		switch {
		case len(words) == 0:
		case len(words) == 2:
			label, ok := document.ParseLabel(words[0] + " ")
			if !ok || label.Runes < len([]rune(words[0])) || label.Scheme == document.Decimal && len(label.Parts) == 1 && len([]rune(words[1])) < 40 {
				return false
			}
			labelled++
		default:
			return false
		}
	}
	return labelled > 0
}

func joined(list []paragraph) string {
	out := ""
	for i := range list {
		if t := list[i].text(); t != "" {
			if out != "" {
				out += " "
			}
			out += t
		}
	}
	return out
}

// clauses writes such a table as its items.
func (w *Writer) clauses(all []cell) error {
	w.tables--
	for i := 0; i < len(all); {
		row := all[i].block.Row
		var list []paragraph
		for ; i < len(all) && all[i].block.Row == row; i++ {
			list = append(list, all[i].paragraphs...)
		}
		if len(list) == 0 {
			continue
		}
		whole := paragraph{}
		for _, p := range list {
			whole.spans = append(append(whole.spans, p.spans...), span{text: " "})
		}
		if err := w.write(document.Block{Kind: document.Paragraph}, []paragraph{whole}); err != nil {
			return err
		}
	}
	return nil
}
