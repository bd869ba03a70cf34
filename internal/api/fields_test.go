package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/pact"
)

// schema is what the API says of a JSON value.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"`
	Format     string            `json:"format"`
	Enum       []any             `json:"enum"`
	Items      *schema           `json:"items"`
	Properties map[string]schema `json:"properties"`
}

// shape is the description of the API as far as bodies go.
type shape struct {
	bodies  map[string]schema // by operation
	schemas map[string]schema
	answers map[string]bool // schemas that stand in answers
}

func shapeOf(t *testing.T, h *apitest.House) shape {
	t.Helper()
	raw, err := h.Server.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	type content struct {
		Content map[string]struct {
			Schema schema `json:"schema"`
		} `json:"content"`
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string             `json:"operationId"`
			RequestBody content            `json:"requestBody"`
			Responses   map[string]content `json:"responses"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	out := shape{bodies: map[string]schema{}, schemas: doc.Components.Schemas, answers: map[string]bool{}}
	for _, methods := range doc.Paths {
		for _, o := range methods {
			for _, c := range o.RequestBody.Content {
				out.bodies[o.OperationID] = c.Schema
			}
			for _, r := range o.Responses {
				for _, c := range r.Content {
					out.named(c.Schema, out.answers)
				}
			}
		}
	}
	return out
}

// resolve follows a reference; name is "" for a schema that has none.
func (s shape) resolve(x schema) (resolved schema, name string) {
	name = strings.TrimPrefix(x.Ref, "#/components/schemas/")
	if name == "" {
		return x, ""
	}
	return s.schemas[name], name
}

// named collects the names of the schemas that a schema is made of.
func (s shape) named(x schema, into map[string]bool) {
	x, name := s.resolve(x)
	if name != "" {
		if into[name] {
			return
		}
		into[name] = true
	}
	if x.Items != nil {
		s.named(*x.Items, into)
	}
	for _, p := range x.Properties {
		s.named(p, into)
	}
}

// everyName is each name of a field that the API has anywhere.
func (s shape) everyName() []string {
	names := map[string]bool{"password_hash": true, "hash": true, "token": true, "is_admin": true, "actor_id": true, "__proto__": true}
	for _, x := range s.schemas {
		for name := range x.Properties {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

const planted = "PLANTED"

// strew adds to every object of a body each field that does not belong there, and gives the places of those that the schema
// refuses. Objects without fields of their own (settings, the body of a policy) take any name; what reads them judges.
func (s shape) strew(x schema, body any, at string, names []string) (out any, refused []string) {
	x, _ = s.resolve(x)
	switch v := body.(type) {
	case map[string]any:
		full := map[string]any{}
		for name, inner := range v {
			full[name], refused = inner, slices.Clone(refused)
			var more []string
			full[name], more = s.strew(x.Properties[name], inner, at+"."+name, names)
			refused = append(refused, more...)
		}
		for _, name := range names {
			if _, own := x.Properties[name]; own {
				continue
			}
			if _, given := v[name]; given {
				continue
			}
			full[name] = planted
			if len(x.Properties) > 0 {
				refused = append(refused, at+"."+name)
			}
		}
		return full, refused
	case []any:
		var full []any
		for i, inner := range v {
			item := schema{}
			if x.Items != nil {
				item = *x.Items
			}
			one, more := s.strew(item, inner, fmt.Sprintf("%s[%d]", at, i), names)
			full, refused = append(full, one), append(refused, more...)
		}
		return full, refused
	}
	return body, nil
}

// asJSON gives a body as JSON has it.
func asJSON(t *testing.T, body any) any {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestNoWriteTakesAFieldThatIsNotItsOwn (reliability 35, mass assignment): with every write goes every field that the API
// has anywhere else, at every level of the body. Each is refused by name, or ignored; nothing of it is found in the store.
func TestNoWriteTakesAFieldThatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	admin := signedIn(t, h, pact.Admin)
	s := shapeOf(t, h)
	names := s.everyName()
	writes, sent := 0, 0
	for i, o := range operations(t, h) {
		if o.method == http.MethodGet {
			continue
		}
		writes++
		addSpare(t, h, "north")
		c := calls(h, h.Seed(t, "north", fmt.Sprint("f", i)), i)[o.id]
		who := admin
		if o.id == "signOut" {
			who = session(t, h, "person-admin@example.com")
		}
		before, was := trail(t, h), rows(t, h)
		if parts, isForm := c.body.(form); isForm { // fields of a form that nobody asked for are left aside
			for _, name := range names {
				if _, own := s.bodies[o.id].Properties[name]; !own {
					parts[name] = planted
					sent++
				}
			}
			if a := send(t, h, who, o.method, "/api/v1"+c.path, parts); a.status/100 != 2 {
				t.Errorf("%s %s: %d %s", o.method, o.path, a.status, a.body)
			}
			notPlanted(t, h, o, was)
			continue
		}
		if c.body == nil { // no body is asked for: it is left aside
			body := object{}
			for _, name := range names {
				body[name] = planted
			}
			sent += len(names)
			if a := send(t, h, who, o.method, "/api/v1"+c.path, body); a.status/100 != 2 && a.status/100 != 4 {
				t.Errorf("%s %s: %d %s", o.method, o.path, a.status, a.body)
			}
			notPlanted(t, h, o, was)
			continue
		}
		for some := range slices.Chunk(names, 150) { // an answer names so many at most
			body, refused := s.strew(s.bodies[o.id], asJSON(t, c.body), "body", some)
			sent += len(refused)
			a := send(t, h, who, o.method, "/api/v1"+c.path, body)
			if a.status != http.StatusUnprocessableEntity || len(refused) < len(some)/2 {
				t.Errorf("%s %s: %d with %d fields that are not its own: %.300s", o.method, o.path, a.status, len(refused), a.body)
				continue
			}
			var p located
			a.into(t, &p)
			named := map[string]bool{}
			for _, e := range p.Errors {
				if strings.Contains(e.Message, "not known here") {
					named[e.Location] = true
				}
			}
			for _, at := range refused {
				if !named[at] {
					t.Errorf("%s %s takes %s", o.method, o.path, at)
				}
			}
		}
		if fresh, changed := since(before, trail(t, h)), differ(was, rows(t, h)); len(fresh) != 0 || len(changed) != 0 {
			t.Errorf("%s %s was refused, and leaves %v and changes %v", o.method, o.path, fresh, changed)
		}
	}
	t.Logf("%d writes, %d fields", writes, sent)
}

// TestTheAnswerToAWrongBodyStaysSmall: a megabyte of unexpected fields is answered by naming the first of them.
func TestTheAnswerToAWrongBodyStaysSmall(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	body := object{"email": "a@example.com", "password": 7}
	for i := range 50_000 {
		body[fmt.Sprint("field", i)] = i
	}
	for path, want := range map[string]int{"/keys": http.StatusUnprocessableEntity, "/session": http.StatusRequestEntityTooLarge} {
		a := send(t, h, h.Key(t, pact.Admin), http.MethodPost, "/api/v1"+path, body)
		if a.status != want || len(a.body) > 1<<20 || strings.Contains(a.body, `"value"`) {
			t.Errorf("%s: %d, %d bytes: %.200s", path, a.status, len(a.body), a.body)
		}
	}
	a := send(t, h, "", http.MethodPost, "/api/v1/session", object{"email": 7, "password": strings.Repeat("secret", 500)})
	if a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, "secret") {
		t.Errorf("a password that is too long: %d %.300s", a.status, a.body)
	}
}

func notPlanted(t *testing.T, h *apitest.House, o operation, was map[string]string) {
	t.Helper()
	now := rows(t, h)
	for _, key := range differ(was, now) {
		if strings.Contains(now[key], planted) {
			t.Errorf("%s %s put what the caller planted into %s: %s", o.method, o.path, key, now[key])
		}
	}
}

// theirs are the fields of our nouns that a caller fills. All others of these nouns are ours, and what a caller says of them
// is refused or ignored. A noun that a request takes in and that has no line here fails the test.
var theirs = map[string][]string{
	"Event":      {"external_id", "kind", "subject", "occurred_at", "data", "replaces_external"},
	"Obligation": {"key", "kind", "title", "bearer", "beneficiary", "deliverable", "trigger", "frequency", "duty", "metric", "remedy", "regulations", "start_date", "params", "in_force", "owner"},
	// Who said it, and when, is ours to say; a passage is checked against the document.
	"Statement": {"text"},
}

// content are schemas that requests and answers share and that are all the caller's to say: values, not rows.
var content = []string{
	"Amount", "Ambiguity", "AmbiguityOption", "Cap", "Cascade", "Certificate", "CheckInPlan", "ContractRef", "Discount", "Duration", "EventData", "EventLine", "EventMapping", "Evidence", "MappedColumn", "MappedFixture", "Operation", "Outcome", "Party", "Passage", "PaymentTerms", "Period", "Place", "RecordRef", "Tier", "Value", "Box", "Address",
}

// guises are the forms in which a value that is ours could be taken: one of them fits the type of any field.
var guises = []string{planted, "0.987654321", "2001-02-03", "accepted"}

// guise gives a value for a schema, recognisable in the store.
func (s shape) guise(x schema, as string, depth int) any {
	x, _ = s.resolve(x)
	types := fmt.Sprint(x.Type)
	switch {
	case x.Format == "date-time":
		return "2001-02-03T04:05:06Z"
	case strings.Contains(types, "array"):
		if x.Items == nil || depth > 0 {
			return []any{}
		}
		return []any{s.guise(*x.Items, as, depth+1)}
	case strings.Contains(types, "object") || len(x.Properties) > 0:
		out := object{}
		for name, p := range x.Properties {
			if depth <= 2 && !strings.Contains(fmt.Sprint(p.Type), "array") {
				out[name] = s.guise(p, as, depth+1)
			}
		}
		return out
	case strings.Contains(types, "integer"), strings.Contains(types, "number"):
		return 987654321
	case strings.Contains(types, "boolean"):
		return true
	}
	return as
}

// TestWhatIsOursInANounIsNotTheCallersToSay: some requests take in a noun as answers show it. Its fields that are ours are
// sent one by one.
func TestWhatIsOursInANounIsNotTheCallersToSay(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	admin := signedIn(t, h, pact.Admin)
	s := shapeOf(t, h)
	inRequests := map[string]bool{}
	for _, body := range s.bodies {
		s.named(body, inRequests)
	}
	for name := range inRequests {
		if s.answers[name] && theirs[name] == nil && !slices.Contains(content, name) {
			t.Errorf("%s stands in requests and in answers: say in theirs which of its fields are the caller's, or in content that all are", name)
		}
	}
	clock := object{"kind": "resolution_time", "title": "Resolve P2", "in_force": object{}, "confidence": "1", "params": object{"target": object{"value": 4, "unit": "hour"}, "hours": object{"zone": "UTC", "always": true}}}
	word := object{"by": "usr_x", "at": "2026-03-01T00:00:00Z", "text": "As agreed."}
	terms := pact.TermSpecs()
	n := 0
	for _, x := range []struct {
		noun, operation string
		fine            object                               // the noun as a caller may send it
		body            func(noun object, key string) object // the request with the noun in it
	}{
		{"Event", "takeEvents", sample(""), func(e object, key string) object {
			e["external_id"] = key
			return object{"business_unit": "north", "events": []any{e}}
		}},
		{"Obligation", "addCandidate", clock, func(o object, key string) object {
			o["key"] = key
			return object{"subject": "obligation", "name": key, "obligation": o}
		}},
		{"Statement", "addCandidate", word, func(w object, _ string) object {
			terms = terms[1:]
			for terms[0].Kind != "text" {
				terms = terms[1:]
			}
			return object{"subject": "term", "name": terms[0].Name, "value": object{"kind": "text", "text": "Any"}, "evidence": []any{object{"statement": w}}}
		}},
	} {
		path := calls(h, h.Seed(t, "north", "ours "+x.noun), n)[x.operation].path
		was := rows(t, h)
		for _, field := range slices.Sorted(maps.Keys(s.schemas[x.noun].Properties)) {
			if slices.Contains(theirs[x.noun], field) {
				continue
			}
			taken, sent := false, []any{}
			for _, as := range guises {
				value := s.guise(s.schemas[x.noun].Properties[field], as, 0)
				if slices.ContainsFunc(sent, func(v any) bool { return reflect.DeepEqual(v, value) }) {
					continue
				}
				sent = append(sent, value)
				n++
				noun := maps.Clone(x.fine)
				noun[field] = value
				a := send(t, h, admin, http.MethodPost, "/api/v1"+path, x.body(noun, fmt.Sprint("resolution_time/ours ", n)))
				taken = taken || a.status/100 == 2
				now := rows(t, h)
				for _, key := range differ(was, now) {
					for _, mark := range []string{planted, "0.987654321", "2001-02-03", "987654321"} {
						if strings.Contains(now[key], mark) && !strings.Contains(was[key], mark) {
							t.Errorf("%s of %s is the caller's to say in %s: %s", field, x.noun, x.operation, now[key])
						}
					}
				}
				was = now
			}
			if !taken { // then the type of the field keeps the guises out, and nothing was shown
				t.Errorf("%s of %s is refused in each form: %v", field, x.noun, sent)
			}
		}
	}
	t.Logf("%d requests", n)
}
