package review_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// quote is evidence of a candidate.
func quote(words string) []pact.Evidence {
	return []pact.Evidence{{Passage: &pact.Passage{Quote: words, End: len(words), Verification: pact.Verified}}}
}

func term(name string, v pact.Value, confidence string) pact.Candidate {
	spec, _ := pact.TermSpecOf(name)
	return pact.Candidate{Subject: "term", Name: name, Label: spec.Label, Value: &v, Confidence: decimal.RequireFromString(confidence), Verification: pact.Verified, Extractor: "grammar/1", Evidence: quote(name + " as written")}
}

func duty(key, confidence string) pact.Candidate {
	o := pact.Obligation{Key: key, Kind: "resolution_time", Title: "Resolve " + key, Params: json.RawMessage(`{"priority":"1","target":{"value":4,"unit":"hour"},"hours":{"always":true,"zone":"UTC"}}`)}
	return pact.Candidate{Subject: "obligation", Name: key, Label: o.Title, Obligation: &o, Confidence: decimal.RequireFromString(confidence), Verification: pact.Verified, Extractor: "grammar/1", Evidence: quote(key)}
}

// sure are the required terms, each beyond doubt.
func sure() []pact.Candidate {
	return []pact.Candidate{
		term("title", pact.Text("Support Agreement"), "0.99"), term("contract_type", pact.Text("support"), "0.99"),
		term("parties", pact.Value{Kind: pact.PartiesValue, Parties: []pact.Party{{Name: "Acme Corp", Role: "customer"}, {Name: "We Ltd", Role: "supplier"}}}, "0.99"),
		term("effective_date", pact.OnDate("2026-01-01"), "0.99"),
	}
}

