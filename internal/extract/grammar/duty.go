package grammar

import (
	"strconv"
	"strings"
	"sync"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Duties are read sentence by sentence: who shall do what for whom, by when or how often. Only what somebody can track
// is taken: a duty with a time, a rhythm or an event that starts it, and insurance. Rights, prohibitions, definitions and
// what holds for every contract anyway (to comply, to remain, to be bound) are left alone.

// maxDuties bounds what a contract may give: a longer list is not read by anybody.
const maxDuties = 24

var (
	dutyTime   = expression.MustCompile(`(?i)\b(within|no later than|not later than|at least|not less than|no less than|no more than|by the|on or before|by no later than)\b`)
	dutyRhythm = expression.MustCompile(`(?i)\b(?:on an? )?(daily|weekly|bi-?weekly|monthly|quarterly|semi-?annual(?:ly)?|bi-?annual(?:ly)?|annual(?:ly)?|yearly)\b|\b(?:each|every|per|once (?:a|per|each|every)|(?:end|close|beginning) of (?:each|every)|after (?:each|the end of each)) (?:calendar |contract |fiscal |business )?(day|week|month|quarter|half[- ]year|year)\b`)
	dutyByDay  = expression.MustCompile(`(?i)\bby the (\d{1,2})(?:st|nd|rd|th)(?: (?:calendar |business )?day)? of (?:each|every|the (?:following|next))`)
	dutyAnchor = expression.MustCompile(`(?i)^[ ,]*(?:\(?or (?:sooner|earlier)[^,;]{0,30}\)?,? ?)?(?:after|of|following|from|prior to|before|in advance of|upon)\b ([^.;,]{4,110})`)
	dutyLead   = expression.MustCompile(`(?i)^(?:[\d.() a-z]{0,8})?((?:upon|if|when|where|in the event(?: that| of)?|on|after|following|promptly (?:after|upon)|as soon as|whenever|at the request of|should)\b[^.;]{4,160}?), $`)
	dutyUpon   = expression.MustCompile(`(?i)\b((?:upon|promptly (?:after|upon|following)|immediately (?:after|upon)|following|on receipt of|after receipt of|at the (?:written )?request of|if requested by|as soon as) [^.;,]{4,90})`)
	dutyTo     = expression.MustCompile(`\b(?:to|for|with) ((?:the )?(?:[A-Z][\w&'-]*(?: [A-Z][\w&'-]*){0,3}))\b`)
	dutyRemedy = expression.MustCompile(`(?i)\b(?:failing which|otherwise|in default of which|and if (?:it|the \w+) fails)\b[^.;]{4,120}|\b(?:service credits?|liquidated damages|late (?:fee|charge)s?|interest at)\b[^.;]{0,80}`)
	dutyMetric = expression.MustCompile(`(?i)\b(?:at least|not less than|no less than|minimum of|not exceed(?:ing)?|accuracy of|rate of) [^.;,]{0,40}?\d[\d.,]* ?(?:%|percent|per cent|units?|hours?|minutes?)`)
	notADuty   = expression.MustCompile(`(?i)\b(?:shall|will|must) (?:not|have no|be (?:entitled|deemed|construed|governed|liable|responsible|bound|considered|interpreted|permitted|free|binding)|have (?:the )?(?:right|option|sole)|mean|include|constitute)\b`)
)

// dutyKinds tells by the verb, and by words after it, what kind of duty it is.
func dutyKind(verb, rest string) string {
	low := strings.ToLower(rest)
	report := holds(low, "report", "statement", "forecast", "summary", "minutes", "certificate", "schedule of", "log", "metrics", "dashboard")
	switch verb {
	case "report":
		return "reporting"
	case "provide", "furnish", "submit", "deliver", "send", "make", "prepare", "issue", "supply", "give", "present":
		switch {
		case holds(low[:min(len(low), 60)], "certificate of insurance", "certificates of insurance", "evidence of insurance", "proof of insurance"):
			return "insurance_certificate"
		case holds(low[:min(len(low), 90)], "soc 2", "soc 1", "iso 27001", "iso/iec", "penetration test", "attestation", "audit report", "pci"):
			return "security_attestation"
		case verb == "give" || holds(low[:min(len(low), 50)], "notice", "notif"):
			return "notice"
		case report:
			return "reporting"
		case verb == "make" && holds(low[:min(len(low), 40)], "payment", "deposit"):
			return "payment"
		case verb == "issue" && holds(low[:min(len(low), 60)], "invoice"):
			return "invoicing"
		case verb == "make" || verb == "issue" || verb == "give" || verb == "present" || verb == "send":
			return ""
		}
		return "delivery"
	case "invoice", "bill":
		return "invoicing"
	case "ship", "dispatch", "install", "complete", "perform":
		return "delivery"
	case "pay", "remit", "reimburse", "refund", "credit":
		return "payment"
	case "notify", "inform", "advise":
		if holds(low, "personal data", "data breach", "security incident", "security breach") {
			return "breach_notification"
		}
		return "notice"
	case "maintain", "carry", "obtain", "procure", "keep", "retain":
		switch {
		case holds(low[:min(len(low), 120)], "insurance"):
			return "insurance"
		case holds(low[:min(len(low), 90)], "record", "books", "accounts"):
			return "record_keeping"
		case holds(low[:min(len(low), 90)], "iso 27001", "soc 2", "certification"):
			return "security_attestation"
		}
		return ""
	case "permit", "allow", "grant":
		if holds(low, "audit", "inspect") {
			return "audit"
		}
		return ""
	case "conduct", "undergo":
		if holds(low, "audit", "review", "assessment", "test") {
			return "audit"
		}
		return ""
	case "return", "destroy", "delete", "erase":
		return "return_of_data"
	case "purchase", "order", "buy":
		if holds(low, "minimum", "at least", "no less than", "not less than") {
			return "minimum_purchase"
		}
		return ""
	case "accept", "inspect", "reject":
		return "acceptance"
	case "attend", "meet", "participate", "review":
		return "meeting"
	case "repair", "replace", "correct", "remedy", "rectify", "cure":
		return "remedy"
	case "respond", "acknowledge":
		return "response"
	case "hand", "draw", "bring":
		if report {
			return "reporting"
		}
		return ""
	case "train":
		return "training"
	}
	return ""
}

// regulations by the words that name them.
var regulations = [][2]string{
	{"gdpr", "GDPR"},
	{"general data protection", "GDPR"},
	{"hipaa", "HIPAA"},
	{"pci dss", "PCI DSS"},
	{"pci-dss", "PCI DSS"},
	{"sarbanes", "SOX"},
	{"ccpa", "CCPA"},
	{"california consumer privacy", "CCPA"},
	{"iso 27001", "ISO 27001"},
	{"iso/iec 27001", "ISO 27001"},
	{"iso 9001", "ISO 9001"},
	{"soc 2", "SOC 2"},
	{"soc 1", "SOC 1"},
	{"foreign corrupt practices", "FCPA"},
	{"bribery act", "UK Bribery Act"},
	{"fda", "FDA"},
	{"good manufacturing practice", "GMP"},
	{"dora", "DORA"},
	{"gramm-leach", "GLBA"},
	{"ferpa", "FERPA"},
	{"export administration", "EAR"},
	{"modern slavery", "Modern Slavery Act"},
	{"osha", "OSHA"},
}

// Without one of each a sentence is no duty.
var (
	modalWord = expression.AnyOf(" shall ", " must ", " will ", " agrees to ")
	timeWord  = expression.AnyOf("within", "later than", "each", "every", "monthly", "quarterly", "annual", "daily", "weekly", "upon", "promptly", "prior to", "at least", "insurance", "by the", "on or before", "following", "after")
)

// findDuties reads the duties.
func findDuties(r *reading) {
	taken := 0
	keys := map[string]int{}
	clocks := false // the times of response are obligations of their own
	for i := range r.found {
		clocks = clocks || r.found[i].Obligation != nil && r.found[i].Obligation.Kind == "response_time"
	}
	last := -2
	for n := range r.sentences {
		if taken >= maxDuties {
			break
		}
		sp := r.sentences[n]
		if sp.End-sp.Start < 30 || sp.End-sp.Start > 1400 {
			continue
		}
		low := r.lower[sp.Start:sp.End]
		modal := modalWord.MatchString(low)
		if !modal && !plainStyle(r.s[sp.Start:sp.End]) {
			continue
		}
		if !timeWord.MatchString(low) {
			continue
		}
		if modal && !dutyVerb(low) {
			continue
		}
		if n != last+1 {
			r.bearer = "" // "it" speaks of the sentence before
		}
		if d, ok := r.dutyIn(r.cut(sp)); ok && !(clocks && d.kind == "response") {
			r.addDuty(d, sp, keys)
			last, r.bearer = n, d.bearer
			taken++
		}
	}
}

// dutyVerbs are the verbs that dutyKind knows.
var dutyVerbs = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, w := range strings.Fields(`report provide furnish submit deliver send make prepare issue supply give present invoice bill ship dispatch install complete perform pay remit reimburse
		refund credit notify inform advise maintain carry obtain procure keep retain permit allow grant conduct undergo return destroy delete erase purchase order buy accept inspect reject
		attend meet participate review repair replace correct remedy rectify cure respond acknowledge train hand draw bring`) {
		known[w] = true
	}
	return known
})

