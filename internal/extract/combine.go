package extract

import (
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/pact"
)

// unlabelledCap is the highest confidence of a field for which no labelled contracts exist: just below the usual limit,
// so that a person always sees it.
var unlabelledCap = decimal.New(84, -2)

// Labelled tells whether precision was measured on labelled contracts for a field.
func Labelled(name string) bool {
	switch name {
	case "title", "parties", "agreement_date", "effective_date", "expiration_date", "renewal_term", "notice_period", "governing_law":
		return true
	}
	return false
}

// Combine puts the candidates of several extractors together, one per term or obligation.
//
// Where extractors agree the confidence rises as that of independent witnesses (never above 0.99, and never above 0.84
// for fields without labelled data). Where they differ the better verified, then the surer reading leads, every other
// stays as a rival, and the confidence does not pass 0.84: a conflict is for a person. A single list comes back as it
// was, duplicates apart.
func Combine(lists ...[]pact.Candidate) []pact.Candidate {
	var order []string
	groups := map[string][]pact.Candidate{}
	for _, list := range lists {
		for _, c := range list {
			key := c.Subject + "\x00" + c.Name
			if _, ok := groups[key]; !ok {
				order = append(order, key)
			}
			groups[key] = append(groups[key], c)
		}
	}
	out := make([]pact.Candidate, 0, len(order))
	for _, key := range order {
		c := merge(groups[key])
		c.Order = len(out)
		out = append(out, c)
	}
	return out
}

func merge(group []pact.Candidate) pact.Candidate {
	sort.SliceStable(group, func(i, j int) bool { return better(group[i], group[j]) })
	lead := group[0]
	lead.Rivals = append([]pact.Candidate(nil), lead.Rivals...)
	differ := false
	for _, c := range group[1:] {
		if same(lead, c) {
			if c.Extractor != lead.Extractor && !strings.Contains(lead.Extractor, c.Extractor) {
				lead.Confidence = together(lead.Confidence, c.Confidence)
				lead.Extractor += "+" + c.Extractor
			}
			continue
		}
		differ = true
		lead.Rivals = addRival(lead.Rivals, c)
	}
	limit := decimal.New(99, -2)
	if differ || !Labelled(lead.Name) {
		limit = unlabelledCap
	}
	if lead.Confidence.GreaterThan(limit) {
		lead.Confidence = limit
	}
	return lead
}

// better puts verified before repaired before unverified, a value before none, then the surer.
func better(a, b pact.Candidate) bool {
	if ra, rb := rank(a.Verification), rank(b.Verification); ra != rb {
		return ra > rb
	}
	if (a.Value == nil && a.Obligation == nil) != (b.Value == nil && b.Obligation == nil) {
		return b.Value == nil && b.Obligation == nil
	}
	return a.Confidence.GreaterThan(b.Confidence)
}

func rank(v pact.Verification) int {
	switch v {
	case pact.Verified:
		return 2
	case pact.Repaired:
		return 1
	}
	return 0
}

func same(a, b pact.Candidate) bool {
	switch {
	case a.Value != nil && b.Value != nil:
		return a.Value.Equal(*b.Value)
	case a.Obligation != nil && b.Obligation != nil:
		return string(a.Obligation.Params) == string(b.Obligation.Params)
	}
	return a.Value == nil && b.Value == nil && a.Obligation == nil && b.Obligation == nil
}

func addRival(rivals []pact.Candidate, c pact.Candidate) []pact.Candidate {
	nested := c.Rivals
	c.Rivals = nil
	for _, r := range append([]pact.Candidate{c}, nested...) {
		known := false
		for _, x := range rivals {
			known = known || same(x, r)
		}
		if !known {
			rivals = append(rivals, r)
		}
	}
	return rivals
}

// together is 1 - (1-a)(1-b), cut to four decimals.
func together(a, b decimal.Decimal) decimal.Decimal {
	one := decimal.NewFromInt(1)
	return one.Sub(one.Sub(a).Mul(one.Sub(b))).Truncate(4)
}
