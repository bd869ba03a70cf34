package grammar_test

import (
	"slices"
	"strings"
	"testing"
)

// What a paper says outright of its own length, end, law and number, beside the same words about something else.
func TestTermsSaidOutright(t *testing.T) {
	t.Parallel()
	const head = "SERVICE CONTRACT\n\nThis Contract is made on 3 May 2026 between Alder Systems Ltd (the \"Supplier\") and Birch Retail plc (the \"Customer\").\n\n"
	for _, c := range []struct{ name, text, want string }{
		{"term", head + "Minimum rental period: forty-eight (48) months", "48 months"},
		{"term", head + "Contract term | 30 months\nBilling | monthly", "30 months"},
		{"term", head + "3. How long. Three years. After that it goes on for a year at a time.", "3 years"},
		{"term", head + "This Contract comes into force on 1 June 2026 and, unless ended sooner under clause 9, runs for four (4) years.", "4 years"},
		{"term", head + "Warranty period: 24 months", ""},
		{"term", head + "3. Delivery. Three weeks.", ""},
		{"term", head + "The Supplier keeps a pump at hand which runs for two years without a service.", ""},

		{"renewal_term", head + "After two years it rolls over for a year at a time until one of us writes to the other.", "1 year"},
		{"renewal_term", head + "(3) If, at least eight months before its end, neither party has served notice that it is to end then, this Contract continues for further periods of three Contract Years at a time.", "3 years"},
		{"renewal_term", head + "The Supplier shall renew the photograph on each pass every three years.", ""},
		{"renewal_term", head + "The Supplier shall deliver renewal certificates at least twenty (20) days before each policy expires.", ""},
		{"auto_renewal", head + "The Supplier shall renew the photograph on each pass every three years.", ""},
		{"auto_renewal", head + "The Customer may, by notice given not later than five months before its end, extend this Contract by up to two further periods of six months each.", "no"},
		{"auto_renewal", head + "The Supplier shall automatically renew this Contract for further periods of one year each.", "yes"},

		{"notice_period", head + "It prolongs itself by 12 months each, if it is not terminated by one of the parties with a notice of 4 months to its end.", "4 months"},
		{"notice_period", head + "(3) If, at least eight months before its end, neither party has served notice that it is to end then, this Contract continues for further periods of three years at a time.", "8 months"},
		{"notice_period", head + "The Supplier shall deliver renewal certificates at least twenty (20) days before each policy expires.", ""},

		{"governing_law", head + "On this contract Dutch law is applicable.", "Netherlands"},
		{"governing_law", head + "12. Law. Irish law. The courts of Ireland.", "Ireland"},
		{"governing_law", head + "12. Staff. Irish law. The rules of Irish law on working time bind the Supplier.", ""},

		{"effective_date", head + "It binds the Supplier from 1 July 2026.", "2026-07-01"},
		{"effective_date", head + "Start of hire: 6 July 2026", "2026-07-06"},
		{"effective_date", head + "The changes in clause 2 take effect on 1 August 2026, except that of clause 2.4, which takes effect on 1 November 2026.", "2026-08-01"},
		{"effective_date", head + "Start of the tests: 6 July 2026", ""},

		{"expiration_date", "DEED OF VARIATION\n\nThis deed is dated 24 March 2026 and made between Alder Systems Ltd (the \"Supplier\") and Birch Retail plc (the \"Customer\").\n\n(B) The Contract would expire on 31 May 2026.\n\n2.1 In clause 3.1, the words \"31 May 2026\" are replaced by \"31 May 2028\", so that the Contract now expires on 31 May 2028.", "2028-05-31"},
		{"service_credits", head + "4.4 The Customer may once have the fees compared. If the fees exceed the median by more than five percent (5%), the Supplier shall offer a reduction to that median.\n\n4.5 When more than 900 devices are served for a whole quarter, the availability fees for that quarter are reduced by three percent (3%).", ""},
		{"contract_number", "SERVICE CONTRACT\n\nThis Service Contract (\"Agreement\"), contract ABX-TF-0071, is made on 3 May 2026 between Alder Systems Ltd and Birch Retail plc.", "ABX-TF-0071"},
		{"contract_number", "SCHEDULE 3 - SERVICE LEVELS\n\nThis Schedule is part of the Support Agreement for the shops and the warehouses of the group dated 3 May 2026 (ref. KLM-PS-25) between Alder Systems Ltd, the supplier, and Birch Retail plc, the customer.", "KLM-PS-25"},
		{"contract_number", "SUPPLY CONTRACT\n\nNo. QRV 5512 - Belts\n\nbetween Alder Systems Ltd and Birch Retail plc", "QRV 5512"},
		{"contract_number", "STATEMENT OF WORK\n\nThis Statement of Work is part of the Service Agreement dated 3 May 2026 (ref. KLM-PS-25), whose terms hold for all that it leaves open, and is made between Alder Systems Ltd and Birch Retail plc.", ""},
		{"contract_number", "SERVICE CONTRACT\n\nThis Contract is between Alder Systems Ltd (company number NI-604118-2) and Birch Retail plc (VAT no. GB-441-22).", ""},

		{"liability_cap", head + "4. INSURANCE. Warehouse legal liability: $3,000,000. Auto liability: $1,000,000 combined single limit.", ""},
		{"liability_cap", head + "4. INSURANCE. The Supplier carries public liability insurance of $3,000,000. The Supplier's total liability is limited to $1,000,000.", "1000000.00 USD"},
		{"effective_date", head + "4. TERM. Two years starting November 1, 2026, with evergreen one-year extensions.", "2026-11-01"},
		{"term", head + "4. TERM. Two years starting November 1, 2026, with evergreen one-year extensions.", "2 years"},
		{"expiration_date", head + "4. TERM. Two years starting November 1, 2026, with evergreen one-year extensions.", "2028-10-31"},
		{"effective_date", head + "4. Supplier shall provide support from 1 July 2026 (\"Go-Live\") for a minimum period of 2 years.", "2026-07-01"},
		{"term", head + "4. Supplier shall provide support from 1 July 2026 (\"Go-Live\") for a minimum period of 2 years.", "2 years"},
		{"effective_date", head + "4. Warranty. Two years starting November 1, 2026 for parts.", ""},
		{"term", head + "4. The Supplier shall provide training services from 1 September 2026 for a minimum period of three months.", ""},
		{"effective_date", head + "4. Spare goods are kept from 1 September 2026 for a minimum period of ten years.", ""},
		{"term", head + "4. Supplier warrants the goods and their parts from 1 July 2026 for a minimum period of 2 years.", ""},
		{"payment_terms", head + "4. Payment shall be made within 30 days of invoice, save that invoices over £50,000 are payable within 60 days.", ""},
		{"payment_terms", head + "4. Payment shall be made within 30 days of invoice, save that invoices over £50,000 need the approval of the board.", "net 30"},
		{"payment_terms", head + "Key terms\n\nPayment | 30 days from valid invoice\nTerm | 24 months\n", "net 30"},
		{"payment_terms", head + "Key terms\n\nPayment: 30 days from valid invoice\nTerm: 24 months\n", "net 30"},
		{"payment_terms", head + "Key terms\n\nPayment holiday: 30 days from the first invoice\nTerm: 24 months\n", ""},
		{"payment_terms", head + "4. The Customer shall pay each invoice within 30 days of receipt, but orders over EUR 10,000 are delivered within 5 days.", "net 30"},
		{"payment_terms", head + "4. The Customer shall pay each invoice within 30 days of receipt, provided that disputed amounts exceeding EUR 500 are notified within 10 days.", "net 30"},
		{"payment_terms", head + "4. The Customer shall pay each invoice within 30 days of receipt, except that amounts over EUR 500 bear interest after 60 days.", "net 30"},
		{"products_services", head + "4. The Supplier shall provide certified translation services for legal documents to the Customer.", "certified translation services"},
		{"products_services", head + "4. The Customer shall furnish certificates evidencing such insurance prior to delivery of the Equipment.", ""},
		{"products_services", head + "4. The Supplier shall provide cleaning robots and cleaning products for the plants of the Customer.", "cleaning robots and cleaning products"},

		{"total_contract_value", head + "The total Contract Price is Rs. 3,45,60,000/- (Rupees Three Crore only).", "34560000.00 INR"},
		{"total_contract_value", head + "The Customer shall pay an annual lump sum of EUR 186,400.00 plus VAT, payable in four equal instalments.", ""},
		{"annual_contract_value", head + "The Customer shall pay an annual lump sum of EUR 186,400.00 plus VAT, payable in four equal instalments.", "186400.00 EUR"},
		{"total_contract_value", head + "The Customer shall pay a lump sum of EUR 186,400.00 plus VAT for the whole work.", "186400.00 EUR"},
		{"total_contract_value", head + "The Customer insures the machines for their value, at present EUR 350,000 in total.", ""},
	} {
		if got := termIn(t, c.name, c.text); got != c.want {
			t.Errorf("%s of %q:\n  gave %q\n  want %q", c.name, c.text, got, c.want)
		}
	}
}

