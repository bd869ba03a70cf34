package backtest

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// without tells whether the report stays as it is without some events. Only what they may change is judged again: of a ticket or
// matter what the events lead to, of a period every one whose kind is judged from such events, since it may look back.
func (r *run) without(events map[pact.EventID]bool) bool {
	in := r.Input
	gone := func(e *pact.Event) bool { return events[idOf(e)] }
	in.Events = slices.DeleteFunc(slices.Clone(in.Events), func(e pact.Event) bool { return gone(&e) })
	again := newRun(r.ctx, in, r.set, r.timeline, r.compiled)
	if len(again.planned) != len(r.planned) {
		return false
	}
	for i := range again.planned {
		if !r.stays(&r.planned[i], again, &again.planned[i], gone) {
			return false
		}
	}
	return r.ctx.Err() == nil
}

// stays tells whether one version of an obligation is judged the same in a run without some events.
func (r *run) stays(was *planned, again *run, is *planned, gone func(*pact.Event) bool) bool {
	if len(was.list) != len(is.list) {
		return false
	}
	changed := r.changedBy(was, again, gone)
	var places []int
	for i := range was.list {
		a, b := &was.list[i], &is.list[i]
		if a.Key != b.Key || a.Subject != b.Subject || !a.Period.Start.Equal(b.Period.Start) || !a.Period.End.Equal(b.Period.End) {
			return false
		}
		if changed(i) || !a.DueAt.Equal(b.DueAt) {
			places = append(places, i)
		}
	}
	results := again.judged(is, places)
	for _, i := range places {
		before, err := json.Marshal(was.results[i])
		after, wrong := json.Marshal(results[i])
		if err != nil || wrong != nil || !bytes.Equal(before, after) {
			return false
		}
	}
	return true
}

// changedBy tells of which occurrences the judgement may be another without some events.
func (r *run) changedBy(p *planned, again *run, gone func(*pact.Event) bool) func(i int) bool {
	every := func(int) bool { return true }
	from, feed := r.from(p.o.Key), obligation.FeedIn(r.timeline, p.o)
	var fresh []*pact.Event
	subjects := map[string]bool{}
	came := map[time.Time]bool{}
	for i := range from.events {
		e := &from.events[i]
		if !gone(e) {
			continue
		}
		if r.late(e) {
			came[knownAt(e)] = true // it is told with the corrections of its instant
		}
		if !feed.Takes(*e) {
			continue
		}
		fresh = append(fresh, e)
		subjects[e.Subject] = true
		for _, i := range from.byID()[e.Replaces] {
			subjects[from.events[i].Subject] = true
		}
	}
	if !r.Final && (len(r.allArrivals(from.events)) > maxArrivals || len(again.allArrivals(again.from(p.o.Key).events)) > maxArrivals) {
		return every // other instants are the latest ones now
	}
	told := func(i int) bool {
		return slices.ContainsFunc(p.results[i].Corrections, func(c Revised) bool { return came[c.At] })
	}
	switch {
	case len(fresh) == 0:
		return told
	case feed.By == obligation.ByTicket && !subjects[""]:
		return func(i int) bool {
			key := p.list[i].Key
			return subjects[key] || subjects[obligation.TicketOf(key)] || told(i)
		}
	case feed.By == obligation.ByMatter:
		if about, all := r.around(p.o.Key, feed, fresh); !all {
			return func(i int) bool { return p.given[p.list[i].Key] || obligation.Among(about, p.list[i].Key) || told(i) }
		}
	}
	return every
}
