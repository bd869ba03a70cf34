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
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// gappy is a promise whose credit table leaves 99 % to 99.5 % open.
func gappy() pact.Candidate {
	c := duty("availability", "0.99")
	c.Obligation.Kind, c.Obligation.Title = "availability", "Keep the cloud up"
	c.Obligation.Params = json.RawMessage(`{"service":"Cloud","target":"99.9","zone":"UTC","tiers":[{"from":"99.5","below":"99.9","credit":"10"},{"below":"99","credit":"25"}]}`)
	return c
}

func as(t *testing.T, id string, role pact.Role) context.Context {
	t.Helper()
	return pact.WithActor(t.Context(), pact.Actor{ID: id, Kind: "person", Name: "Mira", Role: role, Units: []string{"north"}})
}

// down tells of an outage of five hours in a month: 99.3 % of January or March, within the gap.
func down(t *testing.T, h *apitest.House, con pact.Contract, month time.Month) {
	t.Helper()
	begins := time.Date(2026, month, 10, 8, 0, 0, 0, time.UTC)
	_, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{{ExternalID: "down " + month.String(), Kind: "outage", Subject: "Cloud", OccurredAt: begins, Data: pact.EventData{Service: "Cloud", EndAt: begins.Add(5 * time.Hour), Contract: con.Number}}})
	if err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
}

// gap is a contract in force with the promise of gappy, and an outage in January that lies in the gap of its table.
func gap(t *testing.T, h *apitest.House) pact.Contract {
	t.Helper()
	h.Work(t)
	policy(t, h, lenient)
	con := pact.Contract{Number: "SA-1"}
	read(t, h, &con, nil, append(sure(), gappy())...)
	h.Settle(t)
	down(t, h, con, time.January)
	return con
}

func charge(month, value string) exchange.StatedCharge {
	return exchange.StatedCharge{Service: "Cloud", Month: month, Amount: money.New(decimal.RequireFromString(value), "USD"), Reference: "INV-1"}
}

func TestAnAnswerGivesEveryFindingOfTheQuestionItsAmount(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Work(t)
		policy(t, h, lenient)
		con := pact.Contract{Number: "SA-1"}
		rev := read(t, h, &con, nil, append(sure(), gappy())...)
		h.Settle(t)
		down(t, h, con, time.January)
		down(t, h, con, time.February)
		mira := as(t, "usr_mira", pact.Reviewer)
		for _, month := range []string{"2026-01", "2026-02"} {
			if _, err := h.Exchange.RecordCharge(mira, con.ID, charge(month, "5000.00")); err != nil {
				t.Fatal(err)
			}
		}
		h.Settle(t)
		before := apitest.All(t, h.Store.Reads().Findings)
		if len(before) != 2 || before[0].Credit != pact.CreditAmbiguous || before[1].Credit != pact.CreditAmbiguous {
			t.Fatalf("before the answer: %+v", before)
		}
		o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("key", "availability"))
		q := before[0].Assessment.Ambiguities[0]
		out, err := h.Review.Answer(mira, before[0].ID, review.Answer{Question: q.Question, Reading: q.Outcomes[0].Reading, Reason: "Annex 2 says so.", Revision: o.Revision})
		if err != nil {
			t.Fatal(err)
		}
		if out.Version != 2 || out.Decision.Kind != "answer" || out.Decision.By != "usr_mira" || out.Obligation.ID != o.ID {
			t.Errorf("the answer: %+v", out)
		}
		h.Settle(t)
		for _, f := range apitest.All(t, h.Store.Reads().Findings) {
			if f.Assessment.AmountState != "" || f.Amount == nil || !f.Amount.Equal(*q.Outcomes[0].Amount) || f.Version != 2 || f.State != pact.FindingOpen {
				t.Errorf("%s after the answer: %+v", f.Subject, f)
			}
			said := f.Clause[len(f.Clause)-1].Statement
			if said == nil || said.By != "usr_mira" || said.Reason != "Annex 2 says so." || strings.Contains(said.Text, "Annex 2") || len(said.Decides) == 0 {
				t.Errorf("the clause of %s does not hold the answer: %+v", f.Subject, f.Clause)
			}
			if a := apitest.All(t, h.Store.Reads().Approvals, store.Eq("finding_id", f.ID)); len(a) > 0 && !strings.Contains(strings.Join(a[0].Excluded, " "), "usr_mira") {
				t.Errorf("who answered may approve: %+v", a[0])
			}
		}
		v := apitest.One(t, h.Store.Reads().Versions, store.Eq("number", 2))
		if len(v.Terms) == 0 || v.PublishedBy != "usr_mira" || !strings.Contains(string(v.Obligations[0].Params), `"below":"99.5"`) {
			t.Errorf("version 2: %+v", v)
		}
		// A later version keeps the answer: it is a decision on the candidate.
		c := candidate(t, h, rev, "availability")
		if c.DecidedObligation == nil || string(c.DecidedObligation.Params) != string(v.Obligations[0].Params) || c.State != pact.CandidateAccepted || c.DecidedBy != "policy" {
			t.Errorf("the candidate: %+v", c)
		}
		if got := apitest.One(t, h.Store.Reads().Reviews, store.Eq("id", rev.ID)); len(got.Reviewers) != 1 || got.Reviewers[0] != "usr_mira" {
			t.Errorf("the review: %+v", got)
		}
		_, err = h.Review.Answer(mira, before[1].ID, review.Answer{Question: q.Question, Reading: q.Outcomes[0].Reading, Reason: "again", Revision: out.Obligation.Revision})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("a second answer: %v", err)
		}
	})
}

func TestWhatIsNoAnswerIsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	gap(t, h)
	f := apitest.One(t, h.Store.Reads().Findings)
	o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("key", "availability"))
	q := f.Assessment.Ambiguities[0]
	good := review.Answer{Question: q.Question, Reading: q.Outcomes[0].Reading, Reason: "because", Revision: o.Revision}
	for _, c := range []struct {
		name   string
		role   pact.Role
		change func(*review.Answer)
		kind   fault.Kind
	}{
		{"by an approver", pact.Approver, func(*review.Answer) {}, fault.Denied},
		{"without a reason", pact.Reviewer, func(a *review.Answer) { a.Reason = " " }, fault.Invalid},
		{"to another question", pact.Reviewer, func(a *review.Answer) { a.Question = "What else?" }, fault.Conflict},
		{"with a reading that is none", pact.Reviewer, func(a *review.Answer) { a.Reading = "half of it" }, fault.Conflict},
		{"with nothing", pact.Reviewer, func(a *review.Answer) { a.Reading = "" }, fault.Invalid},
		{"with both", pact.Reviewer, func(a *review.Answer) { a.Params = json.RawMessage(`{}`) }, fault.Invalid},
		{"to what was seen before", pact.Reviewer, func(a *review.Answer) { a.Revision-- }, fault.Conflict},
		{"with parameters that can not be", pact.Reviewer, func(a *review.Answer) { a.Reading, a.Params = "", json.RawMessage(`{"target":"120"}`) }, fault.Invalid},
		{"with parameters that are unknown", pact.Reviewer, func(a *review.Answer) { a.Reading, a.Params = "", json.RawMessage(`{"tears":[]}`) }, fault.Invalid},
		{"with no parameters", pact.Reviewer, func(a *review.Answer) { a.Reading, a.Params = "", json.RawMessage(`[]`) }, fault.Invalid},
	} {
		a := good
		c.change(&a)
		if _, err := h.Review.Answer(as(t, "usr_mira", c.role), f.ID, a); !fault.Is(err, c.kind) {
			t.Errorf("an answer %s: %v, want %s", c.name, err, c.kind)
		}
	}
	if n := len(apitest.All(t, h.Store.Reads().Versions)); n != 1 {
		t.Errorf("%d versions after refusals", n)
	}
	// What the question is not about is named at its field: the table has the gap, the promise stands.
	for member, params := range map[string]string{
		"target": `{"target":"98"}`, "zone": `{"zone":"Asia/Tokyo","tiers":[{"below":"99.9","credit":"5"}]}`, "cap_percent": `{"cap_percent":"1"}`, "credit.at_risk": `{"credit":{"at_risk":{"percent":"1","weight":"100"}}}`, "tears": `{"tears":[]}`, "service": `{"service":null}`,
	} {
		a := good
		a.Reading, a.Params = "", json.RawMessage(params)
		for name, answer := range map[string]func(context.Context) error{
			"on the finding": func(ctx context.Context) error { _, err := h.Review.Answer(ctx, f.ID, a); return err },
			"on the obligation": func(ctx context.Context) error {
				_, err := h.Review.AnswerObligation(ctx, o.ID, f.OccurrenceID, a)
				return err
			},
		} {
			err := answer(as(t, "usr_mira", pact.Reviewer))
			if !fault.Is(err, fault.Invalid) || len(fault.Of(err).Details) != 1 || fault.Of(err).Details[0].Field != "body.params."+member {
				t.Errorf("an answer %s that sets %s: %v, details %+v", name, member, err, fault.Of(err))
			}
		}
	}
	stated := good
	stated.Reading, stated.Params = "", json.RawMessage(`{"target":"99.9","tiers":[{"below":"99.9","credit":"5"}]}`) // the target stays as it is
	if _, err := h.Review.Answer(as(t, "usr_mira", pact.Reviewer), f.ID, stated); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	if f = apitest.One(t, h.Store.Reads().Findings); f.Assessment.AmountState != "needs_charge" {
		t.Errorf("after the parameters were stated: %+v", f.Assessment)
	}
}

