package grammar

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// limb is a part of a sentence with a verb of its own: who does, or what is done.
type limb struct {
	lead    int    // where it begins, with the clause that leads into it
	subject int    // where the words that name who (or, in the passive, what) begin
	verb    int    // where the verb begins, its helpers left out
	verbEnd int    // where the verb ends
	to      int    // where the limb ends
	word    string // the verb as in "to deliver"
	bearer  string
	passive bool
	joined  bool     // by "and" to the limb before, with the same subject
	dead    bool     // no duty: a prohibition, a right, a condition
	event   string   // that starts it, as a relative clause on its subject says: "a Recipient that becomes aware of a breach must tell"
	unknown bool     // dead for its verb alone, which is none of ours: "host" of "shall host the portal and test it yearly"
	others  bool     // what others do, which a verb behind "procure that" tells: where none of ours does, the limb is its own duty
	caused  bool     // done by somebody else: "has the portal tested", "lets an expert examine its controls"
	part    bool     // a part of what is provided, without a verb of its own
	said    string   // the verb, where it stands before another object of it
	without [][2]int // parts of it that have times of their own, [from, to) in the sentence
}

// word is a word of a sentence.
type token struct {
	start, end int
	low        string
}

// tokensOf cuts a sentence into words; low is the sentence in small letters, room is used again.
func tokensOf(room []token, s, low string) []token {
	out := slices.Grow(room, len(s)/5)
	for i := 0; i < len(s); {
		if !wordByte(s[i]) {
			i++
			continue
		}
		j := i
		for j < len(s) && (wordByte(s[j]) || (s[j] == '-' || s[j] == '\'') && j+1 < len(s) && wordByte(s[j+1])) {
			j++
		}
		out = append(out, token{i, j, low[i:j]})
		if n := len(out) - 1; n > 0 && low[i:j] == "up" && i == out[n-1].end+1 && low[i-1] == ' ' {
			if verb := twoWords[out[n-1].low]; verb != "" {
				out = append(out[:n-1], token{out[n-1].start, j, verb})
			}
		}
		i = j
	}
	return out
}

// twoWords are verbs of two words, the second of which is "up", by the first.
var twoWords = map[string]string{"back": "back-up", "backs": "back-ups", "backed": "backed-up"}

// limbReader walks the words of one sentence.
type limbReader struct {
	r     *reading
	n     int // the sentence
	s     string
	lower string // s in small letters
	t     []token
	limbs []limb
	from  int  // token after the last verb
	inner bool // the verb just read stands in a clause within a limb, which it does not end
}

// limbsOf cuts a sentence into limbs.
func (r *reading) limbsOf(s string, n int) []limb {
	from := r.sentences[n].Start
	l := &limbReader{r: r, n: n, s: s, lower: r.lower[from : from+len(s)]}
	l.t = tokensOf(r.room, s, l.lower)
	r.room = nil // a sentence may lead to another one, which takes its own
	defer func() { r.room = l.t[:0] }()
	for i := 0; i < len(l.t); {
		if next := l.verbAt(i); next > i {
			i = next
			if !l.inner {
				l.from = next
			}
			l.inner = false
			continue
		}
		i++
	}
	for i := range l.limbs {
		if m := &l.limbs[i]; m.others && (i+1 == len(l.limbs) || l.limbs[i+1].joined) {
			m.dead, m.unknown = false, false
		}
		l.limbs[i].to = len(s)
		if i+1 < len(l.limbs) {
			l.limbs[i].to = max(l.limbs[i].verbEnd, l.trimJoin(l.limbs[i+1].lead))
		}
		if k := otherPredicate.FindStringIndex(s[l.limbs[i].verbEnd:l.limbs[i].to]); k != nil {
			l.limbs[i].to = l.limbs[i].verbEnd + k[0]
		}
		if k := strings.Index(s[l.limbs[i].verbEnd:l.limbs[i].to], "; "); k > 0 {
			l.limbs[i].to = l.limbs[i].verbEnd + k
		}
	}
	return l.merged()
}

// otherPredicate says something else of the subject of a limb: "are issued quarterly and are payable within 30 days".
var otherPredicate = expression.MustCompile(`,? and (?:is|are) (?:payable|due|responsible|bound|entitled|free|subject|liable)\b`)

