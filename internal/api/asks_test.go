package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// The page of a contract asks what its obligations leave open: what a finding asks is answered there, what none asks here.
func TestObligationsShowWhatTheyAskAndWhereItIsAnswered(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	f := openQuestion(h, h.Seed(t, "north", "asks"))
	type asked struct {
		Question     pact.Ambiguity
		OccurrenceID pact.OccurrenceID `json:"occurrence_id"`
		FindingID    pact.FindingID    `json:"finding_id"`
		Asked        pact.Obligation
		Waiting      *pact.Approval
	}
	read := func() []asked {
		t.Helper()
		a := send(t, h, h.Key(t, pact.Viewer), http.MethodGet, "/api/v1/contracts/"+string(f.ContractID)+"/obligations", nil)
		var page struct {
			Items []struct{ Asks []asked }
		}
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || len(page.Items) != 1 {
			t.Fatalf("%d %s: %v", a.status, a.body, err)
		}
		var out []asked
		for _, x := range page.Items[0].Asks {
			if x.OccurrenceID != "" {
				out = append(out, x)
			}
		}
		return out
	}
	list := read()
	if len(list) != 1 || list[0].FindingID != f.ID || list[0].OccurrenceID != f.OccurrenceID || list[0].Question.Question != "Which row holds?" || list[0].Asked.Revision != 1 {
		t.Fatalf("with a finding: %+v", list)
	}
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		x, err := tx.Findings.Lock(ctx, string(f.ID))
		if err != nil {
			return err
		}
		x.Assessment.Ambiguities = nil
		return tx.Findings.Update(ctx, &x)
	})
	if list = read(); len(list) != 1 || list[0].FindingID != "" {
		t.Fatalf("no finding asks it: %+v", list)
	}
	// An answer that waits stands beside the question, and is taken back there.
	reviewer, other := h.Key(t, pact.Reviewer), h.Key(t, pact.Reviewer)
	var me struct{ Actor pact.Actor }
	send(t, h, reviewer, http.MethodGet, "/api/v1/session", nil).into(t, &me)
	var waits pact.Approval
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		waits = pact.Approval{BusinessUnit: "north", ContractID: f.ContractID, Kind: "answer", State: "waiting", Answer: &pact.WaitingAnswer{ObligationID: list[0].Asked.ID, Question: "Which row holds?", Reading: "the row below", Reason: "said", By: me.Actor.ID}}
		return tx.Approvals.Insert(ctx, &waits)
	})
	if list = read(); len(list) != 1 || list[0].Waiting == nil || list[0].Waiting.Answer.By != me.Actor.ID || list[0].Waiting.Answer.Reason != "said" {
		t.Fatalf("with an answer that waits: %+v", list)
	}
	withdrawal := "/api/v1/approvals/" + string(list[0].Waiting.ID) + "/withdrawal"
	if a := send(t, h, other, http.MethodPost, withdrawal, object{}); a.status != http.StatusForbidden {
		t.Errorf("taken back by somebody else: %d %s", a.status, a.body)
	}
	for range 2 { // the second time it changes nothing
		var row pact.Approval
		a := send(t, h, reviewer, http.MethodPost, withdrawal, object{"reason": "a slip"})
		if a.into(t, &row); a.status != http.StatusOK || row.State != "withdrawn" || row.Reason != "a slip" {
			t.Errorf("taken back: %d %s", a.status, a.body)
		}
	}
	if list = read(); len(list) != 1 || list[0].Waiting != nil {
		t.Fatalf("after it was taken back: %+v", list)
	}
	body := object{"occurrence_id": list[0].OccurrenceID, "question": list[0].Question.Question, "reading": "the row below", "reason": "as signed", "revision": list[0].Asked.Revision}
	if a := send(t, h, h.Key(t, pact.Reviewer), http.MethodPost, "/api/v1/obligations/"+string(list[0].Asked.ID)+"/answer", body); a.status != http.StatusOK {
		t.Errorf("the answer: %d %s", a.status, a.body)
	}
}
