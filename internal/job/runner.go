package job

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"github.com/pactloop/pactloop/internal/pact"
)

// Handler binds the arguments of one kind of job to a function.
type Handler struct {
	kind    string
	timeout time.Duration
	add     func(*river.Workers, *Runner)
}

// Handle makes the handler of one kind. The function's context ends after timeout and carries the system actor named like
// the kind with the correlation id of what enqueued the job. It may run more than once for the same arguments. Faults
// that trying again can not help (invalid, not found, denied, unsupported) end the job unless wrapped by Retry; every
// other error is tried again, with growing pauses.
func Handle[A Args](timeout time.Duration, fn func(context.Context, A) error) Handler {
	var zero A
	return Handler{kind: zero.Kind(), timeout: timeout, add: func(workers *river.Workers, r *Runner) {
		river.AddWorker(workers, &worker[A]{runner: r, timeout: timeout, fn: fn})
	}}
}

// Config of a Runner.
type Config struct {
	Handlers []Handler
	Queues   map[string]int // concurrency by queue; "" is the default queue, which gets 4 where it is missing
	Log      *slog.Logger
	// OnDone is told of every run; nil is fine. queued is how long the job waited since it was due.
	OnDone func(kind string, queued, took time.Duration, err error)
	// OnDiscard is told of a job that will not be tried again: out of attempts, or its error is final. It runs in the
	// job's context, before the job is closed; nil is fine. After a crash it may be told twice.
	OnDiscard func(ctx context.Context, kind string, args json.RawMessage, err error)
	// PollEvery is the safety net behind notifications; default 1 s.
	PollEvery time.Duration
}

// Runner works jobs.
type Runner struct {
	cfg    Config
	client interface {
		Start(ctx context.Context) error
		Stop(ctx context.Context) error
		StopAndCancel(ctx context.Context) error
		Stopped() <-chan struct{}
	}
	river any
}

// NewRunner makes a runner over a database's driver; stores call it.
func NewRunner[TTx any](driver riverdriver.Driver[TTx], id string, cfg Config) (*Runner, error) {
	if cfg.Log == nil {
		return nil, errors.New("a job runner needs a log")
	}
	r := &Runner{cfg: cfg}
	workers := river.NewWorkers()
	longest := time.Minute
	seen := map[string]bool{}
	for _, h := range cfg.Handlers {
		if seen[h.kind] {
			return nil, fmt.Errorf("two handlers of job %q", h.kind)
		}
		seen[h.kind] = true
		longest = max(longest, h.timeout)
		h.add(workers, r)
	}
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}}
	for name, n := range cfg.Queues {
		if name == "" {
			name = river.QueueDefault
		}
		queues[name] = river.QueueConfig{MaxWorkers: n}
	}
	poll := cfg.PollEvery
	if poll == 0 {
		poll = time.Second
	}
	client, err := river.NewClient(driver, &river.Config{
		ID:                id,
		Workers:           workers,
		Queues:            queues,
		Logger:            slog.New(quiet{cfg.Log.Handler()}),
		FetchCooldown:     10 * time.Millisecond,
		FetchPollInterval: poll,
		RetryPolicy:       backoff{},
		// Longer than any job may take, or River would start a job again that still runs.
		RescueStuckJobsAfter:        longest + time.Minute,
		CompletedJobRetentionPeriod: 24 * time.Hour,
		CancelledJobRetentionPeriod: 30 * 24 * time.Hour,
		DiscardedJobRetentionPeriod: 30 * 24 * time.Hour,
		MaxAttempts:                 DefaultAttempts + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the job runner: %w", err)
	}
	r.client, r.river = client, client
	return r, nil
}

// River gives the *river.Client behind the runner, for its admin page only.
func (r *Runner) River() any { return r.river }

// Start begins to work jobs. The context is only for starting; Stop ends it.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("starting the job runner: %w", err)
	}
	return nil
}