// read leaves what a reading leaves: a contract, its document and candidates; and opens the review. A contract that is there
// already has its document read again.
func read(t *testing.T, h *apitest.House, con *pact.Contract, warnings []string, candidates ...pact.Candidate) pact.Review {
	t.Helper()
	var doc pact.Document
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		if con.ID == "" {
			con.ID = pact.NewID[pact.ContractID]("con", tx.Now)
			con.BusinessUnit, con.FamilyID, con.State, con.Phase, con.SourceKey = "north", con.ID, pact.ContractReceived, "assisted", string(con.ID)
			if err := tx.Contracts.Insert(ctx, con); err != nil {
				return err
			}
		}
		known, err := tx.Documents.All(ctx, store.Where(store.Eq("contract_id", con.ID)))
		if err != nil {
			return err
		}
		if len(known) > 0 {
			doc = known[0]
			return propose(ctx, tx, doc, candidates)
		}
		doc = pact.Document{ID: pact.NewID[pact.DocumentID]("doc", tx.Now), BusinessUnit: "north", ContractID: con.ID, Filename: "a.pdf", State: pact.DocumentRead, Warnings: warnings, SHA256: pact.NewID[string]("sha", tx.Now)}
		if err := tx.Documents.Insert(ctx, &doc); err != nil {
			return err
		}
		return propose(ctx, tx, doc, candidates)
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

func propose(ctx context.Context, tx store.Tx, doc pact.Document, candidates []pact.Candidate) error {
	for i, c := range candidates {
		c.BusinessUnit, c.ContractID, c.DocumentID, c.State, c.Order = "north", doc.ContractID, doc.ID, pact.CandidateOpen, i
		if err := tx.Candidates.Insert(ctx, &c); err != nil {
			return err
		}
	}
	return nil
}

func candidate(t *testing.T, h *apitest.House, rev pact.Review, name string) pact.Candidate {
	t.Helper()
	return apitest.One(t, h.Store.Reads().Candidates, store.Eq("review_id", rev.ID), store.Eq("name", name))
}

// policy sets a policy in which nothing but the given part holds anything.
func policy(t *testing.T, h *apitest.House, body string) {
	t.Helper()
	if _, err := h.Review.SetPolicy(storetest.System(t), "review", json.RawMessage(body), ""); err != nil {
		t.Fatal(err)
	}
}

const lenient = `{"threshold":"0.85","first_n":0,"value_limits":[],"named_fields":[],"phases":{"default":"full"}}`

func TestGates(t *testing.T) {
	t.Parallel()
	sum := func(value, currency string) pact.Candidate {
		return term("total_contract_value", pact.Sum(money.New(decimal.RequireFromString(value), currency)), "0.99")
	}
	with := func(c pact.Candidate, change func(*pact.Candidate)) pact.Candidate { change(&c); return c }
	law := func(confidence string) pact.Candidate { return term("governing_law", pact.Text("England"), confidence) }
	const limit = `{"threshold":"0.85","first_n":0,"value_limits":[{"value":"100000","currency":"USD"}],"named_fields":[],"phases":{}}`
	for _, c := range []struct {
		name, policy string
		warnings     []string
		add          pact.Candidate
		held         string // reasons of the added candidate; "" passes
	}{
		{"exactly at the threshold", lenient, nil, law("0.85"), ""},
		{"a hair below", lenient, nil, law("0.8499"), "low_confidence"},
		{"with trailing zeros", lenient, nil, law("0.85000"), ""},
		{"far below a higher digit", lenient, nil, law("0.849999999999"), "low_confidence"},
		{"unverified evidence, however sure", lenient, nil, with(law("0.99"), func(c *pact.Candidate) { c.Verification = pact.Unverified }), "unverified"},
		{"repaired evidence", lenient, nil, with(law("0.99"), func(c *pact.Candidate) { c.Verification = pact.Repaired }), ""},
		{"ambiguous", lenient, nil, with(law("0.99"), func(c *pact.Candidate) {
			c.Ambiguities = []pact.Ambiguity{{Code: "words_against_figures", Question: "Thirty or 90?"}}
		}), "ambiguous"},
		{"extractors disagree", lenient, nil, with(law("0.99"), func(c *pact.Candidate) { c.Rivals = []pact.Candidate{law("0.5")} }), "disagreement"},
		{"a warning of the document", lenient, []string{"The document has open tracked changes."}, law("0.99"), "document_warning"},
		{"a named field", `{"threshold":"0.85","first_n":0,"value_limits":[],"named_fields":["governing_law"],"phases":{}}`, nil, law("1"), "high_stakes"},
		{"a value at the limit", limit, nil, sum("100000.00", "USD"), ""},
		{"a cent above the limit", limit, nil, sum("100000.01", "USD"), "contract_value"},
		{"a currency without a limit", limit, nil, sum("1", "JPY"), "contract_value"},
		{"the default policy holds the liability cap", "", nil, term("liability_cap", pact.Text("fees of twelve months"), "1"), "high_stakes"},
		{"the default policy holds the last day of the contract", "", nil, term("expiration_date", pact.OnDate("2027-03-31"), "1"), "high_stakes"},
		{"the first obligation", `{"threshold":"0.85","first_n":1,"value_limits":[],"named_fields":[],"phases":{}}`, nil, duty("resolution_time/P1", "1"), "first_obligations"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := apitest.Build(t, apitest.Options{})
			if c.policy != "" {
				policy(t, h, c.policy)
			}
			rev := read(t, h, &pact.Contract{}, c.warnings, append(sure(), c.add)...)
			got := candidate(t, h, rev, c.add.Name)
			if strings.Join(got.Reasons, " ") != c.held {
				t.Errorf("held for %v, want %q", got.Reasons, c.held)
			}
			if (got.State == pact.CandidateAccepted) != (c.held == "") {
				t.Errorf("the state is %s", got.State)
			}
		})
	}
}

func TestWhatPassesEveryGateIsPublishedByThePolicy(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, lenient)
		policy(t, h, strings.Replace(lenient, "0.85", "0.9", 1)) // version 2
		var con pact.Contract
		rev := read(t, h, &con, nil, sure()...)
		if rev.State != pact.ReviewFinished || rev.FinishedBy != "policy" || rev.Open != 0 || rev.PolicyVersion != 2 || rev.Phase != "full" {
			t.Errorf("the review: %+v", rev)
		}
		got := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID))
		if got.State != pact.ContractActive || got.CurrentVersion != 1 || got.Customer != "Acme Corp" || got.Title != "Support Agreement" || got.Phase != "full" {
			t.Errorf("the contract: %+v", got)
		}
		for _, d := range apitest.All(t, h.Store.Reads().Decisions) {
			if d.By != "policy" || d.PolicyVersion != 2 || d.Kind != "accept" {
				t.Errorf("a decision: %+v", d)
			}
		}
		v := apitest.One(t, h.Store.Reads().Versions)
		if v.PublishedBy != "policy" || len(v.Terms) < 4 || len(v.Terms[0].Evidence) == 0 {
			t.Errorf("the version: %+v", v)
		}
	})
}

