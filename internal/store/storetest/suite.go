package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Store is what the suite asks: a store and its runner of jobs.
type Store interface {
	store.Store
	Runner(cfg job.Config) (*job.Runner, error)
}

// Run asks a store everything package store promises. open gives an empty store of its own each time it is called.
func Run(t *testing.T, open func(t *testing.T) Store) {
	t.Helper()
	for _, c := range []struct {
		name string
		test func(t *testing.T, s Store)
	}{
		{"every noun comes back as it was written", roundTrips},
		{"an actor is needed", actorNeeded},
		{"rows of other business units do not exist", scope},
		{"machinery is for the product", machinery},
		{"a stale revision gives a conflict", staleRevision},
		{"a taken key gives a conflict and leaves the transaction usable", takenKey},
		{"row, trail and job are undone together", rollback},
		{"a panic undoes everything", panics},
		{"the outer store refuses the context of a transaction", nested},
		{"conditions select", conditions},
		{"every row is seen once, however many", everyRow},
		{"the register has one line for each obligation in force, with what is due", register},
		{"what is settled comes last in the register, unless it asks for something", settledLast},
		{"renewals are listed with the day to send notice by", renewals},
		{"wrong questions are errors", wrongQuestions},
		{"search finds substrings of words in any case", search},
		{"pages cover everything once", pages},
		{"pages stay put while rows come", stablePages},
		{"decimals are exact and order by value", decimals},
		{"times order as instants", times},
		{"hostile text is refused or kept, never broken", hostileText},
		{"no update is lost", concurrency},
		{"one entry for each change", entries},
		{"events are noted as a batch", batches},
		{"an occurrence leaves an entry when its status changes", occurrences},
		{"secrets stay out of the trail", secrets},
		{"the trail is scoped and filtered", trail},
		{"the chain is sealed and verified", chain},
		{"timers are claimed once", timers},
		{"moving a timer wakes the scheduler", wakes},
		{"live updates keep to the scope", live},
		{"a job that may wait once waits once", once},
		{"jobs end as their errors say", jobEnds},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, open(t))
		})
	}
}

