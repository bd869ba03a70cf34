// Package monitor turns events into judgements: it keeps the next transition of every open clock, assesses, opens and
// corrects findings.
//
// It owns which obligations of a family a subject's events touch, the occurrences and their assessments, the timer of each
// occurrence's next transition, and findings with their corrections. It does not own the rules (obligation, effective) nor
// what is done about a finding (respond). Invariants: every judgement is recomputed from the event log, never from a counter;
// a finding that late facts change is corrected with a delta, never edited silently; one timer per open occurrence, and
// nothing runs while nothing happens.
package monitor

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// The kinds of timers that lead here: an occurrence's next transition, and the monthly look at what the calendar opens.
const (
	TimerKind     = "occurrence"
	ScheduleTimer = "schedule"
)

// Config of a Watch. All fields are required.
type Config struct {
	Store store.Store
	Now   func() time.Time
	Log   *slog.Logger
}

// Watch follows obligations.
type Watch struct {
	Config
	calendars calendar.Set // compiled once: building one for each judgement costs more than the judgement
}

// New makes a Watch.
func New(cfg Config) *Watch {
	set, _ := calendar.NewSet() // only named calendars can be wrong
	return &Watch{Config: cfg, calendars: set}
}

// scope is one contract with its amendments: what they say together, and the obligations judged under it.
type scope struct {
	contract    pact.Contract
	timeline    effective.Timeline
	obligations []pact.Obligation
}

// scopes gives the contracts of a family that have a published version, each with its amendments.
func (w *Watch) scopes(ctx context.Context, family pact.ContractID) ([]scope, error) {
	r := w.Store.Reads()
	members, err := r.Contracts.All(ctx, store.Where(store.Eq("family_id", family)).By("created_at"))
	if err != nil {
		return nil, err
	}
	var out []scope
	for _, con := range members {
		if con.Relation == "amendment" && con.ParentID != "" {
			continue
		}
		s := scope{contract: con}
		line, versions, err := effective.OfContract(con, members, func(part pact.Contract) (pact.Version, error) {
			v, err := r.Versions.One(ctx, store.Where(store.Eq("contract_id", part.ID), store.Eq("number", part.CurrentVersion)))
			if err != nil {
				return v, fmt.Errorf("reading version %d of %s: %w", part.CurrentVersion, part.ID, err)
			}
			return v, nil
		})
		if err != nil {
			return nil, err
		}
		s.timeline = line
		byKey := map[string]bool{}
		for _, v := range versions {
			for _, o := range v.Obligations {
				if !byKey[o.Key] {
					byKey[o.Key] = true
					s.obligations = append(s.obligations, o)
				}
			}
		}
		if len(s.obligations) > 0 {
			out = append(out, s)
		}
	}
	return out, nil
}

// Monitor does the job that follows a published version: renewals are scheduled, and everything the family's events touch
// is judged again, since terms may have changed back in time.
func (w *Watch) Monitor(ctx context.Context, args job.Monitor) error {
	con, err := w.Store.Reads().Contracts.Get(ctx, string(args.ContractID))
	if err != nil {
		return err
	}
	if err := w.schedule(ctx, con.FamilyID); err != nil {
		return err
	}
	subjects, err := w.Store.Reads().Events.CountBy(ctx, store.Where(store.Eq("contract_id", con.FamilyID)), "subject")
	if err != nil {
		return err
	}
	names := make([]string, 0, len(subjects))
	for s := range subjects {
		names = append(names, s)
	}
	slices.Sort(names)
	for _, s := range names {
		if err := w.Assess(ctx, job.Assess{ContractID: con.FamilyID, Subject: s}); err != nil {
			return err
		}
	}
	return nil
}

