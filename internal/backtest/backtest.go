// Package backtest evaluates the terms of a contract against events, without a server and without a store.
//
// It owns the reading of both from files, with errors that name the field; the run over every obligation and occurrence; the
// replay of what was known when, which gives corrections with their differences in money; and the report. It does not own a
// single rule: obligation and effective do, the same code that monitor runs. Invariants: pure (no clock, no I/O); the same
// input gives the same report byte for byte, in whatever order the events come.
package backtest

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Input is everything a report depends on.
type Input struct {
	Terms  Terms
	Events []pact.Event
	// Refused are the lines that were no events; the report tells them.
	Refused []Refused
	// From and To bound the occurrences by the dates of their periods, half-open; "" is no bound.
	From, To calendar.Date
	// AsOf is the instant of the judgement: what happens later is not known yet.
	AsOf time.Time
	// Final leaves out what was known when: there are no corrections then.
	Final bool
	// Passed is what contracts above pass to this one.
	Passed []Passed
	// Names are how an event names this contract: what is passed on is judged from what names it alone, since the contract above has the
	// same obligation.
	Names []string
	// Aside are events of kinds that no obligation asks for: they are told as unused, and have no other influence.
	Aside []pact.Event
	// Within leaves events outside From and To out of what is told as unused: they were read for what looks back.
	Within bool
	// NoUnused leaves out what no judgement looked at, for whoever needs the judgements alone.
	NoUnused bool
}

// Passed is an obligation that a contract above passes on.
type Passed struct {
	Key     string
	Entries []effective.Entry
	// Own tells that the contract states the key itself: then it is judged under its own name, by whichever governs.
	Own bool
}

// Evaluation is what follows from terms and events.
type Evaluation struct {
	AsOf        time.Time     `json:"as_of"`
	From        calendar.Date `json:"from,omitempty"`
	To          calendar.Date `json:"to,omitempty"`
	Occurrences []Result      `json:"occurrences"`
	// Questions are what the terms leave open; an amount that hangs on one is not computed.
	Questions []Question `json:"questions,omitempty"`
	// Nothing are the obligations of which no occurrence lies in the period that was looked at.
	Nothing []Nothing `json:"nothing,omitempty"`
	// Idle are operations of amendments that change nothing of these terms: a clause in which nothing stands that is judged or completes it.
	Idle      []Idle   `json:"idle,omitempty"`
	NotJudged []string `json:"not_judged,omitempty"` // keys of obligations whose kind this build keeps and does not judge
	Totals    []Total  `json:"totals,omitempty"`
	Next      []Next   `json:"next,omitempty"` // in order of time
	// Unused are the events that no judgement looked at: a service written otherwise, an invoice nobody knows.
	Unused []Unused `json:"unused,omitempty"`
	// Unlikely are events that count as they stand, and may well be slips: dated ahead, an invoice of less than nothing.
	Unlikely []Unlikely `json:"unlikely,omitempty"`
	// Refused are lines of the file of events that can not be used: they count for nothing.
	Refused []Refused `json:"refused,omitempty"`
}

// Result is one occurrence with its judgement.
type Result struct {
	Obligation string          `json:"obligation"` // key
	Kind       string          `json:"kind"`
	Key        string          `json:"key"`
	Subject    string          `json:"subject,omitempty"`
	Period     calendar.Span   `json:"period"`
	Assessment pact.Assessment `json:"assessment"`
	DueOn      calendar.Date   `json:"due_on,omitempty"` // the last day in time, in the zone of the obligation
	Claim      *ClaimRight     `json:"claim,omitempty"`  // of a credit that must be claimed
	// Corrections are what late facts and retroactive amendments changed of what was already decided, oldest first.
	Corrections []Revised `json:"corrections,omitempty"`
}

