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
}

// RecordNotice keeps that notice was sent, as the event notice_sent of that day. Needs role reviewer. The same notice of the same day
// a second time is a conflict; one of another day is another notice.
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
		if known, err := watched(ctx, tx, id, n.Renewal); err != nil || !known {
			if err != nil {
				return err
			}
			return fault.New(fault.Invalid, "This contract has no renewal on %s that is watched. Nothing was kept; publish its renewal notice first.", n.Renewal)
		}
		name := con.Number
		if same, err := tx.Contracts.Count(ctx, store.Where(store.Eq("family_id", con.FamilyID), store.Eq("number", con.Number))); err != nil {
			return err
		} else if name == "" || same > 1 {
			name = string(con.ID) // the number would mean the others of the family, too
		}
		// Noon of the day in UTC is that day nearly everywhere; Date says the day itself.
		e = pact.Event{
			ID: pact.NewID[pact.EventID]("evt", tx.Now), BusinessUnit: con.BusinessUnit, ContractID: con.FamilyID, Kind: noticeSent, Subject: n.Renewal,
			ExternalID: strings.Join([]string{"notice", string(con.ID), n.Renewal, string(day)}, "/"), OccurredAt: day.Time().Add(12 * time.Hour), ReceivedAt: tx.Now,
			MatchedBy: "recorded by " + actor.Name, Data: pact.EventData{Date: day, Contract: name, Reference: strings.TrimSpace(n.Reference), Reason: strings.TrimSpace(n.Note)},
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
		return tx.EnqueueWith(ctx, job.Queued{Args: job.Assess{ContractID: con.FamilyID, Subject: n.Renewal}, Options: job.Options{Queue: "monitor"}})
	})
	if err != nil {
		return pact.Event{}, fmt.Errorf("recording a notice: %w", err)
	}
	return e, nil
}

// watched tells whether an obligation of the contract watches a renewal.
func watched(ctx context.Context, tx store.Tx, id pact.ContractID, renewal string) (bool, error) {
	obs, err := tx.Obligations.All(ctx, store.Where(store.Eq("contract_id", id), store.Eq("kind", (obligation.RenewalNotice{}).Name())))
	if err != nil {
		return false, err
	}
	for _, ob := range obs {
		n, err := tx.Occurrences.Count(ctx, store.Where(store.Eq("obligation_id", ob.ID), store.Eq("key", renewal)))
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}
