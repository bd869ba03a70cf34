// Package apitest builds a whole installation for tests: every desk over a real database, a connector that is not there,
// and the real HTTP interface.
//
// It owns the wiring for tests, a clock that tests move, a fake other system (Fake) and a fake mail server. It does not own
// any rule, and replaces none of ours: only what stands outside is fake. It never ships. Invariant: nothing happens by
// itself; a test calls the desks, or starts the jobs with Work.
package apitest

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/pactloop/pactloop/internal/api"
	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/board"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/intake"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/monitor"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/respond"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/secret"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/blob"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// Clock is moved by the test.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the product's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = at
}

// Start is where the clock of every test stands at first: a Monday morning.
func Start() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// Store is a store whose jobs can be worked.
type Store interface {
	store.Store
	Runner(cfg job.Config) (*job.Runner, error)
}

// House is a whole installation.
type House struct {
	Store    Store
	Blobs    *blob.Folder
	Board    *board.Board
	Gate     *auth.Gate
	Intake   *intake.Desk
	Review   *review.Desk
	Exchange *exchange.Office
	Watch    *monitor.Watch
	Respond  *respond.Desk
	Insight  *insight.View
	Server   *api.Server
	Clock    *Clock
	Fake     *Fake
	Mail     *Mail
	URL      string // of the running HTTP interface
}

// Options change the house; the zero value is the usual one.
type Options struct {
	BaseURL string // default http://pactloop.test
	Us      func(string) bool
	// HookTime is how long the body of a webhook may take; 0 is the usual.
	HookTime time.Duration
	// StallTime is how long an answer waits for a reader that takes nothing; 0 is the usual.
	StallTime time.Duration
	// MaxFile is the largest file that is taken; 0 is MaxFile.
	MaxFile int64
	// Closed is called when the server has closed a connection; nil where nobody waits for it.
	Closed func()
}

// MaxFile and MaxHook are the limits of the house: files are small here, webhooks as large as in production.
const (
	MaxFile = 1 << 20
	MaxHook = 10 << 20
)

// Each runs a test in a house of its own on each database.
func Each(t *testing.T, test func(t *testing.T, h *House)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, Build(t, Options{}))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		clock := &Clock{now: Start()}
		test(t, build(t, storetest.PostgresAt(t, storetest.PostgresURL(t), clock.Now), clock, Options{}))
	})
}

// Build makes a house on SQLite.
func Build(t testing.TB, o Options) *House {
	t.Helper()
	clock := &Clock{now: Start()}
	return build(t, storetest.SQLiteAt(t, filepath.Join(t.TempDir(), "pactloop.db"), clock.Now), clock, o)
}

