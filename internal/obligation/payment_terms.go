package obligation

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// paymentTerms is a term of payment taken apart.
type paymentTerms struct {
	discounts []discount // best first: the shortest time
	base      string     // net, net_eom, eom, day_of_next_month, on_receipt, on_delivery, in_advance, monthly
	days      int        // of net and eom; the day of the month of day_of_next_month
	day       int        // of the month, of net_prox
	start     string     // what the words say the term counts from, as params.start has it; "" where they do not
}

type discount struct {
	percent decimal.Decimal
	days    int
	prox    bool // days is the day of the month after that of the start
}

// until is the last day on which the discount holds.
func (d discount) until(start calendar.Date, cutoff int) calendar.Date {
	if !d.prox {
		return start.AddDays(d.days)
	}
	on, _ := paymentTerms{base: "day_of_next_month", days: d.days}.due(start, "", cutoff)
	return on
}

var (
	proxDiscount    = regexp.MustCompile(`^(\d{1,2}(?:\.\d{1,4})?) ?%? ?/? ?(\d{1,2})(?:st|nd|rd|th)? prox(?:\.|imo)? ?,? ?`)
	netProxPattern  = regexp.MustCompile(`^(?:net|n) ?/? ?(\d{1,3})(?: days?)? ?, ?(\d{1,2})(?:st|nd|rd|th)? prox(?:\.|imo)?$`)
	netDayPattern   = regexp.MustCompile(`^(?:net|n) ?/? ?(\d{1,2})(?:st|nd|rd|th)$`)
	discountPattern = regexp.MustCompile(`^(\d{1,2}(?:\.\d{1,4})?) ?(?:%? ?/ ?|% )(\d{1,3})(?: days?)? ?,? ?`)
	netEOMPattern   = regexp.MustCompile(`^(?:net|n) ?/? ?(\d{1,3})(?: days?)?,? (?:eom|end of month|month end)$`)
	netPattern      = regexp.MustCompile(`^(?:(?:net|n) ?/? ?(\d{1,3})(?: days?)?|(\d{1,3}) days?(?: net)?)$`)
	fromPattern     = regexp.MustCompile(` (?:from|after|of|following) (?:the )?(?:date of )?(?:the )?(receipt|delivery|acceptance|invoice)(?: date)?(?: of (?:the |an? )?(?:proper |correct |valid )?(invoice|goods|services|deliverables?|materials?|products?|merchandise))?$`)
	rogPattern      = regexp.MustCompile(` r\.?o\.?g\.?$`)
	eomPlusPattern  = regexp.MustCompile(`^(?:eom|end of month)(?: ?\+ ?(\d{1,3})(?: days?)?)?$`)
	daysEOMPattern  = regexp.MustCompile(`^(\d{1,3})(?: days?)? (?:eom|end of (?:the )?month)$`)
	afterEOMPattern = regexp.MustCompile(`^(?:net ?)?(\d{1,3}) days? (?:from|after) (?:the )?(?:end of (?:the )?month|month[- ]end)(?: of (?:the )?invoice)?$`)
	nextDayPattern  = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th) (?:day )?of (?:the )?(?:month following|(?:following|next) month)(?: (?:the )?(?:date of )?(?:the )?invoice(?: date)?)?$`)
	nextEndPattern  = regexp.MustCompile(`^end of (?:the )?(?:month following|(?:following|next) month)(?: (?:the )?(?:date of )?(?:the )?invoice(?: date)?)?$`)
	mfiPattern      = regexp.MustCompile(`^(?:net )?(\d{1,2})(?:st|nd|rd|th)? ?mfi$`)
	proxPattern     = regexp.MustCompile(`^(?:(?:net|n) ?/? ?)?(\d{1,2})(?:st|nd|rd|th)? ?prox(?:\.|imo)?$`)
)

// proxAndDays tells whether a discount names a day of the next month and the whole a number that may be days or such a day too.
func (t paymentTerms) proxAndDays() bool {
	return t.base == "net" && t.days <= 31 && len(t.discounts) > 0 && t.discounts[len(t.discounts)-1].prox
}

// discountAndEOM tells whether a discount of so many days stands with terms that count from the end of the month: it may count from
// there, too.
func (t paymentTerms) discountAndEOM() bool {
	return (t.base == "net_eom" || t.base == "eom") && slices.ContainsFunc(t.discounts, func(d discount) bool { return !d.prox })
}

// parsePaymentTerms reads "2/10 net 30", "1/10, 0.5/20, n/60", "2% 10th prox net 30th", "net 30, 10th prox", "net 30 EOM", "30 days end of month", "30 days from end of month", "EOM + 15", "end of month following", "15th of the month following", "15 MFI", "10th prox", "due on
// receipt", "COD", "CBD", "CIA" and "net monthly", and what a number of days counts from: "net 30 from receipt", "60 days after acceptance".
func parsePaymentTerms(text string) (paymentTerms, error) {
	var t paymentTerms
	rest := strings.ToLower(strings.Join(strings.Fields(text), " "))
	rest = strings.TrimSuffix(rest, ".")
	for {
		prox := true
		m := proxDiscount.FindStringSubmatch(rest)
		if m == nil || len(m[0]) == len(rest) { // "10 prox" alone is when the whole is due
			m, prox = discountPattern.FindStringSubmatch(rest), false
		}
		if m == nil || len(t.discounts) == 10 {
			break
		}
		percent, err := money.ParseDecimal(m[1])
		if err != nil || percent.IsZero() {
			return t, fmt.Errorf("%q is no discount", m[0])
		}
		days, _ := strconv.Atoi(m[2]) // at most three digits
		if prox && (days < 1 || days > 31) {
			return t, fmt.Errorf("there is no day %d of a month", days)
		}
		t.discounts = append(t.discounts, discount{percent, days, prox})
		rest = rest[len(m[0]):]
	}
	for i := 1; i < len(t.discounts); i++ {
		if t.discounts[i].prox == t.discounts[i-1].prox && t.discounts[i].days <= t.discounts[i-1].days || t.discounts[i].percent.GreaterThanOrEqual(t.discounts[i-1].percent) {
			return t, fmt.Errorf("the discounts of %q must fall with the days", text)
		}
	}
	rest = rogPattern.ReplaceAllString(rest, " from receipt of goods")
	if m := fromPattern.FindStringSubmatch(rest); m != nil && netPattern.MatchString(rest[:len(rest)-len(m[0])]) {
		rest = rest[:len(rest)-len(m[0])]
		switch t.start = m[1]; {
		case t.start == "invoice":
			t.start = "invoice_date"
		case t.start == "receipt" && m[2] != "" && m[2] != "invoice":
			t.start = "delivery" // goods are received when they are delivered
		}
	}
	number := func(p *regexp.Regexp) bool {
		m := p.FindStringSubmatch(rest)
		if m == nil {
			return false
		}
		t.days, _ = strconv.Atoi(strings.Join(m[1:], "")) // one of them, with at most three digits, or nothing
		return true
	}
	if m := netProxPattern.FindStringSubmatch(rest); m != nil {
		t.base = "net_prox"
		t.days, _ = strconv.Atoi(m[1])
		t.day, _ = strconv.Atoi(m[2])
		if t.day < 1 || t.day > 31 {
			return t, fmt.Errorf("there is no day %d of a month", t.day)
		}
		return t, nil
	}
	switch {
	case number(netEOMPattern), number(daysEOMPattern):
		t.base = "net_eom"
	case number(netPattern):
		t.base = "net"
	case number(eomPlusPattern), number(afterEOMPattern):
		t.base = "eom"
	case number(mfiPattern), number(proxPattern), number(netDayPattern), number(nextDayPattern):
		t.base = "day_of_next_month"
		if t.days < 1 || t.days > 31 {
			return t, fmt.Errorf("there is no day %d of a month", t.days)
		}
	case rest == "due on receipt" || rest == "due upon receipt" || rest == "on receipt" || rest == "upon receipt" || rest == "immediate" || rest == "net 0":
		t.base, t.start = "on_receipt", "receipt"
	case rest == "cod" || rest == "c.o.d" || rest == "cash on delivery":
		t.base, t.start = "on_delivery", "delivery"
	case rest == "cia" || rest == "cash in advance" || rest == "in advance" || rest == "cbd" || rest == "cash before delivery":
		t.base = "in_advance"
	case rest == "net monthly" || rest == "monthly" || rest == "net monthly account", nextEndPattern.MatchString(rest):
		t.base = "monthly"
	case rest == "" && len(t.discounts) > 0:
		return t, fmt.Errorf("%q has a discount and no day on which the whole is due", text)
	default:
		return t, fmt.Errorf("%q is no known term of payment; known are such as 2/10 net 30, 2/10th prox net 30th, net 30 EOM, EOM + 15, 15 MFI, 10th prox, due on receipt, COD, CIA, net monthly", short(text))
	}
	if n := len(t.discounts); n > 0 {
		last := t.discounts[n-1]
		if !last.prox && last.days >= t.least() || last.prox && t.base == "day_of_next_month" && last.days >= t.days {
			return t, fmt.Errorf("the discount of %q can last as long as the whole term, or longer; say when the whole is due, as in 2/10 net 30 EOM", text)
		}
	}
	return t, nil
}

// least is the fewest days that can lie between what a term counts from and the day it is due: "EOM" is due at once for an invoice of
// the last of a month.
func (t paymentTerms) least() int {
	switch t.base {
	case "net", "net_eom", "eom", "net_prox", "day_of_next_month":
		return t.days
	case "monthly":
		return 28
	}
	return 0
}

// monthEnd is the last day of the month a date counts in: of the next one where it lies after the cutoff.
func monthEnd(d calendar.Date, cutoff int) (end calendar.Date, words string) {
	months := 1
	if day, _ := strconv.Atoi(string(d[8:])); cutoff > 0 && day > cutoff {
		months = 2
		words = fmt.Sprintf(" (%s is past the cutoff of day %d)", d, cutoff)
	}
	return (d[:8] + "01").AddMonths(months).AddDays(-1), words
}

// due counts the due date from a start. eom decides between the two readings of "net 30 EOM"; cutoff moves what starts after
// that day of the month to the next month, for terms that name a day of a month or its end.
func (t paymentTerms) due(start calendar.Date, eom string, cutoff int) (due calendar.Date, words string) {
	switch t.base {
	case "net":
		return start.AddDays(t.days), fmt.Sprintf("%s after %s", dayCount(t.days), start)
	case "net_eom", "eom":
		if reached := start.AddDays(t.days); t.base == "net_eom" && eom == "end_of_due_month" {
			end, _ := monthEnd(reached, 0)
			return end, fmt.Sprintf("end of the month of %s (%s after %s)", reached, dayCount(t.days), start)
		}
		end, words := monthEnd(start, cutoff)
		return end.AddDays(t.days), fmt.Sprintf("%s after the end of the month, %s%s", dayCount(t.days), end, words)
	case "net_prox":
		reached := start.AddDays(t.days)
		on, _ := paymentTerms{base: "day_of_next_month", days: t.day}.due(reached, "", cutoff)
		return on, fmt.Sprintf("day %d of the month after %s (%s after %s)", t.day, reached, dayCount(t.days), start)
	case "day_of_next_month":
		end, past := monthEnd(start, cutoff)
		words = fmt.Sprintf("day %d of the month after %s", t.days, start)
		if past != "" {
			words = fmt.Sprintf("day %d of the second month after %s, which is past the cutoff of day %d", t.days, start, cutoff)
		}
		last, _ := monthEnd(end.AddDays(1), 0)
		return min(end.AddDays(t.days), last), words
	case "monthly":
		end, past := monthEnd(start, cutoff)
		end, _ = monthEnd(end.AddDays(1), 0)
		return end, "end of the month after that of " + string(start) + past
	}
	return start, "on the day itself, " + string(start)
}
