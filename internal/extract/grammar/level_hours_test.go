package grammar_test

import (
	"sort"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
)

// clocksIn writes the clocks of some kinds of a text, in order, as say writes their parameters, with a mark where their hours are asked.
func clocksIn(t *testing.T, words string, say func(obligation.ClockParams) string, kinds ...string) string {
	t.Helper()
	var out []string
	for x, p := range obligationsOf[obligation.ClockParams](t, textIn(t, servicesHead+words+"\n"), kinds...) {
		said := say(p)
		for _, a := range x.Obligation.Ambiguities {
			if strings.HasPrefix(a.Code, "hours_") {
				said += " ?"
			}
		}
		out = append(out, said)
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
		got := clocksIn(t, words, func(p obligation.ClockParams) string {
			said := p.Priority + " " + p.Target.String() + " "
			switch {
			case p.Hours.Always:
				said += "always"
			case len(p.Hours.Week) > 0:
				said += p.Hours.Week[0].From + "-" + p.Hours.Week[0].Until
			}
			return said
		}, "response_time", "resolution_time")
		if got != want {
			t.Errorf("%s\n got %q\nwant %q", words, got, want)
		}
	}
}

// Hours that a text states are not asked, and hours of several windows are all of them.
func TestHoursThatAreSaidAreNotAsked(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"3. Tickets are answered between 8am and 6pm on weekdays excluding bank holidays in England. The Supplier answers P1 tickets within 30 minutes and P2 tickets within two hours.":                                                                                                                                "1 mon-fri 08:00-18:00; 2 mon-fri 08:00-18:00",
		"3. We pick up enquiries between 9am and 5.30pm on working days. Urgent enquiries get an answer within 2 hours.":                                                                                                                                                                                                "urgent mon-fri 09:00-17:30",
		"3. Priority 1: response 30 minutes. Priority 2: response 2 hours. All times run within service hours (Mo-Fr 8.00-18.00 CET) except Priority 1, which runs 24x7.":                                                                                                                                               "1 always; 2 mon-fri 08:00-18:00",
		"3. All response times run within support hours (7 a.m. to 7 p.m. Central Time, Monday through Friday, excluding federal holidays), except Priority 1, which runs 24x7.\n4. Priority 1: response 15 minutes. Priority 2: response 1 hour.":                                                                      "1 always; 2 mon-fri 07:00-19:00",
		"3. Support is available round the clock for Severity 1 incidents and from 9:00 to 18:00, Monday to Saturday, for Severity 2 and Severity 3 incidents. The Supplier shall respond to Severity 1 incidents within 15 minutes, to Severity 2 incidents within 1 hour and to Severity 3 incidents within 4 hours.": "1 always; 2 mon-sat 09:00-18:00; 3 mon-sat 09:00-18:00",
		"3. Support hours are Mon-Thu 08:00-17:00 and Fri 08:00-14:00 (CET). Within these hours the Supplier reacts to critical faults within 1 hour and to all other faults within 8 hours.":                                                                                                                           "critical mon-thu 08:00-17:00 fri-fri 08:00-14:00; other mon-thu 08:00-17:00 fri-fri 08:00-14:00",
		"3. Support hours are from 7.30 am to 5 pm on weekdays. The Supplier responds to critical faults within one hour and to other faults within four hours, counted in support hours.":                                                                                                                              "critical mon-fri 07:30-17:00; other mon-fri 07:30-17:00",
		"3. The help desk answers from 8 h 30 to 18 h 00, Monday to Friday. Blocking faults are answered in 1 hour during these hours.":                                                                                                                                                                                 "blocking mon-fri 08:30-18:00",
		"3. The Supplier shall have a technician on site within 8 hours of a call for urgent faults, between 7 a.m. and 11 p.m. Central Time, every day.":                                                                                                                                                               "urgent mon-sun 07:00-23:00",
		"3. Response times\n\nPriority | Response time | Counted\nP1 | 30 minutes | around the clock\nP2 | 2 hours | in service desk hours\n\nThe service desk is open Monday to Friday 08:00-18:00 (CET).":                                                                                                             "1 always; 2 mon-fri 08:00-18:00",
		"3. Service times\n\nPriority | Response time | Service hours\nP1 | 45 minutes | 24/7\nP2 | 4 hours | Mon-Sat 07:00-19:00\nP3 | 6 hours | Mon-Fri 08:00-17:00":                                                                                                                                                  "1 always; 2 mon-sat 07:00-19:00; 3 mon-fri 08:00-17:00",
		// the hours of maintenance are not those in which clocks run
		"2. Scheduled Maintenance will take place between 1.00am and 5.00am on Sundays and the Supplier must give 3 Business Days' notice of it.\n3. Priority 2: response 4 Business Hours.\n4. Business Hours means 8.30am to 5.30pm on a Business Day.": "2 mon-fri 08:30-17:30",
		"2. The maintenance window is Monday to Friday from 22:00 to 23:30; work outside business hours is free of charge.\n3. Priority 2: response 4 Business Hours.":                                                                                    "2 ?",
		"2. Scheduled maintenance is announced 5 days ahead and done outside business hours (Monday to Friday, 08:00 to 18:00).\n3. Priority 2: response 4 Business Hours.":                                                                               "2 mon-fri 08:00-18:00",
		"2. Support and maintenance is given Monday to Friday, 08:00 to 17:00, in English, by staff of the Supplier during these business hours.\n3. Priority 2: response 4 Business Hours.":                                                              "2 mon-fri 08:00-17:00",
		// what is not said is asked
		"3. All times run within service hours (Mo-Fr 8.00-18.00 CET) except Priority 1. Priority 1: response 30 min. Priority 2: response 2 h.": "1 mon-fri 08:00-18:00 ?; 2 mon-fri 08:00-18:00",
	} {
		got := clocksIn(t, words, func(p obligation.ClockParams) string {
			said := p.Priority
			if p.Hours.Always {
				said += " always"
			}
			for _, w := range p.Hours.Week {
				said += " " + w.Days[0] + "-" + w.Days[len(w.Days)-1] + " " + w.From + "-" + w.Until
			}
			return said
		}, "response_time")
		if got != want {
			t.Errorf("%s\n got %q\nwant %q", words, got, want)
		}
	}
}
