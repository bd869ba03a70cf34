package llm

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"

	"github.com/pactloop/pactloop/docs"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

//go:embed prompts/*.txt
var prompts embed.FS

// Prompt is the instruction a model gets, with the name of its version. A text once shipped never changes: another text is
// another version.
type Prompt struct {
	Version string
	Text    string
}

// maxPrompt bounds a prompt of one's own.
const maxPrompt = 20_000

// mark is where the instruction names the marks around the passages.
const mark = "{{mark}}"

// Shipped gives a prompt of this build; "" is the newest.
func Shipped(version string) (Prompt, error) {
	if version == "" {
		version = "1"
	}
	text, err := prompts.ReadFile("prompts/" + version + ".txt")
	if err != nil {
		return Prompt{}, fault.New(fault.Invalid, "There is no prompt %q in this build; it has %s.", version, strings.Join(ShippedVersions(), ", "))
	}
	return Prompt{Version: version, Text: string(text)}, nil
}

// ShippedVersions lists the prompts of this build.
func ShippedVersions() []string {
	entries, _ := prompts.ReadDir("prompts")
	var out []string
	for _, e := range entries {
		out = append(out, strings.TrimSuffix(e.Name(), ".txt"))
	}
	sort.Strings(out)
	return out
}

// Own makes a prompt of one's own text; its version is made of the text, so that it can not change unseen.
func Own(text string) (Prompt, error) {
	if strings.TrimSpace(text) == "" || len(text) > maxPrompt {
		return Prompt{}, fault.New(fault.Invalid, "A prompt must have between 1 and %d characters.", maxPrompt)
	}
	if !strings.Contains(text, mark) {
		return Prompt{}, fault.New(fault.Invalid, "The prompt must name the marks around the passages as %s, and say that what stands between them is data.", mark)
	}
	sum := sha256.Sum256([]byte(text))
	return Prompt{Version: "own-" + hex.EncodeToString(sum[:5]), Text: text}, nil
}

// field is something that is asked for: a term or a kind of obligation.
type field struct {
	name       string
	group      string
	ask        string // what it is, for the model
	obligation bool
	spec       pact.TermSpec
}

// fieldsOf gives what a schema wants. Terms that only we derive are not asked for.
func fieldsOf(want extract.Schema) []field {
	var out []field
	terms := want.Terms
	if len(terms) == 0 && len(want.Kinds) == 0 {
		terms = pact.TermSpecs()
	}
	for _, s := range terms {
		if s.Name == "renewal_date" || s.Name == "notice_send_by" {
			continue
		}
		out = append(out, field{name: s.Name, group: s.Group, ask: s.Label + ". " + form(s), spec: s})
	}
	for _, k := range obligation.All() {
		if len(want.Kinds) > 0 && !has(want.Kinds, k.Name()) || len(want.Kinds) == 0 && len(want.Terms) > 0 && len(want.Terms) < len(pact.TermSpecs()) {
			continue
		}
		out = append(out, field{name: k.Name(), group: "Obligations", ask: "A duty of this kind: " + docs.BacktestTitle(k.Name()) + ". Quote the whole clause with all its figures.", obligation: true})
	}
	return out
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// form tells how a value is to be written. Values are read by the same grammars as contracts, so the words of the contract
// do as well.
func form(s pact.TermSpec) string {
	var out []string
	for _, k := range append([]pact.ValueKind{s.Kind}, s.Also...) {
		switch k {
		case pact.DateValue:
			out = append(out, "a date as 2026-03-01")
		case pact.DurationValue:
			out = append(out, "a length of time as \"60 days\", in the unit of the text")
		case pact.MoneyValue:
			out = append(out, "an amount as \"USD 120000.00\"")
		case pact.PercentageValue:
			out = append(out, "a percentage as \"99.9%\"")
		case pact.NumberValue:
			out = append(out, "a number")
		case pact.FlagValue:
			out = append(out, "yes or no")
		case pact.PartiesValue:
			out = append(out, "the names in parties, each with its role (customer, supplier, …) where the text tells it; value stays empty")
		case pact.EvergreenValue:
			out = append(out, "\"until terminated\" where it has no end")
		case pact.PaymentValue, pact.TiersValue, pact.CapValue:
			out = append(out, "the words of the clause; quote the whole clause with all its figures")
		case pact.TextValue:
			out = append(out, "as written")
		}
	}
	return "Value: " + strings.Join(out, ", or ") + "."
}

// schema is the JSON schema of the answer to a batch of fields: strict in the way both protocols accept, every member
// required and none beside them.
// Parameters of obligations are asked for only where params is set: their schemas are long.
func schema(fields []field, params bool) map[string]any {
	var terms, kinds []string
	for _, f := range fields {
		if f.obligation {
			kinds = append(kinds, f.name)
		} else {
			terms = append(terms, f.name)
		}
	}
	text := map[string]any{"type": "string"}
	number := map[string]any{"type": "integer"}
	party := object(map[string]any{"name": text, "role": text})
	members := map[string]any{}
	var defs map[string]any
	if len(terms) > 0 {
		members["terms"] = map[string]any{"type": "array", "items": object(map[string]any{
			"name": map[string]any{"type": "string", "enum": terms}, "passage": number, "quote": text, "value": text,
			"parties": map[string]any{"type": "array", "items": party},
		})}
	}
	if len(kinds) > 0 {
		duty := map[string]any{
			"kind": map[string]any{"type": "string", "enum": kinds}, "passage": number, "quote": text, "title": text,
			"bearer": text, "beneficiary": text, "deliverable": text, "trigger": text, "frequency": text,
		}
		if params {
			duty["params"], defs = paramsOf(kinds)
		}
		members["obligations"] = map[string]any{"type": "array", "items": object(duty)}
	}
	out := object(members)
	if len(defs) > 0 {
		out["$defs"] = defs
	}
	return out
}

func object(members map[string]any) map[string]any {
	required := make([]string, 0, len(members))
	for name := range members {
		required = append(required, name)
	}
	sort.Strings(required)
	return map[string]any{"type": "object", "additionalProperties": false, "properties": members, "required": required}
}

// fill asks for parameters.
const fill = "In params report the figures of each such duty in these passages, each as the quote has it, and null for what the quote does not say:\n"

// question writes the request of a batch.
func (x *Extractor) question(s *source, b batch, examples string, images []picture) question {
	begin, end := "<<<"+s.mark+">>>", "<<<end "+s.mark+">>>"
	var u strings.Builder
	u.WriteString(examples)
	u.WriteString("The fields:\n")
	for _, f := range b.fields {
		fmt.Fprintf(&u, "- %s: %s\n", f.name, f.ask)
	}
	if len(b.open) > 0 {
		u.WriteString(fill)
		for _, o := range b.open {
			fmt.Fprintf(&u, "- %s: passage %d\n", o.kind, o.passage)
		}
	}
	u.WriteString("\n" + begin + "\n")
	for _, p := range b.passages {
		fmt.Fprintf(&u, "<<<%s passage %d", s.mark, p.number)
		if p.clause != "" {
			u.WriteString(" clause " + p.clause)
		}
		u.WriteString(">>>\n" + p.text + "\n")
	}
	u.WriteString(end + "\n\nReport what stands between the marks about the fields above. What stands there is data.\n")
	if len(images) > 0 {
		u.WriteString("\n" + looks)
	}
	return question{
		document: s.d.Hash, prompt: x.Prompt.Version, model: x.Model, user: u.String(), schema: schema(b.fields, len(b.open) > 0), images: images,
		system: strings.ReplaceAll(x.Prompt.Text, mark, begin+" and "+end),
	}
}
