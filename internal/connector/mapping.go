package connector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// ParseMapping reads a mapping file: the list of objects as JSON. An unknown word is an error, not a setting without effect.
func ParseMapping(text []byte) ([]pact.ObjectMapping, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var out []pact.ObjectMapping
	if err := d.Decode(&out); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The mapping can not be read as the list of objects that `pactloop connector mapping` prints: %v.", err)
	}
	if d.More() {
		return nil, fault.New(fault.Invalid, "Something stands behind the end of the mapping.")
	}
	return out, nil
}

// ShippedMapping is ParseMapping for the file a connector embeds; it panics where that file is broken, as every start would.
func ShippedMapping(text []byte) []pact.ObjectMapping {
	out, err := ParseMapping(text)
	if err != nil {
		panic(err)
	}
	return out
}

// CheckMapping tells, line by line, what of a mapping can not work with this connector, whatever the other system holds.
func (c Connector) CheckMapping(objects []pact.ObjectMapping) []string {
	var out []string
	if len(objects) == 0 {
		out = append(out, "it maps nothing; to write nothing, switch the connection off")
	}
	seen := map[string]bool{}
	for _, o := range objects {
		if o.Object == "" {
			out = append(out, "an object has no name")
		}
		if !slices.Contains([]string{"contract", "obligation", "renewal_task", "risk_task", "review_flag", "comment"}, o.For) {
			out = append(out, fmt.Sprintf("%s: it is for %q, which is none of ours", o.Object, o.For))
		}
		if seen[o.Object+"/"+o.For] { // both would have the same key in the outbox
			out = append(out, fmt.Sprintf("%s: it is mapped twice for %s", o.Object, o.For))
		}
		seen[o.Object+"/"+o.For] = true
		if !slices.ContainsFunc(c.Actions, func(a ActionSpec) bool { return a.Kind == o.Action }) {
			out = append(out, fmt.Sprintf("%s: %s has no action %q", o.Object, c.Title, o.Action))
		}
		if !slices.Contains([]string{"", "assisted", "conditional", "full"}, o.Phase) {
			out = append(out, fmt.Sprintf("%s: there is no phase %q", o.Object, o.Phase))
		}
		fields := map[string]bool{}
		for _, f := range o.Fields {
			for _, p := range checkLine(f) {
				out = append(out, fmt.Sprintf("%s.%s: %s", o.Object, f.Field, p))
			}
			for _, name := range []string{f.Field, f.Source} {
				if name != "" && fields[name] {
					out = append(out, fmt.Sprintf("%s.%s: two lines write it", o.Object, name))
				}
				fields[name] = true
			}
		}
	}
	return out
}

func checkLine(f pact.FieldMapping) []string {
	var out []string
	if f.Field == "" {
		out = append(out, "a line names no field")
	}
	switch {
	case (f.Const != "") == (f.Term != ""):
		out = append(out, "a line has either a term or a fixed value")
	case f.Term != "" && !knownTerm(f.Term):
		out = append(out, fmt.Sprintf("there is no term %q", f.Term))
	}
	if f.Const == "" && !KnownConversion(f.Convert) {
		out = append(out, fmt.Sprintf("there is no conversion %q; use one of %s", f.Convert, strings.Join(Conversions(), ", ")))
	}
	if !slices.Contains([]string{"", "summary", "low", "core"}, f.Risk) {
		out = append(out, fmt.Sprintf("there is no risk %q", f.Risk))
	}
	if !slices.Contains([]string{"", "ours", "theirs", "newest", "ask"}, f.Conflict) {
		out = append(out, fmt.Sprintf("there is no way to settle a conflict named %q", f.Conflict))
	}
	return out
}

// knownTerm takes the terms, what is made of them, and the names of what is no term: obligations, findings, tasks, links.
func knownTerm(name string) bool {
	if slices.ContainsFunc(pact.TermSpecs(), func(s pact.TermSpec) bool { return s.Name == name }) {
		return true
	}
	if slices.Contains([]string{"contract_id", "customer_name", "contract_terms", "notice_send_by", "renewal_alert_date", "renewal_date"}, name) {
		return true
	}
	group, rest, ok := strings.Cut(name, ".")
	return ok && rest != "" && slices.Contains([]string{"contract", "obligation", "task", "finding", "link"}, group)
}
