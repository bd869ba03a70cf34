package wording

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Instalment is a part of a price that falls due with an event or on a day: "50 % on signing", "$10,000 on 1 June 2026", "30 % within
// 30 days after acceptance". Its Span is all that says so. One of Percent and Amount is given, and one of Event and Due.
type Instalment struct {
	Span
	Percent *decimal.Decimal
	Amount  *money.Amount
	Event   string             // as it is written: "signing", "completion of Phase 1"
	Due     calendar.Date      // an instalment of the calendar
	Within  *calendar.Duration // after the event
	// Rest: it is what the other parts leave, "the remainder". Percent is what is left of shares; beside sums neither is given.
	Rest bool
}

const (
	// What a price may hang on. An invoice, a notice or the end of a month is no step of the work.
	stepWord = `(?:(?:the|its|their|a|an|each|full|final|successful|formal|written|customer's|client's|buyer's|purchaser's|both parties'?) ){0,3}(?:(?:(?:[\w-]+ ){0,2}?(?:signing|signature|execution|acceptance|completion|commissioning|installation|hand-?over|go-?live|kick-?off|approval|commencement|shipment|dispatch|mobili[sz]ation|delivery|award|launch|closing|opening|filing|issuance|publication|enrol+ment|first sale|commercial sale|anniversary))|receipt|notice of (?:readiness|completion|acceptance|award)|(?:signing|effective|commencement|contract|go-?live|start) date|(?:placing |placement of )?(?:the )?(?:purchase )?order|order placement|(?:milestone|phase|stage) (?:\d{1,2}|[a-f]|i{1,3}|iv|v|one|two|three|four|five))\b(?: (?:of|by|for|to) (?:(?:the|this|its|all|a|an|both) ){0,2}(?:[\w'/-]+ ?){1,5}?(?: by (?:the )?[\w-]+)?)?`
	stepLead = `[ ,:)]*(?:\([^)]{0,40}\) ?)?(?:of (?:the |its |this |such |that )?(?:[\w'-]+ ){1,5}?)?(?:(?:is|are|shall be|will be|to be|becomes?|falls?|shall become) )?(?:(?:due|payable|paid|invoiced|billed)(?: and payable| in full)? )?(?:by (?:the )?\w+ )?,? ?`
	stepTime = `(?:within|no later than|not later than|in) ([^.;:]{2,40}?\b(?:days?|weeks?|months?))`
	stepLink = `(?:(?:immediately |promptly )?(?:up)?on|at|after|following|when|against|with)`
)

