package insight_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
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
