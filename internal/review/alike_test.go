package review_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

const byHandKey = "manual/incident"

// enter adds the duty by hand to a review, on the words from which a report is read.
func enter(t *testing.T, h *apitest.House, rev pact.Review) {
	t.Helper()
	o := afterIncident()
	o.Key = byHandKey
	if _, err := h.Review.Add(storetest.System(t), rev.ID, review.Addition{Subject: "obligation", Name: byHandKey, Obligation: o, Evidence: quote("report each incident within 10 days")}); err != nil {
		t.Fatal(err)
	}
}

func publish(t *testing.T, h *apitest.House, rev pact.Review) {
	t.Helper()
	if _, err := h.Review.Finish(storetest.System(t), rev.ID, revisionOf(t, h, rev)); err != nil {
		t.Fatal(err)
	}
}

func live(t *testing.T, h *apitest.House, id pact.ContractID) map[string]pact.Obligation {
	t.Helper()
	out := map[string]pact.Obligation{}
	for _, o := range apitest.All(t, h.Store.Reads().Obligations, store.Eq("contract_id", id)) {
		if o.InForce.Until == "" {
			out[o.Key] = o
		}
	}
	return out
}

func tracked(t *testing.T, h *apitest.House, rev pact.Review) map[string][]review.Tracked {
	t.Helper()
	all := apitest.All(t, h.Store.Reads().Candidates, store.Eq("review_id", rev.ID))
	found, err := h.Review.Tracked(storetest.System(t), rev, all)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]review.Tracked{}
	for _, c := range all {
		if len(found[c.ID]) > 0 {
			out[c.Name] = found[c.ID]
		}
	}
	return out
}

// A duty that was entered by hand is read anew under another key: the policy does not accept it, the review shows what it looks like, and
// nobody accepts it without saying whether it is the same. As the same it keeps the key, and with it the row.
func TestWhatIsTrackedIsNotTrackedTwice(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, lenient)
		con := pact.Contract{}
		rev := read(t, h, &con, nil, append(sure(), report("0.7"))...)
		decide(t, h, rev, "reporting/incident-report", review.Choice{Kind: "reject", Reason: "Wrong value"})
		enter(t, h, rev)
		publish(t, h, rev)
		first := live(t, h, con.ID)[byHandKey]
		if _, err := h.Review.SetOwner(storetest.System(t), first.ID, "kim@example.com", first.Revision); err != nil {
			t.Fatal(err)
		}

		again := read(t, h, &con, nil, append(sure(), report("0.99"))...)
		c := candidate(t, h, again, "reporting/incident-report")
		if again.State != pact.ReviewWaiting || !slices.Contains(c.Reasons, "already_tracked") {
			t.Fatalf("%s, held for %v", again.State, c.Reasons)
		}
		if got := tracked(t, h, again)["reporting/incident-report"]; len(got) != 1 || got[0].Key != byHandKey || got[0].ObligationID != first.ID || got[0].Why != "passage" || got[0].Owner != "kim@example.com" {
			t.Errorf("it looks like %+v", got)
		}
		if sure, err := h.Review.Confident(storetest.System(t), again.ID); err != nil || len(sure) != 0 {
			t.Errorf("accepted in bulk: %+v %v", sure, err)
		}
		for name, ch := range map[string]review.Choice{"accepted": {Kind: "accept"}, "corrected": {Kind: "correct", Obligation: afterIncident()}} {
			ch.Revision = c.Revision
			_, err := h.Review.Decide(storetest.System(t), c.ID, ch)
			if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || len(f.Details) != 1 || f.Details[0] != (fault.Detail{Field: "body.same_as", Message: byHandKey}) {
				t.Errorf("%s without a word: %v", name, err)
			}
		}
		if _, err := h.Review.Decide(storetest.System(t), c.ID, review.Choice{Kind: "accept", SameAs: "reporting/other", Revision: c.Revision}); !fault.Is(err, fault.Conflict) {
			t.Errorf("as the same as nothing: %v", err)
		}
		same := review.Choice{Kind: "correct", Obligation: afterIncident(), SameAs: byHandKey}
		decide(t, h, again, "reporting/incident-report", same)
		if k := candidate(t, h, again, byHandKey); k.State != pact.CandidateSuperseded {
			t.Errorf("what was added by hand is %s", k.State)
		}
		decide(t, h, again, "reporting/incident-report", review.Choice{Kind: "restore"})
		if k := candidate(t, h, again, byHandKey); k.State != pact.CandidateCorrected {
			t.Errorf("what was added by hand is %s after the decision was taken back", k.State)
		}
		decide(t, h, again, "reporting/incident-report", same)
		publish(t, h, again)
		if rows := live(t, h, con.ID); len(rows) != 1 || rows[byHandKey].ID != first.ID || rows[byHandKey].Owner != "kim@example.com" {
			t.Errorf("the register has %+v", rows)
		}
		entries, err := h.Store.Audit().List(storetest.System(t), store.AuditQuery{Act: "review.correct"})
		if err != nil || len(entries.Items) != 2 || entries.Items[0].Notes["same_as"] != byHandKey {
			t.Errorf("the entries: %+v %v", entries.Items, err)
		}

		// The next reading knows it: nobody is asked again.
		third := read(t, h, &con, nil, append(sure(), report("0.99"))...)
		if c := candidate(t, h, third, "reporting/incident-report"); third.State != pact.ReviewFinished || c.Obligation.Key != byHandKey {
			t.Errorf("%s, read as %s", third.State, c.Obligation.Key)
		}
	})
}

