package backtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// maxEvents bounds a file of events.
const maxEvents = 5_000_000

// ReadEvents reads events, one JSON object on each line; a JSON list of them is read too. Empty lines, and lines that begin
// with #, are left out. An event without a number gets that of its line. It fails with fault.Invalid and names line and member.
func ReadEvents(name string, raw []byte) ([]pact.Event, error) {
	raw = bytes.TrimPrefix(raw, byteOrderMark)
	var lines [][]byte
	var numbers []int
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && trimmed[0] == '[' {
		var list []json.RawMessage
		if err := json.Unmarshal(trimmed, &list); err != nil {
			return nil, wrong(name, []Problem{{"", syntaxOf(raw)}})
		}
		for i, e := range list {
			lines, numbers = append(lines, e), append(numbers, i+1)
		}
	} else {
		for i, line := range bytes.Split(raw, []byte("\n")) {
			if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
				lines, numbers = append(lines, line), append(numbers, i+1)
			}
		}
	}
	if len(lines) > maxEvents {
		return nil, fault.New(fault.Invalid, "%s holds more than %d events.", name, maxEvents)
	}
	out := make([]pact.Event, 0, len(lines))
	for i, line := range lines {
		e, err := readEvent(fmt.Sprintf("%s, line %d", name, numbers[i]), line)
		if err != nil {
			return nil, err
		}
		if e.ExternalID == "" {
			e.ExternalID = fmt.Sprintf("line-%d", numbers[i])
		}
		out = append(out, e)
	}
	return link(name, numbers, out)
}

func readEvent(place string, line []byte) (pact.Event, error) {
	var e pact.Event
	// The quick way first; the slow one tells what is wrong.
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	err := d.Decode(&e)
	if err != nil && !json.Valid(line) {
		return e, wrong(place, []Problem{{"", syntaxOf(line)}})
	}
	if err == nil {
		if _, after := d.Token(); after != io.EOF {
			return e, wrong(place, []Problem{{"", "there is something after the event; write one event on each line"}})
		}
	}
	pointer, twice, capital := repeated(line)
	if twice {
		return e, wrong(place, []Problem{{pointer, "this member is given twice"}})
	}
	// A sum without its value reads as zero, and a member with a capital as the one without.
	if err != nil || !knownKinds()[e.Kind] || capital || e.HasZeroSum() {
		var problems []Problem
		walk("", line, reflect.TypeFor[pact.Event](), &problems)
		if e.Kind == "" && len(problems) == 0 {
			problems = append(problems, Problem{"/kind", "the kind of the event is needed"})
		}
		if len(problems) == 0 && err != nil {
			problems = append(problems, Problem{"", err.Error()})
		}
		if len(problems) > 0 {
			return e, wrong(place, problems)
		}
	}
	if e.OccurredAt.IsZero() {
		if e.Data.Date == "" {
			return e, wrong(place, []Problem{{"/occurred_at", "when it happened is needed"}})
		}
		e.OccurredAt = e.Data.Date.Time()
	}
	var problems []Problem
	for _, c := range e.Contradictions() {
		problems = append(problems, Problem{"/" + strings.ReplaceAll(c.Path, ".", "/"), c.Message})
	}
	if len(problems) > 0 {
		return e, wrong(place, problems)
	}
	return e, nil
}

// link gives each event an id and resolves what a correction replaces.
func link(name string, numbers []int, events []pact.Event) ([]pact.Event, error) {
	line := func(i int) string { return fmt.Sprintf("%s, line %d", name, numbers[i]) }
	byID := map[pact.EventID]int{}
	byExternal := map[string]int{}
	for i := range events {
		e := &events[i]
		if e.ID == "" {
			e.ID = pact.EventID(e.ExternalID)
		}
		// Another source may use the same number; then each event has an id of its own.
		if first, ok := byExternal[e.ExternalID]; ok && events[first].ConnectionID == e.ConnectionID && !alike(&events[first], e) {
			return nil, wrong(line(i), []Problem{{"/external_id", fmt.Sprintf("line %d has the number %q too and says something else; a correction has a number of its own and names this one in replaces_external", numbers[first], short(e.ExternalID))}})
		}
		if first, ok := byID[e.ID]; ok && !alike(&events[first], e) {
			return nil, wrong(line(i), []Problem{{"/id", fmt.Sprintf("line %d has the id %q too and says something else", numbers[first], short(string(e.ID)))}})
		}
		byID[e.ID], byExternal[e.ExternalID] = i, i
	}
	corrections := false
	for i := range events {
		e := &events[i]
		if e.Replaces == "" && e.ReplacesExternal != "" {
			other, ok := byExternal[e.ReplacesExternal]
			if !ok {
				return nil, wrong(line(i), []Problem{{"/replaces_external", fmt.Sprintf("no event has the number %q", short(e.ReplacesExternal))}})
			}
			e.Replaces = events[other].ID
		}
		if e.Replaces == "" {
			continue
		}
		corrections = true
		if _, ok := byID[e.Replaces]; ok {
			continue
		}
		other, ok := byExternal[string(e.Replaces)]
		if !ok {
			return nil, wrong(line(i), []Problem{{"/replaces", fmt.Sprintf("no event has the id %q", short(string(e.Replaces)))}})
		}
		e.Replaces = events[other].ID
	}
	if corrections {
		if i := circle(events, byID); i >= 0 {
			member := "/replaces"
			if events[i].ReplacesExternal != "" {
				member = "/replaces_external"
			}
			return nil, wrong(line(i), []Problem{{member, "events replace each other in a circle, so that none of them counts"}})
		}
	}
	return events, nil
}

// alike tells whether an event is a repeat of another: it says the same, whenever it came.
func alike(a, b *pact.Event) bool {
	said := func(e pact.Event) []byte {
		e.ReceivedAt, e.OccurredAt = time.Time{}, e.OccurredAt.UTC()
		raw, err := json.Marshal(e)
		if err != nil {
			return nil
		}
		return raw
	}
	return bytes.Equal(said(*a), said(*b))
}

// circle finds an event that, over what it replaces, replaces itself; -1 where there is none.
func circle(events []pact.Event, byID map[pact.EventID]int) int {
	way := make([]int, len(events)) // by which walk an event was reached
	for i := range events {
		for at := i; way[at] == 0; {
			way[at] = i + 1
			if events[at].Replaces == "" {
				break
			}
			at = byID[events[at].Replaces]
			if way[at] == i+1 {
				return i
			}
		}
	}
	return -1
}
