package grammar

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

var (
	payNot    = expression.MustCompile(`(?i)\b(?:dispute|objection|terminat\w+|cure|breach|audit|refund|notice of|tax(?:es)?|reimburse\w*|service credits?|credit notes?|shortfall|rebates?|penalt(?:y|ies)|damages|bonus|wages|dividends?|accept(?:ance)? or reject|insurance|royalt(?:y|ies) report|default|claims?)\b`)
	billing   = expression.MustCompile(`(?i)\b(?:submits?|sends?|issues?|renders?|provides?) (?:an?|its|the|their|each) [^.;]{0,80}$|\bhave received\b[^.;]{0,120}$`)
	owedPaper = expression.MustCompile(`(?i)\b(?:report|statement of|summary|scorecard)\b`)
	payYes    = expression.MustCompile(`(?i)\b(?:settles?|settled|remits?|remitted|paid|pays?|bills?|invoices?|invoiced|undisputed|payment terms|net \w+|fees|statement|purchase price|amounts? due|all amounts|payments? (?:is|are|shall be|will be) (?:due|made)|shall pay|will pay|agrees to pay|payable|due)\b`)
	// what may be deducted by who pays early
	discountOnly = expression.MustCompile(`(?i)\b(?:discount|allowance|deduct\w*|skonto|escompte)\b`)
	// a usual term of trade that names a day of the next month
	nextMonthDay = expression.MustCompile(`(?i)\b(?:mfi|prox(?:imo)?)\b|\bM\.F\.I\.`)
	payStart     = expression.MustCompile(`(?i)\b(?:billing|invoicing|invoices|credit terms|settlement|terms of payment|invoices? (?:and|&) payment|payment)\b`)
)

// findPayment reads the payment terms. The sentence that speaks most plainly of paying invoices wins.
func findPayment(r *reading) {
	type find struct {
		p       wording.Payment
		at      wording.Span
		score   int
		invoice bool // days of an invoice are counted
	}
	var best, sight *find
	var said []statement
	for _, n := range r.sentencesWith(250, "net ", "invoice", "payable", "payment terms", "shall pay", "will pay", "due within", "due on receipt", "due upon receipt", "days of receipt", "n/30", "falls due", "due date of", "pays ", "pay ", "paid ", "settle", "remit", "bill", "terms of payment", "credit terms", "days net", "days' credit", "prox", "cash on", "c.o.d", "pay within", "payment shall be", "payment is", "falling due", "payment:", "terms:", "mature", "payment target", "days sight", "days' sight") {
		sp := r.sentences[n]
		s := r.cut(sp)
		if len(s) > 3000 || !r.says(payWords(), sp) {
			continue
		}
		p, ok := wording.PaymentOf(s)
		if !ok {
			continue
		}
		f := find{p: p, at: sp, score: r.speaksOfPaying(n, s, p), invoice: p.Terms.NetDays != nil && strings.Contains(strings.ToLower(s), "invoice")}
		if strings.HasSuffix(p.Terms.Text, " sight") {
			f.score += 4 // nothing else is counted from there
			if sight == nil || f.score > sight.score {
				sight = &f
			}
			continue
		}
		if best == nil || f.score > best.score {
			best = &f
		}
		if f.score >= 4 && statesPayment(s, p) && !r.soldSidePays(s) {
			said = append(said, statement{pact.Value{Kind: pact.PaymentValue, Payment: &p.Terms}, sp})
		}
	}
	if sight != nil && (best == nil || sight.score > best.score && !(best.invoice && best.score >= 4)) {
		best = sight
	}
	if best == nil || best.score < 4 {
		return
	}
	at := best.at
	if at.End-at.Start > 900 {
		at = r.clauseSpan(best.at.Start+best.p.Start, best.at.Start+best.p.End)
	}
	if best.p.Unpicked {
		c := r.term("payment_terms", nil, "0.40", at)
		c.Ambiguities = best.p.Ambiguities
		return
	}
	confidence := "0.74"
	if best.score >= 6 {
		confidence = "0.82"
	}
	if at != best.at { // the value must follow from what is quoted
		again, ok := wording.PaymentOf(r.cut(at))
		if !ok {
			return
		}
		best.p = again
	}
	terms := best.p.Terms
	r.lateInterest(&terms, &at)
	r.cashDiscount(&terms, &at)
	c := r.term("payment_terms", &pact.Value{Kind: pact.PaymentValue, Payment: &terms}, confidence, at)
	c.Ambiguities = best.p.Ambiguities
	if len(c.Ambiguities) > 0 {
		c.Value, c.Confidence = nil, sure("0.40")
		terms := best.p.Terms
		c.Ambiguities[0].Readings = []pact.Value{{Kind: pact.PaymentValue, Payment: &terms}}
	}
	asks := r.contradict("payment_terms", said)
	if s := otherInvoices.FindString(r.cut(at)); c.Value != nil && s != "" && !notDue.MatchString(s) {
		a := pact.Ambiguity{Code: "terms_by_invoice", Question: "Some invoices are due at another time than the others. Which terms hold?", Readings: []pact.Value{*c.Value}}
		c.Value, c.Confidence, c.Ambiguities = nil, sure("0.40"), []pact.Ambiguity{a}
		asks = append(asks, a)
	}
	r.invoicePayment(terms, confidence, at, asks...)
}

