package grammar

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// What must be bought at least, and how prices move.

var (
	commitCue  = expression.MustCompile(`(?i)\b(?:minimum (?:annual |monthly |quarterly |yearly |aggregate |purchase |order |spend )*(?:purchases?|orders?|commitments?|quantit\w+|volumes?|spend|turnover|off-?take|fees?|payments?|charges?|billings?)|(?:purchases?|orders?|volumes?|spend|turnover|off-?take|quantit\w+)[^.;]{0,60} (?:falls?|is|are|remains?) (?:short of|below|less than|under)|(?:commits?|undertakes?|agrees?|binds? (?:it|them)sel(?:f|ves)|guarantees?|assures?) (?:itself |you |the \w+ )?(?:to )?(?:(?:annual|yearly|monthly|a|an|the) )*(?:buy|purchase|take|order|spend|draw|accept|orders|purchases|volume|turnover)?|take[- ]or[- ]pay|(?:guaranteed|committed|agreed|contracted) (?:\w+ )?(?:volume|turnover|quantity|spend|minimum|off-?take|amount)|(?:volume|spend|purchase|annual|yearly) (?:commitment|minimum)|(?:annual|monthly|quarterly|yearly) minimum|minimum (?:bill\w*|charge)|(?:shall|will|must) (?:buy|purchase|take|order|spend|draw|pay for|call off)|(?:buys?|purchases?|takes?|orders?|spends?) (?:not less than|at least|no less than|a minimum of)|off-?take|take and pay for(?:, or pay for if not taken,?)?|(?:quantity|volume|users|seats|licen[cs]es) committed|commits? to|minimum (?:call[- ]?off|engagement|draw)|(?:annual|yearly|monthly|quarterly) (?:volumes?|quantit\w+|purchases?|spend|turnover|orders?|bills?|invoices?|charges?|fees?|payments?)\b[^.;]{0,20}(?::|(?:shall|will|must|may|is|are)(?: not)?(?: be)?) (?:at least|not less|less than|no less|a minimum|no fewer|not fewer)|at least [^.;]{3,40} (?:must|shall|will) be (?:handed over|ordered|purchased|taken|bought|called off|tendered|consigned)|places? orders? (?:amounting to|worth|totalling|of|for)|(?:purchases?|orders?|volumes?|spend|turnover|throughput)[^.;]{0,24} (?:shall|will|must) (?:total|amount to|be|reach|come to))\b`)
	commitAt   = expression.MustCompile(`(?i)\b(?:minimum (?:quantit\w+|volumes?|amounts?|number|purchases?|orders?|turnover|spend|off-?take)[^.;,\d]{3,80} (?:amounts? to|is|are|comes? to|totals?|equals?)|at least|not less than|no less than|minimum(?: of| is|:)?|a minimum (?:\w+ ){0,3}of|commitment (?:of|is|:)|(?:not|never) (?:be|fall|drop|go|sink|come) (?:less than|below)|(?:no|not) fewer than|falls? (?:short of|below)|(?:takes?|buys?|orders?|purchases?|spends?|calls? off|accepts?|uses?) (?:less|fewer) than|shall reach|must reach|will reach|at the (?:least|minimum))\b`)
	purchased  = expression.MustCompile(`(?i)\b(?:purchas\w+|buy\w*|bought|orders?|ordered|takes? (?:delivery|and pay)|tak(?:e|es|ing|en)|call(?:s|ed)?[- ]off|draws?|spend\w*|spent|off-?take|volumes?|turnover|throughput|pays? for|under contract|seats|users|licen[cs]es)\b`)
	definesMin = expression.MustCompile(`(?i)"[^"]{0,40}\b(?:minimum|commitment|committed)\b[^"]{0,30}" (?:means|is|shall mean|shall be)`)
	commitNot  = expression.MustCompile(`(?i)\b(?:insur\w+|liabilit\w+|indemnit\w+|cover(?:age)?|notice|minimum wage|availability|uptime|not a commitment|no minimum|not (?:obliged|bound|required|committed)|credit rating|net worth|capital|staff|employees|hours|days? before|order (?:size|quantity|value)|minimum order)\b`)
	quantityOf = expression.MustCompile(`(?i)^[^.;,]{0,24}?\b(\d{1,3}(?:[ ,.\x{a0}]\d{3})+|\d+)\)?(?: (thousand|million))? ([a-z]{2,16}(?: [a-z]{2,12})?)\b`)
	paidAnyway = expression.MustCompile(`(?i)\b(?:pays?|paid|payable|charged|invoiced|billed|owed|due)\b[^.;]{0,40}\b(?:whether (?:or not|used or|taken or|it|they|you)|even (?:if|where|when) (?:it|they|you|not|less|fewer)|regardless of (?:use|usage|whether|what|how)|if not (?:taken|used|ordered|called))`)
	earnedIf   = expression.MustCompile(`(?i)\b(?:if|where|when|once|in which|for which|provided that|as soon as|should|upon)\b[^.;,]{0,80}$`)
	ofShare    = expression.MustCompile(`(?i)^[^.;,]{0,12}\d[^.;,]{0,10}(?:%|per ?cent)`)
	shortfall  = expression.MustCompile(`(?i)\b(?:shortfall|difference|deficit|not taken|missing|takes? less|buys? less|spends? less|falls? short)\b`)
)

