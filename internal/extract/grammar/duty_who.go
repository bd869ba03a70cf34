package grammar

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// eachParty is the bearer of what both sides owe.
const eachParty = "each party"

// partyBefore gives where the subject right before token i begins and whom it means; -1 and "" where it means no party.
func (l *limbReader) partyBefore(i int) (int, string) {
	j := i - 1
	for j > 0 && j > i-4 && (strings.HasSuffix(l.low(j), "ly") && l.low(j) != "supply" || l.low(j) == "also" || l.low(j) == "then" || l.low(j) == "further" || l.low(j) == "thereafter") {
		j--
	}
	if j < 0 {
		return -1, ""
	}
	if gap := l.s[l.t[j].end:l.t[j+1].start]; strings.ContainsAny(gap, ";:.") {
		return -1, ""
	}
	switch l.low(j) {
	case "it", "he", "she", "they":
		if l.s[l.t[j].end] == ',' {
			return -1, "" // "after confirming it, shall process"
		}
		return l.t[j].start, l.meant(j)
	case "we":
		return l.t[j].start, l.r.speaker("we")
	case "you":
		return l.t[j].start, l.r.speaker("you")
	}
	start, bearer := -1, ""
	if at, last := l.t[j].start, l.s[l.t[j].start:l.t[j].end]; at > 0 && l.s[at-1] == ' ' && !l.r.mayEndSubject(last[strings.LastIndexByte(last, ' ')+1:]) {
		return l.looseSubject(i) // no stretch with this end means anybody, wherever it begins
	}
	for n := 1; n <= 7 && j-n+1 >= 0; n++ {
		a := j - n + 1
		if n > 1 && strings.ContainsAny(l.s[l.t[a].end:l.t[a+1].start], ";:,(") {
			break
		}
		if who, ok := l.r.bearerOf(l.s[l.t[a].start:l.t[j].end]); ok {
			start, bearer = l.t[a].start, who
		}
	}
	if bearer == "" {
		return l.looseSubject(i)
	}
	if a := l.tokenAt(start); a > 0 {
		prev := l.low(a - 1)
		if prev == "the" || prev == "each" || prev == "either" || prev == "both" || prev == "any" {
			a--
			start = l.t[a].start
			prev = l.low(a - 1)
		}
		switch prev {
		case "of", "by", "to", "from", "with", "in", "against", "on", "than", "behalf":
			return -1, ""
		case "and", "or":
			if _, other := l.partyBefore(a - 1); other != "" && other != bearer && a >= 2 {
				bearer = eachParty
			}
		}
	}
	return start, bearer
}

var (
	loneParty = expression.MustCompile(`(?i)^(?:a|each|any|either|the (?:other|affected|defaulting|breaching|receiving|disclosing)|both) part(?:y|ies)\b[^,;]{0,60} $`)
	partyMan  = expression.MustCompile(`(?i)^(?:an?|the|each|our|its) (?:[\w-]+ ){0,3}(?:engineer|technician|account manager|service manager|consultant|support team|service desk|help ?desk|project manager) $`)
	partyMen  = expression.MustCompile(`(?i)^(?:the|both) (?:[\w-]+ ){0,2}(?:project managers|contract managers|sponsors|representatives) $`)
	partysMan = expression.MustCompile(`^(?:[Tt]he )?((?:[A-Z][\w&-]*|parties|party|supplier|customer)(?: [A-Z][\w&-]*){0,2})(?:'s|') (?:[\w-]+ ){0,3}[\w-]+ $`)
)

// looseSubject reads subjects with something between: "a party hindered by force majeure", "the Supplier's project manager".
func (l *limbReader) looseSubject(i int) (int, string) {
	if !l.mayBeLoose(i) {
		return -1, ""
	}
	start := l.clauseStart(i)
	if start >= l.t[i].start {
		return -1, ""
	}
	clause := l.s[start:l.t[i].start]
	if k := strings.LastIndex(clause, ", "); k >= 0 {
		start, clause = start+k+2, clause[k+2:]
	}
	switch {
	case loneParty.MatchString(clause), partyMen.MatchString(clause):
		return start, eachParty
	case partyMan.MatchString(clause):
		return start, l.r.speaker("we")
	}
	if m := partysMan.FindStringSubmatch(clause); m != nil {
		if who, ok := l.r.bearerOf(m[1]); ok {
			return start, who
		}
	}
	return -1, ""
}

