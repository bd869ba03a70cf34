package obligation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// RelativeTarget is a due time that does not count hours: "by 16:00 on the next business day". Business days are those of
// Hours. A due time outside Hours moves to the next opening.
type RelativeTarget struct {
	BusinessDays int    `json:"business_days"` // after the day of opening; 0 is the same day
	Time         string `json:"time"`          // local, "16:00"
	// Cutoff counts a ticket opened at or after that local time as one of the next business day.
	Cutoff string `json:"cutoff,omitempty"`
}

// check asks for what the due time needs.
func (b RelativeTarget) check(hours calendar.Hours, q *questions) {
	if b.BusinessDays < 0 || b.BusinessDays > 5000 {
		q.ask("by", "%d business days are out of range.", b.BusinessDays)
	}
	if _, err := calendar.At("2026-01-01", b.Time, time.UTC); err != nil {
		q.ask("by", "By which time of the day? (%v)", err)
	}
	if b.Cutoff != "" {
		if _, err := calendar.At("2026-01-01", b.Cutoff, time.UTC); err != nil {
			q.ask("by", "Until when does a ticket count as of the same day? (%v)", err)
		}
	}
	if hours.IsZero() {
		q.ask("hours_missing", "The target is a time on a business day, but no business hours are stated. Which days and which zone count?")
	}
}

// countedOn is the day as of which a clock that starts at an instant counts; after the hour until which it counts as of the same day it is
// the next business day. ok is false where there is none.
func (b RelativeTarget) countedOn(days *calendar.Calendar, start time.Time) (from calendar.Date, after, ok bool) {
	from = calendar.DateIn(start, days.Zone())
	if b.Cutoff == "" {
		return from, false, true
	}
	if cutoff, err := calendar.At(from, b.Cutoff, days.Zone()); err != nil || start.Before(cutoff) {
		return from, false, true
	}
	from, ok = days.Roll(from.AddDays(1), calendar.Following)
	return from, true, ok
}

// due is the instant of a relative target for a clock that starts at an instant.
func (b RelativeTarget) due(days *calendar.Calendar, start time.Time) (time.Time, bool) {
	zone := days.Zone()
	from, _, ok := b.countedOn(days, start)
	if !ok {
		return time.Time{}, false
	}
	day, ok := days.AddBusinessDays(from, b.BusinessDays)
	if b.BusinessDays == 0 && ok {
		day, ok = days.Roll(day, calendar.Following)
	}
	if !ok {
		return time.Time{}, false
	}
	at, err := calendar.At(day, b.Time, zone)
	if err != nil {
		return time.Time{}, false
	}
	if !days.OpenAt(at.Add(-1)) && !days.OpenAt(at) {
		if next := days.OpenSpans(at, at.AddDate(0, 3, 0), 1); len(next) > 0 {
			at = next[0].Start
		}
	}
	return at.UTC(), true
}

func (b RelativeTarget) String() string {
	s := fmt.Sprintf("by %s on the %s business day", b.Time, ordinal(b.BusinessDays))
	switch b.BusinessDays {
	case 0:
		s = "by " + b.Time + " on the same business day"
	case 1:
		s = "by " + b.Time + " on the next business day"
	}
	if b.Cutoff != "" {
		s += ", opened before " + b.Cutoff
	}
	return s
}

func ordinal(n int) string {
	suffix := "th"
	switch {
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		suffix = "st"
	case n%10 == 2:
		suffix = "nd"
	case n%10 == 3:
		suffix = "rd"
	}
	return fmt.Sprintf("%d%s", n, suffix)
}

// ClockConditions run a clock by the states a ticket is in (events ticket_state), instead of by opened, paused, resolved. In
// each state, in this order: not running and in Start, but in neither Stop nor Cancel: it starts. Running: Stop completes it;
// Reset together with Start completes it and starts another, which is judged for itself (key "INC1/run 2"), as does a state in
// Reset that starts it after a stop, unless OnReopen says otherwise; not in Start (or, where Cancel names states, in Cancel) cancels
// it; Pause holds it; anything else lets it run. A start after a cancellation is another run, counted from there.
type ClockConditions struct {
	Start []string `json:"start"` // states in which the clock starts and runs on; needed
	Stop  []string `json:"stop"`  // states that complete the clock; needed
	// Pause: states that hold the clock; unless cancel names states, each must be in start, too.
	Pause []string `json:"pause,omitempty"`
	// Cancel: states that cancel the clock; absent: each state that is not in start does.
	Cancel []string `json:"cancel,omitempty"`
	// Reset: states that complete the clock and start another; each must be in start, too.
	Reset []string `json:"reset,omitempty"`
	// RetroactiveStart counts from the opening of the ticket, and not from the first state in Start; RetroactivePause takes the
	// holds in between out again.
	RetroactiveStart bool `json:"retroactive_start,omitempty"`
	// RetroactivePause: with retroactive_start, holds before the first state in start are taken out; absent: they count.
	RetroactivePause bool `json:"retroactive_pause,omitempty"`
}

