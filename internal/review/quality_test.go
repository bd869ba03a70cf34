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

func by(c pact.Candidate, extractor string) pact.Candidate { c.Extractor = extractor; return c }

func decide(t *testing.T, h *apitest.House, rev pact.Review, name string, ch review.Choice) {
	t.Helper()
	c := candidate(t, h, rev, name)
	ch.Revision = c.Revision
	if _, err := h.Review.Decide(storetest.System(t), c.ID, ch); err != nil {
		t.Fatal(err)
	}
}

func TestQualityIsWhatPeopleDecided(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, `{"threshold":"0.85","first_n":5,"value_limits":[],"named_fields":["governing_law"],"phases":{}}`)
		law := func(place, extractor string, rivals ...pact.Candidate) pact.Candidate {
			c := by(term("governing_law", pact.Text(place), "0.7"), extractor)
			c.Rivals = rivals
			return c
		}
		kansas := pact.Text("Kansas")
		one := 0
		for _, c := range []struct {
			candidate pact.Candidate
			choice    review.Choice
		}{
			{law("Ohio", "grammar/1+llm/a"), review.Choice{Kind: "accept"}},
			{law("Ohio", "grammar/1", law("Utah", "llm/a")), review.Choice{Kind: "accept"}},
			{law("Ohio", "grammar/1", law("Utah", "llm/a")), review.Choice{Kind: "accept", Rival: &one}},
			{law("Ohio", "grammar/1", law("Kansas", "llm/a")), review.Choice{Kind: "correct", Value: &kansas}},
			{law("Ohio", "llm/b"), review.Choice{Kind: "reject"}},
		} {
			rev := read(t, h, &pact.Contract{}, nil, append(sure(), c.candidate)...)
			decide(t, h, rev, "governing_law", c.choice)
		}
		rev := read(t, h, &pact.Contract{}, nil, append(sure(), by(duty("resolution_time/P1", "0.99"), "llm/a"))...)
		decide(t, h, rev, "resolution_time/P1", review.Choice{Kind: "accept"})
		rev = read(t, h, &pact.Contract{}, nil, append(sure(), by(duty("resolution_time/P1", "0.99"), "llm/b"), by(duty("resolution_time/P2", "0.99"), "llm/b"))...)
		decide(t, h, rev, "resolution_time/P1", review.Choice{Kind: "reject", NotTracked: true})
		decide(t, h, rev, "resolution_time/P2", review.Choice{Kind: "reject"})
		scores, err := h.Review.Quality(storetest.System(t))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range scores {
			got = append(got, strings.Join([]string{s.Field, s.ContractType, s.Extractor, s.Accuracy.String()}, " "))
		}
		want := "resolution_time support llm/a 1; resolution_time support llm/b 0.5; governing_law support grammar/1 0.5; governing_law support llm/a 0.75; governing_law support llm/b 0"
		if strings.Join(got, "; ") != want {
			t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), want)
		}
	})
}

func TestANewExtractorVersionStartsTheFirstHundredAgain(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	policy(t, h, `{"threshold":"0.85","first_n":2,"value_limits":[],"named_fields":[],"phases":{}}`)
	held := func(extractor string) bool {
		rev := read(t, h, &pact.Contract{}, nil, append(sure(), by(duty("resolution_time/P1", "0.99"), extractor))...)
		c := candidate(t, h, rev, "resolution_time/P1")
		if len(c.Reasons) == 0 {
			return false
		}
		decide(t, h, rev, "resolution_time/P1", review.Choice{Kind: "accept"})
		return true
	}
	for _, extractor := range []string{"grammar/1", "grammar/2", "grammar/1+llm/1.prompt-1.privacy-abc.m", "grammar/1+llm/1.prompt-2.privacy-abc.m", "grammar/2+llm/1.prompt-2.privacy-abc.m"} {
		for i, want := range []bool{true, true, false, false} {
			if got := held(extractor); got != want {
				t.Errorf("%s, number %d: held %v", extractor, i+1, got)
			}
		}
	}
	if held("grammar/1") {
		t.Error("a version that comes back had its first decisions already")
	}
}

// Two bad versions in a row: the second rollback goes on to the last good one, and not back to what the first one left.
func TestEachRollbackGoesOneStepFurtherBack(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		admin := storetest.System(t)
		promote := func(model string) {
			if _, err := h.Review.Promote(admin, review.Promotion{Kind: "engines", Body: json.RawMessage(`{"model":"` + model + `"}`), Reason: "tried without labels"}); err != nil {
				t.Fatal(err)
			}
		}
		back := func(want, of string) {
			p, err := h.Review.Rollback(admin, "engines", json.RawMessage(`{"model":"shipped"}`), "worse")
			if err != nil || string(p.Body) != `{"model":"`+want+`"}` || !p.Active || !strings.Contains(p.Note, "Rolled back "+of+".") {
				t.Fatalf("wanted %s %s, got %+v, %v", want, of, p, err)
			}
		}
		promote("good")  // 1
		promote("bad")   // 2
		promote("worse") // 3
		back("bad", "from version 3 to version 2")
		back("good", "from version 4 to version 1")
		promote("next") // 6
		back("good", "from version 6 to version 5")
		back("shipped", "from version 7 to version 0")
		if _, err := h.Review.Rollback(admin, "engines", json.RawMessage(`{}`), "worse"); !fault.Is(err, fault.Conflict) {
			t.Errorf("before the shipped default there is nothing: %v", err)
		}
		promote("new") // 9
		back("shipped", "from version 9 to version 8")
	})
}