// orSecurely stands between two verbs with one object.
var orSecurely = expression.MustCompile(`^ (?:and|or) [a-z]+ly $`)

// merged puts verbs with one object together: "return or destroy all data".
func (l *limbReader) merged() []limb {
	for i := len(l.limbs) - 2; i >= 0; i-- {
		a, b := &l.limbs[i], &l.limbs[i+1]
		if !a.dead && !b.dead && b.joined && (b.verb-a.verbEnd < 8 || orSecurely.MatchString(l.s[a.verbEnd:b.verb])) {
			a.to, b.dead = b.to, true
		}
	}
	return l.limbs
}

// trimJoin moves back over "and", commas and spaces before a limb.
func (l *limbReader) trimJoin(at int) int {
	s := strings.TrimRight(l.s[:at], " ,;:")
	for _, w := range []string{" and", " or", " but"} {
		if strings.HasSuffix(s, w) {
			s = strings.TrimRight(s[:len(s)-len(w)], " ,;:")
		}
	}
	return len(s)
}

func (l *limbReader) low(i int) string {
	if i < 0 || i >= len(l.t) {
		return ""
	}
	return l.t[i].low
}

// verbAt tries to read a verb at token i: with a modal, in the present, in the passive, or joined by "and". It gives the token
// after it, or i where there is none.
func (l *limbReader) verbAt(i int) int {
	w := l.low(i)
	switch w {
	case "should":
		if i == 0 || strings.ContainsAny(l.s[l.t[i-1].end:l.t[i].start], ",;.") || l.t[i].start <= afterNumber(l.s) {
			return i // "Should it fail, …"
		}
		return l.modal(i, i+1)
	case "shall", "will", "must":
		return l.modal(i, i+1)
	case "agrees", "agree", "undertakes", "undertake", "covenants", "commits", "promises", "needs", "need", "required", "obliged", "obligated", "requested", "bound":
		if l.low(i+1) == "to" {
			return l.modal(i, i+2)
		}
		if next := l.low(i + 2); l.low(i+1) == "and" && (next == "agrees" || next == "undertakes" || next == "covenants" || next == "agree") && l.low(i+3) == "to" {
			return l.modal(i, i+4) // "covenants and agrees to"
		}
	case "is", "are", "be", "been", "being":
		if l.low(i+1) == "to" && w != "be" {
			return l.modal(i, i+2)
		}
		if end := l.obliged(i + 1); end > 0 && w != "be" {
			return l.modal(i, end)
		}
		if l.isDue(i, i+1) {
			return i + 2
		}
		return l.passive(i, i+1)
	case "may", "can", "cannot", "could", "might", "would":
		if w == "may" && l.s[l.t[i].start] == 'M' && i > 0 && (preposition(l.low(i-1)) || l.s[l.t[i-1].end-1] <= '9') {
			return i // the month
		}
		if l.inner = l.within(i); l.inner {
			return i + 1
		}
		l.limbs = append(l.limbs, limb{lead: l.clauseStart(i), subject: l.t[i].start, verb: l.t[i].start, verbEnd: l.t[i].end, dead: true})
		for i++; l.low(i) == "not" || l.low(i) == "only" || l.low(i) == "be" || l.low(i) == "also"; i++ {
			if l.low(i) == "be" {
				return l.afterAdverbs(i+1) + 1 // what may be done is done by nobody
			}
		}
		return i
	case "has", "have":
		if l.low(i+1) == "to" {
			return l.modal(i, i+2)
		}
		if next := l.hasDays(i); next > i {
			return next
		}
		return l.hasDone(i, i)
	case "to":
		return l.infinitive(i)
	case "responsible":
		if base := gerund(l.low(i + 2)); l.low(i+1) == "for" && base != "" {
			who := i
			for who > 0 && (l.low(who-1) == "is" || l.low(who-1) == "are" || l.low(who-1) == "be" || l.low(who-1) == "shall" || l.low(who-1) == "will" || strings.HasSuffix(l.low(who-1), "ly")) {
				who--
			}
			m := limb{lead: l.clauseStart(who), verb: l.t[i+2].start, verbEnd: l.t[i+2].end, word: base}
			l.activeSubject(&m, who)
			l.limbs = append(l.limbs, m)
			return i + 3
		}
	case "go", "goes", "reach", "reaches", "accompany", "accompanies", "leave", "leaves", "come", "comes", "arrive", "arrives":
		return l.arrives(i, i)
	}
	if strings.HasSuffix(w, "'ll") {
		return l.modal(i+1, i+1) // "we'll tell you"
	}
	if l.endsWithModal(i) {
		return i
	}
	return l.present(i)
}

