// Package exchange runs connections: reads their streams from cursors, writes actions from the outbox, maps fields, keeps
// health.
//
// It owns polling, which contract an event falls under (explained), links between a contract and the objects of other
// systems, the plan of what a version writes where, the outbox and its states. It does not own how a system is spoken to
// (connector) nor what a finding says (respond plans those actions). Invariants: one action key is one effect, however
// often and after whatever crash it is tried; denied, unmapped, invalid, conflict and unavailable are told apart; nothing
// of a held contract is written before its version is published, except that it needs review; no network call inside a transaction.
package exchange

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/outbox"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Switchboard opens connections and knows the catalog.
type Switchboard interface {
	Open(ctx context.Context, c pact.Connection) (connector.Connection, error)
	Connector(name string) (connector.Connector, error)
}

// Config of an Office. All fields are required.
type Config struct {
	Store       store.Store
	Connections Switchboard
	// Snooze gives the error that makes the queue run a job again after a while without counting an attempt.
	Snooze func(time.Duration) error
	Now    func() time.Time
	Log    *slog.Logger
	// Reached is called between the steps of a write; tests kill the process there. nil in production.
	Reached func(point string)
}

// Office runs connections.
type Office struct {
	Config
	dry        bool // a dry run: nothing is kept, not even a match
	unreviewed bool // nobody confirmed the customer: a match is used, and not kept
}

// New makes an Office.
func New(cfg Config) *Office {
	if cfg.Reached == nil {
		cfg.Reached = func(string) {}
	}
	return &Office{Config: cfg}
}

// leftOut begins the reason of an action that was planned without a value that does not fit its field. It stays when the
// rest is written.
const leftOut = "Left out: "

// tries of one action before it is set aside as unavailable.
const tries = 12

// Write performs one action of the outbox. Twice is harmless: a done action is left alone, and the connector finds before
// it creates.
func (o *Office) Write(ctx context.Context, args job.Write) error {
	a, err := o.Store.Reads().Actions.Get(ctx, string(args.ActionID))
	if err != nil {
		return fmt.Errorf("reading action %s: %w", args.ActionID, err)
	}
	if a.State != pact.ActionPending {
		return nil
	}
	c, err := o.Store.Reads().Connections.Get(ctx, string(a.ConnectionID))
	if err != nil {
		return fmt.Errorf("reading connection %s: %w", a.ConnectionID, err)
	}
	receipt, err := o.perform(ctx, c, a)
	o.Reached("write:answered")
	if err != nil {
		return o.failed(ctx, a, err)
	}
	if err := o.settle(ctx, a, func(now *pact.Action, at time.Time) {
		receipt.At = at
		now.State, now.Receipt, now.ExternalID = pact.ActionDone, &receipt, receipt.ExternalID
		if !strings.HasPrefix(now.Reason, leftOut) {
			now.Reason = ""
		}
	}); err != nil {
		return err
	}
	return o.worked(ctx, c)
}

// healthEvery is how often writes renew the health of a connection: exact to it, and no write waits for another's.
const healthEvery = time.Minute

// worked keeps that a write went well: of a connection that only takes writes, nothing else would tell. A stream that fails
// goes on saying so.
func (o *Office) worked(ctx context.Context, c pact.Connection) error {
	if c.Health.State == "ok" && o.Now().Sub(c.Health.LastOKAt) < healthEvery {
		return nil
	}
	return o.Store.Change(ctx, store.Act{Name: "connection.worked", Subject: string(c.ID), Unit: c.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		c, err := tx.Connections.Lock(ctx, string(c.ID))
		if fault.Is(err, fault.NotFound) {
			return nil // removed meanwhile
		}
		if err != nil {
			return err
		}
		for _, s := range c.Streams {
			if s.Error != "" {
				c.Health.LastOKAt = tx.Now
				return tx.Connections.Update(ctx, &c)
			}
		}
		setHealth(&c, nil, tx.Now)
		return tx.Connections.Update(ctx, &c)
	})
}

func (o *Office) perform(ctx context.Context, c pact.Connection, a pact.Action) (pact.Receipt, error) {
	conn, err := o.Connections.Open(ctx, c)
	if err != nil {
		return pact.Receipt{}, err
	}
	w, ok := conn.(connector.Writer)
	if !ok {
		return pact.Receipt{}, &connector.Error{Class: connector.FailUnmapped, Message: "This connection can not be written to."}
	}
	o.Reached("write:opened")
	return w.Write(ctx, a)
}

// failed gives the action the state of its failure, or asks for another try.
func (o *Office) failed(ctx context.Context, a pact.Action, err error) error {
	class, message, after := classify(err)
	if class == connector.FailUnavailable && a.Attempts+1 < tries {
		wait := backoff(a.Attempts)
		if after > 0 {
			wait = after
		}
		if err := o.settle(ctx, a, func(now *pact.Action, at time.Time) {
			now.Reason, now.NextAt = message, at.Add(wait)
		}); err != nil {
			return err
		}
		return o.Snooze(wait)
	}
	state := map[connector.Failure]pact.ActionState{
		connector.FailDenied: pact.ActionDenied, connector.FailInvalid: pact.ActionInvalid, connector.FailUnmapped: pact.ActionUnmapped,
		connector.FailConflict: pact.ActionConflict, connector.FailUncertain: pact.ActionNeedsCheck, connector.FailUnavailable: pact.ActionUnavailable,
	}[class]
	return o.settle(ctx, a, func(now *pact.Action, _ time.Time) {
		now.State, now.Reason = state, message
	})
}

