package obligation

import (
	"slices"
	"strings"

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

// noService is the rule in the trace of a clock that can not judge a ticket, because nobody told its service.
const noService = "no event tells the service of the ticket"

// askService asks of which service a ticket is that names none, where clocks of the same kind and priority are for different services; false
// where there are no such. It is judged under none of them; the first of them by key asks.
func (in Input) askService(a *pact.Assessment, o pact.Obligation, c *clock, ticket string, day calendar.Date, opening pact.EventID) bool {
	mine := ownService(c.params.Service)
	if mine == "" {
		return false
	}
	services, first := []string{mine}, o.Key
	for _, other := range in.Timeline.Obligations(day) {
		var p ClockParams
		if other.Kind != o.Kind || other.Key == o.Key || decode(other.Params, &p) != nil || !samePriority(p.Priority, c.params.Priority) || ownService(p.Service) == "" {
			continue
		}
		first = min(first, other.Key)
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
