package review_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

const (
	services = `MASTER SERVICES AGREEMENT

Contract No. MSA-1

This Master Services Agreement is made on March 1, 2025 by and between Halden Systems, Inc. ("Supplier") and Borealis Foods LLC ("Customer").

1. Term
The term of this Agreement begins on March 1, 2025 (the "Effective Date") and continues for two (2) years.

2. Payment
Customer shall pay each invoice net 30 from the invoice date.

3. Renewal
3.1 Automatic renewal
This Agreement automatically renews for successive terms of twelve (12) months each unless terminated.
3.2 Notice
Either party may prevent renewal by giving written notice of non-renewal at least sixty (60) days before the end of the then-current term.

4. Governing law
This Agreement is governed by the laws of the State of Maine.
`
	amendingServices = `AMENDMENT NO. 1

This Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. ("Supplier") and Borealis Foods LLC ("Customer") and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.

1. Notice
“sixty (60) days” is replaced by “ninety (90) days” in Section 3.2 of the Agreement.

2. Law
“Maine” becomes “New York”.

3. Payment
In Section 2, "net 30" is replaced with "net 60".
`
)

// written leaves a document with this text and what the grammar reads in it, and opens its review.
func written(t *testing.T, h *apitest.House, con *pact.Contract, text string) pact.Review {
	t.Helper()
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		con.ID = pact.NewID[pact.ContractID]("con", tx.Now)
		con.BusinessUnit, con.State, con.Phase, con.SourceKey = "north", pact.ContractReceived, "assisted", string(con.ID)
		if con.FamilyID == "" {
			con.FamilyID = con.ID
		}
		return tx.Contracts.Insert(ctx, con)
	})
	return filed(t, h, *con, text)
}

// filed leaves the document of a contract with this text, in the place of the one before it.
func filed(t *testing.T, h *apitest.House, con pact.Contract, text string) pact.Review {
	t.Helper()
	d := extracttest.Plain(text)
	d.TextID = pact.NewID[pact.TextID]("txt", h.Clock.Now())
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Blobs.PutNamed(t.Context(), string(d.TextID), raw); err != nil {
		t.Fatal(err)
	}
	found, err := grammar.New().Extract(t.Context(), d, extract.FullSchema())
	if err != nil {
		t.Fatal(err)
	}
	var doc pact.Document
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		doc = pact.Document{ID: pact.NewID[pact.DocumentID]("doc", tx.Now), BusinessUnit: "north", ContractID: con.ID, Filename: "a.txt", SourceKey: "a.txt", State: pact.DocumentRead, TextID: d.TextID, SHA256: pact.NewID[string]("sha", tx.Now)}
		if err := tx.Documents.Insert(ctx, &doc); err != nil {
			return err
		}
		return propose(ctx, tx, doc, found)
	})
	if err := h.Review.OpenReview(storetest.System(t), job.OpenReview{DocumentID: doc.ID}); err != nil {
		t.Fatal(err)
	}
	rev, err := h.Store.Reads().Reviews.One(storetest.System(t), store.Where(store.Eq("document_id", doc.ID)).By("-id"))
	if err != nil {
		t.Fatal(err)
	}
	return rev
}

// acceptAll accepts what is open and rejects what was not found or the names list, and publishes.
func acceptAll(t *testing.T, h *apitest.House, rev pact.Review, reject ...string) {
	t.Helper()
	ctx := storetest.As(t, pact.Reviewer, "north")
	all, err := h.Store.Reads().Candidates.All(ctx, store.Where(store.Eq("review_id", rev.ID), store.In("state", []string{"open", "not_found"})))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		kind := "accept"
		if c.State == pact.CandidateNotFound || c.Value == nil && c.Obligation == nil || len(c.Ambiguities) > 0 || slices.Contains(reject, c.Name) {
			kind = "reject"
		}
		if err := accept(ctx, t, h, rev, c.Name, review.Choice{Kind: kind, Reason: "as a test"}); err != nil {
			t.Fatalf("%s of %s: %v", kind, c.Name, err)
		}
	}
	if now := apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", rev.ID)); now.State != pact.ReviewFinished {
		if _, err := finishNow(ctx, t, h, rev); err != nil {
			t.Fatal(err)
		}
	}
}

