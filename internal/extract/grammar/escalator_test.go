package grammar_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// starts is the clause by which a rise counts its years.
const starts = "1. Term. This Agreement takes effect on April 1, 2026.\n\n"

// risesIn writes every rise of prices that a clause tells, as say writes its parameters; each must follow from its quote. The agreement is
// made on the day that made names.
func risesIn(t *testing.T, made, words string, say func(obligation.EscalatorParams) string) string {
	t.Helper()
	list, d := readIn(t, "made on "+made+" ", words)
	extract.VerifyAll(list, d)
	var out []string
	for c, p := range obligationsOf[obligation.EscalatorParams](t, list, "price_escalator") {
		if c.Verification != pact.Verified {
			t.Errorf("%s: %s", words, c.Verification)
		}
		out = append(out, say(p))
	}
	return strings.Join(out, "; ")
}

// bound is a floor or a cap, or what stands for none.
func bound(v *decimal.Decimal, none string) string {
	if v == nil {
		return none
	}
	return v.String()
}

// How far prices move, told beside the sentence that moves them, and what moves no price.
func TestHowFarPricesMove(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ words, want string }{
		{"On each anniversary of the start the rent changes by the percentage change in the Consumer Price Index. The rent will go up by at least 1 % and by at most 4 % at a review.", "Consumer Price Index from 1 to 4"},
		{"On each anniversary the rates in Schedule 2 change by the percentage by which the Producer Price Index changed. They shall not in any case rise by more than 6 % on one anniversary, and a fall in the index shall not reduce them.", "Producer Price Index from 0 to 6"},
		{"For each renewal year the prices move by the percentage change of the Producer Price Index, but by no less than minus 3 % and no more than plus 7 %.", "Producer Price Index from -3 to 7"},
		{"The Supplier may ask for an adjustment of the prices once a year. The adjustment may not exceed the change of the producer price index of the last 12 months, and not 2.5 %.", "producer price index of the last 12 months from - to 2.5"},
		{"The Supplier may ask for new prices once a year. The adaptation of the prices may not exceed the change of the producer price index for rubber goods of the Federal Office, and not 4.5 %.", "producer price index for rubber goods of the Federal Office from - to 4.5"},
		{"The Provider may increase the fees on each renewal by no more than the greater of three percent (3%) and the increase in the Consumer Price Index.", "Consumer Price Index from 3 to -"},
		{"The fees increase by 2 % for each 12 months of the term.", "2 from - to -"},
		{"We put the monthly fee up once a year on 1 May by 2 %, beginning in 2027.", "2 from - to -"},
		{"On each 1 October the green premium is increased by 1.5 %.", "1.5 from - to -"},
		{"The Seller may change its price list once in each calendar year on sixty days' notice; no such change may raise the price of an article by more than 8 %.", "- from - to 8"},
		{"The prices of the second lot are variable as per the IEEMA formula, subject to a ceiling of plus 9 %.", "IEEMA formula from - to 9"},

		{"The rate of pay of the Supplier's staff has risen by 7 % since 2023.", ""},
		{"The prices of steel rose by 11 % a year before this contract, and the fees are fixed.", ""},
		{"If control of the Customer changes, it shall pay a fee of 5 % of the price.", ""},
		{"The Customer shall put the Supplier in funds for the charges by 20 % each.", ""},
		{"If the premium of the policy is increased by 10 % in a year, the Supplier shall tell the Customer.", ""},
		{"The scope of the Services may vary by 15 % without a change of the price.", ""},
	} {
		got := risesIn(t, "3 May 2026", c.words, func(p obligation.EscalatorParams) string {
			words := p.Index
			if p.Fixed != nil {
				words += p.Fixed.String()
			}
			if words == "" {
				words = "-"
			}
			return words + " from " + bound(p.Floor, "-") + " to " + bound(p.Cap, "-")
		})
		if got != c.want {
			t.Errorf("%s\n  gave %q\n  want %q", c.words, got, c.want)
		}
	}
}

// What a text says of a rise is read, and not asked: its first day, the month of the index, a collar, the share that counts.
func TestWhatIsSaidOfARise(t *testing.T) {
	t.Parallel()
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
		got := risesIn(t, "3 March 2026", starts+words, func(p obligation.EscalatorParams) string {
			said := fmt.Sprint(p.BasePrice.Value, " ", p.BasePrice.Currency, " ", p.FirstAdjustment, " ", p.EveryMonths, " ", p.Index, " ", p.ReferenceMonth, " ", p.BaseMonth, " ", bound(p.Floor, ""), "..", bound(p.Cap, ""))
			if p.Share != nil {
				said += " share " + p.Share.String()
			}
			return said
		})
		if got != want {
			t.Errorf("%s\n  gave %q\n  want %q", words, got, want)
		}
	}
}

// The first rise is counted from the price and the day that the text gives; where it gives none, none is made up.
func TestFromWhichPriceAndDayARiseIsCounted(t *testing.T) {
	t.Parallel()
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
		got := risesIn(t, "3 March 2026", starts+words, func(p obligation.EscalatorParams) string {
			return p.BasePrice.Value.StringFixed(2) + " " + p.BasePrice.Currency + " " + string(p.FirstAdjustment)
		})
		if got != want {
			t.Errorf("%s\n  gave %q\n  want %q", words, got, want)
		}
	}
}
