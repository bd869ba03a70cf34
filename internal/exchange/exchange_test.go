package exchange_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/outbox"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func acme() []connector.MatchCandidate {
	return []connector.MatchCandidate{{Object: "Account", ExternalID: "A1", Name: "Acme Corp"}}
}

func twins() []connector.MatchCandidate {
	return []connector.MatchCandidate{{Object: "Account", ExternalID: "A1", Name: "Acme Corp"}, {Object: "Account", ExternalID: "A2", Name: "Acme Corp."}}
}

// contract publishes a version with the terms that the fake system's mapping names.
func contract(t *testing.T, h *apitest.House, unit, number, phase string, change ...func(*pact.Contract)) pact.Contract {
	t.Helper()
	return contractBy(t, h, "usr_1", unit, number, phase, change...)
}

func contractBy(t *testing.T, h *apitest.House, publisher, unit, number, phase string, change ...func(*pact.Contract)) pact.Contract {
	t.Helper()
	var con pact.Contract
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		con = pact.Contract{ID: id, BusinessUnit: unit, FamilyID: id, Number: number, Title: "Support " + number, Customer: "Acme Corp", State: pact.ContractActive, Phase: phase, CurrentVersion: 1, SendBy: "2026-06-01", SourceKey: string(id)}
		for _, c := range change {
			c(&con)
		}
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		o := pact.Obligation{ID: pact.NewID[pact.ObligationID]("obl", tx.Now), BusinessUnit: unit, ContractID: id, Key: "resolution_time/P1", Kind: "resolution_time", Title: "Resolve P1", Params: json.RawMessage(`{"priority":"1","target":{"value":4,"unit":"hour"},"hours":{"always":true,"zone":"UTC"}}`)}
		if err := tx.Obligations.Insert(ctx, &o); err != nil {
			return err
		}
		one := decimal.NewFromInt(1)
		v := pact.Version{ID: pact.NewID[pact.VersionID]("ver", tx.Now), BusinessUnit: unit, ContractID: id, Number: 1, PublishedBy: publisher, PublishedAt: tx.Now, Obligations: []pact.Obligation{o}, Terms: []pact.Term{
			{Name: "effective_date", Value: pact.OnDate("2026-01-01"), Confidence: one, Verification: pact.Verified, Extractor: "grammar/1"},
			{Name: "notice_period", Value: pact.Lasting(90, calendar.Day), Confidence: one, Verification: pact.Verified, Extractor: "person"},
		}}
		return tx.Versions.Insert(ctx, &v)
	})
	return con
}

func plan(t *testing.T, h *apitest.House, con pact.Contract) {
	t.Helper()
	if err := h.Exchange.PlanWrites(storetest.System(t), job.PlanWrites{ContractID: con.ID, Version: 1}); err != nil {
		t.Fatal(err)
	}
}

// write performs every pending action once and gives what the queue would be told of each.
func write(t *testing.T, h *apitest.House) []error {
	t.Helper()
	var out []error
	for _, a := range apitest.All(t, h.Store.Reads().Actions, store.Eq("state", "pending")) {
		out = append(out, h.Exchange.Write(storetest.System(t), job.Write{ActionID: a.ID}))
	}
	return out
}

