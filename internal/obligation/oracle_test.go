package obligation_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// clockCase is a random ticket, in the words of the oracle.
type clockCase struct {
	Kind        string          `json:"kind"`
	Hours       calendar.Hours  `json:"hours"`
	OtherHours  *calendar.Hours `json:"other_hours,omitempty"`
	OtherTarget int             `json:"other_target"`
	Target      int             `json:"target"` // minutes
	Threshold   int             `json:"threshold"`
	OnReopen    string          `json:"on_reopen"`
	OnChange    string          `json:"on_priority_change"`
	Opened      time.Time       `json:"opened"`
	Changed     *time.Time      `json:"changed,omitempty"`
	Holds       [][2]time.Time  `json:"holds"`
	Stops       []time.Time     `json:"stops"`
	Reopens     []time.Time     `json:"reopens"`
	At          time.Time       `json:"at"`
}

type clockAnswer struct {
	Status  string `json:"status"`
	Due     string `json:"due"`
	Elapsed int    `json:"elapsed"`
}

// monthCase is a random month; outages are in seconds from its beginning.
type monthCase struct {
	Kind        string       `json:"kind"`
	Zone        string       `json:"zone"`
	Month       string       `json:"month"`
	Target      string       `json:"target"`
	MinimumSpan int          `json:"minimum_span"`
	Outages     []outageCase `json:"outages"`
	Tiers       []pact.Tier  `json:"tiers"`
	Charge      string       `json:"charge"`
	Cap         string       `json:"cap"`
}

type outageCase struct {
	From     int  `json:"from"`
	Until    int  `json:"until"`
	Excluded bool `json:"excluded"`
}

type monthAnswer struct {
	Down   int    `json:"down"`
	Status string `json:"status"`
	Amount string `json:"amount"`
}

func cases(normal int) int {
	if os.Getenv("PACTLOOP_SOAK") == "1" {
		return 100_000
	}
	return normal
}

func TestClocksAgreeWithTheMinuteOracle(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(20261121, 1))
	var given []any
	for range cases(300) {
		given = append(given, randomClock(r))
	}
	set, err := calendar.NewSet()
	if err != nil {
		t.Fatal(err)
	}
	answers := ask(t, "oracle.py", given)
	seen := map[string]int{}
	for i, line := range answers {
		var want clockAnswer
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		c := given[i].(clockCase)
		a, err := obligation.Assess(c.input(set))
		if err != nil {
			t.Fatal(err)
		}
		due := ""
		if !a.DueAt.IsZero() {
			due = a.DueAt.Format(time.RFC3339)
		}
		elapsed := (time.Duration(want.Elapsed) * time.Minute).String()
		if string(a.Status) != want.Status || want.Due != "" && due != want.Due || a.Elapsed != elapsed {
			raw, _ := json.Marshal(c)
			t.Errorf("case %d: got %s due %s elapsed %s, the oracle says %s due %s elapsed %s\n%s", i, a.Status, due, a.Elapsed, want.Status, want.Due, elapsed, raw)
		}
		seen[want.Status]++
	}
	for _, status := range []string{"met", "breached", "on_track", "at_risk"} {
		if seen[status] == 0 {
			t.Errorf("no case was %s: the cases are too tame: %v", status, seen)
		}
	}
}

func TestMonthsAgreeWithTheMinuteOracle(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(20261121, 2))
	var given []any
	for range cases(300) {
		given = append(given, randomMonth(r))
	}
	for i, line := range ask(t, "oracle.py", given) {
		var want monthAnswer
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		c := given[i].(monthCase)
		a, err := obligation.Assess(c.input(t))
		if err != nil {
			t.Fatal(err)
		}
		amount := ""
		if a.Amount != nil {
			amount = a.Amount.Value.StringFixed(2)
		}
		down := (time.Duration(want.Down) * time.Minute).String()
		if string(a.Status) != want.Status || a.Elapsed != down || amount != want.Amount {
			raw, _ := json.Marshal(c)
			t.Errorf("case %d: got %s down %s amount %q, the oracle says %s %s %q\n%s", i, a.Status, a.Elapsed, amount, want.Status, down, want.Amount, raw)
		}
	}
}

// ask runs the oracle over all cases at once.
func ask(t *testing.T, oracle string, given []any) [][]byte {
	t.Helper()
	var in bytes.Buffer
	for _, c := range given {
		raw, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(raw, '\n'))
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal("the oracle needs python3 (3.9 or later): install it")
	}
	cmd := exec.CommandContext(t.Context(), python, "-B", "testdata/"+oracle)
	cmd.Stdin = &in
	var problem bytes.Buffer
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the oracle failed: %v\n%s", err, problem.String())
	}
	var lines [][]byte
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		lines = append(lines, slices.Clone(s.Bytes()))
	}
	if len(lines) != len(given) {
		t.Fatalf("%d answers to %d cases", len(lines), len(given))
	}
	return lines
}

