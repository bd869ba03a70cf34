package review

import (
	"context"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// WithdrawAnswer takes back an answer that waits for a second person; the question is open again. It is for who gave the answer, and for
// nobody else: an approver refuses it instead. Again by the same person it changes nothing; once it was decided on it is fault.Conflict.
func (d *Desk) WithdrawAnswer(ctx context.Context, id pact.ApprovalID, reason string) (pact.Approval, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Approval{}, fault.New(fault.Denied, "Taking back an answer needs the role reviewer.")
	}
	var row pact.Approval
	err := d.Store.Change(ctx, store.Act{Name: "answer.withdraw", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if row, err = tx.Approvals.Lock(ctx, string(id)); err != nil {
			return err
		}
		switch {
		case row.Kind != answerKind || row.Answer == nil:
			return fault.New(fault.NotFound, "This is no answer that waits.")
		case row.Answer.By != actor.ID:
			return fault.New(fault.Denied, "Only who gave this answer takes it back. An approver refuses it instead. Nothing was changed.")
		case row.State == "withdrawn":
			return nil // it was taken back already, by the same person
		case row.State != "waiting":
			return fault.New(fault.Conflict, "This answer was %s meanwhile, so it can not be taken back. Nothing was changed.", row.State)
		}
		row.State, row.DecidedBy, row.DecidedAt, row.Reason = "withdrawn", actor.ID, tx.Now, strings.TrimSpace(reason)
		tx.Note(ctx, "answer", row.Answer.Question)
		return tx.Approvals.Update(ctx, &row)
	})
	return row, err
}
