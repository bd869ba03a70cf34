package grammar

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// How prices move.

var (
	movesWord = expression.MustCompile(`(?i)\b(?:increas\w*|adjust\w*|index\w*|indexation|escalat\w*|uplift\w*|raise[sd]?|rise[sn]?|go(?:es)? up|puts?\b[^.;]{0,24}\bup|revis\w+|review\w*|moves?|change[sd]?|indexed|follow[s]?|vary|varies|variable)\b`)
	priceWord = expression.MustCompile(`(?i)\b(?:indexation|prices?|fees?|rates?|charges?|remuneration|rent|tariffs?|subscription|hire|premium)\b`)
	movesNot  = expression.MustCompile(`(?i)\b(?:interest rate|late|overdue|polic(?:y|ies)|service credits?|availability|insur\w+|liabilit\w+|exchange rates?|tax(?:es)?|deliver(?:y|ies) late|liquidated|firm and fixed|does? not change\b[^.;]*$|scope|indemn\w+|rejection|error rate|(?:re)?negotiat\w+|no automatic|rates? of pay)\b`)
	// what has moved already: a recital, a track record
	movedThen = expression.MustCompile(`(?i)\b(?:(?:has|have|had) (?:\w+ )?(?:risen|increased|gone up|moved|changed|fallen)|rose|went up|since (?:19|20)\d\d)\b`)
	indexName = expression.MustCompile(`(?:\b(?:CPI(?:-U|-W|H)?|RPI|HICP|PPI|ECI|SPPI|VPI)\b|\b(?:[A-Z][\w-]+ ){0,4}(?:Consumer|Producer|Retail|Services Producer|Labour Cost|Employment Cost|Wage) (?:Prices? )?(?:Index|Cost Index)(?: (?:for|of) [a-zA-Z][\w -]{2,40})?|\b(?:[A-Z][\w.-]+ ){1,6}[Ii]ndex\b|\b(?:harmoni[sz]ed |national |official )?index of (?:consumer|producer|retail|wholesale|services?) prices(?: of [A-Zt][\w ]{2,40})?|\b(?:consumer|producer|retail)[ -]prices? index(?: (?:for|of) [a-z][\w -]{2,40})?|\b(?:energy|price|wage|material|steel|fuel) formula(?: of [A-Z]\w+ \d+)?|\b[A-Z]{3,8} (?:price )?(?:variation |adjustment )?formula\b|\brate of inflation\b)`)
	topRate   = expression.MustCompile(`(?i)\b(?:not (?:to )?exceed(?:ing)?|(?:by )?(?:no|not|never|nor) more than|no (?:\w+ ){1,4}(?:shall|may|will|can) exceed|no (?:\w+ ){1,4}(?:shall|may|will|can) (?:raise|increase|lift|put up)\b[^.;%]{0,60}by more than|(?:shall|will|may|can) not (?:[a-z]+ ){0,4}(?:rise|increase|go up|change|move|be (?:raised|increased)) by more than|capped at|cap of|limited to|maximum(?: of)?|at (?:the )?most|up to|in no (?:case|event)[^.;%]{0,24}(?:more than|exceed)|lesser of|lower of|ceiling of|not exceed|(?:rise|increase|change) (?:of|above|over)(?: more than)?|anything above)\b[^.;%]{0,50}$`)
	lowRate   = expression.MustCompile(`(?i)\b(?:at least|not less than|no less than|minimum(?: of)?|greater of|higher of|floor of)\b[^.;%]{0,40}$`)
	greaterOf = expression.MustCompile(`(?i)\b(?:greater|higher) of[^.;%]{0,40}$`) // "by no more than the greater of 3% and the index": the index, and never less than 3%
	alsoNot   = expression.MustCompile(`(?i)\b(?:not|never) exceed\b[^.;%]{0,200},? (?:and|nor) (?:also )?not $`)
	below     = expression.MustCompile(`(?i)\bminus \(?-?$`)
	fixedRate = expression.MustCompile(`(?i)\b(?:by|of|at|plus|escalates?|increases?|rises?)(?: a fixed| an annual| a further)? *$`)
	theyMove  = expression.MustCompile(`(?i)\b(?:they|these|those|it)(?: (?:shall|will|may|then|also))* (?:(?:be )?(?:increase|raise|adjust|uplift|index)\w*|go(?:es)? up|rise|(?:are|is) variable|vary)\b`)
	// a rise that comes each year is one of a price, whatever it is called, unless it is said of something else
	yearlyRise = expression.MustCompile(`(?i)^[\d.() ]*(?:the |any )?(?:annual|yearly) (?:increases?|adjustments?|uplifts?|escalations?|rises?)(?: (?:shall|will|may|must|is|are)\b|:)|^[\d.() ]*(?:annual|yearly) indexation:`)
	// collarOf gives the least and the most of a rise at once; halfOf takes half of what an index changes by.
	collarOf = expression.MustCompile(`(?i)\b(?:collar|corridor|band) (?:of|between|from) (-?)\+? ?(\d{1,2}(?:\.\d{1,3})?) ?% (?:and|to) (-?)\+? ?(\d{1,2}(?:\.\d{1,3})?) ?%`)
	halfOf   = expression.MustCompile(`(?i)\b(?:by|of|is) (?:one[- ])?half (?:of )?(?:the|any|such|that) (?:[a-z]+ )?(?:change|increase|rise|movement)`)
	floorNil = expression.MustCompile(`(?i)\b(?:floor|minimum) of (?:zero|nil)\b|\bno (?:reduction|decrease)(?:$|[.,;])|\bnever downwards?\b|\bupwards? only\b`)
	// ofDelay is a limit of what a delay costs, which is none of a rise.
	ofDelay   = expression.MustCompile(`(?i)\b(?:penalt(?:y|ies)|delays?|damages)\b`)
	neverLess = expression.MustCompile(`(?i)\b(?:fall|decrease|drop|decline)s? (?:in|of) (?:the|that|such) (?:index|CPI|RPI|formula)\b[^.;]{0,30}\b(?:(?:shall|will|does|do|may) not|never) (?:reduce|lower|decrease)|\b(?:prices|fees|rates|charges|rent|they|it)\b (?:shall|will|may|can) (?:not|never) (?:fall|decrease|go down|be (?:reduced|lowered|decreased))\b|\bno (?:reduction|decrease) (?:of|in) (?:the |these )?(?:prices|fees|rates|charges|rent)\b`)
	moveLabel = expression.MustCompile(`(?i)\b(?:uplift|escalat\w+|indexation|price (?:increase|adjustment|review)|annual (?:increase|adjustment)|yearly (?:increase|adjustment)|(?:fee|rate|renewal) (?:increase|adjustment))s?\b`)
	// a rise of the price that holds for odd hours, for urgent work, or for the time that has passed
	moveOdd   = expression.MustCompile(`(?i)\b(?:week-?ends?|over-?time|nights?|sundays?|saturdays?|holidays?|express|rush|urgent|emergency|out[- ]of[- ]hours|after[- ]hours|level|elapsed|time|ticket|incident|hourly|hazard|travel)\b`)
	moveOf    = expression.MustCompile(`(?i)\b(?:annual|yearly|prices?|fees?|rent|charges?|rates?|tariffs?|index\w*|CPI|RPI|renewal)\b`)
	moveEach  = expression.MustCompile(`(?i)\b(?:annual\w*|yearly|(?:each|per|every|a) (?:\w+ )?(?:year|anniversary)|per annum|p\.a\.|anniversar(?:y|ies)|index|CPI|RPI|HICP|\d{1,2} (?:January|April|July|October))\b`)
	risesWord = expression.AnyOf("increas", "adjust", "index", "escalat", "uplift", "raise", "rise", "review", "cpi", "consumer price", "inflation", "revis", "go up", "goes up", "moves")
	moveCue   = expression.AnyOf("indexation", "price", "fee", "rate", "charge", "rent", "tariff", "subscription", "hire", "premium")
)

