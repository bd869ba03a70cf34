package respond_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/notify"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/respond"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// open makes a contract, reviewed by usr_reviewer, with a finding of it.
func open(t *testing.T, h *apitest.House, amount string, change ...func(*pact.Contract, *pact.Finding)) pact.Finding {
	t.Helper()
	var f pact.Finding
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		con := pact.Contract{ID: id, BusinessUnit: "north", FamilyID: id, Number: "SA-1", Title: "Support", Customer: "Acme Corp", State: pact.ContractActive, Owner: "owner@example.com", SourceKey: string(id)}
		f = pact.Finding{
			ID: pact.NewID[pact.FindingID]("fnd", tx.Now), BusinessUnit: "north", ContractID: id, OccurrenceID: pact.NewID[pact.OccurrenceID]("occ", tx.Now), Kind: "availability", Severity: "breach", State: pact.FindingOpen,
			Title: "Availability missed", Message: "99.7 % of 99.9 %", Lead: "Dana", OccurredAt: tx.Now, Version: 1, Assessment: pact.Assessment{Status: pact.Breached, Trace: []pact.TraceStep{{Rule: "availability", Result: "99.7"}}},
		}
		if amount != "" {
			a := money.New(decimal.RequireFromString(amount), "USD")
			f.Amount = &a
		}
		for _, c := range change {
			c(&con, &f)
		}
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		rev := pact.Review{ID: pact.NewID[pact.ReviewID]("rev", tx.Now), BusinessUnit: "north", ContractID: id, State: pact.ReviewFinished, FinishedBy: "usr_finisher", Reviewers: []string{"usr_reviewer", "policy"}}
		if err := tx.Reviews.Insert(ctx, &rev); err != nil {
			return err
		}
		return tx.Findings.Insert(ctx, &f)
	})
	return f
}

func answer(t *testing.T, h *apitest.House, f pact.Finding) pact.Finding {
	t.Helper()
	now := current(t, h, f)
	if err := h.Respond.Respond(storetest.System(t), job.Respond{FindingID: f.ID, Version: now.Version}); err != nil {
		t.Fatal(err)
	}
	return current(t, h, f)
}

func current(t *testing.T, h *apitest.House, f pact.Finding) pact.Finding {
	t.Helper()
	return apitest.One(t, h.Store.Reads().Findings, store.Eq("id", f.ID))
}

// correct gives a finding another amount, as a correction does.
func correct(t *testing.T, h *apitest.House, f pact.Finding, amount string) pact.Finding {
	t.Helper()
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		row, err := tx.Findings.Lock(ctx, string(f.ID))
		if err != nil {
			return err
		}
		row.Version++
		row.Assessment.AmountState, row.Amount = "", nil
		if amount != "" {
			a := money.New(decimal.RequireFromString(amount), "USD")
			row.Amount = &a
		}
		return tx.Findings.Update(ctx, &row)
	})
	return answer(t, h, f)
}

func person(t *testing.T, id string, role pact.Role) context.Context {
	t.Helper()
	return pact.WithActor(t.Context(), pact.Actor{ID: id, Kind: "person", Name: id, Role: role, Units: []string{"north"}})
}

func TestACreditAboveTheLimitWaitsForAnApprover(t *testing.T) {
	t.Parallel()
	for amount, want := range map[string]pact.CreditState{"": pact.CreditNone, "0.00": pact.CreditNone, "999.99": pact.CreditDue, "1000.00": pact.CreditDue, "1000.01": pact.CreditWaiting} {
		t.Run("amount "+amount, func(t *testing.T) {
			t.Parallel()
			h := apitest.Build(t, apitest.Options{})
			f := answer(t, h, open(t, h, amount))
			if f.Credit != want {
				t.Errorf("the credit is %q, want %q", f.Credit, want)
			}
			if n := len(apitest.All(t, h.Store.Reads().Approvals)); (n == 1) != (want == pact.CreditWaiting) {
				t.Errorf("%d approvals", n)
			}
		})
	}
}

func TestACurrencyWithoutALimitAlwaysWaits(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	f := answer(t, h, open(t, h, "", func(_ *pact.Contract, f *pact.Finding) {
		a := money.New(decimal.RequireFromString("0.01"), "CHF")
		f.Amount = &a
	}))
	if f.Credit != pact.CreditWaiting {
		t.Errorf("%q", f.Credit)
	}
}

