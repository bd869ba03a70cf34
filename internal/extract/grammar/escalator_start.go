package grammar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// From which price a rise is counted, and on which day the first comes: both are mostly said beside the rise, or before it.

const monthName = `(january|february|march|april|may|june|july|august|september|october|november|december)`

var (
	// onePrice is a price that there is one of: "the annual fee", and not "the prices of Schedule 2".
	onePrice = expression.MustCompile(`(?i)\b(?:the|an?|our|this|its|such) ((?:(?:annual|yearly|monthly|quarterly|weekly|base|basic|fixed|flat|licen[cs]e|subscription|service|support|maintenance|management|hosting|rental|day|daily|hourly|green|total|premium|retainer|platform|storage|access) ){0,3}(?:fee|rent|charge|price|rate|remuneration|subscription|premium|tariff|retainer|hire))\b`)
	// isPrice leads from a price to its sum: "is", "of", "amounts to".
	isPrice     = expression.MustCompile(`(?i)^["')]*(?: (?:for|under|during|payable|in|of|to be paid|hereunder)(?: [\w-]+){0,7})?,? ?(?:is|of|at|shall be|will be|amounts? to|equals?|set at|:|=)(?: (?:fixed|set|agreed|initially|currently))*(?: at)? ?$`)
	firstTime   = expression.MustCompile(`(?i)\b(?:first|starting|beginning|commencing|effective|with effect|for the first time|from)(?: (?:on|from|as of|in|with effect from))*(?: and including)? ?$`)
	anniversary = expression.MustCompile(`(?i)\b(?:each|every|any) (?:yearly |annual )?anniversary of (?:the )?((?:(?:lease|contract|agreement|term|services?|subscription|support|order|licen[cs]e) )?(?:effective|commencement|start) date|start|commencement|beginning|date (?:on|from) which (?:this|the) \w+ (?:begins|takes effect|commences)|commencement of (?:this|the) \w+)\b`)
	yearlyDay   = expression.MustCompile(`(?i)\b(?:each|every)(?: year on)? (?:(\d{1,2})(?:st|nd|rd|th)?(?: day)?(?: of)? ` + monthName + `|` + monthName + ` (\d{1,2})(?:st|nd|rd|th)?)\b|\bon (?:the )?(?:(\d{1,2})(?:st|nd|rd|th)?(?: day)?(?: of)? ` + monthName + `|` + monthName + ` (\d{1,2})(?:st|nd|rd|th)?),? (?:of|in) (?:each|every)(?: calendar)? year\b|\b(?:once a year|yearly|annually|every year|each year),? on (?:(\d{1,2})(?:st|nd|rd|th)? ` + monthName + `|` + monthName + ` (\d{1,2})(?:st|nd|rd|th)?)\b`)
	// thenEach follows the day of the first of several rises: "On 1 April 2027 and each 1 April thereafter".
	thenEach = expression.MustCompile(`(?i)^,? (?:and|then|and then)(?: on)? (?:each|every|annually|yearly)\b`)
	// dueDay leads to a day on which a price is paid, and does not rise.
	dueDay    = expression.MustCompile(`(?i)\b(?:payable|due|paid|invoiced|billed)\b[^.;]{0,30}$`)
	firstYear = expression.MustCompile(`(?i)\b(?:beginning|starting|commencing|first|from)(?: in| with| from)* ((?:19|20)\d\d)\b`)
)

// escalatorStart adds the price from which a rise is counted, and the day of the first rise, with where they are said. What is said twice, or
// not at all, stays open and is asked.
func (r *reading) escalatorStart(p *obligation.EscalatorParams, wide wording.Span) (at []wording.Span, also []pact.Evidence) {
	s := r.cut(wide)
	if amount, from, ok := r.priceBefore(s, wide); ok {
		p.BasePrice = amount
		if from.Start < wide.Start || from.End > wide.End {
			at = append(at, from)
		}
	}
	day, evidence := r.firstRise(s)
	p.FirstAdjustment = day
	indexMonths(p, s)
	return at, evidence
}

// theCharges are the prices of a contract where it speaks of them all.
var theCharges = expression.MustCompile(`(?i)\b(?:the|all|our) (?:charges|fees|prices)\b`)

