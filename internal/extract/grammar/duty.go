package grammar

import (
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Duties are read sentence by sentence: who shall do what for whom, by when or how often. Only what somebody can track
// is taken: a duty with a time, a rhythm or an event that starts it, and insurance. Rights, prohibitions, definitions, the price and
// what holds for every contract anyway (to comply, to remain, to be bound) are left alone. A sentence with several verbs has a limb
// for each (duty_limb.go), a limb has its time (duty_time.go) and its bearer (duty_who.go).

// maxDuties bounds what a contract may give: a longer list is not read by anybody.
const maxDuties = 90

var (
	dutyRemedy = expression.MustCompile(`(?i)\b(?:failing which|otherwise|in default of which|and if (?:it|the \w+) fails)\b[^.;]{4,120}|\b(?:service credits?|liquidated damages|late (?:fee|charge)s?|interest at)\b[^.;]{0,80}`)
	dutyMetric = expression.MustCompile(`(?i)\b(?:at least|not less than|no less than|minimum of|not exceed(?:ing)?|accuracy of|rate of) [^.;,]{0,40}?\d[\d.,]* ?(?:%|percent|per cent|units?|hours?|minutes?)`)
	// a definition begins with the quoted term; a quotation mark alone begins the words that an amendment gives a clause
	defines      = expression.MustCompile(`(?i)^[\d.() ]*"[^"]{0,80}"[,:]? ?\(?\w|\b(?:means|shall mean|has the meaning|have the meaning|is defined as|refers to)\b`)
	sentenceLead = expression.MustCompile(`(?i)^((?:if|when|whenever|where|should|upon|after|once|in the event)\b[^,;.]{4,160}),`)
	noNotice     = expression.MustCompile(`(?i)\b(?:non-?renew\w*|not (?:to |be |wish to |want to |intend to )?(?:renew|extend|prolong)|intention not|(?:to|may) terminate|of termination|to end (?:this|the)|not want this)\b`)
)

// findDuties reads the duties.
func findDuties(r *reading) {
	keys := map[string]int{}
	clocks := r.levelSentences()
	taken := 0
	for n, sp := range r.sentences {
		if taken >= maxDuties {
			break
		}
		r.followList(n)
		if sp.End-sp.Start < 22 || sp.End-sp.Start > 1600 || r.inTable(sp.Start) {
			continue
		}
		if !r.shows(n, signTime) || r.listBearer == "" && !r.shows(n, signActs) {
			continue
		}
		s := r.cut(sp)
		if r.shows(n, signMeans) && (r.shows(n, signDefined) || quotedFirst(s)) && defines.MatchString(s) || r.shows(n, signSoft) && levelSoft.MatchString(s) {
			continue
		}
		list := r.dutiesIn(s, n)
		for i := range list {
			if clocks[n] && clockDuty(list[i].kind) || clocks[n] && list[i].kind == "notice" && len(list) == 1 && list[i].params.Due == nil {
				continue // the times of response are obligations of their own
			}
			at := wording.Span{Start: sp.Start + list[i].from, End: sp.Start + list[i].to}
			if list[i].from <= afterNumber(s) {
				at.Start = sp.Start
			}
			r.addDuty(list[i], at, keys)
			taken++
		}
	}
	taken += r.dutiesInTables(keys, maxDuties-taken)
	r.dutiesInLines(keys, maxDuties-taken)
}

var (
	listHead = expression.MustCompile(`\b((?:[Tt]he |[Ee]ach )?(?:[A-Z][\w&-]*(?: [A-Z][\w&-]*){0,2}|[Ww]e|[Yy]ou|supplier|customer|provider|client)) (?:shall|will|must|agrees to|undertakes to|is to|(?:hereby )?(?:covenants|agrees|undertakes|promises)(?: and (?:covenants|agrees|undertakes))?(?: with (?:the )?[A-Z]\w+)?(?: to)?(?: as follows)?)(?: also| further)?:$`)
	listItem = expression.MustCompile(`^ ?(?:\(\w{1,4}\)|\w{1,3}[).] |[-*\x{2022}\x{2013}] ?|\d{1,2}(?:\.\d{1,2})+ )`)
)

// followList keeps who owes the items under "The Supplier shall:".
func (r *reading) followList(n int) {
	s := r.cut(r.sentences[n])
	if len(s) > 200 {
		s = s[r.safeIn(s, len(s)-200):]
	}
	if !strings.HasSuffix(s, ":") {
		if r.listBearer != "" && !listItem.MatchString(s) {
			r.listBearer = ""
		}
		return
	}
	if m := listHead.FindStringSubmatch(s); m != nil {
		r.listBearer = ""
		if low := strings.ToLower(m[1]); low == "we" || low == "you" {
			r.listBearer = r.speaker(low)
		} else if who, ok := r.bearerOf(m[1]); ok {
			r.listBearer = who
		}
		return
	}
	if r.listBearer != "" && !listItem.MatchString(s) {
		r.listBearer = ""
	}
}

// levelSentences are the sentences that gave service levels.
func (r *reading) levelSentences() map[int]bool {
	out := map[int]bool{}
	for _, sp := range r.levelAt {
		if n := r.sentenceAt(sp.Start); n >= 0 {
			out[n] = true
		}
	}
	return out
}

// clockDuty tells whether a duty of a kind, in a sentence that gave a service level, is that level.
func clockDuty(kind string) bool {
	switch kind {
	case "response", "remedy", "meeting", "performance", "delivery", "confirmation":
		return true
	}
	return false
}

// duty is what a sentence says somebody owes.
type duty struct {
	kind, bearer, beneficiary, what string
	title                           string // what, with its verb and the things that its pronouns stand for
	timing
	from, to int // in the sentence
}

// dutiesIn reads the limbs of a sentence.
func (r *reading) dutiesIn(s string, n int) []duty {
	limbs := r.apart(s, n, r.limbsOf(s, n))
	var out []duty
	for i := range limbs {
		l := &limbs[i]
		if l.dead || l.bearer == "" {
			continue
		}
		if d, ok := r.dutyOf(s, n, limbs, i); ok {
			out = append(out, d.onceAndAgain()...)
		}
	}
	return out
}

// andEach is behind a first event on which something is owed the event on which it is owed again.
var andEach = expression.MustCompile(`(?i) and (?:up)?on ((?:each|every|any) [^.;,]{3,60})$`)

// onceAndAgain parts what is owed within a time of one event and then on each of another: "within ten days of the date hereof and on each
// renewal".
func (d duty) onceAndAgain() []duty {
	m := andEach.FindStringSubmatchIndex(d.params.Anchor)
	if m == nil || d.params.Before {
		return []duty{d}
	}
	again := d
	again.trigger, again.frequency = "on "+d.params.Anchor[m[2]:m[3]], "on event"
	again.params.Due, again.params.Anchor, again.timed = nil, "", false
	d.params.Anchor, d.trigger = d.params.Anchor[:m[0]], ""
	return []duty{d, again}
}

// quotedFirst tells whether a sentence begins with a quotation mark, its number passed.
func quotedFirst(s string) bool {
	s = strings.TrimLeft(s, "0123456789.() ")
	return s != "" && s[0] == '"'
}

// dutyOf makes a duty of a limb, if it has a time. A limb whose object is a pronoun takes the limb before it: "prepare a report and
// submit it within five days".
func (r *reading) dutyOf(s string, n int, limbs []limb, i int) (duty, bool) {
	l := limbs[i]
	text, lead := s[l.verb:l.to], ""
	if l.passive {
		text = s[l.subject:l.to]
	}
	when := l.withoutParts(s, min(l.subject, l.verb), l.to)
	if l.lead < l.subject {
		lead = s[l.lead:l.subject]
	}
	rest := s[l.verbEnd:l.to]
	if l.passive {
		rest += " " + s[l.subject:l.verb]
	}
	d := duty{kind: dutyKind(l.word, rest), bearer: l.bearer, from: l.lead, to: l.to, timing: timingOf(r.flow.signs[n], lead, when)}
	d.kind = r.kindHere(d.kind, l, rest, s[:l.verb], d.timing, n)
	if l.part {
		d.kind = partKind(text)
		if base := withoutArticle.FindString(text); base != "" {
			text = text[len(base):]
		}
	}
	if d.kind == "" || r.shows(n, signNoNotice) && noNotice.MatchString(s[l.lead:l.to]) {
		return d, false
	}
	if i+1 < len(limbs) && !d.timed && limbs[i+1].joined && !limbs[i+1].dead && !standsAlone(s, l) && pronounNext(s[limbs[i+1].verbEnd:limbs[i+1].to]) {
		if t := timingOf(r.flow.signs[n], "", s[limbs[i+1].verb:limbs[i+1].to]); t.timed {
			return d, false // told with the next limb
		}
	}
	if l.joined && i > 0 && pronounNext(s[l.verbEnd:l.to]) && !limbs[i-1].dead && handsOver(l.word) && !standsAlone(s, limbs[i-1]) {
		text, d.from = s[limbs[i-1].verb:l.to], limbs[i-1].lead
		if k := dutyKind(limbs[i-1].word, s[limbs[i-1].verbEnd:l.to]); k != "" && d.kind == "delivery" {
			d.kind = k
		}
		if d.frequency == "" || d.frequency == "on event" {
			if before := timingOf(r.flow.signs[n], s[min(limbs[i-1].lead, limbs[i-1].subject):limbs[i-1].subject], s[limbs[i-1].verb:limbs[i-1].to]); before.frequency != "" && before.frequency != "on event" {
				d.frequency = before.frequency
			}
		}
	}
	if !l.part {
		d.begin(l.word, rest, d.trigger != "" && lead != "" && conditionLead.MatchString(lead[min(len(lead), afterNumber(lead)):]))
	}
	if d.trigger == "" && d.params.Anchor == "" {
		d.trigger = l.event
	}
	if d.trigger == "" {
		d.trigger = r.ledInto(s, n, limbs, i, d.timing)
	}
	if afterThat.MatchString(d.trigger) {
		if time := r.timeBefore(s[:l.lead], n); time != "" {
			d.trigger = time
		}
	}
	if l.joined && i > 0 && d.trigger == "" && !d.timed && d.kind == "return_of_data" {
		if kept := keptFor.FindStringSubmatch(s[limbs[i-1].verbEnd:limbs[i-1].to]); kept != nil {
			d.trigger = "after " + kept[1] // what is kept for a time and then deleted
		}
	}
	if d.params.Due != nil && d.params.Anchor == "" && d.trigger == "" && !d.params.Before && d.frequency == "on event" {
		switch {
		case ofMinutes.MatchString(text):
			d.trigger = "the meeting"
		case endCaption.MatchString(r.caption(n)):
			d.trigger = "the end of the agreement"
		}
	}
	if d.kind == "delivery" && copyOfData.MatchString(rest) && oneTime.MatchString(d.trigger) {
		d.kind = "return_of_data"
	}
	if d.kind == "meeting" && l.word != "attend" && (l.word != "review" || l.passive) && !l.part && (l.passive || !heldWith.MatchString(rest)) {
		d.bearer = eachParty
	}
	standing := d.kind == "minimum_purchase" || d.kind == "insurance" || d.kind == "insurance_certificate" || d.kind == "security_attestation" || d.kind == "record_keeping"
	if !d.timed && !standing && !beforeEvent.MatchString(d.trigger) && (d.trigger == "" || !eventful(d.kind, l.word) && !(d.kind == "payment" && strings.Contains(strings.ToLower(rest), "credit note"))) {
		return d, false
	}
	d.what = strings.TrimPrefix(deliverable(strings.TrimLeft(l.said+" "+text, " ")), l.said+" ")
	if len(d.what) < 8 {
		return d, false
	}
	d.title = r.titled(d.what, s, n, limbs, i)
	d.beneficiary = r.otherParty(l.bearer, rest)
	low := strings.ToLower(s[l.verbEnd:])
	if holds(low, "failing", "otherwise", "in default", "fails", "credit", "damages", "late ", "interest at") {
		d.params.Remedy = strings.TrimSpace(dutyRemedy.FindString(s[l.verbEnd:]))
	}
	if holds(low, "at least", "less than", "minimum", "exceed", "accuracy", "rate of") {
		d.params.Metric = strings.TrimSpace(dutyMetric.FindString(rest))
	}
	for whole, i := strings.ToLower(s), 0; i < len(regulations); i++ {
		reg := regulations[i]
		if containsWord(whole, reg[0]) && (len(d.params.Regulations) == 0 || d.params.Regulations[len(d.params.Regulations)-1] != reg[1]) {
			d.params.Regulations = append(d.params.Regulations, reg[1])
		}
	}
	return d, true
}

var withoutArticle = expression.MustCompile(`(?i)^(?:an?|the|its) `)

// ledInto is the event that the clause at the beginning of a sentence names for a limb further on: "If an order is late, the Supplier
// tells the Buyer and pays the difference within five days". Behind a main clause of its own that ends with a semicolon it names none.
func (r *reading) ledInto(s string, n int, limbs []limb, i int, t timing) string {
	l := limbs[i]
	switch {
	case l.joined:
		if t.params.Anchor != "" || t.params.Before || t.params.Due == nil && t.timed {
			return ""
		}
		for i > 0 && limbs[i].joined {
			i--
		}
		if head := limbs[i]; head.bearer == l.bearer && (!head.dead || head.unknown) && head.lead < head.subject {
			event := timingOf(r.flow.signs[n], s[head.lead:head.subject], "").trigger
			if t.params.Due == nil && !oneTime.MatchString(event) {
				return ""
			}
			return event
		}
	case l.lead > 0:
		m := sentenceLead.FindStringSubmatchIndex(s[afterNumber(s):])
		if m == nil {
			return ""
		}
		if event, end := s[afterNumber(s)+m[2]:afterNumber(s)+m[3]], afterNumber(s)+m[3]; end >= l.lead || !strings.Contains(s[end:l.lead], ";") {
			return event
		}
	}
	return ""
}

var (
	keptFor    = expression.MustCompile(`(?i) for (?:at least |a period of )?((?:[\w-]+ )?(?:\(?\d+\)? )?(?:days|months|years))\b`)
	ofMinutes  = expression.MustCompile(`(?i)^(?:(?:send|circulate|issue|prepare|draw)\w* (?:up )?)?(?:the |its )?minutes\b`)
	endCaption = expression.MustCompile(`(?i)^(?:after (?:the )?(?:end|termination|expiry)|consequences of (?:termination|expiry)|effects? of (?:termination|expiry)|what follows)$`)
	heldWith   = expression.MustCompile(`\bwith (?:the )?[A-Z]\w+`)
	copyOfData = expression.MustCompile(`(?i)\bcop(?:y|ies) of (?:[\w']+ ){0,3}(?:data|measurements|records|recordings|information|files|content)\b`)
)

// handsOver tells whether a verb says that what the limb before made is given to somebody: "prepare a report and submit it".
func handsOver(verb string) bool {
	kind := dutyVerbs()[verb]
	return kind == "?give" || kind == "reporting" || kind == "?notice"
}

// standsAlone tells whether a limb is a duty without the limb that goes on with its object: the records that are kept, and shown.
func standsAlone(s string, l limb) bool {
	kind := dutyKind(l.word, s[l.verbEnd:l.to])
	return kind == "record_keeping" || kind == "security_attestation"
}

// beforeEvent is an event by which something is done: a time, and no start.
var beforeEvent = expression.MustCompile(`(?i)^before (?:the|each|every|any|an?)\b`)

// eventful tells whether an event alone, without a time, makes a duty of a kind one to track.
func eventful(kind, verb string) bool {
	switch kind {
	case "payment", "acceptance", "meeting", "performance", "planning", "response", "training":
		return false
	case "delivery":
		return verb == "send" || verb == "deliver" || verb == "submit" || verb == "furnish" || verb == "issue" || verb == "return" || verb == "hand" || verb == "show"
	}
	return true
}

func pronounNext(s string) bool {
	low := strings.ToLower(strings.TrimLeft(s, " "))
	for _, p := range []string{"it ", "them ", "this ", "these ", "the same ", "the result", "a copy", "copies", "the document ", "it,", "them,", "the findings", "a summary", "the outcome"} {
		if strings.HasPrefix(low, p) {
			return true
		}
	}
	return false
}

func containsWord(low, w string) bool {
	i := strings.Index(low, w)
	return i >= 0 && (i == 0 || !wordByte(low[i-1])) && (i+len(w) == len(low) || !wordByte(low[i+len(w)]))
}

// byDay begins the day by which something is due.
var byDay = expression.MustCompile(`(?i) (?:each|every) (?:year|month|quarter) by | by (?:the )?(?:\d|end of |close of |last |first |second |third |fourth |fifth |tenth |fifteenth |twentieth |` + monthWords + `)`)

// toldWhom is a verb with whom it is done to, and nothing more: "tell the other".
var toldWhom = expression.MustCompile(`^(?:[Tt]ells?|[Nn]otif(?:y|ies)|[Ii]nforms?|[Aa]dvises?|[Ww]arns?|[Gg]ives?|[Ss]ends?) (?:the other(?: [Pp]arty)?|each other|one another|it|them|us|you|the [A-Z]\w+|[A-Z]\w+)$`)

// deliverable is the verb with its object, up to where the time or a limb begins.
func deliverable(rest string) string {
	end := min(len(rest), 170)
	for _, stop := range []string{"; ", ". ", " within ", " no later than ", " not later than ", " upon ", ", provided", " on or before ", " promptly ", " immediately and in any event", " unless ", " (i) ", " (a) ", ", which ", " in accordance with ", " pursuant to ", " at the latest", ", failing ", " and is ", " and are ", " and has "} {
		if k := strings.Index(rest[:end], stop); k > 7 {
			end = k
		}
	}
	if m := byDay.FindStringIndex(rest[:end]); m != nil && m[0] > 7 {
		end = m[0]
	}
	for end > 0 && end < len(rest) && rest[end] != ' ' && rest[end] != '.' && rest[end] != ';' && rest[end] != ',' {
		end--
	}
	if len(strings.Trim(rest[:end], " ,.;:\"")) < 14 || toldWhom.MatchString(strings.Trim(rest[:end], " ,.;:\"")) { // the time stands between the verb and its object
		if end = strings.IndexAny(rest, ";."); end < 0 || end > 170 {
			end = min(len(rest), 170)
		}
		for end > 0 && end < len(rest) && rest[end] != ' ' && rest[end] != '.' && rest[end] != ';' {
			end--
		}
	}
	what := strings.Trim(rest[:end], " ,.;:\"")
	if onlyTo.MatchString(what) {
		if m := objectAfter.FindStringIndex(rest[end:min(len(rest), end+260)]); m != nil {
			what = strings.Trim(rest[:end+m[1]], " ,.;:\"")
		}
	}
	return wholeEnd(what)
}

// wholeEnd leaves out words at the end of what was cut that begin something: "in", "which", "by the".
func wholeEnd(what string) string {
	for {
		k := strings.LastIndexByte(what, ' ')
		if k < 0 {
			return what
		}
		switch strings.ToLower(what[k+1:]) {
		case "and", "or", "as", "the", "a", "an", "to", "of", "based", "at", "in", "with", "but", "shall", "for", "by", "its", "that", "which", "who", "whom", "whose", "where", "when", "if", "from", "on", "into", "under", "than", "per", "about", "between", "within", "until", "upon", "not", "be", "is", "are", "no", "their", "either", "such", "any", "each", "every":
			what = strings.TrimRight(what[:k], " ,.;:")
			continue
		}
		return what
	}
}

var (
	// onlyTo is a verb with the one it is done for, and nothing yet that is given: "deliver to Marlow"
	onlyTo = expression.MustCompile(`^(?i:give|deliver|provide|send|submit|furnish|supply|issue|render|present|return|pay|remit)(?: to)?(?: the| each)?(?: [A-Z][\w&.'-]*){1,3}$|^(?i:give|deliver|provide|send|submit|furnish|supply|issue|render|pay)(?: to)? (?:us|you)$`)
	// objectAfter is the thing itself, behind the time: ", within ten days following the end of each month, a point of sale report"
	objectAfter = expression.MustCompile(`^,? (?:within|no later than|not later than|on or before|by|promptly|upon)\b[^.;]{3,140}?, (?:an?|the|its|all|copies of|one|written|such)\b[^.;,]{3,110}`)
)

func (r *reading) addDuty(d duty, sp wording.Span, keys map[string]int) {
	if d.title == "" {
		d.title = d.what
	}
	title := strings.ToUpper(d.title[:1]) + d.title[1:]
	if len(title) > 110 {
		cut := strings.LastIndexByte(title[:107], ' ')
		title = title[:max(cut, 60)] + "…"
	}
	key := d.kind + "/" + slug(strings.Join(firstWords(d.what, 5), " "))
	keys[key]++
	if n := keys[key]; n > 1 {
		key += "-" + strconv.Itoa(n)
	}
	o := pact.Obligation{Kind: d.kind, Key: key, Title: title, Bearer: d.bearer, Beneficiary: d.beneficiary, Deliverable: d.what, Trigger: d.trigger, Frequency: d.frequency}
	if d.starts != "" {
		o.StartDate, o.InForce.From = d.starts, d.starts
	} else if d.frequency != "" && d.frequency != "on event" && d.frequency != "once" {
		if v := r.value("effective_date"); v != nil && v.Kind == pact.DateValue {
			o.StartDate = v.Date
		}
	}
	confidence := "0.60"
	if d.timed {
		confidence = "0.70"
	}
	if d.params.ByDay < 0 || d.params.ByDay > 31 {
		d.params = obligation.DutyParams{}
	}
	d.params.Zone = r.zone
	r.obligation(o, d.params, confidence, sp)
}

func firstWords(s string, n int) []string {
	var out []string
	for _, w := range strings.Fields(s) {
		switch strings.ToLower(w) {
		case "a", "an", "the", "to", "its", "of", "and", "any", "all", "with", "in", "for":
			continue
		}
		if out = append(out, w); len(out) == n {
			break
		}
	}
	return out
}