// ClaimRight is what became of the right to claim a credit: open until By, claimed on On (by an event notice_sent, notice_received or
// submitted whose data.item is "claim", about the occurrence), or expired, and then Lost.
type ClaimRight struct {
	State string        `json:"state" enum:"open,claimed,expired"`
	By    calendar.Date `json:"by"`
	On    calendar.Date `json:"on,omitempty"`
	Late  calendar.Date `json:"late,omitempty"` // the first day of a claim that came after By, where none came in time
	Lost  *money.Amount `json:"lost,omitempty"`
	// Known is the day on which the credit became known, where that is after By: it could never be claimed in time.
	Known calendar.Date `json:"known,omitempty"`

	service string         // that a claim names, where it names one
	told    []pact.EventID // the events that say it was claimed
}

// Revised is a decided judgement that became another, because of what was learned at an instant.
type Revised struct {
	At     time.Time      `json:"at"`
	Reason string         `json:"reason"`
	Before Verdict        `json:"before"`
	After  Verdict        `json:"after"`
	Delta  *money.Amount  `json:"delta,omitempty"`
	Events []pact.EventID `json:"event_ids,omitempty"` // what was learned
}

// Verdict is the part of a judgement that somebody acts on.
type Verdict struct {
	Status      pact.Status   `json:"status"`
	Amount      *money.Amount `json:"amount,omitempty"`
	AmountState string        `json:"amount_state,omitempty"`
}

// Question is what a person must decide.
type Question struct {
	Obligation string         `json:"obligation"`
	Occurrence string         `json:"occurrence,omitempty"` // "" where it is about the clause itself
	Ambiguity  pact.Ambiguity `json:"ambiguity"`
}

// Nothing is an obligation without an occurrence, with the period in which it was looked for: half-open, "" is no bound.
type Nothing struct {
	Obligation string        `json:"obligation"`
	From       calendar.Date `json:"from,omitempty"`
	To         calendar.Date `json:"to,omitempty"`
	Why        string        `json:"why,omitempty"` // that there can be none, and why
}

// Idle is an operation that changes nothing, in words, with the title of the document that makes it.
type Idle struct {
	Document  string `json:"document"`
	Operation string `json:"operation"`
}

// Total is the sum of the amounts of one obligation in one currency, without credits whose right to be claimed has expired.
type Total struct {
	Obligation string       `json:"obligation"`
	Amount     money.Amount `json:"amount"`
}

// Next is the next instant at which a judgement changes if nothing happens.
type Next struct {
	At         time.Time `json:"at"`
	Obligation string    `json:"obligation"`
	Occurrence string    `json:"occurrence"`
}

// Run evaluates terms against events. What was received after the instant of the judgement is not known yet, whenever it
// happened. It ends with the context, between two judgements, with the context's error.
func Run(ctx context.Context, in Input) (Evaluation, error) {
	if in.AsOf.IsZero() {
		return Evaluation{}, fault.New(fault.Invalid, "The instant of the judgement is needed (--as-of).")
	}
	if in.From != "" && in.To != "" && in.From >= in.To {
		return Evaluation{}, fault.New(fault.Invalid, "The period is empty: %s is not before %s.", in.From, in.To)
	}
	set, err := calendar.NewSet(in.Terms.Calendars...)
	if err != nil {
		return Evaluation{}, fault.Wrap(fault.Invalid, err, "The calendars can not be used: %v.", err)
	}
	r := newRun(ctx, in, set, in.known(in.AsOf), obligation.NewCompiled())
	for i := range r.planned {
		if err := ctx.Err(); err != nil {
			return Evaluation{}, err
		}
		r.judge(&r.planned[i])
	}
	if err := ctx.Err(); err != nil {
		return Evaluation{}, err
	}
	r.finish()
	r.idle()
	if !in.NoUnused {
		all := in.Events
		if len(in.Aside) > 0 { // an event is large: they are copied only where they must be
			all = slices.Concat(in.Events, in.Aside)
		}
		r.report.Unused, r.report.Unlikely = r.unused(all), unlikely(all, in.AsOf)
	}
	if err := ctx.Err(); err != nil {
		return Evaluation{}, err
	}
	return r.report, nil
}