// Stop lets running jobs finish until ctx ends, then cancels them and waits for them at most 5 s more. Cancelled jobs run
// again after the next start.
func (r *Runner) Stop(ctx context.Context) error {
	err := r.client.Stop(ctx)
	if err == nil {
		return nil
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := r.client.StopAndCancel(hard); err != nil {
		return fmt.Errorf("stopping the job runner: %w", err)
	}
	return nil
}

type worker[A Args] struct {
	river.WorkerDefaults[A]
	runner  *Runner
	timeout time.Duration
	fn      func(context.Context, A) error
}

// Timeout of one run.
func (w *worker[A]) Timeout(*river.Job[A]) time.Duration { return w.timeout }

// Work runs the function and decides what becomes of the job.
func (w *worker[A]) Work(ctx context.Context, j *river.Job[A]) error {
	var meta metadata
	if err := json.Unmarshal(j.Metadata, &meta); err != nil {
		return river.JobCancel(fmt.Errorf("reading the metadata of a job: %w", err))
	}
	actor := pact.System(j.Kind)
	actor.CorrelationID = meta.CorrelationID
	ctx = pact.WithActor(ctx, actor)

	allowed := j.MaxAttempts - 1
	if j.Attempt > allowed {
		return w.runner.discard(ctx, j.JobRow, meta, fmt.Errorf("given up after %d attempts that ended the worker: %s", allowed, lastError(j.JobRow)))
	}
	started := time.Now()
	err := w.guarded(ctx, j.Args)
	if w.runner.cfg.OnDone != nil {
		w.runner.cfg.OnDone(j.Kind, started.Sub(j.ScheduledAt), time.Since(started), err)
	}
	if err == nil {
		return nil
	}
	var snooze *river.JobSnoozeError
	var again *retry
	switch {
	case errors.As(err, &snooze):
		return err
	case final(err) && !errors.As(err, &again), j.Attempt >= allowed:
		return w.runner.discard(ctx, j.JobRow, meta, err)
	}
	return err
}

// guarded turns a panic into an error, so that it counts as an attempt like any other.
func (w *worker[A]) guarded(ctx context.Context, args A) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return w.fn(ctx, args)
}

func (r *Runner) discard(ctx context.Context, j *rivertype.JobRow, meta metadata, err error) error {
	r.cfg.Log.WarnContext(ctx, "job given up; it is kept, see the reason", "job", j.Kind, "job_id", j.ID, "attempt", j.Attempt,
		"correlation_id", meta.CorrelationID, "error", err.Error())
	if r.cfg.OnDiscard != nil {
		// A job may be given up because its time ran out; what is told of it must not fail for that.
		told, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		r.cfg.OnDiscard(told, j.Kind, json.RawMessage(j.EncodedArgs), err)
	}
	return river.JobCancel(err)
}

func lastError(j *rivertype.JobRow) string {
	if len(j.Errors) == 0 {
		return "no error was recorded"
	}
	return j.Errors[len(j.Errors)-1].Error
}

// backoff waits about 1, 2, 4 … seconds, at most 5 minutes, a quarter more or less by chance.
type backoff struct{}

// NextRetry gives the instant of the next try.
func (backoff) NextRetry(j *rivertype.JobRow) time.Time {
	wait := 5 * time.Minute
	if failed := len(j.Errors); failed < 9 {
		wait = min(wait, time.Second<<failed)
	}
	return time.Now().Add(time.Duration(float64(wait) * (0.75 + rand.Float64()/2))) //nolint:gosec // spreads load, guards nothing
}

// quiet passes River's warnings and errors on; normal work is silent.
type quiet struct{ slog.Handler }

// Enabled keeps what an operator can act on.
func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}

func onceKey(kind string, args []byte) string {
	sum := sha256.Sum256(append([]byte(kind+"\n"), args...))
	return hex.EncodeToString(sum[:16])
}