// speaksOfPaying is how plainly sentence n, of the words s, tells when invoices are paid; p are the terms that stand in it.
func (r *reading) speaksOfPaying(n int, s string, p wording.Payment) int {
	score := 2
	low := strings.ToLower(s)
	if holds(low, "invoice", " bill", "settle", "remit", "terms of payment", "payment terms", "payment target", "payment period", "credit terms", "days' credit") {
		score += 2
	}
	if p.Terms.NetDays == nil && !p.Terms.OnReceipt && !p.Unpicked && !nextMonthDay.MatchString(s[p.Start:p.End]) {
		score-- // how it is paid, but no count of days
	}
	if payYes.MatchString(s) {
		score++
	}
	if strings.Contains(low, "net ") && p.Terms.NetDays != nil && strings.Contains(s[p.Start:p.End], "et") {
		score += 2
	}
	if billing.MatchString(s[max(0, p.Start-140):p.Start]) || owedPaper.MatchString(s[p.End:min(len(s), p.End+140)]) {
		score -= 4
	}
	if payNot.MatchString(s[max(0, p.Start-120):min(len(s), p.End+60)]) {
		score -= 2
	}
	if discountOnly.MatchString(s) && len(wording.Percents(s)) > 0 && len(wording.Durations(s)) == 1 {
		score -= 3 // when a discount may be taken, not when payment is due
	}
	if payStart.MatchString(s[:min(len(s), 60)]) || n > 0 && r.sentences[n-1].End-r.sentences[n-1].Start < 80 && payStart.MatchString(r.cut(r.sentences[n-1])) {
		score++
	}
	if p.Terms.Basis != "" {
		score++
	}
	return score
}

// payer is who is said to pay.
var payer = expression.MustCompile(`\b((?:[Tt]he )?[A-Z][\w&-]*(?: [A-Z][\w&-]*){0,2}) (?:shall|will|must|agrees to) (?:pay|settle|remit)\b`)

// invoicePayment adds the obligation that follows from payment terms: each invoice is paid by its due date. Terms that give no due date
// add none; what they leave open ("net 30 EOM") the obligation asks.
func (r *reading) invoicePayment(terms pact.PaymentTerms, confidence string, at wording.Span, asks ...pact.Ambiguity) {
	p := obligation.PayBy(terms)
	p.Zone = r.zone
	where := []wording.Span{at}
	if p.Late == nil && terms.Late == nil {
		if sp, ok := r.lateByStatute(); ok {
			p.Late = &obligation.LateInterest{Method: "uk_statute"}
			where = appendNew(where, []wording.Span{sp})
		}
	}
	o := pact.Obligation{
		Kind: obligation.InvoicePayment{}.Name(), Key: "payment/invoices", Title: short110(obligation.PayTitle(terms)),
		Bearer: r.side("customer"), Beneficiary: r.side("supplier"), Trigger: "an invoice",
	}
	if terms.Late != nil && terms.LateOver != "" {
		o.Remedy = "interest of " + terms.Late.String() + " % above the " + terms.LateOver
	}
	if m := payer.FindStringSubmatch(r.cut(at)); m != nil { // who buys is not always the customer: "Provider shall pay Customer's invoices"
		if who, ok := r.bearerOf(m[1]); ok && who != o.Bearer {
			o.Bearer, o.Beneficiary = who, r.otherParty(who, "")
		}
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return
	}
	for _, q := range obligation.Check(pact.Obligation{Kind: o.Kind, Params: raw}) {
		if q.Code == "terms" || q.Code == "start" {
			return // no due date can be counted from them
		}
		o.Ambiguities = append(o.Ambiguities, q)
	}
	o.Ambiguities = append(o.Ambiguities, asks...)
	r.obligation(o, p, confidence, where...)
}