// dutyVerb tells cheaply whether one of them follows "shall", "must", "will" or "agrees to" within a few words.
func dutyVerb(low string) bool {
	for _, modal := range []string{" shall ", " must ", " will ", " agrees to ", " required to ", " undertakes to ", " obliged to ", " covenants to "} {
		for i := 0; ; {
			k := strings.Index(low[i:], modal)
			if k < 0 {
				break
			}
			i += k + len(modal)
			rest := low[i:min(len(low), i+70)]
			for n := 0; n < 7 && rest != ""; n++ {
				w := rest
				if sp := strings.IndexByte(rest, ' '); sp >= 0 {
					w, rest = rest[:sp], rest[sp+1:]
				} else {
					rest = ""
				}
				if dutyVerbs()[strings.Trim(w, ",.;:")] {
					return true
				}
			}
		}
	}
	return false
}

// duty is what a sentence says somebody owes.
type duty struct {
	kind, bearer, beneficiary, what, trigger, frequency string
	params                                              obligation.DutyParams
}

func (r *reading) dutyIn(s string) (duty, bool) {
	who, ok := r.subjectIn(s)
	if !ok {
		who, ok = r.plainSubject(s)
	}
	if !ok || notADuty.MatchString(s) {
		return duty{}, false
	}
	bearer, rest := who.bearer, s[who.verb:]
	d := duty{kind: dutyKind(who.word, rest[len(who.word):]), bearer: bearer}
	if d.kind == "" {
		return d, false
	}
	low := strings.ToLower(rest)
	if holds(low, "daily", "week", "month", "quarter", "annual", "year", " day") {
		if f := dutyRhythm.FindStringSubmatch(rest); f != nil {
			d.frequency = rhythm(f[1] + f[2])
		}
	}
	r.dutyDue(&d, rest)
	if lead := dutyLead.FindStringSubmatch(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(s[:who.start], "the "), "The "), "each ")); lead != nil {
		d.trigger = strings.TrimSpace(lead[1])
	} else {
		d.trigger = uponTrigger(rest)
	}
	if d.frequency == "" && d.trigger != "" {
		d.frequency = "on event"
	}
	timed := d.frequency != "on event" && d.frequency != "" || d.params.Due != nil || d.params.ByDay > 0
	if !timed && (d.trigger == "" || d.kind == "delivery" || d.kind == "payment" || d.kind == "acceptance" || d.kind == "meeting") && d.kind != "insurance" && d.kind != "insurance_certificate" && d.kind != "security_attestation" && d.kind != "record_keeping" {
		return d, false
	}
	d.what = deliverable(rest)
	if len(d.what) < 8 {
		return d, false
	}
	d.beneficiary = r.otherParty(bearer, rest)
	if holds(low, "failing", "otherwise", "in default", "fails", "credit", "damages", "late ", "interest at") {
		d.params.Remedy = strings.TrimSpace(dutyRemedy.FindString(rest))
	}
	if holds(low, "at least", "less than", "minimum", "exceed", "accuracy", "rate of") {
		d.params.Metric = strings.TrimSpace(dutyMetric.FindString(rest))
	}
	for _, reg := range regulations {
		if containsWord(strings.ToLower(s), reg[0]) && (len(d.params.Regulations) == 0 || d.params.Regulations[len(d.params.Regulations)-1] != reg[1]) {
			d.params.Regulations = append(d.params.Regulations, reg[1])
		}
	}
	return d, true
}