func TestPromotionNeedsAVerdictAndRollbackIsOneStep(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		admin := storetest.System(t)
		active := func() string {
			p, err := h.Store.Reads().Policies.One(admin, store.Where(store.Eq("kind", "engines"), store.Eq("active", true)))
			if fault.Is(err, fault.NotFound) {
				return "none"
			}
			if err != nil {
				t.Fatal(err)
			}
			return string(p.Body)
		}
		promote := func(body string, v *review.Verdict, reason string) error {
			_, err := h.Review.Promote(admin, review.Promotion{Kind: "engines", Body: json.RawMessage(body), Note: "n", Verdict: v, Reason: reason})
			return err
		}
		good := &review.Verdict{NoWorse: true, Report: json.RawMessage(`{"tolerance":"0.01"}`)}
		if err := promote(`{"llm":true}`, nil, ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("without verdict or reason: %v", err)
		}
		err := promote(`{"llm":true}`, &review.Verdict{Regressions: []string{"governing_law of nda fell from 0.9 to 0.7"}}, "")
		if f := fault.Of(err); f == nil || f.Kind != fault.Conflict || len(f.Details) != 1 || active() != "none" {
			t.Errorf("a regression: %v, active %s", err, active())
		}
		if err := promote(`{"llm":true}`, good, ""); err != nil || active() != `{"llm":true}` {
			t.Fatalf("%v, active %s", err, active())
		}
		if err := promote(`{"llm":true,"prompt":"1"}`, nil, "the provider retires the old one"); err != nil || active() != `{"llm":true,"prompt":"1"}` {
			t.Fatalf("%v, active %s", err, active())
		}
		if p, err := h.Review.Rollback(admin, "engines", json.RawMessage(`{}`), "worse in practice"); err != nil || active() != `{"llm":true}` || p.Version != 3 || !strings.Contains(p.Note, "to version 1") {
			t.Fatalf("%+v, %v, active %s", p, err, active())
		}
		if p, err := h.Review.Rollback(admin, "engines", json.RawMessage(`{}`), "worse, too"); err != nil || active() != `{}` || !strings.Contains(p.Note, "from version 3 to version 0") {
			t.Fatalf("a second time: %+v, %v, active %s", p, err, active())
		}
		if _, err := h.Review.Rollback(admin, "engines", json.RawMessage(`{}`), "further"); !fault.Is(err, fault.Conflict) || active() != `{}` {
			t.Errorf("before the shipped default: %v, active %s", err, active())
		}
		if err := promote(`{"llm":true,"prompt":"2"}`, good, ""); err != nil {
			t.Fatal(err)
		}
		if p, err := h.Review.Rollback(admin, "engines", json.RawMessage(`{}`), "no better"); err != nil || active() != `{}` || !strings.Contains(p.Note, "from version 5 to version 4") {
			t.Fatalf("%+v, %v, active %s", p, err, active())
		}
		entries, err := h.Store.Audit().List(admin, store.AuditQuery{Act: "policy."})
		if err != nil {
			t.Fatal(err)
		}
		var acts []string
		for _, e := range entries.Items {
			acts = append(acts, e.Act)
		}
		if strings.Join(acts, " ") != "policy.rollback policy.promote policy.rollback policy.rollback policy.promote policy.promote" {
			t.Errorf("the trail has %v", acts)
		}
		viewer := pact.WithActor(t.Context(), pact.Actor{ID: "usr_1", Kind: "user", Role: pact.Reviewer, Units: []string{"*"}})
		if _, err := h.Review.Rollback(viewer, "engines", nil, ""); !fault.Is(err, fault.Denied) {
			t.Errorf("a reviewer rolled back: %v", err)
		}
	})
}

func TestWhatIsNotTrackedIsAnObligationThatIsRejected(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	rev := read(t, h, &pact.Contract{}, nil, append(sure(), duty("resolution_time/P1", "0.5"))...)
	for name, ch := range map[string]review.Choice{"resolution_time/P1": {Kind: "accept", NotTracked: true}, "title": {Kind: "reject", NotTracked: true}} {
		c := candidate(t, h, rev, name)
		ch.Revision = c.Revision
		if _, err := h.Review.Decide(storetest.System(t), c.ID, ch); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	decide(t, h, rev, "resolution_time/P1", review.Choice{Kind: "reject", NotTracked: true})
	c := candidate(t, h, rev, "resolution_time/P1")
	if c.State != pact.CandidateRejected || c.DecidedObligation == nil {
		t.Errorf("it is %s, the contract says %+v", c.State, c.DecidedObligation)
	}
	decide(t, h, rev, "resolution_time/P1", review.Choice{Kind: "restore"})
	if c = candidate(t, h, rev, "resolution_time/P1"); c.State != pact.CandidateOpen || c.DecidedObligation != nil {
		t.Errorf("taken back, it is %s with %+v", c.State, c.DecidedObligation)
	}
}
