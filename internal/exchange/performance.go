package exchange

import (
	"context"
	"fmt"
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
	At           time.Time         `json:"at,omitzero" doc:"With yes, instead of the day: when it happened. Needed where the time to do it, or to cure it, is in hours."`
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
		ob, con, err := mayState(ctx, tx, actor, id, "Saying whether it happened is for the owner of the obligation, or for the role reviewer. Nothing was kept.")
		if err != nil {
			return err
		}
		occ, err := tx.Occurrences.Get(ctx, string(p.OccurrenceID))
		if err != nil {
			return err
		}
		by, err := governing(ctx, tx, ob, occ)
		if err != nil {
			return err
		}
		if err := p.check(con, by, occ, tx.Now); err != nil {
			return err
		}
		standing, err := standingAnswer(ctx, tx, con, occ)
		if err != nil {
			return err
		}
		switch {
		case standing.ID != p.Corrects && standing.ID != "":
			return fault.New(fault.Conflict, "Somebody has answered already. Look at the answer that stands; another one takes its place. Nothing was kept.")
		case standing.ID != p.Corrects:
			return fault.New(fault.Conflict, "The answer to be corrected does not stand any more. Look again. Nothing was kept.")
		case standing.ID == "" && p.Answer == "take_back":
			return fault.New(fault.Conflict, "There is no answer to take back. Nothing was changed.")
		case standing.ID == "":
			if err := reported(ctx, tx, con, by, occ); err != nil {
				return err
			}
		}
		if e, err = p.event(ctx, tx, con, by, occ, standing, actor); err != nil {
			return err
		}
		return keepStated(ctx, tx, &e, said{"occurrence", occ.Key}, said{"answer", p.Answer}, said{"on", string(e.Data.Date)}, said{"note", e.Data.Reason}, said{"instead_of", string(standing.ID)})
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
	if !obligation.SelfReports(ob) {
		return fault.New(fault.Unsupported, "%s is judged from what is reported, not from what somebody says. Nothing was kept.", ob.Title)
	}
	if err := active(con, "whether something happened"); err != nil {
		return err
	}
	when := moment{on: p.On, at: p.At, did: "it happened"}
	if p.Answer != "yes" {
		return when.none()
	}
	how := obligation.PerformanceOf(ob)
	day, field, err := when.check(how, now, true)
	begins := calendar.DateIn(occ.Period.Start, how.Zone)
	switch {
	case err != nil:
		return err
	case how.Instant && p.At.Before(occ.Period.Start):
		return wrongField("body.at", fmt.Sprintf("The duty began on %s; what was done before is not it.", occ.Period.Start.In(how.Zone).Format("2006-01-02 15:04 MST")), "kept")
	case ob.Kind == (obligation.ConditionalDuty{}).Name() && day < begins:
		return wrongField(field, fmt.Sprintf("The duty began on %s; what was done before is not it.", begins), "kept")
	case day < begins.AddDays(-1): // where it was done it may have been the day before
		return wrongField(field, fmt.Sprintf("What is due is for the period that begins on %s; what was done before is of another one.", begins), "kept")
	}
	return nil
}

// governing is the obligation that an occurrence was last judged by: an amendment may have changed what is asked. Its answer is kept with
// the obligation that it changes.
func governing(ctx context.Context, tx store.Tx, ob pact.Obligation, occ pact.Occurrence) (pact.Obligation, error) {
	if occ.Assessment.GovernedBy == "" || occ.Assessment.GovernedBy == ob.ID || occ.ObligationID != ob.ID {
		return ob, nil
	}
	by, err := tx.Obligations.Get(ctx, string(occ.Assessment.GovernedBy))
	if fault.Is(err, fault.NotFound) {
		return ob, nil
	}
	if err != nil {
		return pact.Obligation{}, err
	}
	ob.Kind, ob.Duty, ob.Params = by.Kind, by.Duty, by.Params
	return ob, nil
}

// reported refuses an answer where it is not for people to say: an event says that it was done, or a system reports on the duty.
func reported(ctx context.Context, tx store.Tx, con pact.Contract, ob pact.Obligation, occ pact.Occurrence) error {
	done, err := store.DoneBy(ctx, tx.Contracts, tx.Events, con, ob, occ)
	if err != nil {
		return err
	}
	if done != nil {
		return fault.New(fault.Conflict, "Another system has reported that it was done. Correct it there; the correction comes here as an event. Nothing was kept.")
	}
	reports, err := store.Reports(ctx, tx.Contracts, tx.Events, con, obligation.PerformanceKinds())
	if err != nil || len(reports) == 0 {
		return err
	}
	keys, err := store.OccurrenceKeys(ctx, tx.Occurrences, ob)
	if err == nil && obligation.Reported(ob, keys, reports) {
		return fault.New(fault.Conflict, "A connected system reports whether this was done, so nobody is asked. Nothing was kept.")
	}
	return err
}

// event is what the answer becomes.
func (p Performance) event(ctx context.Context, tx store.Tx, con pact.Contract, ob pact.Obligation, occ pact.Occurrence, standing pact.Event, actor pact.Actor) (pact.Event, error) {
	state := map[string]string{"no": obligation.NotDone, "not_yet": obligation.NotYetDone}[p.Answer]
	e := obligation.AnswerEvent(ob, occ.Key, state)
	if err := sign(ctx, tx, &e, con, actor, p.Note, standing, p.Answer == "take_back"); err != nil {
		return pact.Event{}, err
	}
	e.ExternalID = obligation.AnswerName(occ.ID, e.ID)
	switch {
	case p.Answer == "yes" && !p.At.IsZero():
		e.OccurredAt, e.Data.Date = p.At.UTC(), calendar.DateIn(p.At, obligation.PerformanceOf(ob).Zone)
	case p.Answer == "yes":
		// Noon of the day in UTC is that day nearly everywhere; Date says the day itself, and the judgement goes by it. It is not before
		// what began the duty.
		e.Data.Date, e.OccurredAt = p.On, p.On.Time().Add(12*time.Hour)
		if ob.Kind == (obligation.ConditionalDuty{}).Name() && e.OccurredAt.Before(occ.Period.Start) {
			e.OccurredAt = occ.Period.Start
		}
		if e.OccurredAt.After(tx.Now) {
			e.OccurredAt = tx.Now
		}
	}
	return e, nil
}

// standingAnswer is the answer about an occurrence that nothing replaces; the zero event where there is none.
func standingAnswer(ctx context.Context, tx store.Tx, con pact.Contract, occ pact.Occurrence) (pact.Event, error) {
	said, err := store.AnswersAbout(ctx, tx.Events, con.FamilyID, occ.ID)
	if err != nil {
		return pact.Event{}, err
	}
	standing, err := store.Standing(ctx, tx.Events, said)
	return standing[occ.ID], err
}
