package review_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// long tells of an outage of ten hours in February: 98.5 %, which the table of gappy gives 25 % for.
func long(t *testing.T, h *apitest.House, con pact.Contract) {
	t.Helper()
	begins := time.Date(2026, 2, 10, 8, 0, 0, 0, time.UTC)
	_, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{{ExternalID: "long " + con.Number, Kind: "outage", Subject: "Cloud", OccurredAt: begins, Data: pact.EventData{Service: "Cloud", EndAt: begins.Add(10 * time.Hour), Contract: con.Number}}})
	if err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
}

// charged states what was charged for some months.
func charged(t *testing.T, h *apitest.House, con pact.Contract, months ...string) {
	t.Helper()
	for _, month := range months {
		if _, err := h.Exchange.RecordCharge(as(t, "usr_mira", pact.Reviewer), con.ID, charge(month, "5000.00")); err != nil {
			t.Fatal(err)
		}
	}
	h.Settle(t)
}

// finding of a contract and a month. What it comes to is its amount, or what the amount waits for.
func finding(t *testing.T, h *apitest.House, con pact.Contract, month string) pact.Finding {
	t.Helper()
	for _, f := range apitest.All(t, h.Store.Reads().Findings, store.Eq("contract_id", con.ID)) {
		if strings.Contains(f.Subject, month) {
			return f
		}
	}
	t.Fatalf("%s has no finding of %s", con.Number, month)
	return pact.Finding{}
}

func comesTo(f pact.Finding) string {
	if f.Amount == nil {
		return string(f.Credit)
	}
	return f.Amount.String()
}

// stating is an answer to what a finding asks, that states the table of credits.
func stating(t *testing.T, h *apitest.House, f pact.Finding, tiers string) review.Answer {
	t.Helper()
	if len(f.Assessment.Ambiguities) == 0 {
		t.Fatalf("%s asks nothing: %+v", f.Subject, f.Assessment)
	}
	o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("id", review.Asked(f)))
	return review.Answer{Question: f.Assessment.Ambiguities[0].Question, Params: json.RawMessage(`{"tiers":` + tiers + `}`), Reason: "Annex 2 says so.", Revision: o.Revision}
}

// In two answers a credit could be lowered by one person: the first makes of it a question, the second answers that with little.
func TestAnAnswerThatMakesAQuestionOfAKnownCreditWaitsForASecondPerson(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := gap(t, h)
		long(t, h, con)
		charged(t, h, con, "2026-01", "2026-02")
		asks, known := finding(t, h, con, "2026-01"), finding(t, h, con, "2026-02")
		if comesTo(asks) != "ambiguous" || comesTo(known) != "1250.00 USD" {
			t.Fatalf("before: %s, %s", comesTo(asks), comesTo(known))
		}
		mira, ann := as(t, "usr_mira", pact.Reviewer), as(t, "usr_ann", pact.Approver)
		const opens = `[{"from":"99","below":"99.9","credit":"10"},{"below":"98","credit":"25"}]` // February lies in a gap
		out, err := h.Review.Answer(mira, asks.ID, stating(t, h, asks, opens))
		if err != nil || out.Waiting == nil || len(out.Waiting.Answer.Lowers) != 1 {
			t.Fatalf("an answer that opens a gap under February does not wait: %+v %v", out, err)
		}
		if l := out.Waiting.Answer.Lowers[0]; l.FindingID != known.ID || l.WasAmount.String() != "1250.00 USD" || l.IsAmount != nil || l.Is != pact.Breached {
			t.Errorf("what it takes back: %+v", l)
		}
		h.Settle(t)
		if f := finding(t, h, con, "2026-02"); comesTo(f) != "1250.00 USD" || len(f.Assessment.Ambiguities) != 0 {
			t.Errorf("while it waits, February is %s and asks %v", comesTo(f), f.Assessment.Ambiguities)
		}
		// A second person let it be a question: choosing little lowers no amount that was known.
		if _, err := h.Review.ApproveAnswer(ann, out.Waiting.ID, "approve", "", out.Waiting.Revision); err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		open := finding(t, h, con, "2026-02")
		out, err = h.Review.Answer(mira, open.ID, stating(t, h, open, `[{"from":"99","below":"99.9","credit":"10"},{"below":"99","credit":"11"}]`))
		if err != nil || out.Waiting != nil {
			t.Fatalf("the answer to the question that was approved: %+v %v", out, err)
		}
		h.Settle(t)
		if jan, feb := finding(t, h, con, "2026-01"), finding(t, h, con, "2026-02"); comesTo(jan) != "500.00 USD" || comesTo(feb) != "550.00 USD" {
			t.Errorf("after both: %s, %s", comesTo(jan), comesTo(feb))
		}
	})
}