// commitment is a minimum that was found: an amount or a quantity.
type commitment struct {
	params obligation.CommitmentParams
	title  string
	asks   []pact.Ambiguity
}

// findCommitment reads what must be bought in each period: in sentences, and in tables and forms whose labels name a minimum.
func findCommitment(r *reading) {
	for i := range r.grids {
		r.commitmentsInGrid(&r.grids[i])
	}
	for _, n := range r.sentencesWith(120, "minimum", "at least", "not less than", "no less than", "commits", "take or pay", "take-or-pay", "offtake", "off-take", "commitment", "committed", "commit to", "guarantee", "undertakes", "guaranteed", "fewer than", "short of", "falls below", "fall below", "less than", "take and pay", "drop below", "go below", "shall reach", "must reach", "whether or not", "even if", "regardless of") {
		sp := r.sentences[n]
		if sp.End-sp.Start > 900 || sp.End-sp.Start < 20 || r.inTable(sp.Start) {
			continue
		}
		s := r.cut(sp)
		if !strings.ContainsAny(s, "0123456789") || commitNot.MatchString(s) || defines.MatchString(s) && !definesMin.MatchString(s) {
			continue
		}
		if !commitCue.MatchString(s) && !paidAnyway.MatchString(s) && !(commitAt.MatchString(s) && purchased.MatchString(s) && (periodOf(s) != "" || len(wording.Sums(s)) > 0)) {
			continue
		}
		found := commitmentsIn(s)
		if len(found) == 0 || r.toldBefore("minimum_commitment", sp) {
			continue
		}
		if n+1 < len(r.sentences) { // what a shortfall costs
			next := r.sentences[n+1]
			if t := r.cut(next); next.End-next.Start < 400 && shortfall.MatchString(t) {
				sp.End = next.End
				if shares := wording.Percents(t); len(shares) == 1 && len(shares[0].Readings) == 0 && holds(strings.ToLower(t), "of the shortfall", "of the difference", "of the missing") {
					for i := range found {
						found[i].params.FeePercent = &shares[0].Value
					}
				}
			}
		}
		for _, c := range found {
			r.addCommitment(c, sp, r.sentences[n])
		}
	}
}

func (r *reading) addCommitment(c commitment, at, words wording.Span) {
	o := pact.Obligation{Kind: "minimum_commitment", Key: r.freeKey("minimum_commitment"), Title: c.title, Bearer: r.side("customer"), Beneficiary: r.side("supplier"), Deliverable: r.quoteWords(words), Frequency: frequencyWord(c.params.Period), Ambiguities: c.asks}
	r.obligation(o, c.params, "0.70", at)
}