var (
	stepAfter  = expression.MustCompile(`(?i)^` + stepLead + stepLink + ` (` + stepWord + `)(?:(?:,| and)? ?(?:payable |due |to be paid )?` + stepTime + `)?(?:[ ]*(?:[,.;)]|and\b|or\b|plus\b|$)|$)`)
	stepWithin = expression.MustCompile(`(?i)^` + stepLead + stepTime + ` (?:of|after|following|from|upon) (` + stepWord + `)(?:[ ]*(?:[,.;)]|and\b|or\b|plus\b|$)|$)`)
	stepDay    = expression.MustCompile(`(?i)^` + stepLead + `(?:on|by|not later than|no later than|on or before) (?:the )?$`)
	stepLater  = expression.MustCompile(`(?i)^` + stepLead + `((?:[a-z-]+|\d+)(?: \(\d+\))? (?:(?:calendar|business|working) )?(?:days?|weeks?|months?)) (?:after|following|from) (` + stepWord + `)(?:[ ]*(?:[,.;)]|and\b|or\b|plus\b|$)|$)`)
	stepBefore = expression.MustCompile(`(?i)(?:^|[;:,.(]|\band) ?(?:\(?(?:[a-h]|i{1,3}|iv|v|\d)\) )?` + stepLink + ` (` + stepWord + `)[ ,:-]*(?:(?:the )?[a-z]+ (?:shall|will|must) pay |(?:a |an )?(?:payment|instal+ment) of |pays? )?$`)
	stepOfPay  = expression.MustCompile(`(?i)\b(?:payments?|pays?|payable|paid|instal+ments?|invoiced?|sum|amount|fee|price|due)\b`)
	stepNoPay  = expression.MustCompile(`(?i)\b(?:bonus\w*|damages|penalt\w+|liab\w+|insur\w+|retention|royalt\w+|interest|refund\w*|rebates?|salary|severance|cancel\w*|terminat\w+|deposits? (?:is|are|shall be) (?:returned|refunded)|shares?|stock|options?|warrants?|credits?|discount\w*|deduct\w*|increas\w*|exceed\w*|less than|more than|at least|up to|uptime|availability|faults?|tests?)\b`)
	restOfIt   = expression.MustCompile(`(?i)\b(?:the )?(?:balance|remainder|remaining \w+|rest)\b`)
	// restPart is a rest of which no figure is told beside it.
	restPart = expression.MustCompile(`(?i)\b(?:balance|remainder|rest|remaining (?:amount|sum|price|half|part|portion|fee))\b`)
	// paperCame is the receipt of what asks for the payment, which is no step of the work.
	paperCame = expression.MustCompile(`(?i)^(?:(?:the|its|their|a|an|each|full|final|successful|formal|written) )*(?:receipt(?:$| of (?:(?:the|its|a|an|each|any|such|final|valid|proper|correct|undisputed|supplier's|seller's) )*(?:invoices?|bills?|statements?|notices?|requests?|demands?|payments?|funds?|confirmation of payment)\b))`)
	halves    = expression.MustCompile(`(?i)\b(?:(one[- ]half|half)|((?:one|a)[- ]quarter)|(three[- ]quarters))(?: (?:of|is|shall|to|on|upon|at|within|being|payable|due)\b|,? \()`)
)

// Instalments reads the parts in which a passage has a price paid, in order. Parts without an event or a day are none, and neither is a
// lone share without a rest of the price, or a sum that is due once, on a day.
func Instalments(s string) []Instalment {
	if len(s) > 4000 || !stepOfPay.MatchString(s) {
		return nil
	}
	out := WithRest(partsOf(s))
	if len(out) == 1 && (out[0].Due != "" || out[0].Percent != nil && !restOfIt.MatchString(s[out[0].End:])) {
		return nil
	}
	return out
}

// WithRest gives the rest of the price its share, where the other parts have theirs. A rest that is not the last part, or stands alone, is
// none.
func WithRest(parts []Instalment) []Instalment {
	n := len(parts) - 1
	if n < 0 || !slices.ContainsFunc(parts, func(p Instalment) bool { return p.Rest }) {
		return parts
	}
	if n == 0 || slices.ContainsFunc(parts[:n], func(p Instalment) bool { return p.Rest }) {
		return slices.DeleteFunc(parts, func(p Instalment) bool { return p.Rest })
	}
	left := decimal.NewFromInt(100)
	for _, p := range parts[:n] {
		if p.Percent == nil {
			return parts // sums: what they leave is not told here
		}
		left = left.Sub(*p.Percent)
	}
	if !left.IsPositive() {
		return parts[:n]
	}
	parts[n].Percent = &left
	return parts
}

// ListedInstalment reads an item of a list whose lead says that its items are paid: "30 % on order".
func ListedInstalment(item string) (Instalment, bool) {
	if out := partsOf(item); len(out) == 1 {
		return out[0], true
	}
	return Instalment{}, false
}

func partsOf(s string) []Instalment {
	figures := sharesOf(s)
	var out []Instalment
	for i, part := range figures {
		from, to := 0, len(s)
		if i > 0 {
			from = figures[i-1].End
		}
		if n := len(out); n > 0 {
			from = max(from, out[n-1].End) // the step of the part before is no step of this one
		}
		if i+1 < len(figures) {
			to = figures[i+1].Start
		}
		if !stepNoPay.MatchString(s[max(from, part.Start-70):min(to, part.End+50)]) && part.step(s, from, to) {
			out = append(out, part)
		}
	}
	return out
}

