package exchange

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// SentNotice is a notice that a person says was sent.
type SentNotice struct {
	Renewal   string        `json:"renewal" maxLength:"10" doc:"The renewal it was sent ahead of, by its date, such as 2026-09-01; evergreen for a contract that runs until ended by notice."`
	SentOn    calendar.Date `json:"sent_on" maxLength:"10" doc:"The day it was sent."`
	Reference string        `json:"reference,omitempty" maxLength:"200" doc:"How it went and where the proof is: registered letter, e-mail, tracking number."`
	Note      string        `json:"note,omitempty" maxLength:"2000"`
	Sure      bool          `json:"sure,omitempty" doc:"Needed for a day more than a year before the last day to send notice: it is asked for, as that is probably a slip."`
}

// TakenBack is a notice whose record is taken back.
type TakenBack struct {
	EventID pact.EventID `json:"event_id" maxLength:"60" doc:"Of the notice, as the renewal shows it."`
	Reason  string       `json:"reason" minLength:"1" maxLength:"2000"`
}

// RecordNotice keeps that notice was sent, as the event notice_sent of that day. Needs role reviewer. The same notice of the same day
// a second time is a conflict; one of another day is another notice, and so is one whose record was taken back. A day before the contract
// began is refused, and one long before notice was due has to be confirmed.
func (o *Office) RecordNotice(ctx context.Context, id pact.ContractID, n SentNotice) (pact.Event, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Event{}, fault.New(fault.Denied, "Recording a notice needs the role reviewer.")
	}
	if n.Renewal != obligation.EvergreenKey && !isDate(n.Renewal) {
		return pact.Event{}, fault.New(fault.Invalid, "%.20q names no renewal; write its date as 2026-09-01, or evergreen. Nothing was kept.", n.Renewal)
	}
	day, err := calendar.ParseDate(string(n.SentOn))
	if err != nil {
		return pact.Event{}, fault.New(fault.Invalid, "%.20q is no date; write the day it was sent as 2026-03-31. Nothing was kept.", string(n.SentOn))
	}
	var e pact.Event
	err = o.Store.Change(ctx, store.Act{Name: "notice.record", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		con, err := tx.Contracts.Lock(ctx, string(id))
		if err != nil {
			return err
		}
		if con.State != pact.ContractActive {
			return fault.New(fault.Conflict, "The contract is %s; notice is recorded for active contracts. Nothing was kept.", con.State)
		}
		if day > calendar.DateIn(tx.Now.Add(14*time.Hour), time.UTC) { // the day has begun nowhere yet
			return fault.New(fault.Invalid, "%s lies ahead. A notice is recorded once it was sent. Nothing was kept.", day)
		}
		occ, known, err := watched(ctx, tx, id, n.Renewal)
		switch {
		case err != nil:
			return err
		case !known:
			return fault.New(fault.Invalid, "This contract has no renewal on %s that is watched. Nothing was kept; publish its renewal notice first.", n.Renewal)
		case con.EffectiveDate != "" && day < con.EffectiveDate:
			return fault.New(fault.Invalid, "%s is before the contract began, on %s. Nothing was kept.", day, con.EffectiveDate)
		}
		if sendBy := calendar.Date(occ.Assessment.Measured); !n.Sure && n.Renewal != obligation.EvergreenKey && isDate(string(sendBy)) && day < sendBy.AddMonths(-12) {
			return fault.New(fault.Invalid, "%s is more than a year before %s, the last day to send this notice. Confirm that it was sent that early (sure), or correct the day. Nothing was kept.", day, sendBy)
		}
		name, err := nameOf(ctx, tx, con)
		if err != nil {
			return err
		}
		key, err := freeKey(ctx, tx, strings.Join([]string{"notice", string(con.ID), n.Renewal, string(day)}, "/"))
		if err != nil {
			return err
		}
		// Noon of the day in UTC is that day nearly everywhere; Date says the day itself.
		e = pact.Event{
			ID: pact.NewID[pact.EventID]("evt", tx.Now), BusinessUnit: con.BusinessUnit, ContractID: con.FamilyID, Kind: noticeSent, Subject: n.Renewal,
			ExternalID: key, OccurredAt: day.Time().Add(12 * time.Hour), ReceivedAt: tx.Now,
			MatchedBy: "recorded by " + actor.Name, Data: pact.EventData{Item: obligation.NoticeOfRenewal, Date: day, Contract: name, Reference: strings.TrimSpace(n.Reference), Reason: strings.TrimSpace(n.Note), ApprovedBy: actor.ID},
		}
		if e.OccurredAt.After(tx.Now) {
			e.OccurredAt = tx.Now
		}
		if err := tx.Events.Insert(ctx, &e); err != nil {
			if fault.Is(err, fault.Conflict) {
				return fault.New(fault.Conflict, "That this notice was sent on %s is recorded already.", day)
			}
			return err
		}
		tx.Note(ctx, "renewal", n.Renewal)
		tx.Note(ctx, "sent_on", string(day))
		tx.Note(ctx, "reference", e.Data.Reference)
		tx.Note(ctx, "note", e.Data.Reason)
		takes, err := noticeTakesPlace(ctx, tx, con, occ, day)
		if err != nil {
			return err
		}
		if takes {
			if err := dropDecision(ctx, tx, con, n.Renewal, actor, fmt.Sprintf("notice was sent on %s", day)); err != nil {
				return err
			}
		}
		return tx.EnqueueWith(ctx, job.Queued{Args: job.Assess{ContractID: con.FamilyID, Subject: n.Renewal}, Options: job.Options{Queue: "monitor"}})
	})
	if err != nil {
		return pact.Event{}, fmt.Errorf("recording a notice: %w", err)
	}
	return e, nil
}

