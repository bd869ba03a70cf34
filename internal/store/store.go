// Package store is what is kept: one table per noun, pages, and changes that commit with their audit entry and jobs.
//
// It owns the port: tables, queries, changes, scope, the outbox of jobs, timers, blobs; and which nouns exist (Tables).
// It does not own SQL (store/sqlstore) nor any database (store/sqlite, store/postgres). storetest is its specification.
// Invariants:
//   - every call needs an actor in the context (pact.WithActor); rows of business units outside the actor's scope do not
//     exist for it: reads give fault.NotFound, writes too;
//   - every change of a tracked noun happens inside Change, which writes exactly one audit entry (actor, act, correlation
//     id, before and after of every tracked noun it touched) and adds its jobs in the same transaction: all, or none;
//   - a Change that touched a tracked noun under an act without a name fails; a Change that touched nothing leaves nothing;
//   - Update takes the Revision the caller read; a row that moved on gives fault.Conflict;
//   - using the outer store with the context of a transaction fails at once;
//   - no network call inside a transaction (SQLite has one writer).
package store

import (
	"context"
	"io"
	"time"

	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
)

// Reading is what can be read of one noun.
type Reading[T any] interface {
	// Get gives one row by id, or fault.NotFound.
	Get(ctx context.Context, id string) (T, error)
	// One gives the only row that matches, or fault.NotFound; the first in order where several match.
	One(ctx context.Context, q Query) (T, error)
	// List gives a page.
	List(ctx context.Context, q Query) (Page[T], error)
	// All gives every row that matches, at most 10,000 (more is an error: use Each). It is for what one contract, or one
	// installation, has few of.
	All(ctx context.Context, q Query) ([]T, error)
	// Each calls fn with every row that matches, however many there are, in the order of their ids; an error of fn ends it.
	// It reads in pages: outside a change, rows that are added meanwhile may or may not be among them.
	Each(ctx context.Context, q Query, fn func(T) error) error
	// Count counts the rows that match.
	Count(ctx context.Context, q Query) (int, error)
	// CountBy counts the rows that match, grouped by one column.
	CountBy(ctx context.Context, q Query, column string) (map[string]int, error)
}

// Table is a noun inside a change.
type Table[T any] interface {
	Reading[T]
	// Insert adds a row; CreatedAt, UpdatedAt and Revision are set where the noun has them. A taken unique key gives
	// fault.Conflict.
	Insert(ctx context.Context, row *T) error
	// Update writes the whole row, if its Revision is still the one that was read; it sets UpdatedAt and Revision.
	Update(ctx context.Context, row *T) error
	// Delete removes a row by id; fault.NotFound where there is none.
	Delete(ctx context.Context, id string) error
	// Lock reads one row for update: on PostgreSQL with FOR UPDATE, on SQLite the writer is already alone.
	Lock(ctx context.Context, id string) (T, error)
}

// Query selects rows. Columns are checked against the noun; a wrong one is an error, never ignored.
type Query struct {
	Where  []Cond
	Search string   // words looked for in the noun's text columns, case-insensitive substring
	Order  []string // columns, "-" first for descending; the id is always last
	Limit  int      // 0 = 50, at most 500 (All ignores it when 0)
	After  string   // Next of the page before
	Only   []string // columns to read, for All and Each over many rows; all other fields stay zero. Empty reads whole rows.
}

// Cond compares a column. Op: =, !=, <, <=, >, >=, in, not_in, null, not_null (null and "" are alike for text); of a column
// that holds a list of words: has, has_not (what holds no list at all has neither).
type Cond struct {
	Column string
	Op     string
	Value  any // a slice for in and not_in
}

// Eq is the usual condition.
func Eq(column string, value any) Cond { return Cond{Column: column, Op: "=", Value: value} }

// In matches any of several values.
func In(column string, values any) Cond { return Cond{Column: column, Op: "in", Value: values} }

// Is is another comparison.
func Is(column, op string, value any) Cond { return Cond{Column: column, Op: op, Value: value} }

// Where is a query of conditions only.
func Where(c ...Cond) Query { return Query{Where: c} }

// By orders the query.
func (q Query) By(columns ...string) Query { q.Order = columns; return q }

