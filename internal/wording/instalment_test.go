package wording_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

func TestInstalmentsHangOnAnEventOrADay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Customer shall pay 50% on signing and 50% within 30 days after acceptance.":                                           "50% signing; 50% acceptance +30 days",
		"Customer shall make a milestone payment of $50,000 within thirty (30) days after completion of Phase 1.":              "50000.00 USD completion of Phase 1 +30 days",
		"The price is payable in instalments: (a) 30% on order, (b) 40% on delivery and (c) 30% on acceptance.":                "30% order; 40% delivery; 30% acceptance",
		"Customer shall pay $10,000 on signing, $20,000 on 1 June 2026 and $30,000 on 1 December 2026.":                        "10000.00 USD signing; 20000.00 USD 2026-06-01; 30000.00 USD 2026-12-01",
		"Customer shall pay $50,000 upon acceptance, within 15 days.":                                                          "50000.00 USD acceptance +15 days",
		"Upon signing, Customer shall pay $5,000.":                                                                             "5000.00 USD signing",
		"Customer shall pay 50% ($25,000) on signing and 50% ($25,000) on final acceptance.":                                   "25000.00 USD signing; 25000.00 USD final acceptance",
		"Customer shall pay EUR 40,000 within ten business days after delivery of the prototype.":                              "40000.00 EUR delivery of the prototype +10 business days",
		"Invoices are payable within 30 days after receipt.":                                                                   "",
		"Customer shall pay all invoices within 30 days after acceptance.":                                                     "",
		"Supplier shall pay liquidated damages of $500 on each day of delay.":                                                  "",
		"New lines are paid fifty percent (50%) with the order.":                                                               "",
		"The Trust shall pay the Contractor £61,500 by 30 April 2025.":                                                         "",
		"Customer shall pay 30% on order, and the balance net 30 days.":                                                        "30% order",
		"The purchaser pays 60% at Closing, 25% on the first anniversary of Closing and 15% on issuance of the permit.":        "60% Closing; 25% the first anniversary of Closing; 15% issuance of the permit",
		"The price is payable 35% upon receipt of the signed drawings and 65% upon final acceptance.":                          "35% receipt of the signed drawings; 65% final acceptance",
		"The licence fee is payable 35% upon execution, 45% upon go-live and 20% forty-five days after go-live.":               "35% execution; 45% go-live; 20% go-live +45 days",
		"The fixed fee is $9,000, half of which is payable on commencement and half on filing.":                                "50% commencement; 50% filing",
		"Buyer shall pay the entry fee: one half upon execution of this Agreement and the remainder upon opening of the shop.": "50% execution of this Agreement; 50% opening of the shop",
		"The fee is due 30% on signing, 45% on delivery and the remaining 25% on acceptance.":                                  "30% signing; 45% delivery; 25% acceptance",
		"Customer pays $10,000 on signing and the balance of $4,000 on delivery.":                                              "10000.00 USD signing; 4000.00 USD delivery",
		"Customer pays $10,000 on signing and the balance on delivery.":                                                        "10000.00 USD signing;  delivery",
		"Customer shall pay $5,000 upon receipt of the invoice.":                                                               "",
		"Customer shall pay half of the costs within 30 days after receipt.":                                                   "",
		"Customer may deduct 2% on delivery.":                                                                                  "",
		"Payment: 25% within 10 days, balance net 30.":                                                                         "",
		"The monthly fee of $5,000 is payable in advance on the first day of each month.":                                      "",
		"Customer shall pay the Fees of $5,000 within 30 days after receipt of the invoice.":                                   "",
		"The Supplier shall be paid a bonus of $5,000 upon completion.":                                                        "",
		// Steps ahead of their figures.
		"A signing bonus of $50,000 is paid as to 50% on the Effective Date and 50% on the first anniversary of it.":                         "50% the Effective Date; 50% the first anniversary of it",
		"The price is payable upon order 20%, upon delivery 30%, on acceptance 50%.":                                                         "20% order; 30% delivery; 50% acceptance",
		"On signing, Customer shall pay 20%, on delivery 30% and on acceptance 50%.":                                                         "20% signing; 30% delivery; 50% acceptance",
		"Customer shall pay upon signing $10,000, upon delivery $20,000 and on acceptance $5,000.":                                           "10000.00 USD signing; 20000.00 USD delivery; 5000.00 USD acceptance",
		"Customer shall pay $15,000 upon signing, upon delivery of the draft $10,000, and $5,000 upon acceptance.":                           "15000.00 USD signing; 10000.00 USD delivery of the draft; 5000.00 USD acceptance",
		"The price is paid on signing 40 %, on acceptance 60 % within 30 days.":                                                              "40% signing; 60% acceptance +30 days",
		"The price is paid on signing 25%; on completion of the design 25%; 30 days after go-live the remaining 50%.":                        "25% signing; 25% completion of the design; 50% go-live +30 days",
		"The fee is payable on 1 June 2026 $20,000 and on 1 December 2026 $30,000.":                                                          "20000.00 USD 2026-06-01; 30000.00 USD 2026-12-01",
		"The contract price of £80,000 is payable on order, 30%; on delivery, 40%; on completion, 30%.":                                      "30% order; 40% delivery; 30% completion",
		"The price falls due as to 25% on exchange of contracts and as to the balance on expiry of the defects liability period.":            "25% exchange of contracts; 75% expiry of the defects liability period",
		"Payment: 30 % upon order; 60 % upon notification of readiness for dispatch; balance after acceptance.":                              "30% order; 60% notification of readiness for dispatch; 10% acceptance",
		"Customer shall pay 40 per cent with order, 50 per cent prior to dispatch and 10 per cent within 30 days of taking over.":            "40% order; 50% prior to dispatch; 10% taking over +30 days",
		"Milestone payments: Kick-off - $10,000; Design approval - $20,000; Go-live - $30,000.":                                              "10000.00 USD Kick-off; 20000.00 USD Design approval; 30000.00 USD Go-live",
		"The price is payable 90% on delivery and 10% on acceptance, but no later than 31 March 2027.":                                       "90% delivery; 10% acceptance or 31 March 2027",
		"Upon signing Customer shall pay $5,000, on delivery $6,000.":                                                                        "5000.00 USD signing; 6000.00 USD delivery",
		"Fees: Delivery - $10; Installation - $20.":                                                                                          "",
		"Customer shall pay, on delivery, $500 per pallet and, on collection, $30 per pallet.":                                               "",
		"Customer shall pay a deposit upon submission of the order and 30% upon delivery of the invoice, 20% upon presentation of the bill.": "",
	} {
		var got []string
		for _, p := range wording.Instalments(text) {
			figure := ""
			if p.Percent != nil {
				figure = p.Percent.String() + "%"
			}
			if p.Amount != nil {
				figure = p.Amount.String()
			}
			line := fmt.Sprint(figure, " ", p.Event, p.Due)
			if p.Within != nil {
				line += " +" + p.Within.String()
			}
			if p.Latest != "" {
				line += " or " + p.Latest
			}
			got = append(got, line)
		}
		if all := strings.Join(got, "; "); all != want {
			t.Errorf("%q: got %q, want %q", text, all, want)
		}
	}
}
