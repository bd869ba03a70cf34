package main

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/pactloop/pactloop/internal/obligation"
)

// addParameters writes the parameters of all kinds as tables for people. The facts are those of the schemas: a comment at the
// field is all there is to write.
func addParameters(files map[string][]byte, src source) error {
	p := parameterPage{types: map[string]reflect.Type{}, defs: jsonschema.Definitions{}, told: map[string]string{}}
	p.b.WriteString(`# Parameters of each kind

What the parameters of an obligation (` + "`params`" + `) mean, for each [kind](../backtest/README.md#the-kinds) and for the [parts](#parts) that kinds share. The form of a correction in the review has the same members, and the
[JSON schemas](../schema/params/) say the same to programs. Parameters in **bold** must be given; of the others it says what is meant where they are absent. Numbers and sums are texts (` + "`\"99.9\"`" + `), dates are written ` + "`2026-03-31`" + `.
`)
	for _, kind := range obligation.All() {
		if err := p.kind(src, kind); err != nil {
			return err
		}
	}
	p.b.WriteString("\n## Parts\n")
	for _, name := range slices.Sorted(maps.Keys(p.types)) {
		if _, isKind := p.told[name]; !isKind {
			fmt.Fprintf(&p.b, "\n### %s\n", partTitle(name))
			p.table(name)
		}
	}
	files["docs/reference/parameters.md"] = []byte(generated(p.b.String()))
	return nil
}

// parameterPage is the page while it is written.
type parameterPage struct {
	b     strings.Builder
	types map[string]reflect.Type // every struct that was met, by its name
	defs  jsonschema.Definitions
	told  map[string]string // types that are not parts: parameters of kinds, with the kind under which they were told first, and what another page tells
}

func (p *parameterPage) kind(src source, kind obligation.Kind) error {
	t := reflect.TypeOf(kind.Params())
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	schema, err := src.schema(t, false)
	if err != nil {
		return fmt.Errorf("parameters of %s: %w", kind.Name(), err)
	}
	if err := collect(t, p.types); err != nil {
		return fmt.Errorf("parameters of %s: %w", kind.Name(), err)
	}
	maps.Copy(p.defs, schema.Definitions)
	fmt.Fprintf(&p.b, "\n## %s\n\n[Page and example](../backtest/%s.md).", kind.Name(), kind.Name())
	if first, ok := p.told[t.Name()]; ok {
		fmt.Fprintf(&p.b, " The parameters are those of [%s](#%s).\n", first, first)
		return nil
	}
	p.told[t.Name()] = kind.Name()
	p.b.WriteString("\n")
	p.table(t.Name())
	return nil
}

