package extract

import (
	"slices"

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

// asked are the questions to put at the review: what an adjustment of a price can not do without and its clause seldom names, and by when
// a duty is due that only comes again. Accepted without them it would sit in the register and compute nothing. Other kinds are asked
// where they are judged: reviewed terms fill their gaps.
func asked(o *pact.Obligation, code string) bool {
	return o.Duty != "" || o.Kind == "price_escalator" && (code == "base_price" || code == "first_adjustment")
}

// askParams asks them.
func askParams(candidates []pact.Candidate) {
	for i := range candidates {
		c := &candidates[i]
		if c.Obligation == nil {
			continue
		}
		for _, q := range obligation.Check(*c.Obligation) {
			if !asked(c.Obligation, q.Code) || slices.ContainsFunc(c.Obligation.Ambiguities, func(a pact.Ambiguity) bool { return a.Code == q.Code }) {
				continue
			}
			o := *c.Obligation
			o.Ambiguities = append(slices.Clone(o.Ambiguities), q)
			c.Obligation, c.Ambiguities = &o, o.Ambiguities
		}
	}
}