func fieldsOf(actions []pact.Action) string {
	var out []string
	for _, a := range actions {
		out = append(out, a.Object+":"+strings.Join(slices.Sorted(maps.Keys(a.Fields)), ","))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestThePhaseDecidesWhatIsWritten(t *testing.T) {
	t.Parallel()
	for phase, want := range map[string]string{
		"assisted":    "Account:AI_Effective,Summary",
		"conditional": "Account:AI_Effective,Effective,Summary Todo:Due",
		"full":        "Account:AI_Effective,Effective,Notice,Summary Duty:AccountId,Title Todo:Due",
	} {
		t.Run(phase, func(t *testing.T) {
			t.Parallel()
			h := apitest.Build(t, apitest.Options{})
			h.Connection(t, "north", "CRM")
			h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
			con := contract(t, h, "north", "SA-1", phase)
			plan(t, h, con)
			plan(t, h, con) // the same version again plans nothing new
			write(t, h)
			write(t, h)
			if got := fieldsOf(h.Fake.Written()); got != want {
				t.Errorf("written: %s\nwant:    %s", got, want)
			}
		})
	}
}

// What leaves the product names people, and a write that went well shows in the health of its connection.
func TestAWriteNamesTheReviewerAndShowsThatTheConnectionWorks(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "CRM")
		h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
		ann, err := h.Gate.AddUser(storetest.System(t), auth.NewUser{Email: "ann@halden.example", Name: "Ann Berg", Role: pact.Reviewer, Units: []string{"north"}, Password: "a long enough password"})
		if err != nil {
			t.Fatal(err)
		}
		con := contractBy(t, h, string(ann.ID), "north", "SA-1", "full")
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			row, err := tx.Connections.Lock(ctx, string(c.ID))
			if err != nil {
				return err
			}
			row.Health = pact.Health{State: "degraded", Reason: "it did not answer", Failures: 1}
			return tx.Connections.Update(ctx, &row)
		})
		plan(t, h, con)
		write(t, h)
		i := slices.IndexFunc(h.Fake.Written(), func(a pact.Action) bool { return a.Object == "Account" })
		if i < 0 {
			t.Fatalf("nothing was written to the account: %+v", h.Fake.Written())
		}
		if said := fmt.Sprint(h.Fake.Written()[i].Fields["Summary"]); !strings.Contains(said, "reviewed by Ann Berg") || strings.Contains(said, "usr_") {
			t.Errorf("it says %s", said)
		}
		row, err := h.Store.Reads().Connections.Get(storetest.System(t), string(c.ID))
		if err != nil || row.Health.State != "ok" || row.Health.LastOKAt.IsZero() || row.Health.Failures != 0 {
			t.Errorf("the health is %+v, %v", row.Health, err)
		}
	})
}

func TestNothingOfAnotherUnitOrAnOlderVersionIsWritten(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Connection(t, "south", "CRM of the south")
	h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
	con := contract(t, h, "north", "SA-1", "full")
	plan(t, h, con)
	if err := h.Exchange.PlanWrites(storetest.System(t), job.PlanWrites{ContractID: con.ID, Version: 1}); err != nil {
		t.Fatal(err)
	}
	if n := len(apitest.All(t, h.Store.Reads().Actions)); n != 0 {
		t.Errorf("%d actions through the connection of another unit", n)
	}
}

func TestEveryClassOfFailureHasItsState(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err   error
		state pact.ActionState
	}{
		{connector.Fail(connector.FailDenied, "no permission"), pact.ActionDenied},
		{connector.Fail(connector.FailInvalid, "value refused"), pact.ActionInvalid},
		{connector.Fail(connector.FailUnmapped, "no such field"), pact.ActionUnmapped},
		{connector.Fail(connector.FailConflict, "changed there"), pact.ActionConflict},
		{connector.Fail(connector.FailUncertain, "outcome unknown"), pact.ActionNeedsCheck},
		{connector.Fail(connector.FailUnavailable, "busy"), pact.ActionPending},
		{errors.New("dial tcp: secret-host refused"), pact.ActionPending},
		{fault.New(fault.Unsupported, "not in this build"), pact.ActionUnmapped},
	} {
		t.Run(c.err.Error(), func(t *testing.T) {
			t.Parallel()
			h := apitest.Build(t, apitest.Options{})
			h.Connection(t, "north", "CRM")
			h.Fake.Set(func(f *apitest.Fake) {
				f.Accounts = acme()
				f.Answer = func(pact.Action) (pact.Receipt, error) { return pact.Receipt{}, c.err }
			})
			plan(t, h, contract(t, h, "north", "SA-1", "assisted"))
			results := write(t, h)
			a := apitest.One(t, h.Store.Reads().Actions)
			if a.State != c.state || a.Reason == "" || strings.Contains(a.Reason, "secret-host") || a.Attempts != 1 {
				t.Errorf("%s (%q) after %d attempts", a.State, a.Reason, a.Attempts)
			}
			if again := results[0] != nil; again != (c.state == pact.ActionPending) {
				t.Errorf("the queue was told %v", results[0])
			}
			if c.state == pact.ActionPending && a.NextAt.IsZero() {
				t.Error("no next try")
			}
			replay(t, h, a, c.state != pact.ActionPending)
		})
	}
}