func TestFourEyes(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := answer(t, h, open(t, h, "5000.00"))
		a := apitest.One(t, h.Store.Reads().Approvals)
		for name, ctx := range map[string]context.Context{
			"who reviewed the contract":               person(t, "usr_reviewer", pact.Approver),
			"who finished the review":                 person(t, "usr_finisher", pact.Approver),
			"an administrator who reviewed":           person(t, "usr_reviewer", pact.Admin),
			"a reviewer":                              person(t, "usr_other", pact.Reviewer),
			"a viewer":                                person(t, "usr_other", pact.Viewer),
			"an API key with the role of an approver": pact.WithActor(t.Context(), pact.Actor{ID: "key_1", Kind: "key", Role: pact.Approver, Units: []string{"north"}}),
		} {
			if _, err := h.Respond.Approve(ctx, a.ID, "approve", "", a.Revision); !fault.Is(err, fault.Denied) {
				t.Errorf("%s approves: %v", name, err)
			}
		}
		boss := person(t, "usr_boss", pact.Approver)
		if _, err := h.Respond.Approve(boss, a.ID, "approve", "", a.Revision+1); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale decision: %v", err)
		}
		if _, err := h.Respond.Approve(boss, a.ID, "shrug", "", a.Revision); !fault.Is(err, fault.Invalid) {
			t.Errorf("no such decision: %v", err)
		}
		done, err := h.Respond.Approve(boss, a.ID, "approve", "agreed", a.Revision)
		if err != nil || done.State != "approved" || done.DecidedBy != "usr_boss" || current(t, h, f).Credit != pact.CreditDue {
			t.Errorf("%+v %v", done, err)
		}
		if _, err := h.Respond.Approve(boss, a.ID, "refuse", "", done.Revision); !fault.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
	})
}

// Whoever said whether a duty was done does not approve what follows from it: the answer counts, or was taken back.
func TestWhoAnsweredWhetherItHappenedDoesNotApproveWhatFollows(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := open(t, h, "5000.00", func(_ *pact.Contract, f *pact.Finding) {
			f.Kind, f.EventIDs = "recurring_duty", []pact.EventID{"evt_yes", "evt_no"}
		})
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			for _, e := range []pact.Event{
				{ID: "evt_yes", Kind: "done", ExternalID: "performance/occ_before/evt_yes", Data: pact.EventData{ApprovedBy: "usr_yes"}},
				{ID: "evt_no", Kind: "decision", ExternalID: obligation.AnswerName(f.OccurrenceID, "evt_no"), Data: pact.EventData{ApprovedBy: "usr_no", State: obligation.NotDone}},
				{ID: "evt_back", Kind: "correction", Replaces: "evt_earlier", ExternalID: obligation.AnswerName(f.OccurrenceID, "evt_back"), Data: pact.EventData{ApprovedBy: "usr_back"}},
			} {
				e.BusinessUnit, e.ContractID, e.OccurredAt, e.ReceivedAt = "north", f.ContractID, tx.Now, tx.Now
				if err := tx.Events.Insert(ctx, &e); err != nil {
					return err
				}
			}
			return nil
		})
		answer(t, h, f)
		a := apitest.One(t, h.Store.Reads().Approvals)
		for _, id := range []string{"usr_yes", "usr_no", "usr_back"} {
			if !slices.Contains(a.Excluded, id) {
				t.Errorf("%s is not excluded: %v", id, a.Excluded)
			}
			if _, err := h.Respond.Approve(person(t, id, pact.Approver), a.ID, "approve", "", a.Revision); !fault.Is(err, fault.Denied) {
				t.Errorf("%s approves: %v", id, err)
			}
		}
		if _, err := h.Respond.Approve(person(t, "usr_boss", pact.Approver), a.ID, "approve", "", a.Revision); err != nil {
			t.Error(err)
		}
	})
}