func TestAChargeThatAPersonStatesGivesTheAmount(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Work(t)
		policy(t, h, lenient)
		con := pact.Contract{Number: "SA-1"}
		plain := gappy()
		plain.Obligation.Params = json.RawMessage(`{"service":"Cloud","target":"99.9","zone":"UTC","tiers":[{"below":"99.9","credit":"10"}]}`)
		read(t, h, &con, nil, append(sure(), plain)...)
		h.Settle(t)
		down(t, h, con, time.January)
		if f := apitest.One(t, h.Store.Reads().Findings); f.Credit != pact.CreditNeedsCharge {
			t.Fatalf("before the charge: %+v", f)
		}
		mira := as(t, "usr_mira", pact.Reviewer)
		for name, c := range map[string]exchange.StatedCharge{
			"no month": charge("January", "1"), "a month ahead": charge("2027-01", "1"), "less than nothing": charge("2026-01", "-1"),
			"a part of a cent": charge("2026-01", "5000.005"), "a service nobody promised": {Service: "Clout", Month: "2026-01", Amount: money.New(decimal.NewFromInt(1), "USD")},
			"no service": {Month: "2026-01", Amount: money.New(decimal.NewFromInt(1), "USD")}, "no currency": {Service: "Cloud", Month: "2026-01"},
			"more than the policy lets a person state": charge("2026-01", "10000000.01"),
		} {
			if _, err := h.Exchange.RecordCharge(mira, con.ID, c); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := h.Exchange.RecordCharge(as(t, "usr_ann", pact.Approver), con.ID, charge("2026-01", "900000.00")); !fault.Is(err, fault.Denied) {
			t.Errorf("by an approver: %v", err)
		}
		if _, err := h.Exchange.RecordCharge(mira, con.ID, charge("2026-01", "900000.00")); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Exchange.RecordCharge(mira, con.ID, charge("2026-01", "6000.00")); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second charge: %v", err)
		}
		h.Settle(t)
		f := apitest.One(t, h.Store.Reads().Findings)
		if f.Amount == nil || f.Amount.String() != "90000.00 USD" || f.Credit != pact.CreditWaiting {
			t.Errorf("after the charge: %+v", f)
		}
		a := apitest.One(t, h.Store.Reads().Approvals)
		if len(a.Excluded) != 1 || a.Excluded[0] != "usr_mira" {
			t.Errorf("who stated the charge may approve what is computed from it: %+v", a)
		}
	})
}