// replay puts a failed action back; it then takes effect once.
func replay(t *testing.T, h *apitest.House, a pact.Action, may bool) {
	t.Helper()
	ctx := storetest.As(t, pact.Reviewer, "north")
	got, err := h.Exchange.Replay(ctx, a.ID)
	if !may {
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("replaying what is pending: %v", err)
		}
		return
	}
	if err != nil || got.State != pact.ActionPending || got.Attempts != 0 {
		t.Fatalf("replayed: %+v %v", got, err)
	}
	h.Fake.Set(func(f *apitest.Fake) { f.Answer = nil })
	for range 2 {
		if err := h.Exchange.Write(ctx, job.Write{ActionID: a.ID}); err != nil {
			t.Fatal(err)
		}
	}
	done := apitest.One(t, h.Store.Reads().Actions, store.Eq("id", a.ID))
	if done.State != pact.ActionDone || done.Receipt == nil || len(h.Fake.Written()) != 1 {
		t.Errorf("after the replay: %s, %d writes", done.State, len(h.Fake.Written()))
	}
	if _, err := h.Exchange.Replay(ctx, a.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("replaying what is done: %v", err)
	}
	if _, err := h.Exchange.Replay(storetest.As(t, pact.Viewer, "north"), a.ID); !fault.Is(err, fault.Denied) {
		t.Errorf("a viewer replays: %v", err)
	}
}

func TestASystemThatStaysDownIsGivenUpAfterTwelveTries(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Connection(t, "north", "CRM")
	h.Fake.Set(func(f *apitest.Fake) {
		f.Accounts = acme()
		f.Answer = func(pact.Action) (pact.Receipt, error) {
			return pact.Receipt{}, &connector.Error{Class: connector.FailUnavailable, Message: "busy", RetryAfter: 7 * time.Second}
		}
	})
	plan(t, h, contract(t, h, "north", "SA-1", "assisted"))
	for i := range 11 {
		if err := write(t, h)[0]; err == nil {
			t.Fatalf("try %d ended the job", i+1)
		}
		if a := apitest.One(t, h.Store.Reads().Actions); a.State != pact.ActionPending || !a.NextAt.Equal(apitest.Start().Add(7*time.Second)) {
			t.Fatalf("try %d: %s, next at %s", i+1, a.State, a.NextAt)
		}
	}
	if err := write(t, h)[0]; err != nil {
		t.Errorf("the last try: %v", err)
	}
	if a := apitest.One(t, h.Store.Reads().Actions); a.State != pact.ActionUnavailable || a.Attempts != 12 {
		t.Errorf("%s after %d", a.State, a.Attempts)
	}
}

