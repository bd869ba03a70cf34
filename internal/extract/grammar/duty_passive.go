package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// joinedAt tells whether "and", "or" or a comma stands before the verb at token i, adverbs left out.
func (l *limbReader) joinedAt(i int) bool {
	j := i - 1
	for j > 0 && (strings.HasSuffix(l.low(j), "ly") || l.low(j) == "also" || l.low(j) == "then" || l.low(j) == "thereafter") {
		j--
	}
	if w := l.low(j); len(w) <= 3 && j > 0 && l.t[j].start > 0 && l.s[l.t[j].start-1] == '(' {
		before := strings.TrimRight(l.s[:l.t[j].start-1], " ")
		return strings.HasSuffix(before, ";") || strings.HasSuffix(before, ",") || strings.HasSuffix(before, " and") || strings.HasSuffix(before, " or")
	}
	if w := l.low(j); w == "and" || w == "or" || w == "but" {
		return true
	}
	// A time between: "and, within forty-five days, wipes its own copies".
	text := l.s[max(0, l.t[i].start-70):l.t[i].start]
	if k := strings.LastIndex(text, "and, "); k >= 0 && strings.HasSuffix(strings.TrimRight(text, " "), ",") {
		return true
	}
	if k := strings.LastIndex(text, " and "); k >= 0 && len(text)-k < 40 && insertedTime.MatchString(text[k+5:]) {
		return true
	}
	return j >= 0 && strings.TrimSpace(l.s[l.t[j].end:l.t[j+1].start]) == ","
}

var insertedTime = expression.MustCompile(`(?i)^(?:within|in|not later than|no later than|by|on|at|each|every) [^.;]{2,40} $`)

func (l *limbReader) join(i int, base string, passive bool) int {
	prev := *l.lastLimb()
	start := l.t[i].start
	text := l.s[:start]
	if k := strings.LastIndex(text, " and"); k >= prev.verbEnd && start-k < 70 {
		start = k + 1
	}
	m := limb{lead: start, subject: start, verb: l.t[i].start, verbEnd: l.t[i].end, word: base, bearer: prev.bearer, passive: passive, joined: true}
	m.subject = m.verb
	if passive {
		m.subject = start
		said := prev
		said.word, said.verbEnd = base, m.verbEnd
		if who := l.doneBy(said); who != "" {
			m.bearer = who
		}
	}
	l.limbs = append(l.limbs, m)
	return i + 1
}

// passive reads "shall be delivered", "are confirmed": i is where the helpers begin, j what follows "be".
func (l *limbReader) passive(i, j int) int {
	k := l.afterAdverbs(j)
	base := participle(l.low(k))
	if base == "" || l.low(k) == l.low(j-1) {
		return i
	}
	if i == j-1 && l.within(i) {
		l.inner = true
		return k + 1
	}
	m := limb{lead: l.clauseStart(i), verb: l.t[k].start, verbEnd: l.t[k].end, word: base, passive: true}
	m.subject = l.thingStart(m.lead, i)
	for x := j - 1; x < k; x++ {
		m.dead = m.dead || l.low(x) == "not" || l.low(x) == "no"
	}
	switch {
	case base == "fix" && notRepaired.MatchString(l.s[m.verbEnd:]):
		m.dead = true // rates that are fixed until a day
	case soldFor.MatchString(l.s[m.verbEnd:]):
		m.dead = true // "operators are provided at $96.00 per hour"
	case base == "make" && strings.HasPrefix(l.s[m.subject:], "This "):
		m.dead = true // "This statement of work is made as of"
	}
	if base == "accept" || base == "reject" || base == "approve" || m.subject == m.lead && condition.MatchString(l.s[m.lead:m.verb]) {
		m.dead = true
	}
	m.bearer = l.doneBy(m)
	if who := l.ensurer(m.verb); who != "" {
		m.bearer = who
		if k := strings.LastIndex(l.s[:m.verb], " that "); k+6 >= m.lead || k >= 0 && l.limbs != nil && l.limbs[len(l.limbs)-1].unknown {
			m.subject, m.lead = k+6, k+6
		}
	} else {
		m.dead = m.dead || l.conditional(m.lead, m.subject) || l.relative(m.lead, l.t[i].start)
	}
	l.limbs = append(l.limbs, m)
	return k + 1
}

var soldFor = expression.MustCompile(`(?i)^ (?:at|for) (?:(?:an?|the) (?:rate|price|fee|charge) of )?(?:US ?\$|[$€£]|(?:EUR|USD|GBP|CHF|CAD|AUD) ?)\d`)

var notRepaired = expression.MustCompile(`(?i)^ (?:until|for|at|during|throughout|as|in (?:the|Schedule|Annex|Exhibit))\b`)

