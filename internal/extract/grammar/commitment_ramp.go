package grammar

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Commitments that differ by year: in the lines of a list, and in rows of a table.

var (
	rampLead     = expression.MustCompile(`(?i)\b(?:commit\w*|minimum|guarantee\w*|undertakes?|take[- ]or[- ]pay|(?:shall|will|must|agrees to) (?:purchase|buy|order|spend|take))\b[^.]{0,200}(?::|\b(?:as follows|following|set out below|shown below|amounts below|quantities below|listed below)[^.]{0,60})$`)
	yearWord     = expression.MustCompile(`(?i)\b(?:(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|initial|1st|2nd|3rd|[4-9]th) (?:\w+ )?(?:year|twelve[- ]month|12[- ]month)|year (one|two|three|four|five|six|seven|\d)\b)`)
	yearOfDate   = expression.MustCompile(`(?i)\b(?:in|during|for)(?: the)?(?: calendar)?(?: year)? (20\d\d)\b`)
	doneThen     = expression.MustCompile(`(?i)\b(?:made|agreed|signed|concluded|dated|set|fixed|published|issued|prepared|forecast(?:ed)?|quoted) $`) // in which year something was done
	laterYears   = expression.MustCompile(`(?i)\b(?:each|every|any|all) (?:\w+ ){0,2}(?:year|period)s?\b[^.;]{0,20}\b(?:thereafter|following)|\b(?:each|every|any|all) (?:subsequent|following|further|later|succeeding|remaining) (?:\w+ )?years?\b|\bthereafter\b`)
	fromYear     = expression.MustCompile(`(?i)\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth) (?:\w+ )?(?:year )?and (?:each|every|any|all)\b`)
	minimumOrder = expression.MustCompile(`(?i)\bminimum (?:annual|yearly|monthly|quarterly) order (?:value|quantity|volume)\b`)
	bareQuantity = expression.MustCompile(`^ ?(\d{1,3}(?:,\d{3})+|\d+)[.;]?$`)
	eachAfter    = expression.MustCompile(`(?i)^,? ?(?:(?:is|are|shall be|will be) )?(?:(?:paid|payable|charged|due|invoiced|owed) )?(?:per|for (?:each|every)|each|a|an) (?:(?:missing|undelivered|untaken|outstanding|such|metric|single) )?([a-z]+)`)
	eachBefore   = expression.MustCompile(`(?i)\b(?:for (?:each|every)|per) (?:(?:missing|undelivered|untaken|outstanding|such|metric|single) )?([a-z]+)\b[^.;\d]{0,60}$`)
	lumpSum      = expression.MustCompile(`(?i)\b(?:lump sum|flat (?:sum|fee|charge|amount)|one-off|once)\b`)
	// what a list of years may promise that nobody buys
	rampNot = expression.MustCompile(`(?i)\b(?:savings?|capacit\w+|output|performance|productivity|dividends?|salar(?:y|ies)|service levels?|accuracy|headcount|investments?)\b`)
	// what is counted in pounds of money
	noWeight    = expression.MustCompile(`(?i)^(?: \([^)]{0,12}\))? of (?:[a-z-]+ ){0,2}?(?:orders?|purchases?|goods|services?|fees|sales|spend\w*|turnover|business|work|products|charges|revenues?|invoices?|value|credit|support|consultancy|training|licen[cs]es|advertising)\b`)
	minimumHead = expression.MustCompile(`(?i)\b(?:minimum|guaranteed|committed|take[- ]or[- ]pay)\b[^.]{0,30}\b(?:throughput|volumes?|quantit\w+|purchases?|orders?|charges?|fees?|spend|off-?take|commitment|billing|consumption)\b|^(?:\S{1,6} )?(?:volume |purchase |annual |revenue )?commitment\b`)
	weightsOf   = expression.MustCompile(`(?i)^(?: \([^)]{0,12}\))? of (?:[a-z-]+ )?[a-z]`)
)

// weighed tells whether "6,400,000 pounds of resin" are a weight and no money.
func weighed(s string, sum wording.Sum) bool {
	words := lowerASCII(s[sum.Start:sum.End])
	return strings.HasSuffix(words, "pounds") && !strings.ContainsAny(words, "$£€") && weightsOf.MatchString(s[sum.End:]) && !noWeight.MatchString(s[sum.End:])
}

