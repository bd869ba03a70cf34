package wording

import (
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

const (
	clockTime = `(?:(\d{1,2})(?:[:.](\d{2}))? ?(a\.? ?m\.?|p\.? ?m\.?|noon|hours|hrs|h)?|(noon|midnight))`
	weekday   = `(monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun)s?`
)

var (
	timeRange = expression.MustCompile(`(?i)\b(?:from |between )?` + clockTime + `(?: ?\(?(?:[A-Z]{2,4}|[A-Z][a-z]+ (?:standard )?time)\)?)? ?(?:-|to|through|until|and|till) ?` + clockTime)
	dayRange  = expression.MustCompile(`(?i)\b` + weekday + `\.? ?(?:-|to|through|thru|until) ?` + weekday + `\b`)
	allDay    = expression.MustCompile(`(?i)\b24 ?(?:x|/|\*|hours? (?:a|per|each) day,? (?:7|seven) days|hours? (?:a|per) day,? ?(?:and )?7) ?(?:x? ?7)?|\btwenty[- ]four (?:\(24\) )?hours (?:a|per|each) day,? (?:7|seven)|\baround the clock\b|\bround[- ]the[- ]clock\b`)
	holiday   = expression.MustCompile(`(?i)\b(?:exclud\w+|except\w*|other than|not including|but not|not)\b[^.]{0,60}\bholidays?\b|\bholidays? (?:are )?(?:exclu\w+|except\w+)`)
	region    = expression.MustCompile(`(?i)\b(?:(u\.?s\.?|united states|american|federal)(?: \w+){0,2} holidays?|holidays? (?:of|in|observed (?:by|in)) (?:the )?(?:federal (?:government|reserve)[a-z ]*(?:united states)?|(hamburg|bavaria|berlin|england|united kingdom|uk|germany|france|netherlands|ireland|canada|united states)))`)
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
	for _, m := range timeRange.FindAllStringSubmatchIndex(s, -1) {
		from, okFrom := clockOf(part(s, m, 1), part(s, m, 2), part(s, m, 3)+part(s, m, 4), part(s, m, 7))
		until, okUntil := clockOf(part(s, m, 5), part(s, m, 6), part(s, m, 7)+part(s, m, 8), "")
		marked := part(s, m, 3)+part(s, m, 7)+part(s, m, 4)+part(s, m, 8) != "" || part(s, m, 2) != "" && part(s, m, 6) != ""
		if !okFrom || !okUntil || from >= until || !marked {
			continue
		}
		h := calendar.Hours{Name: "business hours", Week: []calendar.Window{{Days: weekdayNames(0, 4), From: from, Until: until}}}
		near := s[max(0, m[0]-260):min(len(s), m[1]+320)]
		days := dayRange.FindStringSubmatch(near)
		if days == nil && !strings.Contains(strings.ToLower(near), "business day") && !strings.Contains(strings.ToLower(near), "weekday") && !strings.Contains(strings.ToLower(near), "working day") {
			continue // hours without days are somebody's delivery window
		}
		if days != nil {
			h.Week[0].Days = weekdayNames(weekdayIndex(days[1]), weekdayIndex(days[2]))
		}
		if z := Zones(near); len(z) > 0 {
			h.Zone = z[0].Name
		}
		if holiday.MatchString(near) || strings.Contains(strings.ToLower(near), "business day") {
			h.HolidayRegion = regionOf(near)
		}
		return h, Span{m[0], m[1]}, true
	}
	return calendar.Hours{}, Span{}, false
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
	return strings.Index("montuewedthufrisatsun", strings.ToLower(s[:3])) / 3
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