// Page is a run of rows. Next is "" at the end.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// Reads is every noun for reading.
type Reads struct {
	Contracts     Reading[pact.Contract]
	Documents     Reading[pact.Document]
	Versions      Reading[pact.Version]
	Extractions   Reading[pact.Extraction]
	Candidates    Reading[pact.Candidate]
	Reviews       Reading[pact.Review]
	Decisions     Reading[pact.Decision]
	Obligations   Reading[pact.Obligation]
	Occurrences   Reading[pact.Occurrence]
	Events        Reading[pact.Event]
	Findings      Reading[pact.Finding]
	Approvals     Reading[pact.Approval]
	Notifications Reading[pact.Notification]
	Connections   Reading[pact.Connection]
	Deliveries    Reading[pact.Delivery]
	Imports       Reading[pact.EventImport]
	Actions       Reading[pact.Action]
	Links         Reading[pact.Link]
	Policies      Reading[pact.Policy]
	Mappings      Reading[pact.Mapping]
	Users         Reading[pact.User]
	Keys          Reading[pact.APIKey]
	Sessions      Reading[pact.Session]
	Spendings     Reading[pact.Spending]
	Claims        Reading[pact.Claim]
	CheckIns      Reading[pact.CheckIn]
	Timers        Reading[pact.Timer]

	// Views: joined for lists, never written.
	Register Reading[pact.RegisterEntry]
	Renewals Reading[pact.Renewal]
}

// Tx is every noun inside a change, with jobs and timers.
type Tx struct {
	Contracts     Table[pact.Contract]
	Documents     Table[pact.Document]
	Versions      Table[pact.Version]
	Extractions   Table[pact.Extraction]
	Candidates    Table[pact.Candidate]
	Reviews       Table[pact.Review]
	Decisions     Table[pact.Decision]
	Obligations   Table[pact.Obligation]
	Occurrences   Table[pact.Occurrence]
	Events        Table[pact.Event]
	Findings      Table[pact.Finding]
	Approvals     Table[pact.Approval]
	Notifications Table[pact.Notification]
	Connections   Table[pact.Connection]
	Deliveries    Table[pact.Delivery]
	Imports       Table[pact.EventImport]
	Actions       Table[pact.Action]
	Links         Table[pact.Link]
	Policies      Table[pact.Policy]
	Mappings      Table[pact.Mapping]
	Users         Table[pact.User]
	Keys          Table[pact.APIKey]
	Sessions      Table[pact.Session]
	Spendings     Table[pact.Spending]
	Claims        Table[pact.Claim]
	CheckIns      Table[pact.CheckIn]
	Timers        Table[pact.Timer]
	Idempotency   Table[pact.IdempotencyKey]

	Now time.Time // the product's clock at the start of the change
	ops Ops
}

// Ops is what an implementation adds to a transaction beside its tables.
type Ops interface {
	Enqueue(ctx context.Context, jobs ...job.Queued) error
	SetTimer(ctx context.Context, t pact.Timer) error
	DropTimer(ctx context.Context, kind, ref string) error
	Note(ctx context.Context, key string, value any)
	Touch(ctx context.Context, topic, id string)
}

// NewTx is for implementations: it completes a Tx.
func NewTx(tx Tx, ops Ops) Tx { tx.ops = ops; return tx }

// Enqueue adds jobs to the transaction; they run after it commits.
func (t Tx) Enqueue(ctx context.Context, args job.Args) error {
	return t.ops.Enqueue(ctx, job.Queued{Args: args})
}

// EnqueueWith adds jobs with options.
func (t Tx) EnqueueWith(ctx context.Context, jobs ...job.Queued) error {
	return t.ops.Enqueue(ctx, jobs...)
}

// SetTimer arms or moves the timer of (kind, ref). The scheduler is woken when the transaction commits.
func (t Tx) SetTimer(ctx context.Context, kind, ref string, due time.Time) error {
	return t.ops.SetTimer(ctx, pact.Timer{Kind: kind, Ref: ref, DueAt: due})
}

// DropTimer removes the timer of (kind, ref); none is fine.
func (t Tx) DropTimer(ctx context.Context, kind, ref string) error {
	return t.ops.DropTimer(ctx, kind, ref)
}

// Note adds a detail to the audit entry of this change (a count, a digest, a document hash, a policy version).
func (t Tx) Note(ctx context.Context, key string, value any) { t.ops.Note(ctx, key, value) }