func TestAnAmbiguousCustomerGoesToAPerson(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Connection(t, "north", "CRM")
		h.Fake.Set(func(f *apitest.Fake) { f.Accounts = twins() })
		con := contract(t, h, "north", "SA-1", "assisted")
		plan(t, h, con)
		l := apitest.One(t, h.Store.Reads().Links)
		a := apitest.One(t, h.Store.Reads().Actions)
		if l.State != "ambiguous" || len(l.Options) != 2 || l.ExternalID != "" || len(l.Explanation) == 0 || a.State != pact.ActionUnmapped || !strings.Contains(a.Reason, "Acme Corp") {
			t.Fatalf("link %+v\naction %s: %s", l, a.State, a.Reason)
		}
		if len(h.Fake.Written()) != 0 {
			t.Error("something was written to an unsettled account")
		}
		ctx := storetest.As(t, pact.Reviewer, "north")
		if _, err := h.Exchange.ConfirmLink(storetest.As(t, pact.Viewer, "north"), l.ID, "A2", l.Revision); !fault.Is(err, fault.Denied) {
			t.Errorf("a viewer settles it: %v", err)
		}
		if _, err := h.Exchange.ConfirmLink(ctx, l.ID, "A2", l.Revision+1); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale decision: %v", err)
		}
		if _, err := h.Exchange.ConfirmLink(ctx, l.ID, " ", l.Revision); !fault.Is(err, fault.Invalid) {
			t.Errorf("no object: %v", err)
		}
		if got, err := h.Exchange.ConfirmLink(ctx, l.ID, "A2", l.Revision); err != nil || got.State != "confirmed" || got.ExternalID != "A2" {
			t.Fatalf("%+v %v", got, err)
		}
		plan(t, h, con)
		write(t, h)
		if w := h.Fake.Written(); len(w) != 1 || w[0].ExternalID != "A2" {
			t.Errorf("written: %+v", w)
		}
		if left := apitest.All(t, h.Store.Reads().Actions, store.Eq("state", "unmapped")); len(left) != 0 {
			t.Errorf("still without a target: %+v", left)
		}
	})
}

// What hangs on an account is written again once a person says which one it is.
func TestWhatWasWrittenBeforeItsAccountWasSettledIsTiedToItAfterwards(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Connection(t, "north", "CRM")
		h.Fake.Set(func(f *apitest.Fake) { f.Accounts = twins() })
		con := contract(t, h, "north", "SA-1", "full")
		plan(t, h, con)
		write(t, h)
		if w := h.Fake.Written(); len(w) != 2 || w[0].Fields["AccountId"] != nil {
			t.Fatalf("before: %+v", w)
		}
		l := apitest.One(t, h.Store.Reads().Links)
		if _, err := h.Exchange.ConfirmLink(storetest.As(t, pact.Reviewer, "north"), l.ID, "A2", l.Revision); err != nil {
			t.Fatal(err)
		}
		for range 2 { // planning again writes nothing more
			plan(t, h, con)
			write(t, h)
		}
		tied := 0
		for _, a := range h.Fake.Written()[2:] {
			if a.Object == "Duty" && a.Fields["AccountId"] == "A2" && a.TargetKey != "" {
				tied++
			}
		}
		if tied != 1 {
			t.Errorf("the obligation was tied %d times: %+v", tied, h.Fake.Written())
		}
	})
}

func TestADryRunNamesATextThatIsTooLongForItsField(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CRM")
	h.Fake.Set(func(f *apitest.Fake) {
		f.Accounts, f.Fields, f.Lengths = acme(), map[string][]string{"Duty": {"Title", "AccountId"}}, map[string]int{"Duty.Title": 9, "Duty.AccountId": 18}
	})
	con := contract(t, h, "north", "SA-1", "full")
	_, problems, err := h.Exchange.DryRun(storetest.As(t, pact.Viewer, "north"), c.ID, con.ID)
	if err != nil || len(problems) != 1 || !strings.Contains(problems[0], "Title of Duty takes 9 characters, and this one has 10") {
		t.Errorf("%q %v", problems, err)
	}
}

func TestALongTextIsCutAtAWord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text   string
		length int
		want   string
	}{
		{"Resolve P1", 0, "Resolve P1"},
		{"Resolve P1", 10, "Resolve P1"},
		{"Resolve P1 incidents", 19, "Resolve P1…"},
		{"Provide monitoring, including alarms", 20, "Provide monitoring…"},
		{"Donaudampfschifffahrt", 6, "Donau…"},
		{"Überwachung der Straße", 13, "Überwachung…"},
	} {
		if got := exchange.Cut(c.text, c.length); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.text, c.length, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text, length := rapid.String().Draw(t, "text"), rapid.IntRange(1, 50).Draw(t, "length")
		if got := exchange.Cut(text, length); utf8.RuneCountInString(got) > length {
			t.Fatalf("%q has more than %d characters", got, length)
		}
	})
}

