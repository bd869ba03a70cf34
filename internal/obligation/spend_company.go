package obligation

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/matching"
	"github.com/pactloop/pactloop/internal/pact"
)

// companies are those that purchases name as the buyer. One that is named in several spellings is one.
type companies struct {
	party string            // the buyer that the clause names; "" where it names none
	seen  []string          // each in the spelling that came first
	known map[string]string // a spelling to the company
}

// of is the company that a purchase names, by its first spelling; "" is the party to the contract itself.
func (c *companies) of(spelling string) string {
	spelling = strings.TrimSpace(spelling)
	if spelling == "" {
		return ""
	}
	if name, ok := c.known[spelling]; ok {
		return name
	}
	if c.known == nil {
		c.known = map[string]string{}
	}
	name := spelling
	if c.party != "" && sameCompany(c.party, spelling) {
		name = ""
	} else if i := slices.IndexFunc(c.seen, func(s string) bool { return sameCompany(s, spelling) }); i >= 0 {
		name = c.seen[i]
	} else {
		c.seen = append(c.seen, spelling)
	}
	c.known[spelling] = name
	return name
}

// sameCompany tells whether two names are one company, as the product tells companies apart everywhere: case, spaces, accents, punctuation and
// a legal form that one of them leaves out make no other company, another legal form does. Names that only resemble each other, as those of
// a group do, are of several companies.
func sameCompany(a, b string) bool {
	if sameWord(a, b) {
		return true
	}
	r := matching.Match(matching.Company{Name: a}, []matching.Company{{Name: b}})
	return r.State == matching.Matched && r.Best.NameScore == wholeName
}

// wholeName is the score of two names that are the same in their normal form.
const wholeName = "1.0000"

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
