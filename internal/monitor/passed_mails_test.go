package monitor_test

import (
	"context"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// A mail that asks how something stands asks no more once a rule passes it on no more, also where everybody was told already.
func TestMailsAboutWhatIsPassedOnNoMoreAreDropped(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	master := register(t, h, "MSA-1", backtest.Document{Obligations: []pact.Obligation{monthlyReport("report", 5)}})
	sow := register(t, h, "SOW-1", backtest.Document{EffectiveFrom: "2026-02-01"}, func(c *pact.Contract) {
		c.FamilyID, c.ParentID, c.Relation = master.ID, master.ID, "sow"
	})
	set := func(rule *pact.Cascade) {
		t.Helper()
		report := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", master.ID))
		if _, err := h.Review.SetCascade(person(t), report.ID, rule, report.Revision); err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
	}
	set(&pact.Cascade{To: []string{"sow"}, CheckIn: &pact.CheckInPlan{Every: "week"}})
	line := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", sow.ID))
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		n := pact.Notification{ID: "ntf_1", BusinessUnit: sow.BusinessUnit, ContractID: sow.ID, ObligationID: line.ID, Channel: "email", Recipient: "ow@example.com", State: "sent", Key: "k", DueOn: line.CheckInDue, CheckIn: pact.CheckInOverdue}
		return tx.Notifications.Insert(ctx, &n)
	})
	set(nil)
	if n := apitest.One(t, h.Store.Reads().Notifications, store.Eq("id", "ntf_1")); n.CheckIn != pact.CheckInDropped {
		t.Errorf("the mail is %s", n.CheckIn)
	}
}
