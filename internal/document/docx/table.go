package docx

import (
	"cmp"

	"github.com/pactloop/pactloop/internal/document"
)

// grid is a table that is being read. It is written when its end is known: only then is it clear over how many rows a cell
// goes. Tables inside of its cells follow the row they stand in, as tables of their own.
type grid struct {
	number  int
	columns int
	fixed   bool // its columns are as wide as stated
	row     int
	items   []item
	above   map[int]int // column -> the item that a merged cell goes on from
	nested  []item
}

// table writes a table as cells. With one column it is layout, and its paragraphs are written as such.
func (s *scope) table() error {
	t := &grid{row: -1, above: map[int]int{}}
	own := *s
	s = &own
	err := s.p.children(func(e element) error {
		switch e.local {
		case "tblPr":
			return s.p.children(func(e element) error {
				switch e.local {
				case "tblStyle":
					style := s.w.styles.stated(e.attr("val"))
					s.letters, s.fill = style.look, cmp.Or(style.fill, s.fill)
				case "shd":
					s.fill = fillOf(e)
				case "tblInd":
					if n := twips(e.attr("w")); e.attr("type") != "pct" && (n > longestPage || n < -longestPage/2) {
						s = s.without(gone{kind: document.Hidden, why: offPage})
					}
				case "tblpPr":
					if framed("tblpX", "tblpY", e) {
						s = s.without(gone{kind: document.Hidden, why: offPage})
					}
				case "tblLayout":
					t.fixed = e.attr("type") == "fixed"
				}
				return nil
			})
		case "tblGrid":
			return s.p.children(func(e element) error {
				if e.local == "gridCol" {
					t.columns++
				}
				return nil
			})
		case "tr", "sdt", "sdtContent", "ins", "del", "customXml":
			if t.columns != 1 && t.number == 0 {
				s.w.tables++
				t.number = s.w.tables
			}
			return s.rows(e, t)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, i := range t.items {
		if err := s.emit(i); err != nil {
			return err
		}
	}
	return nil
}

// rows reads a row, or what wraps rows.
func (s *scope) rows(e element, t *grid) error {
	if e.local != "tr" {
		return s.p.children(func(e element) error {
			switch e.local {
			case "tr", "sdt", "sdtContent", "ins", "customXml":
				return s.rows(e, t)
			}
			return nil
		})
	}
	t.row++
	column := 0
	inner := s
	err := s.p.children(func(e element) error {
		switch e.local {
		case "trPr":
			return s.p.children(func(e element) error {
				switch e.local {
				case "gridBefore":
					column += max(0, min(atoi(e.attr("val"), 0), 64))
				case "trHeight":
					if e.attr("hRule") == "exact" && e.attr("val") != "" && twips(e.attr("val")) <= leastLine {
						inner = s.without(gone{kind: document.Hidden, why: "a row without height"})
					}
				case "hidden":
					if e.on() {
						inner = s.without(gone{kind: document.Hidden, why: "a hidden row"})
					}
				case "del":
					s.w.deleted++
					inner = s.without(changeOf(document.Deleted, e))
				case "ins":
					s.w.inserted++
				}
				return nil
			})
		case "tc", "sdt", "sdtContent", "customXml":
			return inner.cells(e, t, &column)
		}
		return nil
	})
	t.items = append(t.items, t.nested...)
	t.nested = nil
	return err
}

func (s *scope) cells(e element, t *grid, column *int) error {
	if e.local != "tc" {
		return s.p.children(func(e element) error {
			switch e.local {
			case "tc", "sdt", "sdtContent", "customXml":
				return s.cells(e, t, column)
			}
			return nil
		})
	}
	cell := item{block: document.Block{Kind: document.Cell, Table: t.number, Row: t.row, Col: *column}}
	aside := s.kind == document.Header || s.kind == document.Footer || s.kind == document.Note
	if aside {
		cell.block = document.Block{Kind: s.kind}
	}
	wide, goesOn, begins := 1, false, false
	inner := *s
	inner.carry = new(*paragraph)
	inner.emit = func(i item) error {
		if i.block.Kind == document.Cell || i.picture > 0 { // of a table inside, or recognised on a picture
			t.nested = append(t.nested, i)
			return nil
		}
		cell.paragraphs = append(cell.paragraphs, i.paragraphs...)
		return nil
	}
	if t.columns == 1 {
		inner.emit = func(i item) error {
			t.items = append(t.items, i)
			return nil
		}
	}
	err := s.p.children(func(e element) error {
		if e.local == "tcPr" {
			return s.p.children(func(e element) error {
				switch e.local {
				case "gridSpan":
					wide = max(1, min(atoi(e.attr("val"), 1), 64))
				case "vMerge":
					begins = e.attr("val") == "restart"
					goesOn = !begins
					if goesOn && t.columns != 1 { // Word shows the cell above in its place
						inner.gone = s.without(gone{kind: document.Hidden, why: "covered by a merged cell"}).gone
					}
				case "cellDel":
					s.w.deleted++
					inner.gone = s.without(changeOf(document.Deleted, e)).gone
				case "cellIns":
					s.w.inserted++
				case "tcW":
					if n := twips(e.attr("w")); t.fixed && e.attr("type") == "dxa" && n > 0 && n <= leastLine {
						inner.gone = s.without(gone{kind: document.Hidden, why: "a cell without width"}).gone
					}
				case "shd":
					inner.fill = cmp.Or(fillOf(e), s.fill)
				}
				return nil
			})
		}
		return inner.block(e)
	})
	if err == nil {
		err = inner.flush()
	}
	at := *column
	*column += wide
	if err != nil || t.columns == 1 {
		return err
	}
	if from, ok := t.above[at]; goesOn && ok {
		if b := &t.items[from].block; b.Kind == document.Cell {
			b.Rows = t.row - b.Row + 1
		}
	}
	if !goesOn {
		delete(t.above, at)
	}
	if begins {
		t.above[at] = len(t.items)
	}
	if wide > 1 && !aside {
		cell.block.Cols = wide
	}
	t.items = append(t.items, cell)
	return nil
}
