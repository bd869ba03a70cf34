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
	"github.com/pactloop/pactloop/internal/money"
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

func event(id, kind, subject string, data pact.EventData) pact.Event {
	return pact.Event{ExternalID: id, Kind: kind, Subject: subject, OccurredAt: apitest.Start(), Data: data}
}

func TestWhichContractAnEventFallsUnder(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		one := contract(t, h, "north", "SA-1", "assisted")
		contract(t, h, "north", "SA-2", "assisted", func(c *pact.Contract) { c.Customer = "Globex GmbH" })
		foreign := contract(t, h, "south", "SA-3", "assisted", func(c *pact.Contract) { c.Customer = "Initech Inc" })
		ctx := storetest.As(t, pact.Connector, "north", "south")
		take := func(e pact.Event) pact.Event {
			t.Helper()
			out, err := h.Exchange.TakeEvents(ctx, "north", []pact.Event{e})
			if err != nil || len(out.Events) != 1 {
				t.Fatalf("%+v %v", out, err)
			}
			return out.Events[0]
		}
		for _, c := range []struct {
			name string
			e    pact.Event
			want pact.ContractID
			why  string
		}{
			{"by number", event("1", "ticket_opened", "T1", pact.EventData{Contract: "SA-1"}), one.ID, "SA-1"},
			{"by customer, as another system writes it", event("2", "ticket_opened", "T2", pact.EventData{Customer: "ACME Corporation"}), one.ID, "Acme Corp"},
			{"by the ticket's earlier events", event("3", "ticket_resolved", "T2", pact.EventData{}), one.ID, "Acme Corp"},
			{"a customer nobody knows", event("4", "ticket_opened", "T4", pact.EventData{Customer: "Umbrella SA"}), "", "Umbrella SA"},
			{"a number of another unit", event("5", "ticket_opened", "T5", pact.EventData{Contract: "SA-3", Customer: "Initech Inc"}), "", "Initech"},
		} {
			if got := take(c.e); got.ContractID != c.want || !strings.Contains(got.MatchedBy, c.why) {
				t.Errorf("%s: %q because %q", c.name, got.ContractID, got.MatchedBy)
			}
		}
		named := event("6", "ticket_opened", "T6", pact.EventData{})
		named.ContractID, named.ID, named.MatchedBy, named.Replaces = foreign.ID, "evt_mine", "I say so", "evt_other"
		if got := take(named); got.ContractID != "" || got.ID == "evt_mine" || got.MatchedBy == "I say so" || got.Replaces != "" {
			t.Errorf("a caller names the contract of another unit: %+v", got)
		}
		// The customer's contract comes later: what waited falls under it.
		late := contract(t, h, "north", "SA-9", "assisted", func(c *pact.Contract) { c.Customer = "Umbrella S.A." })
		if err := h.Exchange.MatchEvents(storetest.System(t), job.MatchEvents{BusinessUnit: "north"}); err != nil {
			t.Fatal(err)
		}
		if got := apitest.One(t, h.Store.Reads().Events, store.Eq("external_id", "4")); got.ContractID != late.ID {
			t.Errorf("matched later: %q because %q", got.ContractID, got.MatchedBy)
		}
		if left := apitest.All(t, h.Store.Reads().Events, store.Eq("contract_id", "")); len(left) != 2 {
			t.Errorf("%d events are still kept without a contract, want 2", len(left))
		}
	})
}

func TestTwoContractsOfOneCustomerLeaveTheEventToAPerson(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	contract(t, h, "north", "SA-1", "assisted")
	contract(t, h, "north", "SA-2", "assisted")
	out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{event("1", "ticket_opened", "T1", pact.EventData{Customer: "Acme Corp"})})
	if err != nil || out.Unmatched != 1 || out.Events[0].MatchedBy == "" {
		t.Errorf("%+v %v", out, err)
	}
}

// silent takes a contract's promises away: it stays in force.
func silent(t *testing.T, h *apitest.House, con pact.Contract) pact.Contract {
	t.Helper()
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		o, err := tx.Obligations.One(ctx, store.Where(store.Eq("contract_id", con.ID)))
		if err != nil {
			return err
		}
		return tx.Obligations.Delete(ctx, string(o.ID))
	})
	return con
}

