package servicenow

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/simulator/stage"
)

// input reads the fields of one record. Of several records only the first is used, as documented.
func (s *Simulator) input(r request) (map[string]string, error) {
	var raw any
	if err := stage.Decode(r.body, &raw); err != nil {
		return nil, err
	}
	if list, ok := raw.([]any); ok && len(list) > 0 {
		raw = list[0]
	}
	object, ok := raw.(stage.Object)
	if !ok {
		return nil, fmt.Errorf("the body must be a record")
	}
	t, _ := schema(r.table)
	byLabel := r.URL.Query().Get("sysparm_input_display_value") == "true"
	out := map[string]string{}
	for field, v := range object {
		if strings.HasPrefix(field, "sys_") || !s.known(r.table, field) && !strings.HasPrefix(field, "u_") {
			continue // system columns are not the caller's, unknown ones are dropped without a word
		}
		value := flat(v)
		if byLabel {
			value = s.fromLabel(t, field, value)
		}
		if slices.Contains(t.dates, field) && value != "" {
			if _, err := time.Parse(Layout, value); err != nil {
				return nil, fmt.Errorf("%s: %q is not a date-time of the form yyyy-MM-dd HH:mm:ss", field, value)
			}
		}
		out[field] = value
	}
	return out, nil
}

// flat is a value as the API stores it; an object is what a reference looks like when it is sent back.
func flat(v any) string {
	if o, ok := v.(stage.Object); ok {
		if inner, ok := o["value"]; ok {
			return stage.Show(inner)
		}
	}
	return stage.Show(v)
}

func (s *Simulator) fromLabel(t table, field, label string) string {
	for value, l := range t.choices[field] {
		if l == label {
			return value
		}
	}
	if ref := t.refs[field]; ref != "" {
		rt, _ := schema(ref)
		for _, row := range s.tables[ref] {
			if row[rt.display] == label {
				return stage.Show(row["sys_id"])
			}
		}
	}
	return label
}

func (s *Simulator) create(w http.ResponseWriter, r request) {
	in, err := s.input(r)
	if err != nil {
		stage.WriteJSON(w, http.StatusBadRequest, failure("Exception while reading request", err.Error()))
		return
	}
	now := s.cfg.Clock.Now().Format(Layout)
	row := stage.Object{"sys_id": stage.NewHex(16), "sys_created_on": now, "sys_created_by": r.user, "sys_updated_on": now, "sys_updated_by": r.user, "sys_mod_count": "0", "sys_class_name": r.table, "sys_tags": ""}
	for k, v := range in {
		if !(isJournal(k) && journaled(r.table)) {
			row[k] = v
		}
	}
	s.defaults(r.table, row, now)
	s.tables[r.table] = append(s.tables[r.table], row)
	s.audit(r, row, map[string]string{}, now)
	s.applied(r, row, "create", "")
	s.journal(r, row, in, now)
	w.Header().Set("Location", fmt.Sprintf("http://%s/api/now/table/%s/%s", r.Host, r.table, row["sys_id"]))
	stage.WriteJSON(w, http.StatusCreated, map[string]any{"result": s.render(r, row)})
}

// defaults are what the instance fills in on insert.
func (s *Simulator) defaults(name string, row stage.Object, now string) {
	t, _ := schema(name)
	if t.prefix != "" && stage.Show(row["number"]) == "" {
		s.next[t.prefix] = max(s.next[t.prefix], t.start) + 1
		row["number"] = fmt.Sprintf("%s%07d", t.prefix, s.next[t.prefix])
	}
	s.next[t.prefix] = max(s.next[t.prefix], prefixed(stage.Show(row["number"]), t.prefix))
	if name != "incident" {
		return
	}
	for field, v := range map[string]string{"state": "1", "impact": "3", "urgency": "3", "opened_at": now, "active": "true", "reopen_count": "0"} {
		if stage.Show(row[field]) == "" {
			row[field] = v
		}
	}
	if stage.Show(row["priority"]) == "" {
		row["priority"] = priorityOf(stage.Show(row["impact"]), stage.Show(row["urgency"]))
	}
	settle(row, "", now)
}

// settle keeps the columns that follow from an incident's state.
func settle(row stage.Object, before, now string) {
	state := stage.Show(row["state"])
	row["incident_state"] = state
	set := func(field string) {
		if stage.Show(row[field]) == "" {
			row[field] = now
		}
	}
	closed := state == "7" || state == "8"
	row["active"] = fmt.Sprint(!closed)
	if state == "6" && before != "6" {
		set("resolved_at")
	}
	if closed && before != state {
		set("closed_at")
	}
	if reopened := (before == "6" || before == "7") && (state == "1" || state == "2" || state == "3"); reopened {
		row["reopen_count"] = fmt.Sprint(prefixed("N"+stage.Show(row["reopen_count"]), "N") + 1)
		row["reopened_time"] = now
		row["resolved_at"], row["closed_at"] = "", ""
	}
}

