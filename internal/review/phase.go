package review

import (
	"context"
	"fmt"

	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// ApplyPhases moves every published contract to the phase that a policy gives its type, each as a recorded decision, and
// plans its writes again: more fields in a later phase; in an earlier one, what was not written yet is withdrawn. A policy
// that is no longer the active one is left alone, its successor has a job of its own.
func (d *Desk) ApplyPhases(ctx context.Context, args job.ApplyPhases) error {
	row, policy, err := d.ActivePolicy(ctx)
	if err != nil || row.Version != args.Version {
		return err
	}
	for after := ""; ; {
		page, err := d.Store.Reads().Contracts.List(ctx, store.Query{Where: []store.Cond{store.Is("current_version", ">", 0)}, Order: []string{"id"}, After: after, Limit: 200})
		if err != nil {
			return err
		}
		for _, con := range page.Items {
			if con.Phase == policy.Phase(con.ContractType) {
				continue
			}
			if err := d.move(ctx, con.ID, row, policy); err != nil {
				return fmt.Errorf("moving contract %s to another phase: %w", con.ID, err)
			}
		}
		if page.Next == "" {
			return nil
		}
		after = page.Next
	}
}

func (d *Desk) move(ctx context.Context, id pact.ContractID, row pact.Policy, policy Policy) error {
	return d.Store.Change(ctx, store.Act{Name: "contract.phase", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		con, err := tx.Contracts.Lock(ctx, string(id))
		if err != nil {
			return err
		}
		active, _, err := activePolicy(ctx, tx.Policies)
		if err != nil || active.Version != row.Version {
			return err
		}
		was, now := con.Phase, policy.Phase(con.ContractType)
		if was == now {
			return nil
		}
		measured, err := accuracy(ctx, tx, con.ContractType)
		if err != nil {
			return err
		}
		dec := pact.Decision{
			ID: pact.NewID[pact.DecisionID]("dec", tx.Now), BusinessUnit: con.BusinessUnit, ContractID: con.ID, Kind: "phase", By: row.CreatedBy, At: tx.Now, PolicyVersion: row.Version,
			Reason: fmt.Sprintf("Write-back moved from %s to %s by policy version %d: %s %s", was, now, row.Version, row.Note, measured),
		}
		if err := tx.Decisions.Insert(ctx, &dec); err != nil {
			return err
		}
		con.Phase = now
		if err := tx.Contracts.Update(ctx, &con); err != nil {
			return err
		}
		tx.Note(ctx, "policy_version", row.Version)
		tx.Note(ctx, "measured", measured)
		return tx.Enqueue(ctx, job.PlanWrites{ContractID: con.ID, Version: con.CurrentVersion})
	})
}

// accuracy is what people made of the readings of a contract type so far: the figure that stands beside a move.
func accuracy(ctx context.Context, tx store.Tx, contractType string) (string, error) {
	by := func(states ...string) (int, error) {
		return tx.Candidates.Count(ctx, store.Where(store.Eq("contract_type", contractType), store.Is("decided_by", "!=", "policy"), store.Is("decided_by", "!=", ""), store.In("state", states)))
	}
	accepted, err := by("accepted")
	if err != nil {
		return "", err
	}
	all, err := by("accepted", "corrected", "rejected")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("People left %d of %d readings of this contract type as they were.", accepted, all), nil
}
