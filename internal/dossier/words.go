package dossier

import (
	"regexp"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
)

// instant is a point in time as people of the contract see it.
func instant(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	format := "Mon 2 Jan 2006 15:04 MST"
	if t.Second() != 0 {
		format = "Mon 2 Jan 2006 15:04:05 MST"
	}
	return t.In(zone).Format(format)
}

// until is an instant before which something is done; where it is the beginning of a day, the day before is the last one.
func until(t time.Time, zone *time.Location) string {
	if t.IsZero() || !midnight(t, zone) {
		return instant(t, zone)
	}
	return "end of " + date(calendar.DateIn(t, zone).AddDays(-1)) + " (" + zone.String() + ")"
}

func midnight(t time.Time, zone *time.Location) bool {
	at := t.In(zone)
	return at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 && at.Nanosecond() == 0
}

// date is a day with its weekday; what is no day stays as it is.
func date(d calendar.Date) string {
	if _, err := calendar.ParseDate(string(d)); err != nil {
		return string(d)
	}
	return d.Time().Format("Mon 2 Jan 2006")
}

// lasted writes a length of time in words; what is none stays as it is.
func lasted(text string) string {
	if _, err := time.ParseDuration(text); err != nil || text == "0" {
		return text
	}
	return obligation.Length(text)
}

func amount(a *money.Amount) string {
	if a == nil {
		return ""
	}
	return grouped(a.String())
}

var sum = regexp.MustCompile(`(^|[^\d.,])(\d{4,})((?:\.\d+)?) ([A-Z]{3})\b`)

// grouped writes the sums of a text with their thousands apart: 21200.00 USD as 21,200.00 USD. Other numbers stay as they are.
func grouped(text string) string {
	return sum.ReplaceAllStringFunc(text, func(found string) string {
		m := sum.FindStringSubmatch(found)
		var out strings.Builder
		out.WriteString(m[1])
		for i, digit := range m[2] {
			if i > 0 && (len(m[2])-i)%3 == 0 {
				out.WriteByte(',')
			}
			out.WriteRune(digit)
		}
		return out.String() + m[3] + " " + m[4]
	})
}