func TestWhatIsSaidOfAnEventWithoutAContractIsTrue(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		contract(t, h, "north", "SA-1", "assisted")
		quiet := silent(t, h, contract(t, h, "north", "HS-66", "assisted", func(c *pact.Contract) { c.Customer = "Pinecrest Health Partners, P.C." }))
		contract(t, h, "north", "SA-4", "assisted", func(c *pact.Contract) { c.Customer = "Lakeshore Clinics Group" })
		silent(t, h, contract(t, h, "north", "ND-4", "assisted", func(c *pact.Contract) { c.Customer = "Lakeshore Clinic Group" }))
		both := contract(t, h, "north", "SA-5", "assisted", func(c *pact.Contract) { c.Customer = "Globex GmbH" })
		silent(t, h, contract(t, h, "north", "ND-5", "assisted", func(c *pact.Contract) { c.Customer = "Globex GmbH" }))
		for i, c := range []struct {
			customer string
			want     pact.ContractID
			why      string
			options  string
		}{
			{"Pinecrest Health Partners", "", "fits HS-66 (Pinecrest Health Partners, P.C.), which promises no times for tickets", "HS-66"},
			{"Umbrella SA", "", "no contract in force is of a customer that resembles it", ""},
			{"Lakeshore Clinic Group", "", "fits ND-4 (Lakeshore Clinic Group), which promises no times for tickets. Next to it, \"Lakeshore Clinics Group\"", "ND-4 SA-4"},
			{"Globex", both.ID, "Globex GmbH", "SA-5 ND-5"},
		} {
			out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{event(fmt.Sprint(i), "ticket_opened", fmt.Sprint("T", i), pact.EventData{Customer: c.customer})})
			if err != nil {
				t.Fatal(err)
			}
			got := out.Events[0]
			if got.ContractID != c.want || !strings.Contains(got.MatchedBy, c.why) {
				t.Errorf("%s: %q because %s", c.customer, got.ContractID, got.MatchedBy)
			}
			options, err := h.Exchange.ContractsFor(storetest.As(t, pact.Reviewer, "*"), got.ID)
			if err != nil {
				t.Fatal(err)
			}
			var numbers []string
			for _, o := range options.Options {
				numbers = append(numbers, o.Number)
				if o.Score == "" || len(o.Explanation) == 0 {
					t.Errorf("%s: %s is offered without a score or a reason", c.customer, o.Number)
				}
				if strings.Contains(strings.Join(o.Explanation, " "), "promises no times") == strings.HasPrefix(o.Number, "SA") {
					t.Errorf("%s: %s is explained as %q", c.customer, o.Number, o.Explanation)
				}
			}
			if strings.Join(numbers, " ") != c.options {
				t.Errorf("%s: offered %q, want %q", c.customer, numbers, c.options)
			}
		}
		// Once it promises times, what waited falls under it.
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			return tx.Obligations.Insert(ctx, &pact.Obligation{ID: pact.NewID[pact.ObligationID]("obl", tx.Now), BusinessUnit: "north", ContractID: quiet.ID, Key: "response_time/P1", Kind: "response_time", Title: "Answer P1", Params: json.RawMessage(`{"priority":"1","target":{"value":1,"unit":"hour"},"hours":{"always":true,"zone":"UTC"}}`)})
		})
		if err := h.Exchange.MatchEvents(storetest.System(t), job.MatchEvents{BusinessUnit: "north"}); err != nil {
			t.Fatal(err)
		}
		if e := apitest.One(t, h.Store.Reads().Events, store.Eq("external_id", "0")); e.ContractID != quiet.ID {
			t.Errorf("later: %q because %s", e.ContractID, e.MatchedBy)
		}
	})
}

