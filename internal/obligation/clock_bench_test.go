package obligation

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// busyTicket is a ticket with twelve transitions over ten days on a calendar with lunch and holidays.
func busyTicket(b *testing.B) (Input, *clock, []*pact.Event) {
	b.Helper()
	params := `{"priority":"1","target":{"value":40,"unit":"business_hour"},"pauses":true,"hours":{"name":"Support","zone":"America/New_York","holiday_region":"us",
		"week":[{"days":["mon","tue","wed","thu","fri"],"from":"09:00","until":"12:00"},{"days":["mon","tue","wed","thu","fri"],"from":"13:00","until":"17:00"}]}}`
	set, err := calendar.NewSet()
	if err != nil {
		b.Fatal(err)
	}
	o := pact.Obligation{Key: "resolution_time/P1", Kind: "resolution_time", Params: json.RawMessage(params)}
	at := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	var events []pact.Event
	for i, kind := range []string{"opened", "responded", "paused", "resumed", "paused", "resumed", "resolved", "reopened", "paused", "resumed", "paused", "resumed"} {
		events = append(events, pact.Event{
			ID: pact.EventID("evt_" + strconv.Itoa(i)), ExternalID: strconv.Itoa(i), Kind: "ticket_" + kind, Subject: "INC1",
			OccurredAt: at.Add(time.Duration(i) * 7 * time.Hour), Data: pact.EventData{Priority: "1"},
		})
	}
	in := Input{Obligation: o, Occurrence: pact.Occurrence{Key: "INC1"}, Events: events, Calendars: set, At: at.Add(100 * time.Hour)}
	c, err := newClock(o, set, false)
	if err != nil {
		b.Fatal(err)
	}
	refs := make([]*pact.Event, len(events))
	for i := range events {
		refs[i] = &events[i]
	}
	ordered, _ := sift(refs, "INC1", in.At)
	return in, c, ordered
}

// BenchmarkClock measures transitions of a clock. Each event of the log is one transition.
//
// pactloop folds a log in order into holds, cycles and priorities, and gives elapsed and due time on the calendar. The
// baseline is the least a clock can do with the same log: one pass that adds up the time it runs, on the wall, without a
// calendar, cycles or a due time; nothing that reads every event is faster. minutes looks at each minute between the events,
// as one counts by hand. whole is an assessment with all there is to it: parameters decoded, log put in order, judged, trace
// written.
func BenchmarkClock(b *testing.B) {
	in, c, events := busyTicket(b)
	measure := func(name string, one func() bool) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if !one() {
					b.Fatal("nothing measured")
				}
			}
			b.ReportMetric(float64(b.N*len(events))/b.Elapsed().Seconds(), "transitions/s")
		})
	}
	measure("baseline", func() bool { return onTheWall(events, in.At) > 0 })
	measure("minutes", func() bool {
		n, next, runs := 0, 0, false
		for at := events[0].OccurredAt; at.Before(in.At); at = at.Add(time.Minute) {
			for next < len(events) && !events[next].OccurredAt.After(at) {
				runs = starts(events[next].Kind, runs)
				next++
			}
			if runs && c.cal.Between(at, at.Add(time.Minute)) > 0 {
				n++
			}
		}
		return n > 0
	})
	measure("pactloop", func() bool {
		t := life(events, events[0].OccurredAt, c.rule)
		r := c.measure(&t)
		return elapsed(r.pieces, in.At) > 0 && !r.deadline.IsZero()
	})
	measure("whole", func() bool {
		_, err := Assess(in)
		return err == nil
	})
}

func onTheWall(events []*pact.Event, at time.Time) time.Duration {
	var sum time.Duration
	var since time.Time
	runs := false
	for _, e := range events {
		now := starts(e.Kind, runs)
		if runs && !now {
			sum += e.OccurredAt.Sub(since)
		}
		if now && !runs {
			since = e.OccurredAt
		}
		runs = now
	}
	if runs {
		sum += at.Sub(since)
	}
	return sum
}

// starts tells whether a clock runs after an event.
func starts(kind string, runs bool) bool {
	switch kind {
	case "ticket_opened", "ticket_resumed", "ticket_reopened":
		return true
	case "ticket_paused", "ticket_resolved":
		return false
	}
	return runs
}
