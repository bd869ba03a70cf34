package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// reviewed reads a contract of the built-in engine alone as the product does, opens its review, and gives it as the API does.
func reviewed(t *testing.T, h *apitest.House, key string, number int) []pact.Candidate {
	t.Helper()
	ctx := storetest.System(t)
	sum, err := h.Blobs.Put(ctx, fmt.Appendf(nil, "SUPPLY AGREEMENT\nThis Agreement is made as of March 1, 2026 between Quarrel Stone Works, Inc. (“Customer”) and Works No. %d LLC (“Supplier”).\nThis Agreement is governed by the laws of the State of Ohio.\n", number))
	if err != nil {
		t.Fatal(err)
	}
	doc := pact.Document{BusinessUnit: "north", Filename: "supply.txt", State: pact.DocumentReceived, SHA256: sum}
	storetest.Must(ctx, t, h.Store, func(ctx context.Context, tx store.Tx) error {
		con := pact.Contract{ID: pact.NewID[pact.ContractID]("con", tx.Now), BusinessUnit: "north", State: pact.ContractReceived, Phase: "assisted"}
		con.FamilyID, con.SourceKey = con.ID, string(con.ID)
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		doc.ID, doc.ContractID = pact.NewID[pact.DocumentID]("doc", tx.Now), con.ID
		return tx.Documents.Insert(ctx, &doc)
	})
	r := read.New(read.Config{Store: h.Store, Blobs: h.Blobs, Parser: plainFiles{}, Extractors: []extract.Extractor{grammar.New()}, Weights: h.Review.Weights, Now: h.Clock.Now, Log: slog.New(slog.DiscardHandler)})
	if err := r.ReadDocument(ctx, job.ReadDocument{DocumentID: doc.ID}); err != nil {
		t.Fatal(err)
	}
	if err := h.Review.OpenReview(ctx, job.OpenReview{DocumentID: doc.ID}); err != nil {
		t.Fatal(err)
	}
	rev, err := h.Store.Reads().Reviews.One(ctx, store.Where(store.Eq("document_id", doc.ID)))
	if err != nil {
		t.Fatal(err)
	}
	var page struct{ Candidates []pact.Candidate }
	send(t, h, key, http.MethodGet, "/api/v1/reviews/"+string(rev.ID), nil).into(t, &page)
	return page.Candidates
}

func named(t *testing.T, list []pact.Candidate, name string) pact.Candidate {
	t.Helper()
	i := slices.IndexFunc(list, func(c pact.Candidate) bool { return c.Subject == "term" && c.Name == name })
	if i < 0 {
		t.Fatalf("%s was not read", name)
	}
	return list[i]
}

// With no language model, too, people's decisions move the confidences of what is read next: a field that is always wrong however sure the
// engine is comes before a person, and one that is always right no more. What was read before keeps what it had.
func TestThirtyDecisionsMoveTheNextContractOfTheBuiltInEngine(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		admin, reviewer := h.Key(t, pact.Admin), h.Key(t, pact.Reviewer)
		policy := func(named ...string) {
			t.Helper()
			body := object{"kind": "review", "body": object{"threshold": "0.85", "first_n": 0, "value_limits": []any{}, "named_fields": append([]string{}, named...), "phases": object{}}, "note": "n"}
			if got := send(t, h, admin, http.MethodPost, "/api/v1/policies", body); got.status != http.StatusCreated {
				t.Fatalf("%d %s", got.status, got.body)
			}
		}
		held := func(c pact.Candidate) bool { return slices.Contains(c.Reasons, "low_confidence") }
		policy()
		first := reviewed(t, h, reviewer, 0)
		law, title := named(t, first, "governing_law"), named(t, first, "title")
		if held(law) || law.State != pact.CandidateAccepted || !held(title) {
			t.Fatalf("before: law of %s held for %v, title of %s held for %v", law.Confidence, law.Reasons, title.Confidence, title.Reasons)
		}
		policy("governing_law")
		kansas := pact.Text("Kansas")
		for n := range 30 {
			list := reviewed(t, h, reviewer, n+1)
			for name, body := range map[string]object{"governing_law": {"kind": "correct", "value": kansas}, "title": {"kind": "accept"}} {
				c := named(t, list, name)
				if c.State == pact.CandidateAccepted && name == "title" { // sure enough meanwhile: nobody needs to look
					continue
				}
				body["revision"] = c.Revision
				if got := send(t, h, reviewer, http.MethodPost, "/api/v1/candidates/"+string(c.ID)+"/decisions", body); got.status != http.StatusOK {
					t.Fatalf("%s: %d %s", name, got.status, got.body)
				}
			}
		}
		policy()
		next := reviewed(t, h, reviewer, 31)
		nextLaw, nextTitle := named(t, next, "governing_law"), named(t, next, "title")
		if !held(nextLaw) || nextLaw.State != pact.CandidateOpen || !nextLaw.OwnConfidence[nextLaw.Extractor].Equal(law.Confidence) {
			t.Errorf("always wrong, and still: %s of its own %v, held for %v", nextLaw.Confidence, nextLaw.OwnConfidence, nextLaw.Reasons)
		}
		if held(nextTitle) || nextTitle.State != pact.CandidateAccepted || nextTitle.OwnConfidence[nextTitle.Extractor].String() != title.Confidence.String() {
			t.Errorf("always right, and still: %s of its own %v, held for %v", nextTitle.Confidence, nextTitle.OwnConfidence, nextTitle.Reasons)
		}
		if c, err := h.Store.Reads().Candidates.Get(storetest.System(t), string(law.ID)); err != nil || !c.Confidence.Equal(law.Confidence) {
			t.Errorf("what was read before has %s now, %v", c.Confidence, err)
		}
		var told struct{ Items []review.Calibration }
		send(t, h, reviewer, http.MethodGet, "/api/v1/calibration", nil).into(t, &told)
		var lines []string
		for _, r := range told.Items {
			lines = append(lines, fmt.Sprintf("%s: %d of %d, %s to %s", r.Field, r.Right, r.Decided, r.Own, r.Now))
		}
		for _, want := range []string{"governing_law: 0 of 30, 0.98 to 0.392", "title: 20 of 20, 0.82 to 0.91"} {
			if !slices.Contains(lines, want) {
				t.Errorf("%q is not in %q", want, lines)
			}
		}
	})
}
