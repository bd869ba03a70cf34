package pact_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/pact"
)

func TestEveryKindOfEventIsDescribed(t *testing.T) {
	t.Parallel()
	f, _ := reflect.TypeFor[pact.Event]().FieldByName("Kind")
	var described []string
	for _, k := range pact.EventKinds() {
		described = append(described, k.Kind)
		if k.Title == "" || k.Subject == "" {
			t.Errorf("%s has no title, or does not say what its subject is", k.Kind)
		}
		columns := k.Columns() // takes every path apart, and knows each
		for _, need := range k.Needs {
			for path := range strings.SplitSeq(need, "|") {
				if !slices.ContainsFunc(columns, func(c pact.EventField) bool { return c.Path == path || strings.HasPrefix(c.Path, path+".") }) {
					t.Errorf("%s needs %s, which no column can hold", k.Kind, path)
				}
			}
		}
	}
	if want := strings.Split(f.Tag.Get("enum"), ","); !slices.Equal(described, want) {
		t.Errorf("described are\n%v\nthe type allows\n%v", described, want)
	}
}

func TestColumnsOfAnInvoiceAreItsFieldsAndThoseOfItsLines(t *testing.T) {
	t.Parallel()
	k, ok := pact.EventKindOf("invoice")
	if !ok {
		t.Fatal("there are no invoices")
	}
	types := map[string]string{}
	for _, c := range k.Columns() {
		types[c.Path] = c.Type
		if c.Line != strings.HasPrefix(c.Path, "data.lines.") {
			t.Errorf("%s: line %t", c.Path, c.Line)
		}
	}
	for path, want := range map[string]string{
		"external_id": "text", "occurred_at": "instant", "data.date": "date", "data.amount.value": "number", "data.amount.currency": "currency",
		"data.lines.item": "text", "data.lines.quantity": "number", "data.lines.price.value": "number", "data.lines.date": "date",
	} {
		if types[path] != want {
			t.Errorf("%s is %q, want %q", path, types[path], want)
		}
	}
}
