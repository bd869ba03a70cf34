package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/riverqueue/river/riverdriver/riversqlite"

	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
)

type driverValue = driver.Value

// database is the two handles as sqlstore wants them.
type database struct {
	write, read                *sql.DB
	statements, readStatements *statements
	jobs                       *job.Queue[*sql.Tx]
	unlock                     func() error
}

func (*database) Dialect() sqlstore.Dialect { return sqlstore.SQLite }

func (d *database) Query(ctx context.Context, statement string, args ...any) (sqlstore.Rows, error) {
	prepared, err := d.readStatements.get(ctx, statement)
	if err != nil {
		return nil, err
	}
	r, err := prepared.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	return rows{r}, nil
}

func (d *database) Begin(ctx context.Context) (sqlstore.Tx, error) {
	if err := d.statements.prepareWanted(ctx); err != nil {
		return nil, err
	}
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &transaction{tx: tx, db: d, prepared: map[string]*sql.Stmt{}}, nil
}

func (*database) Retryable(err error) bool { return busy(err) }
func (*database) Taken(err error) bool     { return taken(err) }

func (d *database) Runner(cfg job.Config) (*job.Runner, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return job.NewRunner(riversqlite.New(d.write), fmt.Sprintf("%.60s-%d", host, os.Getpid()), cfg)
}

// Tell has nobody to tell: the file belongs to one process.
func (*database) Tell(context.Context, string) error { return nil }

// Hear waits for the end.
func (*database) Hear(ctx context.Context, _ func(string)) error {
	<-ctx.Done()
	return nil
}

func (d *database) Ping(ctx context.Context) error {
	if _, err := d.read.ExecContext(ctx, "SELECT 1"); err != nil {
		return fmt.Errorf("asking the database: %w", err)
	}
	return nil
}

// Close checkpoints and closes; the lock goes last.
func (d *database) Close() error {
	var errs []error
	if d.read != nil {
		errs = append(errs, d.read.Close())
	}
	errs = append(errs, d.write.Close())
	if d.unlock != nil {
		errs = append(errs, d.unlock())
	}
	return errors.Join(errs...)
}

type transaction struct {
	tx       *sql.Tx
	db       *database
	prepared map[string]*sql.Stmt // of this transaction
}

// statement gives a prepared statement, or nil where it is not prepared yet: the one connection is ours now, and
// preparing on the pool would wait for it for ever.
func (t *transaction) statement(ctx context.Context, statement string) *sql.Stmt {
	if mine, ok := t.prepared[statement]; ok {
		return mine
	}
	shared := t.db.statements.want(statement)
	if shared == nil {
		return nil
	}
	mine := t.tx.StmtContext(ctx, shared)
	t.prepared[statement] = mine
	return mine
}

func (t *transaction) Query(ctx context.Context, statement string, args ...any) (sqlstore.Rows, error) {
	var r *sql.Rows
	var err error
	if prepared := t.statement(ctx, statement); prepared != nil {
		r, err = prepared.QueryContext(ctx, args...)
	} else {
		r, err = t.tx.QueryContext(ctx, statement, args...)
	}
	if err != nil {
		return nil, err
	}
	return rows{r}, nil
}

// Exec writes. One write is short: it is not interrupted when ctx ends, the transaction is.
func (t *transaction) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	ctx = context.WithoutCancel(ctx) // the driver starts a goroutine for each statement that could be interrupted
	var r sql.Result
	var err error
	if prepared := t.statement(ctx, statement); prepared != nil {
		r, err = prepared.ExecContext(ctx, args...)
	} else {
		r, err = t.tx.ExecContext(ctx, statement, args...)
	}
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Guarded is Exec: on SQLite a broken key undoes the statement only.
func (t *transaction) Guarded(ctx context.Context, statement string, args ...any) (int64, error) {
	return t.Exec(ctx, statement, args...)
}

func (t *transaction) Enqueue(ctx context.Context, jobs []job.Prepared) error {
	return t.db.jobs.InsertTx(ctx, t.tx, jobs)
}

func (t *transaction) Commit(context.Context) error { return t.tx.Commit() }

func (t *transaction) Rollback(context.Context) error { return t.tx.Rollback() }

type rows struct{ *sql.Rows }

// Close ends reading; an error shows in Err.
func (r rows) Close() { _ = r.Rows.Close() }

// statements keeps prepared statements: SQLite plans a statement each time it is prepared.
type statements struct {
	db *sql.DB
	mu sync.RWMutex
	by map[string]*sql.Stmt // nil is wanted
	// wanting tells that some are wanted and not prepared.
	wanting bool
}

// maxStatements bounds what is kept; statements with long lists of values come in many lengths.
const maxStatements = 500

func newStatements(db *sql.DB) *statements { return &statements{db: db, by: map[string]*sql.Stmt{}} }

type preparer interface {
	QueryContext(ctx context.Context, args ...any) (*sql.Rows, error)
}

func (s *statements) get(ctx context.Context, statement string) (preparer, error) {
	s.mu.RLock()
	prepared, ok := s.by[statement]
	full := len(s.by) >= maxStatements
	s.mu.RUnlock()
	if ok {
		return prepared, nil
	}
	if full {
		return unprepared{s.db, statement}, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if prepared, ok := s.by[statement]; ok {
		return prepared, nil
	}
	prepared, err := s.db.PrepareContext(ctx, statement)
	if err != nil {
		return nil, err
	}
	s.by[statement] = prepared
	return prepared, nil
}

// want gives a prepared statement, or notes that it is wanted and gives nil.
func (s *statements) want(statement string) *sql.Stmt {
	s.mu.RLock()
	prepared, noted := s.by[statement]
	s.mu.RUnlock()
	if noted {
		return prepared
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.by) < maxStatements {
		s.by[statement] = nil
		s.wanting = true
	}
	return nil
}

// prepareWanted prepares what transactions wanted; it is called outside one.
func (s *statements) prepareWanted(ctx context.Context) error {
	s.mu.RLock()
	wanting := s.wanting
	var wanted []string
	if wanting {
		for statement, prepared := range s.by {
			if prepared == nil {
				wanted = append(wanted, statement)
			}
		}
	}
	s.mu.RUnlock()
	if !wanting {
		return nil
	}
	for _, statement := range wanted {
		// The lock is not held: this waits for a transaction that may want a statement itself.
		prepared, err := s.db.PrepareContext(ctx, statement)
		if err != nil {
			return fmt.Errorf("preparing a statement: %w", err)
		}
		s.mu.Lock()
		if s.by[statement] == nil {
			s.by[statement] = prepared
			prepared = nil
		}
		s.mu.Unlock()
		if prepared != nil {
			_ = prepared.Close() // another was faster
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanting = false
	for _, prepared := range s.by {
		s.wanting = s.wanting || prepared == nil
	}
	return nil
}

type unprepared struct {
	db        *sql.DB
	statement string
}

// QueryContext prepares and forgets.
func (u unprepared) QueryContext(ctx context.Context, args ...any) (*sql.Rows, error) {
	return u.db.QueryContext(ctx, u.statement, args...)
}
