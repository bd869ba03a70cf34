package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// groupSize is the most changes that share a transaction. One that fails sends the others through one by one, so it is
// not larger than what a commit's wait is worth.
const groupSize = 64

// member is one change that waits for a transaction to share.
type member struct {
	ctx   context.Context //nolint:containedctx // of who waits: its actor and correlation id
	act   store.Act
	actor pact.Actor
	fn    func(context.Context, store.Tx) error
	done  chan error
}

// groups collects changes that come while a commit is under way. Nobody waits for company: the first goes at once, and what
// has come by the time it is committed goes together.
type groups struct {
	mu      sync.Mutex
	waiting []*member
	running bool
}

// Together runs fn as Change does, in a transaction that it may share with others that came at the same time. Each has its own
// entry in the trail, and each is undone alone where it fails. It returns after the commit, also where ctx ends before.
func (s *Store) Together(ctx context.Context, act store.Act, fn func(context.Context, store.Tx) error) error {
	actor, ok := pact.ActorFrom(ctx)
	if !ok {
		return errNoActor
	}
	if s.inside(ctx) {
		return errNested
	}
	m := &member{ctx: ctx, act: act, actor: actor, fn: fn, done: make(chan error, 1)}
	s.groups.mu.Lock()
	s.groups.waiting = append(s.groups.waiting, m)
	lead := !s.groups.running
	s.groups.running = true
	s.groups.mu.Unlock()
	if lead {
		s.work.Go(s.lead)
	}
	return <-m.done
}

// lead runs groups until nobody waits.
func (s *Store) lead() {
	for {
		s.groups.mu.Lock()
		group := s.groups.waiting
		if len(group) > groupSize {
			group = group[:groupSize:groupSize]
		}
		s.groups.waiting = s.groups.waiting[len(group):]
		if len(group) == 0 {
			s.groups.waiting, s.groups.running = nil, false
		}
		s.groups.mu.Unlock()
		if len(group) == 0 {
			return
		}
		s.runGroup(group)
	}
}

// runGroup answers every member, whatever happens.
func (s *Store) runGroup(group []*member) {
	if len(group) > 1 && s.share(group) {
		return
	}
	var alone sync.WaitGroup
	for _, m := range group { // alone, or the shared transaction came to nothing: each by itself, with its own tries
		alone.Go(func() { m.done <- s.alone(m) })
	}
	alone.Wait()
}

// alone runs a member as Change does. It runs beside who asked, so a panic must not end the process: it becomes an error.
func (s *Store) alone(m *member) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("a change panicked: %v", v)
		}
	}()
	return s.Change(m.ctx, m.act, m.fn)
}

// share runs a group in one transaction, and tells whether it was committed. Nothing of it happened where it was not.
func (s *Store) share(group []*member) bool {
	ctx := context.WithoutCancel(group[0].ctx)
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return false
	}
	committed := false
	defer func() {
		if !committed {
			_ = tx.Rollback(ctx)
		}
	}()
	outcomes := make([]error, len(group))
	changes := make([]*change, len(group))
	var jobs []job.Prepared
	once := map[string]bool{}
	for i, m := range group {
		if outcomes[i] = m.ctx.Err(); outcomes[i] != nil {
			continue
		}
		changes[i] = s.begun(tx, m.act, m.actor)
		err := s.oneOf(ctx, tx, m, changes[i])
		changes[i].ended = true
		var broken *brokenError
		if errors.As(err, &broken) {
			return false
		}
		if outcomes[i] = err; err == nil {
			for _, j := range changes[i].prepared {
				if j.Once == "" || !once[j.Once] { // one that may wait only once was not seen by the members after it
					jobs = append(jobs, j)
				}
				once[j.Once] = true
			}
		}
	}
	if err := tx.Enqueue(ctx, jobs); err != nil {
		return false
	}
	if err := tx.Commit(ctx); err != nil {
		return false
	}
	committed = true
	for i, m := range group {
		if changes[i] != nil && outcomes[i] == nil {
			s.committed(changes[i])
		}
		m.done <- outcomes[i]
	}
	return true
}

// brokenError is a failure after which the shared transaction can not go on, or may succeed when tried again.
type brokenError struct{ error }

// oneOf runs one member between savepoints. A panic undoes the member and reaches who waits for it as an error.
func (s *Store) oneOf(ctx context.Context, tx Tx, m *member, c *change) (err error) {
	if _, err := tx.Exec(ctx, "SAVEPOINT member"); err != nil {
		return &brokenError{err}
	}
	err = func() (err error) {
		defer func() {
			if v := recover(); v != nil {
				err = fmt.Errorf("a change panicked: %v", v)
			}
		}()
		own := context.WithValue(context.WithoutCancel(m.ctx), changeKey{}, c)
		if err := m.fn(own, s.txOf(c)); err != nil {
			return err
		}
		return c.trail(ctx)
	}()
	if err != nil && s.db.Retryable(err) {
		return &brokenError{err}
	}
	end := "RELEASE SAVEPOINT member"
	if err != nil {
		end = "ROLLBACK TO SAVEPOINT member"
	}
	if _, failed := tx.Exec(ctx, end); failed != nil {
		return &brokenError{errors.Join(err, failed)}
	}
	return err
}
