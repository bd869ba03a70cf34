package review_test

import (
	"context"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// amends is the reference of an amendment to its contract, as it was read.
func amends(ref pact.ContractRef) pact.Candidate {
	ref.Relation = "amendment"
	return pact.Candidate{
		Subject: "reference", Name: "belongs_to", Label: "Belongs to", Value: &pact.Value{Kind: pact.ContractValue, Contract: &ref},
		Confidence: decimal.RequireFromString("0.80"), Verification: pact.Verified, Extractor: "grammar/1", Evidence: quote("amends the agreement"),
	}
}

func change(op pact.Operation) pact.Candidate {
	return pact.Candidate{
		Subject: "operation", Name: "operation/1", Label: "Change 1", Value: &pact.Value{Kind: pact.OperationValue, Operation: &op},
		Confidence: decimal.RequireFromString("0.80"), Verification: pact.Verified, Extractor: "grammar/1", Evidence: quote("Section 9 is deleted"),
	}
}

// master publishes a contract with a number, made on 14 April 2025 with Acme Corp.
func master(t *testing.T, h *apitest.House, number string) pact.Contract {
	t.Helper()
	var con pact.Contract
	capped := term("liability_cap", pact.Text("fees of 12 months"), "0.99")
	capped.Evidence[0].Passage.Clause = "9.1"
	read(t, h, &con, nil, append(sure(), term("contract_number", pact.Text(number), "0.99"), term("agreement_date", pact.OnDate("2025-04-14"), "0.99"), capped)...)
	return apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID))
}

// accept decides the candidate, which must be open.
func accept(ctx context.Context, t *testing.T, h *apitest.House, rev pact.Review, name string, ch review.Choice) error {
	t.Helper()
	c := candidate(t, h, rev, name)
	ch.Revision = c.Revision
	_, err := h.Review.Decide(ctx, c.ID, ch)
	return err
}

// finishNow publishes what was decided.
func finishNow(ctx context.Context, t *testing.T, h *apitest.House, rev pact.Review) (pact.Review, error) {
	t.Helper()
	now := apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", rev.ID))
	return h.Review.Finish(ctx, rev.ID, now.Revision)
}

func TestAnAmendmentKeepsItsOwnNumber(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, lenient)
		head := master(t, h, "SA-1")
		var con pact.Contract
		con.Number = "SA-1-A1" // as the CLM record gives it
		rev := read(t, h, &con, nil, append(sure(), term("contract_number", pact.Text("SA-1"), "0.99"), amends(pact.ContractRef{Number: "SA-1", Title: "Support Agreement"}))...)
		ctx := storetest.As(t, pact.Reviewer, "north")
		if err := accept(ctx, t, h, rev, "belongs_to", review.Choice{Kind: "accept"}); err != nil {
			t.Fatal(err)
		}
		if _, err := finishNow(ctx, t, h, rev); err != nil {
			t.Fatal(err)
		}
		got := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID))
		if got.ParentID != head.ID || got.Number != "SA-1-A1" {
			t.Errorf("the amendment of %s has the number %q", got.ParentID, got.Number)
		}
	})
}

func TestAnAmendmentIsTiedToTheContractItNamesAndEndsWhatItDeletes(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, lenient)
		head := master(t, h, "SA-1")
		var con pact.Contract
		rev := read(t, h, &con, nil, append(sure(), amends(pact.ContractRef{Number: "SA-1", Title: "Support Agreement"}), change(pact.Operation{Kind: pact.Delete, Target: "9", From: "2026-03-16"}))...)
		proposal := candidate(t, h, rev, "belongs_to")
		if proposal.Value.Contract.ContractID != head.ID || !strings.Contains(proposal.Value.Contract.Why, "SA-1") {
			t.Fatalf("proposed %+v", proposal.Value.Contract)
		}
		if got := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID)); got.ParentID != "" {
			t.Fatal("nothing is tied before a person confirms")
		}
		ctx := storetest.As(t, pact.Reviewer, "north")
		for _, name := range []string{"belongs_to", "operation/1"} {
			if err := accept(ctx, t, h, rev, name, review.Choice{Kind: "accept"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := finishNow(ctx, t, h, rev); err != nil {
			t.Fatal(err)
		}
		got := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID))
		if got.ParentID != head.ID || got.FamilyID != head.FamilyID || got.Relation != "amendment" {
			t.Fatalf("tied to %q in %q as %q", got.ParentID, got.FamilyID, got.Relation)
		}
		var entries []effective.Entry
		for _, id := range []pact.ContractID{head.ID, con.ID} {
			v := apitest.One(t, h.Store.Reads().Versions, store.Eq("contract_id", id))
			entries = append(entries, effective.FromVersion(v, string(id), 0)...)
		}
		line := effective.New(entries)
		for on, want := range map[calendar.Date]bool{"2026-03-15": true, "2026-03-16": false} {
			if r := line.Term("liability_cap", on); (r.Winner != nil) != want {
				t.Errorf("on %s the cap is in force: %t, want %t (%s)", on, r.Winner != nil, want, r.Rule)
			}
		}
	})
}