// priceFor follows a sum that is a price of something, too.
var priceFor = expression.MustCompile(`(?i)^,? ?(?:per|each|an?|/|for each|for every)\b`)

// onlyPrice is the sum of the price where the words speak of the charges and the contract has one alone.
func (r *reading) onlyPrice() (money.Amount, wording.Span, bool) {
	var found *money.Amount
	var where wording.Span
	for _, n := range r.moneySentences() {
		sp := r.sentences[n]
		if sp.End-sp.Start > 900 {
			continue
		}
		t := r.cut(sp)
		for _, sum := range wording.Sums(t) {
			names := onePrice.FindAllStringIndex(t[:sum.Start], -1)
			named := len(names) > 0 && isPrice.MatchString(t[names[len(names)-1][1]:sum.Start])
			switch {
			case !named && !priceFor.MatchString(t[sum.End:]):
				continue
			case !named || found != nil || len(sum.Readings) > 0:
				return money.Amount{}, wording.Span{}, false
			}
			found, where = &sum.Amount, sp
		}
	}
	if found == nil {
		return money.Amount{}, wording.Span{}, false
	}
	return *found, where, true
}

var (
	// indexFor is the month whose index counts; its groups: the month, and the year before where that is said.
	indexFor = expression.MustCompile(`(?i)\bfor (?:the )?(?:month of |(?:immediately )?(?:preceding|previous|prior|last) )` + monthName + `(?: (?:of|in) the (preceding|previous|prior|last) (?:calendar )?year)?\b|\bfor ` + monthName + ` (?:of|in) the (preceding|previous|prior|last) (?:calendar )?year\b`)
	fromTo   = expression.MustCompile(`(?i)\bfrom ` + monthName + ` to ` + monthName + `\b`)
	baseSaid = expression.MustCompile(`(?i)\b(?:base|basis)(?: month| period)?:? (?:is |of |= ?)?` + monthName + ` ((?:19|20)\d\d)\b`)
	// changeOf tells that a change of the index over the year counts: the change in it, or the rate that is called by its name.
	changeOf = expression.MustCompile(`(?i)\b(?:changes?|increases?|rises?|movements?|variation) (?:in|of)\b|\b(?:by|to) (?:the )?(?:CPIH?|RPI|HICP|CPI-U)\b`)
)

// indexMonths adds the month whose index counts and the one the base price stands for, where the words say them. Where the change over a
// year counts, the base of the first adjustment is that month of the year before.
func indexMonths(p *obligation.EscalatorParams, s string) {
	if p.Index == "" {
		return
	}
	if m := baseSaid.FindStringSubmatch(s); m != nil {
		p.BaseMonth = fmt.Sprintf("%s-%02d", m[2], monthOf(m[1]))
	}
	month, yearBefore := time.Month(0), false
	if all := indexFor.FindAllStringSubmatch(s, 2); len(all) == 1 {
		month, yearBefore = monthOf(all[0][1]+all[0][3]), all[0][2]+all[0][4] != ""
	} else if m := fromTo.FindStringSubmatch(s); m != nil && strings.EqualFold(m[1], m[2]) {
		month = monthOf(m[1])
	}
	if month == 0 {
		return
	}
	first, err := calendar.ParseDate(string(p.FirstAdjustment))
	switch {
	case err != nil && yearBefore:
		return // whether that is the last one before is not known
	case err == nil && yearBefore && month < first.Time().Month():
		lag := int(first.Time().Month()-month) + 12
		p.LagMonths = &lag
	default:
		p.ReferenceMonth = fmt.Sprintf("%02d", month)
	}
	if err != nil || p.BaseMonth != "" || p.EveryMonths != 12 || !changeOf.MatchString(s) && !fromTo.MatchString(s) {
		return
	}
	year := first.Time().Year() - 1
	if month >= first.Time().Month() || p.LagMonths != nil {
		year-- // the month that counts first is one of the year before
	}
	p.BaseMonth = fmt.Sprintf("%04d-%02d", year, month)
}