// commitmentsIn reads the minimums of a sentence: behind each "at least", otherwise behind the words that commit.
func commitmentsIn(s string) []commitment {
	places := commitAt.FindAllStringIndex(s, 4)
	if m := definesMin.FindStringIndex(s); m != nil {
		places = [][]int{m}
	}
	if places == nil {
		m := commitCue.FindStringIndex(s)
		if m == nil {
			m = paidAnyway.FindStringIndex(s)
		}
		if m == nil {
			return nil
		}
		places = [][]int{m}
	}
	var out []commitment
	if m := paidAnyway.FindStringIndex(s); m != nil && periodOf(s) != "" && !commitAt.MatchString(s) { // "1,000 pallets a month, which you pay for whether or not you use them"
		for _, k := range wordBegins(s[:m[0]]) {
			if !digitByte(s[k]) && s[k] != '$' {
				continue
			}
			if c, ok := commitmentOf(s[k:m[0]], true); ok {
				c.params.Period = periodOf(s)
				return []commitment{c}
			}
		}
	}
	back := strings.Contains(s, "%") || strings.Contains(lowerASCII(s), "per cent") || strings.Contains(lowerASCII(s), "percent")
	back = back && (rebateWord.MatchString(s) || paidBack.MatchString(s))
	for i, m := range places {
		if back && earnedIf.MatchString(s[:m[0]]) {
			continue // what earns a rebate need not be bought
		}
		end := min(len(s), m[1]+120)
		if i+1 < len(places) {
			end = min(end, places[i+1][0])
		}
		c, ok := commitmentOf(s[m[1]:end], commitAt.MatchString(s) || periodOf(s) != "")
		if !ok {
			continue
		}
		if i > 0 && c.params.Amount == nil {
			continue // a number further on may count something else
		}
		if c.params.Period = periodOf(s[m[1]:end]); c.params.Period == "" {
			c.params.Period = periodOf(s)
		}
		out = append(out, c)
	}
	return out
}

// commitmentOf reads the amount or the quantity that words begin with.
func commitmentOf(rest string, counts bool) (commitment, bool) {
	var c commitment
	if k := strings.Index(rest, ": "); k >= 0 && k < 70 {
		rest, counts = rest[k+2:], true
	}
	if sums := wording.Sums(rest); len(sums) > 0 && sums[0].Start < 50 {
		if len(sums[0].Readings) == 0 {
			amount := sums[0].Amount
			c.params.Amount, c.title = &amount, "Minimum purchase of "+amount.String()
			return c, true
		}
		a := pact.Ambiguity{Code: "words_against_figures", Question: "The words and the figures of the amount to be bought differ. Which is right?"}
		for _, v := range sums[0].Readings {
			a.Readings = append(a.Readings, pact.Sum(v))
		}
		c.asks, c.title = []pact.Ambiguity{a}, "Minimum purchase"
		return c, true
	}
	q := quantityOf.FindStringSubmatch(rest)
	if q == nil || !counts || ofShare.MatchString(rest) || timeUnit(q[3]) {
		return c, false
	}
	v, err := decimal.NewFromString(strings.NewReplacer(",", "", ".", "", " ", "", "\u00a0", "").Replace(q[1]))
	if err != nil || !v.IsPositive() {
		return c, false
	}
	switch strings.ToLower(q[2]) {
	case "thousand":
		v = v.Shift(3)
	case "million":
		v = v.Shift(6)
	}
	c.params.Quantity, c.title = &v, "Minimum purchase of "+v.String()+" "+q[3]
	return c, true
}

var (
	commitHead = expression.MustCompile(`(?i)\b(?:minimum|guaranteed|committed|take[- ]or[- ]pay)\b[^|]{0,30}\b(?:purchases?|commitments?|quantit\w+|volumes?|spend|turnover|off-?take|consumption|throughput|fees?|billings?|charges?|payments?|units?)\b|\b(?:annual|yearly|quarterly|monthly|contract|volume|spend|purchase)(?: \w+)? commitments?\b|^minimum:?$|\btake[- ]or[- ]pay\b`)
	perOrder   = expression.MustCompile(`(?i)\b(?:per|each|single|minimum) (?:order|call-?off|release|delivery|shipment|invoice|visit|term|hire)|\border (?:size|quantity|value)|\b(?:notice|hours|staff|insur\w+|cover|liabilit\w+|wage|age|qualification|experience|temperature|balance|deposit)\b`)
)

