package sqlstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"reflect"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// attempts of one transaction when the database asks to try again.
const attempts = 5

// maxTouches of one topic are told one by one; more are told as one touch of the whole topic.
const maxTouches = 20

// rowKey names a row within a change.
type rowKey struct{ noun, id string }

// rowChange is a tracked row: nil is no row.
type rowChange struct{ before, after audit.Image }

// batch is what changed in a noun that is noted, not tracked row by row.
type batch struct {
	count  int
	digest hash.Hash
}

// change is one transaction under way. It is used by one goroutine.
type change struct {
	store *Store
	tx    Tx
	act   store.Act
	actor pact.Actor
	now   time.Time
	ended bool

	rows      map[rowKey]*rowChange
	order     []rowKey
	batches   map[string]*batch
	notes     map[string]any
	contracts map[string]bool
	touches   []store.Touched
	jobs      []job.Prepared
	prepared  []job.Prepared // of jobs, those that are added
	woke      bool
}

type changeKey struct{}

// inside tells whether the context belongs to a transaction of this store.
func (s *Store) inside(ctx context.Context) bool {
	c, ok := ctx.Value(changeKey{}).(*change)
	return ok && c.store == s && !c.ended
}

// Change runs fn in one transaction, with its trail and its jobs.
func (s *Store) Change(ctx context.Context, act store.Act, fn func(context.Context, store.Tx) error) error {
	actor, ok := pact.ActorFrom(ctx)
	if !ok {
		return errNoActor
	}
	if s.inside(ctx) {
		return errNested
	}
	var err error
	for try := range attempts {
		if try > 0 {
			if wait := s.pause(ctx, try); wait != nil {
				return wait
			}
		}
		if err = s.attempt(ctx, act, actor, fn); err == nil || !s.db.Retryable(err) {
			return err
		}
	}
	return fault.Wrap(fault.Unavailable, err, "the database is busy; try again")
}

