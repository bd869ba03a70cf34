package review_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
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
		if got := asked(review.Precedent{Unit: "north"}); len(got) != 1 || got[0].Obligation == nil || got[0].Obligation.Key != "resolution_time/P1" {
			t.Errorf("obligations: %+v", got)
		}
		for name, p := range map[string]review.Precedent{
			"what was rejected": {Unit: "north", Term: "renewal_term"}, "what the policy accepted or nobody decided": {Unit: "north", Term: "title"},
			"another unit": {Unit: "south", Term: "term"}, "the contract itself": {Unit: "north", Not: con.ID, Term: "term"},
		} {
			if got := asked(p); len(got) != 0 {
				t.Errorf("%s: %+v", name, got)
			}
		}
	})
}
