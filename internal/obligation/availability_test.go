package obligation

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestAnAvailabilityWithoutAZoneAsksInPlainWords(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]string{
		"":          "Whose calendar month counts? Name the time zone in which it begins and ends, such as America/New_York.",
		"Nowhere/X": `Whose calendar month counts? ("Nowhere/X" is not a known time zone)`,
	} {
		var asked []string
		for _, a := range (AvailabilityParams{Service: "Hosting", Zone: zone}).check() {
			if a.Code == "zone" {
				asked = append(asked, a.Question)
			}
		}
		if got := strings.Join(asked, "\n"); got != want {
			t.Errorf("%q: %s", zone, got)
		}
	}
}

// A run over the edge of a month rests on the outages it is made of, and on none else of those around the edge.
func TestARunBeyondTheMonthCitesItsOutages(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	outage := func(id pact.EventID, from, until string) pact.Event {
		return pact.Event{ID: id, Kind: "outage", Subject: "S", OccurredAt: at(from), Data: pact.EventData{Service: "S", EndAt: at(until)}}
	}
	a, err := Assess(Input{
		Obligation: pact.Obligation{Key: "o", Kind: "availability", InForce: calendar.Period{From: "2026-01-01"}, Params: json.RawMessage(`{"service": "S", "target": "99.999", "zone": "UTC", "minimum_span_minutes": 10}`)},
		Occurrence: pact.Occurrence{Key: "2026-03"},
		Events: []pact.Event{
			outage("other", "2026-03-10T12:00:00Z", "2026-03-10T12:30:00Z"), outage("first", "2026-03-31T23:55:00Z", "2026-04-01T00:02:00Z"),
			outage("second", "2026-04-01T00:02:00Z", "2026-04-01T00:08:00Z"), outage("later", "2026-04-01T00:09:00Z", "2026-04-01T00:10:00Z"),
		},
		At: at("2026-04-05T00:00:00Z"),
	})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(a.Trace, func(s pact.TraceStep) bool { return s.Rule == "a run goes on beyond the period" })
	if i < 0 || !slices.Equal(a.Trace[i].EventIDs, []pact.EventID{"first", "second"}) {
		t.Errorf("want a run of first and second: %+v", a.Trace)
	}
}
