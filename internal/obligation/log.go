package obligation

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/pact"
)

// tidy makes a log of events that counts: only those of the subject and not after at, without what a correction replaced,
// each reported event once, in order. The order of the input has no influence.
func tidy(events []pact.Event, subject string, at time.Time) (kept []pact.Event, notes []pact.TraceStep) {
	refs := make([]*pact.Event, len(events))
	for i := range events {
		refs[i] = &events[i]
	}
	refs, notes = sift(refs, subject, at)
	kept = make([]pact.Event, len(refs))
	for i, e := range refs {
		kept[i] = *e
		kept[i].OccurredAt = e.OccurredAt.UTC()
	}
	return kept, notes
}

// sift is tidy without a copy, because an event is large: what it gives stands where it stood, and its times have the zone they
// came with. It works in the list that it is given.
func sift(events []*pact.Event, subject string, at time.Time) (kept []*pact.Event, notes []pact.TraceStep) {
	replaced := Replaced(func(yield func(*pact.Event) bool) {
		for _, e := range events {
			if e.Replaces != "" && !yield(e) {
				return
			}
		}
	})
	ordered := events[:0]
	var corrected, later, impossible []pact.EventID
	for _, e := range events {
		switch {
		case subject != "" && e.Subject != "" && e.Subject != subject:
		case e.ID != "" && replaced[e.ID]:
			corrected = append(corrected, e.ID)
		case e.Kind == deletion:
		case Impossible(e):
			impossible = append(impossible, eventID(e))
		case e.OccurredAt.After(at):
			later = append(later, eventID(e))
		default:
			ordered = append(ordered, e)
		}
	}
	slices.SortFunc(ordered, byTime)
	kept = once(ordered)
	notes = leftOut(corrected, impossible, later, len(ordered)-len(kept))
	return kept, notes
}

// few events are compared with one another faster than looked up.
const few = 24

// reported is the name under which an event is reported; one that is not stored yet has only that of its source.
type reported struct {
	connection pact.ConnectionID
	id         string
	internal   bool
}

func reportedAs(e *pact.Event) reported {
	if e.ExternalID == "" {
		return reported{"", string(e.ID), true}
	}
	return reported{e.ConnectionID, e.ExternalID, false}
}

// once keeps of each reported event the first, in the list that it is given.
func once(ordered []*pact.Event) []*pact.Event {
	kept := ordered[:0:len(ordered)]
	if len(ordered) <= few {
		for _, e := range ordered {
			key := reportedAs(e)
			if key.id == "" || !slices.ContainsFunc(kept, func(x *pact.Event) bool { return reportedAs(x) == key }) {
				kept = append(kept, e)
			}
		}
		return kept
	}
	seen := make(map[reported]bool, len(ordered))
	for _, e := range ordered {
		key := reportedAs(e)
		if key.id != "" && seen[key] {
			continue
		}
		seen[key] = true
		kept = append(kept, e)
	}
	return kept
}

// replacedBy are the events that others replace; nil where none is.
func replacedBy(events []pact.Event) map[pact.EventID]bool {
	return Replaced(func(yield func(*pact.Event) bool) {
		for i := range events {
			if events[i].Replaces != "" && !yield(&events[i]) {
				return
			}
		}
	})
}

// Replaced are the events that others replace, of all that replace one; nil where none is. A deletion (an event of the kind correction) that is
// deleted itself takes nothing back: what it deleted counts again.
func Replaced(replacers iter.Seq[*pact.Event]) map[pact.EventID]bool {
	var out map[pact.EventID]bool
	var deletions map[pact.EventID][]*pact.Event // by what they delete
	for e := range replacers {
		if out == nil {
			out = map[pact.EventID]bool{}
		}
		out[e.Replaces] = true
		if e.Kind == deletion {
			if deletions == nil {
				deletions = map[pact.EventID][]*pact.Event{}
			}
			deletions[e.Replaces] = append(deletions[e.Replaces], e)
		}
	}
	if len(deletions) == 0 {
		return out
	}
	var stands func(e *pact.Event, depth int) bool
	stands = func(e *pact.Event, depth int) bool {
		return e.ID == "" || depth >= maxCorrected || !slices.ContainsFunc(deletions[e.ID], func(x *pact.Event) bool { return stands(x, depth+1) })
	}
	undone := map[pact.EventID]bool{}
	for _, list := range deletions {
		for _, e := range list {
			undone[e.Replaces] = undone[e.Replaces] || !stands(e, 0)
		}
	}
	for id, was := range undone {
		if !was {
			continue
		}
		delete(out, id)
		for e := range replacers {
			if e.Replaces == id && (e.Kind != deletion || stands(e, 0)) {
				out[id] = true
			}
		}
	}
	return out
}

// deletion is the kind of event that replaces another by nothing.
const deletion = "correction"

