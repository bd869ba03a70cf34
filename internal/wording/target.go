package wording

import (
	"strconv"
	"strings"
	"sync"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Target is a length of time that something must be done in. DayEnd is set where it ends with a day and not with a count of
// hours: "by 5 p.m. on the next business day", "by the end of the third working day".
type Target struct {
	Duration
	DayEnd bool
}

const ordinalWord = `first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,2}(?:st|nd|rd|th)`

var (
	dayEnds = expression.MustCompile(`(?i)\b(?:(?:by|before|no later than|until|not later than|at) )?(?:(?:the )?(?:end|close)(?: of business)? (?:of|on)|` + clockTime + `(?: [A-Z][\w/]+(?: time)?)? (?:of|on)|close of business(?: on| of)?|noon (?:of|on)) (?:the )?(?:(next|following|same)|(` + ordinalWord + `)) (?:business|working|banking) day\b`)
	nextDay = expression.MustCompile(`(?i)\b(?:(?:the )?(?:next|following) (?:business|working|banking) day|NBD)(?: (?:by|before|at) (?:` + clockTime + `|(?:the )?(?:end|close) of (?:business|the day)))?`)
	partial = expression.MustCompile(`(?i)\b(?:(half an hour|one half hour|one-half hour|a half hour|half hour)|((?:a|one) quarter of an hour)|(three quarters of an hour)|((?:one|an hour|a day) and a half(?: hours?)?|(\d{1,2})[.,]5 ?(?:hours?|hrs?|h)\b)|((?:within|in|inside|under) (?:an|the) hour)|((?:within|in|inside|under) a (?:business |working )?day)|(\d{1,3}) ?(BH|BD|WD|WH|NBD)\b|(\d{1,3})(m|h)\b)`)
)

// targetWords are those of days that must not pass, and of parts of an hour.
var targetWords = sync.OnceValue(func() *expression.Words {
	return expression.NewWords([]string{"day", "Day", "DAY", "NBD"}, []string{"half", "Half", "quarter", "Quarter", ".5", ",5", " hour", " a ", "BH", "BD", "WD", "WH", "0m", "5m", "0h", "1h", "2h", "3h", "4h", "5h", "6h", "7h", "8h", "9h"})
})

// targetSigns are what stands wherever an expression of days that must not pass, or one of parts of an hour, matches: letters in any
// case, and the two letters outside ASCII that those expressions take for s and k. Most texts have none of it.
var targetSigns = sync.OnceValue(func() *expression.Words {
	parts := []string{"half", "quarter", ".5 h", ",5 h", ".5h", ",5h", "an hour", "the hour", "a day", "a business day", "a working day", "\u017f", "\u212a"}
	for d := '0'; d <= '9'; d++ {
		for _, unit := range []string{"bh", " bh", "bd", " bd", "wd", " wd", "wh", " wh", "nbd", " nbd", "m", "h"} {
			parts = append(parts, string(d)+unit)
		}
	}
	return expression.NewWords([]string{"ss day", "g day", "nbd", "\u017f", "\u212a"}, parts).AnyCase()
})

// Targets finds every time that may be a limit, in order: counted durations, parts of an hour, and days that must not pass.
func Targets(s string) []Target {
	var found []Target
	may := targetSigns().In(s)
	if may != 0 {
		may &= targetWords().In(s)
	}
	if may&1 != 0 {
		found = append(found, dayTargets(s)...)
	}
	if may&2 != 0 {
		for _, t := range partialTargets(s) {
			found = addTarget(found, t)
		}
	}
	for _, d := range Durations(s) {
		found = addTarget(found, Target{Duration: d})
	}
	for i := 1; i < len(found); i++ {
		for j := i; j > 0 && found[j].Start < found[j-1].Start; j-- {
			found[j], found[j-1] = found[j-1], found[j]
		}
	}
	return found
}

// addTarget keeps the first of two that overlap.
func addTarget(found []Target, t Target) []Target {
	for _, f := range found {
		if t.Start < f.End && f.Start < t.End {
			return found
		}
	}
	return append(found, t)
}

func dayTargets(s string) []Target {
	var found []Target
	add := func(from, to, days int) {
		t := Target{Duration: Duration{Span: Span{from, to}, Duration: calendar.Duration{Value: days, Unit: calendar.BusinessDay}}, DayEnd: true}
		found = addTarget(found, t)
	}
	for _, m := range dayEnds.FindAllStringSubmatchIndex(s, -1) {
		days := 1
		if strings.EqualFold(part(s, m, 5), "same") {
			continue // within the day itself: not a count of days
		}
		if word := part(s, m, 6); word != "" {
			n, ok := ordinal(strings.ToLower(word))
			if !ok {
				n = int64(atoi(strings.TrimRight(strings.ToLower(word), "stndrh")))
			}
			days = int(n)
		}
		if days > 0 {
			add(m[0], m[1], days)
		}
	}
	for _, m := range nextDay.FindAllStringIndex(s, -1) {
		add(m[0], m[1], 1)
	}
	return found
}

func partialTargets(s string) []Target {
	var found []Target
	for _, m := range partial.FindAllStringSubmatchIndex(s, -1) {
		d := calendar.Duration{Unit: calendar.Minute}
		from := m[0]
		switch {
		case m[2] >= 0:
			d.Value = 30
		case m[4] >= 0:
			d.Value = 15
		case m[6] >= 0:
			d.Value = 45
		case m[8] >= 0:
			n := 1
			if m[10] >= 0 {
				n = atoi(part(s, m, 5))
			} else if strings.Contains(strings.ToLower(part(s, m, 4)), "day") {
				continue
			}
			d.Value = n*60 + 30
		case m[12] >= 0:
			d.Value, d.Unit = 1, calendar.Hour
		case m[14] >= 0:
			d.Value, d.Unit = 1, calendar.Day
			if strings.Contains(part(s, m, 7), "ing ") || strings.Contains(part(s, m, 7), "ness ") {
				d.Unit = calendar.BusinessDay
			}
		case m[20] >= 0: // "15m", "4h": in a table of times
			d.Value = atoi(part(s, m, 10))
			if part(s, m, 11) == "h" {
				d.Unit = calendar.Hour
			}
		default:
			n, err := strconv.Atoi(part(s, m, 8))
			if err != nil || n == 0 {
				continue
			}
			d.Value, d.Unit = n, calendar.BusinessDay
			if strings.HasSuffix(strings.ToUpper(part(s, m, 9)), "H") {
				d.Unit = calendar.BusinessHour
			}
		}
		found = addTarget(found, Target{Duration: Duration{Span: Span{from, m[1]}, Duration: d}})
	}
	return found
}