var (
	// byStatute is interest that is owed under the Act of 1998.
	byStatute = expression.MustCompile(`(?i)(?:\b(?:entitled to|may (?:charge|claim)|(?:shall|will|must|agrees to|is to|are to) (?:pay|bear|carry|accrue|incur)|pays|bears?|carr(?:y|ies)|charges|(?:reserves?|has|have) the right)\b[^;]{0,120}\binterest\b|\binterest\b[^;]{0,120}\b(?:runs?|accrues?|(?:is|are|(?:shall|will|may) be) (?:payable|charged|charge?able|added|claimed|due|paid)|(?:shall|will) (?:run|accrue))\b)[^;]{0,160}\blate payment of commercial debts\b`)
	// unpaidYet is the case in which interest is owed, whose negation is none of the interest.
	unpaidYet = expression.MustCompile(`(?i)\b(?:if|where|when|which|that|any)\b[^,;]{0,60}?\b(?:is|are|do|does|has|have) not (?:been )?(?:paid|pay|made|received|settled?)\b`)
	noStatute = expression.MustCompile(`(?i)\b(?:no|not|nor|neither|never|cannot|without|waive\w*|exclu\w+|disappl\w+|substitut\w+|remedy|instead|in (?:place|lieu) of|forgo\w*|renounc\w+|unless|except)\b`)
)

// lateByStatute finds the sentence by which late payment costs what the Late Payment of Commercial Debts (Interest) Act 1998 gives.
func (r *reading) lateByStatute() (wording.Span, bool) {
	for _, n := range r.sentencesWith(120, "late payment of commercial debts") {
		sp := r.sentences[n]
		if s := r.cut(sp); len(s) < 900 && byStatute.MatchString(s) && !noStatute.MatchString(unpaidYet.ReplaceAllString(s, "")) {
			return sp, true
		}
	}
	return wording.Span{}, false
}

// lateInterest looks in the two sentences after the payment clause for the interest on late payment, and takes them
// into the quote.
func (r *reading) lateInterest(terms *pact.PaymentTerms, at *wording.Span) {
	if terms.Late != nil {
		return
	}
	n := r.sentenceAt(at.Start)
	for k := n + 1; k <= n+3 && k < len(r.sentences); k++ {
		wide := wording.Span{Start: at.Start, End: r.sentences[k].End}
		if wide.End-wide.Start > 1200 {
			return
		}
		p, ok := wording.PaymentOf(r.cut(wide))
		if ok && p.Terms.Late != nil && p.Terms.NetDays != nil && terms.NetDays != nil && *p.Terms.NetDays == *terms.NetDays {
			*terms, *at = p.Terms, wide
			return
		}
	}
}

// cashDiscount looks for the discount on early payment in the sentence after the payment clause.
func (r *reading) cashDiscount(terms *pact.PaymentTerms, at *wording.Span) {
	if len(terms.Discounts) > 0 {
		return
	}
	n := r.sentenceAt(at.End - 1)
	for k := n; k <= n+1 && k < len(r.sentences); k++ {
		if k < 0 || !holds(r.lower[r.sentences[k].Start:r.sentences[k].End], "discount", "deduct", "allowance", "early payment", "prompt", "% if paid", "% for payment") {
			continue
		}
		wide := wording.Span{Start: at.Start, End: max(at.End, r.sentences[k].End)}
		if wide.End-wide.Start > 1200 {
			return
		}
		if p, ok := wording.PaymentOf(r.cut(wide)); ok && len(p.Terms.Discounts) > 0 && !p.Unpicked {
			*terms, *at = p.Terms, wide
			return
		}
	}
}

