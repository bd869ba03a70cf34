package grammar_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
)

// availabilityIn writes, of the first availability of a text, its period, its anchor, how often it is judged and what is asked.
func availabilityIn(t *testing.T, words string) string {
	t.Helper()
	for x, p := range obligationsOf[obligation.AvailabilityParams](t, textIn(t, servicesHead+words+"\n"), "availability") {
		out := p.Period + " " + string(p.Anchor) + " " + x.Obligation.Frequency
		for _, a := range x.Obligation.Ambiguities {
			if a.Code != "zone" { // asked of all: the text names none
				out += " ?" + a.Code
			}
		}
		return out
	}
	return "none"
}

// Over which time availability is measured decides what is a breach: it is read where the text says it, asked where it has no form, and the
// calendar month only where nothing is said.
func TestAvailabilityIsMeasuredOverWhatTheTextSays(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"1. Availability. Provider shall keep the Service available at least 99.5% of each calendar quarter.":                                                                                                  "quarter  quarterly",
		"1. Availability. The Service shall be available 99.9% of the time measured annually.":                                                                                                                 "year  yearly",
		"1. Availability. The Service shall be available 99.9% of the time in any calendar year. Planned maintenance is excluded.":                                                                             "year  yearly",
		"1. Availability. Availability is measured over any rolling twelve month period and shall be at least 99.8%.":                                                                                          "rolling_year  yearly",
		"1. Availability. The Service shall be available 99.9% of the time. Availability is measured over each half-year.":                                                                                     "half_year  half-yearly",
		"1. Availability. The Service shall be available 99.9% in each contract year.":                                                                                                                         "year 2026-05-03 yearly",
		"1. Availability. Provider guarantees a quarterly uptime percentage of at least 99.95%.\n\nQuarterly uptime | Credit\nbelow 99.95% | 10% of the quarterly fee\nbelow 99.0% | 25% of the quarterly fee": "quarter  quarterly",
		"1. Availability. The platform is available 99.9% per quarter. Credits: below 99.9% 10% of the quarterly fee.":                                                                                         "quarter  quarterly",
		"1. Availability. The Service shall be available 99.9% of the time in each week.":                                                                                                                      "  monthly ?period_without_form",
		"1. Availability. The Service shall be available 99.5% during business hours (Monday to Friday 8am to 6pm ET) in each month.":                                                                          "  monthly ?hours_of_availability",
		"1. Availability. The Service shall be available at least 99.9% of the time.\n\nUptime | Credit\nbelow 99.9% | 10% of the annual fee\nbelow 99.0% | 25% of the annual fee":                             "  monthly ?period_unclear",
		"1. Availability. The Service shall be available 99.9% of the time within each calendar quarter, as shown by the first call of the probe.":                                                             "quarter  quarterly",
		// the month, and what is no period of the measuring
		"1. Availability. Monthly uptime shall be at least 99.9%.":                                                                                       "  monthly",
		"1. Availability. The Service shall be available 99.9% of the time.":                                                                             "  monthly",
		"1. Availability. The Service shall be available 24 hours a day, 7 days a week, 99.9% of the time in each calendar month.":                       "  monthly",
		"1. Availability. The Service shall be available 99.9% of the time, excluding maintenance of up to 8 hours per quarter.":                         "  monthly",
		"1. Availability. The Service shall be available 99.9% of each month, and the Supplier reports it within 10 days after the end of each quarter.": "  monthly",
		"1. Availability. The Service shall be available 99.9% of each month, maintenance during business hours excluded.":                               "  monthly",
		"1. Availability. The Service shall be available 99.9% of the time. The annual fee is reduced by 5% where it is not.":                            "  monthly",
	} {
		if got := availabilityIn(t, words); got != want {
			t.Errorf("%s\n got %q\nwant %q", words, got, want)
		}
	}
}

// The period of a share is read as that of availability is: what else a sentence names by the day or the first call is none.
func TestASharesPeriodIsTheOneItIsCountedOver(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"1. Service levels. Supplier shall resolve at least 85% of contacts at the first call in each calendar quarter.":          "quarter",
		"1. Service levels. Supplier shall resolve Priority 1 incidents within 4 hours in 95% of cases, measured monthly.":        "month",
		"1. Service levels. Supplier shall despatch on time at least 98.5% of the orders received before 14:00 on a working day.": "",
	} {
		got := "none"
		for _, p := range obligationsOf[obligation.ServiceLevelParams](t, textIn(t, servicesHead+words+"\n"), "service_level") {
			got = p.Period
		}
		if got != want {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
}
