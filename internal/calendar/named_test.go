package calendar_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/calendar"
)

func TestNamedPeriods(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]calendar.Period{
		"2026-03": {From: "2026-03-01", Until: "2026-04-01"},
		"2026-12": {From: "2026-12-01", Until: "2027-01-01"},
		"2026-Q1": {From: "2026-01-01", Until: "2026-04-01"},
		"2026-Q4": {From: "2026-10-01", Until: "2027-01-01"},
		"2026-H2": {From: "2026-07-01", Until: "2027-01-01"},
		"2026":    {From: "2026-01-01", Until: "2027-01-01"},
	} {
		if got, ok := calendar.Named(name); !ok || got != want {
			t.Errorf("%s is %v, %v", name, got, ok)
		}
	}
	for _, name := range []string{"", "2026-13", "2026-Q5", "2026-H3", "2026-1", "2026/Q1", "2026-03-01", "term", "Q1-2026", "20 6", "2026-q1"} {
		if got, ok := calendar.Named(name); ok {
			t.Errorf("%q is taken for %v", name, got)
		}
	}
}