var (
	totalCue  = expression.MustCompile(`(?i)\b(?:total contract (?:value|price|sum|amount)|contract (?:value|price|sum)|total (?:\w+ ){0,2}(?:fees?|price|amount|consideration|cost|charges?|compensation|value|purchase price|subscription fees?|sum)(?: (?:payable|due|for|of|under|to be paid)[^.;$]{0,60})?|aggregate (?:fees?|amount|purchase price|consideration)|fixed (?:price|fee)|lump sum|not[- ]to[- ]exceed (?:amount|fee|price|total)|grand total|total value|TCV|to a total of|total for the [a-z ]{0,24}(?:term|period)(?: \([^)]{0,20}\))?)\b[^.;\n]{0,60}$`)
	annualCue = expression.MustCompile(`(?i)\b(?:annual total(?: \([^)]{0,20}\))?|annual (?:\w+ ){0,3}(?:fees?|charges?|lump sum|flat rate|remuneration|value|amount|price|payment|subscription|license fee|contract value)|yearly (?:\w+ ){0,2}(?:fees?|charges?|amount)|per (?:year|annum) (?:fee|charge)|ACV|fees? per (?:year|annum))\b[^.;\n]{0,60}$`)
	inTotal   = expression.MustCompile(`(?i)^ (?:in total\b|over the (?:whole )?(?:life|term|duration)\b|for the (?:fixed|whole|entire|initial) (?:[\w-]+ )?term\b)`)
	// leastSpent stands before a sum that is a minimum, not what the contract is worth in a year.
	leastSpent = expression.MustCompile(`(?i)\b(?:spend|purchase|buy|order|commits?|commit to|take)\b[^.;]{0,40}\b(?:at least|not less than|no less than|a minimum of)[^.;]{0,12}$`)
	perYear    = expression.MustCompile(`(?i)^[ ,]*(?:\([^)]{0,20}\) ?)?(?:per (?:year|annum|contract year)|annually|a year|for a year|each year|for each (?:contract )?year|yearly)\b`)
	otherUnit  = expression.MustCompile(`(?i)^[ ,]*(?:per|/|each|a) ?(?:month|day|hour|unit|user|seat|device|claim|occurrence|incident|copy|share|week|quarter|licen[cs]e|event)`)
	notPrice   = expression.MustCompile(`(?i)\b(?:liabilit\w*|liable|insur(?:ance|e|es|ed)|coverage|damages|indemnif\w*|indemnity|penalt\w+|credit limit|threshold|exceed|minimum net worth|loan|per occurrence|deductible|capital)\b`)
)

// What a paper that changes another one says of sums: what the change itself costs, what the contract came to before it, and what it comes to
// with it. A change order is such a paper as a whole, so that a total in it is the contract's only where it says so.
var (
	ofChange  = expression.MustCompile(`(?i)\b(?:of|for|under|by) (?:this|the|such) (?:change(?: order| request)?|variation(?: order)?|amendment|addendum|additional (?:work|services)|(?:work|services) (?:under|of) this)\b`)
	beforeIt  = expression.MustCompile(`(?i)\b(?:original|previous(?:ly)?|prior|current|existing|former) (?:\w+ ){0,3}?(?:contract|agreement|price|value|sum|amount|fees?|total)\b|\bnet change\b|\b(?:prior to|before) (?:this|the) (?:change|variation|amendment|addendum)\b|\bpreviously\b`)
	withIt    = expression.MustCompile(`(?i)\b(?:new|revised|adjusted|amended|updated|resulting)\b[^.;]{0,40}\b(?:price|value|sum|amount|fees?|total)\b|\bas (?:amended|changed|varied|revised|adjusted|increased|reduced) by (?:this|the)\b`)
	changePay = expression.MustCompile(`(?i)\b(?:change order|variation)\b`)
	contracts = expression.MustCompile(`(?i)\b(?:contract|agreement|order form|statement of work|sow)\b`)
)

