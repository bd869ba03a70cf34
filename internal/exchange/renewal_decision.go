package exchange

import (
	"cmp"
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

// RenewalDecision is what a person decided about a renewal without sending notice.
type RenewalDecision struct {
	Renewal   string        `json:"renewal" maxLength:"10" doc:"The renewal, by its date, such as 2026-09-01."`
	Decision  string        `json:"decision" enum:"renew,end,negotiate" doc:"renew: no notice is sent, and a contract that renews by itself goes on. end: an option is not taken up. negotiate: nothing is settled, and the reminders go on."`
	DecidedOn calendar.Date `json:"decided_on,omitempty" maxLength:"10" doc:"The day of the decision; without it, today."`
	Reason    string        `json:"reason" minLength:"1" maxLength:"2000" doc:"Why."`
	Note      string        `json:"note,omitempty" maxLength:"200" doc:"Who agreed, and where it is written: minutes, e-mail, ticket."`
}

// decisionSaid is how a decision about a renewal is kept.
var decisionSaid = recorded{kind: obligation.RenewalDecided, what: "decision", did: "made", act: "renewal.withdraw", day: "decided_on"}

// DecideRenewal keeps what was decided about a renewal, as the event renewal_decided. Needs role reviewer, as recording a notice does. It
// takes the place of an earlier decision, and of a notice in time that a person recorded here, where the actor may take that back; both stay
// in the log. Nothing is decided after the last day to send notice, nor what the terms in force do not bring about. The same decision again
// is a conflict.
func (o *Office) DecideRenewal(ctx context.Context, id pact.ContractID, d RenewalDecision) (pact.Event, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Event{}, fault.New(fault.Denied, "Deciding a renewal needs the role reviewer.")
	}
	d.Reason, d.Note = strings.TrimSpace(d.Reason), strings.TrimSpace(d.Note)
	switch {
	case !isDate(d.Renewal):
		return pact.Event{}, fault.New(fault.Invalid, "%.20q names no renewal; write its date as 2026-09-01. Nothing was kept.", d.Renewal)
	case !slices.Contains([]string{obligation.LetRenew, obligation.LetEnd, obligation.Negotiate}, d.Decision):
		return pact.Event{}, fault.New(fault.Invalid, "%.20q is no decision; use renew, end or negotiate. Nothing was kept.", d.Decision)
	case d.Reason == "":
		return pact.Event{}, fault.New(fault.Invalid, "Say why; it is kept. Nothing was kept.")
	case d.DecidedOn != "" && !isDate(string(d.DecidedOn)):
		return pact.Event{}, fault.New(fault.Invalid, "%.20q is no date; write the day of the decision as 2026-03-31. Nothing was kept.", string(d.DecidedOn))
	}
	var e pact.Event
	err := o.Store.Change(ctx, store.Act{Name: "renewal.decide", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		con, err := tx.Contracts.Lock(ctx, string(id))
		if err != nil {
			return err
		}
		if err := active(con, "a decision about a renewal"); err != nil {
			return err
		}
		if d.DecidedOn == "" {
			d.DecidedOn = calendar.DateIn(tx.Now, time.UTC)
		}
		occ, known, err := watched(ctx, tx, con.ID, d.Renewal)
		if err != nil {
			return err
		}
		if !known {
			return fault.New(fault.Invalid, "This contract has no renewal on %s that is watched. Nothing was kept; publish its renewal notice first.", d.Renewal)
		}
		if err := decidable(ctx, tx, con, d, occ); err != nil {
			return err
		}
		stood, err := standing(ctx, tx, con, d.Renewal, decisionSaid)
		if err != nil {
			return err
		}
		if len(stood) > 0 && stood[0].Data.State == d.Decision {
			return fault.New(fault.Conflict, "That is decided already, since %s. Take it back to decide it anew.", stood[0].Data.Date)
		}
		if err := dropNotice(ctx, tx, con, d, occ, actor); err != nil {
			return err
		}
		if err := dropDecision(ctx, tx, con, d.Renewal, actor, "it was decided anew"); err != nil {
			return err
		}
		name, err := nameOf(ctx, tx, con)
		if err != nil {
			return err
		}
		key, err := freeKey(ctx, tx, strings.Join([]string{decisionSaid.what, string(con.ID), d.Renewal, string(d.DecidedOn), d.Decision}, "/"))
		if err != nil {
			return err
		}
		e = pact.Event{
			ID: pact.NewID[pact.EventID]("evt", tx.Now), BusinessUnit: con.BusinessUnit, ContractID: con.FamilyID, Kind: obligation.RenewalDecided, Subject: d.Renewal,
			ExternalID: key, OccurredAt: earlier(d.DecidedOn.Time().Add(12*time.Hour), tx.Now), ReceivedAt: tx.Now,
			MatchedBy: "decided by " + actor.Name, Data: pact.EventData{State: d.Decision, Date: d.DecidedOn, Contract: name, Reason: d.Reason, Reference: d.Note, ApprovedBy: actor.ID},
		}
		return keepStated(ctx, tx, &e, said{"renewal", d.Renewal}, said{"decision", d.Decision}, said{"decided_on", string(d.DecidedOn)}, said{"reason", d.Reason}, said{"note", d.Note})
	})
	if err != nil {
		return pact.Event{}, fmt.Errorf("deciding a renewal: %w", err)
	}
	return e, nil
}

