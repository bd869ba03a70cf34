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
	Latest  string             // when it falls due without the event too, as it is written: "no later than 31 March 2027"
	// Rest: it is what the other parts leave, "the remainder". Percent is what is left of shares; beside sums neither is given.
	Rest bool
}

var (
	stepOfPay = expression.MustCompile(`(?i)\b(?:payments?|pays?|payable|paid|instal+ments?|invoiced?|sum|amount|fee|price|due)\b`)
	stepNoPay = expression.MustCompile(`(?i)\b(?:bonus\w*|damages|penalt\w+|liab(?:le|ilities)|liability(?: [a-oq-z]\w*|\W*$|[,.;)])|insur\w+|retention|royalt\w+|interest|refund\w*|rebates?|salary|severance|cancel\w*|terminat\w+|deposits? (?:is|are|shall be) (?:returned|refunded)|shares?|stock|options?|warrants?|credits?|discount\w*|deduct\w*|increas\w*|exceed\w*|less than|more than|at least|up to|uptime|availability|faults?|tests?)\b`)
	restOfIt  = expression.MustCompile(`(?i)\b(?:the )?(?:balance|remainder|remaining \w+|rest)\b`)
	// restPart is a rest of which no figure is told beside it.
	restPart = expression.MustCompile(`(?i)\b(?:balance|remainder|rest|remaining (?:amount|sum|price|half|part|portion|fee))\b`)
	forEach  = expression.MustCompile(`(?i)^ ?(?:/|(?:per|each|for each|for every)\b)`) // a price for one of something
	halves   = expression.MustCompile(`(?i)\b(?:(one[- ]half|half)|((?:one|a)[- ]quarter)|(three[- ]quarters))(?: (?:of|is|shall|to|on|upon|at|within|being|payable|due)\b|,? \()`)
)

// Instalments reads the parts in which a passage has a price paid, in order. Parts without an event or a day are none, and neither is a
// lone share without a rest of the price, or a sum that is due once, on a day.
func Instalments(s string) []Instalment {
	if len(s) > 4000 || !stepOfPay.MatchString(s) {
		return nil
	}
	out := partsOf(s)
	if items := itemsOf(s); len(items) > len(out) {
		out = items
	}
	out = WithRest(out)
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

// planLead leads to parts that have but their step beside them: "milestone payments: kick-off - $10,000; go-live - $20,000".
var planLead = expression.MustCompile(`(?i)\b(?:instal+ments?|milestones?|stages?)\b`)

// itemsOf reads the items of a list that runs on behind a colon.
func itemsOf(s string) []Instalment {
	colon := strings.IndexByte(s, ':')
	if colon < 0 || !strings.Contains(s[colon:], "; ") {
		return nil
	}
	var out []Instalment
	for at := colon + 1; at < len(s); {
		end := len(s)
		if n := strings.IndexByte(s[at:], ';'); n >= 0 {
			end = at + n
		}
		item, ok := ListedInstalment(s[:colon], s[at:end])
		if !ok {
			return nil
		}
		item.Start, item.End = item.Start+at, item.End+at
		out, at = append(out, item), end+1
	}
	return out
}

// ListedInstalment reads an item of a list whose lead says that its items are paid: "30 % on order". A share, or a sum where the lead
// speaks of instalments, may have but its step before it: "Delivery: 40 %".
func ListedInstalment(lead, item string) (Instalment, bool) {
	if out := partsOf(item); len(out) > 0 {
		return out[0], len(out) == 1
	}
	figures := sharesOf(item)
	if len(figures) != 1 || figures[0].Amount != nil && !planLead.MatchString(lead) || strings.Trim(item[figures[0].End:], " .;,") != "" {
		return Instalment{}, false
	}
	p := figures[0]
	m := stepOwn.FindStringSubmatchIndex(item[:p.Start])
	if m == nil {
		return Instalment{}, false
	}
	p.Event, p.Start = part(item, m, 1), m[2]
	return p, !paperCame.MatchString(p.Event)
}

// sharesOf are the sums and percentages of a passage, as parts that may fall due; of "50 % ($25,000)" the sum.
func sharesOf(s string) []Instalment {
	var out []Instalment
	for _, sum := range Sums(s) {
		if len(sum.Readings) == 0 && !forEach.MatchString(s[sum.End:]) {
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
