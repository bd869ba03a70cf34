package respond_test

import (
	"context"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/respond"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func usd(s string) *money.Amount {
	a := money.New(decimal.RequireFromString(s), "USD")
	return &a
}

// due makes a finding whose credit of 500 USD is due until a day.
func due(t *testing.T, h *apitest.House, claimBy calendar.Date) pact.Finding {
	t.Helper()
	return answer(t, h, open(t, h, "500", func(_ *pact.Contract, f *pact.Finding) { f.ClaimBy = claimBy }))
}

func claim(t *testing.T, h *apitest.House, role pact.Role, f pact.Finding, act respond.ClaimAct) (pact.Finding, pact.Claim, error) {
	t.Helper()
	act.Revision = current(t, h, f).Revision
	return h.Respond.Claim(storetest.As(t, role, "north"), f.ID, act)
}

func TestACreditIsClaimedAgreedAndSettled(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	f := due(t, h, "2030-01-31")
	if f.Credit != pact.CreditDue {
		t.Fatalf("the credit is %s", f.Credit)
	}
	for _, step := range []struct {
		act  respond.ClaimAct
		want pact.CreditState
	}{
		{respond.ClaimAct{Kind: "claim", Reference: "letter of 2 March", On: "2026-03-02"}, pact.CreditClaimed},
		{respond.ClaimAct{Kind: "agree"}, pact.CreditAgreed},
		{respond.ClaimAct{Kind: "settle", Reference: "CN-77"}, pact.CreditSettled},
	} {
		got, c, err := claim(t, h, pact.Reviewer, f, step.act)
		if err != nil || got.Credit != step.want || c.State != step.want {
			t.Fatalf("%s: %s, %+v, %v", step.act.Kind, got.Credit, c, err)
		}
	}
	c := apitest.One(t, h.Store.Reads().Claims, store.Eq("finding_id", f.ID))
	if len(c.Steps) != 3 || !c.Claimed.Equal(*usd("500")) || !c.Agreed.Equal(*usd("500")) || !c.Settled.Equal(*usd("500")) || c.Reference != "CN-77" || c.Steps[0].By != "usr_reviewer" || c.Steps[0].On != "2026-03-02" || c.Steps[0].At.IsZero() {
		t.Errorf("%+v", c)
	}
	log, err := h.Store.Audit().List(storetest.System(t), store.AuditQuery{Subject: string(f.ID), Act: "claim."})
	if err != nil || len(log.Items) != 3 {
		t.Fatalf("%d entries, %v", len(log.Items), err)
	}
	for _, e := range log.Items {
		if e.ActorID != "usr_reviewer" || len(e.Changes) != 2 {
			t.Errorf("%s by %s changes %d rows", e.Act, e.ActorID, len(e.Changes))
		}
	}
}

