package obligation

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// paymentTerms is a term of payment taken apart (domain.md 4.6).
type paymentTerms struct {
	discounts []discount // best first: the shortest time
	base      string     // net, net_eom, eom, day_of_next_month, on_receipt, on_delivery, in_advance, monthly
	days      int        // of net and eom; the day of the month of day_of_next_month
}

type discount struct {
	percent decimal.Decimal
	days    int
}

var (
	discountPattern = regexp.MustCompile(`^(\d{1,2}(?:\.\d{1,4})?) ?%? ?/ ?(\d{1,3})(?: days?)? ?,? ?`)
	netEOMPattern   = regexp.MustCompile(`^(?:net|n) ?/? ?(\d{1,3})(?: days?)?,? (?:eom|end of month|month end)$`)
	netPattern      = regexp.MustCompile(`^(?:net|n) ?/? ?(\d{1,3})(?: days?)?$`)
	eomPlusPattern  = regexp.MustCompile(`^(?:eom|end of month)(?: ?\+ ?(\d{1,3})(?: days?)?)?$`)
	daysEOMPattern  = regexp.MustCompile(`^(\d{1,3})(?: days?)? eom$`)
	mfiPattern      = regexp.MustCompile(`^(?:net )?(\d{1,2})(?:st|nd|rd|th)? ?mfi$`)
	proxPattern     = regexp.MustCompile(`^(?:net )?(\d{1,2})(?:st|nd|rd|th)? ?prox(?:\.|imo)?$`)
)

// parsePaymentTerms reads "2/10 net 30", "1/10, 0.5/20, n/60", "net 30 EOM", "EOM + 15", "15 MFI", "10th prox", "due on
// receipt", "COD", "CIA" and "net monthly".
func parsePaymentTerms(text string) (paymentTerms, error) {
	var t paymentTerms
	rest := strings.ToLower(strings.Join(strings.Fields(text), " "))
	rest = strings.TrimSuffix(rest, ".")
	for {
		m := discountPattern.FindStringSubmatch(rest)
		if m == nil || len(t.discounts) == 10 {
			break
		}
		percent, err := money.ParseDecimal(m[1])
		if err != nil || percent.IsZero() {
			return t, fmt.Errorf("%q is no discount", m[0])
		}
		days, _ := strconv.Atoi(m[2]) // at most three digits
		t.discounts = append(t.discounts, discount{percent, days})
		rest = rest[len(m[0]):]
	}
	for i := 1; i < len(t.discounts); i++ {
		if t.discounts[i].days <= t.discounts[i-1].days || t.discounts[i].percent.GreaterThanOrEqual(t.discounts[i-1].percent) {
			return t, fmt.Errorf("the discounts of %q must fall with the days", text)
		}
	}
	number := func(p *regexp.Regexp) bool {
		m := p.FindStringSubmatch(rest)
		if m == nil {
			return false
		}
		t.days, _ = strconv.Atoi(m[1]) // at most three digits, or nothing
		return true
	}
	switch {
	case number(netEOMPattern), number(daysEOMPattern):
		t.base = "net_eom"
	case number(netPattern):
		t.base = "net"
	case number(eomPlusPattern):
		t.base = "eom"
	case number(mfiPattern), number(proxPattern):
		t.base = "day_of_next_month"
		if t.days < 1 || t.days > 31 {
			return t, fmt.Errorf("there is no day %d of a month", t.days)
		}
	case rest == "due on receipt" || rest == "due upon receipt" || rest == "on receipt" || rest == "upon receipt" || rest == "immediate" || rest == "net 0":
		t.base = "on_receipt"
	case rest == "cod" || rest == "cash on delivery":
		t.base = "on_delivery"
	case rest == "cia" || rest == "cash in advance" || rest == "in advance":
		t.base = "in_advance"
	case rest == "net monthly" || rest == "monthly" || rest == "net monthly account":
		t.base = "monthly"
	case rest == "" && len(t.discounts) > 0:
		return t, fmt.Errorf("%q has a discount and no day on which the whole is due", text)
	default:
		return t, fmt.Errorf("%q is no known term of payment; known are such as 2/10 net 30, net 30 EOM, EOM + 15, 15 MFI, 10th prox, due on receipt, COD, CIA, net monthly", short(text))
	}
	if n := len(t.discounts); n > 0 && t.base == "net" && t.discounts[n-1].days >= t.days {
		return t, fmt.Errorf("the discount of %q lasts as long as the whole term", text)
	}
	return t, nil
}

// due counts the due date from a start. eom decides between the two readings of "net 30 EOM"; cutoff moves what starts after
// that day of the month to the next month, for terms that name a day of the month.
func (t paymentTerms) due(start calendar.Date, eom string, cutoff int) (due calendar.Date, words string) {
	monthEnd := func(d calendar.Date) calendar.Date { return (d[:8] + "01").AddMonths(1).AddDays(-1) }
	switch t.base {
	case "net":
		return start.AddDays(t.days), fmt.Sprintf("%s after %s", dayCount(t.days), start)
	case "net_eom":
		if eom == "end_of_due_month" {
			return monthEnd(start.AddDays(t.days)), fmt.Sprintf("end of the month of %s (%s after %s)", start.AddDays(t.days), dayCount(t.days), start)
		}
		return monthEnd(start).AddDays(t.days), fmt.Sprintf("%s after the end of the month, %s", dayCount(t.days), monthEnd(start))
	case "eom":
		return monthEnd(start).AddDays(t.days), fmt.Sprintf("%s after the end of the month, %s", dayCount(t.days), monthEnd(start))
	case "day_of_next_month":
		months := 1
		words = fmt.Sprintf("day %d of the month after %s", t.days, start)
		if day, _ := strconv.Atoi(string(start[8:])); cutoff > 0 && day > cutoff {
			months = 2
			words = fmt.Sprintf("day %d of the second month after %s, which is past the cutoff of day %d", t.days, start, cutoff)
		}
		first := (start[:8] + "01").AddMonths(months)
		return min(first.AddDays(t.days-1), monthEnd(first)), words
	case "monthly":
		return monthEnd((start[:8] + "01").AddMonths(1)), "end of the month after that of " + string(start)
	}
	return start, "on the day itself, " + string(start)
}
