package obligation_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

func version(id pact.ObligationID, title, key, kind, params string, from, until calendar.Date) effective.Entry {
	return effective.Entry{
		Source:     effective.Source{Title: title, From: from, Until: until},
		Obligation: &pact.Obligation{ID: id, Key: key, Kind: kind, Params: json.RawMessage(params)},
	}
}

func TestATicketOpensOneClockPerObligationByTheVersionOfItsDay(t *testing.T) {
	t.Parallel()
	const clock = `{"priority":"1","target":{"value":4,"unit":"hour"},"hours":{"zone":"America/New_York","always":true}}`
	const low = `{"priority":"3","target":{"value":16,"unit":"hour"},"hours":{"zone":"America/New_York","always":true}}`
	line := effective.New([]effective.Entry{
		version("obl_old", "Master", "resolution_time/P1", "resolution_time", clock, "2025-01-01", ""),
		version("obl_new", "Amendment", "resolution_time/P1", "resolution_time", clock, "2026-03-16", ""),
		version("obl_p3", "Master", "resolution_time/P3", "resolution_time", low, "2025-01-01", ""),
		version("obl_up", "Master", "availability/cloud", "availability", `{"service":"Cloud","target":"99.9","zone":"UTC"}`, "2025-01-01", ""),
	})
	opened := func(subject, at, priority string) pact.Event {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		return pact.Event{ID: pact.EventID("evt_" + subject + at), ExternalID: subject + at, Kind: "ticket_opened", Subject: subject, OccurredAt: when, Data: pact.EventData{Priority: priority, Title: "Down"}}
	}
	raised := opened("INC3", "2026-03-20T12:00:00Z", "1")
	raised.Kind = "ticket_priority"
	got := obligation.Open(line, []pact.Event{
		opened("INC1", "2026-03-16T03:30:00Z", "P1"), // still 15 March in New York
		opened("INC2", "2026-03-16T04:00:00Z", "1"),
		opened("INC3", "2026-03-20T10:00:00Z", "3"), raised,
		opened("INC0", "2024-12-31T12:00:00Z", "1"), // before the contract
	})
	want := [][2]string{{"obl_old", "INC1"}, {"obl_new", "INC2"}, {"obl_new", "INC3"}, {"obl_p3", "INC3"}}
	if len(got) != len(want) {
		t.Fatalf("%d occurrences: %+v", len(got), got)
	}
	for i, w := range want {
		if string(got[i].Obligation.ID) != w[0] || got[i].Occurrence.Key != w[1] || got[i].Occurrence.ObligationID != got[i].Obligation.ID || got[i].Occurrence.Period.Start.IsZero() {
			t.Errorf("%d: %s %+v, want %v", i, got[i].Obligation.ID, got[i].Occurrence, w)
		}
	}
}

func TestAnAmendmentWithinAMonthDoesNotShortenIt(t *testing.T) {
	t.Parallel()
	const up = `{"service":"Cloud","target":"99.9","zone":"UTC"}`
	entries := []effective.Entry{
		version("obl_old", "Master", "availability/cloud", "availability", up, "2025-01-01", "2026-09-16"),
		version("obl_new", "Amendment", "availability/cloud", "availability", up, "2026-09-16", "2026-10-11"),
	}
	for month, want := range map[string]string{"2026-09": "43200 min", "2026-10": "14400 min"} {
		a, err := obligation.Assess(obligation.Input{
			Obligation: *entries[0].Obligation, Timeline: effective.New(entries), Occurrence: pact.Occurrence{Key: month},
			At: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
		})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, s := range a.Trace {
			found = found || s.Result == want
		}
		if !found || a.Status != pact.Met {
			t.Errorf("%s: %s %+v", month, a.Status, a.Trace)
		}
	}
}

func TestTermsFillWhatAnObligationLeavesOpen(t *testing.T) {
	t.Parallel()
	notice := pact.Lasting(30, calendar.Day)
	year := pact.Lasting(12, calendar.UnitMonth)
	terms := []pact.Term{
		{Name: "expiration_date", Value: pact.OnDate("2026-06-14")},
		{Name: "notice_period", Value: notice},
		{Name: "renewal_term", Value: year},
		{Name: "auto_renewal", Value: pact.Yes(true)},
		{Name: "zone", Value: pact.Text("Europe/Berlin")},
	}
	o := pact.Obligation{Key: "renewal_notice", Kind: "renewal_notice", Params: json.RawMessage(`{"notice":{"value":60,"unit":"day"}}`)}
	if len(obligation.Check(o)) == 0 {
		t.Fatal("without dates there is a question")
	}
	full := obligation.Complete(o, terms)
	if q := obligation.Check(full); len(q) > 0 {
		t.Fatalf("%+v", q)
	}
	var p obligation.RenewalParams
	if err := json.Unmarshal(full.Params, &p); err != nil {
		t.Fatal(err)
	}
	if p.Notice.Value != 60 || p.ExpirationDate != "2026-06-14" || p.Zone != "Europe/Berlin" {
		t.Errorf("what the obligation says stands, the rest is filled: %+v", p)
	}
	broken := pact.Obligation{Kind: "availability", Params: json.RawMessage(`{"nonsense":1}`)}
	if got := obligation.Complete(broken, terms); string(got.Params) != `{"nonsense":1}` {
		t.Errorf("%s", got.Params)
	}
}