// TakeBackDecision takes a decision about a renewal back, by a correction that replaces it: the renewal is to be decided again, and both
// stay in the log. Needs role reviewer, and to be who decided, or role admin.
func (o *Office) TakeBackDecision(ctx context.Context, id pact.ContractID, t TakenBack) (pact.Event, error) {
	return o.takeBack(ctx, id, t, decisionSaid)
}

// decidable refuses a decision that the terms in force do not bring about, or whose time is over.
func decidable(ctx context.Context, tx store.Tx, con pact.Contract, d RenewalDecision, occ pact.Occurrence) error {
	a := occ.Assessment
	sendBy := calendar.Date(a.Measured)
	switch {
	case a.Status == pact.Excused && a.DueAt.IsZero():
		return fault.New(fault.Conflict, "There is no renewal on %s any more. Nothing was kept.", d.Renewal)
	case d.DecidedOn > calendar.DateIn(tx.Now.Add(14*time.Hour), time.UTC): // the day has begun nowhere yet
		return fault.New(fault.Invalid, "%s lies ahead. A decision is kept once it was made. Nothing was kept.", d.DecidedOn)
	case con.EffectiveDate != "" && d.DecidedOn < con.EffectiveDate:
		return fault.New(fault.Invalid, "%s is before the contract began, on %s. Nothing was kept.", d.DecidedOn, con.EffectiveDate)
	case isDate(string(sendBy)) && d.DecidedOn > sendBy:
		return fault.New(fault.Invalid, "The last day to send notice was %s; after it there is nothing to decide. Nothing was kept.", sendBy)
	}
	if d.Decision == obligation.Negotiate {
		return nil
	}
	ob, err := tx.Obligations.Get(ctx, string(occ.ObligationID))
	if err != nil {
		return err
	}
	in, _, err := inForceOn(ctx, tx, con, ob, calendar.DateIn(tx.Now, time.UTC))
	if err != nil {
		return err
	}
	switch follows := obligation.WithoutNotice(in); {
	case follows == d.Decision:
		return nil
	case follows == obligation.LetRenew:
		return fault.New(fault.Invalid, "This contract renews by itself unless notice is sent: to end it, record the notice. Nothing was kept.")
	}
	return fault.New(fault.Invalid, "This contract does not renew by itself: without notice it ends (end). Nothing was kept.")
}