// Whoever said what started a duty, or took that back, does not approve what follows from it.
func TestWhoSaidWhatStartedItDoesNotApproveWhatFollows(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := open(t, h, "5000.00", func(_ *pact.Contract, f *pact.Finding) {
			f.Kind, f.EventIDs, f.OccurrenceID = "conditional_duty", []pact.EventID{"evt_now"}, "occ_1"
		})
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			if err := tx.Occurrences.Insert(ctx, &pact.Occurrence{ID: "occ_1", BusinessUnit: "north", ContractID: f.ContractID, ObligationID: f.ObligationID, Key: "change", Status: pact.Breached}); err != nil {
				return err
			}
			for _, e := range []pact.Event{
				{ID: "evt_now", Kind: "trigger", Subject: "change", Data: pact.EventData{ApprovedBy: "usr_now"}},
				{ID: "evt_first", Kind: "trigger", Subject: "change", Data: pact.EventData{ApprovedBy: "usr_first"}},
				{ID: "evt_back", Kind: "correction", Subject: "change", Replaces: "evt_first", Data: pact.EventData{ApprovedBy: "usr_back"}},
				{ID: "evt_other", Kind: "trigger", Subject: "insolvency", Data: pact.EventData{ApprovedBy: "usr_boss"}},
			} {
				e.BusinessUnit, e.ContractID, e.OccurredAt, e.ReceivedAt, e.ExternalID, e.Data.Reference = "north", f.ContractID, tx.Now, tx.Now, obligation.TriggerName(e.ID), "inform"
				if err := tx.Events.Insert(ctx, &e); err != nil {
					return err
				}
			}
			return nil
		})
		answer(t, h, f)
		a := apitest.One(t, h.Store.Reads().Approvals)
		for _, id := range []string{"usr_now", "usr_first", "usr_back"} {
			if _, err := h.Respond.Approve(person(t, id, pact.Approver), a.ID, "approve", "", a.Revision); !slices.Contains(a.Excluded, id) || !fault.Is(err, fault.Denied) {
				t.Errorf("%s approves: %v, excluded are %v", id, err, a.Excluded)
			}
		}
		if _, err := h.Respond.Approve(person(t, "usr_boss", pact.Approver), a.ID, "approve", "", a.Revision); err != nil {
			t.Error(err)
		}
	})
}

// The mail asks whom the page asks: what a system reports of the duty itself ends the question, a milestone of the contract does not.
func TestTheMailAsksWhetherItHappenedOnlyWhereNoSystemReportsIt(t *testing.T) {
	t.Parallel()
	for reported, want := range map[string]bool{"M-1": true, "2026-01": false} {
		h := apitest.Build(t, apitest.Options{})
		f := open(t, h, "", func(_ *pact.Contract, f *pact.Finding) { f.Kind, f.ObligationID = "recurring_duty", "obl_1" })
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			o := pact.Obligation{ID: "obl_1", BusinessUnit: "north", ContractID: f.ContractID, Key: "report", Kind: f.Kind, Title: "Report", Params: json.RawMessage(`{"period":"month","day":5}`)}
			if err := tx.Obligations.Insert(ctx, &o); err != nil {
				return err
			}
			return tx.Events.Insert(ctx, &pact.Event{ID: "evt_1", BusinessUnit: "north", ConnectionID: "cnn_1", ContractID: f.ContractID, ExternalID: "1", Kind: "submitted", Subject: reported, OccurredAt: tx.Now, ReceivedAt: tx.Now})
		})
		answer(t, h, f)
		if n := apitest.One(t, h.Store.Reads().Notifications); strings.Contains(n.Body, "Did it happen?") != want {
			t.Errorf("after a system's report of %s the mail says %q", reported, n.Body)
		}
	}
}

func TestAnApprovalIsForOneAmount(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := answer(t, h, open(t, h, "5000.00"))
		boss := person(t, "usr_boss", pact.Approver)
		first := apitest.One(t, h.Store.Reads().Approvals)
		state := func(id pact.ApprovalID) pact.Approval {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Approvals, store.Eq("id", id))
		}
		f = correct(t, h, f, "6000.00")
		if a := state(first.ID); a.State != "withdrawn" || f.Credit != pact.CreditWaiting || f.ApprovalID == first.ID {
			t.Fatalf("another amount: the first approval is %s, the credit %s", a.State, f.Credit)
		}
		second := state(f.ApprovalID)
		if second.Amount.String() != "6000.00 USD" {
			t.Errorf("asked for %s", second.Amount)
		}
		if _, err := h.Respond.Approve(boss, second.ID, "approve", "", second.Revision); err != nil {
			t.Fatal(err)
		}
		if f = correct(t, h, f, "6000.00"); f.Credit != pact.CreditDue {
			t.Errorf("the same amount again: %s", f.Credit)
		}
		if f = correct(t, h, f, "9000.00"); f.Credit != pact.CreditWaiting {
			t.Errorf("more than was approved: %s", f.Credit)
		}
		if f = correct(t, h, f, "10.00"); f.Credit != pact.CreditDue || state(f.ApprovalID).State != "withdrawn" {
			t.Errorf("below the limit: %s, approval %s", f.Credit, state(f.ApprovalID).State)
		}
		if f = correct(t, h, f, ""); f.Credit != pact.CreditNone {
			t.Errorf("nothing owed any more: %s", f.Credit)
		}
	})
}

