package backtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Terms is what a file of terms holds: the terms and obligations of a contract as the register keeps them (a published
// version), what changes them later, and what they refer to. A version as the API gives it is such a file, and so is what
// `pactloop extract --json` prints (see extraction).
type Terms struct {
	Document
	// Documents are amendments and other documents of the family, each with the date it holds from.
	Documents []Document `json:"documents,omitempty"`
	// Calendars are business hours that parameters refer to by name alone.
	Calendars []calendar.Hours `json:"calendars,omitempty"`
	// Charges are the fees by service and month, where they are not given as events.
	Charges []pact.Charge `json:"charges,omitempty"`

	// What a version carries besides; it has no influence.
	ID           json.RawMessage `json:"id,omitempty"`
	BusinessUnit json.RawMessage `json:"business_unit,omitempty"`
	ReviewID     json.RawMessage `json:"review_id,omitempty"`
	Number       json.RawMessage `json:"number,omitempty"`
	PublishedBy  json.RawMessage `json:"published_by,omitempty"`
}

// Document is what one document of the family says.
type Document struct {
	Title string `json:"title,omitempty"` // "Amendment No. 1", shown in the trace
	// Rank is the place in an explicit order of precedence: 1 governs over 2; 0 is no order.
	Rank          int                      `json:"rank,omitempty"`
	EffectiveFrom calendar.Date            `json:"effective_from,omitempty"`
	PublishedAt   time.Time                `json:"published_at,omitzero"` // when it became known: what a retroactive amendment changes is a correction as of then
	ContractID    pact.ContractID          `json:"contract_id,omitempty"`
	Terms         []pact.Term              `json:"terms,omitempty"`
	Obligations   []pact.Obligation        `json:"obligations,omitempty"`
	Operations    []pact.ReviewedOperation `json:"operations,omitempty"` // what an amendment does: replace, delete, extend …
}

// maxFile bounds a file of terms.
const maxFile = 32 << 20

// ReadTerms reads a file of terms. It fails with fault.Invalid, one detail for each thing that is wrong with its JSON pointer.
func ReadTerms(name string, raw []byte) (Terms, error) {
	if len(raw) > maxFile {
		return Terms{}, fault.New(fault.Invalid, "%s: the file is larger than %d MiB.", name, maxFile>>20)
	}
	var t Terms
	raw = bytes.TrimPrefix(raw, byteOrderMark)
	if !json.Valid(raw) {
		return t, wrong(name, []Problem{{"", syntaxOf(raw)}})
	}
	if pointer, twice, _ := repeated(raw); twice {
		return t, wrong(name, []Problem{{pointer, "this member is given twice"}})
	}
	if bytes.TrimSpace(raw)[0] == '[' { // a list of obligations alone
		raw = append(append([]byte(`{"obligations":`), raw...), '}')
	}
	own := 0 // what was read in a document may be wrong: its mistakes are questions
	var problems []Problem
	if isExtraction(raw) {
		t, problems = accepted(raw)
	} else {
		if problems = unfit("", raw, reflect.TypeFor[Terms]()); len(problems) == 0 {
			if err := json.Unmarshal(raw, &t); err != nil {
				problems = []Problem{{"", err.Error()}}
			}
		}
		own = len(t.Obligations)
	}
	if len(problems) > 0 {
		return t, wrong(name, problems)
	}
	problems = t.Document.check("", own, t.Calendars)
	for i := range t.Documents {
		d := &t.Documents[i]
		problems = append(problems, d.check(fmt.Sprintf("/documents/%d", i), len(d.Obligations), t.Calendars)...)
	}
	if len(problems) == 0 && !t.promises() {
		problems = append(problems, Problem{"/obligations", "there is no obligation to judge"})
	}
	if len(problems) > 0 {
		return t, wrong(name, problems)
	}
	if _, err := calendar.NewSet(t.Calendars...); err != nil {
		return t, wrong(name, []Problem{{"/calendars", err.Error()}})
	}
	return t, nil
}

// promises tells whether any document states an obligation, or changes one.
func (t *Terms) promises() bool {
	return slices.ContainsFunc(append([]Document{t.Document}, t.Documents...), func(d Document) bool {
		return len(d.Obligations)+len(d.Operations) > 0
	})
}

// check looks into the parameters of each obligation, which only its kind can read, and completes them from the terms. What is
// given and can not be used is refused for the first own obligations, by the check that a published version passes; those after them were
// candidates of an extraction, whose mistakes are questions to a person.
func (d *Document) check(at string, own int, hours []calendar.Hours) []Problem {
	var out []Problem
	for i := range d.Operations {
		open := d.Operations[i].Kind == pact.Extend && d.Operations[i].By == nil && d.Operations[i].To == "" // how long is asked
		if member, why := d.Operations[i].Wrong(); why != "" && own == len(d.Obligations) && !open {
			out = append(out, Problem{fmt.Sprintf("%s/operations/%d/%s", at, i, member), why})
		}
	}
	keys := map[string]bool{}
	for i := range d.Obligations {
		o := &d.Obligations[i]
		here := fmt.Sprintf("%s/obligations/%d", at, i)
		if o.Kind == "" {
			out = append(out, Problem{here + "/kind", "the kind is needed; `pactloop backtest --schema` lists them"})
			continue
		}
		if o.Key == "" {
			o.Key = o.Kind
		}
		if keys[o.Key] {
			out = append(out, Problem{here + "/key", fmt.Sprintf("two obligations of one document have the key %q", short(o.Key))})
		}
		keys[o.Key] = true
		if f := o.InForce; i < own && f.From != "" && f.Until != "" && f.From >= f.Until {
			out = append(out, Problem{here + "/in_force/until", fmt.Sprintf("%s is not after %s: the obligation would never be in force (until is the first day on which it no longer is)", f.Until, f.From)})
		}
		k, err := obligation.KindOf(o.Kind)
		if err != nil {
			// What was read in a document is kept, and listed as not judged; what somebody wrote here is a mistake.
			if i < own && o.ID == "" && len(o.Evidence) == 0 {
				out = append(out, Problem{here + "/kind", fmt.Sprintf("%q is not known here; use one of %s", short(o.Kind), strings.Join(kinds(), ", "))})
			}
			continue
		}
		if len(o.Params) == 0 {
			o.Params = json.RawMessage("{}")
		}
		if len(out) >= maxProblems {
			continue
		}
		if problems := unfit(here+"/params", o.Params, reflect.TypeOf(k.Params())); len(problems) > 0 {
			out = append(out, problems...)
			continue
		}
		*o = obligation.Complete(*o, d.Terms)
		if i >= own {
			continue
		}
		for _, u := range obligation.Unusable(*o) {
			if malformed(u.Field) && (u.Field != "hours" || !namesOneOf(*o, hours)) {
				out = append(out, Problem{strings.TrimSuffix(here+"/params/"+strings.ReplaceAll(u.Field, ".", "/"), "/"), u.Message})
			}
		}
	}
	return out
}

// malformed tells whether a parameter that can not be used is a mistake of whoever wrote it. Of the others the words may well say
// what they say, and the report asks what is meant.
func malformed(member string) bool {
	switch member {
	case "alerts", "cap_percent", "claim_days", "currency", "error_threshold", "hours", "minimum_payable", "minimum_span_minutes", "renewal_alerts", "sample_minutes", "target", "thresholds", "zone":
		return true
	}
	return false
}

func kinds() []string {
	var names []string
	for _, k := range obligation.All() {
		names = append(names, k.Name())
	}
	return names
}

// namesOneOf tells whether the hours of an obligation are only a name that the file explains: the register asks, we need not.
func namesOneOf(o pact.Obligation, hours []calendar.Hours) bool {
	return slices.ContainsFunc(hours, func(h calendar.Hours) bool { return strings.Contains(string(o.Params), `"`+h.Name+`"`) })
}

// timeline puts the documents together as they were known at an instant; the zero instant knows all.
func (t Terms) timeline(known time.Time) effective.Timeline {
	docs := append([]Document{t.Document}, t.Documents...)
	var entries []effective.Entry
	for i, d := range docs {
		if !known.IsZero() && d.PublishedAt.After(known) {
			continue
		}
		title := d.Title
		switch {
		case title != "":
		case i == 0:
			title = "Contract"
		default:
			title = fmt.Sprintf("Document %d", i)
		}
		v := pact.Version{ContractID: d.ContractID, Terms: d.Terms, Obligations: d.Obligations, Operations: d.Operations, EffectiveFrom: d.EffectiveFrom, PublishedAt: d.PublishedAt}
		if i > 0 {
			entries = append(entries, effective.FromAmendment(v, title, d.Rank)...)
			continue
		}
		entries = append(entries, effective.FromVersion(v, title, d.Rank)...)
	}
	return effective.New(entries)
}

func syntaxOf(raw []byte) string {
	var v any
	err := json.Unmarshal(raw, &v)
	if s, ok := err.(*json.SyntaxError); ok { //nolint:errorlint // json.Unmarshal gives it bare
		line, column := 1, 1
		for _, b := range raw[:min(int(s.Offset), len(raw))] {
			column++
			if b == '\n' {
				line, column = line+1, 1
			}
		}
		return fmt.Sprintf("this is no JSON: line %d, column %d: %v", line, column-1, err)
	}
	return fmt.Sprintf("this is no JSON: %v", err)
}