func roundTrips(t *testing.T, s Store) {
	r := s.Reads()
	crud(t, s, "contracts", func(tx store.Tx) store.Table[pact.Contract] { return tx.Contracts }, r.Contracts)
	crud(t, s, "documents", func(tx store.Tx) store.Table[pact.Document] { return tx.Documents }, r.Documents)
	crud(t, s, "versions", func(tx store.Tx) store.Table[pact.Version] { return tx.Versions }, r.Versions)
	crud(t, s, "extractions", func(tx store.Tx) store.Table[pact.Extraction] { return tx.Extractions }, r.Extractions)
	crud(t, s, "candidates", func(tx store.Tx) store.Table[pact.Candidate] { return tx.Candidates }, r.Candidates)
	crud(t, s, "reviews", func(tx store.Tx) store.Table[pact.Review] { return tx.Reviews }, r.Reviews)
	crud(t, s, "decisions", func(tx store.Tx) store.Table[pact.Decision] { return tx.Decisions }, r.Decisions)
	crud(t, s, "obligations", func(tx store.Tx) store.Table[pact.Obligation] { return tx.Obligations }, r.Obligations)
	crud(t, s, "occurrences", func(tx store.Tx) store.Table[pact.Occurrence] { return tx.Occurrences }, r.Occurrences)
	crud(t, s, "events", func(tx store.Tx) store.Table[pact.Event] { return tx.Events }, r.Events)
	crud(t, s, "findings", func(tx store.Tx) store.Table[pact.Finding] { return tx.Findings }, r.Findings)
	crud(t, s, "approvals", func(tx store.Tx) store.Table[pact.Approval] { return tx.Approvals }, r.Approvals)
	crud(t, s, "notifications", func(tx store.Tx) store.Table[pact.Notification] { return tx.Notifications }, r.Notifications)
	crud(t, s, "connections", func(tx store.Tx) store.Table[pact.Connection] { return tx.Connections }, r.Connections)
	crud(t, s, "deliveries", func(tx store.Tx) store.Table[pact.Delivery] { return tx.Deliveries }, r.Deliveries)
	crud(t, s, "event_imports", func(tx store.Tx) store.Table[pact.EventImport] { return tx.Imports }, r.Imports)
	crud(t, s, "actions", func(tx store.Tx) store.Table[pact.Action] { return tx.Actions }, r.Actions)
	crud(t, s, "links", func(tx store.Tx) store.Table[pact.Link] { return tx.Links }, r.Links)
	crud(t, s, "policies", func(tx store.Tx) store.Table[pact.Policy] { return tx.Policies }, r.Policies)
	crud(t, s, "mappings", func(tx store.Tx) store.Table[pact.Mapping] { return tx.Mappings }, r.Mappings)
	crud(t, s, "users", func(tx store.Tx) store.Table[pact.User] { return tx.Users }, r.Users)
	crud(t, s, "api_keys", func(tx store.Tx) store.Table[pact.APIKey] { return tx.Keys }, r.Keys)
	crud(t, s, "sessions", func(tx store.Tx) store.Table[pact.Session] { return tx.Sessions }, r.Sessions)
	crud(t, s, "spendings", func(tx store.Tx) store.Table[pact.Spending] { return tx.Spendings }, r.Spendings)
	crud(t, s, "claims", func(tx store.Tx) store.Table[pact.Claim] { return tx.Claims }, r.Claims)
	crud(t, s, "check_ins", func(tx store.Tx) store.Table[pact.CheckIn] { return tx.CheckIns }, r.CheckIns)
	crud(t, s, "timers", func(tx store.Tx) store.Table[pact.Timer] { return tx.Timers }, r.Timers)
	crud(t, s, "idempotency_keys", func(tx store.Tx) store.Table[pact.IdempotencyKey] { return tx.Idempotency }, nil)
}

// same compares rows; decimals by value.
func same(t *testing.T, noun, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })); diff != "" {
		t.Errorf("%s: %s differs (-want +got):\n%s", noun, what, diff)
	}
}

func crud[T any](t *testing.T, s Store, noun string, table func(store.Tx) store.Table[T], reading store.Reading[T]) {
	t.Helper()
	ctx := System(t)
	full, empty := Fill[T](1), *new(T)
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(table(tx).Insert(ctx, &full), table(tx).Insert(ctx, &empty))
	})
	ids := []string{identity(full), identity(empty)}
	if ids[0] == "" || ids[1] == "" {
		t.Fatalf("%s: a row got no id", noun)
	}
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		for i, want := range []T{full, empty} {
			got, err := table(tx).Get(ctx, ids[i])
			if err != nil {
				return err
			}
			same(t, noun, "the row", got, want)
		}
		return nil
	})
	if reading != nil {
		got, err := reading.Get(ctx, ids[0])
		if err != nil {
			t.Fatalf("%s: %v", noun, err)
		}
		same(t, noun, "the row outside a change", got, full)
	}
	update(ctx, t, s, noun, table, empty)
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error { return table(tx).Delete(ctx, ids[0]) })
	err := s.Change(ctx, store.Act{Name: "test"}, func(ctx context.Context, tx store.Tx) error {
		if _, err := table(tx).Get(ctx, ids[0]); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: a deleted row gave %v", noun, err)
		}
		return table(tx).Delete(ctx, ids[0])
	})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("%s: deleting it again gave %v", noun, err)
	}
}

