package monitor_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func monthlyReport(key string, day int) pact.Obligation {
	return pact.Obligation{
		Key: key, Kind: "recurring_duty", Title: fmt.Sprintf("Report by the %dth", day), Bearer: "supplier", Side: "theirs",
		Params: json.RawMessage(fmt.Sprintf(`{"item":"report","period":"month","day":%d}`, day)), InForce: calendar.Period{From: "2026-01-01"},
	}
}

func TestAMasterAgreementPassesItsObligationsOn(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Clock.Set(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		master := register(t, h, "MSA-1", backtest.Document{Obligations: []pact.Obligation{monthlyReport("report", 5), monthlyReport("audit", 20)}})
		below := func(number, relation string, list ...pact.Obligation) pact.Contract {
			return register(t, h, number, backtest.Document{EffectiveFrom: "2026-02-01", Obligations: list}, func(c *pact.Contract) {
				c.FamilyID, c.ParentID, c.Relation = master.ID, master.ID, relation
			})
		}
		plain, own := below("SOW-1", "sow"), below("SOW-2", "sow", monthlyReport("report", 10))
		order := below("ORD-1", "order_form")
		look := func() {
			t.Helper()
			if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: master.ID}); err != nil {
				t.Fatal(err)
			}
		}
		look()
		if n := registered(t, h, master.ID); len(n) != 3 {
			t.Fatalf("nothing passes without a rule, and there is %v", n)
		}

		report := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", master.ID), store.Eq("key", "report"))
		ctx := person(t)
		if _, err := h.Review.SetCascade(ctx, report.ID, &pact.Cascade{To: []string{"amendment"}}, report.Revision); !fault.Is(err, fault.Invalid) {
			t.Errorf("an amendment is part of what it amends: %v", err)
		}
		report, err := h.Review.SetCascade(ctx, report.ID, &pact.Cascade{To: []string{"sow"}}, report.Revision)
		if err != nil {
			t.Fatal(err)
		}
		look()
		want := []string{"MSA-1 audit", "MSA-1 report", "SOW-1 report from Agreement MSA-1", "SOW-2 report"}
		if got := registered(t, h, master.ID); !slices.Equal(got, want) {
			t.Fatalf("the register of the family is\n%v, want\n%v", got, want)
		}
		look() // twice is harmless
		if got := registered(t, h, master.ID); !slices.Equal(got, want) {
			t.Fatalf("the second look changed it: %v", got)
		}
		if n := apitest.All(t, h.Store.Reads().Obligations, store.Eq("contract_id", order.ID)); len(n) != 0 {
			t.Errorf("the rule names no order forms, and %v stand there", n)
		}

		// What names a contract below is of that one alone; what names none is of the master.
		done := func(n, contract string) pact.Event {
			return pact.Event{ExternalID: n, Kind: "done", Subject: "report", OccurredAt: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), Data: pact.EventData{Contract: contract, Month: "2026-02", Item: "report"}}
		}
		hear(t, h, master, done("1", "SOW-1"))
		h.Clock.Set(time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC))
		h.Fire(t, time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC))
		state := func(con pact.Contract) pact.Status {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Occurrences, store.Eq("contract_id", con.ID), store.Eq("key", "2026-02"), store.In("obligation_id", reportsOf(t, h, con))).Status
		}
		if a, b, c := state(plain), state(master), state(own); a != pact.Met || b != pact.Breached || c != pact.OnTrack {
			t.Errorf("SOW-1 is %s, MSA-1 %s, SOW-2 (by the 10th) %s; want met, breached, on_track", a, b, c)
		}

		// What the contract below states may not override, where the master says so.
		report = apitest.One(t, h.Store.Reads().Obligations, store.Eq("id", report.ID))
		if report, err = h.Review.SetCascade(ctx, report.ID, &pact.Cascade{To: []string{"sow"}, Override: "forbidden"}, report.Revision); err != nil {
			t.Fatal(err)
		}
		look()
		if got := state(own); got != pact.Breached {
			t.Errorf("SOW-2 may not state another day, and is %s", got)
		}

		// Taken back, it ends; what it judged stays.
		if _, err = h.Review.SetCascade(ctx, report.ID, nil, report.Revision); err != nil {
			t.Fatal(err)
		}
		look()
		want = []string{"MSA-1 audit", "MSA-1 report", "SOW-2 report"}
		if got := registered(t, h, master.ID); !slices.Equal(got, want) {
			t.Errorf("after the rule was taken back the register is %v, want %v", got, want)
		}
		if got := state(plain); got != pact.Met {
			t.Errorf("what was judged is gone: %s", got)
		}
	})
}

func person(t *testing.T) context.Context {
	t.Helper()
	return pact.WithActor(t.Context(), pact.Actor{ID: "usr_9", Kind: "person", Name: "Rita", Role: pact.Reviewer, Units: []string{"north"}})
}

func reportsOf(t *testing.T, h *apitest.House, con pact.Contract) []string {
	t.Helper()
	var out []string
	for _, o := range apitest.All(t, h.Store.Reads().Obligations, store.Eq("contract_id", con.ID), store.Eq("key", "report")) {
		out = append(out, string(o.ID))
	}
	return out
}

func registered(t *testing.T, h *apitest.House, family pact.ContractID) []string {
	t.Helper()
	page, err := h.Insight.Register(storetest.System(t), insight.DutyFilter{FamilyID: family}, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range page.Items {
		s := d.ContractNumber + " " + d.Key
		if d.InheritedFrom != "" {
			s += " from " + d.InheritedContractTitle
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}
