package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// The page of an amendment shows the occurrences of what it amends: with their answers, and with who looks after them there.
func TestTheObligationsOfAnAmendmentShowTheAnswersAndWhoIsAsked(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	params := json.RawMessage(`{"period":"month","day":5}`)
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		for _, con := range []pact.Contract{
			{ID: "con_base", Number: "B-1", Title: "Hosting", Owner: "base@example.com"},
			{ID: "con_amend", Number: "B-1-A", Title: "First amendment", Owner: "amend@example.com", ParentID: "con_base", Relation: "amendment"},
		} {
			con.BusinessUnit, con.FamilyID, con.State, con.Phase, con.CurrentVersion, con.SourceKey = "north", "con_base", pact.ContractActive, "full", 1, string(con.ID)
			o := pact.Obligation{ID: pact.ObligationID("obl" + con.ID[3:]), BusinessUnit: "north", ContractID: con.ID, Key: "report", Kind: "recurring_duty", Title: "Report", Params: params, InForce: calendar.Period{From: "2026-01-01"}, Verification: pact.Verified}
			v := pact.Version{BusinessUnit: "north", ContractID: con.ID, Number: 1, PublishedBy: "test", PublishedAt: tx.Now, Obligations: []pact.Obligation{o}}
			if err := tx.Contracts.Insert(ctx, &con); err != nil {
				return err
			}
			if err := tx.Versions.Insert(ctx, &v); err != nil {
				return err
			}
			if err := tx.Obligations.Insert(ctx, &o); err != nil {
				return err
			}
		}
		occ := pact.Occurrence{ID: "occ_1", BusinessUnit: "north", ContractID: "con_base", ObligationID: "obl_base", Key: "2026-01", Status: pact.Met, Assessment: pact.Assessment{Status: pact.Met, GovernedBy: "obl_amend"}}
		if err := tx.Occurrences.Insert(ctx, &occ); err != nil {
			return err
		}
		e := obligation.AnswerEvent(pact.Obligation{Key: "report", Kind: "recurring_duty"}, occ.Key, "")
		e.ID, e.ExternalID, e.BusinessUnit, e.ContractID, e.OccurredAt, e.ReceivedAt = "evt_yes", obligation.AnswerName(occ.ID, "evt_yes"), "north", "con_base", tx.Now, tx.Now
		e.Data.Contract, e.Data.ApprovedBy, e.Data.Date = "B-1", "usr_1", "2026-02-03"
		if err := tx.Events.Insert(ctx, &e); err != nil {
			return err
		}
		milestone := pact.Event{ID: "evt_m", BusinessUnit: "north", ConnectionID: "cnn_1", ContractID: "con_base", ExternalID: "m", Kind: "submitted", Subject: "M-1", OccurredAt: tx.Now, ReceivedAt: tx.Now}
		return tx.Events.Insert(ctx, &milestone)
	})
	type row struct {
		LookedAfterBy string `json:"looked_after_by"`
		SelfReported  bool   `json:"self_reported"`
		Performed     []struct {
			OccurrenceID pact.OccurrenceID `json:"occurrence_id"`
			Event        pact.Event
		}
	}
	read := func(contract string) row {
		t.Helper()
		var page struct{ Items []row }
		send(t, h, h.Key(t, pact.Viewer, "north"), http.MethodGet, "/api/v1/contracts/"+contract+"/obligations", nil).into(t, &page)
		if len(page.Items) != 1 {
			t.Fatalf("%s has %d obligations", contract, len(page.Items))
		}
		return page.Items[0]
	}
	amended := read("con_amend")
	if len(amended.Performed) != 1 || amended.Performed[0].OccurrenceID != "occ_1" || amended.Performed[0].Event.ID != "evt_yes" {
		t.Errorf("the answer is not found on the page of the amendment: %+v", amended)
	}
	for _, id := range []string{"con_base", "con_amend"} {
		if r := read(id); r.LookedAfterBy != "base@example.com" || !r.SelfReported {
			t.Errorf("%s: looked after by %q, asked %t: a milestone of a system says nothing of the report", id, r.LookedAfterBy, r.SelfReported)
		}
	}
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Events.Insert(ctx, &pact.Event{ID: "evt_r", BusinessUnit: "north", ConnectionID: "cnn_1", ContractID: "con_base", ExternalID: "r", Kind: "submitted", Subject: "2025-12", OccurredAt: tx.Now, ReceivedAt: tx.Now})
	})
	if r := read("con_base"); r.SelfReported {
		t.Error("a system reports on the duty, and its owner is asked all the same")
	}
}