func (s *Simulator) update(w http.ResponseWriter, r request) {
	row := s.byID(r.table, r.PathValue("id"))
	if row == nil {
		noRecord(w)
		return
	}
	in, err := s.input(r)
	if err != nil {
		stage.WriteJSON(w, http.StatusBadRequest, failure("Exception while reading request", err.Error()))
		return
	}
	now := s.cfg.Clock.Now().Format(Layout)
	before := map[string]string{}
	for k, v := range row {
		before[k] = stage.Show(v)
	}
	noted := false
	for k, v := range in {
		if isJournal(k) && journaled(r.table) {
			noted = noted || v != ""
			continue
		}
		row[k] = v
	}
	if r.table == "incident" {
		_, given := in["priority"]
		if changed := row["impact"] != before["impact"] || row["urgency"] != before["urgency"]; changed && !given {
			row["priority"] = priorityOf(stage.Show(row["impact"]), stage.Show(row["urgency"]))
		}
		if row["state"] != before["state"] {
			settle(row, before["state"], now)
			for _, field := range []string{"resolved_at", "closed_at"} { // what the caller states wins
				if v, ok := in[field]; ok {
					row[field] = v
				}
			}
		}
	}
	changed := s.audit(r, row, before, now)
	if changed || noted {
		row["sys_updated_on"], row["sys_updated_by"] = now, r.user
		row["sys_mod_count"] = fmt.Sprint(prefixed("N"+before["sys_mod_count"], "N") + 1)
	}
	if changed {
		s.applied(r, row, "update", "")
	}
	s.journal(r, row, in, now)
	stage.WriteJSON(w, http.StatusOK, map[string]any{"result": s.render(r, row)})
}

// audit notes every changed column and says whether there was one.
func (s *Simulator) audit(r request, row stage.Object, before map[string]string, now string) bool {
	t, _ := schema(r.table)
	changed := false
	for _, field := range slices.Sorted(maps.Keys(row)) {
		value := stage.Show(row[field])
		if strings.HasPrefix(field, "sys_") || value == before[field] {
			continue
		}
		changed = true
		if !t.audited {
			continue
		}
		s.tables["sys_audit"] = append(s.tables["sys_audit"], stage.Object{
			"sys_id": stage.NewHex(16), "tablename": r.table, "documentkey": row["sys_id"], "fieldname": field, "oldvalue": before[field], "newvalue": value, "user": r.user, "reason": "",
			"record_checkpoint": stage.Show(row["sys_mod_count"]), "sys_created_on": now, "sys_created_by": r.user, "sys_updated_on": now, "sys_updated_by": r.user, "sys_mod_count": "0", "sys_class_name": "sys_audit",
		})
	}
	return changed
}

func (s *Simulator) journal(r request, row stage.Object, in map[string]string, now string) {
	if !journaled(r.table) {
		return
	}
	for _, field := range []string{"comments", "work_notes"} {
		if in[field] == "" {
			continue
		}
		s.tables["sys_journal_field"] = append(s.tables["sys_journal_field"], stage.Object{
			"sys_id": stage.NewHex(16), "name": r.table, "element_id": row["sys_id"], "element": field, "value": in[field], "sys_created_on": now, "sys_created_by": r.user,
			"sys_updated_on": now, "sys_updated_by": r.user, "sys_mod_count": "0", "sys_class_name": "sys_journal_field",
		})
		s.applied(r, row, field, in[field])
	}
}

func (s *Simulator) applied(r request, row stage.Object, kind, detail string) {
	stage.Applied(r.Context(), stage.Effect{Object: r.table, RecordID: stage.Show(row["sys_id"]), ExternalID: stage.Show(row["correlation_id"]), Kind: kind, Detail: detail})
}

func (s *Simulator) remove(w http.ResponseWriter, r request) {
	row := s.byID(r.table, r.PathValue("id"))
	if row == nil {
		noRecord(w)
		return
	}
	s.tables[r.table] = slices.DeleteFunc(s.tables[r.table], func(o stage.Object) bool { return o["sys_id"] == row["sys_id"] })
	s.applied(r, row, "delete", "")
	w.WriteHeader(http.StatusNoContent)
}
