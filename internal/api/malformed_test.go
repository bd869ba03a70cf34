package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/pact"
)

// internals are words of the program, which tell a caller nothing.
var internals = regexp.MustCompile(`json:|Go (value|struct)|strconv|reflect\.|[uU]nmarshal|\b(int64|float64|uint8|RawMessage|time\.Time|decimal\.Decimal|map\[string\]|interface \{\})\b|parsing time|can't convert|\bnil\b|%!|0x[0-9a-f]{6}`)

// place is what a location may be: a member of the body, or a parameter.
var place = regexp.MustCompile(`^(body|query|path|header)(\.[^.\[\]]+|\[\d+\])+$`)

// step is one way from the top of a body to a value in it.
type step struct {
	name  string
	index int
}

// value of a schema that is of its type, with the members it needs, so that what lies below them is reached, too.
func (s shape) like(x schema, depth int) any {
	x, _ = s.resolve(x)
	switch types := fmt.Sprint(x.Type); {
	case len(x.Enum) > 0:
		return x.Enum[0]
	case strings.Contains(types, "object"):
		out := object{}
		for name, p := range x.Properties {
			if depth < 3 {
				out[name] = s.like(p, depth+1)
			}
		}
		return out
	case strings.Contains(types, "array"):
		if x.Items == nil || depth > 2 {
			return []any{}
		}
		return []any{s.like(*x.Items, depth+1)}
	case strings.Contains(types, "integer"), strings.Contains(types, "number"):
		return 1
	case strings.Contains(types, "boolean"):
		return true
	case x.Format == "date-time":
		return "2026-01-01T00:00:00Z"
	}
	return "2026-01-01"
}

// wrongs are bodies with one thing wrong each: of a wrong type, null, missing, unknown, no date, beyond all numbers.
func (s shape) wrongs(x schema, body any) map[string]any {
	out := map[string]any{}
	var visit func(x schema, at []step, value any, depth int)
	with := func(at []step, change func(object)) any {
		copied := deep(body)
		inner := copied
		for _, st := range at {
			if st.name == "" {
				inner = inner.([]any)[st.index]
				continue
			}
			inner = inner.(object)[st.name]
		}
		change(inner.(object))
		return copied
	}
	seen := map[string]bool{} // a noun is looked into where it is met first
	visit = func(x schema, at []step, value any, depth int) {
		x, noun := s.resolve(x)
		if noun != "" && seen[noun] {
			return
		}
		seen[noun] = true
		switch v := value.(type) {
		case object:
			path := fmt.Sprint(at)
			out[path+" unknown"] = with(at, func(o object) { o["no_such_member"] = 1 })
			for _, name := range slices.Sorted(maps.Keys(x.Properties)) {
				p := x.Properties[name]
				resolved, _ := s.resolve(p)
				types := fmt.Sprint(resolved.Type)
				put := func(what string, bad any) {
					out[path+"."+name+" "+what] = with(at, func(o object) { o[name] = bad })
				}
				switch {
				case depth > 1: // deep down one kind of mistake stands for the others
					put("no date", "2026-02-30")
					continue
				case strings.Contains(types, "string"):
					put("number", 7)
					put("null", nil)
					put("no date", "2026-02-30")
				case strings.Contains(types, "integer"), strings.Contains(types, "number"):
					put("text", "x")
					put("huge", json.RawMessage("1e40"))
				default:
					put("null", nil)
					put("text", "x")
					put("list of a number", []any{7})
					put("empty", object{})
				}
				if _, given := v[name]; given {
					out[path+"."+name+" missing"] = with(at, func(o object) { delete(o, name) })
				}
				inner, given := v[name]
				if (!given || inner == nil) && depth < 2 && (len(resolved.Properties) > 0 || resolved.Items != nil) {
					// What the call leaves out is judged with a member of its own type in its place.
					inner = s.like(p, depth+1)
					was := body
					body = with(at, func(o object) { o[name] = inner })
					visit(p, append(slices.Clone(at), step{name: name}), inner, depth+1)
					body = was
					continue
				}
				visit(p, append(slices.Clone(at), step{name: name}), inner, depth+1)
			}
		case []any:
			if x.Items != nil && len(v) > 0 {
				visit(*x.Items, append(slices.Clone(at), step{index: 0}), v[0], depth)
			}
		}
	}
	visit(x, nil, body, 0)
	return out
}