func TestADryRunWritesNothingAnywhere(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "CRM")
		h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
		con := contract(t, h, "north", "SA-1", "assisted")
		before, err := h.Store.Audit().List(storetest.System(t), store.AuditQuery{})
		if err != nil {
			t.Fatal(err)
		}
		lines, problems, err := h.Exchange.DryRun(storetest.As(t, pact.Viewer, "north"), c.ID, con.ID)
		if err != nil || len(problems) != 0 {
			t.Fatalf("%v %v", problems, err)
		}
		byField := map[string]bool{}
		for _, l := range lines {
			byField[l.Object+"."+l.Field] = l.Note == ""
		}
		want := map[string]bool{"Account.Summary": true, "Account.AI_Effective": true, "Account.Effective": false, "Account.Notice": false, "Duty.Title": false, "Duty.AccountId": false, "Todo.Due": false}
		if !maps.Equal(byField, want) {
			t.Errorf("fields and whether they are written: %v\nwant %v", byField, want)
		}
		after, err := h.Store.Audit().List(storetest.System(t), store.AuditQuery{})
		if err != nil {
			t.Fatal(err)
		}
		if len(h.Fake.Written()) != 0 || len(apitest.All(t, h.Store.Reads().Actions)) != 0 || len(apitest.All(t, h.Store.Reads().Links)) != 0 || len(after.Items) != len(before.Items) {
			t.Error("a dry run left something")
		}
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			con.CurrentVersion = 0
			return tx.Contracts.Update(ctx, &con)
		})
		if lines, problems, err := h.Exchange.DryRun(storetest.System(t), c.ID, con.ID); err != nil || len(lines) != 0 || len(problems) != 1 || !strings.Contains(problems[0], "no published version yet") {
			t.Errorf("without a version: %v %q %v", lines, problems, err)
		}
	})
}

func TestANewVersionTakesBackWhatTheOldOneCouldNotWrite(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Connection(t, "north", "CRM")
	h.Fake.Set(func(f *apitest.Fake) {
		f.Accounts = acme()
		f.Answer = func(pact.Action) (pact.Receipt, error) {
			return pact.Receipt{}, connector.Fail(connector.FailDenied, "no")
		}
	})
	con := contract(t, h, "north", "SA-1", "assisted")
	plan(t, h, con)
	write(t, h)
	old := apitest.One(t, h.Store.Reads().Actions)
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		v, err := tx.Versions.One(ctx, store.Where(store.Eq("contract_id", con.ID)))
		if err != nil {
			return err
		}
		v.ID, v.Number = pact.NewID[pact.VersionID]("ver", tx.Now), 2
		con.CurrentVersion = 2
		if err := tx.Versions.Insert(ctx, &v); err != nil {
			return err
		}
		return tx.Contracts.Update(ctx, &con)
	})
	plan(t, h, con) // version 1 again: too late, it does nothing
	if err := h.Exchange.PlanWrites(storetest.System(t), job.PlanWrites{ContractID: con.ID, Version: 2}); err != nil {
		t.Fatal(err)
	}
	if a := apitest.One(t, h.Store.Reads().Actions, store.Eq("id", old.ID)); a.State != pact.ActionWithdrawn {
		t.Errorf("the old action is %s", a.State)
	}
	if a := apitest.One(t, h.Store.Reads().Actions, store.Eq("state", "pending")); a.Key == old.Key {
		t.Error("the new action has the old key")
	}
}