// findEscalator reads how prices move: by an index, by a fixed percentage, with a cap or a floor, on notice.
func findEscalator(r *reading) {
	made := 0
	for i := range r.grids { // "Annual uplift | 5 % on each anniversary"
		for _, row := range r.grids[i].rows {
			if made >= 4 || len(row) != 2 || moveOdd.MatchString(row[0].text) || moveOdd.MatchString(row[1].text) || !moveOf.MatchString(row[0].text) && !moveEach.MatchString(row[1].text) || len(row[0].text) > 60 || !moveLabel.MatchString(row[0].text) || movesNot.MatchString(row[0].text+" "+row[1].text) {
				continue
			}
			p, asks, ok := escalatorOf(row[0].text + " by " + row[1].text)
			if !ok {
				continue
			}
			made++
			r.addEscalator(p, asks, rowSpan(row), rowSpan(row))
		}
	}
	for _, n := range r.sentencesWith(120, "increase", "adjust", "index", "escalat", "uplift", "raise", "rise", "review", "cpi", "consumer price", "inflation", "revis", "go up", "goes up", "moves", "put ", "puts ", "change", "variable") {
		sp := r.sentences[n]
		if made >= 4 || sp.End-sp.Start > 900 || sp.End-sp.Start < 30 || r.inTable(sp.Start) || !moveCue.MatchString(r.lower[sp.Start:sp.End]) && !theyMove.MatchString(r.cut(sp)) && !yearlyRise.MatchString(r.cut(sp)) {
			continue
		}
		s := r.cut(sp)
		if n > 0 && theyMove.MatchString(s) && priceWord.MatchString(r.cut(r.sentences[n-1])) && r.sentences[n].End-r.sentences[n-1].Start < 600 { // "They go up by 3 %"
			sp.Start = r.sentences[n-1].Start
			s = r.cut(sp)
		}
		if !movesWord.MatchString(s) || !priceWord.MatchString(s) && !yearlyRise.MatchString(s) || movesNot.MatchString(s) || movedThen.MatchString(s) || defines.MatchString(s) {
			continue
		}
		if !risesWord.MatchString(r.lower[sp.Start:sp.End]) && !moveEach.MatchString(s) && !indexName.MatchString(s) {
			continue // "change" and "put" say much else
		}
		wide := sp
		if n+1 < len(r.sentences) {
			next := r.sentences[n+1]
			t := r.cut(next)
			if next.End-sp.Start < 800 && next.End-next.Start < 350 && (bounded(t) || holds(strings.ToLower(t), "the increase", "the adjustment", "they shall not exceed", "such increase", "any increase", "no increase", "a rise of", "a rise above", "anything above")) && !movesNot.MatchString(t) && !ofDelay.MatchString(t) {
				wide.End = next.End
			}
		}
		p, asks, ok := escalatorOf(r.cut(wide))
		if !ok || r.toldBefore("price_escalator", wide) {
			continue
		}
		made++
		r.addEscalator(p, asks, sp, wide)
	}
}

