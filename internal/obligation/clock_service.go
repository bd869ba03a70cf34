package obligation

import (
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// serviceOf is the service of a ticket, from its events in order: the one told last, for whoever takes it up may find that it is of another.
// "" where nobody told it.
func serviceOf(events []*pact.Event) (service string, by pact.EventID) {
	for _, e := range slices.Backward(events) {
		if e.Data.Service != "" && strings.HasPrefix(e.Kind, "ticket_") {
			return e.Data.Service, eventID(e)
		}
	}
	return "", ""
}

// servicesOf are the services of tickets, as serviceOf tells them; one that is not known has none.
func servicesOf(events []pact.Event) map[string]string {
	told := servicesTold(events)
	out := make(map[string]string, len(told))
	for subject, e := range told {
		out[subject] = e.Data.Service
	}
	return out
}

// servicesTold are, by ticket, the events that told its service last.
func servicesTold(events []pact.Event) map[string]*pact.Event {
	gone := replacedBy(events)
	told := map[string]*pact.Event{}
	for i := range events {
		e := &events[i]
		if e.Subject == "" || e.Data.Service == "" || !strings.HasPrefix(e.Kind, "ticket_") || e.ID != "" && gone[e.ID] || Impossible(e) {
			continue
		}
		if last := told[e.Subject]; last == nil || byTime(last, e) < 0 {
			told[e.Subject] = e
		}
	}
	return told
}

// serves tells whether a clause about a service is about a ticket of another; a clause that names none is about all, and a ticket that names
// none may be of any.
func serves(clause, ticket string) bool {
	return clause == "" || ticket == "" || sameWord(clause, AnyService) || sameWord(clause, ticket)
}

// ownService is the service that a clause names; "" where it is about all.
func ownService(service string) string {
	if sameWord(service, AnyService) {
		return ""
	}
	return strings.TrimSpace(service)
}

// whichClock is the code of the question which of several clocks judges a ticket.
const whichClock = "service"

// fit tells how well the clock fits a ticket of a service; "" is one of which nobody told it.
func (p ClockParams) fit(ticket string) int {
	switch own := ownService(p.Service); {
	case own == "":
		return fitsAll
	case ticket == "":
		return fitsPartly
	case sameWord(own, ticket):
		return fitsWell
	}
	return fitsNot
}

// ruledClock tells whether a clock judges a ticket of a service alone, or which of several clocks of its kind and priority does: a general one
// what no clock for its service does. What is promised for a share of the tickets is no rival: 95 % within 4 hours, and all within 8.
func (in Input) ruledClock(a *pact.Assessment, c *clock, ticket, service string, day calendar.Date, response bool, events []*pact.Event) (done bool, err error) {
	if c.params.LevelOnly {
		return false, nil
	}
	own := in.Obligation
	fit := func(o pact.Obligation) int {
		if o.Kind != own.Kind || o.Key == own.Key {
			return fitsNot
		}
		if other, err := in.clock(o, response); err == nil && other.samePriority(c) && !other.params.LevelOnly {
			return other.params.fit(service)
		}
		return fitsNot
	}
	if !in.Timeline.Any(func(o pact.Obligation) bool { return fit(o) != fitsNot }) {
		return false, nil
	}
	k := Kind(ResolutionTime{})
	if response {
		k = ResponseTime{}
	}
	r, done, err := in.ruled(k, which{whichClock, "the ticket " + short(ticket), "Several clocks may judge %s: %s. Which one does? Say of each for which service it is (service), or of the ticket of which service it is (data.service)."}, c.params.fit(service), day, fit)
	switch {
	case err != nil:
		return false, err
	case done:
		*a = r.a
		return true, nil
	case r.result == "":
		return false, nil
	}
	a.Status, a.NextAt = r.status, r.next
	a.Trace = append(a.Trace, pact.TraceStep{Rule: r.rule, Inputs: "the ticket " + short(ticket), Result: r.result, EventIDs: idsOf(events), Clause: clause(own)})
	return true, nil
}

// samePriority tells whether two clocks are for one priority, however each clause writes it.
func (c *clock) samePriority(other *clock) bool {
	return c.priority == other.priority || startsWithDigit(c.priority) != startsWithDigit(other.priority) && samePriority(c.params.Priority, other.params.Priority)
}

// withoutCourse leaves of the judgement of a clock how it ended, or that it is open: when it was due, and how much had counted, is another
// under each of several clocks.
func withoutCourse(a pact.Assessment) pact.Assessment {
	a.DueAt, a.BreachedAt, a.ThresholdAt, a.NextAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	a.Target, a.Percent, a.Threshold, a.Elapsed, a.Actual = "", "", "", "", ""
	if a.Status == pact.AtRisk {
		a.Status = pact.OnTrack
	}
	return a
}

// stands tells whether of two clocks that come to the same the first is the one that says when: by then both are missed, or the earlier due time,
// as long as both run.
func stands(a, b pact.Assessment) bool {
	if a.Status == pact.Breached {
		return a.BreachedAt.After(b.BreachedAt)
	}
	return !a.DueAt.IsZero() && (b.DueAt.IsZero() || a.DueAt.Before(b.DueAt))
}

// noService is the rule in the trace of a clock that can not judge a ticket, because nobody told its service.
const noService = "no event tells the service of the ticket"

// askService asks of which service a ticket is that names none, where clocks of the same kind and priority are for different services; false
// where there are no such. It is judged under none of them, nor by one that is for all; the first of them by key asks.
func (in Input) askService(a *pact.Assessment, o pact.Obligation, c *clock, ticket string, day calendar.Date, response bool, opening pact.EventID) bool {
	if ownService(c.params.Service) == "" && !in.Timeline.Any(func(x pact.Obligation) bool {
		if x.Kind != o.Kind || x.Key == o.Key {
			return false
		}
		other, err := in.clock(x, response)
		return err != nil || ownService(other.params.Service) != ""
	}) {
		return false
	}
	var services []string
	first := ""
	if mine := ownService(c.params.Service); mine != "" {
		services, first = []string{mine}, o.Key
	}
	for _, other := range in.Timeline.Obligations(day) {
		var p ClockParams
		if other.Kind != o.Kind || other.Key == o.Key || decode(other.Params, &p) != nil || !samePriority(p.Priority, c.params.Priority) || ownService(p.Service) == "" {
			continue
		}
		if first == "" || other.Key < first {
			first = other.Key
		}
		if !has(services, p.Service) {
			services = append(services, ownService(p.Service))
		}
	}
	if len(services) < 2 {
		return false
	}
	step := pact.TraceStep{Rule: noService, Inputs: ticket, Result: "judged under none", Clause: clause(o)}
	if opening != "" {
		step.EventIDs = oneID(opening)
	}
	if first != o.Key {
		step.Result += "; asked under " + first
		a.Trace = append(a.Trace, step)
		return true
	}
	a.Trace = append(a.Trace, step)
	slices.Sort(services)
	a.Ambiguities = []pact.Ambiguity{{Code: "ticket_service", Question: sprintf("Of which service is %s? No event tells it (data.service), and there is a target for each of %s; none of them judges it.", short(ticket), quoted(services[:min(len(services), shownWords)]))}}
	return true
}

// rivals are the services of the levels of the contract that count the same tickets as this one, but for their service.
func (l level) rivals() []string {
	mine := l.p.ticketService()
	if mine == "" {
		return nil
	}
	var out []string
	for _, key := range l.s.in.Timeline.Keys() {
		o, _ := l.s.in.firstWithin(key, l.covered)
		var p ServiceLevelParams
		if key == l.s.in.Obligation.Key || o == nil || o.Kind != l.s.in.Obligation.Kind || decode(o.Params, &p) != nil {
			continue
		}
		of := p.ticketService()
		if p.Measure == l.p.Measure && samePriority(p.Priority, l.p.Priority) && of != "" && !sameWord(of, mine) && !has(out, of) {
			out = append(out, of)
		}
	}
	return out
}

// ticketService is the service whose tickets a level counts; "" where it counts those of all.
func (p ServiceLevelParams) ticketService() string {
	if of := ownService(p.Service); of != "" || p.Clock == nil {
		return of
	}
	return ownService(p.Clock.Service)
}

// askServices leaves tickets out whose service nobody told, and asks for it. The figure of the others stands.
func (l level) askServices(f *figure, tickets []string) {
	l.leaveOut(f, tickets, "service", "ticket_service", "Of which service are the tickets of which no event tells it")
}

// serviceOf is the service of a ticket as it is known; "" where nobody told it.
func (l level) serviceOf(events []pact.Event, ticket string) string {
	if l.p.ticketService() == "" {
		return ""
	}
	refs := make([]*pact.Event, len(events))
	for i := range events {
		refs[i] = &events[i]
	}
	name, _ := runOf(ticket, refs)
	kept, _ := sift(refs, name, l.s.in.At)
	service, _ := serviceOf(kept)
	return service
}
