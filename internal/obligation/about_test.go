package obligation_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestAnAnswerSetsOnlyWhatItsQuestionIsAbout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, params string
		q            pact.Ambiguity
		patch, want  string
	}{
		{"availability", `{"target":"99.9"}`, pact.Ambiguity{Code: "tier_gap"}, `{"tiers":[]}`, ""},
		{"availability", `{"target":"99.9"}`, pact.Ambiguity{Code: "tier_gap"}, `{"target":"98"}`, "target"},
		{"availability", `{"target":"99.9"}`, pact.Ambiguity{Code: "tier_gap"}, `{"target":null}`, "target"},
		{"availability", `{"target":"99.9"}`, pact.Ambiguity{Code: "tier_gap"}, `{"target": "99.9"}`, ""},
		{"service_level", `{"credit":{"cap_percent":"10","tiers":[]}}`, pact.Ambiguity{Code: "tier_gap", Outcomes: []pact.Outcome{{Reading: "x", Set: `"credit": {"tiers": [1]}`}}}, `{"credit":{"tiers":[2]}}`, ""},
		{"service_level", `{"credit":{"cap_percent":"10","tiers":[]}}`, pact.Ambiguity{Code: "tier_gap"}, `{"credit":{"tiers":[2],"cap_percent":"1"}}`, "credit.cap_percent"},
		{"service_level", `{"credit":{"cap_percent":"10"}}`, pact.Ambiguity{Code: "tier_gap"}, `{"credit":null}`, "credit"},
		{"invoice_payment", `{"terms":"net 30 EOM"}`, pact.Ambiguity{Code: "net_eom"}, `{"eom_reading":"after_month_end","roll":"following"}`, "roll"},
		{"availability", `{"target":"99.9"}`, pact.Ambiguity{Code: "which_contract"}, `{"target":"98"}`, "target"},
		{"availability", `{"target":"99.9"}`, pact.Ambiguity{Code: "params"}, `{"target":"98"}`, ""},
		{"availability", `{"target":"99.9"}`, pact.Ambiguity{Code: "left_by_a_reading"}, `{"target":"98"}`, ""},
	} {
		var got []string
		for _, d := range obligation.NotAsked(pact.Obligation{Kind: c.kind, Params: json.RawMessage(c.params)}, c.q, json.RawMessage(c.patch)) {
			got = append(got, d.Field)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s of %s about %s: refused are %q, want %q", c.patch, c.kind, c.q.Code, got, c.want)
		}
	}
}