// family is the timeline of a contract with its amendments.
func family(t *testing.T, h *apitest.House, id pact.ContractID) effective.Timeline {
	t.Helper()
	ctx := storetest.System(t)
	con := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", id))
	members, err := h.Store.Reads().Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID)).By("created_at"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, err := effective.OfContract(con, members, func(part pact.Contract) (pact.Version, error) {
		return h.Store.Reads().Versions.One(ctx, store.Where(store.Eq("contract_id", part.ID), store.Eq("number", part.CurrentVersion)))
	})
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func inForce(line effective.Timeline, name string, on calendar.Date) string {
	r := line.Term(name, on)
	if r.Winner == nil {
		return r.Rule
	}
	return r.Winner.Term.Value.String()
}

// What an amendment says of an obligation beside the change of its words begins with the change, which may have a day of its own.
func TestAnObligationBesideAChangeOfItsWordsBeginsWithTheChange(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		var head, con pact.Contract
		acceptAll(t, h, written(t, h, &head, services))
		con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
		rev := written(t, h, &con, `AMENDMENT NO. 1

This Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. ("Supplier") and Borealis Foods LLC ("Customer") and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.

1. Payment
With effect from January 1, 2026, in Section 2, "net 30" is replaced with "net 60".
Customer shall pay each invoice net 60 from the invoice date.
`)
		all, err := h.Store.Reads().Candidates.All(storetest.System(t), store.Where(store.Eq("review_id", rev.ID), store.Eq("subject", "obligation")))
		if err != nil {
			t.Fatal(err)
		}
		payments := 0
		for _, c := range all {
			if c.Obligation == nil || c.Obligation.Kind != "invoice_payment" {
				continue
			}
			if payments++; c.Obligation.InForce.From != "2026-01-01" || c.Derivation == nil {
				t.Errorf("%s begins on %q (%+v)", c.Name, c.Obligation.InForce.From, c.Derivation)
			}
		}
		if payments != 1 {
			t.Errorf("%d payments: %+v", payments, all)
		}
	})
}

func TestAChangeOfWordsIsFollowedInTheClauseOfTheContract(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		var head, con pact.Contract
		acceptAll(t, h, written(t, h, &head, services))
		con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
		rev := written(t, h, &con, amendingServices)
		for name, want := range map[string]string{"notice_period": "90 days", "governing_law": "New York", "payment_terms": "net 60"} {
			c := candidate(t, h, rev, name)
			if c.Value == nil || c.Value.String() != want || c.State != pact.CandidateOpen || c.Derivation == nil {
				t.Errorf("%s is proposed as %+v (%+v)", name, c.Value, c.Derivation)
			}
		}
		if op := candidate(t, h, rev, "operation/2").Value.Operation; op.Target != "4" || !op.Settled || !slices.Equal(op.Terms, []string{"governing_law"}) {
			t.Errorf("the clause is found by the words: %#v", *op)
		}
		acceptAll(t, h, rev)
		line := family(t, h, head.ID)
		for name, want := range map[string][2]string{"notice_period": {"60 days", "90 days"}, "governing_law": {"Maine", "New York"}, "payment_terms": {"net 30", "net 60"}} {
			before, after := inForce(line, name, "2025-11-14"), inForce(line, name, "2025-11-15")
			if before != want[0] || after != want[1] {
				t.Errorf("%s: %q, and from the day of the amendment %q", name, before, after)
			}
		}
		if o := line.Obligation("payment/invoices", "2025-11-15"); o.Winner == nil || o.Winner.Obligation.ContractID != con.ID {
			t.Errorf("the obligation follows: %+v", o)
		}
	})
}

