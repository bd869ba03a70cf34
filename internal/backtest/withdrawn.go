package backtest

import (
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// withdraw plans what was judged once and is no more: what opened it was corrected, or a document published later takes the
// obligation back in time. It stands in the report where something had been decided, with the correction that says what it was.
func (r *run) withdraw() {
	if r.Final {
		return
	}
	for _, key := range r.timeline.Keys() {
		for _, events := range r.from(key).stages() {
			r.withdrawn(r.timeline, key, events, false)
		}
	}
	for _, line := range r.superseded() {
		for _, key := range line.Keys() {
			r.withdrawn(line, key, r.from(key).events, true)
		}
	}
}

// withdrawn plans the occurrences that documents and events as they stood gave, where nothing gives them any more.
func (r *run) withdrawn(line effective.Timeline, key string, events []pact.Event, calendar bool) {
	for _, segment := range obligation.Segments(line, key) {
		if segment.Resolution.Winner == nil {
			continue
		}
		o := *segment.Resolution.Winner.Obligation
		kind, err := obligation.KindOf(o.Kind)
		if err != nil {
			continue
		}
		within := o
		within.InForce = segment.Period
		var found []pact.Occurrence
		given := map[string]bool{}
		if calendar {
			found, given = r.given(kind, within)
		}
		if opener, ok := kind.(obligation.Opener); ok {
			found = append(found, opener.Opened(within, events)...)
		}
		if list := r.fresh(key+"\x00"+o.Kind, found); len(list) > 0 {
			r.planned = append(r.planned, r.planning(o, list, given))
			r.planned[len(r.planned)-1].withdrawn = true
		}
	}
}

// superseded are what the documents said until each of the later ones became known.
func (r *run) superseded() []effective.Timeline {
	var instants []time.Time
	for at := range r.published() {
		if !at.After(r.AsOf) {
			instants = append(instants, at)
		}
	}
	slices.SortFunc(instants, time.Time.Compare)
	var out []effective.Timeline
	for _, at := range instants {
		out = append(out, r.known(at.Add(-1)))
	}
	return out
}

// mostStages bounds how often one event is corrected for which each state before is looked at.
const mostStages = 20

// stages are the events of the matters of which anything was ever corrected, as they stood before: as first reported, then with the
// first correction of each, and so on; the last correction of all is left out. None where nothing was corrected.
func stages(events []pact.Event, byID func() map[pact.EventID][]int) [][]pact.Event {
	depth := make([]int, len(events)) // how many corrections led to it
	deepest := 0
	about := map[string]bool{}
	for i := range events {
		for e := &events[i]; e.Replaces != "" && depth[i] < mostStages; depth[i]++ {
			for _, name := range obligation.Names(*e) {
				about[name] = true
			}
			old := byID()[e.Replaces]
			if len(old) == 0 {
				break
			}
			e = &events[old[0]]
			for _, name := range obligation.Names(*e) {
				about[name] = true
			}
		}
		deepest = max(deepest, depth[i])
	}
	if deepest == 0 {
		return nil
	}
	out := make([][]pact.Event, deepest)
	for i := range events {
		if !slices.ContainsFunc(obligation.Names(events[i]), func(name string) bool { return about[name] }) {
			continue
		}
		for n := depth[i]; n < deepest; n++ {
			out[n] = append(out[n], events[i])
		}
	}
	return out
}