func TestTheFirstObligationsOfATypeAndAnExtractorVersion(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	policy(t, h, strings.Replace(lenient, `"first_n":0`, `"first_n":2`, 1))
	person := storetest.As(t, pact.Reviewer, "north")
	held := func(extractor, contractType string, decide bool) bool {
		t.Helper()
		cs := sure()
		cs[1] = term("contract_type", pact.Text(contractType), "0.99")
		o := duty("resolution_time/P1", "0.99")
		o.Extractor = extractor
		rev := read(t, h, &pact.Contract{}, nil, append(cs, o)...)
		c := candidate(t, h, rev, o.Name)
		if c.State == pact.CandidateOpen && decide {
			if _, err := h.Review.Decide(person, c.ID, review.Choice{Kind: "accept", Revision: c.Revision}); err != nil {
				t.Fatal(err)
			}
		}
		return slices.Contains(c.Reasons, "first_obligations")
	}
	for _, step := range []struct {
		what, extractor, contractType string
		decide, held                  bool
	}{
		{"the first, not decided yet", "grammar/1", "support", false, true},
		{"the first", "grammar/1", "support", true, true},
		{"the second", "grammar/1", "support", true, true},
		{"the third", "grammar/1", "support", true, false},
		{"the first of another type", "grammar/1", "supply", true, true},
		{"the first of another version", "grammar/2", "support", true, true},
		{"the third again: the policy's own decisions do not count", "grammar/1", "support", true, false},
	} {
		if got := held(step.extractor, step.contractType, step.decide); got != step.held {
			t.Errorf("%s: held is %v", step.what, got)
		}
	}
}

