package review_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// What people accepted or corrected in one contract is a precedent for others of its unit, with the value and the passage
// they decided on.
func TestPrecedentsAreWhatPeopleDecided(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := pact.Contract{}
		rev := read(t, h, &con, nil, append(sure(), term("governing_law", pact.Text("England"), "0.7"), term("notice_period", pact.Lasting(30, "day"), "0.7"),
			term("term", pact.Lasting(1, "year"), "0.7"), term("renewal_term", pact.Lasting(1, "year"), "0.7"), duty("resolution_time/P1", "0.7"), duty("resolution_time/P2", "0.7"))...)
		ctx := storetest.As(t, pact.Reviewer, "north")
		wales, sixty := pact.Text("Wales"), pact.Lasting(60, "day")
		for name, ch := range map[string]review.Choice{
			"governing_law":      {Kind: "correct", Value: &wales},
			"notice_period":      {Kind: "correct", Value: &sixty, Evidence: quote("sixty days")},
			"term":               {Kind: "accept"},
			"renewal_term":       {Kind: "reject"},
			"resolution_time/P1": {Kind: "accept"},
		} {
			c := candidate(t, h, rev, name)
			ch.Revision = c.Revision
			if _, err := h.Review.Decide(ctx, c.ID, ch); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		asked := func(p review.Precedent) []pact.Candidate {
			t.Helper()
			out, err := h.Review.Accepted(storetest.System(t), p)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		for name, want := range map[string][2]string{"governing_law": {"Wales", "governing_law as written"}, "notice_period": {"60 days", "sixty days"}, "term": {"1 year", "term as written"}} {
			got := asked(review.Precedent{Unit: "north", Term: name})
			if len(got) != 1 || got[0].Value.String() != want[0] || got[0].Evidence[0].Passage.Quote != want[1] || got[0].DocumentID == "" || got[0].ContractID != con.ID {
				t.Errorf("%s: %+v", name, got)
			}
		}
		if got := asked(review.Precedent{Unit: "north", Kind: "resolution_time"}); len(got) != 1 || got[0].Obligation == nil || got[0].Obligation.Key != "resolution_time/P1" {
			t.Errorf("obligations: %+v", got)
		}
		for name, p := range map[string]review.Precedent{
			"what was rejected": {Unit: "north", Term: "renewal_term"}, "what the policy accepted or nobody decided": {Unit: "north", Term: "title"},
			"another kind of obligation": {Unit: "north", Kind: "resolution"}, "another unit": {Unit: "south", Term: "term"}, "the contract itself": {Unit: "north", Not: con.ID, Term: "term"},
		} {
			if got := asked(p); len(got) != 0 {
				t.Errorf("%s: %+v", name, got)
			}
		}
	})
}

// However often one kind of obligation was decided on since, a rare one has its precedents.
func TestARareKindOfObligationHasItsPrecedents(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		err := h.Store.Change(storetest.System(t), store.Act{Name: "test.seed"}, func(ctx context.Context, tx store.Tx) error {
			for i := range 320 {
				o := &pact.Obligation{Kind: "payment", Key: fmt.Sprintf("payment-%d", i), Title: "Pay"}
				state := pact.CandidateAccepted
				if i == 0 {
					o = &pact.Obligation{Kind: "audit_right", Key: "audit_right/books", Title: "Open the books"}
				}
				c := pact.Candidate{ID: pact.NewID[pact.CandidateID]("can", tx.Now.Add(time.Duration(i)*time.Second)), BusinessUnit: "north", ContractID: "con_1", ReviewID: "rev_1", DocumentID: "doc_1", Subject: "obligation", Name: o.Key, Obligation: o, Evidence: quote("as written"), State: state, DecidedBy: "usr_1"}
				if i%2 == 1 {
					c.State, c.DecidedObligation = pact.CandidateCorrected, o
				}
				if err := tx.Candidates.Insert(ctx, &c); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		rare, err := h.Review.Accepted(storetest.System(t), review.Precedent{Unit: "north", Kind: "audit_right"})
		if err != nil || len(rare) != 1 || rare[0].Name != "audit_right/books" {
			t.Errorf("%d, %v", len(rare), err)
		}
		many, err := h.Review.Accepted(storetest.System(t), review.Precedent{Unit: "north", Kind: "payment"})
		if err != nil || len(many) != 300 || many[0].Name != "payment-319" || many[1].Name != "payment-318" || many[299].Name != "payment-20" {
			t.Errorf("%d, %v", len(many), err)
		}
	})
}
