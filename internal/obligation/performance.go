package obligation

import (
	"slices"

	"github.com/pactloop/pactloop/internal/pact"
)

// SelfReported lists the kinds that are done by somebody's act which nothing measures: where no system reports it, its owner is asked
// whether it happened.
func SelfReported() []string {
	return []string{RecurringDuty{}.Name(), ConditionalDuty{}.Name()}
}

// What an event decision says in data.state where somebody was asked whether a duty was done.
const (
	NotDone    = "not_done" // it was not, and will not be
	NotYetDone = "not_yet"
)

// AnswerEvent is the event that an answer to "did it happen?" becomes: done (state ""), or the decision that it was not.
func AnswerEvent(o pact.Obligation, key, state string) pact.Event {
	e := pact.Event{Kind: "done", Subject: o.Key, Data: pact.EventData{Reference: key, State: state}}
	if o.Kind == (ConditionalDuty{}).Name() {
		e.Subject, e.Data.Reference = key, o.Key
	}
	if state != "" {
		e.Kind = "decision"
	}
	return e
}

// Answers tells whether an event is somebody's answer about an occurrence of an obligation.
func Answers(e pact.Event, o pact.Obligation, key string) bool {
	want := AnswerEvent(o, key, e.Data.State)
	return e.Data.ApprovedBy != "" && e.Kind == want.Kind && e.Subject == want.Subject && e.Data.Reference == want.Data.Reference
}

// undone says what somebody answered of a duty that was not done. That it will not be done puts it at risk before its day; after it, a
// duty that nobody did is missed with or without the answer.
func (s *sheet) undone(subject, reference string) {
	if !s.a.EndedAt.IsZero() {
		return
	}
	var last pact.Event
	for _, e := range s.of(subject, "decision") {
		if e.Subject == subject && e.Data.Reference == reference && slices.Contains([]string{NotDone, NotYetDone}, e.Data.State) {
			last = e
		}
	}
	if last.Kind == "" {
		return
	}
	s.use(last)
	said := "no"
	if last.Data.State == NotYetDone {
		said = "not yet"
	} else if s.a.Status == pact.OnTrack {
		s.a.Status = pact.AtRisk
	}
	s.add("did it happen?", said+", said on "+dayText(s.dateOf(last)), string(s.a.Status), idOf(last))
}
