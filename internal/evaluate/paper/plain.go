package paper

import (
	"strings"
	"unicode/utf8"
)

// Plain gives the words without marks: blocks parted by blank lines, numbers as printed, open changes accepted. It is the text
// that labels are written against. In the head, `tables` says how rows are set (tabs, columns, pipes) and `wrap` at which
// column paragraphs break; both stand for how people send contracts as text.
func Plain(t Text) string {
	var out []string
	for _, b := range t.blocks {
		if words := plainBlock(t, b); words != "" {
			out = append(out, words)
		}
	}
	return strings.Join(out, "\n\n") + "\n"
}

func plainBlock(t Text, b block) string {
	switch b.kind {
	case pageBreak:
		return ""
	case table:
		return plainTable(t.head["tables"], b.rows)
	case signatures:
		var signed []string
		for _, p := range b.rows {
			p = append(p, "", "", "", "")
			signed = append(signed, bare(p[0])+"\nBy: /s/ "+p[1]+"\nName: "+p[1]+"\nTitle: "+p[2]+"\nDate: "+p[3])
		}
		return strings.Join(signed, "\n\n")
	case lines:
		return bare(b.words)
	}
	words := strings.TrimSpace(b.number + " " + bare(b.words))
	if t.head["wrap"] == "" {
		return words
	}
	return strings.Join(wrap(words, 78), "\n")
}

// bare takes the marks off: bold, and open changes as if accepted.
func bare(words string) string {
	var b strings.Builder
	for _, s := range spans(words) {
		if !s.deleted {
			b.WriteString(s.words)
		}
	}
	return b.String()
}

func plainTable(form string, rows [][]string) string {
	var out []string
	width := map[int]int{}
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(bare(cell)))
		}
	}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = bare(cell)
			if form == "columns" && i < len(row)-1 {
				cells[i] += strings.Repeat(" ", width[i]-utf8.RuneCountInString(cells[i]))
			}
		}
		switch form {
		case "columns":
			out = append(out, strings.TrimRight(strings.Join(cells, "   "), " "))
		case "pipes":
			out = append(out, "| "+strings.Join(cells, " | ")+" |")
		default:
			out = append(out, strings.Join(cells, "\t"))
		}
	}
	return strings.Join(out, "\n")
}
