package obligation

import (
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// ResponseTime is the time until the first response to a ticket. A ticket resolved without one was responded to by its
// resolution. Parameters: ClockParams.
type ResponseTime struct{}

// Name is response_time.
func (ResponseTime) Name() string { return "response_time" }

// Params gives empty ClockParams.
func (ResponseTime) Params() any { return ClockParams{} }

// Check asks for what the clock needs.
func (ResponseTime) Check(o pact.Obligation) []pact.Ambiguity { return checkClock(o) }

// Occurrences lists none: tickets open them.
func (ResponseTime) Occurrences(pact.Obligation, calendar.Period) []pact.Occurrence { return nil }

// Opened lists a clock for each ticket that had the priority.
func (ResponseTime) Opened(o pact.Obligation, events []pact.Event) []pact.Occurrence {
	return openedClocks(o, events)
}

// Assess judges the clock of one ticket.
func (ResponseTime) Assess(in Input) (pact.Assessment, error) { return assessClock(in, true) }
