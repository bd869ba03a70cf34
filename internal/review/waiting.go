package review

import (
	"context"
	"fmt"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// TieReferences ties documents to a contract that was not there when their reference to it was reviewed. A person has confirmed
// what the text refers to; what is left is to find it, by the rules of proposals: one contract must fit, and a contract that belongs
// somewhere already stays there. Twice is harmless.
func (d *Desk) TieReferences(ctx context.Context, args job.TieReferences) error {
	reads := d.Store.Reads()
	con, err := reads.Contracts.Get(ctx, string(args.ContractID))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	waiting, err := reads.Candidates.All(ctx, store.Where(
		store.Eq("business_unit", con.BusinessUnit), store.Eq("subject", "reference"), store.In("state", []string{"accepted", "corrected"})).By("created_at"))
	if err != nil {
		return err
	}
	for _, c := range waiting {
		v := decided(c)
		if v == nil || v.Contract == nil || v.Contract.ContractID != "" {
			continue
		}
		to, err := d.waitsFor(ctx, c, *v.Contract)
		if err != nil {
			return fmt.Errorf("looking for what the reference %s waits for: %w", c.ID, err)
		}
		if to == "" || to != con.ID && c.ContractID != con.ID { // its own may have come between proposal and review
			continue
		}
		if err := d.tieLate(ctx, c, *v.Contract, to); err != nil {
			return fmt.Errorf("tying %s to %s: %w", c.ContractID, to, err)
		}
	}
	return d.rewordOpen(ctx, con)
}

// waitsFor is the one contract that a reference fits; "" where there is none, or several, or the reference counts no more.
func (d *Desk) waitsFor(ctx context.Context, c pact.Candidate, ref pact.ContractRef) (pact.ContractID, error) {
	reads := d.Store.Reads()
	child, err := reads.Contracts.Get(ctx, string(c.ContractID))
	if err != nil || child.ParentID != "" {
		return "", err
	}
	last, err := reads.Reviews.All(ctx, store.Where(store.Eq("document_id", c.DocumentID), store.Eq("state", string(pact.ReviewFinished))).By("-finished_at"))
	if err != nil || len(last) == 0 || last[0].ID != c.ReviewID { // the document was read and reviewed again
		return "", err
	}
	v, err := reads.Versions.One(ctx, store.Where(store.Eq("contract_id", child.ID), store.Eq("number", child.CurrentVersion)))
	if err != nil {
		return "", err
	}
	parties, _ := v.Term("parties")
	fit, err := d.referred(ctx, child, ref, parties.Value.Parties)
	if err != nil || len(fit) != 1 {
		return "", err
	}
	return fit[0].contract.ID, nil
}

// tieLate makes the tie, and has what follows from it computed again. A tie that can not be made (the contract was tied in between,
// or it would run in a circle) is left.
func (d *Desk) tieLate(ctx context.Context, c pact.Candidate, ref pact.ContractRef, to pact.ContractID) error {
	return d.Store.Change(ctx, store.Act{Name: "contract.tie", Subject: string(c.ContractID)}, func(ctx context.Context, tx store.Tx) error {
		con, err := tx.Contracts.Lock(ctx, string(c.ContractID))
		if err != nil || con.ParentID != "" {
			return err
		}
		ref.ContractID = to
		if err := join(ctx, tx, &con, ref); fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid) {
			return nil
		} else if err != nil {
			return err
		}
		if err := tx.Contracts.Update(ctx, &con); err != nil {
			return err
		}
		tx.Note(ctx, "belongs_to", to)
		tx.Note(ctx, "candidate", c.ID)
		if err := tx.EnqueueWith(ctx, job.Queued{Args: job.MatchEvents{BusinessUnit: con.BusinessUnit}, Options: job.Options{Queue: "monitor", Unique: true}}); err != nil {
			return err
		}
		return tx.Enqueue(ctx, job.Monitor{ContractID: con.ID, Version: con.CurrentVersion})
	})
}
