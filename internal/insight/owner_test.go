package insight_test

import (
	"context"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func TestAnOwnerWhomNobodyHereKnowsIsMarked(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			for _, u := range []pact.User{{Email: "Kim@halden.example", Name: "Kim", Role: pact.Viewer}, {Email: "left@halden.example", Name: "Lee", Role: pact.Viewer, Disabled: true}} {
				u.ID = pact.NewID[pact.UserID]("usr", tx.Now)
				if err := tx.Users.Insert(ctx, &u); err != nil {
					return err
				}
			}
			con := pact.Contract{ID: pact.NewID[pact.ContractID]("con", tx.Now), BusinessUnit: "north", State: pact.ContractActive, Title: "Support", SourceKey: "one"}
			con.FamilyID = con.ID
			if err := tx.Contracts.Insert(ctx, &con); err != nil {
				return err
			}
			for _, owner := range []string{"", "kim@halden.example", "left@halden.example", "who@elsewhere.example"} {
				o := pact.Obligation{ID: pact.NewID[pact.ObligationID]("obl", tx.Now), BusinessUnit: "north", ContractID: con.ID, Key: "k/" + owner, Kind: "recurring_duty", Title: "Report", Owner: owner}
				if err := tx.Obligations.Insert(ctx, &o); err != nil {
					return err
				}
			}
			return nil
		})
		p, err := h.Insight.Register(storetest.As(t, pact.Viewer, "north"), insight.DutyFilter{}, 10, "") // who may not see users is told all the same
		if err != nil || len(p.Items) != 4 {
			t.Fatalf("%+v %v", p.Items, err)
		}
		for _, d := range p.Items {
			if want := d.Owner == "left@halden.example" || d.Owner == "who@elsewhere.example"; d.UnknownOwner != want {
				t.Errorf("%q is unknown: %v, want %v", d.Owner, d.UnknownOwner, want)
			}
		}
	})
}
