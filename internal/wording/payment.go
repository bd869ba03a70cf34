package wording

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Payment is a payment clause as read, with what it leaves open.
type Payment struct {
	Span
	Terms       pact.PaymentTerms
	Ambiguities []pact.Ambiguity
	Unpicked    bool // the clause contradicts itself; Terms are not to be used
}

var (
	netDays      = expression.MustCompile(`(?i)\bnet[ -]*(?:(` + numberWord + `) ?\(? ?)?(\d{1,3})?\)?(?: days?)?( EOM| end of (?:the )?month)?\b`)
	discount     = expression.MustCompile(`(?i)\b(\d{1,2}(?:\.\d{1,2})?) ?(?:%? ?/|%) ?(\d{1,3})(?: days)?,? ?(?:net|n/)[ -]?(\d{1,3})( EOM)?\b`)
	discountLeft = expression.MustCompile(`(?i)\b(\d{1,2}(?:\.\d{1,2})?) ?(?:%? ?/|%) ?(\d{1,3})(?: days)?(?:[,;]| or)? ?$`)
	withinDays   = expression.MustCompile(`(?i)(?:(?:^|[:|\t])[ \t]*|\b(?:within|after|the later of|the earlier of|terms of|no more than|not more than|terms?(?: of payment)?(?: are| is)?|payment(?: terms?| period| term| target)?(?: are| is|:)?|credit(?: of| period of| terms?:?)|allow|have|has|have had|no later than|not later than|due(?: in| on)?|payable(?: in| on)?|in|net|upon|at|period of|falls? due|pays?(?: [a-z]+){0,4}|due|settle[sd]?|remit(?:s|ted)?|expir(?:y|ation) of|lapse of|end of|paid|payments?|made|allowed|granted|strictly|(?:payment|settlement) (?:period|target|time) (?:is|of|:))(?: (?:a period of|the period of|a maximum of|or before|at most|the|at the latest))? (?:[a-z]+ )?).?$`)
	basisAfter   = expression.MustCompile(`(?i)^[,' ]*(?:net |credit )?(?:end of (?:the )?month |EOM )?(?:(?:(?:that|which|and) (?:begins?|starts?|runs?|counts?) (?:on|with|from)|running from|counted from|calculated from|from|of|after|following|upon|net from|as of|beginning (?:on|from)|since)[ ,]+)?(?:(?:it|they|customer|the customer|client|the client|buyer|the buyer) )?(?:(?:has|have) been (?:\w+ )?|(?:is|are|was|were) (?:\w+ )?)?(?:(?:the (?:day|date) (?:on which )?(?:the )?(?:it|they|[a-z]+)|date (?:it|they|on which (?:it|they))|the|its|their|our|your|a|an|each|any|such|that|customer's|client's|buyer's|purchaser's|company's|actual|valid|undisputed|correct|proper|date of|day of|later of|last day of|end of)[ ,]+)*((?:receipt|receiv|invoice|bill|statement|arriv|reach|date|delivery|acceptance|shipment|month|calendar month|issu|render|present|deliver|the month)[a-z']*)(?:[ ,]+(?:of|on|date|by|from|the|a|an|our|your|its|their|such|customer|client|buyer|company|each|any|undisputed|correct|valid|proper|supplier's|provider's|vendor's|in|which|month|thereof)\b)*(?:[ ,]+(invoice|invoices|month|goods|products|statement|bill)\b)?|^ ?(?:net\b|credit\b|strictly\b|without (?:any )?deduction|(?:end of (?:the )?month|EOM)(?:[.;]|$)|(?:after|from|following|of) (?:completion|performance|handover|the end of each|dispatch|installation|delivery)\b|by (?:bank|wire|electronic|direct|ACH|BACS|SEPA|cheque|check)\b|[.;]?$|[.;] |\n)`)
	onReceipt    = expression.MustCompile(`(?i)\b(?:due|payable)(?: (?:and|in full|immediately|and payable))*,? (?:up)?on receipt\b`)
	lateRate     = expression.MustCompile(`(?i)\b(?:interest|late (?:charge|fee|payment)|finance charge|service charge|overdue|past due)\b`)
	ratePeriod   = expression.MustCompile(`(?i)^[ ,)]*(?:(?:of|on) (?:the|any|all|such)[a-z -]{0,60}? )?(?:interest )?(?:per|a|each|every|/) ?(month|year|annum)|^[ ,)]*(monthly|annually|annual|p\.a\.|per annum)`)
	payWord      = expression.MustCompile(`(?i)\b(?:pay|pays|paid|payable|payment|payments|due|invoice|invoices|invoiced|remit|remits|remitted|remittance|settle|settles|settled|settlement|bill|bills|net|prox|COD|terms)\b|n/\d`)
	// Terms without a count of days that run from the invoice: "on the 20th of the month following", "cash on delivery".
	dayOfNext  = expression.MustCompile(`(?i)\b(?:on|by|at|before|not later than|no later than|at the latest on)(?: or before)?(?: or about)? (?:the )?(?:(\d{1,2})(?:st|nd|rd|th)|(` + numberWord + `)|(last|end))(?: (?:calendar |working |business )?day)? (?:of|in) (?:the )?(?:(?:calendar )?month (?:following|after|next after|that follows)\b|(?:following|next|succeeding) (?:calendar )?month\b)`)
	proximo    = expression.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th)? ?(prox(?:imo)?\b\.?|MFI\b|M\.F\.I\.)`)
	bothProx   = expression.MustCompile(`(?i)\b(\d{1,2}(?:\.\d{1,2})?) ?(?:%|percent),? (?:if paid (?:by|on) )?(?:the )?(\d{1,2})(?:st|nd|rd|th)? prox(?:imo)?\b\.?[,;]? ?(?:or |otherwise )?net (?:(?:on|by) the )?(\d{1,2})(?:st|nd|rd|th)? prox(?:imo)?\b\.?`)
	onDelivery = expression.MustCompile(`(?i)\bC\.?O\.?D\b|\b(?:cash|payable|payment|due)(?: in full)? (?:up)?on delivery\b`)
	inAdvance  = expression.MustCompile(`(?i)\b(?:payable|paid|pays?|due|invoiced|billed|payment)\b[^.;]{0,50}\b(?:in advance|before (?:delivery|dispatch|shipment))\b|\bcash (?:in advance|with order|before (?:delivery|dispatch|shipment))\b|\bpayment in full with (?:the )?order\b|\bpre-?payment\b|\bCIA\b`)
	onceShown  = expression.MustCompile(`(?i)\b(?:due|payable|paid|pays?|settled?|remitted)\b[^.;]{0,40}\b(?:(?:immediately )?(?:up)?on (?:receipt|presentation|receiving)|as soon as|on demand|at sight|when (?:the )?(?:invoice|bill) arrives)\b`)
	termsN     = expression.MustCompile(`(?i)\b(?:terms?|payments?)(?: of)?:?[ \t|]*n[ /-]?(\d{2,3})\b`)
	daysNet    = expression.MustCompile(`(?i)\b(\d{1,3}) days?,? (?:strictly )?net\b`)
	ordinalDay = expression.MustCompile(`(?i)\b((?:on|by|before|no later than|not later than|until) (?:or before )?the (?:(\d{1,3})(?:st|nd|rd|th)|([a-z]+(?:-[a-z]+)?)) (?:calendar )?day) (?:after|following|from|that follows)\b`)
	overRate   = expression.MustCompile(`(?i)^[^.;]{0,50}\b(?:over|above|plus|more than|in excess of)\b[^.;]{0,40}\b(?:rate|EURIBOR|LIBOR|SOFR|prime|bank|ECB|SONIA)\b|^[^.;]{0,30}\b(?:points?)\b`)
)

// paySign is what a passage shows of the ways to fix payment terms: where it shows nothing of one, no expression of it matches.
type paySign uint64

const (
	payNet      paySign = 1 << iota // net, or n/
	payTermsN                       // N45
	payOrdinal                      // the fortieth day after
	payReceipt                      // on receipt
	payMonth                        // the month following
	payProximo                      // prox, MFI
	payDelivery                     // COD, on delivery
	payShown                        // on presentation, on demand
	payAdvance                      // in advance
)

// paySigns tells all signs in one pass, letters in any case; the letters outside ASCII that expressions take for s and k are a
// sign of everything.
var paySigns = sync.OnceValue(func() *expression.Words {
	termsN := []string{"n/"}
	for d := '0'; d <= '9'; d++ {
		termsN = append(termsN, "n"+string(d), "n "+string(d), "n-"+string(d))
	}
	groups := [][]string{
		{"net", "n/"},
		termsN,
		{"day after", "day following", "day from", "day that follows"},
		{"on receipt"},
		{"month following", "month after", "month next after", "month that follows", "following month", "next month", "succeeding month", "following calendar month", "next calendar month", "succeeding calendar month"},
		{"prox", "mfi", "m.f.i."},
		{"cod", "c.od", "co.d", "c.o.d", "on delivery"},
		{"on receipt", "on presentation", "on receiving", "as soon as", "on demand", "at sight", "invoice arrives", "bill arrives"},
		{"in advance", "before delivery", "before dispatch", "before shipment", "with order", "with the order", "prepayment", "pre-payment", "cia"},
	}
	for i := range groups {
		groups[i] = append(groups[i], "\u017f", "\u212a")
	}
	return expression.NewWords(groups...).AnyCase()
})

// PaymentOf reads the payment terms that a passage fixes: "net 30", "2/10 net 30", "within thirty (30) days of receipt
// of the invoice". It answers false where the passage fixes none.
func PaymentOf(s string) (Payment, bool) {
	var p Payment
	if !payWord.MatchString(s) {
		return p, false
	}
	shown := paySign(paySigns().In(s))
	if m := shown.places(payNet, discount, s); m != nil {
		percent, err := decimal.NewFromString(part(s, m, 1))
		if err == nil {
			p.Span = Span{m[0], m[1]}
			p.Terms.Discounts = []pact.Discount{{Percent: percent, Days: atoi(part(s, m, 2))}}
			p.Terms.NetDays = intPtr(atoi(part(s, m, 3)))
			p.Terms.EOM = part(s, m, 4) != ""
			p.earlierDiscounts(s)
			if dayOfMonth.MatchString(s[m[1]:]) { // "2/10 net 15 MFI": the 15th, not 15 days
				p.Terms.Text = p.usual() + " MFI"
			}
		}
	}
	counted := false // from the end of the month: "2% 10th prox., net 25th prox."
	if m := shown.places(payProximo, bothProx, s); p.Terms.NetDays == nil && m != nil {
		if percent, err := decimal.NewFromString(part(s, m, 1)); err == nil && atoi(part(s, m, 2)) < atoi(part(s, m, 3)) && atoi(part(s, m, 3)) <= 31 {
			p.Span, counted = Span{m[0], m[1]}, true
			p.Terms.Discounts = []pact.Discount{{Percent: percent, Days: atoi(part(s, m, 2))}}
			p.Terms.NetDays, p.Terms.Text = intPtr(atoi(part(s, m, 3))), s[m[0]:m[1]]
		}
	}
	if p.Terms.NetDays == nil && strings.Contains(s, "month") {
		counted = p.readAfterMonth(s) || counted
	}
	if p.Terms.NetDays == nil && shown&payNet != 0 {
		p.readNet(s)
	}
	if p.Terms.NetDays == nil && !p.Unpicked {
		p.readWithin(s)
	}
	if p.Terms.NetDays == nil && !p.Unpicked {
		p.readCounted(s, shown)
	}
	if p.Terms.NetDays == nil && !p.Unpicked {
		if m := shown.places(payReceipt, onReceipt, s); m != nil && !inInstalment(s, Span{m[0], m[1]}) {
			p.Terms.OnReceipt, p.Span = true, Span{m[0], m[1]}
		}
	}
	if p.Terms.NetDays == nil && !p.Terms.OnReceipt && !p.Unpicked && !p.readOther(s, shown) {
		return p, false
	}
	if p.Terms.NetDays != nil && !counted && eomAfter.MatchString(s[min(p.End, len(s)):]) {
		p.Terms.EOM = true
	}
	if !strings.HasSuffix(p.Terms.Text, " sight") && !strings.HasSuffix(p.Terms.Text, " lading") {
		p.readBasis(s)
	}
	if counted {
		p.Terms.Basis = "month_end"
	}
	p.readLate(s)
	p.readDiscount(s)
	if p.Terms.EOM {
		p.Ambiguities = append(p.Ambiguities, pact.Ambiguity{
			Code:     "net_eom",
			Question: "Does the time run from the end of the month of the invoice, or does it end with the month in which the days run out?",
			Texts:    []string{"end of the invoice month, then " + strconv.Itoa(*p.Terms.NetDays) + " days", "invoice date plus " + strconv.Itoa(*p.Terms.NetDays) + " days, then to the end of that month"},
		})
	}
	if p.Terms.Text == "" {
		p.Terms.Text = p.usual()
	}
	return p, true
}

// earlierDiscounts reads the other discounts of a ladder, from the last one to its left: "3/5, 2/10, net 45".
func (p *Payment) earlierDiscounts(s string) {
	for {
		m := discountLeft.FindStringSubmatchIndex(s[:p.Start])
		if m == nil {
			return
		}
		percent, err := decimal.NewFromString(part(s, m, 1))
		next := p.Terms.Discounts[0]
		if days := atoi(part(s, m, 2)); err == nil && days < next.Days && percent.GreaterThan(next.Percent) {
			p.Start, p.Terms.Discounts = m[0], append([]pact.Discount{{Percent: percent, Days: days}}, p.Terms.Discounts...)
			continue
		}
		return
	}
}

// places asks an expression of which the passage shows a sign.
func (shown paySign) places(sign paySign, e *expression.Expression, s string) []int {
	if shown&sign == 0 {
		return nil
	}
	return e.FindStringSubmatchIndex(s)
}

// readOther reads terms that count no days from the invoice.
func (p *Payment) readOther(s string, shown paySign) bool {
	take := func(m []int, text string) bool {
		p.Span, p.Terms.Text = Span{m[0], m[1]}, text
		return true
	}
	if m := shown.places(payMonth, dayOfNext, s); m != nil {
		day := atoi(part(s, m, 1))
		if w := part(s, m, 2); w != "" {
			n, _ := Number(w)
			day = int(n)
		}
		if part(s, m, 3) != "" {
			p.Terms.Basis = "month_end"
			return take(m[:2], "net monthly")
		}
		if day >= 1 && day <= 31 {
			return take(m[:2], strconv.Itoa(day)+" MFI")
		}
	}
	if m := shown.places(payProximo, proximo, s); m != nil {
		if day := atoi(part(s, m, 1)); day >= 1 && day <= 31 {
			return take(m[:2], strconv.Itoa(day)+" MFI")
		}
	}
	if strings.Contains(s, "sight") || strings.Contains(s, "lading") {
		if m := daysSight.FindStringSubmatchIndex(s); m != nil { // of a bill or a letter of credit, from when it is shown
			return take(m[:2], part(s, m, 1)+" days sight")
		}
		if m := daysLading.FindStringSubmatchIndex(s); m != nil {
			return take(m[:2], part(s, m, 1)+" days from bill of lading")
		}
	}
	for _, d := range Durations(s) {
		unit := d.Duration.Unit
		if len(d.Readings) > 0 || unit != calendar.BusinessDay && unit != calendar.UnitMonth {
			continue
		}
		before, after := s[max(0, d.Start-60):d.Start], s[d.End:min(len(s), d.End+160)]
		if m := basisAfter.FindStringSubmatch(after); !withinDays.MatchString(before) || m == nil || !strings.ContainsAny(m[0], "abcdeghimnrv") {
			continue
		}
		return take([]int{d.Start, d.End}, d.Duration.String())
	}
	if m := shown.places(payDelivery, onDelivery, s); m != nil {
		p.Terms.Basis = "delivery"
		return take(m, "COD")
	}
	if m := shown.places(payShown, onceShown, s); m != nil && !inInstalment(s, Span{m[0], m[1]}) {
		p.Terms.OnReceipt = true
		return take(m, "due on receipt")
	}
	if m := shown.places(payAdvance, inAdvance, s); m != nil {
		return take(m, "in advance")
	}
	return false
}

func (p *Payment) readNet(s string) {
	for _, m := range netDays.FindAllStringSubmatchIndex(s, -1) {
		words, figures := part(s, m, 1), part(s, m, 2)
		n, ok := Number(words)
		days := int(n)
		if figures != "" {
			days = atoi(figures)
		}
		if (!ok && figures == "") || days > 365 || days < 1 || dayOfMonth.MatchString(s[m[1]:]) {
			continue
		}
		p.Span = Span{m[0], m[1]}
		if ok && figures != "" && int(n) != days {
			p.conflict(int(n), days, calendar.Day)
			return
		}
		p.Terms.NetDays, p.Terms.EOM = intPtr(days), part(s, m, 3) != ""
		return
	}
}

func (p *Payment) readWithin(s string) {
	for _, d := range Durations(s) {
		days, counted := Days(d.Duration)
		if !counted && len(d.Readings) == 0 {
			continue // months and business days are no count of calendar days
		}
		before, after := s[max(0, d.Start-60):d.Start], s[d.End:min(len(s), d.End+160)]
		if !withinDays.MatchString(before) || !basisAfter.MatchString(after) || early(s, d) || inInstalment(s, d.Span) || ofLading.MatchString(after) {
			continue
		}
		p.Span = Span{d.Start, d.End}
		if len(d.Readings) == 2 {
			p.conflict(d.Readings[0].Value, d.Readings[1].Value, d.Readings[0].Unit)
			return
		}
		p.Terms.NetDays = intPtr(days)
		return
	}
}

// early tells whether a time is one in which a discount is earned, where the sentence goes on to say when the whole is due: "2% applies if
// Customer pays within 10 days of the invoice date; otherwise payment is due within 30 days".
func early(s string, d Duration) bool {
	before, after := s[max(0, d.Start-120):d.Start], s[d.End:]
	if !ifPaid.MatchString(before) || dueForPay.MatchString(before) || !wholeDue.MatchString(after) || wholeThen.MatchString(after) {
		return false
	}
	return slices.ContainsFunc(Percents(s), func(p Percent) bool { return abs(p.Start-d.Start) < 160 })
}

// inInstalment tells whether words are those of a part of the price, which are no term for invoices in general.
func inInstalment(s string, at Span) bool {
	return slices.ContainsFunc(Instalments(s), func(p Instalment) bool { return p.Start < at.End && at.Start < p.End })
}

// readCounted reads other ways to count days: "30 days net", "Terms: N45", "on the forty-fifth day after receipt".
func (p *Payment) readCounted(s string, shown paySign) {
	take := func(at Span, days int) {
		if days > 0 && days <= 365 {
			p.Span, p.Terms.NetDays = at, intPtr(days)
		}
	}
	if m := shown.places(payNet, daysNet, s); m != nil {
		take(Span{m[0], m[1]}, atoi(part(s, m, 1)))
		return
	}
	if m := shown.places(payTermsN, termsN, s); m != nil {
		take(Span{m[0], m[1]}, atoi(part(s, m, 1)))
		return
	}
	if shown&payOrdinal == 0 {
		return
	}
	for _, m := range ordinalDay.FindAllStringSubmatchIndex(s, 4) {
		days := atoi(part(s, m, 2))
		if w := part(s, m, 3); w != "" {
			n, _ := ordinal(w)
			days = int(n)
		}
		at := Span{m[2], m[3]}
		if basisAfter.FindStringSubmatch(s[at.End:min(len(s), at.End+160)]) == nil {
			continue
		}
		take(at, days)
		return
	}
}

func (p *Payment) conflict(words, figures int, unit calendar.Unit) {
	p.Unpicked = true
	p.Ambiguities = append(p.Ambiguities, pact.Ambiguity{
		Code: "words_against_figures", Question: "The words and the figures of the payment period differ. Which is right?",
		Readings: []pact.Value{pact.Lasting(words, unit), pact.Lasting(figures, unit)},
	})
}

func (p *Payment) readBasis(s string) {
	after := s[min(p.End, len(s)):]
	m := basisAfter.FindStringSubmatch(after[:min(len(after), 160)])
	all := strings.ToLower(after[:min(len(after), 160)])
	if m != nil {
		all = strings.ToLower(m[0])
	}
	switch {
	case !p.Terms.EOM && p.Terms.NetDays != nil && endOfMonth.MatchString(all):
		p.Terms.Basis = "month_end"
	case strings.Contains(all, "recei") || strings.Contains(all, "arriv") || strings.Contains(all, "reach"):
		p.Terms.Basis = "receipt_of_invoice"
	case m == nil && !strings.Contains(all, "date of the invoice") && !strings.Contains(all, "invoice date"):
	case strings.Contains(all, "month") && !strings.Contains(all, "invoice"):
		p.Terms.Basis = "month_end"
	case strings.Contains(all, "invoice") || strings.Contains(all, "bill") || strings.Contains(all, "issu"):
		p.Terms.Basis = "invoice_date"
	case strings.Contains(all, "accept"):
		p.Terms.Basis = "acceptance"
	case strings.Contains(all, "deliver") || strings.Contains(all, "shipment"):
		p.Terms.Basis = "delivery"
	}
	if p.Terms.OnReceipt {
		p.Terms.Basis = "receipt_of_invoice"
	}
}

var endOfMonth = expression.MustCompile(`\b(?:after|from|following|of) (?:the )?(?:end|last day) of (?:the |that |each |its )?(?:calendar )?month\b|\b(?:after|from|following|of) (?:the )?month[ -]end\b`)

// dayOfMonth right behind a number tells that it is no count of days: "net 15 MFI".
var dayOfMonth = expression.MustCompile(`(?i)^ ?(?:prox\b|proximo\b|MFI\b|M\.F\.I\.)`)

// eomAfter is "end of month" right behind a count of days, from no day that would fix which month.
var eomAfter = expression.MustCompile(`(?i)^,? ?(?:\(?EOM\)?|end of (?:the )?month)(?:[.,;)]|$| on the \d)`)

var (
	// monthPlus counts days from the end of the month at hand, and daysEOM does so in one of two ways.
	monthPlus = expression.MustCompile(`(?i)\b(?:current|running) month,? ?(?:\+|plus) ?(\d{1,3}) days\b`)
	daysEOM   = expression.MustCompile(`(?i)\b(\d{1,3}) days?,? (?:EOM|end of (?:the )?month)(?:[.,;)]|$)`)
	// Days from the shipping of goods, or from when a bill is shown, run from nothing that an invoice has.
	daysSight  = expression.MustCompile(`(?i)\b(\d{1,3}) days?'? (?:after |from )?sight\b`)
	daysLading = expression.MustCompile(`(?i)\b(\d{1,3}) days? (?:after|from|of) (?:the )?(?:date of (?:the )?)?bill of lading\b`)
	ofLading   = expression.MustCompile(`(?i)^ (?:after|from|of) (?:the )?(?:date of (?:the )?)?bill of lading\b`)
)

