package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// activeSubject finds who: the party named right before the modal or the verb, or who the limb before spoke of.
func (l *limbReader) activeSubject(m *limb, i int) {
	first, bearer := l.partyBefore(i)
	if bearer == "" {
		m.subject = l.t[i].start
		if first, who, event := l.subjectThat(i); who != "" {
			m.subject, m.bearer, m.event, m.lead = first, who, event, min(m.lead, first)
			return
		}
		if first, who := l.subjectBehind(i); who != "" { // "the Customer, which remains the controller, shall review"
			m.subject, m.bearer, m.lead = first, who, min(m.lead, first)
			return
		}
		if prev := l.lastActor(); prev != nil && l.joinedAt(i) {
			m.bearer, m.joined = prev.bearer, true
			m.lead = max(l.trimJoin(l.t[i].start), prev.verbEnd)
			m.lead += len(l.s[m.lead:]) - len(strings.TrimLeft(l.s[m.lead:], " ,;:"))
			return
		}
		if l.joinedAt(i) && len(l.limbs) == 0 { // its verb before is none of ours: "processes data only on instructions and shall notify"
			if m.bearer = l.r.firstParty(l.s[:l.t[i].start]); m.bearer != "" {
				return
			}
		}
		m.dead = true
		return
	}
	m.subject, m.bearer = first, bearer
	if l.conditional(m.lead, m.subject) || l.ofThing(first) || conditionWord(l.wordBefore(m.subject)) {
		m.dead, m.unknown = true, false
	}
}

// insertedClause is a subject with what is said of it between commas, in front of its verb.
var insertedClause = expression.MustCompile(`(?:^|[.;:)] ?)((?:The |the |Each |each )?[A-Z][\w&-]*(?: [A-Z][\w&-]*){0,2}), (?:which|who|whose|being|acting|as|a|an|through|together with|in its capacity|for its part)\b[^.;:]{3,200}, $`)

// thatClause is a subject with what happens to it, in front of its verb; its groups: the subject, what happens.
var thatClause = expression.MustCompile(`(?:^|[.;:)] ?|^[\d.() ]+)((?:An? |The |Each |Any |the |each |any |a )[A-Z][\w&-]*(?: [A-Z][\w&-]*)?) (?:that|which|who) ((?:becomes?|receives?|learns?|discovers?|suspects?|knows?|is (?:asked|told|compelled|required))\b[^.;:,]{3,140}) $`)

// subjectThat finds the subject of the verb at token i behind a clause on what happens to it, which starts the duty.
func (l *limbReader) subjectThat(i int) (first int, who, event string) {
	m := thatClause.FindStringSubmatchIndex(l.s[:l.t[i].start])
	if m == nil {
		return 0, "", ""
	}
	name := l.s[m[2]:m[3]]
	if name[0] == 'A' && (name[1] == ' ' || strings.HasPrefix(name, "An ") || strings.HasPrefix(name, "Any ")) || name[0] == 'a' {
		name = "the" + name[strings.IndexByte(name, ' '):]
	}
	who, ok := l.r.bearerOf(name)
	if !ok {
		return 0, "", ""
	}
	return m[2], who, "when " + name + " " + l.s[m[4]:m[5]]
}

// ensuredMen are those for whom a party answers, in front of what they do.
var ensuredMen = expression.MustCompile(`(?i)\b(?:ensures?|procures?) that ((?:its|their|all|any|each|every)(?: of its)? (?:\w+ ){0,2}(?:sub-?contractors?|staff|employees|personnel|representatives|affiliates|agents|sub-?processors?) )$`)

// ensuredOf finds whose duty it is that others do what the verb at token i says.
func (l *limbReader) ensuredOf(i int) (int, string) {
	m := ensuredMen.FindStringSubmatchIndex(l.s[:l.t[i].start])
	if m == nil {
		return -1, ""
	}
	return m[2], l.ensurer(l.t[i].start)
}

