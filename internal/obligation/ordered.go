package obligation

import (
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/pact"
)

// Log is the events of a contract put in order once, for the many judgements of a run: each would otherwise order all of them again.
// It is given as Input.Log in place of Input.Events. The events it was made of must not be changed afterwards; it changes none of
// them, and may be used by several goroutines.
type Log struct {
	book *book
	live []bool // by place, what is known of the book; nil: all

	mu       sync.Mutex
	made     []*view
	known    []pact.Event // what is live, as it was given
	subjects map[string][]pact.Event
}

// book is what does not depend on what is known when.
type book struct {
	given []pact.Event
	place []int32       // of each given event in order
	order []*pact.Event // by time, with times in UTC
	// Events with the same number here are one event that was reported again; 0 is one without a name.
	same       []int32
	replacers  []int32 // places of those that replace another
	impossible []bool  // by place; nil: none is
	index      func() *topics
	byID       func() map[pact.EventID][]int32 // in the order given
	reports    func() []int                    // by number of same: how often it was reported
}

// topics are the places of events by kind, and by kind and what they are about; each list is in order.
type topics struct {
	kinds map[string][]int32
	about map[topic][]int32
}

// topic is a matter and a kind of event; without a name those that have no subject.
type topic struct{ name, kind string }

// view is what of a log counts at an instant. It is shared and must not be changed.
type view struct {
	at     time.Time
	events []*pact.Event // in order of time
	notes  []pact.TraceStep
	book   *book
	counts []bool // by place in the book; nil: it is quicker to look through events
}

// mostViews bounds the instants of which a log keeps what counts: a run asks about one.
const mostViews = 4

// NewLog orders events and looks up by matter what is asked about a matter.
func NewLog(events []pact.Event) *Log {
	b := newBook(events)
	b.index = sync.OnceValue(b.topics)
	return &Log{book: b}
}

// Known is the log with only some of its events: what was known at an instant.
func (l *Log) Known(keep func(e *pact.Event) bool) *Log {
	out := &Log{book: l.book, live: make([]bool, len(l.book.order))}
	for place, e := range l.book.order {
		out.live[place] = l.has(int32(place)) && keep(e)
	}
	return out
}

func (l *Log) has(place int32) bool { return l.live == nil || l.live[place] }

// Events gives the events as they were given, those that count and those that do not.
func (l *Log) Events() iter.Seq[*pact.Event] {
	return func(yield func(*pact.Event) bool) {
		for i := range l.book.given {
			if l.has(l.book.place[i]) && !yield(&l.book.given[i]) {
				return
			}
		}
	}
}

// Repeated tells whether an event was reported more than once under its name: then another of them counts in its place.
func (l *Log) Repeated(e *pact.Event) bool {
	many := l.book.reports()
	return slices.ContainsFunc(l.book.byID()[eventID(e)], func(place int32) bool {
		name := l.book.same[place]
		return name > 0 && many[name] > 1
	})
}

// bySubject groups what is known by what it is about, once for all who ask.
func (l *Log) bySubject() (known []pact.Event, groups map[string][]pact.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.subjects == nil {
		l.known = l.book.given
		if l.live != nil {
			l.known = nil
			for e := range l.Events() {
				l.known = append(l.known, *e)
			}
		}
		l.subjects = BySubject(l.known)
	}
	return l.known, l.subjects
}

func newBook(events []pact.Event) *book {
	b := &book{given: events, place: make([]int32, len(events)), order: make([]*pact.Event, len(events)), same: make([]int32, len(events))}
	at := make([]int32, len(events))
	for i := range at {
		at[i] = int32(i)
	}
	slices.SortFunc(at, func(x, y int32) int { return byTime(&events[x], &events[y]) })
	names := make(map[reported]int32, len(events))
	for place, i := range at {
		e := &events[i]
		if e.OccurredAt.Location() != time.UTC {
			copied := *e
			copied.OccurredAt = e.OccurredAt.UTC()
			e = &copied
		}
		b.order[place], b.place[i] = e, int32(place)
		if e.Replaces != "" {
			b.replacers = append(b.replacers, int32(place))
		}
		if Impossible(e) {
			if b.impossible == nil {
				b.impossible = make([]bool, len(events))
			}
			b.impossible[place] = true
		}
		name := reportedAs(e)
		if name.id == "" {
			continue
		}
		number, known := names[name]
		if !known {
			number = int32(len(names) + 1)
			names[name] = number
		}
		b.same[place] = number
	}
	b.byID = sync.OnceValue(func() map[pact.EventID][]int32 {
		out := make(map[pact.EventID][]int32, len(events))
		for i := range events {
			id := eventID(&events[i])
			out[id] = append(out[id], b.place[i])
		}
		return out
	})
	known := len(names)
	b.reports = sync.OnceValue(func() []int {
		out := make([]int, known+1)
		for _, number := range b.same {
			out[number]++
		}
		return out
	})
	return b
}