// commitmentsInGrid reads cells that a head or a label calls a minimum: a row of a form, or a column with a row for each year.
func (r *reading) commitmentsInGrid(g *grid) {
	if !commitHead.MatchString(r.cut(g.Span)) {
		return
	}
	for _, row := range g.rows { // "Minimum annual quantity | 12,000 tonnes"
		if len(row) != 2 || !commitHead.MatchString(row[0].text) || len(row[0].text) > 90 || valued(row[1].text) || perOrder.MatchString(row[0].text) || commitNot.MatchString(row[0].text) {
			continue
		}
		if c, ok := commitmentOf(row[1].text, true); ok {
			if c.params.Period = periodOf(row[1].text); c.params.Period == "" {
				c.params.Period = periodOf(row[0].text)
			}
			r.addCommitment(c, rowSpan(row), rowSpan(row))
		}
	}
	for _, f := range r.figuresIn(g) {
		said := ""
		for _, s := range append(slices.Clone(f.heads), sideTexts(f.sides)...) {
			if commitHead.MatchString(s) && len(s) < 90 {
				said = s
				break
			}
		}
		words := strings.Join(append(slices.Clone(f.heads), sideTexts(f.sides)...), " ")
		if said == "" || perOrder.MatchString(words) || commitNot.MatchString(words) || strings.Contains(f.text, "%") {
			continue
		}
		c, ok := commitmentOf(f.text, true)
		if !ok {
			c, ok = commitmentOf(f.text+" units", true)
		}
		if !ok {
			continue
		}
		for _, s := range []string{f.text, words, f.lead} {
			if c.params.Period = periodOf(s); c.params.Period != "" {
				break
			}
		}
		r.addCommitment(c, f.quote, f.quote)
	}
}

func timeUnit(w string) bool {
	if w = strings.ToLower(w); strings.Contains(w, " ") && holds(w, "consult", "man ", "person", "service", "support", "hours of", "days of", "machine", "engineer") {
		return false // what is bought is time
	}
	return holds(w, "day", "month", "year", "week", "hour", "minute", "quarter", "percent", "per cent", "times", "business", "calendar", "working")
}

var (
	movesWord = expression.MustCompile(`(?i)\b(?:increas\w*|adjust\w*|index\w*|indexation|escalat\w*|uplift\w*|raise[sd]?|rise[sn]?|go(?:es)? up|revis\w+|review\w*|moves?|change[sd]?|indexed|follow[s]?)\b`)
	priceWord = expression.MustCompile(`(?i)\b(?:indexation|prices?|fees?|rates?|charges?|remuneration|rent|tariffs?|subscription|hire)\b`)
	movesNot  = expression.MustCompile(`(?i)\b(?:interest rate|late|overdue|service credits?|availability|insur\w+|liabilit\w+|exchange rates?|tax(?:es)?|deliver(?:y|ies) late|liquidated|firm and fixed|does? not change\b[^.;]*$|scope|indemn\w+|rejection|error rate)\b`)
	indexName = expression.MustCompile(`(?:\b(?:CPI(?:-U|-W|H)?|RPI|HICP|PPI|ECI|SPPI|VPI)\b|\b(?:[A-Z][\w-]+ ){0,4}(?:Consumer|Producer|Retail|Services Producer|Labour Cost|Employment Cost|Wage) (?:Price )?(?:Index|Cost Index)(?: (?:for|of) [a-zA-Z][\w -]{2,40})?|\b(?:[A-Z][\w.-]+ ){1,6}[Ii]ndex\b|\b(?:harmoni[sz]ed |national |official )?index of (?:consumer|producer|retail|wholesale|services?) prices(?: of [A-Zt][\w ]{2,40})?|\b(?:consumer|producer|retail)[ -]prices? index(?: (?:for|of) [a-z][\w -]{2,40})?|\b(?:energy|price|wage|material|steel|fuel) formula(?: of [A-Z]\w+ \d+)?|\brate of inflation\b)`)
	topRate   = expression.MustCompile(`(?i)\b(?:not (?:to )?exceed(?:ing)?|(?:by )?(?:no|not) more than|capped at|cap of|limited to|maximum(?: of)?|at (?:the )?most|up to|in no (?:case|event)[^.;%]{0,24}(?:more than|exceed)|lesser of|lower of|ceiling of|not exceed|(?:rise|increase|change) (?:of|above|over)(?: more than)?|anything above)\b[^.;%]{0,50}$`)
	lowRate   = expression.MustCompile(`(?i)\b(?:at least|not less than|no less than|minimum(?: of)?|greater of|higher of|floor of)\b[^.;%]{0,40}$`)
	fixedRate = expression.MustCompile(`(?i)\b(?:by|of|at|plus)(?: a fixed| an annual| a further)? *$`)
	moveCue   = expression.AnyOf("indexation", "price", "fee", "rate", "charge", "rent", "tariff", "subscription", "hire")
)

