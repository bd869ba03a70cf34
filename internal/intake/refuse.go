package intake

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// refusalWindow is the time in which further forged requests of a connection are only counted. Anybody who knows the address
// can send them: the trail must show that it happened, and must not be filled by it.
const refusalWindow = time.Minute

// refusal is what was refused of one connection since its last audit entry.
type refusal struct {
	connection pact.Connection
	since      time.Time // of the entry
	more       int       // refused since, and not in the trail yet
	reason     string
	remote     string // of the last one
}

type refusals struct {
	mu   sync.Mutex
	open map[pact.ConnectionID]*refusal
}

// Refuse leaves the audit entry of a request whose signature is wrong. Its body is not kept. The first of a connection is
// written at once; those of the minute that follows are counted, and the next entry says how many there were. A crash loses
// the count of at most a minute, never a first one.
func (d *Desk) Refuse(ctx context.Context, c pact.Connection, reason, remote string) error {
	d.Refused(c.ID)
	now := d.Now()
	d.refusals.mu.Lock()
	before, known := d.refusals.open[c.ID]
	if known && now.Sub(before.since) < refusalWindow {
		before.more++
		before.reason, before.remote = reason, remote
		d.refusals.mu.Unlock()
		return nil
	}
	d.refusals.open[c.ID] = &refusal{connection: c, since: now}
	d.refusals.mu.Unlock()
	err := d.refused(ctx, c, reason, remote, before)
	if err != nil { // nothing of it is in the trail: the next one is a first one again
		d.refusals.mu.Lock()
		delete(d.refusals.open, c.ID)
		if known {
			d.refusals.open[c.ID] = before
		}
		d.refusals.mu.Unlock()
	}
	return err
}

// CountRefusals writes what was only counted, of connections whose minute is over; at the end of the process of all (over).
func (d *Desk) CountRefusals(ctx context.Context, over bool) error {
	now := d.Now()
	var due []*refusal
	d.refusals.mu.Lock()
	for id, r := range d.refusals.open {
		if !over && now.Sub(r.since) < refusalWindow {
			continue
		}
		delete(d.refusals.open, id)
		if r.more > 0 {
			due = append(due, r)
		}
	}
	d.refusals.mu.Unlock()
	var errs []error
	for _, r := range due {
		if err := d.refused(ctx, r.connection, r.reason, r.remote, r); err != nil {
			errs = append(errs, err)
			d.putBack(r)
		}
	}
	return errors.Join(errs...)
}

func (d *Desk) putBack(r *refusal) {
	d.refusals.mu.Lock()
	defer d.refusals.mu.Unlock()
	if now, ok := d.refusals.open[r.connection.ID]; ok {
		now.more += r.more
		return
	}
	d.refusals.open[r.connection.ID] = r
}

func (d *Desk) refused(ctx context.Context, c pact.Connection, reason, remote string, before *refusal) error {
	act := store.Act{Name: "delivery.refuse", Subject: string(c.ID), Unit: c.BusinessUnit}
	return d.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
		tx.Note(ctx, "reason", reason)
		tx.Note(ctx, "remote", remote)
		if before != nil && before.more > 0 {
			tx.Note(ctx, "more_since", before.since.UTC().Format(time.RFC3339))
			tx.Note(ctx, "more", before.more)
		}
		return nil
	})
}
