// Package monitor turns events into judgements: it keeps the next transition of every open clock, assesses, opens and
// corrects findings.
//
// It owns which contract of a family an event belongs to, the occurrences and their assessments, the timer of each
// occurrence's next transition, and findings with their corrections. It does not own the rules (obligation, effective), nor
// which events a kind is judged from (obligation.Feed), nor what is said (obligation.Tell) or done (respond) about a finding.
// Invariants: it follows every kind, and has no list of them; every judgement is recomputed from the event log, never from a
// counter; a finding that late facts change is corrected with a delta, never edited silently; what one event opens is
// opened once in a family; one timer per open occurrence, and nothing runs while nothing happens.
package monitor

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"log/slog"
	"maps"
	"slices"
	"strings"
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
	calendars calendar.Set // compiled once, as the clocks: building one for each judgement costs more than the judgement
	clocks    *obligation.Compiled
}

// New makes a Watch.
func New(cfg Config) *Watch {
	set, _ := calendar.NewSet() // only named calendars can be wrong
	return &Watch{Config: cfg, calendars: set, clocks: obligation.NewCompiled()}
}

// scope is one contract with its amendments: what they say together, and the obligations judged under it.
type scope struct {
	contract    pact.Contract
	timeline    effective.Timeline
	obligations []pact.Obligation
	stated      map[pact.ObligationID]pact.Obligation // every obligation, as each document states it
	// numbers are those of the contract and its amendments, and its id for one without a number of its own; family is every
	// scope of the family, the head first.
	numbers []string
	family  *[]scope
	begins  calendar.Date           // from when its first version holds; "" is the beginning
	says    obligation.Dates        // the days of its own version, which amendments may have moved
	passed  []effective.Inheritance // what contracts above pass to it
	had     bool                    // something was passed to it before
}