func TestAChargeThatAPersonStatedIsCorrectedAndTakenBack(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Work(t)
		policy(t, h, lenient)
		con := pact.Contract{Number: "SA-1"}
		plain := gappy()
		plain.Obligation.Params = json.RawMessage(`{"service":"Cloud","target":"99.9","zone":"UTC","tiers":[{"below":"99.9","credit":"10"}]}`)
		read(t, h, &con, nil, append(sure(), plain)...)
		h.Settle(t)
		down(t, h, con, time.January)
		mira, ann := as(t, "usr_mira", pact.Reviewer), as(t, "usr_ann", pact.Reviewer)
		said, err := h.Exchange.RecordCharge(mira, con.ID, charge("2026-01", "5000.00"))
		if err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		now := func() pact.Finding { return apitest.One(t, h.Store.Reads().Findings) }
		if f := now(); f.Amount == nil || f.Amount.String() != "500.00 USD" {
			t.Fatalf("before: %+v", f)
		}
		to := func(id pact.EventID, value, why string) exchange.CorrectedCharge {
			c := exchange.CorrectedCharge{EventID: id, Reason: why}
			if value != "" {
				a := money.New(decimal.RequireFromString(value), "USD")
				c.Amount = &a
			}
			return c
		}
		for name, c := range map[string]struct {
			as   context.Context
			ask  exchange.CorrectedCharge
			kind fault.Kind
		}{
			"without a reason":  {mira, to(said.ID, "4000", " "), fault.Invalid},
			"less than nothing": {mira, to(said.ID, "-1", "why"), fault.Invalid},
			"a part of a cent":  {mira, to(said.ID, "4000.005", "why"), fault.Invalid},
			"the same sum":      {mira, to(said.ID, "5000", "why"), fault.Invalid},
			"by an approver":    {as(t, "usr_app", pact.Approver), to(said.ID, "4000", "why"), fault.Denied},
			"what is no charge": {mira, to(apitest.One(t, h.Store.Reads().Events, store.Eq("kind", "outage")).ID, "4000", "why"), fault.NotFound},
			"what is not there": {mira, to("evt_none", "4000", "why"), fault.NotFound},
		} {
			if _, err := h.Exchange.CorrectCharge(c.as, con.ID, c.ask); !fault.Is(err, c.kind) {
				t.Errorf("%s: %v, want %s", name, err, c.kind)
			}
		}
		fixed, err := h.Exchange.CorrectCharge(ann, con.ID, to(said.ID, "4000.00", "A digit was wrong."))
		if err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		f := now()
		last := f.Corrections[len(f.Corrections)-1]
		if f.Amount.String() != "400.00 USD" || last.Delta == nil || last.Delta.String() != "-100.00 USD" || last.Earlier.Amount.String() != "500.00 USD" {
			t.Errorf("after the correction: %v, %+v", f.Amount, last)
		}
		if old := apitest.One(t, h.Store.Reads().Events, store.Eq("id", said.ID)); old.Data.Amount.String() != "5000.00 USD" {
			t.Errorf("the charge itself was changed: %+v", old)
		}
		if _, err := h.Exchange.CorrectCharge(mira, con.ID, to(said.ID, "3000.00", "late")); !fault.Is(err, fault.Conflict) {
			t.Errorf("it was corrected meanwhile: %v", err)
		}
		if _, err := h.Exchange.RecordCharge(mira, con.ID, charge("2026-01", "1.00")); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second charge beside the corrected one: %v", err)
		}
		if _, err := h.Exchange.CorrectCharge(mira, con.ID, to(fixed.ID, "", "It was another service.")); err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		f = now()
		last = f.Corrections[len(f.Corrections)-1]
		if f.Amount != nil || f.Credit != pact.CreditNeedsCharge || last.Delta == nil || last.Delta.String() != "-400.00 USD" {
			t.Errorf("after it was taken back: %+v, %+v", f, last)
		}
		if _, err := h.Exchange.RecordCharge(mira, con.ID, charge("2026-01", "6000.00")); err != nil {
			t.Fatalf("what was taken back can be said again: %v", err)
		}
		h.Settle(t)
		if f := now(); f.Amount == nil || f.Amount.String() != "600.00 USD" {
			t.Errorf("after another charge: %+v", f)
		}
	})
}

