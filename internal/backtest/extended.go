package backtest

import (
	"fmt"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// extended asks what amendments that extend the term leave open for an obligation: how long the extension is, for a renewal, and for one
// that ends by its own words with the term, or where nobody knows when the term ends, whether it holds on. last tells that no version of it
// comes after this one.
func (r *run) extended(o pact.Obligation, last bool) (out []pact.Ambiguity) {
	until := o.InForce.Until
	for _, c := range r.timeline.Extensions() {
		switch {
		case !last:
		case c.By == nil && c.To == "":
			if o.Kind == (obligation.RenewalNotice{}).Name() {
				out = append(out, pact.Ambiguity{Code: "extension", Question: fmt.Sprintf("%s, and nothing says how long. Until which day, or by how much?", c.Says())})
			}
		case until == "" || until <= c.Begins() || !r.endsWithTerm(until, c):
		case c.To == "" || c.To >= until:
			out = append(out, pact.Ambiguity{Code: "extension", Question: fmt.Sprintf("%s. By its own words %s holds until %s. Does it end then, or hold on with the term?", c.Says(), o.Key, until.AddDays(-1))})
		}
	}
	return out
}

// endsWithTerm tells whether the day after the last of an obligation is that after the term as it was before an extension, or may be.
func (r *run) endsWithTerm(until calendar.Date, c effective.Change) bool {
	day := c.Begins().AddDays(-1)
	if day == "" {
		day = c.Begins()
	}
	t := r.timeline.Term("expiration_date", day)
	return t.Winner == nil || t.Winner.Term.Value.Date.AddDays(1) == until
}
