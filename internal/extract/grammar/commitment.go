package grammar

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// What must be bought at least.

var (
	commitCue  = expression.MustCompile(`(?i)\b(?:minimum (?:annual |monthly |quarterly |yearly |aggregate |purchase |order |spend )*(?:purchases?|orders?|commitments?|quantit\w+|volumes?|spend|turnover|off-?take|fees?|payments?|charges?|billings?)|(?:purchases?|orders?|volumes?|spend|turnover|off-?take|quantit\w+)[^.;]{0,60} (?:falls?|is|are|remains?) (?:short of|below|less than|under)|(?:commits?|undertakes?|agrees?|binds? (?:it|them)sel(?:f|ves)|guarantees?|assures?) (?:itself |you |the \w+ )?(?:to )?(?:(?:annual|yearly|monthly|a|an|the) )*(?:buy|purchase|take|order|spend|draw|accept|orders|purchases|volume|turnover)?|take[- ]or[- ]pay|(?:guaranteed|committed|agreed|contracted) (?:\w+ )?(?:volume|turnover|quantity|spend|minimum|off-?take|amount)|(?:volume|spend|purchase|annual|yearly) (?:commitment|minimum)|(?:annual|monthly|quarterly|yearly) minimum|minimum (?:bill\w*|charge)|(?:shall|will|must) (?:buy|purchase|take|order|spend|draw|pay for|call off)|(?:buys?|purchases?|takes?|orders?|spends?) (?:not less than|at least|no less than|a minimum of)|off-?take|take and pay for(?:, or pay for if not taken,?)?|(?:quantity|volume|users|seats|licen[cs]es) committed|commits? to|minimum (?:call[- ]?off|engagement|draw|throughput|consumption|uptake)|(?:subject to|with|at) a minimum (?:\w+ ){0,2}of|(?:charges?|charged|bills?|billed|invoices?|invoiced|pays?|paid) for (?:at least|a minimum of|not less than|no(?:t)? fewer than)|(?:shall|will|must) (?:present|tender|consign|release|call for|lift|collect|consume|place|book|draw down|accept delivery of|hand over|route|process|send|use)(?: [a-z]+){0,4} (?:at least|not less than|not fewer than|no fewer than|no less than|a minimum of)|(?:less|fewer) than [^.;]{2,60}\b(?:as (?:if|though)|charged|invoiced|billed|payable|paid for|pays? for)\b|never (?:be |fall |drop )?(?:less than|below)|(?:less|fewer|lower) than [^.;]{2,80}\b(?:difference|shortfall|balance|gap|deficit)\b|(?:bills?|invoices?|charges?|fees?|billings?)\b[^.;,]{0,40}\b(?:comes? to|is|are|amounts? to|totals?|shall be|will be|must be) (?:at least|not less than|no less than|a minimum of)|min\. (?:\w+ ){0,2}(?:purchases?|orders?|volumes?|quantit\w+|spend|billings?|charges?|fees?|turnover)|(?:annual|yearly|monthly|quarterly) (?:volumes?|quantit\w+|purchases?|spend|turnover|orders?|bills?|invoices?|charges?|fees?|payments?)\b[^.;]{0,20}(?::|(?:shall|will|must|may|is|are)(?: not)?(?: be)?) (?:at least|not less|less than|no less|a minimum|no fewer|not fewer)|at least [^.;]{3,40} (?:must|shall|will) be (?:handed over|ordered|purchased|taken|bought|called off|tendered|consigned)|places? orders? (?:amounting to|worth|totalling|of|for)|(?:purchases?|orders?|volumes?|spend|turnover|throughput)[^.;]{0,24} (?:shall|will|must) (?:total|amount to|be|reach|come to))\b`)
	commitAt   = expression.MustCompile(`(?i)\b(?:minimum (?:quantit\w+|volumes?|amounts?|number|purchases?|orders?|turnover|spend|off-?take)[^.;,\d]{3,80} (?:amounts? to|is|are|comes? to|totals?|equals?)|at least|not less than|no less than|minimum(?: of| is|:)?|a minimum (?:\w+ ){0,3}of|commitment (?:of|is|:)|(?:quantity|volume|amount|number)(?: of [^.;,\d]{2,40})?,? (?:equal to|equalling|corresponding to)|(?:not|never) (?:be|fall|drop|go|sink|come) (?:less than|below)|(?:no|not) fewer than|never (?:be )?less than|falls? (?:short of|below)|(?:takes?|buys?|orders?|purchases?|spends?|calls? off|accepts?|uses?|presents?|releases?) (?:less|fewer) than|(?:if|where|when|should|whenever) (?:\w+ ){0,4}?(?:less|fewer) than|(?:totals?|amounts? to|comes? to|add up to|sums? up to|reach) (?:less|fewer|lower) than|shall reach|must reach|will reach|at the (?:least|minimum))\b`)
	purchased  = expression.MustCompile(`(?i)\b(?:purchas\w+|buy\w*|bought|orders?|ordered|takes? (?:delivery|and pay)|tak(?:e|es|ing|en)|call(?:s|ed)?[- ]off|draws?|spend\w*|spent|off-?take|volumes?|turnover|throughput|pays? for|under contract|assign(?:s|ed)?|presents?|tenders?|consigns?|releases?|lifts?|collects?|books?|seats|users|licen[cs]es)\b`)
	definesMin = expression.MustCompile(`(?i)"[^"]{0,40}\b(?:minimum|commitment|committed|take[- ]or[- ]pay)\b[^"]{0,30}" (?:means|is|shall mean|shall be)`)
	commitNot  = expression.MustCompile(`(?i)\b(?:insur\w+|liabilit\w+|indemnit\w+|cover(?:age)?|notice|minimum wage|availability|uptime|late (?:fees?|charges?)|overdue|not a commitment|no minimum|not (?:obliged|bound|required|committed)|expects?|without (?:any )?(?:undertaking|obligation|commitment)|(?:parent|company|bank|performance|payment|advance) guarantees?|guarantee (?:of|for|in) |letters? of credit|credit rating|net worth|capital|staff|employees|hours|days? before|order (?:size|quantity|value)|minimum order)\b`)
	quantityOf = expression.MustCompile(`(?i)^[^.;,]{0,24}?\b(\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?:[ ,.\x{a0}]\d{3})+|\d+)\)?(?: (thousand|million))? ([a-z]{2,16}(?: [a-z]{2,12})?)\b`)
	paidAnyway = expression.MustCompile(`(?i)\b(?:pays?|paid|payable|charged|invoiced|billed|owed|due)\b[^.;]{0,40}\b(?:whether (?:or not|used or|taken or|it|they|you)|even (?:if|where|when) (?:it|they|you|not|less|fewer)|regardless of (?:use|usage|whether|what|how)|if not (?:taken|used|ordered|called))`)
	earnedIf   = expression.MustCompile(`(?i)\b(?:if|where|when|once|in which|for which|provided that|as soon as|should|upon)\b[^.;,]{0,80}$`)
	ofShare    = expression.MustCompile(`(?i)^[^.;,]{0,12}\d[^.;,]{0,10}(?:%|per ?cent)`)
	billedLess = expression.MustCompile(`(?i)^(?:[\d.()]+ )?(?:[A-Z][\w -]{2,30}\. )?(?:if|where|when|should|whenever)\b[^.;]{0,40}\b(?:fees|charges|billings?|invoices)\b[^.;]{0,130}\b(?:is|are|remains?|stays?|falls?|fall) (?:below|under|less than|lower than|short of) `)
	paysRest   = expression.MustCompile(`(?i)\b(?:pays?|makes? up|made up|invoiced?|charged?|owes?|settles?)\b[^.;]{0,30}\b(?:difference|shortfall|balance|gap|deficit)\b`)
	ofTheYear  = expression.MustCompile(`(?i)^,? (?:for|in|during|in respect of) (?:a|an|any|each|every|the) [^.;,\d]{3,30}, `)
	clauseNo   = expression.MustCompile(`^(?:\(\d{1,2}\)|\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}\.) `)
	ifFewer    = expression.MustCompile(`(?i)^(?:if|where|when|should|whenever)\b`)
	asThough   = expression.MustCompile(`(?i)\bas (?:if|though)\b|\bshortfall\b|\b(?:pays?|charged?|invoices?|invoiced|billed?) the difference\b|\bdifference (?:is|shall be|will be|may be) (?:payable|invoiced|charged|paid|billed)\b|\b(?:each|every|per) (?:missing|unit not)\b`)
	merelyPays = expression.MustCompile(`(?i)\b(?:agrees?|undertakes?|commits?)(?: (?:itself|hereby))? to (?:pay|reimburse|indemnify|contribute|compensate|remit)\b`) // "agrees to pay a retainer of $50,000" buys nothing
	shortfall  = expression.MustCompile(`(?i)\b(?:shortfall|difference|deficit|not taken|missing|takes? less|buys? less|spends? less|falls? short)\b`)
)