func build(t testing.TB, s Store, clock *Clock, o Options) *House {
	t.Helper()
	if o.BaseURL == "" {
		o.BaseURL = "http://pactloop.test"
	}
	if o.MaxFile == 0 {
		o.MaxFile = MaxFile
	}
	log := slog.New(slog.DiscardHandler)
	h := &House{Store: s, Clock: clock, Fake: NewFake(), Mail: &Mail{}}
	var err error
	if h.Blobs, err = blob.New(filepath.Join(t.TempDir(), "documents")); err != nil {
		t.Fatal(err)
	}
	box, err := secret.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	client := func(pact.Connection) (*http.Client, error) { return &http.Client{}, nil }
	unseal := func(place, sealed string) (string, error) { return box.Unseal(sealed, place) }
	h.Board = board.New(board.Config{Catalog: []connector.Connector{h.Fake.Connector()}, Unseal: unseal, Client: client, Now: clock.Now, Log: log, BaseURL: o.BaseURL})
	h.Intake = intake.New(intake.Config{Store: s, Blobs: h.Blobs, Connections: h.Board, MaxFile: o.MaxFile, Now: clock.Now, Log: log})
	h.Insight = insight.New(insight.Config{Store: s, Now: clock.Now})
	reader := read.New(read.Config{Store: s, Blobs: h.Blobs, Extractors: []extract.Extractor{grammar.New()}, Now: clock.Now, Log: log})
	h.Review = review.New(review.Config{Store: s, Us: o.Us, Foresee: h.Insight.Foresee, Reword: reader.Reword, Now: clock.Now, Log: log})
	h.Exchange = exchange.New(exchange.Config{Store: s, Connections: h.Board, Snooze: job.Snooze, Now: clock.Now, Log: log})
	h.Watch = monitor.New(monitor.Config{Store: s, Now: clock.Now, Log: log})
	h.Respond = respond.New(respond.Config{Store: s, Sender: h.Mail, Mapping: h.Exchange.Mapping, BaseURL: o.BaseURL, Now: clock.Now, Log: log})
	// Cheap on purpose: what is tested is that a hash is asked, not how long it takes.
	h.Gate, err = auth.New(auth.Config{Store: s, Log: log, Secure: strings.HasPrefix(o.BaseURL, "https://"), Params: argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}})
	if err != nil {
		t.Fatal(err)
	}
	h.Server = api.New(api.Config{
		Store: s, Blobs: h.Blobs, Gate: h.Gate, Intake: h.Intake, Review: h.Review, Exchange: h.Exchange, Respond: h.Respond,
		Insight: h.Insight, Board: h.Board,
		Seal:   func(place, plain string) (string, error) { return box.Seal(plain, place) },
		Unseal: unseal, Client: client, UI: ui, Metrics: http.NotFoundHandler(), Ready: s.Ping, Now: clock.Now, Log: log, Version: "test", BaseURL: o.BaseURL,
		MaxFile: o.MaxFile, MaxHook: MaxHook, HookTime: o.HookTime, StallTime: o.StallTime,
		Clauses: []extract.ClauseCategory{
			{Name: "governing_law", Label: "Governing law", Question: "Which law governs it?"},
			{Name: "non_compete", Label: "Non-compete", Question: "Is one side kept from competing?"},
		},
		Engines: func(context.Context) (api.EngineState, error) {
			return api.EngineState{BuiltIn: []string{"test/1"}}, nil
		},
	})
	server := httptest.NewUnstartedServer(h.Server.Handler())
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed && o.Closed != nil {
			o.Closed()
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	h.URL = server.URL
	return h
}

func ui(func(*http.Request) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!doctype html><title>page</title>")
	})
}

// Work runs jobs until the end of the test.
func (h *House) Work(t testing.TB) {
	t.Helper()
	storetest.StartJobs(t, h.Store, job.Config{PollEvery: 50 * time.Millisecond, Queues: map[string]int{"": 4, "read": 1, "exchange": 4, "monitor": 2, "notify": 2}, Handlers: []job.Handler{
		job.Handle(time.Minute, h.Intake.ProcessDelivery), job.Handle(time.Minute, h.Intake.FetchRecord), job.Handle(time.Minute, h.Intake.FetchFile),
		job.Handle(time.Minute, h.Exchange.PlanWrites), job.Handle(time.Minute, h.Exchange.ApplyMapping), job.Handle(time.Minute, h.Exchange.FlagReview), job.Handle(time.Minute, h.Exchange.Write), job.Handle(time.Minute, h.Exchange.Poll),
		job.Handle(time.Minute, h.Intake.TakeEnclosures),
		job.Handle(time.Minute, h.Exchange.MatchEvents), job.Handle(time.Minute, h.Exchange.CheckConnection),
		job.Handle(time.Minute, h.Watch.Monitor), job.Handle(time.Minute, h.Watch.Assess),
		job.Handle(time.Minute, h.Respond.Respond), job.Handle(time.Minute, h.Respond.Send), job.Handle(time.Minute, h.Respond.CheckIn), job.Handle(time.Minute, h.Review.OpenReview), job.Handle(time.Minute, h.Review.TieReferences), job.Handle(time.Minute, h.Review.ApplyPhases),
		job.Handle(time.Minute, func(context.Context, job.ReadDocument) error { return nil }), // reading is tested elsewhere
	}})
}