// ofChangeAlone tells whether the words before a sum of a paper that changes another one say that it is no value of that contract.
func (r *reading) ofChangeAlone(before string) bool {
	cue := before[strings.LastIndexAny(before, "\n;")+1:]
	if withIt.MatchString(cue) {
		return false
	}
	title := ""
	if v := r.value("title"); v != nil {
		title = v.Text
	}
	return ofChange.MatchString(cue) || beforeIt.MatchString(cue) || changePay.MatchString(title) && !contracts.MatchString(cue)
}

// otherInvoices takes some invoices, told by their size, out of the terms of the rest and gives them a time of their own.
var otherInvoices = expression.MustCompile(`(?i)\b(?:save|except|provided|but|however|whereas|while)\b[^.;]{0,40}\b(?:invoices?|bills?|amounts?|sums?|orders?) (?:[a-z]+ ){0,3}(?:over|above|exceeding|below|under|more than|less than)\b[^;]{0,60}\b(?:within|in|after|net|due|payable)\b[^.;]{0,16}\d+ (?:calendar |business |working )?days`)

// notDue tells that the days beside some invoices are for something else than paying them.
var notDue = expression.MustCompile(`(?i)\b(?:disput\w*|interest|deliver\w*|ship\w*|notif\w*|object\w*|reject\w*|approv\w*|report\w*|suspend\w*|terminat\w*)\b`)

// insured is a sentence on what is insured, whose sums say nothing of the currency of the contract.
var insured = expression.MustCompile(`(?i)\binsur(?:ance|ed|es?)\b|\b(?:indemnity|liability) cover\b|\b(?:each and every|any one) claim\b`)

// findValues reads total and annual value, and the currency.
func findValues(r *reading) {
	counts := map[string]int{}
	var total, annual *valueFind
	changes := r.changesAnother()
	for _, n := range r.moneySentences() {
		sp := r.sentences[n]
		s := r.cut(sp)
		if !r.says(valueWords(), sp) && len(counts) > 0 {
			if !insured.MatchString(s) {
				r.countSigns(counts, sp)
			}
			continue
		}
		if len(s) > 4000 {
			s = s[:r.safeIn(s, 4000)]
		}
		for _, sum := range wording.Sums(s) {
			currency := sum.Amount.Currency
			if len(sum.Readings) > 0 {
				currency = sum.Readings[0].Currency
			}
			if !insured.MatchString(s) {
				counts[currency]++
			}
			before, after := s[max(0, sum.Start-150):sum.Start], s[sum.End:min(len(s), sum.End+60)]
			if notPrice.MatchString(before) || otherUnit.MatchString(after) {
				continue
			}
			at := wording.Span{Start: sp.Start + sum.Start, End: sp.Start + sum.End}
			if changes && r.ofChangeAlone(before) {
				continue
			}
			if total == nil && (totalCue.MatchString(before) && !perYear.MatchString(after) && !annualCue.MatchString(before) || inTotal.MatchString(after)) {
				total = &valueFind{sum, at}
			}
			if annual == nil && (annualCue.MatchString(before) || perYear.MatchString(after) && !leastSpent.MatchString(before)) {
				annual = &valueFind{sum, at}
			}
		}
	}
	r.addSum("total_contract_value", total)
	r.addSum("annual_contract_value", annual)
	r.addCurrency(counts)
}

