package respond_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// watched is an obligation in force of an active contract, looked after by ow@example.com.
func watched(t *testing.T, h *apitest.House) pact.Obligation {
	t.Helper()
	o := pact.Obligation{ID: "obl_w", BusinessUnit: "north", ContractID: "con_w", Key: "report", Kind: "recurring_duty", Title: "Monthly report"}
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		con := pact.Contract{ID: o.ContractID, BusinessUnit: "north", FamilyID: o.ContractID, Number: "SA-7", Title: "Service Agreement", State: pact.ContractActive, Owner: "ow@example.com"}
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		return tx.Obligations.Insert(ctx, &o)
	})
	return o
}

func plan(t *testing.T, h *apitest.House, p *pact.CheckInPlan) pact.Obligation {
	t.Helper()
	o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("id", "obl_w"))
	o, err := h.Review.PlanCheckIns(person(t, "usr_2", pact.Reviewer), o.ID, p, o.Revision)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func heard(t *testing.T, h *apitest.House) []string {
	t.Helper()
	var out []string
	for _, n := range apitest.All(t, h.Store.Reads().Notifications) {
		out = append(out, n.Recipient+": "+n.Subject)
	}
	slices.Sort(out)
	return out
}

// mails compares what the mails about check-ins say: how far up, of which day, and what became of it.
func mails(t *testing.T, h *apitest.House, want ...string) {
	t.Helper()
	var got []string
	for _, n := range apitest.All(t, h.Store.Reads().Notifications, store.Eq("obligation_id", "obl_w")) {
		got = append(got, fmt.Sprintf("%d %s %s", n.Level, n.DueOn, n.CheckIn))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the mails say %v, want %v", got, want)
	}
}

func TestAMissedCheckInIsToldToTheOwnerAndGoesUpTheEscalationPath(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Work(t)
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			return tx.Policies.Insert(ctx, &pact.Policy{
				ID: pact.NewID[pact.PolicyID]("pol", tx.Now), Kind: "escalation", Version: 1, Active: true, State: pact.PolicyActive,
				Body: []byte(`{"levels":[{"after_hours":4,"to":"other@example.com"},{"after_hours":24,"to":"lead@example.com","severities":["check_in"]},{"after_hours":72,"to":"head@example.com","severities":["breach","check_in"]}]}`),
			})
		})
		watched(t, h)
		o := plan(t, h, &pact.CheckInPlan{Every: "week"})
		if o.CheckInDue != "2026-03-09" {
			t.Fatalf("a week from Monday the 2nd it is due, not %s", o.CheckInDue)
		}
		h.Settle(t)
		owner, lead, head := "ow@example.com: Check-in missed: Monthly report", "lead@example.com: Escalated (level 2): check-in missed: Monthly report", "head@example.com: Escalated (level 3): check-in missed: Monthly report"
		at := func(day, hour int, want ...string) {
			t.Helper()
			h.Fire(t, time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC))
			h.Settle(t)
			slices.Sort(want)
			if got := heard(t, h); !slices.Equal(got, want) {
				t.Errorf("on the %dth at %d: %v, want %v", day, hour, got, want)
			}
		}
		due := "ow@example.com: Check-in due today: Monthly report"
		at(8, 23)
		at(9, 0, due)
		mails(t, h, "0 2026-03-09 due")
		at(9, 23, due) // the day counts whole
		at(10, 1, due, owner)
		at(10, 23, due, owner)
		at(11, 1, due, owner, lead)
		at(12, 1, due, owner, lead)
		at(13, 1, due, owner, lead, head)
		at(30, 1, due, owner, lead, head)

		mails(t, h, "0 2026-03-09 overdue", "0 2026-03-09 overdue", "2 2026-03-09 overdue", "3 2026-03-09 overdue")
		out, err := h.Review.CheckIn(person(t, "usr_2", pact.Reviewer), "obl_w", "on_track", " The report went out late. ")
		if err != nil {
			t.Fatal(err)
		}
		if out.CheckIn.DueOn != "2026-03-09" || out.CheckIn.NextDue != "2026-04-06" || out.CheckIn.Note != "The report went out late." || out.CheckIn.By != "usr_2" || out.Obligation.CheckInDue != "2026-04-06" {
			t.Errorf("the check-in: %+v", out)
		}
		h.Settle(t)
		h.Fire(t, time.Date(2026, 4, 7, 1, 0, 0, 0, time.UTC))
		h.Settle(t)
		if got := heard(t, h); len(got) != 6 {
			t.Errorf("the next one was missed, too, and its owner is reminded and told again: %v", got)
		}
		mails(t, h, "0 2026-03-09 answered", "0 2026-03-09 answered", "2 2026-03-09 answered", "3 2026-03-09 answered", "0 2026-04-06 overdue", "0 2026-04-06 overdue")
		// Done ends it.
		if out, err = h.Review.CheckIn(person(t, "usr_2", pact.Reviewer), "obl_w", "done", "All reports were given."); err != nil || out.Obligation.CheckInDue != "" {
			t.Fatalf("done: %+v, %v", out, err)
		}
		h.Settle(t)
		h.Fire(t, time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))
		h.Settle(t)
		if got := heard(t, h); len(got) != 6 {
			t.Errorf("it is done, and %v are told", got)
		}
		if n := len(apitest.All(t, h.Store.Reads().CheckIns, store.Eq("obligation_id", "obl_w"))); n != 2 {
			t.Errorf("%d check-ins are kept", n)
		}
		// What is said after it does not start the plan again; planning anew does.
		reviewer := person(t, "usr_2", pact.Reviewer)
		if _, err = h.Review.CheckIn(reviewer, "obl_w", "on_track", "One more."); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "The plan is done") {
			t.Errorf("a check-in after done: %v", err)
		}
		planned, err := h.Review.PlanCheckIns(reviewer, "obl_w", &pact.CheckInPlan{Every: "month"}, out.Obligation.Revision)
		if err != nil || planned.CheckInDue == "" || planned.CheckInState != "" {
			t.Fatalf("planned anew: %+v, %v", planned, err)
		}
		if out, err = h.Review.CheckIn(reviewer, "obl_w", "on_track", "One more."); err != nil || out.Obligation.CheckInDue == "" {
			t.Errorf("after that: %+v, %v", out, err)
		}
	})
}

