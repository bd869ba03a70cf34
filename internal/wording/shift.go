package wording

import (
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Shift is a day that a text gives by another one: "the first day of the month following the date of the last signature", "the day after".
// What it counts from follows the span.
type Shift struct {
	Span
	month bool // the first of the month after; otherwise the day after
}

var shifts = expression.MustCompile(`(?i)\b(?:(?:first|1st)(?: \(1st\))?(?: calendar)?(?: day)? of (?:the )?(?:first |next |calendar )*month (?:immediately |next )*(?:following|after|succeeding|subsequent to)|(day)(?: immediately)? (?:after|following))(?: that in which| the month in which)? `)

// Shifts finds them in a text in normal form, in order.
func Shifts(s string) []Shift {
	if !anyOf(s, "after", "following", "succeeding", "subsequent") {
		return nil
	}
	var found []Shift
	for _, m := range shifts.FindAllStringSubmatchIndex(s, -1) {
		found = append(found, Shift{Span{m[0], m[1]}, m[2] < 0})
	}
	return found
}

// From is the day that the words mean where they count from another.
func (x Shift) From(day calendar.Date) calendar.Date {
	if !x.month {
		return day.AddDays(1)
	}
	return firstOfMonth(day).AddMonths(1)
}

// Rule names the words, as a derivation does: "first of the month after" or "day after".
func (x Shift) Rule() string {
	if x.month {
		return "first of the month after"
	}
	return "day after"
}

// YearEnd is the last day of a month or a year that a text gives by the beginning of the contract: "31 December of the year in which the
// third anniversary of the Effective Date falls", "the end of the month in which this Agreement is signed".
type YearEnd struct {
	Span
	years  int
	months bool
}

const yearEndWord = `(?:(?:the )?(?:31(?:st)?(?: day)?(?: of)? December|December 31(?:st)?),? (?:of|in) |the (?:end|close|last day) of )`

var yearEnds = expression.MustCompile(`(?i)\b` + yearEndWord + `(?:the )?(?:calendar )?(?:(year|month) (?:in|during) which (?:(?:the )?(` + dayWord + `|\d{1,2}(?:st|nd|rd|th))(?: \(\d{1,2}(?:st|nd|rd|th)?\))? anniversary of (?:the |this |its |that )?(?:effective date|commencement date|start date|commencement|date hereof|date of this (?:agreement|contract)|date)(?: \w+){0,3}? (?:falls|occurs)|(?:it|this (?:agreement|contract)|the (?:agreement|contract)) (?:is |was |has been )?(?:signed|made|executed|entered into|concluded|takes effect|commences|begins|starts)|the (?:effective|commencement|start) date (?:falls|occurs))|(following|next|same|current) (?:calendar )?year)\b`)

// YearEnds finds them in a text in normal form, in order.
func YearEnds(s string) []YearEnd {
	if !anyOf(s, "in which", "during which", " year") {
		return nil
	}
	var found []YearEnd
	for _, m := range yearEnds.FindAllStringSubmatchIndex(s, -1) {
		e := YearEnd{Span: Span{m[0], m[1]}, months: strings.EqualFold(part(s, m, 1), "month")}
		if strings.Contains(s[m[0]:m[1]], "ecember") && e.months {
			continue
		}
		switch said := strings.ToLower(part(s, m, 2)); {
		case said != "":
			n, ok := ordinal(said)
			if !ok {
				n = int64(atoi(strings.TrimRight(said, "stndrh")))
			}
			e.years = int(n)
		case strings.EqualFold(part(s, m, 4), "following"), strings.EqualFold(part(s, m, 4), "next"):
			e.years = 1
		}
		found = append(found, e)
	}
	return found
}

// From is the day that the words mean for a contract that begins on another.
func (x YearEnd) From(start calendar.Date) calendar.Date {
	day := start.AddMonths(12 * x.years)
	if x.months {
		return firstOfMonth(day).AddMonths(1).AddDays(-1)
	}
	return calendar.Date(string(day)[:4] + "-12-31")
}

// firstOfMonth is the first day of the month of a day.
func firstOfMonth(day calendar.Date) calendar.Date { return calendar.Date(string(day)[:8] + "01") }