// subjectBehind finds the subject of the verb at token i behind what is said of it between commas.
func (l *limbReader) subjectBehind(i int) (int, string) {
	m := insertedClause.FindStringSubmatchIndex(l.s[:l.t[i].start])
	if m == nil || l.t[i].start-m[2] > 260 {
		return 0, ""
	}
	who, ok := l.r.bearerOf(l.s[m[2]:m[3]])
	if !ok {
		return 0, ""
	}
	return m[2], who
}

// ofThing tells whether the clause whose subject begins here describes a thing.
func (l *limbReader) ofThing(subject int) bool {
	before := l.s[:subject]
	return thingThat.MatchString(before) && !saidThat.MatchString(before)
}

// wordBefore is the word right before a subject, articles left out: "unless" of "unless either party gives notice". A clause that begins
// with the subject has none.
func (l *limbReader) wordBefore(subject int) string {
	before := strings.TrimRight(l.lower[max(0, subject-60):subject], " ")
	for {
		k := strings.LastIndexByte(before, ' ')
		switch w := before[k+1:]; {
		case k >= 0 && (w == "the" || w == "a" || w == "an" || w == "each" || w == "any" || w == "either" || w == "neither" || w == "one" || w == "both"):
			before = strings.TrimRight(before[:k], " ")
			continue
		default:
			return w
		}
	}
}

// conditionWord tells whether a word makes of the clause behind it a condition.
func conditionWord(w string) bool {
	switch w {
	case "if", "unless", "when", "whenever", "until", "once", "whether", "till":
		return true
	}
	return false
}

// described tells whether a clause in the present whose subject begins here only describes: a condition ("provided a party gives
// notice") or a relative clause ("the weeks that the Customer announces").
func (l *limbReader) described(subject int) bool {
	switch w := l.wordBefore(subject); w {
	case "which", "who", "whom":
		return true
	case "provided":
		return !strings.Contains(l.lower[subject:], " within ") // a condition with a term of its own is one to keep
	case "that":
		if proviso.MatchString(l.lower[:subject]) {
			return !strings.Contains(l.lower[subject:], " within ")
		}
		return !agreed.MatchString(l.lower[:subject])
	default:
		return conditionWord(w)
	}
}

// proviso is before "that" in a condition.
var proviso = expression.MustCompile(`\bprovided that(?: (?:the|an?|each|either|both))? ?$`)

// agreed is before "that" where the clause behind it is what is promised.
var agreed = expression.MustCompile(`\b(?:agree[ds]?|ensures?|procures?|undertakes?|sure|sees? to it|so|provides|warrants?|guarantees?) that(?: (?:the|an?|each|either|both))? ?$`)

// within tells whether the verb at token i, whose helpers are included, stands in a clause that belongs to a noun or a time before it and
// ends no limb: "in a form that the Customer can use", "after the statement is delivered".
func (l *limbReader) within(i int) bool {
	for k := i - 1; k > 0 && k >= i-7 && l.t[k].start > afterNumber(l.s); k-- {
		if strings.ContainsAny(l.s[l.t[k].end:l.t[k+1].start], ",;:.") || strings.ContainsAny(l.s[l.t[k-1].end:l.t[k].start], ",;:.") {
			return false
		}
		switch w := l.low(k); w {
		case "that":
			return !preposition(l.low(k-1)) && l.low(k-1) != "provided" && !agreed.MatchString(l.lower[:l.t[k].end]) && (k == i-1 || l.subjectOnly(k+1, i) || k == i-2 && possible(l.low(i)))
		case "which", "who", "whom", "whose", "than", "what", "how":
			return k == i-1 || l.subjectOnly(k+1, i) || k == i-2 && possible(l.low(i))
		case "after", "until", "before":
			return k == i-2 || k < i-2 && l.subjectOnly(k+1, i)
		case "and", "or", "but":
			return false
		}
	}
	return false
}

