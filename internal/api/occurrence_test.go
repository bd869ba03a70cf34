package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// stated makes a contract of one obligation, the way a published version does.
func stated(ctx context.Context, tx store.Tx, con pact.Contract, o pact.Obligation) error {
	con.BusinessUnit, con.FamilyID, con.State, con.Phase, con.CurrentVersion, con.SourceKey = "north", "con_msa", pact.ContractActive, "full", 1, string(con.ID)
	if err := tx.Contracts.Insert(ctx, &con); err != nil {
		return err
	}
	v := pact.Version{BusinessUnit: "north", ContractID: con.ID, Number: 1, PublishedBy: "test", PublishedAt: tx.Now, EffectiveFrom: o.InForce.From}
	if o.Key != "" {
		o.BusinessUnit, o.ContractID, o.Key, o.Kind, o.Title, o.Verification = "north", con.ID, "resolution_time/P1", "resolution_time", "Resolve P1", pact.Verified
		if err := tx.Obligations.Insert(ctx, &o); err != nil {
			return err
		}
		if o.InheritedFrom == "" {
			v.Obligations = []pact.Obligation{o}
		}
	}
	return tx.Versions.Insert(ctx, &v)
}

// A master says four hours, its amendment two from 16 March on; a statement of work has it from the master from 2 March on.
func amended(t *testing.T, h *apitest.House) {
	t.Helper()
	hours := func(n string) json.RawMessage {
		return json.RawMessage(`{"priority":"1","target":{"value":` + n + `,"unit":"hour"},"hours":{"always":true,"zone":"UTC"}}`)
	}
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		for _, x := range []struct {
			con pact.Contract
			o   pact.Obligation
		}{
			{pact.Contract{ID: "con_msa", Title: "Master"}, pact.Obligation{ID: "obl_msa", Key: "k", Params: hours("4"), InForce: calendar.Period{From: "2026-01-01"}, Cascade: &pact.Cascade{To: []string{"sow"}}}},
			{pact.Contract{ID: "con_am", Title: "Amendment 1", ParentID: "con_msa", Relation: "amendment", EffectiveDate: "2026-03-16"}, pact.Obligation{ID: "obl_am", Key: "k", Params: hours("2"), InForce: calendar.Period{From: "2026-03-16"}}},
			{pact.Contract{ID: "con_sow", Title: "Work", ParentID: "con_msa", Relation: "sow", EffectiveDate: "2026-03-02"}, pact.Obligation{ID: "obl_sow", Key: "k", Params: hours("2"), InForce: calendar.Period{From: "2026-03-02"}, InheritedFrom: "obl_msa"}},
		} {
			if err := stated(ctx, tx, x.con, x.o); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestAnObligationTellsHowItIsStatedFromDayToDay(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	amended(t, h)
	for contract, first := range map[string]calendar.Date{"con_msa": "2026-01-01", "con_sow": "2026-03-02"} {
		var page struct {
			Items []struct {
				Inherited struct{ Title string }
				Segments  []struct {
					From, Until calendar.Date
					Title       string
					Params      struct{ Target struct{ Value int } }
				}
			}
		}
		send(t, h, h.Key(t, pact.Viewer, "north"), http.MethodGet, "/api/v1/contracts/"+contract+"/obligations", nil).into(t, &page)
		if len(page.Items) != 1 || len(page.Items[0].Segments) != 2 {
			t.Fatalf("%s: %+v", contract, page)
		}
		if got, want := page.Items[0].Inherited.Title, map[string]string{"con_sow": "Master"}[contract]; got != want {
			t.Errorf("%s is passed on by %q, want %q", contract, got, want)
		}
		a, b := page.Items[0].Segments[0], page.Items[0].Segments[1]
		if a.From != first || a.Until != "2026-03-16" || a.Title != "Master" || a.Params.Target.Value != 4 {
			t.Errorf("%s first: %+v", contract, a)
		}
		if b.From != "2026-03-16" || b.Until != "" || b.Title != "Amendment 1" || b.Params.Target.Value != 2 {
			t.Errorf("%s then: %+v", contract, b)
		}
	}
}

func TestAnOccurrenceIsReadWithWhatItWasJudgedFrom(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	amended(t, h)
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		e := pact.Event{ID: "evt_1", BusinessUnit: "north", ConnectionID: "cnn_1", ContractID: "con_msa", ExternalID: "o", Kind: "ticket_opened", Subject: "INC1", OccurredAt: tx.Now, ReceivedAt: tx.Now}
		other := e
		other.ID, other.ExternalID, other.Subject = "evt_2", "x", "INC2"
		a := pact.Assessment{Status: pact.Breached, GovernedBy: "obl_am", EventIDs: []pact.EventID{"evt_1"}, Trace: []pact.TraceStep{{Rule: "due", Result: "late"}}}
		occ := pact.Occurrence{ID: "occ_1", BusinessUnit: "north", ContractID: "con_msa", ObligationID: "obl_msa", Key: "INC1", Subject: "INC1", Status: pact.Breached, Assessment: a}
		f := pact.Finding{ID: "fnd_1", BusinessUnit: "north", ContractID: "con_msa", ObligationID: "obl_msa", OccurrenceID: "occ_1", Kind: "resolution_time", Severity: "breach", State: pact.FindingOpen, OccurredAt: tx.Now, Version: 1}
		for _, err := range []error{tx.Events.Insert(ctx, &e), tx.Events.Insert(ctx, &other), tx.Occurrences.Insert(ctx, &occ), tx.Findings.Insert(ctx, &f)} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	var out struct {
		Occurrence pact.Occurrence
		Obligation pact.Obligation
		Events     []pact.Event
		Finding    pact.Finding
	}
	send(t, h, h.Key(t, pact.Viewer, "north"), http.MethodGet, "/api/v1/occurrences/occ_1", nil).into(t, &out)
	if len(out.Occurrence.Assessment.Trace) != 1 || out.Obligation.ID != "obl_am" || len(out.Events) != 1 || out.Events[0].ID != "evt_1" || out.Finding.ID != "fnd_1" {
		t.Errorf("%+v", out)
	}
	if a := send(t, h, h.Key(t, pact.Viewer, "south"), http.MethodGet, "/api/v1/occurrences/occ_1", nil); a.status != http.StatusNotFound {
		t.Errorf("another unit reads it: %d", a.status)
	}
}
