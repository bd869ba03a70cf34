package exchange

import (
	"fmt"
	"html"
	"strings"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// fact is a value a mapping can send. extracted tells that a machine read it and nobody typed it.
type fact struct {
	value     pact.Value
	extracted bool
}

func (f fact) isZero() bool { return f.value.Kind == "" }

// facts are values by the names a mapping uses: terms by their names, and contract., obligation., task., finding., link.
// names for what is no term.
type facts map[string]fact

func merge(sets ...facts) facts {
	out := facts{}
	for _, s := range sets {
		for k, v := range s {
			out[k] = v
		}
	}
	return out
}

// alertAhead is how many days before the last day to send notice a CRM reminds of the renewal.
const alertAhead = 90

// registerDates are the facts that come from the register and may cease to exist: then they are emptied where they were written.
func registerDates() []string {
	return []string{"expiration_date", "renewal_date", "notice_send_by", "renewal_alert_date"}
}

// contractFacts takes the name of who published: what leaves the product names people, never their ids.
func contractFacts(con pact.Contract, v pact.Version, publisher string) facts {
	out := facts{
		"contract_id":      text(con.Number),
		"customer_name":    text(con.Customer),
		"contract_terms":   {value: pact.Value{Kind: pact.TextValue, Text: summary(con, v, publisher)}},
		"contract.id":      text(string(con.ID)),
		"contract.version": text(fmt.Sprint(v.Number)),
	}
	if con.Source != nil {
		out["contract.record"] = text(con.Source.ExternalID)
	}
	for _, t := range v.Terms {
		out[t.Name] = fact{value: t.Value, extracted: t.Extractor != "" && t.Extractor != "person"}
	}
	if t, _ := v.Term("expiration_date"); con.ExpirationDate != t.Value.Date { // an amendment states it, or another
		if delete(out, "expiration_date"); con.ExpirationDate != "" {
			out["expiration_date"] = fact{value: pact.OnDate(con.ExpirationDate), extracted: true}
		}
	}
	if con.RenewalDate == "" {
		delete(out, "renewal_date")
	}
	if con.RenewalDate != "" { // after a renewal the register is ahead of the version
		out["renewal_date"] = fact{value: pact.OnDate(con.RenewalDate), extracted: true}
		if t, ok := v.Term("renewal_date"); ok && t.Value.Date == con.RenewalDate {
			out["renewal_date"] = fact{value: t.Value, extracted: t.Extractor != "" && t.Extractor != "person"}
		}
	}
	if con.SendBy == "" {
		delete(out, "notice_send_by")
	}
	if con.SendBy != "" {
		out["notice_send_by"] = fact{value: pact.OnDate(con.SendBy)}
		// The alert stands 90 days ahead of the last day to send notice, never of the renewal, on a business day. Where the
		// business days of the contract can not be used, its assessment asks about them, and no date is better than a wrong one.
		if on, err := obligation.AlertDate(v.Obligations, con.SendBy, alertAhead); err == nil {
			out["renewal_alert_date"] = fact{value: pact.OnDate(on), extracted: true}
		}
	}
	return out
}

func text(s string) fact {
	if s == "" {
		return fact{}
	}
	return fact{value: pact.Text(s)}
}

func obligationFacts(o pact.Obligation, con pact.Contract) facts {
	out := facts{
		"obligation.id": text(string(o.ID)), "obligation.key": text(o.Key), "obligation.title": text(o.Title), "obligation.type": text(o.SaidAs()),
		"obligation.responsible_party": text(o.Bearer), "obligation.beneficiary": text(o.Beneficiary), "obligation.deliverable": text(o.Deliverable),
		"obligation.frequency": text(o.Frequency), "obligation.status": text("Pending"),
		"obligation.description": text(fmt.Sprintf("Type: %s. Responsible: %s.", o.SaidAs(), o.Bearer)),
		"contract_id":            text(con.Number),
	}
	if o.StartDate != "" {
		out["obligation.start_date"] = fact{value: pact.OnDate(o.StartDate)}
	} else if o.InForce.From != "" {
		out["obligation.start_date"] = fact{value: pact.OnDate(o.InForce.From)}
	}
	return out
}

func renewalFacts(con pact.Contract) facts {
	return facts{
		"task.subject":     text("Renewal decision: " + con.Title),
		"task.description": text(fmt.Sprintf("Last day to send notice: %s. Renewal: %s. Contract: %s.", con.SendBy, con.RenewalDate, con.Number)),
		"task.due_date":    {value: pact.OnDate(con.SendBy)},
		"task.key":         text(string(con.ID) + "/renewal/" + string(con.SendBy)),
	}
}

// summary is the "Contract Terms" text: reviewed values only, as HTML of a few tags. Everything from the document is
// escaped.
func summary(con pact.Contract, v pact.Version, publisher string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<p><b>%s</b> (version %d, reviewed by %s)</p><ul>", html.EscapeString(con.Title), v.Number, html.EscapeString(publisher))
	for _, spec := range pact.TermSpecs() {
		t, ok := v.Term(spec.Name)
		if !ok || spec.Name == "title" {
			continue
		}
		fmt.Fprintf(&b, "<li>%s: %s</li>", html.EscapeString(spec.Label), html.EscapeString(t.Value.String()))
	}
	b.WriteString("</ul>")
	if len(v.Obligations) > 0 {
		b.WriteString("<p><b>Key obligations</b></p><ul>")
		for _, o := range v.Obligations {
			fmt.Fprintf(&b, "<li>%s</li>", html.EscapeString(o.Title))
		}
		b.WriteString("</ul>")
	}
	return b.String()
}
