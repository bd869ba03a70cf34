package review

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// approvalKind is the policy that says above which sum money waits for a second person. Who could change it alone could
// approve alone, so its versions wait for a second administrator too.
const approvalKind = "approval"

// SetPolicy stores a new version of a policy. Needs role admin in every business unit. A review policy is in force at once,
// and moves published contracts to the phases it names; an approval policy is a proposal until DecidePolicy, made by a
// person who is signed in. A later proposal takes the place of one that waits. A privacy policy is in force at once, too, and
// needs a note of at least ten characters.
func (d *Desk) SetPolicy(ctx context.Context, kind string, body json.RawMessage, note string) (pact.Policy, error) {
	if kind == "review" {
		if _, err := ParsePolicy(body); err != nil {
			return pact.Policy{}, err
		}
	}
	if note = strings.TrimSpace(note); kind == "privacy" && utf8.RuneCountInString(note) < 10 {
		return pact.Policy{}, fault.New(fault.Invalid, "A privacy policy decides which personal data leaves, and is in force at once: say why in a note of at least ten characters. The policy in force stays.")
	}
	return d.setPolicy(ctx, "policy.set", pact.Policy{Kind: kind, Body: body, Note: note}, func(store.Tx) {})
}

// setPolicy stores the next version of a policy; more notes what the entry of the trail says besides.
func (d *Desk) setPolicy(ctx context.Context, act string, row pact.Policy, more func(store.Tx)) (pact.Policy, error) {
	actor, _ := pact.ActorFrom(ctx)
	if err := overAll(actor); err != nil {
		return pact.Policy{}, err
	}
	if row.Kind == approvalKind && actor.Kind != "person" {
		return pact.Policy{}, fault.New(fault.Denied, "Four eyes: the approval policy is changed by people who are signed in, not by an API key.")
	}
	err := d.Store.Change(ctx, store.Act{Name: act, Subject: row.Kind}, func(ctx context.Context, tx store.Tx) error {
		more(tx)
		row.ID, row.Version, row.State, row.CreatedBy = pact.NewID[pact.PolicyID]("pol", tx.Now), 1, pact.PolicyProposed, actor.ID
		old, err := tx.Policies.All(ctx, store.Where(store.Eq("kind", row.Kind)).By("-version"))
		if err != nil {
			return err
		}
		if len(old) > 0 {
			row.Version = old[0].Version + 1
		}
		for _, o := range old {
			if o.State != pact.PolicyProposed {
				continue
			}
			o.State = pact.PolicyReplaced
			if err := tx.Policies.Update(ctx, &o); err != nil {
				return err
			}
		}
		if err := tx.Policies.Insert(ctx, &row); err != nil || row.Kind == approvalKind {
			return err
		}
		return activate(ctx, tx, &row)
	})
	return row, err
}

// DecidePolicy confirms (approve) or refuses a proposed version. Needs role admin in every business unit, and a person other
// than the one who proposed it; who proposed it may only take it back (refuse).
func (d *Desk) DecidePolicy(ctx context.Context, id pact.PolicyID, kind, reason string, revision int64) (pact.Policy, error) {
	actor, _ := pact.ActorFrom(ctx)
	if err := overAll(actor); err != nil {
		return pact.Policy{}, err
	}
	if actor.Kind != "person" {
		return pact.Policy{}, fault.New(fault.Denied, "Four eyes: a policy is confirmed by a person who is signed in, not by an API key.")
	}
	if kind != "approve" && kind != "refuse" {
		return pact.Policy{}, fault.New(fault.Invalid, "%q is no decision; use approve or refuse.", kind)
	}
	var row pact.Policy
	err := d.Store.Change(ctx, store.Act{Name: "policy." + kind, Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if row, err = tx.Policies.Lock(ctx, string(id)); err != nil {
			return err
		}
		if row.State != pact.PolicyProposed {
			return fault.New(fault.Conflict, "Version %d is %s; only a proposed version is decided on.", row.Version, row.State)
		}
		if row.Revision != revision {
			return fault.New(fault.Conflict, "The proposal changed meanwhile. Look at it again.")
		}
		if kind == "approve" && row.CreatedBy == actor.ID {
			return fault.New(fault.Denied, "Four eyes: you proposed this version, so another administrator must confirm it.")
		}
		row.DecidedBy, row.DecidedAt, row.Reason = actor.ID, tx.Now, reason
		if kind == "approve" {
			return activate(ctx, tx, &row)
		}
		row.State = pact.PolicyRefused
		return tx.Policies.Update(ctx, &row)
	})
	return row, err
}

func overAll(actor pact.Actor) error {
	if !actor.May(pact.Admin) || !actor.SeesAll() {
		return fault.New(fault.Denied, "A policy holds for every business unit: changing it needs the role admin for all of them.")
	}
	return nil
}

// activate puts a version in the place of the one in force.
func activate(ctx context.Context, tx store.Tx, row *pact.Policy) error {
	old, err := tx.Policies.All(ctx, store.Where(store.Eq("kind", row.Kind), store.Eq("active", true)))
	if err != nil {
		return err
	}
	for _, o := range old {
		o.Active, o.State = false, pact.PolicyReplaced
		if err := tx.Policies.Update(ctx, &o); err != nil {
			return err
		}
	}
	row.Active, row.State = true, pact.PolicyActive
	if err := tx.Policies.Update(ctx, row); err != nil || row.Kind != "review" {
		return err
	}
	return tx.Enqueue(ctx, job.ApplyPhases{Version: row.Version})
}
