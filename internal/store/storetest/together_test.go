package storetest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/postgres"
	"github.com/pactloop/pactloop/internal/store/sqlite"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// deliver keeps a webhook as intake does, with its job; act names it.
func deliver(ctx context.Context, s store.Store, key string, spoil func() error) error {
	return s.Together(ctx, store.Act{Name: "together", Subject: key}, func(ctx context.Context, tx store.Tx) error {
		d := pact.Delivery{ID: pact.NewID[pact.DeliveryID]("dlv", tx.Now), BusinessUnit: "north", ConnectionID: "cnn_1", EventKey: key, Body: "{}", State: "received", ReceivedAt: tx.Now}
		if err := tx.Deliveries.Insert(ctx, &d); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, job.ProcessDelivery{DeliveryID: d.ID}); err != nil {
			return err
		}
		return spoil()
	})
}

// Of many changes at one instant each stands or falls alone: an error, a panic, a taken key and a context that is over
// undo their own change and nothing else, and each that stands has its own entry and its own job.
func TestChangesTogetherStandOrFallAlone(t *testing.T) {
	t.Parallel()
	eachBehind(t, func(t *testing.T, b behind) {
		ctx := storetest.System(t)
		over, end := context.WithCancel(ctx)
		end()
		wrong := errors.New("wrong")
		const n = 400
		var kept, taken atomic.Int64
		var group sync.WaitGroup
		for i := range n {
			group.Go(func() {
				key, from, spoil := fmt.Sprint("event ", i), ctx, func() error { return nil }
				switch {
				case i%10 == 1:
					spoil = func() error { return wrong }
				case i%10 == 2:
					spoil = func() error { panic("broken") }
				case i%10 == 3:
					key = "the same"
				case i%10 == 4:
					from = over
				}
				err := deliver(from, b, key, spoil)
				switch {
				case i%10 == 1 && !errors.Is(err, wrong), i%10 == 2 && (err == nil || !strings.Contains(err.Error(), "panicked")), i%10 == 4 && err == nil, i%10 > 4 && err != nil, i%10 == 0 && err != nil:
					t.Errorf("%d: %v", i, err)
				case i%10 == 3 && err != nil && !fault.Is(err, fault.Conflict):
					t.Errorf("a taken key: %v", err)
				case i%10 == 3 && err != nil:
					taken.Add(1)
				case err == nil:
					kept.Add(1)
				}
			})
		}
		group.Wait()
		rows, err := b.Reads().Deliveries.Count(ctx, store.Query{})
		if err != nil {
			t.Fatal(err)
		}
		backlog, err := b.Backlog(ctx)
		if err != nil {
			t.Fatal(err)
		}
		entries := 0
		for after := ""; ; {
			page, err := b.Audit().List(ctx, store.AuditQuery{Act: "together", Limit: 200, After: after})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Items {
				entries++
				if len(e.Changes) != 1 {
					t.Errorf("the entry of %s holds %d changes", e.Subject, len(e.Changes))
				}
			}
			if after = page.Next; after == "" {
				break
			}
		}
		want := n/2 + n/10 + 1 // i%10 of 0 and of 5 to 9, and one of the same key
		if int(kept.Load()) != want || rows != want || backlog.JobsAvailable != want || entries != want || int(taken.Load()) != n/10-1 {
			t.Errorf("%d answered as kept, %d rows, %d jobs, %d entries; want %d of each; %d taken keys", kept.Load(), rows, backlog.JobsAvailable, entries, want, taken.Load())
		}
		if _, err := b.Audit().Seal(ctx); err != nil {
			t.Fatal(err)
		}
		if r, err := b.Audit().Verify(ctx); err != nil || !r.OK {
			t.Errorf("%+v %v", r, err)
		}
	})
}

const deliverer = "PACTLOOP_TEST_DELIVER"

