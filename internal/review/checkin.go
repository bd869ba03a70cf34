package review

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// PlanCheckIns says how often the owner of an obligation says how it stands; nil asks for nothing. Needs role reviewer. It fails with
// fault.Invalid for a plan that can not hold, with its fields, and fault.Conflict where the obligation changed meanwhile.
func (d *Desk) PlanCheckIns(ctx context.Context, id pact.ObligationID, plan *pact.CheckInPlan, revision int64) (pact.Obligation, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Obligation{}, fault.New(fault.Denied, "Saying how often an obligation is checked needs the role reviewer.")
	}
	if plan != nil {
		if err := refuse(obligation.UnusablePlan(*plan), "body.check_in"); err != nil {
			return pact.Obligation{}, err
		}
	}
	var o pact.Obligation
	err := d.Store.Change(ctx, store.Act{Name: "check_in.plan", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if o, err = tx.Obligations.Lock(ctx, string(id)); err != nil {
			return err
		}
		if o.Revision != revision {
			return fault.New(fault.Conflict, "The obligation changed meanwhile. Look at it again.")
		}
		o.CheckIn, o.CheckInDue = plan, ""
		if plan != nil && o.CheckInState == "done" {
			o.CheckInState = "" // what was done is begun again
		}
		if plan != nil {
			o.CheckInDue = plan.Begin(calendar.DateIn(tx.Now, time.UTC))
		}
		if err := tx.Obligations.Update(ctx, &o); err != nil {
			return err
		}
		if err := closeMails(ctx, tx, o.ID, pact.CheckInDropped); err != nil {
			return err
		}
		return tx.Enqueue(ctx, job.CheckIn{ObligationID: o.ID})
	})
	return o, err
}

// closeMails says of the mails that ask for a check-in what became of it.
func closeMails(ctx context.Context, tx store.Tx, id pact.ObligationID, outcome string) error {
	open, err := tx.Notifications.All(ctx, store.Where(store.Eq("obligation_id", id), store.In("check_in", pact.CheckInOpen())))
	if err != nil {
		return err
	}
	for _, n := range open {
		if n, err = tx.Notifications.Lock(ctx, string(n.ID)); err != nil {
			return err
		}
		n.CheckIn = outcome
		if err := tx.Notifications.Update(ctx, &n); err != nil {
			return err
		}
	}
	return nil
}

// CheckedIn is a check-in with the obligation as it stands after it.
type CheckedIn struct {
	CheckIn    pact.CheckIn    `json:"check_in"`
	Obligation pact.Obligation `json:"obligation"`
}

// CheckIn keeps what somebody says of the state of an obligation: whoever looks after it, or a reviewer. The next one is due an
// interval later; done ends the plan, and nothing is said after it until one is made anew (fault.Conflict). Every other note is kept, also one
// that was not asked for.
func (d *Desk) CheckIn(ctx context.Context, id pact.ObligationID, state, note string) (CheckedIn, error) {
	actor, _ := pact.ActorFrom(ctx)
	note = strings.TrimSpace(note)
	var wrong []fault.Detail
	if !slices.Contains([]string{"on_track", "at_risk", "done"}, state) {
		wrong = append(wrong, fault.Detail{Field: "state", Message: "Say how it stands: on_track, at_risk or done."})
	}
	if note == "" || len(note) > 2000 {
		wrong = append(wrong, fault.Detail{Field: "note", Message: "Say in a sentence what you know (at most 2000 characters); it is kept with your name and the day."})
	}
	if err := refuse(wrong, "body"); err != nil {
		return CheckedIn{}, err
	}
	var out CheckedIn
	err := d.Store.Change(ctx, store.Act{Name: "check_in.record", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		o, err := tx.Obligations.Lock(ctx, string(id))
		if fault.Is(err, fault.NotFound) && !actor.May(pact.Reviewer) {
			return notTheirs() // who may not learns nothing of what there is
		}
		if err != nil {
			return err
		}
		if err := looksAfter(ctx, tx, actor, o); err != nil {
			return err
		}
		if o.CheckInState == "done" && o.CheckInDue == "" {
			return fault.New(fault.Conflict, "The plan is done: %s was said to be done, and nothing more is asked. Plan check-ins anew to go on with it. Nothing was kept.", o.Title)
		}
		today := calendar.DateIn(tx.Now, time.UTC)
		c := pact.CheckIn{
			ID: pact.NewID[pact.CheckInID]("chk", tx.Now), BusinessUnit: o.BusinessUnit, ContractID: o.ContractID, ObligationID: o.ID,
			State: state, Note: note, By: actor.ID, On: today, DueOn: o.CheckInDue,
		}
		if o.CheckInState, o.CheckInDue = state, ""; o.CheckIn != nil && state != "done" {
			o.CheckInDue = o.CheckIn.After(today)
		}
		c.NextDue = o.CheckInDue
		if err := tx.CheckIns.Insert(ctx, &c); err != nil {
			return err
		}
		if err := tx.Obligations.Update(ctx, &o); err != nil {
			return err
		}
		if err := closeMails(ctx, tx, o.ID, pact.CheckInAnswered); err != nil {
			return err
		}
		out = CheckedIn{CheckIn: c, Obligation: o}
		return tx.Enqueue(ctx, job.CheckIn{ObligationID: o.ID})
	})
	return out, err
}

// looksAfter refuses who neither may review nor is the owner of the obligation, by itself or through its contract.
func looksAfter(ctx context.Context, tx store.Tx, actor pact.Actor, o pact.Obligation) error {
	if actor.May(pact.Reviewer) {
		return nil
	}
	mine, err := store.LooksAfter(ctx, tx, actor, o)
	if err == nil && !mine {
		err = notTheirs()
	}
	return err
}

func notTheirs() error {
	return fault.New(fault.Denied, "Checking in on an obligation is for its owner, or for the role reviewer. Nothing was kept.")
}
