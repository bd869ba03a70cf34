package grammar_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/pact"
)

// Where a document states a thing twice and differently, nothing is picked: both readings and both quotes are shown, below what a policy
// accepts. A sentence about another service, party, paper or case contradicts nothing.
func TestContradictionsAreAskedWithAllReadings(t *testing.T) {
	t.Parallel()
	const cap1 = "7. Liability. The total liability of the Supplier under this Agreement shall not exceed $1,000,000."
	const law = "12. Law. This Agreement shall be governed by and construed in accordance with the laws of the State of New York."
	for _, c := range []struct{ name, words, want string }{
		{"effective_date", "This Agreement is effective as of 1 May 2026. The Effective Date of this Agreement is 1 June 2026.", "2026-05-01 | 2026-06-01"},
		{"effective_date", "This Agreement takes effect on the later of the date of last signature and 1 June 2026.", "2026-06-01"},
		{"effective_date", "This Agreement is effective as of 1 May 2026. The original Effective Date of the prior agreement is 1 June 2025.", ""},
		{"payment_terms", "1. Payment. Customer shall pay each invoice within 30 days after receipt.\n\n9. General. All invoices are payable net 60 days from receipt.", "net 30 | net 60"},
		{"payment_terms", "1. Payment. Customer shall pay each invoice within 30 days after receipt.\n\n9. General. Invoices for hardware are payable net 60 days from receipt.", ""},
		{"payment_terms", "1. Payment. Customer shall pay each invoice within 30 days after receipt.\n\n9. General. If an invoice is not paid within 60 days from receipt, the Supplier may suspend the Services.", ""},
		{"payment_terms", "1. Payment. Customer shall pay each invoice within 30 days after receipt.\n\n2. Billing. Supplier shall deliver its invoices within 10 days of the end of each month.", ""},
		{"notice_period", "1. Term. The initial term is two years from 1 May 2026 and renews automatically for one year each unless either party gives sixty (60) days' notice before the end of the term.\n\n5. Notices. Notice of non-renewal must be given at least ninety (90) days before the end of the term.", "60 days | 90 days"},
		{"notice_period", "1. Term. The initial term is two years from 1 May 2026 and renews automatically for one year each unless either party gives sixty (60) days' notice before the end of the term.\n\n5. Prices. The Supplier shall give ninety (90) days' notice of any increase of the fees for a renewal term.", ""},
		{"liability_cap", cap1 + "\n\n8. Limits. The Supplier's aggregate liability shall not exceed $500,000.", "1000000.00 USD | 500000.00 USD"},
		{"liability_cap", cap1 + "\n\n8. Data. The Supplier's aggregate liability for breach of confidentiality shall not exceed $500,000.", ""},
		{"liability_cap", cap1 + "\n\n8. Limits. The Customer's aggregate liability shall not exceed $500,000.", ""},
		{"uptime_target", "3. Availability. The Supplier guarantees an availability of the Service of 99.9% in each month.\n\n4. Service levels. The Service shall be available at least 99.5% of each month.", "99.5 % | 99.9 %"},
		{"uptime_target", "3. Availability. The Supplier guarantees an availability of the Service of 99.9% in each month.\n\n4. Archive. The Supplier guarantees an availability of the archive of 99.5% in each month.", ""},
		// another part of the time, the things or the people
		{"payment_terms", "1. Payment. Customer shall pay each invoice within 30 days after receipt.\n\n9. Change. From 1 January 2028 invoices are payable within 45 days after receipt.", ""},
		{"payment_terms", "1. Payment. Customer shall pay each invoice within 30 days after receipt.\n\n9. Group. Invoices of Affiliates are payable within 90 days after receipt.", ""},
		{"payment_terms", "1. Payment. Customer shall pay each invoice within 30 days after receipt.\n\n9. Small. Invoices below $500 are payable within 10 days after receipt.", ""},
		{"payment_terms", "1. Payment. Customer shall pay each invoice within 30 days after receipt.\n\n9. Helpers. All invoices of freelancers are paid by the Supplier within 14 days after receipt.", ""},
		{"payment_terms", "1. Payment. Customer shall pay each invoice within 30 days after receipt.\n\n9. Receipts. The Supplier shall acknowledge payments of invoices within 5 days after receipt.", ""},
		{"payment_terms", "1. Payment. Customer shall pay each invoice within 30 days after receipt.\n\n9. Abroad. Invoices outside the EU are payable within 60 days after receipt.", ""},
		{"notice_period", "1. Term. The initial term is two years from 1 May 2026 and renews automatically for one year each unless either party gives sixty (60) days' notice before the end of the term. After the first renewal either party may give notice not to renew at least thirty (30) days before the end of the term.", ""},
		{"liability_cap", cap1 + "\n\n8. Defects. The total liability of the Supplier for defects shall not exceed $500,000.", ""},
		{"liability_cap", cap1 + "\n\n8. Orders. Under Order 2 the Supplier's total liability is limited to $100,000.", ""},
		{"liability_cap", cap1 + "\n\n8. Pilot. During the pilot phase the Supplier's total liability shall not exceed $50,000.", ""},
		{"uptime_target", "3. Availability. The Supplier guarantees an availability of the Service of 99.9% in each month.\n\n4. Later. From 1 January 2028 the Supplier guarantees an availability of the Service of 99.95% in each month.", ""},
		{"uptime_target", "3. Availability. The Supplier guarantees an availability of the Service of 99.9% in each month.\n\n4. Service. The Supplier shall provide the Service with an availability of 99.5% per month.", "99.5 % | 99.9 %"},
		// caps by fees, with parts carved out, and of both parties beside one
		{"liability_cap", cap1 + "\n\n8. Limits. Each party's aggregate liability shall not exceed the fees paid in the twelve months before the claim.", "1 × fees of 12 months | 1000000.00 USD"},
		{"liability_cap", "7. Liability. Except for breach of confidentiality, the total liability of either party under this Agreement shall not exceed $1,000,000.\n\n17. Limits. The Supplier shall not be liable for more than $2,000,000 in total under this Agreement. The Supplier's total liability shall not exceed $2,000,000.", "1000000.00 USD | 2000000.00 USD"},
		{"liability_cap", "7. Liability. Each party's aggregate liability shall not exceed the fees paid in the twelve months before the claim.\n\n8. Limits. The Supplier's aggregate liability shall not exceed the fees paid in the one year before the claim.", ""},
		{"liability_cap", cap1 + "\n\n8. Data. The Supplier's total liability for breach of its data protection duties shall not exceed $5,000,000.", ""},
		{"liability_cap", cap1 + "\n\n8. Years. The Supplier's total liability in any contract year shall not exceed $500,000.", ""},
		// the law of the contract, and that of something else
		{"governing_law", law + "\n\n20. Law. This Agreement is governed by the laws of England and Wales.", "England and Wales | New York"},
		{"governing_law", law + "\n\n20. Law. This Agreement and any dispute arising out of it shall be governed by the laws of Ireland.", "Ireland | New York"},
		{"governing_law", law + "\n\nSCHEDULE 2\n\n1. Law. German law applies.", "Germany | New York"},
		{"governing_law", law + "\n\n20. Arbitration. Disputes are settled in London, and this arbitration agreement is governed by English law.", ""},
		{"governing_law", law + "\n\n20. Data. The Data Processing Addendum to this Agreement is governed by the laws of Ireland.", ""},
		{"governing_law", law + "\n\n20. Property. Rights in inventions under this Agreement as to patents are governed by the laws of Japan.", ""},
		{"governing_law", law + "\n\n20. Abroad. If the Customer is located in the EU, this Agreement is governed by the laws of Ireland.", ""},
		{"governing_law", "12. Law. This Agreement is governed by the laws of England.\n\n20. General. This Agreement is governed by the laws of England and Wales.", ""},
		{"governing_law", "12. Law. This Agreement is governed by the laws of Ontario.\n\n20. General. This Agreement is governed by the federal laws of Canada.", ""},
		{"expiration_date", "2. Term. This Agreement expires on 31 December 2028 or 36 months after March 2, 2026.", "2028-12-31 | 2029-03-01"},
		// an end that hangs on a term that is asked, and not on that of a renewal
		{"expiration_date", "This Agreement is effective as of March 2, 2026.\n\n2. Term. The initial term of this Agreement is thirty-six (24) months from the Effective Date. Thereafter this Agreement renews for successive periods of one (1) year unless either party gives notice of non-renewal at least sixty (60) days before the end of the then current term.", "2028-03-01 | 2029-03-01"},
	} {
		list := textIn(t, "SERVICES AGREEMENT\n\nThis Services Agreement is entered into between Alder Works Ltd (\"Supplier\") and Beta Foods Inc (\"Customer\").\n\n"+c.words+"\n")
		x := named(list, c.name)
		if x == nil {
			t.Errorf("%s: no %s", c.words, c.name)
			continue
		}
		var got []string
		for _, a := range x.Ambiguities {
			for _, v := range a.Readings {
				got = append(got, v.String())
			}
		}
		slices.Sort(got)
		if said := strings.Join(got, " | "); said != c.want {
			t.Errorf("%s\n  %s gave %q\n  want %q", c.words, c.name, said, c.want)
		}
		if c.want == "" {
			continue
		}
		if x.Value != nil || x.Confidence.GreaterThan(decimal.New(5, -1)) {
			t.Errorf("%s: picked %v at %s", c.words, x.Value, x.Confidence)
		}
		if quotes := quotesOf(x); len(got) > 1 && c.name != "expiration_date" && quotes < 2 {
			t.Errorf("%s: %d quotes for %d readings", c.words, quotes, len(got))
		}
	}
}

