package grammar_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
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
		"The price is payable as follows:\n\nOrder: 20%\n\nDelivery: 30%\n\nAcceptance: 50%":                                                    "Order 20%, Delivery 30%, Acceptance 50% by customer",
		"The following fees are payable:\n\nDelivery: $50.00\n\nInstallation: $150.00":                                                          "",
		"The price is payable 30% upon receipt of the order confirmation and 70% on commissioning, no later than 60 days after delivery.":       "receipt of the order confirmation 30%, commissioning 70% by customer",
		"The Customer shall pay EUR 900 by 30 April 2027.":                                                                                      "",
	} {
		var got string
		for _, c := range textIn(t, servicesHead+"1. Payment\n\n"+words+"\n") {
			switch {
			case c.Obligation != nil && c.Obligation.Kind == "milestone":
				said := planned(t, c.Obligation)
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

// planIn reads the plans of instalments of a text, with their questions.
func planIn(t *testing.T, words string) string {
	t.Helper()
	var all []string
	for _, c := range textIn(t, servicesHead+"1. Payment\n\n"+words+"\n") {
		if c.Obligation == nil || c.Obligation.Kind != "milestone" {
			continue
		}
		said := planned(t, c.Obligation)
		for _, a := range c.Ambiguities {
			said += " ? " + a.Code
		}
		if c.Verification != "verified" {
			said += " " + string(c.Verification)
		}
		all = append(all, said)
	}
	return strings.Join(all, " | ")
}

// Shares are of the sum that their own words name, a rest that is not understood is asked, and what a plan says is no duty once more.
func TestSharesAreOfTheSumThatTheyName(t *testing.T) {
	t.Parallel()
	const total = "The total contract price is $100,000.\n\n"
	for words, want := range map[string]string{
		total + "The set-up fee of $8,000 is payable 40% on signing and 60% on go-live.":                                                  "signing 40%, go-live 60% of 8000.00 USD",
		total + "The Customer shall pay 50% of the change order price on order and 50% on acceptance.":                                    "order 50%, acceptance 50% ? contract_value",
		total + "The design fee is payable 50% on order and 50% on acceptance.":                                                           "order 50%, acceptance 50% ? contract_value",
		total + "The contract price is payable 50% on order and 50% on acceptance.":                                                       "order 50%, acceptance 50% of 100000.00 USD",
		total + "The price is payable 50% on order, 30% on acceptance and 20% within sixty (60) days after acceptance.":                   "order 50%, acceptance 30%, acceptance, within 60 days 20% +60 days of 100000.00 USD",
		"The training fee is payable as follows, of $6,000:\n\n(a) 25% on order;\n\n(b) the remainder on acceptance.":                     "order 25%, acceptance 75% of 6000.00 USD",
		total + "The price is payable 40% on order and 40% on acceptance.":                                                                "order 40%, acceptance 40% of 100000.00 USD ? milestones",
		"The Customer shall pay a deposit of $20,000 on signature, $30,000 on 1 June 2026 and the balance within 30 days after the fair.": "signature 20000.00 USD, instalment of 2026-06-01 30000.00 USD ? milestones",
		"The Customer shall pay a deposit of $20,000 on signature and $30,000 on 1 June 2026.":                                            "signature 20000.00 USD, instalment of 2026-06-01 30000.00 USD",
		"The Customer shall pay $20,000 on signature and the remainder on acceptance.":                                                    "signature 20000.00 USD, acceptance ? milestones",
	} {
		if got := planIn(t, words); got != want {
			t.Errorf("%q:\n got %q\nwant %q", words, got, want)
		}
	}
}

// Equal instalments that begin on a day are a rhythm, and that day is no due day of the whole.
func TestInstalmentsThatBeginOnADayComeAgain(t *testing.T) {
	t.Parallel()
	for _, c := range textIn(t, "LOAN AGREEMENT\n\nThis Loan Agreement is made on 3 May 2026 between First Bank (\"Lender\") and Beta Foods Inc (\"Borrower\").\n\n1. The Borrower shall repay the loan in 24 equal monthly instalments of $1,000.00, on the first day of each month, beginning on 1 July 2026.\n") {
		if o := c.Obligation; o != nil {
			if o.Frequency != "monthly" || o.InForce.From != "2026-07-01" || strings.Contains(string(o.Params), "by_date") {
				t.Errorf("%s %s %s from %s %s", o.Kind, o.Title, o.Frequency, o.InForce.From, o.Params)
			}
			return
		}
	}
	t.Error("no duty to repay")
}

// planned is a plan of payment in words: "signing 20%, delivery 80% of 100.00 USD".
func planned(t *testing.T, o *pact.Obligation) string {
	t.Helper()
	var p obligation.MilestoneParams
	decode(t, o.Params, &p)
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
	return said
}

// A table whose rows are a figure and a step is a plan of payment, which the customer owes; one with days is a plan of deliveries.
func TestATableOfStepsIsAPlanOfPayment(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"Payment of the price:\n\n| Stage | Payment |\n|---|---|\n| Upon order | 30% |\n| Upon delivery | 60% |\n| Upon acceptance | 10% |":                                                                                                             "order 30%, delivery 60%, acceptance 10% ? contract_value",
		"Payment of the price:\n\n| Payment | When due |\n|---|---|\n| 30% | Upon order |\n| 60% | Upon notification of readiness |\n| 10% | 30 days after acceptance |":                                                                                "order 30%, notification of readiness 60%, acceptance 10% +30 days ? contract_value",
		"Payment of the price:\n\n| No. | Payment due | Share | Amount (EUR) |\n|---|---|---|---|\n| 1 | On order | 30% | 30,000.00 |\n| 2 | On delivery | 60% | 60,000.00 |\n| 3 | On acceptance | 10% | 10,000.00 |\n| | Total | 100% | 100,000.00 |": "order 30000.00 EUR, delivery 60000.00 EUR, acceptance 10000.00 EUR",
		"| Milestone | Due date | Payment |\n|---|---|---|\n| Design approved | 15 March 2027 | CHF 40,000 |\n| Final acceptance | 30 September 2027 | CHF 50,000 |":                                                                                    "Design approved 40000.00 CHF, Final acceptance 50000.00 CHF",
		"| Service | Price |\n|---|---|\n| Delivery | $50.00 |\n| Installation | $150.00 |":                                                                                                                                                             "",
		"The price is payable 40% on delivery, 50% on commissioning and 10% on acceptance, but no later than 31 March 2027.":                                                                                                                            "delivery 40%, commissioning 50%, acceptance 10% ? milestones ? contract_value",
	} {
		if got := planIn(t, words); got != want {
			t.Errorf("%q:\n got %q\nwant %q", words, got, want)
		}
	}
}
