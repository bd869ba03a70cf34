package grammar

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// priceTime is when a price holds: from a day until before another.
type priceTime struct{ from, until calendar.Date }

// headPeriod gives the time for which the prices of a column hold, and the head without it: "Price 2027", "Rate from 1 May 2026", "Year 2".
// It fails where a time is named and its days are not known.
func (r *reading) headPeriod(head, before string) (string, priceTime, bool) {
	switch dates := wording.Dates(head); {
	case len(dates) > 0:
		t, from, to, ok := periodIn(head)
		if !ok || from > 0 && !priceColumn.MatchString(head[:from]) {
			return head, t, false
		}
		return head[:from] + head[to:], t, true
	case rangeInHead.MatchString(head):
		return head, priceTime{}, !priceColumn.MatchString(head)
	}
	if m := yearInHead.FindStringSubmatchIndex(head); m != nil {
		words := head[:m[0]] + head[m[1]:]
		if !priceColumn.MatchString(words) && (strings.TrimSpace(words) != "" || !priceLead.MatchString(before)) {
			return head, priceTime{}, true // the head of something else
		}
		return words, yearOf(head[m[2]:m[3]]), true
	}
	if m := nthInHead.FindStringSubmatchIndex(head); m != nil && priceLead.MatchString(head+before) {
		t, ok := r.contractYear(strings.ToLower(namedGroup(head, m, 1, 2)))
		return head[:m[0]] + head[m[1]:], t, ok
	}
	return head, priceTime{}, true
}

// pricesByYear reads a list with a line for each year, of the calendar or of the contract: "Year | Price per tonne". What is priced is said
// by the heads, or by the words before the list.
func (r *reading) pricesByYear(g *grid, heads int, before string) []priced {
	var out []priced
	for _, row := range g.rows[heads:] {
		m := yearLine.FindStringSubmatch(row[0].text)
		if m == nil {
			return nil
		}
		during, ok := yearOf(m[1]), true
		if m[1] == "" {
			during, ok = r.contractYear(strings.ToLower(m[2]))
		}
		if !ok {
			return nil
		}
		for k := 1; k < len(row); k++ {
			head := g.headOver(heads, k)
			unit := unitIn(head)
			if unit == "" || timeUnits[unit] != "" || !priceColumn.MatchString(head) || sumHead.MatchString(head) || listPrice.MatchString(head) || g.taxed(heads, k) {
				continue
			}
			sum, _, ok := cellSum(row[k].text, head+" "+before, wording.Sums(r.cut(g.Span)))
			if !ok {
				continue
			}
			item := strings.Trim(headPrice.ReplaceAllString(moneyInHead.ReplaceAllString(head, " "), " "), " ,:-")
			if item == "" {
				item = r.pricedItem(before)
			}
			if item == "" {
				item = unit
			}
			out = append(out, priced{row: obligation.PriceRow{Item: item, Price: sum.Amount, Unit: unit, From: during.from, Until: during.until}, at: rowSpan(row)})
		}
	}
	return out
}

var (
	yearLine  = expression.MustCompile(`(?i)^(?:(?:calendar |contract |agreement |service )?year )?(?:(20\d\d)|(\d|one|two|three|four|five))$`)
	headPrice = expression.MustCompile(`(?i)\b(?:prices?|rates?|charges?|fees?|tariffs?)\b(?: (?:per|each|/) [a-z ]+$)?|\bper [a-z]+$`)
)

func yearOf(year string) priceTime {
	first := calendar.Date(year + "-01-01")
	next, ok := calendar.Duration{Value: 1, Unit: calendar.Year}.After(first)
	if !ok {
		return priceTime{}
	}
	return priceTime{first, next}
}

// contractYear gives the days of a year of the contract, where it is known when it takes effect.
func (r *reading) contractYear(n string) (priceTime, bool) {
	v := r.get("effective_date")
	if v == nil || v.Value == nil || v.Value.Date == "" || yearNumbers[n] == 0 {
		return priceTime{}, false
	}
	from, until := v.Value.Date, calendar.Date("")
	ok := true
	if k := yearNumbers[n] - 1; k > 0 {
		from, ok = calendar.Duration{Value: k, Unit: calendar.Year}.After(v.Value.Date)
	}
	if ok {
		until, ok = calendar.Duration{Value: yearNumbers[n], Unit: calendar.Year}.After(v.Value.Date)
	}
	return priceTime{from, until}, ok
}

