package servicenow

import (
	"context"
	"maps"
	"regexp"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/pact"
)

func outageFields() []string {
	return []string{"sys_id", "number", "begin", "end", "type", "short_description", "details", "cmdb_ci", "business_service", "company", "u_approved_by", "u_announced_at", "u_exclusion", "u_contract_number", "sys_updated_on", "sys_mod_count"}
}

// outages maps rows of cmdb_ci_outage. Begin, end and kind are corrected as people learn more; with the audit history each
// correction is an event that replaces the one before.
func (c *Connection) outages(ctx context.Context, rows []record, told *memory) ([]pact.Record, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		if !isSysID(r.id()) {
			return nil, connector.Fail(connector.FailInvalid, "ServiceNow gave an outage whose sys_id is not usable.")
		}
		ids[i] = r.id()
	}
	changes, err := c.changes(ctx, "cmdb_ci_outage", ids)
	if err != nil {
		return nil, err
	}
	out := make([]pact.Record, len(rows))
	for i, r := range rows {
		out[i] = pact.Record{
			Object: "outage", ExternalID: r.id(), Version: r.value("sys_mod_count"), UpdatedAt: r.time("sys_updated_on"), Fields: r.raw,
			Events: c.outageEvents(r, changes[r.id()], told),
		}
	}
	return out, nil
}

// facts are the members of an outage whose correction matters.
type facts map[string]string

func (c *Connection) outageEvents(r record, changes []change, told *memory) []pact.Event {
	now := facts{}
	for _, name := range []string{"begin", "end", "type", "u_exclusion"} {
		now[name] = r.value(name)
	}
	if len(changes) == 0 {
		return c.outageSnapshot(r, now, told)
	}
	states, marks := rewind(now, changes)
	var out []pact.Event
	for i, state := range states {
		e, ok := c.outageEvent(r, state)
		if !ok && len(out) == 0 {
			continue
		}
		if !ok {
			e = withdrawn(out[len(out)-1])
		}
		e.ExternalID = r.id() + "/outage/" + marks[i]
		if len(out) > 0 {
			e.ReplacesExternal = out[len(out)-1].ExternalID
		}
		out = append(out, e)
	}
	if len(out) > 0 {
		e := out[len(out)-1]
		told.keep(telling{r.id() + "/outage", e.ExternalID, readingOf(e)})
	}
	return out
}

// readingOf is what makes one reading of an outage differ from another.
func readingOf(e pact.Event) string {
	return strings.Join([]string{stamp(e.OccurredAt), stamp(e.Data.EndAt), e.Data.State, e.Data.Excluded}, "/")
}

// outageSnapshot is for outages without a readable history: this reading replaces the one told before.
func (c *Connection) outageSnapshot(r record, now facts, told *memory) []pact.Event {
	e, ok := c.outageEvent(r, now)
	if !ok {
		return nil
	}
	e.ExternalID, e.ReplacesExternal = told.tell(r.id()+"/outage", readingOf(e), r.value("sys_mod_count"))
	return []pact.Event{e}
}

// withdrawn takes back an outage that turned out to be none: it lasted no time.
func withdrawn(e pact.Event) pact.Event {
	e.Data.EndAt, e.Data.Reason = e.OccurredAt, "no longer an outage in ServiceNow"
	return e
}

// rewind gives the facts as they were at first and after each save that changed them, with the id of that change.
func rewind(now facts, changes []change) ([]facts, []string) {
	first := maps.Clone(now)
	for i := len(changes) - 1; i >= 0; i-- {
		if _, ok := first[changes[i].Field]; ok {
			first[changes[i].Field] = changes[i].Old
		}
	}
	states, marks := []facts{first}, []string{"0"}
	var last change
	for _, c := range changes {
		if _, ok := first[c.Field]; !ok || c.Old == c.New {
			continue
		}
		together := len(states) > 1 && c.At.Equal(last.At) && c.Checkpoint == last.Checkpoint
		if !together {
			states, marks = append(states, maps.Clone(states[len(states)-1])), append(marks, c.ID)
		}
		states[len(states)-1][c.Field] = c.New
		last = c
	}
	return states, marks
}

// outageEvent makes the event of one reading. A degradation is no unavailability unless a clause says so; without a begin
// there is nothing to count.
func (c *Connection) outageEvent(r record, f facts) (pact.Event, bool) {
	begin, end, kind := parseTime(f["begin"]), parseTime(f["end"]), strings.ToLower(f["type"])
	if begin.IsZero() || kind == "degradation" {
		return pact.Event{}, false
	}
	service := r.show("business_service")
	if service == "" {
		service = r.show("cmdb_ci")
	}
	e := pact.Event{Kind: "outage", Subject: r.value("number"), OccurredAt: begin, Data: pact.EventData{
		Title: r.value("short_description"), Service: service, Customer: r.show("company"), CustomerID: r.value("company"), State: kind, EndAt: end,
		Excluded: f["u_exclusion"], ApprovedBy: r.show("u_approved_by"), AnnouncedAt: parseTime(r.value("u_announced_at")), RecordID: r.id(), Contract: r.show("u_contract_number"),
		URL: c.base + "/cmdb_ci_outage.do?sys_id=" + r.id(),
	}}
	if e.Subject == "" {
		e.Subject = r.id()
	}
	if kind == "planned" && e.Data.Excluded == "" {
		e.Data.Excluded = "maintenance"
	}
	if e.Data.ApprovedBy == "" {
		if m := approvedBy.FindStringSubmatch(r.value("details")); m != nil {
			e.Data.ApprovedBy = strings.TrimRight(m[1], ".,;")
		}
	}
	return e, true
}

// approvedBy reads who approved a planned outage from its details, for instances without a field for it. Only an e-mail
// address after these words counts: prose does not.
var approvedBy = regexp.MustCompile(`(?i)\bapproved by:?\s+(\S+@\S+)`)

func stamp(t time.Time) string {
	if t.IsZero() {
		return "open"
	}
	return t.UTC().Format("20060102T150405Z")
}
