package obligation_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// A duty that is due on a day is known by the key of its obligation: called otherwise, it is the same one, and what was answered of it stands.
func TestADatedDutyKeepsItsAnswersUnderAnotherTitle(t *testing.T) {
	t.Parallel()
	called := func(title string) pact.Obligation {
		p, err := json.Marshal(obligation.MilestoneParams{Milestones: []obligation.MilestoneRow{{Name: title, Due: "2026-03-05"}}})
		if err != nil {
			t.Fatal(err)
		}
		return pact.Obligation{Key: "delivery/plan", Kind: "milestone", Duty: "delivery", Title: title, Params: p}
	}
	one := func(o pact.Obligation) pact.Occurrence {
		list := obligation.Milestone{}.Occurrences(o, calendar.Period{})
		if len(list) != 1 {
			t.Fatalf("%+v", list)
		}
		return list[0]
	}
	before, after := called("Deliver a plan"), called("Deliver the transition plan")
	answer := obligation.AnswerEvent(before, one(before).Key, "")
	answer.ID, answer.ExternalID, answer.OccurredAt = "evt_1", obligation.AnswerName("occ_1", "evt_1"), time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	answer.Data.Date, answer.Data.ApprovedBy = "2026-03-04", "usr_1"
	if !obligation.Answers(answer, after, one(after).Key) || !obligation.Performs(answer, after, one(after)) || !obligation.Picks(after, answer).Taken {
		t.Errorf("the answer is not about %+v", one(after))
	}
	assess := func(o pact.Obligation, events ...pact.Event) pact.Assessment {
		a, err := obligation.Assess(obligation.Input{Obligation: o, Occurrence: one(o), Events: events, At: time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := assess(after, answer); a.Status != pact.Met {
		t.Errorf("%s: %+v", a.Status, a.Trace)
	}
	if got := one(after).Subject; got != "Deliver the transition plan" {
		t.Errorf("people are shown %q", got)
	}
	// What a system reports names it by what it is called, or by the key.
	for item, want := range map[string]pact.Status{"deliver the transition plan": pact.Met, "delivery/plan": pact.Met, "Deliver a plan": pact.Breached} {
		e := pact.Event{ID: "evt_2", ConnectionID: "cnn_1", Kind: "milestone", OccurredAt: answer.OccurredAt, Data: pact.EventData{Item: item}}
		if a := assess(after, e); a.Status != want {
			t.Errorf("reported as %q: %s", item, a.Status)
		}
		if got := obligation.Reported(after, []string{one(after).Key}, []pact.Event{e}); got != (want == pact.Met) {
			t.Errorf("reported as %q: %v", item, got)
		}
	}
	// A schedule goes by the names of its milestones.
	schedule := called("Go-live")
	schedule.Duty = ""
	if got := one(schedule).Key; got != "Go-live" {
		t.Errorf("a milestone of a schedule is known by %q", got)
	}
}