// Said to be another one, it is tracked beside the first; and what a person added is not lost because the document is read again.
func TestAnotherOneIsTrackedBeside(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, lenient)
		con := pact.Contract{}
		rev := read(t, h, &con, nil, append(sure(), report("0.7"))...)
		decide(t, h, rev, "reporting/incident-report", review.Choice{Kind: "reject"})
		enter(t, h, rev)
		publish(t, h, rev)
		first := live(t, h, con.ID)[byHandKey]
		again := read(t, h, &con, nil, append(sure(), report("0.99"))...)
		decide(t, h, again, "reporting/incident-report", review.Choice{Kind: "accept", Another: true})
		publish(t, h, again)
		third := read(t, h, &con, nil, append(sure(), report("0.99"))...)
		rows := live(t, h, con.ID)
		if third.State != pact.ReviewFinished || len(rows) != 2 || rows[byHandKey].ID != first.ID || rows["reporting/incident-report"].ID == "" {
			t.Errorf("%s: the register has %+v", third.State, rows)
		}
		entries, err := h.Store.Audit().List(storetest.System(t), store.AuditQuery{Act: "review.accept"})
		if err != nil || len(entries.Items) != 1 || entries.Items[0].Notes["another_than"] != byHandKey {
			t.Errorf("the entries: %+v %v", entries.Items, err)
		}
	})
}

// An amendment restates what the contract it amends has under another key: it is asked before the two are tied, and as the same one the
// amendment changes the obligation and makes no other.
func TestAnAmendmentRestatesWhatIsTracked(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, lenient)
		master := pact.Contract{Number: "MSA-1"}
		rev := read(t, h, &master, nil, append(sure(), report("0.7"))...)
		decide(t, h, rev, "reporting/incident-report", review.Choice{Kind: "reject"})
		enter(t, h, rev)
		publish(t, h, rev)

		restated := report("0.99")
		restated.Name, restated.Evidence = "notice/incident", quote("Incidents are told within ten days")
		o := afterIncident()
		o.Key, o.Duty, o.Title = "notice/incident", "notice", "Tell incidents"
		restated.Obligation = o
		amends := pact.Candidate{
			Subject: "reference", Name: "amends", Label: "Amends", Confidence: restated.Confidence, Verification: pact.Verified, Extractor: "grammar/1", Evidence: quote("amends"),
			Value: &pact.Value{Kind: pact.ContractValue, Contract: &pact.ContractRef{ContractID: master.ID, Relation: "amendment", Number: "MSA-1"}},
		}
		amendment := pact.Contract{}
		second := read(t, h, &amendment, nil, append(sure(), amends, restated)...)
		if got := tracked(t, h, second)["notice/incident"]; second.State != pact.ReviewWaiting || len(got) != 1 || got[0].Key != byHandKey || got[0].ContractID != master.ID || got[0].Why != "params" {
			t.Fatalf("%s: it looks like %+v", second.State, got)
		}
		decide(t, h, second, "notice/incident", review.Choice{Kind: "accept", SameAs: byHandKey})
		publish(t, h, second)
		if rows := live(t, h, amendment.ID); len(rows) != 1 || rows[byHandKey].Duty != "notice" {
			t.Errorf("the amendment has %+v", rows)
		}
	})
}

// What a person adds to a review is asked about in the same way.
func TestWhatIsAddedMayBeTracked(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con := pact.Contract{}
	rev := read(t, h, &con, nil, append(sure(), report("0.7"))...)
	decide(t, h, rev, "reporting/incident-report", review.Choice{Kind: "accept"})
	publish(t, h, rev)
	again := read(t, h, &con, nil, append(sure(), report("0.7"))...)
	decide(t, h, again, "reporting/incident-report", review.Choice{Kind: "reject"})
	o := afterIncident()
	add := review.Addition{Subject: "obligation", Name: byHandKey, Obligation: o, Evidence: quote("report each incident within 10 days")}
	if _, err := h.Review.Add(storetest.System(t), again.ID, add); !fault.Is(err, fault.Invalid) {
		t.Errorf("added without a word: %v", err)
	}
	add.SameAs = "reporting/incident-report"
	out, err := h.Review.Add(storetest.System(t), again.ID, add)
	if err != nil || out.Candidate.DecidedObligation.Key != "reporting/incident-report" {
		t.Errorf("%+v %v", out.Candidate.DecidedObligation, err)
	}
}

