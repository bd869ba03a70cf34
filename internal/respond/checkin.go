package respond

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/outbox"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// CheckInTimer is the kind of timer that fires when a check-in is due, when it was missed, and when the next person is to hear of it.
const CheckInTimer = "check_in"

// missedCheckIn is what a level of the escalation policy names to be told of missed check-ins.
const missedCheckIn = "check_in"

// CheckIn looks after the next check-in of an obligation: when its day begins whoever looks after the obligation is reminded; when it is over
// they are told that it was missed, and after the hours of each level that names check-ins, the person of that level. Each is told once of
// each day, however often the job is done, and nobody is reminded of a day that is over. An obligation that is over, or a contract that is
// not active, asks for nothing.
func (d *Desk) CheckIn(ctx context.Context, args job.CheckIn) error {
	p, err := d.path(ctx)
	if err != nil {
		return err
	}
	o, err := d.Store.Reads().Obligations.Get(ctx, string(args.ObligationID))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.Store.Change(ctx, store.Act{Name: "check_in.watch", Subject: string(o.ID), Unit: o.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		o, err := tx.Obligations.Lock(ctx, string(args.ObligationID))
		if err != nil {
			return err
		}
		con, err := tx.Contracts.Get(ctx, string(o.ContractID))
		if err != nil {
			return err
		}
		today := calendar.DateIn(tx.Now, time.UTC)
		if o.CheckInDue == "" || o.InForce.Until != "" && o.InForce.Until <= today || con.State != pact.ContractActive {
			if err := markMails(ctx, tx, o.ID, pact.CheckInDropped, pact.CheckInOpen()...); err != nil {
				return err
			}
			return tx.DropTimer(ctx, CheckInTimer, string(o.ID))
		}
		begins, missed := o.CheckInDue.Time(), o.CheckInDue.AddDays(1).Time()
		if tx.Now.Before(begins) {
			return again(ctx, tx, o, begins)
		}
		became := pact.CheckInToday
		if !tx.Now.Before(missed) {
			became = pact.CheckInOverdue
		}
		tell := func(level int, to, subject, first, step string) error {
			return d.tell(ctx, tx, pact.Notification{
				BusinessUnit: o.BusinessUnit, Channel: "email", Recipient: to, ContractID: con.ID, State: "pending",
				ObligationID: o.ID, DueOn: o.CheckInDue, Level: level, CheckIn: became,
				Key:     strings.TrimPrefix(outbox.Key(string(o.ID), "check_in", string(o.CheckInDue), step), "pk_"),
				Subject: subject + ": " + o.Title, Body: d.checkInBody(con, o, first),
			})
		}
		owner := ownerOf(o, con, d.DefaultOwner)
		ask := func(subject, first, step string) error {
			if owner == "" {
				tx.Note(ctx, "mail", "nobody looks after the obligation, and there is no default owner")
				return nil
			}
			return tell(0, owner, subject, first+" Say how it stands: on track, at risk or done.", step)
		}
		if became == pact.CheckInToday {
			if err := ask("Check-in due today", fmt.Sprintf("A check-in on this obligation is due today, %s.", o.CheckInDue), "due"); err != nil {
				return err
			}
			return again(ctx, tx, o, missed)
		}
		if err := markMails(ctx, tx, o.ID, pact.CheckInOverdue, pact.CheckInToday); err != nil {
			return err
		}
		if err := ask("Check-in missed", fmt.Sprintf("A check-in on this obligation was due by %s.", o.CheckInDue), "owner"); err != nil {
			return err
		}
		for i, l := range p.Levels {
			if !slices.Contains(l.Severities, missedCheckIn) {
				continue
			}
			if at := missed.Add(time.Duration(l.AfterHours) * time.Hour); tx.Now.Before(at) {
				return again(ctx, tx, o, at)
			}
			first := fmt.Sprintf("Nobody has said how this obligation stands. The check-in was due by %s, %d hours ago or more; it is looked after by %s.", o.CheckInDue, l.AfterHours, orNobody(owner))
			if err := tell(i+1, l.To, fmt.Sprintf("Escalated (level %d): check-in missed", i+1), first, fmt.Sprint(i)); err != nil {
				return err
			}
		}
		return again(ctx, tx, o, time.Time{}) // everybody was told
	})
}

// again has the check-in looked at again at an instant, or when the obligation ends before it: its mails then ask for nothing any more.
// A zero instant leaves the end alone; what has no end needs no timer, since whatever ends it later has it looked at.
func again(ctx context.Context, tx store.Tx, o pact.Obligation, at time.Time) error {
	if end := o.InForce.Until.Time(); !end.IsZero() && (at.IsZero() || end.Before(at)) {
		at = end
	}
	if at.IsZero() {
		return tx.DropTimer(ctx, CheckInTimer, string(o.ID))
	}
	return tx.SetTimer(ctx, CheckInTimer, string(o.ID), at)
}

// markMails notes on the mails of an obligation that say one of some things what became of their check-in.
func markMails(ctx context.Context, tx store.Tx, id pact.ObligationID, became string, saying ...string) error {
	open, err := tx.Notifications.All(ctx, store.Where(store.Eq("obligation_id", id), store.In("check_in", saying)))
	if err != nil {
		return err
	}
	for _, n := range open {
		if n, err = tx.Notifications.Lock(ctx, string(n.ID)); err != nil {
			return err
		}
		n.CheckIn = became
		if err := tx.Notifications.Update(ctx, &n); err != nil {
			return err
		}
	}
	return nil
}

// tell queues a message once: the key says which.
func (d *Desk) tell(ctx context.Context, tx store.Tx, n pact.Notification) error {
	told, err := tx.Notifications.Count(ctx, store.Where(store.Eq("key", n.Key)))
	if err != nil || told > 0 {
		return err
	}
	n.ID = pact.NewID[pact.NotificationID]("ntf", tx.Now)
	if err := tx.Notifications.Insert(ctx, &n); err != nil {
		return err
	}
	return tx.EnqueueWith(ctx, job.Queued{Args: job.Send{NotificationID: n.ID}, Options: job.Options{Queue: "notify"}})
}

// ownerOf is who looks after an obligation: its own owner, that of the contract, or the one of the installation.
func ownerOf(o pact.Obligation, con pact.Contract, otherwise string) string {
	for _, who := range []string{o.Owner, con.Owner} {
		if who != "" {
			return who
		}
	}
	return otherwise
}

func orNobody(who string) string {
	if who == "" {
		return "nobody"
	}
	return who
}

func (d *Desk) checkInBody(con pact.Contract, o pact.Obligation, first string) string {
	return fmt.Sprintf("%s\n\nObligation: %s\nContract: %s (%s)\nCustomer: %s\n\nCheck in: %s/contracts/%s?tab=obligations\n", first, o.Title, con.Title, con.Number, con.Customer, d.BaseURL, con.ID)
}
