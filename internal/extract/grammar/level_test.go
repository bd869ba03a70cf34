package grammar_test

import (
	"sort"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
)

// levelsIn reads a text as its file would be read, and writes the service levels in short, in order.
func levelsIn(t *testing.T, text string) string {
	t.Helper()
	list := checked(t, fileOf(t, supportHead+text+"\n"))
	var out []string
	for _, c := range list {
		if c.Obligation == nil {
			continue
		}
		switch c.Obligation.Kind {
		case "response_time", "resolution_time":
			var p obligation.ClockParams
			decode(t, c.Obligation.Params, &p)
			out = append(out, strings.TrimSuffix(c.Obligation.Kind, "_time")+" "+p.Priority+" "+p.Target.String())
		case "within_target", "first_call_resolution", "error_rate", "satisfaction":
			var p obligation.ShareParams
			decode(t, c.Obligation.Params, &p)
			out = append(out, c.Obligation.Kind+" "+p.Priority+" "+p.Target.String())
		case "availability":
			var p obligation.AvailabilityParams
			decode(t, c.Obligation.Params, &p)
			out = append(out, "availability "+p.Service+" "+p.Target.String())
		default:
			continue
		}
		if c.Verification != "verified" {
			t.Errorf("%q: %s is %s", text, c.Name, c.Verification)
		}
	}
	sort.Strings(out)
	return strings.Join(out, "; ")
}

func TestServiceLevelsOfManyLayouts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"priorities as rows, units in the head": {
			"Incident class | Time to respond (minutes) | Time to restore (hours)\n1 | 15 | 4\n2 | 60 | 12",
			"resolution 1 4 hours; resolution 2 12 hours; response 1 15 minutes; response 2 60 minutes",
		},
		"priorities as columns, a row that is none of ours": {
			"Measure | P1 | P2 | P3\nAcknowledge | 15 min | 30 min | 4 h\nRestore service | 4 h | 8 h | 2 BD\nUpdate | hourly | 4 h | daily",
			"resolution 1 4 hours; resolution 2 8 hours; resolution 3 2 business days; response 1 15 minutes; response 2 30 minutes; response 3 4 hours",
		},
		"colours, and words for the columns": {
			"Severity | Meaning | We answer | We fix or work around\nRed | all users stopped | 10 min | 2 h\nGreen | question or wish | 1 working day | next release",
			"resolution red 2 hours; response green 1 business day; response red 10 minutes",
		},
		"an interim solution beside the lasting one": {
			"Class\tExample\tReaction\tInterim solution\tSolution\n1\tStandstill\t30 min\t4 h\t3 days\n2\tHindrance\t2 h\t1 day\t10 days",
			"resolution 1 3 days; resolution 2 10 days; response 1 30 minutes; response 2 2 hours",
		},
		"an indicator in each row": {
			"Indicator | Requirement | Measured\nResponse to urgent faults | 30 minutes | each fault\nRestoration of urgent faults | 4 hours | each fault",
			"resolution urgent 4 hours; response urgent 30 minutes",
		},
		"shares in a table of indicators": {
			"KPI | Description | Target\nKPI 1 | Calls answered within 30 seconds | 90%\nKPI 2 | First call resolution | 75%\nKPI 3 | Abandoned calls | no more than 5%",
			"error_rate KPI 3 5; first_call_resolution KPI 2 75; within_target KPI 1 90",
		},
		"plans as rows": {
			"Plan\tFirst reply\tHours\nFree\t3 business days\tMon-Fri\nBusiness\t4 hours\t24x7",
			"response business 4 hours; response free 3 business days",
		},
		"availability by service": {
			"Component | Monthly uptime | Remark\nPublic API | 99.9% | measured outside\nDashboard | 99.5% | measured outside",
			"availability dashboard 99.5; availability public-api 99.9",
		},
		"levels as headings of lines": {
			"Priority 1\nResponse: 30 minutes\nResolution: 4 hours\nPriority 2\nResponse: 2 hours\nResolution: 1 business day",
			"resolution 1 4 hours; resolution 2 1 business day; response 1 30 minutes; response 2 2 hours",
		},
		"a list under what it is a list of": {
			"Response times\n\nCritical (system down): 15 minutes\nHigh (major function impaired): 1 hour\nNormal: 4 business hours\nLow: next business day",
			"response critical 15 minutes; response high 1 hour; response low 1 business day; response normal 4 business hours",
		},
		"shares in a sentence": {
			"98% of applications are decided within two working days; 99.9% of payments are booked on the day of receipt; at most 0.2% of bookings may be wrong.",
			"error_rate  0.2; within_target  98; within_target  99.9",
		},
		"two services in two sentences": {
			"The Service shall be available 99.9% of the time, measured monthly. The monitoring portal shall be available 99% of the time.",
			"availability monitoring-portal 99; availability service 99.9",
		},
		"what is promised when something fails": {
			"When a bed lift has failed the Company shall attend within one hour and the lift shall be running again within six hours.",
			"resolution bed lift failed 6 hours; response bed lift failed 1 hour",
		},
		"a time in a share of the cases": {
			"The Supplier shall resolve Priority 1 incidents within 4 hours in 95% of cases, measured monthly.",
			"resolution 1 4 hours; within_target 1 95",
		},
		"so many of a hundred": {
			"Of all tickets, 90 out of 100 Priority 2 incidents shall be resolved within 8 hours.",
			"resolution 2 8 hours; within_target 2 90",
		},
		"a share beside the time of each row": {
			"Priority | Resolution time | Target\nP1 | 4 hours | 95%\nP2 | 8 hours | 90%",
			"resolution 1 4 hours; resolution 2 8 hours; within_target 1 95; within_target 2 90",
		},
		"resolved at the first call": {
			"The Supplier shall resolve at least 85% of contacts at the first call in each calendar quarter.",
			"first_call_resolution  85",
		},
		"a share of the fee beside a time": {
			"Priority | Resolution time | Credit\nP1 | 4 hours | 95%\nP2 | 8 hours | 90%",
			"resolution 1 4 hours; resolution 2 8 hours",
		},
		"no promise": {
			"Severity 1 means that the system has been down for more than 30 minutes. The Supplier endeavours to answer Priority 2 incidents within two days; this is a goal and no service level.",
			"",
		},
		"what follows from a miss": {
			"If a Priority 1 incident is not resolved within 4 hours the Supplier pays a penalty of EUR 100.",
			"",
		},
		"the customer's own times": {
			"The Customer shall respond to Priority 1 questions of the Supplier within 2 hours.",
			"",
		},
	} {
		if got := levelsIn(t, c.text); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}