// BySubject groups events by what they are about, in their order. One that replaces an event about something else stands in both
// groups: what it replaces counts in neither.
func BySubject(events []pact.Event) map[string][]pact.Event {
	was := map[pact.EventID]string{} // what the replaced events are about
	if gone := replacedBy(events); gone != nil {
		for i := range events {
			if e := &events[i]; gone[e.ID] {
				was[e.ID] = e.Subject
			}
		}
	}
	sizes := map[string]int{}
	total := 0
	each := func(do func(name string, e *pact.Event)) {
		for i := range events {
			e := &events[i]
			do(e.Subject, e)
			if other, known := was[e.Replaces]; known && e.Replaces != "" && other != e.Subject {
				do(other, e)
			}
		}
	}
	each(func(name string, _ *pact.Event) { sizes[name]++; total++ })
	all, out := make([]pact.Event, total), make(map[string][]pact.Event, len(sizes))
	used := 0
	each(func(name string, e *pact.Event) {
		group, begun := out[name]
		if !begun { // its part of the one array, which no other can reach
			group = all[used : used : used+sizes[name]]
			used += sizes[name]
		}
		out[name] = append(group, *e)
	})
	return out
}

func note(notes []pact.TraceStep, rule string, ids []pact.EventID) []pact.TraceStep {
	if len(ids) == 0 {
		return notes
	}
	slices.Sort(ids)
	return append(notes, pact.TraceStep{Rule: rule, Result: fmt.Sprintf("%d "+setAside, len(ids)), EventIDs: slices.Compact(ids)})
}

// byTime orders events. At one instant a ticket is opened before anything else happens to it and resolved after; the rest
// of the comparison makes the order complete.
func byTime(a, b *pact.Event) int {
	if c := a.OccurredAt.Compare(b.OccurredAt); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(kindRank(a.Kind), kindRank(b.Kind)),
		a.ReceivedAt.Compare(b.ReceivedAt),
		cmp.Compare(a.ExternalID, b.ExternalID),
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Data.Priority, b.Data.Priority),
		a.Data.EndAt.Compare(b.Data.EndAt),
	)
}

func kindRank(kind string) int {
	switch kind {
	case "ticket_opened":
		return 0
	case "ticket_reopened":
		return 1
	case "ticket_priority":
		return 2
	case "ticket_responded":
		return 3
	case "ticket_resumed":
		return 4
	case "ticket_paused":
		return 5
	case "ticket_resolved":
		return 6
	case "ticket_cancelled":
		return 7
	case "ticket_state":
		return 8
	}
	return -1
}

// idOf names an event in a trace; before it is stored it has only its external id.
func idOf(e pact.Event) pact.EventID { return eventID(&e) }

func eventID(e *pact.Event) pact.EventID {
	if e.ID != "" {
		return e.ID
	}
	return pact.EventID(e.ExternalID)
}

// priority makes "P1", "1", "1 - Critical" and "Priority 1" the same. Words without a number are compared as they are.
func priority(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, prefix := range []string{"priority", "severity", "prio", "sev", "p", "s"} {
		if rest := strings.TrimLeft(strings.TrimPrefix(s, prefix), " -#"); rest != s && startsWithDigit(rest) {
			s = rest
			break
		}
	}
	if !startsWithDigit(s) {
		return s
	}
	digits := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if digits < 0 {
		return s
	}
	return s[:digits]
}

// samePriority tells whether two names are of one priority: by their number, or where only one of them has one by the word, so that "High" is
// "2 - High". Which number a word has is never guessed: "High" is not "2".
func samePriority(a, b string) bool {
	x, y := priority(a), priority(b)
	if x == y {
		return true
	}
	return startsWithDigit(x) != startsWithDigit(y) && priorityWord(a, x) != "" && priorityWord(a, x) == priorityWord(b, y)
}

// priorityWord is the word in the name of a priority: "critical" of "1 - Critical"; "" where it is a number alone.
func priorityWord(name, number string) string {
	if !startsWithDigit(number) {
		return number
	}
	_, word, _ := strings.Cut(strings.ToLower(name), number)
	return strings.Trim(word, " -–—:.,()#/")
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// clause is the number of the section the obligation stands in.
func clause(o pact.Obligation) string {
	for _, e := range o.Evidence {
		if e.Passage != nil && e.Passage.Clause != "" {
			return e.Passage.Clause
		}
	}
	return ""
}

// local writes an instant as people of the contract see it.
func local(t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	t = Shown(t)
	format := "Mon 2006-01-02 15:04 MST"
	if t.Second() != 0 || t.Nanosecond() != 0 {
		format = "Mon 2006-01-02 15:04:05.999999999 MST"
	}
	return t.In(zone).Format(format)
}

// Shown is an instant as it is written: to the second where it is a whole one, else as exact as it is. The first instant after a whole second, at
// which what must not be exceeded is exceeded, is written as that second.
func Shown(t time.Time) time.Time {
	if t.Nanosecond() == 1 {
		return t.Add(-1)
	}
	return t
}
