package salesforce

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/simulator/stage"
)

// org is the state; Simulator.mu guards it.
type org struct {
	schema  map[string]object
	rows    map[string][]stage.Object // by object name, oldest first
	serial  int
	cursors map[string][]stage.Object
	order   []string // cursors, oldest first
}

// IntegrationUser is the user every request acts as.
const IntegrationUser = "005000000000001AAA"

func (o *org) reset() {
	*o = org{schema: objects(), rows: map[string][]stage.Object{}, cursors: map[string][]stage.Object{}}
	o.rows["User"] = []stage.Object{{
		"Id": IntegrationUser, "Username": "integration@pactloop.example", "FirstName": "Pactloop", "LastName": "Integration", "Name": "Pactloop Integration",
		"Email": "integration@pactloop.example", "IsActive": true, "IsDeleted": false,
	}}
}

// object finds a type by name in any case.
func (o *org) object(name string) (object, error) {
	if t, ok := o.schema[name]; ok {
		return t, nil
	}
	for _, t := range o.schema {
		if strings.EqualFold(t.name, name) {
			return t, nil
		}
	}
	return object{}, apiError{Code: "NOT_FOUND", Message: "The requested resource does not exist"}
}

// newID is an 18 character id: key prefix, serial number, checksum of the letter case.
func (o *org) newID(prefix string) string {
	o.serial++
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	n, body := o.serial, make([]byte, 12)
	for i := len(body) - 1; i >= 0; i-- {
		body[i] = digits[n%62]
		n /= 62
	}
	copy(body, "5g0") // ids of one org share their beginning
	id15 := prefix + string(body)
	return id15 + checksum(id15)
}

func checksum(id15 string) string {
	var out strings.Builder
	for part := range 3 {
		n := 0
		for i := range 5 {
			if c := id15[part*5+i]; c >= 'A' && c <= 'Z' {
				n |= 1 << i
			}
		}
		out.WriteByte("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[n])
	}
	return out.String()
}

// fullID makes 18 characters of 15; false when it is not an id at all.
func fullID(id string) (string, bool) {
	for _, c := range id {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
			return "", false
		}
	}
	switch len(id) {
	case 18:
		return id, true
	case 15:
		return id + checksum(id), true
	}
	return "", false
}

// row finds a live row by id.
func (o *org) row(name, id string) (stage.Object, error) {
	full, ok := fullID(id)
	if !ok {
		return nil, apiError{Code: "NOT_FOUND", Message: "Provided external ID field does not exist or is not accessible: " + id}
	}
	for _, r := range o.rows[name] {
		if r["Id"] == full {
			if r["IsDeleted"] == true {
				return nil, apiError{Code: "ENTITY_IS_DELETED", Message: "entity is deleted"}
			}
			return r, nil
		}
	}
	return nil, apiError{Code: "NOT_FOUND", Message: "The requested resource does not exist"}
}

// anyRow finds a live row of any of the types, and its type.
func (o *org) anyRow(id string, names ...string) (string, stage.Object) {
	for _, name := range names {
		if r, err := o.row(name, id); err == nil {
			return name, r
		}
	}
	return "", nil
}

// byValue finds the live rows with a value of an external id; text compares without case, as the index of the real one does.
func (o *org) byValue(name, field, value string) []stage.Object {
	var out []stage.Object
	for _, r := range o.rows[name] {
		if r["IsDeleted"] != true && value != "" && strings.EqualFold(stage.Show(r[field]), value) {
			out = append(out, r)
		}
	}
	return out
}

// get is a column's value; those that follow from others are computed here.
func (o *org) get(name string, r stage.Object, field string) any {
	switch {
	case field == "IsClosed" && name == "Opportunity":
		stage, _ := r["StageName"].(string)
		return strings.HasPrefix(stage, "Closed")
	case field == "IsWon" && name == "Opportunity":
		return r["StageName"] == "Closed Won"
	case field == "IsClosed" && name == "Task":
		return r["Status"] == "Completed"
	case field == "IsClosed" && name == "Case":
		return r["Status"] == "Closed"
	case field == "Name" && (name == "Contact" || name == "User"):
		return strings.TrimSpace(fmt.Sprint(stage.Show(r["FirstName"]), " ", stage.Show(r["LastName"])))
	case field == "Name" && name == "Case":
		return r["CaseNumber"]
	case field == "VersionData":
		return "/services/data/v62.0/sobjects/ContentVersion/" + stage.Show(r["Id"]) + "/VersionData"
	}
	v := r[field]
	if v == nil && (field == "IsDeleted" || slices.ContainsFunc(o.schema[name].fields, func(f column) bool { return f.name == field && f.kind == "boolean" })) {
		return false // a checkbox is never empty
	}
	return v
}

// column is field under a name that a parameter called field does not hide.
type column = field

// render is a row as GET answers it.
func (o *org) render(version, name string, r stage.Object, only []string) (stage.Object, error) {
	t := o.schema[name]
	out := stage.Object{"attributes": attributes(version, name, r)}
	if only == nil {
		for _, f := range t.fields {
			out[f.name] = o.get(name, r, f.name)
		}
		return out, nil
	}
	for _, want := range only {
		f, ok := t.field(strings.TrimSpace(want))
		if !ok {
			return nil, apiError{Code: "INVALID_FIELD", Message: fmt.Sprintf("No such column '%s' on sobject of type %s", want, name)}
		}
		out[f.name] = o.get(name, r, f.name)
	}
	return out, nil
}

func attributes(version, name string, r stage.Object) stage.Object {
	return stage.Object{"type": name, "url": "/services/data/" + version + "/sobjects/" + name + "/" + stage.Show(r["Id"])}
}

// snapshot and restore serve allOrNone.
func (o *org) snapshot() map[string][]stage.Object {
	out := map[string][]stage.Object{}
	for name, rows := range o.rows {
		copied := make([]stage.Object, len(rows))
		for i, r := range rows {
			copied[i] = maps.Clone(r)
		}
		out[name] = copied
	}
	return out
}

func number(v any) (json.Number, bool) {
	n, ok := v.(json.Number)
	return n, ok
}