// Charges add up: what a system delivered is the charge, and a person neither states another beside it nor corrects it here.
func TestAChargeThatASystemDeliveredIsNeitherStatedAgainNorCorrectedHere(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Work(t)
		policy(t, h, lenient)
		con := pact.Contract{Number: "SA-1"}
		read(t, h, &con, nil, append(sure(), gappy())...)
		h.Settle(t)
		amount := money.New(decimal.NewFromInt(4000), "USD")
		at := time.Date(2026, time.January, 31, 12, 0, 0, 0, time.UTC)
		_, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{{ExternalID: "bill 17", Kind: "charge", Subject: "Cloud", OccurredAt: at, Data: pact.EventData{Service: "Cloud", Month: "2026-01", Amount: &amount, Contract: con.Number}}})
		if err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		mira := as(t, "usr_mira", pact.Reviewer)
		stated := charge("2026-01", "5000.00")
		stated.Service = "cloud"
		if _, err := h.Exchange.RecordCharge(mira, con.ID, stated); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "bill 17") || !strings.Contains(err.Error(), "4000.00 USD") {
			t.Errorf("a charge beside a delivered one: %v", err)
		}
		known := apitest.One(t, h.Store.Reads().Events, store.Eq("kind", "charge"))
		if _, err := h.Exchange.CorrectCharge(mira, con.ID, exchange.CorrectedCharge{EventID: known.ID, Reason: "why"}); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "came from another system") {
			t.Errorf("a delivered charge is corrected: %v", err)
		}
		wrong := charge("2026-02", "1.00")
		wrong.Service = "Clout"
		_, err = h.Exchange.RecordCharge(mira, con.ID, wrong)
		if f := fault.Of(err); f == nil || len(f.Details) != 1 || f.Details[0].Field != "body.service" || !strings.Contains(f.Message, "Cloud") {
			t.Errorf("a service that nobody promised: %v", err)
		}
		if _, err := h.Exchange.RecordCharge(mira, con.ID, charge("2026-02", "5000.00")); err != nil {
			t.Errorf("another month: %v", err)
		}
	})
}

// An obligation that can not be judged asks on the register; no finding is needed to answer.
func TestAQuestionThatNoFindingAsksIsAnsweredOnTheObligation(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Work(t)
		policy(t, h, lenient)
		con := pact.Contract{Number: "SA-1"}
		open := gappy()
		open.Obligation.Params = json.RawMessage(`{"service":"Cloud","target":"99.9","tiers":[{"below":"99.9","credit":"10"}]}`) // in which zone does a month begin?
		read(t, h, &con, nil, append(sure(), open)...)
		h.Settle(t)
		if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
			t.Fatalf("%d findings before anything happened", n)
		}
		mira := as(t, "usr_mira", pact.Reviewer)
		o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("key", "availability"))
		asked := obligation.Check(o)
		if len(asked) == 0 {
			t.Fatal("nothing is asked")
		}
		good := review.Answer{Question: asked[0].Question, Params: json.RawMessage(`{"zone":"UTC"}`), Reason: "The notices clause counts in UTC.", Revision: o.Revision}
		for name, c := range map[string]struct {
			change func(*review.Answer)
			kind   fault.Kind
		}{
			"another question":     {func(a *review.Answer) { a.Question = "What else?" }, fault.Conflict},
			"what was seen before": {func(a *review.Answer) { a.Revision-- }, fault.Conflict},
			"what can not be":      {func(a *review.Answer) { a.Params = json.RawMessage(`{"zone":"UTC","target":"120"}`) }, fault.Invalid},
		} {
			a := good
			c.change(&a)
			if _, err := h.Review.AnswerObligation(mira, o.ID, "", a); !fault.Is(err, c.kind) {
				t.Errorf("%s: %v, want %s", name, err, c.kind)
			}
		}
		out, err := h.Review.AnswerObligation(mira, o.ID, "", good)
		if err != nil {
			t.Fatal(err)
		}
		if out.Version != 2 || out.Obligation.ID != o.ID || len(obligation.Check(out.Obligation)) != 0 {
			t.Errorf("the answer: %+v", out)
		}
		h.Settle(t)
		down(t, h, con, time.January)
		if f := apitest.One(t, h.Store.Reads().Findings); f.Severity != "breach" {
			t.Errorf("after the answer it is judged: %+v", f)
		}
		if _, err := h.Review.AnswerObligation(mira, o.ID, "", good); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second answer: %v", err)
		}
	})
}