func quotesOf(c *pact.Candidate) int {
	n := 0
	for _, e := range c.Evidence {
		if e.Passage != nil && e.Passage.Quote != "" {
			n++
		}
	}
	return n
}

// What a kind can not be judged without is asked at the review, where no term of the same reading says it.
func TestTheReviewAsksWhatAKindCanNotBeJudgedWithout(t *testing.T) {
	t.Parallel()
	const table = "4. Prices. The price per unit depends on the quantity ordered in a calendar year:\n\nQuantity\tPrice per unit\n"
	for words, want := range map[string]string{
		table + "1 - 100\tUSD 10.00\n101 - 500\tEUR 9.00\nabove 500\tEUR 8.00":                                                       "mode, currency",
		table + "1 - 100\tUSD 10.00\n101 - 500\tUSD 9.00\nabove 500\tUSD 8.00":                                                       "mode",
		"5. Payment. Customer shall pay 50% on signing and 50% within 30 days after acceptance.":                                     "contract_value",
		"5. Payment. The total contract price is $9,000. Customer shall pay 50% on signing and 50% within 30 days after acceptance.": "",
	} {
		var codes []string
		for _, c := range textIn(t, servicesHead+words+"\n") {
			if c.Obligation != nil && (c.Obligation.Kind == "volume_price" || c.Obligation.Kind == "milestone") {
				for _, a := range c.Ambiguities {
					codes = append(codes, a.Code)
				}
			}
		}
		if got := strings.Join(codes, ", "); got != want {
			t.Errorf("%s\n  asks %q, want %q", words, got, want)
		}
	}
}