// subjectOnly tells whether tokens [from, to) are one subject: a party, a pronoun or a thing with its article, and nothing else.
func (l *limbReader) subjectOnly(from, to int) bool {
	first := l.s[l.t[from].start]
	if !determiner(l.low(from)) && (first < 'A' || first > 'Z') {
		return false
	}
	for k := from + 1; k < to; k++ {
		if determiner(l.low(k)) && !preposition(l.low(k-1)) {
			return false // "after delivery the Supplier cures"
		}
	}
	return true
}

// conditional tells whether the words between the beginning of a clause and its subject make it a condition or a relative clause.
func (l *limbReader) conditional(from, subject int) bool {
	between := strings.Fields(l.lower[min(from, subject):subject])
	if len(between) == 0 {
		return false
	}
	last := between[len(between)-1]
	for len(between) > 1 && (last == "the" || last == "a" || last == "an" || last == "each" || last == "any" || last == "either" || last == "neither") {
		between = between[:len(between)-1]
		last = between[len(between)-1]
	}
	switch strings.Trim(last, ",(") {
	case "if", "when", "where", "unless", "until", "after", "once", "because", "which", "who", "whom", "whose", "as", "before", "while", "whenever", "whether", "than", "how", "what", "should", "till", "provided":
		return true
	}
	return false
}

// lastActor is the last limb that told who acts, prohibitions included.
func (l *limbReader) lastActor() *limb {
	for k := len(l.limbs) - 1; k >= 0; k-- {
		if m := &l.limbs[k]; m.bearer != "" && !m.passive {
			return m
		}
	}
	return nil
}

func (l *limbReader) lastLimb() *limb {
	for k := len(l.limbs) - 1; k >= 0; k-- {
		if !l.limbs[k].dead || l.limbs[k].bearer != "" {
			return &l.limbs[k]
		}
	}
	if len(l.limbs) == 0 {
		return nil
	}
	return &l.limbs[len(l.limbs)-1]
}

var ensures = expression.MustCompile(`\b((?:[Tt]he |[Ee]ach )?[A-Z][\w&-]*(?: [A-Z][\w&-]*){0,2}|[Ww]e|[Yy]ou) (?:shall |will |must )?(?:ensures?|procures?|make sure|makes sure|sees? to it) that [^.;]{3,120}$`)

// ensurer is who ensures that what follows is done.
func (l *limbReader) ensurer(at int) string {
	m := ensures.FindStringSubmatch(l.s[:at])
	if m == nil {
		return ""
	}
	if low := strings.ToLower(m[1]); low == "we" || low == "you" {
		return l.r.speaker(low)
	}
	who, _ := l.r.bearerOf(m[1])
	return who
}

var condition = expression.MustCompile(`(?i)^(?:if|when|where|unless|once|until|should|as long as)\b`)

// thingStart is where the words for what is done begin: after a clause that leads into it.
func (l *limbReader) thingStart(lead, i int) int {
	start := lead
	if k := strings.LastIndex(l.s[lead:l.t[i].start], ", "); k >= 0 && leads(l.s[lead:]) {
		start = lead + k + 2
	} else if end := endOfIt.FindString(l.lower[lead:l.t[i].start]); end != "" {
		start = lead + len(end)
	}
	return min(start, l.t[i].start)
}

// leads tells whether a clause leads into another.
func leads(s string) bool {
	low := lowerASCII(s[:min(len(s), 14)])
	for _, w := range []string{"if ", "when", "where", "after", "upon", "on ", "within", "in ", "at ", "by ", "each ", "every ", "before", "during", "should", "once", "following", "not later", "no later", "for ", "with", "as soon", "during", "otherwise", "thereafter"} {
		if strings.HasPrefix(low, w) {
			return true
		}
	}
	return false
}

// relative tells whether the helper belongs to a relative clause: "the report that is sent", "invoices which are disputed".
func (l *limbReader) relative(from, helper int) bool {
	fields := strings.Fields(l.lower[from:helper])
	for n := 0; n < 3 && n < len(fields); n++ {
		switch strings.Trim(fields[len(fields)-1-n], ",") {
		case "that", "which", "who", "whom", "where", "if", "unless", "when", "until", "once", "whether":
			return n == 0 || n < 3 && fields[len(fields)-1-n] != "that"
		}
	}
	return false
}