func deep(v any) any {
	switch v := v.(type) {
	case object:
		out := object{}
		for k, inner := range v {
			out[k] = deep(inner)
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for _, inner := range v {
			out = append(out, deep(inner))
		}
		return out
	}
	return v
}

// readable tells what a person could not make use of in the answer to a body that is wrong.
func readable(a reply) []string {
	var out []string
	var p located
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.status >= 500 && a.status != http.StatusNotImplemented || p.Detail == "" {
		return []string{"it is no refusal"}
	}
	if internals.MatchString(a.body) {
		out = append(out, "it names what is inside the program")
	}
	seen := map[string]bool{}
	for _, e := range p.Errors {
		if !place.MatchString(e.Location) {
			out = append(out, fmt.Sprintf("%q is no place", e.Location))
		}
		if key := e.Location + "\x00" + e.Message; seen[key] || e.Message == "" {
			out = append(out, "it says the same twice, or nothing")
		} else {
			seen[key] = true
		}
	}
	return out
}

// TestAWrongBodyIsAnsweredWithItsPlacesInWords sends to each operation bodies with one thing wrong. Whether it is refused is for other
// tests to say; a refusal names the place, once, and in words.
func TestAWrongBodyIsAnsweredWithItsPlacesInWords(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	admin := signedIn(t, h, pact.Admin)
	s := shapeOf(t, h)
	sent, refused := 0, 0
	for i, o := range operations(t, h) {
		if o.id == "signIn" || o.id == "changeOwnPassword" { // so many attempts are refused as such
			continue
		}
		addSpare(t, h, "north")
		c := calls(h, h.Seed(t, "north", fmt.Sprint("w", i)), i)[o.id]
		if _, isForm := c.body.(form); c.body == nil || isForm {
			continue
		}
		wrong := s.wrongs(s.bodies[o.id], asJSON(t, c.body))
		for what, whole := range map[string]any{"null": json.RawMessage("null"), "a list": []any{}, "a text": "x", "a number": 7} {
			wrong["the whole is "+what] = whole
		}
		for _, what := range slices.Sorted(maps.Keys(wrong)) {
			sent++
			a := send(t, h, admin, o.method, "/api/v1"+c.path, wrong[what])
			if a.status/100 == 2 {
				continue
			}
			refused++
			for _, bad := range readable(a) {
				t.Errorf("%s, %s: %s: %d %.400s", o.id, what, bad, a.status, a.body)
			}
		}
		for _, raw := range []string{"", "{", `{"a":}`, "{} {}", "\x00", `"`} {
			sent++
			if a := do(t, http.DefaultClient, o.method, h.URL+"/api/v1"+c.path, strings.NewReader(raw), "Content-Type", "application/json", "Cookie", admin); a.status/100 != 4 || len(readable(a)) > 0 {
				t.Errorf("%s, %q: %v: %d %.400s", o.id, raw, readable(a), a.status, a.body)
			}
		}
	}
	if refused < sent/2 {
		t.Errorf("only %d of %d were refused", refused, sent)
	}
	t.Logf("%d bodies, %d refused", sent, refused)
}

// TestAPolicyThatCanNotHoldIsRefusedAtItsField: what a version says is free in the description of the API, so each kind answers itself.
func TestAPolicyThatCanNotHoldIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	admin := signedIn(t, h, pact.Admin)
	for _, c := range []struct{ kind, body, at, says string }{
		{"review", `null`, "body.body", "must be an object, and is null"},
		{"review", `{"threshold":"0.8","treshold":1}`, "body.body.treshold", "perhaps threshold is meant"},
		{"review", `{"threshold":"high"}`, "body.body.threshold", "decimal number"},
		{"review", `{}`, "body.body.threshold", "needed"},
		{"review", `{"threshold":"1e2000000000"}`, "body.body.threshold", "decimal number"},
		{"review", `{"threshold":"0.8","first_n":"ten"}`, "body.body.first_n", "whole number"},
		{"review", `{"threshold":"0.8","value_limits":[{"value":"1","currency":"euro"}]}`, "body.body.value_limits[0].currency", "three letters"},
		{"review", `{"threshold":"0.8","named_fields":["total_contract_value","shoe_size"]}`, "body.body.named_fields[1]", "no term named"},
		{"review", `{"threshold":"0.8","phases":{"default":"wild"}}`, "body.body.phases.default", "no phase"},
		{"approval", `null`, "body.body", "must be an object, and is null"},
		{"approval", `{"credit_limit":[]}`, "body.body.credit_limit", "perhaps credit_limits is meant"},
		{"approval", `{"credit_limits":[{"value":"-1","currency":"EUR"}]}`, "body.body.credit_limits[0].value", "zero or more"},
		{"approval", `{"credit_limits":[],"charge_limits":[{"value":"1","currency":"EUR"},{"value":"1","currency":"EUR"}]}`, "body.body.charge_limits[1].currency", "has a limit already"},
		{"privacy", `[]`, "body.body", "must be an object, and is a list"},
		{"privacy", `{"kinds":{"email":"publish"}}`, "body.body.kinds.email", "no action"},
		{"privacy", `{"kinds":{"shoe_size":"keep"}}`, "body.body.kinds.shoe_size", "no kind of data"},
		{"escalation", `null`, "body.body", "must be an object, and is null"},
		{"escalation", `{"levels":[{"after_hours":4,"to":"person-admin@example.com","unless":"Friday"}]}`, "body.body.levels[0].unless", "not known here"},
		{"escalation", `{"levels":[{"after_hours":4,"to":"stranger@example.com"}]}`, "body.body.levels[0].to", "nobody here"},
	} {
		a := send(t, h, admin, http.MethodPost, "/api/v1/policies", object{"kind": c.kind, "body": json.RawMessage(c.body), "note": "for a good reason"})
		var p located
		a.into(t, &p)
		at, says := "", p.Detail
		if len(p.Errors) > 0 {
			at, says = p.Errors[0].Location, p.Errors[0].Message
		}
		if a.status != http.StatusUnprocessableEntity || at != c.at || !strings.Contains(says, c.says) || !strings.Contains(p.Detail, "The policy in force stays.") || len(readable(a)) > 0 {
			t.Errorf("%s %s: %d %s; want %q at %q", c.kind, c.body, a.status, a.body, c.says, c.at)
		}
	}
	if n := len(apitest.All(t, h.Store.Reads().Policies)); n != 0 {
		t.Errorf("%d versions were kept", n)
	}
	if a := send(t, h, admin, http.MethodPost, "/api/v1/policies", object{"kind": "escalation", "body": object{"levels": []object{{"after_hours": 4, "to": "person-admin@example.com"}}}, "note": "agreed"}); a.status != http.StatusCreated {
		t.Errorf("a person there is: %d %s", a.status, a.body)
	}
}

func TestAPasswordThatIsTooShortIsToldSo(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	admin := signedIn(t, h, pact.Admin)
	for password, says := range map[string]string{"nineletrs": "The fewest characters are 10.", "": "The fewest characters are 10."} {
		a := send(t, h, admin, http.MethodPost, "/api/v1/users", object{"email": "new@example.com", "name": "New", "role": "viewer", "units": []string{"emea"}, "password": password})
		var p located
		a.into(t, &p)
		if a.status != http.StatusUnprocessableEntity || len(p.Errors) != 1 || p.Errors[0].Location != "body.password" || p.Errors[0].Message != says {
			t.Errorf("%q: %d %s", password, a.status, a.body)
		}
	}
}
