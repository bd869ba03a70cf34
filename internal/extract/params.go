package extract

import (
	"slices"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// askParams asks what an adjustment of a price can not do without and its clause seldom names: the price it starts from and the
// first day of a new one. Accepted without them it would sit in the register and compute nothing. Other kinds are asked where they
// are judged: reviewed terms fill their gaps.
func askParams(candidates []pact.Candidate) {
	for i := range candidates {
		c := &candidates[i]
		if c.Obligation == nil || c.Obligation.Kind != "price_escalator" {
			continue
		}
		for _, q := range obligation.Check(*c.Obligation) {
			if q.Code != "base_price" && q.Code != "first_adjustment" || slices.ContainsFunc(c.Obligation.Ambiguities, func(a pact.Ambiguity) bool { return a.Code == q.Code }) {
				continue
			}
			o := *c.Obligation
			o.Ambiguities = append(slices.Clone(o.Ambiguities), q)
			c.Obligation, c.Ambiguities = &o, o.Ambiguities
		}
	}
}