func TestAReferenceByDateNeedsTheSameOtherParty(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	policy(t, h, lenient)
	head := master(t, h, "SA-2")
	var con pact.Contract
	rev := read(t, h, &con, nil, append(sure(), amends(pact.ContractRef{Date: "2025-04-14"}))...)
	if got := candidate(t, h, rev, "belongs_to").Value.Contract; got.ContractID != head.ID {
		t.Errorf("the same date and party: %+v", got)
	}
	var stranger pact.Contract
	others := sure()
	others[2] = term("parties", pact.Value{Kind: pact.PartiesValue, Parties: []pact.Party{{Name: "Tessel Works GmbH", Role: "customer"}}}, "0.99")
	rev = read(t, h, &stranger, nil, append(others, amends(pact.ContractRef{Date: "2025-04-14"}))...)
	if got := candidate(t, h, rev, "belongs_to").Value.Contract; got.ContractID != "" || got.Why == "" {
		t.Errorf("another party: %+v", got)
	}
}

// TestAContractOfAnotherNumberIsNotProposed: an amendment that names a contract which is not there yet must not be offered its neighbour, made on the
// same day with the same party.
func TestAContractOfAnotherNumberIsNotProposed(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	policy(t, h, lenient)
	head := master(t, h, "SA-1")
	for number, fits := range map[string]bool{
		"SA-2": false, "sa 1": true, "": true, "1": true, "SA 001": true, "2025/SA-1": true, "SA No. 1": true,
		"SA-11": false, "DPA-1": false, "SA-1-B": false,
	} {
		var con pact.Contract
		rev := read(t, h, &con, nil, append(sure(), amends(pact.ContractRef{Number: number, Title: "Support Agreement", Date: "2025-04-14"}))...)
		got := candidate(t, h, rev, "belongs_to").Value.Contract.ContractID
		if fits != (got == head.ID) || !fits && got != "" {
			t.Errorf("number %q is proposed for %q", number, got)
		}
	}
}

func TestAReferenceThatWaitedIsTiedWhenItsContractComesIntoTheRegister(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, lenient)
		ctx := storetest.As(t, pact.Reviewer, "north")
		reviewed := func(number, choice string) pact.Contract {
			t.Helper()
			var con pact.Contract
			rev := read(t, h, &con, nil, append(sure(), amends(pact.ContractRef{Number: number}))...)
			if got := candidate(t, h, rev, "belongs_to").Value.Contract; got.ContractID != "" {
				t.Fatalf("%s is proposed before it is there: %+v", number, got)
			}
			if err := accept(ctx, t, h, rev, "belongs_to", review.Choice{Kind: choice, Reason: "it is another one"}); err != nil {
				t.Fatal(err)
			}
			if _, err := finishNow(ctx, t, h, rev); err != nil {
				t.Fatal(err)
			}
			return con
		}
		waits, other, refused, twofold := reviewed("SA-8", "accept"), reviewed("SA-9", "accept"), reviewed("SA-8", "reject"), reviewed("SA-7", "accept")
		h.Work(t)
		h.Settle(t)
		head := master(t, h, "SA-8")
		first := master(t, h, "SA-7")
		contract := func(id pact.ContractID) pact.Contract {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", id))
		}
		storetest.Eventually(t, "the references are tied", func() bool {
			return contract(waits.ID).ParentID == head.ID && contract(twofold.ID).ParentID == first.ID
		})
		h.Settle(t)
		if got := contract(waits.ID); got.Relation != "amendment" || got.FamilyID != head.FamilyID {
			t.Errorf("tied as %q in %q", got.Relation, got.FamilyID)
		}
		if got := contract(other.ID); got.ParentID != "" {
			t.Errorf("a reference to another number is tied to %s", got.ParentID)
		}
		if got := contract(refused.ID); got.ParentID != "" {
			t.Errorf("a reference that was rejected is tied to %s", got.ParentID)
		}
		second := master(t, h, "SA-7")
		h.Settle(t)
		if err := h.Review.TieReferences(storetest.System(t), job.TieReferences{ContractID: second.ID}); err != nil { // again, and too late
			t.Fatal(err)
		}
		if got := contract(twofold.ID); got.ParentID != first.ID {
			t.Errorf("a tie was moved to %s", got.ParentID)
		}
	})
}

