package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

const schemaBase = "https://github.com/pactloop/pactloop/docs/schema/"

// nouns are the types with one JSON form for API, command line, files and tests.
func nouns() map[string]any {
	return map[string]any{
		"assessment": pact.Assessment{},
		"candidate":  pact.Candidate{},
		"clause":     pact.Clause{},
		"event":      pact.Event{},
		"extraction": extract.Report{},
		"finding":    pact.Finding{},
		"obligation": pact.Obligation{},
		"occurrence": pact.Occurrence{},
		"term":       pact.Term{},
		"version":    pact.Version{},
	}
}

func addSchemas(files map[string][]byte, src source) error {
	src.json = true
	for name, noun := range nouns() {
		// Open: a later build may add members, and readers of v1 must go on working.
		if err := addSchema(files, src, name, noun, true); err != nil {
			return err
		}
	}
	for _, kind := range obligation.All() {
		// Closed: parameters are decoded strictly.
		if err := addSchema(files, src, "params/"+kind.Name(), kind.Params(), false); err != nil {
			return err
		}
	}
	return nil
}

func addSchema(files map[string][]byte, src source, name string, v any, open bool) error {
	path := name + ".v1.json"
	schema, err := src.schema(reflect.TypeOf(v), open)
	if err != nil {
		return fmt.Errorf("schema of %s: %w", name, err)
	}
	schema.ID = jsonschema.ID(schemaBase + path)
	schema.Title = strings.ReplaceAll(strings.TrimPrefix(name, "params/"), "_", " ")
	compact, err := json.Marshal(schema)
	if err != nil {
		return fmt.Errorf("writing the schema of %s: %w", name, err)
	}
	var body bytes.Buffer
	if err := json.Indent(&body, unescape(compact), "", "  "); err != nil {
		return fmt.Errorf("formatting the schema of %s: %w", name, err)
	}
	files["docs/schema/"+path] = body.Bytes()
	return nil
}

// unescape undoes what encoding/json does for web pages: these files are read by people.
func unescape(b []byte) []byte {
	return []byte(strings.NewReplacer(`\u003e`, ">", `\u003c`, "<", `\u0026`, "&").Replace(string(b)))
}

// inJSON gives the comment of a type or field with the names that JSON has for the fields of the type.
func inJSON(t reflect.Type, comment string) string {
	if t.Kind() != reflect.Struct {
		return comment
	}
	p := parameterPage{types: map[string]reflect.Type{t.Name(): t}}
	if head, rest, ok := strings.Cut(comment, ": "); ok && p.member(t.Name(), head) != "" {
		return p.member(t.Name(), head) + ": " + inJSON(t, rest)
	}
	parts := strings.Split(comment, `"`)
	for i := 0; i < len(parts); i += 2 { // what stands in quotation marks is of a contract or of a file
		parts[i] = strings.ReplaceAll(p.named(t.Name(), parts[i]), "`", "")
	}
	return strings.Join(parts, `"`)
}

func (s source) schema(t reflect.Type, open bool) (*jsonschema.Schema, error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	r := jsonschema.Reflector{
		Anonymous:                 true,
		AllowAdditionalProperties: open,
		Mapper:                    s.scalar,
		LookupComment: func(t reflect.Type, field string) string {
			name := t.PkgPath() + "." + t.Name()
			if field != "" {
				name += "." + field
			}
			if s.json {
				return inJSON(t, s.comments[name])
			}
			return s.comments[name]
		},
	}
	root := r.ReflectFromType(t)
	structs := map[string]reflect.Type{}
	if err := collect(t, structs); err != nil {
		return nil, err
	}
	for name, typ := range structs {
		def, ok := root.Definitions[name]
		if !ok {
			return nil, fmt.Errorf("the type %s has no definition", name)
		}
		refine(def, typ)
	}
	return root, nil
}

// scalar maps the types whose JSON is not what reflection would think. Each call gives a new schema: the reflector writes
// into what it gets.
func (s source) scalar(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[decimal.Decimal]():
		return &jsonschema.Schema{Type: "string", Pattern: `^-?[0-9]+(\.[0-9]+)?$`}
	case reflect.TypeFor[calendar.Date]():
		return &jsonschema.Schema{Type: "string", Format: "date"}
	case reflect.TypeFor[json.RawMessage]():
		return &jsonschema.Schema{Type: "object"} // the only raw member is params
	}
	if t.Kind() != reflect.String || t.PkgPath() == "" {
		return nil
	}
	schema := &jsonschema.Schema{Type: "string"}
	for _, v := range s.values[t.PkgPath()+"."+t.Name()] {
		schema.Enum = append(schema.Enum, v)
	}
	return schema
}

// collect finds the structs that have a definition of their own. Definitions go by the bare name, so two packages must not
// share one.
func collect(t reflect.Type, into map[string]reflect.Type) error {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return collect(t.Elem(), into)
	case reflect.Struct:
	default:
		return nil
	}
	if t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[decimal.Decimal]() {
		return nil
	}
	if known, ok := into[t.Name()]; ok {
		if known != t {
			return fmt.Errorf("%s and %s share a name", known, t)
		}
		return nil
	}
	into[t.Name()] = t
	for i := range t.NumField() {
		if err := collect(t.Field(i).Type, into); err != nil {
			return err
		}
	}
	return nil
}

// refine adds what the reflector does not know of our tags: enum:"a,b", and that a nil list or map without omitempty is
// written as null.
func refine(def *jsonschema.Schema, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		property, ok := def.Properties.Get(name)
		if !ok {
			continue
		}
		if values := f.Tag.Get("enum"); values != "" {
			target := property
			if property.Items != nil {
				target = property.Items
			}
			target.Enum = nil
			for v := range strings.SplitSeq(values, ",") {
				target.Enum = append(target.Enum, v)
			}
		}
		list := f.Type.Kind() == reflect.Slice || f.Type.Kind() == reflect.Map
		if list && !slices.Contains(strings.Split(options, ","), "omitempty") {
			description := property.Description
			property.Description = ""
			def.Properties.Set(name, &jsonschema.Schema{Description: description, OneOf: []*jsonschema.Schema{property, {Type: "null"}}})
		}
	}
}