// newRun finds out what there is to judge.
func newRun(ctx context.Context, in Input, set calendar.Set, line effective.Timeline, compiled *obligation.Compiled) *run {
	r := &run{Input: in, ctx: ctx, set: set, compiled: compiled, timeline: line, seen: map[string]bool{}, report: Evaluation{AsOf: in.AsOf.UTC(), From: in.From, To: in.To, Occurrences: []Result{}, Refused: in.Refused}}
	r.Events = knownUntil(in.Events, in.AsOf)
	r.again = givenAgain(r.Events)
	r.notices = noticesAmong(r.Events)
	r.timeline = r.ending(r.timeline, in.AsOf)
	r.below()
	for _, key := range r.timeline.Keys() {
		r.plan(key)
	}
	r.withdraw()
	return r
}

// knownUntil leaves out what was not known at an instant. The list that it is given stays as it is.
func knownUntil(events []pact.Event, at time.Time) []pact.Event {
	for i := range events {
		if knownAt(&events[i]).After(at) {
			return slices.DeleteFunc(slices.Clone(events), func(e pact.Event) bool { return knownAt(&e).After(at) })
		}
	}
	return events
}

type run struct {
	Input
	ctx      context.Context //nolint:containedctx // a run is one call of Run
	set      calendar.Set
	timeline effective.Timeline
	compiled *obligation.Compiled
	report   Evaluation
	planned  []planned
	seen     map[string]bool       // what is planned, as "obligation\x00occurrence"
	again    map[pact.EventID]bool // events that give a figure once more
	passed   map[string]bool       // keys that this contract has from above alone
	own      *source               // what the obligations of the contract are judged from
	naming   *source               // what those passed on are judged from
	claimed  []pact.Event          // that say that a credit was claimed
	notices  []pact.Event          // on which the end of the contract may hang
}

// planned are the occurrences of one version of an obligation, with what is judged of each.
type planned struct {
	o       pact.Obligation
	list    []pact.Occurrence
	given   map[string]bool          // keys of those that the calendar gives, and no event
	reads   func() []calendar.Period // by place: of which days the events are read
	results []Result
	// withdrawn: nothing gives them any more. They are told where something had been decided.
	withdrawn bool
}

// source is events that several obligations are judged from, with what is made of them once for all of them.
type source struct {
	events    []pact.Event
	bySubject func() map[string][]pact.Event // for kinds that follow tickets
	log       func() *obligation.Log         // for all others
	matters   func() map[string][]int        // places of events, by what they are about
	byID      func() map[pact.EventID][]int
	replacing func() map[pact.EventID][]int // places of events, by what they replace
	stages    func() [][]pact.Event         // what stood before corrections
}

func newSource(events []pact.Event) *source {
	s := &source{
		events:    events,
		bySubject: sync.OnceValue(func() map[string][]pact.Event { return obligation.BySubject(events) }),
		log:       sync.OnceValue(func() *obligation.Log { return obligation.NewLog(events) }),
		matters: sync.OnceValue(func() map[string][]int {
			out := map[string][]int{}
			for i := range events {
				for _, n := range obligation.Names(events[i]) {
					out[n] = append(out[n], i)
				}
			}
			return out
		}),
		byID: sync.OnceValue(func() map[pact.EventID][]int {
			out := make(map[pact.EventID][]int, len(events))
			for i := range events {
				if id := events[i].ID; id != "" {
					out[id] = append(out[id], i)
				}
			}
			return out
		}),
		replacing: sync.OnceValue(func() map[pact.EventID][]int {
			out := map[pact.EventID][]int{}
			for i := range events {
				if old := events[i].Replaces; old != "" {
					out[old] = append(out[old], i)
				}
			}
			return out
		}),
	}
	s.stages = sync.OnceValue(func() [][]pact.Event { return stages(events, s.byID) })
	return s
}

// known is what the documents of the contract, and those above it, say as it was known at an instant.
func (in Input) known(at time.Time) effective.Timeline {
	var entries []effective.Entry
	for _, p := range in.Passed {
		entries = append(entries, p.Entries...)
	}
	return obligation.Following(in.Terms.timeline(at)).With(entries)
}