// update writes every field over an empty row.
func update[T any](ctx context.Context, t *testing.T, s Store, noun string, table func(store.Tx) store.Table[T], row T) {
	t.Helper()
	changed := Fill[T](2)
	keep(&changed, row)
	err := s.Change(ctx, store.Act{Name: "test"}, func(ctx context.Context, tx store.Tx) error {
		if _, err := table(tx).Lock(ctx, identity(row)); err != nil {
			return err
		}
		return table(tx).Update(ctx, &changed)
	})
	if noun == "versions" || noun == "decisions" || noun == "extractions" || noun == "event_imports" || noun == "check_ins" {
		if err == nil {
			t.Errorf("%s are never changed, but were", noun)
		}
		return
	}
	if err != nil {
		t.Errorf("%s: updating: %v", noun, err)
		return
	}
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		got, err := table(tx).Get(ctx, identity(row))
		same(t, noun, "the updated row", got, changed)
		return err
	})
}

func actorNeeded(t *testing.T, s Store) {
	ctx := t.Context()
	if _, err := s.Reads().Contracts.Count(ctx, store.Query{}); err == nil {
		t.Error("reading without an actor worked")
	}
	if err := s.Change(ctx, store.Act{Name: "test"}, func(context.Context, store.Tx) error { return nil }); err == nil {
		t.Error("a change without an actor worked")
	}
	if _, err := s.Live(ctx); err == nil {
		t.Error("listening without an actor worked")
	}
	if _, err := s.Audit().List(ctx, store.AuditQuery{}); err == nil {
		t.Error("reading the trail without an actor worked")
	}
}

func scope(t *testing.T, s Store) {
	emea := As(t, pact.Reviewer, "emea")
	apac := As(t, pact.Reviewer, "apac")
	nobody := As(t, pact.Reviewer)
	mine, theirs := pact.Contract{BusinessUnit: "emea", Title: "mine"}, pact.Contract{BusinessUnit: "apac", Title: "theirs"}
	Must(emea, t, s, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Insert(ctx, &mine) })
	Must(apac, t, s, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Insert(ctx, &theirs) })

	r := s.Reads().Contracts
	for _, c := range []struct {
		who  context.Context
		sees int
	}{{emea, 1}, {apac, 1}, {nobody, 0}, {System(t), 2}, {As(t, pact.Viewer, "emea", "apac"), 2}} {
		n, err := r.Count(c.who, store.Query{})
		all, errAll := r.All(c.who, store.Query{})
		by, errBy := r.CountBy(c.who, store.Query{}, "business_unit")
		if n != c.sees || len(all) != c.sees || len(by) != c.sees || errors.Join(err, errAll, errBy) != nil {
			t.Errorf("sees %d, %d, %v rows, not %d: %v", n, len(all), by, c.sees, errors.Join(err, errAll, errBy))
		}
	}
	if _, err := r.Get(emea, string(theirs.ID)); !fault.Is(err, fault.NotFound) {
		t.Errorf("getting another unit's row gave %v", err)
	}
	if _, err := r.One(emea, store.Where(store.Eq("id", theirs.ID))); !fault.Is(err, fault.NotFound) {
		t.Errorf("finding another unit's row gave %v", err)
	}
	stolen := theirs
	for what, c := range map[string]struct {
		want fault.Kind
		do   func(ctx context.Context, tx store.Tx) error
	}{
		"update": {fault.Denied, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Update(ctx, &stolen) }},
		"update as ours": {fault.NotFound, func(ctx context.Context, tx store.Tx) error {
			ours := theirs
			ours.BusinessUnit = "emea"
			return tx.Contracts.Update(ctx, &ours)
		}},
		"delete": {fault.NotFound, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Delete(ctx, string(theirs.ID)) }},
		"lock": {fault.NotFound, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Contracts.Lock(ctx, string(theirs.ID))
			return err
		}},
		"insert": {fault.Denied, func(ctx context.Context, tx store.Tx) error {
			return tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "apac"})
		}},
		"insert into no unit": {fault.Denied, func(ctx context.Context, tx store.Tx) error {
			return tx.Contracts.Insert(ctx, &pact.Contract{})
		}},
		"give away": {fault.Denied, func(ctx context.Context, tx store.Tx) error {
			c := mine
			c.BusinessUnit = "apac"
			return tx.Contracts.Update(ctx, &c)
		}},
	} {
		if err := s.Change(emea, store.Act{Name: "test"}, c.do); !fault.Is(err, c.want) {
			t.Errorf("%s of another unit's row gave %v, not %s", what, err, c.want)
		}
	}
	if got, err := r.Get(apac, string(theirs.ID)); err != nil || got.Title != "theirs" || got.Revision != 1 {
		t.Errorf("the other unit's row is %+v, %v", got, err)
	}
}