// periodIn reads the days from and until which words say that something holds, and where they say so.
func periodIn(s string) (priceTime, int, int, bool) {
	dates := wording.Dates(s)
	if len(dates) == 0 || len(dates) > 2 || dates[0].Date == "" || len(dates[0].Readings) > 0 {
		return priceTime{}, 0, 0, false
	}
	first := dates[0]
	if m := fromDate.FindStringIndex(s[:first.Start]); m != nil || len(dates) == 2 && strings.TrimSpace(s[:first.Start]) == "" {
		start := first.Start
		if m != nil {
			start = m[0]
		}
		if len(dates) == 1 {
			return priceTime{from: first.Date}, start, first.End, true
		}
		if last := dates[1]; last.Date > first.Date && len(last.Readings) == 0 && toDate.MatchString(s[first.End:last.Start]) {
			return priceTime{first.Date, last.Date.AddDays(1)}, start, last.End, true
		}
		return priceTime{}, 0, 0, false
	}
	if m := untilDate.FindStringIndex(s[:first.Start]); m != nil && len(dates) == 1 {
		return priceTime{until: first.Date.AddDays(1)}, m[0], first.End, true
	}
	return priceTime{}, 0, 0, false
}

var yearWords = expression.MustCompile(`(?i)\b(?:in|during|for) the (?:first|second|third|fourth|fifth) (?:contract |lease |agreement |service )?year\b`)

// withoutTimes leaves dates and numbered years out, which are no bounds of a volume: "from 1 April", "in the first year".
func withoutTimes(s string) string {
	s = yearWords.ReplaceAllString(s, " ")
	for _, d := range slices.Backward(wording.Dates(s)) {
		s = s[:d.Start] + s[d.End:]
	}
	return s
}

// periodBehind reads when a price holds from the words behind it: "from 1 April 2026 to 31 March 2027", "in 2027", "in the second year".
func (r *reading) periodBehind(tail string) priceTime {
	if m := inYear.FindStringSubmatch(tail); m != nil {
		return yearOf(m[1])
	}
	if m := nthYear.FindStringSubmatchIndex(tail); m != nil {
		if t, ok := r.contractYear(strings.ToLower(namedGroup(tail, m, 1, 2))); ok {
			return t
		}
	}
	if t, from, _, ok := periodIn(tail); ok && from < 24 {
		return t
	}
	return priceTime{}
}

// leadPeriod reads when prices hold from the beginning of their sentence: "From 1 January 2027 travel is charged at".
func (r *reading) leadPeriod(before string) priceTime {
	if !leadFrom.MatchString(before) {
		return priceTime{}
	}
	if t, _, to, ok := periodIn(before); ok && to < 60 {
		return t
	}
	return priceTime{}
}

var (
	yearInHead  = expression.MustCompile(`(?i)[,(]? ?\b(?:(?:in|for|from|of) )?(?:the )?(?:calendar year |year )?(20\d\d)\b\)?`)
	rangeInHead = expression.MustCompile(`\b20\d\d ?[-/–] ?(?:20)?\d\d\b`)
	nthInHead   = expression.MustCompile(`(?i)[,(]? ?\b(?:in |during |for )?(?:the )?(?:(?:contract |agreement |service )?year (\d|one|two|three|four|five)|(first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th) (?:contract |agreement |service )?year)\b\)?`)
	priceLead   = expression.MustCompile(`(?i)\b(?:prices?|rates?|fees?|charges?|tariffs?)\b`)
	yearNumbers = map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}
)

var (
	fromDate  = expression.MustCompile(`(?i)(?:^|[ ,(])(?:from|as from|as of|effective|starting|beginning|since|on and after)(?: and including)?(?: the)? $`)
	toDate    = expression.MustCompile(`(?i)^ ?(?:to|until|till|through|up to|and until|-|–)(?: and including)?(?: the)? $`)
	untilDate = expression.MustCompile(`(?i)(?:^|[ ,(])(?:until|till|through|up to)(?: and including)?(?: the)? $`)
)
