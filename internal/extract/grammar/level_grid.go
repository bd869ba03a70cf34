package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Tables of service levels come in three shapes: a row for each level and a column for each time; a column for each level (or plan)
// and a row for each time; a row for each time of each level. What a column is, its head tells.

type column byte

const (
	plainColumn column = iota
	labelColumn
	responseColumn
	resolutionColumn
	bothColumn // "Response / Restore" with two times in a cell
	otherColumn
	hoursColumn
	workaroundColumn
)

var (
	labelHead  = expression.MustCompile(`(?i)\b(?:priorit(?:y|ies)|severity|sev|class|classification|category|level|urgency|impact|grade|fault type|incident type|type of (?:fault|incident)|rank|code)\b`)
	hoursHead  = expression.MustCompile(`(?i)\b(?:hours of|coverage|service window|support window|support hours|service hours|hours of cover|clock|measured in|counted in|calendar|availability of support)\b`)
	minuteHead = expression.MustCompile(`(?i)\(?\b(?:in )?(?:minutes|mins?)\b\)?`)
	hourHead   = expression.MustCompile(`(?i)\(?\b(?:in )?((?:business|working|service) )?(?:hours|hrs?)\b\)?`)
	dayHead    = expression.MustCompile(`(?i)\(?\b(?:in )?((?:business|working) )?days\b\)?`)
	bareNumber = expression.MustCompile(`^[<\x{2264}= ]*(\d{1,4})$`)
	bareLabel  = expression.MustCompile(`^(?:#|No\.? ?)?([1-5]|I{1,3}|IV|V|[A-E])\.?(?: ?[-:(] ?[A-Za-z][\w /()-]*)?$`)
	rowMany    = 40 // letters of a cell that may name a level
)

// kindOfColumn reads a column's head.
func kindOfColumn(head string) column {
	kinds := wording.ClockOf(head)
	has := func(k wording.ClockKind) bool {
		for _, o := range kinds {
			if o == k {
				return true
			}
		}
		return false
	}
	switch {
	case has(wording.Response) && has(wording.Resolution):
		return bothColumn
	case has(wording.Other):
		return otherColumn
	case has(wording.Workaround):
		return workaroundColumn
	case has(wording.Resolution):
		return resolutionColumn
	case has(wording.Response), has(wording.OnSite):
		return responseColumn
	case hoursHead.MatchString(head):
		return hoursColumn
	case labelHead.MatchString(head):
		return labelColumn
	}
	return plainColumn
}

// levelsInGrid reads one table; it tells whether it found any.
func (r *reading) levelsInGrid(g *grid, found *levels) bool {
	if len(g.rows) < 2 || !levelUnit.MatchString(r.lower[g.Start:g.End]) {
		return false
	}
	before := len(found.list)
	for h := 0; h < min(3, len(g.rows)-1); h++ {
		if len(cellTargets(g.rows[h])) > 0 || strings.Contains(r.cut(rowSpan(g.rows[h])), "%") {
			break // figures already: it has no head, or it was passed
		}
		if r.rowsAreLevels(g, h, found) || r.columnsAreLevels(g, h, found) {
			return len(found.list) > before
		}
	}
	r.rowsAreTimes(g, found)
	return len(found.list) > before
}

func cellTargets(cells []cell) []wording.Target {
	var out []wording.Target
	for _, c := range cells {
		if len(c.text) < 120 {
			out = append(out, wording.Targets(c.text)...)
		}
	}
	return out
}

// rowsAreLevels reads the first shape, with the head in row h.
func (r *reading) rowsAreLevels(g *grid, h int, found *levels) bool {
	head := g.rows[h]
	kinds := make([]column, len(head))
	times, label := 0, -1
	site := -1
	for i, c := range head {
		kinds[i] = kindOfColumn(c.text)
		switch kinds[i] {
		case responseColumn, resolutionColumn, bothColumn, workaroundColumn:
			if timesUnder(g, h, i) {
				times++
			} else {
				kinds[i] = plainColumn
			}
		case labelColumn:
			if label < 0 {
				label = i
			}
		}
		if k := wording.ClockOf(c.text); kinds[i] == responseColumn && len(k) == 1 && k[0] == wording.OnSite {
			site = i
		}
	}
	if times == 0 {
		return false
	}
	settleColumns(kinds, site)
	if label < 0 {
		label = 0
	}
	group := ""
	done := false
	for i := h + 1; i < len(g.rows); i++ {
		row := g.rows[i]
		if text, alone := aloneIn(row); alone {
			group = text // a head within the table
			continue
		}
		name := rowLabel(row, label, labelHead.MatchString(head[label].text))
		if name == "" {
			continue
		}
		if name = withGroup(name, group); r.addRow(g, row, head, kinds, name, found) {
			done = true
		}
	}
	return done
}