func machinery(t *testing.T, s Store) {
	reviewer, admin := As(t, pact.Reviewer, "*"), As(t, pact.Admin, "emea")
	r := s.Reads()
	_, users := r.Users.Count(reviewer, store.Query{})
	_, keys := r.Keys.Count(reviewer, store.Query{})
	_, timers := r.Timers.Count(reviewer, store.Query{})
	_, sessions := r.Sessions.Count(admin, store.Query{})
	for what, err := range map[string]error{"users": users, "keys": keys, "timers": timers, "sessions": sessions} {
		if !fault.Is(err, fault.Denied) {
			t.Errorf("%s gave %v", what, err)
		}
	}
	if _, err := r.Users.Count(admin, store.Query{}); err != nil {
		t.Errorf("an administrator reading users gave %v", err)
	}
	if _, err := r.Policies.Count(reviewer, store.Query{}); err != nil {
		t.Errorf("a reviewer reading policies gave %v", err)
	}
	err := s.Change(reviewer, store.Act{Name: "test"}, func(ctx context.Context, tx store.Tx) error {
		return tx.Policies.Insert(ctx, &pact.Policy{Kind: "review", Version: 1})
	})
	if !fault.Is(err, fault.Denied) {
		t.Errorf("a reviewer changing a policy gave %v", err)
	}
	// Within a person's change a part of the product may still do its own: the trail names the person.
	Must(reviewer, t, s, func(ctx context.Context, tx store.Tx) error {
		if err := tx.SetTimer(ctx, "review", "rev_1", tx.Now); err != nil {
			return err
		}
		return tx.Idempotency.Insert(pact.WithActor(ctx, pact.System("api")), &pact.IdempotencyKey{ID: "usr_1/k"})
	})
}

func staleRevision(t *testing.T, s Store) {
	ctx := System(t)
	c := pact.Contract{BusinessUnit: "emea", Title: "one"}
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Insert(ctx, &c) })
	first, second := c, c
	first.Title = "first"
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Update(ctx, &first) })
	second.Title = "second"
	err := s.Change(ctx, store.Act{Name: "test"}, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Update(ctx, &second) })
	if !fault.Is(err, fault.Conflict) || second.Revision != 1 {
		t.Errorf("a stale update gave %v and revision %d", err, second.Revision)
	}
	got, err := s.Reads().Contracts.Get(ctx, string(c.ID))
	if err != nil || got.Title != "first" || got.Revision != 2 || first.Revision != 2 {
		t.Errorf("the row is %+v, %v", got, err)
	}
	gone := pact.Contract{ID: "con_none", BusinessUnit: "emea", Revision: 1}
	err = s.Change(ctx, store.Act{Name: "test"}, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Update(ctx, &gone) })
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("updating a row that is not there gave %v", err)
	}
}

