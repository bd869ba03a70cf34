package obligation

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
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

// WithTerm puts the decided value of a term in the place of the parameter that says the same: the answer to a question of the term
// answers that of the obligation too. ok is false where the kind takes no parameter from that term.
func WithTerm(o pact.Obligation, name string, v pact.Value) (out pact.Obligation, ok bool) {
	var changed any
	switch o.Kind {
	case "renewal_notice":
		var p RenewalParams
		if decode(o.Params, &p) != nil || !p.take(name, v) {
			return o, false
		}
		if o.Title == RenewalTitle(nil) {
			o.Title = RenewalTitle(p.Notice)
		}
		changed = p
	case "availability":
		var p AvailabilityParams
		if decode(o.Params, &p) != nil || !p.take(name, v) {
			return o, false
		}
		changed = p
	case "invoice_payment":
		var p InvoicePaymentParams
		if decode(o.Params, &p) != nil || name != "payment_terms" || v.Payment == nil || v.Payment.Text == "" {
			return o, false
		}
		said := PayBy(*v.Payment)
		p.Terms, p.Start, p.Late = said.Terms, said.Start, said.Late
		if slices.ContainsFunc(p.check(), func(q pact.Ambiguity) bool { return q.Code == "terms" || q.Code == "start" }) {
			return o, false // no due date can be counted from them
		}
		if strings.HasPrefix(o.Title, payTitle) {
			o.Title = payTitle + p.Terms
		}
		changed = p
	default:
		return o, false
	}
	raw, err := json.Marshal(changed)
	if err != nil {
		return o, false
	}
	o.Params = raw
	return o, true
}

// payTitle begins the title of the duty to pay invoices as it is read.
const payTitle = "Payment of invoices: "

// PayTitle names the duty to pay invoices by terms.
func PayTitle(terms pact.PaymentTerms) string { return payTitle + terms.Text }

// PayBy are the parameters of the duty to pay invoices that payment terms give.
func PayBy(terms pact.PaymentTerms) InvoicePaymentParams {
	p := InvoicePaymentParams{Terms: terms.Text}
	switch terms.Basis {
	case "invoice_date", "delivery", "acceptance", "month_end":
		p.Start = terms.Basis
	case "receipt_of_invoice":
		p.Start = "receipt"
	}
	if terms.Late != nil && terms.LatePer != "" && terms.LateOver == "" { // what is added to a bank's rate is no rate by itself
		p.Late = &LateInterest{Method: "contract", Percent: terms.Late, Per: terms.LatePer}
	}
	return p
}

// RenewalTitle names the duty to give notice before a renewal.
func RenewalTitle(notice *calendar.Duration) string {
	if notice == nil {
		return "Notice before the renewal"
	}
	return "Notice of " + notice.String() + " before the renewal"
}

func (p *RenewalParams) take(name string, v pact.Value) bool {
	switch {
	case name == "notice_period" && v.Duration != nil:
		p.Notice = v.Duration
	case name == "renewal_term" && v.Duration != nil:
		p.RenewalTerm = v.Duration
	case name == "expiration_date" && v.Date != "":
		p.ExpirationDate, p.Evergreen = v.Date, false
	case name == "expiration_date" && v.Kind == pact.EvergreenValue:
		p.ExpirationDate, p.Evergreen = "", true
	case name == "auto_renewal" && v.Flag != nil:
		p.AutoRenewal = v.Flag
	default:
		return false
	}
	return true
}

func (p *AvailabilityParams) take(name string, v pact.Value) bool {
	switch {
	case name == "uptime_target" && v.Percentage != nil:
		p.Target = *v.Percentage
	case name == "service_credits" && len(v.Tiers) > 0 && p.Credit == nil:
		p.Tiers = v.Tiers
	default:
		return false
	}
	return true
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