func TestTwoContractsThatFitAReferenceAreAQuestion(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	policy(t, h, lenient)
	first := master(t, h, "SA-3")
	twin := master(t, h, "SA-3")
	acceptAll(t, h, apitest.One(t, h.Store.Reads().Reviews, store.Eq("contract_id", twin.ID))) // its number is another one's already
	var con pact.Contract
	rev := read(t, h, &con, nil, append(sure(), amends(pact.ContractRef{Number: "SA-3"}))...)
	c := candidate(t, h, rev, "belongs_to")
	if len(c.Ambiguities) != 1 || len(c.Ambiguities[0].Readings) != 2 {
		t.Fatalf("%+v", c.Ambiguities)
	}
	ctx := storetest.As(t, pact.Reviewer, "north")
	if err := accept(ctx, t, h, rev, "belongs_to", review.Choice{Kind: "accept"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("accepting without choosing gives %v", err)
	}
	wrong := pact.Text("SA-3")
	if err := accept(ctx, t, h, rev, "belongs_to", review.Choice{Kind: "correct", Value: &wrong}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a text is no contract: %v", err)
	}
	if err := accept(ctx, t, h, rev, "belongs_to", review.Choice{Kind: "correct", Value: &c.Ambiguities[0].Readings[0]}); err != nil {
		t.Fatal(err)
	}
	if _, err := finishNow(ctx, t, h, rev); err != nil {
		t.Fatal(err)
	}
	if got := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID)); got.ParentID != first.ID {
		t.Errorf("tied to %q, want %q", got.ParentID, first.ID)
	}
}

func TestATieThatRunsInACircleIsRefused(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	policy(t, h, lenient)
	head := master(t, h, "SA-4")
	var con pact.Contract
	rev := read(t, h, &con, nil, append(sure(), amends(pact.ContractRef{Number: "SA-4"}))...)
	h.Do(t, func(ctx context.Context, tx store.Tx) error { // meanwhile the contract system turned it round
		top, err := tx.Contracts.Lock(ctx, string(head.ID))
		if err != nil {
			return err
		}
		top.ParentID = con.ID
		return tx.Contracts.Update(ctx, &top)
	})
	ctx := storetest.As(t, pact.Reviewer, "north")
	if err := accept(ctx, t, h, rev, "belongs_to", review.Choice{Kind: "accept"}); err != nil {
		t.Fatal(err)
	}
	if _, err := finishNow(ctx, t, h, rev); !fault.Is(err, fault.Conflict) {
		t.Errorf("finishing gives %v", err)
	}
}

func TestAnOpenOperationIsCorrectedBeforeItCounts(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	policy(t, h, lenient)
	var con pact.Contract
	open := change(pact.Operation{Kind: pact.Waive, Target: "6.3"})
	open.Ambiguities = []pact.Ambiguity{{Code: "blank", Question: "For which time is 6.3 waived?"}}
	rev := read(t, h, &con, nil, append(sure(), open)...)
	ctx := storetest.As(t, pact.Reviewer, "north")
	for name, v := range map[string]pact.Operation{
		"without an end": {Kind: pact.Waive, Target: "6.3"}, "ending before it begins": {Kind: pact.Waive, Target: "6.3", From: "2026-03-01", Until: "2026-02-01"},
		"of a kind that is none": {Kind: "rewrite", Target: "6.3"},
	} {
		if err := accept(ctx, t, h, rev, "operation/1", review.Choice{Kind: "correct", Value: &pact.Value{Kind: pact.OperationValue, Operation: &v}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a waiver %s: %v", name, err)
		}
	}
	whole := pact.Operation{Kind: pact.Waive, Target: "6.3", From: "2026-02-01", Until: "2026-03-01"}
	if err := accept(ctx, t, h, rev, "operation/1", review.Choice{Kind: "correct", Value: &pact.Value{Kind: pact.OperationValue, Operation: &whole}}); err != nil {
		t.Fatal(err)
	}
	if err := h.Review.OpenReview(storetest.System(t), job.OpenReview{DocumentID: rev.DocumentID}); err != nil {
		t.Fatal(err)
	}
	if err := accept(ctx, t, h, rev, "belongs_to", review.Choice{Kind: "reject", Reason: "no contract of the register"}); err != nil {
		t.Fatal(err)
	}
	if _, err := finishNow(ctx, t, h, rev); err != nil {
		t.Fatal(err)
	}
	v := apitest.One(t, h.Store.Reads().Versions, store.Eq("contract_id", con.ID))
	if len(v.Operations) != 1 || v.Operations[0].Until != "2026-03-01" || v.Operations[0].DecisionID == "" {
		t.Errorf("%+v", v.Operations)
	}
}