func classify(err error) (connector.Failure, string, time.Duration) {
	var e *connector.Error
	if errors.As(err, &e) {
		return e.Class, e.Message, e.RetryAfter
	}
	if f := fault.Of(err); f != nil {
		switch f.Kind {
		case fault.Invalid:
			return connector.FailInvalid, f.Message, 0
		case fault.Denied:
			return connector.FailDenied, f.Message, 0
		case fault.Conflict:
			return connector.FailConflict, f.Message, 0
		case fault.NotFound, fault.Unsupported:
			return connector.FailUnmapped, f.Message, 0
		}
		return connector.FailUnavailable, f.Message, 0
	}
	return connector.FailUnavailable, "The other system could not be reached.", 0
}

// backoff grows from one second to five minutes.
func backoff(attempts int) time.Duration {
	return min(time.Second<<min(attempts, 9), 5*time.Minute)
}

func (o *Office) settle(ctx context.Context, a pact.Action, set func(*pact.Action, time.Time)) error {
	return o.Store.Change(ctx, store.Act{Name: "action.write", Subject: string(a.ID)}, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Actions.Lock(ctx, string(a.ID))
		if err != nil {
			return err
		}
		if now.State == pact.ActionDone {
			return nil
		}
		was := now.State
		now.Attempts++
		set(&now, tx.Now)
		if was != pact.ActionPending { // withdrawn while it was under way: what was written is kept, the state stands
			now.State = was
		}
		if err := tx.Actions.Update(ctx, &now); err != nil {
			return err
		}
		if isFlag(now) && now.State != pact.ActionPending { // the review may have ended, or another begun, while it was under way
			return tx.Enqueue(ctx, job.FlagReview{ContractID: now.ContractID})
		}
		return nil
	})
}

// GiveUp shows on the action that its job will not be tried again.
func (o *Office) GiveUp(ctx context.Context, args job.Write, cause error) error {
	a, err := o.Store.Reads().Actions.Get(ctx, string(args.ActionID))
	if err != nil || a.State != pact.ActionPending {
		return err
	}
	return o.settle(ctx, a, func(now *pact.Action, _ time.Time) {
		now.State, now.Reason = pact.ActionUnavailable, message(cause)
	})
}

// Replay puts a failed action back in the outbox. Needs role reviewer. A done action is refused.
func (o *Office) Replay(ctx context.Context, id pact.ActionID) (pact.Action, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Action{}, fault.New(fault.Denied, "Replaying an action needs the role reviewer.")
	}
	var a pact.Action
	err := o.Store.Change(ctx, store.Act{Name: "action.replay", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if a, err = tx.Actions.Lock(ctx, string(id)); err != nil {
			return err
		}
		if a.State == pact.ActionDone || a.State == pact.ActionPending || a.State == pact.ActionWithdrawn {
			return fault.New(fault.Conflict, "The action is %s; only failed ones can be replayed.", a.State)
		}
		if a.State == pact.ActionConflict { // replaying a conflict is deciding for our value
			a.Before = nil
		}
		a.State, a.Reason, a.Attempts, a.NextAt = pact.ActionPending, "", 0, time.Time{}
		if err := tx.Actions.Update(ctx, &a); err != nil {
			return err
		}
		return tx.EnqueueWith(ctx, outbox.WriteJob(a.ID))
	})
	return a, err
}

// CheckConnection asks a connection whether it works and keeps the answer as its health.
func (o *Office) CheckConnection(ctx context.Context, args job.CheckConnection) error {
	c, err := o.Store.Reads().Connections.Get(ctx, string(args.ConnectionID))
	if err != nil {
		return err
	}
	conn, err := o.Connections.Open(ctx, c)
	if err == nil {
		err = conn.Check(ctx)
	}
	o.Reached("connection:checked")
	return o.health(ctx, c.ID, err)
}

func (o *Office) health(ctx context.Context, id pact.ConnectionID, problem error) error {
	return o.Store.Change(ctx, store.Act{Name: "connection.check", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		c, err := tx.Connections.Lock(ctx, string(id))
		if err != nil {
			return err
		}
		setHealth(&c, problem, tx.Now)
		tx.Note(ctx, "health", c.Health.State)
		return tx.Connections.Update(ctx, &c)
	})
}

func setHealth(c *pact.Connection, problem error, at time.Time) {
	c.Health.CheckedAt = at
	if problem == nil {
		c.Health.State, c.Health.Reason, c.Health.Failures, c.Health.LastOKAt = "ok", "", 0, at
		return
	}
	_, message, _ := classify(problem)
	c.Health.Failures++
	c.Health.State, c.Health.Reason = "degraded", message
	if c.Health.Failures >= 3 {
		c.Health.State = "down"
	}
}