// readAfterMonth reads "current month + 30 days", from the end of the month, and "in advance, 30 days end of month".
func (p *Payment) readAfterMonth(s string) (fromEnd bool) {
	if m := monthPlus.FindStringSubmatchIndex(s); m != nil {
		p.Span, p.Terms.NetDays = Span{m[0], m[1]}, intPtr(atoi(part(s, m, 1)))
		return true
	}
	if m := daysEOM.FindStringSubmatchIndex(s); m != nil && inAdvance.MatchString(s[:m[0]]) {
		p.Span, p.Terms.NetDays, p.Terms.EOM = Span{m[0], m[1]}, intPtr(atoi(part(s, m, 1))), true
	}
	return false
}

var (
	ifPaid       = expression.MustCompile(`(?i)\b(?:if|where|when|provided|for)\b[^.;]{0,60}\b(?:pay\w*|paid|settle\w*|remit\w*|received)\b[^.;]{0,40}$`)
	dueForPay    = expression.MustCompile(`(?i)\b(?:due|falls?|becomes?|is|are) (?:due )?for (?:pay\w*|settlement)\b[^.;,]{0,40}$`)
	wholeThen    = expression.MustCompile(`(?i)^[^.;,\d]{0,40}\bwithout (?:any )?deduction\b`) // "within 14 days of receipt without deduction"
	wholeDue     = expression.MustCompile(`(?i)\b(?:otherwise|failing which|failing that|if not|in (?:any|all) other cases?|else|balance|(?:full|whole|entire|net|gross) (?:amount|price|invoice|sum|payment)|without (?:any )?(?:deduction|discount))\b`)
	discountWord = expression.MustCompile(`(?i)\b(?:discount|deduct\w*|skonto|reduc\w+|escompte|prompt[- ]payment|early[- ]payment|early settlement|settlement allowance)\b`)
	forPaying    = expression.MustCompile(`(?i)^[ ,;:]*(?:off |allowed |discount |applies |is (?:allowed|granted|given|deducted) |may be (?:taken|deducted) )?(?:for|if|on|when|where|upon|provided)\b[^.;%]{0,40}\b(?:pay\w*|paid|settle\w*|remit\w*)\b[^.;%]{0,40}$`)
	straightNext = expression.MustCompile(`(?i)^[ ,;:]*(?:within |in )?$`)
	thenNet      = expression.MustCompile(`(?i)^(?: from [^.;,]{0,30}| after [^.;,]{0,30})?[,;]? ?(?:or |otherwise |balance )?(?:(?:the )?balance )?net\b`)
	// what the percentage of a price is where it is no discount: an instalment, a charge, the other part
	noDiscount = expression.MustCompile(`(?i)\b(?:interest|overdue|late|default|penalt\w+|surcharge|arrears|(?:is|are|has|have|was|were|if) not|not (?:been|paid|settled|remitted|received)|unless|charges?|fees?|increas\w*|reminders?|added|dunning|retention|instal?ments?|advance|down ?payment|deposit)\b`)
	otherPart  = expression.MustCompile(`(?i)\b(?:balance|remainder|remaining|rest)\b`)
)