// The contract was judged by another kind for a while: what an amendment changes is the obligation that is in the register, though the row
// of the other kind is newer.
func TestAnAmendmentChangesTheObligationThatIsInTheRegister(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			for _, con := range []pact.Contract{{ID: "con_base", Number: "B-1"}, {ID: "con_amend", Number: "B-1-A", ParentID: "con_base", Relation: "amendment"}} {
				con.BusinessUnit, con.FamilyID, con.State, con.Phase, con.CurrentVersion, con.SourceKey = "north", "con_base", pact.ContractActive, "full", 1, string(con.ID)
				o := pact.Obligation{ID: pact.ObligationID("obl" + con.ID[3:]), BusinessUnit: "north", ContractID: con.ID, Key: "report", Kind: "recurring_duty", Title: "Report", Owner: "now@example.com", Params: json.RawMessage(`{"period":"month","day":5}`), InForce: calendar.Period{From: "2026-01-01"}}
				v := pact.Version{BusinessUnit: "north", ContractID: con.ID, Number: 1, PublishedBy: "test", PublishedAt: tx.Now, Obligations: []pact.Obligation{o}}
				if err := errors.Join(tx.Contracts.Insert(ctx, &con), tx.Versions.Insert(ctx, &v), tx.Obligations.Insert(ctx, &o)); err != nil {
					return err
				}
			}
			gone := pact.Obligation{ID: "obl_later", VersionID: "ver_before", BusinessUnit: "north", ContractID: "con_base", Key: "report", Kind: "conditional_duty", Title: "Report", Owner: "then@example.com", Params: json.RawMessage(`{"trigger":"change","within":{"value":72,"unit":"hour"}}`), InForce: calendar.Period{From: "2026-01-01", Until: "2026-02-01"}}
			occ := pact.Occurrence{ID: "occ_1", BusinessUnit: "north", ContractID: "con_base", ObligationID: "obl_base", Key: "2026-01", Status: pact.Met, Assessment: pact.Assessment{Status: pact.Met, GovernedBy: "obl_amend"}}
			return errors.Join(tx.Obligations.Insert(ctx, &gone), tx.Occurrences.Insert(ctx, &occ))
		})
		var page struct {
			Items []struct {
				LookedAfterBy string `json:"looked_after_by"`
				Occurrences   []pact.Occurrence
			}
		}
		send(t, h, h.Key(t, pact.Viewer, "north"), http.MethodGet, "/api/v1/contracts/con_amend/obligations", nil).into(t, &page)
		if len(page.Items) != 1 || page.Items[0].LookedAfterBy != "now@example.com" || len(page.Items[0].Occurrences) != 1 {
			t.Errorf("%+v", page.Items)
		}
	})
}

// A conditional duty shows who says what starts it, and what was said: with what it is amended by, too.
func TestAConditionalDutyShowsWhatWasSaidToStartIt(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		for _, con := range []pact.Contract{
			{ID: "con_base", Number: "B-1", Title: "Hosting"},
			{ID: "con_amend", Number: "B-1-A", Title: "First amendment", ParentID: "con_base", Relation: "amendment"},
		} {
			con.BusinessUnit, con.FamilyID, con.State, con.Phase, con.CurrentVersion, con.SourceKey = "north", "con_base", pact.ContractActive, "full", 1, string(con.ID)
			o := pact.Obligation{ID: pact.ObligationID("obl" + con.ID[3:]), BusinessUnit: "north", ContractID: con.ID, Key: "inform", Kind: "conditional_duty", Title: "Inform", Params: json.RawMessage(`{"trigger":"change","within":{"value":72,"unit":"hour"}}`), Verification: pact.Verified}
			v := pact.Version{BusinessUnit: "north", ContractID: con.ID, Number: 1, PublishedBy: "test", PublishedAt: tx.Now, Obligations: []pact.Obligation{o}}
			if err := errors.Join(tx.Contracts.Insert(ctx, &con), tx.Versions.Insert(ctx, &v), tx.Obligations.Insert(ctx, &o)); err != nil {
				return err
			}
		}
		return nil
	})
	type row struct {
		TriggerAsked bool `json:"trigger_asked"`
		TriggerTime  bool `json:"trigger_time"`
		Triggers     []pact.Event
	}
	read := func(contract string) row {
		t.Helper()
		var page struct{ Items []row }
		send(t, h, h.Key(t, pact.Viewer, "north"), http.MethodGet, "/api/v1/contracts/"+contract+"/obligations", nil).into(t, &page)
		if len(page.Items) != 1 {
			t.Fatalf("%s has %d obligations", contract, len(page.Items))
		}
		return page.Items[0]
	}
	say := func(body object) pact.Event {
		t.Helper()
		var e pact.Event
		res := send(t, h, h.Key(t, pact.Reviewer, "north"), http.MethodPost, "/api/v1/obligations/obl_base/trigger", body)
		if res.status != http.StatusCreated {
			t.Fatalf("%d: %s", res.status, res.body)
		}
		res.into(t, &e)
		return e
	}
	if r := read("con_base"); !r.TriggerAsked || !r.TriggerTime || len(r.Triggers) != 0 {
		t.Errorf("before anything is said: %+v", r)
	}
	first := say(object{"answer": "yes", "at": "2026-02-25T10:00:00Z"})
	second := say(object{"answer": "yes", "at": "2026-02-26T10:00:00Z"})
	second = say(object{"answer": "yes", "at": "2026-02-26T11:00:00Z", "corrects": second.ID})
	for _, id := range []string{"con_base", "con_amend"} {
		if r := read(id); len(r.Triggers) != 2 || r.Triggers[0].ID != second.ID || r.Triggers[1].ID != first.ID {
			t.Errorf("%s shows %+v", id, r.Triggers)
		}
	}
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Events.Insert(ctx, &pact.Event{ID: "evt_s", BusinessUnit: "north", ConnectionID: "cnn_1", ContractID: "con_base", ExternalID: "s", Kind: "trigger", Subject: "S-1", OccurredAt: tx.Now, ReceivedAt: tx.Now, Data: pact.EventData{Item: "change"}})
	})
	if r := read("con_amend"); r.TriggerAsked || len(r.Triggers) != 2 {
		t.Errorf("a system reports what starts it, and somebody is asked all the same: %+v", r)
	}
}
