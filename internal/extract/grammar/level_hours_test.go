package grammar_test

import (
	"sort"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
)

// clocksIn writes of each clock of a text its priority and when it runs: always, by windows, or asked.
func clocksIn(t *testing.T, words string) string {
	t.Helper()
	var out []string
	for _, x := range textIn(t, "SERVICES AGREEMENT\n\nThis Services Agreement is made on 3 May 2026 between Alder Works Ltd (\"Supplier\") and Beta Foods Inc (\"Customer\").\n\n"+words+"\n") {
		if x.Obligation == nil || x.Obligation.Kind != "response_time" && x.Obligation.Kind != "resolution_time" {
			continue
		}
		var p obligation.ClockParams
		decode(t, x.Obligation.Params, &p)
		s := p.Priority + " " + p.Target.String() + " "
		switch {
		case p.Hours.Always:
			s += "always"
		case len(p.Hours.Week) > 0:
			s += p.Hours.Week[0].From + "-" + p.Hours.Week[0].Until
		}
		for _, a := range x.Obligation.Ambiguities {
			if strings.HasPrefix(a.Code, "hours") {
				s += " ?"
			}
		}
		out = append(out, s)
	}
	sort.Strings(out)
	return strings.Join(out, "; ")
}

// What stands beside the time of one priority says nothing of another.
func TestHoursOfOnePriorityAreNotThoseOfAnother(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"3. Provider shall respond to P1 incidents within 15 minutes (24x7) and to P2 incidents within 1 hour (Monday to Friday 8am-6pm CET).":                                                                   "1 15 minutes always; 2 1 hour 08:00-18:00",
		"3. Provider shall respond to Priority 1 within 15 minutes around the clock, and to Priority 2 within 4 hours during business hours (9:00 to 17:00 Eastern Time, Monday to Friday).":                     "1 15 minutes always; 2 4 hours 09:00-17:00",
		"3. Provider shall respond to P1 incidents within 15 minutes (24x7), P2 within 1 hour and P3 within 8 hours (both Monday to Friday 8am-6pm CET).":                                                        "1 15 minutes always; 2 1 hour 08:00-18:00; 3 8 hours 08:00-18:00",
		"3. Provider shall resolve P1 incidents within 4 hours (24x7) and P2 incidents within 8 hours.":                                                                                                          "1 4 hours always; 2 8 hours always ?",
		"3. Provider responds within 15 minutes around the clock for Priority 1 incidents and within 4 hours during business hours (9:00 to 17:00 Eastern Time, Monday to Friday) for Priority 2 incidents.":     "1 15 minutes always; 2 4 hours 09:00-17:00",
		"3. Reaction times run from the report of the incident, round the clock for class A and on working days from 8 a.m. to 6 p.m. London time for class B:\n\nClass | Response\nA | 15 minutes\nB | 2 hours": "A 15 minutes always; B 2 hours 08:00-18:00",
		// what is said of all of them
		"3. Provider shall respond to P1 incidents within 15 minutes and to P2 incidents within 1 hour, all around the clock.":                "1 15 minutes always; 2 1 hour always",
		"3. Provider shall respond around the clock to P1 incidents within 15 minutes and resolve them within 4 hours.":                       "1 15 minutes always; 1 4 hours always",
		"3. Provider shall respond to P1 incidents within 15 minutes and to P2 incidents within 1 hour. Response times run around the clock.": "1 15 minutes always; 2 1 hour always",
	} {
		if got := clocksIn(t, words); got != want {
			t.Errorf("%s\n got %q\nwant %q", words, got, want)
		}
	}
}
