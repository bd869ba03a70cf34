package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// figure is a value with the words that govern it, however the paper sets them out: a cell with the heads above it and the labels
// beside it, or what stands behind a label and a colon. Finders ask the nearest words first what the value is of, for whom and in
// which unit; a table may have its levels in rows or in columns, its unit in a head or in the sentence before.
type figure struct {
	cell               // what holds the value
	heads []string     // above it, the nearest first
	sides []beside     // cells of its row that hold no value; the label first
	group string       // the row across the table that it stands under
	lead  string       // heading and sentence before the table
	quote wording.Span // what is quoted: the row
	row   int
	col   int
}

// beside is a cell of the same row with the head above it.
type beside struct{ text, head string }

var (
	labelHead  = expression.MustCompile(`(?i)\b(?:priorit(?:y|ies)|severity|sev|class|classification|category|level|urgency|impact|grade|fault type|incident type|type of (?:fault|incident)|rank|code)\b`)
	hoursHead  = expression.MustCompile(`(?i)\b(?:hours of|coverage|service window|support window|support hours|service hours|hours of cover|cover|clock|measured in|counted in|calendar|availability of support)\b|^hours$`)
	tellsHead  = expression.MustCompile(`(?i)\b(?:descri\w+|definition|meaning|means|example|criteri\w+|explanation|scope|comment|notes?|remarks?|what (?:it|this) is)\b`)
	bareNumber = expression.MustCompile(`^[<\x{2264}= ]*(\d{1,4})(?:[.,](\d))?$`)
	bareCount  = expression.MustCompile(`^\d{1,3}(?:[,. ]\d{3})+$`)
	bareLabel  = expression.MustCompile(`^(?:#|No\.? ?)?([1-5]|I{1,3}|IV|V|[A-E])\.?(?: ?[-:(] ?[A-Za-z][\w /()-]*)?$`)
	measured   = expression.MustCompile(`(?i)\b(?:targets?|values?|times?|prices?|fees?|rates?|charges?|amounts?|credits?|bonus|rebates?|discounts?|minimum|quantit\w+|volume|commitment|deduction|measure|per ?cent|percentage|hours?|days?|minutes?|availability|uptime)\b|%`)
)

const rowMany = 40 // letters of a cell that may name a level

// valued tells whether a cell holds a value: a time, a share, a sum, a number.
func valued(s string) bool {
	if len(s) == 0 || len(s) > 160 || !strings.ContainsAny(s, "0123456789") && len(wording.Targets(s)) == 0 {
		return false
	}
	if t := wording.Targets(s); len(t) > 0 && (t[0].Start < 16 || len(s) < 60) {
		return true
	}
	return bareNumber.MatchString(s) || bareCount.MatchString(s) || len(wording.Percents(s)) > 0 || len(wording.Sums(s)) > 0
}

// opens tells whether a cell begins with its value.
func opens(s string) bool {
	t := wording.Targets(s)
	return len(t) == 0 || t[0].Start < 16
}

// headRows tells how many rows of a table name its columns. A table of two columns whose second head measures nothing is a form: a
// label and its value in each row.
func (g *grid) headRows() int {
	for i, row := range g.rows {
		if i > 2 || i >= len(g.rows)-1 {
			return i
		}
		_, alone := aloneIn(row)
		for k, c := range row {
			if k > 0 && valued(c.text) && !(i == 0 && bareLabel.MatchString(c.text)) {
				return i
			}
		}
		if i == 0 {
			if g.isForm() {
				return 0
			}
			continue
		}
		_, first := aloneIn(g.rows[0])
		if under := len(row) > 0 && len(g.rows[i-1]) > 0 && row[0].Span == g.rows[i-1][0].Span || len(row) > 0 && row[0].text == ""; !under && !first && !alone {
			return i
		}
	}
	return 0
}

func (g *grid) isForm() bool {
	for _, row := range g.rows {
		if len(row) > 2 {
			return false
		}
	}
	head := g.rows[0]
	return len(head) == 2 && !measured.MatchString(head[1].text) && len(wording.ClockOf(head[1].text)) == 0 && !labelHead.MatchString(head[0].text)
}

// figuresIn gives the values of a table with what governs each.
func (r *reading) figuresIn(g *grid) []figure {
	heads := g.headRows()
	label := g.labelColumn(heads)
	lead := r.leadOf(g.Start)
	var out []figure
	group := ""
	for i := heads; i < len(g.rows); i++ {
		row := g.rows[i]
		if text, alone := aloneIn(row); alone {
			group = text
			continue
		}
		var sides []beside
		values := make([]bool, len(row))
		plain := true // no cell is a value alone
		for k, c := range row {
			values[k] = k != label && valued(c.text) && !tellsHead.MatchString(g.headOver(heads, k))
			plain = plain && !(values[k] && opens(c.text))
		}
		for k, c := range row {
			// "E-mails answered within a day" beside "95 %" is what the share is of
			values[k] = values[k] && (plain || opens(c.text))
			if c.text == "" || values[k] {
				continue
			}
			side := beside{c.text, g.headOver(heads, k)}
			if k == label && len(sides) > 0 {
				sides = append([]beside{side}, sides...)
				continue
			}
			sides = append(sides, side)
		}
		for k, c := range row {
			if !values[k] {
				continue
			}
			f := figure{cell: c, sides: sides, group: group, lead: lead, quote: rowSpan(row), row: i, col: k}
			for h := heads - 1; h >= 0; h-- {
				if k < len(g.rows[h]) && g.rows[h][k].text != "" && !g.spans(h) {
					f.heads = append(f.heads, g.rows[h][k].text)
				}
			}
			if f.quote.End-f.quote.Start > 700 {
				f.quote = c.Span
			}
			out = append(out, f)
		}
	}
	return out
}