// A value that can be read in several ways has no value of its own, and its passage: whatever is decided and undone, it stands.
func TestUndoingTheAnswerToAQuestionBringsThePassageBack(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		law := term("governing_law", pact.Text("England"), "0.7")
		law.Value, law.Ambiguities = nil, []pact.Ambiguity{{Code: "two_laws", Question: "England or Wales?", Readings: []pact.Value{pact.Text("England"), pact.Text("Wales")}}}
		rev := read(t, h, &pact.Contract{}, nil, append(sure(), law)...)
		ctx := storetest.As(t, pact.Reviewer, "north")
		decide := func(ch review.Choice) pact.Candidate {
			t.Helper()
			c := candidate(t, h, rev, "governing_law")
			ch.Revision = c.Revision
			out, err := h.Review.Decide(ctx, c.ID, ch)
			if err != nil {
				t.Fatal(err)
			}
			return out.Candidate
		}
		wales := pact.Text("Wales")
		for _, first := range []review.Choice{
			{Kind: "correct", Value: &wales}, {Kind: "correct", Value: &wales, Evidence: quote("laws of Wales")}, {Kind: "reject"},
		} {
			decide(first)
			got := decide(review.Choice{Kind: "restore"})
			if got.State != pact.CandidateOpen || len(got.Evidence) != 1 || got.Evidence[0].Passage.Quote != "governing_law as written" || len(got.Ambiguities) != 1 || len(got.Rivals) != 0 {
				t.Errorf("after %s with %d passages: %+v", first.Kind, len(first.Evidence), got)
			}
		}
		if got := decide(review.Choice{Kind: "correct", Value: &wales}); len(got.Evidence) != 1 || got.Evidence[0].Passage.Quote != "governing_law as written" {
			t.Errorf("answered again: %+v", got.Evidence)
		}
	})
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		rival := term("governing_law", pact.Text("Wales"), "0.6")
		rival.Evidence = quote("laws of Wales")
		law := term("governing_law", pact.Text("England"), "0.7")
		law.Rivals = []pact.Candidate{rival}
		rev := read(t, h, &pact.Contract{}, nil, append(sure(), law, duty("resolution_time/P1", "0.9"))...)
		ctx := storetest.As(t, pact.Reviewer, "north")
		decide := func(name string, ch review.Choice) (pact.Candidate, error) {
			t.Helper()
			c := candidate(t, h, rev, name)
			ch.Revision = c.Revision
			out, err := h.Review.Decide(ctx, c.ID, ch)
			return out.Candidate, err
		}
		zero, nine := 0, 9
		got, err := decide("governing_law", review.Choice{Kind: "accept", Rival: &zero})
		if err != nil || got.State != pact.CandidateCorrected || got.DecidedValue.Text != "Wales" || got.Evidence[0].Passage.Quote != "laws of Wales" {
			t.Errorf("a rival: %+v %v", got, err)
		}
		got, err = decide("governing_law", review.Choice{Kind: "restore"})
		if err != nil || got.State != pact.CandidateOpen || got.DecidedValue != nil || got.DecidedBy != "" {
			t.Errorf("restored: %+v %v", got, err)
		}
		if got.Evidence[0].Passage.Quote != "governing_law as written" {
			t.Errorf("restoring keeps the evidence of the rival: %q", got.Evidence[0].Passage.Quote)
		}
		if _, err := decide("governing_law", review.Choice{Kind: "accept", Rival: &nine}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a rival that is not there: %v", err)
		}
		date, text := pact.OnDate("2026-02-30"), pact.Text("not a date")
		good := pact.OnDate("2026-02-01")
		for name, ch := range map[string]review.Choice{
			"a date that is none":     {Kind: "correct", Value: &date},
			"a value of another kind": {Kind: "correct", Value: &text},
			"no value":                {Kind: "correct"},
			"no such decision":        {Kind: "maybe"},
		} {
			if _, err := decide("effective_date", ch); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if c := candidate(t, h, rev, "effective_date"); c.DecidedValue != nil {
			t.Errorf("a refused correction left %+v", c.DecidedValue)
		}
		got, err = decide("effective_date", review.Choice{Kind: "correct", Value: &good, Evidence: quote("first of February"), Reason: "typo"})
		if err != nil || got.State != pact.CandidateCorrected || got.Value.Date != "2026-01-01" || got.DecidedValue.Date != "2026-02-01" {
			t.Errorf("corrected: %+v %v", got, err)
		}
		bad := pact.Obligation{Params: json.RawMessage(`{"treshold":1}`)}
		if _, err := decide("resolution_time/P1", review.Choice{Kind: "correct", Obligation: &bad}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an obligation with a parameter it does not know: %v", err)
		}
		if got, err = decide("resolution_time/P1", review.Choice{Kind: "reject", Reason: "not ours"}); err != nil || got.State != pact.CandidateRejected {
			t.Errorf("rejected: %+v %v", got, err)
		}
		kinds := []string{}
		for _, d := range apitest.All(t, h.Store.Reads().Decisions, store.Is("by", "!=", "policy")) {
			kinds = append(kinds, d.Kind)
		}
		if slices.Sort(kinds); strings.Join(kinds, " ") != "accept correct reject restore" {
			t.Errorf("decisions kept: %v", kinds)
		}
	})
}

func TestAnAmbiguityIsNotAcceptedAsItIs(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	notice := term("notice_period", pact.Lasting(30, calendar.Day), "0.9")
	notice.Ambiguities = []pact.Ambiguity{{Code: "words_against_figures", Question: "Sixty or 30?"}}
	rev := read(t, h, &pact.Contract{}, nil, append(sure(), notice)...)
	c := candidate(t, h, rev, "notice_period")
	ctx := storetest.As(t, pact.Reviewer, "north")
	if _, err := h.Review.Decide(ctx, c.ID, review.Choice{Kind: "accept", Revision: c.Revision}); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "Sixty or 30?") {
		t.Errorf("%v", err)
	}
	sixty := pact.Lasting(60, calendar.Day)
	if _, err := h.Review.Decide(ctx, c.ID, review.Choice{Kind: "correct", Value: &sixty, Revision: c.Revision}); err != nil {
		t.Error(err)
	}
}

func TestAStaleDecisionIsToldWhoDecidedMeanwhile(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	rev := read(t, h, &pact.Contract{}, nil, append(sure(), term("governing_law", pact.Text("England"), "0.5"))...)
	c := candidate(t, h, rev, "governing_law")
	ann, err := h.Gate.AddUser(storetest.System(t), auth.NewUser{Email: "ann@halden.example", Name: "Ann Berg", Role: pact.Reviewer, Units: []string{"north"}, Password: "a long enough password"})
	if err != nil {
		t.Fatal(err)
	}
	hers := pact.WithActor(t.Context(), pact.Actor{ID: string(ann.ID), Kind: "person", Name: ann.Name, Role: ann.Role, Units: ann.Units})
	if _, err := h.Review.Decide(hers, c.ID, review.Choice{Kind: "accept", Revision: c.Revision}); err != nil {
		t.Fatal(err)
	}
	_, err = h.Review.Decide(storetest.As(t, pact.Reviewer, "north"), c.ID, review.Choice{Kind: "reject", Revision: c.Revision})
	if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "was decided by Ann Berg meanwhile (accepted)") || strings.Contains(err.Error(), "usr_") {
		t.Errorf("%v", err)
	}
}