// findEscalator reads how prices move: by an index, by a fixed percentage, with a cap or a floor, on notice.
func findEscalator(r *reading) {
	made := 0
	for _, n := range r.sentencesWith(120, "increase", "adjust", "index", "escalat", "uplift", "raise", "rise", "review", "cpi", "consumer price", "inflation", "revis", "go up", "moves") {
		sp := r.sentences[n]
		if made >= 4 || sp.End-sp.Start > 900 || sp.End-sp.Start < 30 || r.inTable(sp.Start) || !moveCue.MatchString(r.lower[sp.Start:sp.End]) {
			continue
		}
		s := r.cut(sp)
		if !movesWord.MatchString(s) || !priceWord.MatchString(s) || movesNot.MatchString(s) || defines.MatchString(s) {
			continue
		}
		wide := sp
		if n+1 < len(r.sentences) {
			next := r.sentences[n+1]
			t := r.cut(next)
			if next.End-sp.Start < 800 && next.End-next.Start < 350 && (topRate.MatchString(before(t, "%")) && strings.Contains(t, "%") || holds(strings.ToLower(t), "the increase", "the adjustment", "they shall not exceed", "such increase", "any increase", "no increase", "a rise of", "a rise above", "anything above")) && !movesNot.MatchString(t) {
				wide.End = next.End
			}
		}
		p, asks, ok := escalatorOf(r.cut(wide))
		if !ok || r.toldBefore("price_escalator", wide) {
			continue
		}
		made++
		title := "Prices move"
		switch {
		case p.Index != "":
			title = "Prices follow the " + strings.TrimPrefix(p.Index, "the ")
		case p.Fixed != nil:
			title = "Prices rise by " + p.Fixed.String() + " %"
		case p.Cap != nil:
			title = "Prices rise by at most " + p.Cap.String() + " %"
		}
		o := pact.Obligation{Kind: "price_escalator", Key: r.freeKey("price_escalator"), Title: short110(title), Bearer: r.side("customer"), Beneficiary: r.side("supplier"), Deliverable: r.quoteWords(sp), Frequency: "yearly", Ambiguities: asks}
		if p.EveryMonths != 12 {
			o.Frequency = ""
		}
		r.obligation(o, p, "0.68", wide)
	}
}

func before(s, mark string) string {
	if k := strings.Index(s, mark); k >= 0 {
		return s[:k]
	}
	return s
}

