package review_test

import (
	"context"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

func TestAVersionWithoutAnObligationDropsTheMailsAboutItsCheckIns(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	var con pact.Contract
	finish(t, h, read(t, h, &con, nil, append(sure(), duty("resolution_time/P1", "0.9"), duty("resolution_time/P2", "0.9"))...))
	for _, o := range apitest.All(t, h.Store.Reads().Obligations, store.Eq("contract_id", con.ID)) {
		h.Do(t, func(ctx context.Context, tx store.Tx) error { // planned without a job that waits to be done
			o.CheckIn, o.CheckInDue = &pact.CheckInPlan{Every: "month"}, "2026-02-27"
			if err := tx.Obligations.Update(ctx, &o); err != nil {
				return err
			}
			n := pact.Notification{ID: pact.NewID[pact.NotificationID]("ntf", tx.Now), BusinessUnit: "north", ContractID: con.ID, ObligationID: o.ID, Channel: "email", Recipient: "ow@example.com", State: "sent", Key: o.Key, DueOn: o.CheckInDue, CheckIn: pact.CheckInOverdue}
			return tx.Notifications.Insert(ctx, &n)
		})
	}
	finish(t, h, read(t, h, &con, nil, append(sure(), duty("resolution_time/P1", "0.9"))...))
	h.Work(t)
	h.Settle(t)
	for key, want := range map[string]string{"resolution_time/P1": pact.CheckInOverdue, "resolution_time/P2": pact.CheckInDropped} {
		if n := apitest.One(t, h.Store.Reads().Notifications, store.Eq("key", key)); n.CheckIn != want {
			t.Errorf("the mail about %s is %s, not %s", key, n.CheckIn, want)
		}
	}
}