func (r *reading) addEscalator(p obligation.EscalatorParams, asks []pact.Ambiguity, sp, wide wording.Span) {
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
	at, also := r.escalatorStart(&p, wide)
	r.obligation(o, p, "0.68", append([]wording.Span{wide}, at...)...)
	c := &r.found[len(r.found)-1]
	c.Evidence = append(slices.Clip(c.Evidence), also...)
	c.Obligation.Evidence = c.Evidence
}

func before(s, mark string) string {
	if k := strings.Index(s, mark); k >= 0 {
		return s[:k]
	}
	return s
}

// bounded tells whether a sentence sets a top or a bottom to a rise.
func bounded(s string) bool {
	return slices.ContainsFunc(wording.Percents(s), func(p wording.Percent) bool {
		lead := s[max(0, p.Start-90):p.Start]
		return topRate.MatchString(lead) || lowRate.MatchString(lead) && movesWord.MatchString(s)
	})
}

// setCollar takes the least and the most of a rise that are said together, and tells where: "a collar of 1% and 4%".
func setCollar(p *obligation.EscalatorParams, s string) wording.Span {
	m := collarOf.FindStringSubmatchIndex(s)
	if m == nil {
		return wording.Span{}
	}
	low, errLow := decimal.NewFromString(s[m[2]:m[3]] + s[m[4]:m[5]])
	high, errHigh := decimal.NewFromString(s[m[6]:m[7]] + s[m[8]:m[9]])
	if errLow != nil || errHigh != nil || !low.LessThan(high) {
		return wording.Span{}
	}
	p.Floor, p.Cap = &low, &high
	return wording.Span{Start: m[0], End: m[1]}
}

