// Package app builds, starts and stops everything in order; it is the only package that knows all.
//
// It owns the wiring: which adapters stand behind which ports, which job runs which function, the scheduler of timers, the
// sealer of the audit trail, health, and a graceful stop. It does not own any rule. Invariant: what it starts, it stops, in
// the opposite order, and a second start on the same data goes on where the first ended, however that ended.
package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/pactloop/pactloop/internal/api"
	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/connector/board"
	"github.com/pactloop/pactloop/internal/connector/catalog"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/document/sandbox"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/llm"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/intake"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/monitor"
	"github.com/pactloop/pactloop/internal/notify"
	"github.com/pactloop/pactloop/internal/notify/email"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/respond"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/secret"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/blob"
	"github.com/pactloop/pactloop/internal/store/postgres"
	"github.com/pactloop/pactloop/internal/store/sqlite"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/web"
)

// Version of the build; the linker sets it.
var Version = "dev"

// App is a running installation.
type App struct {
	cfg      config.Config
	log      *slog.Logger
	clock    Clock
	store    *sqlstore.Store
	parser   *sandbox.Pool
	seer     Recogniser // nil where recognition is switched off
	board    *board.Board
	gate     *auth.Gate
	runner   *job.Runner
	server   *http.Server
	api      *api.Server
	metrics  *metrics
	watch    *monitor.Watch
	office   *exchange.Office
	desk     *intake.Desk
	engines  *Engines
	weighed  weighed
	ledger   llm.StoreLedger
	reader   *read.Reader
	review   *review.Desk
	respond  *respond.Desk
	blobs    *blob.Folder
	secrets  *secret.Box
	stop     context.CancelFunc
	behind   sync.WaitGroup
	Address  string // where it listens, once started
	listener net.Listener
}

// OpenStore opens the database of the settings: PostgreSQL where a URL is set, else SQLite in the data folder.
func OpenStore(ctx context.Context, cfg config.Config, now func() time.Time, log *slog.Logger) (*sqlstore.Store, error) {
	return openStore(ctx, cfg, now, log, false)
}

// OpenExisting opens the database of an installation that is there, and makes nothing where there is none: a folder that was
// mistyped must not look like an installation with nothing in it.
func OpenExisting(ctx context.Context, cfg config.Config, now func() time.Time, log *slog.Logger) (*sqlstore.Store, error) {
	return openStore(ctx, cfg, now, log, true)
}