func TestACreditWithoutItsChargeIsNeverGuessed(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	f := answer(t, h, open(t, h, "", func(_ *pact.Contract, f *pact.Finding) { f.Assessment.AmountState = "needs_charge" }))
	if f.Credit != pact.CreditNeedsCharge || f.Amount != nil || len(apitest.All(t, h.Store.Reads().Approvals)) != 0 {
		t.Errorf("%+v", f)
	}
	if n := apitest.One(t, h.Store.Reads().Notifications); !strings.Contains(n.Body, "the charge of that month is missing") {
		t.Errorf("the mail does not say so: %s", n.Body)
	}
	if f = correct(t, h, f, "2000.00"); f.Credit != pact.CreditWaiting || len(apitest.All(t, h.Store.Reads().Approvals)) != 1 {
		t.Errorf("the charge came: %s", f.Credit)
	}
}

func TestOneVersionOfAFindingCausesEachEffectOnce(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "ITSM and CLM")
		f := open(t, h, "5.00", func(con *pact.Contract, f *pact.Finding) {
			con.Source = &pact.RecordRef{ConnectionID: c.ID, Object: "record", ExternalID: "R1"}
			f.RecordRef = &pact.RecordRef{ConnectionID: c.ID, Object: "incident", ExternalID: "INC1"}
		})
		for range 3 {
			answer(t, h, f)
		}
		actions := apitest.All(t, h.Store.Reads().Actions)
		if len(actions) != 2 || len(apitest.All(t, h.Store.Reads().Notifications)) != 1 {
			t.Fatalf("%d actions, %d mails", len(actions), len(apitest.All(t, h.Store.Reads().Notifications)))
		}
		for _, a := range actions {
			switch a.Object {
			case "incident":
				if a.ExternalID != "INC1" || a.Fields["text"] != "@Dana: 99.7 % of 99.9 %" {
					t.Errorf("the comment: %+v", a)
				}
			case "Risk":
				if a.TargetKey != string(f.ID) || a.Fields["name"] != "SLA Risk: Availability missed" || a.Fields["status"] != "Pending" {
					t.Errorf("the task: %+v", a)
				}
			}
		}
		if err := h.Respond.Respond(storetest.System(t), job.Respond{FindingID: f.ID, Version: 99}); err != nil {
			t.Errorf("a version that is not: %v", err)
		}
		correct(t, h, f, "6.00")
		if n := len(apitest.All(t, h.Store.Reads().Actions)); n != 4 {
			t.Errorf("%d actions after a correction, want one more of each", n)
		}
	})
}

func TestPeopleDecideOnFindings(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := answer(t, h, open(t, h, "5000.00"))
		reviewer, boss := person(t, "usr_x", pact.Reviewer), person(t, "usr_boss", pact.Approver)
		for name, c := range map[string]struct {
			ctx          context.Context
			kind, reason string
			revision     int64
			want         fault.Kind
		}{
			"a viewer":                {person(t, "usr_v", pact.Viewer), "confirm", "", f.Revision, fault.Denied},
			"waiving without reason":  {boss, "waive", "", f.Revision, fault.Invalid},
			"waiving money":           {reviewer, "waive", "friends", f.Revision, fault.Denied},
			"a decision that is none": {reviewer, "forget", "", f.Revision, fault.Invalid},
			"a stale revision":        {reviewer, "confirm", "", f.Revision + 1, fault.Conflict},
		} {
			if _, err := h.Respond.Decide(c.ctx, f.ID, c.kind, c.reason, c.revision); !fault.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		got, err := h.Respond.Decide(reviewer, f.ID, "confirm", "", f.Revision)
		if err != nil || got.State != pact.FindingConfirmed {
			t.Fatalf("%+v %v", got, err)
		}
		got, err = h.Respond.Decide(boss, f.ID, "waive", "goodwill", got.Revision)
		if err != nil || got.State != pact.FindingWaived || got.Credit != pact.CreditNone {
			t.Errorf("%+v %v", got, err)
		}
		if a := apitest.One(t, h.Store.Reads().Approvals); a.State != "withdrawn" {
			t.Errorf("the approval of waived money is %s", a.State)
		}
	})
}

