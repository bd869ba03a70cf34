package grammar

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

var (
	pauseCue   = expression.MustCompile(`(?i)\b(?:(?:clock|time|resolution time|period)s?\b[^.]{0,60}\b(?:does not run|stops?|is (?:paused|suspended|stopped)|shall (?:be (?:paused|suspended)|not run)|pauses?|excludes?)|(?:waits?|waiting|hold)\b[^.]{0,80}\bdoes not count|waiting (?:for|on) (?:the )?(?:customer|client|user|caller)|on hold|pending (?:customer|client)|awaiting (?:customer|client|information|a response))`)
	priorityIn = expression.MustCompile(`(?i)\b(?:priority|severity|sev|P[1-4]|S[1-4]|critical|urgent)\b`)
	clockWord  = expression.MustCompile(`(?i)\b(?:respon\w+|resol\w+|restor\w+|acknowledg\w+|fix|repair|workaround|reaction|recovery)\b`)
	roundClock = expression.MustCompile(`(?i)\b(?:P1|priority 1|severity 1|critical)\b[^.]{0,60}\b(?:around the clock|24 ?x ?7|24/7|at all times|every day)`)
	allClock   = expression.MustCompile(`(?i)\b(?:support|service desk|help ?desk|(?:all |every )?(?:incidents?|faults?|tickets?) (?:is|are))\b[^.]{0,80}\b(?:24 ?x ?7|24/7|around the clock|24 hours a day)`)
)

// findPriorities reads response and resolution times by priority and makes an obligation of each.
func findPriorities(r *reading) {
	type block struct {
		rows []wording.PriorityRow
		from int
	}
	var blocks []block
	use := func(sp wording.Span) {
		if rows := wording.PriorityRows(r.cut(sp)); len(rows) > 0 {
			blocks = append(blocks, block{rows, sp.Start})
		}
	}
	for _, sp := range r.tables {
		if s := r.cut(sp); priorityIn.MatchString(s) && clockWord.MatchString(s) {
			use(sp)
		}
	}
	if len(blocks) == 0 {
		for _, sp := range r.priorityRegions() {
			use(sp)
		}
	}
	seen := map[string]bool{}
	for _, b := range blocks {
		for _, row := range b.rows {
			for _, k := range []clockFind{{"resolution_time", row.Resolution}, {"response_time", row.Response}} {
				if k.d == nil || seen[k.kind+row.Priority] {
					continue
				}
				seen[k.kind+row.Priority] = true
				r.addClock(k.kind, row, *k.d, b.from)
			}
		}
	}
	r.sortObligations()
}

type clockFind struct {
	kind string
	d    *wording.Duration
}

// sortObligations puts obligations in the order of their keys: by kind, then by priority.
func (r *reading) sortObligations() {
	for i := 1; i < len(r.found); i++ {
		for j := i; j > 0 && r.found[j].Subject == "obligation" && r.found[j-1].Subject == "obligation" && r.found[j].Name < r.found[j-1].Name; j-- {
			r.found[j], r.found[j-1] = r.found[j-1], r.found[j]
		}
	}
}

// priorityRegions are stretches of text, not in tables, that speak of priorities and times together.
func (r *reading) priorityRegions() []wording.Span {
	var out []wording.Span
	end := 0
	for _, n := range r.sentencesWith(80, "priority 1", "priority 2", "severity 1", "severity 2", "severity level", "priority level", "p1", "sev 1", "sev1", "class a", "severity one", "priority one", "critical") {
		sp := r.sentences[n]
		if sp.Start < end {
			continue
		}
		from := sp.Start
		if n > 0 && sp.Start-r.sentences[n-1].Start < 400 {
			from = r.sentences[n-1].Start // the sentence that names the columns
		}
		to := r.safe(min(len(r.s), from+2400))
		s := r.s[from:to]
		if !clockWord.MatchString(s) || len(wording.Durations(s)) == 0 || !supportWord.MatchString(r.s[max(0, from-600):to]) {
			continue
		}
		end = to
		out = append(out, wording.Span{Start: from, End: to})
	}
	return out
}