const low = `[{"below":"99.9","credit":"5"}]`

func TestWhatAnApproverDidNotSeeIsNotApproved(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := gap(t, h)
		long(t, h, con)
		charged(t, h, con, "2026-01", "2026-02")
		mira, ann := as(t, "usr_mira", pact.Reviewer), as(t, "usr_ann", pact.Approver)
		asks := finding(t, h, con, "2026-01")
		out, err := h.Review.Answer(mira, asks.ID, stating(t, h, asks, low))
		if err != nil || out.Waiting == nil {
			t.Fatalf("%+v %v", out, err)
		}
		bill := apitest.All(t, h.Store.Reads().Events, store.Eq("kind", "charge"))
		more := money.New(decimal.NewFromInt(50000), "USD")
		for _, e := range bill {
			if e.Data.Month != "2026-02" {
				continue
			}
			if _, err := h.Exchange.CorrectCharge(mira, con.ID, exchange.CorrectedCharge{EventID: e.ID, Amount: &more, Reason: "A digit was missing."}); err != nil {
				t.Fatal(err)
			}
		}
		h.Settle(t)
		_, err = h.Review.ApproveAnswer(ann, out.Waiting.ID, "approve", "", out.Waiting.Revision)
		if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "takes back other things now") {
			t.Fatalf("ten times as much as was seen is approved: %v", err)
		}
		w := apitest.One(t, h.Store.Reads().Approvals, store.Eq("id", out.Waiting.ID))
		if w.State != "waiting" || w.Revision <= out.Waiting.Revision || len(w.Answer.Lowers) != 1 || w.Answer.Lowers[0].WasAmount.String() != "12500.00 USD" || w.Answer.Lowers[0].IsAmount.String() != "2500.00 USD" {
			t.Errorf("it waits on as %+v, with %+v", w, w.Answer)
		}
		if n := len(apitest.All(t, h.Store.Reads().Versions)); n != 1 {
			t.Errorf("%d versions", n)
		}
		trail, err := h.Store.Audit().List(storetest.As(t, pact.Admin, "north"), store.AuditQuery{Subject: string(w.ID), Act: "answer.foresee", Limit: 10})
		if err != nil || len(trail.Items) != 1 || trail.Items[0].ActorID != "usr_ann" {
			t.Errorf("the audit log has %+v %v", trail.Items, err)
		}
		if _, err := h.Review.ApproveAnswer(ann, w.ID, "approve", "", out.Waiting.Revision); !fault.Is(err, fault.Conflict) {
			t.Errorf("approved as it was seen before: %v", err)
		}
		if _, err := h.Review.ApproveAnswer(ann, w.ID, "approve", "", w.Revision); err != nil {
			t.Errorf("approved as it is seen now: %v", err)
		}
		h.Settle(t)
		if f := finding(t, h, con, "2026-02"); comesTo(f) != "2500.00 USD" {
			t.Errorf("then February comes to %s", comesTo(f))
		}
	})
}

func TestWhatIsReportedWhileAnAnswerIsForeseenIsForeseenToo(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := gap(t, h)
		long(t, h, con)
		mira := as(t, "usr_mira", pact.Reviewer)
		asks := finding(t, h, con, "2026-01")
		times, always := 0, false
		desk := review.New(review.Config{Store: h.Store, Now: h.Clock.Now, Foresee: func(ctx context.Context, id pact.ObligationID, params json.RawMessage) ([]pact.Lowered, error) {
			lowers, err := h.Insight.Foresee(ctx, id, params)
			if times++; times == 1 && !always { // without its charge nothing is known of February yet
				charged(t, h, con, "2026-02")
			}
			if always {
				begins := time.Date(2026, 2, 20, 8, times, 0, 0, time.UTC)
				if _, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{{ExternalID: begins.String(), Kind: "outage", Subject: "Mail", OccurredAt: begins, Data: pact.EventData{Service: "Mail", EndAt: begins.Add(time.Second), Contract: con.Number}}}); err != nil {
					t.Error(err)
				}
				h.Settle(t)
			}
			return lowers, err
		}})
		out, err := desk.Answer(mira, asks.ID, stating(t, h, asks, low))
		if err != nil || out.Waiting == nil || len(out.Waiting.Answer.Lowers) != 1 || out.Waiting.Answer.Lowers[0].WasAmount.String() != "1250.00 USD" || times != 2 {
			t.Fatalf("foreseen %d times: %+v %v", times, out, err)
		}
		if _, err := desk.ApproveAnswer(as(t, "usr_ann", pact.Approver), out.Waiting.ID, "refuse", "", out.Waiting.Revision); err != nil {
			t.Fatal(err)
		}
		always = true
		if _, err := desk.Answer(mira, asks.ID, stating(t, h, asks, low)); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "try again") {
			t.Errorf("while it never comes to rest: %v", err)
		}
		if n := len(apitest.All(t, h.Store.Reads().Versions)); n != 1 {
			t.Errorf("%d versions", n)
		}
	})
}

