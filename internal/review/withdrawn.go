package review

import (
	"slices"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// withdrawn refuses to publish an obligation, accepted as it was read, that can not be judged any more, because a term that said what it
// lacks was rejected or corrected to something else: nobody was asked when it was accepted. v is complete, the candidates are those of its review.
func withdrawn(v *pact.Version, candidates []pact.Candidate) error {
	var read []pact.Term
	for _, c := range candidates {
		if c.Subject == "term" && c.Value != nil {
			read = append(read, pact.Term{Name: c.Name, Value: *c.Value})
		}
	}
	for _, c := range candidates {
		if c.Subject != "obligation" || c.State != pact.CandidateAccepted || c.Obligation == nil {
			continue
		}
		o := *c.Obligation
		settled := c.DecidedObligation != nil && string(c.DecidedObligation.Params) == string(o.Params) // what it asked was answered by terms
		if c.DecidedObligation != nil {
			o = *c.DecidedObligation
		}
		i := slices.IndexFunc(v.Obligations, func(p pact.Obligation) bool { return p.Key == o.Key })
		if i < 0 {
			continue
		}
		before := obligation.Check(obligation.Complete(o, read))
		for _, q := range obligation.Check(v.Obligations[i]) {
			same := func(a pact.Ambiguity) bool { return a.Code == q.Code }
			if slices.ContainsFunc(before, same) && (!settled || !slices.ContainsFunc(c.Ambiguities, same)) {
				continue
			}
			return fault.New(fault.Conflict, "%s can not be judged without a term that was rejected or changed: %s Decide on the term again, or correct the obligation, then finish.", o.Title, q.Question)
		}
	}
	return nil
}