// escalatorOf reads the parameters that a passage gives.
func escalatorOf(s string) (obligation.EscalatorParams, []pact.Ambiguity, bool) {
	var p obligation.EscalatorParams
	var asks []pact.Ambiguity
	if m := indexName.FindString(s); m != "" && !strings.HasPrefix(m, "The ") || m != "" {
		p.Index = strings.TrimSpace(strings.TrimPrefix(indexName.FindString(s), "The "))
	}
	for _, rate := range wording.Percents(s) {
		lead := s[max(0, rate.Start-90):rate.Start]
		if len(rate.Readings) > 0 {
			a := pact.Ambiguity{Code: "words_against_figures", Question: "The words and the figures of the percentage differ. Which is right?"}
			for _, v := range rate.Readings {
				a.Readings = append(a.Readings, pact.Percent(v))
			}
			asks = append(asks, a)
			continue
		}
		v := rate.Value
		after := strings.ToLower(s[rate.End:min(len(s), rate.End+24)])
		switch {
		case strings.HasPrefix(after, " of such") || strings.HasPrefix(after, " of the change") || strings.HasPrefix(after, " of the increase") || strings.HasPrefix(after, " of the rise"):
			if p.Share == nil {
				p.Share = &v
			}
		case topRate.MatchString(lead):
			if p.Cap == nil {
				p.Cap = &v
			}
		case lowRate.MatchString(lead) && p.Floor == nil:
			p.Floor = &v
		case p.Fixed == nil && fixedRate.MatchString(lead):
			p.Fixed = &v
		}
	}
	low := strings.ToLower(s)
	if holds(low, "each year", "every year", "once a year", "annual", "per year", "yearly", "once in each calendar year", "anniversary", "each contract year", "each calendar year", "calendar year", "contract year", "once per year", "once in a year", "per annum", "each 1 january", "on 1 january of") {
		p.EveryMonths = 12
	}
	if p.Cap != nil && holds(low, "in either direction", "plus or minus", "up or down") {
		v := p.Cap.Neg()
		p.Floor = &v
	}
	for _, d := range wording.Durations(s) {
		if days, ok := wording.Days(d.Duration); ok && len(d.Readings) == 0 && noticeNear.MatchString(s[d.End:min(len(s), d.End+40)]) {
			p.NoticeDays = days
			break
		}
	}
	if p.Index != "" && p.Fixed != nil {
		switch {
		case holds(low, "lesser of", "lower of", "whichever is less", "whichever is lower", "whichever is the lower"):
			p.Combine = "min"
		case holds(low, "greater of", "higher of", "whichever is greater", "whichever is higher", "whichever is the higher"):
			p.Combine = "max"
		case strings.Contains(low, " plus "):
			p.Combine = "sum"
		}
	}
	return p, asks, p.Index != "" || p.Fixed != nil || p.Cap != nil || len(asks) > 0
}

// cover is a kind of insurance with its usual names.
type cover struct {
	kind string
	is   *expression.Expression
}

var covers = []cover{
	{"general_liability", expression.MustCompile(`(?i)\b(?:commercial general|comprehensive general|general third[- ]party|general|public(?: and products?)?|third[- ]party|business) liability\b|\bCGL\b|\bpublic and products? liability\b|\bthird[- ]party (?:cover|insurance)\b`)},
	{"product_liability", expression.MustCompile(`(?i)\bproducts?(?:[- ]| and completed operations )liability\b`)},
	{"professional_liability", expression.MustCompile(`(?i)\bprofessional (?:indemnity|liability|negligence)\b|\berrors (?:and|&) omissions\b|\bE ?& ?O\b|\bmalpractice\b`)},
	{"cyber", expression.MustCompile(`(?i)\bcyber\b[a-z -]{0,30}|\bnetwork security (?:and|&) privacy\b|\bdata breach (?:cover|insurance)\b`)},
	{"auto_liability", expression.MustCompile(`(?i)\b(?:business |commercial )?(?:automobile|auto|motor(?: vehicle| third[- ]party)?|vehicle)(?: liability| insurance| cover)?\b`)},
	{"workers_compensation", expression.MustCompile(`(?i)\bworkers?['\x{2019}]?s?['\x{2019}]? compensation\b|\bworkmen['\x{2019}]s compensation\b`)},
	{"employers_liability", expression.MustCompile(`(?i)\bemployers?['\x{2019}]?s?['\x{2019}]? liability\b`)},
	{"umbrella", expression.MustCompile(`(?i)\bumbrella\b|\bexcess liability\b`)},
	{"property", expression.MustCompile(`(?i)\b(?:property|all[- ]risks?|goods in transit|cargo|marine) (?:damage )?(?:insurance|cover(?:age)?|policy)\b|\binsurance of (?:the )?goods in transit\b`)},
	{"crime", expression.MustCompile(`(?i)\b(?:crime|fidelity) (?:insurance|cover(?:age)?|policy|bond|guarantee)\b`)},
}

