package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

const thirtySixty = `SERVICES AGREEMENT

This Services Agreement is made as of May 1, 2025 between Halden Systems, Inc. and Kestrel Freight LLC.

1. TERM

1.1 This Agreement begins on May 1, 2025 and continues for an initial term of one (1) year.

1.2 This Agreement shall automatically renew for successive terms of one (1) year each, unless either party gives written notice of non-renewal at least thirty (60) days prior to the end of the then-current term.
`

// The reader decides once what "thirty (60) days" means, at the term; the obligation that was read from the same words then asks
// nothing any more, says the same, and can be accepted as it stands. Taking the answer back asks again.
func TestTheAnswerAtATermSettlesTheObligationReadFromTheSameWords(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		doc := readAs(t, h, "north", "kestrel.txt", thirtySixty)
		if err := h.Review.OpenReview(storetest.System(t), job.OpenReview{DocumentID: doc.ID}); err != nil {
			t.Fatal(err)
		}
		rev := apitest.One(t, h.Store.Reads().Reviews, store.Eq("document_id", doc.ID))
		key := h.Key(t, pact.Reviewer, "north")
		type page struct{ Candidates []pact.Candidate }
		see := func(name string) pact.Candidate {
			t.Helper()
			var p page
			send(t, h, key, http.MethodGet, "/api/v1/reviews/"+string(rev.ID), nil).into(t, &p)
			i := slices.IndexFunc(p.Candidates, func(c pact.Candidate) bool { return c.Name == name })
			if i < 0 {
				t.Fatalf("%s is not in the review", name)
			}
			return p.Candidates[i]
		}
		decide := func(name string, status int, body object) {
			t.Helper()
			c := see(name)
			body["revision"] = c.Revision
			if got := send(t, h, key, http.MethodPost, "/api/v1/candidates/"+string(c.ID)+"/decisions", body); got.status != status {
				t.Fatalf("%s: %d, not %d: %s", name, got.status, status, got.body)
			}
		}

		if c := see("renewal_notice"); len(c.Ambiguities) != 1 || len(c.Ambiguities[0].Readings) != 2 {
			t.Fatalf("the obligation asks %+v", c.Ambiguities)
		}
		decide("renewal_notice", http.StatusUnprocessableEntity, object{"kind": "accept"})
		decide("notice_period", http.StatusOK, object{"kind": "correct", "value": object{"kind": "duration", "duration": object{"value": 60, "unit": "day"}}, "reason": "the figures"})
		if c := see("renewal_notice"); len(c.Ambiguities) != 0 || c.Obligation.Title != "Notice of 60 days before the renewal" || len(c.Obligation.Ambiguities) != 0 || c.State != pact.CandidateOpen {
			t.Fatalf("after the answer the obligation asks %+v and is %+v", c.Ambiguities, c.Obligation)
		}
		decide("notice_period", http.StatusOK, object{"kind": "restore"})
		if c := see("renewal_notice"); len(c.Ambiguities) != 1 {
			t.Fatalf("the answer was taken back, and the obligation asks %+v", c.Ambiguities)
		}
		decide("notice_period", http.StatusOK, object{"kind": "correct", "value": object{"kind": "duration", "duration": object{"value": 60, "unit": "day"}}, "reason": "the figures"})
		decide("renewal_notice", http.StatusOK, object{"kind": "accept"})
		for _, c := range apitest.All(t, h.Store.Reads().Candidates, store.Eq("review_id", rev.ID), store.In("state", []string{"open", "not_found"})) {
			kind := "accept"
			if c.State == pact.CandidateNotFound || len(c.Ambiguities) > 0 {
				kind = "reject"
			}
			decide(c.Name, http.StatusOK, object{"kind": kind})
		}
		now := apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", rev.ID))
		if got := send(t, h, key, http.MethodPost, "/api/v1/reviews/"+string(rev.ID)+"/finish", object{"revision": now.Revision}); got.status != http.StatusOK {
			t.Fatal(got.status, got.body)
		}
		o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", doc.ContractID), store.Eq("kind", "renewal_notice"))
		if o.Title != "Notice of 60 days before the renewal" || len(o.Ambiguities) != 0 {
			t.Errorf("published: %+v", o)
		}
		// The term ends on 30 April 2026; sixty days before it is Sunday, 1 March, so the notice goes out on Friday.
		if con := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", doc.ContractID)); con.SendBy != "2026-02-27" {
			t.Errorf("send by %s", con.SendBy)
		}
		dec := apitest.One(t, h.Store.Reads().Decisions, store.Eq("id", o.DecisionID))
		if dec.Reason != "Notice period was decided: 60 days" {
			t.Errorf("the decision on the obligation says %q", dec.Reason)
		}
	})
}

const netThirty = `SERVICES AGREEMENT

This Services Agreement is made as of May 1, 2025 between Halden Systems, Inc. ("Provider") and Kestrel Freight LLC ("Customer").

1. Customer shall pay each undisputed invoice within thirty (30) days after receipt.
`

// Payment terms that a reviewer corrects are followed as corrected, though the obligation that was read from the same words is accepted.
func TestCorrectedPaymentTermsAreFollowedAsCorrected(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		doc := readAs(t, h, "north", "kestrel.txt", netThirty)
		if err := h.Review.OpenReview(storetest.System(t), job.OpenReview{DocumentID: doc.ID}); err != nil {
			t.Fatal(err)
		}
		rev := apitest.One(t, h.Store.Reads().Reviews, store.Eq("document_id", doc.ID))
		key := h.Key(t, pact.Reviewer, "north")
		for _, c := range apitest.All(t, h.Store.Reads().Candidates, store.Eq("review_id", rev.ID), store.In("state", []string{"open", "not_found"})) {
			body := object{"kind": "accept", "revision": c.Revision}
			switch {
			case c.Name == "payment_terms":
				body["kind"], body["reason"] = "correct", "the side letter"
				body["value"] = object{"kind": "payment_terms", "payment_terms": object{"text": "net 45", "net_days": 45, "basis": "invoice_date"}}
			case c.State == pact.CandidateNotFound || len(c.Ambiguities) > 0:
				body["kind"] = "reject"
			}
			if got := send(t, h, key, http.MethodPost, "/api/v1/candidates/"+string(c.ID)+"/decisions", body); got.status != http.StatusOK {
				t.Fatalf("%s: %d %s", c.Name, got.status, got.body)
			}
		}
		now := apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", rev.ID))
		if got := send(t, h, key, http.MethodPost, "/api/v1/reviews/"+string(rev.ID)+"/finish", object{"revision": now.Revision}); got.status != http.StatusOK {
			t.Fatal(got.status, got.body)
		}
		o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", doc.ContractID), store.Eq("kind", "invoice_payment"))
		if o.Title != "Payment of invoices: net 45" || !strings.Contains(string(o.Params), `"net 45"`) || !strings.Contains(string(o.Params), `"invoice_date"`) {
			t.Errorf("followed as %s: %s", o.Title, o.Params)
		}
	})
}
