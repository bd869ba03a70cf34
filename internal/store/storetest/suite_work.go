package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// patience is how long a test waits for what must happen; only a failing test waits so long.
const patience = time.Minute

// Eventually asks until the answer is yes.
func Eventually(t testing.TB, what string, ask func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !ask() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("still not: %s", what)
		}
	}
}

// StartJobs works jobs until the end of the test.
func StartJobs(t testing.TB, s interface {
	Runner(cfg job.Config) (*job.Runner, error)
}, cfg job.Config,
) *job.Runner {
	t.Helper()
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	r, err := s.Runner(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := r.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return r
}

func timers(t *testing.T, s Store) {
	ctx := System(t)
	base := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	if _, ok, err := s.Schedule().Next(ctx); ok || err != nil {
		t.Errorf("an empty schedule gave %v, %v", ok, err)
	}
	const n = 200
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		for i := range n {
			if err := tx.SetTimer(ctx, "clock", fmt.Sprint("occ_", i), base.Add(time.Duration(i)*time.Second)); err != nil {
				return err
			}
		}
		if err := tx.SetTimer(ctx, "clock", "later", base.Add(24*time.Hour)); err != nil {
			return err
		}
		return errors.Join(tx.SetTimer(ctx, "clock", "dropped", base), tx.DropTimer(ctx, "clock", "dropped"), tx.DropTimer(ctx, "clock", "never"))
	})
	if due, ok, err := s.Schedule().Next(ctx); !ok || !due.Equal(base) || err != nil {
		t.Errorf("next is %v, %v, %v", due, ok, err)
	}
	var mu sync.Mutex
	fired := map[string]int{}
	var total atomic.Int64
	var all sync.WaitGroup
	for range 2 { // two schedulers
		all.Go(func() {
			for {
				got, err := s.Schedule().Claim(ctx, base.Add(n*time.Second), 7, func(timer pact.Timer) []job.Queued {
					mu.Lock()
					defer mu.Unlock()
					fired[timer.Ref]++
					return []job.Queued{{Args: job.Assess{OccurrenceID: pact.OccurrenceID(timer.Ref), At: timer.DueAt}}}
				})
				if err != nil {
					t.Error(err)
				}
				if total.Add(int64(got)); got == 0 {
					return
				}
			}
		})
	}
	all.Wait()
	b, err := s.Backlog(ctx)
	if len(fired) != n || total.Load() != n || b.JobsAvailable != n || err != nil {
		t.Errorf("%d timers fired %d times as %d jobs, not %d: %v", len(fired), total.Load(), b.JobsAvailable, n, err)
	}
	if due, ok, err := s.Schedule().Next(ctx); !ok || !due.Equal(base.Add(24*time.Hour)) || err != nil {
		t.Errorf("next is %v, %v, %v", due, ok, err)
	}
}

func wakes(t *testing.T, s Store) {
	ctx := System(t)
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		return tx.SetTimer(ctx, "clock", "occ_1", tx.Now.Add(time.Hour))
	})
	select {
	case <-s.Schedule().Woken():
	case <-time.After(patience):
		t.Fatal("nobody was woken")
	}
	earlier := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error { return tx.SetTimer(ctx, "clock", "occ_1", earlier) })
	if due, ok, err := s.Schedule().Next(ctx); !ok || !due.Equal(earlier) || err != nil {
		t.Errorf("the moved timer is due %v, %v, %v", due, ok, err)
	}
	if n, err := s.Reads().Timers.Count(ctx, store.Query{}); n != 1 || err != nil {
		t.Errorf("%d timers, %v", n, err)
	}
}

func live(t *testing.T, s Store) {
	listening, stop := context.WithCancel(As(t, pact.Viewer, "emea"))
	defer stop()
	heard, err := s.Live(listening)
	if err != nil {
		t.Fatal(err)
	}
	ctx := System(t)
	theirs, ours := pact.Contract{BusinessUnit: "apac"}, pact.Contract{BusinessUnit: "emea"}
	add(ctx, t, s, &theirs)
	failed := s.Change(ctx, store.Act{Name: "test"}, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "emea"}), errors.New("broken"))
	})
	add(ctx, t, s, &ours)
	select {
	case got := <-heard:
		if got != (store.Touched{Topic: "contracts", ID: string(ours.ID), Unit: "emea"}) {
			t.Errorf("heard %+v after %v", got, failed)
		}
	case <-time.After(patience):
		t.Fatal("nothing was heard")
	}
	// A listener that does not read is told once, late, that much has changed; nobody waits for it.
	for range 40 {
		rows := make([]*pact.Contract, 15)
		for i := range rows {
			rows[i] = &pact.Contract{}
		}
		add(ctx, t, s, rows...)
	}
	got := 0
	Eventually(t, "everything was heard", func() bool {
		select {
		case one := <-heard:
			got++
			return one.Topic == "*" || got > 600
		default:
			return false
		}
	})
	stop()
	Eventually(t, "the channel is closed", func() bool {
		_, open := <-heard
		return !open
	})
}

