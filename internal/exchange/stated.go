package exchange

import (
	"context"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// said is a line of an audit entry about what somebody stated.
type said struct{ what, value string }

// keepStated keeps what a person stated as an event, notes it in the audit entry of the change, and has it judged: the three happen, or none.
func keepStated(ctx context.Context, tx store.Tx, e *pact.Event, notes ...said) error {
	if err := tx.Events.Insert(ctx, e); err != nil {
		return err
	}
	for _, n := range notes {
		tx.Note(ctx, n.what, n.value)
	}
	var touched touches
	touched.add(*e)
	return touched.enqueue(ctx, tx)
}

// mayState gives the obligation that somebody states something about, and locks its contract: statements about a contract wait for one
// another. Whoever looks after the obligation may, and a reviewer; denied is what everybody else is told.
func mayState(ctx context.Context, tx store.Tx, actor pact.Actor, id pact.ObligationID, denied string) (pact.Obligation, pact.Contract, error) {
	refused := fault.New(fault.Denied, "%s", denied)
	ob, err := tx.Obligations.Get(ctx, string(id))
	if fault.Is(err, fault.NotFound) && !actor.May(pact.Reviewer) {
		return ob, pact.Contract{}, refused // who may not learns nothing of what there is
	}
	if err != nil {
		return ob, pact.Contract{}, err
	}
	if !actor.May(pact.Reviewer) {
		mine, err := store.LooksAfter(ctx, tx, actor, ob)
		if err != nil {
			return ob, pact.Contract{}, err
		}
		if !mine {
			return ob, pact.Contract{}, refused
		}
	}
	con, err := tx.Contracts.Lock(ctx, string(ob.ContractID))
	return ob, con, err
}
