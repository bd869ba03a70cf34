package grammar

import (
	"slices"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// findAmendments dates the obligations that an amendment changes: they are in force from the day the amendment takes
// effect. What the amendment does not name it does not change, so nothing else is made of it.
func findAmendments(r *reading) {
	if r.paper != "amendment" {
		return
	}
	r.lastToSign()
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

// lastToSign takes the last of the days beside the signatures where the amendment has no other day: before that not all had agreed.
func (r *reading) lastToSign() {
	c := r.get("agreement_date")
	if c == nil || c.Value == nil || !besideHand(c.Evidence) {
		return
	}
	last := -1
	for i, o := range c.Rivals {
		if o.Value != nil && o.Value.Date > c.Value.Date && besideHand(o.Evidence) && (last < 0 || o.Value.Date > c.Rivals[last].Value.Date) {
			last = i
		}
	}
	if last < 0 {
		return
	}
	o := &c.Rivals[last]
	c.Value, o.Value = o.Value, c.Value
	c.Evidence, o.Evidence = o.Evidence, c.Evidence
}

// besideHand tells whether a day stands in a line of its own beside a signature: "Date: January 10, 2027".
func besideHand(evidence []pact.Evidence) bool {
	return len(evidence) > 0 && evidence[0].Passage != nil && handDay.MatchString(evidence[0].Passage.Quote)
}

var handDay = expression.MustCompile(`(?i)^(?:date(?: signed| of signature)?|signed(?: on)?|dated) ?: ?[^a-z]{0,3}[\w ,./-]{6,24}$`)

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
	o := pact.Obligation{Kind: "renewal_notice", Key: "renewal_notice", Title: obligation.RenewalTitle(p.Notice), Ambiguities: r.renewal.ambiguous}
	if c := r.get("expiration_date"); c != nil && c.Value != nil && c.Value.Kind == pact.DateValue {
		p.ExpirationDate = c.Value.Date
		o.Ambiguities = append(slices.Clone(o.Ambiguities), c.Ambiguities...)
	}
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