// below sorts out what is passed on, and the events that count for it.
func (r *run) below() {
	r.passed = map[string]bool{}
	for _, p := range r.Passed {
		r.passed[p.Key] = !p.Own
	}
	var naming []pact.Event
	for i := range r.Events {
		e := &r.Events[i]
		if slices.Contains(r.Names, e.Data.Contract) {
			naming = append(naming, *e)
		}
		if sayClaimed(e) {
			r.claimed = append(r.claimed, *e)
		}
	}
	r.own, r.naming = newSource(r.Events), newSource(naming)
}

// from is what an obligation is judged from.
func (r *run) from(key string) *source {
	if r.passed[key] {
		return r.naming
	}
	return r.own
}

// plan lists every occurrence of an obligation under every version of it.
func (r *run) plan(key string) {
	asked := map[string]bool{}
	var looked looked
	nothing := true
	var versions, beside []planned
	for _, segment := range obligation.Segments(r.timeline, key) {
		if segment.Resolution.Winner == nil {
			for _, q := range segment.Resolution.Ambiguities {
				r.ask(key, "", q, asked)
			}
			continue
		}
		o := *segment.Resolution.Winner.Obligation
		kind, err := obligation.KindOf(o.Kind)
		if err != nil {
			if !slices.Contains(r.report.NotJudged, key) {
				r.report.NotJudged = append(r.report.NotJudged, key)
			}
			continue
		}
		for _, q := range kind.Check(o) {
			if q.Code != "hours" || !namesOneOf(o, r.Terms.Calendars) {
				r.ask(key, "", q, asked)
			}
		}
		within := o
		within.InForce = segment.Period
		found, given := r.occurrences(kind, within)
		looked = looked.wider(r.period(within))
		nothing = nothing && len(found) == 0
		versions = append(versions, planned{o: o, list: found, given: given})
		beside = append(beside, planned{o: o, list: edges(kind, within)})
	}
	whole(append(beside, versions...))
	movedDays(versions)
	for i, v := range versions {
		for _, q := range r.extended(v.o, i+1 == len(versions)) {
			r.ask(key, "", q, asked)
		}
	}
	for _, v := range versions {
		r.planned = append(r.planned, r.planning(v.o, r.fresh(key+"\x00"+v.o.Kind, v.list), v.given))
	}
	if nothing && looked.known && len(asked) == 0 {
		r.report.Nothing = append(r.report.Nothing, Nothing{Obligation: key, From: looked.From, To: looked.Until, Why: cmp.Or(obligation.WithoutOccurrence(versions[len(versions)-1].o), r.fallsAway(key))})
	}
}

// edges are the periods of the first day of a version and of its last, also where they are not asked for: they may be shared with others.
func edges(kind obligation.Kind, o pact.Obligation) (out []pact.Occurrence) {
	if obligation.FeedOf(o.Kind).By != obligation.ByPeriod {
		return nil
	}
	if first := o.InForce.From; first != "" {
		out = kind.Occurrences(o, calendar.Period{From: first, Until: first.AddDays(1)})
	}
	if end := o.InForce.Until; end != "" {
		out = append(out, kind.Occurrences(o, calendar.Period{From: end.AddDays(-1), Until: end})...)
	}
	return out
}

// whole gives a period that several versions of an obligation share the days of all of them: it is judged as a whole.
func whole(versions []planned) {
	if len(versions) < 3 { // one, with its edges
		return
	}
	spans := map[string]calendar.Span{}
	each := func(do func(name string, occ *pact.Occurrence)) {
		for _, v := range versions {
			if obligation.FeedOf(v.o.Kind).By == obligation.ByPeriod {
				for i := range v.list {
					do(v.o.Kind+"\x00"+v.list[i].Key, &v.list[i])
				}
			}
		}
	}
	each(func(name string, occ *pact.Occurrence) {
		p, known := spans[name]
		if !known {
			spans[name] = occ.Period
			return
		}
		if occ.Period.Start.Before(p.Start) {
			p.Start = occ.Period.Start
		}
		if occ.Period.End.IsZero() || !p.End.IsZero() && occ.Period.End.After(p.End) {
			p.End = occ.Period.End
		}
		spans[name] = p
	})
	each(func(name string, occ *pact.Occurrence) { occ.Period = spans[name] })
}