// Settle waits until no job is ready or running.
func (h *House) Settle(t testing.TB) {
	t.Helper()
	ctx := storetest.System(t)
	storetest.Eventually(t, "all jobs are done", func() bool {
		b, err := h.Store.Backlog(ctx)
		return err == nil && b.JobsAvailable == 0
	})
}

// Fire moves the clock to an instant and does, one after the other in the order of their due instants, what the timers of
// occurrences that are due until then ask for, including those set meanwhile.
func (h *House) Fire(t testing.TB, until time.Time) {
	t.Helper()
	ctx := storetest.System(t)
	for {
		due, ok, err := h.Store.Schedule().Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !ok || due.After(until) {
			h.Clock.Set(until)
			return
		}
		if due.After(h.Clock.Now()) {
			h.Clock.Set(due)
		}
		var timers []pact.Timer
		if _, err := h.Store.Schedule().Claim(ctx, due, 100, func(x pact.Timer) []job.Queued { timers = append(timers, x); return nil }); err != nil {
			t.Fatal(err)
		}
		for _, x := range timers {
			if x.Kind == respond.ClaimTimer {
				if err := h.Respond.ExpireClaim(ctx, job.ExpireClaim{FindingID: pact.FindingID(x.Ref)}); err != nil {
					t.Fatal(err)
				}
			}
			if x.Kind == respond.EscalationTimer {
				if err := h.Respond.Escalate(ctx, job.Escalate{FindingID: pact.FindingID(x.Ref)}); err != nil {
					t.Fatal(err)
				}
			}
			if x.Kind == respond.CheckInTimer {
				if err := h.Respond.CheckIn(ctx, job.CheckIn{ObligationID: pact.ObligationID(x.Ref)}); err != nil {
					t.Fatal(err)
				}
			}
			if x.Kind != monitor.TimerKind {
				continue
			}
			args, ok := monitor.TimerJob(x).Args.(job.Assess)
			if !ok {
				t.Fatalf("a timer gives %T", monitor.TimerJob(x).Args)
			}
			if err := h.Watch.Assess(ctx, args); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Do runs a change as the system.
func (h *House) Do(t testing.TB, fn func(ctx context.Context, tx store.Tx) error) {
	t.Helper()
	storetest.Must(storetest.System(t), t, h.Store, fn)
}

// All gives every row that matches.
func All[T any](t testing.TB, table store.Reading[T], conds ...store.Cond) []T {
	t.Helper()
	rows, err := table.All(storetest.System(t), store.Query{Where: conds})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// One gives the only row that matches.
func One[T any](t testing.TB, table store.Reading[T], conds ...store.Cond) T {
	t.Helper()
	rows := All(t, table, conds...)
	if len(rows) != 1 {
		t.Fatalf("%d rows match %v, want 1", len(rows), conds)
	}
	return rows[0]
}

// Key makes an API key of a role and gives it.
func (h *House) Key(t testing.TB, role pact.Role, units ...string) string {
	t.Helper()
	if len(units) == 0 {
		units = []string{"*"}
	}
	key, _, err := h.Gate.AddKey(storetest.System(t), "test "+string(role), role, units)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Connection makes a connection to the fake system.
func (h *House) Connection(t testing.TB, unit, name string) pact.Connection {
	t.Helper()
	var c pact.Connection
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		c = pact.Connection{
			ID: pact.NewID[pact.ConnectionID]("cnn", tx.Now), BusinessUnit: unit, Connector: "fake", Name: name, Enabled: true,
			Settings: map[string]string{"endpoint": "https://fake.example"}, Secrets: map[string]string{}, AllowHosts: []string{},
			Streams: map[string]pact.StreamState{}, Health: pact.Health{State: "unknown"}, SettingsRevision: 1,
		}
		return tx.Connections.Insert(ctx, &c)
	})
	return c
}