func TestAStaleDecisionIsRefusedAndTheNewerOneStands(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		rev := read(t, h, &pact.Contract{}, nil, append(sure(), term("governing_law", pact.Text("England"), "0.5"))...)
		c := candidate(t, h, rev, "governing_law")
		ctx := storetest.As(t, pact.Reviewer, "north")
		results := make(chan error, 8)
		for i := range 8 {
			v := pact.Text(fmt.Sprint("Law ", i))
			go func() {
				_, err := h.Review.Decide(ctx, c.ID, review.Choice{Kind: "correct", Value: &v, Revision: c.Revision})
				results <- err
			}()
		}
		won := 0
		for range 8 {
			switch err := <-results; {
			case err == nil:
				won++
			case !fault.Is(err, fault.Conflict):
				t.Error(err)
			}
		}
		now := candidate(t, h, rev, "governing_law")
		decisions := apitest.All(t, h.Store.Reads().Decisions, store.Eq("candidate_id", c.ID))
		if won != 1 || len(decisions) != 1 || decisions[0].Value.Text != now.DecidedValue.Text {
			t.Errorf("%d won, %d decisions, the row says %+v", won, len(decisions), now.DecidedValue)
		}
	})
}

func TestBulkAcceptTakesOnlyWhatIsCertainAndCanBeUndone(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, `{"threshold":"0.85","first_n":5,"value_limits":[{"value":"1","currency":"USD"}],"named_fields":["notice_period"],"phases":{}}`)
		rev := read(t, h, &pact.Contract{}, nil, append(sure(),
			term("total_contract_value", pact.Sum(money.New(decimal.NewFromInt(9), "USD")), "0.9"), term("governing_law", pact.Text("England"), "0.5"),
			term("notice_period", pact.Lasting(30, calendar.Day), "0.95"), duty("resolution_time/P1", "0.99"))...)
		ctx := storetest.As(t, pact.Reviewer, "north")
		cs, err := h.Review.Confident(ctx, rev.ID)
		if err != nil {
			t.Fatal(err)
		}
		var ids []pact.CandidateID
		var names []string
		for _, c := range cs {
			ids, names = append(ids, c.ID), append(names, c.Name)
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != "contract_type effective_date parties title total_contract_value" {
			t.Fatalf("in bulk: %s", got)
		}
		after, _, err := h.Review.DecideAll(ctx, rev.ID, "accept", ids)
		if err != nil || after.Open != rev.Open-5 {
			t.Fatalf("%d open of %d, %v", after.Open, rev.Open, err)
		}
		back, _, err := h.Review.DecideAll(ctx, rev.ID, "restore", ids)
		if err != nil || back.Open != rev.Open {
			t.Errorf("undone: %d open of %d, %v", back.Open, rev.Open, err)
		}
		for _, d := range apitest.All(t, h.Store.Reads().Decisions) {
			if !d.Bulk {
				t.Errorf("a decision in bulk does not say so: %+v", d)
			}
		}
	})
}

