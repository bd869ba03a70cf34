package servicenow

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/pact"
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

func outageFields() []string {
	return []string{"sys_id", "number", "begin", "end", "type", "short_description", "cmdb_ci", "business_service", "company", "u_approved_by", "u_exclusion", "u_contract_number", "sys_updated_on", "sys_mod_count"}
}

// outage maps a row of cmdb_ci_outage. Begin and end are corrected as people learn more, so each reading of them is an
// event of its own that replaces all earlier ones of the outage.
func (c *Connection) outage(r record) pact.Record {
	out := pact.Record{Object: "outage", ExternalID: r.id(), Version: r.value("sys_mod_count"), UpdatedAt: r.time("sys_updated_on"), Fields: r.raw}
	begin, end, kind := r.time("begin"), r.time("end"), strings.ToLower(r.value("type"))
	// A degradation is no unavailability unless a clause says so; without a begin there is nothing to count.
	if begin.IsZero() || kind == "degradation" {
		return out
	}
	service := r.show("business_service")
	if service == "" {
		service = r.show("cmdb_ci")
	}
	e := pact.Event{
		Kind: "outage", Subject: r.value("number"), OccurredAt: begin,
		ExternalID:       strings.Join([]string{r.id(), "outage", stamp(begin), stamp(end), kind, r.value("u_exclusion")}, "/"),
		ReplacesExternal: r.id() + "/outage/*",
		Data: pact.EventData{
			Title: r.value("short_description"), Service: service, Customer: r.show("company"), CustomerID: r.value("company"), State: kind, EndAt: end,
			Excluded: r.value("u_exclusion"), ApprovedBy: r.show("u_approved_by"), RecordID: r.id(), Contract: r.show("u_contract_number"),
			URL: c.base + "/cmdb_ci_outage.do?sys_id=" + r.id(),
		},
	}
	if e.Subject == "" {
		e.Subject = r.id()
	}
	if kind == "planned" && e.Data.Excluded == "" {
		e.Data.Excluded = "maintenance"
	}
	out.Events = []pact.Event{e}
	return out
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "open"
	}
	return t.UTC().Format("20060102T150405Z")
}
