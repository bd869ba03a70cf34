package review

import (
	"slices"
	"strings"
	"unicode"

	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// What an amendment inserts ends nothing, so an obligation of an inserted clause does not take the place of the one that is
// tracked under its key without a word: "Supplier shall also maintain cyber insurance" beside the general liability of another clause. It looks
// like the tracked one, and a person says whether it is the same, with other words, or another. Another one gets a key with its clause.

// alikeInserted says that an obligation stands in an inserted clause, and the tracked one of its key in a clause that stays.
const alikeInserted = "inserted"

// besideItsKey is the tracked obligation under whose key one of an inserted clause was read; nil where it was said before which it is.
func (r register) besideItsKey(c pact.Candidate, o *pact.Obligation, all []pact.Candidate) *pact.Obligation {
	var beside *pact.Obligation
	for i, x := range r.rows {
		switch {
		case x.Key != o.Key:
		case x.ContractID == c.ContractID:
			return nil
		case x.Kind == o.Kind && beside == nil:
			beside = &r.rows[i]
		}
	}
	if op := operationOver(c, all); beside == nil || op == nil || op.Kind != pact.Insert || insertedKey("", op.Target) == "" {
		return nil
	}
	return beside
}

// besideKey is the key of an obligation of an inserted clause that is another one than the tracked one.
func besideKey(c pact.Candidate, key string, all []pact.Candidate) string {
	return insertedKey(key, operationOver(c, all).Target)
}

// insertedKey adds the number of a clause to a key; "" where the clause has none.
func insertedKey(key, clause string) string {
	clause = strings.Trim(strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || c == '.' {
			return unicode.ToLower(c)
		}
		return '-'
	}, clause), "-.")
	if clause == "" {
		return ""
	}
	return key + "-" + clause
}

// ofInserted gives obligations that stand in the new words of a clause which an earlier amendment inserted the key under which that clause's
// are tracked.
func (r register) ofInserted(candidates []pact.Candidate) {
	for i := range candidates {
		c := &candidates[i]
		if c.Subject != "obligation" || c.Obligation == nil {
			continue
		}
		op := operationOver(*c, candidates)
		if op == nil || op.Kind == pact.Insert || op.Kind == pact.Restate {
			continue
		}
		key := insertedKey(c.Obligation.Key, op.Target)
		if key == "" || !slices.ContainsFunc(r.rows, func(x pact.Obligation) bool { return x.Key == key && x.Kind == c.Obligation.Kind }) {
			continue
		}
		o := *c.Obligation
		o.Key = key
		c.Obligation = &o
	}
}

// operationOver is the operation whose new words an obligation stands in: the last one before it in the text, where both stand in one clause, or
// the obligation in the clause that the operation gives; nil is none.
func operationOver(o pact.Candidate, all []pact.Candidate) *pact.Operation {
	at := firstPassage(o)
	if at == nil {
		return nil
	}
	var last pact.Candidate
	from := -1
	for _, c := range all {
		if c.Subject != "operation" || operationOf(c) == nil || c.State == pact.CandidateRejected || c.State == pact.CandidateSuperseded {
			continue
		}
		if p := firstPassage(c); p != nil && p.TextID == at.TextID && p.Start <= at.Start && p.Start > from {
			last, from = c, p.Start
		}
	}
	if from < 0 {
		return nil
	}
	op := operationOf(last)
	if op.Target != "" && effective.Within(at.Clause, op.Target) || slices.ContainsFunc(last.Evidence, func(e pact.Evidence) bool {
		return e.Passage != nil && (e.Passage.Clause == at.Clause || e.Passage.Clause != "" && effective.Within(at.Clause, e.Passage.Clause))
	}) {
		return op
	}
	return nil
}

// operationOf is the operation of a candidate, as it was decided or else read.
func operationOf(c pact.Candidate) *pact.Operation {
	if v := decided(c); v != nil {
		return v.Operation
	}
	return nil
}

func firstPassage(c pact.Candidate) *pact.Passage {
	for _, e := range c.Evidence {
		if e.Passage != nil {
			return e.Passage
		}
	}
	return nil
}
