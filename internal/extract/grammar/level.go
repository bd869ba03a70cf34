package grammar

import (
	"slices"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Service levels are collected from tables first, then from sentences; the first time that is given for a kind and a level
// stands. Which hours a time is counted in is decided once all are known.

// level is a time that is promised for incidents of a level, as found.
type level struct {
	kind     string            // response_time or resolution_time
	clock    wording.ClockKind // what the text names it for, until the kind is settled
	label    string
	target   wording.Target
	from     string
	always   bool
	business bool
	own      *calendar.Hours // the hours that stand beside it
	onSite   bool            // the response is somebody being there
	shared   bool            // promised for a share of the cases alone
	at       wording.Span
	sure     string
}

// levels collects times by kind and label.
type levels struct {
	list []level
	seen map[string]bool
	none map[string]bool // kinds that have a time for a label
}

func (l *levels) add(x level) {
	if l.seen == nil {
		l.seen, l.none = map[string]bool{}, map[string]bool{}
	}
	key := x.kind + "/" + x.label
	if i := slices.IndexFunc(l.list, func(o level) bool { return o.shared && o.kind+"/"+o.label == key }); i >= 0 && !x.shared {
		l.list[i] = x // what is owed for each
		return
	}
	if l.seen[key] || x.label == "" && l.none[x.kind] {
		return
	}
	l.seen[key] = true
	l.none[x.kind] = l.none[x.kind] || x.label != ""
	l.list = append(l.list, x)
}

// findLevels reads response and resolution times and makes an obligation of each.
func findLevels(r *reading) {
	var found levels
	read := map[int]bool{}
	for i := range r.grids {
		read[i] = r.levelsInGrid(&r.grids[i], &found)
	}
	if len(found.list) > 0 || r.paper == "support" || len(r.s) < readWhole || r.showsAnywhere(signLevel) {
		r.levelsInText(&found, read)
	}
	for _, x := range found.list {
		r.addLevel(x)
	}
	r.sortObligations()
}

// readWhole is the length up to which all sentences of a paper are read.
const readWhole = 15_000

var (
	levelCue  = expression.MustCompile(`(?i)respon|acknowledg|react|call|repl|answer|pick|feedback|at work|begin|start|on[- ]?site|attend|be there|work|resol|restor|fix|repair|correct|recover|remed|rectif|cure|clos|again|replace|reinstat|right|solv|priorit|severit|sev |class|P[1-5]\b|amounts? to|critical|urgent|engineer|technician|fitter|high|medium|normal|low\b|minor|major|routine|standard|other|phone|ring|come|finish|exchang|arriv|eliminat|sends?\b|takes? up|taken up|clear|returned to|alert|mobili|red\b|amber|\b(?:fitter|crew)`)
	levelUnit = expression.AnyOf("minute", "hour", "day", "min", " hr", "NBD", "nbd", "week", "half an", " h", "BD")
	levelSoft = expression.MustCompile(`(?i)\b(?:aims? to|aiming to|endeavou?rs? to|tries to|try to|strives? to|is a goal|no service level|not binding|non-binding|for guidance|indicative)\b`)
	levelPays = expression.MustCompile(`(?i)\b(?:credits?|penalt(?:y|ies)|liquidated|deduct\w*|refund\w*|pays?|payable|forfeit\w*|abate\w*|charged?|terminat\w+)\b`)
	levelMiss = expression.MustCompile(`(?i)\b(?:fail(?:s|ure|ed)?|is not|are not|was not|has not|have not|not (?:been )?(?:restored|resolved|fixed|met|running|responded)|miss(?:es|ed)?|exceed\w*|beyond|late|later|delay\w*|breach\w*)\b`)
	incident  = expression.MustCompile(`(?i)\b(?:incident|ticket|fault|support request|service request|support case|cases?|trouble|outage|breakdown|complaint|alarm|service call|emergency call|failure|enquir|quer(?:y|ies)|service desk|help ?desk|lift|machine|call-?out|standstill|stands still|out of (?:action|order|service|use)|breaks? down|broken|defective|fails?|failed|fault|not work\w*|stops? working|stopped|(?:is|are) down|off (?:the )?air|malfunction\w*|disturbances?|interruptions?|entrapment|unusable|cannot be used|e-?mails?|requests? for|defects?)(?:s|ies|y)?\b`)
	notLevel  = expression.MustCompile(`(?i)\b(?:invoice|payment|deliverables?|shipment|consignment|purchase order|goods|audit|insur\w+|personal data|personal information|data breach|security breach|terminat\w+|dispute|arbitrat\w+|notice of (?:breach|default)|material breach|confidential\w*|subprocessor|forecast|certificate|acceptance test\w*|warrant\w+|(?:after|from|of|upon) (?:receiving|(?:its|their) receipt of|receipt of) (?:them|it|the (?:\w+ )?(?:units?|products?|parts?|goods|items?|articles?|devices?))|(?:defective|faulty|non-?conforming) (?:goods|products|units|articles)|re-?opened|redeliver\w*|resubmit\w*|re-?test\w*|repeat\w* (?:the|that|each|a|any) tests?|failed (?:cases?|tests?)|test (?:cases?|plan)s?|do(?:es)? not count|acceptance|accepted|deemed)\b`)
	theirs    = expression.MustCompile(`(?i)^[\d.() ]*(?:the )?(?:customer|client|buyer|licensee|purchaser|user|subscriber)s? (?:shall|will|must|agrees)\b`)
	thingOf   = expression.MustCompile(`(?i)\b(?:alert|matter|job|incident|ticket|fault|request|case|issue|problem|outage|call|bug|error|alarm|enquir|quer|breakdown|support|respon|priorit|severit)`)
	headed    = expression.MustCompile(`^[\s\d.()*\x{2022}-]{0,8}(?:[A-Za-z]+(?:[- ][A-Za-z]+){0,3} ?[:(\t-])`)
)

// issuance is the issue of a paper, which is no trouble: "within 14 days of its issue".
var issuance = expression.MustCompile(`(?i)\b(?:(?:of|after|from|upon|on|following) (?:its|their|the|such)|date of|re-?) issue\b`)

// levelsInText reads sentences, and lines of tables that were not understood as such.
func (r *reading) levelsInText(found *levels, tables map[int]bool) {
	var c wording.LevelContext
	asked := make([]int8, len(r.sentences)) // 1: no, 2: yes; neighbours ask again
	may := func(n int) bool {
		if asked[n] == 0 {
			asked[n] = 1
			if r.maySayLevel(n, tables) {
				asked[n] = 2
			}
		}
		return asked[n] == 2
	}
	last, done := -9, -1
	for n, sp := range r.sentences {
		if sp.End-sp.Start > 1800 || !r.shows(n, signUnit|signSpan) || len(wording.Targets(r.cut(sp))) == 0 {
			continue
		}
		if sp.End-sp.Start < 160 && !r.inTable(sp.Start) && r.itemOf(found, n, r.cut(sp), sp) {
			done, last, c = n, n, wording.LevelContext{}
			continue
		}
		if !may(n) {
			continue
		}
		// What a time is for, the two sentences before may tell, and those before them what they are about. Others are not read.
		first := n
		for k := n - 1; k > done && k >= first-2; k-- {
			if may(k) {
				first = k
			}
		}
		done = n
		for k := first; k <= n; k++ {
			if k < n && !may(k) {
				continue
			}
			if k > last+2 {
				c = wording.LevelContext{}
			}
			sp := r.sentences[k]
			s := r.cut(sp)
			if len(c.Labels) == 0 && r.formLine(found, s, sp) {
				continue
			}
			if len(c.Labels) > 0 && len(wording.LevelLabels(s)) == 0 && levelNoun(s) != "" {
				c.Labels = nil // it is about something else
			}
			var list []wording.Level
			list, c = wording.LevelsIn(s, c)
			last = k
			if levelPays.MatchString(s) && levelMiss.MatchString(s) {
				continue // what follows from a miss
			}
			r.addText(found, s, sp, list)
		}
	}
}

// maySayLevel tells whether a sentence may promise a time, or say what the times of the next one are for.
func (r *reading) maySayLevel(n int, tables map[int]bool) bool {
	sp := r.sentences[n]
	if sp.End-sp.Start > 1800 || sp.End-sp.Start < 4 || !r.shows(n, signUnit) && sp.End-sp.Start > 220 {
		return false
	}
	s := r.cut(sp)
	if forBonus(s) {
		return false
	}
	grid := sort.Search(len(r.grids), func(i int) bool { return r.grids[i].End > sp.Start })
	if grid < len(r.grids) && sp.Start >= r.grids[grid].Start && (tables[grid] || strings.Contains(s, "%")) {
		return false // it was read as a table, or tells a share
	}
	if !levelCue.MatchString(s) || r.shows(n, signSoft) && levelSoft.MatchString(s) || theirs.MatchString(s) {
		return false
	}
	labels := wording.LevelLabels(s)
	if len(labels) == 0 {
		return !notLevel.MatchString(s)
	}
	return labels[0].Strong || thingOf.MatchString(issuance.ReplaceAllString(s, " ")) || headed.MatchString(s)
}

var keyLevel = expression.MustCompile(`(?i)\b(critical|urgent|high|medium|normal|low|minor|major|emergency|severe|serious|standard|routine|non-urgent|other)\b`)

// itemOf reads an item of a list whose lead says what its times are for: "The following response times apply:", "Repair times".
func (r *reading) itemOf(found *levels, n int, s string, sp wording.Span) bool {
	lead := ""
	for k := n - 1; k >= 0 && k >= n-12; k-- {
		t := r.cut(r.sentences[k])
		if strings.HasSuffix(t, ":") || len(t) < 60 && !strings.HasSuffix(t, ".") && !strings.HasSuffix(t, ";") && !strings.ContainsAny(t, ":0123456789") {
			lead = t
			break
		}
		if len(t) > 200 || !listItem.MatchString(t) && !strings.HasSuffix(t, ";") && itemLine.FindString(t) == "" {
			return false
		}
	}
	if lead == "" || len(lead) > 400 || !leadTime.MatchString(lead) || levelSoft.MatchString(lead) || notLevel.MatchString(lead) || mainClock(clockOf(lead)) == wording.NoClock {
		return false
	}
	f, ok := r.itemFigure(s, sp, lead)
	if !ok || len(wording.ClockOf(f.sides[0].text)) > 0 {
		return false
	}
	list := settled(r.levelsOf(f))
	for _, x := range list {
		x.sure, x.shared = "0.75", sharedLine(s, x.target)
		found.add(x)
	}
	return len(list) > 0
}

// formLine reads a line of a form: "Response on site, urgent: 4 hours".
func (r *reading) formLine(found *levels, s string, sp wording.Span) bool {
	f, ok := r.fieldFigure(s, sp)
	if !ok || len(wording.LevelLabels(f.sides[0].text)) > 0 && wording.LevelLabels(f.sides[0].text)[0].Strong && len(wording.ClockOf(f.sides[0].text)) == 0 {
		return false
	}
	list := settled(r.levelsOf(f))
	for _, x := range list {
		x.sure, x.shared = "0.70", sharedLine(s, x.target)
		found.add(x)
	}
	return len(list) > 0
}

// addText adds what a sentence promises. Without a label it must speak of incidents and promise the time itself.
func (r *reading) addText(found *levels, s string, sp wording.Span, list []wording.Level) {
	answered := false // a response is promised, so being on site is the resolution
	for _, x := range found.list {
		answered = answered || x.kind == "response_time" && !x.onSite
	}
	for _, l := range list {
		answered = answered || l.Kind == wording.Response
	}
	for _, l := range list {
		if d := l.Target.Duration.Duration; l.Label == "" && (d.Unit == calendar.Day && d.Value > 28 || d.Unit == calendar.Week && d.Value > 4) {
			continue // so long nobody waits for a repair: a cure period
		}
		x := level{label: l.Label, target: l.Target, from: l.From, always: l.Always, business: l.Business, shared: forShare(s, l.Target), sure: "0.80", at: sp}
		if x.label == "" || x.label == "other" {
			noun := nounOf(s, l.Target, list)
			if x.label == "" && noun == "" && r.lastNoun != "" && refersBack.MatchString(s) && !ownCase.MatchString(s) && r.nounAt >= sp.Start-400 {
				noun = r.lastNoun // of the sentence before
			} else if x.label == "" && !clockNoun.MatchString(s) && (!incident.MatchString(s) && !(l.Kind == wording.OnSite && r.afterIncident(sp)) || !promised.MatchString(s) && bygone.MatchString(s)) {
				continue
			}
			if x.label == "" {
				r.lastNoun, r.nounAt = noun, sp.Start
			}
			if noun != "" {
				x.label = noun
			}
			x.sure = "0.70"
		}
		switch l.Kind {
		case wording.Response:
			x.kind = "response_time"
		case wording.OnSite:
			x.kind, x.onSite = "response_time", true
			if answered {
				x.kind = "resolution_time"
			}
		default:
			x.kind = "resolution_time"
		}
		if !x.always && !x.business && wording.AlwaysRunning(s) && !wording.BusinessTime(s) && !ofAnother(list, l.Label) {
			x.always = true
		}
		if !x.always && !x.business && hoursLead.MatchString(s) {
			x.business = true
		}
		if hours, _, ok := wording.HoursOf(l.Beside); ok && !hours.Always && !x.always {
			x.business, x.own = true, &hours
		}
		if sp.End-sp.Start > 500 {
			x.at = wording.Span{Start: sp.Start + l.Start, End: sp.Start + l.End}
			x.at.Start = r.safe(max(sp.Start, x.at.Start-60))
		}
		found.add(x)
	}
}

// ofAnother tells whether the words for hours stand beside another level of a sentence, before its last time.
func ofAnother(list []wording.Level, label string) bool {
	last := list[len(list)-1]
	for _, l := range list {
		if l.Always && l.Label != label && (l.Target.Start != last.Target.Start || label == "") {
			return true
		}
	}
	return false
}

// afterIncident tells whether the sentence before, on the same line, speaks of what goes wrong: "Report faults by telephone. An engineer
// will be with you within 4 hours."
func (r *reading) afterIncident(sp wording.Span) bool {
	n := r.sentenceAt(sp.Start)
	return n > 0 && sp.Start-r.sentences[n-1].End < 2 && r.s[sp.Start-1] != '\n' && sp.Start-r.sentences[n-1].Start < 300 && incident.MatchString(r.cut(r.sentences[n-1]))
}

var (
	promised   = expression.MustCompile(`(?i)\b(?:shall|will|must|undertakes?|guarantees?|commits?|is to|are to|within|under|inside|no later|at most|target)\b`)
	leadTime   = expression.MustCompile(`(?i)\b(?:times?|targets?|within|periods?|deadlines?|service levels?)\b`)
	elsewise   = expression.MustCompile(`(?i)\botherwise,? (?:on|within|in|by|at|no later)\b`)
	refersBack = expression.MustCompile(`(?i)^(?:[\d.()]+ )?(?:it|they|he|she|we|the|this|these|that|such|in (?:both|either|this|that)|and|where|if|when|otherwise|should|a permanent|an engineer|a technician)\b`)
	ownCase    = expression.MustCompile(`(?i)^(?:[\d.()]+ )?(?:if|where|when) (?:an?|any|one of the) `)
	bygone     = expression.MustCompile(`(?i)\b(?:was|were|had|has been|have been|last year|so far)\b`)
	clockNoun  = expression.MustCompile(`(?i)\b(?:response|reaction|resolution|restoration|repair|recovery|attendance|answer)[- ]times?\b|\btimes? to (?:respond|restore|repair|resolve|fix|answer|react)\b|^[\d.() ]*(?:response|repair|restoration|resolution|attendance) (?:shall|will|must|is|takes?)\b`)
	levelOf    = expression.MustCompile(`(?i)\b(?:respond|acknowledg|answer|attend|repl(?:y|i)|react|clos|resolv|repair|fix|restor|remed|correct)(?:es|ed|e|s)?(?: to)? (?:each|every|any|all|an?|the) ((?:[\w-]+ ){0,3}(?:alarms?|complaints?|calls?|breakdowns?|requests?|quer(?:y|ies)|enquir(?:y|ies)|faults?|incidents?|emails?|e-mails?|failures?))\b`)
	levelWhen  = expression.MustCompile(`(?i)(?:^|^[\d.()]+ |[;,.:)] |\band )(?:when|if|where|should|whenever|in case) (?:an?|the|any|one of the|one|its|your)? ?([a-z][a-z-]*(?: [a-z][a-z-]*){1,7}?)(?:,| we\b| he\b| it\b| the \w+ (?:shall|will|must|sends|comes|attends|answers|calls|repairs|replaces)\b| \w+ (?:shall|will|must|sends|attends|repairs|replaces)\b)`)
	levelFor   = expression.MustCompile(`(?i)^(?:[\d.()]+ )?for (?:an?|any|each|every) ([a-z][\w'-]*(?: [a-z][\w'-]*){0,9}?)(?:,| we(?:'ll| will| shall| must|\b)| (?:the |our |your )?\w+ (?:shall|will|must)\b)`)
	levelHeads = expression.MustCompile(`^(?:[\d.()]+ )?(?:(?:A|An|Each|Every|Any|All) )?((?:[A-Za-z][\w-]* ){0,2}(?:[Cc]omplaints?|[Aa]larms?|[Bb]reakdowns?|[Cc]alls?|[Rr]equests?(?: for [a-z]+)?|[Qq]uer(?:y|ies)|[Ee]nquir(?:y|ies)|[Ee]-?mails?|[Dd]efects?|[Ff]aults?|[Tt]ickets?))\b`)
	levelCase  = expression.MustCompile(`(?i)\bin (?:the )?(?:case|event) of (?:an?|the|any)? ?([a-z][a-z'-]*(?: [a-z][a-z'-]*){0,6}?)(?:,| (?:the )?\w+ (?:shall|will|must|reacts|responds|attends|sends|answers|calls|repairs|replaces|restores|acknowledges|begins|starts|is|has)\b)`)
	levelThat  = expression.MustCompile(`(?i)\b(?:an?|any|each|every|the) ([a-z-]+) (?:that|which) ((?:[\w'-]+ ){1,6}?)(?:is|are|shall|will|must|gets?)\b`)
	levelBad   = expression.MustCompile(`^(?:[\d.()]+ )?(?:An?|Each|Every|Any) ((?:failed|faulty|defective|broken|damaged) [\w-]+) (?:is|are|shall|will|must)\b`)
	levelAfter = expression.MustCompile(`(?i)^ (?:where(?:ver)?|when(?:ever)?|if|in (?:the )?(?:case|event) of|for) (?:(?:an?|any|the|one of the|one) )?([a-z][a-z'-]*(?: [a-z][a-z'-]*){0,6}?)(?:[,;.)]| and\b|$)`)
	levelElse  = expression.MustCompile(`(?i)\b((?:any|all|every) other(?:s| [\w-]+)?)\b`)
)

// nounOf is what the incidents are called that a time is for: in its own part of the sentence first, before the time or right behind
// it, then in what stands before.
func nounOf(s string, t wording.Target, list []wording.Level) string {
	from, to := 0, len(s)
	for _, o := range list {
		if o.Target.End <= t.Start {
			from = max(from, o.Target.End)
		}
		if o.Target.Start >= t.End {
			to = min(to, o.Target.Start)
		}
	}
	start := min(len(s), t.Start)
	if elsewise.MatchString(s[from:min(len(s), t.End)]) {
		return "other"
	}
	if noun := levelNoun(s[from:start]); noun != "" {
		return noun
	}
	if m := levelAfter.FindStringSubmatch(s[min(len(s), t.End):to]); m != nil && !wording.BusinessTime(m[1]) {
		if noun := nounWords(m[1]); noun != "" {
			return noun
		}
	}
	return levelNoun(s[:start])
}

// levelNoun is what the incidents of a sentence are called where they have no level: "complaint", "bed lift", "other alarms".
func levelNoun(s string) string {
	for _, re := range []*expression.Expression{levelElse, levelFor, levelOf, levelCase, levelWhen, levelThat, levelBad, levelHeads} {
		all := re.FindAllStringSubmatch(s, -1)
		if all == nil {
			continue
		}
		m := all[len(all)-1]
		if noun := nounWords(strings.Join(m[1:], " ")); noun != "" || re != levelThat {
			return noun
		}
	}
	return ""
}

// nounWords leaves out of a name what every incident is called.
func nounWords(s string) string {
	words := strings.Fields(strings.ToLower(s))
	kept := words[:0]
	for _, w := range words {
		switch w {
		case "any", "all", "every", "incident", "incidents", "fault", "faults", "request", "requests", "call", "calls", "support", "service", "reported", "such", "ticket", "tickets", "case", "cases", "the", "customer", "client", "problem", "issue", "is", "are", "has", "have", "been", "a", "an", "breakdown", "breakdowns", "failure", "failures", "defect", "defects", "merely", "only":
			continue
		}
		kept = append(kept, w)
	}
	if len(kept) == 1 && kept[0] == "others" || len(kept) > 0 && kept[len(kept)-1] == "else" {
		return "other"
	}
	return strings.Join(kept, " ")
}

// sortObligations puts obligations in the order of their keys: by kind, then by priority.
func (r *reading) sortObligations() {
	for i := 1; i < len(r.found); i++ {
		for j := i; j > 0 && r.found[j].Subject == "obligation" && r.found[j-1].Subject == "obligation" && r.found[j].Name < r.found[j-1].Name; j-- {
			r.found[j], r.found[j-1] = r.found[j-1], r.found[j]
		}
	}
}

func (r *reading) addLevel(x level) {
	label := x.label
	if len(label) == 1 && label[0] >= '0' && label[0] <= '9' {
		label = "P" + label
	}
	about := label
	if about == "" {
		about = "all"
	}
	title := map[string]string{"response_time": "Response to ", "resolution_time": "Resolution of "}[x.kind] + about + " incidents"
	o := pact.Obligation{Kind: x.kind, Key: x.kind + "/" + about, Title: title, Bearer: r.roleName("supplier"), Beneficiary: r.roleName("customer"), Trigger: "an incident is reported"}
	if x.from != "" && !strings.Contains(x.from, "month") {
		o.Trigger = x.from
	}
	p := obligation.ClockParams{Priority: x.label, Target: x.target.Duration.Duration, Thresholds: []decimal.Decimal{decimal.NewFromInt(90)}, LevelOnly: x.shared}
	if x.target.DayEnd {
		p.DayRule = "end_of_day"
	}
	if len(x.target.Readings) > 0 {
		o.Ambiguities = append(o.Ambiguities, wordsAgainstFigures("target", x.target.Duration))
		p.Target = calendar.Duration{}
	}
	at := []wording.Span{x.at}
	r.levelAt = append(r.levelAt, x.at)
	hours, hoursAt, ambiguity := r.hoursFor(x, p.Target.Unit)
	p.Hours = hours
	at = append(at, hoursAt...)
	if ambiguity != nil {
		o.Ambiguities = append(o.Ambiguities, *ambiguity)
	}
	if x.kind == "resolution_time" {
		if pauseAt, ok := r.pauses(); ok {
			p.Pauses = true
			at = append(at, pauseAt)
		}
	}
	r.obligation(o, p, x.sure, at...)
}
