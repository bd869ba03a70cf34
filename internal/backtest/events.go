package backtest

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// maxEvents bounds a file of events.
const maxEvents = 5_000_000

// Refused is a line of a file of events that can not be used, and why. It counts for nothing; the other lines do.
type Refused struct {
	Line     int       `json:"line"`
	Event    string    `json:"event,omitempty"` // its external id, where it has one
	Problems []Problem `json:"problems"`
}

// ReadEvents reads events, one JSON object on each line; a JSON list of them is read too. Empty lines, and lines that begin
// with #, are left out. An event without a number gets that of its line. It fails with fault.Invalid and names each line that can not be
// used with its members.
func ReadEvents(name string, raw []byte) ([]pact.Event, error) {
	events, refused, err := KeepEvents(name, raw)
	if err != nil {
		return nil, err
	}
	return events, RefusedError(name, refused)
}

// RefusedError makes one fault of lines that were refused; nil where there are none.
func RefusedError(name string, refused []Refused) error {
	if len(refused) == 0 {
		return nil
	}
	first := refused[0]
	f := fault.New(fault.Invalid, "%s, line %d: %s%s", name, first.Line, first.Problems[0], first.who())
	more := -1
	for _, r := range refused {
		for _, p := range r.Problems {
			more++
			f.Details = append(f.Details, fault.Detail{Field: fmt.Sprintf("line %d: %s", r.Line, p.Pointer), Message: p.Message + r.who()})
		}
	}
	if more > 0 {
		f.Message += fmt.Sprintf(" (and %d more)", more)
	}
	return f
}

func (r Refused) who() string {
	if r.Event == "" {
		return ""
	}
	return " (event " + short(r.Event) + ")"
}

