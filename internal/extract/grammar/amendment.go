package grammar

import (
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// findAmendments dates the obligations that an amendment changes: they are in force from the day the amendment takes
// effect. What the amendment does not name it does not change, so nothing else is made of it.
func findAmendments(r *reading) {
	if r.paper != "amendment" {
		return
	}
	from := r.startDate()
	for i := range r.found {
		c := &r.found[i]
		if c.Subject != "obligation" || from == "" {
			continue
		}
		c.Obligation.InForce.From = from
		if e := r.get("effective_date"); e != nil {
			c.Obligation.Evidence = append(c.Obligation.Evidence, e.Evidence...)
			c.Evidence = c.Obligation.Evidence
		}
	}
}

// deriveRenewalNotice makes the obligation to give notice out of the terms that were found.
func deriveRenewalNotice(r *reading) {
	auto := r.value("auto_renewal")
	term := r.value("term")
	evergreen := term != nil && term.Kind == pact.EvergreenValue
	if r.renewal.notice == nil && len(r.renewal.ambiguous) == 0 || r.paper == "amendment" && auto == nil {
		return
	}
	if auto == nil && !evergreen {
		return
	}
	p := obligation.RenewalParams{Notice: r.renewal.notice, Earliest: r.renewal.earliest, EndOf: r.renewal.endOf, Evergreen: evergreen, Zone: r.zone}
	if auto != nil {
		p.AutoRenewal = auto.Flag
	}
	if v := r.value("renewal_term"); v != nil {
		p.RenewalTerm = v.Duration
	}
	if term != nil && term.Kind == pact.DurationValue {
		p.Term = term.Duration
	}
	p.StartDate = r.startDate()
	if v := r.value("expiration_date"); v != nil && v.Kind == pact.DateValue {
		p.ExpirationDate = v.Date
	}
	o := pact.Obligation{Kind: "renewal_notice", Key: "renewal_notice", Title: obligation.RenewalTitle(p.Notice), Ambiguities: r.renewal.ambiguous}
	r.obligation(o, p, "0.80")
	c := &r.found[len(r.found)-1]
	c.Evidence = append(c.Evidence, r.renewal.evidence...)
	for _, name := range []string{"auto_renewal", "renewal_term", "expiration_date"} {
		if t := r.get(name); t != nil {
			c.Evidence = append(c.Evidence, t.Evidence...)
		}
	}
	c.Obligation.Evidence = c.Evidence
}
