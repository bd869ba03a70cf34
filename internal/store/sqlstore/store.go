// Package sqlstore is every query of the store once, in SQL both databases understand.
//
// It owns the tables of every noun (built from the structs of pact), queries and pages, changes with their trail and jobs,
// scope by business unit, timers, live updates and the audit log. It does not own connections, transactions or migrations:
// sqlite and postgres bring those as a Database. Statements are written by hand over cached column lists and sent with
// server-side arguments; no text of a user ever becomes part of a statement. Invariants: those of package store.
package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Config of a store.
type Config struct {
	Database Database
	AuditKey []byte           // at least 32 bytes; kept outside the database
	Now      func() time.Time // the product's clock
	Log      *slog.Logger
}

// Store keeps everything in one SQL database.
type Store struct {
	db      Database
	dialect Dialect
	key     audit.Key
	clock   func() time.Time
	log     *slog.Logger
	nouns   map[string]*noun
	tracked map[string]bool // nouns that leave a trail row by row
	reads   store.Reads
	live    *live
	woken   chan struct{}
	groups  groups

	stop func()         // ends the work behind the scenes
	work sync.WaitGroup // and this waits for it

	closing sync.Once
	closed  error
}

// Store is a store.
var _ store.Store = (*Store)(nil)

// New makes a store over a database whose schema is up to date, and refuses one that lacks a column. Close closes the
// database too.
func New(ctx context.Context, cfg Config) (*Store, error) {
	if len(cfg.AuditKey) < 32 {
		return nil, errors.New("the audit key needs at least 32 bytes")
	}
	if cfg.Now == nil || cfg.Log == nil {
		return nil, errors.New("a store needs a clock and a log")
	}
	all, err := nouns()
	if err != nil {
		return nil, err
	}
	s := &Store{
		db: cfg.Database, dialect: cfg.Database.Dialect(), key: cfg.AuditKey, clock: cfg.Now, log: cfg.Log,
		nouns: all, tracked: map[string]bool{}, woken: make(chan struct{}, 1),
	}
	for noun, rules := range audit.Rules() {
		for _, rule := range rules {
			if rule != audit.Ignore && !audit.Batched(noun) {
				s.tracked[noun] = true
			}
		}
	}
	s.reads = s.readsOf()
	if err := s.complete(ctx); err != nil {
		return nil, err
	}
	if err := (auditLog{s}).begin(ctx); err != nil {
		return nil, fmt.Errorf("beginning the trail: %w", err)
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.live = newLive()
	s.work.Go(func() { s.tell(background) })
	s.work.Go(func() { s.hear(background) })
	return s, nil
}

// complete asks every table for every column.
func (s *Store) complete(ctx context.Context) error {
	for name, n := range s.nouns {
		if _, err := exists(ctx, s.db, "SELECT "+selectList(n.columns)+" FROM "+name+" LIMIT 0"); err != nil {
			return fmt.Errorf("the table %s does not have the columns this build needs; a migration is missing: %w", name, err)
		}
	}
	return nil
}

// KnowsKey tells whether a key that is kept outside the database is the one it was first used with, by a fingerprint that
// tells nothing of the key. The first of a name is kept; replace puts this one in its place.
func (s *Store) KnowsKey(ctx context.Context, name, fingerprint string, replace bool) (bool, error) {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return false, fmt.Errorf("checking the key %s: %w", name, err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing after a commit
	conflict := "DO NOTHING"
	if replace {
		conflict = "(name) DO UPDATE SET fingerprint = excluded.fingerprint"
	}
	if _, err := tx.Exec(ctx, "INSERT INTO key_checks (name, fingerprint) VALUES (?, ?) ON CONFLICT "+conflict, name, fingerprint); err != nil {
		return false, fmt.Errorf("checking the key %s: %w", name, err)
	}
	known, err := exists(ctx, tx, "SELECT 1 FROM key_checks WHERE name = ? AND fingerprint = ?", name, fingerprint)
	if err != nil {
		return false, fmt.Errorf("checking the key %s: %w", name, err)
	}
	return known, tx.Commit(ctx)
}

// now is the product's clock, as exact as a database keeps it.
func (s *Store) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Reads gives the tables for reading.
func (s *Store) Reads() store.Reads { return s.reads }

// Runner makes the runner of jobs on this database. Stop it before Close.
func (s *Store) Runner(cfg job.Config) (*job.Runner, error) { return s.db.Runner(cfg) }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.db.Ping(ctx) }

// Close ends listening and closes the database; closing again does nothing.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.stop()
		s.work.Wait()
		s.live.close()
		s.closed = s.db.Close()
	})
	return s.closed
}

func of[T any](s *Store, c *change, noun string) table[T] {
	return table[T]{store: s, noun: s.nouns[noun], change: c}
}

