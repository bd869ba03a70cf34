package backtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// claim follows a claim against its last day, which counts whole in the zone of the clause.
func (r *run) claim(o pact.Obligation, occ pact.Occurrence, a pact.Assessment) *ClaimRight {
	if a.ClaimBy == "" || a.Amount == nil {
		return nil
	}
	zone := zoneOf(o)
	c := &ClaimRight{State: "open", By: a.ClaimBy, service: claimService(o)}
	for i := range r.claimed {
		e := &r.claimed[i]
		if !r.claims(e, o, occ.Key) {
			continue
		}
		c.told = append(c.told, idOf(e))
		on := e.Data.Date
		if on == "" {
			on = calendar.DateIn(e.OccurredAt, zone)
		}
		if on <= a.ClaimBy && (c.On == "" || on < c.On) {
			c.State, c.On = "claimed", on
		}
		if on > a.ClaimBy && (c.Late == "" || on < c.Late) {
			c.Late = on
		}
	}
	if c.State == "claimed" {
		c.Late = ""
	}
	if c.State == "open" && calendar.DateIn(r.AsOf, zone) > a.ClaimBy {
		c.State, c.Lost, c.Known = "expired", a.Amount, r.knownOn(o, a)
	}
	return c
}

// knownOn is the day on which the last event became known that a credit rests on beside the charges, where that is after the last day to
// claim it; "" where it is not.
func (r *run) knownOn(o pact.Obligation, a pact.Assessment) calendar.Date {
	first := map[pact.EventID]time.Time{}
	events := r.from(o.Key).events
	for i := range events {
		e := &events[i]
		if e.ReceivedAt.IsZero() || e.Kind == "charge" || e.Kind == "rate" || !slices.Contains(a.EventIDs, idOf(e)) {
			continue
		}
		if at, known := first[idOf(e)]; !known || knownAt(e).Before(at) {
			first[idOf(e)] = knownAt(e)
		}
	}
	var last time.Time
	for _, at := range first {
		if at.After(last) {
			last = at
		}
	}
	if last.IsZero() {
		return ""
	}
	if on := calendar.DateIn(last, time.UTC); on > a.ClaimBy {
		return on
	}
	return ""
}

// sayClaimed tells whether an event says that a credit was claimed.
func sayClaimed(e *pact.Event) bool {
	return e.Data.Item == "claim" && (e.Kind == "notice_sent" || e.Kind == "notice_received" || e.Kind == "submitted")
}

// claims tells whether an event says that the credit of an occurrence was claimed: by the key of the occurrence, as subject, reference or
// month. One that names another obligation, or another service, is not about this one.
func (r *run) claims(e *pact.Event, o pact.Obligation, occurrence string) bool {
	return sayClaimed(e) && namesPeriod(e, occurrence) && serviceClaimed(e, claimService(o)) && r.otherKey(e, o.Key) == ""
}

func namesPeriod(e *pact.Event, occurrence string) bool {
	return e.Subject == occurrence || e.Data.Reference == occurrence || e.Data.Month == occurrence
}

// claimService is the service that a claim has to name where it names one; "" where any will do.
func claimService(o pact.Obligation) string {
	var p struct {
		Service string `json:"service"`
	}
	if json.Unmarshal(o.Params, &p) != nil || p.Service == obligation.AnyService {
		return ""
	}
	return p.Service
}

func serviceClaimed(e *pact.Event, service string) bool {
	return service == "" || e.Data.Service == "" || obligation.SameName(service, e.Data.Service)
}

// otherKey is the obligation that an event names instead of this one; "" where it names none.
func (r *run) otherKey(e *pact.Event, own string) string {
	for _, key := range r.timeline.Keys() {
		if key != own && (e.Subject == key || e.Data.Reference == key) {
			return key
		}
	}
	return ""
}

// unclaimed tells why an event that says that a credit was claimed claims none; false where none is to be claimed at all.
func (l *overlooked) unclaimed(e *pact.Event) (Unused, bool) {
	var periods, services []string
	other := ""
	for i := range l.r.report.Occurrences {
		res := &l.r.report.Occurrences[i]
		switch c := res.Claim; {
		case c == nil:
			continue
		case !namesPeriod(e, res.Key):
		case !serviceClaimed(e, c.service):
			services = append(services, c.service)
		default:
			other = cmp.Or(other, l.r.otherKey(e, res.Obligation))
		}
		periods = append(periods, res.Key)
	}
	switch {
	case len(periods) == 0:
		return Unused{}, false
	case other != "":
		return Unused{Why: "matter", Message: fmt.Sprintf("It claims a credit of %s, which has none to be claimed here.", other)}, true
	case len(services) > 0:
		u := l.uses.Misnamed(e, "service", e.Data.Service, services)
		return Unused{Why: u.Why, Message: u.Message, Meant: u.Meant}, true
	}
	slices.Sort(periods)
	return Unused{Why: "matter", Message: fmt.Sprintf("It claims the credit of %q, and none of that is to be claimed here; there is %s.", cmp.Or(e.Data.Month, e.Subject, e.Data.Reference), obligation.Quoted(slices.Compact(periods)))}, true
}
