package insight_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func TestTheOverviewCountsWhatStandsAndComparesTheWeeks(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{}) // it is 2 March 2026
	day := 24 * time.Hour
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		con := pact.Contract{ID: pact.NewID[pact.ContractID]("con", tx.Now), BusinessUnit: "north", State: pact.ContractActive, Title: "Support", SourceKey: "one"}
		con.FamilyID = con.ID
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		for i, f := range []pact.Finding{
			{Severity: "breach", State: pact.FindingOpen, OccurredAt: tx.Now.Add(-day)},
			{Severity: "breach", State: pact.FindingClosed, OccurredAt: tx.Now.Add(-2 * day)}, // done with, and it happened
			{Severity: "breach", State: pact.FindingCorrected, OccurredAt: tx.Now.Add(-day)},  // taken back: it did not
			{Severity: "at_risk", State: pact.FindingOpen, OccurredAt: tx.Now.Add(-day)},
			{Severity: "breach", State: pact.FindingConfirmed, OccurredAt: tx.Now.Add(-8 * day)},
			{Severity: "breach", State: pact.FindingOpen, OccurredAt: tx.Now.Add(-40 * day)},
		} {
			f.ID, f.BusinessUnit, f.ContractID, f.Title = pact.NewID[pact.FindingID]("fnd", tx.Now), "north", con.ID, "Availability missed: Portal"
			f.OccurrenceID = pact.OccurrenceID(fmt.Sprint("occ_", i))
			if err := tx.Findings.Insert(ctx, &f); err != nil {
				return err
			}
			if i == 0 {
				sum := money.Amount{Value: decimal.RequireFromString("4250"), Currency: "USD"}
				a := pact.Approval{ID: pact.NewID[pact.ApprovalID]("apr", tx.Now), BusinessUnit: "north", ContractID: con.ID, FindingID: f.ID, Amount: &sum, State: "waiting", CreatedAt: tx.Now}
				if err := tx.Approvals.Insert(ctx, &a); err != nil {
					return err
				}
			}
		}
		for i, ago := range []time.Duration{day, 3 * day, 9 * day, 20 * day} {
			r := pact.Review{ID: pact.NewID[pact.ReviewID]("rev", tx.Now), BusinessUnit: "north", ContractID: con.ID, DocumentID: pact.DocumentID(fmt.Sprint("doc_", i)), State: pact.ReviewFinished, FinishedAt: tx.Now.Add(-ago)}
			if err := tx.Reviews.Insert(ctx, &r); err != nil {
				return err
			}
		}
		return nil
	})
	o, err := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now}).Overview(storetest.As(t, pact.Viewer, "north"))
	if err != nil {
		t.Fatal(err)
	}
	c := o.Counts
	if c.FindingsOpen != 4 || c.Breached != 3 || c.BreachesWeek != 2 || c.BreachesWeekBefore != 1 || c.ReviewedWeek != 2 || c.ReviewedWeekBefore != 1 || c.ContractsWeek != 1 || c.ApprovalsWaiting != 1 {
		t.Errorf("got %+v", c)
	}
	if first := o.Attention[0]; first.Kind != "approval" || !strings.Contains(first.Detail, "4250.00 USD · Availability missed: Portal") {
		t.Errorf("the approval says %+v", first)
	}
}

func TestTheOverviewCountsWhatItsListsShow(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		con := pact.Contract{ID: pact.NewID[pact.ContractID]("con", tx.Now), BusinessUnit: "north", State: pact.ContractInReview, Title: "Support", SourceKey: "one"}
		con.FamilyID = con.ID
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		for i, e := range []pact.Event{
			{Kind: "ticket_opened", Subject: "INC1"},
			{Kind: "ticket_paused", Subject: "INC1"},
			{Kind: "ticket_resolved", Subject: "INC1"},
			{Kind: "ticket_opened", Subject: "INC2"},
			{Kind: "ticket_opened", Subject: "INC3", Ignored: "a test"},
			{Kind: "ticket_opened", Subject: "INC4", ContractID: con.ID},
			{Kind: "done", Subject: "2026-03"},
			{Kind: "done", Subject: "2026-03"}, // of any contract: each by itself
		} {
			e.ID, e.BusinessUnit, e.ExternalID, e.OccurredAt = pact.NewID[pact.EventID]("evt", tx.Now), "north", fmt.Sprint("e", i), tx.Now
			if err := tx.Events.Insert(ctx, &e); err != nil {
				return err
			}
		}
		for i, a := range []pact.Action{
			{State: pact.ActionUnmapped, Fields: map[string]any{connector.NeedsReview: true}}, // the contract under review has no record there
			{State: pact.ActionUnmapped, Fields: map[string]any{"Amount": "1"}},
			{State: pact.ActionDenied, Fields: map[string]any{connector.NeedsReview: true}},
			{State: pact.ActionDone, Fields: map[string]any{"Amount": "1"}},
		} {
			a.ID, a.BusinessUnit, a.ContractID, a.ConnectionID, a.Kind, a.Key = pact.NewID[pact.ActionID]("act", tx.Now), "north", con.ID, "cnn_1", "update", fmt.Sprint("k", i)
			if err := tx.Actions.Insert(ctx, &a); err != nil {
				return err
			}
		}
		return nil
	})
	o, err := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now}).Overview(storetest.As(t, pact.Viewer, "north"))
	if err != nil {
		t.Fatal(err)
	}
	if o.Counts.EventsUnmatched != 4 || o.Counts.ActionsFailed != 2 {
		t.Errorf("%d matters without a contract, want 4; %d writes to look at, want 2", o.Counts.EventsUnmatched, o.Counts.ActionsFailed)
	}
}
