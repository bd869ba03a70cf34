package backtest

import (
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// known is what the documents say as it was known at an instant, up to the end of the contract as it was known then.
func (r *run) known(at time.Time) effective.Timeline { return r.ending(r.Input.known(at), at) }

// ending ends the obligations of a timeline with the contract, as that was known at an instant.
func (r *run) ending(line effective.Timeline, at time.Time) effective.Timeline {
	return obligation.Ending(obligation.Input{Timeline: line, Events: knownUntil(r.notices, at), Calendars: r.set, At: at})
}

// fallsAway says why nothing of an obligation falls due where that is the end of the contract: without it something would, by the calendar.
// "" where it is not.
func (r *run) fallsAway(key string) string {
	end := r.timeline.End(key)
	if end == nil {
		return ""
	}
	for _, segment := range obligation.Segments(r.timeline.Ending(nil, nil), key) {
		w := segment.Resolution.Winner
		if w == nil {
			continue
		}
		o := *w.Obligation
		o.InForce = segment.Period
		if kind, err := obligation.KindOf(o.Kind); err == nil {
			if len(kind.Occurrences(o, r.period(o))) > 0 {
				return "nothing falls due: " + end.Says(calendar.DateIn(r.AsOf, time.UTC))
			}
		}
	}
	return ""
}

// noticesAmong are the events on which the end of the contract may hang, with what corrects them.
func noticesAmong(events []pact.Event) []pact.Event {
	kinds := obligation.EndEvents()
	var out []pact.Event
	corrected := false
	for i := range events {
		corrected = corrected || events[i].Replaces != ""
		if slices.Contains(kinds, events[i].Kind) {
			out = append(out, events[i])
		}
	}
	if !corrected {
		return out
	}
	about := map[pact.EventID]bool{}
	for found := true; found; { // a deletion that is deleted leads to what counts again
		found = false
		for i := range events {
			e := &events[i]
			if !about[idOf(e)] && (slices.Contains(kinds, e.Kind) || e.Replaces != "" && about[e.Replaces]) {
				about[idOf(e)], found = true, true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(events), func(e pact.Event) bool { return !about[idOf(&e)] })
}

// ends are the instants at which something became known of notices of before, so that the contract may have ended, or not have ended, on
// another day than was known.
func (r *run) ends() map[time.Time]bool {
	out := map[time.Time]bool{}
	for i := range r.notices {
		if r.lateNotice(&r.notices[i]) {
			out[knownAt(&r.notices[i])] = true
		}
	}
	return out
}

// endsBy are the notices of before that became known at an instant.
func (r *run) endsBy(at time.Time) (ids []pact.EventID) {
	for i := range r.notices {
		if e := &r.notices[i]; knownAt(e).Equal(at) && r.lateNotice(e) {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

func (r *run) lateNotice(e *pact.Event) bool {
	return r.late(e) || e.Data.Date != "" && e.Data.Date < calendar.DateIn(e.OccurredAt, time.UTC)
}
