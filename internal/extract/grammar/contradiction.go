package grammar

import (
	"maps"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Two sentences may state one thing of one subject with different values. Neither is more right than the other, so both are shown and
// asked. A sentence counts only where it states the field in so many words and of nobody and nothing in particular: another service, an
// order, an example or a condition is another subject.

var (
	// otherTimes are words that make a sentence one about a part of the time.
	otherTimes = expression.MustCompile(`(?i)\b(?:from|as (?:of|from)|until|till|after|before|since|starting|beginning|commencing|for invoices? (?:dated|issued))(?: and including)?(?: on)? (?:the )?(?:\d{1,2}(?:st|nd|rd|th)? (?:day )?(?:of )?` + monthWords + `|` + monthWords + ` \d|(?:19|20)\d\d\b|(?:first|second|third|each|any) (?:renewal|anniversary|(?:contract )?year)|renewal|(?:contract )?year (?:\d|one|two|three))|\b(?:during|in|for|throughout|until the end of) (?:the |a |any )?(?:\w+ )?(?:pilot|trial|test|testing|ramp-?up|transition|introductory|warranty|start-?up|migration|hypercare|stabili[sz]ation|roll-?out|peak|off-?peak|summer|winter|interim|first|second|third|last)(?: \w+)?\b`)
	// otherScope are words that make it one about a part of the things, places or people.
	otherScope = expression.MustCompile(`(?i)\b(?:clauses?|sections?|paragraphs?|articles?) \d|\b(?:within|outside|inside) (?:of )?(?:the )?(?:[A-Z]{2}\b|European|United|Business Hours|business hours|service hours|support hours|scope|country|territory|EU|EEA|UK|US)\b|\b(?:of|by|to|from|for|between) (?:(?:its|the|any|their|such|[A-Z]\w+'s) )?(?:\w+ )?(?:affiliates?|subsidiar(?:y|ies)|group compan(?:y|ies)|insurers?|guarantors?)\b|\b(?:under|of|for) (?:(?:purchase )?orders?|SOW|statement of work|lot|work package|call-off) (?:no\.? ?)?\d`)
	// otherSums are words that make it one about larger or smaller ones.
	otherSums = expression.MustCompile(`(?i)\b(?:below|above|under|over|up to|exceeding|less than|more than|in excess of|not exceeding|of at least) (?:[$€£]|[A-Z]{3} ?|US ?\$)? ?\d`)
)

// narrowed tells whether a sentence states something of a part of the time, the things or the people only.
func narrowed(s string) bool { return otherTimes.MatchString(s) || otherScope.MatchString(s) }

// statement is what one sentence says of a field.
type statement struct {
	value pact.Value
	at    wording.Span
}

// contradict takes the value of a term back where it is one of several statements that differ, and asks with all of them. The question
// is given too, for the obligation that follows from the term.
func (r *reading) contradict(name string, said []statement) []pact.Ambiguity {
	c := r.get(name)
	if c == nil || c.Value == nil {
		return nil
	}
	var differ []statement
	for _, s := range said {
		if !slices.ContainsFunc(differ, func(o statement) bool { return sameStatement(o.value, s.value) }) {
			differ = append(differ, s)
		}
	}
	if len(differ) < 2 || len(differ) > 3 || !slices.ContainsFunc(differ, func(s statement) bool { return sameStatement(s.value, *c.Value) }) {
		return nil
	}
	a := pact.Ambiguity{Code: "contradiction", Question: "The document states the " + strings.ToLower(c.Label) + " in ways that contradict each other. Which holds?"}
	var at []wording.Span
	for _, s := range differ {
		a.Readings, at = append(a.Readings, s.value), append(at, s.at)
	}
	c.Value, c.Rivals, c.Derivation = nil, nil, nil
	c.Ambiguities, c.Confidence, c.Evidence = append(c.Ambiguities, a), sure("0.40"), r.evidence(at...)
	return []pact.Ambiguity{a}
}

// sameStatement compares payment terms by their days alone, and caps by sum and count of fees: what else was read of them stands in other
// sentences. Fees of a time and fees of which the time is not said do not differ.
func sameStatement(a, b pact.Value) bool {
	switch {
	case a.Payment != nil && b.Payment != nil && a.Payment.NetDays != nil && b.Payment.NetDays != nil:
		return *a.Payment.NetDays == *b.Payment.NetDays
	case a.Cap != nil && b.Cap != nil && a.Cap.Multiple != nil && b.Cap.Multiple != nil:
		return a.Cap.Multiple.Equal(*b.Cap.Multiple) && sameWindow(a.Cap.Window, b.Cap.Window)
	case a.Kind == pact.TextValue && b.Kind == pact.TextValue: // "England", "England and Wales"
		return strings.HasPrefix(a.Text, b.Text) || strings.HasPrefix(b.Text, a.Text)
	}
	return a.Equal(b)
}

func sameWindow(a, b *calendar.Duration) bool {
	if a == nil || b == nil {
		return true
	}
	x, inMonths := a.Months()
	y, too := b.Months()
	return *a == *b || inMonths && too && x == y
}

var (
	ownEffect = expression.MustCompile(`(?i)(?:\bthis (?:\w+ ){0,4}(?:agreement|contract|lease|licen[cs]e|order|statement of work)\b[^.;:]{0,80}\b(?:effective|takes? effect|(?:enters?|comes?) into (?:force|effect))(?: (?:as of|on|from|as from|at|of|this))*(?: the)? |\b(?:the |")effective date"?\)?(?: of (?:this|the) [\w ]{2,24})? (?:is|shall be|will be|means)(?: the)? |^effective date ?[:\t] ?)$`)
	// what makes a sentence one about another paper, another time or a case
	otherCase  = expression.MustCompile(`(?i)\b(?:amend\w*|original\w*|prior|previous\w*|restat\w*|supersed\w*|replac\w*|certain|for example|e\.g\.|for instance|example|illustrat\w*|if|unless|where|provided|in the event|no later than|not later than|on or before|later of|earlier of|exhibit|schedule|annex|appendix|letter of credit|polic(?:y|ies)|lease|sublease|plan|guarant(?:y|ee)|option|extend\w*|extension|terminat\w*)\b`)
	orDuration = expression.MustCompile(`(?i)^,? (?:or|and|i\.e\.,?|being|that is,?) (?:on the date (?:that is )?|at the end of |after |until )?(?:[a-z]+ )?$`)
	fromDay    = expression.MustCompile(`(?i)^,? (?:after|from|following|of|as of)(?: the)?(?: \w+ date,?)? $`)
	takesFirst = expression.MustCompile(`(?i)\b(?:whichever|earlier|later|earliest|latest|sooner)\b`)
)

// contradictStart asks where the day on which the contract takes effect is stated twice.
func (r *reading) contradictStart() {
	if r.get("effective_date") == nil {
		return
	}
	var said []statement
	for _, d := range r.facts.dates {
		if d.Date == "" || len(d.Readings) > 0 || r.signs >= 0 && d.Start >= r.signs {
			continue
		}
		n := r.sentenceAt(d.Start)
		if n < 0 {
			continue
		}
		sp := r.sentences[n]
		if sp.End-sp.Start > 900 || d.End > sp.End {
			continue
		}
		before := r.s[max(sp.Start, d.Start-200):d.Start]
		called := calledStart.MatchString(r.lower[d.End:min(len(r.lower), d.End+90)])
		if !called && !ownEffect.MatchString(before) || otherCase.MatchString(r.s[max(sp.Start, d.Start-200):min(sp.End, d.End+60)]) {
			continue
		}
		said = append(said, statement{pact.OnDate(d.Date), r.clauseSpan(d.Start, d.End)})
	}
	r.contradict("effective_date", said)
}

// askFirstOf asks where the day that was found is one of two in an "earlier of" or "later of" whose other one is not known.
func (r *reading) askFirstOf(name string) {
	c := r.get(name)
	if c == nil || c.Value == nil || c.Value.Date == "" || c.Derivation != nil || len(c.Evidence) == 0 || c.Evidence[0].Passage == nil {
		return
	}
	s := wording.Normal(c.Evidence[0].Passage.Quote).S
	for _, d := range wording.Dates(s) {
		if d.Date != c.Value.Date {
			continue
		}
		m := firstOf.FindStringSubmatchIndex(s[:d.Start])
		after := otherAfter.FindStringIndex(s[d.End:])
		if m == nil || m[1]-m[3] < 8 && after == nil {
			return
		}
		end := d.End
		if after != nil {
			end += after[1]
		}
		which := s[m[2]:m[3]]
		c.Ambiguities = append(c.Ambiguities, pact.Ambiguity{
			Code: "open_event", Question: "The day is the " + which + " of two, and one of them is not known from the text. Which day is it?",
			Readings: []pact.Value{*c.Value}, Texts: []string{strings.TrimSpace(s[m[0]:end])},
		})
		c.Value, c.Rivals, c.Confidence = nil, nil, sure("0.40")
		return
	}
}

var (
	firstOf    = expression.MustCompile(`(?i)\b(?:the )?(later|latest|earlier|earliest) (?:to occur )?of\b[^.;]{0,120}$`)
	otherAfter = expression.MustCompile(`(?i)^,? (?:and|or) [^.;,]{4,120}`)
)

// contradictEnd asks where one sentence gives the last day as a date and as a time from another date, and they are not the same day.
func (r *reading) contradictEnd() {
	c := r.get("expiration_date")
	if c == nil || len(c.Evidence) == 0 || c.Evidence[0].Passage == nil || c.Value != nil && c.Value.Date == "" {
		return
	}
	for n, sp := range r.sentences {
		if sp.End-sp.Start > 500 || !r.shows(n, signUnit|signSpan) || !holds(r.lower[sp.Start:sp.End], "expir", "ends", "terminates", "until", "remain") {
			continue
		}
		s := r.cut(sp)
		if takesFirst.MatchString(s) || otherCase.MatchString(s) {
			continue
		}
		dates := wording.Dates(s)
		for _, d := range wording.Durations(s) {
			for i := 0; i+1 < len(dates); i++ {
				x, y := dates[i], dates[i+1]
				if x.Date == "" || y.Date == "" || len(d.Readings) > 0 || d.Start < x.End || y.Start < d.End || !orDuration.MatchString(s[x.End:d.Start]) || !fromDay.MatchString(s[d.End:y.Start]) || !endsOn.MatchString(s[:x.Start]) {
					continue
				}
				end, ok := d.Duration.After(y.Date)
				if !ok || end == x.Date || end.AddDays(-1) == x.Date {
					continue
				}
				v := pact.OnDate(x.Date)
				c.Value = &v
				r.contradict("expiration_date", []statement{{v, sp}, {pact.OnDate(end.AddDays(-1)), sp}})
				return
			}
		}
	}
}

var (
	renewalSaid = expression.MustCompile(`(?i)\b(?:non-?renew\w*|(?:not to|not|does not|do not|to) (?:be )?renew\w*|renew\w*)\b`)
	ofEither    = expression.MustCompile(`(?i)\b(?:(?:either|any|one|a|each|neither|both) part(?:y|ies)|parties)\b`)
	ofOne       = expression.MustCompile(`\b(?:Customer|Supplier|Client|Provider|Vendor|Licensor|Licensee|Buyer|Seller|Company|Contractor|Distributor|Company|we|you)\b`)
	otherNotice = expression.MustCompile(`(?i)\b(?:cause|breach|default|cure|remed\w+|price|fees?|increase|remind\w*|convenience|insolven\w*|change of control|force majeure|option|assign\w*|address)\b`)
)

// laterRenewal is one renewal among others.
var laterRenewal = expression.MustCompile(`(?i)\b(?:after|before|from|until|following|during|in|for) the (?:first|second|third|initial|last) (?:\w+ )?(?:renewal|(?:contract )?year)\b`)

// contradictNotice asks where two sentences fix the notice that prevents a renewal, and differ.
func (r *reading) contradictNotice() {
	c := r.get("notice_period")
	if c == nil || c.Value == nil || c.Value.Duration == nil {
		return
	}
	var said []statement
	for n, sp := range r.sentences {
		if sp.End-sp.Start > 900 || !r.shows(n, signUnit|signSpan) || !strings.Contains(r.lower[sp.Start:sp.End], "notice") || r.signs >= 0 && sp.Start >= r.signs {
			continue
		}
		s := r.cut(sp)
		if !renewalSaid.MatchString(s) || laterRenewal.MatchString(s) || otherNotice.MatchString(s) || !ofEither.MatchString(s) && ofOne.MatchString(s) {
			continue
		}
		var found []wording.Duration
		for _, d := range wording.Durations(s) {
			if len(d.Readings) == 0 && noticeTime(s, d) {
				found = append(found, d)
			}
		}
		if len(found) == 1 {
			said = append(said, statement{pact.Value{Kind: pact.DurationValue, Duration: &found[0].Duration}, r.clauseSpan(sp.Start+found[0].Start, sp.Start+found[0].End)})
		}
	}
	r.renewal.ambiguous = append(r.renewal.ambiguous, r.contradict("notice_period", said)...)
	if len(r.renewal.ambiguous) > 0 {
		r.renewal.notice, r.renewal.evidence = nil, c.Evidence
	}
}

// renewsFor is before the length of a renewal, or of the term.
var renewsFor = expression.MustCompile(`(?i)\b(?:renew\w*|extend\w*|prolong\w*|continues?|terms?|periods?|successive|additional|further)(?: automatically| itself)?(?: (?:for|of|by|each|is|terms?|periods?|an?|another|further|additional|successive|consecutive|one|of each|in the amount of)){1,5} $`)

// noticeTime tells whether a time is that of a notice: "sixty days' notice", "notice … at least ninety days before the end".
func noticeTime(s string, d wording.Duration) bool {
	after := s[d.End:min(len(s), d.End+60)]
	if renewsFor.MatchString(s[:d.Start]) {
		return false // "renews for one year unless notice is given"
	}
	return noticeHas.MatchString(s[:d.Start]) || noticeNear.MatchString(after) && strings.Contains(strings.ToLower(s[max(0, d.Start-160):min(len(s), d.End+60)]), "notice")
}

var (
	ofInvoices   = expression.MustCompile(`(?i)\b(?:invoices?|payment terms|terms of payment|bills)\b`)
	otherInvoice = expression.MustCompile(`(?i)\b(?:invoices?|bills?|payments?|amounts?|fees?|charges|terms) (?:for|relating|in respect|concerning|under|issued for|in connection)\b|\b(?:if|unless|fail\w*|suspend\w*|interest|overdue|late|past due|remain\w*|outstanding|unpaid|discount|dispute\w*|expenses?|travel|royalt\w+|reimburs\w+|commission\w*|audit|credit|refund|rent|taxes|first|final|initial|deposit|instal+ments?|submit|receive[sd]? (?:the )?(?:goods|products)|renewals?|subcontract\w*|terminat\w*|expir\w*|schedule|exhibit|purchase order)\b`)
)

// paidBefore is a word of paying before a time; what is sent or billed by then is not paid by then.
var paidBefore = expression.MustCompile(`(?i)\b(?:pay(?:s|able|ment|ments)?|paid|settle[sd]?|remit(?:s|ted)?|due|terms)\b[^.;]{0,90}$`)

// statesPayment tells whether a sentence fixes the time of payment for invoices in general.
func statesPayment(s string, p wording.Payment) bool {
	paid := paidBefore.FindStringIndex(s[:p.Start])
	if paid == nil && !strings.Contains(strings.ToLower(s[p.Start:p.End]), "net") {
		return false // by when it is sent
	}
	if narrowed(s) || otherSums.MatchString(s) || acknowledges.MatchString(s) {
		return false
	}
	return p.Terms.NetDays != nil && len(p.Ambiguities) == 0 && ofInvoices.MatchString(s) && !otherInvoice.MatchString(s) && !payNot.MatchString(s)
}

// acknowledges is what somebody does about a payment or an invoice, other than pay.
var acknowledges = expression.MustCompile(`(?i)\b(?:acknowledg\w+|confirm\w*|post|allocate|credit|book|approve|reject|review|check|query) (?:the |each |any |all |receipt of |its )*(?:payments?|invoices?|remittances?)\b`)

// soldSidePays tells whether it is the side that sells which pays by a sentence: what its suppliers are owed is no term of this contract.
func (r *reading) soldSidePays(s string) bool {
	for _, m := range [][]string{payer.FindStringSubmatch(s), paidByWhom.FindStringSubmatch(s)} {
		if m == nil {
			continue
		}
		if who, ok := r.bearerOf(m[1]); ok {
			return who == r.side("supplier")
		}
	}
	return false
}

var paidByWhom = expression.MustCompile(`\b(?:paid|settled|payable|remitted|honou?red) by ((?:the )?[A-Z][\w&-]*(?: [A-Z][\w&-]*){0,2})`)

var (
	wholeCap = expression.MustCompile(`(?i)\b(?:total|aggregate|entire|maximum|cumulative|overall)\b[^.;]{0,40}\bliabilit(?:y|ies)\b|\bliabilit(?:y|ies)\b[^.;]{0,60}\b(?:shall not|will not|is limited|not exceed|capped|limited)\b|\bliable (?:to the other )?for (?:any )?(?:more than|damages exceeding|amounts? (?:exceeding|in excess of))\b`)
	// carvedOut leaves a part out, which says nothing of the rest: "Except for breach of confidentiality, …"
	carvedOut = expression.MustCompile(`(?i)^(?:[\d.()a-z]{1,8} )?(?:[A-Z][\w ]{2,40}\. )?(?:except|other than|save|excluding|with the exception|subject to|notwithstanding)\b[^,;\d]{3,160}, |, (?:except|other than|save|excluding) (?:for|in (?:the )?case)\b[^;\d]{3,200}\.?$`)
	partCap   = expression.MustCompile(`(?i)\b(?:except|other than|save|excluding|indemnif\w*|indemnit\w*|confidential\w*|data|personal|bodily|property|intellectual|per (?:claim|event|occurrence|incident|year|month)|each (?:claim|event|occurrence|incident|year|contract year)|any one|death|gross negligence|delay|liquidated|insur\w+|in any (?:calendar |contract )?year|section|clause|greater of|higher of|lesser of|lower of|warrant\w*|schedule|exhibit|order|sow)\b`)
)

// ofFault is one reason of being liable among others: "liability for defects", "for late delivery".
var ofFault = expression.MustCompile(`(?i)\bliabilit(?:y|ies)\b[^.;]{0,60}?\bfor (?:any |all |its )?(?:breach(?:es)? of|defects?|late|loss of|damage to|errors?|claims? (?:by|from)|infringement|failure to|non-?delivery|recalls?|fines?)\b|\bliabilit(?:y|ies) of (?:the |its |any )?(?:insurer|guarantor|affiliate|sub-?contractor|agent|director|employee|parent)`)

// statesCap tells whether a sentence limits the whole liability, by a sum or by fees, and whose: "" is that of both, or of nobody in particular.
func statesCap(s string, c wording.Cap) (string, bool) {
	whole := carvedOut.ReplaceAllString(s, " ")
	if c.Unpicked || (c.Cap.Amount == nil) == (c.Cap.Multiple == nil) || !wholeCap.MatchString(whole) || partCap.MatchString(whole) || narrowed(whole) || ofFault.MatchString(whole) {
		return "", false
	}
	if ofEither.MatchString(s) {
		return "", true
	}
	return ofOne.FindString(s), true
}

// contradictCap asks where sentences limit the whole liability of one party, or of both, otherwise.
func (r *reading) contradictCap(said map[string][]statement) {
	for _, who := range slices.Sorted(maps.Keys(said)) {
		all := said[who]
		if who != "" {
			all = append(slices.Clone(said[""]), all...)
		}
		r.contradict("liability_cap", all)
	}
}

var (
	// aboutLaw is a sentence that gives the contract its law
	aboutLaw = expression.MustCompile(`(?i)\b(?:this|the|these) (?:[\w-]+ ){0,3}(?:agreement|contract|lease|terms(?: and conditions)?|licen[cs]e|order|sow)\b[^.;]{0,140}\b(?:governed|construed|interpreted|subject to)\b|\b(?:governing|applicable|proper) law\b(?:: |[^.;]{0,60}\b(?:is|shall be|will be|of this)\b)|\blaws?\b[^.;]{0,60}\b(?:governs?|appl(?:y|ies)|controls?)\b`)
	// otherLaw is one about the law of something else, or of a case
	otherLaw = expression.MustCompile(`(?i)\b(?:except|other than|save|if|unless|where|whereas|when|in the event|to the extent|with respect to|with regard to|in respect of|relating to|regarding|concerning|as to|notwithstanding|arbitra\w*|mediat\w*|dispute\w*|claims?|data|privacy|personal|intellectual|patents?|trademarks?|copyrights?|security interests?|liens?|mortgage|real (?:property|estate)|title|internal affairs|corporate law|insolven\w*|bankrupt\w*|employment|tax(?:es|ation)?|securities|antitrust|competition|export|insur\w*|guarant\w*|note|warrant\w*|lease|sub-?lease|exhibit|schedule|annex|appendix|addendum|amend\w*|prior|original|previous\w*|sub-?licen\w*|sub-?contract\w*|confidentiality agreement|non-?disclosure|escrow|located|domicil\w*|resid\w*|respective|each state|choose|elect\w*|organi[sz]ed|incorporated|existing|laws? of (?:either|any|each)|example|e\.g\.)\b`)
	// andDisputes is what a law is chosen for beside the contract itself
	andDisputes = expression.MustCompile(`(?i)(?:,? and|,? or| \() ?(?:any |all |the )?(?:other )?(?:\w+ )?(?:disputes?|claims?|actions?|matters?|questions?|controvers\w+)\b.{0,220}?\b(shall|will|is|are)\b`)
	// parts of what they are beside: "the laws of Ontario and the federal laws of Canada"
	federal = []string{"United States", "Canada", "Australia", "United Kingdom", "Great Britain", "United Arab Emirates", "People's Republic of China"}
)

// contradictLaw asks where two sentences before the signatures give the contract different laws.
func (r *reading) contradictLaw(finds []lawFind) {
	var said []statement
	for _, f := range finds {
		words := andDisputes.ReplaceAllString(f.words, " $1")
		if r.signs >= 0 && f.at.Start >= r.signs || slices.Contains(federal, f.place.Name) || !aboutLaw.MatchString(words+f.after) || otherLaw.MatchString(words) {
			continue
		}
		said = append(said, statement{pact.Text(f.place.Name), f.at})
	}
	r.contradict("governing_law", said)
}

var otherUptime = expression.MustCompile(`(?i)\b(?:if|below|less than|falls?|credit\w*|example|e\.g\.|achiev\w*|reads?|replac\w*|amend\w*|efforts?|last year|since|measured|reported|historical\w*|terminat\w*|scheduled|plans?|premium|standard|basic|gold|silver|tier)\b`)

var uptimeOwner = expression.MustCompile(`(?i)\b(?:availability|uptime) (?:of|for) (?:the |our |its |each )?([A-Za-z][\w-]*(?: [A-Za-z][\w-]*)?)(?: (?:of|is|will|shall|at|in)\b|[.,;]|$)`)

// contradictUptime asks where two sentences promise an availability of the same service, and differ.
func (r *reading) contradictUptime(all []uptimeFind) []pact.Ambiguity {
	plain := func(f uptimeFind) string {
		name := f.service
		if m := uptimeOwner.FindStringSubmatch(r.cut(f.at)); m != nil && name == "" {
			name = slug(m[1])
		}
		if name = strings.TrimSuffix(strings.TrimPrefix(name, "the-"), "s"); name == "" {
			return "service"
		}
		return name
	}
	c := r.get("uptime_target")
	if c == nil || c.Value == nil || c.Value.Percentage == nil {
		return nil
	}
	lead := slices.IndexFunc(all, func(f uptimeFind) bool { return f.v.Equal(*c.Value.Percentage) && !f.table })
	if lead < 0 {
		return nil
	}
	var said []statement
	for _, f := range all {
		if s := r.cut(f.at); f.table || f.score < 3 || plain(f) != plain(all[lead]) || narrowed(s) || otherUptime.MatchString(s) || len(wording.Percents(s)) > 1 {
			continue
		}
		said = append(said, statement{pact.Percent(f.v), f.at})
	}
	return r.contradict("uptime_target", said)
}
