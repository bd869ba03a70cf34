// Package storetest is the specification of store, as questions every implementation answers, and opens databases for
// tests of other packages.
//
// It owns the suite and the test databases: SQLite in the test's folder, PostgreSQL as one server per test binary (or one
// for all, named by PACTLOOP_TEST_POSTGRES) with one database per test. It never ships. A missing PostgreSQL fails a test.
package storetest

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/postgres"
	"github.com/pactloop/pactloop/internal/store/sqlite"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
)

// Key is the audit key of test stores.
func Key() []byte { return bytes.Repeat([]byte("k"), 32) }

// System is a context of a part of the product that sees everything.
func System(t testing.TB) context.Context {
	t.Helper()
	return pact.WithActor(t.Context(), pact.System("test"))
}

// As is a context of a person of a role who sees some business units.
func As(t testing.TB, role pact.Role, units ...string) context.Context {
	t.Helper()
	return pact.WithActor(t.Context(), pact.Actor{ID: "usr_" + string(role), Kind: "person", Name: string(role), Role: role, Units: units})
}

// SQLite opens a store of its own for a test, closed at its end.
func SQLite(t testing.TB) *sqlstore.Store {
	t.Helper()
	return SQLiteAt(t, filepath.Join(t.TempDir(), "pactloop.db"), time.Now)
}

// SQLiteAt opens a store on a file with a clock.
func SQLiteAt(t testing.TB, path string, now func() time.Time) *sqlstore.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Config{Path: path, AuditKey: Key(), Now: now, Log: slog.New(slog.DiscardHandler), Fast: true})
	if err != nil {
		t.Fatalf("opening SQLite: %v", err)
	}
	closeAtEnd(t, s)
	return s
}

// Postgres opens a store on a PostgreSQL database of its own for a test, closed at its end.
func Postgres(t testing.TB) *sqlstore.Store {
	t.Helper()
	return PostgresAt(t, PostgresURL(t), time.Now)
}

// PostgresAt opens a store on a database with a clock; two stores on one URL are two nodes.
func PostgresAt(t testing.TB, url string, now func() time.Time) *sqlstore.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), postgres.Config{URL: url, AuditKey: Key(), Now: now, Log: slog.New(slog.DiscardHandler), Connections: 8})
	if err != nil {
		t.Fatalf("opening PostgreSQL: %v", err)
	}
	closeAtEnd(t, s)
	return s
}

func closeAtEnd(t testing.TB, s *sqlstore.Store) {
	t.Helper()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
}

// Each runs a test on both databases.
func Each(t *testing.T, test func(t *testing.T, s *sqlstore.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t))
	})
}

// Must runs a change and fails the test where it fails.
func Must(ctx context.Context, t testing.TB, s store.Store, fn func(ctx context.Context, tx store.Tx) error) {
	t.Helper()
	if err := s.Change(ctx, store.Act{Name: "test"}, fn); err != nil {
		t.Fatalf("change: %v", err)
	}
}
