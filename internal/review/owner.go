package review

import (
	"context"
	"net/mail"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// SetOwner says who looks after an obligation, by e-mail; "" leaves it to the owner of the contract. Needs role reviewer. The owner
// stays with the obligation from version to version of its contract.
func (d *Desk) SetOwner(ctx context.Context, id pact.ObligationID, owner string, revision int64) (pact.Obligation, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Obligation{}, fault.New(fault.Denied, "Saying who looks after an obligation needs the role reviewer.")
	}
	owner = strings.TrimSpace(owner)
	if owner != "" {
		a, err := mail.ParseAddress(owner)
		if err != nil || a.Address != owner || len(owner) > 254 {
			return pact.Obligation{}, fault.New(fault.Invalid, "%.80q is no e-mail address. Nothing was changed; write it as name@example.com, or leave it empty for the owner of the contract.", owner)
		}
	}
	var o pact.Obligation
	err := d.Store.Change(ctx, store.Act{Name: "obligation.assign", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if o, err = tx.Obligations.Lock(ctx, string(id)); err != nil {
			return err
		}
		if o.Revision != revision {
			return fault.New(fault.Conflict, "The obligation changed meanwhile. Look at it again.")
		}
		if o.Owner == owner {
			return nil
		}
		o.Owner = owner
		return tx.Obligations.Update(ctx, &o)
	})
	return o, err
}
