package plain

import (
	"strings"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document"
)

// piece is a run of text on a line, with its columns of characters.
type piece struct {
	text     string
	from, to int
}

const maxColumns = 60

// tableAt looks for a table at the head of lines: at least two lines with bars or tabs, or three with columns of spaces. It
// gives its rows and how many lines it took.
func tableAt(lines []string) ([][]piece, int) {
	if rows, n := separated(lines, "|"); n > 0 {
		return rows, n
	}
	if rows, n := separated(lines, "\t"); n > 0 {
		return rows, n
	}
	return spaced(lines)
}

func separated(lines []string, by string) ([][]piece, int) {
	var rows [][]piece
	n, cells, rules := 0, 0, 0
	indented := by == "\t" && tabbed(lines)
	for _, l := range lines {
		text := strings.Trim(strings.TrimSpace(l), by)
		if !strings.Contains(text, by) {
			break
		}
		if by == "\t" { // an empty corner is a cell too; an indented table has none before its first words
			if text = strings.Trim(l, " \r"); indented {
				text = text[1:]
			}
		}
		n++
		if onlyRules(text) {
			if rules++; rules > 4 {
				break
			}
			continue
		}
		rules = 0
		var row []piece
		for i, t := range strings.Split(text, by) {
			row = append(row, piece{text: strings.TrimSpace(t), from: i})
		}
		if by == "\t" && cells > 0 && len(row) != cells {
			n--
			break
		}
		cells = len(row)
		rows = append(rows, row)
		if len(rows) > 5000 {
			break
		}
	}
	if len(rows) < 2 {
		return nil, 0
	}
	return rows, n
}

// tabbed tells whether every line of a table begins with a tab.
func tabbed(lines []string) bool {
	for i, l := range lines {
		if !strings.Contains(strings.TrimSpace(l), "\t") {
			return i > 0
		}
		if !strings.HasPrefix(l, "\t") {
			return false
		}
	}
	return true
}

// spaced finds columns that are kept apart by three spaces or more on every line.
func spaced(lines []string) ([][]piece, int) {
	var rows [][]piece
	var strips []piece
	n, multi, rules := 0, 0, 0
	for i, l := range lines {
		if strings.TrimSpace(l) == "" {
			break
		}
		if onlyRules(l) && i > 0 {
			if rules++; rules > 4 {
				break
			}
			n = i + 1
			continue
		}
		rules = 0
		row := pieces(l)
		if len(row) > maxColumns {
			break
		}
		next := widened(strips, row)
		if len(row) < 2 && (i == 0 || len(next) != len(strips) || len(row) == 1 && row[0].from <= strips[0].to) || len(next) < 2 {
			break
		}
		if len(row) > 1 {
			multi++
		}
		strips = next
		rows = append(rows, row)
		n = i + 1
		if len(rows) > 5000 {
			break
		}
	}
	if multi < 2 || len(strips) == 2 && multi < 3 {
		return nil, 0
	}
	for _, row := range rows {
		for i := range row {
			middle := (row[i].from + row[i].to) / 2
			for c, s := range strips {
				row[i].from = c
				if middle <= s.to {
					break
				}
			}
		}
	}
	return rows, n
}

func pieces(l string) []piece {
	l = strings.ReplaceAll(l, "\t", "    ")
	var out []piece
	column, start, gap := 0, -1, 0
	var text strings.Builder
	flush := func() {
		if start >= 0 {
			t := strings.TrimRight(text.String(), " ")
			out = append(out, piece{text: t, from: start, to: start + utf8.RuneCountInString(t)})
		}
		start = -1
		text.Reset()
	}
	for _, r := range l {
		if r == ' ' {
			gap++
			if gap == 3 {
				flush()
			}
		} else {
			gap = 0
			if start < 0 {
				start = column
			}
		}
		if start >= 0 {
			text.WriteRune(r)
		}
		column++
	}
	flush()
	return out
}

func widened(strips, row []piece) []piece {
	all := append(append([]piece{}, strips...), row...)
	for i := 1; i < len(all); i++ {
		for j := i; j > 0 && all[j].from < all[j-1].from; j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	merged := all[:0]
	for _, s := range all {
		if n := len(merged); n > 0 && s.from <= merged[n-1].to {
			merged[n-1].to = max(merged[n-1].to, s.to)
			continue
		}
		merged = append(merged, piece{from: s.from, to: s.to})
	}
	return merged
}

func onlyRules(l string) bool {
	return strings.TrimSpace(l) != "" && strings.Trim(l, "-=_+|: \t") == ""
}

func writeTable(b *document.Builder, rows [][]piece, table int) {
	for r, row := range rows {
		for _, p := range row {
			b.Start(document.Block{Kind: document.Cell, Table: table, Row: r, Col: p.from})
			b.Write(p.text)
			b.End()
		}
	}
}
