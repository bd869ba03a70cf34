package grammar_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
)

// What a price is paid in is no term for invoices in general, and is kept with its events, days and shares.
func TestAPriceInPartsGivesMilestonesAndNoGeneralTerms(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"Customer shall pay 50% on signing and 50% within 30 days after acceptance.":                                                            "signing 50%, acceptance 50% +30 days by customer",
		"Customer shall make a milestone payment of $50,000 within thirty (30) days after completion of Phase 1.":                               "completion of Phase 1 50000.00 USD +30 days by customer",
		"The price is payable as follows:\n\n(a) 30% on order;\n\n(b) 40% on delivery; and\n\n(c) 30% on acceptance, within 15 days.":           "order 30%, delivery 40%, acceptance 30% +15 days by customer",
		"Customer shall pay $10,000 on signing, $20,000 on 1 June 2027 and $30,000 on 1 December 2027.":                                         "signing 10000.00 USD, instalment of 2027-06-01 20000.00 USD, instalment of 2027-12-01 30000.00 USD by customer",
		"The price is payable as follows: $20,000 on signing, $30,000 upon shipment and $30,000 upon acceptance.":                               "signing 20000.00 USD, shipment 30000.00 USD, acceptance 30000.00 USD by customer",
		"Customer shall pay $50,000 upon acceptance, within 15 days.":                                                                           "acceptance 50000.00 USD +15 days by customer",
		"The total contract price is $100,000. Customer shall pay 40% upon signing and 60% upon final acceptance.":                              "signing 40%, final acceptance 60% of 100000.00 USD by customer",
		"Customer shall make a milestone payment of $5,000 within 10 days after go-live. Invoices are payable net 45 days after their receipt.": "go-live 5000.00 USD +10 days by customer; net 45",
		"The Customer shall pay each invoice within 30 days after acceptance.":                                                                  "; net 30",
		"The Customer shall pay EUR 900 by 30 April 2027.":                                                                                      "",
	} {
		var got string
		for _, c := range textIn(t, "SERVICES AGREEMENT\n\nThis Services Agreement is made on 3 May 2026 between Alder Works Ltd (\"Supplier\") and Beta Foods Inc (\"Customer\").\n\n1. Payment\n\n"+words+"\n") {
			switch {
			case c.Obligation != nil && c.Obligation.Kind == "milestone":
				var p obligation.MilestoneParams
				decode(t, c.Obligation.Params, &p)
				var rows []string
				for _, m := range p.Milestones {
					row := m.Name
					if m.Percent != nil {
						row += " " + m.Percent.String() + "%"
					}
					if m.Amount != nil {
						row += " " + m.Amount.String()
					}
					if m.PayWithin != nil {
						row += " +" + m.PayWithin.String()
					}
					rows = append(rows, row)
				}
				said := strings.Join(rows, ", ")
				if p.ContractValue != nil {
					said += " of " + p.ContractValue.String()
				}
				got = fmt.Sprint(said, " by ", c.Obligation.Bearer, got)
			case c.Subject == "term" && c.Name == "payment_terms" && c.Value != nil:
				got += "; " + c.Value.Payment.Text
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", words, got, want)
		}
	}
}