// uponTrigger is the event after "upon", "following", "on receipt of".
func uponTrigger(rest string) string {
	if !holds(strings.ToLower(rest), "upon", "following", "immediately after", "promptly after", "receipt", "request", "as soon as") {
		return ""
	}
	m := dutyUpon.FindStringSubmatchIndex(rest)
	if m == nil {
		return ""
	}
	before := strings.ToLower(strings.TrimRight(rest[:m[2]], " "))
	for _, w := range []string{"the", "based", "agreed", "depending", "relies", "rely", "these", "other"} {
		if strings.HasSuffix(before, w) {
			return "" // "the following", "agreed upon"
		}
	}
	t := strings.TrimSpace(rest[m[2]:m[3]])
	if low := strings.ToLower(t); strings.HasPrefix(low, "as soon as p") || strings.HasPrefix(low, "as soon as reasonably p") {
		return ""
	}
	return t
}

// subject is who shall do what in a sentence.
type subject struct {
	start, end int    // of the words that name who
	verb       int    // where the verb begins
	word       string // the verb
	bearer     string
}

// subjectIn finds who shall do what: the words right before a modal verb that name a party, and the verb after it. Written out,
// since it looks at every sentence with a modal verb in it.
func (r *reading) subjectIn(s string) (subject, bool) {
	for from := 0; from < len(s); {
		at, end := nextModal(s, from)
		if at < 0 {
			return subject{}, false
		}
		from = end
		verb, word := verbAfter(s, end)
		if word == "" {
			continue
		}
		start := subjectStart(s, at)
		if start < 0 {
			continue
		}
		if bearer, ok := r.bearerOf(strings.TrimRight(s[start:at], " ,")); ok {
			return subject{start, at, verb, word, bearer}, true
		}
	}
	return subject{}, false
}