// under publishes a statement of work under a contract.
func under(t *testing.T, h *apitest.House, head pact.Contract, number string, candidates ...pact.Candidate) pact.Contract {
	t.Helper()
	con := pact.Contract{BusinessUnit: "north", State: pact.ContractReceived, Phase: "assisted", Number: number, ParentID: head.ID, FamilyID: head.FamilyID, Relation: "sow", SourceKey: number}
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		con.ID = pact.NewID[pact.ContractID]("con", tx.Now)
		return tx.Contracts.Insert(ctx, &con)
	})
	read(t, h, &con, nil, append(sure(), candidates...)...)
	h.Settle(t)
	return apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID))
}

func TestAnAnswerAboutOneStatementOfWorkIsNotAboutItsNeighbour(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Work(t)
		policy(t, h, lenient)
		head := master(t, h, "MSA-1")
		a, b := under(t, h, head, "SOW-A", gappy()), under(t, h, head, "SOW-B", gappy())
		down(t, h, a, time.January)
		long(t, h, b)
		charged(t, h, a, "2026-01")
		charged(t, h, b, "2026-02")
		asks, theirs := finding(t, h, a, "2026-01"), finding(t, h, b, "2026-02")
		if comesTo(asks) != "ambiguous" || comesTo(theirs) != "1250.00 USD" {
			t.Fatalf("before: %s, %s", comesTo(asks), comesTo(theirs))
		}
		out, err := h.Review.Answer(as(t, "usr_mira", pact.Reviewer), asks.ID, stating(t, h, asks, low))
		if err != nil || out.Waiting != nil {
			t.Fatalf("an answer that takes nothing of its own back: %+v %v", out, err)
		}
		h.Settle(t)
		if asks, theirs = finding(t, h, a, "2026-01"), finding(t, h, b, "2026-02"); comesTo(asks) != "250.00 USD" || comesTo(theirs) != "1250.00 USD" {
			t.Errorf("after: %s, %s", comesTo(asks), comesTo(theirs))
		}
	})
}

func TestAnAnswerAboutAMasterReachesWhatItPassesOnAndNothingElse(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Work(t)
		policy(t, h, lenient)
		head := pact.Contract{Number: "MSA-1"}
		read(t, h, &head, nil, append(sure(), gappy())...)
		h.Settle(t)
		head = apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", head.ID))
		o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("key", "availability"))
		mira := as(t, "usr_mira", pact.Reviewer)
		o, err := h.Review.SetCascade(mira, o.ID, &pact.Cascade{To: []string{"sow"}}, o.Revision)
		if err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		heir, own := under(t, h, head, "SOW-A"), under(t, h, head, "SOW-B", gappy())
		down(t, h, head, time.January)
		long(t, h, heir)
		long(t, h, own)
		charged(t, h, head, "2026-01")
		for _, c := range []pact.Contract{heir, own} {
			amount := money.New(decimal.NewFromInt(5000), "USD")
			_, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{{ExternalID: "bill " + c.Number, Kind: "charge", Subject: "Cloud", OccurredAt: time.Date(2026, 2, 28, 12, 0, 0, 0, time.UTC), Data: pact.EventData{Service: "Cloud", Month: "2026-02", Amount: &amount, Contract: c.Number}}})
			if err != nil {
				t.Fatal(err)
			}
		}
		h.Settle(t)
		asks, passed, theirs := finding(t, h, head, "2026-01"), finding(t, h, heir, "2026-02"), finding(t, h, own, "2026-02")
		if comesTo(asks) != "ambiguous" || comesTo(passed) != "1250.00 USD" || comesTo(theirs) != "1250.00 USD" {
			t.Fatalf("before: %s, %s, %s", comesTo(asks), comesTo(passed), comesTo(theirs))
		}
		out, err := h.Review.Answer(mira, asks.ID, stating(t, h, asks, low))
		if err != nil || out.Waiting == nil {
			t.Fatalf("%+v %v", out, err)
		}
		if l := out.Waiting.Answer.Lowers; len(l) != 1 || l[0].FindingID != passed.ID || l[0].ContractID != heir.ID {
			t.Errorf("it takes back %+v, want the finding %s of the contract that has it from above", l, passed.ID)
		}
	})
}