// finish decides on everything that is open and publishes.
func finish(t *testing.T, h *apitest.House, rev pact.Review) pact.Review {
	t.Helper()
	ctx := storetest.As(t, pact.Reviewer, "north")
	for _, c := range apitest.All(t, h.Store.Reads().Candidates, store.Eq("review_id", rev.ID), store.In("state", []string{"open", "not_found"})) {
		kind := "accept"
		if c.State == pact.CandidateNotFound {
			kind = "reject"
		}
		if _, err := h.Review.Decide(ctx, c.ID, review.Choice{Kind: kind, Revision: c.Revision}); err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
	}
	now := apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", rev.ID))
	if now.State == pact.ReviewFinished {
		return now
	}
	done, err := h.Review.Finish(ctx, rev.ID, now.Revision)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func TestNothingIsPublishedWhileAFieldIsOpen(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		var con pact.Contract
		rev := read(t, h, &con, nil, sure()[1:]...) // no title: a person confirms that there is none
		if c := candidate(t, h, rev, "title"); c.State != pact.CandidateNotFound || strings.Join(c.Reasons, "") != "not_found" {
			t.Fatalf("a required term that is missing: %+v", c)
		}
		ctx := storetest.As(t, pact.Reviewer, "north")
		if _, err := h.Review.Finish(ctx, rev.ID, rev.Revision); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "1 value waits for a decision: Title (required and not found: add it, or mark it as absent).") {
			t.Errorf("%v", err)
		}
		c := candidate(t, h, rev, "title")
		if _, err := h.Review.Decide(ctx, c.ID, review.Choice{Kind: "accept", Revision: c.Revision}); !fault.Is(err, fault.Invalid) {
			t.Errorf("accepting what was not found: %v", err)
		}
		done := finish(t, h, rev)
		if done.State != pact.ReviewFinished || done.FinishedBy != "usr_reviewer" || !slices.Contains(done.Reviewers, "usr_reviewer") {
			t.Errorf("%+v", done)
		}
		if _, err := h.Review.Decide(ctx, c.ID, review.Choice{Kind: "restore", Revision: candidate(t, h, rev, "title").Revision}); !fault.Is(err, fault.Conflict) {
			t.Errorf("deciding after the end: %v", err)
		}
		if _, err := h.Review.Finish(ctx, rev.ID, done.Revision); !fault.Is(err, fault.Conflict) {
			t.Errorf("finishing twice: %v", err)
		}
		if n := len(apitest.All(t, h.Store.Reads().Versions)); n != 1 {
			t.Errorf("%d versions", n)
		}
	})
}

func TestOnlyReviewersDecide(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	rev := read(t, h, &pact.Contract{}, nil, append(sure(), term("governing_law", pact.Text("England"), "0.5"))...)
	c := candidate(t, h, rev, "governing_law")
	for _, role := range []pact.Role{pact.Viewer, pact.Approver, pact.Connector} {
		ctx := storetest.As(t, role, "north")
		if _, err := h.Review.Decide(ctx, c.ID, review.Choice{Kind: "accept", Revision: c.Revision}); !fault.Is(err, fault.Denied) {
			t.Errorf("%s decides: %v", role, err)
		}
		if _, err := h.Review.Finish(ctx, rev.ID, rev.Revision); !fault.Is(err, fault.Denied) {
			t.Errorf("%s finishes: %v", role, err)
		}
	}
	if _, err := h.Review.Decide(storetest.As(t, pact.Reviewer, "south"), c.ID, review.Choice{Kind: "accept", Revision: c.Revision}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a reviewer of another unit: %v", err)
	}
}

func TestAnObligationKeepsItsIDFromVersionToVersion(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		var con pact.Contract
		finish(t, h, read(t, h, &con, nil, append(sure(), duty("resolution_time/P1", "0.9"), duty("resolution_time/P2", "0.9"))...))
		first := apitest.All(t, h.Store.Reads().Obligations, store.Eq("contract_id", con.ID))
		changed := duty("resolution_time/P1", "0.9")
		changed.Obligation.Title = "Resolve sooner"
		finish(t, h, read(t, h, &con, nil, append(sure(), changed)...))
		byKey := map[string]pact.Obligation{}
		for _, o := range apitest.All(t, h.Store.Reads().Obligations, store.Eq("contract_id", con.ID)) {
			byKey[o.Key] = o
		}
		for _, o := range first {
			if byKey[o.Key].ID != o.ID {
				t.Errorf("%s had the id %s and has %s", o.Key, o.ID, byKey[o.Key].ID)
			}
		}
		if o := byKey["resolution_time/P1"]; o.Title != "Resolve sooner" || o.InForce.Until != "" {
			t.Errorf("P1: %+v", o)
		}
		if o := byKey["resolution_time/P2"]; o.InForce.Until != "2026-03-02" {
			t.Errorf("P2 left the register on %q", o.InForce.Until)
		}
		if con := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID)); con.CurrentVersion != 2 || len(byKey) != 2 {
			t.Errorf("version %d, %d obligations", con.CurrentVersion, len(byKey))
		}
	})
}