var (
	insuredBy   = expression.MustCompile(`(?i)\b(?:shall|must|will|agrees? to|is to|keeps?|carr(?:y|ies)|maintains?|hold[s]?|provides?|takes? out|has|have|effect|procures?|required|in place|evidence|insures?|is insured|are insured|remain in force|show)\b`)
	perCase     = expression.MustCompile(`(?i)\b(?:(?:per|each|any one|for each|in respect of (?:any one|each)|for any one|every) (?:and every )?(?:occurrence|claim|event|accident|incident|loss|case|series)|combined single limit|single limit|any one claim)\b`)
	inAggregate = expression.MustCompile(`(?i)\b(?:aggregate|in all|in any (?:one )?(?:year|period)|per (?:year|annum|policy year)|annual(?:ly)?|in total|a year|each year)\b`)
	namedIn     = expression.MustCompile(`(?i)\b(?:additional(?:ly)? (?:named )?insured|co-?insured|named as (?:an )?(?:additional )?(?:insured|loss payee))\b`)
	// a limit of liability that names an insurance is no duty to be insured
	limitsLiability = expression.MustCompile(`(?i)\bliab(?:le|ility)\b[^.;]{0,90}\b(?:limited to|not exceed|shall be limited|capped)\b|\bindemnif(?:y|ies)\b`)
	insurerRate     = expression.MustCompile(`\b(A\+\+|A\+|A-|A|B\+\+|B\+|B)(?:[ :,/-]+(?:[IVX]{1,5})\b)?[^.;]{0,30}\b(?:or better|A\.? ?M\.? ?Best|or higher)|\brat(?:ed|ing)[^.;]{0,40}?\b(A\+\+|A\+|A-|A|B\+\+|B\+|B)(?:[ ,:;/.-]|$)`)
)

// findCover reads the insurance that a party must have: kinds and limits, in the paper's own sentences.
func findCover(r *reading) {
	if r.insurance() {
		return // a certificate tells what is held; the contract tells what is required
	}
	var required []obligation.RequiredCover
	var at []wording.Span
	var asks []pact.Ambiguity
	bearer := ""
	known := map[string]int{}
	for _, n := range r.sentencesWith(80, "insur", "general liability", "public liability", "professional indemnity", "errors and omissions", "cyber", "workers' compensation", "employers' liability", "employer's liability", "third-party liability", "third party liability", "umbrella", "covers") {
		sp := r.sentences[n]
		if sp.End-sp.Start > 1800 || sp.End-sp.Start < 25 || len(at) >= 8 {
			continue
		}
		s := r.cut(sp)
		under := ""
		if h := r.headingOver(n); h >= 0 {
			under = r.lower[r.sentences[h].Start:r.sentences[h].End]
		}
		if !insuredBy.MatchString(s) && !holds(under, "insur", "cover") || !holds(r.lower[sp.Start:sp.End], "insur", "cover", "policy", "policies", "limit") && !holds(under, "insur", "cover") || defines.MatchString(s) || limitsLiability.MatchString(s) {
			continue
		}
		found, open := coversIn(s)
		if len(found) == 0 {
			continue
		}
		for _, c := range found {
			if k, told := known[c.Kind]; told {
				if required[k].PerOccurrence == nil && required[k].Aggregate == nil {
					required[k].PerOccurrence, required[k].Aggregate = c.PerOccurrence, c.Aggregate
				}
				continue
			}
			known[c.Kind] = len(required)
			required = append(required, c)
		}
		asks = append(asks, open...)
		if bearer == "" {
			if list := r.dutiesIn(s, n); len(list) > 0 {
				bearer = list[0].bearer
			}
		}
		end := sp.End
		if n+1 < len(r.sentences) { // conditions in the sentence after
			next := r.sentences[n+1]
			if t := r.cut(next); next.End-next.Start < 420 && namedIn.MatchString(t) {
				end = next.End
			}
		}
		text := r.s[sp.Start:end]
		for k := range required {
			conditions(&required[k], text)
		}
		at = append(at, wording.Span{Start: sp.Start, End: end})
	}
	limits := false
	for _, c := range required {
		limits = limits || c.PerOccurrence != nil || c.Aggregate != nil
	}
	if len(required) == 0 || !limits && len(required) < 2 && len(asks) == 0 {
		return
	}
	if bearer == "" {
		bearer = r.side("supplier")
	}
	var words []string
	for _, c := range required {
		words = append(words, strings.ReplaceAll(c.Kind, "_", " "))
	}
	o := pact.Obligation{Kind: "certificate", Key: r.freeKey("certificate/insurance"), Title: short110("Insurance: " + strings.Join(words, ", ")), Bearer: bearer, Beneficiary: r.otherParty(bearer, ""), Deliverable: r.quoteWords(at[0]), Ambiguities: asks}
	r.obligation(o, obligation.CertificateParams{Required: required}, "0.70", at...)
}

