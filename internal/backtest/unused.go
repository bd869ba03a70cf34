package backtest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Unused is an event that no judgement looked at, and why. Left out, it would change nothing.
type Unused struct {
	EventID    pact.EventID `json:"event_id"`
	ExternalID string       `json:"external_id,omitempty"`
	Kind       string       `json:"kind"`
	Subject    string       `json:"subject,omitempty"`
	On         string       `json:"on"` // when it happened
	// Why: kind (no obligation asks for such events), name (none is about what it names), matter (the invoice, order or ticket it is about is
	// not known), not_in_force (on its day the obligations it would be for do not hold), period (it lies outside the period asked for),
	// later (it was not known at the instant of the judgement), impossible (no calendar reaches its time, or it says what can not be).
	Why     string `json:"why" enum:"kind,name,matter,not_in_force,period,later,impossible"`
	Message string `json:"message"`
	Meant   string `json:"meant,omitempty"` // the name that was probably meant; looked for in the first 200
}

// Unlikely is an event that may well be a slip, and its member.
type Unlikely struct {
	EventID    pact.EventID `json:"event_id"`
	ExternalID string       `json:"external_id,omitempty"`
	Field      string       `json:"field"` // "data.date"
	Message    string       `json:"message"`
}

// unlikely lists the events of which the check that tables and deliveries pass says that they may be slips, in their order; of those that
// happen after the instant of the judgement, which is the present here, only what lies more than a year ahead.
func unlikely(all []pact.Event, at time.Time) []Unlikely {
	var out []Unlikely
	replaced := map[pact.EventID]bool{}
	for i := range all {
		replaced[all[i].Replaces] = true
	}
	for i := range all {
		e := &all[i]
		if e.Kind == "correction" || replaced[idOf(e)] || obligation.Impossible(e) || e.OccurredAt.After(at) && !e.OccurredAt.After(at.AddDate(1, 0, 0)) {
			continue
		}
		for _, p := range e.Unlikely(at) {
			out = append(out, Unlikely{idOf(e), e.ExternalID, p.Path, p.Message})
		}
	}
	slices.SortFunc(out, func(a, b Unlikely) int {
		return cmp.Or(cmp.Compare(a.EventID, b.EventID), cmp.Compare(a.Field, b.Field))
	})
	return slices.Compact(out)
}

// overlooked is what is needed to tell why an event was not used.
type overlooked struct {
	r        *run
	uses     *obligation.Uses
	used     map[pact.EventID]bool
	replaced map[pact.EventID]bool
	tickets  map[string]bool // keys of clocks
	opened   map[string]bool // tickets of which an opening is known
}

// mostMeant bounds, in order of time, the events of which is told what was probably meant: nobody reads further.
const mostMeant = 200

// unused lists the events that nothing rests on, in order of time.
func (r *run) unused(all []pact.Event) []Unused {
	l := &overlooked{r: r, used: make(map[pact.EventID]bool, len(all)), replaced: map[pact.EventID]bool{}}
	l.uses = obligation.NewUses(l, r.timeline)
	l.uses.Period = calendar.Period{From: r.From, Until: r.To}
	l.note(all)
	var out []Unused
	seen := map[pact.EventID]*pact.Event{}
	for i := range all {
		e := &all[i]
		if r.ctx.Err() != nil {
			return nil
		}
		if l.used[idOf(e)] && !knownAt(e).After(r.AsOf) && !obligation.Impossible(e) {
			continue
		}
		if seen[idOf(e)] != nil || e.Kind == "correction" || l.replaced[e.ID] {
			continue // a repeat, or what a correction took back and the trace tells
		}
		l.noteTickets(all)
		if u, left := l.judge(e); left && !l.takesBack(e) {
			seen[idOf(e)] = e
			u.EventID, u.ExternalID, u.Kind, u.Subject, u.On = idOf(e), e.ExternalID, e.Kind, e.Subject, stamp(e.OccurredAt)
			out = append(out, u)
		}
	}
	out = r.shown(out)
	slices.SortFunc(out, func(a, b Unused) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.EventID, b.EventID)) })
	l.uses.Meant = true
	for i := range out[:min(len(out), mostMeant)] {
		if u, left := l.judge(seen[out[i].EventID]); left {
			out[i].Why, out[i].Message, out[i].Meant = u.Why, u.Message, u.Meant
		}
	}
	return out
}

// takesBack tells whether an event replaces one that would count: left out, that would count again.
func (l *overlooked) takesBack(e *pact.Event) bool {
	if e.Replaces == "" || knownAt(e).After(l.r.AsOf) {
		return false
	}
	return slices.ContainsFunc(l.r.own.byID()[e.Replaces], func(i int) bool {
		_, left := l.judge(&l.r.own.events[i])
		return !left
	})
}