func TestOneKeyIsOneAction(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "CRM")
		put := func(a pact.Action) error {
			a.BusinessUnit, a.ConnectionID, a.Key, a.Kind, a.Object = "north", c.ID, outbox.Key("cause", "target"), "update", "Account"
			return h.Store.Change(storetest.System(t), store.Act{Name: "test"}, func(ctx context.Context, tx store.Tx) error { return outbox.Put(ctx, tx, a) })
		}
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				for { // as a job would: tried again after a conflict
					err := put(pact.Action{State: pact.ActionUnmapped, Fields: map[string]any{"n": fmt.Sprint(i)}})
					if err == nil {
						return
					}
					if !fault.Is(err, fault.Conflict) {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		first := apitest.One(t, h.Store.Reads().Actions)
		if err := put(pact.Action{State: pact.ActionPending, ExternalID: "A1", Fields: map[string]any{"n": "settled"}}); err != nil {
			t.Fatal(err)
		}
		if a := apitest.One(t, h.Store.Reads().Actions); a.ID != first.ID || a.State != pact.ActionPending || a.ExternalID != "A1" || a.Fields["n"] != "settled" {
			t.Errorf("what had no target before: %+v", a)
		}
		if err := put(pact.Action{State: pact.ActionPending, ExternalID: "A9", Fields: map[string]any{}}); err != nil {
			t.Fatal(err)
		}
		if a := apitest.One(t, h.Store.Reads().Actions); a.ExternalID != "A1" {
			t.Errorf("a known key was changed: %+v", a)
		}
		if outbox.Key("a", "bc") == outbox.Key("ab", "c") {
			t.Error("keys of different parts are alike")
		}
	})
}

func TestOurOwnEchoChangesNothing(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CLM")
	h.Work(t)
	h.Fake.Set(func(f *apitest.Fake) {
		f.Accounts = acme()
		f.Records["R1"] = pact.Record{Object: "record", ExternalID: "R1", Contract: &pact.ContractFacts{Title: "From the CLM", Number: "SA-1", Customer: "Acme Corp"}}
	})
	con := contract(t, h, "north", "SA-1", "full", func(con *pact.Contract) {
		con.SourceKey, con.Source = string(c.ID)+"/R1", &pact.RecordRef{ConnectionID: c.ID, Object: "record", ExternalID: "R1"}
	})
	plan(t, h, con)
	h.Settle(t)
	before := apitest.One(t, h.Store.Reads().Contracts)
	writes := len(h.Fake.Written())
	// The CLM reports the record as changed, because we wrote to it.
	h.Fake.Set(func(f *apitest.Fake) {
		f.Pages[""] = connector.Page{Records: []pact.Record{f.Records["R1"]}, Next: "c1"}
	})
	if err := h.Exchange.Poll(storetest.System(t), job.Poll{ConnectionID: c.ID, Stream: "things"}); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	after := apitest.One(t, h.Store.Reads().Contracts)
	if writes == 0 || len(h.Fake.Written()) != writes || after.Title != before.Title || after.CurrentVersion != before.CurrentVersion {
		t.Errorf("%d writes, then %d; %q, then %q", writes, len(h.Fake.Written()), before.Title, after.Title)
	}
}

func TestTheRenewalAlertIsWrittenOnABusinessDayBeforeTheNotice(t *testing.T) {
	t.Parallel()
	for sendBy, want := range map[calendar.Date]string{"2026-06-01": "2026-03-03", "2026-06-05": "2026-03-06" /* 7 March is a Saturday */, "2026-06-06": "2026-03-06"} {
		h := apitest.Build(t, apitest.Options{})
		c := h.Connection(t, "north", "CRM")
		h.Fake.Set(func(f *apitest.Fake) {
			f.Accounts = acme()
			f.Fields = map[string][]string{"Account": {"Alert"}}
		})
		objects := []pact.ObjectMapping{{Object: "Account", For: "contract", Action: "update", Fields: []pact.FieldMapping{{Term: "renewal_alert_date", Field: "Alert", Convert: "date", Risk: "core"}}}}
		if _, check, err := h.Exchange.SetMapping(storetest.As(t, pact.Admin, "north"), c.ID, objects, 0); err != nil || len(check.Problems) > 0 {
			t.Fatal(err, check)
		}
		plan(t, h, contract(t, h, "north", "SA-1", "full", func(con *pact.Contract) { con.SendBy = sendBy }))
		write(t, h)
		if w := h.Fake.Written(); len(w) != 1 || w[0].Fields["Alert"] != want {
			t.Errorf("with notice to be sent by %s: %+v, want the alert on %s", sendBy, w, want)
		}
	}
}

// everyField lets the fake system say that it has the fields of the mappings here.