// infinitive reads "Supplier to provide a report" at the head of a line, and "it is the Supplier's duty to send".
func (l *limbReader) infinitive(i int) int {
	if _, known := dutyVerbs()[l.low(i+1)]; !known {
		return i
	}
	if prev := l.lastLimb(); prev != nil && l.low(i-1) == "and" && !prev.dead && !prev.passive && prev.bearer != "" && l.ledByTo() {
		return l.join(i+1, l.low(i+1), false) // "agrees to return the data and to certify within five days"
	}
	if who := l.r.listBearer; who != "" && l.t[i].start <= afterNumber(l.s) { // "(a) to permit" under "The Tenant covenants:"
		l.limbs = append(l.limbs, limb{lead: l.t[i].start, subject: l.t[i+1].start, verb: l.t[i+1].start, verbEnd: l.t[i+1].end, word: l.low(i + 1), bearer: who})
		return i + 2
	}
	who := i
	switch l.low(i - 1) {
	case "duty", "responsibility", "task", "job", "obligation":
		who = i - 1
		if strings.HasSuffix(l.low(who-1), "'s") || strings.HasSuffix(l.low(who-1), "s'") {
			name := l.s[l.t[max(0, who-2)].start:l.t[who-1].end]
			name = strings.TrimSuffix(strings.TrimSuffix(name, "'s"), "'")
			if bearer, ok := l.r.bearerOf(name); ok {
				l.limbs = append(l.limbs, limb{lead: min(l.clauseStart(i), l.t[who-1].start), subject: l.t[who-1].start, verb: l.t[i+1].start, verbEnd: l.t[i+1].end, word: l.low(i + 1), bearer: bearer})
				return i + 2
			}
		}
		return i
	}
	if m := dutyOfWhom.FindStringSubmatchIndex(l.s[:l.t[i].start]); m != nil { // "it is the responsibility of the Customer to inspect"
		if bearer, ok := l.r.bearerOf(l.s[m[2]:m[3]]); ok {
			l.limbs = append(l.limbs, limb{lead: min(l.clauseStart(i), m[2]), subject: m[2], verb: l.t[i+1].start, verbEnd: l.t[i+1].end, word: l.low(i + 1), bearer: bearer})
			return i + 2
		}
	}
	start, bearer := l.partyBefore(who)
	if bearer == "" || start > afterNumber(l.s) {
		return i
	}
	l.limbs = append(l.limbs, limb{lead: start, subject: start, verb: l.t[i+1].start, verbEnd: l.t[i+1].end, word: l.low(i + 1), bearer: bearer})
	return i + 2
}

// ledByTo tells whether the last limb, or the one whose object it shares, is what somebody undertakes to do: "to return or destroy".
func (l *limbReader) ledByTo() bool {
	k := len(l.limbs) - 1
	for k > 0 && l.limbs[k].joined {
		k--
	}
	return k >= 0 && strings.HasSuffix(l.s[:l.limbs[k].verb], "to ")
}

// obliged tells where "obliged to", "required to" or "under an obligation to" ends that begins at token i, 0 where none does.
func (l *limbReader) obliged(i int) int {
	for n := 0; n < 2 && (l.low(i) == "also" || l.low(i) == "further" || strings.HasSuffix(l.low(i), "ly")); n++ {
		i++
	}
	switch l.low(i) {
	case "required", "obliged", "obligated", "bound":
		if l.low(i+1) == "to" {
			return i + 2
		}
	case "under":
		if w := l.low(i + 2); (w == "obligation" || w == "duty") && l.low(i+3) == "to" {
			return i + 4
		}
	}
	return 0
}