// KeepEvents reads events as ReadEvents does, and keeps those that can be used beside the lines that are refused. An error is about the
// file as a whole.
func KeepEvents(name string, raw []byte) ([]pact.Event, []Refused, error) {
	raw = bytes.TrimPrefix(raw, byteOrderMark)
	var lines [][]byte
	var numbers []int
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && trimmed[0] == '[' {
		var list []json.RawMessage
		if err := json.Unmarshal(trimmed, &list); err != nil {
			return nil, nil, wrong(name, []Problem{{"", syntaxOf(raw)}})
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
		return nil, nil, fault.New(fault.Invalid, "%s holds more than %d events.", name, maxEvents)
	}
	l := log{gone: map[string]bool{}}
	l.events = make([]pact.Event, 0, len(lines)) // an event is large: it is moved once at most
	for i, line := range lines {
		e, problems := ReadEvent(line)
		if len(problems) > 0 {
			l.refuse(numbers[i], e, problems)
			continue
		}
		if e.ExternalID == "" {
			e.ExternalID = fmt.Sprintf("line-%d", numbers[i])
		}
		l.events, l.numbers = append(l.events, e), append(l.numbers, numbers[i])
	}
	l.link()
	l.compact()
	slices.SortStableFunc(l.refused, func(a, b Refused) int { return a.Line - b.Line })
	return l.events, l.refused, nil
}

// log is a file of events while it is read.
type log struct {
	events  []pact.Event
	numbers []int // of their lines
	dropped []bool
	refused []Refused
	gone    map[string]bool // numbers of refused events: who replaces one has nothing to take back
}

func (l *log) refuse(line int, e pact.Event, problems []Problem) {
	for _, id := range []string{e.ExternalID, string(e.ID)} {
		if id != "" {
			l.gone[id] = true
		}
	}
	l.refused = append(l.refused, Refused{Line: line, Event: cmp.Or(e.ExternalID, string(e.ID)), Problems: problems})
}

// drop refuses an event that was read.
func (l *log) drop(i int, pointer, format string, args ...any) {
	l.refuse(l.numbers[i], l.events[i], []Problem{{pointer, fmt.Sprintf(format, args...)}})
	l.dropped[i] = true
}

// compact takes the events away that were refused after they were read.
func (l *log) compact() {
	kept := l.events[:0]
	for i := range l.events {
		if !l.dropped[i] {
			kept = append(kept, l.events[i])
		}
	}
	clear(l.events[len(kept):])
	l.events = kept
}

// ReadEvent reads one event as every source of events is read, and tells what keeps it from being used, by member. With problems the event
// has what could be read of it. What it is about is not asked here.
func ReadEvent(line []byte) (pact.Event, []Problem) {
	var e pact.Event
	// The quick way first; the slow one tells what is wrong.
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	err := d.Decode(&e)
	if err != nil && !json.Valid(line) {
		return e, []Problem{{"", strings.Replace(syntaxOf(line), "line 1, ", "", 1)}} // which line it is stands before
	}
	if err == nil {
		if _, after := d.Token(); after != io.EOF {
			return e, []Problem{{"", "there is something after the event; write one event on each line"}}
		}
	}
	pointer, twice, odd := repeated(line)
	if twice {
		return e, []Problem{{pointer, "this member is given twice"}}
	}
	// A sum without its value reads as zero, a member with a capital as the one without, and a number of any form as that number.
	if err != nil || !knownKinds()[e.Kind] || odd || e.HasZeroSum() {
		problems := unfit("", line, reflect.TypeFor[pact.Event]())
		if e.Kind == "" && len(problems) == 0 {
			problems = append(problems, Problem{"/kind", "the kind of the event is needed"})
		}
		if len(problems) == 0 && err != nil {
			problems = append(problems, Problem{"", err.Error()})
		}
		if len(problems) > 0 {
			return e, problems
		}
	}
	if e.OccurredAt.IsZero() && e.Data.Date != "" {
		e.OccurredAt = e.Data.Date.Time()
	}
	var problems []Problem
	for _, c := range e.Problems() {
		problems = append(problems, Problem{"/" + strings.ReplaceAll(c.Path, ".", "/"), c.Message})
	}
	return e, problems
}

// link gives each event an id and resolves what a correction replaces. Events that use a number again, name nothing, or replace each
// other in a circle are refused.
func (l *log) link() {
	l.dropped = make([]bool, len(l.events))
	byID, byExternal := l.identify()
	corrections := false
	for i := range l.events {
		if l.dropped[i] {
			continue
		}
		e := &l.events[i]
		named, pointer := string(e.Replaces), "/replaces"
		if e.Replaces == "" {
			named, pointer = e.ReplacesExternal, "/replaces_external"
		}
		if named == "" {
			continue
		}
		corrections = true
		_, known := byID[pact.EventID(named)]
		other, external := byExternal[named]
		switch {
		case known && pointer == "/replaces":
		case external:
			e.Replaces = other
		case l.gone[named]:
			e.Replaces = pact.EventID(named) // it counts for nothing anyway
		default:
			what := map[string]string{"/replaces": "id", "/replaces_external": "number"}[pointer]
			l.drop(i, pointer, "no event has the %s %q", what, short(named))
		}
	}
	if !corrections {
		return
	}
	for _, i := range l.circles() {
		member := "/replaces"
		if l.events[i].ReplacesExternal != "" {
			member = "/replaces_external"
		}
		l.drop(i, member, "events replace each other in a circle, so that none of them counts")
	}
}

// identify gives each event an id, and refuses what uses a number again for something else.
func (l *log) identify() (byID map[pact.EventID]int, byExternal map[string]pact.EventID) {
	byID, byExternal = map[pact.EventID]int{}, map[string]pact.EventID{}
	first := map[string]int{}
	type again struct {
		at             int
		pointer, words string
	}
	var list []again
	said := map[int][sha256.Size]byte{} // of the first of those that came again
	repeats := func(at, i int) bool {
		first, known := said[at]
		if !known {
			first = says(&l.events[at])
			said[at] = first
		}
		return first == says(&l.events[i])
	}
	for i := range l.events {
		e := &l.events[i]
		if e.ID == "" {
			e.ID = pact.EventID(e.ExternalID)
		}
		// Another source may use the same number; then each event has an id of its own.
		if at, ok := first[e.ExternalID]; ok && l.events[at].ConnectionID == e.ConnectionID && !repeats(at, i) {
			list = append(list, again{i, "/external_id", fmt.Sprintf("line %d has the number %q too and says something else; a correction has a number of its own and names this one in replaces_external", l.numbers[at], short(e.ExternalID))})
			continue
		}
		if at, ok := byID[e.ID]; ok && !repeats(at, i) {
			list = append(list, again{i, "/id", fmt.Sprintf("line %d has the id %q too and says something else", l.numbers[at], short(string(e.ID)))})
			continue
		}
		byID[e.ID], first[e.ExternalID], byExternal[e.ExternalID] = i, i, e.ID
	}
	for _, a := range slices.Backward(list) {
		l.drop(a.at, a.pointer, "%s", a.words)
	}
	return byID, byExternal
}

// says is the mark of what an event says, whenever it came: an event with the same one is a repeat.
func says(e *pact.Event) [sha256.Size]byte {
	same := *e
	same.ReceivedAt, same.OccurredAt = time.Time{}, same.OccurredAt.UTC()
	raw, err := json.Marshal(same)
	if err != nil {
		return [sha256.Size]byte{}
	}
	return sha256.Sum256(raw)
}

// circles finds, in one walk over all, the events that over what they replace replace themselves; repeats of one with it.
func (l *log) circles() []int {
	byID := make(map[pact.EventID]int, len(l.events))
	for i := range l.events {
		if !l.dropped[i] {
			byID[l.events[i].ID] = i
		}
	}
	way := make([]int, len(l.events)) // by which walk an event was reached
	round := map[pact.EventID]bool{}
	next := func(at int) (int, bool) {
		to, known := byID[l.events[at].Replaces]
		return to, known && l.events[at].Replaces != ""
	}
	for i := range l.events {
		at, on := i, !l.dropped[i]
		for on && way[at] == 0 {
			way[at] = i + 1
			at, on = next(at)
		}
		// The walk met itself: from here on it goes round.
		for on && way[at] == i+1 && !round[l.events[at].ID] {
			round[l.events[at].ID] = true
			at, on = next(at)
		}
	}
	var out []int
	for i := range l.events {
		if !l.dropped[i] && round[l.events[i].ID] {
			out = append(out, i)
		}
	}
	return out
}