// movedDays gives what a later version, made by then, promises for another day the words of that version: "pumps due 2026-03-25".
func movedDays(versions []planned) {
	type promise struct {
		occ  pact.Occurrence
		from calendar.Date
	}
	last := map[string]promise{}
	for _, v := range slices.Backward(versions) {
		for i := range v.list {
			occ := &v.list[i]
			name := v.o.Kind + "\x00" + occ.Key
			later, known := last[name]
			switch {
			case !known:
				last[name] = promise{*occ, v.o.InForce.From}
			case !occ.DueAt.IsZero() && !later.occ.DueAt.IsZero() && !occ.DueAt.Equal(later.occ.DueAt) && later.from.Time().Before(occ.DueAt):
				occ.Subject = later.occ.Subject
			}
		}
	}
}

// looked is the whole of the periods in which occurrences were looked for.
type looked struct {
	calendar.Period
	known bool
}

func (l looked) wider(p calendar.Period) looked {
	if p.From >= p.Until && p.Until != "" {
		return l
	}
	if !l.known {
		return looked{p, true}
	}
	l.From = min(l.From, p.From)
	if l.Until == "" || p.Until == "" {
		l.Until = ""
	} else {
		l.Until = max(l.Until, p.Until)
	}
	return l
}

// idle lists what amendments do to nothing.
func (r *run) idle() {
	for _, c := range r.timeline.Idle() {
		r.report.Idle = append(r.report.Idle, Idle{Document: c.Source.Title, Operation: c.Operation.String()})
	}
	for _, c := range r.timeline.Changes() { // an extension moves the last day of the contract, and of no obligation that states its own days
		if c.Kind == pact.Extend && !r.extends(c) {
			r.report.Idle = append(r.report.Idle, Idle{Document: c.Source.Title, Operation: c.Operation.String()})
		}
	}
}

// extends tells whether an extension finds a last day of the contract to move: its expiration date, or the term of a notice of renewal.
func (r *run) extends(c effective.Change) bool {
	return r.timeline.Term("expiration_date", c.Begins()).Winner != nil ||
		r.timeline.Any(func(o pact.Obligation) bool { return o.Kind == (obligation.RenewalNotice{}).Name() })
}

// fresh keeps of occurrences of an obligation those in the period asked for that are not planned yet, in the list that it is given.
func (r *run) fresh(key string, found []pact.Occurrence) []pact.Occurrence {
	list := found[:0]
	for i := range found { // an occurrence is large: it is moved at most once
		occ := &found[i]
		name := key + "\x00" + occ.Key
		if r.seen[name] || !r.inside(occ) {
			continue
		}
		r.seen[name] = true
		list = append(list, *occ)
	}
	return list
}

func (r *run) planning(o pact.Obligation, list []pact.Occurrence, given map[string]bool) planned {
	reads := sync.OnceValue(func() []calendar.Period {
		out := make([]calendar.Period, len(list))
		for i := range list {
			out[i] = obligation.Reads(r.timeline, o, list[i])
		}
		return out
	})
	return planned{o: o, list: list, given: given, reads: reads}
}

func (r *run) ask(key, occurrence string, q pact.Ambiguity, asked map[string]bool) {
	if asked[q.Code+q.Question] {
		return
	}
	asked[q.Code+q.Question] = true
	r.report.Questions = append(r.report.Questions, Question{Obligation: key, Occurrence: occurrence, Ambiguity: q})
}

// occurrences lists what the calendar gives and what events open; given has the keys of the former.
func (r *run) occurrences(kind obligation.Kind, o pact.Obligation) (out []pact.Occurrence, given map[string]bool) {
	out, given = r.given(kind, o)
	if opener, ok := kind.(obligation.Opener); ok {
		opened := opener.Opened(o, r.from(o.Key).events)
		if len(out) == 0 {
			return opened, given
		}
		return append(out, opened...), given
	}
	return out, given
}

