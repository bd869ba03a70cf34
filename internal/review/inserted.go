package review

import (
	"strings"
	"unicode"

	"github.com/pactloop/pactloop/internal/pact"
)

// What an amendment inserts ends nothing (domain.md 4.9), so an obligation of an inserted clause does not take the place of the one that is
// tracked under its key: "Supplier shall also maintain cyber insurance" beside the general liability of another clause. It gets a key with the
// number of its clause, and looks like the tracked one: a person says whether it is the same, with other words, or another.

// alikeInserted says that an obligation stands in an inserted clause, and the other one in a clause that stays.
const alikeInserted = "inserted"

// besideTracked gives obligations of inserted clauses whose keys are tracked a key of their own. What the document itself has under its key
// already was decided before.
func (r register) besideTracked(con pact.ContractID, candidates []pact.Candidate) {
	for i := range candidates {
		c := &candidates[i]
		if c.Subject != "obligation" || c.Obligation == nil || c.Obligation.Key != c.Name {
			continue
		}
		clause := insertedIn(*c, candidates)
		if clause == "" || !r.has(c.Obligation.Key, c.Obligation.Kind, func(id pact.ContractID) bool { return id != con }) ||
			r.has(c.Obligation.Key, c.Obligation.Kind, func(id pact.ContractID) bool { return id == con }) {
			continue
		}
		o := *c.Obligation
		o.Key += "-" + clause
		c.Obligation = &o
	}
}

// has tells whether an obligation of a kind is tracked under a key for one of some contracts.
func (r register) has(key, kind string, of func(pact.ContractID) bool) bool {
	for _, x := range r.rows {
		if x.Key == key && x.Kind == kind && of(x.ContractID) {
			return true
		}
	}
	return false
}

// insertedIn is the number, for a key, of the inserted clause in which an obligation stands: the operation before it in the same clause of the
// amendment inserts. "" is none.
func insertedIn(o pact.Candidate, all []pact.Candidate) string {
	at := firstPassage(o)
	if at == nil {
		return ""
	}
	var last *pact.Operation
	from := -1
	for i := range all {
		c := all[i]
		if c.Subject != "operation" || c.Value == nil || c.Value.Operation == nil || c.State == pact.CandidateRejected {
			continue
		}
		if p := firstPassage(c); p != nil && p.TextID == at.TextID && p.Clause == at.Clause && p.Start <= at.Start && p.Start > from {
			last, from = c.Value.Operation, p.Start
		}
	}
	if last == nil || last.Kind != pact.Insert {
		return ""
	}
	return strings.Trim(strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || c == '.' {
			return unicode.ToLower(c)
		}
		return '-'
	}, last.Target), "-")
}

func firstPassage(c pact.Candidate) *pact.Passage {
	for _, e := range c.Evidence {
		if e.Passage != nil {
			return e.Passage
		}
	}
	return nil
}

// insertedBeside tells whether a tracked obligation has the key as which one of an inserted clause was read.
func insertedBeside(c pact.Candidate, o *pact.Obligation, x pact.Obligation) bool {
	return c.Obligation != nil && o.Key == c.Obligation.Key && strings.HasPrefix(o.Key, c.Name+"-") && x.Key == c.Name && x.Kind == o.Kind
}