var (
	// duePaper is a paper at the end of a subject that may be due: "monthly status reports". What is paid is none.
	duePaper   = expression.MustCompile(`(?i)\b(?:reports?|statements?|certificates?|plans?|forecasts?|summar(?:y|ies)|schedules?|returns?|time ?sheets?|updates?|minutes|filings?|submissions?|accounts|scorecards?|analys[ei]s|documentation|logs?|records|deliverables?)(?: (?:under|of|for|on|in|required by|to) [^,;.]{2,60})?(?: (?:shall|will|must))? $`)
	dueTime    = expression.MustCompile(`(?i)^(?: and (?:deliverable|payable|to be delivered))?,? (?:on|by|within|every|each|no later|not later|at the (?:end|latest)|monthly|quarterly|weekly|annually|daily|yearly|(?:\w+ ){1,3}after)\b`)
	dueSubject = expression.MustCompile(`(?i)\b(?:fees?|invoices?|payments?|amounts?|rent|charges?|sums?|price|instal+ments?|balance|account payable|credits?|statements? of account|taxes|royalt(?:y|ies))\b`)
)

// isDue reads papers that are due: "Reports shall be due on the last day of each month". Helpers begin at token i, "due" is token j.
func (l *limbReader) isDue(i, j int) bool {
	if l.low(j) != "due" || !dueTime.MatchString(l.s[l.t[j].end:]) {
		return false
	}
	m := limb{lead: l.clauseStart(i), verb: l.t[j].start, verbEnd: l.t[j].end, word: "submit", passive: true}
	m.subject = l.thingStart(m.lead, i)
	about := l.s[m.subject:l.t[i].start]
	if !duePaper.MatchString(about) || dueSubject.MatchString(about) {
		return false
	}
	m.bearer = l.doneBy(m)
	m.dead = l.conditional(m.lead, m.subject) || l.relative(m.lead, l.t[i].start) || condition.MatchString(l.s[m.lead:m.verb])
	l.limbs = append(l.limbs, m)
	return true
}

// dutyOfWhom is before whose duty something is.
var dutyOfWhom = expression.MustCompile(`(?i)\b(?:is|are|be|remains?|being) (?:the |an? )?(?:sole |exclusive |full )?(?:responsibility|duty|obligation|task|job) of ((?:the |each )?[A-Za-z][\w&-]*(?: [A-Z][\w&-]*){0,2}) $`)

func gerund(w string) string {
	stem, ok := strings.CutSuffix(w, "ing")
	if !ok {
		return ""
	}
	for _, base := range []string{stem, stem + "e", strings.TrimRight(stem, "tpnl") + "t"} {
		if _, known := dutyVerbs()[base]; known {
			return base
		}
	}
	return ""
}

func (l *limbReader) endsWithModal(i int) bool { return l.low(i-1) == "to" }

func adverb(w string) bool {
	switch w {
	case "also", "then", "further", "furthermore", "thereafter", "at", "all", "times", "its", "own", "sole", "cost", "expense", "use", "commercially", "reasonable", "best", "efforts", "endeavours", "endeavors", "in", "a",
		"timely", "manner", "during", "the", "term", "forthwith", "first", "upon", "request", "cause", "ensure", "that", "each", "free", "of", "charge", "without", "delay", "undue", "once", "either", "both", "always", "within", "day", "days", "month", "year", "every", "and", "as", "soon", "possible", "such", "on", "after", "by", "no", "later", "than", "latest", "hours", "business", "working", "end":
		return true
	}
	return strings.HasSuffix(w, "ly") || len(w) > 0 && w[0] >= '0' && w[0] <= '9' || numberLike(w)
}

func numberLike(w string) bool {
	switch w {
	case "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fourteen", "fifteen", "twenty", "thirty", "forty", "sixty", "ninety", "forty-eight", "twenty-four", "thirty-five", "forty-five":
		return true
	}
	return false
}

// afterAdverbs passes adverbs and short insertions. Times inserted before a verb ("shall within three working days hand") count too.
func (l *limbReader) afterAdverbs(i int) int {
	for n := 0; n < 12 && i < len(l.t) && adverb(l.low(i)); n++ {
		if _, verb := dutyVerbs()[l.low(i)]; verb && !adverbBefore(l.low(i)) {
			break
		}
		i++
	}
	return i
}

// afterTime passes a time that stands between a modal and its verb: "shall within three days of every visit hand". It gives the verb,
// or -1.
func (l *limbReader) afterTime(j int) int {
	switch l.low(j) {
	case "within", "by", "on", "in", "at", "before", "after", "upon", "each", "every", "not", "no", "during":
	default:
		return -1
	}
	for k := j + 1; k < len(l.t) && k < j+16; k++ {
		if gap := l.s[l.t[k-1].end:l.t[k].start]; strings.ContainsAny(gap, ";.:") {
			return -1
		}
		if kind, known := dutyVerbs()[l.low(k)]; known && kind != "" {
			switch l.low(k - 1) {
			case "of", "the", "a", "an", "each", "every", "to", "any", "such", "in", "by", "its", "in-", "and", "for":
				continue
			}
			return k
		}
	}
	return -1
}