func TestAPersonSettlesAnEventWithoutAContract(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		one := contract(t, h, "north", "SA-1", "assisted")
		two := contract(t, h, "north", "SA-2", "assisted")
		foreign := contract(t, h, "south", "SA-3", "assisted")
		if _, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{
			event("1", "ticket_opened", "T1", pact.EventData{Customer: "Acme Corp", Title: "Down"}), event("2", "ticket_paused", "T1", pact.EventData{Customer: "Acme Corp"}),
			event("3", "ticket_opened", "T2", pact.EventData{Customer: "Umbrella SA"}),
		}); err != nil {
			t.Fatal(err)
		}
		mira := storetest.As(t, pact.Reviewer, "*")
		list, err := h.Exchange.Unmatched(mira, false)
		if err != nil || len(list.Items) != 2 || list.More {
			t.Fatalf("%+v %v", list, err)
		}
		i := slices.IndexFunc(list.Items, func(u exchange.Unmatched) bool { return u.Event.Subject == "T1" })
		if u := list.Items[i]; u.Events != 2 || u.Reason == "" {
			t.Errorf("%+v", u)
		}
		first := list.Items[i].Event.ID
		if south, err := h.Exchange.Unmatched(storetest.As(t, pact.Reviewer, "south"), false); err != nil || len(south.Items) != 0 {
			t.Errorf("another unit sees %+v %v", south, err)
		}
		options, err := h.Exchange.ContractsFor(mira, first)
		if err != nil || len(options.Options) != 2 || options.Options[0].Score == "" || len(options.Options[0].Explanation) == 0 || !strings.Contains(options.Reason, "Acme") {
			t.Errorf("%+v %v", options, err)
		}
		settle := func(id pact.EventID, d exchange.EventDecision) error {
			_, err := h.Exchange.SettleEvent(mira, id, d)
			return err
		}
		for what, d := range map[string]exchange.EventDecision{
			"a contract of another unit": {Kind: "match", ContractID: foreign.ID},
			"a contract there is not":    {Kind: "match", ContractID: "con_none"},
			"setting aside without why":  {Kind: "ignore", Reason: "  "},
			"another word":               {Kind: "forget"},
			"taking back nothing":        {Kind: "restore"},
		} {
			if err := settle(first, d); fault.Of(err) == nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := h.Exchange.SettleEvent(storetest.As(t, pact.Viewer, "*"), first, exchange.EventDecision{Kind: "match", ContractID: one.ID}); !fault.Is(err, fault.Denied) {
			t.Errorf("a viewer: %v", err)
		}
		if err := settle(first, exchange.EventDecision{Kind: "match", ContractID: two.ID, Reason: "the order number is theirs"}); err != nil {
			t.Fatal(err)
		}
		for _, e := range apitest.All(t, h.Store.Reads().Events, store.Eq("subject", "T1")) {
			if e.ContractID != two.ID || !strings.Contains(e.MatchedBy, "the order number is theirs") {
				t.Errorf("%+v", e)
			}
		}
		if err := settle(first, exchange.EventDecision{Kind: "match", ContractID: one.ID}); !fault.Is(err, fault.Conflict) {
			t.Errorf("matched twice: %v", err)
		}
		// What comes later of the ticket follows.
		out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{event("4", "ticket_resolved", "T1", pact.EventData{Customer: "Acme Corp"})})
		if err != nil || out.Events[0].ContractID != two.ID {
			t.Errorf("%+v %v", out, err)
		}
	})
}

func TestWhatIsSetAsideStaysAsideUntilItIsTakenBack(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		take := func(id string) exchange.Taken {
			t.Helper()
			out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{event(id, "ticket_opened", "T1", pact.EventData{Customer: "Acme Corp"})})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		first := take("1").Events[0].ID
		mira := storetest.As(t, pact.Reviewer, "north")
		settle := func(d exchange.EventDecision) {
			t.Helper()
			if _, err := h.Exchange.SettleEvent(mira, first, d); err != nil {
				t.Fatal(err)
			}
		}
		settle(exchange.EventDecision{Kind: "ignore", Reason: "a test ticket"})
		if out := take("2"); out.Unmatched != 0 || out.Events[0].Ignored != "a test ticket" {
			t.Errorf("a later event of it: %+v", out)
		}
		con := contract(t, h, "north", "SA-1", "assisted")
		match := func() {
			t.Helper()
			if err := h.Exchange.MatchEvents(storetest.System(t), job.MatchEvents{BusinessUnit: "north"}); err != nil {
				t.Fatal(err)
			}
		}
		match()
		if left := apitest.All(t, h.Store.Reads().Events, store.Eq("contract_id", "")); len(left) != 2 {
			t.Errorf("%d events are aside, want 2", len(left))
		}
		waits, err := h.Exchange.Unmatched(mira, false)
		aside, err2 := h.Exchange.Unmatched(mira, true)
		if err != nil || err2 != nil || len(waits.Items) != 0 || len(aside.Items) != 1 || aside.Items[0].Reason != "a test ticket" || aside.Items[0].Events != 2 {
			t.Errorf("%+v %+v %v %v", waits, aside, err, err2)
		}
		settle(exchange.EventDecision{Kind: "restore"})
		match()
		if found := apitest.All(t, h.Store.Reads().Events, store.Eq("contract_id", con.ID)); len(found) != 2 {
			t.Errorf("%d events found their contract, want 2", len(found))
		}
	})
}