// An amendment that lowers a target within a month leaves open which of the two the month is judged by: the credit that was told waits, the
// question is answered on the amendment, and the difference is told then.
func TestAnAmendmentWithinAMonthAsksWhichTermsGovernIt(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		reading      int
		amount       string
		state        pact.FindingState
		delta, param string
	}{
		"at the start":     {0, "1000.00 USD", pact.FindingOpen, "", `"mid_period":"start"`},
		"after the change": {1, "", pact.FindingCorrected, "-1000.00 USD", `"mid_period":"amended"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apitest.Each(t, func(t *testing.T, h *apitest.House) {
				h.Work(t)
				policy(t, h, lenient)
				promise := func(target string) pact.Candidate {
					c := gappy()
					c.Obligation.Params = json.RawMessage(`{"service":"Cloud","target":"` + target + `","zone":"UTC","tiers":[{"below":"` + target + `","credit":"10"}]}`)
					return c
				}
				con := pact.Contract{Number: "SA-1"}
				read(t, h, &con, nil, append(sure(), promise("99.9"))...)
				h.Settle(t)
				down(t, h, con, time.February)
				mira := as(t, "usr_mira", pact.Reviewer)
				if _, err := h.Exchange.RecordCharge(mira, con.ID, charge("2026-02", "10000.00")); err != nil {
					t.Fatal(err)
				}
				h.Settle(t)
				if f := apitest.One(t, h.Store.Reads().Findings); f.Amount == nil || f.Amount.String() != "1000.00 USD" || f.Severity != "breach" {
					t.Fatalf("before the amendment: %+v", f)
				}

				var part pact.Contract
				h.Do(t, func(ctx context.Context, tx store.Tx) error {
					id := pact.NewID[pact.ContractID]("con", tx.Now)
					part = pact.Contract{ID: id, BusinessUnit: "north", FamilyID: con.ID, ParentID: con.ID, Relation: "amendment", State: pact.ContractReceived, Phase: "assisted", SourceKey: string(id)}
					return tx.Contracts.Insert(ctx, &part)
				})
				own := sure()
				own[3] = term("effective_date", pact.OnDate("2026-02-15"), "0.99")
				read(t, h, &part, nil, append(own, promise("99"))...)
				h.Settle(t)
				f := apitest.One(t, h.Store.Reads().Findings)
				if len(f.Assessment.Ambiguities) != 1 || f.Assessment.Ambiguities[0].Code != "mid_period" || f.Amount != nil || f.State != pact.FindingOpen || f.Credit != pact.CreditAmbiguous {
					t.Fatalf("with the amendment: %+v", f)
				}
				if c := f.Corrections[len(f.Corrections)-1]; c.Delta != nil || !strings.HasPrefix(c.Reason, "A question is open") {
					t.Errorf("the correction that opens the question: %+v", c)
				}
				q := f.Assessment.Ambiguities[0]
				o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", part.ID), store.Eq("key", "availability"))
				if review.Asked(f) != o.ID {
					t.Errorf("%s is asked, and not the amendment", review.Asked(f))
				}
				out, err := h.Review.Answer(mira, f.ID, review.Answer{Question: q.Question, Reading: q.Outcomes[want.reading].Reading, Reason: "Agreed by mail.", Revision: o.Revision})
				if err != nil {
					t.Fatal(err)
				}
				h.Settle(t)
				if !strings.Contains(string(out.Obligation.Params), want.param) {
					t.Errorf("the amendment says %s", out.Obligation.Params)
				}
				f = apitest.One(t, h.Store.Reads().Findings)
				c := f.Corrections[len(f.Corrections)-1]
				sum, delta := "", ""
				if f.Amount != nil {
					sum = f.Amount.String()
				}
				if c.Delta != nil && !c.Delta.IsZero() {
					delta = c.Delta.String()
				}
				if sum != want.amount || f.State != want.state || delta != want.delta || c.Reason != "The question is answered." {
					t.Errorf("after the answer: %s %s %s, %s", sum, f.State, delta, c.Reason)
				}
			})
		})
	}
}
