package respond_test

import (
	"context"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func TestWhatIsToBeDoneIsToldAsATaskAndIsNoCredit(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			u := pact.User{ID: "usr_owner", Email: "owner@example.com", Name: "Owner", Role: pact.Viewer, Units: []string{"north"}}
			return tx.Users.Insert(ctx, &u)
		})
		clm := h.Connection(t, "north", "clm")
		f := answer(t, h, open(t, h, "25000.00", func(con *pact.Contract, f *pact.Finding) {
			con.Source = &pact.RecordRef{ConnectionID: clm.ID, ExternalID: "rec_1"}
			f.Kind, f.Severity, f.Title, f.ObligationID = "milestone", "info", "Invoice 25000.00 USD for Go-live", "obl_mile"
			f.Assessment.Status, f.Assessment.EndedAt = pact.Met, h.Clock.Now()
		}))
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			o := pact.Obligation{ID: "obl_mile", BusinessUnit: "north", ContractID: f.ContractID, Key: "milestone", Kind: "milestone"}
			return tx.Obligations.Insert(ctx, &o)
		})
		n := apitest.One(t, h.Store.Reads().Notifications)
		if f.Credit != pact.CreditNone || len(apitest.All(t, h.Store.Reads().Approvals)) != 0 || n.Subject != "To do: Invoice 25000.00 USD for Go-live" || !strings.Contains(n.Body, "To invoice: 25000.00 USD") || strings.Contains(n.Body, "Credit") {
			t.Fatalf("credit %q; %s\n%s", f.Credit, n.Subject, n.Body)
		}
		for _, kind := range []string{"waive", "confirm", "close"} {
			if _, err := h.Respond.Decide(storetest.As(t, pact.Viewer, "north"), f.ID, kind, "why", f.Revision); !fault.Is(err, fault.Denied) {
				t.Errorf("%s by somebody else: %v", kind, err)
			}
		}
		owner := pact.WithActor(t.Context(), pact.Actor{Kind: "person", ID: "usr_owner", Role: pact.Viewer, Units: []string{"north"}})
		if _, err := h.Respond.Decide(owner, f.ID, "waive", "why", f.Revision); !fault.Is(err, fault.Denied) {
			t.Errorf("the owner waives: %v", err)
		}
		done, err := h.Respond.Decide(owner, f.ID, "close", "INV-7", f.Revision)
		if err != nil || done.State != pact.FindingClosed {
			t.Fatalf("the owner says that it is done: %s, %v", done.State, err)
		}
		answer(t, h, done)
		if all := apitest.All(t, h.Store.Reads().Notifications); len(all) != 1 {
			t.Errorf("%d mails; what is done is not told", len(all))
		}
		statuses := map[any]any{}
		for _, a := range apitest.All(t, h.Store.Reads().Actions) {
			statuses[a.Fields["name"]] = a.Fields["status"]
		}
		if len(statuses) != 1 || statuses["Invoice 25000.00 USD for Go-live"] != "Completed" {
			t.Errorf("the task there: %v", statuses)
		}
	})
}
