package insight_test

import (
	"context"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func TestAnObligationThatEndedStaysWhileSomethingIsOwed(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) { // it is 2 March 2026
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			con := pact.Contract{ID: pact.NewID[pact.ContractID]("con", tx.Now), BusinessUnit: "north", State: pact.ContractActive, Title: "Support", SourceKey: "one"}
			con.FamilyID = con.ID
			if err := tx.Contracts.Insert(ctx, &con); err != nil {
				return err
			}
			for key, open := range map[string]bool{"owed": true, "done": false} {
				o := pact.Obligation{ID: pact.NewID[pact.ObligationID]("obl", tx.Now), BusinessUnit: "north", ContractID: con.ID, Key: key, Kind: "invoice_payment", Title: key, InForce: calendar.Period{From: "2025-01-01", Until: "2026-02-01"}}
				if err := tx.Obligations.Insert(ctx, &o); err != nil {
					return err
				}
				due := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
				occ := pact.Occurrence{ID: pact.NewID[pact.OccurrenceID]("occ", tx.Now), BusinessUnit: "north", ContractID: con.ID, ObligationID: o.ID, Key: "INV-1", Subject: "INV-1", Status: pact.Breached, Open: open, DueAt: due, DueOn: "2026-01-30"}
				if err := tx.Occurrences.Insert(ctx, &occ); err != nil {
					return err
				}
			}
			return nil
		})
		p, err := h.Insight.Register(storetest.As(t, pact.Viewer, "north"), insight.DutyFilter{}, 10, "")
		if err != nil || len(p.Items) != 1 || p.Items[0].Key != "owed" || p.Items[0].EndsOn != "2026-02-01" || p.Items[0].Status != "breached" {
			t.Errorf("%+v %v", p.Items, err)
		}
	})
}