func TestDatesFollowFromReviewedTerms(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		var con pact.Contract
		cs := sure()
		cs[3] = term("effective_date", pact.OnDate("2025-05-01"), "0.99")
		finish(t, h, read(t, h, &con, nil, append(cs, term("term", pact.Lasting(1, calendar.Year), "0.9"), term("renewal_term", pact.Lasting(1, calendar.Year), "0.9"),
			term("auto_renewal", pact.Yes(true), "0.9"), term("notice_period", pact.Lasting(30, calendar.Day), "0.9"))...))
		got := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID))
		// From 1 May 2025 for a year: the last day is 30 April 2026, and 30 days before it is Tuesday, 31 March.
		if got.EffectiveDate != "2025-05-01" || got.ExpirationDate != "2026-04-30" || got.RenewalDate != "2026-05-01" || got.SendBy != "2026-03-31" {
			t.Errorf("effective %s, expires %s, renews %s, send by %s", got.EffectiveDate, got.ExpirationDate, got.RenewalDate, got.SendBy)
		}
		v := apitest.One(t, h.Store.Reads().Versions, store.Eq("contract_id", con.ID))
		for _, name := range []string{"expiration_date", "renewal_date", "notice_send_by"} {
			if x, ok := v.Term(name); !ok || x.Derivation == nil || len(x.Derivation.Inputs) == 0 {
				t.Errorf("%s does not say how it follows: %+v", name, x)
			}
		}
		if o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("kind", "renewal_notice")); len(o.Evidence) == 0 {
			t.Error("the watch of the notice day has no evidence")
		}
	})
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	ctx := storetest.System(t)
	for name, body := range map[string]string{
		"a threshold above 1":  `{"threshold":"1.1"}`,
		"a negative threshold": `{"threshold":"-0.1"}`,
		"a negative count":     `{"threshold":"0.5","first_n":-1}`,
		"a field that is none": `{"threshold":"0.5","named_fields":["shoe_size"]}`,
		"a phase that is none": `{"threshold":"0.5","phases":{"msa":"wild"}}`,
		"an unknown member":    `{"threshold":"0.5","tresholds":1}`,
		"no threshold":         `{"first_n":3}`,
		"null":                 `null`,
		"a list":               `[]`,
		"a number as a text":   `{"threshold":"0.5","first_n":"three"}`,
		"a limit given twice":  `{"threshold":"0.5","value_limits":[{"value":"1","currency":"EUR"},{"value":"2","currency":"EUR"}]}`,
		"no JSON":              `{`,
		"a sum without unit":   `{"threshold":"0.5","value_limits":[{"value":"1","currency":""}]}`,
	} {
		if _, err := h.Review.SetPolicy(ctx, "review", json.RawMessage(body), ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	open := json.RawMessage(`{"kinds":{"email":"keep"}}`)
	for _, note := range []string{"", "n", "  short   "} {
		if _, err := h.Review.SetPolicy(ctx, "privacy", open, note); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "ten characters") {
			t.Errorf("what leaves is changed without a reason (%q): %v", note, err)
		}
	}
	if p, err := h.Review.SetPolicy(ctx, "privacy", open, "addresses are public"); err != nil || !p.Active {
		t.Errorf("with a reason: %+v, %v", p, err)
	}
	for _, role := range []pact.Role{pact.Viewer, pact.Reviewer, pact.Approver} {
		if _, err := h.Review.SetPolicy(storetest.As(t, role, "*"), "review", json.RawMessage(lenient), ""); !fault.Is(err, fault.Denied) {
			t.Errorf("%s sets a policy: %v", role, err)
		}
	}
	policy(t, h, lenient)
	policy(t, h, lenient)
	active := apitest.One(t, h.Store.Reads().Policies, store.Eq("kind", "review"), store.Eq("active", true))
	if all := apitest.All(t, h.Store.Reads().Policies, store.Eq("kind", "review")); len(all) != 2 || active.Version != 2 {
		t.Errorf("%d versions, version %d is active", len(all), active.Version)
	}
	def := review.DefaultPolicy()
	if !def.Threshold.Equal(decimal.RequireFromString("0.85")) || def.FirstN != 100 || def.Phase("msa") != "assisted" || !slices.Contains(def.NamedFields, "liability_cap") || !slices.Contains(def.NamedFields, "auto_renewal") {
		t.Errorf("the shipped policy: %+v", def)
	}
}

