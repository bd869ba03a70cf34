package monitor

import (
	"context"
	"encoding/json"
	"fmt"
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

// together is how many occurrences are judged in one change: each reads the log once, and holds the contract while it lasts.
const together = 50

// judge assesses occurrences of an obligation from the log and keeps the results, their timers and findings, some in one
// change.
//
// The log is read and judged inside the transaction, after the contract's row is locked: of two workers at one occurrence
// the second sees all that the first saw, and an older judgement never stands over a newer one.
func (w *Watch) judge(ctx context.Context, s scope, o pact.Obligation, list []pact.Occurrence, fresh []pact.Event, at time.Time) error {
	size := together
	if obligation.FeedOf(o.Kind).By == obligation.ByTicket {
		size = 1 // a log of its own for each
	}
	for some := range slices.Chunk(list, size) {
		act := store.Act{Name: "occurrence.assess", Subject: some[0].Key, Unit: s.contract.BusinessUnit}
		if len(some) > 1 {
			act.Subject = string(o.ID)
		}
		err := w.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.Contracts.Lock(ctx, string(s.contract.ID)); err != nil {
				return err
			}
			events, err := w.log(ctx, tx.Events, s, o, some[0].Key)
			if err != nil {
				return err
			}
			money := charges(events)
			for _, occ := range some {
				a, err := w.assess(s, o, occ, events, money, at)
				if err != nil {
					return err
				}
				if err := w.keep(ctx, tx, s, o, occ, a, events, fresh); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// holds tells whether an event counts under a scope's obligation. What events open is opened once in a family: by the
// contract whose number the event names, otherwise by the head, otherwise by the only one that has such an obligation. Where
// several have, the first one holds it and asks.
func (s scope) holds(o pact.Obligation, e pact.Event) bool {
	mine, _ := s.claim(o, e)
	return mine
}

func (s scope) claim(o pact.Obligation, e pact.Event) (mine bool, question string) {
	if len(*s.family) < 2 {
		return true, ""
	}
	by := obligation.FeedOf(o.Kind).By
	var having []scope
	named := -1
	for _, x := range *s.family {
		if !slices.ContainsFunc(x.obligations, func(y pact.Obligation) bool { return y.Kind == o.Kind }) {
			continue
		}
		if e.Data.Contract != "" && slices.Contains(x.numbers, e.Data.Contract) {
			named = len(having)
		}
		having = append(having, x)
	}
	switch {
	case named >= 0:
		return having[named].contract.ID == s.contract.ID, ""
	case o.InheritedFrom != "" && by != obligation.ByTicket && by != obligation.ByMatter:
		return false, "" // the master has the same obligation: only what names this contract is of it
	case by != obligation.ByTicket && by != obligation.ByMatter || len(having) < 2:
		return true, "" // told apart by service, item or date
	case having[0].contract.ID != s.contract.ID:
		return false, ""
	case rank(s) == 0:
		return true, ""
	}
	var titles []string
	for _, x := range having {
		titles = append(titles, contractName(x.contract))
	}
	return true, fmt.Sprintf("Which contract is it about: %s? The event names none (data.contract).", strings.Join(titles, ", "))
}

func (w *Watch) assess(s scope, o pact.Obligation, occ pact.Occurrence, events []pact.Event, money []pact.Charge, at time.Time) (pact.Assessment, error) {
	for _, e := range events {
		if _, question := s.claim(o, e); question != "" && obligation.Concerns(e, occ.Key) {
			return pact.Assessment{Status: pact.Pending, At: at.UTC(), Ambiguities: []pact.Ambiguity{{Code: "which_contract", Question: question}}}, nil
		}
	}
	in := obligation.Input{Obligation: o, Timeline: s.timeline, Occurrence: occ, Events: events, Charges: money, Calendars: w.calendars, At: at, Compiled: w.clocks}
	a, err := obligation.Assess(in)
	if f := fault.Of(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Unsupported) {
		return pact.Assessment{Status: pact.Pending, At: at.UTC(), Ambiguities: []pact.Ambiguity{{Code: string(f.Kind), Question: f.Message}}}, nil
	}
	return a, err
}

// log reads the events an obligation is judged from: those of one ticket, or those of its feed under the contract. What
// replaces an event counts whatever its kind.
func (w *Watch) log(ctx context.Context, events store.Reading[pact.Event], s scope, o pact.Obligation, ticket string) ([]pact.Event, error) {
	feed := obligation.FeedIn(s.timeline, o)
	of := func(more ...store.Cond) store.Query {
		return store.Where(append([]store.Cond{store.Eq("contract_id", s.contract.FamilyID), store.Eq("business_unit", s.contract.BusinessUnit)}, more...)...)
	}
	q := of(store.In("kind", append(slices.Clone(feed.Events), "correction")))
	if feed.By == obligation.ByTicket {
		q = of(store.In("subject", slices.Compact([]string{ticket, obligation.TicketOf(ticket)})))
	}
	out, err := inOrder(ctx, events, q)
	if err != nil {
		return nil, err
	}
	if feed.By == obligation.ByTicket {
		if own := slices.ContainsFunc(out, func(e pact.Event) bool { return e.Subject == ticket }); own { // and no run of another
			out = slices.DeleteFunc(out, func(e pact.Event) bool { return e.Subject != ticket })
		}
		out, err = withReplacing(ctx, events, out, of().Where...)
		return slices.DeleteFunc(out, func(e pact.Event) bool { return !s.holds(o, e) }), err
	}
	err = events.Each(ctx, of(store.Is("replaces", "not_null", nil), store.Is("kind", "not_in", append(slices.Clone(feed.Events), "correction"))), func(e pact.Event) error {
		e.Kind = "correction" // all that is said here is that the other one no longer counts
		out = append(out, e)
		return nil
	})
	return slices.DeleteFunc(out, func(e pact.Event) bool { return !s.holds(o, e) }), err
}

// withReplacing adds what replaces one of some events under the name of another ticket.
func withReplacing(ctx context.Context, events store.Reading[pact.Event], list []pact.Event, of ...store.Cond) ([]pact.Event, error) {
	known := make(map[pact.EventID]bool, len(list))
	ids := make([]pact.EventID, 0, len(list))
	for _, e := range list {
		known[e.ID], ids = true, append(ids, e.ID)
	}
	for some := range slices.Chunk(ids, atOnce) {
		more, err := inOrder(ctx, events, store.Where(append(slices.Clone(of), store.In("replaces", some))...))
		if err != nil {
			return nil, err
		}
		for _, e := range more {
			if !known[e.ID] {
				list = append(list, e)
			}
		}
	}
	return list, nil
}

// atOnce is how many ids are asked for in one query.
const atOnce = 500

// inOrder gives events by when they happened. A service that is sampled every minute has half a million in a year.
func inOrder(ctx context.Context, events store.Reading[pact.Event], q store.Query) ([]pact.Event, error) {
	var out []pact.Event
	err := events.Each(ctx, q, func(e pact.Event) error {
		out = append(out, e)
		return nil
	})
	slices.SortStableFunc(out, func(a, b pact.Event) int { return a.OccurredAt.Compare(b.OccurredAt) }) // by id where at the same instant
	return out, err
}

// charges gives the standing charge events as the bases of credits.
func charges(events []pact.Event) []pact.Charge {
	replaced := obligation.Replaced(func(yield func(*pact.Event) bool) {
		for i := range events {
			if events[i].Replaces != "" && !yield(&events[i]) {
				return
			}
		}
	})
	var out []pact.Charge
	for _, e := range events {
		if e.Kind == "charge" && e.Data.Amount != nil && !replaced[e.ID] {
			out = append(out, pact.Charge{EventID: e.ID, Service: e.Data.Service, Month: e.Data.Month, Amount: *e.Data.Amount, Item: e.Data.Item})
		}
	}
	return out
}

func (w *Watch) keep(ctx context.Context, tx store.Tx, s scope, o pact.Obligation, occ pact.Occurrence, a pact.Assessment, events, fresh []pact.Event) error {
	row, err := tx.Occurrences.One(ctx, store.Where(store.Eq("obligation_id", o.ID), store.Eq("key", occ.Key)))
	isNew := fault.Is(err, fault.NotFound)
	if err != nil && !isNew {
		return err
	}
	if isNew && obligation.FeedOf(o.Kind).By != obligation.ByTicket && past(occ, a, fresh) {
		return nil
	}
	next := nextOf(o, occ, a, events)
	if isNew {
		row = occ
		row.ID = pact.NewID[pact.OccurrenceID]("occ", tx.Now)
		row.BusinessUnit, row.ContractID, row.ObligationID = s.contract.BusinessUnit, s.contract.ID, o.ID
	}
	due := a.DueAt
	if due.IsZero() && !gone(o, a) {
		due = occ.DueAt
	}
	dueOn := obligation.LastDay(s.governing(o, a), due)
	if !isNew && (alike(row.Assessment, a) && row.NextAt.Equal(next) && row.DueOn == dueOn || row.Assessment.At.After(a.At)) {
		return nil // nothing new, or judged as of a later instant meanwhile
	}
	row.Assessment, row.Status, row.EndedOn, row.Open, row.NextAt, row.Subject, row.Period = a, a.Status, a.EndedOn(), a.Open(), next, occ.Subject, occ.Period
	row.DueAt, row.DueOn = due, dueOn
	if isNew {
		err = tx.Occurrences.Insert(ctx, &row)
	} else {
		err = tx.Occurrences.Update(ctx, &row)
	}
	if err != nil {
		return err
	}
	if next.IsZero() {
		err = tx.DropTimer(ctx, TimerKind, string(row.ID))
	} else {
		err = tx.SetTimer(ctx, TimerKind, string(row.ID), next)
	}
	if err != nil {
		return err
	}
	stale := isNew && !a.EndedAt.IsZero() && a.At.Sub(a.EndedAt) > longPast && !reports(fresh, occ, a)
	return w.finding(ctx, tx, s, o, row, events, stale)
}

// gone tells that a renewal does not come any more, since the contract ends before it or its day was moved: it has no day in a calendar.
func gone(o pact.Obligation, a pact.Assessment) bool { return renews(o) && a.Status == pact.Excused }

// governing is an obligation as the document that governed a judgement states it.
func (s scope) governing(o pact.Obligation, a pact.Assessment) pact.Obligation {
	if stated, ok := s.stated[a.GovernedBy]; ok {
		return stated
	}
	return o
}

// longPast is how long something may be over and still be shown when a contract comes under watch.
const longPast = 31 * 24 * time.Hour

// past tells whether an occurrence that nobody watched was over and decided before it could be: nobody reported to us then,
// so nothing follows from what is not known. What the fresh events tell of is judged, however old.
func past(occ pact.Occurrence, a pact.Assessment, fresh []pact.Event) bool {
	over := occ.Period.End
	for _, t := range []time.Time{occ.DueAt, a.DueAt} {
		if t.After(over) {
			over = t
		}
	}
	decided := a.Status == pact.Met || a.Status == pact.Breached || a.Status == pact.Excused
	if !decided || !a.NextAt.IsZero() || over.IsZero() || over.After(a.At) {
		return false
	}
	if a.EndedAt.IsZero() && a.At.Sub(over) <= longPast {
		return false
	}
	return !reports(fresh, occ, a)
}

// reports tells whether one of some events tells of an occurrence.
func reports(fresh []pact.Event, occ pact.Occurrence, a pact.Assessment) bool {
	return slices.ContainsFunc(fresh, func(e pact.Event) bool { return slices.Contains(a.EventIDs, e.ID) || obligation.Concerns(e, occ.Key) })
}

// nextOf is the instant at which an occurrence is judged again though nothing is told: the next transition, or the instant
// of an event that was told ahead of its time.
func nextOf(o pact.Obligation, occ pact.Occurrence, a pact.Assessment, events []pact.Event) time.Time {
	next := a.NextAt
	matter := obligation.FeedOf(o.Kind).By == obligation.ByMatter
	for _, e := range events {
		if !e.OccurredAt.After(a.At) || e.OccurredAt.After(calendar.Latest()) || matter && !obligation.Concerns(e, occ.Key) {
			continue
		}
		if next.IsZero() || e.OccurredAt.Before(next) {
			next = e.OccurredAt
		}
	}
	return next.UTC()
}

// alike tells whether two assessments say the same but for the instant they were made at and figures that only tick.
func alike(a, b pact.Assessment) bool {
	a.At, b.At = time.Time{}, time.Time{}
	if a.EndedAt.IsZero() && b.EndedAt.IsZero() {
		a.Elapsed, b.Elapsed, a.Actual, b.Actual, a.Percent, b.Percent = "", "", "", "", "", ""
		a.Trace, b.Trace = nil, nil
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// TimerJob gives the job of a fired timer: judge the occurrence as of the instant the timer was due.
func TimerJob(t pact.Timer) job.Queued {
	return job.Queued{Args: job.Assess{OccurrenceID: pact.OccurrenceID(t.Ref), At: t.DueAt}, Options: job.Options{Queue: "monitor"}}
}