func TestWhatCanNotBeDoneWithACredit(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	f := due(t, h, "2030-01-31")
	refused := func(what string, role pact.Role, act respond.ClaimAct, kind fault.Kind) {
		t.Helper()
		before := current(t, h, f)
		if _, _, err := claim(t, h, role, f, act); !fault.Is(err, kind) {
			t.Errorf("%s: %v, want %s", what, err, kind)
		}
		if now := current(t, h, f); now.Revision != before.Revision {
			t.Errorf("%s changed the finding", what)
		}
	}
	refused("a viewer", pact.Viewer, respond.ClaimAct{Kind: "claim"}, fault.Denied)
	refused("nothing that exists", pact.Admin, respond.ClaimAct{Kind: "forget"}, fault.Invalid)
	refused("agreeing before claiming", pact.Admin, respond.ClaimAct{Kind: "agree"}, fault.Conflict)
	refused("another currency", pact.Admin, respond.ClaimAct{Kind: "claim", Amount: &money.Amount{Value: decimal.NewFromInt(500), Currency: "EUR"}, Reason: "x"}, fault.Invalid)
	refused("another amount without a reason", pact.Admin, respond.ClaimAct{Kind: "claim", Amount: usd("400")}, fault.Invalid)
	refused("less, by a reviewer", pact.Reviewer, respond.ClaimAct{Kind: "claim", Amount: usd("400"), Reason: "cheaper"}, fault.Denied)
	refused("a negative amount", pact.Admin, respond.ClaimAct{Kind: "claim", Amount: usd("-1"), Reason: "x"}, fault.Invalid)
	refused("no date", pact.Admin, respond.ClaimAct{Kind: "claim", On: "soon"}, fault.Invalid)
	if _, _, err := h.Respond.Claim(storetest.As(t, pact.Reviewer, "north"), f.ID, respond.ClaimAct{Kind: "claim", Revision: 99}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a stale revision: %v", err)
	}
	if _, _, err := h.Respond.Claim(storetest.As(t, pact.Admin, "south"), f.ID, respond.ClaimAct{Kind: "claim", Revision: current(t, h, f).Revision}); !fault.Is(err, fault.NotFound) {
		t.Errorf("another unit: %v", err)
	}
	if _, _, err := claim(t, h, pact.Reviewer, f, respond.ClaimAct{Kind: "claim"}); err != nil {
		t.Fatal(err)
	}
	refused("claiming twice", pact.Admin, respond.ClaimAct{Kind: "claim"}, fault.Conflict)
	refused("settling without a reference", pact.Admin, respond.ClaimAct{Kind: "settle"}, fault.Invalid)
	refused("a refusal without a reason", pact.Admin, respond.ClaimAct{Kind: "refuse"}, fault.Invalid)
	refused("a refusal by a reviewer", pact.Reviewer, respond.ClaimAct{Kind: "refuse", Reason: "they say no"}, fault.Denied)
	refused("an amount with a refusal", pact.Admin, respond.ClaimAct{Kind: "refuse", Reason: "no", Amount: usd("1")}, fault.Invalid)
	if got, c, err := claim(t, h, pact.Approver, f, respond.ClaimAct{Kind: "refuse", Reason: "they say no"}); err != nil || got.Credit != pact.CreditRefused || len(c.Steps) != 2 {
		t.Errorf("%s %+v %v", got.Credit, c, err)
	}
	if got, c, err := claim(t, h, pact.Approver, f, respond.ClaimAct{Kind: "withdraw", Reason: "entered by mistake"}); err != nil || got.Credit != pact.CreditDue || c.Claimed != nil || len(c.Steps) != 3 {
		t.Errorf("%s %+v %v", got.Credit, c, err)
	}
}

// sided makes a finding whose credit of an amount is due, with the obligation of a side.
func sided(t *testing.T, h *apitest.House, side, amount string) pact.Finding {
	t.Helper()
	f := open(t, h, amount, func(_ *pact.Contract, f *pact.Finding) {
		f.ObligationID = pact.NewID[pact.ObligationID]("obl", h.Clock.Now())
	})
	o := pact.Obligation{ID: f.ObligationID, BusinessUnit: "north", ContractID: f.ContractID, Key: "uptime", Kind: "availability", Title: "Availability", Side: side}
	h.Do(t, func(ctx context.Context, tx store.Tx) error { return tx.Obligations.Insert(ctx, &o) })
	return answer(t, h, f)
}