// Touch tells live listeners, after the commit, that something of a topic changed. Insert and Update of scoped nouns do it
// by themselves.
func (t Tx) Touch(ctx context.Context, topic, id string) { t.ops.Touch(ctx, topic, id) }

// Act names a change for the audit: what was done to what.
type Act struct {
	Name    string // "review.accept", "delivery.receive"
	Subject string // id of what it is about
	Unit    string // business unit the entry belongs to; "" where it is the subject's (set from the first noun touched)
}

// Store keeps everything.
type Store interface {
	// Reads gives the tables for reading outside a change.
	Reads() Reads
	// Change runs fn in one transaction. What fn returns as error rolls everything back. A serialisation failure or a busy
	// database is tried again by the store, so fn must have no outside effect.
	Change(ctx context.Context, act Act, fn func(ctx context.Context, tx Tx) error) error
	// Together is Change for many small changes at the same time: those that come while another is committed share a
	// transaction. Each has its own entry in the trail and is undone alone where it fails; it returns after the commit.
	Together(ctx context.Context, act Act, fn func(ctx context.Context, tx Tx) error) error
	// Audit gives the audit trail: entries in scope, newest first.
	Audit() AuditLog
	// Live gives changes as they commit, for the actor's scope; the channel closes with ctx.
	Live(ctx context.Context) (<-chan Touched, error)
	// Timers gives what the scheduler needs.
	Schedule() Schedule
	// Ping tells whether the database answers.
	Ping(ctx context.Context) error
	// Backlog counts what is waiting: jobs by state, timers due, unsealed audit entries. For health and for tests that wait.
	Backlog(ctx context.Context) (Backlog, error)
	// JobClient gives River its pool and driver; only app uses it.
	Close() error
}

// Touched tells that something changed; the reader fetches what it needs (SSE sends ids and topics only).
type Touched struct {
	Topic string `json:"topic"` // noun in the plural: "contracts", "findings"
	ID    string `json:"id"`
	Unit  string `json:"unit,omitempty"`
}

// Schedule is the scheduler's view of the timers.
type Schedule interface {
	// Next gives the due instant of the earliest timer; ok is false where there is none.
	Next(ctx context.Context) (due time.Time, ok bool, err error)
	// Claim takes up to limit timers due at or before now and enqueues what jobs gives for each, in one transaction.
	Claim(ctx context.Context, now time.Time, limit int, jobs func(pact.Timer) []job.Queued) (int, error)
	// Woken gives a signal when a timer earlier than the rest may have been committed.
	Woken() <-chan struct{}
}

// Backlog is work that waits.
type Backlog struct {
	JobsAvailable int `json:"jobs_available"` // ready or running
	JobsRetrying  int `json:"jobs_retrying"`  // waiting for a retry
	JobsDiscarded int `json:"jobs_discarded"`
	Unsealed      int `json:"unsealed"`
}

// AuditLog is the trail.
type AuditLog interface {
	List(ctx context.Context, q AuditQuery) (Page[audit.Entry], error)
	// Seal chains committed entries; one sealer runs at a time.
	Seal(ctx context.Context) (int, error)
	// Verify checks the whole chain and names the first bad entry; it reports the unsealed tail.
	Verify(ctx context.Context) (audit.Report, error)
	// Export writes the chain as JSON lines that `pactloop audit verify --file` checks.
	Export(ctx context.Context, w io.Writer) error
}

// AuditQuery selects entries.
type AuditQuery struct {
	Subject    string
	ContractID string
	ActorID    string
	Act        string // prefix
	Limit      int
	After      string
}

// Blobs keep bytes under the hex SHA-256 of their content.
type Blobs interface {
	// Put keeps the bytes and gives their hash; putting the same again is harmless.
	Put(ctx context.Context, b []byte) (sha256 string, err error)
	// Get gives the bytes after checking that they still hash to their name, or fault.NotFound.
	Get(ctx context.Context, sha256 string) ([]byte, error)
	// PutNamed keeps derived data (a reading) under another name.
	PutNamed(ctx context.Context, name string, b []byte) error
	// GetNamed gives derived data, or fault.NotFound.
	GetNamed(ctx context.Context, name string) ([]byte, error)
}
