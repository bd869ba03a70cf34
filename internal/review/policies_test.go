package review_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func admin(t *testing.T, id, kind string, units ...string) context.Context {
	t.Helper()
	if len(units) == 0 {
		units = []string{"*"}
	}
	return pact.WithActor(t.Context(), pact.Actor{ID: id, Kind: kind, Role: pact.Admin, Units: units})
}

const limits = `{"credit_limits":[{"value":"5","currency":"USD"}]}`

func TestTheApprovalLimitChangesOnlyWithASecondAdministrator(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		propose := func(ctx context.Context) pact.Policy {
			t.Helper()
			p, err := h.Review.SetPolicy(ctx, "approval", json.RawMessage(limits), "because")
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		inForce := func() int {
			t.Helper()
			active := apitest.All(t, h.Store.Reads().Policies, store.Eq("kind", "approval"), store.Eq("active", true))
			if len(active) > 1 {
				t.Fatalf("%d versions are in force", len(active))
			}
			if len(active) == 0 {
				return 0
			}
			return active[0].Version
		}
		anna, bert := admin(t, "usr_anna", "person"), admin(t, "usr_bert", "person")
		first := propose(anna)
		if first.State != pact.PolicyProposed || first.Active || inForce() != 0 {
			t.Fatalf("proposed: %+v, version %d in force", first, inForce())
		}
		for name, ctx := range map[string]context.Context{
			"who proposed it":              anna,
			"an API key":                   admin(t, "key_1", "key"),
			"the system":                   storetest.System(t),
			"an administrator of one unit": admin(t, "usr_bert", "person", "north"),
			"an approver":                  storetest.As(t, pact.Approver, "*"),
		} {
			if _, err := h.Review.DecidePolicy(ctx, first.ID, "approve", "", first.Revision); !fault.Is(err, fault.Denied) || inForce() != 0 {
				t.Errorf("%s confirms: %v, version %d in force", name, err, inForce())
			}
		}
		if _, err := h.Review.SetPolicy(admin(t, "key_1", "key"), "approval", json.RawMessage(limits), ""); !fault.Is(err, fault.Denied) {
			t.Errorf("an API key proposes: %v", err)
		}
		if _, err := h.Review.DecidePolicy(bert, first.ID, "maybe", "", first.Revision); !fault.Is(err, fault.Invalid) {
			t.Errorf("maybe: %v", err)
		}
		if _, err := h.Review.DecidePolicy(bert, first.ID, "approve", "", first.Revision+1); !fault.Is(err, fault.Conflict) {
			t.Errorf("of another revision: %v", err)
		}
		got, err := h.Review.DecidePolicy(bert, first.ID, "approve", "agreed", first.Revision)
		if err != nil || !got.Active || got.DecidedBy != "usr_bert" || got.Reason != "agreed" || inForce() != 1 {
			t.Fatalf("confirmed: %+v, %v, version %d in force", got, err, inForce())
		}
		if _, err := h.Review.DecidePolicy(bert, first.ID, "refuse", "", got.Revision); !fault.Is(err, fault.Conflict) {
			t.Errorf("decided twice: %v", err)
		}
		second := propose(bert)
		third := propose(bert) // takes the place of the second
		if _, err := h.Review.DecidePolicy(anna, second.ID, "approve", "", second.Revision); !fault.Is(err, fault.Conflict) || inForce() != 1 {
			t.Errorf("the replaced proposal is confirmed: %v", err)
		}
		if got, err := h.Review.DecidePolicy(bert, third.ID, "refuse", "taken back", third.Revision); err != nil || got.State != pact.PolicyRefused || inForce() != 1 {
			t.Errorf("taken back: %+v %v", got, err)
		}
		fourth := propose(bert)
		if _, err := h.Review.DecidePolicy(anna, fourth.ID, "approve", "", fourth.Revision); err != nil || inForce() != 4 {
			t.Errorf("%v, version %d in force", err, inForce())
		}
	})
}

// published is a contract of the type "support" whose version was published under the policy in force.
func published(t *testing.T, h *apitest.House) pact.Contract {
	t.Helper()
	var con pact.Contract
	if rev := read(t, h, &con, nil, sure()...); rev.State != pact.ReviewFinished {
		t.Fatalf("the review is %s", rev.State)
	}
	return apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID))
}

func phases(assigned string) string {
	return `{"threshold":"0.85","first_n":0,"value_limits":[],"named_fields":[],"phases":{"default":"assisted","support":"` + assigned + `"}}`
}