// given lists what the calendar gives, with its keys.
func (r *run) given(kind obligation.Kind, o pact.Obligation) (out []pact.Occurrence, keys map[string]bool) {
	period := r.period(o)
	if period.From < period.Until {
		out = kind.Occurrences(o, period)
	}
	keys = make(map[string]bool, len(out))
	for i := range out {
		keys[out[i].Key] = true
	}
	return out, keys
}

// period is the run of dates in which the calendar is asked for occurrences. Without bounds it begins with the clause or the
// first event and ends the day after the judgement, or later for kinds that look ahead.
func (r *run) period(o pact.Obligation) calendar.Period {
	today := calendar.DateIn(r.AsOf, time.UTC)
	p := calendar.Period{From: r.From, Until: r.To}
	if p.From == "" {
		p.From = o.InForce.From
	}
	if p.From == "" {
		p.From = today
		for i := range r.Events {
			e := &r.Events[i]
			if d := calendar.DateIn(e.OccurredAt, time.UTC).AddDays(-1); d != "" && d < p.From {
				p.From = d
			}
			if named, ok := calendar.Named(e.Data.Month); ok && named.From < p.From {
				p.From = named.From
			}
		}
	}
	if p.Until == "" {
		p.Until = today.AddDays(1).AddMonths(obligation.Ahead(o.Kind))
	}
	return p
}

// inside tells whether an occurrence lies in the period that was asked for.
func (r *run) inside(occ *pact.Occurrence) bool {
	if r.From != "" && !occ.Period.End.IsZero() && calendar.DateIn(occ.Period.End.Add(-1), time.UTC) < r.From {
		return false
	}
	on := occ.Period.Start
	if on.IsZero() {
		on = occ.DueAt
	}
	return r.To == "" || on.IsZero() || calendar.DateIn(on, time.UTC) < r.To
}

// finish orders the report and adds what is about the whole of it.
func (r *run) finish() {
	places := make([]*Result, len(r.report.Occurrences)) // a result is large: each is moved once
	for i := range r.report.Occurrences {
		places[i] = &r.report.Occurrences[i]
	}
	slices.SortStableFunc(places, func(a, b *Result) int {
		return cmp.Or(cmp.Compare(a.Obligation, b.Obligation), a.Period.Start.Compare(b.Period.Start), cmp.Compare(a.Key, b.Key))
	})
	ordered := make([]Result, len(places))
	for i, res := range places {
		ordered[i] = *res
	}
	r.report.Occurrences = ordered
	for i := range r.report.Occurrences {
		res := &r.report.Occurrences[i]
		if at := res.Assessment.NextAt; !at.IsZero() {
			r.report.Next = append(r.report.Next, Next{At: at, Obligation: res.Obligation, Occurrence: res.Key})
		}
		lost := res.Claim != nil && res.Claim.State == "expired"
		if sum := res.Assessment.Amount; sum != nil && !lost && res.Kind != "price_escalator" { // prices do not add up
			r.add(res.Obligation, *sum)
		}
	}
	slices.SortStableFunc(r.report.Next, func(a, b Next) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(r.report.Questions, func(a, b Question) int {
		return cmp.Or(cmp.Compare(a.Obligation, b.Obligation), cmp.Compare(a.Occurrence, b.Occurrence))
	})
}

func (r *run) add(key string, sum money.Amount) {
	for i := range r.report.Totals {
		if t := &r.report.Totals[i]; t.Obligation == key && t.Amount.Currency == sum.Currency {
			t.Amount.Value = t.Amount.Value.Add(sum.Value)
			return
		}
	}
	r.report.Totals = append(r.report.Totals, Total{Obligation: key, Amount: sum})
}

// knownKinds are the kinds of events, from the type that documents them.
var knownKinds = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	f, _ := reflect.TypeFor[pact.Event]().FieldByName("Kind")
	for name := range strings.SplitSeq(f.Tag.Get("enum"), ",") {
		out[name] = true
	}
	return out
})
