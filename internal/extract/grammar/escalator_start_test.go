package grammar_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/obligation"
)

func TestFromWhichPriceAndDayARiseIsCounted(t *testing.T) {
	t.Parallel()
	const starts = "1. Term. This Agreement takes effect on April 1, 2026.\n\n"
	for words, want := range map[string]string{
		"2. Fees. The annual fee is $100,000. On each anniversary of the Effective Date the annual fee increases by 3%.":                                                           "100000.00 USD 2027-04-01",
		"2. Fees. The monthly fee for the hosting of the platform is EUR 2,000. The monthly fee rises by 2.5 % on January 1 of each year.":                                         "2000.00 EUR 2027-01-01",
		"2. Fees. The support fee of $500 is raised by 3% each year, for the first time on 1 July 2027.":                                                                           "500.00 USD 2027-07-01",
		"2. Fees. The monthly fee is $900. We put the monthly fee up once a year on 1 May by 2 %, beginning in 2028.":                                                              "900.00 USD 2028-05-01",
		"2. Fees. The rates in Schedule 2 increase by 4 % on each 1 October.":                                                                                                      "0.00  2026-10-01",
		"2. Fees. The monthly fee is $900 for Austin. In Dallas the monthly fee is $700. The monthly fee rises by 2 % on each anniversary of the start.":                           "0.00  2027-04-01",
		"2. Fees. The annual fee is $100,000. On each anniversary of the Contract Start Date the annual fee increases by 3%.":                                                      "100000.00 USD 2027-04-01",
		"2. Fees. The annual fee is $100,000. On each anniversary of the Opening Date the annual fee increases by 3%.":                                                             "100000.00 USD ",
		"2. Fees. The annual fee is $100,000. The annual fee increases by 3% each year.":                                                                                           "100000.00 USD ",
		"2. Fees. The annual fee is $100,000. The annual fee increases by 3% on each 1 April.":                                                                                     "100000.00 USD ",
		"2. Fees. The annual fee is $40,000. The Charges, payable on 1 January 2027 and each quarter thereafter, shall increase annually by the CPI, beginning on 1 January 2028.": "40000.00 USD 2028-01-01",
		"2. Fees. The annual fee is $40,000. The annual fee, due on 1 January 2027 and each quarter thereafter, increases by 3% each year.":                                        "40000.00 USD ",
	} {
		list, d := readIn(t, "made on 3 March 2026 ", starts+words)
		extract.VerifyAll(list, d)
		got := ""
		for _, c := range list {
			if c.Obligation == nil || c.Obligation.Kind != "price_escalator" {
				continue
			}
			var p obligation.EscalatorParams
			decode(t, c.Obligation.Params, &p)
			got += p.BasePrice.Value.StringFixed(2) + " " + p.BasePrice.Currency + " " + string(p.FirstAdjustment)
			if c.Verification != "verified" {
				t.Errorf("%s: %s", words, c.Verification)
			}
		}
		if got != want {
			t.Errorf("%s\n  gave %q\n  want %q", words, got, want)
		}
	}
}