func once(t *testing.T, s Store) {
	ctx := System(t)
	unique := func(subject string) job.Queued {
		return job.Queued{Args: job.Assess{Subject: subject}, Options: job.Options{Unique: true}}
	}
	for range 3 {
		Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
			return tx.EnqueueWith(ctx, unique("INC1"), unique("INC1"), unique("INC2"), job.Queued{Args: job.Assess{Subject: "INC1"}})
		})
	}
	if b, err := s.Backlog(ctx); err != nil || b.JobsAvailable != 2+3 {
		t.Errorf("%+v wait, %v", b, err)
	}
	// One that runs is no reason to leave out the next: it may have read its data already.
	running, release := make(chan string, 10), make(chan struct{})
	StartJobs(t, s, job.Config{Queues: map[string]int{"": 10}, Handlers: []job.Handler{
		job.Handle(patience, func(_ context.Context, a job.Assess) error {
			running <- a.Subject
			<-release
			return nil
		}),
	}})
	for range 5 {
		select {
		case <-running:
		case <-time.After(patience):
			t.Fatal("the jobs do not run")
		}
	}
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error { return tx.EnqueueWith(ctx, unique("INC1")) })
	close(release)
	select {
	case <-running:
	case <-time.After(patience):
		t.Fatal("a job was left out because its like was running")
	}
	Eventually(t, "all jobs are done", func() bool {
		b, err := s.Backlog(ctx)
		return err == nil && b.JobsAvailable == 0 && b.JobsRetrying == 0
	})
}

func jobEnds(t *testing.T, s Store) {
	ctx := System(t)
	var mu sync.Mutex
	runs, given, snoozed := map[string]int{}, map[string]string{}, false
	count := func(what string) int {
		mu.Lock()
		defer mu.Unlock()
		runs[what]++
		return runs[what]
	}
	StartJobs(t, s, job.Config{
		PollEvery: 50 * time.Millisecond,
		Handlers: []job.Handler{job.Handle(5*time.Second, func(ctx context.Context, a job.Assess) error {
			n := count(a.Subject)
			switch a.Subject {
			case "final":
				return fault.New(fault.Invalid, "no")
			case "insisted":
				if n == 1 {
					return job.Retry(fault.New(fault.NotFound, "not there yet"))
				}
			case "panics":
				panic("broken")
			case "fails":
				return errors.New("always")
			case "snoozes":
				if n == 1 {
					snoozed = true
					return job.Snooze(10 * time.Millisecond)
				}
			}
			return nil
		})},
		OnDiscard: func(_ context.Context, kind string, args json.RawMessage, err error) {
			var a job.Assess
			if e := json.Unmarshal(args, &a); e != nil || kind != "assess" {
				t.Errorf("discarded %s %s: %v", kind, args, e)
			}
			mu.Lock()
			defer mu.Unlock()
			given[a.Subject] = err.Error()
		},
	})
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		two := job.Options{MaxAttempts: 2}
		return tx.EnqueueWith(ctx,
			job.Queued{Args: job.Assess{Subject: "fine"}}, job.Queued{Args: job.Assess{Subject: "final"}},
			job.Queued{Args: job.Assess{Subject: "insisted"}}, job.Queued{Args: job.Assess{Subject: "panics"}, Options: two},
			job.Queued{Args: job.Assess{Subject: "fails"}, Options: two}, job.Queued{Args: job.Assess{Subject: "snoozes"}, Options: job.Options{MaxAttempts: 1}})
	})
	Eventually(t, "all jobs have ended", func() bool {
		b, err := s.Backlog(ctx)
		return err == nil && b.JobsAvailable == 0 && b.JobsRetrying == 0 && b.JobsDiscarded == 3
	})
	mu.Lock()
	defer mu.Unlock()
	if fmt.Sprint(runs) != "map[fails:2 final:1 fine:1 insisted:2 panics:2 snoozes:2]" || !snoozed {
		t.Errorf("ran %v", runs)
	}
	if len(given) != 3 || given["final"] == "" || given["fails"] == "" || given["panics"] == "" {
		t.Errorf("given up: %v", given)
	}
}
