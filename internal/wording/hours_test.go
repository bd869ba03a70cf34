package wording

import (
	"fmt"
	"testing"
)

// The days of hours are those that stand beside them, and a window of maintenance is none.
func TestDaysOfHours(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"9:00 a.m. to 5:00 p.m. London time. The Supplier shall make daily backups of all data.":                       "[]",
		"Support hours are 9:00 to 17:00. The Supplier checks the logs each day.":                                      "[]",
		"Support from 7:00 to 19:00 every day":                                                                         "[{[mon tue wed thu fri sat sun] 07:00 19:00}]",
		"Office hours: 8am to 6pm weekdays, 9am to 1pm Saturdays, UK time.":                                            "[{[mon tue wed thu fri] 08:00 18:00} {[sat] 09:00 13:00}]",
		"Monday to Friday, 8:00 to 17:00 UTC, Sunday 02:00 to 06:00 UTC being the maintenance window.":                 "[{[mon tue wed thu fri] 08:00 17:00}]",
		"Monday to Friday, 8:00 to 17:00 UTC, Saturday 9:00 to 12:00 UTC, closed on public holidays.":                  "[{[mon tue wed thu fri] 08:00 17:00} {[sat] 09:00 12:00}]",
		"Weekdays 8:00 to 12:00 and 13:00 to 17:00, Saturday 9:00 to 12:00; maintenance is on Sundays from 2 to 6 am.": "[{[mon tue wed thu fri] 08:00 12:00} {[mon tue wed thu fri] 13:00 17:00} {[sat] 09:00 12:00}]",
	} {
		h, _, _ := HoursOf(words)
		if got := fmt.Sprint(h.Week); got != want {
			t.Errorf("%s: %s, want %s", words, got, want)
		}
	}
}