// schedule opens the occurrences that the calendar gives: renewals, and the month of each availability.
func (w *Watch) schedule(ctx context.Context, family pact.ContractID) error {
	scopes, err := w.scopes(ctx, family)
	if err != nil {
		return err
	}
	now := w.Now()
	today := calendar.DateIn(now, time.UTC)
	next := now.AddDate(0, 1, 0) // renewals come round: look again in a month, or when the next one is over
	for i := range scopes {
		if err := w.renew(ctx, &scopes[i], today); err != nil {
			return err
		}
		if over := scopes[i].contract.RenewalDate; over != "" {
			if at := over.AddDays(1).Time(); at.After(now) && at.Before(next) {
				next = at
			}
		}
	}
	again := store.Act{Name: "schedule.arm", Subject: string(family)}
	if err := w.Store.Change(ctx, again, func(ctx context.Context, tx store.Tx) error {
		return tx.SetTimer(ctx, ScheduleTimer, string(family), next)
	}); err != nil {
		return err
	}
	for _, s := range scopes {
		for _, o := range s.obligations {
			k, err := obligation.KindOf(o.Kind)
			if err != nil || !obligation.Watched(o.Kind) {
				continue // kept in the register, not judged by this build
			}
			period := calendar.Period{From: today.AddDays(-31), Until: today.AddMonths(24)}
			if o.Kind == "availability" {
				period = calendar.Period{From: today, Until: today.AddDays(1)}
			}
			for _, occ := range k.Occurrences(o, period) {
				if err := w.judge(ctx, s, o, occ, now); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Assess judges what the events of a subject touch, or one occurrence whose timer fired.
func (w *Watch) Assess(ctx context.Context, args job.Assess) error {
	at := args.At
	if at.IsZero() {
		at = w.Now()
	}
	if args.OccurrenceID != "" {
		return w.again(ctx, args.OccurrenceID, at)
	}
	events, err := inOrder(ctx, w.Store.Reads().Events, store.Where(store.Eq("contract_id", args.ContractID), store.Eq("subject", args.Subject)))
	if err != nil {
		return err
	}
	scopes, err := w.scopes(ctx, args.ContractID)
	if err != nil {
		return err
	}
	for _, s := range scopes {
		for _, o := range s.obligations {
			for _, occ := range touched(o, events) {
				if err := w.judge(ctx, s, o, occ, at); err != nil {
					return fmt.Errorf("judging %s of %s: %w", o.Key, args.Subject, err)
				}
			}
		}
	}
	return nil
}

// touched lists the occurrences of an obligation that events are about: the clock they open, the months they lie in, or the
// renewal a notice was sent ahead of.
func touched(o pact.Obligation, events []pact.Event) []pact.Occurrence {
	k, err := obligation.KindOf(o.Kind)
	if err != nil || !obligation.Watched(o.Kind) {
		return nil
	}
	if opener, ok := k.(obligation.Opener); ok {
		return opener.Opened(o, events)
	}
	renews := o.Kind == "renewal_notice"
	if o.Kind != "availability" && !renews {
		return nil
	}
	var out []pact.Occurrence
	seen := map[string]bool{}
	for _, e := range events {
		if renews != (e.Kind == "notice_sent") {
			continue
		}
		for _, p := range months(e) {
			for _, occ := range k.Occurrences(o, p) {
				if !seen[occ.Key] && (!renews || occ.Key == e.Subject) {
					seen[occ.Key] = true
					out = append(out, occ)
				}
			}
		}
	}
	return out
}

// months an event of a service lies in, widened by a day on each side for zones; the day of the renewal that a notice is for.
func months(e pact.Event) []calendar.Period {
	switch e.Kind {
	case "charge":
		if first, err := calendar.ParseDate(e.Data.Month + "-01"); err == nil {
			return []calendar.Period{{From: first, Until: first.AddMonths(1)}}
		}
		return nil
	case "notice_sent":
		day, err := calendar.ParseDate(e.Subject)
		if err != nil { // evergreen: it has one occurrence, whichever day is asked for
			day = calendar.DateIn(e.OccurredAt, time.UTC)
		}
		return []calendar.Period{{From: day, Until: day.AddDays(1)}}
	case "outage", "sample":
		end := e.Data.EndAt
		if end.IsZero() || end.Before(e.OccurredAt) {
			end = e.OccurredAt
		}
		return []calendar.Period{{From: calendar.DateIn(e.OccurredAt, time.UTC).AddDays(-1), Until: calendar.DateIn(end, time.UTC).AddDays(2)}}
	}
	return nil
}

// again judges one occurrence as of an instant. A judgement as of a later instant stands.
func (w *Watch) again(ctx context.Context, id pact.OccurrenceID, at time.Time) error {
	occ, err := w.Store.Reads().Occurrences.Get(ctx, string(id))
	if err != nil {
		return err
	}
	if occ.Assessment.At.After(at) {
		at = w.Now()
	}
	con, err := w.Store.Reads().Contracts.Get(ctx, string(occ.ContractID))
	if err != nil {
		return err
	}
	scopes, err := w.scopes(ctx, con.FamilyID)
	if err != nil {
		return err
	}
	for _, s := range scopes {
		for _, o := range s.obligations {
			if o.ID == occ.ObligationID {
				return w.judge(ctx, s, o, occ, at)
			}
		}
	}
	return w.Store.Change(ctx, store.Act{Name: "occurrence.drop", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		return tx.DropTimer(ctx, TimerKind, string(id)) // the obligation left the register; what was judged stays
	})
}

// judge assesses an occurrence from the log and keeps the result, its timer and its finding in one change.
//
// The log is read and judged inside the transaction, after the contract's row is locked: of two workers at one occurrence
// the second sees all that the first saw, and an older judgement never stands over a newer one.
func (w *Watch) judge(ctx context.Context, s scope, o pact.Obligation, occ pact.Occurrence, at time.Time) error {
	act := store.Act{Name: "occurrence.assess", Subject: occ.Key, Unit: s.contract.BusinessUnit}
	return w.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Contracts.Lock(ctx, string(s.contract.ID)); err != nil {
			return err
		}
		events, err := eventsFor(ctx, tx, s.contract, o, occ)
		if err != nil {
			return err
		}
		a, err := w.assess(s, o, occ, events, at)
		if err != nil {
			return err
		}
		return w.keep(ctx, tx, s, o, occ, a, events)
	})
}

func (w *Watch) assess(s scope, o pact.Obligation, occ pact.Occurrence, events []pact.Event, at time.Time) (pact.Assessment, error) {
	in := obligation.Input{Obligation: o, Timeline: s.timeline, Occurrence: occ, Events: events, Charges: charges(events), Calendars: w.calendars, At: at}
	a, err := obligation.Assess(in)
	if f := fault.Of(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Unsupported) {
		return pact.Assessment{Status: pact.Pending, At: at.UTC(), Ambiguities: []pact.Ambiguity{{Code: string(f.Kind), Question: f.Message}}}, nil
	}
	return a, err
}

func eventsFor(ctx context.Context, tx store.Tx, con pact.Contract, o pact.Obligation, occ pact.Occurrence) ([]pact.Event, error) {
	q := []store.Cond{store.Eq("contract_id", con.FamilyID), store.Eq("business_unit", con.BusinessUnit)}
	if o.Kind == "availability" {
		q = append(q, store.In("kind", []string{"outage", "charge", "sample", "correction"}))
	} else {
		q = append(q, store.Eq("subject", occ.Key))
	}
	return inOrder(ctx, tx.Events, store.Where(q...))
}

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
	replaced := map[pact.EventID]bool{}
	for _, e := range events {
		if e.Replaces != "" {
			replaced[e.Replaces] = true
		}
	}
	var out []pact.Charge
	for _, e := range events {
		if e.Kind == "charge" && e.Data.Amount != nil && !replaced[e.ID] {
			out = append(out, pact.Charge{EventID: e.ID, Service: e.Data.Service, Month: e.Data.Month, Amount: *e.Data.Amount})
		}
	}
	return out
}

func (w *Watch) keep(ctx context.Context, tx store.Tx, s scope, o pact.Obligation, occ pact.Occurrence, a pact.Assessment, events []pact.Event) error {
	row, err := tx.Occurrences.One(ctx, store.Where(store.Eq("obligation_id", o.ID), store.Eq("key", occ.Key)))
	isNew := fault.Is(err, fault.NotFound)
	if err != nil && !isNew {
		return err
	}
	if isNew {
		row = occ
		row.ID = pact.NewID[pact.OccurrenceID]("occ", tx.Now)
		row.BusinessUnit, row.ContractID, row.ObligationID = s.contract.BusinessUnit, s.contract.ID, o.ID
	}
	if !isNew && (alike(row.Assessment, a) || row.Assessment.At.After(a.At)) {
		return nil // nothing new, or judged as of a later instant meanwhile
	}
	row.Assessment, row.Status, row.EndedOn, row.NextAt, row.Subject, row.Period = a, a.Status, a.EndedOn(), a.NextAt, occ.Subject, occ.Period
	row.DueAt = a.DueAt
	if row.DueAt.IsZero() {
		row.DueAt = occ.DueAt
	}
	if isNew {
		err = tx.Occurrences.Insert(ctx, &row)
	} else {
		err = tx.Occurrences.Update(ctx, &row)
	}
	if err != nil {
		return err
	}
	if a.NextAt.IsZero() {
		err = tx.DropTimer(ctx, TimerKind, string(row.ID))
	} else {
		err = tx.SetTimer(ctx, TimerKind, string(row.ID), a.NextAt)
	}
	if err != nil {
		return err
	}
	return w.finding(ctx, tx, s, o, row, events)
}

// alike tells whether two assessments say the same but for the instant they were made at and figures that only tick.
func alike(a, b pact.Assessment) bool {
	a.At, b.At = time.Time{}, time.Time{}
	if a.EndedAt.IsZero() && b.EndedAt.IsZero() {
		a.Elapsed, b.Elapsed, a.Percent, b.Percent = "", "", "", ""
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
