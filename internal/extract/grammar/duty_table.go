package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

var (
	milestoneHead = expression.MustCompile(`(?i)\b(?:milestone|deliverable|stage|phase|work ?package|output|product|activity|task|step|item)s?\b`)
	dueHead       = expression.MustCompile(`(?i)\b(?:date|due|deadline|by when|completion|delivery|latest|planned|target|ready|by|when)\b`)
	milestoneLine = expression.MustCompile(`(?i)\b(?:milestones?|deliverables?|stages?|phases?|following (?:dates|schedule)|time ?table|timetable|(?:project|delivery) (?:plan|programme|schedule))\b`)
	priceHead     = expression.MustCompile(`(?i)\b(?:policy|insurer|limit|cover|price|invoice|instal+ment|valid|from|effective)\b`)
)

// dutiesInTables reads milestones: rows with a name and one date, under a head that speaks of milestones or deliverables.
func (r *reading) dutiesInTables(keys map[string]int, room int) int {
	taken := 0
	for i := range r.grids {
		g := &r.grids[i]
		if len(g.rows) < 2 {
			continue
		}
		head := ""
		for _, c := range g.rows[0] {
			head += " " + c.text
		}
		before := r.s[r.safe(max(0, g.Start-240)):g.Start]
		if !dueHead.MatchString(head) || !milestoneHead.MatchString(head) && !milestoneLine.MatchString(before) || priceHead.MatchString(head) && !milestoneHead.MatchString(head) && !milestoneLine.MatchString(before) {
			continue
		}
		for _, row := range g.rows[1:] {
			if taken >= room {
				return taken
			}
			name, dates := "", []wording.Date(nil)
			for col, c := range row {
				if d := wording.Dates(c.text); len(d) == 1 && len(c.text) < 40 {
					dates = append(dates, d[0])
					continue
				}
				if len(strings.Fields(c.text)) >= 2 && len(c.text) < 160 && len(wording.Sums(c.text)) == 0 && (name == "" || col == 1) {
					name = c.text
				}
			}
			if len(dates) == 0 || len(name) < 8 {
				continue
			}
			d := duty{kind: "delivery", bearer: r.side("supplier"), what: name, timing: timing{frequency: "once", timed: true}}
			if len(dates) == 1 { // of several none is picked
				d.params.ByDate = dates[0].Date
			}
			d.beneficiary = r.otherParty(d.bearer, "")
			r.addDuty(d, rowSpan(row), keys)
			taken++
		}
	}
	return taken
}

var (
	dateFirst = expression.MustCompile(`^[\s(\w.)*\x{2022}-]{0,6}$`)
	leadTimes = expression.MustCompile(`(?i)\b(?:lead[- ]time|delivery (?:time|period)|time (?:for|of) delivery|delivery lead|period (?:for|of) delivery)s?\b`)
)

// dutiesInLines reads milestones in lines ("3 February 2026: the survey of sites") near words that speak of them, and lead times.
func (r *reading) dutiesInLines(keys map[string]int, room int) {
	spoken := -20
	for n, sp := range r.sentences {
		if room <= 0 {
			return
		}
		if r.inTable(sp.Start) || sp.End-sp.Start > 600 {
			continue
		}
		s := r.cut(sp)
		if r.shows(n, signLead) && leadTimes.MatchString(s) {
			if d, ok := r.leadTime(s); ok {
				r.addDuty(d, sp, keys)
				room--
			}
			continue
		}
		if r.shows(n, signStage) && milestoneLine.MatchString(s) && !dutyDone.MatchString(s) {
			spoken = n
		}
		if n-spoken > 8 || sp.End-sp.Start > 130 || n == spoken {
			continue
		}
		dates := wording.Dates(s)
		if len(dates) != 1 || modalWord.MatchString(r.lower[sp.Start:sp.Start+dates[0].Start]) || modalWord.MatchString(r.lower[sp.Start+dates[0].End:sp.End]) || len(wording.Sums(s)) > 1 {
			continue
		}
		d := dates[0]
		name := s[d.End:]
		if !dateFirst.MatchString(s[:d.Start]) {
			name = s[:d.Start]
		}
		if sums := wording.Sums(name); len(sums) > 0 {
			name = name[:sums[0].Start]
		}
		if name = strings.Trim(name, " \t.,;:|-()"); len(strings.Fields(name)) < 2 || len(name) < 8 || noMilestone.MatchString(name) {
			continue
		}
		r.addDuty(duty{kind: "delivery", bearer: r.side("supplier"), beneficiary: r.otherParty(r.side("supplier"), ""), what: name, timing: timing{params: obligation.DutyParams{ByDate: d.Date}, frequency: "once", timed: true}}, sp, keys)
		room--
	}
}

var (
	modalWord   = expression.AnyOf(" shall ", " must ", " will ", " agrees to ", " may ", " is ", " are ", " has ")
	noMilestone = expression.MustCompile(`(?i)\b(?:agreement|contract|starts?|begins?|ends?|expires?|effective|dated?|signed|valid|renew\w*|term|from|until)\b|\bon$|^it `)
	dutyDone    = expression.MustCompile(`(?i)\b(?:accepted|acceptance of|paid|payment|invoice)\b`)
)

// leadTime reads "Lead time is fourteen days from the order".
func (r *reading) leadTime(s string) (duty, bool) {
	m := leadTimes.FindStringIndex(s)
	t := timingOf(signAll, "", s[m[0]:])
	if t.params.Due == nil || strings.Contains(lowerASCII(s), "liquidated") {
		return duty{}, false
	}
	d := duty{kind: "delivery", bearer: r.side("supplier"), what: deliverable(s[m[0]:]), timing: t}
	d.frequency, d.timed = "on event", true
	d.beneficiary = r.otherParty(d.bearer, "")
	return d, len(d.what) >= 8
}
