package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
)

// channel carries news between nodes.
const channel = "pactloop_news"

// database is the pool as sqlstore wants it.
type database struct {
	pool *pgxpool.Pool
	jobs *job.Queue[pgx.Tx]
	node string // of this process, to know its own news and jobs
	log  *slog.Logger
}

func (*database) Dialect() sqlstore.Dialect { return sqlstore.Postgres }

func (d *database) Query(ctx context.Context, statement string, args ...any) (sqlstore.Rows, error) {
	return d.pool.Query(ctx, sqlstore.Postgres.Rebind(statement), args...)
}

func (d *database) Begin(ctx context.Context) (sqlstore.Tx, error) {
	tx, err := d.pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &transaction{tx: tx, db: d}, nil
}

// Retryable: two transactions that could not both be, or that waited for each other.
func (*database) Retryable(err error) bool {
	c := code(err)
	return c == "40001" || c == "40P01"
}

func (*database) Taken(err error) bool { return code(err) == "23505" }

func (d *database) Runner(cfg job.Config) (*job.Runner, error) {
	return job.NewRunner(riverpgxv5.New(d.pool), d.node, cfg)
}

// Tell sends news to every node.
func (d *database) Tell(ctx context.Context, message string) error {
	_, err := d.pool.Exec(ctx, "SELECT pg_notify($1, $2)", channel, d.node+" "+message)
	return err
}

// Hear gives the news of other nodes. A broken connection is opened again; what was said meanwhile is lost, and noticed
// with the next look.
func (d *database) Hear(ctx context.Context, message func(string)) error {
	var sweeping sync.WaitGroup
	defer sweeping.Wait()
	sweeping.Go(func() { d.sweep(ctx) })
	for {
		err := d.listen(ctx, message)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the end was asked for
		}
		timer := time.NewTimer(time.Second)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
		_ = err // the next connection tells; a database that stays away shows in every other call
	}
}

func (d *database) listen(ctx context.Context, message func(string)) error {
	conn, err := d.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	// The connection listens: it does not go back to the pool.
	raw := conn.Hijack()
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = raw.Close(closing)
	}()
	if err := d.present(ctx, raw); err != nil {
		return err
	}
	if _, err := raw.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	for {
		n, err := raw.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if from, text, ok := strings.Cut(n.Payload, " "); ok && from != d.node {
			message(text)
		}
	}
}

func (d *database) Ping(ctx context.Context) error {
	if err := d.pool.Ping(ctx); err != nil {
		return fmt.Errorf("asking the database: %w", err)
	}
	return nil
}

func (d *database) Close() error {
	d.pool.Close()
	return nil
}

type transaction struct {
	tx pgx.Tx
	db *database
}

func (t *transaction) Query(ctx context.Context, statement string, args ...any) (sqlstore.Rows, error) {
	return t.tx.Query(ctx, sqlstore.Postgres.Rebind(statement), args...)
}

func (t *transaction) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	tag, err := t.tx.Exec(ctx, sqlstore.Postgres.Rebind(statement), args...)
	return tag.RowsAffected(), err
}

// Guarded runs the statement between savepoints, in one round trip.
func (t *transaction) Guarded(ctx context.Context, statement string, args ...any) (int64, error) {
	var b pgx.Batch
	b.Queue("SAVEPOINT guarded")
	b.Queue(sqlstore.Postgres.Rebind(statement), args...)
	b.Queue("RELEASE SAVEPOINT guarded")
	results := t.tx.SendBatch(ctx, &b)
	_, err := results.Exec()
	if err != nil {
		return 0, errors.Join(err, results.Close())
	}
	tag, err := results.Exec()
	if err == nil {
		return tag.RowsAffected(), results.Close()
	}
	_ = results.Close() // the same error again
	if _, back := t.tx.Exec(ctx, "ROLLBACK TO SAVEPOINT guarded"); back != nil {
		return 0, errors.Join(err, back)
	}
	return 0, err
}

func (t *transaction) Enqueue(ctx context.Context, jobs []job.Prepared) error {
	return t.db.jobs.InsertTx(ctx, t.tx, jobs)
}

func (t *transaction) Commit(ctx context.Context) error { return t.tx.Commit(ctx) }

func (t *transaction) Rollback(ctx context.Context) error { return t.tx.Rollback(ctx) }
