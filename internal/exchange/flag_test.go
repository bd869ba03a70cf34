package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// held makes a contract that was read and waits for review.
func held(t *testing.T, h *apitest.House, customer string) (pact.Contract, pact.Review) {
	t.Helper()
	var con pact.Contract
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		con = pact.Contract{ID: id, BusinessUnit: "north", FamilyID: id, Title: "Held", Customer: customer, State: pact.ContractInReview, Phase: "assisted", SourceKey: string(id)}
		return tx.Contracts.Insert(ctx, &con)
	})
	return con, reviewOf(t, h, con)
}

func reviewOf(t *testing.T, h *apitest.House, con pact.Contract) pact.Review {
	t.Helper()
	var rev pact.Review
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		rev = pact.Review{ID: pact.NewID[pact.ReviewID]("rev", tx.Now), BusinessUnit: "north", ContractID: con.ID, DocumentID: pact.NewID[pact.DocumentID]("doc", tx.Now), State: pact.ReviewWaiting, Open: 1, Total: 1}
		return tx.Reviews.Insert(ctx, &rev)
	})
	return rev
}

func end(t *testing.T, h *apitest.House, rev pact.Review, state pact.ReviewState) {
	t.Helper()
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Reviews.Lock(ctx, string(rev.ID))
		if err != nil {
			return err
		}
		now.State, now.Open = state, 0
		return tx.Reviews.Update(ctx, &now)
	})
}

func flag(t *testing.T, h *apitest.House, con pact.Contract) {
	t.Helper()
	if err := h.Exchange.FlagReview(storetest.System(t), job.FlagReview{ContractID: con.ID}); err != nil {
		t.Fatal(err)
	}
}

// flags tells what the other system was told, in order.
func flags(h *apitest.House) string {
	var out []string
	for _, a := range h.Fake.Written() {
		if on, ok := a.Fields[connector.NeedsReview]; ok {
			out = append(out, fmt.Sprint(a.ExternalID, "=", on))
		}
	}
	return strings.Join(out, " ")
}

func TestAHeldContractIsMarkedInTheCRMOnceAndTheMarkIsTakenBackOnce(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Connection(t, "north", "CRM")
		h.Connection(t, "south", "CRM of another unit")
		h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
		con, rev := held(t, h, "Acme Corp")
		for range 3 {
			flag(t, h, con)
			write(t, h)
		}
		if got := flags(h); got != "A1=true" || len(h.Fake.Written()) != 1 {
			t.Fatalf("in review: %q, %d writes", got, len(h.Fake.Written()))
		}
		end(t, h, rev, pact.ReviewFinished)
		for range 3 {
			flag(t, h, con)
			write(t, h)
		}
		if got := flags(h); got != "A1=true A1=false" {
			t.Errorf("published: %q", got)
		}
		again := reviewOf(t, h, con) // another document of the contract
		flag(t, h, con)
		write(t, h)
		end(t, h, again, pact.ReviewFinished)
		flag(t, h, con)
		write(t, h)
		if got := flags(h); got != "A1=true A1=false A1=true A1=false" {
			t.Errorf("reviewed again: %q", got)
		}
	})
}

// The name a record is found by is not reviewed: what is found by it must not decide where the terms go later.
func TestTheRecordOfAMarkIsNotKeptForTheTerms(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Connection(t, "north", "CRM")
	h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
	con, _ := held(t, h, "Acme Corp")
	flag(t, h, con)
	write(t, h)
	if got := flags(h); got != "A1=true" {
		t.Fatal(got)
	}
	if links := apitest.All(t, h.Store.Reads().Links); len(links) != 0 {
		t.Errorf("kept: %+v", links)
	}
}

func TestWithoutARecordThereIsNoMarkAndTheReasonIsShown(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		customer, why string
		accounts      []connector.MatchCandidate
	}{
		"nobody of that name":       {"Umbrella SA", "Umbrella SA", acme()},
		"two of one name":           {"Acme Corp", "Acme Corp", twins()},
		"no customer before review": {"", "names no customer", acme()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := apitest.Build(t, apitest.Options{})
			h.Connection(t, "north", "CRM")
			h.Fake.Set(func(f *apitest.Fake) { f.Accounts = x.accounts })
			con, rev := held(t, h, x.customer)
			flag(t, h, con)
			flag(t, h, con)
			a := apitest.One(t, h.Store.Reads().Actions)
			if a.State != pact.ActionUnmapped || !strings.Contains(a.Reason, x.why) || len(write(t, h)) != 0 {
				t.Errorf("%s: %s", a.State, a.Reason)
			}
			end(t, h, rev, pact.ReviewFinished)
			flag(t, h, con)
			if a := apitest.One(t, h.Store.Reads().Actions); a.State != pact.ActionWithdrawn || flags(h) != "" {
				t.Errorf("published: %s, told %q", a.State, flags(h))
			}
		})
	}
}

