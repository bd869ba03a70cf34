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
			got = append(got, line)
		}
		if all := strings.Join(got, "; "); all != want {
			t.Errorf("%q: got %q, want %q", text, all, want)
		}
	}
}
