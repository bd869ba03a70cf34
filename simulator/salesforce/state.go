package salesforce

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
	return stage.Clone(map[string]any{"sobjects": s.rows})
}

// Seed takes rows as they are: ids are kept, references may point to rows that come later, columns must exist. A row with a known id replaces the old one.
func (s *state) Seed(_ context.Context, raw []byte, _ fs.FS) error {
	var in struct {
		SObjects map[string][]stage.Object `json:"sobjects"`
	}
	if err := stage.Decode(raw, &in); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ready := map[string][]stage.Object{}
	for _, name := range slices.Sorted(maps.Keys(in.SObjects)) {
		t, err := s.object(name)
		if err != nil {
			return fmt.Errorf("this simulator has no object %s", name)
		}
		for i, given := range in.SObjects[name] {
			row, err := s.seedRow(t, given)
			if err != nil {
				return fmt.Errorf("%s %d: %w", name, i+1, err)
			}
			ready[t.name] = append(ready[t.name], row)
		}
	}
	for name, rows := range ready {
		for _, row := range rows {
			s.put(name, row)
		}
	}
	return nil
}

func (s *state) seedRow(t object, given stage.Object) (stage.Object, error) {
	now := s.cfg.Clock.Now().Format(Moment)
	row := stage.Object{"OwnerId": IntegrationUser, "CreatedDate": now, "LastModifiedDate": now, "SystemModstamp": now, "IsDeleted": false}
	for k, v := range given {
		if k == "attributes" {
			continue
		}
		f, ok := t.field(k)
		if !ok {
			return nil, fmt.Errorf("there is no column %s", k)
		}
		if f.kind == "reference" || f.kind == "id" {
			if id := stage.Show(v); id != "" {
				full, ok := fullID(id)
				if !ok {
					return nil, fmt.Errorf("%s: %q is not an id of 15 or 18 letters and digits", k, id)
				}
				v = full
			}
			row[f.name] = v
			continue
		}
		value, err := (*Simulator)(s).checkValue(t, f, v)
		if err != nil {
			return nil, err
		}
		row[f.name] = value
	}
	for _, f := range t.fields {
		if row[f.name] == nil && f.fallback != nil {
			row[f.name] = f.fallback
		}
	}
	if stage.Show(row["Id"]) == "" {
		row["Id"] = s.newID(t.prefix)
	}
	return row, nil
}

func (s *state) put(name string, row stage.Object) {
	for i, old := range s.rows[name] {
		if old["Id"] == row["Id"] {
			s.rows[name][i] = row
			return
		}
	}
	s.rows[name] = append(s.rows[name], row)
}

func (s *state) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reset()
}

// readable shows the name behind a reference, and an unchecked box as nothing.
func (s *state) readable(name, column string, v any) any {
	f, _ := s.schema[name].field(column)
	if v == false {
		return nil
	}
	if f.kind == "reference" {
		if target, row := s.anyRow(stage.Show(v), f.refs...); row != nil {
			if shown := s.get(target, row, "Name"); shown != nil {
				return shown
			}
		}
	}
	return v
}

func (s *state) Tables() []stage.Table {
	s.mu.Lock()
	defer s.mu.Unlock()
	show := func(name string, first ...string) stage.Table {
		rows := []stage.Object{}
		for _, r := range s.rows[name] {
			if r["IsDeleted"] == true {
				continue
			}
			out := stage.Object{}
			for k, v := range r {
				switch k {
				case "OwnerId", "CreatedById", "LastModifiedById", "IsDeleted", "SystemModstamp", "CreatedDate", "IsClosed", "IsWon":
				case "VersionData":
					out[k] = fmt.Sprintf("(%d characters of base64)", len(stage.Show(v)))
				default:
					out[k] = s.readable(name, k, v)
				}
			}
			rows = append(rows, out)
		}
		return stage.TableOf(name, rows, append([]string{"Name"}, first...)...)
	}
	return []stage.Table{
		show("Opportunity", "StageName", "Contract_Number__c", "Contract_Effective_Date__c", "Contract_Expiration_Date__c", "Contract_Renewal_Date__c", "Renewal_Alert_Date__c", "Term_Notice_Days__c", "Auto_Renew__c",
			"Annual_Contract_Value__c", "Total_Contract_Value__c", "Contract_Terms__c"),
		show("Account", "BillingStreet", "BillingCity", "BillingCountry"), show("Contract_Obligation__c", "Type__c", "Status__c", "Due_Date__c"), show("Task", "Subject", "Status", "ActivityDate"),
		show("Case", "CaseNumber", "Subject", "Status"), show("Contact"), show("ContentVersion", "Title", "PathOnClient"), show("User"),
	}
}
