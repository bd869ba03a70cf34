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
// matter what the events lead to, of a period those that read their days.
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
	came := map[time.Time]bool{}
	noted := false // the trace of every judgement says that another was corrected, or reported again
	for i := range from.events {
		e := &from.events[i]
		if !gone(e) {
			continue
		}
		if r.late(e) {
			came[knownAt(e)] = true // it is told with the corrections of its instant
		}
		noted = noted || e.Replaces != "" || feed.By == obligation.ByPeriod && from.log().Repeated(e)
		if feed.Takes(*e) {
			fresh = append(fresh, e)
		}
	}
	if !r.Final && (len(r.allArrivals(from.events)) > maxArrivals || len(again.allArrivals(again.from(p.o.Key).events)) > maxArrivals) {
		return every // other instants are the latest ones now
	}
	told := func(i int) bool {
		return slices.ContainsFunc(p.results[i].Corrections, func(c Revised) bool { return came[c.At] })
	}
	affected := every
	switch feed.By {
	case obligation.ByPeriod:
		if !noted {
			affected = r.affected(p, fresh)
		}
	case obligation.ByTicket:
		affected = from.ofTickets(p, fresh)
	default:
		affected = r.affected(p, fresh)
	}
	return func(i int) bool { return len(fresh) > 0 && affected(i) || told(i) }
}

// ofTickets tells which occurrences are of the tickets that events are about; one about none counts with every ticket.
func (s *source) ofTickets(p *planned, events []*pact.Event) func(i int) bool {
	subjects := map[string]bool{}
	for _, e := range events {
		subjects[e.Subject] = true
		for _, i := range s.byID()[e.Replaces] {
			subjects[s.events[i].Subject] = true
		}
	}
	return func(i int) bool {
		key := p.list[i].Key
		return subjects[""] || subjects[key] || subjects[obligation.TicketOf(key)]
	}
}
