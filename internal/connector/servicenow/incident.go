package servicenow

import (
	"context"
	"errors"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/pact"
)

func (c *Connection) incidentFields() []string {
	return []string{
		"sys_id", "number", "short_description", "state", "priority", "opened_at", "opened_by", "resolved_at", "closed_at", "reopen_count", "reopened_time", "hold_reason",
		"company", "caller_id", "caller_id.user_name", "assigned_to", "assigned_to.user_name", "assigned_to.email", "business_service", "cmdb_ci",
		c.responseField, c.contractField, "sys_created_on", "sys_updated_on", "sys_mod_count",
	}
}

// change is one row of the audit history.
type change struct {
	ID         string
	At         time.Time
	Checkpoint int
	Field      string
	Old, New   string
}

// entry is one work note or comment.
type entry struct {
	ID      string
	At      time.Time
	Element string // work_notes, comments
	By      string // user name
	Text    string
}

type user struct{ UserName, Name, Email string }

// incidents maps rows to records with the events of their history.
func (c *Connection) incidents(ctx context.Context, rows []record, told *memory) ([]pact.Record, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		if !isSysID(r.id()) {
			return nil, connector.Fail(connector.FailInvalid, "ServiceNow gave an incident whose sys_id is not usable.")
		}
		ids[i] = r.id()
	}
	changes, err := c.changes(ctx, "incident", ids)
	if err != nil {
		return nil, err
	}
	entries, err := c.entries(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]pact.Record, len(rows))
	for i, r := range rows {
		lead, err := c.lead(ctx, r)
		if err != nil {
			return nil, err
		}
		h := history{
			incident: r, told: told, base: c.base, lead: lead, self: c.user, responseField: c.responseField, contractField: c.contractField,
			changes: changes[r.id()], entries: entries[r.id()],
		}
		out[i] = pact.Record{Object: "incident", ExternalID: r.id(), Version: r.value("sys_mod_count"), UpdatedAt: r.time("sys_updated_on"), Fields: r.raw, Events: h.events()}
	}
	return out, nil
}

// changes reads the audit history of rows of a table. Where it may not be read, the events are made from what the rows
// show; that is said once in the log.
func (c *Connection) changes(ctx context.Context, table string, ids []string) (map[string][]change, error) {
	fields := []string{"sys_id", "tablename", "documentkey", "fieldname", "oldvalue", "newvalue", "record_checkpoint", "sys_created_on"}
	rows, err := c.all(ctx, "sys_audit", "tablename="+table+"^documentkeyIN"+strings.Join(ids, ",")+"^ORDERBYsys_created_on^ORDERBYrecord_checkpoint", fields)
	if unreadable(err) {
		c.sayBlind(err)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := map[string][]change{}
	for _, r := range rows {
		at := r.time("sys_created_on")
		if r.value("tablename") != table || !slices.Contains(ids, r.value("documentkey")) || at.IsZero() {
			continue // a condition that was ignored
		}
		checkpoint, err := strconv.Atoi(r.value("record_checkpoint"))
		if err != nil {
			checkpoint = -1
		}
		out[r.value("documentkey")] = append(out[r.value("documentkey")], change{ID: r.id(), At: at, Checkpoint: checkpoint, Field: r.value("fieldname"), Old: r.value("oldvalue"), New: r.value("newvalue")})
	}
	for _, list := range out {
		sort.SliceStable(list, func(i, j int) bool {
			if !list[i].At.Equal(list[j].At) {
				return list[i].At.Before(list[j].At)
			}
			return list[i].Checkpoint < list[j].Checkpoint
		})
	}
	return out, nil
}

func (c *Connection) entries(ctx context.Context, ids []string) (map[string][]entry, error) {
	fields := []string{"sys_id", "name", "element", "element_id", "value", "sys_created_on", "sys_created_by"}
	rows, err := c.all(ctx, "sys_journal_field", "name=incident^element_idIN"+strings.Join(ids, ",")+"^ORDERBYsys_created_on^ORDERBYsys_id", fields)
	if unreadable(err) {
		c.sayBlind(err)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := map[string][]entry{}
	for _, r := range rows {
		at := r.time("sys_created_on")
		if !slices.Contains(ids, r.value("element_id")) || at.IsZero() {
			continue
		}
		out[r.value("element_id")] = append(out[r.value("element_id")], entry{ID: r.id(), At: at, Element: r.value("element"), By: r.value("sys_created_by"), Text: r.value("value")})
	}
	for _, list := range out {
		sort.SliceStable(list, func(i, j int) bool { return list[i].At.Before(list[j].At) })
	}
	return out, nil
}

// all reads every row of a query, in pages, with an end: a system that ignores the offset must not keep us reading.
func (c *Connection) all(ctx context.Context, table, query string, fields []string) ([]record, error) {
	const size, most = 1000, 100
	var out []record
	seen := map[string]bool{}
	for page := range most {
		rows, err := c.table(ctx, table, query, fields, size, page*size)
		if err != nil {
			return nil, err
		}
		fresh := false
		for _, r := range rows {
			if !seen[r.id()] {
				seen[r.id()], fresh = true, true
				out = append(out, r)
			}
		}
		if len(rows) < size || !fresh {
			return out, nil
		}
	}
	return out, nil
}

// unreadable tells that a table is closed to us or absent, as against busy.
func unreadable(err error) bool {
	var e *connector.Error
	return errors.As(err, &e) && (e.Class == connector.FailDenied && e.Status == 403 || e.Class == connector.FailUnmapped || e.Class == connector.FailInvalid && e.Status == 400)
}

func (c *Connection) sayBlind(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.blind {
		c.blind = true
		c.log.Warn("the history of incidents can not be read; give the integration user read access to sys_audit and sys_journal_field", "error", err)
	}
}

// lead is who the incident is assigned to. Where the row does not give the address, the user is looked up once.
func (c *Connection) lead(ctx context.Context, r record) (user, error) {
	id := r.value("assigned_to")
	if id == "" {
		return user{}, nil
	}
	u := user{UserName: r.value("assigned_to.user_name"), Name: r.show("assigned_to"), Email: r.value("assigned_to.email")}
	if u.Email != "" || !isSysID(id) {
		return u, nil
	}
	c.mu.Lock()
	known, ok := c.users[id]
	c.mu.Unlock()
	if ok {
		return known, nil
	}
	rows, err := c.table(ctx, "sys_user", "sys_id="+id, []string{"sys_id", "user_name", "name", "email"}, 1, 0)
	if unreadable(err) {
		return u, nil
	}
	if err != nil {
		return u, err
	}
	if len(rows) == 1 && rows[0].id() == id {
		u = user{UserName: rows[0].value("user_name"), Name: rows[0].value("name"), Email: rows[0].value("email")}
	}
	c.mu.Lock()
	c.users[id] = u
	c.mu.Unlock()
	return u, nil
}