func (b *book) topics() *topics {
	t := &topics{kinds: map[string][]int32{}, about: make(map[topic][]int32, len(b.order))}
	put := func(name string, place int, e *pact.Event) {
		at := topic{name, e.Kind}
		t.about[at] = append(t.about[at], int32(place))
	}
	for place, e := range b.order {
		t.kinds[e.Kind] = append(t.kinds[e.Kind], int32(place))
		put(e.Subject, place, e)
		if r := e.Data.Reference; r != "" && r != e.Subject {
			put(r, place, e)
		}
		for _, order := range ordersOf(e) {
			put(order, place, e)
		}
		if x := e.ExternalID; e.Subject == "" && x != "" && x != e.Data.Reference {
			put(x, place, e) // it is its own matter
		}
	}
	return t
}

// at is what counts at an instant: what has happened by then, without what a correction replaced, each reported event once.
func (l *Log) at(at time.Time) *view {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, v := range l.made {
		if v.at.Equal(at) {
			return v
		}
	}
	v := l.view(at)
	if len(l.made) == mostViews {
		l.made = l.made[:0]
	}
	l.made = append(l.made, v)
	return v
}

func (l *Log) view(at time.Time) *view {
	b := l.book
	v := &view{at: at, book: b, events: make([]*pact.Event, 0, len(b.order))}
	if b.index != nil {
		v.counts = make([]bool, len(b.order))
	}
	replaced := Replaced(func(yield func(*pact.Event) bool) {
		for _, place := range b.replacers {
			if l.has(place) && !yield(b.order[place]) {
				return
			}
		}
	})
	seen := make([]bool, len(b.order)+1)
	repeats := 0
	var corrected, later, impossible []pact.EventID
	for place, e := range b.order {
		switch {
		case !l.has(int32(place)):
		case e.ID != "" && replaced[e.ID]:
			corrected = append(corrected, e.ID)
		case e.Kind == deletion:
		case b.impossible != nil && b.impossible[place]:
			impossible = append(impossible, eventID(e))
		case e.OccurredAt.After(at):
			later = append(later, eventID(e))
		case b.same[place] > 0 && seen[b.same[place]]:
			repeats++
		default:
			seen[b.same[place]] = true
			v.events = append(v.events, e)
			if v.counts != nil {
				v.counts[place] = true
			}
		}
	}
	v.notes = leftOut(corrected, impossible, later, repeats)
	return v
}

// leftOut says in the trace which events do not count, and why.
func leftOut(corrected, impossible, later []pact.EventID, repeats int) (notes []pact.TraceStep) {
	notes = note(notes, "corrected events no longer count", corrected)
	notes = note(notes, "events with an impossible time do not count", impossible)
	notes = note(notes, "events after this instant do not count yet", later)
	if repeats > 0 {
		notes = append(notes, pact.TraceStep{Rule: "an event reported again counts once", Result: fmt.Sprintf("%d left out", repeats)})
	}
	return notes
}

// each gives the events that count of some kinds, in order; all of them where no kind is named.
func (v *view) each(kinds ...string) iter.Seq[*pact.Event] {
	if v.counts == nil || len(kinds) == 0 {
		return func(yield func(*pact.Event) bool) {
			for _, e := range v.events {
				if (len(kinds) == 0 || slices.Contains(kinds, e.Kind)) && !yield(e) {
					return
				}
			}
		}
	}
	t := v.book.index()
	var lists [][]int32
	for _, kind := range kinds {
		lists = append(lists, t.kinds[kind])
	}
	return v.inOrder(lists)
}

// about gives the events that count of some kinds whose subject, or reference, is one of some names; "" is to have no subject. An
// event without a subject is also about its own number, and one about a line of an order about the order.
func (v *view) about(names []string, kinds ...string) iter.Seq[*pact.Event] {
	mine := func(e *pact.Event) bool {
		return slices.Contains(names, e.Subject) || e.Data.Reference != "" && slices.Contains(names, e.Data.Reference) ||
			e.Subject == "" && e.ExternalID != "" && slices.Contains(names, e.ExternalID) ||
			slices.ContainsFunc(ordersOf(e), func(order string) bool { return slices.Contains(names, order) })
	}
	if v.counts == nil {
		return func(yield func(*pact.Event) bool) {
			for _, e := range v.events {
				if slices.Contains(kinds, e.Kind) && mine(e) && !yield(e) {
					return
				}
			}
		}
	}
	t := v.book.index()
	var lists [][]int32
	for _, name := range names {
		for _, kind := range kinds {
			if list := t.about[topic{name, kind}]; len(list) > 0 {
				lists = append(lists, list)
			}
		}
	}
	return v.inOrder(lists)
}

// inOrder gives what counts of lists of places, each event once.
func (v *view) inOrder(lists [][]int32) iter.Seq[*pact.Event] {
	var places []int32
	if len(lists) == 1 {
		places = lists[0]
	} else if len(lists) > 1 {
		places = slices.Concat(lists...)
		slices.Sort(places)
		places = slices.Compact(places)
	}
	return func(yield func(*pact.Event) bool) {
		for _, place := range places {
			if v.counts[place] && !yield(v.book.order[place]) {
				return
			}
		}
	}
}

// log is what the judgement rests on: the log that was given, or one made of the events for this judgement alone.
func (in Input) log() *Log {
	if in.Log != nil {
		return in.Log
	}
	return &Log{book: newBook(in.Events)}
}

// rank puts a credit note behind the invoices of its day.
func rank(e pact.Event) int {
	if e.Kind == "credit_note" {
		return 1
	}
	return 0
}
