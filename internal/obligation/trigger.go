package obligation

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// TriggerPrefix begins the external id of every statement that something started a duty.
const TriggerPrefix = "started/"

// TriggerName is the external id of such a statement. What it is about says its reference: the key of the obligation.
func TriggerName(id pact.EventID) string { return TriggerPrefix + string(id) }

// StatedTrigger tells whether an event is somebody's word that a duty was started, or its being taken back.
func StatedTrigger(e pact.Event) bool {
	return e.ConnectionID == "" && e.Data.ApprovedBy != "" && e.Data.Reference != "" && strings.HasPrefix(e.ExternalID, TriggerPrefix)
}

// TriggerEvent is the event that such a statement becomes. It starts the one duty that it was made about, under the key.
func TriggerEvent(o pact.Obligation, key string) pact.Event {
	return pact.Event{Kind: "trigger", Subject: key, Data: pact.EventData{Item: StartedBy(o), Reference: o.Key}}
}

// StartedBy is what starts a conditional duty, in the words of the clause where it has any.
func StartedBy(o pact.Obligation) string {
	var p ConditionalParams
	_ = decode(o.Params, &p) // what can not be read is not judged
	return cmp.Or(p.Trigger, o.Title, o.Key)
}

// startedBy tells whether an event starts the duty of an obligation: one that a system reports where it is of the clause's kinds, and what
// somebody said where it was said about this obligation.
func (p ConditionalParams) startedBy(e pact.Event, key string) bool {
	if StatedTrigger(e) {
		return e.Kind == "trigger" && e.Data.Reference == key
	}
	return p.starts(e)
}

// TriggerReported tells whether a system reports what starts a conditional duty, so that nobody is asked when it happened.
func TriggerReported(o pact.Obligation, events []pact.Event) bool {
	var p ConditionalParams
	if decode(o.Params, &p) != nil {
		return false
	}
	return slices.ContainsFunc(events, func(e pact.Event) bool { return e.ConnectionID != "" && p.starts(e) })
}

// TriggerKinds are the kinds of event that can start a conditional duty.
func TriggerKinds(o pact.Obligation) []string {
	var p ConditionalParams
	_ = decode(o.Params, &p)
	return p.onKinds()
}

// TriggerOf tells how it is said when a conditional duty was started: the time to do it in hours needs the time.
func TriggerOf(o pact.Obligation) Performance {
	var p ConditionalParams
	_ = decode(o.Params, &p)
	return Performance{Zone: zoneOf(p.zoneName()), Instant: p.Within.Unit == calendar.Hour}
}

// Begins is the first instant of a day in a zone.
func (p Performance) Begins(d calendar.Date) time.Time { return d.In(p.Zone).UTC() }