// forEach tells whether a sum is the price of each unit that is missing: the words for that stand right beside it, with a unit that is
// no time. A lump sum is none.
func forEach(s string, sum wording.Sum) bool {
	if lumpSum.MatchString(s) {
		return false
	}
	m := eachAfter.FindStringSubmatch(s[sum.End:])
	if m == nil {
		m = eachBefore.FindStringSubmatch(s[:sum.Start])
	}
	return m != nil && !timeUnit(m[1]) && !holds(lowerASCII(m[1]), "annum", "breach", "case", "occurrence", "shortfall", "period", "incident")
}

// underMinimum tells whether a sentence that says "not fewer than" stands under words that call it a minimum: "Minimum throughput. The
// Principal shall present not fewer than 1,500 pallets in any month".
func (r *reading) underMinimum(n int, s string) bool {
	if n == 0 || !commitAt.MatchString(s) {
		return false
	}
	head := r.sentences[n-1]
	return head.End-head.Start < 60 && minimumHead.MatchString(r.cut(head))
}

// yearIn is the one year of the contract that words are about: "second Contract Year", "Year 3", "1 July 2026 - 30 June 2027", "each Year
// thereafter" (without end and beginning). Where the contract's beginning is not known such a year has none either, and must not be
// taken as it is.
func (r *reading) yearIn(s string) (calendar.Period, bool) {
	if days := wording.Dates(s); len(days) == 2 && days[0].Date != "" && days[1].Date != "" && days[0].Date < days[1].Date {
		return calendar.Period{From: days[0].Date, Until: days[1].Date.AddDays(1)}, true
	}
	if laterYears.MatchString(s) {
		if m := fromYear.FindStringSubmatch(s); m != nil && r.startDate() != "" { // "Third and each later year"
			return calendar.Period{From: r.startDate().AddMonths(12 * (yearNumber(strings.ToLower(m[1])) - 1))}, true
		}
		return calendar.Period{}, true
	}
	if m := yearOfDate.FindStringSubmatch(s); m != nil {
		first := calendar.Date(m[1] + "-01-01")
		return calendar.Period{From: first, Until: first.AddMonths(12)}, true
	}
	m := yearWord.FindStringSubmatch(s)
	if m == nil {
		return calendar.Period{}, false
	}
	k := yearNumber(strings.ToLower(m[1] + m[2]))
	start := r.startDate()
	if k == 0 {
		return calendar.Period{}, false
	}
	if start == "" {
		return calendar.Period{}, true
	}
	return calendar.Period{From: start.AddMonths(12 * (k - 1)), Until: start.AddMonths(12 * k)}, true
}

func yearNumber(w string) int {
	for i, names := range [][]string{{"first", "initial", "one"}, {"second", "two"}, {"third", "three"}, {"fourth", "four"}, {"fifth", "five"}, {"sixth", "six"}, {"seventh", "seven"}, {"eighth"}, {"ninth"}, {"tenth"}} {
		for _, name := range names {
			if w == name {
				return i + 1
			}
		}
	}
	k, err := strconv.Atoi(strings.TrimRight(w, "stndrh"))
	if err != nil {
		return 0
	}
	return k
}

// rampedCommitments reads a list whose lines give what must be bought in each year, under a sentence that commits.
func (r *reading) rampedCommitments(n int, s string) bool {
	if !rampLead.MatchString(strings.TrimSpace(s)) || len(wording.Sums(s)) > 0 || rebateWord.MatchString(s) || commitNot.MatchString(s) || rampNot.MatchString(s) || r.sells(r.leadActor(s)) {
		return false
	}
	type line struct {
		c  commitment
		at wording.Span
	}
	var list []line
	for k := n + 1; k < len(r.sentences) && k <= n+10; k++ {
		sp := r.sentences[k]
		t := r.cut(sp)
		if sp.End-sp.Start > 220 || r.inTable(sp.Start) {
			break
		}
		if m := listItem.FindStringIndex(t); m != nil {
			t = t[m[1]:]
		}
		during, ok := r.yearIn(t)
		if !ok {
			break
		}
		sums := wording.Sums(t)
		var c commitment
		if len(sums) == 1 {
			c, ok = commitmentOf(t[sums[0].Start:], true)
		} else {
			ok = false
			for _, i := range wordBegins(t) {
				if digitByte(t[i]) {
					if c, ok = commitmentOf(t[i:], true); ok {
						break
					}
				}
			}
		}
		if !ok {
			break
		}
		if c.params.Period = periodOf(t); c.params.Period == "" {
			c.params.Period = "year"
		}
		c.during = during
		list = append(list, line{c, sp})
	}
	if len(list) < 2 {
		return false
	}
	last := &list[len(list)-1].c.during
	if before := list[len(list)-2].c.during; last.From == "" && before.Until != "" {
		last.From = before.Until // "each year thereafter"
	}
	for _, x := range list {
		if x.c.during.From == "" {
			continue // of a year that nobody can place: it would hold in all
		}
		if r.toldBefore("minimum_commitment", x.at) {
			continue
		}
		r.addCommitment(x.c, x.at, x.at)
	}
	return true
}