func adverbBefore(w string) bool {
	return strings.HasSuffix(w, "ly") && w != "supply" && w != "reply" && w != "apply"
}

// modal reads what follows a modal verb whose words are [i, j).
func (l *limbReader) modal(i, j int) int {
	k := l.afterAdverbs(j)
	w := l.low(k)
	lead := limb{lead: l.clauseStart(i), subject: -1}
	switch {
	case w == "have" && l.low(k+1) == "received":
		return l.received(i, k)
	case w == "have":
		if n := l.hasDays(k); n > k {
			return n
		}
		if n := l.hasDone(i, k); n > i {
			return n
		}
		lead.dead = true
	case w == "not" || w == "no" || w == "neither":
		lead.dead = true
	case w == "procure" && l.low(k+1) == "that":
		lead.dead, lead.unknown, lead.others = true, true, true
	case w == "be" && l.obliged(k+1) > 0:
		return l.modal(i, l.obliged(k+1))
	case w == "be" && l.isDue(i, k+1):
		return k + 2
	case w == "be":
		if n := l.passive(i, k+1); n > k+1 {
			return n
		}
		lead.dead = true
	case w == "go" || w == "reach" || w == "accompany" || w == "arrive" || w == "come" || w == "leave":
		if n := l.arrives(i, k); n > i {
			return n
		}
		lead.dead = true
	default:
		if _, known := dutyVerbs()[w]; !known {
			if k = l.afterTime(j); k < 0 {
				k, lead.dead, lead.unknown = j, true, true
			}
			w = l.low(k)
		}
	}
	lead.verb, lead.verbEnd, lead.word = l.t[min(k, len(l.t)-1)].start, l.t[min(k, len(l.t)-1)].end, w
	if k >= len(l.t) {
		lead.dead, lead.verb, lead.verbEnd = true, l.t[i].start, l.t[i].end
	}
	l.activeSubject(&lead, i)
	l.limbs = append(l.limbs, lead)
	return min(k+1, len(l.t))
}

// possible tells a verb that says what can be: "changes that users can notice".
func possible(w string) bool {
	switch w {
	case "may", "can", "cannot", "could", "might", "would":
		return true
	}
	return false
}

func determiner(w string) bool {
	switch w {
	case "the", "a", "an", "its", "their", "his", "this", "these", "each", "every", "any", "all", "such", "it", "they", "he", "she", "we", "you", "either", "both":
		return true
	}
	return false
}

func preposition(w string) bool {
	switch w {
	case "within", "in", "at", "by", "of", "for", "on", "to", "from", "during", "after", "before", "until", "under", "with", "into", "through", "between":
		return true
	}
	return false
}

