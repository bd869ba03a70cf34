package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// addEvents writes what can be reported: each kind of event with its members and the kinds of obligation that are judged from
// it. Neighbours that differ in nothing but their name, as those of tickets, stand together.
func addEvents(files map[string][]byte, src source) error {
	schema, err := src.schema(reflect.TypeFor[pact.Event](), true)
	if err != nil {
		return fmt.Errorf("members of events: %w", err)
	}
	p := parameterPage{types: map[string]reflect.Type{}, defs: schema.Definitions, told: map[string]string{
		"Amount": "parameters.md#amount", "EventLine": "#a-line", "Certificate": "#a-certificate",
	}}
	if err := collect(reflect.TypeFor[pact.Event](), p.types); err != nil {
		return fmt.Errorf("members of events: %w", err)
	}
	p.b.WriteString(`# Kinds of event

What a program, a table or a file for ` + "`pactloop backtest`" + ` can report; [bring events](../how-to/bring-events.md) says how. ` + "`GET /api/v1/event-kinds`" + ` says the same to programs. What the members mean stands [below](#data).

Every event needs ` + "`external_id` and `occurred_at`" + `, and can carry ` + codes(slices.DeleteFunc(pact.CommonEventFields(), func(f string) bool { return f == "external_id" || f == "occurred_at" })) + `. A table has columns for the members that stand here; a program or a file may give any
[member](#data) beside them.
`)
	all := pact.EventKinds()
	for i := 0; i < len(all); {
		n := i + 1
		for n < len(all) && aboutEvent(all[n]) == aboutEvent(all[i]) {
			n++
		}
		var names, titles []string
		for _, k := range all[i:n] {
			names = append(names, k.Kind)
			titles = append(titles, "`"+k.Kind+"`: "+k.Title+".")
		}
		if len(titles) == 1 {
			titles = []string{all[i].Title + "."}
		}
		fmt.Fprintf(&p.b, "\n## %s\n\n%s\n%s", strings.Join(names, ", "), strings.Join(titles, " "), aboutEvent(all[i]))
		i = n
	}
	for _, part := range []struct{ title, typ string }{{"## Data", "EventData"}, {"### A line", "EventLine"}, {"### A certificate", "Certificate"}} {
		p.b.WriteString("\n" + part.title + "\n")
		p.table(part.typ)
	}
	files["docs/reference/events.md"] = []byte(generated(p.b.String()))
	return nil
}

// aboutEvent is what is said of a kind of event beside its name.
func aboutEvent(k pact.EventKind) string {
	var needs []string
	for _, n := range k.Needs {
		needs = append(needs, strings.ReplaceAll(codes(strings.Split(n, "|")), ", ", " or "))
	}
	more := slices.DeleteFunc(slices.Clone(k.Fields), func(f string) bool {
		return slices.ContainsFunc(k.Needs, func(n string) bool { return slices.Contains(strings.Split(n, "|"), f) })
	})
	var judged []string
	for _, kind := range obligation.KindsFor(k.Kind) {
		judged = append(judged, "["+kind+"](../backtest/"+kind+".md)")
	}
	var b strings.Builder
	for _, line := range []struct{ words, what string }{
		{"Subject", k.Subject},
		{"Needs", strings.Join(needs, ", ")},
		{"Can carry", codes(more)},
		{"Judged from it", strings.Join(judged, ", ")},
	} {
		if line.what != "" {
			fmt.Fprintf(&b, "\n- %s: %s", line.words, line.what)
		}
	}
	return b.String() + "\n"
}

func codes(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "`" + strings.Join(names, "`, `") + "`"
}