func pick[T any](r *rand.Rand, options ...T) T { return options[r.IntN(len(options))] }

func randomHours(r *rand.Rand, near time.Time) calendar.Hours {
	zone := pick(r, "America/New_York", "Europe/Berlin", "UTC", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns", "America/Sao_Paulo")
	if r.IntN(5) == 0 {
		return calendar.AllHours(zone)
	}
	h := calendar.Hours{Name: "Random", Zone: zone}
	for range 1 + r.IntN(3) {
		var days []string
		for _, d := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
			if r.IntN(3) > 0 {
				days = append(days, d)
			}
		}
		from := r.IntN(24 * 4)
		until := (from + 8 + r.IntN(60)) % (24 * 4)
		if len(days) > 0 && from != until {
			h.Week = append(h.Week, calendar.Window{Days: days, From: quarter(from), Until: quarter(until)})
		}
	}
	h.Week = append(h.Week, calendar.Window{Days: []string{"tue", "sun"}, From: pick(r, "01:30", "02:00", "02:15", "02:30", "09:00"), Until: pick(r, "02:45", "03:00", "17:00", "24:00", "01:15")})
	for range r.IntN(3) {
		h.Holidays = append(h.Holidays, calendar.DateIn(near.AddDate(0, 0, r.IntN(8)), time.UTC))
	}
	return h
}

func quarter(n int) string { return fmt.Sprintf("%02d:%02d", n/4, n%4*15) }

func randomClock(r *rand.Rand) clockCase {
	base := pick(r, "2026-03-06T00:00:00Z", "2026-03-27T12:00:00Z", "2026-10-23T00:00:00Z", "2026-10-30T18:00:00Z", "2026-04-03T00:00:00Z", "2026-10-02T00:00:00Z", "2027-02-26T00:00:00Z")
	near, _ := time.Parse(time.RFC3339, base)
	minutes := func(n int) time.Duration { return time.Duration(n) * time.Minute }
	c := clockCase{
		Kind: "clock", Hours: randomHours(r, near), Target: 1 + r.IntN(900), Threshold: pick(r, 50, 75, 90, 99),
		OnReopen: pick(r, "resume", "restart", "total", "first_cycle_final"), OnChange: pick(r, "carry_minus_pauses", "carry", "restart", "stricter"),
		Opened: near.Add(minutes(r.IntN(4000))), Holds: [][2]time.Time{}, Stops: []time.Time{}, Reopens: []time.Time{},
	}
	c.At = c.Opened.Add(minutes(r.IntN(6000)))
	for range r.IntN(4) {
		from := c.Opened.Add(minutes(r.IntN(2500)))
		c.Holds = append(c.Holds, [2]time.Time{from, from.Add(minutes(r.IntN(1500)))})
	}
	if r.IntN(2) == 0 {
		at := c.Opened
		for range r.IntN(4) {
			at = at.Add(minutes(1 + r.IntN(1200)))
			if len(c.Stops) == len(c.Reopens) {
				c.Stops = append(c.Stops, at)
			} else {
				c.Reopens = append(c.Reopens, at)
			}
		}
	}
	c.At = later(c.At, last(c.Stops), last(c.Reopens))
	// A hold of a closed ticket is not reported: keep those that end before the first resolution.
	if len(c.Stops) > 0 {
		c.Holds = slices.DeleteFunc(c.Holds, func(h [2]time.Time) bool { return h[1].After(c.Stops[0]) })
	}
	for _, h := range c.Holds {
		c.At = later(c.At, h[1])
	}
	if r.IntN(2) == 0 {
		limit := 600
		if len(c.Stops) > 0 {
			limit = min(limit, int(c.Stops[0].Sub(c.Opened)/time.Minute))
		}
		if limit > 1 {
			at := c.Opened.Add(minutes(1 + r.IntN(limit-1)))
			other := randomHours(r, near)
			c.Changed, c.OtherHours, c.OtherTarget = &at, &other, 1+r.IntN(900)
			c.At = later(c.At, at)
		}
	}
	return c
}

func later(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}

func last(times []time.Time) time.Time {
	if len(times) == 0 {
		return time.Time{}
	}
	return times[len(times)-1]
}