func openStore(ctx context.Context, cfg config.Config, now func() time.Time, log *slog.Logger, existing bool) (*sqlstore.Store, error) {
	if cfg.DatabaseURL == "" && exists(filepath.Join(cfg.Data, "pactloop.db")) && !exists(filepath.Join(cfg.Data, "audit.key")) {
		return nil, fault.New(fault.Invalid, "The data folder %s has a database but no audit.key. Restore it from a backup: with a new key the whole trail would look forged.", cfg.Data)
	}
	if existing && cfg.DatabaseURL == "" && !exists(filepath.Join(cfg.Data, "pactloop.db")) {
		return nil, fault.New(fault.Invalid, "There is no database in the data folder %s. Name the folder of the installation with --data, or its PostgreSQL with --database-url. Nothing was checked, and nothing was made.", cfg.Data)
	}
	keyOf := auditKey
	if existing {
		keyOf = AuditKey
	}
	key, err := keyOf(cfg.Data)
	if err != nil {
		return nil, err
	}
	var s *sqlstore.Store
	if cfg.DatabaseURL != "" {
		s, err = postgres.Open(ctx, postgres.Config{URL: cfg.DatabaseURL, AuditKey: key, Now: now, Log: log, Existing: existing})
	} else {
		s, err = sqlite.Open(ctx, sqlite.Config{Path: filepath.Join(cfg.Data, "pactloop.db"), AuditKey: key, Now: now, Log: log, Existing: existing})
	}
	if err != nil {
		return nil, err
	}
	known, err := s.KnowsKey(ctx, "audit", fingerprint(key), false)
	if err == nil && !known {
		err = fault.New(fault.Denied, "The audit.key in %s is not the one this database was sealed with; with it the whole trail would look forged. All nodes need the same key: copy audit.key there from a node that works, or from a backup, and start again. Nothing was changed.", cfg.Data)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// fingerprint tells keys apart without telling them.
func fingerprint(key []byte) string {
	sum := sha256.Sum256(append([]byte("pactloop audit key\x00"), key...))
	return hex.EncodeToString(sum[:])
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// AuditKey reads the key that seals the audit trail, for checking what another wrote. It makes none: a new key would make
// every entry look forged.
func AuditKey(data string) ([]byte, error) {
	if !exists(filepath.Join(data, "audit.key")) {
		return nil, fault.New(fault.Invalid, "There is no audit.key in the data folder %s. The trail can be checked only with the key it was sealed with: name the folder of that installation with --data, or copy its audit.key there. Nothing was checked, and nothing was made.", data)
	}
	return auditKey(data)
}

// auditKey reads the key from the data folder, or makes it. It stays outside the database, so that who can write there can
// not forge the trail.
func auditKey(data string) ([]byte, error) { return keyFile(data, "audit.key", "audit key") }

// keyFile reads a key of 32 bytes from the data folder, or makes it.
func keyFile(data, file, name string) ([]byte, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, fmt.Errorf("making the data folder %s: %w", data, err)
	}
	path := filepath.Join(data, file)
	key, err := os.ReadFile(path)
	if err == nil {
		if len(key) < 32 {
			return nil, fmt.Errorf("the %s %s is damaged: restore it from a backup", name, path)
		}
		return key, nil
	}
	if !os.IsNotExist(err) {
		return nil, fmt.Errorf("reading the %s: %w", name, err)
	}
	key = make([]byte, 32)
	_, _ = rand.Read(key)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("making the %s: %w", name, err)
	}
	if _, err := f.Write(key); err != nil {
		return nil, errors.Join(fmt.Errorf("writing the %s: %w", name, err), f.Close())
	}
	if err := f.Sync(); err != nil {
		return nil, errors.Join(fmt.Errorf("writing the %s: %w", name, err), f.Close())
	}
	return key, f.Close()
}

// New builds an installation; nothing runs yet. Close it even if it is never started.
func New(ctx context.Context, cfg config.Config, log *slog.Logger) (_ *App, err error) {
	ctx, stop := context.WithCancel(ctx)
	a := &App{cfg: cfg, log: log, stop: stop, metrics: newMetrics()}
	defer func() {
		if err != nil {
			_ = a.Close()
		}
	}()
	if a.clock, err = openClock(ctx, cfg.ClockURL, log); err != nil {
		return nil, err
	}
	if a.store, err = OpenStore(ctx, cfg, a.clock.Now, log); err != nil {
		return nil, err
	}
	a.metrics.registry.MustRegister(newStanding(a.store, a.clock.Now, log))
	if a.blobs, err = blob.New(filepath.Join(cfg.Data, "documents")); err != nil {
		return nil, err
	}
	if a.secrets, err = secret.Open(cfg.Data); err != nil {
		return nil, err
	}
	known, err := a.store.KnowsKey(ctx, "secret", a.secrets.Fingerprint(), cfg.NewSecretKey)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, fault.New(fault.Denied, "The keys in %s can not open the secrets stored in this database. All nodes need the same: copy secret.key and secret.data.age there from a node that works, or from a backup, and start again. Where they are lost for good, start once with --new-secret-key=true and enter every secret of the connections again.", cfg.Data)
	}
	if a.seer, err = NewRecogniser(cfg); err != nil {
		return nil, err
	}
	if a.parser, err = newParser(cfg, filepath.Join(cfg.Data, "cache"), a.seer, 1); err != nil { // a second reader for a file that ended one is the job's to ask for
		return nil, err
	}
	if err := a.work(); err != nil {
		return nil, err
	}
	a.edge()
	return a, nil
}

// NewParser makes the pool of reader processes for a command that has no installation: this same program, as parse-worker.
func NewParser(cfg config.Config) (*sandbox.Pool, error) {
	engine, err := NewRecogniser(cfg)
	if err != nil {
		return nil, err
	}
	return newParser(cfg, userCache(), engine, 2)
}

// userCache is a folder of this user's cache for the compiled PDF parser; "" where none can be written: each reader process then compiles it.
func userCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	dir = filepath.Join(dir, "pactloop", "parser")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return ""
	}
	return dir
}

func newParser(cfg config.Config, cache string, engine Recogniser, tries int) (*sandbox.Pool, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	return sandbox.New(sandbox.Config{
		Executable: self, Args: []string{"parse-worker"}, CacheDir: cache, Memory: int64(cfg.ReadMemoryMiB) << 20,
		Limit: cfg.ReadTimeout, MaxFile: int64(cfg.MaxFileMiB) << 20, Workers: cfg.ReadWorkers, Tries: tries, Recogniser: engine,
	})
}

