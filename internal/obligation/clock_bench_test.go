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
func busyTicket(b *testing.B) (Input, clock, []pact.Event) {
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
	ordered, _ := tidy(events, "INC1", in.At)
	return in, c, ordered
}

// BenchmarkClock measures transitions of a clock: a log in order is folded into holds, cycles and priorities, and gives
// elapsed and due time on the calendar. Each event of the log is one transition. Decoding of parameters, ordering of the
// log and the trace are left out here; BenchmarkAssess has them.
func BenchmarkClock(b *testing.B) {
	in, c, events := busyTicket(b)
	n := 0
	for b.Loop() {
		t := life(events, events[0].OccurredAt, c.rule)
		r := c.measure(t)
		if counted := elapsed(r.pieces, in.At); counted <= 0 || r.deadline.IsZero() {
			b.Fatal("nothing measured")
		}
		n += len(events)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "transitions/s")
}

// BenchmarkAssess measures a whole assessment: parameters decoded, log put in order, judged, trace written.
func BenchmarkAssess(b *testing.B) {
	in, _, events := busyTicket(b)
	n := 0
	for b.Loop() {
		if _, err := Assess(in); err != nil {
			b.Fatal(err)
		}
		n += len(events)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "transitions/s")
}
