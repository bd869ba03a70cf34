package backtest_test

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// officeClock is a clock of 8 business hours with holds, on a calendar with lunch and holidays.
func officeClock(b *testing.B) pact.Obligation {
	b.Helper()
	params := `{"target":{"value":8,"unit":"business_hour"},"pauses":true,"hours":{"name":"Support","zone":"America/New_York","holiday_region":"us",
		"week":[{"days":["mon","tue","wed","thu","fri"],"from":"09:00","until":"12:00"},{"days":["mon","tue","wed","thu","fri"],"from":"13:00","until":"17:00"}]}}`
	return pact.Obligation{Key: "resolution_time", Kind: "resolution_time", Params: json.RawMessage(params), InForce: calendar.Period{From: "2026-01-01"}}
}

func ticketStream(tickets int) []pact.Event {
	begin := time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC)
	var out []pact.Event
	for n, kind := range []string{"ticket_opened", "ticket_responded", "ticket_paused", "ticket_resumed", "ticket_resolved"} {
		for i := range tickets {
			id := strconv.Itoa(n*tickets + i)
			out = append(out, pact.Event{ID: pact.EventID("evt_" + id), ExternalID: id, Kind: kind, Subject: "INC" + strconv.Itoa(i), OccurredAt: begin.Add(time.Duration(i%600)*time.Minute + time.Duration(n)*3*time.Hour)})
		}
	}
	return out
}

// BenchmarkEventsAssessed measures events of tickets from the log to the report: occurrences found, judged with their traces, and put
// in order. baseline is the least that any of it needs: the events grouped by their tickets, each put in order of time.
func BenchmarkEventsAssessed(b *testing.B) {
	events := ticketStream(20_000)
	in := backtest.Input{Events: events, AsOf: time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC), Final: true}
	in.Terms.Obligations = []pact.Obligation{officeClock(b)}
	rate := func(b *testing.B, started time.Duration) {
		b.Helper()
		b.ReportMetric(float64(b.N*len(events))/b.Elapsed().Seconds(), "events/s")
		b.ReportMetric(float64(b.N*len(events))/(processor(b)-started).Seconds(), "events/cpu-s")
	}
	b.Run("baseline", func(b *testing.B) {
		started := processor(b)
		for b.Loop() {
			by := map[string][]pact.Event{}
			for _, e := range events {
				by[e.Subject] = append(by[e.Subject], e)
			}
			ordered := 0
			for _, log := range by {
				for i := 1; i < len(log); i++ {
					if !log[i].OccurredAt.Before(log[i-1].OccurredAt) {
						ordered++
					}
				}
			}
			if ordered != 80_000 {
				b.Fatal(ordered)
			}
		}
		rate(b, started)
	})
	b.Run("pactloop", func(b *testing.B) {
		started := processor(b)
		for b.Loop() {
			r, err := backtest.Run(b.Context(), in)
			if err != nil || len(r.Occurrences) != 20_000 || r.Occurrences[0].Assessment.EndedAt.IsZero() {
				b.Fatal(len(r.Occurrences), err)
			}
		}
		rate(b, started)
	})
}

// processor is the time this process has used, garbage collection included: other work on the machine does not change it.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// timers are the next transitions of open clocks, the earliest first.
type timers struct {
	due   []time.Time // of each clock
	order []int32     // clocks, as a heap
	place []int32     // of each clock in it
}

func (t *timers) Len() int           { return len(t.order) }
func (t *timers) Less(i, j int) bool { return t.due[t.order[i]].Before(t.due[t.order[j]]) }
func (t *timers) Swap(i, j int) {
	t.order[i], t.order[j] = t.order[j], t.order[i]
	t.place[t.order[i]], t.place[t.order[j]] = int32(i), int32(j)
}
func (t *timers) Push(any) {}
func (t *timers) Pop() any { return nil }

// BenchmarkOpenClocks measures how an event costs more the more clocks are open: one clock gets an event, is judged, and its timer
// moves. baseline moves the timer without judging.
func BenchmarkOpenClocks(b *testing.B) {
	o := officeClock(b)
	set, err := calendar.NewSet()
	if err != nil {
		b.Fatal(err)
	}
	compiled := obligation.NewCompiled()
	begin := time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC)
	for _, open := range []int{1_000, 100_000, 1_000_000} {
		clocks := timers{due: make([]time.Time, open), order: make([]int32, open), place: make([]int32, open)}
		for i := range open {
			clocks.due[i], clocks.order[i], clocks.place[i] = begin.Add(time.Duration(i%5000)*time.Minute+8*time.Hour), int32(i), int32(i)
		}
		heap.Init(&clocks)
		n := 0
		next := func() int { // far from the one before, so that no memory is warm
			n = (n + 7919*104729) % open
			return n
		}
		run := func(name string, judge func(i int, at time.Time) time.Time) {
			b.Run(fmt.Sprintf("%d/%s", open, name), func(b *testing.B) {
				started := processor(b)
				for b.Loop() {
					i := next()
					at := begin.Add(time.Duration(i%5000)*time.Minute + time.Hour)
					clocks.due[i] = judge(i, at)
					heap.Fix(&clocks, int(clocks.place[i]))
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
				b.ReportMetric(float64(b.N)/(processor(b)-started).Seconds(), "events/cpu-s")
			})
		}
		run("baseline", func(_ int, at time.Time) time.Time { return at.Add(7 * time.Hour) })
		run("pactloop", func(i int, at time.Time) time.Time {
			name := "INC" + strconv.Itoa(i)
			log := []pact.Event{
				{ID: "evt_1", ExternalID: "1", Kind: "ticket_opened", Subject: name, OccurredAt: at.Add(-time.Hour)},
				{ID: "evt_2", ExternalID: "2", Kind: "ticket_responded", Subject: name, OccurredAt: at},
			}
			a, err := obligation.Assess(obligation.Input{Obligation: o, Occurrence: pact.Occurrence{Key: name}, Events: log, Calendars: set, At: at, Compiled: compiled})
			if err != nil || a.NextAt.IsZero() {
				b.Fatal(a, err)
			}
			return a.NextAt
		})
	}
}
