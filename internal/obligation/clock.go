package obligation

import (
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// ticket is the life of one ticket as the log tells it, before any clause is applied to it.
type ticket struct {
	opened    time.Time
	openedBy  pact.EventID
	openedIn  string   // the state in which it was opened, or in which a clock by states started
	changes   []change // of priority, in order; the first is the priority at opening, where known
	holds     []hold
	closed    []calendar.Span // resolved or cancelled, then opened again; the last has no end while it stays closed
	stops     []stop
	reopened  []moment
	responded moment
	ignored   []moment // holds that do not stop the clock
	nothing   []moment // what changes nothing: a resumption without a hold, a second resolution
}

type change struct {
	at       time.Time
	priority string
	said     string // the priority as the event says it
	id       pact.EventID
}

type hold struct {
	span calendar.Span
	ids  []pact.EventID
	why  string
}

type stop struct {
	moment
	cancelled bool
}

type moment struct {
	at time.Time
	id pact.EventID
	by string // what it was, where it is not what usually ends a clock
	// said is when it was reported to have happened, where that lies before the opening, at which it counts.
	said time.Time
}

// holds decides which holds stop the clock.
type holdRule struct {
	all    bool
	states []string
}

func (r holdRule) stops(e *pact.Event) bool {
	if !r.all {
		return false
	}
	if len(r.states) == 0 {
		return true
	}
	return slices.ContainsFunc(r.states, func(s string) bool {
		return sameWord(s, e.Data.State) || sameWord(s, e.Data.Reason)
	})
}

// life folds an ordered log into a ticket. Holds are united as people hold tickets: a second hold during the first makes
// one longer hold, which ends with the last of as many resumptions as there were holds. Systems that only report a change
// of the hold's reason send one resumption, and that ends it too.
func life(events []*pact.Event, start time.Time, rule holdRule) ticket {
	t := ticket{opened: start}
	for _, e := range events {
		if e.Kind == "ticket_opened" {
			t.opened, t.openedBy, t.openedIn = e.OccurredAt.UTC(), eventID(e), e.Data.State
			t.changes = append(t.changes, change{t.opened, priority(e.Data.Priority), e.Data.Priority, eventID(e)})
			break
		}
	}
	var (
		held, isClosed bool
		wasHeld        bool
		pauses, ends   int // of the hold that is open or was just ended
	)
	release := func(at time.Time, id pact.EventID) {
		h := &t.holds[len(t.holds)-1]
		h.span.End = at
		h.ids = append(h.ids, id)
		held = false
	}
	for _, e := range events {
		at := later(e.OccurredAt.UTC(), t.opened) // what is reported from before the opening holds from the opening
		var said time.Time
		if e.OccurredAt.Before(t.opened) {
			said = e.OccurredAt.UTC()
		}
		switch e.Kind {
		case "ticket_priority":
			t.changes = append(t.changes, change{at, priority(e.Data.Priority), e.Data.Priority, eventID(e)})
		case "ticket_responded":
			gone := isClosed && t.stops[len(t.stops)-1].cancelled // nobody waits for an answer any more
			if t.responded.at.IsZero() && !gone {
				t.responded = moment{at: at, id: eventID(e), said: said}
			}
		case "ticket_paused":
			wasHeld = true
			switch {
			case isClosed:
			case !rule.stops(e):
				t.ignored = append(t.ignored, moment{at: at, id: eventID(e), by: reasonOf(e)})
				if held {
					release(at, eventID(e)) // now held for a reason that does not stop the clock
				}
			case !e.Data.EndAt.IsZero():
				t.holds = append(t.holds, hold{calendar.Span{Start: at, End: later(e.Data.EndAt.UTC(), at)}, oneID(eventID(e)), reasonOf(e)})
				if held { // keep the hold without end last
					n := len(t.holds)
					t.holds[n-1], t.holds[n-2] = t.holds[n-2], t.holds[n-1]
				}
				ends = pauses // a later resumption does not lengthen an earlier hold
			case held:
				pauses++
				t.holds[len(t.holds)-1].ids = append(t.holds[len(t.holds)-1].ids, eventID(e))
			default:
				t.holds = append(t.holds, hold{calendar.Span{Start: at}, oneID(eventID(e)), reasonOf(e)})
				held, pauses, ends = true, 1, 0
			}
		case holdReported:
			t.ignored = append(t.ignored, moment{at: at, id: eventID(e), by: reasonOf(e)})
		case "ticket_resumed":
			switch {
			case isClosed:
			case held:
				release(at, eventID(e))
				ends = 1
			case ends > 0 && ends < pauses:
				release(at, eventID(e))
				ends++
			case !wasHeld:
				t.nothing = append(t.nothing, moment{at: at, id: eventID(e), by: "resumed, and no hold was reported"})
			}
		case "ticket_resolved", "ticket_cancelled", ticketReset:
			if isClosed {
				if e.Kind == "ticket_resolved" {
					t.nothing = append(t.nothing, moment{at: at, id: eventID(e), by: "resolved, and it was closed already"})
				}
				continue
			}
			if held {
				release(at, eventID(e))
			}
			isClosed, pauses, ends = true, 0, 0
			end := moment{at: at, id: eventID(e), said: said}
			if e.Kind == ticketReset {
				end.by = "reset"
			}
			t.stops = append(t.stops, stop{end, e.Kind == "ticket_cancelled"})
			t.closed = append(t.closed, calendar.Span{Start: at})
		case "ticket_reopened":
			if !isClosed {
				continue
			}
			isClosed = false
			t.closed[len(t.closed)-1].End = at
			t.reopened = append(t.reopened, moment{at: at, id: eventID(e)})
		}
	}
	t.elsewhere(events)
	return t
}

// elsewhere takes the priority from the first event that has one, where neither the opening nor a change tells it.
func (t *ticket) elsewhere(events []*pact.Event) {
	for _, c := range t.changes {
		if c.priority != "" {
			return
		}
	}
	for _, e := range events {
		if p := priority(e.Data.Priority); p != "" {
			t.changes = append(t.changes, change{later(e.OccurredAt.UTC(), t.opened), p, e.Data.Priority, eventID(e)})
			return
		}
	}
}

// oneID begins a list that gets the end of the hold too.
func oneID(id pact.EventID) []pact.EventID { return append(make([]pact.EventID, 0, 2), id) }

// piece is a run of time that counts, on one calendar. A zero end is open.
type piece struct {
	span calendar.Span
	cal  *calendar.Calendar
}

// elapsed measures what counted until an instant.
func elapsed(pieces []piece, at time.Time) time.Duration {
	var sum time.Duration
	for _, p := range pieces {
		end := at
		if !p.span.End.IsZero() && p.span.End.Before(at) {
			end = p.span.End
		}
		sum += p.cal.Between(p.span.Start, end)
	}
	return sum
}

// actual measures the same time by the clock on the wall, whether or not it was open (both are kept).
func actual(pieces []piece, at time.Time) time.Duration {
	var sum time.Duration
	for _, p := range pieces {
		end := at
		if !p.span.End.IsZero() && p.span.End.Before(at) {
			end = p.span.End
		}
		sum += max(0, end.Sub(p.span.Start))
	}
	return sum
}

// reach finds the least instant at which that much has counted; ok is false where a hold without end comes first.
func reach(pieces []piece, target time.Duration) (time.Time, bool) {
	for _, p := range pieces {
		at, ok := p.cal.Add(p.span.Start, target)
		if ok && (p.span.End.IsZero() || !at.After(p.span.End)) {
			return at, true
		}
		if p.span.End.IsZero() {
			return time.Time{}, false
		}
		target -= p.cal.Between(p.span.Start, p.span.End)
	}
	return time.Time{}, false
}

// cut makes pieces of the time from an instant on, without the spans that do not count. Stretches say which calendar
// applies from when; the first begins at or before the start.
func cut(start time.Time, stretches []stretch, without []calendar.Span) []piece {
	out := make([]piece, 0, len(stretches)+len(without))
	if len(stretches) == 1 && len(without) == 0 {
		return append(out, piece{calendar.Span{Start: start}, stretches[0].cal})
	}
	for _, s := range calendar.Subtract([]calendar.Span{{Start: start}}, without) {
		for i, st := range stretches {
			bounds := calendar.Span{Start: st.from}
			if i+1 < len(stretches) {
				bounds.End = stretches[i+1].from
				if !bounds.End.After(bounds.Start) {
					continue
				}
			}
			if clipped, ok := s.Clip(bounds); ok {
				out = append(out, piece{clipped, st.cal})
			}
		}
	}
	return out
}

// stretch is a run of the ticket's life under one priority, hence one calendar.
type stretch struct {
	from time.Time
	cal  *calendar.Calendar
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