// noticeTakesPlace tells whether a notice sent on a day takes the place of what was decided about its renewal: one that is late, or sent before
// notice was possible, changes nothing.
func noticeTakesPlace(ctx context.Context, tx store.Tx, con pact.Contract, occ pact.Occurrence, day calendar.Date) (bool, error) {
	if occ.Key == obligation.EvergreenKey || string(day) > occ.Assessment.Measured {
		return false, nil
	}
	ob, err := tx.Obligations.Get(ctx, string(occ.ObligationID))
	if err != nil {
		return false, err
	}
	in, _, err := inForceOn(ctx, tx, con, ob, calendar.DateIn(tx.Now, time.UTC))
	return !obligation.TooEarly(in, calendar.Date(occ.Key), day), err
}

// nameOf is how an event names its contract: by its number, or by its id where the number would mean others of the family, too.
func nameOf(ctx context.Context, tx store.Tx, con pact.Contract) (string, error) {
	same, err := tx.Contracts.Count(ctx, store.Where(store.Eq("family_id", con.FamilyID), store.Eq("number", con.Number)))
	if con.Number == "" || same > 1 {
		return string(con.ID), err
	}
	return con.Number, err
}

// freeKey is the external id of what a person records: that of its day, or the next one where what was recorded of that day was taken back.
func freeKey(ctx context.Context, tx store.Tx, base string) (string, error) {
	for n := 1; ; n++ {
		key := base
		if n > 1 {
			key = fmt.Sprintf("%s/%d", base, n)
		}
		e, err := tx.Events.One(ctx, store.Where(store.Eq("connection_id", ""), store.Eq("external_id", key)))
		if fault.Is(err, fault.NotFound) {
			return key, nil
		}
		if err != nil {
			return "", err
		}
		gone, err := tx.Events.Count(ctx, store.Where(store.Eq("replaces", e.ID)))
		if err != nil || gone == 0 {
			return key, err // recorded already: keeping it again is the conflict
		}
	}
}

// TakeBackNotice takes the record of a notice back, by a correction that replaces it: the renewal is judged as if it had not been
// recorded, and both stay in the log. Needs role reviewer, and to be who recorded it, or role admin. A notice that another system
// reported is corrected there.
func (o *Office) TakeBackNotice(ctx context.Context, id pact.ContractID, t TakenBack) (pact.Event, error) {
	return o.takeBack(ctx, id, t, noticeSaid)
}

// noticeSaid is how a notice that a person recorded is kept.
var noticeSaid = recorded{kind: noticeSent, what: "notice", did: "recorded", act: "notice.withdraw", day: "sent_on"}