// standing lists what persons recorded of one kind about a renewal, and nobody took back.
func standing(ctx context.Context, tx store.Tx, con pact.Contract, renewal string, r recorded) ([]pact.Event, error) {
	all, err := tx.Events.All(ctx, store.Where(store.Eq("contract_id", con.FamilyID), store.Eq("kind", r.kind), store.Eq("subject", renewal)).By("received_at"))
	if err != nil {
		return nil, err
	}
	var out []pact.Event
	for _, e := range all {
		if !r.mine(e, con) {
			continue
		}
		gone, err := tx.Events.Count(ctx, store.Where(store.Eq("replaces", e.ID)))
		if err != nil {
			return nil, err
		}
		if gone == 0 {
			out = append(out, e)
		}
	}
	return out, nil
}

// dropDecision takes back the decisions about a renewal that stand, as something else was decided since.
func dropDecision(ctx context.Context, tx store.Tx, con pact.Contract, renewal string, actor pact.Actor, reason string) error {
	stood, err := standing(ctx, tx, con, renewal, decisionSaid)
	if err != nil {
		return err
	}
	for _, e := range stood {
		back := withdrawal(tx.Now, e, actor, reason)
		if err := keepStated(ctx, tx, &back, said{"instead_of", e.Data.State}); err != nil {
			return err
		}
	}
	return nil
}

// dropNotice takes back the notices in time that a decision takes the place of. One that another system reported, or the other side sent,
// is no matter of a decision here.
func dropNotice(ctx context.Context, tx store.Tx, con pact.Contract, d RenewalDecision, occ pact.Occurrence, actor pact.Actor) error {
	stood, err := standing(ctx, tx, con, d.Renewal, noticeSaid)
	if err != nil {
		return err
	}
	stood = slices.DeleteFunc(stood, func(e pact.Event) bool { return string(e.Data.Date) > occ.Assessment.Measured }) // late: it changes nothing
	foreign, err := reportedNotice(ctx, tx, occ, stood)
	switch {
	case err != nil:
		return err
	case d.Decision == obligation.Negotiate && (foreign || len(stood) > 0):
		return fault.New(fault.Conflict, "Notice was given, and it stands while you negotiate. Nothing was kept; let it renew once that is agreed.")
	case foreign:
		return fault.New(fault.Conflict, "Notice was given that nobody recorded here; it stands until it is corrected where it was reported. Nothing was kept.")
	}
	for _, e := range stood {
		if err := noticeSaid.mayTakeBack(e, actor); err != nil {
			return err
		}
		back := withdrawal(tx.Now, e, actor, "decided instead: "+d.Decision)
		if err := keepStated(ctx, tx, &back, said{"instead_of", "notice of " + string(e.Data.Date)}); err != nil {
			return err
		}
	}
	return nil
}

// reportedNotice tells whether notice in time that is none of those that were recorded here stands: it meets the renewal, or waits for its
// receipt.
func reportedNotice(ctx context.Context, tx store.Tx, occ pact.Occurrence, recorded []pact.Event) (bool, error) {
	waits := slices.ContainsFunc(occ.Assessment.Ambiguities, func(q pact.Ambiguity) bool { return q.Code == "receipt" })
	if occ.Status != pact.Met && !waits {
		return false, nil
	}
	for _, id := range occ.Assessment.EventIDs {
		if slices.ContainsFunc(recorded, func(e pact.Event) bool { return e.ID == id }) {
			continue
		}
		e, err := tx.Events.Get(ctx, string(id))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return false, err
		}
		if err == nil && (e.Subject != "" && e.Subject != occ.Key || e.Kind == obligation.RenewalDecided) {
			continue // it took up the option before, or is what was decided so far
		}
		if on := cmp.Or(e.Data.Date, calendar.DateIn(e.OccurredAt, time.UTC)); err == nil && waits && string(on) > occ.Assessment.Measured {
			continue // late
		}
		gone, err := tx.Events.Count(ctx, store.Where(store.Eq("replaces", id)))
		if err != nil || gone == 0 {
			return err == nil, err
		}
	}
	return false, nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