var modals = []string{" shall ", " must ", " will ", " agrees to ", " undertakes to ", " is required to ", " are required to ", " is obliged to ", " covenants to "}

// nextModal finds the next modal verb: where the space before it stands, and where what follows begins.
func nextModal(s string, from int) (at, end int) {
	at = -1
	for _, m := range modals {
		if k := strings.Index(s[from:], m); k >= 0 && (at < 0 || from+k < at) {
			at, end = from+k, from+k+len(m)
		}
	}
	return at, end
}

// verbAfter passes adverbs and insertions, and gives the verb if it is one of a duty.
func verbAfter(s string, i int) (int, string) {
	for n := 0; n < 9 && i < len(s); n++ {
		j := i
		for j < len(s) && wordByte(s[j]) {
			j++
		}
		w := s[i:j]
		switch {
		case dutyVerbs()[w]:
			return i, w
		case w == "not" || w == "have" || w == "be":
			return 0, ""
		}
		switch w {
		case "also", "promptly", "immediately", "at", "all", "times", "its", "own", "sole", "cost", "expense", "and", "use", "commercially", "reasonable", "best", "efforts", "to", "then", "further", "each", "in", "a", "timely",
			"manner", "during", "the", "term", "diligently", "thereafter", "forthwith", "first", "upon", "request", "cause", "ensure", "that":
		default:
			return 0, ""
		}
		for j < len(s) && (s[j] == ' ' || s[j] == ',') {
			j++
		}
		if j == i {
			return 0, ""
		}
		i = j
	}
	return 0, ""
}

// subjectStart walks back over the words of a subject from the space before its modal verb.
func subjectStart(s string, at int) int {
	i, start, words := at, -1, 0
	for words < 7 {
		for i > 0 && (s[i-1] == ' ' || s[i-1] == ',' && i == at) {
			i--
		}
		j := i
		for j > 0 && (wordByte(s[j-1]) || strings.IndexByte("&.'-", s[j-1]) >= 0) {
			j--
		}
		if j == i {
			break
		}
		w := s[j:i]
		c := w[0]
		switch {
		case c >= 'A' && c <= 'Z':
		case words == 0 && lowerSubject(w), words > 0 && (w == "of" || w == "and" || w == "other" || w == "receiving" || w == "disclosing"):
		default:
			if start >= 0 && words > 0 {
				return subjectEdge(s, j, w, start)
			}
			return -1
		}
		start, words, i = j, words+1, j
		if w == "The" || w == "Each" || w == "Either" || w == "Both" {
			return start
		}
	}
	return start
}

// subjectEdge accepts a subject only where a clause can begin: "provided that Supplier shall", not "the invoices of Supplier
// shall".
func subjectEdge(s string, j int, w string, start int) int {
	switch w {
	case "the", "each", "either", "both", "any", "then", "and", "that", "writing", "but", "or", "case", "which":
		return start
	case "of", "by", "to", "from", "with", "for", "in":
		return -1
	}
	return start
}