// sharesOf are the sums and percentages of a passage, as parts that may fall due; of "50 % ($25,000)" the sum.
func sharesOf(s string) []Instalment {
	var out []Instalment
	for _, sum := range Sums(s) {
		if len(sum.Readings) == 0 {
			out = append(out, Instalment{Span: sum.Span, Amount: &sum.Amount})
		}
	}
	for _, share := range Percents(s) {
		beside := slices.ContainsFunc(out, func(o Instalment) bool {
			between := ""
			switch {
			case share.End <= o.Start:
				between = s[share.End:o.Start]
			case o.End <= share.Start:
				between = s[o.End:share.Start]
			}
			return len(between) < 24 && strings.ContainsAny(between, "(=") && !strings.ContainsAny(between, ");")
		})
		if len(share.Readings) == 0 && !beside {
			out = append(out, Instalment{Span: share.Span, Percent: &share.Value})
		}
	}
	for _, m := range halves.FindAllStringSubmatchIndex(s, -1) {
		share, end := decimal.NewFromInt(50), m[3]
		if m[4] >= 0 {
			share, end = decimal.NewFromInt(25), m[5]
		} else if m[6] >= 0 {
			share, end = decimal.NewFromInt(75), m[7]
		}
		if !besideFigure(out, m[0], end) {
			out = append(out, Instalment{Span: Span{m[0], end}, Percent: &share})
		}
	}
	for _, m := range restPart.FindAllStringIndex(s, -1) {
		if !besideFigure(out, m[0], m[1]) {
			out = append(out, Instalment{Span: Span{m[0], m[1]}, Rest: true})
		}
	}
	slices.SortFunc(out, func(a, b Instalment) int { return a.Start - b.Start })
	return out
}

// besideFigure tells whether a figure is told right behind words that mean a share: "the balance of $30,000", "half ($500)".
func besideFigure(figures []Instalment, start, end int) bool {
	return slices.ContainsFunc(figures, func(o Instalment) bool { return o.Start < end && start < o.End || o.Start >= end && o.Start-end < 10 })
}

// step finds what a part hangs on, between the figures beside it.
func (p *Instalment) step(s string, from, to int) bool {
	if !p.hangs(s, from, to) {
		return false
	}
	return p.Due != "" || !paperCame.MatchString(p.Event)
}

func (p *Instalment) hangs(s string, from, to int) bool {
	after := s[p.End:min(to, p.End+200)]
	if m := stepLater.FindStringSubmatchIndex(after); m != nil && p.within(part(after, m, 1)) {
		p.Event, p.End = strings.Trim(part(after, m, 2), " ,"), p.End+m[5]
		return true
	}
	if m := stepWithin.FindStringSubmatchIndex(after); m != nil && p.within(part(after, m, 1)) {
		p.Event, p.End = strings.Trim(part(after, m, 2), " ,"), p.End+m[5]
		return true
	}
	if m := stepAfter.FindStringSubmatchIndex(after); m != nil {
		if m[4] >= 0 && !p.within(part(after, m, 2)) {
			return false
		}
		p.Event, p.End = strings.Trim(part(after, m, 1), " ,"), p.End+max(m[3], m[5])
		return true
	}
	if dates := Dates(after); len(dates) > 0 && dates[0].Date != "" && len(dates[0].Readings) == 0 && stepDay.MatchString(after[:dates[0].Start]) {
		p.Due, p.End = dates[0].Date, p.End+dates[0].End
		return true
	}
	if m := stepBefore.FindStringSubmatchIndex(s[from:p.Start]); m != nil {
		p.Event, p.Start = strings.Trim(part(s[from:p.Start], m, 1), " ,"), from+m[2]
		return true
	}
	return false
}

func (p *Instalment) within(s string) bool {
	d := Durations(s)
	if len(d) != 1 || len(d[0].Readings) > 0 {
		return false
	}
	p.Within = &d[0].Duration
	return true
}
