package obligation

import (
	"encoding/json"

	"github.com/pactloop/pactloop/internal/pact"
)

// Complete fills parameters an obligation leaves open from the reviewed terms of the same version: dates, term and notice
// of a renewal; target, zone and credit table of an availability. What the obligation says itself always stands. An
// obligation that can not be decoded comes back as it was; Check tells what is wrong with it.
func Complete(o pact.Obligation, terms []pact.Term) pact.Obligation {
	byName := make(map[string]pact.Value, len(terms))
	for _, t := range terms {
		byName[t.Name] = t.Value
	}
	var completed any
	switch o.Kind {
	case "renewal_notice":
		var p RenewalParams
		if decode(o.Params, &p) != nil {
			return o
		}
		p.complete(byName)
		completed = p
	case "availability":
		var p AvailabilityParams
		if decode(o.Params, &p) != nil {
			return o
		}
		p.complete(byName)
		completed = p
	default:
		return o
	}
	raw, err := json.Marshal(completed)
	if err != nil {
		return o
	}
	o.Params = raw
	return o
}

func (p *RenewalParams) complete(terms map[string]pact.Value) {
	if p.StartDate == "" {
		p.StartDate = terms["effective_date"].Date
	}
	if p.Term == nil {
		p.Term = terms["term"].Duration
	}
	if p.ExpirationDate == "" && p.RenewalDate == "" {
		p.ExpirationDate = terms["expiration_date"].Date
	}
	if p.RenewalTerm == nil {
		p.RenewalTerm = terms["renewal_term"].Duration
	}
	if p.AutoRenewal == nil {
		p.AutoRenewal = terms["auto_renewal"].Flag
	}
	if p.Notice == nil {
		p.Notice = terms["notice_period"].Duration
	}
	if p.Zone == "" && p.Hours.Zone == "" {
		p.Zone = terms["zone"].Text
	}
	for _, name := range []string{"expiration_date", "term"} {
		if v, ok := terms[name]; ok && v.Kind == pact.EvergreenValue && p.ExpirationDate == "" && p.RenewalDate == "" {
			p.Evergreen = true
		}
	}
}

func (p *AvailabilityParams) complete(terms map[string]pact.Value) {
	if p.Target.IsZero() && terms["uptime_target"].Percentage != nil {
		p.Target = *terms["uptime_target"].Percentage
	}
	if p.Zone == "" {
		p.Zone = terms["zone"].Text
	}
	if len(p.Tiers) == 0 {
		p.Tiers = terms["service_credits"].Tiers
	}
	if d := terms["claim_window"].Duration; p.ClaimDays == 0 && d != nil && d.Unit == "day" {
		p.ClaimDays = d.Value
	}
}