// topDiscount is the most that is taken for a discount where no word calls it one: larger shares are instalments.
var topDiscount = decimal.NewFromInt(5)

// readDiscount reads a discount in a sentence: "if paid within 14 days, a discount of 3 % applies", "2 % for payment within 10 days", "two
// percent (2%) ten (10) days, net 45", "1 % if received by the tenth day following the invoice".
func (p *Payment) readDiscount(s string) {
	if len(p.Terms.Discounts) > 0 || p.Terms.NetDays == nil && p.Terms.Text != "net monthly" {
		return
	}
	rates := Percents(s)
	if len(rates) == 0 {
		return
	}
	given := func(days int, percent decimal.Decimal) bool { // the longer a buyer takes, the less is deducted
		n := len(p.Terms.Discounts)
		return n > 0 && (days <= p.Terms.Discounts[n-1].Days || percent.GreaterThanOrEqual(p.Terms.Discounts[n-1].Percent))
	}
	for _, d := range dueTimes(s) {
		days := d.Duration.Value
		if p.Terms.NetDays != nil && days >= *p.Terms.NetDays || days > 31 {
			continue
		}
		for _, rate := range rates {
			if len(rate.Readings) > 0 || abs(rate.Start-d.Start) > 140 || given(days, rate.Value) || chargedByTime(s[rate.End:min(len(s), rate.End+90)]) {
				continue
			}
			near := s[max(0, min(d.Start, rate.Start)-60):min(len(s), max(d.End, rate.End)+40)]
			said := discountWord.MatchString(near)
			// Without the word, a small percentage before the days is one.
			if rate.End <= d.Start && !said && rate.Value.LessThanOrEqual(topDiscount) && !noDiscount.MatchString(near) && !otherPart.MatchString(near) {
				between := s[rate.End:d.Start]
				said = said || forPaying.MatchString(between) || straightNext.MatchString(between) && thenNet.MatchString(s[d.End:])
			}
			if !said || len(p.Terms.Discounts) > 0 && (noDiscount.MatchString(near) || rate.End > d.Start) {
				continue
			}
			p.Terms.Discounts = append(p.Terms.Discounts, pact.Discount{Percent: rate.Value, Days: days})
			break
		}
	}
}