// plainStyle tells whether a sentence may state a duty without a modal verb, as modern contracts do: "The Supplier delivers
// the report each month". It begins with who, or with an event and a comma.
func plainStyle(s string) bool {
	i := afterNumber(s)
	for range 2 {
		if _, _, word := plainVerb(s, i); word != "" {
			return true
		}
		k := strings.Index(s[i:min(len(s), i+140)], ", ")
		if k < 0 {
			return false
		}
		i += k + 2
	}
	return false
}

// afterNumber passes the number of a clause.
func afterNumber(s string) int {
	i := 0
	for i < len(s) && i < 9 && (s[i] >= '0' && s[i] <= '9' || strings.IndexByte("(). ", s[i]) >= 0) {
		i++
	}
	if i+2 < len(s) && s[i+1] == ')' {
		i += 2
	}
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}

// plainVerb reads "the Supplier delivers" at i: where the verb begins, where the subject ends, and the verb as in "to
// deliver"; "" where there is none.
func plainVerb(s string, i int) (verb, end int, word string) {
	words := 0
	for at := i; at < len(s) && words < 5; words++ {
		j := at
		for j < len(s) && (wordByte(s[j]) || strings.IndexByte("&.'-", s[j]) >= 0) {
			j++
		}
		w := s[at:j]
		if w == "" || j >= len(s) || s[j] != ' ' {
			return 0, 0, ""
		}
		if v := thirdPerson(w); v != "" && words > 0 {
			return at, at - 1, v
		}
		if c := w[0]; (c < 'A' || c > 'Z') && !lowerSubject(w) && w != "the" && w != "each" && w != "it" && w != "also" {
			return 0, 0, ""
		}
		at = j + 1
	}
	return 0, 0, ""
}

// thirdPerson gives the verb of a duty that a word is the third person of.
func thirdPerson(w string) string {
	for _, tail := range [][2]string{{"ies", "y"}, {"es", ""}, {"s", ""}} {
		if v, cut := strings.CutSuffix(w, tail[0]); cut && dutyVerbs()[v+tail[1]] {
			return v + tail[1]
		}
	}
	return ""
}

// plainSubject finds who does what in a sentence of that style. "It" is who the sentence before spoke of.
func (r *reading) plainSubject(s string) (subject, bool) {
	i := afterNumber(s)
	for range 2 {
		if verb, end, word := plainVerb(s, i); word != "" {
			name := strings.TrimSuffix(s[i:end], " also")
			if strings.EqualFold(name, "it") {
				return subject{i, end, verb, word, r.bearer}, r.bearer != ""
			}
			if bearer, ok := r.bearerOf(name); ok {
				return subject{i, end, verb, word, bearer}, true
			}
		}
		k := strings.Index(s[i:min(len(s), i+140)], ", ")
		if k < 0 {
			break
		}
		i += k + 2
	}
	return subject{}, false
}

func lowerSubject(w string) bool {
	switch w {
	case "party", "parties", "supplier", "provider", "customer", "client", "contractor", "vendor", "company", "licensee", "licensor", "distributor", "consultant", "buyer", "seller":
		return true
	}
	return false
}

func containsWord(low, w string) bool {
	i := strings.Index(low, w)
	return i >= 0 && (i == 0 || !wordByte(low[i-1])) && (i+len(w) == len(low) || !wordByte(low[i+len(w)]))
}

// dutyDue reads "within 10 Business Days after each calendar quarter", "by the 5th of each month".
func (r *reading) dutyDue(d *duty, rest string) {
	if m := dutyByDay.FindStringSubmatch(rest); m != nil && strings.Contains(rest, " of ") {
		if day, err := strconv.Atoi(m[1]); err == nil && day >= 1 && day <= 31 {
			d.params.ByDay = day
			if d.frequency == "" {
				d.frequency = "monthly"
			}
		}
	}
	for _, length := range wording.Durations(rest) {
		if len(length.Readings) > 0 {
			continue
		}
		cue := dutyTime.FindAllString(rest[max(0, length.Start-40):length.Start], -1)
		if cue == nil {
			continue
		}
		after := rest[length.End:min(len(rest), length.End+130)]
		due := length.Duration
		d.params.Due = &due
		if m := dutyAnchor.FindStringSubmatch(after); m != nil {
			d.params.Anchor = strings.TrimSpace(m[1])
			d.params.Before = holds(strings.ToLower(after[:min(len(after), 24)]), "prior to", "before", "in advance")
		}
		if n := strings.ToLower(after[:min(len(after), 30)]); strings.Contains(n, "notice") || strings.Contains(n, "prior") {
			d.params.Before = true
		}
		return
	}
}