// table writes what a type says of itself, and a row for each of its members.
func (p *parameterPage) table(name string) {
	def := p.defs[name]
	if said := p.aboutType(name, def.Description); said != "" {
		fmt.Fprintf(&p.b, "\n%s\n", strings.ToUpper(said[:1])+said[1:])
	}
	p.b.WriteString("\n| parameter | is | means |\n|---|---|---|\n")
	for pair := def.Properties.Oldest(); pair != nil; pair = pair.Next() {
		member := "`" + pair.Key + "`"
		if slices.Contains(def.Required, pair.Key) {
			member = "**" + member + "**"
		}
		fmt.Fprintf(&p.b, "| %s | %s | %s |\n", member, cell(p.form(pair.Value)), cell(p.inWords(name, pair.Value.Description)))
	}
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

// form says in words what a member is: its values, "list: date", a link to a part.
func (p *parameterPage) form(s *jsonschema.Schema) string {
	if len(s.OneOf) > 0 { // a list that may be null
		s = s.OneOf[0]
	}
	switch {
	case s.Ref != "":
		name := strings.TrimPrefix(s.Ref, "#/$defs/")
		title := strings.ToLower(partTitle(name))
		section := strings.ReplaceAll(title, " ", "-")
		if kind, ok := p.told[name]; ok {
			section = kind
		}
		if !strings.Contains(section, "#") { // on this page
			section = "#" + section
		}
		return "[" + title + "](" + section + ")"
	case len(s.Enum) > 0:
		var words []string
		for _, v := range s.Enum {
			words = append(words, fmt.Sprintf("`%v`", v))
		}
		return strings.Join(words, ", ")
	case s.Type == "array":
		return "list: " + p.form(s.Items)
	case s.Type == "boolean":
		return "true or false"
	case s.Type == "integer":
		return "whole number"
	case s.Format == "date":
		return "date"
	case s.Format == "date-time":
		return "instant"
	case s.Pattern != "":
		return "number"
	default:
		return "text"
	}
}

var (
	paramsOf  = regexp.MustCompile(`^\w+Params are the parameters of [a-z_]+( and [a-z_]+)?[.:] ?`)
	docLink   = regexp.MustCompile(`\[\]?([A-Z]\w+)\]`)
	goName    = regexp.MustCompile(`\b[A-Z]\w*\b`)
	jsonName  = regexp.MustCompile(`\bdata(\.[a-z_]+)+|\b[a-z0-9]+(_[a-z0-9]+)+\b`)
	upperCase = regexp.MustCompile(`[a-z][A-Z]`)
	verb      = regexp.MustCompile(`^( and [A-Z]\w*)? (is|are|[a-z]{3,}s)\b`)
)

// aboutType is the comment of a type without the type's own name, which says nothing to a reader of the page.
func (p *parameterPage) aboutType(name, comment string) string {
	comment = paramsOf.ReplaceAllString(comment, "")
	if rest, ok := strings.CutPrefix(comment, name+" "); ok {
		verb, _, _ := strings.Cut(rest, " ")
		comment = "It " + rest
		if slices.Contains([]string{"are", "say", "hold", "run"}, verb) {
			comment = "They " + rest
		}
	}
	return p.inWords(name, comment)
}

// inWords gives a comment as a reader of JSON needs it: members go by their names there, and the name at the beginning,
// which is that of the row, is left out.
func (p *parameterPage) inWords(typ, comment string) string {
	if head, rest, ok := strings.Cut(comment, ": "); ok && p.member(typ, head) != "" {
		comment = rest
	}
	comment = docLink.ReplaceAllString(comment, "$1")
	parts := strings.Split(comment, `"`)
	for i := 0; i < len(parts); i += 2 { // what stands in quotation marks is of a contract or of a file
		parts[i] = jsonName.ReplaceAllString(parts[i], "`$0`")
		parts[i] = p.named(typ, parts[i])
	}
	return strings.Join(parts, `"`)
}

// named puts names of fields as JSON has them: those of this type, and of others where the word can be nothing else. A plain
// word at the beginning of a sentence is a name only before a verb: "Percent is of the fees", and not "Percent of the fees".
func (p *parameterPage) named(typ, text string) string {
	var b strings.Builder
	done := 0
	for _, at := range goName.FindAllStringIndex(text, -1) {
		word, before, after := text[at[0]:at[1]], text[:at[0]], text[at[1]:]
		types := []string{typ}
		if upperCase.MatchString(word) {
			types = append(types, slices.Sorted(maps.Keys(p.types))...)
		} else if (before == "" || strings.HasSuffix(before, ". ")) && !verb.MatchString(after) {
			continue
		}
		for _, t := range types {
			if json := p.member(t, word); json != "" {
				b.WriteString(text[done:at[0]] + "`" + json + "`")
				done = at[1]
				break
			}
		}
	}
	return b.String() + text[done:]
}

// member is the JSON name of a field; "" where the type has none of that name.
func (p *parameterPage) member(typ, field string) string {
	f, ok := p.types[typ].FieldByName(field)
	if !ok {
		return ""
	}
	json, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return json
}

// partTitle makes "Credit tier" of CreditTier, and "Credit" of CreditParams.
func partTitle(name string) string {
	title := strings.TrimSuffix(name, "Params")
	title = upperCase.ReplaceAllStringFunc(title, func(s string) string { return s[:1] + " " + strings.ToLower(s[1:]) })
	return title
}
