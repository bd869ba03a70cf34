package obligation_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// A level of one priority is judged on tickets of that priority alone, whatever clocks it counts; a ticket whose priority nobody told is
// asked about and left out.
func TestALevelOfOnePriorityCountsItsTickets(t *testing.T) {
	t.Parallel()
	day := func(d, hour int) time.Time { return time.Date(2026, 3, d, hour, 0, 0, 0, time.UTC) }
	var events []pact.Event
	ticket := func(name, priority string, hours int) {
		events = append(events,
			pact.Event{ID: pact.EventID("o" + name), Kind: "ticket_opened", Subject: name, OccurredAt: day(3, 8), Data: pact.EventData{Priority: priority}},
			pact.Event{ID: pact.EventID("r" + name), Kind: "ticket_resolved", Subject: name, OccurredAt: day(3, 8+hours)})
	}
	ticket("A", "1 - Critical", 2)
	ticket("B", "P1", 3)
	ticket("C", "P1", 9)
	ticket("D", "P2", 9)
	ticket("E", "2", 9)
	ticket("F", "", 9)
	events = append(events, pact.Event{ID: "cD", Kind: "ticket_priority", Subject: "D", OccurredAt: day(4, 8), Data: pact.EventData{Priority: "P1"}}) // after it was decided
	contract := pact.Obligation{ID: "obl_all", Key: "resolution_time", Kind: "resolution_time", Params: json.RawMessage(`{"target":{"value":4,"unit":"hour"},"hours":{"always":true,"zone":"UTC"}}`)}
	for _, c := range []struct {
		name, params, want string
		asks               bool
	}{
		{"every priority", `{"measure":"within_target","target":"90","clocks":["resolution_time"]}`, "2 met of 6 decided in the period", false},
		{"one of the clock for all", `{"measure":"within_target","target":"90","clocks":["resolution_time"],"priority":"P1"}`, "2 met of 3 decided in the period; left out, because no event tells the priority: F", true},
		{"one of a clock of its own", `{"measure":"within_target","target":"90","priority":"1","clock":{"target":{"value":4,"unit":"hour"},"hours":{"always":true,"zone":"UTC"}}}`, "2 met of 3 decided in the period; left out, because no event tells the priority: F", true},
		{"at first contact", `{"measure":"first_contact","target":"90","reopen_days":0,"priority":"2"}`, "2 of 2 resolved at first contact", true},
	} {
		level := pact.Obligation{ID: "obl_level", Key: "service_level/p1", Kind: "service_level", Params: json.RawMessage(c.params)}
		line := effective.New(effective.FromVersion(pact.Version{ContractID: "con_1", Obligations: []pact.Obligation{contract, level}}, "Support", 0))
		a, err := obligation.Assess(obligation.Input{Obligation: level, Timeline: line, Occurrence: pact.Occurrence{Key: "2026-03"}, Events: events, At: time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := fmt.Sprintf("%+v", a.Trace); !strings.Contains(got, c.want) || (len(a.Ambiguities) > 0) != c.asks {
			t.Errorf("%s: want %q in %s; asked %+v", c.name, c.want, got, a.Ambiguities)
		}
	}
	// Read so: the priority stands in the parameters, and the clock for all priorities is counted where it has none of its own.
	read := pact.Obligation{Key: "within_target/P1", Kind: "within_target", Title: "P1 in time", Params: json.RawMessage(`{"priority":"P1","target":"95","measure":"tickets resolved in time","period":"month"}`)}
	o, ok := obligation.AsJudged(read, []pact.Obligation{contract})
	var p obligation.ServiceLevelParams
	if err := json.Unmarshal(o.Params, &p); !ok || err != nil || p.Priority != "P1" || len(p.Clocks) != 1 || p.Clocks[0] != "resolution_time" {
		t.Errorf("%s %v", o.Params, err)
	}
}
