package wording

import (
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

const (
	clockTime = `(?:(\d{1,2})(?:(?:[:.]| ?h ?)(\d{2}))? ?(a\.? ?m\.?|p\.? ?m\.?|noon|hours|hrs|h)?|(noon|midnight))`
	weekday   = `(monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun)s?`
	// dayWords are the days of a window: a range, one day, the days of work, all days.
	dayWords = `(?:` + weekday + `\.? ?(?:-|to|through|thru|until) ?` + weekday + `\b|(mo|tu|we|th)\.? ?(?:-|to) ?(th|fr|sa|su)\b|` + weekday + `\b|(weekdays?|week days|working days?|business days?)\b|(every day|each day|daily|(?:seven|7) days a week)\b)`
)

var (
	timeRange = expression.MustCompile(`(?i)\b(?:from |between )?` + clockTime + `(?: ?\(?(?:[A-Z]{2,4}|[A-Z][a-z]+ (?:standard )?time)\)?)? ?(?:-|to|through|until|and|till) ?` + clockTime)
	dayRange  = expression.MustCompile(`(?i)\b(?:` + weekday + `\.? ?(?:-|to|through|thru|until) ?` + weekday + `\b|(mo|tu|we|th)\.? ?(?:-|to) ?(th|fr|sa|su)\b)`)
	workDays  = expression.MustCompile(`(?i)\b(?:business day|week ?day|working day)`)
	daysAhead = expression.MustCompile(`(?i)\b` + dayWords + `\.?[ ,:(]*(?:from |between |the hours of )*$`)
	daysNext  = expression.MustCompile(`(?i)^[ ,(]*(?:\(?(?:[A-Z]{2,4}|[A-Z][a-z]+ (?:standard )?time)\)?)?[ ,(]*(?:on |from )?` + dayWords)
	// betweenWindows stands between two windows of one calendar, once the words for days are left out.
	betweenWindows = expression.MustCompile(`(?i)^[\s,;()&/.]*(?:(?:and|from|on|between|the hours of|[A-Z]{3,4})[\s,;()&/.]*)*$`)
	// notOpen stands behind a window in which nobody is there.
	notOpen      = expression.MustCompile(`(?i)^(?:[ ,(]*(?:[A-Z]{2,4}\b[ ,)]*)?(?:closed|excepted)(?:[.,;)]|$)|[^.;,]{0,40}\b(?:maintenance|window|(?:is|are|being) (?:closed|excepted))\b)`)
	daysAnywhere = expression.MustCompile(`(?i)\b` + dayWords)
	allDay       = expression.MustCompile(`(?i)\b24 ?(?:x|/|\*|hours? (?:a|per|each) day,? (?:7|seven) days|hours? (?:a|per) day,? ?(?:and )?7) ?(?:x? ?7)?|\btwenty[- ]four (?:\(24\) )?hours (?:a|per|each) day,? (?:7|seven)|\baround the clock\b|\bround[- ]the[- ]clock\b`)
	holiday      = expression.MustCompile(`(?i)\b(?:exclud\w+|except\w*|other than|not including|but not|not)\b[^.]{0,60}\bholidays?\b|\bholidays? (?:are )?(?:exclu\w+|except\w+)`)
	region       = expression.MustCompile(`(?i)\b(?:(u\.?s\.?|united states|american|federal)(?: \w+){0,2} holidays?|holidays? (?:of|in|observed (?:by|in)) (?:the )?(?:federal (?:government|reserve)[a-z ]*(?:united states)?|(hamburg|bavaria|berlin|england|united kingdom|uk|germany|france|netherlands|ireland|canada|united states)))`)
)

// AroundTheClock tells whether a text says that a service runs 24 hours on 7 days.
func AroundTheClock(s string) bool { return allDay.MatchString(s) }

// HoursOf reads service hours: "9:00 a.m. to 5:00 p.m. Eastern Time, Monday through Friday, excluding public holidays".
func HoursOf(s string) (calendar.Hours, Span, bool) {
	if m := allDay.FindStringIndex(s); m != nil {
		h := calendar.AllHours("UTC")
		if z := Zones(s); len(z) > 0 {
			h.Zone = z[0].Name
		}
		return h, Span{m[0], m[1]}, true
	}
	all := timesOfDay(s)
	for i, t := range all {
		near := s[max(0, t.Start-260):min(len(s), t.End+320)]
		days, ahead := daysBeside(s, t.Span, true)
		if days == nil {
			switch m := dayRange.FindStringSubmatch(near); {
			case m != nil:
				days = weekdayNames(weekdayIndex(m[1]+m[3]), weekdayIndex(m[2]+m[4]))
			case workDays.MatchString(near):
				days = weekdayNames(0, 4)
			default:
				continue // hours without days are somebody's delivery window
			}
		}
		h := calendar.Hours{Name: "business hours", Week: []calendar.Window{{Days: days, From: t.from, Until: t.until}}}
		for last := t; i+1 < len(all); i, last = i+1, all[i+1] { // "Monday to Thursday 8:00 to 17:00, Friday 8:00 to 14:00"
			next := all[i+1]
			if next.Start-last.End > 60 || notOpen.MatchString(s[next.End:]) || !betweenWindows.MatchString(daysAnywhere.ReplaceAllString(s[last.End:next.Start], " ")) {
				break
			}
			own, before := daysBeside(s, next.Span, ahead)
			if ahead && !before && i+2 < len(all) && all[i+2].Start-next.End <= 60 {
				if _, of := daysBeside(s, all[i+2].Span, true); of {
					own = nil // the days behind are those ahead of the window after it
				}
			}
			if own != nil {
				days = own
			} else if !ahead {
				break
			}
			h.Week = append(h.Week, calendar.Window{Days: days, From: next.from, Until: next.until})
		}
		if z := Zones(near); len(z) > 0 {
			h.Zone = z[0].Name
		}
		if holiday.MatchString(near) || strings.Contains(strings.ToLower(near), "business day") {
			h.HolidayRegion = regionOf(near)
		}
		return h, t.Span, true
	}
	return calendar.Hours{}, Span{}, false
}

// opening is a range of times of a day.
type opening struct {
	Span
	from, until string
}

// timesOfDay finds ranges of times that are marked as such: "8am to 6 pm", "08:00-18:00", "8 h 30 to 18 h 00".
func timesOfDay(s string) []opening {
	var out []opening
	for _, m := range timeRange.FindAllStringSubmatchIndex(s, -1) {
		from, okFrom := clockOf(part(s, m, 1), part(s, m, 2), part(s, m, 3)+part(s, m, 4), part(s, m, 7))
		until, okUntil := clockOf(part(s, m, 5), part(s, m, 6), part(s, m, 7)+part(s, m, 8), "")
		marked := part(s, m, 3)+part(s, m, 7)+part(s, m, 4)+part(s, m, 8) != "" || part(s, m, 2) != "" && part(s, m, 6) != ""
		if okFrom && okUntil && from < until && marked {
			out = append(out, opening{Span{m[0], m[1]}, from, until})
		}
	}
	return out
}

// daysBeside gives the days that stand right before a range of times, or right behind it; ahead tells that they stand before. Where both
// are there, those before count if first tells so.
func daysBeside(s string, at Span, first bool) (days []string, ahead bool) {
	before := daysAhead.FindStringSubmatch(s[max(0, at.Start-60):at.Start])
	behind := daysNext.FindStringSubmatch(s[at.End:min(len(s), at.End+70)])
	switch {
	case before != nil && (first || behind == nil):
		return daysNamed(before[1:]), true
	case behind != nil:
		return daysNamed(behind[1:]), false
	}
	return nil, false
}

// daysNamed are the days that the groups of dayWords name.
func daysNamed(m []string) []string {
	switch {
	case m[0]+m[2] != "":
		return weekdayNames(weekdayIndex(m[0]+m[2]), weekdayIndex(m[1]+m[3]))
	case m[4] != "":
		return weekdayNames(weekdayIndex(m[4]), weekdayIndex(m[4]))
	case m[5] != "":
		return weekdayNames(0, 4)
	}
	return weekdayNames(0, 6)
}

func regionOf(s string) string {
	m := region.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	switch strings.ToLower(m[2]) {
	case "hamburg":
		return "de-hh"
	case "bavaria":
		return "de-by"
	case "berlin":
		return "de-be"
	case "england", "united kingdom", "uk":
		return "gb"
	case "germany":
		return "de"
	case "france":
		return "fr"
	case "netherlands":
		return "nl"
	case "ireland":
		return "ie"
	case "canada":
		return "ca"
	}
	return "us"
}

func clockOf(hour, minute, half, otherHalf string) (string, bool) {
	half = strings.ToLower(strings.NewReplacer(".", "", " ", "").Replace(half))
	switch half {
	case "noon":
		return "12:00", true
	case "midnight":
		return "24:00", true
	}
	h, m := atoi(hour), 0
	if minute != "" {
		m = atoi(minute)
	}
	if half == "" && strings.HasPrefix(strings.ToLower(otherHalf), "a") {
		half = "am"
	}
	switch {
	case half == "pm" && h < 12:
		h += 12
	case half == "am" && h == 12:
		h = 0
	}
	if h < 0 || h > 24 || m < 0 || m > 59 || h == 24 && m > 0 {
		return "", false
	}
	return fmt.Sprintf("%02d:%02d", h, m), true
}

func weekdayIndex(s string) int {
	return strings.Index("motuwethfrsasu", strings.ToLower(s[:2])) / 2
}

func weekdayNames(from, to int) []string {
	names := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	var out []string
	for i := from; ; i = (i + 1) % 7 {
		out = append(out, names[i])
		if i == to || len(out) == 7 {
			return out
		}
	}
}