var supportWord = expression.MustCompile(`(?i)\b(?:incident|error|defect|ticket|fault|issue|problem|support request|service request|outage|malfunction|support time|reaction time|standstill)s?\b`)

func (r *reading) addClock(kind string, row wording.PriorityRow, d wording.Duration, from int) {
	label := "P" + row.Priority
	if len(row.Priority) > 1 {
		label = row.Priority
	}
	title := map[string]string{"response_time": "Response to ", "resolution_time": "Resolution of "}[kind] + label + " incidents"
	o := pact.Obligation{Kind: kind, Key: kind + "/" + label, Title: title, Bearer: r.roleName("supplier"), Beneficiary: r.roleName("customer"), Trigger: "an incident is reported"}
	p := obligation.ClockParams{Priority: row.Priority, Target: d.Duration, Thresholds: []decimal.Decimal{decimal.NewFromInt(90)}}
	if len(d.Readings) > 0 {
		o.Ambiguities = append(o.Ambiguities, wordsAgainstFigures("target", d))
		p.Target = calendar.Duration{}
	}
	at := []wording.Span{{Start: from + row.Start, End: from + row.End}}
	hours, hoursAt, ambiguity := r.hoursFor(row, p.Target.Unit)
	p.Hours = hours
	at = append(at, hoursAt...)
	if ambiguity != nil {
		o.Ambiguities = append(o.Ambiguities, *ambiguity)
	}
	if kind == "resolution_time" {
		if pauseAt, ok := r.pauses(); ok {
			p.Pauses = true
			at = append(at, pauseAt)
		}
	}
	r.obligation(o, p, "0.80", at...)
}

// hoursFor decides on which hours a target is counted: what the row says, what the target's unit says, what the text
// says of the priority; otherwise it asks.
func (r *reading) hoursFor(row wording.PriorityRow, unit calendar.Unit) (calendar.Hours, []wording.Span, *pact.Ambiguity) {
	zone := r.zone
	if zone == "" {
		zone = "UTC"
	}
	switch {
	case row.Always:
		return calendar.AllHours(zone), nil, nil
	case row.Business || unit == calendar.BusinessHour || unit == calendar.BusinessDay:
		if r.hours.found {
			return r.hours.business, r.hours.at, nil
		}
		if r.paper == "amendment" {
			return calendar.Hours{}, nil, &pact.Ambiguity{Code: "hours_of_amended_contract", Question: "The target counts business time, and the amendment does not say when that is. Do the hours of the amended contract hold?"}
		}
		return calendar.Hours{}, nil, &pact.Ambiguity{Code: "hours_unknown", Question: "The target counts business time, but the text does not say which hours, days and zone these are. What are they?"}
	}
	for _, n := range r.sentencesWith(40, "around the clock", "24x7", "24/7", "24 x 7", "24 hours a day", "at all times") {
		s := r.cut(r.sentences[n])
		if allClock.MatchString(s) || row.Priority == "1" && roundClock.MatchString(s) {
			return calendar.AllHours(zone), []wording.Span{r.clauseSpan(r.sentences[n].Start, r.sentences[n].Start+1)}, nil
		}
	}
	question := "The text does not say whether the time runs around the clock or in business hours only. Which holds?"
	if r.hours.found {
		return r.hours.business, r.hours.at, &pact.Ambiguity{Code: "hours_unclear", Question: question, Texts: []string{"business hours", "around the clock"}}
	}
	return calendar.AllHours(zone), nil, &pact.Ambiguity{Code: "hours_unclear", Question: question, Texts: []string{"around the clock", "business hours"}}
}

// pauses tells whether waiting for the customer stops the clock of a resolution.
func (r *reading) pauses() (wording.Span, bool) {
	for _, n := range r.sentencesWith(60, "on hold", "waiting", "awaiting", "paused", "does not run", "does not count", "pending customer", "suspended") {
		sp := r.sentences[n]
		s := r.cut(sp)
		if len(s) < 1200 && pauseCue.MatchString(s) && (clockWord.MatchString(s) || strings.Contains(strings.ToLower(s), "incident") || strings.Contains(strings.ToLower(s), "ticket") || strings.Contains(strings.ToLower(s), "resolution")) {
			return sp, true
		}
	}
	return wording.Span{}, false
}
