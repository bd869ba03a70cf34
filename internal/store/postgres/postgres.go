// Package postgres keeps everything in a PostgreSQL database that several nodes may share.
//
// It owns the pool, transactions, migrations, and how nodes hear of one another (LISTEN and NOTIFY). It does not own
// queries: sqlstore does. Invariants: migrations of two nodes that start together run one after the other; times are UTC;
// jobs of a node that died are freed by the others.
package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Config of the database.
type Config struct {
	URL         string // postgres://user:password@host/database
	AuditKey    []byte
	Now         func() time.Time
	Log         *slog.Logger
	Connections int32 // most at a time; 0 is 16
	// Existing refuses to make anything: the tables must be there.
	Existing bool
}

// Open connects, brings the schema up to date, and frees what nodes that died were working on.
func Open(ctx context.Context, cfg Config) (*sqlstore.Store, error) {
	pc, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the database URL can not be read; it looks like postgres://user:password@host/database")
	}
	pc.MaxConns = 16
	if cfg.Connections > 0 {
		pc.MaxConns = cfg.Connections
	}
	pc.ConnConfig.RuntimeParams["timezone"] = "UTC"
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	if cfg.Existing {
		err = there(ctx, pool)
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	db, err := prepare(ctx, pool, cfg.Log)
	if err != nil {
		pool.Close()
		return nil, err
	}
	s, err := sqlstore.New(ctx, sqlstore.Config{Database: db, AuditKey: cfg.AuditKey, Now: cfg.Now, Log: cfg.Log})
	if err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

// there refuses a database that holds nothing of ours.
func there(ctx context.Context, pool *pgxpool.Pool) error {
	var found bool
	if err := pool.QueryRow(ctx, "SELECT to_regclass('audit_entries') IS NOT NULL").Scan(&found); err != nil {
		return fmt.Errorf("connecting to the database: %w", err)
	}
	if !found {
		return fault.New(fault.Invalid, "The PostgreSQL database holds nothing of Pactloop: is it another one? Nothing was checked, and nothing was made.")
	}
	return nil
}

func prepare(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) (*database, error) {
	if err := pool.Ping(ctx); err != nil {
		return nil, fmt.Errorf("connecting to the database: %w", err)
	}
	db := &database{pool: pool, node: pact.NewID[string]("node", time.Now()), log: log}
	if err := db.migrate(ctx); err != nil {
		return nil, err
	}
	var err error
	db.jobs, err = job.NewQueue(riverpgxv5.New(pool))
	return db, err
}

// migrateLock is the advisory lock of migrations; any number that nobody else uses.
const migrateLock = 7_220_517

// migrate holds a lock while it works, so that nodes that start together do not migrate twice.
func (d *database) migrate(ctx context.Context) (err error) {
	conn, err := d.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connecting to the database: %w", err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", migrateLock); err != nil {
		return fmt.Errorf("waiting for migrations of another node: %w", err)
	}
	defer func() {
		_, unlock := conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrateLock)
		err = errors.Join(err, unlock)
	}()
	migrator, err := rivermigrate.New(riverpgxv5.New(d.pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
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
	std := stdlib.OpenDBFromPool(d.pool)
	defer func() { err = errors.Join(err, std.Close()) }()
	provider, err := goose.NewProvider(goose.DialectPostgres, std, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	return nil
}

// code gives the SQLSTATE of an error of the server.
func code(err error) string {
	var e interface{ SQLState() string }
	if errors.As(err, &e) {
		return e.SQLState()
	}
	return ""
}