// shown keeps of the events outside the period that was asked for those of which judging again without them shows that they change
// nothing: a rolling cap looks back, a ticket that is reopened next month counts in this one.
func (r *run) shown(list []Unused) []Unused {
	outside := map[pact.EventID]bool{}
	for _, u := range list {
		if u.Why == "period" {
			outside[u.EventID] = true
		}
	}
	if len(outside) == 0 || r.without(outside) {
		return list
	}
	if len(outside) > shownOneByOne {
		return slices.DeleteFunc(list, func(u Unused) bool { return u.Why == "period" })
	}
	ended := r.ctx.Err() != nil // of a run that ended nothing comes out: nothing is judged for it any more
	return slices.DeleteFunc(list, func(u Unused) bool {
		if ended || u.Why != "period" {
			return ended
		}
		stays := r.without(map[pact.EventID]bool{u.EventID: true})
		ended = !stays && r.ctx.Err() != nil
		return !stays
	})
}

// shownOneByOne bounds the judgements that are made again for single events.
const shownOneByOne = 16

func idOf(e *pact.Event) pact.EventID {
	return cmp.Or(e.ID, pact.EventID(e.ExternalID))
}

// note gathers what the judgements rest on.
func (l *overlooked) note(all []pact.Event) {
	for i := range l.r.report.Occurrences {
		res := &l.r.report.Occurrences[i]
		for _, id := range res.Assessment.EventIDs {
			l.used[id] = true
		}
		for j := range res.Assessment.Trace {
			for _, id := range res.Assessment.Trace[j].EventIDs {
				l.used[id] = true
			}
		}
		if res.Claim != nil {
			for _, id := range res.Claim.told {
				l.used[id] = true
			}
		}
	}
	l.replaced = obligation.Replaced(func(yield func(*pact.Event) bool) {
		for i := range all {
			if all[i].Replaces != "" && !yield(&all[i]) {
				return
			}
		}
	})
	for id := range l.replaced {
		delete(l.used, id) // the step that says what a correction set aside names it, and rests on nothing of it
	}
	for i := range all {
		if e := &all[i]; e.Kind == "charge" && l.used[idOf(e)] && !l.uses.Takes(e) {
			delete(l.used, idOf(e))
		}
	}
}

// noteTickets gathers, once and where it is asked for, which tickets are judged and which were opened.
func (l *overlooked) noteTickets(all []pact.Event) {
	if l.tickets != nil {
		return
	}
	l.tickets, l.opened = map[string]bool{}, map[string]bool{}
	for i := range l.r.report.Occurrences {
		if res := &l.r.report.Occurrences[i]; obligation.FeedOf(res.Kind).By == obligation.ByTicket {
			l.tickets[res.Key], l.tickets[obligation.TicketOf(res.Key)] = true, true
		}
	}
	for i := range all {
		if e := &all[i]; e.Kind == "ticket_opened" {
			l.opened[e.Subject] = true
		}
	}
}

// judge tells why an event is not used; false where it is.
func (l *overlooked) judge(e *pact.Event) (Unused, bool) {
	switch {
	case l.r.Within && !obligation.DatesOf(*e).Overlaps(calendar.Period{From: l.r.From, Until: l.r.To}):
		return Unused{}, false
	case knownAt(e).After(l.r.AsOf):
		return Unused{Why: "later", Message: fmt.Sprintf("It was not known on %s, the instant of the judgement.", stamp(l.r.AsOf))}, true
	case l.used[idOf(e)] && !obligation.Impossible(e):
		return Unused{}, false
	}
	u, left := l.uses.Of(e)
	if left && sayClaimed(e) && !obligation.Impossible(e) {
		if why, ok := l.unclaimed(e); ok {
			return why, true
		}
	}
	return Unused{Why: u.Why, Message: u.Message, Meant: u.Meant}, left
}

// Ticket tells whether a ticket is judged, and whether its opening was reported.
func (l *overlooked) Ticket(subject string) (judged, opened bool) {
	return l.tickets[subject], l.opened[subject]
}

// Judges leaves it to the matters: here they are all at hand.
func (l *overlooked) Judges(pact.Obligation, *pact.Event) bool { return false }

// Matters are the keys of the occurrences of an obligation.
func (l *overlooked) Matters(key string) []string {
	var out []string
	for i := range l.r.report.Occurrences {
		if res := &l.r.report.Occurrences[i]; res.Obligation == key {
			out = append(out, res.Key)
		}
	}
	return out
}

// Log are the events of the run.
func (l *overlooked) Log() []pact.Event { return l.r.Events }

// Leaves keeps what a contract above passes on from events that do not name this contract.
func (l *overlooked) Leaves(o pact.Obligation, e *pact.Event) string {
	if l.r.passed[o.Key] && !slices.Contains(l.r.Names, e.Data.Contract) {
		return "is passed on by a contract above and is judged from events that name this contract (data.contract) alone"
	}
	return ""
}
