package obligation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
)

// noneOfClock tells whether an event says nothing to a clock: of another matter than tickets, or of what ends no clock of its kind. One that
// tells the priority or the service, or excludes the ticket, says that.
func noneOfClock(e *pact.Event, response bool) bool {
	switch e.Kind {
	case deletion:
		return false
	case "ticket_contact", "ticket_reassigned":
	case "ticket_responded":
		if response {
			return false
		}
	default:
		return kindRank(e.Kind) < 0
	}
	return e.Data.Priority == "" && e.Data.Service == "" && e.Data.Excluded == "" && e.Data.State == "" && e.Data.Title == "" && e.Replaces == ""
}

// exclusion is the last event of a ticket that excludes it; nil where none does.
func exclusion(events []*pact.Event) *pact.Event {
	for _, e := range slices.Backward(events) {
		if e.Data.Excluded != "" && strings.HasPrefix(e.Kind, "ticket_") {
			return e
		}
	}
	return nil
}

// excludedTicket begins the step of a trace that says that a ticket is excluded.
const excludedTicket = "the ticket is excluded"

// approved tells whether somebody approved of an exclusion.
func approved(e *pact.Event) bool { return strings.TrimSpace(e.Data.ApprovedBy) != "" }

// exclude takes a ticket out (each exclusion needs an approver and its own evidence). Without an approver it counts, and where it
// missed its target it is asked.
func exclude(a *pact.Assessment, tr tracer, ticket string, e *pact.Event) {
	words := strings.ReplaceAll(short(e.Data.Excluded), "_", " ") + inParens(short(e.Data.Reason))
	if approved(e) {
		tr.add(excludedTicket, words+", approved by "+short(strings.TrimSpace(e.Data.ApprovedBy)), string(pact.Excused), eventID(e))
		*a = pact.Assessment{
			Status: pact.Excused, At: a.At, DueAt: a.DueAt, EndedAt: a.EndedAt, Elapsed: a.Elapsed, Actual: a.Actual, Target: a.Target, Percent: a.Percent,
			GovernedBy: a.GovernedBy, AlsoBy: a.AlsoBy, Trace: a.Trace, EventIDs: a.EventIDs,
		}
		return
	}
	tr.add(excludedTicket, words, "counts: the exclusion has no approver", eventID(e))
	if a.Status == pact.Breached {
		a.Ambiguities = append(a.Ambiguities, pact.Ambiguity{
			Code:     "excluded_ticket",
			Question: fmt.Sprintf("%s is said to be excluded (%s), and nobody approved it. Is it? Report it with data.approved_by; until then it counts.", short(ticket), words),
			Outcomes: []pact.Outcome{{Reading: "it counts", Result: string(pact.Breached)}, {Reading: "it is excluded", Result: string(pact.Excused)}},
		})
	}
}