func TestACheckInThatIsDueTodayIsAskedForOnce(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) { // it is 2 March 2026
		h.Work(t)
		watched(t, h)
		plan(t, h, &pact.CheckInPlan{Every: "week", First: "2026-03-02"})
		h.Settle(t)
		for range 2 { // however often it is looked at
			if err := h.Respond.CheckIn(storetest.System(t), job.CheckIn{ObligationID: "obl_w"}); err != nil {
				t.Fatal(err)
			}
		}
		h.Settle(t)
		mails(t, h, "0 2026-03-02 due")
		n := apitest.One(t, h.Store.Reads().Notifications)
		if n.Recipient != "ow@example.com" || !strings.Contains(n.Body, "is due today, 2026-03-02") {
			t.Errorf("the owner is asked: %+v", n)
		}
		// Said on the day, it is answered, and nobody hears that it was missed.
		if _, err := h.Review.CheckIn(person(t, "usr_2", pact.Reviewer), "obl_w", "on_track", "All is well."); err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		mails(t, h, "0 2026-03-02 answered")
		// A day that went by while nothing ran is not asked about as if it were today.
		o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("id", "obl_w"))
		o.CheckInDue = "2026-02-27"
		h.Do(t, func(ctx context.Context, tx store.Tx) error { return tx.Obligations.Update(ctx, &o) })
		if err := h.Respond.CheckIn(storetest.System(t), job.CheckIn{ObligationID: "obl_w"}); err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		mails(t, h, "0 2026-03-02 answered", "0 2026-02-27 overdue")
	})
}

func TestWhatIsOverAsksForNoCheckIn(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	watched(t, h)
	plan(t, h, &pact.CheckInPlan{Every: "month", First: "2026-03-06"})
	h.Settle(t)
	o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("id", "obl_w"))
	o.InForce.Until = "2026-03-06"
	h.Do(t, func(ctx context.Context, tx store.Tx) error { return tx.Obligations.Update(ctx, &o) })
	h.Fire(t, time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC))
	h.Settle(t)
	mails(t, h)
	if got := heard(t, h); len(got) != 0 {
		t.Errorf("it ended on the 6th, and %v are told", got)
	}
}

func TestAMailAboutAMissedCheckInIsDroppedWhenItsObligationEnds(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	watched(t, h)
	o := plan(t, h, &pact.CheckInPlan{Every: "month", First: "2026-03-06"})
	o.InForce.Until = "2026-04-15"
	h.Do(t, func(ctx context.Context, tx store.Tx) error { return tx.Obligations.Update(ctx, &o) })
	h.Settle(t)
	h.Fire(t, time.Date(2026, 4, 14, 23, 0, 0, 0, time.UTC))
	h.Settle(t)
	mails(t, h, "0 2026-03-06 overdue", "0 2026-03-06 overdue") // there is nobody further up to tell
	h.Fire(t, time.Date(2026, 4, 15, 1, 0, 0, 0, time.UTC))
	h.Settle(t)
	mails(t, h, "0 2026-03-06 dropped", "0 2026-03-06 dropped")
	if _, waits, err := h.Store.Schedule().Next(storetest.System(t)); err != nil || waits {
		t.Errorf("it is over, and a timer waits: %v, %v", waits, err)
	}
}

func TestACheckInIsForTheOwnerOrAReviewer(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	watched(t, h)
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		for id, email := range map[pact.UserID]string{"usr_ow": "Ow@example.com", "usr_no": "no@example.com"} {
			if err := tx.Users.Insert(ctx, &pact.User{ID: id, Email: email, Name: string(id), Role: pact.Viewer, Units: []string{"north"}}); err != nil {
				return err
			}
		}
		return nil
	})
	if _, err := h.Review.CheckIn(person(t, "usr_ow", pact.Viewer), "obl_w", "at_risk", "The data are late."); err != nil {
		t.Errorf("the owner: %v", err)
	}
	if _, err := h.Review.CheckIn(person(t, "usr_no", pact.Viewer), "obl_w", "at_risk", "I heard."); !fault.Is(err, fault.Denied) {
		t.Errorf("somebody else: %v", err)
	}
	for _, c := range [][2]string{{"fine", "x"}, {"done", " "}} {
		_, err := h.Review.CheckIn(person(t, "usr_ow", pact.Viewer), "obl_w", c[0], c[1])
		if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || len(f.Details) != 1 || !strings.HasPrefix(f.Details[0].Field, "body.") {
			t.Errorf("%v: %v", c, err)
		}
	}
	if _, err := h.Review.CheckIn(storetest.As(t, pact.Reviewer, "south"), "obl_w", "done", "not ours"); !fault.Is(err, fault.NotFound) {
		t.Errorf("another unit: %v", err)
	}
	if _, err := h.Review.PlanCheckIns(person(t, "usr_ow", pact.Viewer), "obl_w", nil, 1); !fault.Is(err, fault.Denied) {
		t.Errorf("a plan by a viewer: %v", err)
	}
}