// chargedByTime tells from the words behind a percentage that it is charged for each month or year: interest, which no buyer deducts.
func chargedByTime(rest string) bool {
	return !isDiscount.MatchString(rest) && (ratePeriod.MatchString(rest) || overRate.MatchString(rest))
}

// isDiscount stands right behind the percentage of a discount, whatever is said of taxes or rates behind it.
var isDiscount = expression.MustCompile(`(?i)^ (?:early |prompt |cash |payment |settlement |trade )*(?:discount|skonto|reduction|deduction|rebate)\b`)

// dueTimes are the counts of days of a sentence, ordinal days too ("by the tenth day following the invoice date"), in order.
func dueTimes(s string) []Duration {
	var out []Duration
	for _, d := range Durations(s) {
		if len(d.Readings) == 0 && d.Duration.Unit == calendar.Day {
			out = append(out, d)
		}
	}
	for _, m := range ordinalDay.FindAllStringSubmatchIndex(s, 4) {
		days := atoi(part(s, m, 2))
		if w := part(s, m, 3); w != "" {
			n, _ := ordinal(w)
			days = int(n)
		}
		if days > 0 {
			out = append(out, Duration{Span: Span{m[2], m[3]}, Duration: calendar.Duration{Value: days, Unit: calendar.Day}})
		}
	}
	slices.SortStableFunc(out, func(a, b Duration) int { return a.Start - b.Start })
	return out
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

func (p *Payment) readLate(s string) {
	if !lateRate.MatchString(s) {
		return
	}
	for _, rate := range Percents(s) {
		rest := s[rate.End:min(len(s), rate.End+110)]
		if name := baseRate(s[:rate.Start], rest); name != "" && len(rate.Readings) == 0 {
			v := rate.Value
			p.Terms.Late, p.Terms.LatePer, p.Terms.LateOver = &v, "year", name
			return
		}
		m := ratePeriod.FindStringSubmatch(rest[:min(len(rest), 90)])
		if m == nil || overRate.MatchString(rest) || len(rate.Readings) > 0 {
			continue
		}
		v := rate.Value
		p.Terms.Late, p.Terms.LatePer = &v, "year"
		if strings.HasPrefix(strings.ToLower(m[1]+m[2]), "month") {
			p.Terms.LatePer = "month"
		}
		return
	}
}

const rateName = `((?:(?:[A-Z][\w.&'-]*|of|and) ){0,6}(?:base|basic|prime|bank|reference|refinancing|key|lending|repo|discount|marginal lending|main refinancing|basic interest|key interest) ?(?:lending |interest )?[Rr]ate(?: of (?:the )?[A-Z][\w.&'-]*(?: (?:of )?[A-Z][\w.&'-]*){0,5})?|[Bb]ase [Rr]ate|(?:\w+-month )?(?:EURIBOR|SONIA|SOFR|SARON|LIBOR|ESTR)(?: rate)?)`

var (
	aboveRate = expression.MustCompile(`^(?: ?(?:\(\d[^)]{0,8}\)|per annum|a year|per year|p\.a\.|points?))*,? (?:over|above|plus|more than|in excess of|higher than) (?:the )?(?:(?:then[- ]current|then|current|prevailing|applicable|published|respective|from time to time|official) )*` + rateName)
	ratePlus  = expression.MustCompile(`(?:the |at )` + rateName + `(?: from time to time)?,? (?:plus|increased by)(?: a margin of)? $`)
)

// baseRate is the name of the rate to which a percentage is added: "the Bank of England base rate"; "" where it stands alone.
func baseRate(before, after string) string {
	if m := aboveRate.FindStringSubmatch(after); m != nil {
		return m[1]
	}
	if m := ratePlus.FindStringSubmatch(before); m != nil {
		return m[1]
	}
	return ""
}

// usual writes the terms as they are usually written: "2/10 net 30".
func (p *Payment) usual() string {
	if p.Terms.OnReceipt {
		return "due on receipt"
	}
	if p.Terms.NetDays == nil {
		return ""
	}
	text := "net " + strconv.Itoa(*p.Terms.NetDays)
	if p.Terms.EOM {
		text += " EOM"
	}
	var ladder []string
	for _, d := range p.Terms.Discounts {
		ladder = append(ladder, d.Percent.String()+"/"+strconv.Itoa(d.Days))
	}
	if len(ladder) == 0 {
		return text
	}
	return strings.Join(ladder, ", ") + " " + text
}

func intPtr(n int) *int { return &n }
