package grammar

import (
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Times in tables and forms. What a time is for and which level it holds for, the nearest words say that name it: the cell itself,
// the head of its column, the labels of its row, at last the words before the table.

var (
	minuteHead = expression.MustCompile(`(?i)\(?\b(?:in )?(?:minutes|mins?)\b\)?`)
	hourHead   = expression.MustCompile(`(?i)\(?\b(?:in )?((?:business|working|service) )?(?:hours|hrs?)\b\)?`)
	dayHead    = expression.MustCompile(`(?i)\(?\b(?:in )?((?:business|working) )?days\b\)?`)
	plainHead  = expression.MustCompile(`(?i)\b(?:targets?|times?|values?|commitments?|service levels?|slas?|kpis?|requirements?|periods?|maximum|limits?|standards?|measures?|indicators?|credits?|remed(?:y|ies)|details|answers?)\b`)
	unitSaid   = expression.MustCompile(`(?i)\b(?:in|,) (?:(?:business|working|service|clock) )?(?:minutes|mins?|hours|hrs?|days)\b|\((?:in )?(?:(?:business|working|service) )?(?:minutes|mins?|hours|hrs?|days)\)|(?:time|response|resolution|restore|fix),? (?:minutes|hours|days)$`)
	ownID      = expression.MustCompile(`^(?:[A-Z]{1,4}[- .]?)?\d{1,2}(?:\.\d{1,2})*\.?$`)
)

// levelsInGrid reads one table; it tells whether it found any.
func (r *reading) levelsInGrid(g *grid, found *levels) bool {
	lead := strings.ToLower(r.leadOf(g.Start))
	if len(g.rows) < 2 || !levelUnit.MatchString(r.lower[g.Start:g.End]) && !levelUnit.MatchString(lead) || levelSoft.MatchString(lead) {
		return false
	}
	always, business := g.hoursByRowAndColumn()
	var own []level
	said := map[int]bool{}
	for i, row := range g.rows {
		for _, x := range r.levelsSaidIn(row) {
			if !x.always && !x.business {
				x.always = always.row[i]
				x.business = business.row[i] && !x.always
			}
			x.own = business.own[i]
			own, said[i] = append(own, x), true
		}
	}
	for _, f := range r.figuresIn(g) {
		if said[f.row] || f.col == 0 && len(f.sides) > 0 && ownID.MatchString(f.text) && !clockOfHead(f.heads) {
			continue // what a row says in words, and the number of a row
		}
		for _, x := range r.levelsOf(f) {
			if !x.always && !x.business {
				x.always = always.of(f)
				x.business = business.of(f) && !x.always
			}
			x.own = business.own[f.row]
			own = append(own, x)
		}
	}
	before := len(found.list)
	for _, x := range settled(own) {
		found.add(x)
	}
	return len(found.list) > before
}

// clockOfHead tells whether the head over a number names a unit or what a time is for: "Resolution (hrs)".
func clockOfHead(heads []string) bool {
	return len(heads) > 0 && (levelUnit.MatchString(strings.ToLower(heads[0])) || len(clockOf(heads[0])) > 0)
}

// saidTime is a cell that promises times in words.
var saidTime = expression.AnyOf("within", "no later than", "not later than", "at most", "inside")

// levelsSaidIn reads a cell that names a level and says its times in words: "Severity 1 incidents: response within 15 minutes and repair
// within 3 hours".
func (r *reading) levelsSaidIn(row []cell) []level {
	for _, c := range row {
		if len(c.text) < 30 || len(c.text) > 300 || !saidTime.MatchString(strings.ToLower(c.text)) || notLevel.MatchString(c.text) || levelSoft.MatchString(c.text) || bygone.MatchString(c.text) || strings.Contains(c.text, "%") {
			continue
		}
		labels := wording.LevelLabels(c.text)
		if len(labels) == 0 || !labels[0].Strong || levelPays.MatchString(c.text) && levelMiss.MatchString(c.text) {
			continue
		}
		list, _ := wording.LevelsIn(c.text, wording.LevelContext{})
		var out []level
		for _, l := range list {
			if l.Label != "" && (l.Kind == wording.Response || l.Kind == wording.Resolution) { // a visit or a workaround between them is neither
				out = append(out, level{label: l.Label, target: l.Target, clock: l.Kind, always: l.Always, business: l.Business, at: rowSpan(row), sure: "0.80"})
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// running times of rows and columns, by a cell on hours.
type hoursCells struct {
	row, col map[int]bool
	own      map[int]*calendar.Hours // the hours that a row states
}

func (h hoursCells) of(f figure) bool { return h.row[f.row] || h.col[f.col] }

// hoursByRowAndColumn reads columns and rows that say when clocks run.
func (g *grid) hoursByRowAndColumn() (always, business hoursCells) {
	always = hoursCells{row: map[int]bool{}, col: map[int]bool{}}
	business = hoursCells{row: map[int]bool{}, col: map[int]bool{}, own: map[int]*calendar.Hours{}}
	heads := g.headRows()
	for i := heads; i < len(g.rows); i++ {
		row := g.rows[i]
		for k, c := range row {
			if c.text == "" || len(c.text) > 60 || len(wording.Targets(c.text)) > 0 && !wording.AlwaysRunning(c.text) {
				continue
			}
			on, off := wording.AlwaysRunning(c.text), wording.BusinessTime(c.text)
			switch {
			case !on && !off:
			case k > 0 && len(row) > 1 && (hoursHead.MatchString(row[0].text) || len(wording.ClockOf(row[0].text)) == 0 && hoursHead.MatchString(g.headOver(heads, 0))):
				always.col[k], business.col[k] = on, off
			case k > 0 || hoursHead.MatchString(g.headOver(heads, k)):
				always.row[i], business.row[i] = on, off
				if hours, _, ok := wording.HoursOf(c.text); ok && !hours.Always {
					business.own[i] = &hours
				}
			}
		}
	}
	return always, business
}

// timed is a level that is not settled yet: what else is promised for it decides what a visit or a workaround is.
func (r *reading) levelsOf(f figure) []level {
	targets := wording.Targets(f.text)
	if len(wording.Percents(f.text)) > 0 {
		return nil
	}
	unit := append(append([]string{}, f.heads...), sideTexts(f.sides)...)
	if len(targets) == 0 {
		t, ok := unitFrom(f.text, append(unit, f.lead), len(f.heads))
		if !ok {
			return nil
		}
		targets = []wording.Target{t}
	}
	if labels := wording.LevelLabels(f.text); len(targets) > 1 && len(labels) > 1 {
		return r.levelsInCell(f)
	}
	kinds, from := f.clocks()
	if len(kinds) == 0 || kinds[0] == wording.Other || len(targets) > 2 || len(targets) == 2 && len(kinds) < 2 && targets[1].Start-targets[0].End < 12 {
		return nil
	}
	class, sure := f.class(from)
	if from == inLead && !sure {
		return nil
	}
	if notLevel.MatchString(strings.Join(append(unit, class), " ")) || !sure && r.paper != "support" && !f.aboutIncidents() {
		return nil
	}
	x := level{label: class, at: f.quote, sure: "0.80"}
	if !sure {
		x.sure = "0.70"
	}
	for _, s := range append([]string{f.text}, unit...) {
		if on, off := wording.AlwaysRunning(s), wording.BusinessTime(s); on || off {
			x.always, x.business = on, off && !on
			break
		}
	}
	var out []level
	for i, t := range targets {
		y := x
		y.target, y.clock = t, kinds[min(i, len(kinds)-1)]
		if i > 0 && len(kinds) < 2 {
			break
		}
		out = append(out, y)
	}
	return out
}

// levelsInCell reads a cell that names levels and times itself: "P1 15 min / P2 1 h".
func (r *reading) levelsInCell(f figure) []level {
	c := wording.LevelContext{}
	for _, s := range append(append([]string{}, f.heads...), sideTexts(f.sides)...) {
		if k := mainClock(wording.ClockOf(s)); k != wording.NoClock {
			c.Kind = k
			break
		}
	}
	list, _ := wording.LevelsIn(f.text, c)
	var out []level
	for _, l := range list {
		if l.Label != "" {
			out = append(out, level{label: l.Label, target: l.Target, clock: l.Kind, always: l.Always, business: l.Business, at: f.quote, sure: "0.80"})
		}
	}
	return out
}

func mainClock(kinds []wording.ClockKind) wording.ClockKind {
	if len(kinds) == 1 && kinds[0] != wording.Other {
		return kinds[0]
	}
	return wording.NoClock
}

func sideTexts(sides []beside) []string {
	var out []string
	for _, s := range sides {
		out = append(out, s.text)
	}
	return out
}

// where the words that name the clock stand
const (
	inText = iota
	inHead
	inSide
	inLead
)

// What heads call a time in one word, which in a sentence would mean much else.
var (
	headResponse   = expression.MustCompile(`(?i)^(?:time to |target )?(?:acks?|acknowledge|react|start|begin|first (?:touch|action)|we start|hands on)\b|\bstarts? work|\btaken up\b|\bto (?:start|begin|call|attend)$`)
	headOnSite     = expression.MustCompile(`(?i)^ETA\b|\bto attend\b`)
	headResolution = expression.MustCompile(`(?i)^(?:MTTR|RTO|TTR|TTF)\b|\bback in business\b|\b(?:to|for) (?:complete|completion|close|finish)\b|^complet(?:e|ed|ion)\b|\bmake good\b|\bmade safe\b|\bnormal (?:service|operation)\b|\bup again\b|^done\b`)
)

// clockOf tells what the words of a head or a label name a time for.
func clockOf(s string) []wording.ClockKind {
	if k := wording.ClockOf(s); len(k) > 0 || len(s) > 60 {
		return k
	}
	switch {
	case headOnSite.MatchString(s):
		return []wording.ClockKind{wording.OnSite}
	case headResponse.MatchString(s):
		return []wording.ClockKind{wording.Response}
	case headResolution.MatchString(s):
		return []wording.ClockKind{wording.Resolution}
	}
	return nil
}

// clocks tells what a time is for, and where that is said.
func (f figure) clocks() ([]wording.ClockKind, int) {
	if k := wording.ClockOf(f.text); len(k) > 0 {
		return k, inText
	}
	for _, h := range f.heads {
		if hoursHead.MatchString(h) {
			return nil, inHead
		}
		if k := clockOf(h); len(k) > 0 {
			return k, inHead
		}
	}
	for _, s := range f.sides {
		if len(s.text) > 90 || tellsHead.MatchString(s.head) {
			continue
		}
		if k := clockOf(s.text); len(k) > 0 {
			return k, inSide
		}
	}
	if k := wording.ClockOf(f.group); len(k) > 0 {
		return k, inSide
	}
	if k := mainClock(wording.ClockOf(f.lead)); k != wording.NoClock {
		return []wording.ClockKind{k}, inLead
	}
	return nil, inLead
}

// class names the level of a figure: that of its row, with that of its column in brackets where both have one. sure tells whether
// it is named as levels are, and not only by the words of a label.
func (f figure) class(clockIn int) (name string, sure bool) {
	row, rowSure := f.rowClass(clockIn)
	col, colSure := f.colClass(clockIn)
	switch {
	case row == "" && f.group != "" && clockIn != inSide:
		row = groupName(f.group)
	case row != "" && f.group != "" && len(wording.ClockOf(f.group)) == 0:
		row += " (" + groupName(f.group) + ")"
	}
	switch {
	case row == "":
		return col, colSure
	case col == "" || col == row:
		return row, rowSure
	}
	return row + " (" + col + ")", rowSure || colSure
}

func groupName(s string) string {
	if l := wording.LevelLabels(s); len(l) == 1 {
		return l[0].Name
	}
	return strings.ToLower(s)
}

func (f figure) rowClass(clockIn int) (string, bool) {
	for _, s := range f.sides {
		if l := wording.LevelLabels(s.text); len(l) > 0 && l[0].Strong && !tellsHead.MatchString(s.head) {
			return l[0].Name, true
		}
	}
	for i, s := range f.sides {
		if tellsHead.MatchString(s.head) || len(s.text) > 90 {
			continue
		}
		levels := labelHead.MatchString(s.head)
		if m := bareLabel.FindStringSubmatch(s.text); m != nil && (levels || i == 0 && len(f.heads) > 0) {
			if n, roman := map[string]string{"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}[m[1]]; roman {
				return n, true
			}
			return m[1], true
		}
		if ownID.MatchString(s.text) {
			continue
		}
		named := len(wording.ClockOf(s.text)) > 0
		if clockIn == inSide || named && !levels {
			if word := keyLevel.FindString(s.text); word != "" {
				return strings.ToLower(word), true
			}
			if named {
				continue
			}
		}
		return rowWords(s.text), levels || len(wording.LevelLabels(s.text)) > 0
	}
	return "", false
}

// rowWords are the words of a label, without what explains them.
func rowWords(text string) string {
	if l := wording.LevelLabels(text); len(l) == 1 && len(text) > rowMany {
		return l[0].Name
	}
	if k := strings.IndexByte(text, '('); k > 3 {
		text = strings.TrimSpace(text[:k])
	}
	if k := strings.IndexAny(text, "(:;,-"); k > 2 && len(text) > 24 {
		if word := keyLevel.FindString(text[k:]); word != "" && keyLevel.FindString(text[:k]) == "" {
			return strings.ToLower(word)
		}
		text = text[:k]
	}
	if len(text) > rowMany {
		return ""
	}
	return strings.Trim(strings.ToLower(text), " .*")
}

func (f figure) colClass(clockIn int) (string, bool) {
	for i, h := range f.heads {
		if l := wording.LevelLabels(h); len(l) == 1 {
			return l[0].Name, true
		}
		if clockIn == inHead && i == 0 || len(h) > 30 || len(wording.ClockOf(h)) > 0 {
			continue
		}
		if !plainHead.MatchString(h) && !hoursHead.MatchString(h) && !labelHead.MatchString(h) && !levelUnit.MatchString(strings.ToLower(h)) {
			return strings.ToLower(h), false
		}
	}
	return "", false
}

// aboutIncidents tells whether the words around a time speak of what is reported to a supplier.
func (f figure) aboutIncidents() bool {
	if f.row == 0 && len(f.heads) > 0 && incident.MatchString(f.heads[0]) {
		return true
	}
	if len(f.heads) > 0 && strings.Contains(strings.ToLower(strings.Join(f.heads, " ")), "time") || incident.MatchString(f.lead) {
		return true
	}
	for _, s := range append(sideTexts(f.sides), f.heads...) {
		if incident.MatchString(s) || strings.Contains(strings.ToLower(s), "time") {
			return true
		}
	}
	return false
}

// settled leaves one time of a kind for each level: a visit is the response, unless another answer is promised before it, then the
// resolution; a workaround is the resolution unless a lasting one is promised.
func settled(list []level) []level {
	type key struct {
		label string
		clock wording.ClockKind
	}
	has := map[key]bool{}
	for _, x := range list {
		has[key{x.label, x.clock}] = true
	}
	var out []level
	for _, x := range list {
		resolved := has[key{x.label, wording.Resolution}]
		switch x.clock {
		case wording.Response:
			x.kind = "response_time"
		case wording.Resolution:
			x.kind = "resolution_time"
		case wording.OnSite:
			x.onSite = true
			switch {
			case !has[key{x.label, wording.Response}]:
				x.kind = "response_time"
			case !resolved:
				x.kind = "resolution_time"
			default:
				continue
			}
		case wording.Workaround:
			if resolved {
				continue
			}
			x.kind = "resolution_time"
		default:
			continue
		}
		out = append(out, x)
	}
	return out
}

// unitFrom reads a bare number under "Response (hours)", or in a table whose unit stands in the words around it. Heads come first
// among them.
func unitFrom(text string, around []string, heads int) (wording.Target, bool) {
	m := bareNumber.FindStringSubmatch(text)
	if m == nil {
		return wording.Target{}, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return wording.Target{}, false
	}
	d := calendar.Duration{Value: n}
	for i, s := range around {
		if i >= heads && !unitSaid.MatchString(s) {
			continue // "open hours" beside a number is no unit of it
		}
		switch business := wording.BusinessTime(s); {
		case minuteHead.MatchString(s):
			d.Unit = calendar.Minute
		case hourHead.MatchString(s) && business:
			d.Unit = calendar.BusinessHour
		case hourHead.MatchString(s):
			d.Unit = calendar.Hour
		case dayHead.MatchString(s) && business:
			d.Unit = calendar.BusinessDay
		case dayHead.MatchString(s):
			d.Unit = calendar.Day
		default:
			continue
		}
		break
	}
	if m[2] == "5" && d.Unit == calendar.Hour { // "1.5" hours
		d = calendar.Duration{Value: 60*n + 30, Unit: calendar.Minute}
	} else if m[2] != "" && m[2] != "0" {
		return wording.Target{}, false
	}
	return wording.Target{Duration: wording.Duration{Duration: d}}, d.Unit != "" && d.Value > 0
}