// pause lets the other side of a clash finish.
func (s *Store) pause(ctx context.Context, try int) error {
	timer := time.NewTimer(time.Duration(try*try) * 5 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (s *Store) begun(tx Tx, act store.Act, actor pact.Actor) *change {
	return &change{
		store: s, tx: tx, act: act, actor: actor, now: s.now(),
		rows: map[rowKey]*rowChange{}, batches: map[string]*batch{}, contracts: map[string]bool{},
	}
}

func (s *Store) attempt(ctx context.Context, act store.Act, actor pact.Actor, fn func(context.Context, store.Tx) error) error {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	c := s.begun(tx, act, actor)
	committed := false
	defer func() {
		c.ended = true
		if !committed {
			// Rolled back also when fn panics; the context may be over already.
			_ = tx.Rollback(context.WithoutCancel(ctx))
		}
	}()
	if err := fn(context.WithValue(ctx, changeKey{}, c), s.txOf(c)); err != nil {
		return err
	}
	if err := c.finish(ctx); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	committed = true
	s.committed(c)
	return nil
}

// finish writes the trail and the jobs.
func (c *change) finish(ctx context.Context) error {
	if err := c.trail(ctx); err != nil {
		return err
	}
	return c.tx.Enqueue(ctx, c.prepared)
}

// trail writes the trail, and finds out which jobs are to be added.
func (c *change) trail(ctx context.Context) error {
	entry, err := c.entry()
	if err != nil {
		return err
	}
	if entry != nil {
		if c.act.Name == "" {
			return errors.New("a change of tracked rows needs an act with a name")
		}
		if err := c.store.write(ctx, c.tx, *entry); err != nil {
			return err
		}
	}
	c.prepared, err = c.waiting(ctx)
	return err
}

// entry gives what the trail says of the change, or nil where nothing tracked changed.
func (c *change) entry() (*audit.Entry, error) {
	e := &audit.Entry{
		At: c.now, ActorID: c.actor.ID, ActorName: c.actor.Name, Act: c.act.Name, Subject: c.act.Subject,
		BusinessUnit: c.act.Unit, CorrelationID: c.actor.CorrelationID, Notes: c.notes,
	}
	for _, key := range c.order {
		r := c.rows[key]
		if r.before == nil && r.after == nil {
			continue
		}
		if d, ok := audit.Diff(key.noun, key.id, r.before, r.after); ok {
			e.Changes = append(e.Changes, d)
		}
	}
	for noun, b := range c.batches {
		if e.Notes == nil {
			e.Notes = map[string]any{}
		}
		e.Notes[noun] = map[string]any{"count": b.count, "sha256": hex.EncodeToString(b.digest.Sum(nil))}
	}
	if len(e.Changes) == 0 && len(e.Notes) == 0 {
		return nil, nil //nolint:nilnil // nothing to say
	}
	for id := range c.contracts {
		e.ContractIDs = append(e.ContractIDs, id)
	}
	slices.Sort(e.ContractIDs)
	e.ID = pact.NewID[pact.AuditID]("aud", c.now)
	return e, nil
}

// waiting gives the jobs to add. A job that may wait only once is left out where its like waits already; that one is
// locked, so that it can not start before what this change wrote is there to be seen.
func (c *change) waiting(ctx context.Context) ([]job.Prepared, error) {
	var out []job.Prepared
	seen := map[string]bool{}
	for _, j := range c.jobs {
		if j.Once == "" {
			out = append(out, j)
			continue
		}
		if seen[j.Once] {
			continue
		}
		seen[j.Once] = true
		d := c.store.dialect
		found, err := exists(ctx, c.tx, "SELECT 1 FROM river_job WHERE "+d.onceOf()+
			" = ? AND state IN ('available', 'retryable', 'scheduled') LIMIT 1"+d.forUpdate(true), j.Once)
		if err != nil {
			return nil, fmt.Errorf("looking for a waiting job: %w", err)
		}
		if !found {
			out = append(out, j)
		}
	}
	return out, nil
}

func exists(ctx context.Context, db querier, statement string, args ...any) (bool, error) {
	rows, err := db.Query(ctx, statement, args...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	found := rows.Next()
	return found, rows.Err()
}

// guarded runs a statement that may break a unique key without ending the transaction.
func (c *change) guarded(ctx context.Context, statement string, args ...any) (int64, error) {
	n, err := c.tx.Guarded(ctx, statement, args...)
	if err != nil && c.store.db.Taken(err) {
		return 0, fault.Wrap(fault.Conflict, err, "a key of this row is taken by another")
	}
	return n, err
}

func (c *change) known(n *noun, id string) (audit.Image, bool) {
	r, ok := c.rows[rowKey{n.name, id}]
	if !ok {
		return nil, false
	}
	return r.before, true
}

// remember notes a row as it is before the change.
func (c *change) remember(n *noun, id string, before audit.Image) {
	key := rowKey{n.name, id}
	if _, ok := c.rows[key]; !ok {
		c.rows[key] = &rowChange{before: before, after: before}
		c.order = append(c.order, key)
	}
}

// wrote notes a row that was added or changed.
func (c *change) wrote(n *noun, row reflect.Value, before audit.Image) error {
	c.concerns(n, row)
	if !c.store.tracked[n.name] && !audit.Batched(n.name) {
		return nil
	}
	after, err := audit.ImageOf(row.Interface())
	if err != nil {
		return err
	}
	if audit.Batched(n.name) {
		return c.batched(n.name, after)
	}
	id := row.Field(n.id).String()
	c.remember(n, id, before)
	c.rows[rowKey{n.name, id}].after = after
	return nil
}

func (c *change) removed(n *noun, row reflect.Value) {
	c.concerns(n, row)
	if r, ok := c.rows[rowKey{n.name, row.Field(n.id).String()}]; ok {
		r.after = nil
	}
}

func (c *change) batched(noun string, row audit.Image) error {
	b := c.batches[noun]
	if b == nil {
		b = &batch{digest: sha256.New()}
		c.batches[noun] = b
	}
	line, err := json.Marshal(row)
	if err != nil {
		return fmt.Errorf("noting %s: %w", noun, err)
	}
	b.count++
	b.digest.Write(append(line, '\n'))
	return nil
}

// concerns notes whose row it is, for the entry and for listeners.
func (c *change) concerns(n *noun, row reflect.Value) {
	if n.contract >= 0 {
		if id := row.Field(n.contract).String(); id != "" {
			c.contracts[id] = true
		}
	}
	if n.access != scoped {
		return
	}
	unit := row.Field(n.unit).String()
	if c.act.Unit == "" {
		c.act.Unit = unit
	}
	c.touch(store.Touched{Topic: n.name, ID: row.Field(n.id).String(), Unit: unit})
}

func (c *change) touch(t store.Touched) {
	same := 0
	for _, have := range c.touches {
		if have == t {
			return
		}
		if have.Topic == t.Topic && have.Unit == t.Unit {
			if have.ID == "" {
				return
			}
			same++
		}
	}
	if same >= maxTouches {
		c.touches = slices.DeleteFunc(c.touches, func(have store.Touched) bool { return have.Topic == t.Topic && have.Unit == t.Unit })
		t.ID = ""
	}
	c.touches = append(c.touches, t)
}

// Enqueue adds jobs at the end of the transaction.
func (c *change) Enqueue(_ context.Context, jobs ...job.Queued) error {
	if c.ended {
		return errEnded
	}
	for _, q := range jobs {
		p, err := job.Prepare(q, c.actor.CorrelationID)
		if err != nil {
			return err
		}
		c.jobs = append(c.jobs, p)
	}
	return nil
}

// SetTimer arms or moves a timer.
func (c *change) SetTimer(ctx context.Context, t pact.Timer) error {
	if c.ended {
		return errEnded
	}
	if t.ID == "" {
		t.ID = pact.NewID[pact.TimerID]("tmr", c.now)
	}
	due, err := instant(c.store.dialect, "due_at", t.DueAt)
	if err != nil {
		return err
	}
	if due == nil {
		return errors.New("a timer needs an instant")
	}
	_, err = c.tx.Exec(ctx, `INSERT INTO timers ("id", "kind", "ref", "due_at") VALUES (?, ?, ?, ?)
		ON CONFLICT ("kind", "ref") DO UPDATE SET "due_at" = excluded."due_at"`, string(t.ID), t.Kind, t.Ref, due)
	if err != nil {
		return fmt.Errorf("setting a timer: %w", err)
	}
	c.woke = true
	return nil
}

// DropTimer removes a timer.
func (c *change) DropTimer(ctx context.Context, kind, ref string) error {
	if c.ended {
		return errEnded
	}
	if _, err := c.tx.Exec(ctx, `DELETE FROM timers WHERE "kind" = ? AND "ref" = ?`, kind, ref); err != nil {
		return fmt.Errorf("dropping a timer: %w", err)
	}
	return nil
}

// Note adds a detail to the entry.
func (c *change) Note(_ context.Context, key string, value any) {
	if c.notes == nil {
		c.notes = map[string]any{}
	}
	c.notes[key] = value
}

// Touch tells listeners of something no row says.
func (c *change) Touch(_ context.Context, topic, id string) {
	c.touch(store.Touched{Topic: topic, ID: id, Unit: c.act.Unit})
}
