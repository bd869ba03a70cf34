package exchange

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Performance is what somebody says of an occurrence of a duty that no system reports on: whether it happened.
type Performance struct {
	OccurrenceID pact.OccurrenceID `json:"occurrence_id" minLength:"1"`
	Answer       string            `json:"answer" enum:"yes,no,not_yet,take_back" doc:"no: it did not happen and will not. take_back: what corrects names no longer counts."`
	On           calendar.Date     `json:"on,omitempty" maxLength:"10" doc:"With yes: the day on which it happened."`
	Note         string            `json:"note,omitempty" maxLength:"2000" doc:"What is known, and where the proof is."`
	Corrects     pact.EventID      `json:"corrects,omitempty" doc:"The answer that stands now, which this one takes the place of; absent where there is none."`
}

// AnswerPerformance keeps an answer to "did it happen?" as an event with its author and day, by which the duty is judged: done, or the
// decision that it was not. Whoever looks after the obligation answers, or a reviewer. One answer stands at a time: another one replaces
// it, and fault.Conflict where that is not the one it was thought to be. What another system reported is corrected there.
func (o *Office) AnswerPerformance(ctx context.Context, id pact.ObligationID, p Performance) (pact.Event, error) {
	actor, _ := pact.ActorFrom(ctx)
	var e pact.Event
	err := o.Store.Change(ctx, store.Act{Name: "performance.answer", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		denied := fault.New(fault.Denied, "Saying whether it happened is for the owner of the obligation, or for the role reviewer. Nothing was kept.")
		ob, err := tx.Obligations.Get(ctx, string(id))
		if fault.Is(err, fault.NotFound) && !actor.May(pact.Reviewer) {
			return denied // who may not learns nothing of what there is
		}
		if err != nil {
			return err
		}
		if !actor.May(pact.Reviewer) {
			if mine, err := store.LooksAfter(ctx, tx, actor, ob); err != nil || !mine {
				if err != nil {
					return err
				}
				return denied
			}
		}
		con, err := tx.Contracts.Lock(ctx, string(ob.ContractID)) // answers about a contract wait for one another
		if err != nil {
			return err
		}
		occ, err := tx.Occurrences.Get(ctx, string(p.OccurrenceID))
		if err != nil {
			return err
		}
		if err := p.check(con, ob, occ, tx.Now); err != nil {
			return err
		}
		standing, err := standingAnswer(ctx, tx, con, ob, occ)
		if err != nil {
			return err
		}
		switch {
		case standing.ID != p.Corrects && standing.ID != "":
			return fault.New(fault.Conflict, "Somebody has answered already. Look at the answer that stands; another one takes its place. Nothing was kept.")
		case standing.ID != p.Corrects:
			return fault.New(fault.Conflict, "The answer to be corrected does not stand any more. Look again. Nothing was kept.")
		case standing.ID == "" && !occ.Assessment.EndedAt.IsZero():
			return fault.New(fault.Conflict, "Another system has reported that it was done. Correct it there; the correction comes here as an event. Nothing was kept.")
		case standing.ID == "" && p.Answer == "take_back":
			return fault.New(fault.Conflict, "There is no answer to take back. Nothing was changed.")
		}
		if e, err = p.event(ctx, tx, con, ob, occ, standing, actor); err != nil {
			return err
		}
		if err := tx.Events.Insert(ctx, &e); err != nil {
			return err
		}
		tx.Note(ctx, "occurrence", occ.Key)
		tx.Note(ctx, "answer", p.Answer)
		tx.Note(ctx, "on", string(p.On))
		tx.Note(ctx, "note", e.Data.Reason)
		tx.Note(ctx, "instead_of", string(standing.ID))
		var touched touches
		touched.add(e)
		return touched.enqueue(ctx, tx)
	})
	if err != nil {
		return pact.Event{}, fmt.Errorf("keeping whether a duty was done: %w", err)
	}
	return e, nil
}