var daysTo = expression.MustCompile(`(?i)^(?:has|have) (?:(?:up to|only|a period of|then|at most) ){0,2}(?:\([a-z]+\) ?|[a-z-]+ |\d+ )?(?:\([\w -]+\) )?(?:business |working |calendar |banking )?(?:days?|hours?|weeks?)\b[^.;]{0,70}?\b(?:to|in which to) ([a-z]+)`)

// hasDays reads "has ten days from delivery to test".
func (l *limbReader) hasDays(i int) int {
	m := daysTo.FindStringSubmatchIndex(l.s[l.t[i].start:min(len(l.s), l.t[i].start+180)])
	if m == nil {
		return i
	}
	word := l.s[l.t[i].start+m[2] : l.t[i].start+m[3]]
	who := i
	if w := l.low(i - 1); w == "shall" || w == "will" || w == "must" {
		who--
	}
	first, bearer := l.partyBefore(who)
	if bearer == "" {
		return i
	}
	if _, known := dutyVerbs()[word]; !known {
		word = "approve"
	}
	x := limb{lead: l.clauseStart(who), subject: first, verb: l.t[i].start, verbEnd: l.t[i].start + m[3], word: word, bearer: bearer}
	x.dead = l.conditional(x.lead, first)
	l.limbs = append(l.limbs, x)
	for i < len(l.t) && l.t[i].start < x.verb+m[3] {
		i++
	}
	return i
}

// hasDone reads what somebody has done by others: "has its controls examined yearly", "shall have each lift tested". The words of the
// subject end at token i, "have" is token k.
func (l *limbReader) hasDone(i, k int) int {
	switch l.low(k + 1) {
	case "the", "a", "an", "its", "their", "each", "every", "all", "them", "it", "any", "such":
	default:
		return i
	}
	for j := k + 2; j < len(l.t) && j <= k+9; j++ {
		if strings.ContainsAny(l.s[l.t[j-1].end:l.t[j].start], ",;:.(") {
			return i
		}
		base := participle(l.low(j))
		switch l.low(j) {
		case "that", "which", "who", "to", "of", "in", "for", "as":
			return i
		case "done", "made", "carried", "performed", "conducted":
			base = "conduct"
		}
		if base == "" || !causedActs[base] {
			continue
		}
		first, bearer := l.partyBefore(i)
		m := limb{lead: l.clauseStart(i), subject: first, verb: l.t[k].start, verbEnd: l.t[k].end, word: base, bearer: bearer, caused: true}
		if bearer == "" {
			prev := l.lastActor()
			if prev == nil || !l.joinedAt(i) {
				return i
			}
			m.bearer, m.joined, m.lead, m.subject = prev.bearer, true, max(l.trimJoin(l.t[i].start), prev.verbEnd), l.t[i].start
			m.lead += len(l.s[m.lead:]) - len(strings.TrimLeft(l.s[m.lead:], " ,;:"))
		}
		m.dead = l.conditional(m.lead, m.subject) || l.described(m.subject)
		l.limbs = append(l.limbs, m)
		return j + 1
	}
	return i
}

// causedActs are what is had done by others.
var causedActs = map[string]bool{"conduct": true, "examine": true, "test": true, "inspect": true, "audit": true, "calibrate": true, "check": true, "verify": true, "certify": true, "service": true, "review": true, "clean": true, "repair": true}

// received reads "shall have received from the Contractor the report": the other owes it.
func (l *limbReader) received(i, k int) int {
	m := limb{lead: l.clauseStart(i), subject: l.t[i].start, verb: l.t[k].start, verbEnd: l.t[min(k+1, len(l.t)-1)].end, word: "deliver"}
	if l.low(k+2) == "from" {
		m.bearer = l.partyAfter(k + 3)
	}
	m.dead = m.bearer == ""
	l.limbs = append(l.limbs, m)
	return k + 2
}

// arrives reads "the statements reach the Bank", "a certificate shall accompany each consignment": its words begin at token i, the
// verb stands at k.
func (l *limbReader) arrives(i, k int) int {
	m := limb{lead: l.clauseStart(i), verb: l.t[k].start, verbEnd: l.t[k].end, word: "deliver", passive: true}
	m.subject = l.thingStart(m.lead, i)
	if m.subject >= m.verb || !suppliesIt.MatchString(l.lower[m.subject:m.verb]) && !buysIt.MatchString(l.lower[m.subject:m.verb]) {
		return i
	}
	m.dead = l.conditional(m.lead, m.subject) || l.relative(m.lead, l.t[i].start) || m.subject == m.lead && condition.MatchString(l.s[m.lead:m.verb])
	if m.bearer = l.doneBy(m); m.bearer == "" {
		return i
	}
	l.limbs = append(l.limbs, m)
	return k + 1
}
