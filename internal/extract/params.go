package extract

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// follow makes of what was read what is judged, where its words give something to count (obligation.AsJudged).
func follow(candidates []pact.Candidate) {
	var all []pact.Obligation
	for _, c := range candidates {
		if c.Obligation != nil {
			all = append(all, *c.Obligation)
		}
	}
	var each func(list []pact.Candidate)
	each = func(list []pact.Candidate) {
		for i := range list {
			if c := &list[i]; c.Obligation != nil {
				if o, ok := obligation.AsJudged(*c.Obligation, all); ok {
					c.Obligation = &o
				}
			}
			each(list[i].Rivals)
		}
	}
	each(candidates)
}

// askParams asks what the kinds can not judge without: it would sit in the register and compute nothing. What terms of the same reading
// say is not asked; at publication the reviewed terms fill it (obligation.Complete). An unverified reading says nothing: left out would be
// a question that only its rejection asks.
func askParams(candidates []pact.Candidate) {
	var terms []pact.Term
	for _, c := range candidates {
		if c.Subject == "term" && c.Value != nil && c.Verification != pact.Unverified {
			terms = append(terms, pact.Term{Name: c.Name, Value: *c.Value})
		}
	}
	for i := range candidates {
		c := &candidates[i]
		if c.Obligation == nil {
			continue
		}
		if o := Asked(*c.Obligation, terms); len(o.Ambiguities) > len(c.Obligation.Ambiguities) {
			c.Obligation, c.Ambiguities = &o, o.Ambiguities
		}
	}
}

// Asked gives an obligation the questions that its kind can not judge without, beside those that it has already. terms are those from
// which it is completed when it is published.
func Asked(o pact.Obligation, terms []pact.Term) pact.Obligation {
	for _, q := range obligation.Check(obligation.Complete(o, terms)) {
		if !slices.ContainsFunc(o.Ambiguities, func(a pact.Ambiguity) bool { return sameQuestion(a, q.Code) }) {
			o.Ambiguities = append(slices.Clone(o.Ambiguities), q)
		}
	}
	return o
}

// sameQuestion tells whether what the reading asks and what the kind asks is one thing: that the hours are unclear, and that there are none; which of
// two readings holds, and that there is none.
func sameQuestion(a pact.Ambiguity, code string) bool {
	return a.Code == code || strings.HasPrefix(a.Code, "hours") && strings.HasPrefix(code, "hours") || len(a.Readings) > 0 && strings.HasSuffix(code, "_missing")
}
