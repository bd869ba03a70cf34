package insight_test

import (
	"context"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func TestTheTimelineSaysInWordsWhatWasWrittenWhere(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	conn := h.Connection(t, "north", "Our CRM")
	con := pact.Contract{BusinessUnit: "north", State: pact.ContractActive, Title: "Support", SourceKey: "one"}
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		con.ID = pact.NewID[pact.ContractID]("con", tx.Now)
		con.FamilyID = con.ID
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		for i, a := range []pact.Action{
			{Kind: "upsert_by_key", Object: "Contract_Obligation__c", State: pact.ActionDone, Fields: map[string]any{"Name": "Response to P1 incidents"}},
			{Kind: "upsert_by_key", Object: "Contract_Obligation__c", State: pact.ActionDenied, Fields: map[string]any{"Name": "Notice before the renewal"}},
			{Kind: "update_fields", Object: "Opportunity", State: pact.ActionPending, Fields: map[string]any{"Auto_Renew__c": true}},
			{Kind: "needs_review_flag", Object: "Opportunity", State: pact.ActionUnmapped, Fields: map[string]any{connector.NeedsReview: true}},
			{Kind: "add_comment", Object: "incident", ExternalID: "INC0012345", State: pact.ActionUnavailable, Fields: map[string]any{"comments": "breached"}},
		} {
			a.BusinessUnit, a.ContractID, a.ConnectionID, a.Key = "north", con.ID, conn.ID, "key "+string(rune('a'+i))
			if err := tx.Actions.Insert(ctx, &a); err != nil {
				return err
			}
		}
		return nil
	})
	moments, err := insight.New(insight.Config{Store: h.Store, Now: apitest.Start}).Timeline(storetest.As(t, pact.Viewer, "north"), con.ID)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, m := range moments {
		said = append(said, m.Title)
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{
		"Written to Our CRM: Response to P1 incidents (Contract Obligation)", "Not allowed by Our CRM: Notice before the renewal (Contract Obligation)", "Waits to be written to Our CRM: the terms (Opportunity)",
		"No place in Our CRM is known: the mark that it is under review (Opportunity)", "Given up, because Our CRM did not answer: a comment (incident INC0012345)",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not said, but:\n%s", want, all)
		}
	}
}
