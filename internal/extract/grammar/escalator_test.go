package grammar_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
)

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
		got := ""
		list, _ := readIn(t, "made on 3 May 2026 ", c.words)
		for _, o := range list {
			if o.Obligation == nil || o.Obligation.Kind != "price_escalator" {
				continue
			}
			var p obligation.EscalatorParams
			decode(t, o.Obligation.Params, &p)
			words := p.Index
			if p.Fixed != nil {
				words += p.Fixed.String()
			}
			if words == "" {
				words = "-"
			}
			floor, top := "-", "-"
			if p.Floor != nil {
				floor = p.Floor.String()
			}
			if p.Cap != nil {
				top = p.Cap.String()
			}
			got += "; " + words + " from " + floor + " to " + top
		}
		if got = strings.TrimPrefix(got, "; "); got != c.want {
			t.Errorf("%s\n  gave %q\n  want %q", c.words, got, c.want)
		}
	}
}
