package review

import (
	"context"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// SetCascade says to which contracts under its own an obligation passes, who looks after it there and how often that person says how
// it stands; nil is none. It fails with fault.Denied for who may not review, fault.Invalid for a rule that can not hold, with its
// fields, and fault.Conflict where the obligation changed meanwhile. Twice is harmless.
func (d *Desk) SetCascade(ctx context.Context, id pact.ObligationID, rule *pact.Cascade, revision int64) (pact.Obligation, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Obligation{}, fault.New(fault.Denied, "Saying to which contracts an obligation passes needs the role reviewer.")
	}
	if rule != nil {
		clean := *rule
		clean.To, clean.Owner = slices.Compact(slices.Sorted(slices.Values(rule.To))), strings.TrimSpace(rule.Owner)
		rule = &clean
	}
	var o pact.Obligation
	err := d.Store.Change(ctx, store.Act{Name: "obligation.cascade", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if o, err = tx.Obligations.Lock(ctx, string(id)); err != nil {
			return err
		}
		if o.Revision != revision {
			return fault.New(fault.Conflict, "The obligation changed meanwhile. Look at it again.")
		}
		if rule == nil && o.InheritedFrom != "" {
			return fault.New(fault.Invalid, "The obligation came from a contract above this one. Nothing was changed; say it there.")
		}
		con, err := tx.Contracts.Get(ctx, string(o.ContractID))
		if err != nil {
			return err
		}
		if rule != nil && con.Relation == "amendment" && con.ParentID != "" {
			return fault.New(fault.Invalid, "An amendment changes the obligation of the contract it amends. Nothing was changed; say there to whom it passes.")
		}
		if rule != nil {
			if err := refuse(obligation.UnusableCascade(o, *rule), "body.cascade"); err != nil {
				return err
			}
		}
		o.Cascade = rule
		if err := tx.Obligations.Update(ctx, &o); err != nil {
			return err
		}
		return tx.Enqueue(ctx, job.Monitor{ContractID: o.ContractID})
	})
	return o, err
}

// refuse is the failure of a form: each wrong place below at, the first of them as the sentence.
func refuse(wrong []fault.Detail, at string) error {
	if len(wrong) == 0 {
		return nil
	}
	f := fault.New(fault.Invalid, "%s Nothing was changed.", wrong[0].Message)
	for _, w := range wrong {
		f.Details = append(f.Details, fault.Detail{Field: strings.TrimSuffix(at+"."+w.Field, "."), Message: w.Message})
	}
	return f
}