// recorded is a kind of statement about a renewal: notice that was sent, or a decision to send none.
type recorded struct {
	kind string // of the event
	what string // "notice": in words, and before the contract in the external id
	did  string // what its author did: "recorded"
	act  string // of the audit log, for taking it back
	day  string // what the audit log calls its day
}

// mine tells whether an event is such a statement that a person made for a contract here.
func (r recorded) mine(e pact.Event, con pact.Contract) bool {
	return e.ContractID == con.FamilyID && e.Kind == r.kind && e.ConnectionID == "" && strings.HasPrefix(e.ExternalID, r.what+"/"+string(con.ID)+"/")
}

// mayTakeBack refuses everybody but who made the statement and administrators.
func (r recorded) mayTakeBack(e pact.Event, actor pact.Actor) error {
	if e.Data.ApprovedBy == "" || e.Data.ApprovedBy == actor.ID || actor.May(pact.Admin) { // "": made before that was kept
		return nil
	}
	return fault.New(fault.Denied, "A %s is taken back by who %s it, or by an administrator.", r.what, r.did)
}

func (o *Office) takeBack(ctx context.Context, id pact.ContractID, t TakenBack, r recorded) (pact.Event, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Event{}, fault.New(fault.Denied, "Taking a %s back needs the role reviewer.", r.what)
	}
	t.Reason = strings.TrimSpace(t.Reason)
	if t.Reason == "" {
		return pact.Event{}, fault.New(fault.Invalid, "Say why it is taken back; it is kept. Nothing was changed.")
	}
	var e pact.Event
	err := o.Store.Change(ctx, store.Act{Name: r.act, Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		con, err := tx.Contracts.Lock(ctx, string(id))
		if err != nil {
			return err
		}
		sent, err := tx.Events.Get(ctx, string(t.EventID))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err != nil || !r.mine(sent, con) {
			return fault.New(fault.Invalid, "This is no %s that a person %s for this contract. Nothing was changed.", r.what, r.did)
		}
		if err := r.mayTakeBack(sent, actor); err != nil {
			return err
		}
		gone, err := tx.Events.Count(ctx, store.Where(store.Eq("replaces", sent.ID)))
		if err != nil {
			return err
		}
		if gone > 0 {
			return fault.New(fault.Conflict, "This %s was taken back already.", r.what)
		}
		e = withdrawal(tx.Now, sent, actor, t.Reason)
		return keepStated(ctx, tx, &e, said{"renewal", sent.Subject}, said{r.day, string(sent.Data.Date)}, said{"reason", t.Reason})
	})
	if err != nil {
		return pact.Event{}, fmt.Errorf("taking a %s back: %w", r.what, err)
	}
	return e, nil
}

// withdrawal is the correction that takes a statement back: both stay in the log.
func withdrawal(now time.Time, e pact.Event, actor pact.Actor, reason string) pact.Event {
	return pact.Event{
		ID: pact.NewID[pact.EventID]("evt", now), BusinessUnit: e.BusinessUnit, ContractID: e.ContractID, Kind: "correction", Subject: e.Subject,
		ExternalID: e.ExternalID + "/back", OccurredAt: now, ReceivedAt: now, Replaces: e.ID, ReplacesExternal: e.ExternalID,
		MatchedBy: "taken back by " + actor.Name, Data: pact.EventData{Contract: e.Data.Contract, Reason: reason, ApprovedBy: actor.ID},
	}
}

// watched is the occurrence of a renewal that an obligation of the contract watches; false where there is none.
func watched(ctx context.Context, tx store.Tx, id pact.ContractID, renewal string) (pact.Occurrence, bool, error) {
	obs, err := tx.Obligations.All(ctx, store.Where(store.Eq("contract_id", id), store.Eq("kind", (obligation.RenewalNotice{}).Name())))
	if err != nil {
		return pact.Occurrence{}, false, err
	}
	for _, ob := range obs {
		occ, err := tx.Occurrences.One(ctx, store.Where(store.Eq("obligation_id", ob.ID), store.Eq("key", renewal)))
		if !fault.Is(err, fault.NotFound) {
			return occ, err == nil, err
		}
	}
	return pact.Occurrence{}, false, nil
}
