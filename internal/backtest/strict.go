package backtest

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/hbollon/go-edlib"
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// Problem is one thing that is wrong in what was given, and where.
type Problem struct {
	Pointer string `json:"pointer"` // JSON pointer (RFC 6901); "" is the whole document
	Message string `json:"message"`
}

func (p Problem) String() string {
	if p.Pointer == "" {
		return p.Message
	}
	return p.Pointer + ": " + p.Message
}

// maxProblems bounds what is told at once.
const maxProblems = 20

// wrong makes one fault of problems; place is "terms.json" or "events, line 3".
func wrong(place string, problems []Problem) error {
	f := fault.New(fault.Invalid, "%s: %s", place, problems[0])
	if n := len(problems) - 1; n > 0 {
		f.Message += fmt.Sprintf(" (and %d more)", n)
	}
	for _, p := range problems {
		f.Details = append(f.Details, fault.Detail{Field: p.Pointer, Message: p.Message})
	}
	return f
}

// walk compares JSON with the type it is meant for, member by member, and tells where they differ. encoding/json names neither
// the element of a list nor a member nobody knows.
func walk(at string, raw json.RawMessage, t reflect.Type, out *[]Problem) {
	if len(*out) >= maxProblems {
		return
	}
	say := func(format string, args ...any) { *out = append(*out, Problem{at, fmt.Sprintf(format, args...)}) }
	raw = bytes.TrimSpace(raw)
	for t.Kind() == reflect.Pointer {
		if string(raw) == "null" {
			return
		}
		t = t.Elem()
	}
	if t == reflect.TypeFor[json.RawMessage]() {
		return // judged by whoever knows what it holds
	}
	if opaque(t) || t.Kind() != reflect.Struct && t.Kind() != reflect.Slice && t.Kind() != reflect.Map {
		v := reflect.New(t)
		if err := json.Unmarshal(raw, v.Interface()); err != nil {
			say("%s", plainly(raw, t, err))
		}
		return
	}
	if string(raw) == "null" && t.Kind() != reflect.Struct {
		return
	}
	switch t.Kind() {
	case reflect.Slice:
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			say("this must be a list, and is %s", shapeOf(raw))
			return
		}
		for i, e := range list {
			walk(at+"/"+strconv.Itoa(i), e, t.Elem(), out)
		}
	case reflect.Map:
		var all map[string]json.RawMessage
		if json.Unmarshal(raw, &all) != nil {
			say("this must be an object, and is %s", shapeOf(raw))
			return
		}
		for _, name := range sortedKeys(all) {
			walk(at+"/"+escape(name), all[name], t.Elem(), out)
		}
	default:
		walkStruct(at, raw, t, out)
	}
}

func walkStruct(at string, raw json.RawMessage, t reflect.Type, out *[]Problem) {
	var all map[string]json.RawMessage
	if json.Unmarshal(raw, &all) != nil || all == nil {
		*out = append(*out, Problem{at, "this must be an object, and is " + shapeOf(raw)})
		return
	}
	fields := membersOf(t)
	if t == reflect.TypeFor[money.Amount]() {
		for _, name := range []string{"value", "currency"} {
			if _, ok := all[name]; !ok {
				*out = append(*out, Problem{at + "/" + name, "a sum needs its " + name + ", such as {\"value\":\"500.00\",\"currency\":\"USD\"}"})
			}
		}
	}
	if raw, ok := all["credit"]; ok && t == reflect.TypeFor[pact.Tier]() {
		// A band gives back a share of what was paid; multiples of it are fee_multiple.
		var credit decimal.Decimal
		if json.Unmarshal(raw, &credit) == nil && money.Sane(credit) && (credit.IsNegative() || credit.GreaterThan(decimal.NewFromInt(100))) {
			*out = append(*out, Problem{at + "/credit", fmt.Sprintf("a credit of %.40s %% does not lie between 0 and 100 %%", credit)})
		}
	}
	for _, name := range sortedKeys(all) {
		f, ok := fields[name]
		if !ok {
			*out = append(*out, Problem{at + "/" + escape(name), "this member is not known" + hint(name, fields)})
			continue
		}
		here := len(*out)
		walk(at+"/"+escape(name), all[name], f.Type, out)
		if len(*out) > here {
			continue
		}
		checkEnum(at+"/"+escape(name), all[name], f, out)
	}
}

// checkEnum holds a text, or each text of a list, against the values its field allows.
func checkEnum(at string, raw json.RawMessage, f reflect.StructField, out *[]Problem) {
	allowed := f.Tag.Get("enum")
	if allowed == "" {
		return
	}
	values := strings.Split(allowed, ",")
	check := func(at, v string) {
		if v != "" && !slices.Contains(values, v) {
			*out = append(*out, Problem{at, fmt.Sprintf("%q is not known here; use one of %s", short(v), strings.Join(values, ", "))})
		}
	}
	var one string
	var many []string
	if json.Unmarshal(raw, &one) == nil {
		check(at, one)
	} else if json.Unmarshal(raw, &many) == nil {
		for i, v := range many {
			check(at+"/"+strconv.Itoa(i), v)
		}
	}
}

// membersOf lists the JSON members of a struct, those of embedded structs included.
func membersOf(t reflect.Type) map[string]reflect.StructField {
	out := map[string]reflect.StructField{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct {
			for n, inner := range membersOf(f.Type) {
				out[n] = inner
			}
			continue
		}
		if f.IsExported() && name != "" && name != "-" {
			out[name] = f
		}
	}
	return out
}

// opaque tells whether a type reads itself.
func opaque(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// plainly says what is wrong with a single value.
func plainly(raw []byte, t reflect.Type, err error) string {
	var typeErr *json.UnmarshalTypeError
	switch {
	case t.String() == "time.Time":
		return fmt.Sprintf("%s is not an instant of the form 2026-03-31T09:00:00Z", short(string(raw)))
	case t.String() == "decimal.Decimal":
		return fmt.Sprintf("%s is not a decimal number; write it as a text such as \"99.9\"", short(string(raw)))
	case errors.As(err, &typeErr):
		want := map[reflect.Kind]string{reflect.String: "a text", reflect.Bool: "true or false", reflect.Int: "a whole number"}[t.Kind()]
		if want == "" {
			want = "a " + t.Kind().String()
		}
		return fmt.Sprintf("this must be %s, and is %s", want, shapeOf(raw))
	}
	return err.Error()
}

func shapeOf(raw []byte) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "nothing"
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	}
	return "a number"
}

// hint names the member that was probably meant.
func hint(name string, fields map[string]reflect.StructField) string {
	best, distance := "", 4
	for _, known := range sortedKeys(fields) {
		if max(len(name)-len(known), len(known)-len(name)) > 60 {
			continue // no slip, and costly to compare
		}
		if d := edlib.LevenshteinDistance(name, known); d < distance {
			best, distance = known, d
		}
	}
	if best != "" {
		return fmt.Sprintf("; perhaps %q is meant", best)
	}
	return "; known are " + strings.Join(sortedKeys(fields), ", ")
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

func short(s string) string {
	letters := 0
	for at := range s {
		if letters == 60 {
			return s[:at] + "…"
		}
		letters++
	}
	return s
}