func (s *Store) readsOf() store.Reads {
	return store.Reads{
		Contracts:     of[pact.Contract](s, nil, "contracts"),
		Documents:     of[pact.Document](s, nil, "documents"),
		Versions:      of[pact.Version](s, nil, "versions"),
		Extractions:   of[pact.Extraction](s, nil, "extractions"),
		Candidates:    of[pact.Candidate](s, nil, "candidates"),
		Reviews:       of[pact.Review](s, nil, "reviews"),
		Decisions:     of[pact.Decision](s, nil, "decisions"),
		Obligations:   of[pact.Obligation](s, nil, "obligations"),
		Occurrences:   of[pact.Occurrence](s, nil, "occurrences"),
		Events:        of[pact.Event](s, nil, "events"),
		Findings:      of[pact.Finding](s, nil, "findings"),
		Approvals:     of[pact.Approval](s, nil, "approvals"),
		Notifications: of[pact.Notification](s, nil, "notifications"),
		Connections:   of[pact.Connection](s, nil, "connections"),
		Deliveries:    of[pact.Delivery](s, nil, "deliveries"),
		Imports:       of[pact.EventImport](s, nil, "event_imports"),
		Actions:       of[pact.Action](s, nil, "actions"),
		Links:         of[pact.Link](s, nil, "links"),
		Policies:      of[pact.Policy](s, nil, "policies"),
		Mappings:      of[pact.Mapping](s, nil, "mappings"),
		Users:         of[pact.User](s, nil, "users"),
		Keys:          of[pact.APIKey](s, nil, "api_keys"),
		Sessions:      of[pact.Session](s, nil, "sessions"),
		Spendings:     of[pact.Spending](s, nil, "spendings"),
		Claims:        of[pact.Claim](s, nil, "claims"),
		CheckIns:      of[pact.CheckIn](s, nil, "check_ins"),
		Register:      of[pact.RegisterEntry](s, nil, "obligation_register"),
		Renewals:      of[pact.Renewal](s, nil, "renewals"),
		Timers:        of[pact.Timer](s, nil, "timers"),
	}
}

func (s *Store) txOf(c *change) store.Tx {
	return store.NewTx(store.Tx{
		Contracts:     of[pact.Contract](s, c, "contracts"),
		Documents:     of[pact.Document](s, c, "documents"),
		Versions:      of[pact.Version](s, c, "versions"),
		Extractions:   of[pact.Extraction](s, c, "extractions"),
		Candidates:    of[pact.Candidate](s, c, "candidates"),
		Reviews:       of[pact.Review](s, c, "reviews"),
		Decisions:     of[pact.Decision](s, c, "decisions"),
		Obligations:   of[pact.Obligation](s, c, "obligations"),
		Occurrences:   of[pact.Occurrence](s, c, "occurrences"),
		Events:        of[pact.Event](s, c, "events"),
		Findings:      of[pact.Finding](s, c, "findings"),
		Approvals:     of[pact.Approval](s, c, "approvals"),
		Notifications: of[pact.Notification](s, c, "notifications"),
		Connections:   of[pact.Connection](s, c, "connections"),
		Deliveries:    of[pact.Delivery](s, c, "deliveries"),
		Imports:       of[pact.EventImport](s, c, "event_imports"),
		Actions:       of[pact.Action](s, c, "actions"),
		Links:         of[pact.Link](s, c, "links"),
		Policies:      of[pact.Policy](s, c, "policies"),
		Mappings:      of[pact.Mapping](s, c, "mappings"),
		Users:         of[pact.User](s, c, "users"),
		Keys:          of[pact.APIKey](s, c, "api_keys"),
		Sessions:      of[pact.Session](s, c, "sessions"),
		Spendings:     of[pact.Spending](s, c, "spendings"),
		Claims:        of[pact.Claim](s, c, "claims"),
		CheckIns:      of[pact.CheckIn](s, c, "check_ins"),
		Timers:        of[pact.Timer](s, c, "timers"),
		Idempotency:   of[pact.IdempotencyKey](s, c, "idempotency_keys"),
		Now:           c.now,
	}, c)
}

// Backlog counts what waits.
func (s *Store) Backlog(ctx context.Context) (store.Backlog, error) {
	var b store.Backlog
	rows, err := s.db.Query(ctx, `SELECT CAST(state AS TEXT), COUNT(*) FROM river_job WHERE state <> 'completed' GROUP BY state
		UNION ALL SELECT 'unsealed', COUNT(*) FROM audit_entries WHERE position IS NULL`)
	if err != nil {
		return b, fmt.Errorf("counting what waits: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return b, fmt.Errorf("counting what waits: %w", err)
		}
		switch state {
		case "available", "running", "pending":
			b.JobsAvailable += int(n)
		case "retryable", "scheduled":
			b.JobsRetrying += int(n)
		case "discarded", "cancelled":
			b.JobsDiscarded += int(n)
		case "unsealed":
			b.Unsealed = int(n)
		}
	}
	return b, rows.Err()
}