// mayBeLoose tells whether one of those expressions may match before token i: most words of a contract have nothing before them
// that one of them asks for.
func (l *limbReader) mayBeLoose(i int) bool {
	before := l.s[:l.t[i].start]
	if strings.IndexByte(before, '\'') >= 0 {
		return true
	}
	switch last := l.low(i - 1); last {
	case "managers", "sponsors", "representatives", "engineer", "technician", "manager", "consultant", "team", "desk", "helpdesk":
		return true
	default:
		for k := range len(last) {
			if last[k] >= utf8.RuneSelf {
				return true
			}
		}
	}
	from := l.r.sentences[l.n].Start + max(0, len(before)-260) // at most 60 letters stand behind a lone party
	return strings.Contains(l.r.lower[from:l.r.sentences[l.n].Start+len(before)], "part")
}

func (l *limbReader) tokenAt(start int) int {
	for a := range l.t {
		if l.t[a].start == start {
			return a
		}
	}
	return -1
}

// pluralBefore reads a subject whose verb has no ending: we, you, they, the parties.
func (l *limbReader) pluralBefore(i int) (int, string) {
	start, who := l.partyBefore(i)
	if who == "" || i == 0 {
		return -1, ""
	}
	switch l.low(i - 1) {
	case "we", "you", "they", "parties", "managers":
		return start, who
	}
	if who == eachParty || strings.HasSuffix(l.low(i-1), "ly") {
		return start, who
	}
	return -1, ""
}

// partyAfter gives the party named at token i, an article passed.
func (l *limbReader) partyAfter(i int) string {
	for n := 4; n >= 1; n-- {
		if i+n > len(l.t) {
			continue
		}
		if who, ok := l.r.bearerOf(l.s[l.t[i].start:l.t[i+n-1].end]); ok {
			return who
		}
	}
	return ""
}

// meant is whom "it" means: the subject of the limb before, a party named earlier in the sentence, or who the sentence before began
// with.
func (l *limbReader) meant(j int) string {
	for k := len(l.limbs) - 1; k >= 0; k-- {
		if l.limbs[k].bearer != "" && !l.limbs[k].passive && l.limbs[k].bearer != eachParty {
			return l.limbs[k].bearer
		}
	}
	if who := l.r.firstParty(l.s[:l.t[j].start]); who != "" {
		return who
	}
	for k := l.n - 1; k >= 0 && k >= l.n-3; k-- { // a sentence without a party may stand between
		if who := l.r.subjectOf(k); who != "" {
			return who
		}
	}
	return ""
}

// subjectOf is who a sentence is about: who acts in it, or else the first party that it names.
func (r *reading) subjectOf(n int) string {
	if who, made := r.subjects[n]; made {
		return who
	}
	if r.subjects == nil {
		r.subjects = map[int]string{}
	}
	r.subjects[n] = "" // a sentence that leads back to itself means nobody
	s := r.cut(r.sentences[n])
	if len(s) > 1200 {
		return ""
	}
	who := ""
	for _, l := range r.limbsOf(s, n) {
		if l.bearer != "" && !l.passive && l.bearer != eachParty && who == "" {
			who = l.bearer
		}
	}
	if who == "" {
		who = r.firstParty(s)
	}
	r.subjects[n] = who
	return who
}

var namesOf = expression.MustCompile(`\b(?:[Tt]he )?[A-Z][\w&-]*(?: (?:[A-Z&][\w-]*|&)){0,3}|\b(?:[Ww]e|[Yy]ou)\b|\b(?:[Tt]he|[Aa]|[Ee]ach) (?:party|parties|supplier|customer|provider|client|contractor|vendor|buyer|seller)\b`)

// firstParty is the first party that a text names.
func (r *reading) firstParty(s string) string {
	if len(s) > 700 {
		s = s[:r.safeIn(s, 700)]
	}
	for _, m := range namesOf.FindAllStringIndex(s, 12) {
		if word := strings.ToLower(s[m[0]:m[1]]); word == "we" || word == "you" {
			return r.speaker(word)
		}
		if who := r.named(s[m[0]:m[1]]); who != "" {
			return who
		}
	}
	return ""
}

// named gives the party whose name stands in a run of large words.
func (r *reading) named(text string) string {
	words := strings.Fields(text)
	for from := range words {
		for to := len(words); to > from; to-- {
			if who, ok := r.bearerOf(strings.Join(words[from:to], " ")); ok {
				return who
			}
		}
	}
	return ""
}