func (c clockCase) input(set calendar.Set) obligation.Input {
	entry := func(priority string, target int, hours calendar.Hours) effective.Entry {
		params, err := json.Marshal(obligation.ClockParams{
			Priority: priority, Target: calendar.Duration{Value: target, Unit: calendar.Minute}, Hours: hours, Pauses: true,
			Thresholds: []decimal.Decimal{decimal.NewFromInt(int64(c.Threshold))}, OnReopen: c.OnReopen, OnPriorityChange: c.OnChange,
		})
		if err != nil {
			panic(err)
		}
		return effective.Entry{Source: effective.Source{Title: "Contract"}, Obligation: &pact.Obligation{Key: "resolution_time/P" + priority, Kind: "resolution_time", Params: params}}
	}
	entries := []effective.Entry{entry("1", c.Target, c.Hours)}
	number := 0
	event := func(kind string, at time.Time, data pact.EventData) pact.Event {
		number++
		return pact.Event{ID: pact.EventID("evt_" + strconv.Itoa(number)), ExternalID: strconv.Itoa(number), Kind: kind, Subject: "INC1", OccurredAt: at, Data: data}
	}
	opened := event("ticket_opened", c.Opened, pact.EventData{Priority: "1"})
	if c.Changed != nil {
		entries = append(entries, entry("2", c.OtherTarget, *c.OtherHours))
		opened.Data.Priority = "2"
	}
	events := []pact.Event{opened}
	if c.Changed != nil {
		events = append(events, event("ticket_priority", *c.Changed, pact.EventData{Priority: "1"}))
	}
	for _, h := range c.Holds {
		if h[0].Before(h[1]) {
			events = append(events, event("ticket_paused", h[0], pact.EventData{EndAt: h[1]}))
		}
	}
	for _, at := range c.Stops {
		events = append(events, event("ticket_resolved", at, pact.EventData{}))
	}
	for _, at := range c.Reopens {
		events = append(events, event("ticket_reopened", at, pact.EventData{}))
	}
	return obligation.Input{Obligation: *entries[0].Obligation, Timeline: effective.New(entries), Occurrence: pact.Occurrence{Key: "INC1"}, Events: events, Calendars: set, At: c.At}
}

func randomMonth(r *rand.Rand) monthCase {
	number := func(s string) *decimal.Decimal { d := decimal.RequireFromString(s); return &d }
	c := monthCase{
		Kind: "month", Zone: pick(r, "UTC", "America/New_York", "Europe/Berlin"), Month: fmt.Sprintf("20%02d-%02d", 24+r.IntN(4), 1+r.IntN(12)),
		Target: pick(r, "99.9", "99.95", "99.5", "99"), MinimumSpan: pick(r, 0, 0, 1, 5, 10), Outages: []outageCase{}, Charge: decimal.New(r.Int64N(10_000_000), -2).String(), Cap: pick(r, "100", "20", "33.3"),
	}
	target := number(c.Target)
	c.Tiers = []pact.Tier{{From: number("98.75"), Below: target, Credit: decimal.New(r.Int64N(2000), -2)}, {From: number("95"), Below: number("98.75"), Credit: *number("25")}, {Below: number("95"), Credit: *number("100")}}
	for range r.IntN(5) {
		from := r.IntN(27 * 86400)
		if len(c.Outages) > 0 && r.IntN(2) == 0 {
			from = c.Outages[0].From + r.IntN(3600) - 1800
		}
		length := r.IntN(pick(r, 600, 3600, 14400))
		if r.IntN(2) == 0 {
			from, length = from/60*60, length/60*60
		}
		if from >= 0 && length > 0 {
			c.Outages = append(c.Outages, outageCase{From: from, Until: from + length, Excluded: r.IntN(4) == 0})
		}
	}
	return c
}

func (c monthCase) input(t *testing.T) obligation.Input {
	t.Helper()
	limit := decimal.RequireFromString(c.Cap)
	params, err := json.Marshal(obligation.AvailabilityParams{
		Service: "Cloud", Target: decimal.RequireFromString(c.Target), Zone: c.Zone, Tiers: c.Tiers,
		Exclusions: []string{"maintenance"}, MinimumSpan: c.MinimumSpan, CapPercent: &limit,
	})
	if err != nil {
		t.Fatal(err)
	}
	zone, err := calendar.LoadZone(c.Zone)
	if err != nil {
		t.Fatal(err)
	}
	first := calendar.Date(c.Month + "-01").In(zone)
	in := obligation.Input{
		Obligation: pact.Obligation{Key: "availability/cloud", Kind: "availability", Params: params}, Occurrence: pact.Occurrence{Key: c.Month},
		At: first.AddDate(0, 2, 0), Charges: []pact.Charge{{EventID: "evt_c", Service: "Cloud", Month: c.Month, Amount: money.New(decimal.RequireFromString(c.Charge), "USD")}},
	}
	for i, o := range c.Outages {
		e := pact.Event{
			ID: pact.EventID("evt_" + strconv.Itoa(i)), Kind: "outage", Subject: "Cloud", OccurredAt: first.Add(time.Duration(o.From) * time.Second),
			Data: pact.EventData{Service: "Cloud", EndAt: first.Add(time.Duration(o.Until) * time.Second)},
		}
		if o.Excluded {
			e.Data.Excluded, e.Data.ApprovedBy = "maintenance", "dana@example.com"
		}
		in.Events = append(in.Events, e)
	}
	return in
}