// spans tells whether a row says one thing over the whole table: its caption.
func (g *grid) spans(row int) bool {
	_, alone := aloneIn(g.rows[row])
	return alone
}

// headOver is the head of a column, of several rows the lowest.
func (g *grid) headOver(heads, col int) string {
	for h := heads - 1; h >= 0; h-- {
		if col < len(g.rows[h]) && g.rows[h][col].text != "" && !g.spans(h) {
			return g.rows[h][col].text
		}
	}
	return ""
}

// labelColumn is the column that says what a row is about: by its head, otherwise by labels of levels in it, otherwise the first.
func (g *grid) labelColumn(heads int) int {
	for h := range heads {
		for k, c := range g.rows[h] {
			if labelHead.MatchString(c.text) && len(wording.ClockOf(c.text)) == 0 && len(wording.LevelLabels(c.text)) == 0 {
				return k
			}
		}
	}
	best, most := 0, 0
	counts := map[int]int{}
	for _, row := range g.rows[heads:] {
		for k, c := range row {
			if l := wording.LevelLabels(c.text); len(l) == 1 && l[0].Strong && len(c.text) < rowMany && len(wording.Targets(c.text)) == 0 {
				if counts[k]++; counts[k] > most {
					best, most = k, counts[k]
				}
			}
		}
	}
	return best
}

// leadOf is what introduces a table: the sentences right before it, with the heading over them.
func (r *reading) leadOf(at int) string {
	n := r.sentenceAt(max(0, at-1))
	for n >= 0 && r.sentences[n].Start >= at {
		n--
	}
	if n < 0 {
		return ""
	}
	start := r.sentences[n].Start
	for k := n - 1; k >= 0 && k >= n-2 && at-r.sentences[k].Start < 500 && !r.inTable(r.sentences[k].Start); k-- {
		start = r.sentences[k].Start
	}
	if at-start > 600 || r.inTable(start) {
		return ""
	}
	return r.s[start:at]
}

// aloneIn gives the words of a row that has one cell only, or the same one in all.
func aloneIn(row []cell) (string, bool) {
	text := ""
	for _, c := range row {
		if c.text == "" {
			continue
		}
		if text != "" && text != c.text {
			return "", false
		}
		text = c.text
	}
	return text, text != "" && len(text) < rowMany && len(row) > 1 && len(wording.Targets(text)) == 0
}

var (
	fieldLine = expression.MustCompile(`^[\s*\x{2022}()a-zA-Z\d.-]{0,6}?([A-Z][^:\t]{5,70}?)(?:: | ?\.{4,} ?| = |\t ?)([^:]{1,60})$`)
	itemLine  = expression.MustCompile(`^(?:\(\w{1,4}\)|\w{1,3}[).]|[-*\x{2022}\x{2013}]|\d{1,2}(?:\.\d{1,2})+)? ?([A-Za-z][^\t;:]{2,90}?)(?:: ?| - |, | \x{2013} )([^:]{2,70}?)[.;,]?(?: and| or)?$`)
)

// fieldFigure reads a line of a form: "Response on site, urgent: 4 hours".
func (r *reading) fieldFigure(s string, sp wording.Span) (figure, bool) {
	m := fieldLine.FindStringSubmatchIndex(s)
	if m == nil || len(s) > 140 {
		return figure{}, false
	}
	return lineFigure(s, m, sp)
}

// itemFigure reads an item of a list; what introduces the list stands over it like the head of a column.
func (r *reading) itemFigure(s string, sp wording.Span, lead string) (figure, bool) {
	m := itemLine.FindStringSubmatchIndex(s)
	if m == nil || len(s) > 160 {
		return figure{}, false
	}
	f, ok := lineFigure(s, m, sp)
	f.heads = []string{lead}
	return f, ok
}

func lineFigure(s string, m []int, sp wording.Span) (figure, bool) {
	value := s[m[4]:m[5]]
	if !valued(value) || !opens(value) {
		return figure{}, false
	}
	return figure{cell: cell{Span: wording.Span{Start: sp.Start + m[4], End: sp.Start + m[5]}, text: value}, sides: []beside{{text: s[m[2]:m[3]]}}, quote: sp}, true
}