func TestRepeatedEventsAreKeptOnce(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		contract(t, h, "north", "SA-1", "assisted")
		batch := []pact.Event{event("1", "ticket_opened", "T1", pact.EventData{Contract: "SA-1"}), event("2", "ticket_resolved", "T1", pact.EventData{}), event("1", "ticket_opened", "T1", pact.EventData{Contract: "SA-1"})}
		ctx := storetest.System(t)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if _, err := h.Exchange.TakeEvents(ctx, "north", batch); err != nil && !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		out, err := h.Exchange.TakeEvents(ctx, "north", batch)
		if err != nil || out.New != 0 || out.Repeated != 3 {
			t.Errorf("%+v %v", out, err)
		}
		if n := len(apitest.All(t, h.Store.Reads().Events)); n != 2 {
			t.Errorf("%d events, want 2", n)
		}
	})
}

// Many contracts renew on the same day: unlike events of one ticket, notices for one day are not of one contract.
func TestNoticesForTheSameDayAreSettledOneByOne(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con, other := contract(t, h, "north", "SA-1", "assisted"), contract(t, h, "north", "SA-2", "assisted")
	const day = "2026-09-01"
	for i, e := range []pact.Event{
		event("1", "notice_sent", day, pact.EventData{Contract: "SA-1"}), event("2", "notice_sent", day, pact.EventData{Contract: "SA-2"}),
		event("3", "notice_sent", day, pact.EventData{Contract: "SA-3"}), event("4", "notice_sent", day, pact.EventData{Contract: "SA-4"}), event("5", "notice_sent", "evergreen", pact.EventData{Contract: "SA-1"}),
	} {
		out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{e})
		want := []pact.ContractID{con.ID, other.ID, "", "", con.ID}[i]
		if err != nil || out.Events[0].ContractID != want {
			t.Errorf("notice %d falls under %q by %q, want %q; %v", i+1, out.Events[0].ContractID, out.Events[0].MatchedBy, want, err)
		}
	}
	third := apitest.One(t, h.Store.Reads().Events, store.Eq("external_id", "3"))
	settled, err := h.Exchange.SettleEvent(storetest.As(t, pact.Reviewer, "north"), third.ID, exchange.EventDecision{Kind: "match", ContractID: con.ID})
	if err != nil || settled.Events != 1 {
		t.Errorf("%+v %v", settled, err)
	}
	if fourth := apitest.One(t, h.Store.Reads().Events, store.Eq("external_id", "4")); fourth.ContractID != "" {
		t.Error("a decision on one notice settled another")
	}
}

func TestACorrectionNamesWhatItReplaces(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	outage := event("o1", "outage", "Cloud", pact.EventData{Service: "Cloud", EndAt: apitest.Start().Add(time.Hour)})
	fixed := event("o2", "outage", "Cloud", pact.EventData{Service: "Cloud", EndAt: apitest.Start().Add(time.Minute)})
	fixed.ReplacesExternal = "o1"
	alone := event("o3", "outage", "Cloud", pact.EventData{Service: "Cloud"})
	alone.ReplacesExternal = "never came"
	out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{outage, fixed, alone})
	if err != nil || out.New != 3 || out.Events[1].Replaces != out.Events[0].ID || out.Events[2].Replaces != "" {
		t.Errorf("%+v %v", out, err)
	}
}

func TestABatchIsKeptWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	good := event("ok", "sample", "S", pact.EventData{})
	amount := money.New(decimal.NewFromInt(5), "USD")
	for name, bad := range map[string]pact.Event{
		"no id":                       event("", "sample", "S", pact.EventData{}),
		"an unknown kind":             event("x", "earthquake", "S", pact.EventData{}),
		"no instant":                  {ExternalID: "x", Kind: "sample"},
		"an instant of another age":   {ExternalID: "x", Kind: "sample", OccurredAt: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)},
		"an outage of no service":     event("x", "outage", "S", pact.EventData{}),
		"an outage of eight thousand": event("x", "outage", "S", pact.EventData{Service: "S", EndAt: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}),
		"an outage before it begins":  event("x", "outage", "S", pact.EventData{Service: "S", EndAt: apitest.Start().Add(-time.Second)}),
		"a charge without a month":    event("x", "charge", "S", pact.EventData{Service: "S", Amount: &amount}),
		"a charge without an amount":  event("x", "charge", "S", pact.EventData{Service: "S", Month: "2026-03"}),
		"a notice of no contract":     event("x", "notice_sent", "2026-09-01", pact.EventData{}),
		"a notice for no renewal":     event("x", "notice_sent", "soon", pact.EventData{Contract: "SA-1"}),
	} {
		_, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{good, bad})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "Event 1") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(apitest.All(t, h.Store.Reads().Events)); n != 0 {
		t.Errorf("%d events of refused batches were kept", n)
	}
	if _, err := h.Exchange.TakeEvents(storetest.As(t, pact.Reviewer, "north"), "north", []pact.Event{good}); !fault.Is(err, fault.Denied) {
		t.Errorf("a reviewer delivers: %v", err)
	}
	if _, err := h.Exchange.TakeEvents(storetest.As(t, pact.Connector, "south"), "north", []pact.Event{good}); !fault.Is(err, fault.Denied) {
		t.Errorf("into another unit: %v", err)
	}
}