func TestASumBeyondWhatOnePersonMaySayWaitsForASecond(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	for _, c := range []struct {
		name, side string
		before     []respond.ClaimAct // by an approver, as it needs no second person
		act        respond.ClaimAct
		role       pact.Role
		was, is    pact.CreditState
	}{
		{"we claim more than the finding comes to", "theirs", nil, respond.ClaimAct{Kind: "claim", Amount: usd("501"), Reason: "and their travel"}, pact.Reviewer, pact.CreditDue, pact.CreditClaimed},
		{"we claim above the limit", "theirs", nil, respond.ClaimAct{Kind: "claim", Amount: usd("50000"), Reason: "all of it"}, pact.Approver, pact.CreditDue, pact.CreditClaimed},
		{"they agree to more than was claimed", "theirs", []respond.ClaimAct{{Kind: "claim"}}, respond.ClaimAct{Kind: "agree", Amount: usd("600"), Reason: "one more day"}, pact.Reviewer, pact.CreditClaimed, pact.CreditAgreed},
		{"we agree to what they ask", "ours", []respond.ClaimAct{{Kind: "claim", Amount: usd("90000"), Reason: "their letter"}}, respond.ClaimAct{Kind: "agree"}, pact.Reviewer, pact.CreditClaimed, pact.CreditAgreed},
		{"we settle at once what they ask", "ours", []respond.ClaimAct{{Kind: "claim", Amount: usd("90000"), Reason: "their letter"}}, respond.ClaimAct{Kind: "settle", Reference: "CN-1"}, pact.Reviewer, pact.CreditClaimed, pact.CreditSettled},
	} {
		f := sided(t, h, c.side, "500")
		for _, act := range c.before {
			if _, _, err := claim(t, h, pact.Reviewer, f, act); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
		}
		got, cl, err := claim(t, h, c.role, f, c.act)
		if err != nil || got.Credit != c.was {
			t.Fatalf("%s: the credit is %s, %v", c.name, got.Credit, err)
		}
		a := apitest.One(t, h.Store.Reads().Approvals, store.Eq("finding_id", f.ID), store.Eq("state", "waiting"))
		last := cl.Steps[len(cl.Steps)-1]
		if last.Held != "waiting" || last.ApprovalID != a.ID || a.Kind != "claim" || !a.Amount.Equal(*last.Amount) || !a.Limit.Equal(*usd("1000")) || current(t, h, f).Credit != c.was {
			t.Errorf("%s: %+v waits for %+v", c.name, last, a)
		}
		if _, err := h.Respond.Approve(storetest.As(t, c.role, "north"), a.ID, "approve", "fine", a.Revision); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: who did it approved it: %v", c.name, err)
		}
		if _, err := h.Respond.Approve(person(t, "usr_second", pact.Approver), a.ID, "approve", "fine", a.Revision); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		cl = apitest.One(t, h.Store.Reads().Claims, store.Eq("finding_id", f.ID))
		last = cl.Steps[len(cl.Steps)-1]
		if now := current(t, h, f); now.Credit != c.is || cl.State != c.is || last.Held != "" || last.ApprovedBy != "usr_second" || last.By == "usr_second" {
			t.Errorf("%s: the credit is %s, the step %+v", c.name, now.Credit, last)
		}
	}
}

func TestAnActThatWaitsChangesNothingAndCanBeReplaced(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	f := sided(t, h, "theirs", "500")
	ask := func(amount string) pact.Approval {
		t.Helper()
		if _, _, err := claim(t, h, pact.Reviewer, f, respond.ClaimAct{Kind: "claim", Amount: usd(amount), Reason: "more"}); err != nil {
			t.Fatal(err)
		}
		return apitest.One(t, h.Store.Reads().Approvals, store.Eq("finding_id", f.ID), store.Eq("state", "waiting"))
	}
	first, second := ask("5000"), ask("700")
	if now := apitest.One(t, h.Store.Reads().Approvals, store.Eq("id", first.ID)); now.State != "withdrawn" {
		t.Errorf("the act that was replaced is %s", now.State)
	}
	if _, err := h.Respond.Approve(person(t, "usr_second", pact.Approver), second.ID, "refuse", "no travel", second.Revision); err != nil {
		t.Fatal(err)
	}
	c := apitest.One(t, h.Store.Reads().Claims, store.Eq("finding_id", f.ID))
	if now := current(t, h, f); now.Credit != pact.CreditDue || c.Claimed != nil || len(c.Steps) != 2 || c.Steps[0].Held != "withdrawn" || c.Steps[1].Held != "refused" {
		t.Errorf("the credit is %s, %+v", now.Credit, c)
	}
	third := ask("5000")
	if _, err := h.Respond.Decide(storetest.As(t, pact.Approver, "north"), f.ID, "waive", "settled otherwise", current(t, h, f).Revision); err != nil {
		t.Fatal(err)
	}
	if now := apitest.One(t, h.Store.Reads().Approvals, store.Eq("id", third.ID)); now.State != "withdrawn" {
		t.Errorf("the finding is waived, and the approval %s", now.State)
	}
}