// countSigns counts the currencies of a sentence whose sums are of no further interest.
func (r *reading) countSigns(counts map[string]int, sp wording.Span) {
	low := r.lower[sp.Start:sp.End]
	for _, c := range [][2]string{{"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}, {"eur ", "EUR"}, {"gbp ", "GBP"}, {"chf ", "CHF"}, {"nok ", "NOK"}, {"sek ", "SEK"}, {"dkk ", "DKK"}, {"pln ", "PLN"}} {
		if n := strings.Count(low, c[0]); n > 0 {
			if _, known := counts[c[1]]; known || c[0] != "$" {
				counts[c[1]] += n
			}
		}
	}
}

type valueFind struct {
	sum wording.Sum
	at  wording.Span
}

func (r *reading) moneySentences() []int {
	return r.sentencesWith(300, "$", "€", "£", "usd", "eur", "gbp", " dollars", " euro", " chf", " cad", "aud", " rs. ", "inr", "₹", "nok", "sek", "dkk", "pln")
}

func (r *reading) addSum(name string, f *valueFind) {
	if f == nil {
		return
	}
	at := r.clauseSpan(f.at.Start, f.at.End)
	if len(f.sum.Readings) > 0 {
		c := r.term(name, nil, "0.40", at)
		a := pact.Ambiguity{Code: "words_against_figures", Question: "The amount can be read in two ways. Which is right?"}
		for _, v := range f.sum.Readings {
			a.Readings = append(a.Readings, pact.Sum(v))
		}
		c.Ambiguities = append(c.Ambiguities, a)
		return
	}
	v := pact.Sum(f.sum.Amount)
	r.term(name, &v, "0.76", at)
}

var currencyCue = expression.MustCompile(`(?i)\b(?:all (?:amounts|payments|fees|prices|sums)|payments?|fees|amounts|prices|payable|paid|invoiced|denominated|currency)\b[^.;]{0,80}\b(?:in|are|is|be)\b[^.;]{0,40}$`)

func (r *reading) addCurrency(counts map[string]int) {
	for _, n := range r.sentencesWith(120, "dollar", "currency", " funds", "euro", "sterling", " usd", " eur", " gbp", "swiss franc", " yen") {
		sp := r.sentences[n]
		s := r.cut(sp)
		if len(s) > 2500 {
			continue
		}
		for _, m := range currencyWord.FindAllStringIndex(s, -1) {
			if !currencyCue.MatchString(s[max(0, m[0]-160):m[0]]) {
				continue
			}
			if found := wording.Currencies(s[m[0]:m[1]]); len(found) > 0 {
				v := pact.Text(found[0])
				r.term("currency", &v, "0.82", r.clauseSpan(sp.Start+m[0], sp.Start+m[1]))
				return
			}
		}
	}
	best, second := "", 0
	for c, n := range counts {
		switch {
		case best == "" || n > counts[best] || n == counts[best] && c < best:
			second = max(second, counts[best])
			best = c
		default:
			second = max(second, n)
		}
	}
	if best == "" || counts[best] < 2*second+1 {
		return
	}
	for _, n := range r.moneySentences() {
		s := r.cut(r.sentences[n])
		for _, sum := range wording.Sums(s[:min(len(s), 4000)]) {
			if sum.Amount.Currency == best {
				v := pact.Text(best)
				at := r.sentences[n].Start
				if home := r.openDollar(sum, s); home != "" {
					r.askDollar(home, r.clauseSpan(at+sum.Start, at+sum.End))
					return
				}
				r.term("currency", &v, "0.72", r.clauseSpan(at+sum.Start, at+sum.End))
				return
			}
		}
	}
}

var currencyWord = expression.MustCompile(`(?i)\b(?:(?:U\.?S\.?|United States|Canadian|Australian) (?:dollars?|funds|currency)|euros?|pounds sterling|Swiss francs?|Japanese yen|yen|USD|EUR|GBP|CHF|CAD|AUD|NOK|SEK|DKK|PLN)\b`)

var valueWords = anyWord("total", "contract value", "contract price", "contract sum", "aggregate fee", "aggregate amount", "aggregate p", "fixed price", "fixed fee", "lump", "not to exceed", "not-to-exceed", "annual", "per year", "a year", "each year", "annum", "yearly", "acv", "tcv")

var payWords = anyWord("day", "receipt", "net ", "month", "n/30", "delivery", "advance", "arrears", "prox", "cod", "c.o.d", "week", "mfi", "presentation", "on demand", "n45", "n60", "n30", "n90", "n15", "cash before")

var capWords = anyWord("beyond", "no higher", "more in total", "total liability", "aggregate liability", "cumulative liability", "liability:", "cap:", "liability cap", "liability limit", "is higher", "no more", "not more", "never more", "stops at", "ceiling", "the limit", "limited", "the sum of", "the amount of", "restricted to", "confined to", "cap on", "cap of", "limit of", "ceiling", "most ", "exceed", "limited to", "limited in", "greater than", "more than", "capped", "up to", "maximum", "in excess", "be equal to")

// coverLimit tells whether a sentence gives the limit of an insurance ("employers' liability: £10m each and every claim"), which limits
// nobody's liability.
func coverLimit(s string) bool {
	if capOfSomebody.MatchString(s) {
		return false
	}
	return coverWords.MatchString(s) && slices.ContainsFunc(covers, func(c cover) bool { return c.is.MatchString(s) })
}

// coverWords tell that a limit is one of an insurance.
var coverWords = expression.MustCompile(`(?i)\b(?:insur\w+|polic(?:y|ies)|cover(?:age)?|underwrit\w+|each and every|(?:any one|per|each) (?:claim|occurrence|event|accident|loss|incident)|indemnity limit|limit of indemnity|aggregate)\b`)

var capOfSomebody = expression.MustCompile(`(?i)\b(?:exceed\w*|limited to|liable|capped|cap\b|in no event|(?:total|maximum|max\.?|aggregate|overall|cumulative|entire) liability|liability (?:of|for|in|under|arising|cap|limit)|liability (?:is|shall|will)|beyond|restricted|confined)\b`)

// findCap reads the limit of liability.
func findCap(r *reading) {
	type find struct {
		c     wording.Cap
		at    wording.Span
		score int
	}
	var best *find
	said := map[string][]statement{} // by whose liability it is
	for _, n := range r.sentencesWith(200, "liab", "answerable", "pay the other", "compensat", "ceiling", "claims for damages", "responsib", "owes", "damages recoverable", "answers", "pay more than", "most that", "most either", "made to pay", "responsible for more") {
		sp := r.sentences[n]
		if sp.End-sp.Start < 60 && n+1 < len(r.sentences) && r.sentences[n+1].End-sp.Start < 400 && len(wording.Sums(r.cut(sp))) == 0 {
			sp.End = r.sentences[n+1].End // "Cap on liability: …" in two lines
		}
		if !r.says(capWords(), sp) {
			continue
		}
		s := r.cut(sp)
		if len(s) > 5000 {
			s = s[:r.safeIn(s, 5000)]
		}
		c, ok := wording.LiabilityCap(s)
		if !ok || coverLimit(s) || r.underInsurance(n) && !capOfSomebody.MatchString(s) || delayWord.MatchString(s) && eachStep.MatchString(s) { // what a day of delay costs at most
			continue
		}
		f := find{c: c, at: wording.Span{Start: sp.Start, End: sp.Start + len(s)}, score: 2}
		if who, whole := statesCap(s, c); whole {
			said[who] = append(said[who], statement{pact.Value{Kind: pact.CapValue, Cap: &c.Cap}, f.at})
		}
		low := strings.ToLower(s)
		for _, w := range []string{"aggregate", "total liability", "entire liability", "maximum liability", "cumulative liability", "liability of either", "in no event"} {
			if strings.Contains(low, w) {
				f.score++
			}
		}
		if strings.Contains(low, "insurance") || ofFault.MatchString(s) {
			f.score -= 2
		}
		if best == nil || f.score > best.score {
			best = &f
		}
	}
	if best == nil {
		return
	}
	at := best.at
	if at.End-at.Start > 1200 {
		at = wording.Span{Start: r.safe(max(best.at.Start, best.at.Start+best.c.Start-300)), End: r.safe(min(best.at.End, best.at.Start+best.c.End+60))}
	}
	if best.c.Unpicked {
		c := r.term("liability_cap", nil, "0.40", at)
		c.Ambiguities = best.c.Ambiguities
		return
	}
	v := best.c.Cap
	confidence := "0.70"
	if best.score >= 4 {
		confidence = "0.80"
	}
	r.term("liability_cap", &pact.Value{Kind: pact.CapValue, Cap: &v}, confidence, at)
	r.contradictCap(said)
}
