package obligation

import (
	"cmp"
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

// openedClocks groups events by ticket and lists those tickets that ever had the clock's priority and were opened while
// this version of the clause was in force.
func openedClocks(o pact.Obligation, events []pact.Event) []pact.Occurrence {
	c, err := newClock(o, calendar.Set{}, false)
	if err != nil {
		return nil
	}
	var out []pact.Occurrence
	for subject, log := range BySubject(events) {
		if subject == "" || !slices.ContainsFunc(log, func(e pact.Event) bool { return kindRank(e.Kind) >= 0 }) {
			continue
		}
		log = slices.DeleteFunc(log, func(e pact.Event) bool { return kindRank(e.Kind) < 0 })
		kept, _ := tidy(log, subject, calendar.Latest())
		kept = c.told(kept)
		opened, ok := opening(kept, pact.Occurrence{}, calendar.Latest())
		if !ok || !o.InForce.Contains(calendar.DateIn(opened, c.cal.Zone())) {
			continue
		}
		t := life(kept, opened, c.rule)
		if c.measure(t).mine < 0 {
			continue
		}
		out = append(out, pact.Occurrence{
			BusinessUnit: o.BusinessUnit, ContractID: o.ContractID, ObligationID: o.ID, Key: subject,
			Subject: titleOf(kept, subject), Period: calendar.Span{Start: opened}, Status: pact.Pending,
		})
	}
	slices.SortFunc(out, func(a, b pact.Occurrence) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

func titleOf(events []pact.Event, subject string) string {
	for _, e := range events {
		if e.Data.Title != "" {
			return subject + ": " + e.Data.Title
		}
	}
	return subject
}