func TestAnAmendmentThatCameFirstIsFollowedWhenItsContractIsRead(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		var head, con pact.Contract
		h.Do(t, func(ctx context.Context, tx store.Tx) error { // the record comes before its file
			head = pact.Contract{ID: pact.NewID[pact.ContractID]("con", tx.Now), BusinessUnit: "north", State: pact.ContractReceived, Phase: "assisted", SourceKey: "head"}
			head.FamilyID = head.ID
			return tx.Contracts.Insert(ctx, &head)
		})
		con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
		rev := written(t, h, &con, amendingServices)
		if op := candidate(t, h, rev, "operation/1"); op.Value.Operation.Settled || len(op.Ambiguities) > 0 {
			t.Fatalf("nothing is known of the contract yet: %+v", op)
		}
		h.Work(t)
		d := extracttest.Plain(services)
		raw, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Blobs.PutNamed(t.Context(), "txt_services", raw); err != nil {
			t.Fatal(err)
		}
		var doc pact.Document
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			doc = pact.Document{ID: pact.NewID[pact.DocumentID]("doc", tx.Now), BusinessUnit: "north", ContractID: head.ID, Filename: "a.txt", State: pact.DocumentRead, TextID: "txt_services", SHA256: pact.NewID[string]("sha", tx.Now)}
			if err := tx.Documents.Insert(ctx, &doc); err != nil {
				return err
			}
			return propose(ctx, tx, doc, sure())
		})
		if err := h.Review.OpenReview(storetest.System(t), job.OpenReview{DocumentID: doc.ID}); err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		if c := candidate(t, h, rev, "notice_period"); c.Value == nil || c.Value.String() != "90 days" || c.State != pact.CandidateOpen || len(c.Reasons) == 0 {
			t.Errorf("%+v", c)
		}
		open, err := h.Store.Reads().Candidates.Count(storetest.System(t), store.Where(store.Eq("review_id", rev.ID), store.In("state", []string{"open", "not_found"})))
		now := apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", rev.ID))
		if err != nil || now.Open != open {
			t.Errorf("%d are open, and the review counts %d (%v)", open, now.Open, err)
		}
	})
}