func takenKey(t *testing.T, s Store) {
	ctx := System(t)
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		one := pact.Contract{BusinessUnit: "emea", SourceKey: "cnn_1/r1"}
		if err := tx.Contracts.Insert(ctx, &one); err != nil {
			return err
		}
		again := pact.Contract{BusinessUnit: "emea", SourceKey: "cnn_1/r1"}
		if err := tx.Contracts.Insert(ctx, &again); !fault.Is(err, fault.Conflict) {
			t.Errorf("inserting a taken key gave %v", err)
		}
		two := pact.Contract{BusinessUnit: "emea", SourceKey: "cnn_1/r2"}
		if err := tx.Contracts.Insert(ctx, &two); err != nil {
			return err
		}
		taken := two
		taken.SourceKey = "cnn_1/r1"
		if err := tx.Contracts.Update(ctx, &taken); !fault.Is(err, fault.Conflict) {
			t.Errorf("updating to a taken key gave %v", err)
		}
		// Empty keys are no keys.
		return errors.Join(tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "emea"}), tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "emea"}))
	})
	if n, err := s.Reads().Contracts.Count(ctx, store.Query{}); n != 4 || err != nil {
		t.Errorf("%d contracts, %v", n, err)
	}
}

func rollback(t *testing.T, s Store) {
	ctx := System(t)
	broken := errors.New("broken")
	for _, act := range []store.Act{{Name: "test"}, {}} {
		err := s.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
			if err := tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "emea"}); err != nil {
				return err
			}
			if err := errors.Join(tx.Enqueue(ctx, job.Assess{Subject: "INC1"}), tx.SetTimer(ctx, "clock", "occ_1", tx.Now)); err != nil {
				return err
			}
			if act.Name == "" {
				return nil // fails at the end: a tracked change needs a name
			}
			return broken
		})
		if err == nil || act.Name != "" && !errors.Is(err, broken) {
			t.Errorf("the change gave %v", err)
		}
	}
	untouched(t, s)
}

func panics(t *testing.T, s Store) {
	ctx := System(t)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = s.Change(ctx, store.Act{Name: "test"}, func(ctx context.Context, tx store.Tx) error {
			if err := tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "emea"}); err != nil {
				return err
			}
			panic("broken")
		})
	}()
	untouched(t, s)
}

func untouched(t *testing.T, s Store) {
	t.Helper()
	ctx := System(t)
	contracts, err := s.Reads().Contracts.Count(ctx, store.Query{})
	timers, errTimers := s.Reads().Timers.Count(ctx, store.Query{})
	b, errBacklog := s.Backlog(ctx)
	if contracts != 0 || timers != 0 || b != (store.Backlog{}) || errors.Join(err, errTimers, errBacklog) != nil {
		t.Errorf("left behind: %d contracts, %d timers, %+v, %v", contracts, timers, b, errors.Join(err, errTimers, errBacklog))
	}
	Must(ctx, t, s, func(context.Context, store.Tx) error { return nil })
	if b, err := s.Backlog(ctx); err != nil || b.Unsealed != 0 {
		t.Errorf("a change of nothing left %+v, %v", b, err)
	}
}

func nested(t *testing.T, s Store) {
	ctx := System(t)
	var kept store.Tx
	var keptCtx context.Context
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		kept, keptCtx = tx, ctx
		_, reading := s.Reads().Contracts.Get(ctx, "con_1")
		changing := s.Change(ctx, store.Act{Name: "inner"}, func(context.Context, store.Tx) error { return nil })
		_, listing := s.Audit().List(ctx, store.AuditQuery{})
		_, sealing := s.Audit().Seal(ctx)
		_, listening := s.Live(ctx)
		_, _, next := s.Schedule().Next(ctx)
		_, claiming := s.Schedule().Claim(ctx, tx.Now, 1, func(pact.Timer) []job.Queued { return nil })
		for what, err := range map[string]error{
			"reading": reading, "changing": changing, "listing": listing, "sealing": sealing,
			"listening": listening, "next": next, "claiming": claiming,
		} {
			if err == nil || fault.Of(err) != nil {
				t.Errorf("%s with the context of a transaction gave %v", what, err)
			}
		}
		return nil
	})
	if err := kept.Contracts.Insert(keptCtx, &pact.Contract{BusinessUnit: "emea"}); err == nil {
		t.Error("a transaction was used after its end")
	}
	if _, err := kept.Contracts.Count(keptCtx, store.Query{}); err == nil {
		t.Error("a transaction was read after its end")
	}
}
