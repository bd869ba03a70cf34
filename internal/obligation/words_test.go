package obligation

import (
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/pact"
)

// What is said of a judgement has the unit of what was promised: a share is in per cent, the mean of a survey and a price are not.
func TestFiguresHaveTheirUnit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, params, value, want string }{
		{"availability", `{}`, "99.9", "99.9 %"},
		{"service_level", `{"measure":"within_target"}`, "50", "50 %"},
		{"service_level", `{"measure":"satisfaction"}`, "4.2", "4.2"},
		{"service_level", `{"measure":"within_target"}`, "not reported", "not reported"},
		{"unit_price", `{}`, "12.5", "12.5"},
		{"availability", `{}`, "", ""},
	} {
		if got := Figure(pact.Obligation{Kind: c.kind, Params: []byte(c.params)}, c.value); got != c.want {
			t.Errorf("%s of %s %s: %q, want %q", c.value, c.kind, c.params, got, c.want)
		}
	}
	o := pact.Obligation{Kind: "service_level", Title: "Resolved in time", Params: []byte(`{"measure":"within_target","target":"95"}`)}
	told := Tell(Case{Obligation: o, Occurrence: pact.Occurrence{Key: "2026-03", Assessment: pact.Assessment{Status: pact.Breached, Measured: "50", Target: "95"}}})
	if want := "Resolved in time, 2026-03: measured 50 %, agreed 95 %."; told.Message != want {
		t.Errorf("told %q, want %q", told.Message, want)
	}
}

// A ticket that counts for a level alone has no severity, also where the steps of its judgement are left out, as a correction keeps none.
func TestATicketThatCountsForALevelHasNoSeverity(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)
	events := []pact.Event{{ID: "o", Kind: "ticket_opened", Subject: "T", OccurredAt: day}, {ID: "r", Kind: "ticket_resolved", Subject: "T", OccurredAt: day.Add(9 * time.Hour)}}
	for params, want := range map[string]string{
		`{"target":{"value":4,"unit":"hour"}}`:                   "breach",
		`{"target":{"value":4,"unit":"hour"},"level_only":true}`: "",
	} {
		o := pact.Obligation{Key: "resolution", Kind: "resolution_time", Params: []byte(params)}
		a, err := Assess(Input{Obligation: o, Occurrence: pact.Occurrence{Key: "T"}, Events: events, At: day.AddDate(0, 0, 2)})
		if err != nil || a.Status != pact.Breached {
			t.Fatalf("%s: %s %v", params, a.Status, err)
		}
		if a.Trace = nil; Severity(o, a) != want {
			t.Errorf("%s: severity %q, want %q", params, Severity(o, a), want)
		}
	}
}
