package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// A mail stays what was sent: where its contract can not be read (it went to another unit, or away), the list says the rest.
func TestOneContractThatCanNotBeReadDoesNotHideTheCheckInMails(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			for i, unit := range []string{"north", "south"} { // all mails are of north
				id := "con_" + unit
				con := pact.Contract{ID: pact.ContractID(id), BusinessUnit: unit, FamilyID: pact.ContractID(id), Number: "SA-" + unit, Title: "Agreement of " + unit, Customer: "Acme " + unit, State: pact.ContractActive}
				if err := tx.Contracts.Insert(ctx, &con); err != nil {
					return err
				}
				o := pact.Obligation{ID: pact.ObligationID("obl_" + unit), BusinessUnit: unit, ContractID: con.ID, Key: "report", Kind: "recurring_duty", Title: "Report of " + unit}
				if err := tx.Obligations.Insert(ctx, &o); err != nil {
					return err
				}
				n := pact.Notification{
					ID: pact.NewID[pact.NotificationID]("ntf", tx.Now.Add(time.Duration(i)*time.Second)), BusinessUnit: "north", Channel: "email", Recipient: "ow@example.com", Subject: "Check-in missed", State: "sent", Key: id,
					ContractID: con.ID, ObligationID: o.ID, DueOn: "2026-02-27", CheckIn: pact.CheckInOverdue,
				}
				if err := tx.Notifications.Insert(ctx, &n); err != nil {
					return err
				}
			}
			return nil
		})
		key := h.Key(t, pact.Viewer, "north")
		a := send(t, h, key, http.MethodGet, "/api/v1/check-in-mails", nil)
		var page struct {
			Items []struct {
				Mail          pact.Notification
				Obligation    string
				ContractTitle string `json:"contract_title"`
				Customer      string
			}
		}
		a.into(t, &page)
		if a.status != http.StatusOK || len(page.Items) != 2 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		for _, row := range page.Items {
			want := map[string][3]string{"con_north": {"Report of north", "Agreement of north", "Acme north"}, "con_south": {}}[string(row.Mail.ContractID)]
			if got := [3]string{row.Obligation, row.ContractTitle, row.Customer}; got != want {
				t.Errorf("%s: %q, want %q", row.Mail.ContractID, got, want)
			}
		}
		if a = send(t, h, key, http.MethodGet, "/api/v1/check-in-mails?check_in=answered", nil); a.status != http.StatusOK {
			t.Errorf("an empty list: %d %s", a.status, a.body)
		}
	})
}
