package grammar

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Where a clause begins is read from the end of its text; looking for the last place of each word tells the same.
func TestAClauseBeginsBehindTheLastOfTheWordsThatLeadToOne(t *testing.T) {
	t.Parallel()
	pieces := append([]string{"a", " ", ",", "; ", ": ", "the Supplier", " and", "or ", "é"}, clauseLeads[:]...)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 10).Draw(t, "text"), "")
		want := -1
		for _, w := range clauseLeads {
			if k := strings.LastIndex(text, w); k >= 0 && k+len(w) > want && (w != " or " || strings.Contains(text[k:], ",")) {
				want = k + len(w)
			}
		}
		if got := lastLead(text); got != want {
			t.Fatalf("in %q a clause begins at %d, told is %d", text, want, got)
		}
		if got, want := lastBreak(text), max(strings.LastIndex(text, "; ")+1, strings.LastIndex(text, ": ")+1); got != want {
			t.Fatalf("%q breaks at %d, told is %d", text, want, got)
		}
		for _, w := range clauseLeads {
			if len(w) > longestLead {
				t.Fatalf("%q is longer than the longest", w)
			}
		}
	})
}

// A key tells most words from verbs of duties, and never hides one.
func TestEveryFormOfAVerbOfDutiesIsTold(t *testing.T) {
	t.Parallel()
	for form := range dutyForms() {
		if !ofDuty(form) {
			t.Errorf("%q is a form of a verb of duties", form)
		}
	}
	for verb := range dutyVerbs() {
		if !ofDuty(verb) {
			t.Errorf("%q is a verb of duties", verb)
		}
	}
	for _, w := range []string{"", "the", "customer", "agreement"} {
		if ofDuty(w) {
			t.Errorf("%q is no verb of duties", w)
		}
	}
}