// monthOf is a month by its name; 0 for none.
func monthOf(name string) time.Month {
	for k := time.January; k <= time.December; k++ {
		if strings.EqualFold(k.String(), name) {
			return k
		}
	}
	return 0
}

// priceBefore is the sum of the price that moves: said in the same sentence, or where the same words name it, once.
func (r *reading) priceBefore(s string, wide wording.Span) (money.Amount, wording.Span, bool) {
	m := onePrice.FindStringSubmatch(s)
	if m == nil && theCharges.MatchString(s) {
		return r.onlyPrice()
	}
	if m == nil || len(onePrice.FindAllString(s, 3)) > 1 && !allAlike(onePrice.FindAllStringSubmatch(s, 8)) {
		return money.Amount{}, wording.Span{}, false
	}
	name := strings.ToLower(m[1])
	said := regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(name) + `\b`)
	var found *money.Amount
	var where wording.Span
	for n := range r.sentences {
		sp := r.sentences[n]
		if sp.End-sp.Start > 900 || !strings.Contains(r.lower[sp.Start:sp.End], name) {
			continue
		}
		t := r.cut(sp)
		for _, sum := range wording.Sums(t) {
			ahead := said.FindAllStringIndex(t[:sum.Start], -1)
			if ahead == nil || !isPrice.MatchString(t[ahead[len(ahead)-1][1]:sum.Start]) {
				continue
			}
			if len(sum.Readings) > 0 || found != nil && !found.Equal(sum.Amount) {
				return money.Amount{}, wording.Span{}, false
			}
			found, where = &sum.Amount, sp
		}
	}
	if found == nil {
		return money.Amount{}, wording.Span{}, false
	}
	return *found, where, true
}

func allAlike(all [][]string) bool {
	for _, m := range all[1:] {
		if !strings.EqualFold(m[1], all[0][1]) {
			return false
		}
	}
	return true
}

// firstRise is the day of the first rise: named, the first anniversary of the start, or the first of a day of the year that a contract sees.
func (r *reading) firstRise(s string) (calendar.Date, []pact.Evidence) {
	for _, d := range wording.Dates(s) {
		if len(d.Readings) == 0 && d.Date != "" && firstTime.MatchString(s[:d.Start]) {
			return d.Date, nil
		}
	}
	for _, d := range wording.Dates(s) {
		if len(d.Readings) == 0 && d.Date != "" && thenEach.MatchString(s[d.End:]) && !dueDay.MatchString(s[:d.Start]) {
			return d.Date, nil
		}
	}
	start := r.get("effective_date")
	known := start != nil && start.Value != nil && start.Value.Kind == pact.DateValue && len(start.Ambiguities) == 0
	if anniversary.MatchString(s) {
		if known {
			return start.Value.Date.AddMonths(12), start.Evidence
		}
		return "", nil
	}
	month, day, ok := dayOfYear(s)
	if !ok {
		return "", nil
	}
	if m := firstYear.FindStringSubmatch(s); m != nil {
		year, _ := strconv.Atoi(m[1]) // four digits
		return dateOf(year, month, day), nil
	}
	if !known {
		return "", nil
	}
	year := start.Value.Date.Time().Year()
	first := dateOf(year, month, day)
	switch {
	case first == start.Value.Date:
		return "", nil // on the day on which it begins, or a year later
	case first < start.Value.Date:
		first = dateOf(year+1, month, day)
	}
	return first, start.Evidence
}

func dateOf(year int, month time.Month, day int) calendar.Date {
	return calendar.Date(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
}

// dayOfYear is the one day of the year that words name: "on each 1 May", "on January 1 of each year".
func dayOfYear(s string) (time.Month, int, bool) {
	all := yearlyDay.FindAllStringSubmatch(s, 2)
	if len(all) != 1 {
		return 0, 0, false
	}
	month, day := time.Month(0), 0
	for _, part := range all[0][1:] {
		if n, err := strconv.Atoi(part); err == nil {
			day = n
		} else if part != "" {
			month = monthOf(part)
		}
	}
	if _, err := calendar.ParseDate(string(dateOf(2001, month, day))); err != nil {
		return 0, 0, false
	}
	return month, day, true
}