// kill -9 while 32 senders deliver at once: everything that was answered stands, with its entry and its job.
func TestWhatWasAnsweredTogetherSurvivesAKill(t *testing.T) {
	t.Parallel()
	if at := os.Getenv(deliverer); at != "" {
		deliverUntilKilled(t, at)
		return
	}
	for engine, at := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "pactloop.db"), "postgres": storetest.PostgresURL(t)} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWhatWasAnsweredTogetherSurvivesAKill$") //nolint:gosec // ourselves
			cmd.Env = append(os.Environ(), deliverer+"="+at)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			answered := map[string]bool{}
			for lines := bufio.NewScanner(out); lines.Scan(); {
				if key, ok := strings.CutPrefix(lines.Text(), "kept "); ok {
					answered[key] = true
				}
				if len(answered) == 300 {
					if err := cmd.Process.Kill(); err != nil {
						t.Fatal(err)
					}
				}
			}
			_ = cmd.Wait() // killed
			if len(answered) < 300 {
				t.Fatalf("only %d were answered", len(answered))
			}
			s := open(t, at)
			defer func() { _ = s.Close() }()
			ctx := storetest.System(t)
			rows := 0
			err = s.Reads().Deliveries.Each(ctx, store.Query{}, func(d pact.Delivery) error {
				rows++
				delete(answered, d.EventKey)
				return nil
			})
			backlog, errB := s.Backlog(ctx)
			if err != nil || errB != nil || len(answered) != 0 || backlog.JobsAvailable != rows || backlog.Unsealed != rows {
				t.Errorf("%d answered ones are gone; %d rows, %d jobs, %d entries; %v %v", len(answered), rows, backlog.JobsAvailable, backlog.Unsealed, err, errB)
			}
		})
	}
}

func open(t testing.TB, at string) storetest.Store {
	t.Helper()
	var s storetest.Store
	var err error
	if strings.HasPrefix(at, "postgres") {
		s, err = postgres.Open(t.Context(), postgres.Config{URL: at, AuditKey: storetest.Key(), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	} else {
		s, err = sqlite.Open(t.Context(), sqlite.Config{Path: at, AuditKey: storetest.Key(), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func deliverUntilKilled(t *testing.T, at string) {
	t.Helper()
	s := open(t, at)
	ctx := storetest.System(t)
	var group sync.WaitGroup
	for sender := range 32 {
		group.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				key := fmt.Sprint(sender, "/", i)
				if err := deliver(ctx, s, key, func() error { return nil }); err != nil {
					t.Error(err)
					return
				}
				fmt.Println("kept " + key) // the parent counts these lines
			}
		})
	}
	group.Wait()
}

// BenchmarkTogether: 32 senders that each keep a webhook with its entry and its job, in transactions of their own (baseline) and
// shared.
func BenchmarkTogether(b *testing.B) {
	for engine, at := range map[string]string{"sqlite": filepath.Join(b.TempDir(), "pactloop.db"), "postgres": storetest.PostgresURL(b)} {
		s := open(b, at)
		b.Cleanup(func() { _ = s.Close() })
		for name, change := range map[string]func(context.Context, store.Act, func(context.Context, store.Tx) error) error{"baseline": s.Change, "together": s.Together} {
			b.Run(engine+"/"+name, func(b *testing.B) {
				ctx := storetest.System(b)
				series := pact.NewID[string]("s", time.Now())
				var next atomic.Int64
				var group sync.WaitGroup
				began := time.Now()
				for range 32 {
					group.Go(func() {
						for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
							if err := deliver(ctx, changing{s, change}, fmt.Sprint(series, i), func() error { return nil }); err != nil {
								b.Error(err)
							}
						}
					})
				}
				group.Wait()
				b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "webhooks/s")
			})
		}
	}
}

// changing is a store whose shared changes run as another function does.
type changing struct {
	store.Store
	change func(context.Context, store.Act, func(context.Context, store.Tx) error) error
}

func (c changing) Together(ctx context.Context, act store.Act, fn func(context.Context, store.Tx) error) error {
	return c.change(ctx, act, fn)
}