// Several terms of one length are asked, and so is the last day that hangs on them; terms of a renewal are not.
func TestSeveralTermsOfOneLengthAreAsked(t *testing.T) {
	t.Parallel()
	const made = "SERVICES AGREEMENT\n\nThis Agreement is made on March 1, 2025 between Alder Freight Ltd (\"Supplier\") and Birch Foods Ltd (\"Customer\").\n\n2. Term. "
	for words, want := range map[string]string{
		"This Agreement starts on March 1, 2025 and continues for two three-year terms.":                                                "term: 3 years or 6 years, last day: 2028-02-29 or 2031-02-28",
		"This Agreement starts on March 1, 2025 and continues for 2 (two) consecutive 18-month periods.":                                "term: 18 months or 36 months, last day: 2026-08-31 or 2028-02-29",
		"This Agreement starts on March 1, 2025 and continues for one five-year period.":                                                "term: 5 years, last day: 2030-02-28",
		"This Agreement starts on March 1, 2025 and runs for a three-year term and may be extended for two further two-year terms.":     "term: 3 years, last day: 2028-02-29",
		"This Agreement starts on March 1, 2025, runs for three years and renews for two successive three-year terms unless cancelled.": "term: 3 years, last day: 2028-02-29",
	} {
		list, got := textIn(t, made+words+"\n"), []string{}
		for label, name := range map[string]string{"term": "term", "last day": "expiration_date"} {
			c := named(list, name)
			if c == nil {
				t.Fatalf("%s: no %s", words, name)
			}
			var said []string
			if c.Value != nil {
				said = append(said, c.Value.String())
			}
			for _, a := range c.Ambiguities {
				for _, v := range a.Readings {
					said = append(said, v.String())
				}
			}
			got = append(got, label+": "+strings.Join(said, " or "))
		}
		slices.Sort(got)
		slices.Reverse(got)
		if strings.Join(got, ", ") != want {
			t.Errorf("%s\n got %s\nwant %s", words, strings.Join(got, ", "), want)
		}
	}
}
