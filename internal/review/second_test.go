package review_test

import (
	"context"
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

// January lies in the gap of the table; February gives 25 % by it. A table that closes the gap and gives 5 % takes most of February back.
func TestAnAnswerThatTakesACreditBackWaitsForASecondPerson(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := gap(t, h)
		long(t, h, con)
		charged(t, h, con, "2026-01", "2026-02")
		mira, ann := as(t, "usr_mira", pact.Reviewer), as(t, "usr_ann", pact.Approver)
		amounts := func() map[string]string {
			out := map[string]string{}
			for _, f := range apitest.All(t, h.Store.Reads().Findings) {
				out[f.Subject] = string(f.Credit)
				if f.Amount != nil {
					out[f.Subject] = f.Amount.String()
				}
			}
			return out
		}
		before := amounts()
		var asks, known pact.Finding
		for _, f := range apitest.All(t, h.Store.Reads().Findings) {
			if f.Amount == nil {
				asks = f
			} else {
				known = f
			}
		}
		if known.Amount == nil || known.Amount.String() != "1250.00 USD" || asks.Credit != pact.CreditAmbiguous {
			t.Fatalf("before the answer: %v", before)
		}
		o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("key", "availability"))
		a := review.Answer{Question: asks.Assessment.Ambiguities[0].Question, Params: json.RawMessage(`{"tiers":[{"below":"99.9","credit":"5"}]}`), Reason: "Annex 2 says so.", Revision: o.Revision}
		out, err := h.Review.Answer(mira, asks.ID, a)
		if err != nil {
			t.Fatal(err)
		}
		if out.Waiting == nil || out.Decision != nil || out.Version != 1 || len(out.Waiting.Answer.Lowers) != 1 {
			t.Fatalf("the answer does not wait: %+v", out)
		}
		if l := out.Waiting.Answer.Lowers[0]; l.FindingID != known.ID || l.WasAmount.String() != "1250.00 USD" || l.IsAmount.String() != "250.00 USD" {
			t.Errorf("what it takes back: %+v", l)
		}
		h.Settle(t)
		if got := amounts(); len(got) != 2 || got[known.Subject] != before[known.Subject] || got[asks.Subject] != before[asks.Subject] || len(apitest.All(t, h.Store.Reads().Versions)) != 1 {
			t.Errorf("while it waits: %v, before %v", got, before)
		}
		if _, err := h.Review.Answer(mira, asks.ID, a); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "waits for a second person") {
			t.Errorf("a second answer beside it: %v", err)
		}
		w := out.Waiting
		key := pact.WithActor(t.Context(), pact.Actor{ID: "key_1", Kind: "key", Role: pact.Approver, Units: []string{"north"}})
		for name, err := range map[string]error{
			"by who answered":      errOf(h.Review.ApproveAnswer(as(t, "usr_mira", pact.Admin), w.ID, "approve", "", w.Revision)),
			"by a reviewer":        errOf(h.Review.ApproveAnswer(as(t, "usr_rolf", pact.Reviewer), w.ID, "approve", "", w.Revision)),
			"by a key":             errOf(h.Review.ApproveAnswer(key, w.ID, "approve", "", w.Revision)),
			"as if it were money":  errOf(h.Respond.Approve(ann, w.ID, "approve", "", w.Revision)),
			"as it was seen later": errOf(h.Review.ApproveAnswer(ann, w.ID, "approve", "", w.Revision+1)),
			"in another way":       errOf(h.Review.ApproveAnswer(ann, w.ID, "nod", "", w.Revision)),
		} {
			if fault.Of(err) == nil {
				t.Errorf("it is approved %s: %v", name, err)
			}
		}
		if _, err := h.Review.ApproveAnswer(ann, w.ID, "refuse", "not what annex 2 says", w.Revision); err != nil {
			t.Fatal(err)
		}
		if out, err = h.Review.Answer(mira, asks.ID, a); err != nil || out.Waiting == nil {
			t.Fatalf("after a refusal the question is open: %+v %v", out, err)
		}
		takenBack(t, h, out.Waiting.ID)
		if out, err = h.Review.Answer(mira, asks.ID, a); err != nil || out.Waiting == nil {
			t.Fatalf("after it was taken back the question is open: %+v %v", out, err)
		}
		row, err := h.Review.ApproveAnswer(ann, out.Waiting.ID, "approve", "", out.Waiting.Revision)
		if err != nil || row.State != "approved" || row.DecidedBy != "usr_ann" {
			t.Fatalf("%+v %v", row, err)
		}
		h.Settle(t)
		if got := amounts(); got[known.Subject] != "250.00 USD" || got[asks.Subject] != "250.00 USD" {
			t.Errorf("after the second person: %v", got)
		}
		if d := apitest.One(t, h.Store.Reads().Decisions, store.Eq("kind", "answer")); d.By != "usr_mira" {
			t.Errorf("the decision is by %s", d.By)
		}
		if _, err := h.Review.ApproveAnswer(ann, out.Waiting.ID, "approve", "", row.Revision); !fault.Is(err, fault.Conflict) {
			t.Errorf("approved twice: %v", err)
		}
		if _, err := h.Review.WithdrawAnswer(mira, out.Waiting.ID, "too late"); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "approved meanwhile") {
			t.Errorf("taken back once it was approved: %v", err)
		}
	})
}