func rhythm(w string) string {
	switch w = strings.ToLower(w); {
	case w == "daily" || w == "day":
		return "daily"
	case w == "weekly" || w == "week":
		return "weekly"
	case strings.HasPrefix(w, "biweek"), strings.HasPrefix(w, "bi-week"):
		return "every two weeks"
	case w == "monthly" || w == "month":
		return "monthly"
	case w == "quarterly" || w == "quarter":
		return "quarterly"
	case strings.HasPrefix(w, "semi"), strings.HasPrefix(w, "bi"), strings.HasPrefix(w, "half"):
		return "half-yearly"
	}
	return "yearly"
}

// deliverable is the verb with its object, up to where the time or a limb begins.
func deliverable(rest string) string {
	end := min(len(rest), 170)
	for _, stop := range []string{"; ", ". ", " within ", " no later than ", " not later than ", " upon ", ", provided", " on or before ", " promptly ", " unless ", " (i) ", " (a) ", ", which ", " in accordance with ", " pursuant to "} {
		if k := strings.Index(rest[:end], stop); k > 7 {
			end = k
		}
	}
	for end > 0 && end < len(rest) && rest[end] != ' ' && rest[end] != '.' && rest[end] != ';' && rest[end] != ',' {
		end--
	}
	what := strings.Trim(rest[:end], " ,.;:")
	for {
		k := strings.LastIndexByte(what, ' ')
		if k < 0 {
			return what
		}
		switch strings.ToLower(what[k+1:]) {
		case "and", "or", "as", "the", "a", "an", "to", "of", "based", "at", "in", "with", "but", "shall", "for", "by", "its", "that", "either", "such", "any":
			what = strings.TrimRight(what[:k], " ,.;:")
			continue
		}
		return what
	}
}

// bearerOf gives the role, or the name, of the party that a subject means; ok is false where it means none.
func (r *reading) bearerOf(subject string) (string, bool) {
	s := strings.TrimSpace(subject)
	for _, w := range []string{"The ", "the ", "Each ", "each ", "Either ", "either ", "Both ", "both ", "Any ", "any "} {
		s = strings.TrimPrefix(s, w)
	}
	low := strings.ToLower(s)
	switch low {
	case "party", "parties", "other party":
		return "each party", true
	case "receiving party", "recipient":
		return "recipient", true
	case "disclosing party", "discloser":
		return "discloser", true
	}
	if v := r.value("parties"); v != nil {
		for _, p := range v.Parties {
			match := strings.EqualFold(p.Name, s) || len(s) > 3 && strings.HasPrefix(strings.ToLower(p.Name), low+" ")
			for _, a := range p.Aliases {
				match = match || strings.EqualFold(strings.TrimPrefix(a, "the "), s)
			}
			if match || p.Role != "" && p.Role == low {
				if p.Role != "" {
					return p.Role, true
				}
				return p.Name, true
			}
		}
	}
	if role := wording.RoleOf(s); role != "" {
		return role, true
	}
	if low == "company" {
		return "Company", true
	}
	return "", false
}

// otherParty is to whom the duty is owed: who is named after "to", or the other of two parties.
func (r *reading) otherParty(bearer, rest string) string {
	for _, m := range dutyTo.FindAllStringSubmatch(rest, 4) {
		if who, ok := r.bearerOf(m[1]); ok && who != bearer && who != "each party" {
			return who
		}
	}
	v := r.value("parties")
	if v == nil || len(v.Parties) != 2 {
		return ""
	}
	for i, p := range v.Parties {
		if p.Role == bearer && p.Role != "" || p.Name == bearer {
			other := v.Parties[1-i]
			if other.Role != "" {
				return other.Role
			}
			return other.Name
		}
	}
	return ""
}

func (r *reading) addDuty(d duty, sp wording.Span, keys map[string]int) {
	title := strings.ToUpper(d.what[:1]) + d.what[1:]
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
	if d.frequency != "" && d.frequency != "on event" {
		if v := r.value("effective_date"); v != nil && v.Kind == pact.DateValue {
			o.StartDate = v.Date
		}
	}
	confidence := "0.60"
	if d.params.Due != nil || d.frequency != "" && d.frequency != "on event" {
		confidence = "0.70"
	}
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