func TestAnotherPhaseHoldsForLaterWritesAsARecordedDecision(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Connection(t, "north", "CRM")
		h.Fake.Set(func(f *apitest.Fake) {
			f.Accounts = []connector.MatchCandidate{{Object: "Account", ExternalID: "A1", Name: "Acme Corp"}}
		})
		h.Work(t)
		policy(t, h, phases("assisted"))
		con := published(t, h)
		h.Settle(t)
		written := func(field string) (n int) {
			for _, a := range h.Fake.Written() {
				if _, ok := a.Fields[field]; ok {
					n++
				}
			}
			return n
		}
		if con.Phase != "assisted" || written("Effective") != 0 || written("Summary") == 0 {
			t.Fatalf("assisted: phase %s, %+v", con.Phase, h.Fake.Written())
		}
		policy(t, h, phases("full"))
		h.Settle(t)
		if got := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID)); got.Phase != "full" || written("Effective") != 1 {
			t.Errorf("promoted: phase %s, %d writes of a core field", got.Phase, written("Effective"))
		}
		d := apitest.One(t, h.Store.Reads().Decisions, store.Eq("contract_id", con.ID), store.Eq("kind", "phase"))
		if d.PolicyVersion != 2 || !strings.Contains(d.Reason, "from assisted to full") || !strings.Contains(d.Reason, "readings") {
			t.Errorf("recorded: %+v", d)
		}
		// The same policy again, and the job of an earlier version, change nothing.
		writes := len(h.Fake.Written())
		for _, version := range []int{1, 2} {
			if err := h.Review.ApplyPhases(storetest.System(t), job.ApplyPhases{Version: version}); err != nil {
				t.Fatal(err)
			}
		}
		h.Settle(t)
		if n := len(apitest.All(t, h.Store.Reads().Decisions, store.Eq("kind", "phase"))); n != 1 || len(h.Fake.Written()) != writes {
			t.Errorf("again: %d decisions, %d writes", n, len(h.Fake.Written())-writes)
		}
	})
}

// Back to an earlier phase while the CRM is away: what waits there is no longer wanted, and comes back with the phase.
func TestFallingBackWithdrawsWhatWasNotWrittenYet(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Connection(t, "north", "CRM")
	h.Fake.Set(func(f *apitest.Fake) {
		f.Accounts = []connector.MatchCandidate{{Object: "Account", ExternalID: "A1", Name: "Acme Corp"}}
	})
	policy(t, h, phases("full"))
	con := published(t, h)
	step := func(version int) {
		t.Helper()
		ctx := storetest.System(t)
		if err := h.Review.ApplyPhases(ctx, job.ApplyPhases{Version: version}); err != nil {
			t.Fatal(err)
		}
		if err := h.Exchange.PlanWrites(ctx, job.PlanWrites{ContractID: con.ID, Version: 1}); err != nil {
			t.Fatal(err)
		}
	}
	waiting := func() (core int) {
		for _, a := range apitest.All(t, h.Store.Reads().Actions, store.Eq("state", "pending")) {
			if _, ok := a.Fields["Effective"]; ok {
				core++
			}
		}
		return core
	}
	step(1)
	if waiting() != 1 {
		t.Fatalf("full: %d core writes wait", waiting())
	}
	policy(t, h, phases("assisted"))
	step(2)
	if waiting() != 0 {
		t.Errorf("assisted: %d core writes wait", waiting())
	}
	policy(t, h, phases("full"))
	step(3)
	if waiting() != 1 {
		t.Errorf("full again: %d core writes wait", waiting())
	}
}

// The phase is the one of the day a version is published, not of the day its review was opened.
func TestAReviewUnderWayIsPublishedInThePhaseOfTheDay(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	policy(t, h, phases("assisted"))
	var con pact.Contract
	rev := read(t, h, &con, []string{"tracked changes"}, sure()...)
	policy(t, h, phases("conditional"))
	reviewer := storetest.As(t, pact.Reviewer, "north")
	for _, c := range apitest.All(t, h.Store.Reads().Candidates, store.Eq("review_id", rev.ID)) {
		if c.State == pact.CandidateOpen {
			if _, err := h.Review.Decide(reviewer, c.ID, review.Choice{Kind: "accept", Revision: c.Revision}); err != nil {
				t.Fatal(err)
			}
		}
	}
	rev = apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", rev.ID))
	if _, err := h.Review.Finish(reviewer, rev.ID, rev.Revision); err != nil {
		t.Fatal(err)
	}
	if got := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID)); got.Phase != "conditional" {
		t.Errorf("published in phase %s", got.Phase)
	}
}