// takenBack has mira take back her answer: nobody else may, twice is once, and nobody approves it afterwards.
func takenBack(t *testing.T, h *apitest.House, id pact.ApprovalID) {
	t.Helper()
	for name, who := range map[string]context.Context{"another reviewer": as(t, "usr_rolf", pact.Reviewer), "an approver": as(t, "usr_ann", pact.Approver), "an administrator": as(t, "usr_root", pact.Admin)} {
		if _, err := h.Review.WithdrawAnswer(who, id, "not mine"); !fault.Is(err, fault.Denied) {
			t.Errorf("%s takes it back: %v", name, err)
		}
	}
	var first pact.Approval
	for i, reason := range []string{"a slip", "again"} {
		row, err := h.Review.WithdrawAnswer(as(t, "usr_mira", pact.Reviewer), id, reason)
		if err != nil || row.State != "withdrawn" || row.DecidedBy != "usr_mira" || row.Reason != "a slip" {
			t.Fatalf("taken back: %+v %v", row, err)
		}
		if i == 0 {
			first = row
		} else if row.Revision != first.Revision {
			t.Errorf("taken back twice it changed: %+v", row)
		}
	}
	trail, err := h.Store.Audit().List(storetest.As(t, pact.Admin, "north"), store.AuditQuery{Subject: string(id), Act: "answer.withdraw", Limit: 10})
	if err != nil || len(trail.Items) != 1 || trail.Items[0].ActorID != "usr_mira" {
		t.Errorf("the audit log has %+v %v", trail.Items, err)
	}
	if _, err := h.Review.ApproveAnswer(as(t, "usr_ann", pact.Approver), id, "approve", "", first.Revision); !fault.Is(err, fault.Conflict) {
		t.Errorf("approved after it was taken back: %v", err)
	}
}

func TestAnAnswerThatWaitedTooLongIsOnlyRefused(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	gap(t, h)
	f, o := apitest.One(t, h.Store.Reads().Findings), apitest.One(t, h.Store.Reads().Obligations, store.Eq("key", "availability"))
	mira, ann := as(t, "usr_mira", pact.Reviewer), as(t, "usr_ann", pact.Approver)
	// What can not be foreseen waits, too.
	desk := review.New(review.Config{Store: h.Store, Now: h.Clock.Now, Foresee: func(_ context.Context, id pact.ObligationID, _ json.RawMessage) ([]pact.Lowered, error) {
		return []pact.Lowered{{Title: string(id), Note: "It can not be told."}}, nil
	}})
	q := f.Assessment.Ambiguities[0]
	out, err := desk.Answer(mira, f.ID, review.Answer{Question: q.Question, Reading: q.Outcomes[0].Reading, Reason: "because", Revision: o.Revision})
	if err != nil || out.Waiting == nil {
		t.Fatalf("%+v %v", out, err)
	}
	if _, err := h.Review.SetOwner(mira, o.ID, "new@example.com", o.Revision); err != nil { // the obligation moves on
		t.Fatal(err)
	}
	if _, err := desk.ApproveAnswer(ann, out.Waiting.ID, "approve", "", out.Waiting.Revision); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "Refuse this answer") {
		t.Errorf("an answer to what was seen before: %v", err)
	}
	if _, err := desk.ApproveAnswer(ann, out.Waiting.ID, "refuse", "", out.Waiting.Revision); err != nil {
		t.Errorf("refusing it: %v", err)
	}
}

func errOf[T any](_ T, err error) error { return err }
