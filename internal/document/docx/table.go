package docx

import "github.com/pactloop/pactloop/internal/document"

// table writes a table as cells. With one column it is layout, and its paragraphs are written as such.
func (s *scope) table() error {
	columns, row := 0, -1
	number := 0
	return s.p.children(func(e element) error {
		switch e.local {
		case "tblGrid":
			return s.p.children(func(e element) error {
				if e.local == "gridCol" {
					columns++
				}
				return nil
			})
		case "tr", "sdt", "sdtContent", "ins", "customXml":
			if columns != 1 && number == 0 {
				s.w.tables++
				number = s.w.tables
			}
			return s.rows(e, number, columns, &row)
		}
		return nil
	})
}

// rows reads a row, or what wraps rows.
func (s *scope) rows(e element, table, columns int, row *int) error {
	if e.local != "tr" {
		return s.p.children(func(e element) error {
			switch e.local {
			case "tr", "sdtContent", "ins", "customXml":
				return s.rows(e, table, columns, row)
			}
			return nil
		})
	}
	*row++
	column, deleted := 0, false
	return s.p.children(func(e element) error {
		switch e.local {
		case "trPr":
			return s.p.children(func(e element) error {
				switch e.local {
				case "gridBefore":
					column += max(0, min(atoi(e.attr("val"), 0), 64))
				case "del":
					deleted = true
					s.w.deleted++
				case "ins":
					s.w.inserted++
				}
				return nil
			})
		case "tc", "sdt", "sdtContent", "customXml":
			if deleted {
				return nil
			}
			return s.cells(e, table, columns, *row, &column)
		}
		return nil
	})
}

func (s *scope) cells(e element, table, columns, row int, column *int) error {
	if e.local != "tc" {
		return s.p.children(func(e element) error {
			switch e.local {
			case "tc", "sdtContent", "customXml":
				return s.cells(e, table, columns, row, column)
			}
			return nil
		})
	}
	cell := item{block: document.Block{Kind: document.Cell, Table: table, Row: row, Col: *column}}
	if s.kind == document.Header || s.kind == document.Footer {
		cell.block = document.Block{Kind: s.kind}
	}
	wide := 1
	inner := *s
	emit := func(i item) error {
		cell.paragraphs = append(cell.paragraphs, i.paragraphs...)
		return nil
	}
	if columns != 1 {
		inner.emit = emit
	}
	err := s.p.children(func(e element) error {
		if e.local == "tcPr" {
			return s.p.children(func(e element) error {
				switch e.local {
				case "gridSpan":
					wide = max(1, min(atoi(e.attr("val"), 1), 64))
				case "shd":
					inner.shaded = isShade(e)
				}
				return nil
			})
		}
		return inner.block(e)
	})
	*column += wide
	if err != nil || columns == 1 {
		return err
	}
	return s.emit(cell)
}