// coversIn pairs each kind of insurance with the limits that stand behind it, before the next kind.
func coversIn(s string) (out []obligation.RequiredCover, asks []pact.Ambiguity) {
	type place struct {
		kind       string
		start, end int
	}
	var all []place
	for _, c := range covers {
		if m := c.is.FindStringIndex(s); m != nil {
			all = append(all, place{c.kind, m[0], m[1]})
		}
	}
	for i := range all { // in order of the text; a name inside another is the same cover
		for j := i + 1; j < len(all); j++ {
			if all[j].start < all[i].start {
				all[i], all[j] = all[j], all[i]
			}
		}
	}
	kept := all[:0]
	for _, p := range all {
		if n := len(kept); n > 0 && (p.start < kept[n-1].end || including(s[kept[n-1].end:p.start])) {
			continue
		}
		kept = append(kept, p)
	}
	sums := wording.Sums(s)
	ahead := len(kept) > 0 && len(sums) >= len(kept) && sums[0].End <= kept[0].start && sums[len(sums)-1].End <= kept[len(kept)-1].start
	for i, p := range kept {
		end := len(s)
		if i+1 < len(kept) {
			end = kept[i+1].start
		}
		from := p.end
		if ahead { // "2,000,000 EUR any one occurrence for public liability"
			from, end = 0, p.start
			if i > 0 {
				from = kept[i-1].end
			}
		}
		c := obligation.RequiredCover{Kind: p.kind}
		for k, sum := range sums {
			if sum.Start < from || sum.End > end {
				continue
			}
			if len(sum.Readings) > 0 {
				a := pact.Ambiguity{Code: "words_against_figures", Question: "The words and the figures of the limit of cover differ. Which is right?"}
				for _, v := range sum.Readings {
					a.Readings = append(a.Readings, pact.Sum(v))
				}
				asks = append(asks, a)
				continue
			}
			until := end
			if k+1 < len(sums) {
				until = min(until, sums[k+1].Start)
			}
			amount := sum.Amount
			near := s[sum.End:max(sum.End, min(until, sum.End+70))]
			perAt, aggAt := perCase.FindStringIndex(near), inAggregate.FindStringIndex(near)
			switch {
			case aggAt != nil && (perAt == nil || aggAt[0] < perAt[0]) && c.Aggregate == nil:
				c.Aggregate = &amount
			case c.PerOccurrence == nil:
				c.PerOccurrence = &amount
			case c.Aggregate == nil && aggAt != nil:
				c.Aggregate = &amount
			}
		}
		out = append(out, c)
	}
	return out, asks
}

// including tells whether a kind of cover is only named as a part of the one before: "general liability insurance, including products".
func including(gap string) bool {
	low := strings.ToLower(gap)
	return len(gap) < 40 && holds(low, "including", "inclusive of", "incl.") && !strings.ContainsAny(gap, "$€£0123456789")
}

// conditions reads what else a policy must have.
func conditions(c *obligation.RequiredCover, s string) {
	low := strings.ToLower(s)
	if strings.Contains(low, "waiv") && strings.Contains(low, "subrogation") {
		c.WaiverSubrogation = true
	}
	if m := insurerRate.FindStringSubmatch(s); m != nil && c.MinimumRating == "" {
		c.MinimumRating = m[1] + m[2]
	}
	if strings.Contains(low, "cancel") {
		for _, d := range wording.Durations(s) {
			if d.Duration.Unit == calendar.Day && len(d.Readings) == 0 && holds(lowerASCII(s[max(0, d.Start-90):min(len(s), d.End+90)]), "cancel") && c.CancelNoticeDays == 0 {
				c.CancelNoticeDays = d.Duration.Value
			}
		}
	}
}