var speaks = map[string]*expression.Expression{
	"we":  expression.MustCompile(`\b(?:[Ww]e|[Uu]s)\b"?[^.\n]{0,12}\b(?:are|means?|refers? to):? (?:the )?([A-Z][\w&' -]{2,60})`),
	"you": expression.MustCompile(`\b[Yy]ou\b"?[^.\n]{0,12}\b(?:are|means?|refers? to):? (?:the )?([A-Z][\w&' -]{2,60})`),
}

// speaker is who speaks as "we" and who is "you". Terms are written by those who supply, unless the text says otherwise.
func (r *reading) speaker(word string) string {
	if who, made := r.bearers[" "+word]; made {
		return who
	}
	who := map[string]string{"we": "supplier", "you": "customer"}[word]
	if m := speaks[word].FindStringSubmatch(r.s[:r.safe(min(len(r.s), 6000))]); m != nil {
		if named := r.named(m[1]); named != "" && named != eachParty {
			who = named
		}
	}
	if v := r.value("parties"); v != nil {
		for _, p := range v.Parties {
			if word == "we" && strings.Contains(p.Name, "Broker") {
				who = p.Name // a broker's letter
			}
			for _, a := range p.Aliases {
				if a := strings.ToLower(a); a == word || word == "we" && a == "us" {
					if p.Role != "" {
						who = p.Role
					}
				}
			}
		}
	}
	if r.bearers == nil {
		r.bearers = map[string]string{}
	}
	r.bearers[" "+word] = who
	return who
}

// bearerOf gives the role, or the name, of the party that a subject means; ok is false where it means none.
func (r *reading) bearerOf(subject string) (string, bool) {
	s := strings.TrimSpace(subject)
	if !r.mayEndSubject(s[strings.LastIndexByte(s, ' ')+1:]) {
		return "", false
	}
	who, made := r.subject[subject]
	if !made {
		if r.subject == nil {
			r.subject = map[string]string{}
		}
		who, _ = r.meantBy(s)
		r.subject[subject] = who
	}
	return who, who != ""
}

func (r *reading) meantBy(s string) (string, bool) {
	for _, w := range []string{"The ", "the ", "Each ", "each ", "Either ", "either ", "Both ", "both ", "Any ", "any ", "A ", "An ", "an ", "a "} {
		s = strings.TrimPrefix(s, w)
	}
	if s == "" || len(s) > 80 {
		return "", false
	}
	low := strings.ToLower(s)
	switch low {
	case "party", "parties", "other party", "affected party", "parties hereto":
		return eachParty, true
	case "receiving party", "recipient":
		return "recipient", true
	case "disclosing party", "discloser":
		return "discloser", true
	case "insurer", "insurers", "insurance company":
		return "insurer", true
	case "broker":
		return "broker", true
	}
	if who, made := r.bearers[low]; made {
		return who, who != ""
	}
	who := r.whoIs(s, low)
	if r.bearers == nil {
		r.bearers = map[string]string{}
	}
	r.bearers[low] = who
	return who, who != ""
}

