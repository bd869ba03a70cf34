package samples

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"
)

const serviceNowTime = time.DateTime // always UTC

func story(t *testing.T) Story {
	t.Helper()
	s, err := LoadStory()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type object = map[string]any

func seed(t *testing.T, system string, into any) {
	t.Helper()
	raw, err := Seed(system)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

type ironcladSeed struct {
	Workflows   []object `json:"workflows"`
	Records     []object `json:"records"`
	Attachments []struct {
		RecordID string `json:"record_id"`
		Key      string `json:"key"`
		File     string `json:"file"`
	} `json:"attachments"`
}

func ids(list []object, key string) map[string]bool {
	out := map[string]bool{}
	for _, o := range list {
		id, _ := o[key].(string)
		out[id] = true
	}
	return out
}

func TestIroncladSeedHangsTogether(t *testing.T) {
	t.Parallel()
	var in ironcladSeed
	seed(t, "ironclad", &in)
	records := ids(in.Records, "id")
	withFile := map[string]bool{}
	for _, a := range in.Attachments {
		if !records[a.RecordID] {
			t.Errorf("attachment of an unknown record %s", a.RecordID)
		}
		if _, err := fs.Stat(Files, a.File); err != nil {
			t.Error(err)
		}
		withFile[a.RecordID] = true
	}
	for _, r := range in.Records {
		id, _ := r["id"].(string)
		if !withFile[id] {
			t.Errorf("record %v has no document", r["name"])
		}
		if parent, ok := r["parentId"].(string); ok && !records[parent] {
			t.Errorf("record %v has an unknown parent", r["name"])
		}
	}
	for _, w := range in.Workflows {
		list, _ := w["recordIds"].([]any)
		for _, id := range list {
			if s, _ := id.(string); !records[s] {
				t.Errorf("workflow %v names an unknown record %v", w["title"], id)
			}
		}
		if len(list) == 0 {
			t.Errorf("workflow %v makes no record", w["title"])
		}
	}
}

func TestSalesforceSeedHangsTogether(t *testing.T) {
	t.Parallel()
	var in struct {
		SObjects map[string][]object `json:"sobjects"`
	}
	seed(t, "salesforce", &in)
	seen := map[string]bool{}
	for kind, list := range in.SObjects {
		for _, o := range list {
			id, _ := o["Id"].(string)
			if len(id) != 18 || seen[id] {
				t.Errorf("%s has the id %q", kind, id)
			}
			seen[id] = true
		}
	}
	for kind, list := range in.SObjects {
		for _, o := range list {
			for _, ref := range []string{"AccountId", "OwnerId"} {
				if id, ok := o[ref].(string); ok && !seen[id] {
					t.Errorf("%s %v: unknown %s", kind, o["Name"], ref)
				}
			}
		}
	}
	cities := map[string]int{}
	for _, a := range in.SObjects["Account"] {
		name, _ := a["Name"].(string)
		cities[name]++
		if strings.Contains(name, "Tidewater") {
			t.Error("Tidewater must have no account")
		}
	}
	if cities["Kestrel Manufacturing"] != 2 {
		t.Error("Kestrel must be two accounts of one name")
	}
}

func TestFlagsNameDealsThatExist(t *testing.T) {
	t.Parallel()
	var in struct {
		SObjects map[string][]object `json:"sobjects"`
	}
	seed(t, "salesforce", &in)
	deals := ids(in.SObjects["Opportunity"], "Name")
	flags, err := LoadFlags()
	if err != nil || len(flags) == 0 {
		t.Fatal(len(flags), err)
	}
	for _, f := range flags {
		switch f.Mark {
		case "raised", "taken_back":
			if !deals[f.Deal] {
				t.Errorf("%s: there is no opportunity %q", f.Contract, f.Deal)
			}
		case "none":
			if f.Why == "" || f.Deal != "" {
				t.Errorf("%s: nothing is marked, and nobody says why", f.Contract)
			}
		default:
			t.Errorf("%s: mark %q", f.Contract, f.Mark)
		}
	}
}

func TestStoryIsInOrderAndNamesOnlyWhatExists(t *testing.T) {
	t.Parallel()
	var clm ironcladSeed
	seed(t, "ironclad", &clm)
	var desk struct {
		Tables map[string][]object `json:"tables"`
	}
	seed(t, "servicenow", &desk)
	workflows, records := ids(clm.Workflows, "id"), ids(clm.Records, "id")
	known := map[string]map[string]bool{
		"company": ids(desk.Tables["core_company"], "sys_id"), "assigned_to": ids(desk.Tables["sys_user"], "sys_id"), "caller_id": ids(desk.Tables["sys_user"], "sys_id"),
		"business_service": ids(desk.Tables["cmdb_ci_service"], "sys_id"), "cmdb_ci": ids(desk.Tables["cmdb_ci_service"], "sys_id"),
	}
	users := ids(desk.Tables["sys_user"], "user_name")
	users["system"] = true
	s := story(t)
	made := map[string]bool{}
	last := s.StartsAt
	for i, step := range s.Steps {
		if step.At.Before(last) || step.At.After(s.EndsAt) {
			t.Errorf("step %d at %s is out of order", i, step.At)
		}
		last = step.At
		switch step.Do {
		case "ironclad.complete", "ironclad.lose", "ironclad.fire", "ironclad.forge":
			if !workflows[step.Workflow] {
				t.Errorf("step %d: unknown workflow %s", i, step.Workflow)
			}
			if sent := step.Do == "ironclad.complete" || step.Do == "ironclad.fire"; sent != (step.Times > 0) {
				t.Errorf("step %d: delivered %d times", i, step.Times)
			}
		case "servicenow.create", "servicenow.late_create":
			if made[step.Table+step.ID] {
				t.Errorf("step %d: %s is made twice", i, step.ID)
			}
			made[step.Table+step.ID] = true
			checkOpening(t, step)
		case "servicenow.update":
			if !made[step.Table+step.ID] {
				t.Errorf("step %d: %s does not exist yet", i, step.ID)
			}
		case "event":
			var e struct {
				Kind string `json:"kind"`
			}
			if err := json.Unmarshal(step.JSON, &e); err != nil || !slices.Contains([]string{"charge", "invoice", "payment", "certificate", "purchase_order", "delivery", "submitted", "rejected", "accepted"}, e.Kind) {
				t.Errorf("step %d: event %s", i, step.JSON)
			}
		case "review":
			if _, err := fs.Stat(Files, step.Expected); err != nil || !records[step.Record] {
				t.Errorf("step %d: review of %s by %s", i, step.Record, step.Expected)
			}
		case "note":
			if step.Text == "" {
				t.Errorf("step %d: empty note", i)
			}
		default:
			t.Errorf("step %d: unknown %q", i, step.Do)
		}
		for field, sysIDs := range known {
			if v := step.Fields[field]; v != "" && !sysIDs[v] {
				t.Errorf("step %d: unknown %s %s", i, field, v)
			}
		}
		if step.As != "" && !users[step.As] {
			t.Errorf("step %d: unknown user %s", i, step.As)
		}
	}
}

// checkOpening: a ticket is reported when it is opened, except the one that is entered after the fact.
func checkOpening(t *testing.T, step Step) {
	t.Helper()
	if step.Table != "incident" {
		return
	}
	opened, err := time.Parse(serviceNowTime, step.Fields["opened_at"])
	if err != nil {
		t.Error(err)
	}
	if late := opened.Before(step.At); late != (step.Do == "servicenow.late_create") || opened.After(step.At) {
		t.Errorf("%s: opened at %s, reported at %s by %s", step.ID, opened, step.At, step.Do)
	}
}