// A file that replaced the document may no longer say what a person added to the review of the first one: it is open again.
func TestWhatWasAddedToAFileThatWasReplacedIsOpen(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	policy(t, h, lenient)
	con := pact.Contract{}
	rev := read(t, h, &con, nil, append(sure(), report("0.7"))...)
	decide(t, h, rev, "reporting/incident-report", review.Choice{Kind: "reject"})
	enter(t, h, rev)
	publish(t, h, rev)
	again := replaced(t, h, con, sure()...)
	c := candidate(t, h, again, byHandKey)
	if again.State != pact.ReviewWaiting || c.State != pact.CandidateOpen || !slices.Equal(c.Reasons, []string{"added_by_hand"}) || c.Obligation == nil || !json.Valid(c.Obligation.Params) {
		t.Errorf("%s: %+v", again.State, c)
	}
}

// replaced puts another file in the place of the document of a contract, and opens its review.
func replaced(t *testing.T, h *apitest.House, con pact.Contract, candidates ...pact.Candidate) pact.Review {
	t.Helper()
	var doc pact.Document
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		old, err := tx.Documents.One(ctx, store.Where(store.Eq("contract_id", con.ID)))
		if err != nil {
			return err
		}
		old.SourceKey = "contract.pdf"
		if err := tx.Documents.Update(ctx, &old); err != nil {
			return err
		}
		doc = old
		doc.ID, doc.SHA256, doc.Revision = pact.NewID[pact.DocumentID]("doc", tx.Now), pact.NewID[string]("sha", tx.Now), 0
		if err := tx.Documents.Insert(ctx, &doc); err != nil {
			return err
		}
		return propose(ctx, tx, doc, candidates)
	})
	if err := h.Review.OpenReview(storetest.System(t), job.OpenReview{DocumentID: doc.ID}); err != nil {
		t.Fatal(err)
	}
	return apitest.One(t, h.Store.Reads().Reviews, store.Eq("document_id", doc.ID))
}

// The file was replaced: what a person added before is open again, and what is read is said to be the same. Then there is one of them, and
// nothing is left open; taken back, both are open again.
func TestWhatIsOpenAgainIsSetAsideToo(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, lenient)
		con := pact.Contract{}
		rev := read(t, h, &con, nil, append(sure(), report("0.7"))...)
		decide(t, h, rev, "reporting/incident-report", review.Choice{Kind: "reject"})
		enter(t, h, rev)
		publish(t, h, rev)
		first := live(t, h, con.ID)[byHandKey]
		again := replaced(t, h, con, append(sure(), report("0.99"))...)
		open := func(want int) {
			t.Helper()
			if now := apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", again.ID)); now.Open != want {
				t.Errorf("%d are open, want %d", now.Open, want)
			}
		}
		open(2)
		same := review.Choice{Kind: "correct", Obligation: afterIncident(), SameAs: byHandKey}
		decide(t, h, again, "reporting/incident-report", same)
		open(0)
		decide(t, h, again, "reporting/incident-report", review.Choice{Kind: "restore"})
		if c := candidate(t, h, again, byHandKey); c.State != pact.CandidateOpen {
			t.Errorf("what was added by hand is %s after the decision was taken back", c.State)
		}
		open(2)
		decide(t, h, again, "reporting/incident-report", same)
		publish(t, h, again)
		if rows := live(t, h, con.ID); len(rows) != 1 || rows[byHandKey].ID != first.ID {
			t.Errorf("the register has %+v", rows)
		}
	})
}

// However many obligations are accepted in one change, the register they are held against is read once.
func TestTheRegisterIsReadOnceForAllDecisionsOfAChange(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, lenient)
		con := pact.Contract{}
		all := sure()
		for i := range 6 {
			c := report("0.7")
			o := *c.Obligation
			o.Key, o.Title = fmt.Sprintf("reporting/r%d", i), fmt.Sprintf("Report %d", i)
			c.Obligation, c.Name, c.Label, c.Evidence = &o, o.Key, o.Title, nil
			all = append(all, c)
		}
		rev := read(t, h, &con, nil, all...)
		var ids []pact.CandidateID
		for _, c := range apitest.All(t, h.Store.Reads().Candidates, store.Eq("review_id", rev.ID), store.Eq("state", "open")) {
			ids = append(ids, c.ID)
		}
		reads := 0
		desk := *h.Review
		desk.Store = counting{h.Store, &reads}
		if _, done, err := desk.DecideAll(storetest.System(t), rev.ID, "accept", ids); err != nil || len(done) < 6 {
			t.Fatalf("%d decided, %v", len(done), err)
		}
		if reads != 1 {
			t.Errorf("the register was read %d times for %d obligations", reads, len(ids))
		}
	})
}

// counting is a store that counts how often the obligations of contracts are read inside changes.
type counting struct {
	store.Store
	reads *int
}

func (s counting) Change(ctx context.Context, act store.Act, fn func(context.Context, store.Tx) error) error {
	return s.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
		tx.Obligations = countedTable{tx.Obligations, s.reads}
		return fn(ctx, tx)
	})
}

type countedTable struct {
	store.Table[pact.Obligation]
	reads *int
}

func (c countedTable) All(ctx context.Context, q store.Query) ([]pact.Obligation, error) {
	*c.reads++
	return c.Table.All(ctx, q)
}