// work makes the desks.
func (a *App) work() error {
	now, log, kept := a.clock.Now, a.log, stepped(a.store)
	a.board = board.New(board.Config{
		Catalog: catalog.All(), Unseal: func(place, sealed string) (string, error) { return a.secrets.Unseal(sealed, place) },
		Client: a.client, Now: now, Log: log, BaseURL: a.cfg.BaseURL,
	})
	a.desk = intake.New(intake.Config{Store: kept, Blobs: a.blobs, Connections: a.board, MaxFile: int64(a.cfg.MaxFileMiB) << 20, Now: now, Log: log, Reached: reached, Refused: func(id pact.ConnectionID) { a.metrics.refused.WithLabelValues(string(id)).Inc() }})
	a.ledger = llm.StoreLedger{Store: a.store, Budget: Budget(a.cfg), Currency: a.cfg.LLMCurrency}
	var err error
	if a.engines, err = NewEngines(EnginesConfig{Settings: a.cfg, Weights: a.blobs.Get, Cache: a.blobs, Ledger: a.ledger, Now: now, Log: log, Observe: a.metrics.outbound, Images: a.images}); err != nil {
		return err
	}
	a.reader = read.New(read.Config{
		Store: kept, Blobs: a.blobs, Parser: a.parser, BuiltIn: a.builtIn, External: a.external, Weights: a.weights, Now: now, Log: log, Reached: reached,
	})
	a.review = review.New(review.Config{Store: kept, Us: ours(a.cfg.Company), Foresee: a.insight().Foresee, Reword: a.reader.Reword, Now: now, Log: log})
	a.office = exchange.New(exchange.Config{Store: kept, Connections: a.board, Snooze: job.Snooze, Now: now, Log: log, Reached: reached})
	a.watch = monitor.New(monitor.Config{Store: kept, Now: now, Log: log})
	sender, err := a.sender()
	if err != nil {
		return err
	}
	a.respond = respond.New(respond.Config{Store: kept, Sender: sender, Mapping: a.office.Mapping, DefaultOwner: a.cfg.DefaultOwner, BaseURL: a.cfg.BaseURL, Now: now, Log: log, Reached: reached})
	if a.gate, err = auth.New(auth.Config{Store: a.store, Log: log, Secure: strings.HasPrefix(a.cfg.BaseURL, "https://")}); err != nil {
		return err
	}
	a.runner, err = a.store.Runner(job.Config{
		Handlers: a.handlers(), Log: log, OnDone: a.metrics.job, OnDiscard: a.discarded,
		Queues: map[string]int{"": 4, "read": a.cfg.ReadWorkers, "exchange": 8, "monitor": 2, "notify": 2},
	})
	return err
}

// client is the outbound client of a connection.
func (a *App) client(c pact.Connection) (*http.Client, error) {
	return outbound.NewClient(outbound.Config{Name: string(c.ID), AllowHosts: c.AllowHosts, Answer: a.cfg.AnswerTimeout, Log: a.log, Observe: a.metrics.outbound})
}

func (a *App) sender() (notify.Sender, error) {
	if a.cfg.SMTPAddress == "" {
		return nil, nil //nolint:nilnil // no mail server is a setting
	}
	host, port, err := net.SplitHostPort(a.cfg.SMTPAddress)
	if err != nil {
		return nil, fmt.Errorf("smtp_address %q is not host:port", a.cfg.SMTPAddress)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("smtp_address %q has no port number", a.cfg.SMTPAddress)
	}
	return email.New(email.Config{
		Host: host, Port: n, Security: a.cfg.SMTPTLS, Username: a.cfg.SMTPUser, Password: a.cfg.SMTPPassword, From: a.cfg.SMTPFrom, Domain: mailDomain(a.cfg.SMTPFrom),
		AllowHosts: words(a.cfg.SMTPAllow, ","),
	})
}

func mailDomain(from string) string {
	_, domain, ok := strings.Cut(strings.Trim(from, "<> "), "@")
	if !ok {
		return "pactloop.invalid"
	}
	return strings.Trim(domain, "> ")
}

