package obligation

import (
	"maps"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// ResolutionTime is the time until a ticket is resolved. Parameters: ClockParams.
type ResolutionTime struct{}

// Name is resolution_time.
func (ResolutionTime) Name() string { return "resolution_time" }

// Params gives empty ClockParams.
func (ResolutionTime) Params() any { return ClockParams{} }

// Check asks for what the clock needs.
func (ResolutionTime) Check(o pact.Obligation) []pact.Ambiguity { return checkClock(o) }

// Occurrences lists none: tickets open them.
func (ResolutionTime) Occurrences(pact.Obligation, calendar.Period) []pact.Occurrence { return nil }

// Opened lists a clock for each ticket that had the priority.
func (ResolutionTime) Opened(o pact.Obligation, events []pact.Event) []pact.Occurrence {
	return openedClocks(o, events)
}

// Assess judges the clock of one ticket.
func (ResolutionTime) Assess(in Input) (pact.Assessment, error) { return assessClock(in, false) }

// checkClock asks for what a clock needs. Hours that are only a
// name are asked about: an obligation of the register stands alone.
func checkClock(o pact.Obligation) []pact.Ambiguity {
	var p ClockParams
	if err := decode(o.Params, &p); err != nil {
		return []pact.Ambiguity{{Code: "params", Question: sentence(err)}}
	}
	return p.check(calendar.Set{})
}

// openedClocks groups events by ticket and lists those tickets that ever had the clock's priority, are of its service, and were opened while
// this version of the clause was in force. A clock that a reset started anew is an occurrence of its own.
func openedClocks(o pact.Obligation, events []pact.Event) []pact.Occurrence {
	c, err := newClock(o, calendar.Set{}, false)
	if with, ok := firstReading(o, err); ok { // whichever is meant, it opens the same clocks
		c, err = newClock(with, calendar.Set{}, false)
	}
	if err != nil {
		return nil
	}
	logs := ticketLogs(events)
	var services map[string]string
	if c.params.Service != "" {
		services = servicesOf(events)
	}
	var out []pact.Occurrence
	for _, subject := range slices.Sorted(maps.Keys(logs)) {
		kept, _ := sift(logs[subject], subject, calendar.Latest())
		if !serves(c.params.Service, services[subject]) {
			continue
		}
		for n, run := range c.runs(kept) {
			opened, ok := opening(run, pact.Occurrence{}, calendar.Latest())
			if !ok || !o.InForce.Contains(calendar.DateIn(opened, c.cal.Zone())) {
				continue
			}
			if t := life(run, opened, c.rule); !c.judges(&t) {
				continue
			}
			if out == nil {
				out = make([]pact.Occurrence, 0, len(logs))
			}
			out = append(out, pact.Occurrence{
				BusinessUnit: o.BusinessUnit, ContractID: o.ContractID, ObligationID: o.ID, Key: RunKey(subject, n+1),
				Subject: titleOf(kept, subject, n+1), Period: calendar.Span{Start: opened}, Status: pact.Pending,
			})
		}
	}
	return out
}

func titleOf(events []*pact.Event, subject string, run int) string {
	for _, e := range events {
		if e.Data.Title != "" {
			return RunKey(subject, run) + ": " + e.Data.Title
		}
	}
	return RunKey(subject, run)
}

// ticketLogs groups what happened to tickets by the ticket, without what was taken back, under whatever name. The events stay where
// they are.
func ticketLogs(events []pact.Event) map[string][]*pact.Event {
	gone := replacedBy(events)
	counts := func(e *pact.Event) bool {
		return e.Subject != "" && kindRank(e.Kind) >= 0 && (e.ID == "" || !gone[e.ID])
	}
	sizes := map[string]int{}
	for i := range events {
		if e := &events[i]; counts(e) {
			sizes[e.Subject]++
		}
	}
	total := 0
	for _, n := range sizes {
		total += n
	}
	all, out := make([]*pact.Event, total), make(map[string][]*pact.Event, len(sizes))
	used := 0
	for i := range events {
		e := &events[i]
		if !counts(e) {
			continue
		}
		group, begun := out[e.Subject]
		if !begun { // its part of the one array, which no other can reach
			group = all[used : used : used+sizes[e.Subject]]
			used += sizes[e.Subject]
		}
		out[e.Subject] = append(group, e)
	}
	return out
}
