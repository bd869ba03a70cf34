package wording

import "testing"

// TestHowManyPeriodsIsNotTheirLength reads the length of periods that are counted in words.
func TestHowManyPeriodsIsNotTheirLength(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"may extend for one five-year period":        "5 years five-year",
		"two three-year terms":                       "3 years three-year",
		"two successive three (3) year terms":        "3 years three (3) year",
		"for twenty five years":                      "25 years twenty five years",
		"for one hundred twenty days":                "120 days one hundred twenty days",
		"within one year":                            "1 year one year",
		"one (1) additional five (5) year extension": "5 years five (5) year",
	} {
		got := ""
		for _, d := range Durations(s) {
			got += d.Duration.String() + " " + s[d.Start:d.End]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
}
