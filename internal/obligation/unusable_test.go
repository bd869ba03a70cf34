package obligation_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestWhatIsWrongIsNamedAtItsMemberAndWhatIsMissingIsNot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what, kind, params string
		fields             []string
	}{
		{"a clock that runs", "resolution_time", `{"target":{"value":4,"unit":"hour"},"hours":{"zone":"UTC","always":true}}`, nil},
		{"a target without length", "resolution_time", `{"target":{"value":0,"unit":"hour"},"hours":{"zone":"UTC","always":true}}`, []string{"target"}},
		{"a target in months", "response_time", `{"target":{"value":2,"unit":"month"},"hours":{"zone":"UTC","always":true}}`, []string{"target"}},
		{"business hours that nobody states are asked for, not refused", "resolution_time", `{"target":{"value":4,"unit":"business_hour"}}`, nil},
		{"a zone that is none", "resolution_time", `{"target":{"value":4,"unit":"hour"},"hours":{"zone":"Mars/Olympus","always":true}}`, []string{"hours"}},
		{"two mistakes", "resolution_time", `{"target":{"value":4,"unit":"hour"},"hours":{"zone":"UTC","always":true},"thresholds":["120"],"on_reopen":"never"}`, []string{"on_reopen", "thresholds"}},
		{"a number where a text belongs", "availability", `{"service":7,"target":"99.9","zone":"UTC"}`, []string{"service"}},
		{"an unknown member", "availability", `{"service":"Cloud","target":"99.9","zone":"UTC","colour":"red"}`, []string{"colour"}},
		{"a percentage above all", "availability", `{"service":"Cloud","target":"999","zone":"UTC"}`, []string{"target"}},
		{"a table with a gap is a question", "availability", `{"service":"Cloud","target":"99.9","zone":"UTC","tiers":[{"below":"95","credit":"10"},{"from":"97","below":"99.9","credit":"5"}]}`, nil},
		{"a renewal whose terms come from the register", "renewal_notice", `{}`, nil},
		{"a roll that is none", "renewal_notice", `{"roll":"sideways"}`, []string{"roll"}},
		{"an escalator without a price to start from", "price_escalator", `{"base_price":{"value":"0.00","currency":""},"first_adjustment":"","fixed_percent":"4"}`, []string{"base_price"}},
		{"an escalator of a price of zero", "price_escalator", `{"base_price":{"value":"0.00","currency":"USD"},"first_adjustment":"2027-01-01","fixed_percent":"4"}`, []string{"base_price"}},
		{"an escalator that has all", "price_escalator", `{"base_price":{"value":"100.00","currency":"USD"},"first_adjustment":"2027-01-01","fixed_percent":"4"}`, nil},
		{"a kind of another build", "rainfall", `{"whatever":1}`, nil},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range obligation.Unusable(pact.Obligation{Kind: c.kind, Params: json.RawMessage(c.params)}) {
				if d.Message == "" {
					t.Errorf("no word about %s", d.Field)
				}
				got = append(got, d.Field)
			}
			slices.Sort(got)
			if !slices.Equal(got, c.fields) {
				t.Errorf("%v, want %v", got, c.fields)
			}
		})
	}
}

func TestWorkingTimeOfUnequalDaysIsAskedForWithTheirLengths(t *testing.T) {
	t.Parallel()
	const params = `{"target":{"value":2,"unit":"business_day"},"day_rule":"working_time","hours":{"zone":"UTC","week":[{"days":["mon","tue"],"from":"08:00","until":"16:00"},{"days":["fri"],"from":"08:00","until":"12:30"}]}}`
	asked := obligation.Check(pact.Obligation{Kind: "resolution_time", Params: json.RawMessage(params)})
	if len(asked) != 1 || asked[0].Code != "business_day" || !strings.Contains(asked[0].Question, "differ in length (8 h, 4 h 30 min). How many business hours") {
		t.Errorf("%+v", asked)
	}
}

func TestCoverThatIsRequiredEarlierThanItIsShownIsToldAsSuch(t *testing.T) {
	t.Parallel()
	o := pact.Obligation{Key: "c", Kind: "certificate", Params: json.RawMessage(`{"required":[{"kind":"cyber"}],"from":"2026-01-01","until":"2026-12-31"}`)}
	held := pact.Event{ExternalID: "1", Kind: "certificate", Subject: "A", OccurredAt: time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC), Data: pact.EventData{Certificate: &pact.Certificate{Kind: "cyber", From: "2026-01-15", Expires: "2026-12-31"}}}
	occ := pact.Occurrence{Key: "cyber"}
	a, err := obligation.Assess(obligation.Input{Obligation: o, Occurrence: occ, Events: []pact.Event{held}, At: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	occ.Assessment = a
	told := obligation.Tell(obligation.Case{Obligation: o, Occurrence: occ})
	if told.Title != "Cover not shown: cyber" || told.Message != "No certificate shows the cover of cyber that is required: 2026-01-01 to 2026-01-14. Ask for it, or record it." {
		t.Errorf("%s: %s", told.Title, told.Message)
	}
}
