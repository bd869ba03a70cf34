package exchange

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Trigger is what somebody says of a conditional duty whose start no system reports: that it was started, and when.
type Trigger struct {
	Answer   string        `json:"answer" enum:"yes,take_back" doc:"take_back: what corrects names no longer counts, and the duty was not started by it."`
	On       calendar.Date `json:"on,omitempty" maxLength:"10" doc:"With yes: the day on which it was started, in the zone of the contract."`
	At       time.Time     `json:"at,omitzero" doc:"With yes, instead of the day: when it was started. Needed where the time to do it is in hours."`
	Note     string        `json:"note,omitempty" maxLength:"2000" doc:"What is known, and where the proof is."`
	Corrects pact.EventID  `json:"corrects,omitempty" doc:"The statement that stands, which this one takes the place of. Absent: it was started (once more)."`
}

// StateTrigger keeps somebody's word that a conditional duty was started as an event with its author and day: the time to do it runs from
// there. It is about this duty alone, whatever else the same thing starts. Whoever looks after the obligation says it, or a reviewer.
// fault.Conflict where the statement to be corrected does not stand, where the same day was said before, and where a system reports it.
func (o *Office) StateTrigger(ctx context.Context, id pact.ObligationID, p Trigger) (pact.Event, error) {
	actor, _ := pact.ActorFrom(ctx)
	var e pact.Event
	err := o.Store.Change(ctx, store.Act{Name: "trigger.state", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		ob, con, err := mayState(ctx, tx, actor, id, "Saying that it was started is for the owner of the obligation, or for the role reviewer. Nothing was kept.")
		if err != nil {
			return err
		}
		if ob.Kind != (obligation.ConditionalDuty{}).Name() {
			return fault.New(fault.Unsupported, "%s is started by nothing that somebody says. Nothing was kept.", ob.Title)
		}
		if err := active(con, "what starts a duty"); err != nil {
			return err
		}
		ob, day, err := p.check(ctx, tx, con, ob)
		if err != nil {
			return err
		}
		standing, err := standingTriggers(ctx, tx, con, ob)
		if err != nil {
			return err
		}
		if err := p.fits(ctx, tx, con, ob, day, standing); err != nil {
			return err
		}
		if e, err = p.event(ctx, tx, con, ob, day, standing, actor); err != nil {
			return err
		}
		return keepStated(ctx, tx, &e, said{"started", e.Subject}, said{"answer", p.Answer}, said{"on", string(e.Data.Date)}, said{"note", e.Data.Reason}, said{"instead_of", string(e.Replaces)})
	})
	if err != nil {
		return pact.Event{}, fmt.Errorf("keeping what started a duty: %w", err)
	}
	return e, nil
}

// check gives the day on which it was started, "" where it is taken back, and the obligation as it stands on that day: by that it is said
// how the time runs, and in which zone the day begins.
func (p Trigger) check(ctx context.Context, tx store.Tx, con pact.Contract, ob pact.Obligation) (pact.Obligation, calendar.Date, error) {
	when := moment{on: p.On, at: p.At, did: "it was started"}
	if p.Answer != "yes" {
		if err := when.none(); err != nil {
			return ob, "", err
		}
		if p.Corrects == "" {
			return ob, "", wrongField("body.corrects", "Name what is taken back.", "changed")
		}
		return ob, "", nil
	}
	day := p.On
	if day == "" {
		day = calendar.DateIn(p.At, obligation.TriggerOf(ob).Zone)
	}
	on, holds, err := inForceOn(ctx, tx, con, ob, day)
	if err != nil {
		return ob, "", err
	}
	day, field, err := when.check(obligation.TriggerOf(on), tx.Now, false)
	switch {
	case err != nil:
		return ob, "", err
	case !holds:
		return ob, "", wrongField(field, fmt.Sprintf("The duty does not hold on %s.", day), "kept")
	case on.Kind != ob.Kind:
		return ob, "", fault.New(fault.Unsupported, "On %s %s is started by nothing that somebody says: an amendment states it otherwise. Nothing was kept.", day, ob.Title)
	}
	return on, day, nil
}

