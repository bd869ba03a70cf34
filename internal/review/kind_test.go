package review_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// report is a duty that was read as one that comes again each month.
func report(confidence string) pact.Candidate {
	o := pact.Obligation{Key: "reporting/incident-report", Kind: "recurring_duty", Duty: "reporting", Title: "Report incidents", Bearer: "supplier", Params: json.RawMessage(`{"item":"Report incidents","period":"month","day":5}`)}
	c := duty(o.Key, confidence)
	c.Obligation, c.Label, c.Evidence = &o, o.Title, quote("report each incident within 10 days")
	return c
}

// afterIncident is what the reviewer makes of it.
func afterIncident() *pact.Obligation {
	return &pact.Obligation{Kind: "conditional_duty", Title: "Report incidents", Bearer: "supplier", Params: json.RawMessage(`{"trigger":"incident","within":{"value":10,"unit":"day"}}`)}
}

// The reviewer says by which kind a duty is judged: the parameters are those of the new kind, what it is about and the passage stay, and the
// entry of the decision names both kinds.
func TestTheKindOfADutyIsCorrected(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := pact.Contract{}
		rev := read(t, h, &con, nil, append(sure(), report("0.7"))...)
		choose := func(o *pact.Obligation) (pact.Candidate, error) {
			c := candidate(t, h, rev, "reporting/incident-report")
			out, err := h.Review.Decide(storetest.As(t, pact.Reviewer, "north"), c.ID, review.Choice{Kind: "correct", Revision: c.Revision, Obligation: o})
			return out.Candidate, err
		}
		for name, wrong := range map[string]struct {
			kind, params, field string
		}{
			"a kind that nobody knows":       {"tax", `{}`, "body.obligation.kind"},
			"parameters of the kind before":  {"conditional_duty", `{"item":"Report incidents","period":"month","day":5}`, "body.obligation.params."},
			"a parameter that can not be so": {"conditional_duty", `{"trigger":"incident","within":{"value":10,"unit":"minute"}}`, "body.obligation.params.within"},
		} {
			o := afterIncident()
			o.Kind, o.Params = wrong.kind, json.RawMessage(wrong.params)
			_, err := choose(o)
			f := fault.Of(err)
			if f == nil || f.Kind != fault.Invalid || len(f.Details) == 0 || !strings.HasPrefix(f.Details[0].Field, wrong.field) {
				t.Errorf("%s: %v", name, err)
			}
		}
		c, err := choose(afterIncident())
		if err != nil {
			t.Fatal(err)
		}
		o := c.DecidedObligation
		if c.State != pact.CandidateCorrected || o.Kind != "conditional_duty" || o.Duty != "reporting" || o.Key != "reporting/incident-report" || c.Obligation.Kind != "recurring_duty" {
			t.Errorf("corrected: %+v", o)
		}
		if len(c.Evidence) != 1 || c.Evidence[0].Passage.Quote != "report each incident within 10 days" {
			t.Errorf("the passage: %+v", c.Evidence)
		}
		entries, err := h.Store.Audit().List(storetest.System(t), store.AuditQuery{Act: "review.correct"})
		if err != nil || len(entries.Items) != 1 || entries.Items[0].Notes["kind"] != "recurring_duty → conditional_duty" {
			t.Errorf("the entry: %+v %v", entries.Items, err)
		}
		if _, err := h.Review.Finish(storetest.As(t, pact.Reviewer, "north"), rev.ID, revisionOf(t, h, rev)); err != nil {
			t.Fatal(err)
		}
		if row := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", con.ID)); row.Kind != "conditional_duty" || row.Duty != "reporting" || row.Evidence[0].Passage.Quote != "report each incident within 10 days" {
			t.Errorf("in the register: %+v", row)
		}

		// What people decided is what engines are measured and taught by.
		scores, err := h.Review.Quality(storetest.System(t))
		if err != nil || len(scores) != 1 || scores[0].Field != "reporting" || scores[0].Decided != 1 || scores[0].Right != 0 {
			t.Errorf("quality: %+v %v", scores, err)
		}
		taught, err := h.Review.Accepted(storetest.System(t), review.Precedent{Unit: "north", Kind: "reporting"})
		if err != nil || len(taught) != 1 || taught[0].Obligation.Kind != "conditional_duty" || taught[0].Evidence[0].Passage.Quote != "report each incident within 10 days" {
			t.Errorf("precedents: %+v %v", taught, err)
		}
	})
}

