package sqlstore

import (
	"context"
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/job"
)

// Database is what differs between the databases: handles, transactions, how jobs are added and how nodes hear of one
// another. Statements use ? for arguments.
type Database interface {
	Dialect() Dialect
	// Query reads outside a transaction.
	Query(ctx context.Context, statement string, args ...any) (Rows, error)
	// Begin starts a transaction that may write; on SQLite it waits until it is the only one.
	Begin(ctx context.Context) (Tx, error)
	// Retryable tells whether the same transaction may succeed when tried again.
	Retryable(err error) bool
	// Taken tells whether a statement broke a unique key.
	Taken(err error) bool
	Runner(cfg job.Config) (*job.Runner, error)
	// Tell sends a message to the other nodes on this database, if there can be any. Losing one is harmless.
	Tell(ctx context.Context, message string) error
	// Hear gives the messages of other nodes until ctx ends.
	Hear(ctx context.Context, message func(string)) error
	Ping(ctx context.Context) error
	Close() error
}

// Tx is a transaction of a Database.
type Tx interface {
	Query(ctx context.Context, statement string, args ...any) (Rows, error)
	// Exec gives the number of rows it touched.
	Exec(ctx context.Context, statement string, args ...any) (int64, error)
	// Guarded is Exec of a statement that may break a unique key: the transaction stays usable.
	Guarded(ctx context.Context, statement string, args ...any) (int64, error)
	// Enqueue adds jobs.
	Enqueue(ctx context.Context, jobs []job.Prepared) error
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

// Rows is a result; Close is harmless after the end.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

type querier interface {
	Query(ctx context.Context, statement string, args ...any) (Rows, error)
}

// Dialect is how one database spells what both can do.
type Dialect string

// The dialects.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Rebind turns ? into the placeholders of the dialect. No statement of this package holds a ? that is none.
func (d Dialect) Rebind(statement string) string {
	if d == SQLite {
		return statement
	}
	var b strings.Builder
	b.Grow(len(statement) + 16)
	n := 0
	for i := range len(statement) {
		if statement[i] != '?' {
			b.WriteByte(statement[i])
			continue
		}
		n++
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// lower folds case for search: in the database's own function on PostgreSQL, in ours on SQLite, whose own knows ASCII only.
func (d Dialect) lower(column string) string {
	if d == SQLite {
		return "pact_lower(" + column + ")"
	}
	return "LOWER(" + column + ` COLLATE "und-x-icu")`
}

// forUpdate locks the rows a SELECT reads; on SQLite the writer is alone already.
func (d Dialect) forUpdate(skipLocked bool) string {
	switch {
	case d == SQLite:
		return ""
	case skipLocked:
		return " FOR UPDATE SKIP LOCKED"
	}
	return " FOR UPDATE"
}

// onceOf is the expression under which the index of waiting jobs keeps their Once.
func (d Dialect) onceOf() string {
	if d == SQLite {
		return "json_extract(metadata, '$.once')"
	}
	return "(metadata->>'once')"
}

func quote(name string) string { return `"` + name + `"` }

func placeholders(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