// present reads "the Supplier delivers" and, after such a limb, "and sends"; after a modal "and send".
func (l *limbReader) present(i int) int {
	w := l.low(i)
	if !ofDuty(w) {
		return i
	}
	prev := l.lastLimb()
	coordinated := prev != nil && (!prev.dead || prev.others || prev.unknown && prev.bearer != "" && l.beginsObject(i+1)) && l.joinedAt(i)
	if base := thirdPerson(w); base != "" {
		if prev != nil && howOften(l.low(i-1)) {
			return i // "send Customer monthly reports"
		}
		if c := l.s[l.t[i].start]; c >= 'A' && c <= 'Z' {
			return i // "Marlow Services Corporation": a word of a name
		}
		first, bearer := l.partyBefore(i)
		switch {
		case bearer != "" && l.within(i) && !conditionWord(l.wordBefore(first)):
			l.inner = true
			return i + 1
		case bearer != "":
			m := limb{lead: l.clauseStart(i), subject: first, verb: l.t[i].start, verbEnd: l.t[i].end, word: base, bearer: bearer}
			m.dead = l.conditional(m.lead, first) || l.described(first)
			l.limbs = append(l.limbs, m)
			return i + 1
		case coordinated:
			return l.join(i, base, false)
		}
		return i
	}
	if _, known := dutyVerbs()[w]; known {
		if who := l.r.listBearer; who != "" && l.t[i].start <= afterNumber(l.s) {
			l.limbs = append(l.limbs, limb{lead: l.t[i].start, subject: l.t[i].start, verb: l.t[i].start, verbEnd: l.t[i].end, word: w, bearer: who})
			return i + 1 // an item under "The Supplier shall:"
		}
		if coordinated && !prev.passive && l.verbForm(prev) == "" && !l.nounAt(i) {
			return l.join(i, w, false)
		}
		if l.low(i+1) == "us" && (i == 0 || l.low(i-1) != "to" && l.low(i-1) != "we" && l.low(i-1) != "you" && l.low(i-1) != "may") {
			m := limb{lead: l.clauseStart(i), subject: l.t[i].start, verb: l.t[i].start, verbEnd: l.t[i].end, word: w, bearer: l.r.speaker("you")}
			if len(l.limbs) == 0 {
				m.lead = afterNumber(l.s)
			}
			l.limbs = append(l.limbs, m) // "tell us within ten days"
			return i + 1
		}
		first, bearer := l.pluralBefore(i)
		if bearer == "" {
			first, bearer = l.ensuredOf(i)
		}
		if bearer != "" {
			m := limb{lead: l.clauseStart(i), subject: first, verb: l.t[i].start, verbEnd: l.t[i].end, word: w, bearer: bearer}
			m.dead = l.conditional(m.lead, first) || l.described(first)
			l.limbs = append(l.limbs, m)
			return i + 1
		}
		return i
	}
	if base := participle(w); base != "" && coordinated && prev.passive {
		return l.join(i, base, true)
	}
	return i
}

// beginsObject tells whether what a verb does something to begins at token i, so that the word before is a verb and no noun.
func (l *limbReader) beginsObject(i int) bool {
	switch l.low(i) {
	case "the", "a", "an", "its", "their", "his", "all", "any", "each", "every", "it", "them", "to", "such", "once", "twice", "at", "within", "back":
		return true
	}
	return i < len(l.t) && l.partyAfter(i) != ""
}

// nounAt tells whether the word at token i is the noun of the article before it, though it might be a verb: "the full report".
func (l *limbReader) nounAt(i int) bool {
	for k := i - 1; k >= 0 && k >= i-2 && l.s[l.t[k].end:l.t[k+1].start] == " "; k-- {
		switch w := l.low(k); {
		case w == "and" || w == "or" || w == "it" || w == "they":
			return false
		case determiner(w):
			return true
		}
	}
	return false
}

// howOften tells words that say of a noun how often it comes.
func howOften(w string) bool {
	switch w {
	case "daily", "weekly", "fortnightly", "biweekly", "monthly", "quarterly", "half-yearly", "annual", "yearly", "regular", "periodic", "written":
		return true
	}
	return false
}

// verbForm is the ending of a limb's verb: "s" in the present, "" after a modal.
func (l *limbReader) verbForm(m *limb) string {
	if strings.HasSuffix(l.s[m.verb:m.verbEnd], "s") && !strings.HasSuffix(m.word, "s") {
		return "s"
	}
	return ""
}

// endOfIt leads into a clause without a comma: "at the end of the contract all data are deleted".
var endOfIt = expression.MustCompile(`^(?:at|on|upon|after) the (?:end|expiry|termination) of (?:this|the) (?:agreement|contract|term) `)

// tokenFrom is the first token that begins at a place or behind it.
func (l *limbReader) tokenFrom(at int) int {
	k, _ := slices.BinarySearchFunc(l.t, at, func(t token, at int) int { return t.start - at })
	return k
}

// afterNumber passes the number of a clause and the mark of a list.
func afterNumber(s string) int {
	i := 0
	for i < len(s) && i < 9 && (s[i] >= '0' && s[i] <= '9' || strings.IndexByte("(). -*", s[i]) >= 0) {
		i++
	}
	if i+2 < len(s) && s[i+1] == ')' {
		i += 2
	}
	if i == 0 && len(s) > 4 && s[0] >= 'A' && s[0] <= 'Z' && s[1] == '.' && s[2] >= '0' && s[2] <= '9' {
		for i < len(s) && s[i] != ' ' {
			i++
		}
	}
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}