// What a reviewer says is followed by no kind is kept as what it is about.
func TestADutyIsKeptAndNotFollowed(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	rev := read(t, h, &pact.Contract{}, nil, append(sure(), report("0.7"))...)
	decide(t, h, rev, "reporting/incident-report", review.Choice{Kind: "correct", Obligation: &pact.Obligation{Kind: "reporting", Title: "Report incidents"}})
	if o := candidate(t, h, rev, "reporting/incident-report").DecidedObligation; o.Kind != "reporting" || o.Duty != "" {
		t.Errorf("kept as %+v", o)
	}
	// And one that was kept is followed.
	kept := report("0.7")
	kept.Obligation.Kind, kept.Obligation.Duty, kept.Obligation.Params = "reporting", "", nil
	rev = read(t, h, &pact.Contract{}, nil, append(sure(), kept)...)
	decide(t, h, rev, "reporting/incident-report", review.Choice{Kind: "correct", Obligation: afterIncident()})
	if o := candidate(t, h, rev, "reporting/incident-report").DecidedObligation; o.Kind != "conditional_duty" || o.Duty != "reporting" {
		t.Errorf("followed as %+v", o)
	}
}

// An obligation that is judged by another kind from one version to the next has a row of its own: nothing of the old kind is judged as what
// it is not. Who looks after it, and what else was set, goes on with it; and the kind before has its row again when it returns.
func TestAnotherKindIsAnotherRow(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := pact.Contract{}
		publish := func(o *pact.Obligation) {
			t.Helper()
			rev := read(t, h, &con, nil, append(sure(), report("0.7"))...)
			if o == nil {
				decide(t, h, rev, "reporting/incident-report", review.Choice{Kind: "accept"})
			} else {
				decide(t, h, rev, "reporting/incident-report", review.Choice{Kind: "correct", Obligation: o})
			}
			if _, err := h.Review.Finish(storetest.System(t), rev.ID, revisionOf(t, h, rev)); err != nil {
				t.Fatal(err)
			}
		}
		live := func() (pact.Obligation, []pact.Obligation) {
			t.Helper()
			var out pact.Obligation
			all := apitest.All(t, h.Store.Reads().Obligations, store.Eq("contract_id", con.ID))
			for _, o := range all {
				if o.InForce.Until == "" {
					if out.ID != "" {
						t.Fatalf("two stand: %+v", all)
					}
					out = o
				}
			}
			return out, all
		}
		publish(nil)
		monthly, _ := live()
		if _, err := h.Review.SetOwner(storetest.System(t), monthly.ID, "kim@example.com", monthly.Revision); err != nil {
			t.Fatal(err)
		}
		publish(afterIncident())
		after, all := live()
		if after.ID == monthly.ID || after.Kind != "conditional_duty" || after.Owner != "kim@example.com" || len(all) != 2 {
			t.Fatalf("after the correction: %+v of %d", after, len(all))
		}
		publish(afterIncident())
		if same, _ := live(); same.ID != after.ID {
			t.Errorf("the same kind once more has another row: %+v", same)
		}
		publish(nil)
		if back, all := live(); back.ID != monthly.ID || back.Owner != "kim@example.com" || len(all) != 2 {
			t.Errorf("the kind before: %+v of %d", back, len(all))
		}
	})
}

func revisionOf(t *testing.T, h *apitest.House, rev pact.Review) int64 {
	t.Helper()
	return apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", rev.ID)).Revision
}
