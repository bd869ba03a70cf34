package wording

import (
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// ClockKind is what a time is promised for.
type ClockKind byte

// The kinds. Other is a time for something else that stands beside them: how often the customer is told, when it is escalated.
const (
	NoClock    ClockKind = 0
	Response   ClockKind = 'r'
	Resolution ClockKind = 's'
	OnSite     ClockKind = 'o' // somebody is there: the response, unless another answer is promised before
	Workaround ClockKind = 'w' // the resolution, unless a lasting one is promised beside it
	Other      ClockKind = 'u'
)

// LevelLabel is what incidents of a level are called.
type LevelLabel struct {
	Span
	Name   string // "1": the number, or the letter, or the words in small letters
	Strong bool   // said with the word priority, severity, class …
}

// Level is a time that is promised for incidents of a level.
type Level struct {
	Span
	Kind     ClockKind // Response, Resolution or OnSite
	Label    string    // "" where it holds for all
	Target   Target
	From     string // from when the time runs, in the words of the text
	Always   bool   // the words beside it say that it runs around the clock
	Business bool   // or in business hours
	Beside   string // those words
}

// LevelContext is what a sentence leaves to the next one.
type LevelContext struct {
	Labels []LevelLabel
	Kind   ClockKind
	Order  []ClockKind // in which times were given for the level before
}

var (
	levelWord  = `(?:priority|priorities|severity|severities|sev|prio|class|classes|category|categories|grade|urgency|fault level|severity level|priority level|impact)`
	levelName  = expression.MustCompile(`(?i)\b(?:` + levelWord + `(?: (?:level|code|class))?[ -]?#?\(?"?(\d|one|two|three|four|five|[A-E]|I{1,3}|IV|V)\b|(?:sev|prio|[PS])-?(\d)\b|level[ -](\d|one|two|three|four|five|[A-E])\b|(\d) ?[-:(] ?(?:critical|urgent|high|medium|normal|moderate|low|minor|major|emergency|severe|serious)\b)`)
	levelMore  = expression.MustCompile(`(?i)^"?(?:\)| ?\((?:critical|urgent|high|medium|normal|moderate|low|minor|major|emergency|severe|serious)\))?(?:,| ?/| ?&| ?-| (?:and|or|to))+ ?(?:[PS])?(\d|one|two|three|four|five|[A-E]|I{1,3}|IV)\b`)
	levelAdj   = `red|amber|yellow|orange|green|hindering|critical|urgent|high|medium|normal|moderate|low|minor|major|emergency|emergencies|severe|serious|standard|routine|cosmetic|significant|blocker|blocking|elevated|partial|total|non-urgent|non-critical|general|ordinary|essential|disaster|informational|light|heavy|simple|complex|grave|slight`
	levelPlan  = `gold|silver|bronze|platinum|diamond|premium|basic|plus|enterprise|professional|advanced`
	levelThing = `incidents?|faults?|cases?|issues?|requests?|tickets?|defects?|problems?|calls?|errors?|alarms?|outages?|failures?|bugs?|enquir(?:y|ies)|quer(?:y|ies)|breakdowns?|alerts?|call-?outs?|reports?|priority|severity|impact`
	levelWords = expression.MustCompile(`(?i)(?:\b(` + levelAdj + `)\b(?:[- ](?:priority|severity|impact|level))?(?: (?:` + levelThing + `))?|\b(` + levelPlan + `)\b(?:[- ](?:level|plan|support|service|tier|package|accounts?|customers?))*|\b(?:as|graded|rated|classified|marked|classed|tagged|flagged|designated|(?:issue|incident|fault|problem|ticket|case|matter|it) is) "?(` + levelAdj + `)\b|\b(?:any|every|all|each) (?:the )?(others?)(?: (?:` + levelThing + `))?\b|\b(others?) (?:` + levelThing + `)\b|\b(?:any|every)(thing) else\b)`)
	clockWords = expression.MustCompile(`(?i)\b(?:` +
		`(respon(?:d\w*|ses?|sive)|acknowledg\w*|acceptance of (?:the )?(?:call|ticket|fault)|react(?:ion|s|ed)?|calls? (?:[\w']+ ){0,3}back|gets? back to|engag(?:e|es|ed)|(?:assistance|diagnosis|help|investigation) (?:starts?|begins?)|call(?:ed|ing)? (?:you |the \w+ )?back|callback|call-back|repl(?:y|ies|ied)|answer(?:s|ed)?|telephones?|telephoned|phones?|phoned|rings? (?:\w+ )?back|pick(?:s|ed)? up|first (?:contact|feedback|reply|touch|answer)|feedback|engineer at work|at work|(?:begins?|starts?|commences?|started|begun) (?:\w+ )?(?:work|working|remedial|diagnos\w+|repairs?)|initial contact|assign(?:s|ed|ment)?|contact(?:s|ed)?|a call|triage\w*|take(?:s|n)? (?:up|charge|ownership)|attention|diagnos\w+|logged)` +
		`|(on[- ]?site|(?:fitter|engineer|technician|mechanic|specialist|crew)s? (?:with|at|on the spot|mobili[sz]ed)|mobili[sz]\w+|attend(?:s|ed|ance)?|be there|(?:be|is|are) with (?:you|the (?:customer|client|hirer|user|tenant|operator))|(?:be|is|are) at the|comes?|sends? (?:an? )?(?:fitter|engineer|technician|mechanic)|on (?:the road|its way|his way|their way)|reach(?:es)? the|at (?:your|the) (?:site|premises|mill|plant|station|door)|arriv(?:e|es|al)|intervention|dispatch\w*|call[- ]out|visit)` +
		`|(work[- ]?arounds?|(?:temporary|interim|provisional) (?:fix|solution|repair|relief|measure)|bypass|mitigat\w+|circumvent\w*)` +
		`|(resol(?:v\w+|ution)|restor\w+|fix(?:ed|es|ing)?|repair\w*|correct(?:s|ed|ion|ing)?|recover\w*|remed(?:y|ied|ies|ial|iation)|rectif\w+|cure[sd]?|clos(?:e|es|ed|ure|ing)|(?:running|works?|working|up|in (?:service|operation)) again|back (?:in (?:service|use|operation|order)|up|to normal|on air)|exchang\w+|in order again|back on air|finish(?:ed|es)?|overcome|clear(?:s|ed|ance)?|replacements?|replaced?s?|return(?:s|ed|ing)? (?:it |them )?(?:in)?to (?:use|service|operation|normal)|reinstat\w+|puts? (?:it |them |\w+ )?right|put right|solv(?:e|es|ed|ing)|solution|eliminat\w+|turn-?around|time to fix|normal service|made good|makes? good|brought back)` +
		`|(updat\w+|progress report\w*|status report\w*|communicat\w+|escalat\w+|root cause|rca|post[- ]incident|review\w*|report(?:s|ing)? (?:on|of)|summary|notice|notif\w+|inform(?:s|ed)?)` +
		`)\b`)
	limitBefore  = expression.MustCompile(`(?i)(?:\b(?:within|in|inside|under|less than|than|at most|max(?:imum|\.)?|up to|to|is|are|be|of|by|at|and|or|a|time|times|target|amounts? to|until|after|issues|incidents|faults|cases|tickets|calls|errors|defects|requests)|[:,;(\t|=<-]|^)(?: (?:the (?:next|first|following)|a (?:maximum|period|target) of|no more than|not more than|a))? ?"?$`)
	limitAtMost  = expression.MustCompile(`(?i)\b(?:no more than|not (?:be )?more than|not (?:to )?exceed|not be longer than|no longer than|at most|no later than|not later than) $`)
	limitNot     = expression.MustCompile(`(?i)\b(?:every|each|after|for|more than|exceed(?:s|ed|ing)?|longer than|at least|first|last|previous|preceding|previously|not less than|no less than|further|additional|than the|per|over|once in|window of|during the)(?: (?:the|a))? ?$`)
	limitTail    = expression.MustCompile(`(?i)^ [0-5]\d\b(?: ?(?:to|and|until|on|from|monday|mon)\b|[,.;)]|$)|^ ?(?:or more|or longer|in any|in a(?:ny)? (?:month|quarter|year)|per (?:month|week|year)|(?:'|s')? ?(?:(?:prior|advance|written|previous)[ ,]+)*notice|before|prior to|in advance|ahead|old|late\b|a (?:day|week)\b|each day|per day|of downtime|of delay|of (?:the )?(?:outage|unavailab\w+)|worth)`)
	thenRespond  = expression.MustCompile(`(?i)^(?:,? ?(?:in which |within which )?(?:to|for(?: a)?(?: first| initial)?) (?:respond|response|acknowledge|react|reaction|answer|reply|call back)| \(?(?:first |initial )?(?:response|acknowledg\w+|reaction)\b)`)
	thenResolve  = expression.MustCompile(`(?i)^(?:,? ?(?:in which |within which )?(?:to|for(?: a| the)?) (?:resolve|resolution|restore|restoration|fix|repair|correct|recover|remedy|cure|rectify|solve|close)| \(?(?:resolution|restoration|repair|fix|recovery)\b)`)
	thenOther    = expression.MustCompile(`(?i)^,? ?(?:for|to) (?:updates?|escalat|communicat)`)
	runsFromCall = expression.MustCompile(`(?i)\b(?:of|after|from|following|upon) $`)
	startsFrom   = expression.MustCompile(`(?i)^ ?(?:from|of|after|following|starting (?:from|with|on)|counted from|measured from)(?: the (?:time|moment|point))?(?: of| at which| when| that)? ((?:[\w' -]){3,70})`)
	respective   = expression.MustCompile(`(?i)\brespectively\b|\bin (?:that|this) order\b`)
	businessOf   = expression.MustCompile(`(?i)\b(?:business|working|support|service|office|opening|core|operational|normal|standard|contract(?:ed)?|coverage|open|desk|these|those) hours?\b|\bmo ?(?:to|-) ?(?:fr|sa)\b|\b(?:business|working|week)[ -]?days?\b|\bmonday (?:to|through|-) (?:friday|saturday)\b|\bmon(?:day)?s? ?(?:to|through|-) ?(?:fri|sat)(?:day)?s?\b|\b(?:8 ?x ?5|9 ?x ?5|10 ?x ?5|12 ?x ?5)\b`)
	alwaysOf     = expression.MustCompile(`(?i)\b24 ?(?:x|/|\*|by) ?7(?: ?(?:x|/) ?365)?\b|\b(?:24|twenty[- ]four)(?: \(24\))? hours (?:a|per|each|every|of every) day\b|\b(?:a|the)?round[- ]the[- ]clock\b|\bday (?:and|or) night\b|\bat any (?:hour|time of (?:the )?day)\b|\bat all (?:times|hours)\b|\bevery (?:hour|day) of (?:the|every) (?:day|year)\b|\bwithout interruption, at night\b|\bnights?,? (?:and )?weekends? (?:and (?:public )?holidays )?(?:included|too|as well)\b|\b365 days\b|\bclock hours\b|\bcalendar hours\b|\belapsed (?:time|hours)\b`)
)

var levelNumbers = map[string]string{"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}

// AlwaysRunning tells whether words say that time runs around the clock.
func AlwaysRunning(s string) bool { return alwaysOf.MatchString(s) || AroundTheClock(s) }

// BusinessTime tells whether words say that time runs in business hours.
func BusinessTime(s string) bool { return businessOf.MatchString(s) }

// LevelLabels finds what levels of incidents are called, in order. Words alone ("Urgent") count where they begin large, or where a
// word for an incident follows.
func LevelLabels(s string) []LevelLabel {
	var found []LevelLabel
	for _, m := range levelName.FindAllStringSubmatchIndex(s, -1) {
		name := part(s, m, 1) + part(s, m, 2) + part(s, m, 3) + part(s, m, 4)
		if len(name) == 1 && (name[0] >= 'a' && name[0] <= 'e') || name == "0" {
			continue // "class a", an article
		}
		if n := levelNumbers[name]; n != "" {
			name = n
		} else if n := levelNumbers[strings.ToLower(name)]; n != "" {
			name = n
		}
		found = append(found, LevelLabel{Span{m[0], m[1]}, name, true})
		found = moreLabels(s, found, m[1])
	}
	if len(found) > 0 {
		return found
	}
	for _, m := range levelWords.FindAllStringSubmatchIndex(s, -1) {
		word := part(s, m, 1) + part(s, m, 2) + part(s, m, 3)
		if part(s, m, 4)+part(s, m, 5)+part(s, m, 6) != "" {
			found = append(found, LevelLabel{Span{m[0], m[1]}, "other", false})
			continue
		}
		i := m[0] + strings.Index(s[m[0]:m[1]], word)
		if m[1]+1 < len(s) && s[m[1]] == ' ' && s[m[1]+1] >= 'A' && s[m[1]+1] <= 'Z' && m[1] == i+len(word) {
			continue // "High Temperature Alarm": a name of its own
		}
		capital := s[i] >= 'A' && s[i] <= 'Z' && i > 0
		if !capital && m[1] == i+len(word) && part(s, m, 3) == "" {
			if s[i] < 'A' || s[i] > 'Z' || i > 0 {
				continue // "a high level of service"
			}
		}
		found = append(found, LevelLabel{Span{m[0], m[1]}, strings.ToLower(word), false})
	}
	return found
}

// moreLabels reads "and 2", "/P3", "to 4" after a label.
func moreLabels(s string, found []LevelLabel, end int) []LevelLabel {
	for len(found) < 40 {
		m := levelMore.FindStringSubmatchIndex(s[end:min(len(s), end+40)])
		if m == nil {
			return found
		}
		name := part(s[end:], m, 1)
		if n := levelNumbers[strings.ToLower(name)]; n != "" {
			name = n
		}
		if len(name) == 1 && name[0] >= 'a' && name[0] <= 'z' {
			return found
		}
		tail := s[end+m[1] : min(len(s), end+m[1]+16)]
		if unitAhead(tail) || strings.HasPrefix(tail, "%") || strings.HasPrefix(tail, ".") && len(tail) > 1 && digit(tail[1]) {
			return found // "Priority 1 and 2 hours": a time
		}
		found = append(found, LevelLabel{Span{end + m[2], end + m[1]}, name, true})
		end += m[1]
	}
	return found
}

var timeUnit = expression.MustCompile(`(?i)^ ?(?:\([a-z\d -]{1,16}\) ?)?(?:(?:business|working|service|support|calendar) )?(?:min|h\b|hr|hour|day|week|month)`)

func unitAhead(s string) bool { return timeUnit.MatchString(s) }

type clockWord struct {
	Span
	kind ClockKind
}

func clockWordsIn(s string) []clockWord {
	var found []clockWord
	for _, m := range clockWords.FindAllStringSubmatchIndex(s, -1) {
		if s[m[1]-1] == 'l' && strings.EqualFold(s[m[0]:m[1]], "a call") && runsFromCall.MatchString(s[max(0, m[0]-10):m[0]]) {
			continue // "within two hours of a call": from when the time runs
		}
		w := clockWord{Span: Span{m[0], m[1]}}
		for i, kind := range []ClockKind{Response, OnSite, Workaround, Resolution, Other} {
			if m[2*(i+1)] >= 0 {
				w.kind = kind
			}
		}
		found = append(found, w)
	}
	return found
}

// ClockOf tells what a heading or a cell names a time for; both where it names response and resolution. The order says which comes
// first.
func ClockOf(s string) []ClockKind {
	var kinds []ClockKind
	for _, w := range clockWordsIn(s) {
		known := false
		for _, k := range kinds {
			known = known || k == w.kind
		}
		if !known {
			kinds = append(kinds, w.kind)
		}
	}
	return kinds
}

// limits tells whether a target is a limit for something: "within 4 hours", not "every 4 hours" or "4 hours' notice".
func limits(s string, t Target) bool {
	switch t.Duration.Duration.Unit {
	case calendar.UnitMonth, calendar.Quarter, calendar.Year:
		return false
	}
	before, after := s[max(0, t.Start-40):t.Start], s[t.End:min(len(s), t.End+48)]
	if limitTail.MatchString(after) {
		return false
	}
	if t.DayEnd || strings.HasPrefix(strings.ToLower(s[t.Start:t.End]), "within") {
		return true
	}
	if limitAtMost.MatchString(before) {
		return true
	}
	return !limitNot.MatchString(before) && limitBefore.MatchString(before)
}

// inColumn is what stands in a column of times instead of a time.
var (
	inColumn = expression.MustCompile(`(?i)\b(?:daily|weekly|hourly|monthly|next release|not applicable|n/a|none|best efforts?|as agreed)\b`)
	asClause = expression.MustCompile(`(?i)\b(?:shall|will|must|within|is|are)\b`)
)

// lineOfTable reads a line of a table that came out as text, by the order that its head named: "Priority 1 Service down 15 minutes
// every 30 minutes 4 hours". It answers nil where the line is none.
func lineOfTable(s string, labels []LevelLabel, order []ClockKind) []Level {
	if len(order) < 2 || len(labels) == 0 || labels[0].Start > 3 || asClause.MatchString(s) {
		return nil
	}
	all := Targets(s)
	for _, m := range inColumn.FindAllStringIndex(s, -1) {
		all = append(all, Target{Duration: Duration{Span: Span{m[0], m[1]}}})
	}
	for i := 1; i < len(all); i++ {
		for j := i; j > 0 && all[j].Start < all[j-1].Start; j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	for len(all) > len(order) && all[0].Duration.Duration.Value == 0 {
		all = all[1:] // words of a description
	}
	if len(all) == 0 || len(all) > len(order) {
		return nil
	}
	var out []Level
	for i, t := range all {
		if t.Duration.Duration.Value == 0 && len(t.Readings) == 0 || order[i] == Other {
			continue
		}
		kind := order[i]
		if kind == Workaround {
			kind = Resolution
		}
		out = append(out, Level{Span: Span{labels[0].Start, t.End}, Kind: kind, Label: labels[0].Name, Target: t, Always: AlwaysRunning(s), Business: BusinessTime(s)})
	}
	return out
}

// beside tells whether a target stands right after what it is for: "reaction thirty minutes".
func beside(words []clockWord, t Target) bool {
	for _, w := range words {
		if t.Start-w.End == 1 && w.kind != Other {
			return true
		}
	}
	return false
}

// besideLabel tells whether a target stands right after a level: "Sev-1 four hours".
func besideLabel(s string, labels []LevelLabel, t Target) bool {
	for _, l := range labels {
		if gap := t.Start - l.End; gap > 0 && gap < 5 && strings.Trim(s[l.End:t.Start], " -:()") == "" {
			return true
		}
	}
	return false
}

// timeFirst is what stands before a time that opens its clause: "within thirty minutes of a report the engineer calls back".
var timeFirst = expression.MustCompile(`(?i)(?:^|[;,] |\band )(?:[\d.() ]*)(?:within|in|inside|no later than|not later than) $`)

var doneBy = expression.MustCompile(`(?i),|\b(?:shall|will|must|to|is|are)\b`)

// LevelsIn reads the times that a sentence promises, and what it leaves to the next sentence. Times belong to the label before
// them, or, where the first time stands before the first label, to the label after them.
func LevelsIn(s string, c LevelContext) ([]Level, LevelContext) {
	labels, words := LevelLabels(s), clockWordsIn(s)
	if line := lineOfTable(s, labels, c.Order); line != nil {
		return line, LevelContext{Order: c.Order, Kind: c.Kind}
	}
	var targets []Target
	for _, t := range Targets(s) {
		if limits(s, t) || beside(words, t) || besideLabel(s, labels, t) {
			targets = append(targets, t)
		}
	}
	next := LevelContext{Kind: c.Kind, Order: c.Order, Labels: c.Labels}
	if len(labels) > 0 {
		if next.Labels = nil; labels[0].Start < 12 || len(s) < 60 {
			next.Labels = labels // what follows is about them
		}
	}
	if len(targets) == 0 {
		if len(words) > 0 {
			next.Kind = lastMain(words, c.Kind)
		}
		if kinds := ClockOf(s); len(kinds) > 1 {
			next.Order = kinds // the head of a list or of a table that was not seen as one
		}
		return nil, next
	}
	l := leveller{s: s, labels: labels, words: words, targets: targets, c: c}
	levels := l.read()
	if l.last != NoClock {
		next.Kind = l.last
	}
	if len(l.order) > 1 {
		next.Order = l.order
	}
	return levels, next
}

func lastMain(words []clockWord, otherwise ClockKind) ClockKind {
	for _, w := range words {
		if w.kind != Other {
			return w.kind
		}
	}
	return otherwise
}

// leveller is the work on one sentence.
type leveller struct {
	s       string
	labels  []LevelLabel
	words   []clockWord
	targets []Target
	c       LevelContext
	last    ClockKind
	order   []ClockKind
}

func (l *leveller) read() []Level {
	if levels := l.readRespectively(); levels != nil {
		return levels
	}
	var out []Level
	if levels := l.readBracketed(); levels != nil {
		return levels
	}
	after := len(l.labels) > 0 && l.targets[0].End <= l.labels[0].Start && l.followed()
	limbs := l.limbs(after)
	column := 0
	var group []LevelLabel
	from := 0
	for i, t := range l.targets {
		stop := len(l.s)
		if i+1 < len(l.targets) {
			stop = l.targets[i+1].Start
		}
		fresh := l.between(from, t.Start)
		if after {
			fresh = l.between(t.End, stop)
		}
		if len(fresh) > 0 {
			group, column = fresh, 0
		} else if group == nil {
			group = l.c.Labels
		}
		kind, said := l.kindOf(t, from, stop, column)
		column++
		_, event := runsFrom(l.s[t.End:stop])
		from = t.End + max(said, event) // "within 6 hours after notification": no word of what comes next
		if kind == NoClock || kind == Other {
			continue
		}
		l.last = kind
		if !contains(l.order, kind) {
			l.order = append(l.order, kind)
		}
		level := Level{Kind: kind, Target: t, Span: t.Span}
		level.From, _ = runsFrom(l.s[t.End:stop])
		level.Always, level.Business, level.Beside = AlwaysRunning(limbs[i]), BusinessTime(limbs[i]), limbs[i]
		if level.Always != level.Business {
			l.share(out, limbs[i], level)
		}
		if len(group) == 0 {
			out = append(out, level)
			continue
		}
		for _, g := range group {
			level.Label = g.Name
			if len(fresh) > 0 {
				level.Span = Span{min(g.Start, t.Start), max(g.End, t.End)}
			}
			out = append(out, level)
		}
	}
	return out
}

// runsFrom gives the event that a time runs from, and how many bytes behind the time its words reach.
func runsFrom(after string) (event string, length int) {
	m := startsFrom.FindStringSubmatchIndex(after)
	if m == nil {
		return "", 0
	}
	event, length = after[m[2]:m[3]], m[3]
	for _, stop := range []string{" and ", " or ", " but ", " to resol", " to respon"} {
		if k := strings.Index(event, stop); k >= 0 {
			event, length = event[:k], m[2]+k
		}
	}
	return strings.TrimSpace(event), length
}

// limbs are the words beside each time that tell when it runs. Between two times they end where those of the next level begin: at the last
// "and", comma or semicolon before its label, or behind the label where labels follow their times.
func (l *leveller) limbs(after bool) []string {
	out := make([]string, len(l.targets))
	from := 0
	for i, t := range l.targets {
		if i+1 == len(l.targets) {
			from = max(from, strings.LastIndexByte(l.s[:t.Start], ';'))
			to := len(l.s)
			if k := strings.IndexByte(l.s[t.End:], ';'); k >= 0 {
				to = t.End + k
			}
			out[i] = l.s[from:to]
			break
		}
		next := l.targets[i+1].Start
		to, cut := next, t.End // where nothing parts them, the words between are of both
		switch labels := l.between(t.End, next); {
		case after && len(labels) > 0:
			to = labels[len(labels)-1].End
			cut = to
		case len(labels) > 0:
			to = t.End + parting(l.s[t.End:labels[0].Start], labels[0].Start-t.End)
			cut = to
		default:
			if k := parting(l.s[t.End:next], -1); k >= 0 {
				to, cut = t.End+k, t.End+k
			}
		}
		out[i] = l.s[from:to]
		from = cut
	}
	return out
}

// ofSeveral says that hours are those of the times before, too.
var ofSeveral = expression.MustCompile(`(?i)\b(?:(both)|all|each|in (?:each|either|every) case)\b|, (?:(?:to be |each )?(?:counted|measured|calculated|reckoned)) (?:in|during|within|by)\b`)

// share gives the hours of a time to those before it that have none, where the words say so: "P2 within 1 hour and P3 within 8 hours
// (both in business hours)".
func (l *leveller) share(before []Level, limb string, of Level) {
	m := ofSeveral.FindStringSubmatch(limb[max(0, strings.Index(limb, l.s[of.Target.Start:of.Target.End])):])
	if m == nil {
		return
	}
	for i := len(before) - 1; i >= 0; i-- {
		if x := &before[i]; !x.Always && !x.Business {
			x.Always, x.Business = of.Always, of.Business
		}
		if m[1] != "" && (i == 0 || before[i-1].Target.Start != before[i].Target.Start) {
			return
		}
	}
}

// parting is where the words after the last comma, semicolon or "and" outside of brackets begin, otherwise a given place.
func parting(s string, otherwise int) int {
	depth, at := 0, otherwise
	for i := range len(s) {
		switch c := s[i]; {
		case c == '(':
			depth++
		case c == ')':
			depth = max(0, depth-1)
		case depth == 0 && (c == ';' || c == ',' || strings.HasPrefix(s[i:], " and ") && !strings.HasSuffix(s[:i], ",")):
			at = i
		}
	}
	return at
}

// followed tells whether labels stand right after times: "15 minutes for class A", "within one hour in the case of P2".
func (l *leveller) followed() bool {
	t := l.targets[0]
	between := l.s[t.End:l.labels[0].Start]
	return len(between) < 60 && !strings.ContainsAny(between, ";") && !strings.Contains(between, ", and ")
}

// between gives the labels that stand in a part of the sentence; of several only those of the last group count.
func (l *leveller) between(from, to int) []LevelLabel {
	var group []LevelLabel
	for _, b := range l.labels {
		if b.Start < from || b.End > to {
			continue
		}
		if n := len(group); n > 0 && b.Start < group[n-1].End {
			continue // a label inside the one before, such as the plan of a level that was joined with it
		}
		if n := len(group); n > 0 && !joined(l.s[group[n-1].End:b.Start]) {
			if pair, ok := planned(l.s, group[n-1], b); ok {
				group[n-1] = pair
				continue
			}
			group = nil
		}
		group = append(group, b)
	}
	return group
}

// planned joins a level and a plan: "an urgent case of a Gold account" is "urgent (gold)".
func planned(s string, a, b LevelLabel) (LevelLabel, bool) {
	planA, planB := isPlan(a.Name), isPlan(b.Name)
	if planA == planB || strings.Contains(a.Name, "(") || b.Start-a.End > 60 {
		return a, false
	}
	name := a.Name + " (" + b.Name + ")"
	if planA {
		name = b.Name + " (" + a.Name + ")"
	}
	return LevelLabel{Span{a.Start, b.End}, name, a.Strong || b.Strong}, true
}

func isPlan(name string) bool {
	for _, p := range strings.Split(levelPlan, "|") {
		if p == name {
			return true
		}
	}
	return false
}

var joins = expression.MustCompile(`(?i)^[ ,/&"()]*(?:and|or|to|incidents?|faults?)?[ ,/&"()]*(?:and|or)?[ "]*$`)

func joined(between string) bool { return joins.MatchString(between) }

// kindOf tells what a target is for: by words right after it, whose length is given too, by the last word before it, by the order of
// the level before, or as the target before.
func (l *leveller) kindOf(t Target, from, stop, column int) (kind ClockKind, said int) {
	after := l.s[t.End:stop]
	for _, w := range l.words {
		if w.Start >= from && t.Start-w.End == 1 {
			return w.kind, 0
		}
	}
	for _, then := range []struct {
		words *expression.Expression
		kind  ClockKind
	}{{thenRespond, Response}, {thenResolve, Resolution}, {thenOther, Other}} {
		if m := then.words.FindStringIndex(after); m != nil {
			return then.kind, m[1]
		}
	}
	var near ClockKind
	for _, w := range l.words {
		if w.Start >= from && w.End <= t.Start {
			near = w.kind
		}
	}
	switch {
	case near != NoClock:
		return near, 0
	case len(l.c.Order) > 1 && len(l.words) == 0:
		if column < len(l.c.Order) {
			return l.c.Order[column], 0
		}
		return NoClock, 0
	case column < len(l.order) && len(l.order) > 1:
		return l.order[column], 0
	}
	for _, w := range l.words { // "within 4 hours, respond to"
		if w.Start >= t.End && w.End <= stop && w.Start-t.End < 80 && (len(l.targets) == 1 && doneBy.MatchString(l.s[t.End:w.Start]) || timeFirst.MatchString(l.s[max(0, t.Start-24):t.Start])) {
			return w.kind, 0
		}
	}
	if l.last != NoClock {
		return l.last, 0
	}
	return l.c.Kind, 0
}

var bracketed = expression.MustCompile(`^ \(((?:in |for )?[a-z][a-z -]{3,40})\)`)

// readBracketed reads times that say in brackets what each is for: "within 6 hours (city sites) or 24 hours (rural sites)".
func (l *leveller) readBracketed() []Level {
	if len(l.labels) > 0 || len(l.targets) < 2 {
		return nil
	}
	var out []Level
	from := 0
	for i, t := range l.targets {
		m := bracketed.FindStringSubmatch(l.s[t.End:])
		if m == nil {
			return nil
		}
		stop := len(l.s)
		if i+1 < len(l.targets) {
			stop = l.targets[i+1].Start
		}
		kind, _ := l.kindOf(t, from, stop, i)
		from = t.End
		if kind == NoClock || kind == Other {
			return nil
		}
		l.last = kind
		out = append(out, Level{Span: t.Span, Kind: kind, Label: m[1], Target: t, Always: AlwaysRunning(l.s), Business: BusinessTime(l.s)})
	}
	return out
}

// readRespectively reads lists in step: "Priority 1, 2 and 3 … 1 hour, 4 hours and 8 hours respectively". It answers nil where the
// sentence has none.
func (l *leveller) readRespectively() []Level {
	if !respective.MatchString(l.s) || len(l.labels) < 2 || len(l.targets)%len(l.labels) != 0 || l.labels[len(l.labels)-1].End > l.targets[0].Start && l.targets[len(l.targets)-1].End > l.labels[0].Start {
		return nil
	}
	var out []Level
	for i, t := range l.targets {
		round := i / len(l.labels)
		from := 0
		if round > 0 {
			from = l.targets[i-i%len(l.labels)-1].End
		}
		kind, _ := l.kindOf(l.targets[i-i%len(l.labels)], from, len(l.s), round)
		if kind == NoClock || kind == Other {
			continue
		}
		b := l.labels[i%len(l.labels)]
		out = append(out, Level{Span: Span{min(b.Start, t.Start), max(b.End, t.End)}, Kind: kind, Label: b.Name, Target: t, Always: AlwaysRunning(l.s), Business: BusinessTime(l.s)})
	}
	return out
}

func contains(list []ClockKind, k ClockKind) bool {
	for _, o := range list {
		if o == k {
			return true
		}
	}
	return false
}