// fits refuses a statement beside the others, and one that a system makes.
func (p Trigger) fits(ctx context.Context, tx store.Tx, con pact.Contract, ob pact.Obligation, day calendar.Date, standing []pact.Event) error {
	if p.Corrects != "" && !slices.ContainsFunc(standing, func(e pact.Event) bool { return e.ID == p.Corrects }) {
		return fault.New(fault.Conflict, "What is to be corrected does not stand any more. Look again. Nothing was kept.")
	}
	if p.Answer == "take_back" {
		return nil
	}
	for _, e := range standing {
		if e.ID != p.Corrects && e.Data.Date == day && (p.At.IsZero() || e.OccurredAt.Equal(p.At)) {
			return fault.New(fault.Conflict, "Somebody has said already that it was started on %s. Nothing was kept.", day)
		}
	}
	if p.Corrects != "" {
		return nil
	}
	reports, err := store.Reports(ctx, tx.Contracts, tx.Events, con, obligation.TriggerKinds(ob))
	if err == nil && obligation.TriggerReported(ob, reports) {
		return fault.New(fault.Conflict, "A connected system reports what starts this duty, so nobody is asked. Nothing was kept.")
	}
	return err
}

// event is what the statement becomes. What was corrected keeps its name, and with it what was judged.
func (p Trigger) event(ctx context.Context, tx store.Tx, con pact.Contract, ob pact.Obligation, day calendar.Date, standing []pact.Event, actor pact.Actor) (pact.Event, error) {
	var e, replaced pact.Event
	if i := slices.IndexFunc(standing, func(x pact.Event) bool { return x.ID == p.Corrects }); i >= 0 {
		replaced = standing[i]
		e = obligation.TriggerEvent(ob, replaced.Subject)
	} else {
		key, err := freeTrigger(ctx, tx, con, ob)
		if err != nil {
			return pact.Event{}, err
		}
		e = obligation.TriggerEvent(ob, key)
	}
	if err := sign(ctx, tx, &e, con, actor, p.Note, replaced, p.Answer == "take_back"); err != nil {
		return pact.Event{}, err
	}
	e.ExternalID, e.Data.Date = obligation.TriggerName(e.ID), day
	switch {
	case p.Answer == "take_back":
	case !p.At.IsZero():
		e.OccurredAt = p.At.UTC()
	default: // what is done on the day itself is done after it
		e.OccurredAt = obligation.TriggerOf(ob).Begins(day)
	}
	return e, nil
}

// freeTrigger names what was started: by what the clause calls it, with a number where that is taken. The name of what was taken back is
// free again.
func freeTrigger(ctx context.Context, tx store.Tx, con pact.Contract, ob pact.Obligation) (string, error) {
	name := cut(obligation.StartedBy(ob), 100)
	for n, free := 1, name; ; n++ {
		if n > 1 {
			free = name + " " + strconv.Itoa(n)
		}
		known, err := tx.Events.All(ctx, store.Where(store.Eq("contract_id", con.FamilyID), store.Eq("subject", free)))
		if err != nil {
			return "", err
		}
		if known, err = store.Stand(ctx, tx.Events, known); err != nil || len(known) == 0 {
			return free, err
		}
	}
}

// standingTriggers are the statements about an obligation that nothing replaces.
func standingTriggers(ctx context.Context, tx store.Tx, con pact.Contract, ob pact.Obligation) ([]pact.Event, error) {
	said, err := store.StatedTriggers(ctx, tx.Events, con.FamilyID)
	if err != nil {
		return nil, err
	}
	if said, err = store.NewReporting(tx.Contracts, tx.Events, con).Triggers(ctx, said, ob.Key); err != nil {
		return nil, err
	}
	return store.Stand(ctx, tx.Events, said)
}
