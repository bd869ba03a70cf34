package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

// decidedBefore is what people decided of the amended contract and its other amendments, as agreed last.
type decidedBefore struct {
	line effective.Timeline
}

const agreedLast = calendar.Date("9999-12-31")

// carry gives a change of words what people decided of the clause where its words stay: the reading with the new words starts from what
// stands in the register, and not from the clause as a machine read it. What can not be kept beside the new words is asked.
func (b decidedBefore) carry(change extract.Change) extract.Change {
	if change.After.Obligation != nil {
		return b.carryObligation(change)
	}
	r := b.line.Term(change.After.Name, agreedLast)
	if change.After.Value == nil || change.Before.Value == nil || r.Winner == nil {
		return change
	}
	if was := r.Winner.Term.Value; !effective.Holds(change.After.Name, was, *change.Before.Value) {
		change.After.Ambiguities = append(slices.Clone(change.After.Ambiguities), pact.Ambiguity{
			Code:     "reworded",
			Question: fmt.Sprintf("The register has %s where the text was read as %s; with the new words it is read as %s. What is it from then on?", was, change.Before.Value, change.After.Value),
			Readings: readings(change.After.Value, &was),
		})
	}
	return change
}

func (b decidedBefore) carryObligation(change extract.Change) extract.Change {
	now := *change.After.Obligation
	var kept, asked []pact.Ambiguity
	r := b.line.Obligation(keyOf(change.After), agreedLast)
	was := change.Before.Obligation
	switch {
	case r.Winner == nil || was == nil:
		kept = now.Ambiguities
	case r.Winner.Obligation.Kind != now.Kind || was.Kind != now.Kind:
		kept = now.Ambiguities
		if r.Winner.Obligation.Kind != was.Kind {
			asked = append(asked, pact.Ambiguity{Code: "reworded", Question: fmt.Sprintf("The register follows this as %s, and the clause with its new words reads as %s. What holds from then on?",
				strings.ReplaceAll(r.Winner.Obligation.Kind, "_", " "), strings.ReplaceAll(now.Kind, "_", " "))})
		}
	default:
		stands := *r.Winner.Obligation
		params, lost := merged(stands.Params, was.Params, now.Params)
		now.Params = params
		if was.Title == now.Title {
			now.Title = stands.Title
		}
		if was.Bearer == now.Bearer {
			now.Bearer = stands.Bearer
		}
		for _, q := range now.Ambiguities { // what the clause asked before was answered when it was decided
			if !slices.ContainsFunc(was.Ambiguities, func(o pact.Ambiguity) bool { return o.Code == q.Code && o.Question == q.Question }) {
				kept = append(kept, q)
			}
		}
		if len(lost) > 0 {
			asked = append(asked, pact.Ambiguity{Code: "reworded", Question: fmt.Sprintf("The register has another %s than the text was read to say, and the new words change just that. What holds from then on?", strings.Join(lost, " and "))})
		}
	}
	now.Ambiguities = append(slices.Clone(kept), asked...)
	now = extract.Asked(now, b.terms())
	change.After.Obligation, change.After.Ambiguities = &now, now.Ambiguities
	return change
}

// terms are the terms in force from which an obligation is completed when it is published.
func (b decidedBefore) terms() []pact.Term {
	var out []pact.Term
	for _, spec := range pact.TermSpecs() {
		if r := b.line.Term(spec.Name, agreedLast); r.Winner != nil {
			out = append(out, *r.Winner.Term)
		}
	}
	return out
}

// merged is what stands with the differences between two readings put on it. lost names the members in which both what stands and the
// new reading are other than the old reading, so that one of them can not be kept.
func merged(stands, was, now json.RawMessage) (out json.RawMessage, lost []string) {
	var s, w, n any
	for _, p := range []struct {
		raw  json.RawMessage
		into *any
	}{{stands, &s}, {was, &w}, {now, &n}} {
		d := json.NewDecoder(bytes.NewReader(p.raw))
		d.UseNumber() // numbers stay as they are written
		if d.Decode(p.into) != nil {
			return now, nil
		}
	}
	v := merge("", s, w, n, &lost)
	raw, err := json.Marshal(v)
	if err != nil {
		return now, nil
	}
	return raw, lost
}

func merge(name string, stands, was, now any, lost *[]string) any {
	switch {
	case same(was, now):
		return stands
	case same(stands, was), same(stands, now):
		return now
	}
	if n, ok := now.(map[string]any); ok {
		s, isObject := stands.(map[string]any)
		w, wasObject := was.(map[string]any)
		if isObject && wasObject {
			out := map[string]any{}
			for key := range s {
				out[key] = nil
			}
			for key := range n {
				out[key] = nil
			}
			for key := range out {
				_, stays := s[key]
				_, comes := n[key]
				if out[key] = merge(strings.ReplaceAll(key, "_", " "), s[key], w[key], n[key], lost); out[key] == nil && !stays && !comes {
					delete(out, key)
				}
			}
			return out
		}
	}
	if n, ok := now.([]any); ok {
		s, isList := stands.([]any)
		w, wasList := was.([]any)
		if isList && wasList && len(s) == len(w) && len(w) == len(n) {
			out := make([]any, len(n))
			for i := range n {
				out[i] = merge(name, s[i], w[i], n[i], lost)
			}
			return out
		}
	}
	if name != "" && !slices.Contains(*lost, name) {
		*lost = append(*lost, name)
		slices.Sort(*lost)
	}
	return now
}

// same compares two members; one that is absent is as one that says nothing.
func same(a, b any) bool { return empty(a) && empty(b) || reflect.DeepEqual(a, b) }

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case json.Number:
		return v == "0"
	case []any:
		return len(v) == 0
	case map[string]any:
		for _, member := range v {
			if !empty(member) {
				return false
			}
		}
		return true
	}
	return false
}
