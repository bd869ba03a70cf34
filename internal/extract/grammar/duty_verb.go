package grammar

import (
	"strings"
	"sync"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// What somebody owes is told by its verb. dutyWords has the verbs by the kind of duty they mean; a kind with a mark is decided by the
// words after the verb. Verbs that are not here state no duty that can be tracked.
var dutyWords = [][2]string{
	{"reporting", "report"},
	{"?give", "provide furnish submit deliver send prepare issue supply give present render transmit forward share show publish circulate upload post hand produce compile draft write draw bring file communicate make pass mail email e-mail table lodge"},
	{"invoicing", "invoice bill"},
	{"delivery", "ship dispatch despatch install complete implement migrate build commission transfer release"},
	{"payment", "pay remit reimburse refund repay credit"},
	{"?notice", "notify inform advise tell announce warn disclose"},
	{"?keep", "maintain carry obtain procure keep retain hold store archive"},
	{"?permit", "permit allow grant"},
	{"?audit", "conduct undergo carry-out"},
	{"return_of_data", "return destroy delete erase wipe shred purge"},
	{"?buy", "purchase order buy take commit call assure guarantee"},
	{"acceptance", "accept inspect reject examine test approve sample"},
	{"meeting", "attend meet participate review convene"},
	{"remedy", "repair replace correct remedy rectify cure fix resubmit redeliver reperform resolve restore"},
	{"response", "respond acknowledge reply answer react"},
	{"confirmation", "confirm certify verify attest prove"},
	{"planning", "propose plan forecast nominate appoint name designate"},
	{"training", "train instruct"},
	{"performance", "perform clean collect remove lift service calibrate check measure count monitor update patch rotate survey record log register empty wash treat replenish stock rehearse exercise back-up reconcile calculate assign provision insure renew visit transcribe translate arrange organise organize decide look lubricate oil adjust apply cease stop"},
}

// irregular forms of these verbs: the participle and what it comes from.
var irregular = map[string]string{
	"sent": "send", "given": "give", "made": "make", "kept": "keep", "held": "hold", "met": "meet", "told": "tell", "drawn": "draw", "written": "write", "shown": "show",
	"brought": "bring", "taken": "take", "bought": "buy", "paid": "pay", "repaid": "repay", "built": "build", "submitted": "submit", "remitted": "remit", "transmitted": "transmit", "transferred": "transfer",
	"shipped": "ship", "permitted": "permit", "rendered": "render", "put": "put", "worked": "work", "proven": "prove", "proved": "prove", "carried": "carry", "supplied": "supply", "notified": "notify", "certified": "certify",
	"rectified": "rectify", "remedied": "remedy", "verified": "verify", "emptied": "empty", "handed": "hand", "redelivered": "redeliver", "backed-up": "back-up",
}

// dutyVerbs gives the kind of each verb by its base form.
var dutyVerbs = sync.OnceValue(func() map[string]string {
	known := map[string]string{}
	for _, d := range dutyWords {
		for _, w := range strings.Fields(d[1]) {
			known[w] = d[0]
		}
	}
	known["put"], known["work"], known["let"] = "?put", "?put", "?put"
	return known
})

// dutyForms gives the base of third persons and participles.
var dutyForms = sync.OnceValue(func() map[string]string {
	forms := map[string]string{}
	for v := range dutyVerbs() {
		stem, last := v, v[len(v)-1]
		switch {
		case last == 'y' && !strings.HasSuffix(v, "ey") && !strings.HasSuffix(v, "ay") && !strings.HasSuffix(v, "oy"):
			forms[v[:len(v)-1]+"ies"] = v
			forms[v[:len(v)-1]+"ied"] = v
		case strings.HasSuffix(v, "sh") || strings.HasSuffix(v, "ch") || strings.HasSuffix(v, "x") || strings.HasSuffix(v, "ss"):
			forms[v+"es"] = v
			forms[v+"ed"] = v
		case last == 'e':
			forms[v+"s"], forms[v+"d"] = v, v
		default:
			forms[v+"s"], forms[v+"ed"] = v, v
			forms[stem+string(last)+"ed"] = v
		}
	}
	for form, v := range irregular {
		forms[form] = v
	}
	return forms
})

// ofDuty tells whether a word is a verb of a duty, in whichever form.
func ofDuty(w string) bool {
	if key := formKey(w); dutyKeys()[key>>6]>>(key&63)&1 == 0 {
		return false
	}
	if _, verb := dutyVerbs()[w]; verb {
		return true
	}
	return dutyForms()[w] != ""
}

// dutyKeys are the keys of all forms of verbs of duties: most words of a contract are told from them by their key alone.
var dutyKeys = sync.OnceValue(func() *[1 << 16 / 64]uint64 {
	var keys [1 << 16 / 64]uint64
	for form := range dutyForms() {
		keys[formKey(form)>>6] |= 1 << (formKey(form) & 63)
	}
	for verb := range dutyVerbs() {
		keys[formKey(verb)>>6] |= 1 << (formKey(verb) & 63)
	}
	return &keys
})

// formKey is a number below 65,536 of the length of a word and some of its letters.
func formKey(w string) uint32 {
	if w == "" {
		return 0
	}
	n := len(w)
	return (uint32(w[0])*0x9e3779b1 ^ uint32(w[n/2])*0x85ebca6b ^ uint32(w[n-1])*0xc2b2ae35 ^ uint32(n)*0x27d4eb2f) >> 16
}

// thirdPerson gives the verb of a duty that a word is the third person of.
func thirdPerson(w string) string {
	if !strings.HasSuffix(w, "s") {
		return ""
	}
	return dutyForms()[w]
}

// participle gives the verb of a duty that a word is the participle of.
func participle(w string) string {
	if strings.HasSuffix(w, "s") {
		return ""
	}
	return dutyForms()[w]
}

// dutyKind tells by the verb, and by words after it, what kind of duty it is; "" for none.
func dutyKind(verb, rest string) string {
	low := strings.ToLower(rest)
	head := func(n int) string { return low[:min(len(low), n)] }
	switch kind := dutyVerbs()[verb]; kind {
	case "reporting":
		if holds(low, "unauthorised access", "unauthorized access", "data breach", "security breach", "security incident", "breach of security") {
			return "breach_notification"
		}
		return kind
	case "?give":
		return givenKind(verb, low)
	case "?notice":
		if holds(low, "personal data", "personal information", "data breach", "security incident", "security breach", "breach of security", "unauthorised access", "unauthorized access") {
			return "breach_notification"
		}
		return "notice"
	case "?keep":
		switch {
		case verb == "carry" && strings.HasPrefix(low, " out"):
			return "performance"
		case verb == "obtain" && holds(head(60), "permit", "licen", "approval"):
			return "performance"
		case holds(head(120), "insurance"):
			return "insurance"
		case holds(head(90), "samples", "record", "books", "accounts", "logs", "documents", "diary"):
			return "record_keeping"
		case holds(head(90), "iso 27001", "iso/iec", "soc 2", "certification", "certificate"):
			return "security_attestation"
		case verb == "hold" && holds(head(60), "meeting", "review", "conference"):
			return "meeting"
		}
		return ""
	case "meeting":
		if verb == "review" && holds(head(40), "accept", "reject", "approve") { // "review and accept or reject each Deliverable"
			return "acceptance"
		}
		return kind
	case "?permit":
		if verb == "grant" && holds(low, "rebate", "credit note") {
			return "payment"
		}
		if holds(low, "audit", "inspect") {
			return "audit"
		}
		return ""
	case "?audit":
		if holds(low, "audit", "review", "assessment", "test", "scan", "drill", "inspection", "survey", "exercise") {
			return "audit"
		}
		return ""
	case "?buy":
		if verb == "take" && strings.HasPrefix(low, " back") {
			return "remedy"
		}
		if holds(low, "uptime", "up-time", "availability") {
			return "" // a level of the service, which nobody buys
		}
		if holds(low, "minimum", "at least", "no less than", "not less than", "not fewer than") {
			return "minimum_purchase"
		}
		return ""
	case "?put":
		switch {
		case verb == "let" && holds(head(80), "examine", "audit", "inspect"):
			return "audit"
		case verb == "put" && holds(head(30), " right"), verb == "work" && holds(head(12), " in "), verb == "let" && holds(head(40), " know", " have"):
			return "remedy"
		}
		return ""
	case "payment":
		settles := holds(low, "overcharge", "shortfall", "difference", "refund", "rebate", "credit note", "deposit", "reimburs") || verb == "pay" && earnedShare.MatchString(low[:min(len(low), 140)])
		if verb == "credit" && !settles && !holds(low, "january", "february", "march", "april", "june", "july", "september", "october", "november", "december") || (verb == "pay" || verb == "remit") && !settles {
			return ""
		}
		if holds(head(90), "invoice", "bill", "fee", "charge", "price", "rent", "salary", "interest", "tax", "%", "percent") && !settles && verb != "credit" {
			return ""
		}
		return kind
	case "performance", "delivery":
		if verb == "renew" && !holds(low, "polic", "certificate", "insur", "licen", "registration") || verb == "adjust" && !holds(low, "notif", "machine", "equipment", "lift") {
			return ""
		}
		if (verb == "stop" || verb == "cease") && !ceasing.MatchString(low) {
			return ""
		}
		if verb == "apply" && !holds(head(60), "update", "patch", "correction", "fix") {
			return ""
		}
		if holds(head(60), "this agreement", "its obligations", "their obligations", "obligations under", "this contract") {
			return ""
		}
		return kind
	default:
		return kind
	}
}

// givenKind is the kind of duty that a verb of giving means by what is given: low is what stands behind it, in small letters.
func givenKind(verb, low string) string {
	head := func(n int) string { return low[:min(len(low), n)] }
	report := func() bool {
		return holds(low, "report", "statement", "forecast", "summary", "minutes", "certificate", "schedule of", " log", "metrics", "dashboard", "scorecard", "overview", "analysis", "account", "results", "findings", "an estimate", "survey", "case review")
	}
	switch {
	case holds(head(70), "certificate of insurance", "certificates of insurance", "evidence of insurance", "proof of insurance", "insurance certificate", "evidence of such insurance", "evidence of cover"):
		return "insurance_certificate"
	case holds(head(110), "soc 2", "soc 1", "iso 27001", "iso/iec", "isae", "penetration test", "attestation", "pci"):
		return "security_attestation"
	case holds(head(60), "notice", "notif"):
		if holds(low, "personal data", "personal information", "data breach", "security incident", "security breach") {
			return "breach_notification"
		}
		return "notice"
	case holds(head(60), "credit note", "refund"):
		return "payment"
	case verb == "make" && strings.Contains(low, " delivery of"):
		return "delivery"
	case verb == "make" && holds(head(40), "back-up", "backup", "full copy"), verb == "give" && holds(head(60), " a test", " a trial"):
		return "performance"
	case verb == "make" && holds(head(40), "payment"):
		return ""
	case verb == "make" && !report() && !holds(head(80), "available", "good", "copy", "copies"):
		return ""
	case (verb == "issue" || verb == "render" || verb == "send") && holds(low, "invoices are", "invoices shall be", "invoices will be"), (verb == "issue" || verb == "render") && holds(head(60), "invoice", "bill"), verb == "render" && holds(head(40), "account"):
		return "invoicing"
	case report():
		return "reporting"
	case verb == "give" && holds(head(30), "rise", "effect", "consent", "right", "reason"), verb == "bring" && holds(head(30), "action", "claim", "proceeding"), verb == "pass", verb == "present" && !report():
		return ""
	}
	return "delivery"
}

// earnedShare is money that follows from what somebody sells or reaches, and is owed without an invoice.
var earnedShare = expression.MustCompile(`\b(?:royalt(?:y|ies)|commissions?|milestone payments?|(?:profit|revenue)[- ]shar\w+|share of\b[^.;,]{0,40}\b(?:revenues?|profits?|proceeds|income|receipts)|bonus(?:es)?)\b`)

var (
	claimsCredit = expression.MustCompile(`(?i)\b(?:service )?credits?\b|\bclaims?\b`)
	claiming     = expression.MustCompile(`(?i)^[^,;.]{0,40}\bclaims?\b|^ (?:a|the|any|such|its) (?:service )?credits?\b`)
	ofMoney      = expression.MustCompile(`(?i)\b(?:deposits?|advances?|prepayments?|retainers?|overpayments?|retention|sums?|amounts?|moneys?|monies|balance)\b`)
	ofData       = expression.MustCompile(`(?i)\b(?:data|information|documents?|records?|files?|copies|copy|materials?|it|them)\b`)
	stored       = expression.MustCompile(`(?i)\b(?:data|copy|copies|records?|recordings?|measurements?|logs?|documents?|files?|back-?ups?|images?|it|them)\b[^;.]{0,60}? for (?:at least |not less than |no less than |a period of |a further )?(?:\w+(?:-\w+)? )?(?:\(?\d+\)? )?(?:days|months|years)\b`)
	secret       = expression.MustCompile(`(?i)\b(?:confidential|secret|confidence|informed|available|harmless|free|open)\b`)
	ceasing      = expression.MustCompile(`^ (?:to |all |the |any |its )?(?:[a-z]+ing|use)\b`)
	ofCover      = expression.MustCompile(`(?i)\b(?:insurance|policy|policies|insured|cover(?:age)?)\b`)
	certificates = expression.MustCompile(`(?i)^ (?:the other |[A-Z]\w+ )?(?:with )?(?:the |a |an |its |such )?certificates?\b`)
	consents     = expression.MustCompile(`(?i)^(?: or (?:refuse|withhold|deny)\b|(?: or [a-z]+)? (?:its|the|such) (?:consent|approval|permission)\b)`)
	// attested is the proof of security that words before a paper speak of, and attesting is the paper.
	attested   = expression.MustCompile(`(?i)\b(?:iso(?:/iec)? ?27001|soc [12]|isae 3402|cyber essentials|pci[ -]dss)\b`)
	attesting  = expression.MustCompile(`(?i)^[^,;.]{0,40}\b(?:certificates?|copy|report)\b`)
	testedBy   = expression.MustCompile(`(?i)\b(?:penetration test|pen test|security audit|vulnerability (?:scan|assessment))s?\b[^,;.]{0,80}$`)
	breachOf   = expression.MustCompile(`(?i)\b(?:data|security|personal data) breach(?:es)?\b`)
	handedBack = expression.MustCompile(`(?i)^[^,;.]{0,50}\bdata back\b|^ back [^,;.]{0,40}\bdata\b`)
	ownThings  = expression.MustCompile(`(?i)^ (?:its|their|the switch|the back-?ups?|the plan|the recovery)\b`)
)

// kindHere is the kind of a duty where more than its verb and its object tells it: who owes it, what the sentences before speak of, and
// that a sum is paid on days of its own. before are the words of the sentence in front of the verb.
func (r *reading) kindHere(kind string, l limb, rest, before string, t timing, n int) string {
	switch {
	case l.caused && kind == "acceptance":
		return "audit"
	case kind == "acceptance" && holds(l.word, "test", "examine", "inspect", "sample") && (l.bearer == r.side("supplier") || ownThings.MatchString(rest)):
		return "performance"
	case (kind == "delivery" || kind == "reporting" || kind == "notice") && claiming.MatchString(rest) && claimsCredit.MatchString(before+rest) && holds(l.word, "submit", "make", "file", "send", "present", "give", "furnish", "lodge", "notify"):
		return "notice" // a claim that lapses when it is not made in time
	case kind == "return_of_data" && l.word == "return":
		switch thing := rest + " " + r.spokenOf(rest, n); {
		case ofMoney.MatchString(thing):
			return "payment"
		case !ofData.MatchString(thing) || pronounNext(rest) && !ofData.MatchString(r.spokenOf(rest, n)):
			return "delivery"
		}
	case kind == "reporting" && certificates.MatchString(rest) && ofCover.MatchString(r.around(n)+before):
		return "insurance_certificate"
	case (kind == "reporting" || kind == "delivery") && attested.MatchString(before) && attesting.MatchString(rest):
		return "security_attestation"
	case kind == "performance" && testedBy.MatchString(before):
		return "audit"
	case kind == "notice" && breachOf.MatchString(before):
		return "breach_notification"
	case kind == "delivery" && (l.word == "hand" || l.word == "give") && handedBack.MatchString(rest):
		return "return_of_data"
	case kind == "" && (l.word == "keep" || l.word == "retain" || l.word == "store" || l.word == "hold" || l.word == "archive") && stored.MatchString(rest) && !secret.MatchString(rest):
		return "record_keeping"
	case kind == "" && (l.word == "pay" || l.word == "remit") && onDaysOfItsOwn(t) && !holds(strings.ToLower(rest), "interest", "invoice", " bill"):
		return "payment"
	case (kind == "" || kind == "delivery") && l.word == "give" && t.params.Due != nil && consents.MatchString(rest):
		return "response"
	}
	return kind
}

// onDaysOfItsOwn tells that something comes again on days that the words name, and not on that of an invoice.
func onDaysOfItsOwn(t timing) bool {
	switch t.frequency {
	case "", "on event", "once":
		return false
	}
	return t.params.ByDay != 0 || t.params.ByMonth != 0
}

// around are the sentence before, where it is no heading, and the heading that sentence n stands under.
func (r *reading) around(n int) string {
	words := r.caption(n)
	if n > 0 {
		words += " " + r.cut(r.sentences[n-1])
	}
	return words
}

// spokenOf is what a pronoun behind a verb may stand for: the words around its sentence; "" where there is no pronoun.
func (r *reading) spokenOf(rest string, n int) string {
	if !pronounNext(rest) {
		return ""
	}
	return r.around(n)
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
