package wording

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
)

// Duration is a counted length of time that a text names. Where words and figures contradict ("thirty (60) days"),
// Readings has both, words first, and Duration is not set.
type Duration struct {
	Span
	Duration calendar.Duration
	Readings []calendar.Duration
}

var durations = regexp.MustCompile(`(?i)\b(?:(` + numberWord + `)(?: ?[(\[] ?(\d{1,5}) ?[)\]])?|(\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.0)?(?: ?\( ?(` + numberWord + `) ?\))?)[ -]*(?:(?:full|consecutive|additional|calendar|clear|successive|whole|further|continuous|elapsed|prior|more)[ -]+)*((?:business|working|banking|support|service|trading)[ -]+)?(minutes?|mins?|hours?|hrs?|days?|weeks?|months?|quarters?|years?|yrs?)\b\.?'?(?: ?\( ?(\d{1,5})(?: (?:days|months|years))? ?\))?`)

var vague = regexp.MustCompile(`(?i)\b(?:(?:a|one) full|an?|each|every|any)[ -](business |working )?(minute|hour|day|week|month|quarter|year)\b`)

// Durations finds every counted duration in a normal form, in order.
func Durations(s string) []Duration {
	var found []Duration
	for _, m := range durations.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > 0 && (s[m[0]-1] == '.' || s[m[0]-1] == '$' || s[m[0]-1] == ',') && m[6] >= 0 {
			continue // the tail of a decimal or a sum
		}
		d := Duration{Span: Span{m[0], m[1]}}
		unit := unitOf(part(s, m, 5), part(s, m, 6))
		words, figures := part(s, m, 1)+part(s, m, 4), part(s, m, 2)+strings.ReplaceAll(part(s, m, 3), ",", "")
		if figures == "" {
			figures = part(s, m, 7)
		}
		inWords, okWords := Number(words)
		inFigures, errFigures := strconv.Atoi(figures)
		if inWords > 100_000_000 {
			continue
		}
		switch {
		case okWords && errFigures == nil && int(inWords) != inFigures:
			d.Readings = []calendar.Duration{{Value: int(inWords), Unit: unit}, {Value: inFigures, Unit: unit}}
		case okWords:
			d.Duration = calendar.Duration{Value: int(inWords), Unit: unit}
		case errFigures == nil:
			d.Duration = calendar.Duration{Value: inFigures, Unit: unit}
		default:
			continue
		}
		found = append(found, d)
	}
	return found
}

// OneUnit finds "a year", "each month": durations without a number, which only some clauses mean as a length.
func OneUnit(s string) (Duration, bool) {
	m := vague.FindStringSubmatchIndex(s)
	if m == nil {
		return Duration{}, false
	}
	return Duration{Span: Span{m[0], m[1]}, Duration: calendar.Duration{Value: 1, Unit: unitOf(part(s, m, 1), part(s, m, 2))}}, true
}

func unitOf(business, unit string) calendar.Unit {
	isBusiness := business != ""
	switch unit[0] | 0x20 {
	case 'h':
		if isBusiness {
			return calendar.BusinessHour
		}
		return calendar.Hour
	case 'd':
		if isBusiness {
			return calendar.BusinessDay
		}
		return calendar.Day
	case 'w':
		return calendar.Week
	case 'q':
		return calendar.Quarter
	case 'y':
		return calendar.Year
	}
	if len(unit) > 1 && unit[1]|0x20 == 'o' {
		return calendar.UnitMonth
	}
	return calendar.Minute
}
