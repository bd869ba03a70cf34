package obligation_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// drawClock makes a random ticket from a seed that rapid can shrink.
func drawClock(t *rapid.T) obligation.Input {
	c := randomClock(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3)))
	return c.input(calendar.Set{})
}

func assess(t interface{ Fatal(...any) }, in obligation.Input) pact.Assessment {
	a, err := obligation.Assess(in)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func text(t interface{ Fatal(...any) }, a pact.Assessment) string {
	raw, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestEventsInAnyOrderAndRepeatedAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawClock(t)
		in.Events = append(in.Events, pact.Event{ID: "evt_other", ExternalID: "other", Kind: "ticket_resolved", Subject: "INC2", OccurredAt: in.At})
		want := text(t, assess(t, in))
		in.Events = rapid.Permutation(in.Events).Draw(t, "order")
		if got := text(t, assess(t, in)); got != want {
			t.Fatalf("another order, another answer:\n%s\n%s", got, want)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		in := drawClock(t)
		want := assess(t, in)
		for _, e := range in.Events {
			e.ID += "_again"
			in.Events = append(in.Events, e)
		}
		got := assess(t, in)
		if got.Status != want.Status || got.Elapsed != want.Elapsed || !got.DueAt.Equal(want.DueAt) {
			t.Fatalf("repeats changed the answer: %+v, %+v", got, want)
		}
	})
}

func TestOverlappingHoldsCountOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawClock(t)
		want := assess(t, in)
		for i, e := range in.Events {
			if e.Kind != "ticket_paused" {
				continue
			}
			length := e.Data.EndAt.Sub(e.OccurredAt)
			cut := e.OccurredAt.Add(time.Duration(rapid.Int64Range(0, int64(length)).Draw(t, "cut")))
			again := e
			again.ID, again.ExternalID, again.OccurredAt = e.ID+"_b", e.ExternalID+"_b", cut
			if !in.At.Before(cut) && cut.Before(e.Data.EndAt) {
				in.Events = append(in.Events, again) // a second hold within the first
			}
			_ = i
		}
		got := assess(t, in)
		if got.Elapsed != want.Elapsed || !got.DueAt.Equal(want.DueAt) || got.Status != want.Status {
			t.Fatalf("%+v, %+v", got, want)
		}
	})
}

func TestElapsedNeverFallsAndNextAtIsTheNextChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawClock(t)
		now := assess(t, in)
		later := in
		later.At = in.At.Add(time.Duration(rapid.Int64Range(0, int64(96*time.Hour)).Draw(t, "later")))
		then := assess(t, later)
		if duration(t, then.Elapsed) < duration(t, now.Elapsed) {
			t.Fatalf("elapsed fell from %s to %s", now.Elapsed, then.Elapsed)
		}
		if now.NextAt.IsZero() {
			if now.Status == pact.OnTrack || now.Status == pact.AtRisk {
				t.Fatalf("an open clock with nothing to look at: %+v", now)
			}
			return
		}
		if !now.NextAt.After(in.At) {
			t.Fatalf("the next change is not in the future: %s at %s", now.NextAt, in.At)
		}
		before, at := in, in
		before.At, at.At = now.NextAt.Add(-1), now.NextAt
		if b := assess(t, before); b.Status != now.Status || b.Threshold != now.Threshold {
			t.Fatalf("the status changed before the next change: %s %s, was %s %s", b.Status, b.Threshold, now.Status, now.Threshold)
		}
		if a := assess(t, at); a.Status == now.Status && a.Threshold == now.Threshold {
			t.Fatalf("nothing changed at the next change %s: %s", now.NextAt, a.Status)
		}
	})
}

func duration(t interface{ Fatal(...any) }, s string) time.Duration {
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSplittingAnOutageChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := randomMonth(rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 4)))
		in := c.input(t)
		want := assess(rt, in)
		var split []pact.Event
		for i, e := range in.Events {
			cut := e.OccurredAt.Add(time.Duration(rapid.Int64Range(1, int64(e.Data.EndAt.Sub(e.OccurredAt))).Draw(rt, "cut")))
			first, second := e, e
			first.Data.EndAt = cut
			second.OccurredAt, second.ID = cut, pact.EventID("evt_split_"+strconv.Itoa(i))
			split = append(split, first, second)
		}
		in.Events = split
		got := assess(rt, in)
		if got.Elapsed != want.Elapsed || got.Measured != want.Measured || got.Status != want.Status || fmt.Sprint(got.Amount) != fmt.Sprint(want.Amount) {
			rt.Fatalf("%+v, %+v", got, want)
		}
	})
}

func TestACreditNeverPassesItsCapAndIsRoundedOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := randomMonth(rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 5)))
		a := assess(rt, c.input(t))
		if a.Amount == nil {
			return
		}
		limit := money.New(decimal.RequireFromString(c.Charge), "USD").Percent(decimal.RequireFromString(c.Cap)).Round()
		if a.Amount.Value.GreaterThan(limit.Value) || a.Amount.Value.IsNegative() || a.Status != pact.Breached {
			rt.Fatalf("credit %s, cap %s, %s", a.Amount, limit, a.Status)
		}
	})
}

