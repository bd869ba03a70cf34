package review_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// zoneless is a promise that can not be judged before somebody says whose months count.
func zoneless() pact.Candidate {
	c := duty("availability", "0.99")
	c.Obligation.Kind, c.Obligation.Title = "availability", "Keep the cloud up"
	c.Obligation.Params = json.RawMessage(`{"service":"Cloud","target":"99.9","zone":""}`)
	c.Label = c.Obligation.Title
	return c
}

// The promise asked nothing, because a term said the zone. The term is rejected: without it the register would have a promise that is
// never judged, and nobody was asked.
func TestWhatARejectedTermLeavesOpenIsAskedBeforeItIsPublished(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, lenient)
		for name, change := range map[string]review.Choice{"rejected": {Kind: "reject", Reason: "Wrong value"}, "corrected to what is no zone": {Kind: "correct", Value: new(pact.Text("the usual one"))}} {
			con := pact.Contract{}
			rev := read(t, h, &con, nil, append(sure(), zoneless(), term("zone", pact.Text("Europe/Paris"), "0.3"))...)
			if c := candidate(t, h, rev, "availability"); c.State != pact.CandidateAccepted {
				t.Fatalf("%s: the promise is %s", name, c.State)
			}
			decide(t, h, rev, "zone", change)
			_, err := finishNow(storetest.System(t), t, h, rev)
			if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "Keep the cloud up") || !strings.Contains(err.Error(), "Whose calendar month counts?") {
				t.Fatalf("%s: %v", name, err)
			}
			zone := pact.Text("America/New_York")
			decide(t, h, rev, "zone", review.Choice{Kind: "correct", Value: &zone})
			if _, err := finishNow(storetest.System(t), t, h, rev); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", con.ID), store.Eq("key", "availability"))
			if !strings.Contains(string(o.Params), "America/New_York") {
				t.Errorf("%s: published with %s", name, o.Params)
			}
		}
	})
}

// What is asked of a promise is answered where the reviewer gives the term that says it.
func TestATermThatIsGivenAnswersWhatAnObligationLacks(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, lenient)
		asks := zoneless()
		asks.Ambiguities = []pact.Ambiguity{{Code: "zone", Question: "Whose calendar month counts? Name the time zone in which it begins and ends, such as America/New_York."}}
		asks.Obligation.Ambiguities = asks.Ambiguities
		zone := term("zone", pact.Text("Europe/Paris"), "0.3")
		zone.Verification = pact.Unverified
		con := pact.Contract{}
		rev := read(t, h, &con, nil, append(sure(), asks, zone)...)
		if err := accept(storetest.System(t), t, h, rev, "availability", review.Choice{Kind: "accept"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("accepted before it was answered: %v", err)
		}
		if err := accept(storetest.System(t), t, h, rev, "zone", review.Choice{Kind: "accept"}); err != nil {
			t.Fatal(err)
		}
		if err := accept(storetest.System(t), t, h, rev, "availability", review.Choice{Kind: "accept"}); err != nil {
			t.Fatalf("the zone was decided, and is asked: %v", err)
		}
		if d := apitest.One(t, h.Store.Reads().Decisions, store.Eq("candidate_id", candidate(t, h, rev, "availability").ID)); d.Reason != "Time zone was decided: Europe/Paris" {
			t.Errorf("the decision says %q", d.Reason)
		}
		publish(t, h, rev)
		if o := live(t, h, con.ID)["availability"]; !strings.Contains(string(o.Params), "Europe/Paris") || len(o.Ambiguities) > 0 {
			t.Errorf("published with %s, asking %v", o.Params, o.Ambiguities)
		}
	})
}
