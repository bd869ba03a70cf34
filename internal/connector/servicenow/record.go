package servicenow

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
)

// timeForm is how ServiceNow writes times, in UTC.
const timeForm = "2006-01-02 15:04:05"

// record is a row of a table.
type record struct {
	fields map[string]field
	raw    json.RawMessage
}

// field is a value with how it is shown. It comes as a text, as {"value","display_value"} or as {"link","value"},
// depending on the question and the kind of field.
type field struct {
	Value   string
	Display string
}

// UnmarshalJSON accepts all three forms; anything else counts as empty rather than spoiling the row.
func (f *field) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*f = field{text, text}
		return nil
	}
	var both struct {
		Value   any `json:"value"`
		Display any `json:"display_value"`
	}
	if json.Unmarshal(b, &both) == nil {
		*f = field{textOf(both.Value), textOf(both.Display)}
		if both.Display == nil {
			f.Display = f.Value
		}
		return nil
	}
	*f = field{strings.Trim(string(b), `"`), ""}
	return nil
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case nil:
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

func decodeRecord(raw json.RawMessage) (record, error) {
	r := record{raw: raw}
	if err := json.Unmarshal(raw, &r.fields); err != nil || r.id() == "" {
		return r, connector.Fail(connector.FailInvalid, "A row of ServiceNow is not of the form it describes.")
	}
	return r, nil
}

func (r record) id() string               { return r.fields["sys_id"].Value }
func (r record) value(name string) string { return strings.TrimSpace(r.fields[name].Value) }
func (r record) show(name string) string  { return strings.TrimSpace(r.fields[name].Display) }
func (r record) time(name string) time.Time {
	return parseTime(r.value(name))
}

func parseTime(s string) time.Time {
	for _, form := range []string{timeForm, time.RFC3339Nano} {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