func (p Performance) check(con pact.Contract, ob pact.Obligation, occ pact.Occurrence, now time.Time) error {
	if occ.ObligationID != ob.ID {
		return fault.New(fault.NotFound, "This is no occurrence of the obligation.")
	}
	if !slices.Contains(obligation.SelfReported(), ob.Kind) {
		return fault.New(fault.Unsupported, "%s is judged from what is reported, not from what somebody says. Nothing was kept.", ob.Title)
	}
	if con.State != pact.ContractActive {
		return fault.New(fault.Conflict, "The contract is %s; whether something happened is kept for active contracts. Nothing was kept.", con.State)
	}
	if p.Answer != "yes" {
		if p.On != "" {
			return wrongField("body.on", "A day is named only where it happened.", "kept")
		}
		return nil
	}
	day, err := calendar.ParseDate(string(p.On))
	switch {
	case err != nil:
		return wrongField("body.on", "Say on which day it happened; write it as 2026-03-31.", "kept")
	case day > calendar.DateIn(now.Add(14*time.Hour), time.UTC): // the day has begun nowhere yet
		return wrongField("body.on", "This day lies ahead. It is said once it has happened.", "kept")
	case ob.Kind == (obligation.ConditionalDuty{}).Name() && day < calendar.DateIn(occ.Period.Start.Add(-12*time.Hour), time.UTC):
		return wrongField("body.on", fmt.Sprintf("The duty began on %s; what was done before is not it.", calendar.DateIn(occ.Period.Start, time.UTC)), "kept")
	}
	return nil
}

// event is what the answer becomes.
func (p Performance) event(ctx context.Context, tx store.Tx, con pact.Contract, ob pact.Obligation, occ pact.Occurrence, standing pact.Event, actor pact.Actor) (pact.Event, error) {
	name, err := nameOf(ctx, tx, con)
	if err != nil {
		return pact.Event{}, err
	}
	state := map[string]string{"no": obligation.NotDone, "not_yet": obligation.NotYetDone}[p.Answer]
	e := obligation.AnswerEvent(ob, occ.Key, state)
	e.ID, e.BusinessUnit, e.ContractID = pact.NewID[pact.EventID]("evt", tx.Now), con.BusinessUnit, con.FamilyID
	e.ExternalID = strings.Join([]string{"performance", string(occ.ID), string(e.ID)}, "/")
	e.ReceivedAt, e.OccurredAt, e.MatchedBy = tx.Now, tx.Now, "said by "+actor.Name
	e.Data.Contract, e.Data.Reason, e.Data.ApprovedBy = name, strings.TrimSpace(p.Note), actor.ID
	if p.Answer == "yes" {
		// Noon of the day in UTC is that day nearly everywhere; Date says the day itself. It is not before what began the duty.
		e.Data.Date, e.OccurredAt = p.On, p.On.Time().Add(12*time.Hour)
		if ob.Kind == (obligation.ConditionalDuty{}).Name() && e.OccurredAt.Before(occ.Period.Start) {
			e.OccurredAt = occ.Period.Start
		}
		if e.OccurredAt.After(tx.Now) {
			e.OccurredAt = tx.Now
		}
	}
	if standing.ID != "" {
		e.Replaces, e.ReplacesExternal = standing.ID, standing.ExternalID
	}
	if p.Answer == "take_back" {
		e.Kind = "correction"
	}
	return e, nil
}

// standingAnswer is the answer about an occurrence that nothing replaces; the zero event where there is none.
func standingAnswer(ctx context.Context, tx store.Tx, con pact.Contract, ob pact.Obligation, occ pact.Occurrence) (pact.Event, error) {
	said, err := tx.Events.All(ctx, store.Where(store.Eq("contract_id", con.FamilyID), store.In("kind", []string{"done", "decision", "correction"})).By("occurred_at"))
	if err != nil {
		return pact.Event{}, err
	}
	name, err := nameOf(ctx, tx, con)
	if err != nil {
		return pact.Event{}, err
	}
	gone := map[pact.EventID]bool{}
	for _, e := range said {
		gone[e.Replaces] = true
	}
	for _, e := range slices.Backward(said) {
		if !gone[e.ID] && e.ConnectionID == "" && e.Data.Contract == name && obligation.Answers(e, ob, occ.Key) {
			return e, nil
		}
	}
	return pact.Event{}, nil
}