// check refuses definitions that defeat themselves.
func (c ClockConditions) check(q *questions) {
	outside := func(list, in []string) string { // the first that is not among them
		if i := slices.IndexFunc(list, func(s string) bool { return !has(in, s) }); i >= 0 {
			return list[i]
		}
		return ""
	}
	all := func(list, in []string) bool { return len(list) > 0 && outside(list, in) == "" }
	both := slices.IndexFunc(c.Pause, func(s string) bool { return has(c.Stop, s) })
	switch {
	case len(c.Start) == 0 || len(c.Stop) == 0:
		q.ask("conditions", "In which states does the clock start, and in which does it stop?")
	case all(c.Start, c.Stop):
		q.ask("conditions", "Every state that starts the clock also stops it: it would never start. Which state starts it without stopping it?")
	case all(c.Start, c.Pause):
		q.ask("conditions", "Every state that starts the clock also holds it: it would be held from the beginning and never run. In which state does it run?")
	case all(c.Start, slices.Concat(c.Stop, c.Cancel)):
		q.ask("conditions", "Every state that starts the clock also stops or cancels it: it would never start. Which state starts it, and does neither?")
	case both >= 0:
		q.ask("conditions", "The state %q holds the clock and stops it. Which of the two does it do?", short(c.Pause[both]))
	case len(c.Cancel) == 0 && outside(c.Pause, c.Start) != "":
		q.ask("conditions", "The state %q holds the clock and is none in which it may go on: holding would cancel it. Add the holding states to start, or name the states that cancel.", short(outside(c.Pause, c.Start)))
	case outside(c.Reset, c.Start) != "":
		q.ask("conditions", "The state %q begins the clock anew and is none that starts it: it would never do so. Does it start the clock?", short(outside(c.Reset, c.Start)))
	}
}

func has(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return sameWord(x, s) })
}

// ticketReset completes a clock that another follows. It is a word of translate alone, no event is of this kind.
const ticketReset = "ticket_reset"

// holdReported is a hold that a system reports of a ticket whose clock follows states: it has no influence. It is a word of translate alone, too.
const holdReported = "ticket_hold_reported"

// translate tells the life of a ticket by its states in the words of the log, each run of the clock for itself: a reset completes
// one and starts another, so that what the first came to stands. Again tells whether to start from a state after a stop is
// another run, too. Changes of priority stay in every run that they may matter to, responses in their own.
func (c ClockConditions) translate(events []pact.Event, again func(state string) bool) [][]pact.Event {
	var out, priorities []pact.Event
	var runs [][]pact.Event
	emit := func(e pact.Event, kind string) {
		e.Kind = kind
		e.Data.EndAt = time.Time{}
		out = append(out, e)
	}
	var running, held, ever, cancelled bool
	begin := func(e pact.Event, another bool) {
		if !ever && c.RetroactiveStart {
			for _, first := range events {
				if first.Kind == "ticket_opened" {
					e.OccurredAt = first.OccurredAt
					break
				}
			}
		}
		if another {
			runs = append(runs, out)
			out = slices.Clone(priorities) // those from before a start hold from the start
		}
		emit(e, map[bool]string{false: "ticket_opened", true: "ticket_reopened"}[ever && !another])
		running, ever, held, cancelled = true, true, false, false
	}
	var before []pact.Event // holds before the start, for a retroactive pause
	for _, e := range events {
		state := e.Data.State
		switch {
		case e.Kind == "ticket_responded":
			out = append(out, e)
			continue
		case e.Kind == "ticket_paused":
			e.Kind = holdReported
			out = append(out, e)
			continue
		case e.Kind == "ticket_priority":
			out, priorities = append(out, e), append(priorities, e)
			continue
		case e.Kind == "ticket_opened" && e.Data.Priority != "": // it may be opened in a state that does not start the clock
			p := e
			p.Kind = "ticket_priority"
			out, priorities = append(out, p), append(priorities, p)
		}
		if e.Kind != "ticket_state" && (e.Kind != "ticket_opened" || state == "") {
			continue
		}
		starts, pauses := has(c.Start, state), has(c.Pause, state)
		if !running {
			if starts && !has(c.Stop, state) && !has(c.Cancel, state) {
				first := !ever
				begin(e, ever && (cancelled || again(state)))
				if first && c.RetroactivePause {
					out = append(out, before...)
					held = len(before)%2 == 1
				}
				if pauses && !held {
					emit(e, "ticket_paused")
					held = true
				} else if !pauses && held {
					emit(e, "ticket_resumed")
					held = false
				}
			} else if !ever && pauses != (len(before)%2 == 1) {
				hold := e
				hold.Kind = map[bool]string{true: "ticket_paused", false: "ticket_resumed"}[pauses]
				before = append(before, hold)
			}
			continue
		}
		cancels := has(c.Cancel, state) || len(c.Cancel) == 0 && !starts
		switch {
		case has(c.Stop, state):
			emit(e, "ticket_resolved")
			running, held = false, false
		case has(c.Reset, state) && starts:
			emit(e, ticketReset)
			begin(e, true)
			if pauses {
				emit(e, "ticket_paused")
				held = true
			}
		case cancels:
			emit(e, "ticket_cancelled")
			running, held, cancelled = false, false, true
		case pauses && !held:
			emit(e, "ticket_paused")
			held = true
		case !pauses && held:
			emit(e, "ticket_resumed")
			held = false
		}
	}
	runs = append(runs, out)
	for _, run := range runs {
		slices.SortStableFunc(run, func(a, b pact.Event) int { return a.OccurredAt.Compare(b.OccurredAt) })
	}
	return runs
}

func (c ClockConditions) String() string {
	s := fmt.Sprintf("starts in %s, stops in %s", strings.Join(c.Start, "/"), strings.Join(c.Stop, "/"))
	if len(c.Pause) > 0 {
		s += ", held in " + strings.Join(c.Pause, "/")
	}
	if len(c.Reset) > 0 {
		s += ", starts again in " + strings.Join(c.Reset, "/")
	}
	return s
}
