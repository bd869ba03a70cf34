package grammar_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// owedEach writes the clocks of a text, those that count for a level alone with a mark, and what the levels over them count.
func owedEach(t *testing.T, words string) string {
	t.Helper()
	var all []pact.Obligation
	for _, c := range readText(t, supportHead+words+"\n") {
		if c.Obligation != nil {
			all = append(all, *c.Obligation)
		}
	}
	var out []string
	for _, o := range all {
		switch o.Kind {
		case "response_time", "resolution_time":
			var p obligation.ClockParams
			decode(t, o.Params, &p)
			mark := "each"
			if p.LevelOnly {
				mark = "level"
			}
			out = append(out, o.Key+" "+mark)
		case "within_target":
			judged, ok := obligation.AsJudged(o, all)
			var p obligation.ServiceLevelParams
			if !ok || json.Unmarshal(judged.Params, &p) != nil {
				t.Fatalf("%s is not judged", o.Key)
			}
			out = append(out, p.Target.String()+" % of "+p.Measure+" "+strings.Join(p.Clocks, "+"))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

func TestATimeForAShareIsOwedAsALevelAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"the verb before the share": {
			"The Supplier shall resolve 95 % of Priority 1 incidents within 4 hours in each calendar month.",
			"95 % of within_target resolution_time/P1; resolution_time/P1 level",
		},
		"the verb behind it": {
			"At least 90% of Severity 2 tickets shall be answered within 30 minutes, measured over a quarter.",
			"90 % of within_target response_time/P2; response_time/P2 level",
		},
		"the share behind the time": {
			"The Supplier shall restore Priority 1 incidents within 6 hours in at least 97% of cases.",
			"97 % of within_target resolution_time/P1; resolution_time/P1 level",
		},
		"so many of a hundred": {
			"Of all tickets, 90 out of 100 Priority 2 incidents shall be resolved within 8 hours.",
			"90 % of within_target resolution_time/P2; resolution_time/P2 level",
		},
		"one for each, one for a share": {
			"The Supplier shall respond to every Priority 1 incident within 15 minutes and shall resolve 95% of Priority 1 incidents within 4 hours.",
			"95 % of within_target resolution_time/P1; resolution_time/P1 level; response_time/P1 each",
		},
		"owed for each elsewhere": {
			"The Supplier shall resolve 95% of Priority 1 incidents within 4 hours.\n\nEach Priority 1 incident shall in any event be resolved within 12 hours.",
			"95 % of within_target resolution_time/P1; resolution_time/P1 each",
		},
		"rows with a column of shares": {
			"Priority | Resolution time | Target\nP1 | 4 hours | 95%\nP2 | 8 hours | 90%",
			"90 % of within_target resolution_time/P2; 95 % of within_target resolution_time/P1; resolution_time/P1 level; resolution_time/P2 level",
		},
		"a credit is no share": {
			"The Supplier shall resolve each Priority 1 incident within 4 hours, failing which 5% of the monthly fee is credited.",
			"resolution_time/P1 each",
		},
		"no share": {
			"The Supplier shall respond to Priority 3 incidents within 8 hours.",
			"response_time/P3 each",
		},
	} {
		if got := owedEach(t, c.text); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}
