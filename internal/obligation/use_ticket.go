package obligation

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
)

// ofOtherService is the pick of an event of a ticket that is of a service which an obligation is not about, as was told last of it; false where
// it may be about it. What the event says itself may be right.
func (u *Uses) ofOtherService(o pact.Obligation, e *pact.Event) (Pick, bool) {
	if !strings.HasPrefix(e.Kind, "ticket_") {
		return Pick{}, false
	}
	last := u.ticketServices()[e.Subject]
	if last == nil {
		return Pick{}, false
	}
	services := u.servicesMissing(o, last.Data.Service)
	switch {
	case len(services) == 0:
		return Pick{}, false
	case sameWord(e.Data.Service, last.Data.Service):
		return Pick{What: "service", Said: e.Data.Service, Words: services}, true
	}
	return Pick{Mine: true, Why: sprintf("is about tickets of %s, and of this one %q was told last (%s, data.service)", quoted(services[:min(len(services), shownWords)]), short(last.Data.Service), idOf(*last))}, true
}

// ticketServices are, by ticket, the events that told the service last, of tickets whose opening stands in the log: of others it may not have
// all.
func (u *Uses) ticketServices() map[string]*pact.Event {
	if u.services != nil {
		return u.services
	}
	log := u.Known.Log()
	opened := map[string]bool{}
	for i := range log {
		if log[i].Kind == "ticket_opened" {
			opened[log[i].Subject] = true
		}
	}
	u.services = servicesTold(log)
	for subject := range u.services {
		if !opened[subject] {
			delete(u.services, subject)
		}
	}
	return u.services
}

// servicesMissing are the services that an obligation judges or counts tickets of; none where a ticket of this service is among them.
func (u *Uses) servicesMissing(o pact.Obligation, told string) []string {
	switch o.Kind {
	case ResponseTime{}.Name(), ResolutionTime{}.Name():
		var p ClockParams
		if decode(o.Params, &p) == nil && !serves(p.Service, told) {
			return []string{p.Service}
		}
	case ServiceLevel{}.Name():
		var p ServiceLevelParams
		if decode(o.Params, &p) != nil {
			return nil
		}
		if of := p.ticketService(); !serves(of, told) {
			return []string{of}
		}
		if p.Measure == "within_target" && p.Clock == nil {
			return u.servicesOfClocks(p.Clocks, told)
		}
	}
	return nil
}

// servicesOfClocks are the services of clocks of the contract; none where one of them is about this service, or about all.
func (u *Uses) servicesOfClocks(keys []string, told string) []string {
	var out []string
	for _, v := range u.versions {
		if v.feed.By != ByTicket || !slices.Contains(keys, v.o.Key) {
			continue
		}
		missing := u.servicesMissing(v.o, told)
		if len(missing) == 0 {
			return nil
		}
		for _, service := range missing {
			if !has(out, service) {
				out = append(out, service)
			}
		}
	}
	return out
}
