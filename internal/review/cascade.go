package review

import (
	"context"
	"slices"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// SetCascade says to which contracts under its own an obligation passes; nil is none. It fails with fault.Denied for who may not
// review, fault.Invalid for a rule that can not hold, fault.Conflict where the obligation changed meanwhile. Twice is harmless.
func (d *Desk) SetCascade(ctx context.Context, id pact.ObligationID, rule *pact.Cascade, revision int64) (pact.Obligation, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Obligation{}, fault.New(fault.Denied, "Saying to which contracts an obligation passes needs the role reviewer.")
	}
	if rule != nil {
		clean := *rule
		clean.To = slices.Compact(slices.Sorted(slices.Values(rule.To)))
		if len(clean.To) == 0 {
			return pact.Obligation{}, fault.New(fault.Invalid, "The rule names no contracts. Nothing was changed; name sow, order_form, exhibit or child, or take the rule away.")
		}
		for _, to := range clean.To {
			if !slices.Contains([]string{"sow", "order_form", "exhibit", "child"}, to) {
				return pact.Obligation{}, fault.New(fault.Invalid, "%.40q is no contract that an obligation can pass to. Nothing was changed; name sow, order_form, exhibit or child.", to)
			}
		}
		if o := clean.Override; o != "" && o != "allowed" && o != "forbidden" {
			return pact.Obligation{}, fault.New(fault.Invalid, "%.40q is no rule for overriding. Nothing was changed; it is allowed or forbidden.", o)
		}
		rule = &clean
	}
	var o pact.Obligation
	err := d.Store.Change(ctx, store.Act{Name: "obligation.cascade", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if o, err = tx.Obligations.Lock(ctx, string(id)); err != nil {
			return err
		}
		switch {
		case o.Revision != revision:
			return fault.New(fault.Conflict, "The obligation changed meanwhile. Look at it again.")
		case o.InheritedFrom != "":
			return fault.New(fault.Invalid, "The obligation came from a contract above this one. Nothing was changed; say it there.")
		case rule != nil && o.Kind == (obligation.RenewalNotice{}).Name():
			return fault.New(fault.Invalid, "Each contract renews by its own terms. Nothing was changed.")
		}
		o.Cascade = rule
		if err := tx.Obligations.Update(ctx, &o); err != nil {
			return err
		}
		return tx.Enqueue(ctx, job.Monitor{ContractID: o.ContractID})
	})
	return o, err
}
