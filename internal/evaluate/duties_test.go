package evaluate

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/pactloop/pactloop/internal/pact"
)

// dutyAt is a reading at [start, end).
func dutyAt(kind, params string, start, end int) pact.Candidate {
	return pact.Candidate{Subject: "obligation", Obligation: &pact.Obligation{Kind: kind, Params: json.RawMessage(params)}, Evidence: []pact.Evidence{{Passage: &pact.Passage{Start: start, End: end}}}}
}

func TestDutiesAreJudgedByWhatPeopleDecided(t *testing.T) {
	t.Parallel()
	kept := DutyLabel{Kind: "availability", Params: json.RawMessage(`{"service":"app","target":"99.9"}`), Start: 10, End: 50}
	absent := DutyLabel{Kind: "availability", Params: json.RawMessage(`{"service":"app","target":"95"}`), Start: 10, End: 50, Absent: true}
	placeless := DutyLabel{Kind: "milestone", Params: json.RawMessage(`{"due":"2026-05-01"}`)}
	reading := dutyAt("availability", `{"target":"99.9","service":"app","zone":"","exclusions":[]}`, 20, 40)
	for name, c := range map[string]struct {
		labels []DutyLabel
		found  []pact.Candidate
		want   string // right/wrong/missing/false of each label
	}{
		"the same in another order":        {[]DutyLabel{kept}, []pact.Candidate{reading}, "1/0/0/0"},
		"nothing":                          {[]DutyLabel{kept}, nil, "0/0/1/0"},
		"other figures":                    {[]DutyLabel{kept}, []pact.Candidate{dutyAt("availability", `{"service":"app","target":"99"}`, 10, 50)}, "0/1/0/0"},
		"another kind at its place":        {[]DutyLabel{kept}, []pact.Candidate{dutyAt("recurring_duty", `{}`, 10, 50)}, "0/1/0/0"},
		"another place":                    {[]DutyLabel{kept}, []pact.Candidate{dutyAt("availability", `{"service":"app","target":"99"}`, 60, 70)}, "0/0/1/0"},
		"the same from another passage":    {[]DutyLabel{kept}, []pact.Candidate{dutyAt("availability", `{"service":"app","target":"99.9"}`, 60, 70)}, "1/0/0/0"},
		"added by hand, without a passage": {[]DutyLabel{placeless}, []pact.Candidate{dutyAt("milestone", `{"due":"2026-05-01"}`, 3, 9)}, "1/0/0/0"},
		"rejected and not read":            {[]DutyLabel{absent}, nil, "1/0/0/0"},
		"rejected and read again":          {[]DutyLabel{absent}, []pact.Candidate{dutyAt("availability", `{"service":"app","target":"95"}`, 10, 50)}, "0/0/0/1"},
		"rejected and read otherwise":      {[]DutyLabel{absent}, []pact.Candidate{dutyAt("availability", `{"service":"app","target":"94"}`, 10, 50)}, "0/0/0/1"},
		"rejected beside what is right":    {[]DutyLabel{absent, kept}, []pact.Candidate{reading}, "1/0/0/0 1/0/0/0"},
		"beside what the policy accepted":  {[]DutyLabel{absent, {Kind: "availability", Params: kept.Params, Start: 10, End: 50, Unjudged: true}}, []pact.Candidate{reading}, "1/0/0/0 0/0/0/0"},
		"one reading for two":              {[]DutyLabel{kept, kept}, []pact.Candidate{reading}, "1/0/0/0 0/0/1/0"},
		"what nobody decided on":           {nil, []pact.Candidate{reading}, ""},
		"a reading without an obligation":  {[]DutyLabel{kept}, []pact.Candidate{{Subject: "obligation"}}, "0/0/1/0"},
		"a term at the place":              {[]DutyLabel{kept}, []pact.Candidate{{Subject: "term", Evidence: reading.Evidence}}, "0/0/1/0"},
	} {
		got := ""
		for i, x := range judgeDuties(c.labels, c.found) {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprintf("%d/%d/%d/%d", x.Right, x.Wrong, x.Missing, x.False)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
