package obligation_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// said is an answer "yes" as it is kept: the day, and noon of it in UTC.
func said(o pact.Obligation, occ pact.Occurrence, on calendar.Date) pact.Event {
	e := obligation.AnswerEvent(o, occ.Key, "")
	e.ID, e.ExternalID = "evt_said", obligation.AnswerName(occ.ID, "evt_said")
	e.OccurredAt, e.Data.Date, e.Data.ApprovedBy = on.Time().Add(12*time.Hour), on, "usr_ow"
	return e
}

func TestAnAnsweredDayCountsWholeWhereTheContractIs(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Pacific/Auckland", "America/Los_Angeles", "UTC"} {
		for on, want := range map[calendar.Date]pact.Status{"2026-03-05": pact.Met, "2026-03-06": pact.Breached} {
			o := pact.Obligation{ID: "obl_1", Key: "inform", Kind: "conditional_duty", Title: "Inform", Params: json.RawMessage(`{"trigger":"change","within":{"value":3,"unit":"day"},"zone":"` + zone + `"}`)}
			began, err := calendar.LoadZone(zone)
			if err != nil {
				t.Fatal(err)
			}
			trigger := pact.Event{ID: "evt_t", ExternalID: "t", Kind: "trigger", Subject: "C-1", OccurredAt: time.Date(2026, 3, 2, 9, 0, 0, 0, began), Data: pact.EventData{Item: "change"}}
			occ := pact.Occurrence{ID: "occ_1", ObligationID: o.ID, Key: "C-1", Period: calendar.Span{Start: trigger.OccurredAt}}
			a, err := obligation.Assess(obligation.Input{Obligation: o, Occurrence: occ, Events: []pact.Event{trigger, said(o, occ, on)}, At: moment(t, "2026-03-09T00:00:00Z")})
			if err != nil || a.Status != want {
				t.Errorf("in %s, done on %s of a duty due on 5 March: %s, want %s (%v) %+v", zone, on, a.Status, want, err, a.Trace)
			}
		}
	}
}

func TestAnAnswerDoesOnlyTheDutyItWasGivenAbout(t *testing.T) {
	t.Parallel()
	report := pact.Obligation{ID: "obl_report", Key: "report", Kind: "recurring_duty", Title: "Report", Params: json.RawMessage(`{"period":"month","day":5}`)}
	other := pact.Obligation{ID: "obl_other", Key: "security_report", Kind: "recurring_duty", Title: "Security report", Params: json.RawMessage(`{"item":"report","period":"month","day":5}`)}
	of := func(o pact.Obligation) pact.Occurrence {
		return pact.Occurrence{ID: pact.OccurrenceID("occ_" + o.Key), ObligationID: o.ID, Key: "2026-02", Period: calendar.Span{Start: moment(t, "2026-02-01T00:00:00Z"), End: moment(t, "2026-03-01T00:00:00Z")}}
	}
	answer := said(report, of(report), "2026-03-04")
	for _, c := range []struct {
		o    pact.Obligation
		want pact.Status
	}{{report, pact.Met}, {other, pact.Breached}} {
		a, err := obligation.Assess(obligation.Input{Obligation: c.o, Occurrence: of(c.o), Events: []pact.Event{answer}, At: moment(t, "2026-03-09T00:00:00Z")})
		if err != nil || a.Status != c.want {
			t.Errorf("%s after a yes about report: %s, want %s (%v)", c.o.Key, a.Status, c.want, err)
		}
		if got := obligation.Performs(answer, c.o, of(c.o)); got != (c.want == pact.Met) {
			t.Errorf("the answer performs %s: %t", c.o.Key, got)
		}
	}
	system := pact.Event{ID: "evt_s", ConnectionID: "cnn_1", Kind: "submitted", Subject: "report", OccurredAt: moment(t, "2026-03-04T00:00:00Z"), Data: pact.EventData{Reference: "2026-02"}}
	if !obligation.Performs(system, other, of(other)) {
		t.Error("a system's report of the item does not perform the duty any more")
	}
}