func TestAWholeReviewUnderAConflictingKeyIsRefusedClearly(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	rev := read(t, h, &pact.Contract{}, nil, append(sure(), duty("resolution_time/P1", "0.9"), duty("resolution_time/P1", "0.5"))...)
	ctx := storetest.As(t, pact.Reviewer, "north")
	for _, c := range apitest.All(t, h.Store.Reads().Candidates, store.Eq("review_id", rev.ID), store.Eq("state", "open")) {
		if _, err := h.Review.Decide(ctx, c.ID, review.Choice{Kind: "accept", Revision: c.Revision}); err != nil {
			t.Fatal(err)
		}
	}
	now := apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", rev.ID))
	if _, err := h.Review.Finish(ctx, rev.ID, now.Revision); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "resolution_time/P1") {
		t.Errorf("%v", err)
	}
}

func TestANewerReadingSupersedesAnOpenReview(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	var con pact.Contract
	old := read(t, h, &con, nil, append(sure(), term("governing_law", pact.Text("England"), "0.5"))...)
	newer := read(t, h, &con, nil, append(sure(), term("governing_law", pact.Text("Wales"), "0.5"))...)
	if got := apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", old.ID)); got.State != pact.ReviewSuperseded {
		t.Errorf("the old review is %s", got.State)
	}
	if err := h.Review.OpenReview(storetest.System(t), job.OpenReview{DocumentID: newer.DocumentID}); err != nil {
		t.Fatal(err)
	}
	if n := len(apitest.All(t, h.Store.Reads().Reviews, store.Eq("contract_id", con.ID))); n != 2 {
		t.Errorf("the same job again makes %d reviews", n)
	}
}

// The file in the source was replaced: what the earlier one said is no longer part of the contract, and its open review ends.
func TestAFileThatReplacedAnotherSpeaksInsteadOfIt(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, lenient)
		var con pact.Contract
		first := read(t, h, &con, nil, append(sure(), duty("old", "0.99"))...)
		if first.State != pact.ReviewFinished {
			t.Fatalf("the first reading is %s", first.State)
		}
		replaced := func(name string, candidates ...pact.Candidate) pact.Review {
			t.Helper()
			var doc pact.Document
			h.Do(t, func(ctx context.Context, tx store.Tx) error {
				docs, err := tx.Documents.All(ctx, store.Where(store.Eq("contract_id", con.ID)))
				if err != nil {
					return err
				}
				for _, d := range docs {
					d.SourceKey = "clm/1/signedCopy/a.pdf"
					if err := tx.Documents.Update(ctx, &d); err != nil {
						return err
					}
				}
				doc = pact.Document{ID: pact.NewID[pact.DocumentID]("doc", tx.Now), BusinessUnit: "north", ContractID: con.ID, Filename: "a.pdf", State: pact.DocumentRead, SHA256: name, SourceKey: "clm/1/signedCopy/a.pdf"}
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
		held := replaced("second", append(sure()[:3], duty("second", "0.10"))...)
		other := duty("new", "0.99") // what looks like the first would be asked about
		other.Obligation.Params = json.RawMessage(`{"priority":"2","target":{"value":4,"unit":"hour"},"hours":{"always":true,"zone":"UTC"}}`)
		replaced("third", append(sure(), other)...)
		if got := apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", held.ID)); got.State != pact.ReviewSuperseded {
			t.Errorf("the review of the file in between is %s", got.State)
		}
		v, err := h.Store.Reads().Versions.One(storetest.System(t), store.Where(store.Eq("contract_id", con.ID)).By("-number"))
		if err != nil || len(v.Obligations) != 1 || v.Obligations[0].Key != "new" {
			t.Errorf("version %d has %+v, %v; want what the last file says and nothing of the first", v.Number, v.Obligations, err)
		}
	})
}

// A source that calls everything a contract says less than the reading: lists show the type as read until one is published.
func TestTheTypeIsShownAsReadUntilOneIsPublished(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	for source, want := range map[string]string{"contract": "support", "": "support", "nda": "nda"} {
		con := pact.Contract{Title: "from " + source, ContractType: source}
		read(t, h, &con, []string{"held"}, sure()...)
		if got := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID)); got.ContractType != want || got.CurrentVersion != 0 {
			t.Errorf("the source says %q: shown as %q in version %d, want %q", source, got.ContractType, got.CurrentVersion, want)
		}
	}
}
