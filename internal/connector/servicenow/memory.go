package servicenow

import (
	"bytes"
	"encoding/json"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// remembered bounds the memory in a cursor; what was not read for the longest time goes first.
const remembered = 500

// memory holds which event was last told of a thing whose history can not be read, so that a later reading can name the
// event it replaces. It travels in the cursor: the connector itself keeps nothing, and the same cursor gives the same
// events.
type memory struct {
	Sweep pact.Cursor `json:"sweep"`
	Told  []telling   `json:"told,omitempty"` // the latest last
}

// telling is the event last told of a thing.
type telling struct {
	Thing   string `json:"thing"`
	ID      string `json:"id"`
	Reading string `json:"reading"`
}

func recall(c pact.Cursor) (*memory, error) {
	m := &memory{}
	if c == "" {
		return m, nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(c)))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The position of the stream can not be read; reset the stream to read it from its start.")
	}
	return m, nil
}

func (m *memory) cursor(sweep pact.Cursor) (pact.Cursor, error) {
	text, err := json.Marshal(memory{Sweep: sweep, Told: m.Told})
	return pact.Cursor(text), err
}

// tell gives the external id of a reading of a thing, and the id of the event it replaces: none for the first reading, and
// for a reading like the last one, which keeps its id. The version keeps a return to an earlier reading from looking like
// a repeat of it.
func (m *memory) tell(thing, reading, version string) (id, replaces string) {
	last, ok := m.last(thing)
	switch {
	case !ok:
		id = thing + "/0"
	case last.Reading == reading:
		id = last.ID
	default:
		id, replaces = thing+"/"+reading+"#"+version, last.ID
	}
	m.keep(telling{thing, id, reading})
	return id, replaces
}

func (m *memory) last(thing string) (telling, bool) {
	for _, t := range m.Told {
		if t.Thing == thing {
			return t, true
		}
	}
	return telling{}, false
}

// keep makes a telling the latest. It makes a new list: pages of one stream share nothing.
func (m *memory) keep(t telling) {
	var list []telling
	for _, old := range m.Told {
		if old.Thing != t.Thing {
			list = append(list, old)
		}
	}
	list = append(list, t)
	m.Told = list[max(0, len(list)-remembered):]
}
