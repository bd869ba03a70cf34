package effective

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// adds tells whether what an inserted clause says of a term stands beside what the contract says of it: a second insurance ends the first one no
// more than a second law would be one beside the first.
func adds(term string) bool { return term == "insurance_limits" }

// together resolves a term of which inserted clauses say something, too: what the contract says, and what each of these clauses does, each with
// what later amendments made of it. What holds is all of it, in the order of the clauses' coming in.
func (t Timeline) together(name string, on calendar.Date) Resolution {
	key := "term " + name
	parts := map[string][]Entry{}
	order := []string{""}
	names := aliases{}
	for _, c := range t.changes {
		if c.Kind == pact.Retitle {
			names.add(c.Target, c.NewTarget)
		}
	}
	for _, c := range t.changes {
		if clause := names.old(c.Target); c.Kind == pact.Insert && c.Target != "" && !slices.Contains(order, clause) {
			order = append(order, clause)
		}
	}
	for _, e := range t.byName[key] {
		part := ""
		if standing := e.clauses(t.changes); e.Source.Amends && len(standing) > 0 && !t.sameDuty(e) {
			for _, clause := range order[1:] {
				if !slices.ContainsFunc(standing, func(s string) bool { return !within(names.old(s), clause) }) {
					part = clause
				}
			}
		}
		parts[part] = append(parts[part], e)
	}
	if len(parts) < 2 {
		return t.resolve(key, on)
	}
	var said []Resolution
	var ended []Loser
	for _, part := range order {
		if len(parts[part]) == 0 {
			continue
		}
		one := t
		one.byName = map[string][]Entry{key: parts[part]}
		r := one.resolve(key, on)
		if len(r.Ambiguities) > 0 {
			return r // the question comes before what else holds
		}
		if r.Winner == nil {
			ended = append(ended, r.Losers...)
			continue
		}
		said = append(said, r)
	}
	if len(said) == 0 {
		return t.resolve(key, on)
	}
	r := said[0]
	var texts []string
	var evidence []pact.Evidence
	last := *said[0].Winner
	for i, s := range said {
		texts = append(texts, s.Winner.Term.Value.Text)
		evidence = append(evidence, s.Winner.Term.Evidence...)
		if s.Winner.Later(last) {
			last = *s.Winner
		}
		if i > 0 {
			r.Losers = append(slices.Clone(r.Losers), s.Losers...)
			r.Trace = append(slices.Clone(r.Trace), s.Trace...)
		}
	}
	r.Losers = append(slices.Clone(r.Losers), ended...)
	if len(said) == 1 {
		return r
	}
	term := *last.Term
	term.Value, term.Evidence = pact.Text(strings.Join(texts, partsApart)), evidence
	last.Term = &term
	r.Winner, r.Rule = &last, "what an inserted clause says stands beside what the contract says: an insertion ends nothing"
	r.Trace = append(r.Trace, pact.TraceStep{Rule: r.Rule, Inputs: strings.Join(texts, " | "), Result: term.Value.Text, Clause: clause(last)})
	return r
}

// partsApart stands between what the contract says and what an inserted clause does.
const partsApart = "; "

// Holds tells whether what is in force of a term is a value, or has it as what one of its clauses says.
func Holds(term string, stands, said pact.Value) bool {
	return stands.String() == said.String() || adds(term) && said.Text != "" && strings.Contains(partsApart+stands.Text+partsApart, partsApart+said.Text+partsApart)
}

// sameDuty tells whether a person took the duty that an inserted clause states for the one the contract has, with other words: then its term
// takes the place of the contract's, too.
func (t Timeline) sameDuty(e Entry) bool {
	for _, entries := range t.byName {
		own := slices.ContainsFunc(entries, func(o Entry) bool {
			return o.Obligation != nil && o.Obligation.Kind == "certificate" && sameDocument(o.Source, e.Source) && sharesPassage(o.Obligation.Evidence, e.Term.Evidence)
		})
		if own && slices.ContainsFunc(entries, func(o Entry) bool { return !o.Source.Amends }) {
			return true
		}
	}
	return false
}

// sharesPassage tells whether two lists of evidence have a stretch of one text in common.
func sharesPassage(a, b []pact.Evidence) bool {
	return slices.ContainsFunc(a, func(x pact.Evidence) bool {
		return x.Passage != nil && slices.ContainsFunc(b, func(y pact.Evidence) bool {
			return y.Passage != nil && x.Passage.TextID == y.Passage.TextID && x.Passage.Start < y.Passage.End && y.Passage.Start < x.Passage.End
		})
	})
}