func TestWordsThatAreNotFoundAreAsked(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	var head, con pact.Contract
	acceptAll(t, h, written(t, h, &head, services))
	con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
	rev := written(t, h, &con, "AMENDMENT NO. 1\n\nThis Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. and Borealis Foods LLC and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.\n\n1. Notice\nIn Section 3.2, “forty-five (45) days” is replaced by “ninety (90) days”.\n")
	ctx := storetest.As(t, pact.Reviewer, "north")
	op := candidate(t, h, rev, "operation/1")
	if len(op.Ambiguities) != 1 || op.Ambiguities[0].Code != "words_not_found" {
		t.Fatalf("%+v", op)
	}
	if err := accept(ctx, t, h, rev, "operation/1", review.Choice{Kind: "accept"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("accepting it as it is gives %v", err)
	}
	if err := accept(ctx, t, h, rev, "operation/1", review.Choice{Kind: "correct", Value: op.Value, Reason: "it is what the paper says"}); err != nil {
		t.Fatal(err)
	}
	acceptAll(t, h, rev)
	if r := family(t, h, head.ID).Term("notice_period", "2025-11-15"); r.Winner != nil || len(r.Ambiguities) != 1 {
		t.Errorf("the old notice does not go on silently: %+v", r)
	}
}

// TestAValueThatComesAloneTakesThePlaceOfTheOneOfItsKind: "the notice in Section 3.2 is increased to ninety (90) days" says not what it was.
func TestAValueThatComesAloneTakesThePlaceOfTheOneOfItsKind(t *testing.T) {
	t.Parallel()
	const agreed = "AMENDMENT NO. 1\n\nThis Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. and Borealis Foods LLC and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.\n\n1. Change\n"
	for sentence, want := range map[string]string{
		"The number of days in Section 3.2 is increased to ninety (90) days.": "90 days",
		"The notice period in Section 3 is increased to ninety (90) days.":    "90 days", // twelve months stand there, too
		"The time limit in Section 3 is increased to ninety (90) days.":       "?",
		"The amount in Section 3.2 is increased to USD 500.":                  "?",
		"The time for the notice in Section 3.2 goes up to ninety (90) days.": "90 days",
	} {
		h := apitest.Build(t, apitest.Options{})
		var head, con pact.Contract
		acceptAll(t, h, written(t, h, &head, services))
		con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
		rev := written(t, h, &con, agreed+sentence+"\n")
		op := candidate(t, h, rev, "operation/1")
		asked := slices.ContainsFunc(op.Ambiguities, func(a pact.Ambiguity) bool { return a.Code == "words_not_found" })
		if want == "?" {
			if !asked {
				t.Errorf("%s\n   is not asked: %s %+v", sentence, op.Value, op.Ambiguities)
			}
			continue
		}
		if asked || op.Value.Operation.Old != "sixty (60) days" {
			t.Errorf("%s\n   gave %s %+v", sentence, op.Value, op.Ambiguities)
			continue
		}
		acceptAll(t, h, rev)
		line := family(t, h, head.ID)
		if before, got := inForce(line, "notice_period", "2025-11-14"), inForce(line, "notice_period", "2025-11-15"); before != "60 days" || got != want {
			t.Errorf("%s\n   %s before, then %s", sentence, before, got)
		}
	}
}

// TestAClauseThatTheContractHasNotIsAsked: "Section 14.7 is deleted" of a contract with four sections ended nothing, and nothing was said.
func TestAClauseThatTheContractHasNotIsAsked(t *testing.T) {
	t.Parallel()
	const agreed = "AMENDMENT NO. 1\n\nThis Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. and Borealis Foods LLC and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.\n\n1. Change\n"
	for sentence, want := range map[string]bool{
		"Section 14.7 of the Agreement is deleted.":                                                        true,
		"Section 3.3 is deleted and replaced with the following:\n\n\"3.3 A notice is given in writing.\"": true,
		"Section 3.2 of the Agreement is deleted.":                                                         false,
		"Section 3 of the Agreement is deleted.":                                                           false,
		"Section 3.2(a) of the Agreement is deleted.":                                                      false, // letters are not always told apart
		"Customer waives Section 9 until December 31, 2025.":                                               true,
	} {
		h := apitest.Build(t, apitest.Options{})
		var head, con pact.Contract
		acceptAll(t, h, written(t, h, &head, services))
		con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
		op := candidate(t, h, written(t, h, &con, agreed+sentence+"\n"), "operation/1")
		if got := slices.ContainsFunc(op.Ambiguities, func(a pact.Ambiguity) bool { return a.Code == "clause_not_found" }); got != want {
			t.Errorf("%s\n   asked %t: %s %+v", sentence, got, op.Value, op.Ambiguities)
		}
	}
}

// TestAClauseThatAnEarlierAmendmentInsertsIsAskedAboutNoMore: both amendments come in together, and the first is published while the second is open.
func TestAClauseThatAnEarlierAmendmentInsertsIsAskedAboutNoMore(t *testing.T) {
	t.Parallel()
	const agreed = "AMENDMENT NO. %d\n\nThis Amendment No. %d is made on November 15, 2025 by and between Halden Systems, Inc. and Borealis Foods LLC and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.\n\n1. Change\n%s\n"
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	var head, first, second pact.Contract
	acceptAll(t, h, written(t, h, &head, services))
	for _, con := range []*pact.Contract{&first, &second} {
		con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
	}
	inserts := written(t, h, &first, fmt.Sprintf(agreed, 1, 1, "A new Section 3.3 is inserted after Section 3.2 as follows:\n\n\"3.3 A notice is given in writing.\""))
	deletes := written(t, h, &second, fmt.Sprintf(agreed, 2, 2, "Section 3.3 of the Agreement is deleted.\n\n2. Other\nSection 14.7 of the Agreement is deleted."))
	asked := func(name string) bool {
		return slices.ContainsFunc(candidate(t, h, deletes, name).Ambiguities, func(a pact.Ambiguity) bool { return a.Code == "clause_not_found" })
	}
	if !asked("operation/1") || !asked("operation/2") {
		t.Fatal("clauses that nobody inserted yet are not asked about")
	}
	was := candidate(t, h, deletes, "operation/2").Revision
	acceptAll(t, h, inserts)
	h.Settle(t)
	if asked("operation/1") {
		t.Errorf("the inserted clause is asked about still: %+v", candidate(t, h, deletes, "operation/1").Ambiguities)
	}
	if other := candidate(t, h, deletes, "operation/2"); len(other.Ambiguities) != 1 || other.Revision != was {
		t.Errorf("the other is asked about as before: %+v", other)
	}
}

// TestAClauseWithALetterIsNotTheOneOfItsNumber: what goes with 5A, which stands between 5 and 6, says nothing of 5.
func TestAClauseWithALetterIsNotTheOneOfItsNumber(t *testing.T) {
	t.Parallel()
	const agreed = "AMENDMENT NO. 1\n\nThis Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. and Borealis Foods LLC and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.\n\n1. Change\nSection %s of the Agreement is deleted and replaced with the following:\n\n\"Customer shall pay each invoice within forty-five (45) days of the invoice date.\"\n"
	paid := strings.Replace(services, "2. Payment\nCustomer shall pay each invoice net 30 from the invoice date.\n",
		"2. Payment\n2.1 Time\nCustomer shall pay each invoice within thirty (30) days of the invoice date.\n2.2 Late payment\nOverdue amounts bear interest at 1.0% per month.\n", 1)
	for clause, want := range map[string]string{"2.1": "other_clauses", "2.1A": "", "9A": "clause_not_found"} {
		h := apitest.Build(t, apitest.Options{})
		var head, con pact.Contract
		acceptAll(t, h, written(t, h, &head, paid))
		con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
		rev := written(t, h, &con, fmt.Sprintf(agreed, clause))
		got := ""
		for _, name := range []string{"operation/1", "payment/invoices"} {
			for _, a := range candidate(t, h, rev, name).Ambiguities {
				if a.Code == "other_clauses" || a.Code == "clause_not_found" {
					got += a.Code
				}
			}
		}
		if got != want {
			t.Errorf("%s asks %q", clause, got)
		}
	}
}

// TestOnlyWhatTheAmendmentStatesChangesWhereItsClauseHasSeveralSums: nobody touched the days of payment.
func TestOnlyWhatTheAmendmentStatesChangesWhereItsClauseHasSeveralSums(t *testing.T) {
	t.Parallel()
	const agreed = "AMENDMENT NO. 1\n\nThis Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. and Borealis Foods LLC and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.\n\n1. Fee\n"
	fees := strings.Replace(services, "2. Payment\nCustomer shall pay each invoice net 30 from the invoice date.\n",
		"2. Payment\n2.1 Fees\nCustomer shall pay a set-up fee of USD 5,000 and a monthly fee of USD 18,000, payable within 30 days of the invoice date.\n", 1)
	for sentence, asked := range map[string]bool{
		"The fee in Section 2.1 is increased to USD 19,500 per month.":                                         false,
		"The fee in Section 2.1 is increased to USD 19,500.":                                                   true,
		"The fee in Section 2.1 is increased to USD 19,500, payable within 45 days of receipt of the invoice.": true,
	} {
		h := apitest.Build(t, apitest.Options{})
		var head, con pact.Contract
		acceptAll(t, h, written(t, h, &head, fees))
		con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
		rev := written(t, h, &con, agreed+sentence+"\n")
		op := candidate(t, h, rev, "operation/1")
		if got := slices.ContainsFunc(op.Ambiguities, func(a pact.Ambiguity) bool { return a.Code == "words_not_found" }); got != asked {
			t.Errorf("%s\n   asked %t: %+v", sentence, got, op.Ambiguities)
		}
		if o := op.Value.Operation; !asked && (!o.Settled || !slices.Equal(o.Terms, []string{"unit_price"})) {
			t.Errorf("%s\n   changes %q", sentence, o.Terms)
		}
		acceptAll(t, h, rev)
		line := family(t, h, head.ID)
		for _, key := range line.Keys() {
			if r := line.Obligation(key, "2025-11-15"); len(r.Ambiguities) > 0 {
				t.Errorf("%s\n   %s is asked about: %+v", sentence, key, r.Ambiguities)
			}
		}
		if r := line.Term("payment_terms", "2025-11-15"); r.Winner == nil || len(r.Ambiguities) > 0 {
			t.Errorf("%s\n   the days of payment: %+v", sentence, r)
		}
	}
}

// TestWhatOtherClausesSayOfAReplacedDutyIsAsked: late interest in Section 2.2 does not end with Section 2.1, and the amendment does not repeat it.
func TestWhatOtherClausesSayOfAReplacedDutyIsAsked(t *testing.T) {
	t.Parallel()
	const agreed = "AMENDMENT NO. 1\n\nThis Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. and Borealis Foods LLC and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.\n\n1. Change\nSection %s of the Agreement is deleted and replaced with the following:\n\n\"Customer shall pay each invoice within forty-five (45) days of the invoice date.\"\n"
	paid := func(late string) string {
		return strings.Replace(services, "2. Payment\nCustomer shall pay each invoice net 30 from the invoice date.\n", "2. Payment\n2.1 Time\nCustomer shall pay each invoice within thirty (30) days of the invoice date.\n2.2 Late payment\n"+late+"\n", 1)
	}
	for _, c := range []struct {
		late, clause string
		want         bool
	}{
		{"Overdue amounts bear interest at 1.0% per month.", "2.1", true},
		{"Overdue amounts bear interest at 1.0% per month.", "2", false}, // all of it ends
		{"Customer tells Supplier of a delay.", "2.1", false},
	} {
		h := apitest.Build(t, apitest.Options{})
		var head, con pact.Contract
		acceptAll(t, h, written(t, h, &head, paid(c.late)))
		con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
		rev := written(t, h, &con, fmt.Sprintf(agreed, c.clause))
		duty := candidate(t, h, rev, "payment/invoices")
		if got := slices.ContainsFunc(duty.Ambiguities, func(a pact.Ambiguity) bool { return a.Code == "other_clauses" }); got != c.want {
			t.Errorf("%s of a contract with %q\n   asked %t: %s %+v", c.clause, c.late, got, duty.Obligation.Params, duty.Ambiguities)
		}
	}
}

func TestAValueOfNewWordsThatIsRejectedIsAQuestion(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	var head, con pact.Contract
	acceptAll(t, h, written(t, h, &head, services))
	con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
	acceptAll(t, h, written(t, h, &con, amendingServices), "governing_law")
	line := family(t, h, head.ID)
	if r := line.Term("governing_law", "2025-11-15"); r.Winner != nil || len(r.Ambiguities) != 1 || r.Ambiguities[0].Code != "changed_value" {
		t.Errorf("%+v", r)
	}
	if got := inForce(line, "notice_period", "2025-11-15"); got != "90 days" {
		t.Errorf("the others hold: %s", got)
	}
}

func TestTheRegisterFollowsAnExtension(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Work(t)
		var head, con pact.Contract
		acceptAll(t, h, written(t, h, &head, services))
		h.Settle(t)
		if got := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", head.ID)); got.ExpirationDate != "2027-02-28" || got.RenewalDate != "2027-03-01" || got.SendBy != "2026-12-30" {
			t.Fatalf("before: %s %s %s", got.ExpirationDate, got.RenewalDate, got.SendBy)
		}
		con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
		acceptAll(t, h, written(t, h, &con, amendingServices+"\n4. Extension\nThe term of the Agreement is extended by twelve (12) months.\n"))
		h.Settle(t)
		got := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", head.ID))
		if got.ExpirationDate != "2028-02-29" || got.RenewalDate != "2028-03-01" || got.SendBy != "2027-12-01" || got.CurrentVersion != 1 {
			t.Errorf("after: %s %s %s", got.ExpirationDate, got.RenewalDate, got.SendBy)
		}
		next := apitest.One(t, h.Store.Reads().Occurrences, store.Eq("contract_id", head.ID), store.Eq("key", "2028-03-01"))
		if calendar.DateIn(next.NextAt, time.UTC) >= "2027-12-01" || next.NextAt.IsZero() {
			t.Errorf("it is reminded of on %s", next.NextAt)
		}
		ahead, err := h.Insight.WholeOutlook(storetest.System(t), insight.RenewalFilter{Days: 1200})
		if err != nil || len(ahead) != 1 || ahead[0].RenewalDate != "2028-03-01" || ahead[0].SendBy != "2027-12-01" {
			t.Errorf("the renewals ahead: %+v (%v)", ahead, err)
		}
		old, err := h.Store.Reads().Occurrences.All(storetest.System(t), store.Where(store.Eq("contract_id", head.ID), store.Eq("key", "2027-03-01")))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range old {
			if o.Status != pact.Excused || !o.NextAt.IsZero() {
				t.Errorf("the renewal that is none: %s, again at %s", o.Status, o.NextAt)
			}
		}
	})
}