func TestWhoIsAskedHangsOnWhatSystemsReportOfTheDutyItself(t *testing.T) {
	t.Parallel()
	report := pact.Obligation{ID: "obl_report", Key: "report", Kind: "recurring_duty", Params: json.RawMessage(`{"item":"service report","period":"month","day":5}`)}
	inform := pact.Obligation{ID: "obl_inform", Key: "inform", Kind: "conditional_duty", Params: json.RawMessage(`{"trigger":"change","within":{"value":3,"unit":"day"}}`)}
	passed := report
	passed.InheritedFrom = "obl_above"
	for name, c := range map[string]struct {
		o    pact.Obligation
		e    pact.Event
		want bool
	}{
		"the report of another month":         {report, pact.Event{ConnectionID: "cnn_1", Kind: "submitted", Subject: "2025-11"}, true},
		"the report, by its item":             {report, pact.Event{ConnectionID: "cnn_1", Kind: "done", Data: pact.EventData{Item: "service report"}}, true},
		"a milestone":                         {report, pact.Event{ConnectionID: "cnn_1", Kind: "submitted", Subject: "M-1"}, false},
		"another item":                        {report, pact.Event{ConnectionID: "cnn_1", Kind: "submitted", Subject: "2026-02", Data: pact.EventData{Item: "design"}}, false},
		"somebody's file":                     {report, pact.Event{Kind: "submitted", Subject: "2026-02"}, false},
		"what the trigger started":            {inform, pact.Event{ConnectionID: "cnn_1", Kind: "done", Subject: "C-1"}, true},
		"something else that was done":        {inform, pact.Event{ConnectionID: "cnn_1", Kind: "done", Subject: "2026-02"}, false},
		"the master's, of what was passed on": {passed, pact.Event{ConnectionID: "cnn_1", Kind: "submitted", Subject: "2026-02"}, false},
	} {
		if got := obligation.Reported(c.o, []string{"C-1"}, []pact.Event{c.e}); got != c.want {
			t.Errorf("%s: reported is %t", name, got)
		}
	}
}

func TestADutyThatIsDueOnADayIsDoneByAnAnswer(t *testing.T) {
	t.Parallel()
	o, ok := obligation.AsJudged(pact.Obligation{ID: "obl_plan", Key: "delivery/plan", Kind: "delivery", Title: "Deliver a plan", Frequency: "once", Params: json.RawMessage(`{"by_date":"2026-03-15"}`)}, nil)
	if !ok || !obligation.SelfReports(o) || obligation.SelfReports(pact.Obligation{Kind: "milestone"}) {
		t.Fatalf("a dated duty reports itself, a schedule of milestones does not: %v %+v", ok, o)
	}
	occ := pact.Occurrence{ID: "occ_plan", ObligationID: o.ID, Key: o.Key}
	no := obligation.AnswerEvent(o, occ.Key, obligation.NotDone)
	no.ID, no.ExternalID, no.OccurredAt, no.Data.ApprovedBy = "evt_no", obligation.AnswerName(occ.ID, "evt_no"), moment(t, "2026-03-10T12:00:00Z"), "usr_ow"
	twin := o
	twin.ID, twin.Key = "obl_twin", "delivery/plan-2"
	for _, c := range []struct {
		about  string
		events []pact.Event
		at     string
		want   pact.Status
	}{
		{"nothing said, before its day", nil, "2026-03-12T00:00:00Z", pact.OnTrack},
		{"nothing said, after it", nil, "2026-03-17T00:00:00Z", pact.Breached},
		{"on its day", []pact.Event{said(o, occ, "2026-03-15")}, "2026-03-17T00:00:00Z", pact.Met},
		{"the day after", []pact.Event{said(o, occ, "2026-03-16")}, "2026-03-17T00:00:00Z", pact.Breached},
		{"it will not be", []pact.Event{no}, "2026-03-12T00:00:00Z", pact.AtRisk},
		{"said of another duty of the same name", []pact.Event{said(twin, pact.Occurrence{ID: "occ_twin", Key: twin.Key}, "2026-03-15")}, "2026-03-17T00:00:00Z", pact.Breached},
	} {
		a, err := obligation.Assess(obligation.Input{Obligation: o, Occurrence: occ, Events: c.events, At: moment(t, c.at)})
		if err != nil || a.Status != c.want {
			t.Errorf("%s: %s, want %s (%v) %+v", c.about, a.Status, c.want, err, a.Trace)
		}
	}
}
