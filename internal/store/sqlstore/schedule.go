package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// The queries of the scheduler. They say NULLS FIRST as the index does: PostgreSQL reads the order from an index only where
// both agree, and would otherwise sort every open timer each time somebody looks for the next one.
const (
	NextTimer = `SELECT "due_at" FROM timers WHERE "due_at" IS NOT NULL ORDER BY "due_at" NULLS FIRST LIMIT 1`
	dueOrder  = ` ORDER BY "due_at" NULLS FIRST LIMIT %d`
)

// schedule is the scheduler's view of the timers.
type schedule struct{ store *Store }

// Schedule gives the timers to the scheduler.
func (s *Store) Schedule() store.Schedule { return schedule{s} }

// Woken signals that a timer was committed.
func (s schedule) Woken() <-chan struct{} { return s.store.woken }

// Next gives the earliest timer.
func (s schedule) Next(ctx context.Context) (time.Time, bool, error) {
	if s.store.inside(ctx) {
		return time.Time{}, false, errNested
	}
	rows, err := s.store.db.Query(ctx, NextTimer)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("reading the next timer: %w", err)
	}
	defer rows.Close()
	if !rows.Next() {
		return time.Time{}, false, rows.Err()
	}
	var due timeCell
	if err := rows.Scan(&due); err != nil {
		return time.Time{}, false, fmt.Errorf("reading the next timer: %w", err)
	}
	return due.Time, true, nil
}

// Claim takes due timers and adds their jobs in one transaction; two schedulers never take the same.
func (s schedule) Claim(ctx context.Context, now time.Time, limit int, jobs func(pact.Timer) []job.Queued) (int, error) {
	actor := pact.System("scheduler")
	if a, ok := pact.ActorFrom(ctx); ok {
		actor.CorrelationID = a.CorrelationID
	}
	ctx = pact.WithActor(ctx, actor)
	claimed := 0
	err := s.store.Change(ctx, store.Act{Name: "timers.claim"}, func(ctx context.Context, tx store.Tx) error {
		timers, err := s.take(ctx, now, limit)
		if err != nil {
			return err
		}
		claimed = len(timers)
		for _, t := range timers {
			if err := tx.EnqueueWith(ctx, jobs(t)...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("claiming timers: %w", err)
	}
	return claimed, nil
}

func (s schedule) take(ctx context.Context, now time.Time, limit int) ([]pact.Timer, error) {
	c := ctx.Value(changeKey{}).(*change) //nolint:forcetypeassert // Claim runs it inside Change
	due, err := instant(s.store.dialect, "now", now)
	if err != nil || due == nil {
		return nil, fmt.Errorf("no instant to claim timers at: %w", err)
	}
	t := of[pact.Timer](s.store, c, "timers")
	w := &where{}
	w.add(`"due_at" <= ?`, due)
	timers, err := t.rows(ctx, c.tx, t.noun.columns, w, fmt.Sprintf(dueOrder, limit)+s.store.dialect.forUpdate(true))
	if err != nil || len(timers) == 0 {
		return nil, err
	}
	ids := make([]any, len(timers))
	for i, one := range timers {
		ids[i] = string(one.ID)
	}
	if _, err := c.tx.Exec(ctx, `DELETE FROM timers WHERE "id" IN (`+placeholders(len(ids))+")", ids...); err != nil {
		return nil, fmt.Errorf("taking timers: %w", err)
	}
	return timers, nil
}

// timeCell reads one time; zero where NULL.
type timeCell struct{ time.Time }

// Scan takes what a driver gives.
func (t *timeCell) Scan(src any) error {
	if src == nil {
		t.Time = time.Time{}
		return nil
	}
	v, err := timeOf(src)
	t.Time = v
	return err
}
