package wording

import (
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

const (
	windowDay  = `(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|mon|tues?|wed|thurs?|thu|fri|sat|sun)\b\.?(?: (?:evening|night|morning|afternoon)s?)?`
	windowTime = `(?:(\d{1,2})(?:[:.](\d{2}))? ?(a\.? ?m\b\.?|p\.? ?m\b\.?|noon|hours|hrs|h\b|o'clock)?|(noon|midnight))`
	windowZone = `(?: ?\(?(?:[A-Z]{2,4}|[a-z]+ (?:standard |local )?time|local time)\)?)?`
)

var (
	windowHours = expression.MustCompile(`(?i)\b` + windowTime + windowZone + `(?: ?,?(?: on)? (` + windowDay + `))? ?(?:-|–|—|to|through|until|till|and) ?(?:the )?(?:(` + windowDay + `|next day|following (?:day|morning))(?: at|,)? )?` + windowTime)
	windowDays  = expression.MustCompile(`(?i)\b(` + windowDay + `)(?:(?:,? (?:and|or|&) |, | ?/ ?)(` + windowDay + `)|(?: ?(?:-|–|—|to|through|thru|until) ?)(` + windowDay + `))?`)
	windowWork  = expression.MustCompile(`(?i)\b(?:on|each|every|all) (?:working|business) days?\b|\b(?:weekdays?|week ?nights?)\b`)
	weekends    = expression.MustCompile(`(?i)\bweekends?\b`)
	// Windows that come less often than each week have no form as weekly hours.
	windowRare = expression.MustCompile(`(?i)\b(?:first|second|third|fourth|last|1st|2nd|3rd|4th|one|two|alternate|every other|every second) (?:(?:and|or) (?:first|second|third|fourth|last|1st|2nd|3rd|4th) )?(?:full |calendar )?(?:mon|tue|wed|thu|fri|sat|sun|week ?end|night|evening)|\b(?:fortnightly|bi-?weekly|once (?:a|per|each|every) (?:month|quarter)|of (?:each|the|every) (?:calendar )?(?:month|quarter))\b`)
)

// WindowsOf reads recurring hours of the week: "Sundays 02:00 to 06:00 CET", "between 10 p.m. Saturday and 4 a.m. Sunday", "between 22:00
// and 05:00" (each day, where no day is named). Zone is empty where none is named. Hours that recur less often than each week are not
// read: no weekly form holds them.
func WindowsOf(s string) (calendar.Hours, Span, bool) {
	for _, m := range windowHours.FindAllStringSubmatchIndex(s, 8) {
		from, okFrom := clockOf(part(s, m, 1), part(s, m, 2), clockHalf(part(s, m, 3)+part(s, m, 4)), clockHalf(part(s, m, 9)+part(s, m, 10)))
		until, okUntil := clockOf(part(s, m, 7), part(s, m, 8), clockHalf(part(s, m, 9)+part(s, m, 10)), "")
		marked := part(s, m, 2) != "" && part(s, m, 8) != "" || halfOfDay(part(s, m, 3)+part(s, m, 4)+part(s, m, 9)+part(s, m, 10))
		if !okFrom || !okUntil || !marked || from == until {
			continue
		}
		if from == "24:00" {
			from = "00:00"
		}
		if until == "00:00" {
			until = "24:00"
		}
		start, end := max(0, m[0]-70), min(len(s), m[1]+60)
		for k := m[0] - 1; k >= start; k-- { // not over the end of a limb
			if s[k] == ';' || s[k] == '\n' {
				start = k + 1
				break
			}
		}
		if k := strings.IndexAny(s[m[1]:end], ";\n"); k >= 0 {
			end = m[1] + k
		}
		near := s[start:end]
		if windowRare.MatchString(near) {
			return calendar.Hours{}, Span{}, false
		}
		h := calendar.Hours{Name: "maintenance"}
		days, at, ok := daysNear(s, start, end, m)
		if last := weekdayIndexOf(lastDay(s, end, at, m)); ok && last >= 0 && len(days) == 1 {
			first := weekdayIndexOf(days[0])
			ok = last == first || last == (first+1)%7 // a window of several days has no form
		}
		if !ok {
			return calendar.Hours{}, Span{}, false
		}
		h.Week = []calendar.Window{{Days: days, From: from, Until: until}}
		if z := Zones(s[m[0]:end]); len(z) > 0 {
			h.Zone = z[0].Name
		} else if z := Zones(near); len(z) > 0 {
			h.Zone = z[0].Name
		}
		return h, at, true
	}
	return calendar.Hours{}, Span{}, false
}

// daysNear finds on which days hours begin: the nearest days before them, else behind them, else each day.
func daysNear(s string, start, end int, m []int) ([]string, Span, bool) {
	at := Span{m[0], m[1]}
	if day := part(s, m, 5); day != "" { // "between 10 p.m. Saturday and 4 a.m. Sunday"
		first := weekdayIndexOf(day)
		return weekdayNames(first, first), at, first >= 0
	}
	before := s[start:m[0]]
	if all := windowDays.FindAllStringSubmatchIndex(before, -1); len(all) > 0 {
		d := all[len(all)-1]
		at.Start = start + d[0]
		return daysOf(before, d), at, true
	}
	after := s[m[1]:end]
	if d := windowDays.FindStringSubmatchIndex(after); d != nil && m[2*6] < 0 {
		at.End = m[1] + d[1]
		return daysOf(after, d), at, true
	}
	near := s[start:end]
	switch {
	case windowWork.MatchString(near):
		return weekdayNames(0, 4), at, true
	case weekends.MatchString(near):
		return weekdayNames(5, 6), at, true
	case m[2*6] >= 0 && weekdayIndexOf(part(s, m, 6)) >= 0:
		return nil, at, false // ends on a day, and begins on which?
	}
	return weekdayNames(0, 6), at, true
}

// lastDay is the day on which hours that begin on a named day end: "until Sunday 04:00", "and 4 a.m. Sunday".
func lastDay(s string, end int, at Span, m []int) string {
	if day := part(s, m, 6); day != "" || at.Start == m[0] && m[2*5] < 0 {
		return day
	}
	if d := windowDays.FindStringSubmatchIndex(s[m[1]:end]); d != nil && d[0] <= len(" on ") && d[4] < 0 && d[6] < 0 {
		return part(s[m[1]:end], d, 1)
	}
	return ""
}

func daysOf(s string, d []int) []string {
	first := weekdayIndex(part(s, d, 1))
	switch {
	case part(s, d, 3) != "":
		return weekdayNames(first, weekdayIndex(part(s, d, 3)))
	case part(s, d, 2) != "":
		if second := weekdayIndex(part(s, d, 2)); second != first {
			return append(weekdayNames(first, first), weekdayNames(second, second)...)
		}
	}
	return weekdayNames(first, first)
}

func weekdayIndexOf(s string) int {
	if len(s) < 3 || strings.Index("montuewedthufrisatsun", strings.ToLower(s[:3]))%3 != 0 {
		return -1
	}
	return weekdayIndex(s)
}

// halfOfDay tells whether words mark a time of day. "2 to 6 hours" are a length.
func halfOfDay(s string) bool {
	return clockHalf(strings.TrimSpace(strings.NewReplacer("hours", "", "hrs", "").Replace(strings.ToLower(s)))) != "" || strings.Contains(strings.ToLower(s), "o'clock")
}

// clockHalf leaves out the words that only mark a time of day.
func clockHalf(s string) string {
	switch strings.ToLower(s) {
	case "hours", "hrs", "h", "o'clock":
		return ""
	}
	return s
}