func TestAMarkIsRaisedOnceAPersonSettledTheRecord(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Connection(t, "north", "CRM")
	h.Work(t)
	h.Fake.Set(func(f *apitest.Fake) { f.Accounts = twins() })
	con, _ := held(t, h, "Acme Corp")
	flag(t, h, con)
	l := apitest.One(t, h.Store.Reads().Links)
	if _, err := h.Exchange.ConfirmLink(storetest.As(t, pact.Reviewer, "north"), l.ID, "A2", l.Revision); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	if got := flags(h); got != "A2=true" {
		t.Errorf("told %q", got)
	}
}

// The review ends while the CRM is away: the mark still arrives before it is taken back, in whatever order the jobs run.
func TestAMarkUnderWayIsTakenBackAfterItArrived(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Connection(t, "north", "CRM")
		h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
		con, rev := held(t, h, "Acme Corp")
		flag(t, h, con)
		end(t, h, rev, pact.ReviewFinished)
		flag(t, h, con)
		if n := len(apitest.All(t, h.Store.Reads().Actions)); n != 1 {
			t.Fatalf("%d actions; the mark was taken back before it was raised", n)
		}
		h.Work(t)
		h.Settle(t)
		if got := flags(h); got != "A1=true A1=false" {
			t.Errorf("told %q", got)
		}
	})
}

func TestAMarkThatMayHaveArrivedIsTakenBack(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Connection(t, "north", "CRM")
	h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
	con, rev := held(t, h, "Acme Corp")
	flag(t, h, con)
	a := apitest.One(t, h.Store.Reads().Actions)
	if err := h.Exchange.GiveUp(storetest.System(t), job.Write{ActionID: a.ID}, errors.New("no answer")); err != nil {
		t.Fatal(err)
	}
	end(t, h, rev, pact.ReviewFinished)
	flag(t, h, con)
	write(t, h)
	if got := flags(h); got != "A1=false" {
		t.Errorf("told %q", got)
	}
}

func TestPlanningTermsLeavesTheMarkAlone(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Connection(t, "north", "CRM")
	h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
	con := contract(t, h, "north", "SA-1", "full")
	rev := reviewOf(t, h, con) // a further document is reviewed while version 1 stands
	flag(t, h, con)
	plan(t, h, con)
	for _, a := range apitest.All(t, h.Store.Reads().Actions, store.Eq("kind", "flag")) {
		if a.State != pact.ActionPending {
			t.Errorf("the mark is %s: %s", a.State, a.Reason)
		}
	}
	write(t, h)
	end(t, h, rev, pact.ReviewFinished)
	flag(t, h, con)
	write(t, h)
	if got := flags(h); got != "A1=true A1=false" {
		t.Errorf("told %q", got)
	}
}

// Through the whole loop: a reading opens a review, a person decides, and the CRM hears of it both times.
func TestReviewRaisesAndTakesBackTheMark(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Connection(t, "north", "CRM")
	h.Work(t)
	h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
	var con pact.Contract
	var doc pact.Document
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		con = pact.Contract{ID: id, BusinessUnit: "north", FamilyID: id, Customer: "Acme Corp", State: pact.ContractReceived, Phase: "assisted", SourceKey: string(id)}
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		doc = pact.Document{ID: pact.NewID[pact.DocumentID]("doc", tx.Now), BusinessUnit: "north", ContractID: id, Filename: "a.pdf", State: pact.DocumentRead, SHA256: strings.Repeat("a", 64)}
		if err := tx.Documents.Insert(ctx, &doc); err != nil {
			return err
		}
		return tx.Enqueue(ctx, job.OpenReview{DocumentID: doc.ID})
	})
	h.Settle(t)
	if got := flags(h); got != "A1=true" || len(h.Fake.Written()) != 1 {
		t.Fatalf("while it is held the CRM was told %q in %d writes", got, len(h.Fake.Written()))
	}
	reviewer := storetest.As(t, pact.Reviewer, "north")
	for _, c := range apitest.All(t, h.Store.Reads().Candidates) { // nothing was found: a person says so
		if _, err := h.Review.Decide(reviewer, c.ID, review.Choice{Kind: "reject", Revision: c.Revision, Reason: "absent"}); err != nil {
			t.Fatal(err)
		}
	}
	rev := apitest.One(t, h.Store.Reads().Reviews)
	if _, err := h.Review.Finish(reviewer, rev.ID, rev.Revision); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	if got := flags(h); got != "A1=true A1=false" {
		t.Errorf("after publication the CRM was told %q", got)
	}
}
