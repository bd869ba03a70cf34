// Package outbox adds outside effects to the transaction of what caused them.
//
// It owns the key of an effect and the rule that one key is one action. It does not own performing actions (exchange) nor
// deciding on them (exchange for versions, respond for findings). Invariant: an action and the job that performs it commit
// with their cause, or not at all.
package outbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Key derives the key of an effect from what caused it, the target and the version.
func Key(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return "pk_" + hex.EncodeToString(h.Sum(nil)[:16])
}

// Put adds an action, once per key, and queues performing it. One that had no target before and has one now is revived, and
// so is one that was withdrawn before it was performed; any other known key is left as it stands.
func Put(ctx context.Context, tx store.Tx, a pact.Action) error {
	old, err := tx.Actions.One(ctx, store.Where(store.Eq("key", a.Key)))
	if err == nil {
		waits := old.State == pact.ActionUnmapped || (old.State == pact.ActionWithdrawn && old.Receipt == nil)
		if !waits || a.State == pact.ActionUnmapped {
			return nil
		}
		old.State, old.Reason, old.ExternalID, old.Fields, old.Attempts = a.State, a.Reason, a.ExternalID, a.Fields, 0
		if err := tx.Actions.Update(ctx, &old); err != nil {
			return err
		}
		return queue(ctx, tx, old)
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	a.ID = pact.NewID[pact.ActionID]("act", tx.Now)
	if err := tx.Actions.Insert(ctx, &a); err != nil {
		return err
	}
	return queue(ctx, tx, a)
}

func queue(ctx context.Context, tx store.Tx, a pact.Action) error {
	if a.State != pact.ActionPending {
		return nil
	}
	return tx.EnqueueWith(ctx, WriteJob(a.ID))
}

// WriteJob performs an action.
func WriteJob(id pact.ActionID) job.Queued {
	return job.Queued{Args: job.Write{ActionID: id}, Options: job.Options{Queue: "exchange"}}
}