// scopes gives the contracts of a family that have a published version, each with its amendments.
func (w *Watch) scopes(ctx context.Context, family pact.ContractID) ([]scope, error) {
	r := w.Store.Reads()
	members, err := r.Contracts.All(ctx, store.Where(store.Eq("family_id", family)).By("created_at"))
	if err != nil {
		return nil, err
	}
	out := &[]scope{}
	for _, con := range members {
		if con.Relation == "amendment" && con.ParentID != "" {
			continue
		}
		s := scope{contract: con, family: out, numbers: []string{con.Number, string(con.ID)}, stated: map[pact.ObligationID]pact.Obligation{}}
		for _, part := range effective.Amending(members, con.ID) {
			s.numbers = append(s.numbers, part.Number)
		}
		line, versions, err := obligation.OfContract(con, members, func(part pact.Contract) (pact.Version, error) {
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
		if len(versions) > 0 && con.CurrentVersion > 0 {
			s.begins, s.says = versions[0].EffectiveFrom, obligation.DatesOfVersion(versions[0])
		}
		s.obligations = obligation.Stated(versions)
		for _, v := range versions {
			for _, o := range v.Obligations {
				s.stated[o.ID] = o
			}
		}
		if len(s.obligations) > 0 || con.ParentID != "" && len(versions) > 0 {
			*out = append(*out, s)
		}
	}
	if *out, err = w.inherit(ctx, members, *out); err != nil {
		return nil, err
	}
	*out = slices.DeleteFunc(*out, func(s scope) bool { return len(s.obligations) == 0 && len(s.passed) == 0 && !s.had })
	slices.SortStableFunc(*out, func(a, b scope) int { return rank(a) - rank(b) })
	return *out, nil
}

func rank(s scope) int {
	if s.contract.ID == s.contract.FamilyID {
		return 0
	}
	return 1
}

// Monitor does the job that follows a published version, and is done again every month: what the calendar opens is
// scheduled, and everything is judged again, since terms may have changed back in time.
func (w *Watch) Monitor(ctx context.Context, args job.Monitor) error {
	con, err := w.Store.Reads().Contracts.Get(ctx, string(args.ContractID))
	if err != nil {
		return err
	}
	scopes, err := w.schedule(ctx, con.FamilyID)
	if err != nil {
		return err
	}
	subjects, err := w.Store.Reads().Events.CountBy(ctx, store.Where(store.Eq("contract_id", con.FamilyID), store.In("kind", ticketEvents(scopes))), "subject")
	if err != nil {
		return err
	}
	now := w.Now()
	for _, subject := range slices.Sorted(maps.Keys(subjects)) {
		if err := w.tickets(ctx, scopes, con.FamilyID, subject, now); err != nil {
			return err
		}
	}
	for _, s := range scopes {
		for _, o := range s.obligations {
			if err := w.everything(ctx, s, o, now); err != nil {
				return fmt.Errorf("judging %s: %w", o.Key, err)
			}
		}
	}
	for i := range scopes { // by what the notices lead to now
		if err := w.renew(ctx, &scopes[i], calendar.DateIn(now, time.UTC)); err != nil {
			return err
		}
	}
	return nil
}

// ticketEvents are the kinds of event whose subject is an occurrence of some obligation.
func ticketEvents(scopes []scope) []string {
	out := []string{"correction"}
	for _, s := range scopes {
		for _, o := range s.obligations {
			if f := obligation.FeedOf(o.Kind); f.By == obligation.ByTicket {
				out = append(out, f.Events...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// schedule moves renewals on, and sets the timer of the next look: next month, or when a renewal is over.
func (w *Watch) schedule(ctx context.Context, family pact.ContractID) ([]scope, error) {
	scopes, err := w.scopes(ctx, family)
	if err != nil {
		return nil, err
	}
	now := w.Now()
	today := calendar.DateIn(now, time.UTC)
	changed, err := w.cascade(ctx, scopes, today)
	if err != nil {
		return nil, err
	}
	if changed { // what is passed on has a place in the register now
		if scopes, err = w.scopes(ctx, family); err != nil {
			return nil, err
		}
	}
	next := nextLook(family, today)
	for i := range scopes {
		if err := w.renew(ctx, &scopes[i], today); err != nil {
			return nil, err
		}
		if over := scopes[i].contract.RenewalDate; over != "" {
			if at := over.AddDays(1).Time(); at.After(now) && at.Before(next) {
				next = at
			}
		}
		for _, day := range scopes[i].timeline.Days("expiration_date", "auto_renewal", "renewal_term", "notice_period") {
			if at := day.Time(); at.After(now) && at.Before(next) { // an amendment takes effect
				next = at
			}
		}
		for _, day := range turns(scopes[i].timeline) {
			if at := day.Time().Add(farthestWest); at.After(now) && at.Before(next) { // another version of an obligation governs, and has begun in every zone
				next = at
			}
		}
	}
	again := store.Act{Name: "schedule.arm", Subject: string(family)}
	return scopes, w.Store.Change(ctx, again, func(ctx context.Context, tx store.Tx) error {
		return tx.SetTimer(ctx, ScheduleTimer, string(family), next)
	})
}

// farthestWest is how long after a day has begun in UTC it has begun everywhere.
const farthestWest = 12 * time.Hour

// turns are the days on which another version of an obligation begins, or the last one ends.
func turns(line effective.Timeline) []calendar.Date {
	var out []calendar.Date
	for _, key := range line.Keys() {
		for _, s := range line.Segments(key) {
			for _, day := range []calendar.Date{s.Period.From, s.Period.Until} {
				if day != "" {
					out = append(out, day)
				}
			}
		}
	}
	return out
}

// nextLook is early on the first day of the next month: no period begins and ends between two looks. Families come one
// after the other in the first hours of the day, and not all at midnight.
func nextLook(family pact.ContractID, today calendar.Date) time.Time {
	h := fnv.New32a()
	_, _ = h.Write([]byte(family)) // never fails
	return (today[:8] + "01").AddMonths(1).Time().Add(time.Duration(h.Sum32()%(6*60)) * time.Minute)
}

// Assess judges what events touch, or one occurrence whose timer fired.
func (w *Watch) Assess(ctx context.Context, args job.Assess) error {
	at := args.At
	if at.IsZero() {
		at = w.Now()
	}
	if args.OccurrenceID != "" {
		return w.again(ctx, args.OccurrenceID, at)
	}
	fresh, err := w.fresh(ctx, args)
	if err != nil {
		return err
	}
	scopes, err := w.scopes(ctx, args.ContractID)
	if err != nil {
		return err
	}
	tickets := ticketEvents(scopes)
	subjects := map[string]bool{}
	for _, e := range fresh {
		if slices.Contains(tickets, e.Kind) {
			subjects[e.Subject] = true
		}
	}
	for _, subject := range slices.Sorted(maps.Keys(subjects)) {
		if err := w.tickets(ctx, scopes, args.ContractID, subject, at); err != nil {
			return err
		}
	}
	for _, s := range scopes {
		for _, o := range s.obligations {
			if err := w.touched(ctx, s, o, fresh, at); err != nil {
				return fmt.Errorf("judging %s: %w", o.Key, err)
			}
		}
	}
	return w.noticed(ctx, scopes, fresh)
}

// fresh reads the events a job is about, and what they replace: the place they leave is judged again too.
func (w *Watch) fresh(ctx context.Context, args job.Assess) ([]pact.Event, error) {
	events := w.Store.Reads().Events
	q := store.Where(store.Eq("contract_id", args.ContractID), store.Eq("subject", args.Subject))
	if len(args.EventIDs) > 0 {
		q = store.Where(store.Eq("contract_id", args.ContractID), store.In("id", args.EventIDs))
	}
	out, err := inOrder(ctx, events, q)
	if err != nil {
		return nil, err
	}
	var replaced []pact.EventID
	for _, e := range out {
		if e.Replaces != "" {
			replaced = append(replaced, e.Replaces)
		}
	}
	if len(replaced) == 0 {
		return out, nil
	}
	old, err := inOrder(ctx, events, store.Where(store.Eq("contract_id", args.ContractID), store.In("id", replaced)))
	return append(out, old...), err
}

// tickets judges the clocks that the events of one subject open.
func (w *Watch) tickets(ctx context.Context, scopes []scope, family pact.ContractID, subject string, at time.Time) error {
	of := store.Eq("contract_id", family)
	events, err := inOrder(ctx, w.Store.Reads().Events, store.Where(of, store.Eq("subject", subject)))
	if err != nil {
		return err
	}
	if events, err = withReplacing(ctx, w.Store.Reads().Events, events, of); err != nil {
		return err
	}
	for _, s := range scopes {
		for _, o := range s.obligations {
			k, err := obligation.KindOf(o.Kind)
			if err != nil || obligation.FeedOf(o.Kind).By != obligation.ByTicket {
				continue
			}
			opener, ok := k.(obligation.Opener)
			if !ok {
				continue
			}
			mine := slices.DeleteFunc(slices.Clone(events), func(e pact.Event) bool { return !s.holds(o, e) })
			list, err := w.watchedClocks(ctx, o, subject, opener.Opened(o, mine), events)
			if err != nil {
				return err
			}
			if err := w.judge(ctx, s, o, list, nil, at); err != nil {
				return fmt.Errorf("judging %s of %s: %w", o.Key, subject, err)
			}
		}
	}
	return nil
}

// watchedClocks adds the clocks of a ticket that are watched though nothing opens them any more: a correction took back the reset that
// started one, or the priority that put the ticket under it.
func (w *Watch) watchedClocks(ctx context.Context, o pact.Obligation, subject string, opened []pact.Occurrence, events []pact.Event) ([]pact.Occurrence, error) {
	keys := []string{subject}
	for _, e := range events {
		if e.Kind == "ticket_state" { // each may have started a run
			keys = append(keys, obligation.RunKey(subject, len(keys)+1))
		}
	}
	for _, occ := range opened {
		keys = slices.DeleteFunc(keys, func(key string) bool { return key == occ.Key })
	}
	if len(keys) == 0 {
		return opened, nil
	}
	more, err := w.Store.Reads().Occurrences.All(ctx, store.Where(store.Eq("obligation_id", o.ID), store.In("key", keys)).By("created_at"))
	return append(opened, more...), err
}

// touched judges the occurrences of an obligation that fresh events can change.
func (w *Watch) touched(ctx context.Context, s scope, o pact.Obligation, fresh []pact.Event, at time.Time) error {
	feed := obligation.FeedIn(s.timeline, o)
	fresh = slices.DeleteFunc(slices.Clone(fresh), func(e pact.Event) bool {
		return !feed.Takes(e) || !s.holds(o, e) || e.BusinessUnit != s.contract.BusinessUnit
	})
	if len(fresh) == 0 || feed.By == obligation.ByTicket || feed.By == "" {
		return nil
	}
	log, err := w.log(ctx, w.Store.Reads().Events, s, o, "")
	if err != nil {
		return err
	}
	known, err := w.known(ctx, o)
	if err != nil {
		return err
	}
	asked := obligation.Asked{Log: log, Fresh: fresh, Today: calendar.DateIn(at, time.UTC), Known: func(key string) bool { return known[key] != "" }}
	list := obligation.Touched(s.timeline, o, asked)
	for _, occ := range list {
		delete(known, occ.Key)
	}
	if list, err = w.unopened(ctx, feed, known, fresh, list); err != nil {
		return err
	}
	return w.judge(ctx, s, o, list, fresh, at)
}

// unopened adds watched matters that fresh events are about and that nothing opens any more: what opened them was taken back.
func (w *Watch) unopened(ctx context.Context, feed obligation.Feed, known map[string]pact.OccurrenceID, fresh []pact.Event, list []pact.Occurrence) ([]pact.Occurrence, error) {
	if feed.By != obligation.ByMatter {
		return list, nil
	}
	about := map[string]bool{}
	for _, e := range fresh {
		for _, n := range obligation.Names(e) {
			about[n] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		if !obligation.Among(about, key) {
			continue
		}
		row, err := w.Store.Reads().Occurrences.Get(ctx, string(known[key]))
		if err != nil {
			return nil, err
		}
		row.DueAt = time.Time{} // nothing is due of what did not begin
		list = append(list, row)
	}
	return list, nil
}

// everything judges what the calendar gives and the log opens, and what is watched already.
func (w *Watch) everything(ctx context.Context, s scope, o pact.Obligation, at time.Time) error {
	if by := obligation.FeedOf(o.Kind).By; by == obligation.ByTicket || by == "" {
		return nil
	}
	log, err := w.log(ctx, w.Store.Reads().Events, s, o, "")
	if err != nil {
		return err
	}
	known, err := w.known(ctx, o)
	if err != nil {
		return err
	}
	list := obligation.Standing(s.timeline, o, obligation.Asked{Log: log, Today: calendar.DateIn(at, time.UTC)})
	for _, occ := range list {
		delete(known, occ.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(known)) { // older than the calendar is asked for, or no longer part of the clause
		row, err := w.Store.Reads().Occurrences.Get(ctx, string(known[key]))
		if err != nil {
			return err
		}
		list = append(list, row)
	}
	return w.judge(ctx, s, o, list, log, at)
}

// known are the occurrences of an obligation that are watched, by key.
func (w *Watch) known(ctx context.Context, o pact.Obligation) (map[string]pact.OccurrenceID, error) {
	out := map[string]pact.OccurrenceID{}
	q := store.Query{Where: []store.Cond{store.Eq("obligation_id", o.ID)}, Only: []string{"id", "key"}}
	err := w.Store.Reads().Occurrences.Each(ctx, q, func(row pact.Occurrence) error {
		out[row.Key] = row.ID
		return nil
	})
	return out, err
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
				return w.judge(ctx, s, o, []pact.Occurrence{occ}, nil, at)
			}
		}
	}
	return w.Store.Change(ctx, store.Act{Name: "occurrence.drop", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		return tx.DropTimer(ctx, TimerKind, string(id)) // the obligation left the register; what was judged stays
	})
}

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
	if due.IsZero() {
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
	return w.finding(ctx, tx, s, o, row, events)
}

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
	return !slices.ContainsFunc(fresh, func(e pact.Event) bool { return slices.Contains(a.EventIDs, e.ID) || obligation.Concerns(e, occ.Key) })
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
