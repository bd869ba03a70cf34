package backtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// maxEvents bounds a file of events.
const maxEvents = 5_000_000

// ReadEvents reads events, one JSON object on each line; a JSON list of them is read too. Empty lines, and lines that begin
// with #, are left out. An event without a number gets that of its line. It fails with fault.Invalid and names line and member.
func ReadEvents(name string, raw []byte) ([]pact.Event, error) {
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
	if err != nil || !knownKinds()[e.Kind] {
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
	if d.More() {
		return e, wrong(place, []Problem{{"", "there is something after the event; write one event on each line"}})
	}
	if e.OccurredAt.IsZero() {
		if e.Data.Date == "" {
			return e, wrong(place, []Problem{{"/occurred_at", "when it happened is needed"}})
		}
		e.OccurredAt = e.Data.Date.Time()
	}
	return e, nil
}

// link gives each event an id and resolves what a correction replaces.
func link(name string, numbers []int, events []pact.Event) ([]pact.Event, error) {
	ids := map[pact.EventID]bool{}
	byExternal := map[string]pact.EventID{}
	for i := range events {
		e := &events[i]
		if e.ID == "" {
			e.ID = pact.EventID(e.ExternalID)
		}
		ids[e.ID] = true
		byExternal[e.ExternalID] = e.ID
	}
	for i := range events {
		e := &events[i]
		if e.Replaces == "" && e.ReplacesExternal != "" {
			id, ok := byExternal[e.ReplacesExternal]
			if !ok {
				return nil, wrong(fmt.Sprintf("%s, line %d", name, numbers[i]), []Problem{{"/replaces_external", fmt.Sprintf("no event has the number %q", short(e.ReplacesExternal))}})
			}
			e.Replaces = id
		}
		if e.Replaces == "" {
			continue
		}
		if id, ok := byExternal[string(e.Replaces)]; ok && !ids[e.Replaces] {
			e.Replaces = id
		}
		if !ids[e.Replaces] {
			return nil, wrong(fmt.Sprintf("%s, line %d", name, numbers[i]), []Problem{{"/replaces", fmt.Sprintf("no event has the id %q", short(string(e.Replaces)))}})
		}
	}
	return events, nil
}
