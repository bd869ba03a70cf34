package obligation

import (
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// SelfReported lists the kinds of what is done by somebody's act which nothing measures; SelfReports tells of which obligations.
func SelfReported() []string {
	return []string{RecurringDuty{}.Name(), ConditionalDuty{}.Name(), Milestone{}.Name()}
}

// SelfReports tells whether an obligation is done by somebody's act which nothing measures: where no system reports it, its owner is asked
// whether it happened. Of milestones that is a duty that is due on a day; a schedule of them is accepted by the other side.
func SelfReports(o pact.Obligation) bool {
	if o.Kind != (Milestone{}).Name() {
		return slices.Contains(SelfReported(), o.Kind)
	}
	var p MilestoneParams
	return o.Duty != "" && decode(o.Params, &p) == nil && !slices.ContainsFunc(p.Milestones, func(m MilestoneRow) bool { return m.Acceptance })
}

// What an event decision says in data.state where somebody was asked whether a duty was done.
const (
	NotDone    = "not_done" // it was not, and will not be
	NotYetDone = "not_yet"
)

// AnswerEvent is the event that an answer to "did it happen?" becomes: done (state ""), or the decision that it was not.
func AnswerEvent(o pact.Obligation, key, state string) pact.Event {
	e := pact.Event{Kind: "done", Subject: o.Key, Data: pact.EventData{Reference: key, State: state}}
	if o.Kind != (RecurringDuty{}).Name() {
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

// AnswerPrefix begins the external id of every answer.
const AnswerPrefix = "performance/"

// ReservedName tells whether an external id is one that only what people state here has: whoever delivers events may not speak for them.
func ReservedName(external string) bool {
	return slices.ContainsFunc([]string{AnswerPrefix, TriggerPrefix, "notice/", "decision/"}, func(p string) bool { return strings.HasPrefix(external, p) })
}

// AnswerName is the external id of the event that an answer becomes. It names the occurrence, which has its id for good: the name of a
// contract and the document that governs change.
func AnswerName(occ pact.OccurrenceID, id pact.EventID) string {
	return AnswerPrefix + string(occ) + "/" + string(id)
}

// AnsweredOccurrence is the occurrence that somebody's answer is about, or its being taken back; "" of every other event.
func AnsweredOccurrence(e pact.Event) pact.OccurrenceID {
	rest, named := strings.CutPrefix(e.ExternalID, AnswerPrefix)
	occ, _, whole := strings.Cut(rest, "/")
	if !named || !whole || e.ConnectionID != "" || e.Data.ApprovedBy == "" {
		return ""
	}
	return pact.OccurrenceID(occ)
}

// elsewhere tells whether an event is somebody's answer about something else: it performs only what it was given about.
func elsewhere(e pact.Event, o pact.Obligation, key string) bool {
	return AnsweredOccurrence(e) != "" && !Answers(e, o, key)
}

// PerformanceKinds are the kinds of event that can say a duty was done.
func PerformanceKinds() []string {
	return []string{"done", "submitted", "cured", "milestone", "accepted"}
}

// Performs tells whether an event says that an occurrence was done, as its judgement takes it. It does not ask whether the event still counts.
func Performs(e pact.Event, o pact.Obligation, occ pact.Occurrence) bool {
	if elsewhere(e, o, occ.Key) || fromMaster(e, o) {
		return false
	}
	switch o.Kind {
	case RecurringDuty{}.Name():
		var p RecurringParams
		if decode(o.Params, &p) != nil || len(p.check()) > 0 || !slices.Contains(recurringDone(), e.Kind) {
			return false
		}
		one, err := p.cycle().of(occ.Key, o.InForce)
		return err == nil && p.performs(e, o.Key, occ.Key, one)
	case ConditionalDuty{}.Name():
		return slices.Contains(conditionalDone(), e.Kind) && (e.Subject == occ.Key || e.Data.Reference == occ.Key) && notBefore(e, occ.Period.Start, TriggerOf(o).Zone)
	}
	if o.Kind == (Milestone{}).Name() {
		var p MilestoneParams
		return decode(o.Params, &p) == nil && slices.Contains(milestoneDone(), e.Kind) && ofMilestone(e, p.named(o, occ.Key)...)
	}
	return false
}

// fromMaster tells whether an event belongs to the master agreement and not to what passed on from it: of what is due by the calendar, one
// that names no contract does.
func fromMaster(e pact.Event, o pact.Obligation) bool {
	return o.InheritedFrom != "" && o.Kind == (RecurringDuty{}).Name() && e.Data.Contract == ""
}

// Reported tells whether a system reports on an obligation, so that nobody is asked whether it happened: an event of a connection says of
// the duty, in whatever period, that it was done. keys are those of its occurrences, where triggers open them.
func Reported(o pact.Obligation, keys []string, events []pact.Event) bool {
	var p RecurringParams
	if o.Kind == (RecurringDuty{}).Name() && decode(o.Params, &p) != nil {
		return false
	}
	var dated MilestoneParams
	if o.Kind == (Milestone{}).Name() && decode(o.Params, &dated) != nil {
		return false
	}
	return slices.ContainsFunc(events, func(e pact.Event) bool {
		if e.ConnectionID == "" || fromMaster(e, o) {
			return false
		}
		if o.Kind == (Milestone{}).Name() {
			return slices.Contains(milestoneDone(), e.Kind) && slices.ContainsFunc(keys, func(key string) bool { return ofMilestone(e, dated.named(o, key)...) })
		}
		if o.Kind == (ConditionalDuty{}).Name() {
			return slices.Contains(conditionalDone(), e.Kind) && (slices.Contains(keys, e.Subject) || e.Data.Reference != "" && slices.Contains(keys, e.Data.Reference))
		}
		period := ""
		if _, err := p.cycle().of(e.Subject, o.InForce); err == nil {
			period = e.Subject
		}
		return slices.Contains(recurringDone(), e.Kind) && p.does(e, o.Key, period)
	})
}

// Performance is how an answer "yes" is given about an obligation.
type Performance struct {
	Zone    *time.Location // whose days count
	Instant bool           // a day is not enough: a time in hours runs
}

// PerformanceOf tells how an answer "yes" is given about an obligation.
func PerformanceOf(o pact.Obligation) Performance {
	if o.Kind == (Milestone{}).Name() {
		var p MilestoneParams
		_ = decode(o.Params, &p)
		return Performance{Zone: zoneOf(p.Zone)}
	}
	if o.Kind != (ConditionalDuty{}).Name() {
		var p RecurringParams
		_ = decode(o.Params, &p) // what can not be read is not judged; its days are those of UTC
		return Performance{Zone: zoneOf(p.zoneName())}
	}
	var p ConditionalParams
	_ = decode(o.Params, &p)
	return Performance{Zone: zoneOf(p.zoneName()), Instant: p.Within.Unit == calendar.Hour || p.Cure != nil && p.Cure.Unit == calendar.Hour}
}

// undone says what somebody answered of a duty that was not done. That it will not be done puts it at risk before its day; after it, a
// duty that nobody did is missed with or without the answer.
func (s *sheet) undone(subject, reference string) {
	if !s.a.EndedAt.IsZero() {
		return
	}
	var last pact.Event
	for _, e := range s.given(subject, "decision") {
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
