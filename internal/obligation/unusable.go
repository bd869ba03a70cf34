package obligation

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/strict"
)

// Unusable tells which parameters are wrong as they stand, by member ("target.unit"), for a form. What is only missing is
// not among them: reviewed terms of the same version may fill it (Complete), and Check asks for it. Nor is what has readings.
func Unusable(o pact.Obligation) []fault.Detail {
	if _, err := KindOf(o.Kind); err != nil {
		return nil // kept in the register and not judged
	}
	var out []fault.Detail
	for _, q := range Check(o) {
		switch member := Member(o, q); {
		case hasReadings(q): // it says several things, and is asked about
		case q.Code == "params":
			out = append(out, fault.Detail{Field: undecodable(o), Message: q.Question})
		case member != "" && given(o, member):
			out = append(out, fault.Detail{Field: member, Message: q.Question})
		}
	}
	return out
}

// Member names the parameter that a question of Check is about; "" where it is about several or about none.
func Member(o pact.Obligation, q pact.Ambiguity) string {
	name := strings.TrimSuffix(q.Code, "_missing")
	switch name {
	case "unit":
		name = "target"
	case "business_day":
		name = "day_rule"
	}
	k, err := KindOf(o.Kind)
	if err != nil {
		return ""
	}
	if hasMember(reflect.TypeOf(k.Params()), name) {
		return name
	}
	return ""
}

func hasMember(params reflect.Type, name string) bool {
	for i := range params.NumField() {
		if tag, _, _ := strings.Cut(params.Field(i).Tag.Get("json"), ","); tag == name {
			return true
		}
	}
	return false
}

// given tells whether a parameter says something: an empty text, a zero or an empty list is left to be filled.
func given(o pact.Obligation, member string) bool {
	var all map[string]json.RawMessage
	if json.Unmarshal(o.Params, &all) != nil {
		return false
	}
	switch strings.TrimSpace(string(all[member])) {
	case "", "null", `""`, `"0"`, "0", "false", "[]", "{}":
		return false
	}
	return true
}

// undecodable names the member at which decoding stops.
func undecodable(o pact.Obligation) string {
	k, err := KindOf(o.Kind)
	if err != nil {
		return ""
	}
	wrong := strict.Decode(o.Params, reflect.New(reflect.TypeOf(k.Params())).Interface())
	if len(wrong) == 0 {
		return ""
	}
	return wrong[0].Field
}
