package review

import (
	"context"
	"fmt"
	"slices"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// answerKind is an approval of an answer. Approvals of credits belong to respond.
const answerKind = "answer"

// wait keeps an answer that takes something back until a second person looked at it. One of a question at a time.
func wait(ctx context.Context, tx store.Tx, p prepared, waiting pact.WaitingAnswer, finding pact.FindingID) (*pact.Approval, error) {
	others, err := tx.Approvals.All(ctx, store.Where(store.Eq("contract_id", p.contract.ID), store.Eq("kind", answerKind), store.Eq("state", "waiting")))
	if err != nil {
		return nil, err
	}
	for _, o := range others {
		if o.Answer != nil && o.Answer.ObligationID == p.obligation.ID {
			return nil, fault.New(fault.Conflict, "An answer about %s waits for a second person already. An approver decides on it first (Findings, Approvals). Nothing was changed.", p.obligation.Title)
		}
	}
	for _, l := range waiting.Lowers {
		if finding == "" {
			finding = l.FindingID
		}
	}
	a := pact.Approval{
		ID: pact.NewID[pact.ApprovalID]("apr", tx.Now), BusinessUnit: p.contract.BusinessUnit, ContractID: p.contract.ID, FindingID: finding, Kind: answerKind,
		State: "waiting", Excluded: []string{waiting.By}, Answer: &waiting,
	}
	tx.Note(ctx, "answer", p.text)
	tx.Note(ctx, "waits", fmt.Sprintf("takes back %d", len(waiting.Lowers)))
	return &a, tx.Approvals.Insert(ctx, &a)
}

// ApproveAnswer decides on an answer that takes a breach or a credit back. Needs role approver, and a person other than the one who
// answered. Approved, it holds as if it had been given now, by who gave it; what moved on meanwhile gives fault.Conflict, and the answer
// waits on for a refusal. Refused, the question is open again.
func (d *Desk) ApproveAnswer(ctx context.Context, id pact.ApprovalID, kind, reason string, revision int64) (pact.Approval, error) {
	actor, _ := pact.ActorFrom(ctx)
	switch {
	case !actor.May(pact.Approver):
		return pact.Approval{}, fault.New(fault.Denied, "Approving an answer that takes something back needs the role approver.")
	case actor.Kind != "person":
		return pact.Approval{}, fault.New(fault.Denied, "Four eyes: an answer is approved by a person who is signed in, not by an API key.")
	case kind != "approve" && kind != "refuse":
		return pact.Approval{}, fault.New(fault.Invalid, "%.40q is no decision; use approve or refuse.", kind)
	}
	var row pact.Approval
	err := d.Store.Change(ctx, store.Act{Name: "answer." + kind, Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		seen, err := tx.Approvals.Get(ctx, string(id))
		if err != nil {
			return err
		}
		w := seen.Answer
		if seen.Kind != answerKind || w == nil {
			return fault.New(fault.NotFound, "This is no answer that waits.")
		}
		if kind == "approve" && slices.Contains(seen.Excluded, actor.ID) {
			return fault.New(fault.Denied, "Four eyes: you gave this answer, so somebody else must approve it.")
		}
		a := Answer{Question: w.Question, Reading: w.Reading, Params: w.Params, Reason: w.Reason, Revision: w.Revision}
		var p prepared
		if kind == "approve" { // the order of locks is that of an answer: contract before approval
			ask := ofObligation(w.ObligationID, w.OccurrenceID)
			if w.OfFinding {
				ask = ofFinding(seen.FindingID)
			}
			if p, err = d.prepare(ctx, tx, w.By, a, ask); err != nil {
				return moved(err)
			}
		}
		if row, err = tx.Approvals.Lock(ctx, string(id)); err != nil {
			return err
		}
		if row.State != "waiting" {
			return fault.New(fault.Conflict, "This answer is %s already.", row.State)
		}
		if row.Revision != revision {
			return fault.New(fault.Conflict, "The answer changed meanwhile. Look at it again.")
		}
		row.State, row.DecidedBy, row.DecidedAt, row.Reason = "refused", actor.ID, tx.Now, reason
		if kind == "approve" {
			row.State = "approved"
			if _, err := d.hold(ctx, tx, p, a); err != nil {
				return err
			}
		}
		return tx.Approvals.Update(ctx, &row)
	})
	return row, err
}

// moved says of an answer that no longer fits what is left to do.
func moved(err error) error {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Conflict {
		return err
	}
	return fault.Wrap(fault.Conflict, err, "The question moved on since it was answered: %s Refuse this answer; the question is asked as it stands now.", f.Message)
}
