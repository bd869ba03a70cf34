package respond_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/respond"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// escalate makes an escalation policy that tells the lead after 4 hours and the head after 24.
func escalate(t *testing.T, h *apitest.House) {
	t.Helper()
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		body := json.RawMessage(`{"levels":[{"after_hours":4,"to":"lead@example.com"},{"after_hours":24,"to":"head@example.com"}]}`)
		p := pact.Policy{ID: pact.NewID[pact.PolicyID]("pol", tx.Now), Kind: "escalation", Version: 1, Active: true, State: pact.PolicyActive, Body: body}
		return tx.Policies.Insert(ctx, &p)
	})
}

func told(t *testing.T, h *apitest.House, f pact.Finding) []string {
	t.Helper()
	var out []string
	for _, n := range apitest.All(t, h.Store.Reads().Notifications, store.Eq("finding_id", f.ID)) {
		if strings.HasPrefix(n.Subject, "Escalated") {
			out = append(out, n.Recipient)
		}
	}
	slices.Sort(out)
	return out
}

func TestWhatNobodyAnswersEscalatesLevelByLevel(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		escalate(t, h)
		f := answer(t, h, open(t, h, ""))
		begin := f.CreatedAt
		after := func(hours int, want ...string) {
			t.Helper()
			h.Fire(t, begin.Add(time.Duration(hours)*time.Hour))
			if got := told(t, h, f); !slices.Equal(got, want) {
				t.Errorf("after %d hours %v are told, want %v", hours, got, want)
			}
		}
		after(3)
		after(5, "lead@example.com")
		if err := h.Respond.Escalate(storetest.System(t), job.Escalate{FindingID: f.ID}); err != nil {
			t.Fatal(err)
		}
		after(23, "lead@example.com") // each level once
		after(25, "head@example.com", "lead@example.com")
		after(300, "head@example.com", "lead@example.com")
	})
}

// A policy is no verdict on what lay there before it: neither at once, nor when such a finding is corrected.
func TestAFindingFromBeforeThePolicyDoesNotEscalateWhenItIsCorrected(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		old := answer(t, h, open(t, h, "100.00"))
		h.Clock.Set(old.CreatedAt.Add(10 * time.Hour))
		escalate(t, h)
		correct(t, h, old, "90.00")
		answer(t, h, old)
		if err := h.Respond.Escalate(storetest.System(t), job.Escalate{FindingID: old.ID}); err != nil {
			t.Fatal(err)
		}
		h.Fire(t, old.CreatedAt.Add(100*time.Hour))
		if got := told(t, h, old); len(got) != 0 {
			t.Errorf("of a finding from before the policy %v are told", got)
		}
	})
}

func TestADecisionEndsTheEscalation(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		escalate(t, h)
		f := answer(t, h, open(t, h, ""))
		h.Fire(t, f.CreatedAt.Add(5*time.Hour))
		f = current(t, h, f)
		if _, err := h.Respond.Decide(person(t, "usr_2", pact.Reviewer), f.ID, "confirm", "", f.Revision); err != nil {
			t.Fatal(err)
		}
		h.Fire(t, f.CreatedAt.Add(100*time.Hour))
		if got := told(t, h, f); !slices.Equal(got, []string{"lead@example.com"}) {
			t.Errorf("somebody looks after it, and %v are told", got)
		}
	})
}

func TestNothingEscalatesUnlessItIsConfigured(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := answer(t, h, open(t, h, ""))
		h.Fire(t, f.CreatedAt.Add(1000*time.Hour))
		if got := told(t, h, f); len(got) != 0 {
			t.Errorf("without a policy %v are told", got)
		}
	})
}

func TestTheEscalationPolicy(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"levels":[{"after_hours":4,"to":"nobody"}]}`:                                                                       "no e-mail address",
		`{"levels":[{"after_hours":0,"to":"a@example.com"}]}`:                                                                "out of range",
		`{"levels":[{"after_hours":4,"to":"a@example.com"},{"after_hours":4,"to":"b@example.com"}]}`:                         "later than the one before",
		`{"levels":[{"after_hours":4,"to":"a@example.com","severities":["catastrophe"]}]}`:                                   "use breach, at_risk, variance, info or check_in",
		`{"levels":[{"after_hours":4,"to":"a@example.com","severities":["breach","at_risk","variance","info","check_in"]}]}`: "",
		`{}`:                "",
		`[]`:                "must be an object, and is a list",
		`null`:              "must be an object, and is null",
		``:                  "empty",
		`{"levels":[null]}`: "levels[0]: This must be an object, and is null.",
		`{"level":[]}`:      "level: This is not known here; perhaps levels is meant.",
		`{"levels":[{"after_hours":"4","to":"a@example.com"}]}`:         `levels[0].after_hours: This must be a whole number, and is "4".`,
		`{"levels":[{"after_hours":4,"to":"a@example.com","who":"b"}]}`: "levels[0].who: This is not known here",
	} {
		_, err := respond.ParsePath([]byte(body))
		f := fault.Of(err)
		if (want == "") != (err == nil) || f != nil && !strings.Contains(f.Message, want) {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
	}
}

func TestAStepThatWouldTellNobodyIsRefused(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		for _, email := range []string{"lead@example.com", "left@example.com"} {
			if _, err := h.Gate.AddUser(storetest.System(t), auth.NewUser{Email: email, Name: "N", Role: pact.Viewer, Units: []string{"*"}, Password: "a long password"}); err != nil {
				t.Fatal(err)
			}
		}
		left, yes := apitest.One(t, h.Store.Reads().Users, store.Eq("email", "left@example.com")), true
		if _, err := h.Gate.ChangeUser(storetest.System(t), left.ID, auth.UserChange{Disabled: &yes, Revision: left.Revision}); err != nil {
			t.Fatal(err)
		}
		for to, want := range map[string]string{"Lead@Example.com": "", "nobody@example.com": "nobody here", "left@example.com": "may not sign in"} {
			err := h.Respond.CheckPath(storetest.As(t, pact.Admin, "*"), []byte(`{"levels":[{"after_hours":4,"to":"`+to+`"}]}`))
			f := fault.Of(err)
			if (want == "") != (err == nil) || f != nil && (!strings.Contains(f.Message, want) || f.Details[0].Field != "levels[0].to") {
				t.Errorf("%s: %v, want %q", to, err, want)
			}
		}
	})
}

func TestTheOwnerOfAnObligationIsToldAndNotThatOfTheContract(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := open(t, h, "", func(con *pact.Contract, f *pact.Finding) { f.ObligationID = pact.ObligationID("obl_" + string(con.ID)) })
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			return tx.Obligations.Insert(ctx, &pact.Obligation{ID: f.ObligationID, BusinessUnit: "north", ContractID: f.ContractID, Key: "availability", Kind: "availability", Owner: "own@example.com"})
		})
		answer(t, h, f)
		n := apitest.One(t, h.Store.Reads().Notifications, store.Eq("finding_id", f.ID))
		if n.Recipient != "own@example.com" {
			t.Errorf("%s is told", n.Recipient)
		}
	})
}