var (
	forEachStep = expression.MustCompile(`^ for (?:each|every) (?:full |whole |complete |started )?\d[\d.,]* ?(?:%|per ?cent|(?:percentage )?points?\b)`)
	stepAhead   = expression.MustCompile(`(?i)\bfor (?:each|every) (?:full |whole |complete |started )?$`)
	abovePoints = expression.MustCompile(`(?i)^(?: \([^)]{1,20}\))?,? ?(?:\+|plus) ?(?:an? )?(?:additional |further |margin of )?$`)
)

// aboveIndex tells whether what stands behind words is a margin on top of an index: "by RPI + 1%". "No more than plus 7 %" is none.
func aboveIndex(lead string) bool {
	if !strings.Contains(lead, "+") && !strings.Contains(lead, "plus") {
		return false
	}
	all := indexName.FindAllStringIndex(lead, -1)
	return len(all) > 0 && abovePoints.MatchString(lead[all[len(all)-1][1]:])
}

// escalatorOf reads the parameters that a passage gives.
func escalatorOf(s string) (obligation.EscalatorParams, []pact.Ambiguity, bool) {
	var p obligation.EscalatorParams
	var asks []pact.Ambiguity
	if m := indexName.FindString(s); m != "" && !strings.HasPrefix(m, "The ") || m != "" {
		p.Index = strings.TrimSpace(strings.TrimPrefix(indexName.FindString(s), "The "))
	}
	collar := setCollar(&p, s)
	for _, rate := range wording.Percents(s) {
		lead := s[max(0, rate.Start-90):rate.Start]
		if collar.Start <= rate.Start && rate.End <= collar.End {
			continue
		}
		if len(rate.Readings) > 0 {
			a := pact.Ambiguity{Code: "words_against_figures", Question: "The words and the figures of the percentage differ. Which is right?"}
			for _, v := range rate.Readings {
				a.Readings = append(a.Readings, pact.Percent(v))
			}
			asks = append(asks, a)
			continue
		}
		v := rate.Value
		if below.MatchString(lead) {
			v = v.Neg()
		}
		after := strings.ToLower(s[rate.End:min(len(s), rate.End+24)])
		switch {
		case forEachStep.MatchString(after) || stepAhead.MatchString(lead): // "0.3% for each full 1% change of the diesel price"
		case p.Index != "" && p.Margin == nil && aboveIndex(lead):
			p.Margin = &v
		case strings.HasPrefix(after, " of such") || strings.HasPrefix(after, " of the change") || strings.HasPrefix(after, " of the increase") || strings.HasPrefix(after, " of the rise"):
			if p.Share == nil {
				p.Share = &v
			}
		case topRate.MatchString(lead) && !greaterOf.MatchString(lead) || alsoNot.MatchString(s[:rate.Start]):
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
	if holds(low, "each year", "every year", "once a year", "annual", "per year", "yearly", "once in each calendar year", "anniversary", "each contract year", "each calendar year", "calendar year", "contract year", "once per year", "once in a year", "per annum", "each 1 january", "on 1 january of") || yearlyDay.MatchString(s) {
		p.EveryMonths = 12
	}
	if p.Cap != nil && holds(low, "in either direction", "plus or minus", "up or down") {
		v := p.Cap.Neg()
		p.Floor = &v
	}
	if p.Share == nil && p.Index != "" && halfOf.MatchString(s) {
		half := decimal.NewFromInt(50)
		p.Share = &half
	}
	if p.Floor == nil && p.Index != "" && (neverLess.MatchString(s) || floorNil.MatchString(s)) {
		p.Floor = &decimal.Zero
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
