package grammar_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/pact"
)

// termIn reads a text as its file would be read and gives the value of one term, "" where it has none.
func termIn(t *testing.T, name, text string) string {
	t.Helper()
	list := checked(t, fileOf(t, text+"\n"))
	for _, c := range list {
		if c.Name != name || c.Value == nil {
			continue
		}
		if c.Verification != pact.Verified {
			t.Errorf("%q: %s is %s", text, c.Name, c.Verification)
		}
		return c.Value.String()
	}
	return ""
}

// Houses write the same clause in many ways; each sentence here is our own.
func TestTermsAsManyHousesWriteThem(t *testing.T) {
	t.Parallel()
	for name, cases := range map[string]map[string]string{
		"auto_renewal": {
			"Upon expiry of the initial term of three years, this Agreement will renew automatically for additional one-year terms unless either party gives at least 90 days' written notice.": "yes",
			"After the Initial Term of 24 months the Agreement shall continue from year to year unless terminated by either party upon not less than three months' notice in writing.":          "yes",
			"Unless cancelled, your subscription renews each year for another twelve months. You can cancel up to 30 days before the renewal date.":                                             "yes",
			"Renewal | Automatic, successive terms of one year\nNotice of non-renewal | 90 days before term end":                                                                                "yes",
			"The Agreement shall remain in force for two years and thereafter for rolling 12-month periods until either party gives three months' notice.":                                      "yes",
			"On each anniversary the Agreement is deemed renewed for a further 12 months unless notice has been given at least 30 days earlier.":                                                "yes",
			"Initial Term: 36 months. Renewal Term: 12 months (automatic). Notice of Non-Renewal: 60 days.":                                                                                     "yes",
			"There is no automatic renewal. The parties may agree in writing to a further term.":                                                                                                "no",
			"Renewal at the Customer's option only, for up to 2 periods of 12 months.":                                                                                                          "no",
			"This Contract shall expire automatically at the end of its term without notice being required, and no tacit renewal takes place.":                                                  "no",
			"The Customer has two options to extend the Term, each by one year, exercisable by written notice not later than six months before expiry. It shall not be extended otherwise.":     "no",
			"The Supplier renews the insurance policy each year and sends the certificate to the Customer within ten days.":                                                                     "",
		},
		"liability_cap": {
			"The liability of the Supplier is limited to 150% of the annual charges.":                                                             "1.5 × fees of 12 months",
			"The Provider will not be liable for any sum in excess of six months' Fees.":                                                          "1 × fees of 6 months",
			"The most either of us will have to pay the other is 125% of the charges for the year in which the thing went wrong.":                 "1.25 × fees of 12 months",
			"Except for death or personal injury, the Company shall in no circumstances be answerable for a sum greater than the contract price.": "1 × fees",
			"Liability cap | 100 % of the yearly fees":                                                                                            "1 × fees of 12 months",
			"Liability under this Contract, whatever its ground, goes no higher than three times the monthly fee.":                                "3 × fees of 1 month",
			"Neither side has to pay the other more in total than what was paid under this agreement in the year before the claim.":               "1 × fees of 12 months",
			"Supplier's total liability in each Contract Year: 100% of the Charges paid in that Contract Year.":                                   "1 × fees of 12 months",
			"If the Contractor is late with handover, it owes EUR 750 for each calendar day, limited to 5% of the contract sum.":                  "",
			"The Supplier shall carry public liability insurance with a limit of not less than £5,000,000.":                                       "",
		},
		"payment_terms": {
			"Correctly rendered invoices are settled thirty calendar days after they reach Accounts Payable.":                                      "net 30",
			"The Authority shall pay each valid invoice no later than 25 days after it has been received.":                                         "net 25",
			"Amounts invoiced shall become payable at the expiry of forty (40) days following the end of the month in which the invoice is dated.": "net 40",
			"Invoices are issued quarterly in advance and are payable within 30 days without deduction.":                                           "net 30",
			"Undisputed invoices mature on the forty-fifth day after receipt.":                                                                     "net 45",
			"Settlement: 8 days 2 % cash discount, 30 days net":                                                                                    "2/8 net 30",
			"Payment terms: N45 from date of invoice":                                                                                              "net 45",
			"Purchaser's credit terms are strictly sixty days from month end.":                                                                     "net 60",
			"Invoices shall be paid by bank transfer within twenty days.":                                                                          "net 20",
			"The Supplier may dispute the report within 15 days after it has been received.":                                                       "",
		},
		"uptime_target": {
			"The network must be up no less than ninety-nine point nine percent (99.9%) of each month.": "99.9 %",
		},
	} {
		for text, want := range cases {
			if got := termIn(t, name, supportHead+text); got != want {
				t.Errorf("%s of %q: got %q, want %q", name, text, got, want)
			}
		}
	}
}

