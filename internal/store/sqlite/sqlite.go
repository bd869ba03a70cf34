// Package sqlite keeps everything in one SQLite file, embedded in the process.
//
// It owns the handles (one writer, several readers), the lock that keeps a second process out, the migrations and the
// repair after a crash. It does not own queries: sqlstore does. Invariants: one process per file; a committed transaction
// survives loss of power (synchronous FULL); readers never wait for the writer, and never write.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/shopspring/decimal"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Config of the database.
type Config struct {
	Path     string // of the file; its folder is made where missing
	AuditKey []byte
	Now      func() time.Time
	Log      *slog.Logger
	// Existing refuses to make anything: the file and its tables must be there.
	Existing bool
	// Fast gives up surviving a loss of power; for tests.
	Fast bool
}

// Open opens the file, brings its schema up to date and repairs what a crash left. A file another process has open is
// refused.
func Open(ctx context.Context, cfg Config) (*sqlstore.Store, error) {
	register()
	if info, err := os.Stat(cfg.Path); cfg.Existing && (err != nil || info.Size() == 0) {
		return nil, fault.New(fault.Invalid, "There is no database %s. Name the data folder of the installation with --data, or its PostgreSQL with --database-url. Nothing was checked, and nothing was made.", cfg.Path)
	}
	if err := os.MkdirAll(filepath.Dir(cfg.Path), 0o700); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	unlock, err := lock(cfg.Path + ".lock")
	if err != nil {
		return nil, err
	}
	db, err := open(ctx, cfg)
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	db.unlock = unlock
	s, err := sqlstore.New(ctx, sqlstore.Config{Database: db, AuditKey: cfg.AuditKey, Now: cfg.Now, Log: cfg.Log})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func open(ctx context.Context, cfg Config) (*database, error) {
	writer, err := handle(ctx, cfg, true)
	if err != nil {
		return nil, err
	}
	db := &database{write: writer, statements: newStatements(writer)}
	if cfg.Existing {
		var tables int
		if err := writer.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'audit_entries'").Scan(&tables); err != nil || tables == 0 {
			return nil, errors.Join(fault.Wrap(fault.Invalid, err, "%s is no database of Pactloop. Nothing was checked, and nothing was made.", cfg.Path), db.Close())
		}
	}
	if err := db.prepare(ctx, cfg.Log); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if db.read, err = handle(ctx, cfg, false); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	db.readStatements = newStatements(db.read)
	return db, nil
}

// handle opens a pool. The writer is one connection whose transactions take the lock at once: with deferred ones, two
// that read and then write would refuse each other for ever.
func handle(ctx context.Context, cfg Config, writer bool) (*sql.DB, error) {
	synchronous := "FULL"
	if cfg.Fast {
		synchronous = "OFF"
	}
	q := url.Values{"_time_format": {"sqlite"}, "_timezone": {"UTC"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(" + synchronous + ")", "foreign_keys(1)",
	}}
	connections := max(4, runtime.NumCPU())
	if writer {
		q.Set("_txlock", "immediate")
		connections = 1
	} else {
		q.Add("_pragma", "query_only(1)")
	}
	path := (&url.URL{Path: cfg.Path}).EscapedPath()
	db, err := sql.Open("sqlite", "file:"+path+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", cfg.Path, err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", cfg.Path, err), db.Close())
	}
	return db, nil
}

// prepare migrates and repairs.
func (d *database) prepare(ctx context.Context, log *slog.Logger) error {
	river := riversqlite.New(d.write)
	migrator, err := rivermigrate.New(river, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("preparing the job tables: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrating the job tables: %w", err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, d.write, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	if err := d.recover(ctx, log); err != nil {
		return err
	}
	d.jobs, err = job.NewQueue(river)
	return err
}

// recover frees what a process that died was working on. We are the only process, so nobody works on it now. Waiting for
// River to notice would take as long as the longest job may.
func (d *database) recover(ctx context.Context, log *slog.Logger) error {
	res, err := d.write.ExecContext(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running'")
	if err != nil {
		return fmt.Errorf("freeing interrupted jobs: %w", err)
	}
	if _, err := d.write.ExecContext(ctx, "DELETE FROM river_leader"); err != nil {
		return fmt.Errorf("freeing the leader's place: %w", err)
	}
	if n, err := res.RowsAffected(); err == nil && n > 0 {
		log.WarnContext(ctx, "jobs were interrupted when the process last ended; they run again", "jobs", n)
	}
	return nil
}

// register adds our collation and function to the driver, which keeps them for the whole process.
var register = sync.OnceFunc(func() {
	// Compares decimals by value; without it, text compares '9' > '10'.
	driver.MustRegisterCollationUtf8("decimal", func(a, b string) int {
		x, errX := decimal.NewFromString(a)
		y, errY := decimal.NewFromString(b)
		if errX != nil || errY != nil {
			return strings.Compare(a, b)
		}
		return x.Cmp(y)
	})
	// SQLite's own lower knows ASCII only.
	driver.MustRegisterDeterministicScalarFunction("pact_lower", 1, lower)
})

func lower(_ *driver.FunctionContext, args []driverValue) (driverValue, error) {
	switch v := args[0].(type) {
	case string:
		return strings.ToLower(v), nil
	case []byte:
		return strings.ToLower(string(v)), nil
	}
	return args[0], nil
}

func busy(err error) bool {
	var e *driver.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

func taken(err error) bool {
	var e *driver.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}
