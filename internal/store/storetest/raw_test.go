package storetest_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// behind is a store with a way to its database that no rule guards.
type behind struct {
	*sqlstore.Store
	exec   func(statement string)
	reopen func() *sqlstore.Store // closes, and opens it again
}

// eachBehind runs a test on both databases.
func eachBehind(t *testing.T, test func(t *testing.T, b behind)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "pactloop.db")
		s := storetest.SQLiteAt(t, path, time.Now)
		db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		test(t, behind{s, func(statement string) {
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}, func() *sqlstore.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return storetest.SQLiteAt(t, path, time.Now)
		}})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := storetest.PostgresURL(t)
		s := storetest.PostgresAt(t, url, time.Now)
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close(t.Context()) })
		test(t, behind{s, func(statement string) {
			if _, err := conn.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}, func() *sqlstore.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return storetest.PostgresAt(t, url, time.Now)
		}})
	})
}
