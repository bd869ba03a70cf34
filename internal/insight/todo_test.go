package insight_test

import (
	"context"
	"fmt"
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

func TestWhatIsToBeDoneStandsInTheOverviewAndTheRegister(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := h.Seed(t, "north", "seed")
		sum := money.Amount{Value: decimal.RequireFromString("25000"), Currency: "USD"}
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			for i := range 14 { // newer ones, of what is wrong
				f := pact.Finding{Severity: "breach", State: pact.FindingOpen, OccurredAt: tx.Now, Title: "Late"}
				if i == 0 {
					f = pact.Finding{Severity: "info", State: pact.FindingOpen, OccurredAt: tx.Now.Add(-48 * time.Hour), Title: "Invoice 25000.00 USD for Go-live", Amount: &sum}
				}
				if i == 1 {
					f = pact.Finding{Severity: "info", State: pact.FindingClosed, OccurredAt: tx.Now, Title: "Invoiced"}
				}
				f.ID, f.BusinessUnit, f.ContractID, f.ObligationID = pact.NewID[pact.FindingID]("fnd", tx.Now), "north", s.Contract.ID, s.Obligation.ID
				f.OccurrenceID = pact.OccurrenceID(fmt.Sprint("occ_", i))
				if err := tx.Findings.Insert(ctx, &f); err != nil {
					return err
				}
			}
			return nil
		})
		v := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now})
		o, err := v.Overview(storetest.As(t, pact.Viewer, "north"))
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]string{}
		for _, a := range o.Attention {
			told[a.Title] = a.Severity
		}
		if told["Invoice 25000.00 USD for Go-live"] != "low" || told["Late"] != "high" || told["Invoiced"] != "" {
			t.Errorf("the overview tells %v", told)
		}
		p, err := v.Register(storetest.As(t, pact.Viewer, "north"), insight.DutyFilter{}, 10, "")
		if err != nil || len(p.Items) != 1 {
			t.Fatalf("%d lines, %v", len(p.Items), err)
		}
		if todo := p.Items[0].ToDo; len(todo) != 1 || todo[0].Title != "Invoice 25000.00 USD for Go-live" || todo[0].Amount.String() != "25000.00 USD" || todo[0].FindingID == "" {
			t.Errorf("the register says %+v", todo)
		}
	})
}