func TestPolling(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "ITSM")
		contract(t, h, "north", "SA-1", "assisted")
		incident := func(id string) pact.Record {
			return pact.Record{Object: "incident", ExternalID: id, Events: []pact.Event{event(id+"/opened", "ticket_opened", id, pact.EventData{Contract: "SA-1"})}}
		}
		h.Fake.Set(func(f *apitest.Fake) {
			f.Pages[""] = connector.Page{Records: []pact.Record{incident("T1")}, Next: "c1", More: true}
			f.Pages["c1"] = connector.Page{Records: []pact.Record{incident("T2"), incident("T1")}, Next: "c2"}
		})
		ctx := storetest.System(t)
		poll := func() error { return h.Exchange.Poll(ctx, job.Poll{ConnectionID: c.ID, Stream: "things"}) }
		stream := func() (pact.StreamState, pact.Health) {
			t.Helper()
			row := apitest.One(t, h.Store.Reads().Connections)
			return row.Streams["things"], row.Health
		}
		if err := poll(); err != nil {
			t.Fatal(err)
		}
		if s, health := stream(); s.Cursor != "c2" || s.Records != 3 || health.State != "ok" {
			t.Errorf("%+v %+v", s, health)
		}
		if n := len(apitest.All(t, h.Store.Reads().Events)); n != 2 {
			t.Errorf("%d events, want 2", n)
		}
		for i, state := range []string{"degraded", "degraded", "down"} {
			h.Fake.Set(func(f *apitest.Fake) { f.Down = connector.Fail(connector.FailUnavailable, "busy") })
			if err := poll(); err == nil {
				t.Error("a poll that failed must come again")
			}
			if s, health := stream(); s.Cursor != "c2" || s.Error != "busy" || health.State != state || health.Failures != i+1 {
				t.Errorf("failure %d: %+v %+v", i+1, s, health)
			}
		}
		h.Fake.Set(func(f *apitest.Fake) { f.Down = connector.Fail(connector.FailDenied, "the password is wrong") })
		if err := poll(); err != nil {
			t.Errorf("a refusal is shown, and polled again at its time: %v", err)
		}
		h.Fake.Set(func(f *apitest.Fake) { f.Down = nil })
		if err := poll(); err != nil {
			t.Fatal(err)
		}
		if s, health := stream(); s.Error != "" || health.State != "ok" || health.Failures != 0 {
			t.Errorf("recovered: %+v %+v", s, health)
		}
		timer := apitest.One(t, h.Store.Reads().Timers, store.Eq("kind", "poll"))
		if timer.Ref != string(c.ID)+"/things" || !timer.DueAt.Equal(apitest.Start().Add(5*time.Minute)) {
			t.Errorf("the next poll: %+v", timer)
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

func TestAMappingIsCheckedAgainstTheOtherSystem(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CRM")
	h.Fake.Set(func(f *apitest.Fake) {
		f.Fields = map[string][]string{"Account": {"Summary", "Effective"}, "Duty": {"Title", "AccountId"}, "Todo": {"Due"}, "incident": {"text"}, "Risk": nil}
	})
	_, check, err := h.Exchange.CheckMapping(storetest.As(t, pact.Viewer, "north"), c.ID)
	var got []string
	for _, p := range check.Problems {
		got = append(got, p.Object+"."+p.Field)
	}
	slices.Sort(got)
	if err != nil || strings.Join(got, " ") != "Account.AI_Effective Account.Notice" {
		t.Errorf("%v %v", check, err)
	}
	if strings.Join(check.Undescribed, " ") != "Risk" {
		t.Errorf("not compared: %v", check.Undescribed)
	}
}

func TestAMappingIsReplacedAsDataAndTheNextVersionIsWrittenByIt(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CRM")
	admin := storetest.As(t, pact.Admin, "north")
	h.Fake.Set(func(f *apitest.Fake) {
		f.Accounts = acme()
		f.Fields = map[string][]string{"Account": {"Start"}}
	})
	to := func(field string) []pact.ObjectMapping {
		return []pact.ObjectMapping{{Object: "Account", For: "contract", Action: "update", Fields: []pact.FieldMapping{{Term: "effective_date", Field: field, Convert: "date", Risk: "summary"}}}}
	}
	for name, objects := range map[string][]pact.ObjectMapping{"a field there is not": to("Begin"), "nothing": nil, "twice": append(to("Start"), to("Start")...)} {
		if _, _, err := h.Exchange.SetMapping(admin, c.ID, objects, 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := h.Exchange.SetMapping(storetest.As(t, pact.Reviewer, "north"), c.ID, to("Start"), 0); !fault.Is(err, fault.Denied) {
		t.Errorf("a reviewer: %v", err)
	}
	if _, _, err := h.Exchange.SetMapping(storetest.As(t, pact.Admin, "south"), c.ID, to("Start"), 0); !fault.Is(err, fault.NotFound) {
		t.Errorf("of another unit: %v", err)
	}
	m, check, err := h.Exchange.SetMapping(admin, c.ID, to("Start"), 0)
	if err != nil || m.Version != 1 || len(check.Problems) != 0 {
		t.Fatalf("%v %v %v", m, check, err)
	}
	if _, _, err := h.Exchange.SetMapping(admin, c.ID, to("Start"), 0); !fault.Is(err, fault.Conflict) {
		t.Errorf("over a version not seen: %v", err)
	}
	con := contract(t, h, "north", "SA-1", "full")
	plan(t, h, con)
	write(t, h)
	if w := h.Fake.Written(); len(w) != 1 || w[0].Fields["Start"] != "2026-01-01" || len(w[0].Fields) != 1 {
		t.Errorf("written: %+v", w)
	}
	if m, _, err = h.Exchange.SetMapping(admin, c.ID, to("Start"), 1); err != nil || m.Version != 2 {
		t.Fatalf("%v %v", m, err)
	}
	rows, err := h.Store.Reads().Mappings.All(admin, store.Where(store.Eq("connection_id", c.ID)).By("version"))
	if err != nil || len(rows) != 2 || rows[0].Active || !rows[1].Active || len(rows[0].Objects) != 1 {
		t.Errorf("%+v %v", rows, err)
	}
	trail, err := h.Store.Audit().List(admin, store.AuditQuery{Subject: string(c.ID), Act: "mapping.set", Limit: 10})
	if err != nil || len(trail.Items) != 2 || trail.Items[0].ActorID != "usr_admin" {
		t.Errorf("trail: %+v %v", trail, err)
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
func everyField(f *apitest.Fake) {
	f.Fields = map[string][]string{
		"Account": {"Summary", "Effective", "AI_Effective", "Notice", "Start"}, "Duty": {"Title", "AccountId"}, "Todo": {"Due"}, "incident": {"text"}, "Risk": {"name", "status"},
	}
}

func TestPublishedContractsFollowAMappingThatIsReplaced(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "CRM")
		h.Connection(t, "north", "another CRM")
		h.Connection(t, "south", "CRM of the south")
		h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
		h.Work(t)
		var north []pact.ContractID
		for _, number := range []string{"SA-1", "SA-2", "SA-3"} {
			con := contract(t, h, "north", number, "full")
			plan(t, h, con)
			north = append(north, con.ID)
		}
		plan(t, h, contract(t, h, "south", "SA-4", "full"))
		contract(t, h, "north", "SA-5", "full", func(con *pact.Contract) { con.CurrentVersion = 0 }) // not published yet
		h.Settle(t)
		if n := len(h.Fake.Written()); n != 7*3 { // account, duty, task; three contracts at two connections and one at one
			t.Fatalf("%d writes by the shipped mapping", n)
		}

		admin := storetest.As(t, pact.Admin, "north")
		h.Fake.Set(everyField)
		shipped := h.Fake.Connector().Mapping
		changed := slices.Clone(shipped)
		changed[0].Fields = []pact.FieldMapping{{Term: "effective_date", Field: "Start", Convert: "date", Risk: "summary"}}
		seen := 7 * 3
		follows := func(objects []pact.ObjectMapping, shown int, want ...string) {
			t.Helper()
			if _, _, err := h.Exchange.SetMapping(admin, c.ID, objects, shown); err != nil {
				t.Fatal(err)
			}
			h.Settle(t)
			for range 2 { // what was done once more finds everything planned
				if err := h.Exchange.ApplyMapping(storetest.System(t), job.ApplyMapping{ConnectionID: c.ID, Version: shown + 1}); err != nil {
					t.Fatal(err)
				}
			}
			h.Settle(t)
			written := h.Fake.Written()[seen:]
			seen += len(written)
			var got []pact.ContractID
			for _, a := range written {
				got = append(got, a.ContractID)
				if a.ConnectionID != c.ID || a.Object != "Account" || !slices.Equal(slices.Sorted(maps.Keys(a.Fields)), want) {
					t.Errorf("mapping %d: written %s %v", shown+1, a.Object, a.Fields)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, north) {
				t.Errorf("mapping %d: written for %v, want once for each of %v", shown+1, got, north)
			}
		}
		slices.Sort(north)
		follows(changed, 0, "Start")
		follows(shipped, 1, "AI_Effective", "Effective", "Notice", "Summary") // the values of before are wanted again
		follows(changed, 2, "Start")

		if err := h.Exchange.ApplyMapping(storetest.System(t), job.ApplyMapping{ConnectionID: c.ID, Version: 2}); err != nil { // came late
			t.Fatal(err)
		}
		b, err := h.Store.Backlog(storetest.System(t))
		if err != nil || b.JobsAvailable != 0 {
			t.Errorf("a mapping that was replaced plans: %+v %v", b, err)
		}
		trail, err := h.Store.Audit().List(admin, store.AuditQuery{Subject: string(c.ID), Act: "mapping.apply", Limit: 20})
		if err != nil || len(trail.Items) != 9 || fmt.Sprint(trail.Items[0].Notes["contracts"]) != "3" {
			t.Errorf("the trail has %+v %v", trail.Items, err)
		}
	})
}

func TestWhatAReplacedMappingCouldNotWriteIsWithdrawn(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CRM")
	h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
	con := contract(t, h, "north", "SA-1", "full")
	plan(t, h, con)
	h.Fake.Set(everyField)
	tasks := h.Fake.Connector().Mapping[3:4]
	if _, _, err := h.Exchange.SetMapping(storetest.As(t, pact.Admin, "north"), c.ID, tasks, 0); err != nil {
		t.Fatal(err)
	}
	plan(t, h, con)
	write(t, h)
	if got := fieldsOf(h.Fake.Written()); got != "Todo:Due" {
		t.Errorf("written: %s", got)
	}
	for _, a := range apitest.All(t, h.Store.Reads().Actions, store.Is("object", "!=", "Todo")) {
		if a.State != pact.ActionWithdrawn {
			t.Errorf("%s, which is mapped no longer, is %s", a.Object, a.State)
		}
	}
}

// A unit may have any number of obligations: the one contract that fits is found among them.
func TestAnEventFindsItsContractAmongMoreThanTenThousandObligations(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	others := contract(t, h, "north", "SA-0", "assisted", func(c *pact.Contract) { c.Customer = "Globex GmbH" })
	for batch := range 11 {
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			for i := range 1000 {
				o := pact.Obligation{ID: pact.NewID[pact.ObligationID]("obl", tx.Now), BusinessUnit: "north", ContractID: others.ID, Key: fmt.Sprint("resolution_time/", batch, "/", i), Kind: "resolution_time", Params: json.RawMessage(`{}`)}
				if err := tx.Obligations.Insert(ctx, &o); err != nil {
					return err
				}
			}
			return nil
		})
	}
	want := contract(t, h, "north", "SA-1", "assisted")
	out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{event("1", "ticket_opened", "T1", pact.EventData{Customer: "Acme Corp"})})
	if err != nil || len(out.Events) != 1 || out.Events[0].ContractID != want.ID {
		t.Fatalf("%+v %v", out, err)
	}
}