// commitment is a minimum that was found: an amount or a quantity.
type commitment struct {
	params obligation.CommitmentParams
	title  string
	asks   []pact.Ambiguity
	during calendar.Period // the only year it is of, where it differs by year
}

// findCommitment reads what must be bought in each period: in sentences, and in tables and forms whose labels name a minimum.
func findCommitment(r *reading) {
	for i := range r.grids {
		r.commitmentsInGrid(&r.grids[i])
	}
	for _, n := range r.sentencesWith(120, "minimum", "at least", "not less than", "no less than", "commits", "take or pay", "take-or-pay", "offtake", "off-take", "commitment", "committed", "commit to", "guarantee", "undertakes", "guaranteed", "fewer than", "short of", "falls below", "fall below", "less than", "take and pay", "drop below", "go below", "shall reach", "must reach", "whether or not", "even if", "regardless of", "shall take", "must take", "will take", "shall buy", "must buy", "shall purchase", "must purchase", "will purchase", "difference", "or pay", "shall order", "must order", "shall call off", "equal to", "never less", "place orders", "orders worth", "min.") {
		sp := r.sentences[n]
		if sp.End-sp.Start > 900 || sp.End-sp.Start < 20 || r.inTable(sp.Start) {
			continue
		}
		s := r.cut(sp)
		if r.rampedCommitments(n, s) {
			continue
		}
		if strings.ContainsAny(s, "0123456789") && !commitNot.MatchString(s) && !r.sellerOwes(s, len(s)) && !r.toldBefore("minimum_commitment", sp) && r.inlineYears(n, s) {
			continue
		}
		if !strings.ContainsAny(s, "0123456789") || commitNot.MatchString(s) && !(commitHead.MatchString(s) && periodOf(s) != "" && minimumOrder.MatchString(s)) || defines.MatchString(s) && !definesMin.MatchString(s) {
			continue
		}
		if !commitCue.MatchString(s) && !paidAnyway.MatchString(s) && !billedLess.MatchString(s) && !r.underMinimum(n, s) && !(commitAt.MatchString(s) && purchased.MatchString(s) && (periodOf(s) != "" || len(wording.Sums(s)) > 0)) {
			continue
		}
		at := len(s)
		if m := commitAt.FindStringIndex(s); m != nil {
			at = m[0]
		} else if merelyPays.MatchString(s) && !purchased.MatchString(s) {
			continue
		}
		if r.sellerOwes(s, at) && !paidAnyway.MatchString(s) {
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
				if sums := wording.Sums(t); len(sums) == 1 && len(sums[0].Readings) == 0 && (forEach(t, sums[0]) || unitPriceOf.MatchString(t[:sums[0].Start]) && !lumpSum.MatchString(t)) && len(wording.Percents(t)) == 0 {
					for i := range found {
						if found[i].params.Quantity != nil && found[i].params.Price == nil {
							found[i].params.Price = &sums[0].Amount
						}
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
	o := pact.Obligation{Kind: "minimum_commitment", Key: r.freeKey("minimum_commitment"), Title: c.title, Bearer: r.side("customer"), Beneficiary: r.side("supplier"), Deliverable: r.quoteWords(words), Frequency: frequencyWord(c.params.Period), Ambiguities: c.asks, InForce: c.during}
	r.obligation(o, c.params, "0.70", at)
}

// commitmentsIn reads the minimums of a sentence: behind each "at least", otherwise behind the words that commit.
func commitmentsIn(s string) []commitment {
	if m := billedLess.FindStringIndex(s); m != nil { // "if the fees of a year are below X, the Client pays the difference"
		if c, ok := commitmentOf(s[m[1]:], false); ok && paysRest.MatchString(s[m[1]:]) {
			c.params.Period = periodOf(s)
			return []commitment{c}
		}
		return nil
	}
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
			if !digitByte(s[k]) && s[k] != '$' || k < len(clauseNo.FindString(s)) {
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
		if !ok || ifFewer.MatchString(s[m[0]:m[1]]) && !c.chargedAnyway(s) {
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

// countsBefore tells whether a quantity stands before an amount, in a limb of its own: "short of 1,200 tonnes, EUR 30 is paid for each".
func countsBefore(rest string, sum wording.Sum) bool {
	q := quantityOf.FindStringSubmatchIndex(rest)
	return q != nil && q[1] <= sum.Start && strings.Contains(rest[q[1]:sum.Start], ",") && q[3]-q[2] >= 2 && !timeUnit(rest[q[6]:q[7]]) && !ofShare.MatchString(rest)
}

var (
	unitPriceOf = expression.MustCompile(`(?i)\b(?:at|by|times) (?:the|a|an) (?:then[- ]current |agreed |applicable |contract |fixed )?(?:unit price|(?:price|rate) (?:per|for (?:each|a)|of each) [a-z]+) (?:of|which is|being) $`)
	atPrice     = expression.MustCompile(`(?i)\bat (?:(?:the|a) (?:\w+ ){0,2}(?:price|rate) of )?$`)
)

// quantityAhead tells whether a count stands before a sum, so that the sum may be the price of one.
func quantityAhead(rest string, sum wording.Sum) bool {
	q := quantityOf.FindStringSubmatchIndex(rest)
	return q != nil && q[1] <= sum.Start && !timeUnit(rest[q[6]:q[7]]) && !ofShare.MatchString(rest)
}

// chargedAnyway tells whether what is missing is charged as though it had been bought: "if fewer than 60 are ordered, 60 are invoiced".
// Otherwise a surcharge may hold below it.
func (c commitment) chargedAnyway(s string) bool {
	if asThough.MatchString(s) {
		return true
	}
	if c.params.Quantity == nil {
		return false
	}
	n := 0
	for _, w := range strings.Fields(strings.ReplaceAll(s, ",", "")) {
		if strings.Trim(w, ".;()") == c.params.Quantity.String() {
			n++
		}
	}
	return n > 1
}

// priceOfOne tells whether what stands behind a sum makes it the price of one thing: "at a price of $40 per share".
func priceOfOne(after string) bool {
	unit, _, _ := unitBehind(after)
	if unit == "" {
		return perShare.MatchString(after)
	}
	first, _, _ := strings.Cut(unit, " per ")
	return !onlyTime.MatchString(first) && !strings.HasPrefix(unit, "contract") && !strings.HasPrefix(unit, "calendar") && !strings.Contains(unit, "year") && !strings.Contains(unit, "month") && !strings.Contains(unit, "quarter")
}

var perShare = expression.MustCompile(`(?i)^ ?(?:per|a|each|/) ?(?:share|unit|piece)\b`)

// commitmentOf reads the amount or the quantity that words begin with.
func commitmentOf(rest string, counts bool) (commitment, bool) {
	var c commitment
	if k := strings.Index(rest, ": "); k >= 0 && k < 70 {
		rest, counts = rest[k+2:], true
	}
	if m := ofTheYear.FindStringIndex(rest); m != nil { // "means, for a Contract Year, 35,700 MWh"
		rest = rest[m[1]:]
	}
	sums := wording.Sums(rest)
	if len(sums) > 0 && weighed(rest, sums[0]) {
		sums = nil
	}
	if len(sums) > 0 && counts && countsBefore(rest, sums[0]) {
		sums = nil
	}
	var price *money.Amount
	if len(sums) > 0 && counts && quantityAhead(rest, sums[0]) && (priceOfOne(rest[sums[0].End:]) && atPrice.MatchString(rest[:sums[0].Start]) || unitPriceOf.MatchString(rest[:sums[0].Start])) {
		if len(sums) == 1 && len(sums[0].Readings) == 0 {
			price = &sums[0].Amount // "at least 10,000 units at a unit price of $4.50"
		}
		sums = nil
	}
	if len(sums) > 0 && priceOfOne(rest[sums[0].End:]) {
		return c, false // what one costs
	}
	if len(sums) > 0 && sums[0].Start < 50 {
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
	if alone := bareQuantity.FindStringSubmatch(rest); q == nil && alone != nil {
		q = []string{"", alone[1], "", "units"} // "we charge for at least 55."
	}
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
	c.params.Price = price
	c.params.Quantity, c.title = &v, "Minimum purchase of "+wholeEnd(v.String()+" "+q[3])
	return c, true
}

var (
	commitHead = expression.MustCompile(`(?i)\b(?:min\. \w+|minimum|guaranteed|committed|take[- ]or[- ]pay)\b[^|]{0,30}\b(?:purchases?|commitments?|quantit\w+|volumes?|spend|turnover|off-?take|consumption|throughput|fees?|billings?|charges?|payments?|units?)\b|\b(?:annual|yearly|quarterly|monthly|contract|volume|spend|purchase)(?: \w+)? commitments?\b|^minimum:?$|(?:^|[\t\n])minimum ?\([^)\n\t]{1,12}\):?(?:$|[\t\n])|\btake[- ]or[- ]pay\b`)
	// a head that says no more than that something is a minimum; what it is of, the words before the table say
	bareMinimum = expression.MustCompile(`(?i)^minimum ?\([^)]{1,12}\):?$`)
	perOrder    = expression.MustCompile(`(?i)\b(?:per|each|single|minimum) (?:order|call-?off|release|delivery|shipment|invoice|visit|term|hire)|\border (?:size|quantity|value)|\b(?:notice|hours|staff|insur\w+|cover|liabilit\w+|wage|age|qualification|experience|temperature|balance|deposit)\b`)
)

// commitmentsInGrid reads cells that a head or a label calls a minimum: a row of a form, or a column with a row for each year.
func (r *reading) commitmentsInGrid(g *grid) {
	if !commitHead.MatchString(r.cut(g.Span)) || r.sells(r.leadActor(r.leadSentence(g.Start))) {
		return
	}
	until := calendar.Date("")
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
		if bareMinimum.MatchString(said) && (!purchased.MatchString(f.lead) || commitNot.MatchString(f.lead)) {
			continue
		}
		if said == "" || perOrder.MatchString(words) || commitNot.MatchString(words) || strings.Contains(f.text, "%") {
			continue
		}
		c, ok := commitment{}, false
		if _, money := bareSum(f.text, said, nil); money { // the head names the currency
			c, ok = commitmentOf(wording.Currencies(said)[0]+" "+strings.TrimSpace(f.text), true)
		}
		if !ok {
			c, ok = commitmentOf(f.text, true)
		}
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
		if during, ok := r.yearIn(strings.Join(sideTexts(f.sides), " ")); ok {
			if during.From == "" {
				during.From = until // "each year thereafter"
			}
			if during.From == "" {
				continue // of a year that nobody can place: it would hold in all
			}
			if during.Until != "" {
				until = during.Until
			}
			c.during = during
			if c.params.Period == "" {
				c.params.Period = "year"
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
