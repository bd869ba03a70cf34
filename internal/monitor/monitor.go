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
	"fmt"
	"hash/fnv"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
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

// scopes gives the contracts of a family that have a published version, each with its amendments, up to its end as it is known at an instant.
func (w *Watch) scopes(ctx context.Context, family pact.ContractID, at time.Time) ([]scope, error) {
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
	for i := range *out {
		if err := w.ending(ctx, &(*out)[i], at); err != nil {
			return nil, err
		}
	}
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
	now := w.Now()
	if err := w.all(ctx, scopes, con.FamilyID, now); err != nil {
		return err
	}
	for i := range scopes { // by what the notices lead to now
		if err := w.renew(ctx, &scopes[i], calendar.DateIn(now, time.UTC)); err != nil {
			return err
		}
	}
	return nil
}

// all judges everything under the contracts of a family as of an instant.
func (w *Watch) all(ctx context.Context, scopes []scope, family pact.ContractID, at time.Time) error {
	subjects, err := w.Store.Reads().Events.CountBy(ctx, store.Where(store.Eq("contract_id", family), store.In("kind", ticketEvents(scopes))), "subject")
	if err != nil {
		return err
	}
	for _, subject := range slices.Sorted(maps.Keys(subjects)) {
		if err := w.tickets(ctx, scopes, family, subject, at); err != nil {
			return err
		}
	}
	for _, s := range scopes {
		for _, o := range s.obligations {
			if err := w.everything(ctx, s, o, at); err != nil {
				return fmt.Errorf("judging %s: %w", o.Key, err)
			}
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
	scopes, err := w.scopes(ctx, family, w.Now())
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
		if scopes, err = w.scopes(ctx, family, now); err != nil {
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
	scopes, err := w.scopes(ctx, args.ContractID, at)
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
	if !noticed(fresh) {
		return nil
	}
	if slices.ContainsFunc(scopes, scope.mayEnd) { // what falls due may be something else now
		if err := w.all(ctx, scopes, args.ContractID, at); err != nil {
			return err
		}
	}
	return w.followed(ctx, scopes)
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
	seen := map[pact.EventID]bool{"": true}
	for added := out; len(added) > 0; out = append(out, added...) { // a deletion that is deleted leads to what counts again
		var replaced []pact.EventID
		for _, e := range added {
			if !seen[e.Replaces] {
				seen[e.Replaces] = true
				replaced = append(replaced, e.Replaces)
			}
		}
		if len(replaced) == 0 {
			return out, nil
		}
		if added, err = inOrder(ctx, events, store.Where(store.Eq("contract_id", args.ContractID), store.In("id", replaced))); err != nil {
			return nil, err
		}
	}
	return out, nil
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
	scopes, err := w.scopes(ctx, con.FamilyID, at)
	if err != nil {
		return err
	}
	for _, s := range scopes {
		for _, o := range s.obligations {
			if o.ID == occ.ObligationID {
				if err := w.judge(ctx, s, o, []pact.Occurrence{occ}, nil, at); err != nil || !s.endsNow(o) {
					return err
				}
				return w.all(ctx, scopes, con.FamilyID, at)
			}
		}
	}
	return w.Store.Change(ctx, store.Act{Name: "occurrence.drop", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		return tx.DropTimer(ctx, TimerKind, string(id)) // the obligation left the register; what was judged stays
	})
}