func TestServiceLevelsInProse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Resolution targets: Sev-1 four hours, Sev-2 one day, Sev-3 five days. Response targets: Sev-1 fifteen minutes, Sev-2 one hour, Sev-3 eight hours.": "resolution 1 4 hours; resolution 2 1 day; resolution 3 5 days; response 1 15 minutes; response 2 1 hour; response 3 8 hours",
		"We will get back to you within 1 hour if the issue is critical, 4 hours if it is high, and by the next business day for anything else.":            "response critical 1 hour; response high 4 hours; response other 1 business day",
		"The time to restore service shall not exceed four hours for a major outage and two days for a partial outage.":                                     "resolution major 4 hours; resolution partial 2 days",
		"Resolution (hrs) | Response (mins) | Priority\n4 | 30 | P1\n8 | 60 | P2":                                                                           "resolution 1 4 hours; resolution 2 8 hours; response 1 30 minutes; response 2 60 minutes",
		"Service | Availability\nWeb shop | 99.9%\nOrder interface | 99.5%":                                                                                 "availability order-interface 99.5; availability web-shop 99.9",
	} {
		if got := levelsIn(t, text); got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestFiguresAsManyHousesWriteThem(t *testing.T) {
	t.Parallel()
	for text, c := range map[string]struct{ kind, holds string }{
		"If in any contract year the Customer's purchases fall short of 8,000 pieces, it shall pay the price of the missing pieces.":         {"minimum_commitment", "anchor:2026-03-01,period:year,quantity:8000}"},
		"The Purchaser commits itself to call off not fewer than 300 tonnes of pellets a year.":                                              {"minimum_commitment", "{period:year,quantity:300}"},
		"Where spend in a Contract Year reaches £500,000, the Supplier will refund 2 per cent of the entire spend; at £750,000, 3 per cent.": {"rebate", "bounds:lower_inclusive,currency:GBP,mode:all_units"},
		"A volume rebate of 3% is credited on net purchases above £300,000 and 5% on those above £600,000.":                                  {"rebate", "{from:300000,percent:3,to:600000},{from:600000,percent:5}"},
		"Seller shall grant Buyer a retroactive discount of 4% once the quantity bought in a calendar year passes 20,000 pieces.":            {"rebate", "{from:20000,percent:4}"},
		"The Customer receives a year-end bonus: 1.5 % from EUR 200,000, 2.5 % from EUR 400,000, 3 % from EUR 600,000 turnover.":             {"rebate", "{from:200000,percent:1.5,to:400000},{from:400000,percent:2.5,to:600000},{from:600000,percent:3}"},
		"A penalty of two tenths of one percent of the contract price falls due per commenced day of delay, but no more than 8 percent.":     {"delivery_schedule", "percent:0.2"},
		"If the Contractor is late with handover, it owes EUR 750 for each calendar day, at the most 5% of the contract sum.":                {"delivery_schedule", "amount:750.00 EUR"},
		"Annual indexation: HICP euro area, first on 1 April 2027, maximum 2.5%.":                                                            {"price_escalator", "{cap_percent:2.5,every_months:12,index:HICP}"},
		"Milestone 1 – Design sign-off – 15 May 2026 – 20%\n\nMilestone 2 – Pilot – 30 July 2026 – 30%":                                      {"milestone", "{due:2026-05-15,name:Design sign-off,percent:20},{due:2026-07-30,name:Pilot,percent:30}"},
		"Unit price EUR 4.20 for up to 1,000 pieces, EUR 3.90 from 1,001 to 5,000 pieces and EUR 3.60 above.":                                {"volume_price", "{from:5000,price:3.60 EUR}"},
	} {
		if got := strings.Join(typedIn(t, c.kind, text), "\n"); !strings.Contains(got, c.holds) || strings.Contains(got, "asks") {
			t.Errorf("%q: got %q, which is not %q alone", text, got, c.holds)
		}
	}
}

func TestPartiesAsManyHousesNameThem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"an article that belongs to the name": {
			"SUPPLY AGREEMENT\n\nThis Supply Agreement is made as of May 3, 2024 by and between The Marlow Company, an Ohio corporation (\"Buyer\"), and Pallant Tooling LLC, a Texas limited liability company (\"Seller\").\n\nSeller sells parts to Buyer.",
			"The Marlow Company (customer); Pallant Tooling LLC (supplier)",
		},
		"a letter to an employee who signs it": {
			"CONFIDENTIALITY AGREEMENT\n\nThis agreement is made between Quillon Systems, Inc. (the \"Company\") and the undersigned employee.\n\nI understand that the Company has confidential information. I agree to keep it secret. I will return all papers when my employment ends. The undersigned employee has read this.\n\nQUILLON SYSTEMS, INC.\n\nBy: /s/ Orla Venn\n\nName: Orla Venn\n\nTitle: President\n\nEMPLOYEE\n\n/s/ Tamsin R. Holloway\n\nTamsin R. Holloway",
			"Quillon Systems, Inc.; Tamsin R. Holloway",
		},
		"single quotes around a short name": {
			"AGREEMENT\n\nThis agreement is made between Kastelein Logistiek B.V., having its registered office in Breda (hereinafter: 'Contractor'), and Veldhuis Papier N.V., having its registered office in Apeldoorn (hereinafter: 'Principal').\n\nContractor carries goods for Principal.",
			"Kastelein Logistiek B.V. (supplier); Veldhuis Papier N.V. (customer)",
		},
	} {
		if got := termIn(t, "parties", c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestADollarAtHomeOfThePartiesIsAsked asks which dollar is meant where no law is named and all parties are companies of a country with
// dollars of its own.
func TestADollarAtHomeOfThePartiesIsAsked(t *testing.T) {
	t.Parallel()
	for names, want := range map[[2]string]string{
		{"Boomerang Cranes Pty Ltd", "Hunter Rail Pty. Limited"}:  "",
		{"Merlion Freight Pte. Ltd.", "Straits Datacom Pte Ltd"}:  "",
		{"Boomerang Cranes Pty Ltd", "Hunter Rail Inc."}:          "USD",
		{"Boomerang Cranes Pty Ltd", "Straits Datacom Pte Ltd"}:   "USD",
		{"Ridgeline Partners, Inc.", "BrightPath Solutions, LLC"}: "USD",
	} {
		text := "SERVICES AGREEMENT\n\nThis Services Agreement is made on 3 May 2026 between " + names[0] + " (\"Supplier\") and " + names[1] + " (\"Customer\").\n\n2. The Customer shall pay $8,400 per month."
		if got := termIn(t, "currency", text); got != want {
			t.Errorf("%v: %q, want %q", names, got, want)
		}
	}
}

// TestTheDayOfTheContractAboveIsNotTheOrdersOwn leaves the day of the agreement that a statement of work is made under to that agreement.
func TestTheDayOfTheContractAboveIsNotTheOrdersOwn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"STATEMENT OF WORK NO. 4\n\nunder the Professional Services Agreement dated 15 May 2023 between Fenwick Insurance Limited (\"Client\") and Axiom Consulting Ltd (\"Consultant\")\n\n1. The Consultant shall deliver the report by 30 September 2024.":                             "",
		"STATEMENT OF WORK NO. 4\n\nThis Statement of Work is made on 2 September 2024 under the Professional Services Agreement dated 15 May 2023 between Fenwick Insurance Limited (\"Client\") and Axiom Consulting Ltd (\"Consultant\")\n\n1. The Consultant shall deliver a report.": "2024-09-02",
	} {
		if got := termIn(t, "agreement_date", text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
