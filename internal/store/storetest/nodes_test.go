package storetest_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/sqlite"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// Jobs of the two-node test (reliability 5): 10,000 with PACTLOOP_SOAK=1.
const (
	nodeJobs     = 600
	soakNodeJobs = 10_000
)

func TestTwoNodesDoNoWorkTwice(t *testing.T) {
	t.Parallel()
	n := nodeJobs
	if os.Getenv("PACTLOOP_SOAK") == "1" {
		n = soakNodeJobs
	}
	url := storetest.PostgresURL(t)
	var mu sync.Mutex
	done, by := map[int]int{}, map[int]int{}
	var nodes []*sqlstore.Store
	for node := range 2 {
		s := storetest.PostgresAt(t, url, time.Now)
		nodes = append(nodes, s)
		storetest.StartJobs(t, s, job.Config{Queues: map[string]int{"": 10}, PollEvery: 100 * time.Millisecond, Handlers: []job.Handler{
			job.Handle(time.Minute, func(_ context.Context, a job.PlanWrites) error {
				mu.Lock()
				defer mu.Unlock()
				done[a.Version]++
				by[node]++
				return nil
			}),
		}})
	}
	ctx := storetest.System(t)
	for i := 0; i < n; i += 100 {
		storetest.Must(ctx, t, nodes[i/100%2], func(ctx context.Context, tx store.Tx) error {
			for j := range 100 {
				if err := tx.Enqueue(ctx, job.PlanWrites{Version: i + j}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	storetest.Eventually(t, "all jobs are done", func() bool {
		b, err := nodes[0].Backlog(ctx)
		return err == nil && b.JobsAvailable == 0
	})
	mu.Lock()
	defer mu.Unlock()
	for i := range n {
		if done[i] != 1 {
			t.Errorf("job %d ran %d times", i, done[i])
		}
	}
	t.Logf("%d jobs; by node: %v", n, by)
}

func TestNodesHearOfOneAnother(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	here, there := storetest.PostgresAt(t, url, time.Now), storetest.PostgresAt(t, url, time.Now)
	ctx := storetest.System(t)
	heard, err := there.Live(ctx)
	if err != nil {
		t.Fatal(err)
	}
	// The other node may not listen yet; it hears of one of the changes.
	storetest.Eventually(t, "the other node heard of a change and of a timer", func() bool {
		storetest.Must(ctx, t, here, func(ctx context.Context, tx store.Tx) error {
			if err := tx.SetTimer(ctx, "clock", "occ_1", tx.Now); err != nil {
				return err
			}
			return tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "emea"})
		})
		select {
		case got := <-heard:
			return got.Topic == "contracts" && len(there.Schedule().Woken()) == 1
		case <-time.After(50 * time.Millisecond):
			return false
		}
	})
}

// helper is set for the child process of the test below.
const helper = "PACTLOOP_TEST_OPEN_SQLITE"

func TestASecondProcessOnOneFileIsRefused(t *testing.T) {
	t.Parallel()
	if path := os.Getenv(helper); path != "" {
		s, err := sqlite.Open(t.Context(), sqlite.Config{Path: path, AuditKey: storetest.Key(), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		if err == nil {
			_ = s.Close()
			t.Fatal("opened")
		}
		t.Fatalf("refused: %v", err)
	}
	path := filepath.Join(t.TempDir(), "pactloop.db")
	s := storetest.SQLiteAt(t, path, time.Now)
	child := func() string {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestASecondProcessOnOneFileIsRefused$") //nolint:gosec // ourselves
		cmd.Env = append(os.Environ(), helper+"="+path)
		out, _ := cmd.CombinedOutput() // it fails by design; what it says counts
		return string(out)
	}
	if out := child(); !strings.Contains(out, "refused: another process") || !strings.Contains(out, "stop it first") {
		t.Errorf("the second process says: %s", out)
	}
	if n, err := s.Reads().Contracts.Count(storetest.System(t), store.Query{}); n != 0 || err != nil {
		t.Errorf("the first is disturbed: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if out := child(); !strings.Contains(out, "opened") {
		t.Errorf("after the first ended, the second says: %s", out)
	}
}

// A node that dies leaves its jobs running in the table; they run again soon, not after the longest time a job may take.
func TestJobsOfADeadNodeRunAgain(t *testing.T) {
	t.Parallel()
	eachBehind(t, func(t *testing.T, b behind) {
		ctx := storetest.System(t)
		storetest.Must(ctx, t, b, func(ctx context.Context, tx store.Tx) error {
			return tx.EnqueueWith(ctx,
				job.Queued{Args: job.Assess{Subject: "again"}, Options: job.Options{MaxAttempts: 3}},
				job.Queued{Args: job.Assess{Subject: "poison"}, Options: job.Options{MaxAttempts: 3}})
		})
		// As a dead node leaves it: taken by a node that is not there; the poison for the third time.
		who := "'[\"node_dead\"]'"
		if strings.HasSuffix(t.Name(), "postgres") {
			who = "ARRAY['node_dead']"
		}
		b.exec("UPDATE river_job SET state = 'running', attempt = 1, attempted_at = CURRENT_TIMESTAMP, attempted_by = " + who)
		b.exec("UPDATE river_job SET attempt = 3 WHERE CAST(args AS TEXT) LIKE '%poison%'")
		s := b.reopen()
		ran, given := make(chan string, 10), make(chan string, 10)
		storetest.StartJobs(t, s, job.Config{
			PollEvery: 100 * time.Millisecond,
			Handlers: []job.Handler{job.Handle(10*time.Minute, func(_ context.Context, a job.Assess) error {
				ran <- a.Subject
				return nil
			})},
			OnDiscard: func(_ context.Context, _ string, _ json.RawMessage, err error) { given <- err.Error() },
		})
		for what, from := range map[string]chan string{"again": ran, "given up after 3 attempts": given} {
			select {
			case got := <-from:
				if !strings.Contains(got, what) {
					t.Errorf("got %q, not %q", got, what)
				}
			case <-time.After(2 * time.Minute):
				t.Fatalf("nothing said %q", what)
			}
		}
	})
}
