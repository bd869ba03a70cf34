package exchange_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// amend publishes an amendment that states a duty of the contract otherwise from a day on; its obligation is obl_amended.
func amend(t *testing.T, h *apitest.House, con pact.Contract, from calendar.Date, o pact.Obligation) pact.Contract {
	t.Helper()
	var am pact.Contract
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		am = pact.Contract{ID: id, BusinessUnit: "north", FamilyID: con.FamilyID, ParentID: con.ID, Relation: "amendment", Number: "D-1-A1", Title: "Amendment 1", State: pact.ContractActive, Phase: "full", CurrentVersion: 1, SourceKey: string(id), Owner: "ow@example.com"}
		if err := tx.Contracts.Insert(ctx, &am); err != nil {
			return err
		}
		o.ID, o.BusinessUnit, o.ContractID, o.Verification, o.InForce = "obl_amended", "north", id, pact.Verified, calendar.Period{From: from}
		if err := tx.Obligations.Insert(ctx, &o); err != nil {
			return err
		}
		return tx.Versions.Insert(ctx, &pact.Version{BusinessUnit: "north", ContractID: id, Number: 1, PublishedBy: "test", PublishedAt: tx.Now, EffectiveFrom: from, Obligations: []pact.Obligation{o}})
	})
	if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: am.ID, Version: 1}); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	return am
}

// An amendment puts hours in the place of days: what is said of a day before it is said as the contract has it, and of a day after it as the
// amendment has it.
func TestAStartIsSaidAsTheDutyStandsOnThatDay(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) { // it is 2 March 2026
		h.Work(t)
		con := reporting(t, h, func(o *pact.Obligation) {
			if o.Key == "inform" {
				o.InForce = calendar.Period{From: "2026-01-01"}
			}
		})
		amend(t, h, con, "2026-02-20", pact.Obligation{Key: "inform", Kind: "conditional_duty", Title: "Inform", Params: json.RawMessage(`{"trigger":"takeover","within":{"value":72,"unit":"hour"},"zone":"America/New_York"}`)})
		by := storetest.As(t, pact.Reviewer, "north")
		if _, err := h.Exchange.StateTrigger(by, "obl_inform", exchange.Trigger{Answer: "yes", On: "2026-02-25"}); !fault.Is(err, fault.Invalid) || fault.Of(err).Details[0].Field != "body.at" {
			t.Errorf("a day alone, where hours run from 20 February on: %v", err)
		}
		before, err := h.Exchange.StateTrigger(by, "obl_inform", exchange.Trigger{Answer: "yes", On: "2026-02-10"})
		if err != nil || before.Subject != "change" {
			t.Fatalf("a day before the amendment: %+v %v", before, err)
		}
		at := time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)
		after, err := h.Exchange.StateTrigger(by, "obl_inform", exchange.Trigger{Answer: "yes", At: at})
		if err != nil || after.Subject != "takeover" || after.Data.Date != "2026-02-28" {
			t.Fatalf("in the zone and the words of the amendment: %+v %v", after, err)
		}
		h.Settle(t)
		if o := apitest.One(t, h.Store.Reads().Occurrences, store.Eq("obligation_id", "obl_inform"), store.Eq("key", "takeover")); !o.DueAt.Equal(at.Add(72 * time.Hour)) {
			t.Errorf("due at %s", o.DueAt)
		}
		if _, err := h.Exchange.StateTrigger(by, "obl_inform", exchange.Trigger{Answer: "yes", On: "2025-12-20"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a day before it held: %v", err)
		}
	})
}

// Two people say at one instant that a duty was started on a day, one on the contract and one on its amendment: the first one said it, and
// the other is told so, whoever comes first.
func TestTwoStatementsAtOneInstant(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Work(t)
		con := reporting(t, h, func(o *pact.Obligation) {
			if o.Key == "inform" {
				o.InForce = calendar.Period{From: "2026-01-01"}
			}
		})
		amend(t, h, con, "2026-01-15", pact.Obligation{Key: "inform", Kind: "conditional_duty", Title: "Inform", Params: json.RawMessage(`{"trigger":"change","within":{"value":12,"unit":"day"}}`)})
		by := storetest.As(t, pact.Reviewer, "north")
		for day := range 12 {
			p := exchange.Trigger{Answer: "yes", On: calendar.Date(fmt.Sprintf("2026-02-%02d", day+1))}
			var both sync.WaitGroup
			var errs [2]error
			for i, id := range []pact.ObligationID{"obl_inform", "obl_amended"} {
				both.Go(func() { _, errs[i] = h.Exchange.StateTrigger(by, id, p) })
			}
			both.Wait()
			if (errs[0] == nil) == (errs[1] == nil) || !fault.Is(errs[0], fault.Conflict) && !fault.Is(errs[1], fault.Conflict) {
				t.Errorf("%s: %v and %v, want that one was said and the other was not", p.On, errs[0], errs[1])
			}
		}
		names := map[string]bool{}
		said := apitest.All(t, h.Store.Reads().Events, store.Eq("kind", "trigger"))
		for _, e := range said {
			names[e.Subject] = true
		}
		if len(said) != 12 || len(names) != 12 {
			t.Errorf("%d statements by %d names", len(said), len(names))
		}
	})
}