func TestWhatGivesMoneyUpDependsOnWhoOwesIt(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	for _, c := range []struct {
		side, claimed, agreed string
		role                  pact.Role
		denied                bool
	}{
		{"ours", "500", "400", pact.Reviewer, false}, // we pay less
		{"ours", "400", "500", pact.Reviewer, true},  // we pay more than they ask
		{"ours", "400", "500", pact.Approver, false},
		{"theirs", "500", "400", pact.Reviewer, true},
		{"theirs", "500", "400", pact.Approver, false},
	} {
		f := sided(t, h, c.side, "500")
		if _, _, err := claim(t, h, pact.Approver, f, respond.ClaimAct{Kind: "claim", Amount: usd(c.claimed), Reason: "as they write"}); err != nil {
			t.Fatal(err)
		}
		got, _, err := claim(t, h, c.role, f, respond.ClaimAct{Kind: "agree", Amount: usd(c.agreed), Reason: "one day counted otherwise"})
		if c.denied != fault.Is(err, fault.Denied) || !c.denied && (err != nil || got.Credit != pact.CreditAgreed) {
			t.Errorf("%s, agreed at %s of %s by %s: %s, %v", c.side, c.agreed, c.claimed, c.role, got.Credit, err)
		}
	}
}

func TestACreditAboveTheLimitThatWasApprovedIsClaimedByOnePerson(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	f := sided(t, h, "theirs", "5000")
	a := apitest.One(t, h.Store.Reads().Approvals, store.Eq("finding_id", f.ID))
	if _, err := h.Respond.Approve(person(t, "usr_second", pact.Approver), a.ID, "approve", "fine", a.Revision); err != nil {
		t.Fatal(err)
	}
	for _, act := range []respond.ClaimAct{{Kind: "claim"}, {Kind: "agree"}, {Kind: "settle", Reference: "CN-9"}} {
		if _, c, err := claim(t, h, pact.Reviewer, f, act); err != nil || c.Steps[len(c.Steps)-1].Held != "" {
			t.Fatalf("%s: %+v, %v", act.Kind, c, err)
		}
	}
}

func TestSettlementsAddUp(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		f := sided(t, h, "theirs", "500")
		for _, s := range []struct {
			act   respond.ClaimAct
			want  pact.CreditState
			total string
		}{
			{respond.ClaimAct{Kind: "claim"}, pact.CreditClaimed, ""},
			{respond.ClaimAct{Kind: "agree"}, pact.CreditAgreed, ""},
			{respond.ClaimAct{Kind: "settle", Amount: usd("200"), Reference: "CN-1"}, pact.CreditAgreed, "200"},
			{respond.ClaimAct{Kind: "settle", Amount: usd("100.50"), Reference: "CN-2"}, pact.CreditAgreed, "300.50"},
			{respond.ClaimAct{Kind: "settle", Reference: "CN-3"}, pact.CreditSettled, "500"}, // the rest
		} {
			got, c, err := claim(t, h, pact.Reviewer, f, s.act)
			if err != nil || got.Credit != s.want || c.State != s.want || s.total != "" && (c.Settled == nil || !c.Settled.Equal(*usd(s.total))) {
				t.Fatalf("%s %s: %s, %+v, %v", s.act.Kind, s.act.Reference, got.Credit, c, err)
			}
		}
		c := apitest.One(t, h.Store.Reads().Claims, store.Eq("finding_id", f.ID))
		if last := c.Steps[len(c.Steps)-1]; !last.Amount.Equal(*usd("199.50")) {
			t.Errorf("the last credit note was of %s", last.Amount)
		}
		short := sided(t, h, "theirs", "500")
		for _, act := range []respond.ClaimAct{{Kind: "claim"}, {Kind: "settle", Amount: usd("450"), Reference: "CN-4"}, {Kind: "agree", Amount: usd("450"), Reason: "we leave it at that"}} {
			if _, _, err := claim(t, h, pact.Approver, short, act); err != nil {
				t.Fatal(err)
			}
		}
		if now := current(t, h, short); now.Credit != pact.CreditSettled {
			t.Errorf("agreed at what was settled, the credit is %s", now.Credit)
		}
	})
}