func TestMonthsChangeExactlyWhenTheySay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := randomMonth(rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 6))).input(t)
		if len(in.Events) == 0 {
			return
		}
		// One outage without an end, looked at while it goes on; the others lie before it.
		open := in.Events[0]
		open.Data.EndAt = time.Time{}
		in.Events = []pact.Event{open}
		in.At = open.OccurredAt.Add(time.Duration(rapid.IntRange(0, 30).Draw(rt, "minutes")) * time.Minute)
		now := assess(rt, in)
		if now.NextAt.IsZero() {
			return
		}
		before, at := in, in
		before.At, at.At = now.NextAt.Add(-1), now.NextAt
		if b := assess(rt, before); b.Status != now.Status || b.Threshold != now.Threshold {
			rt.Fatalf("changed before the next change: %s %q, was %s %q", b.Status, b.Threshold, now.Status, now.Threshold)
		}
		if a := assess(rt, at); a.Status == now.Status && a.Threshold == now.Threshold && a.EndedAt.IsZero() {
			rt.Fatalf("nothing changed at %s: %+v", now.NextAt, a)
		}
	})
}

func TestHostileParametersAreRefusedNotComputed(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	events := []pact.Event{
		{ID: "e1", Kind: "ticket_opened", Subject: "x", OccurredAt: at},
		{ID: "e2", Kind: "ticket_paused", OccurredAt: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)},
		{ID: "e3", Kind: "outage", OccurredAt: time.Time{}, Data: pact.EventData{EndAt: time.Date(290000, 1, 1, 0, 0, 0, 0, time.UTC)}},
		{ID: "e4", Kind: "outage", OccurredAt: at, Replaces: "e4"},
	}
	huge := decimal.New(1, 999_999_999)
	for _, params := range []string{
		``, `null`, `[]`, `{"target":{"value":-1,"unit":"hour"}}`, `{"target":{"value":100000000,"unit":"business_day"},"hours":{"zone":"UTC","week":[{"days":["mon"],"from":"09:00","until":"09:01"}]}}`,
		`{"target":{"value":1,"unit":"hour"},"thresholds":["1e999999999"]}`, `{"target":{"value":4,"unit":"hour"},"hours":{"zone":"../../etc/passwd","always":true}}`,
		`{"target":{"value":4,"unit":"hour"},"hours":{"zone":"Local","always":true}}`, `{"service":"x","target":"1e999999999","zone":"UTC"}`, `{"service":"x","target":"99.9","zone":"UTC","tiers":[{"credit":"1e-999999999"}]}`,
		`{"notice":{"value":100000000,"unit":"year"},"renewal_date":"9999-12-31","auto_renewal":true,"renewal_term":{"value":1,"unit":"day"}}`,
		`{"notice":{"value":30,"unit":"day"},"renewal_date":"0001-01-01","auto_renewal":true,"renewal_term":{"value":1,"unit":"day"}}`,
		`{"notice":{"value":30,"unit":"business_day"},"renewal_date":"2026-06-15","hours":{"zone":"UTC","week":[{"days":["mon"],"from":"00:00","until":"00:00"}]}}`,
	} {
		for _, kind := range obligation.All() {
			o := pact.Obligation{Key: "k", Kind: kind.Name(), Params: json.RawMessage(params)}
			kind.Check(o)
			kind.Occurrences(o, calendar.Period{From: "0001-01-01", Until: "9999-12-31"})
			for _, key := range []string{"x", "2026-03", "9999-12-31", "0001-01-01"} {
				_, _ = kind.Assess(obligation.Input{
					Obligation: o, Occurrence: pact.Occurrence{Key: key}, Events: events, At: at.Add(time.Hour),
					Charges: []pact.Charge{{Service: "x", Month: "2026-03", Amount: money.New(huge, "USD")}},
				})
			}
		}
	}
}

func FuzzParams(f *testing.F) {
	f.Add(0, `{"priority":"1","target":{"value":4,"unit":"hour"},"hours":{"zone":"UTC","always":true}}`, int64(1_772_445_600))
	f.Add(2, `{"service":"x","target":"99.9","zone":"UTC","tiers":[{"below":"99.9","credit":"10"}]}`, int64(1_772_445_600))
	f.Add(3, `{"renewal_date":"2026-06-15","auto_renewal":true,"renewal_term":{"value":1,"unit":"year"},"notice":{"value":30,"unit":"day"}}`, int64(1_772_445_600))
	f.Fuzz(func(t *testing.T, n int, params string, seconds int64) {
		kinds := obligation.All()
		kind := kinds[(n%len(kinds)+len(kinds))%len(kinds)]
		o := pact.Obligation{Key: "k", Kind: kind.Name(), Params: json.RawMessage(params)}
		at := time.Unix(seconds, 0).UTC()
		kind.Check(o)
		keys := []string{"2026-03", "2026-06-15", "x"}
		for _, occ := range kind.Occurrences(o, calendar.Period{From: "2026-01-01", Until: "2027-01-01"}) {
			keys = append(keys, occ.Key)
		}
		for _, key := range keys[:min(len(keys), 8)] {
			in := obligation.Input{Obligation: o, Occurrence: pact.Occurrence{Key: key}, At: at.Add(time.Hour), Events: []pact.Event{
				{ID: "e1", Kind: "ticket_opened", OccurredAt: at}, {ID: "e2", Kind: "outage", OccurredAt: at}, {ID: "e3", Kind: "ticket_resolved", OccurredAt: at.Add(time.Minute)},
			}}
			a, err := kind.Assess(in)
			if err == nil && a.Status == "" {
				t.Fatal("neither a status nor an error")
			}
		}
	})
}