func TestMail(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fail  error
		state string
		sends int // handed over when asked three times
	}{
		{"taken", nil, "sent", 1},
		{"refused", notify.ErrRefused, "failed", 1},
		{"the answer was lost", notify.ErrPossiblySent, "possibly_sent", 1},
		{"not reached", errors.New("no route"), "pending", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := apitest.Build(t, apitest.Options{})
			answer(t, h, open(t, h, "5.00", func(con *pact.Contract, f *pact.Finding) {
				con.Title = `<img src=x onerror=alert(1)>`
				f.Title = "Line\r\nBcc: everybody@example.com"
			}))
			h.Mail.Fail = c.fail
			n := apitest.One(t, h.Store.Reads().Notifications)
			for range 3 {
				_ = h.Respond.Send(storetest.System(t), job.Send{NotificationID: n.ID})
			}
			now := apitest.One(t, h.Store.Reads().Notifications)
			sent := h.Mail.Sent()
			if now.State != c.state || len(sent) != c.sends {
				t.Errorf("%s (%s), handed over %d times", now.State, now.Reason, len(sent))
			}
			m := sent[0]
			if m.To != "owner@example.com" || m.Key == "" || strings.Contains(m.HTML, "<img") || !strings.Contains(m.Text, "/findings/fnd_") || !strings.Contains(m.Text, "availability: 99.7") {
				t.Errorf("%+v", m)
			}
		})
	}
}

func TestAMailThatWasBeingHandedOverWhenTheProcessStoppedIsNotRepeated(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	answer(t, h, open(t, h, "5.00"))
	n := apitest.One(t, h.Store.Reads().Notifications)
	stopped := respond.New(respond.Config{Store: h.Store, Sender: dying{}, Mapping: h.Exchange.Mapping, Now: h.Clock.Now})
	func() {
		defer func() { _ = recover() }() // the process ends between the mark and the answer
		_ = stopped.Send(storetest.System(t), job.Send{NotificationID: n.ID})
	}()
	if err := h.Respond.Send(storetest.System(t), job.Send{NotificationID: n.ID}); err != nil {
		t.Fatal(err)
	}
	if now := apitest.One(t, h.Store.Reads().Notifications); now.State != "possibly_sent" || now.Reason == "" || len(h.Mail.Sent()) != 0 {
		t.Errorf("%+v", now)
	}
}

type dying struct{}

// Name of the channel.
func (dying) Name() string { return "email" }

// Send ends the process.
func (dying) Send(context.Context, notify.Message) error { panic("killed") }

func TestWithoutAMailServerItSaysSo(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	answer(t, h, open(t, h, "5.00"))
	n := apitest.One(t, h.Store.Reads().Notifications)
	desk := respond.New(respond.Config{Store: h.Store, Mapping: h.Exchange.Mapping, Now: h.Clock.Now})
	if err := desk.Send(storetest.System(t), job.Send{NotificationID: n.ID}); err != nil {
		t.Fatal(err)
	}
	if now := apitest.One(t, h.Store.Reads().Notifications); now.State != "failed" || !strings.Contains(now.Reason, "smtp_address") {
		t.Errorf("%+v", now)
	}
}

func TestTheApprovalPolicy(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"a negative limit": `{"credit_limits":[{"value":"-1","currency":"USD"}]}`, "no currency": `{"credit_limits":[{"value":"1","currency":""}]}`, "no JSON": `{`} {
		if _, err := pact.ParseLimits([]byte(body)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h := apitest.Build(t, apitest.Options{})
	p, err := h.Review.SetPolicy(storetest.As(t, pact.Admin, "*"), "approval", json.RawMessage(`{"credit_limits":[{"value":"10","currency":"USD"}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	if f := answer(t, h, open(t, h, "11.00")); f.Credit != pact.CreditDue {
		t.Errorf("under a limit that nobody confirmed: %s", f.Credit)
	}
	second := pact.WithActor(t.Context(), pact.Actor{ID: "usr_second", Kind: "person", Role: pact.Admin, Units: []string{"*"}})
	if _, err := h.Review.DecidePolicy(second, p.ID, "approve", "", p.Revision); err != nil {
		t.Fatal(err)
	}
	if f := answer(t, h, open(t, h, "11.00")); f.Credit != pact.CreditWaiting {
		t.Errorf("above the new limit: %s", f.Credit)
	}
}
