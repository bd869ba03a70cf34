package obligation_test

import (
	"encoding/json"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestAlike(t *testing.T) {
	t.Parallel()
	with := func(kind, title, params string, at ...int) pact.Obligation {
		o := pact.Obligation{Kind: kind, Title: title, Params: json.RawMessage(params)}
		if len(at) == 2 {
			o.Evidence = []pact.Evidence{{Passage: &pact.Passage{TextID: "txt_1", Start: at[0], End: at[1]}}}
		}
		return o
	}
	quoted := func(o pact.Obligation, quote string) pact.Obligation {
		o.Evidence = []pact.Evidence{{Passage: &pact.Passage{Quote: quote}}}
		return o
	}
	const monthly, after = `{"item":"Monthly report","period":"month","day":5}`, `{"trigger":"incident","within":{"value":10,"unit":"day"}}`
	clause := "The supplier shall report\nincidents within ten days."
	for name, c := range map[string]struct {
		read, tracked pact.Obligation
		want          string
	}{
		"the same words, judged by another kind":  {with("recurring_duty", "a", monthly, 10, 60), with("conditional_duty", "b", after, 0, 40), "passage"},
		"words beside one another":                {with("recurring_duty", "a", monthly, 10, 60), with("conditional_duty", "b", after, 50, 120), ""},
		"the same words in another document":      {quoted(with("recurring_duty", "a", monthly), clause), quoted(with("conditional_duty", "b", after), "the Supplier shall report incidents within ten days."), "passage"},
		"words too short to tell":                 {quoted(with("recurring_duty", "a", monthly), "within ten days"), quoted(with("conditional_duty", "b", after), "within ten days"), ""},
		"a clock and a level of one sentence":     {with("service_level", "a", `{"measure":"reported","target":"95"}`, 0, 40), with("resolution_time", "b", `{"priority":"1"}`, 0, 40), ""},
		"clocks of one row for two priorities":    {with("resolution_time", "a", `{"priority":"P1"}`, 0, 40), with("resolution_time", "b", `{"priority":"2"}`, 0, 40), ""},
		"the same clock":                          {with("resolution_time", "a", `{"priority":"P1"}`, 0, 40), with("resolution_time", "b", `{"priority":"1 - Critical"}`, 0, 40), "passage"},
		"the same report by another name":         {with("recurring_duty", "Submit the monthly usage reports", `{"period":"month","day":5,"item":"usage"}`), with("recurring_duty", "Usage report", monthly), "params"},
		"two reports that are due on one day":     {with("recurring_duty", "Submit the monthly usage report", `{"period":"month","day":5,"item":"usage"}`), with("recurring_duty", "Send the safety statistics each month", monthly), ""},
		"another day":                             {with("recurring_duty", "Usage report", `{"period":"month","day":6}`), with("recurring_duty", "Report of usage", monthly), ""},
		"nothing to compare":                      {with("reporting", "Report", ``), with("reporting", "Usage report", ``), ""},
		"the same title":                          {with("conditional_duty", "Report incidents ", after), with("recurring_duty", "report incidents", monthly), "title"},
		"a title of what is judged quite another": {with("service_level", "Report incidents", `{"measure":"reported"}`), with("recurring_duty", "report incidents", monthly), ""},
		"a milestone of another name": {
			with("milestone", "Deliver the transition plan", `{"milestones":[{"name":"Deliver the transition plan","due":"2026-03-05"}]}`),
			with("milestone", "Transition plan", `{"milestones":[{"name":"Plan","due":"2026-03-05"}]}`), "params",
		},
	} {
		if got := obligation.Alike(c.read, c.tracked); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