// inlineYears reads a sentence that gives one minimum for each of several years: "at least 5,000 cases in the first year, 7,500 in the second
// and 10,000 in each year thereafter". Years that can not be placed, since it is not known when the contract begins, are none: the first
// amount would hold in all of them. It tells whether the sentence is one of these.
func (r *reading) inlineYears(n int, s string) bool {
	years := namedYears(s)
	if len(years) < 2 && (len(years) == 0 || !yearOfDate.MatchString(s[years[0][0]:years[0][1]]) || holds(lowerASCII(s), "each ", "every ", "any ", "per year", "annual")) || !commitAt.MatchString(s) || !commitCue.MatchString(s) && !purchased.MatchString(s) || rebateWord.MatchString(s) || rampNot.MatchString(s) {
		return false
	}
	var list []commitment
	from := commitAt.FindStringIndex(s)[1]
	if from > years[0][0] {
		return false // the years stand before what is bought in them
	}
	unit := ""
	for _, y := range years {
		if y[0] < from {
			return false
		}
		part := strings.TrimLeft(s[from:y[0]], ",; ")
		part = andBefore.ReplaceAllString(part, "")
		during, ok := r.yearIn(s[y[0]:y[1]])
		if !ok {
			return false
		}
		c, ok := commitmentOf(part, true)
		if q := quantityOf.FindStringSubmatch(part); !ok || c.params.Quantity != nil && q != nil && timeFollows.MatchString(q[3]) {
			c, ok = commitmentOf(strings.TrimRight(bareStart(part), " ")+" "+unit, true) // "7,500 in the second year"
		} else if q != nil {
			unit = q[3]
		}
		if !ok {
			return false
		}
		c.during, c.params.Period = during, cmp.Or(periodOf(part), "year")
		list, from = append(list, c), y[1]
	}
	if n := len(list); n > 1 && list[n-1].during.From == "" && list[n-2].during.Until != "" {
		list[n-1].during.From = list[n-2].during.Until // "each year thereafter"
	}
	at := r.sentences[n]
	for _, c := range list {
		if c.during.From != "" {
			r.addCommitment(c, at, at)
		}
	}
	return true
}

var (
	andBefore    = expression.MustCompile(`(?i)^(?:and|then|rising to|increasing to|followed by)(?: (?:at least|not less than|no less than|a minimum of))? `)
	timeFollows  = expression.MustCompile(`(?i)^(?:in|during|for|per|each|year)\b`)
	leadingCount = expression.MustCompile(`^\d{1,3}(?:,\d{3})+|^\d+`)
)

// bareStart is the number that words begin with.
func bareStart(s string) string { return leadingCount.FindString(s) }

// namedYears are the places in which a sentence names years of the contract, one after another: "in the first year", "each year thereafter".
func namedYears(s string) [][]int {
	places := yearWord.FindAllStringIndex(s, 10)
	if len(places) == 0 {
		for _, m := range yearOfDate.FindAllStringIndex(s, 10) {
			if !doneThen.MatchString(s[:m[0]]) {
				places = append(places, m)
			}
		}
	}
	for _, m := range laterYears.FindAllStringIndex(s, 2) {
		if len(places) > 0 && m[0] >= places[len(places)-1][1] {
			places = append(places, m)
		}
	}
	return places
}