// A contract that is read after its amendment: a person said in the open review which contract it amends, or no contract fitted it yet.
func TestAnAmendmentThatIsNotTiedYetIsFollowedToo(t *testing.T) {
	t.Parallel()
	for _, said := range []bool{true, false} {
		t.Run(fmt.Sprintf("a person said it %v", said), func(t *testing.T) {
			t.Parallel()
			apitest.Each(t, func(t *testing.T, h *apitest.House) {
				h.Work(t)
				var head, con pact.Contract
				h.Do(t, func(ctx context.Context, tx store.Tx) error {
					head = pact.Contract{ID: pact.NewID[pact.ContractID]("con", tx.Now), BusinessUnit: "north", State: pact.ContractReceived, Phase: "assisted", SourceKey: "head"}
					head.FamilyID = head.ID
					return tx.Contracts.Insert(ctx, &head)
				})
				rev := written(t, h, &con, amendingServices)
				ref := candidate(t, h, rev, "belongs_to")
				if ref.State != pact.CandidateOpen || ref.Value.Contract.ContractID != "" {
					t.Fatalf("before: the reference is %s: %+v", ref.State, *ref.Value.Contract)
				}
				if said {
					to := *ref.Value.Contract
					to.ContractID = head.ID
					if err := accept(storetest.As(t, pact.Reviewer, "north"), t, h, rev, "belongs_to", review.Choice{Kind: "correct", Value: &pact.Value{Kind: pact.ContractValue, Contract: &to}}); err != nil {
						t.Fatal(err)
					}
				}
				acceptAll(t, h, filed(t, h, head, services))
				h.Settle(t)
				if c := candidate(t, h, rev, "notice_period"); c.Value == nil || c.Value.String() != "90 days" || c.State != pact.CandidateOpen {
					t.Errorf("%+v", c)
				}
				if ref = candidate(t, h, rev, "belongs_to"); !said && (ref.State != pact.CandidateOpen || ref.Value.Contract.ContractID != head.ID) {
					t.Errorf("the reference: %+v", ref.Value.Contract)
				}
			})
		})
	}
}