func words(s, sep string) []string {
	var out []string
	for _, w := range strings.Split(s, sep) {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

func (a *App) insight() *insight.View {
	return insight.New(insight.Config{Store: a.store, Now: a.clock.Now, ReplayEvents: a.cfg.ReplayEvents, ReplayTime: a.cfg.ReplayTime})
}

// edge makes the HTTP server.
func (a *App) edge() {
	a.api = api.New(api.Config{
		Store: a.store, Blobs: a.blobs, Gate: a.gate, Intake: a.desk, Review: a.review, Exchange: a.office, Respond: a.respond,
		Insight: a.insight(), Board: a.board,
		Seal:   func(place, plain string) (string, error) { return a.secrets.Seal(plain, place) },
		Unseal: func(place, sealed string) (string, error) { return a.secrets.Unseal(sealed, place) },
		Client: a.client, UI: web.Handler, Metrics: guarded(a.cfg.MetricsToken, a.metrics.handler()), Ready: a.store.Ping, Now: a.clock.Now, Movable: Movable && a.cfg.ClockURL != "",
		Engines: a.engineState, Clauses: clauseCategories(), Recognition: a.recognition, Log: a.log, Version: Version, BaseURL: a.cfg.BaseURL, MaxFile: int64(a.cfg.MaxFileMiB) << 20, MaxHook: int64(a.cfg.MaxHookMiB) << 20, Reached: reached,
	})
	defer func() { a.server.RegisterOnShutdown(a.api.EndStreams) }()
	a.server = &http.Server{
		Handler: a.metrics.http(a.api.Handler()), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
}

// clauseCategories is what the clause finder of this build looks for.
func clauseCategories() []extract.ClauseCategory {
	var out []extract.ClauseCategory
	for _, c := range clause.Categories() {
		out = append(out, extract.ClauseCategory{Name: c.Name, Label: c.Label, Question: c.Question})
	}
	return out
}

// Start begins to work and to answer. It returns once the address answers.
func (a *App) Start(ctx context.Context) error {
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	previous := a.stop
	a.stop = func() { stop(); previous() }
	if err := a.resume(ctx); err != nil {
		return err
	}
	if a.cfg.Has("worker") {
		if err := a.runner.Start(ctx); err != nil {
			return err
		}
	}
	if a.cfg.Has("scheduler") {
		a.behind.Go(func() { a.schedule(background) })
		a.behind.Go(func() { a.seal(background) })
		a.behind.Go(func() { a.sweep(background) })
	}
	if !a.cfg.Has("api") {
		return nil
	}
	if err := a.Listen(ctx); err != nil {
		return err
	}
	a.behind.Go(func() { a.refusals(background) })
	a.behind.Go(func() {
		if err := a.server.Serve(a.listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("the HTTP server stopped", "error", err)
		}
	})
	return nil
}

// Listen takes the address, so that nothing that is shown once is shown by a start that can not come to an end. Start does it where nobody did;
// twice is harmless. It fails with fault.Invalid, which says what to do, where the address is taken or can not be listened on.
func (a *App) Listen(ctx context.Context) error {
	if a.listener != nil || !a.cfg.Has("api") {
		return nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.cfg.Address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fault.Wrap(fault.Invalid, err, "The address %s is taken by another program; perhaps Pactloop runs there already. Stop that program, or choose another address (--address).", a.cfg.Address)
	}
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "Pactloop can not listen on %s: %v. Choose another address (--address).", a.cfg.Address, err)
	}
	a.listener, a.Address = l, l.Addr().String()
	return nil
}

// resume arms what a restart must not lose: the poll timers of enabled connections, and what an older build did not keep yet.
func (a *App) resume(ctx context.Context) error {
	if err := errors.Join(a.review.FindSides(ctx), a.respond.ArmClaims(ctx)); err != nil {
		return fmt.Errorf("completing what an older build kept: %w", err)
	}
	ctx = pact.WithActor(ctx, pact.System("app"))
	rows, err := a.store.Reads().Connections.All(ctx, store.Where(store.Eq("enabled", true)))
	if err != nil {
		return fmt.Errorf("reading the connections: %w", err)
	}
	for _, c := range rows {
		spec, ok := catalog.Find(c.Connector)
		if !ok {
			a.log.Warn("a connection has no connector in this build; it is left alone", "connection", c.ID, "connector", c.Connector)
			continue
		}
		err := a.store.Change(ctx, store.Act{Name: "stream.arm", Subject: string(c.ID), Unit: c.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
			for _, st := range spec.Streams {
				if err := tx.SetTimer(ctx, "poll", string(c.ID)+"/"+st.Name, tx.Now.Add(min(st.Every, 5*time.Second))); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// EnsureAdmin makes the first administrator; the password is "" where there was one already.
func (a *App) EnsureAdmin(ctx context.Context) (string, error) {
	return a.gate.EnsureAdmin(ctx, a.cfg.AdminEmail, a.cfg.AdminPassword)
}

// Shutdown stops gracefully: no new requests, running ones and jobs finish as long as ctx allows.
func (a *App) Shutdown(ctx context.Context) error {
	var errs []error
	if a.cfg.Has("api") {
		if err := a.server.Shutdown(ctx); err != nil {
			errs = append(errs, a.server.Close())
		}
	}
	if a.cfg.Has("worker") {
		errs = append(errs, a.runner.Stop(ctx))
	}
	return errors.Join(append(errs, a.Close())...)
}

// Close frees everything. Shutdown calls it.
func (a *App) Close() error {
	a.stop()
	if a.listener != nil {
		_ = a.listener.Close() // the server has closed it already where it served
	}
	a.behind.Wait()
	var errs []error
	if a.parser != nil {
		errs = append(errs, a.parser.Close())
	}
	if a.board != nil {
		errs = append(errs, a.board.Close())
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(errs...)
}
