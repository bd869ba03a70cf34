package grammar_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/obligation"
)

// What a text says of a rise is read, and not asked: its first day, the month of the index, a collar, the share that counts.
func TestWhatIsSaidOfARise(t *testing.T) {
	t.Parallel()
	const starts = "1. Term. This Agreement takes effect on April 1, 2026.\n\n"
	for words, want := range map[string]string{
		"2.1 The annual charge is £1,260,000 payable in twelve equal monthly instalments.\n2.2 On 1 April 2027 and each 1 April after that the charges shall be indexed by reference to CPIH for the preceding January, capped at 5% and with no reduction.":               "1260000 GBP 2027-04-01 12 CPIH 01 2026-01 0..5",
		"2. The annual charge is £9,000. On 1 April 2027 and each 1 April thereafter the annual charge shall be increased by the percentage change in CPIH for the preceding January, subject to a collar of 1% and 4%.":                                                   "9000 GBP 2027-04-01 12 CPIH 01 2026-01 1..4",
		"2. The monthly fee is $55,000. Beginning January 1, 2027 and on each January 1 thereafter, the monthly fee may be increased by the lesser of three percent (3%) and the percentage increase in the CPI-U published for the month of September of the prior year.": "55000 USD 2027-01-01 12 CPI-U 09 2025-09 ..3",
		"2. The quarterly fee is £5,000. From 1 July 2027, and then each 1 July, our quarterly fee goes up by RPI for the preceding March, with a floor of zero and a ceiling of 4 %.":                                                                                     "5000 GBP 2027-07-01 12 RPI 03 2026-03 0..4",
		"2. The annual fee is CHF 900. The annual fee follows the Swiss consumer price index, base December 2025, but rises by no more than 2 % a year.":                                                                                                                   "900 CHF  12 consumer price index  2025-12 ..2",
		"2. The monthly fee is EUR 310. The monthly fee moves every 1 July by half of the percentage change in the PPI for the preceding May, within a collar of -2 % and +4 %.":                                                                                           "310 EUR 2026-07-01 12 PPI 05 2025-05 -2..4 share 50",
		"2. Annual uplift: CPI (All Groups, Sydney) published for the month of March, minimum 2 %, maximum 5 %.":                                                                                                                                                           "0   12 CPI 03  2..5",
		// what is of something else, or not said, is not taken
		"2. The monthly fee is $900. The monthly fee is revised on 1 April 2027 and every 1 April after that by the SYNTEC index.\n3. Delay: a penalty of 1/1000 of the price per day, limited to 10 % of that price.": "900 USD 2027-04-01 12 SYNTEC index   ..",
		"2. The monthly fee is $900. On each 1 July we put the monthly fee up by the rise in CPI published the January before.":                                                                                        "900 USD 2026-07-01 12 CPI   ..",
		"2. The annual charge is £9,000 for Leeds. The annual charge is £7,000 for York. On 1 July 2027 and each 1 July after that the charges shall be increased by 3 %.":                                             "0  2027-07-01 12    ..",
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
			bound := func(v *decimal.Decimal) string {
				if v == nil {
					return ""
				}
				return v.String()
			}
			got += fmt.Sprint(p.BasePrice.Value, " ", p.BasePrice.Currency, " ", p.FirstAdjustment, " ", p.EveryMonths, " ", p.Index, " ", p.ReferenceMonth, " ", p.BaseMonth, " ", bound(p.Floor), "..", bound(p.Cap))
			if p.Share != nil {
				got += " share " + p.Share.String()
			}
			if c.Verification != "verified" {
				t.Errorf("%s: %s", words, c.Verification)
			}
		}
		if got != want {
			t.Errorf("%s\n  gave %q\n  want %q", words, got, want)
		}
	}
}