// The reviewer of the contract tracks an obligation under another key than it is read by: an amendment that changes its words changes that
// one, and makes no other.
func TestAChangeOfWordsChangesTheObligationAsItIsTracked(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		ctx := storetest.As(t, pact.Reviewer, "north")
		var head, con, other pact.Contract
		rev := written(t, h, &head, services)
		renamed := *candidate(t, h, rev, "payment/invoices").Obligation
		renamed.Key = "pay/us"
		if err := accept(ctx, t, h, rev, "payment/invoices", review.Choice{Kind: "correct", Obligation: &renamed, Reason: "it is tracked by that key"}); err != nil {
			t.Fatal(err)
		}
		acceptAll(t, h, rev)
		con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
		rev = written(t, h, &con, amendingServices)
		if c := candidate(t, h, rev, "payment/invoices"); c.Obligation == nil || c.Obligation.Key != "pay/us" {
			t.Fatalf("%+v", c.Obligation)
		}
		if op := candidate(t, h, rev, "operation/3").Value.Operation; !slices.Contains(op.Terms, "pay/us") || slices.Contains(op.Terms, "payment/invoices") {
			t.Errorf("it changes %q", op.Terms)
		}
		acceptAll(t, h, rev)
		line := family(t, h, head.ID)
		if r := line.Obligation("pay/us", "2025-11-15"); r.Winner == nil || r.Winner.Obligation.ContractID != con.ID {
			t.Errorf("the obligation is changed: %+v", r)
		}
		if r := line.Obligation("payment/invoices", "2025-11-15"); r.Winner != nil {
			t.Errorf("another one is made: %+v", r.Winner)
		}
		other.ParentID, other.FamilyID, other.Relation = head.ID, head.ID, "amendment"
		rev = written(t, h, &other, "AMENDMENT NO. 2\n\nThis Amendment No. 2 is made on December 15, 2025 by and between Halden Systems, Inc. (\"Supplier\") and Borealis Foods LLC (\"Customer\") and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.\n\n1. Payment\nCustomer shall pay each invoice net 45 from the invoice date.\n")
		if c := candidate(t, h, rev, "payment/invoices"); c.Obligation == nil || c.Obligation.Key != "pay/us" {
			t.Errorf("an amendment that states it anew: %+v", c.Obligation)
		}
	})
}