// timesUnder tells whether a column has times, or bare numbers under a unit.
func timesUnder(g *grid, h, col int) bool {
	for _, row := range g.rows[h+1:] {
		if col < len(row) && (len(wording.Targets(row[col].text)) > 0 || bareNumber.MatchString(row[col].text)) {
			return true
		}
	}
	return false
}

// settleColumns leaves one column for each kind: being on site is the resolution where another column is the response, a workaround
// only where nothing lasting is promised.
func settleColumns(kinds []column, site int) {
	seen := map[column]bool{}
	for i, k := range kinds {
		if i == site && (seen[responseColumn] || later(kinds, i, responseColumn)) {
			kinds[i] = otherColumn
			if !seen[resolutionColumn] && !later(kinds, i, resolutionColumn) {
				kinds[i] = resolutionColumn
			}
			k = kinds[i]
		}
		switch {
		case k == workaroundColumn && (seen[resolutionColumn] || later(kinds, i, resolutionColumn)):
			kinds[i] = otherColumn
		case k == workaroundColumn:
			kinds[i] = resolutionColumn
			seen[resolutionColumn] = true
		case (k == responseColumn || k == resolutionColumn) && seen[k]:
			kinds[i] = otherColumn
		}
		seen[k] = true
	}
}

func later(kinds []column, i int, want column) bool {
	for _, k := range kinds[i+1:] {
		if k == want {
			return true
		}
	}
	return false
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

func withGroup(name, group string) string {
	if group == "" {
		return name
	}
	if l := wording.LevelLabels(group); len(l) == 1 {
		return name + " (" + l[0].Name + ")"
	}
	return name + " (" + strings.ToLower(group) + ")"
}

// rowLabel gives the level that a row is about: its number or letter, otherwise its words.
func rowLabel(row []cell, col int, levelHead bool) string {
	if col >= len(row) {
		return ""
	}
	text := row[col].text
	if l := wording.LevelLabels(text); len(l) > 0 && l[0].Strong {
		return l[0].Name
	}
	if m := bareLabel.FindStringSubmatch(text); m != nil && (levelHead || col == 0) {
		if n, roman := map[string]string{"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}[m[1]]; roman {
			return n
		}
		return m[1]
	}
	if text == "" || len(text) > 90 {
		return ""
	}
	if k := strings.IndexAny(text, "(:;,-"); k > 2 && len(text) > 24 {
		text = text[:k]
	}
	if len(text) > rowMany {
		l := wording.LevelLabels(text)
		if len(l) != 1 {
			return ""
		}
		text = l[0].Name
	}
	return strings.Trim(strings.ToLower(text), " .*")
}

// addRow gives the times of a row to its level.
func (r *reading) addRow(g *grid, row, head []cell, kinds []column, name string, found *levels) bool {
	x := level{label: name, sure: "0.80", at: rowSpan(row)}
	for i, c := range row {
		if i < len(kinds) && (kinds[i] == hoursColumn || kinds[i] == plainColumn) && len(c.text) < 60 {
			x.always = x.always || wording.AlwaysRunning(c.text)
			x.business = x.business || wording.BusinessTime(c.text)
		}
	}
	done := false
	for i, c := range row {
		if i >= len(kinds) || c.text == "" {
			continue
		}
		targets := wording.Targets(c.text)
		if len(targets) == 0 {
			if t, ok := unitFromHead(c.text, head[i].text); ok {
				targets = []wording.Target{t}
			}
		}
		if len(targets) == 0 {
			continue
		}
		y := x
		y.target = targets[0]
		y.always, y.business = x.always, x.business
		if wording.AlwaysRunning(c.text) || wording.AlwaysRunning(head[i].text) {
			y.always, y.business = true, false
		} else if wording.BusinessTime(c.text) || wording.BusinessTime(head[i].text) {
			y.always, y.business = false, true
		}
		switch kinds[i] {
		case responseColumn:
			y.kind = "response_time"
		case resolutionColumn:
			y.kind = "resolution_time"
		case bothColumn:
			y.kind = "response_time"
			if len(targets) > 1 {
				z := y
				z.kind, z.target = "resolution_time", targets[1]
				if k := wording.ClockOf(head[i].text); len(k) > 0 && k[0] == wording.Resolution {
					y.target, z.target = z.target, y.target
				}
				found.add(z)
			}
		default:
			continue
		}
		y.at = rowSpan(row)
		if y.at.End-y.at.Start > 700 {
			y.at = c.Span
		}
		found.add(y)
		done = true
	}
	_ = g
	return done
}

// unitFromHead reads a bare number under "Response (hours)".
func unitFromHead(text, head string) (wording.Target, bool) {
	m := bareNumber.FindStringSubmatch(text)
	if m == nil {
		return wording.Target{}, false
	}
	n := 0
	for _, c := range m[1] {
		n = n*10 + int(c-'0')
	}
	d := calendar.Duration{Value: n}
	switch {
	case minuteHead.MatchString(head):
		d.Unit = calendar.Minute
	case hourHead.MatchString(head):
		d.Unit = calendar.Hour
		if wording.BusinessTime(head) {
			d.Unit = calendar.BusinessHour
		}
	case dayHead.MatchString(head):
		d.Unit = calendar.Day
		if wording.BusinessTime(head) {
			d.Unit = calendar.BusinessDay
		}
	default:
		return wording.Target{}, false
	}
	if n == 0 {
		return wording.Target{}, false
	}
	return wording.Target{Duration: wording.Duration{Duration: d}}, true
}

// columnsAreLevels reads the second shape: levels or plans in the head, times in the rows.
func (r *reading) columnsAreLevels(g *grid, h int, found *levels) bool {
	head := g.rows[h]
	if len(head) < 2 {
		return false
	}
	names := make([]string, len(head))
	for i, c := range head[1:] {
		if l := wording.LevelLabels(c.text); len(l) == 1 {
			names[i+1] = l[0].Name
		} else if c.text != "" && len(c.text) < 30 {
			names[i+1] = strings.ToLower(c.text)
		}
	}
	always, business := make([]bool, len(head)), make([]bool, len(head))
	for _, row := range g.rows[h+1:] { // a row on hours holds for its columns
		if len(row) == 0 || len(wording.ClockOf(row[0].text)) > 0 && !hoursHead.MatchString(row[0].text) {
			continue
		}
		for i, c := range row {
			if i > 0 && i < len(head) && len(c.text) < 60 {
				always[i] = always[i] || wording.AlwaysRunning(c.text)
				business[i] = business[i] || wording.BusinessTime(c.text)
			}
		}
	}
	done := false
	for _, row := range g.rows[h+1:] {
		if len(row) < 2 || len(row[0].text) > 120 {
			continue
		}
		kind := kindOfColumn(row[0].text)
		if kind != responseColumn && kind != resolutionColumn && kind != workaroundColumn {
			continue
		}
		own := wording.LevelLabels(row[0].text)
		for i, c := range row {
			if i == 0 || i >= len(names) || names[i] == "" {
				continue
			}
			targets := wording.Targets(c.text)
			if len(targets) == 0 {
				if t, ok := unitFromHead(c.text, row[0].text); ok {
					targets = []wording.Target{t}
				}
			}
			if len(targets) != 1 {
				continue
			}
			x := level{label: names[i], target: targets[0], sure: "0.80", at: rowSpan(row), kind: "resolution_time", always: always[i] && !business[i], business: business[i] && !always[i]}
			if kind == responseColumn {
				x.kind = "response_time"
			}
			if len(own) == 1 && timesIn(row) == 1 {
				x.label = own[0].Name
			} else if len(own) == 1 {
				x.label = own[0].Name + " (" + names[i] + ")"
			}
			if wording.AlwaysRunning(c.text) || wording.BusinessTime(c.text) {
				x.always = wording.AlwaysRunning(c.text)
				x.business = !x.always
			}
			found.add(x)
			done = true
		}
	}
	return done
}

// timesIn counts the cells of a row, the first left out, that hold a time.
func timesIn(row []cell) int {
	n := 0
	for _, c := range row[1:] {
		if len(wording.Targets(c.text)) > 0 {
			n++
		}
	}
	return n
}

// rowsAreTimes reads the third shape: a level, what is promised, and a time in each row.
func (r *reading) rowsAreTimes(g *grid, found *levels) {
	for _, row := range g.rows {
		var kind wording.ClockKind
		var target *wording.Target
		name := ""
		for _, c := range row {
			if len(c.text) > 160 {
				continue
			}
			targets := wording.Targets(c.text)
			if l := wording.LevelLabels(c.text); name == "" && len(l) == 1 && (l[0].Strong || len(c.text) < rowMany) {
				name = l[0].Name
			}
			if k := wording.ClockOf(c.text); kind == wording.NoClock && len(k) == 1 {
				kind = k[0]
			}
			if target == nil && len(targets) == 1 {
				target = &targets[0]
			}
		}
		if name == "" || target == nil || kind != wording.Response && kind != wording.Resolution && kind != wording.OnSite {
			continue
		}
		x := level{label: name, target: *target, kind: "resolution_time", sure: "0.75", at: rowSpan(row)}
		if kind != wording.Resolution {
			x.kind = "response_time"
		}
		for _, c := range row {
			x.always = x.always || wording.AlwaysRunning(c.text)
			x.business = x.business || wording.BusinessTime(c.text)
		}
		found.add(x)
	}
}