// mayEndSubject tells whether a subject whose last word is w can mean somebody: most stretches of words before a verb are told
// from subjects by it alone. It may be true of a word that ends none, never false of one that does.
func (r *reading) mayEndSubject(w string) bool {
	var room [80]byte
	low := room[:0]
	for i := range len(w) {
		c := w[i]
		if c >= utf8.RuneSelf || len(low) == len(room) {
			return true
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		low = append(low, c)
	}
	if r.ends == nil {
		v := r.value("parties")
		if v == nil {
			return true // the parties may not be known yet
		}
		r.ends = subjectEnds(v.Parties, r.acting())
	}
	return r.ends[string(low)] || anySubjectEnds()[string(low)]
}

// subjectWords are words with which a subject that means somebody may end, in small letters.
type subjectWords map[string]bool

// add adds the words of a name: its beginning will do for a subject, so each of them may be the last.
func (ends subjectWords) add(s string) {
	for _, folded := range []string{strings.ToLower(s), strings.ToLower(strings.ToUpper(s))} {
		for w := range strings.SplitSeq(folded, " ") {
			ends[w] = true
		}
	}
}

// anySubjectEnds are those of every contract.
var anySubjectEnds = sync.OnceValue(func() subjectWords {
	ends := subjectWords{}
	for _, w := range []string{"party", "parties", "hereto", "recipient", "discloser", "insurer", "insurers", "company", "broker"} {
		ends[w] = true
	}
	for role := range wording.Roles() {
		ends.add(role)
	}
	return ends
})

// subjectEnds are those of one contract.
func subjectEnds(parties []pact.Party, acts map[string]int) subjectWords {
	ends := subjectWords{}
	for _, p := range parties {
		ends.add(p.Name)
		ends.add(p.Role)
		for _, a := range p.Aliases {
			ends.add(a)
		}
	}
	for name, n := range acts {
		if n > 1 {
			ends.add(name)
		}
	}
	return ends
}

func (r *reading) whoIs(s, low string) string {
	if v := r.value("parties"); v != nil {
		for _, p := range v.Parties {
			match := strings.EqualFold(p.Name, s) || len(s) > 3 && s[0] >= 'A' && s[0] <= 'Z' && strings.HasPrefix(strings.ToLower(p.Name), low+" ")
			for _, a := range p.Aliases {
				match = match || strings.EqualFold(strings.TrimPrefix(a, "the "), s)
			}
			if match || p.Role != "" && p.Role == low {
				if p.Role != "" {
					return p.Role
				}
				return p.Name
			}
		}
	}
	if role := wording.RoleOf(s); role != "" && (s[0] >= 'A' && s[0] <= 'Z' || lowerSubject(low)) {
		return role
	}
	if low == "company" {
		return "Company"
	}
	return r.actor(s)
}

func lowerSubject(w string) bool {
	switch w {
	case "supplier", "provider", "customer", "client", "contractor", "vendor", "licensee", "licensor", "distributor", "consultant", "buyer", "seller", "service provider", "purchaser", "carrier", "landlord", "tenant":
		return true
	}
	return false
}

// notActors are large words that a contract lets do things and that are nobody.
var notActors = map[string]bool{"It": true, "This": true, "That": true, "They": true, "There": true, "Agreement": true, "Contract": true, "Services": true, "Service": true, "Term": true, "Order": true, "Party": true, "Parties": true, "Software": true, "Platform": true, "Deliverable": true, "Deliverables": true, "Fees": true, "We": true, "You": true, "He": true, "She": true, "Neither": true, "Nothing": true, "Either": true, "Both": true, "Schedule": true, "Incident": true, "Each": true, "Who": true, "Which": true}

// acting counts, once, how often a word does what only somebody can do.
func (r *reading) acting() map[string]int {
	if r.acts != nil {
		return r.acts
	}
	r.acts = map[string]int{}
	for _, verb := range actingVerbs {
		last := -1
		for _, at := range r.hits(verb, len(r.s)) {
			for ; at > last && strings.HasPrefix(r.lower[at:], verb); at += len(verb) - 1 { // the next may begin with its last space
				last = at
				if !strings.HasPrefix(r.s[at:], verb) || verb == " may " && strings.HasPrefix(r.s[at+len(verb)-1:], " be ") {
					continue
				}
				from := at
				for from > 0 && wordByte(r.s[from-1]) {
					from--
				}
				r.acts[r.s[from:at]]++
			}
		}
	}
	return r.acts
}

// actingVerbs are what only somebody can do, "may be" apart.
var actingVerbs = []string{" may ", " agrees ", " pays ", " undertakes ", " sends ", " warrants ", " provides "}

// actor accepts a short name that nobody explained, where the text lets it act as only somebody can. Of two sides one of which is known
// by its role it is the other.
func (r *reading) actor(s string) string {
	if s[0] < 'A' || s[0] > 'Z' || notActors[s] || strings.Count(s, " ") > 1 {
		return ""
	}
	acts := r.acting()
	if acts[s] < 2 {
		return ""
	}
	if v := r.value("parties"); v != nil && len(v.Parties) > 1 {
		return s
	}
	for _, sides := range [][]string{{"customer", "Customer", "Client", "Buyer", "Purchaser", "customer", "client"}, {"supplier", "Supplier", "Provider", "Vendor", "Contractor", "Seller", "supplier", "provider"}} {
		for _, name := range sides[1:] {
			if acts[name] >= 1 {
				return map[string]string{"customer": "supplier", "supplier": "customer"}[sides[0]]
			}
		}
	}
	return s
}

var (
	dutyTo = expression.MustCompile(`\b(?:to|for|with) ((?:the )?(?:[A-Z][\w&'-]*(?: [A-Z][\w&'-]*){0,3}))\b`)
	doerBy = expression.MustCompile(`\bby ((?:the |each |either )?(?:[A-Z][\w&'-]*(?: [A-Z][\w&'-]*){0,2}|parties|party|supplier|customer|provider|client|vendor|contractor|us|you|insurers?))\b`)
)

// otherParty is to whom the duty is owed: who is named after "to", or the other of two parties.
func (r *reading) otherParty(bearer, rest string) string {
	for _, m := range dutyTo.FindAllStringSubmatch(rest, 4) {
		if who, ok := r.bearerOf(m[1]); ok && who != bearer && who != eachParty {
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

// doneBy is who owes what is said in the passive: who is named after "by", whose thing it is, or the side that such things come from.
func (l *limbReader) doneBy(m limb) string {
	rest := l.s[m.verbEnd:]
	if stop := strings.IndexAny(rest, ";"); stop >= 0 {
		rest = rest[:stop]
	}
	for _, by := range doerBy.FindAllStringSubmatch(rest[:min(len(rest), 160)], 3) {
		switch by[1] {
		case "us":
			return l.r.speaker("we")
		case "you":
			return l.r.speaker("you")
		}
		if who, ok := l.r.bearerOf(by[1]); ok {
			return who
		}
	}
	if m.subject >= m.verb {
		return ""
	}
	thing := l.lower[m.subject:m.verb]
	if whole := l.lower; holds(whole, "cancel") && holds(whole, "polic", "insur", "certificate holder") && holds(thing, "notice") {
		return "insurer"
	}
	if clauseThing.MatchString(thing) && holds(m.word, "replace", "delete", "fix", "restore") {
		return "" // what an amendment does
	}
	if who := l.otherThanReceiver(m, rest); who != "" {
		return who
	}
	if side := sideOf(thing, m.word, l.lower[m.verbEnd:m.verbEnd+min(len(rest), 80)]); side != "" {
		return l.r.side(side)
	}
	return ""
}

// side gives a side its name in this contract: the role where a party has it, else the role itself.
func (r *reading) side(role string) string {
	if role == eachParty {
		return role
	}
	v := r.value("parties")
	if v == nil {
		return role
	}
	for _, p := range v.Parties {
		if p.Role == role {
			return role
		}
	}
	buys := false // is there a side that buys from a reseller? Otherwise the reseller buys from the other party
	for _, p := range v.Parties {
		buys = buys || p.Role == "customer" || p.Role == "licensee" || p.Role == "user"
	}
	selling := map[string]bool{"licensor": true, "lessor": true, "landlord": true, "operator": true, "consultant": true, "reseller": buys, "manufacturer": true, "transporter": true, "developer": true, "servicer": true, "processor": true, "lender": true, "franchisor": true, "employee": true, "executive": true, "agent": true, "adviser": true, "advisor": true, "publisher": true}
	buying := map[string]bool{"licensee": true, "lessee": true, "tenant": true, "user": true, "principal": true, "employer": true, "trust": true, "controller": true, "owner": true, "sponsor": true, "reseller": !buys, "borrower": true, "franchisee": true, "franchise owner": true, "shipper": true}
	if len(v.Parties) == 2 && (v.Parties[0].Role == "owner" || v.Parties[1].Role == "owner") && buys {
		buying["owner"], selling["owner"] = false, true // who hires out what it owns
	}
	for _, p := range v.Parties {
		if role == "supplier" && p.Role == "reseller" && !buys && len(v.Parties) == 2 {
			if other := r.otherParty(p.Role, ""); other != "" {
				return other
			}
		}
		if role == "supplier" && selling[p.Role] || role == "customer" && buying[p.Role] {
			return p.Role
		}
	}
	if len(v.Parties) != 2 {
		return role
	}
	for i, p := range v.Parties { // one side is known, and the other is the other party
		other := v.Parties[1-i]
		if role == "supplier" && (p.Role == "customer" || buying[p.Role]) || role == "customer" && (p.Role == "supplier" || selling[p.Role]) {
			if other.Role != "" && other.Role != "customer" && other.Role != "supplier" && !selling[other.Role] && !buying[other.Role] {
				return other.Role
			}
		}
	}
	return role
}

var (
	suppliesIt = expression.MustCompile(`\b(?:invoices|data is|data are|back-?ups|reports?|statements?|summar(?:y|ies)|certificates?|deliver(?:y|ies|ables?)|goods|orders?|documents?|documentation|results?|defects?|faults?|plans?|minutes|analys[ei]s|scorecard|logs?|findings|consignments?|parts?|replacements?|samples?|prices?|rates|backups?|copies of (?:personal|customer) data|personal data|data|bundles|scan|penetration|attestation|training|designs?|drafts?|translations?|machines?|equipment|linen|rejected|remarks|time sheets|updates?|patch(?:es)?|vulnerabilit\w+|overcharges?|surcharge|credit notes?|bottles|stage|software|release|proof|lists?|inspection|records)\b`)
	buysIt     = expression.MustCompile(`\b(?:forecasts?|call-offs?|materials?|invoice disputes?|purchase orders?|approvals?|answers? to|delivery schedules?|complaints? about|premises)\b`)
	bothOwe    = expression.MustCompile(`\b(?:disputes?|meetings?|copies|confidential information|review of|targets|steering)\b`)
)

var (
	givenTo  = expression.MustCompile(`\b(?:to|reach(?:es)?|with) ((?:the )?(?:[A-Z][\w&'-]*(?: [A-Z][\w&'-]*){0,2}|customer|supplier|us|you))\b`)
	receives = map[string]bool{"give": true, "tell": true, "notify": true, "inform": true, "provide": true, "send": true, "furnish": true, "pay": true, "refund": true, "reimburse": true, "advise": true, "supply": true, "show": true}
)

// otherThanReceiver is the other side of the one that is to get something: "copies are given to the Customer", "the Customer is told".
func (l *limbReader) otherThanReceiver(m limb, rest string) string {
	to := ""
	if receives[m.word] {
		name := strings.TrimSpace(l.s[m.subject:m.verb])
		for _, helper := range []string{" is", " are", " shall", " will", " must"} {
			if k := strings.Index(name, helper); k > 0 {
				name = name[:k]
			}
		}
		if who, ok := l.r.bearerOf(name); ok {
			to = who
		}
	}
	if g := givenTo.FindStringSubmatch(l.s[m.verb:min(len(l.s), m.verb+len(rest)+20, m.verb+130)]); to == "" && g != nil {
		switch g[1] {
		case "us":
			to = l.r.speaker("we")
		case "you":
			to = l.r.speaker("you")
		default:
			to, _ = l.r.bearerOf(g[1])
		}
	}
	switch to {
	case "", eachParty:
		return ""
	case "customer":
		return l.r.side("supplier")
	case "supplier":
		return l.r.side("customer")
	}
	v := l.r.value("parties")
	if v == nil || len(v.Parties) != 2 {
		return ""
	}
	for i, p := range v.Parties {
		if p.Role == to && to != "" || p.Name == to {
			if o := v.Parties[1-i]; o.Role != "" {
				return o.Role
			}
			return v.Parties[1-i].Name
		}
	}
	return ""
}

var clauseThing = expression.MustCompile(`\b(?:article|clause|section|paragraph|schedule|words?|figures?|sentence|annex|exhibit|table)\b`)

// sideOf tells which side such a thing comes from, where the sentence does not say who.
func sideOf(thing, verb, rest string) string {
	if verb == "acknowledge" || verb == "confirm" || verb == "take" && strings.HasPrefix(rest, " back") {
		return "supplier"
	}
	switch verb {
	case "inspect", "examine", "test", "accept", "approve", "reject", "sample":
		if strings.Contains(thing, "control") || strings.Contains(thing, "backup") {
			return "supplier"
		}
		return "customer"
	case "pay", "remit", "order", "purchase", "commit", "call", "take":
		if holds(rest, "credit") || holds(thing, "overcharge", "refund", "credit", "rebate") {
			return "supplier"
		}
		return ""
	case "meet", "hold", "convene":
		return eachParty
	case "repay", "refund":
		return "supplier"
	case "complete":
		if holds(thing, "work", "services", "migration", "installation", "project", "transition", "implementation") {
			return "supplier"
		}
	}
	switch {
	case holds(thing, "confidential", "copies") && verb == "return", holds(thing, "meeting"), holds(thing, "disputes"):
		return eachParty
	case buysIt.MatchString(thing):
		return "customer"
	case suppliesIt.MatchString(thing):
		return "supplier"
	case bothOwe.MatchString(thing):
		return eachParty
	}
	switch verb {
	case "deliver", "ship", "dispatch", "despatch", "install", "repair", "replace", "correct", "cure", "remedy", "rectify", "delete", "erase", "destroy", "wipe", "furnish", "provide", "supply", "calibrate", "clean", "service", "maintain", "hand", "confirm":
		return "supplier"
	}
	return ""
}
