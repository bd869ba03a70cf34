package wording_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

func TestWeeklyWindowsInManyWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ words, want string }{
		{"Sundays 02:00-06:00 CET", "sun 02:00-06:00 Europe/Berlin"},
		{"every Sunday from 2 a.m. to 6 a.m.", "sun 02:00-06:00"},
		{"on Sundays between 1:00 a.m. and 5:00 a.m. Pacific time", "sun 01:00-05:00 America/Los_Angeles"},
		{"Saturdays 10:00 PM - Sunday 2:00 AM Central Time; up to 6 hours per calendar month", "sat 22:00-02:00 America/Chicago"},
		{"from Saturday 22:00 until Sunday 04:00 (UTC)", "sat 22:00-04:00 UTC"},
		{"between 00:00 and 06:00 local time, Tuesday to Thursday", "tue wed thu 00:00-06:00"},
		{"closed for maintenance between 22:00 and 05:00", "mon tue wed thu fri sat sun 22:00-05:00"},
		{"Wednesday evenings from 8pm to midnight", "wed 20:00-24:00"},
		{"Saturday and Sunday, 01:00 to 04:00 GMT", "sat sun 01:00-04:00 UTC"},
		{"on weekends between 11 p.m. and 3 a.m. Eastern Time", "sat sun 23:00-03:00 America/New_York"},
		{"between 10 p.m. Saturday and 4 a.m. Sunday", "sat 22:00-04:00"},
		{"from 11 p.m. on Friday until 5 a.m. on Saturday, Eastern Time", "fri 23:00-05:00 America/New_York"},
		{"from 22:00 Saturday to 06:00 Sunday", "sat 22:00-06:00"},
		{"from Friday 22:00 until Monday 05:00", ""},
		{"from 8 p.m. Friday to 6 a.m. Monday", ""},
		{"the first Sunday of each month, 02:00 to 06:00", ""},
		{"every other Saturday from 01:00 to 05:00", ""},
		{"within 2 to 6 hours", ""},
		{"clauses 3 and 4", ""},
		{"from Friday to Monday", ""},
	} {
		t.Run(c.words, func(t *testing.T) {
			t.Parallel()
			h, at, ok := wording.WindowsOf(c.words)
			got := ""
			if ok {
				w := h.Week[0]
				got = strings.TrimSpace(strings.Join(w.Days, " ") + " " + w.From + "-" + w.Until + " " + h.Zone)
				if at.Start < 0 || at.End > len(c.words) || at.Start >= at.End {
					t.Errorf("stands at %v", at)
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