// clauseStart is where the clause of token i begins: after the last semicolon or colon, or after "and" or a comma behind the last verb,
// a clause that leads into it included.
func (l *limbReader) clauseStart(i int) int {
	floor := 0
	if l.from > 0 && l.from <= len(l.t) {
		floor = l.t[l.from-1].end
	}
	if floor == 0 {
		floor = min(afterNumber(l.s), l.t[i].start)
		if k := lastBreak(l.s[floor:max(floor, l.t[i].start)]); k > 0 {
			floor += k
			for floor < l.t[i].start && strings.IndexByte(" \"", l.s[floor]) >= 0 {
				floor++
			}
		}
		return floor
	}
	if floor >= l.t[i].start { // the token stands before the limb at hand
		return l.t[i].start
	}
	text := l.s[floor:l.t[i].start]
	if k := lastBreak(text); k > 0 {
		floor += k
		return floor + len(l.s[floor:]) - len(strings.TrimLeft(l.s[floor:], " "))
	}
	best := lastLead(text)
	if k := strings.Index(text, ", and "); k >= 0 && k+6 < best && l.partyAfter(l.tokenFrom(floor+k+6)) != "" {
		best = k + 6 // a new subject that is a list: "and the Buyer, its customers and authorities may"
	}
	if best < 0 {
		for k := 0; ; {
			c := strings.Index(text[k:], ", ")
			if c < 0 {
				break
			}
			k += c + 2
			if best = k; leads(text[k:]) {
				break
			}
		}
	}
	if best < 0 {
		return l.t[i].start
	}
	return min(floor+best, l.t[i].start)
}

// clauseLeads are words behind which a clause begins.
var clauseLeads = [...]string{" and ", " but ", " which ", " or ", ", provided that ", ", failing ", " unless "}

// longestLead is the length of the longest of them.
const longestLead = len(", provided that ")

// lastLead is what follows the last of these words, of each the last place alone; an "or" counts with a comma behind it only. It is -1
// where there is none. The text is read backwards: what a clause begins with stands near the end of most.
func lastLead(text string) int {
	best, seen := -1, 0
	for k := len(text) - 1; k >= 0 && k+longestLead > best; k-- {
		if text[k] != ' ' && text[k] != ',' {
			continue
		}
		for n, w := range clauseLeads {
			if seen>>n&1 == 1 || !strings.HasPrefix(text[k:], w) {
				continue
			}
			seen |= 1 << n
			if k+len(w) > best && (w != " or " || strings.Contains(text[k:], ",")) {
				best = k + len(w)
			}
		}
	}
	return best
}

// lastBreak is what follows the last semicolon or colon of a text; "14:00" has none.
func lastBreak(text string) int {
	for k := len(text) - 1; k > 0; k-- {
		if text[k] == ' ' && (text[k-1] == ';' || text[k-1] == ':') {
			return k
		}
	}
	return 0
}

var (
	// thingThat is a thing of which a clause says what somebody does with it: "any part that the Customer must replace".
	thingThat = expression.MustCompile(`(?i)(?:^|[.;:,] ?|\d\.? |\b(?:of|for|to|with|in|on|by) )(?:any|each|every|the|all|those|such|other) [^,.;:]{2,60} (?:that|which) (?:the |an? |each |either )?$`)
	saidThat  = expression.MustCompile(`(?i)\b(?:agree|acknowledg|understood|understand|confirm|recogni[sz]|event|extent|condition|fact|case|mean|note|represent|warrant|stipulat|require|specif|provid|procur|ensure|undertak|guarant|state|accept|declar|intend|basis|sure|such|so)\w*(?: \w+){0,2} that (?:the |an? |each |either )?$`)
)
