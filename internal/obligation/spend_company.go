package obligation

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/matching"
	"github.com/pactloop/pactloop/internal/pact"
)

// companies are those that purchases name as the buyer. One that is named in several spellings is one, as the product tells companies apart
// everywhere; those that only resemble each other, as the names of a group do, are several.
type companies struct {
	seen    []string        // each in the spelling that came first; "" is the party to the contract
	written []matching.Name // the same, to compare
	known   map[string]string
}

// companiesBeside are the party to the contract, under the name that the clause gives it, and others; "" where it gives none.
func companiesBeside(party string) companies {
	c := companies{known: map[string]string{}}
	if party = strings.TrimSpace(party); party != "" {
		c.seen, c.written = []string{""}, []matching.Name{matching.NameOf(party)}
		c.known[party] = ""
	}
	return c
}

// of is the company that a purchase names, by its first spelling; "" is the party itself.
func (c *companies) of(spelling string) string {
	spelling = strings.TrimSpace(spelling)
	if spelling == "" {
		return ""
	}
	if company, ok := c.known[spelling]; ok {
		return company
	}
	name := matching.NameOf(spelling)
	i := slices.IndexFunc(c.written, func(n matching.Name) bool { return n.Same(name) })
	if i < 0 {
		i = len(c.seen)
		c.seen, c.written = append(c.seen, spelling), append(c.written, name)
	}
	c.known[spelling] = c.seen[i]
	return c.seen[i]
}

// purchasers are the companies that bought what counts, in a period and in the life of the clause before it.
type purchasers struct {
	all    []string // that bought until its end, on days on which the clause holds; "" is the party itself
	within []string // that bought in the period, and count
	first  map[string]pact.EventID
}

// add notes that a company bought; in says that it was in the period, and counts.
func (p *purchasers) add(company string, e *pact.Event, in bool) {
	if !slices.Contains(p.all, company) {
		p.all = append(p.all, company)
		if p.first == nil {
			p.first = map[string]pact.EventID{}
		}
		p.first[company] = eventID(e)
	}
	if in && !slices.Contains(p.within, company) {
		p.within = append(p.within, company)
	}
}

// before are the first purchases of the companies that bought nothing in the period.
func (p *purchasers) before() (ids []pact.EventID) {
	for _, company := range p.all {
		if !slices.Contains(p.within, company) {
			ids = append(ids, p.first[company])
		}
	}
	return ids
}

// several tells whether it is open who the buyer is, and whether the others count: more companies than one bought in the period, or one that is
// named did, and another one did before.
func (p *purchasers) several(el Eligible) bool {
	if el.Buyer != "" {
		return slices.ContainsFunc(p.within, func(c string) bool { return c != "" })
	}
	return len(p.within) > 1 || len(p.within) == 1 && p.within[0] != "" && len(p.all) > 1
}
