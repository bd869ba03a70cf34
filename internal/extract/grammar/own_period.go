package grammar

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// What is counted in years of the contract is counted from the day on which these begin, not from January.

var (
	// ownYearMeans defines a year of the contract: `"Contract Year" means each period of twelve months from 1 April`.
	ownYearMeans = expression.MustCompile(`(?i)\b(?:contract(?:ual)?|agreement|service|subscription) (?:year|quarter)s?"?\)? ?(?::|=|\b(?:means|shall mean|is defined as|refers to|is|are|shall be|runs?)\b|(?:begins?|starts?|commences?)\b)([^.;]{0,240})`)
	// yearBegins and yearEnds stand before a day on which such a year begins or ends.
	yearBegins = expression.MustCompile(`(?i)\b(?:from|beginning|commencing|starting|begins?|starts?|commences?)(?: on| with| at| from)?(?: and including)?(?: the)? ?$`)
	yearEnds   = expression.MustCompile(`(?i)\b(?:end(?:ing|s)?|expir(?:ing|es)|to|until|up to)(?: on| with| at)?(?: and including)?(?: the)? ?$`)
	// ownYearDefined is in a definition by the day on which the contract begins.
	ownYearDefined = expression.MustCompile(`(?i)\b(?:effective date|commencement date|start date|date (?:of|hereof)|anniversary|twelve|12)\b`)
	calendarYear   = expression.MustCompile(`(?i)\bcalendar (?:year|quarter)|\b(?:1|1st|first day of|first of) January\b|\bJanuary (?:1|1st)\b`)
	dayOfMonth     = expression.MustCompile(`(?i)\b(?:(\d{1,2})(?:st|nd|rd|th)?(?: day)?(?: of)? (` + monthWords + `)|(` + monthWords + `) (\d{1,2})(?:st|nd|rd|th)?)\b`)
)

// anchorPeriods gives minimums, rebates and tiers of prices that are counted in years or quarters of the contract the day on which one of
// these begins, and asks for it where the text does not say when the contract begins.
func anchorPeriods(r *reading) {
	for i := range r.found {
		c := &r.found[i]
		if c.Subject != "obligation" || !countsOwnYears(c.Evidence) {
			continue
		}
		switch c.Obligation.Kind {
		case "minimum_commitment":
			var p obligation.CommitmentParams
			if json.Unmarshal(c.Obligation.Params, &p) == nil {
				r.anchor(c, &p, p.Period, &p.Anchor)
			}
		case "volume_price", "rebate":
			var p obligation.TieredParams
			if json.Unmarshal(c.Obligation.Params, &p) == nil {
				r.anchor(c, &p, p.Period, &p.Anchor)
			}
		}
	}
}

// countsOwnYears tells whether the words of an obligation speak of years of the contract, and of none of the calendar.
func countsOwnYears(evidence []pact.Evidence) bool {
	own := false
	for _, e := range evidence {
		if e.Passage == nil {
			continue
		}
		s := wording.Normal(e.Passage.Quote).S
		if calendarYear.MatchString(s) {
			return false
		}
		own = own || ownYear.MatchString(s)
	}
	return own
}

func (r *reading) anchor(c *pact.Candidate, params any, period string, anchor *calendar.Date) {
	if *anchor != "" || period != "year" && period != "half_year" && period != "quarter" {
		return
	}
	day, said, ofCalendar := r.ownYearStart()
	if ofCalendar {
		return
	}
	if day == "" {
		a := pact.Ambiguity{Code: "period_unclear", Question: "It is counted over a " + strings.ReplaceAll(period, "_", "-") + " of the contract, and the text does not say when it begins. On which day does it?"}
		c.Obligation.Ambiguities = append(c.Obligation.Ambiguities, a)
		c.Obligation.Confidence = sure("0.50")
		c.Ambiguities, c.Confidence = c.Obligation.Ambiguities, c.Obligation.Confidence
		return
	}
	*anchor = day
	if raw, err := json.Marshal(params); err == nil {
		c.Obligation.Params = raw
	}
	c.Obligation.Evidence = append(c.Obligation.Evidence, said...)
	c.Evidence = c.Obligation.Evidence
}

// ownYearStart is the first day of one of the years of the contract, and where that stands: what the text defines, otherwise the day on which
// the contract begins; or they are those of the calendar.
func (r *reading) ownYearStart() (day calendar.Date, said []pact.Evidence, ofCalendar bool) {
	start := r.startDate()
	for _, name := range []string{"effective_date", "agreement_date"} {
		if c := r.get(name); c != nil && c.Value != nil && c.Value.Date == start {
			said = c.Evidence
			break
		}
	}
	for _, n := range r.sentencesWith(60, "contract year", "contract quarter", "agreement year", "service year", "subscription year", "contractual year") {
		m := ownYearMeans.FindStringSubmatch(r.cut(r.sentences[n]))
		if m == nil {
			continue
		}
		if calendarYear.MatchString(m[1]) {
			return "", nil, true
		}
		first, from, named := ownYearFirst(m[0], start)
		if first == "" && !named {
			if ownYearDefined.MatchString(m[1]) {
				break // by the day on which the contract begins
			}
			continue
		}
		if strings.HasSuffix(string(first), "-01-01") {
			return "", nil, true
		}
		if from {
			return first, r.evidence(r.sentences[n]), false
		}
		return first, slices.Concat(said, r.evidence(r.sentences[n])), false
	}
	return start, said, false
}

// ownYearFirst is the first day of a year of the contract that a definition names, by a date, or by a day of each year, the last one up to the beginning of the contract.
// named is true where it names one, known or not; dated where it has a year.
func ownYearFirst(definition string, start calendar.Date) (first calendar.Date, dated, named bool) {
	next := func(d calendar.Date, before string) (calendar.Date, bool) {
		switch {
		case yearBegins.MatchString(before):
			return d, true
		case yearEnds.MatchString(before):
			if d == "" {
				return "", true
			}
			return d.AddDays(1), true
		}
		return "", false
	}
	for _, d := range wording.Dates(definition) {
		if day, ok := next(d.Date, definition[:d.Start]); ok && d.Date != "" {
			return day, true, true
		}
	}
	for _, m := range dayOfMonth.FindAllStringSubmatchIndex(definition, 4) {
		part := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return definition[m[2*i]:m[2*i+1]]
		}
		if day, ok := next(lastBefore(start, part(1)+part(4), part(2)+part(3)), definition[:m[0]]); ok {
			return day, false, true
		}
	}
	return "", false, false
}

// lastBefore is the last day of this name up to a date; "" where that is not known.
func lastBefore(date calendar.Date, day, month string) calendar.Date {
	if date == "" {
		return ""
	}
	year, err := strconv.Atoi(string(date[:4]))
	if err != nil {
		return ""
	}
	for _, y := range []int{year, year - 1} {
		if found := wording.Dates(day + " " + month + " " + strconv.Itoa(y)); len(found) == 1 && found[0].Date != "" && found[0].Date <= date {
			return found[0].Date
		}
	}
	return ""
}
