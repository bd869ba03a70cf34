package review

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
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
// waits on for a refusal. So does what the approver did not see: where it takes back other things by now, these are kept with the
// answer, to be looked at. Refused, the question is open again.
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
	seen, err := d.Store.Reads().Approvals.Get(ctx, string(id))
	if err != nil {
		return pact.Approval{}, err
	}
	w := seen.Answer
	if seen.Kind != answerKind || w == nil {
		return pact.Approval{}, fault.New(fault.NotFound, "This is no answer that waits.")
	}
	act := store.Act{Name: "answer." + kind, Subject: string(id)}
	var row pact.Approval
	if kind == "refuse" {
		err = d.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
			if row, err = waitsStill(ctx, tx, id, revision); err != nil {
				return err
			}
			row.State, row.DecidedBy, row.DecidedAt, row.Reason = "refused", actor.ID, tx.Now, reason
			return tx.Approvals.Update(ctx, &row)
		})
		return row, err
	}
	if slices.Contains(seen.Excluded, actor.ID) {
		return pact.Approval{}, fault.New(fault.Denied, "Four eyes: you gave this answer, so somebody else must approve it.")
	}
	a := Answer{Question: w.Question, Reading: w.Reading, Params: w.Params, Reason: w.Reason, Revision: w.Revision}
	ask := ofObligation(w.ObligationID, w.OccurrenceID)
	if w.OfFinding {
		ask = ofFinding(seen.FindingID)
	}
	prepare := func(ctx context.Context, tx store.Tx) (prepared, error) {
		p, err := d.prepare(ctx, tx, w.By, a, ask)
		return p, moved(err)
	}
	var now []pact.Lowered
	err = d.foreseeing(ctx, act, prepare, func(ctx context.Context, tx store.Tx, p prepared, lowers []pact.Lowered) error {
		if row, err = waitsStill(ctx, tx, id, revision); err != nil { // the order of locks is that of an answer: contract before approval
			return err
		}
		if d.Foresee != nil && !slices.EqualFunc(row.Answer.Lowers, lowers, sameLowered) {
			now = lowers
			return errOtherwise
		}
		row.State, row.DecidedBy, row.DecidedAt, row.Reason = "approved", actor.ID, tx.Now, reason
		if _, err := d.hold(ctx, tx, p, a); err != nil {
			return err
		}
		return tx.Approvals.Update(ctx, &row)
	})
	if errors.Is(err, errOtherwise) {
		return pact.Approval{}, d.seeAgain(ctx, id, revision, now)
	}
	return row, err
}

// errOtherwise ends the approval of an answer that takes back other things than the approver saw.
var errOtherwise = errors.New("it takes back other things now")

// seeAgain keeps what a waiting answer takes back by now, and says so.
func (d *Desk) seeAgain(ctx context.Context, id pact.ApprovalID, revision int64, lowers []pact.Lowered) error {
	err := d.Store.Change(ctx, store.Act{Name: "answer.foresee", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		row, err := waitsStill(ctx, tx, id, revision)
		if err != nil {
			return err
		}
		answer := *row.Answer
		answer.Lowers = append([]pact.Lowered{}, lowers...)
		row.Answer = &answer
		tx.Note(ctx, "waits", fmt.Sprintf("takes back %d", len(lowers)))
		return tx.Approvals.Update(ctx, &row)
	})
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "This answer takes back other things now than when you looked at it. Look again at what it takes back, then decide. It was not approved.")
}

// waitsStill locks an answer that waits, as it was seen.
func waitsStill(ctx context.Context, tx store.Tx, id pact.ApprovalID, revision int64) (pact.Approval, error) {
	row, err := tx.Approvals.Lock(ctx, string(id))
	switch {
	case err != nil:
		return row, err
	case row.State != "waiting":
		return row, fault.New(fault.Conflict, "This answer is %s already.", row.State)
	case row.Revision != revision:
		return row, fault.New(fault.Conflict, "The answer changed meanwhile. Look at it again.")
	}
	return row, nil
}

func sameLowered(a, b pact.Lowered) bool {
	same := sameMoney(a.WasAmount, b.WasAmount) && sameMoney(a.IsAmount, b.IsAmount)
	a.WasAmount, a.IsAmount, b.WasAmount, b.IsAmount = nil, nil, nil, nil
	return same && a == b
}

func sameMoney(a, b *money.Amount) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

// mostForeseen is how often it is computed what an answer takes back while something changes all the time.
const mostForeseen = 4

// foreseeing does something with an answer and what it would take back. That is computed between two looks at the question, since it may
// take a while: the second refuses what moved on meanwhile, and where something was reported or registered, it is computed again.
func (d *Desk) foreseeing(ctx context.Context, act store.Act, prepare func(context.Context, store.Tx) (prepared, error), do func(context.Context, store.Tx, prepared, []pact.Lowered) error) error {
	looked, grown := errors.New("looked"), errors.New("grown")
	for range mostForeseen {
		var p prepared
		var before string
		err := d.Store.Change(ctx, store.Act{Name: "question.look", Subject: act.Subject}, func(ctx context.Context, tx store.Tx) error {
			var err error
			if p, err = prepare(ctx, tx); err != nil {
				return err
			}
			if before, err = known(ctx, tx, p.contract); err != nil {
				return err
			}
			return looked // nothing was written
		})
		if !errors.Is(err, looked) {
			return err
		}
		var lowers []pact.Lowered
		if d.Foresee != nil {
			if lowers, err = d.Foresee(ctx, p.obligation.ID, p.patch); err != nil {
				return fmt.Errorf("foreseeing what an answer changes: %w", err)
			}
		}
		err = d.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
			p, err := prepare(ctx, tx)
			if err != nil {
				return err
			}
			now, err := known(ctx, tx, p.contract)
			if err != nil {
				return err
			}
			if now != before {
				return grown
			}
			return do(ctx, tx, p, lowers)
		})
		if !errors.Is(err, grown) {
			return err
		}
	}
	return fault.New(fault.Conflict, "What is reported under the contract grows while it is computed what the answer takes back. Nothing was changed; try again in a moment.")
}

// known is a mark of all that is replayed for a family: it is another as soon as an event is reported (a correction is one), or a contract
// or an obligation changes.
func known(ctx context.Context, tx store.Tx, con pact.Contract) (string, error) {
	events, err := tx.Events.Count(ctx, store.Where(store.Eq("contract_id", con.FamilyID)))
	if err != nil {
		return "", err
	}
	members, err := tx.Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID)).By("id"))
	if err != nil {
		return "", err
	}
	var ids []string
	out := fmt.Sprint(events)
	for _, m := range members {
		ids = append(ids, string(m.ID))
		out += fmt.Sprintf(" %s/%d", m.ID, m.Revision)
	}
	register, err := tx.Obligations.All(ctx, store.Where(store.In("contract_id", ids)).By("id"))
	for _, o := range register {
		out += fmt.Sprintf(" %s/%d", o.ID, o.Revision)
	}
	return out, err
}

// moved says of an answer that no longer fits what is left to do.
func moved(err error) error {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Conflict {
		return err
	}
	return fault.Wrap(fault.Conflict, err, "The question moved on since it was answered: %s Refuse this answer; the question is asked as it stands now.", f.Message)
}
