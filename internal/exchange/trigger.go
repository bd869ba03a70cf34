package exchange

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
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
		if con.State != pact.ContractActive {
			return fault.New(fault.Conflict, "The contract is %s; what starts a duty is kept for active contracts. Nothing was kept.", con.State)
		}
		day, err := p.check(ob, tx.Now)
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

// check gives the day on which it was started; "" where it is taken back.
func (p Trigger) check(ob pact.Obligation, now time.Time) (calendar.Date, error) {
	if p.Answer != "yes" {
		switch {
		case p.On != "" || !p.At.IsZero():
			return "", wrongField("body.on", "A day is named only where it was started.", "kept")
		case p.Corrects == "":
			return "", wrongField("body.corrects", "Name what is taken back.", "changed")
		}
		return "", nil
	}
	how := obligation.TriggerOf(ob)
	switch {
	case p.On != "" && !p.At.IsZero():
		return "", wrongField("body.on", "Say either the day or the time at which it was started.", "kept")
	case how.Instant && p.At.IsZero():
		return "", wrongField("body.at", "The time for this is in hours: say the day and the time at which it was started, as 2026-03-31T14:30:00Z.", "kept")
	case !p.At.IsZero() && p.At.After(now):
		return "", wrongField("body.at", "This time lies ahead. It is said once it has happened.", "kept")
	}
	field, day, err := "body.at", calendar.DateIn(p.At, how.Zone), error(nil)
	if p.At.IsZero() {
		field = "body.on"
		day, err = calendar.ParseDate(string(p.On))
	}
	switch {
	case err != nil:
		return "", wrongField(field, "Say on which day it was started; write it as 2026-03-31.", "kept")
	case how.Begins(day).After(now):
		return "", wrongField(field, "This day lies ahead. It is said once it has happened.", "kept")
	}
	return day, nil
}

// fits refuses a statement beside the others, on a day on which the duty does not hold, and one that a system makes.
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
	holds, err := holdsOn(ctx, tx, con, ob, day)
	if err != nil {
		return err
	}
	if !holds {
		field := "body.on"
		if !p.At.IsZero() {
			field = "body.at"
		}
		return wrongField(field, fmt.Sprintf("The duty does not hold on %s.", day), "kept")
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

// holdsOn tells whether an obligation holds on a day by any of the documents that state it: an amendment may have changed how long.
func holdsOn(ctx context.Context, tx store.Tx, con pact.Contract, ob pact.Obligation, day calendar.Date) (bool, error) {
	family, err := tx.Contracts.All(ctx, store.Query{Where: []store.Cond{store.Eq("family_id", con.FamilyID)}, Only: []string{"id"}})
	if err != nil {
		return false, err
	}
	ids := make([]string, 0, len(family))
	for _, c := range family {
		ids = append(ids, string(c.ID))
	}
	stated, err := tx.Obligations.All(ctx, store.Where(store.In("contract_id", ids), store.Eq("key", ob.Key)))
	return slices.ContainsFunc(append(stated, ob), func(o pact.Obligation) bool { return o.InForce.Contains(day) }), err
}

// event is what the statement becomes. What was corrected keeps its name, and with it what was judged.
func (p Trigger) event(ctx context.Context, tx store.Tx, con pact.Contract, ob pact.Obligation, day calendar.Date, standing []pact.Event, actor pact.Actor) (pact.Event, error) {
	name, err := nameOf(ctx, tx, con)
	if err != nil {
		return pact.Event{}, err
	}
	var e pact.Event
	if i := slices.IndexFunc(standing, func(x pact.Event) bool { return x.ID == p.Corrects }); i >= 0 {
		e = obligation.TriggerEvent(ob, standing[i].Subject)
		e.Replaces, e.ReplacesExternal = standing[i].ID, standing[i].ExternalID
	} else {
		key, err := freeTrigger(ctx, tx, con, ob)
		if err != nil {
			return pact.Event{}, err
		}
		e = obligation.TriggerEvent(ob, key)
	}
	e.ID, e.BusinessUnit, e.ContractID = pact.NewID[pact.EventID]("evt", tx.Now), con.BusinessUnit, con.FamilyID
	e.ExternalID = obligation.TriggerName(e.ID)
	e.ReceivedAt, e.OccurredAt, e.MatchedBy = tx.Now, tx.Now, "said by "+actor.Name
	e.Data.Contract, e.Data.Reason, e.Data.ApprovedBy, e.Data.Date = name, strings.TrimSpace(p.Note), actor.ID, day
	switch {
	case p.Answer == "take_back":
		e.Kind = "correction"
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
	if said, err = store.TriggersOf(ctx, tx.Contracts, con, said, ob.Key); err != nil {
		return nil, err
	}
	return store.Stand(ctx, tx.Events, said)
}