func TestAmountsAndDaysOfAClaimAreChecked(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{}) // it is 2 March 2026
	f := sided(t, h, "theirs", "500")
	refused := func(what string, act respond.ClaimAct) {
		t.Helper()
		if _, _, err := claim(t, h, pact.Admin, f, act); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("more decimals than the currency has", respond.ClaimAct{Kind: "claim", Amount: usd("499.005"), Reason: "exact"})
	refused("a day ahead", respond.ClaimAct{Kind: "claim", On: "2099-12-31"})
	if _, _, err := claim(t, h, pact.Admin, f, respond.ClaimAct{Kind: "claim", Amount: usd("400.000"), Reason: "less"}); err != nil {
		t.Fatal(err)
	}
	if _, c, err := claim(t, h, pact.Reviewer, f, respond.ClaimAct{Kind: "agree", Amount: usd("450"), Reason: "they write so"}); err != nil || c.Steps[len(c.Steps)-1].Held != "waiting" || c.Agreed != nil {
		t.Errorf("agreed to more than was claimed: %+v, %v", c, err)
	}
	if _, _, err := claim(t, h, pact.Admin, f, respond.ClaimAct{Kind: "settle", Amount: usd("300"), Reference: "CN-1"}); err != nil {
		t.Fatal(err)
	}
	refused("less than was settled", respond.ClaimAct{Kind: "agree", Amount: usd("200"), Reason: "less"})
}

func TestAnUnclaimedCreditExpiresWhenItsLastDayIsOverEverywhere(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	last := calendar.DateIn(h.Clock.Now(), time.UTC).AddDays(10)
	f, taken := due(t, h, last), due(t, h, last)
	if _, _, err := claim(t, h, pact.Reviewer, taken, respond.ClaimAct{Kind: "claim"}); err != nil {
		t.Fatal(err)
	}
	h.Fire(t, last.AddDays(1).Time().Add(11*time.Hour))
	if now := current(t, h, f); now.Credit != pact.CreditDue {
		t.Fatalf("somewhere it is still %s, and the credit is %s", last, now.Credit)
	}
	h.Fire(t, last.AddDays(1).Time().Add(13*time.Hour))
	if now := current(t, h, f); now.Credit != pact.CreditExpired {
		t.Fatalf("the credit is %s", now.Credit)
	}
	if now := current(t, h, taken); now.Credit != pact.CreditClaimed {
		t.Errorf("what was claimed in time is %s", now.Credit)
	}
	before := current(t, h, f).Revision
	if err := h.Respond.ExpireClaim(storetest.System(t), job.ExpireClaim{FindingID: f.ID}); err != nil || current(t, h, f).Revision != before {
		t.Errorf("a second time changes the finding, or fails: %v", err)
	}
	if _, _, err := claim(t, h, pact.Reviewer, f, respond.ClaimAct{Kind: "claim"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("late, without a reason: %v", err)
	}
	if got, c, err := claim(t, h, pact.Reviewer, f, respond.ClaimAct{Kind: "claim", Reason: "they agreed to look at it"}); err != nil || got.Credit != pact.CreditClaimed || len(c.Steps) != 2 {
		t.Errorf("%s %+v %v", got.Credit, c, err)
	}
	if got, _, err := claim(t, h, pact.Approver, f, respond.ClaimAct{Kind: "withdraw", Reason: "they did not"}); err != nil || got.Credit != pact.CreditExpired {
		t.Errorf("taken back after its day, the credit is %s, %v", got.Credit, err)
	}
}

func TestAnApprovalThatNobodyGaveInTimeIsWithdrawn(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	last := calendar.DateIn(h.Clock.Now(), time.UTC).AddDays(3)
	f := answer(t, h, open(t, h, "5000", func(_ *pact.Contract, f *pact.Finding) { f.ClaimBy = last }))
	if f.Credit != pact.CreditWaiting {
		t.Fatalf("the credit is %s", f.Credit)
	}
	h.Fire(t, last.AddDays(2).Time())
	if now, a := current(t, h, f), apitest.One(t, h.Store.Reads().Approvals, store.Eq("finding_id", f.ID)); now.Credit != pact.CreditExpired || a.State != "withdrawn" {
		t.Errorf("the credit is %s, the approval %s", now.Credit, a.State)
	}
}

func TestDeadlinesFromBeforeAreArmedAtTheStart(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	last := calendar.DateIn(h.Clock.Now(), time.UTC).AddDays(3)
	f := due(t, h, last)
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		return tx.DropTimer(ctx, respond.ClaimTimer, string(f.ID))
	})
	if err := h.Respond.ArmClaims(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.Fire(t, last.AddDays(2).Time())
	if now := current(t, h, f); now.Credit != pact.CreditExpired {
		t.Errorf("the credit is %s", now.Credit)
	}
}
