package servicenow

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/pactloop/pactloop/simulator/stage"
)

// state shows the simulator to the stage.
type state Simulator

func (s *state) State() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return stage.Clone(map[string]any{"tables": s.tables})
}

// Seed takes rows as they are. What a hand-written row leaves out is filled in; a row with a known sys_id replaces the old one.
func (s *state) Seed(_ context.Context, raw []byte, _ fs.FS) error {
	var in struct {
		Tables map[string][]stage.Object `json:"tables"`
	}
	if err := stage.Decode(raw, &in); err != nil {
		return err
	}
	for name := range in.Tables {
		if _, ok := schema(name); !ok {
			return fmt.Errorf("this simulator has no table %s", name)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Clock.Now().Format(Layout)
	for _, name := range slices.Sorted(maps.Keys(in.Tables)) {
		for _, given := range in.Tables[name] {
			s.seedRow(name, given, now)
		}
	}
	return nil
}

func (s *state) seedRow(name string, given stage.Object, now string) {
	row := stage.Object{}
	for k, v := range given {
		row[k] = flat(v)
	}
	created := now
	if at := stage.Show(row["opened_at"]); at != "" {
		created = at
	}
	for k, v := range map[string]string{"sys_id": stage.NewHex(16), "sys_created_on": created, "sys_created_by": "system", "sys_updated_by": "system", "sys_mod_count": "0", "sys_class_name": name} {
		if stage.Show(row[k]) == "" {
			row[k] = v
		}
	}
	if stage.Show(row["sys_updated_on"]) == "" {
		row["sys_updated_on"] = row["sys_created_on"]
	}
	sim := (*Simulator)(s)
	if journaled(name) {
		for _, field := range []string{"comments", "work_notes"} {
			if v := stage.Show(row[field]); v != "" {
				s.tables["sys_journal_field"] = append(s.tables["sys_journal_field"], stage.Object{
					"sys_id": stage.NewHex(16), "name": name, "element_id": row["sys_id"], "element": field, "value": v,
					"sys_created_on": created, "sys_created_by": "system", "sys_class_name": "sys_journal_field",
				})
			}
			delete(row, field)
		}
	}
	sim.defaults(name, row, created)
	for i, old := range s.tables[name] {
		if old["sys_id"] == row["sys_id"] {
			s.tables[name][i] = row
			return
		}
	}
	s.tables[name] = append(s.tables[name], row)
}

func (s *state) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	(*Simulator)(s).reset()
}

func (s *state) Tables() []stage.Table {
	s.mu.Lock()
	defer s.mu.Unlock()
	sim := (*Simulator)(s)
	show := func(name string, fields ...string) stage.Table {
		t, _ := schema(name)
		rows := []stage.Object{}
		for _, row := range s.tables[name] {
			out := stage.Object{}
			for k, v := range row {
				if k != "sys_id" && k != "sys_class_name" && k != "sys_tags" && k != "incident_state" {
					out[k] = sim.display(name, row, k, stage.Show(v))
				}
			}
			if journaled(name) {
				for _, field := range []string{"comments", "work_notes"} {
					out[field] = sim.journalText(row, field)
				}
			}
			rows = append(rows, out)
		}
		return stage.TableOf(name, rows, append(fields, t.display)...)
	}
	return []stage.Table{
		show("incident", "number", "short_description", "company", "priority", "state", "comments", "work_notes", "opened_at", "resolved_at"),
		show("cmdb_ci_outage", "number", "cmdb_ci", "type", "begin", "end"), show("cmdb_ci_service", "name", "company"), show("core_company", "name"),
		show("sys_user", "name", "email"), show("task_sla", "task", "sla"), show("cmn_schedule", "name"), show("sys_audit", "documentkey", "fieldname", "oldvalue", "newvalue"),
	}
}
