package review

import (
	"fmt"
	"slices"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Settled shows candidates as they stand after the answers that were given so far: an obligation that was read from the same words as
// a term asks the same question, and the answer at the term settles it there too. The obligation still waits for its own decision;
// only what is asked of it, and what it says, changes. What is stored stays as it was read, so that taking the answer back asks again.
func Settled(all []pact.Candidate) []pact.Candidate {
	out := slices.Clone(all)
	for i := range out {
		out[i], _ = settled(out[i], all)
	}
	return out
}

// settled is a candidate with the questions taken off that a decided term of its review answers, and those answers in words.
func settled(c pact.Candidate, all []pact.Candidate) (pact.Candidate, []string) {
	if c.Subject != "obligation" || c.Obligation == nil || !isOpen(c.State) || len(c.Ambiguities) == 0 {
		return c, nil
	}
	o := *c.Obligation
	var answers []string
	answered := func(q pact.Ambiguity) bool {
		for _, t := range all {
			v := decided(t)
			if t.Subject != "term" || v == nil || t.State != pact.CandidateAccepted && t.State != pact.CandidateCorrected {
				continue
			}
			same := func(x pact.Ambiguity) bool { return x.Code == q.Code && x.Question == q.Question }
			if !slices.ContainsFunc(t.Ambiguities, same) {
				if gives(*c.Obligation, t.Name, *v, same) { // at publication the term completes it
					answers = append(answers, fmt.Sprintf("%s was decided: %s", t.Label, v.String()))
					return true
				}
				continue
			}
			if with, ok := obligation.WithTerm(o, t.Name, *v); ok {
				o = with
				answers = append(answers, fmt.Sprintf("%s was decided: %s", t.Label, v.String()))
				return true
			}
		}
		return false
	}
	left := slices.DeleteFunc(slices.Clone(c.Ambiguities), answered)
	if len(answers) == 0 {
		return c, nil
	}
	o.Ambiguities = slices.DeleteFunc(slices.Clone(o.Ambiguities), func(q pact.Ambiguity) bool {
		return !slices.ContainsFunc(left, func(x pact.Ambiguity) bool { return x.Code == q.Code && x.Question == q.Question })
	})
	c.Obligation, c.Ambiguities, c.Label = &o, left, o.Title
	return c, answers
}

// gives tells whether an obligation asks something for want of a term, which the term says.
func gives(o pact.Obligation, name string, v pact.Value, question func(pact.Ambiguity) bool) bool {
	asked := obligation.Check(o)
	left := obligation.Check(obligation.Complete(o, []pact.Term{{Name: name, Value: v}}))
	return slices.ContainsFunc(asked, question) && !slices.ContainsFunc(left, question) && len(left) < len(asked)
}
