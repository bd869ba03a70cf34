package grammar_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
)

func TestTheUnitPriceOfWhatMustBeBought(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"1. Commitment. Customer commits to purchase at least 10,000 units in each contract year. If it purchases less, it shall pay the shortfall at the unit price of $5.00.": "10000 at 5.00 USD",
		"1. The Customer shall purchase at least 10,000 units in each contract year at a unit price of $4.50.":                                                                  "10000 at 4.50 USD",
		"1. The Customer commits to order not less than 500 pallets per quarter at EUR 30 per pallet.":                                                                          "500 at 30.00 EUR",
		"1. The Customer shall purchase at least 2,000 units in each contract year.":                                                                                            "2000 at ",
		"1. Customer commits to purchase at least 10,000 units in each contract year. If it purchases less, it shall pay a lump sum of $5,000 for the shortfall.":               "10000 at ",
	} {
		var got []string
		list, _ := readIn(t, "made on 3 March 2026 ", words)
		for _, p := range obligationsOf[obligation.CommitmentParams](t, list, "minimum_commitment") {
			got = append(got, p.Quantity.String()+" at "+sumText(p.Price))
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s\n  gave %q\n  want %q", words, got, want)
		}
	}
}

func TestTiersOfASentence(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"1. Price. The first 1,000 seats cost $12 each, seats above that $10.":                                               "graduated 0-1000 12.00 USD; 1000- 10.00 USD",
		"1. Price. The first 1,000 seats cost $12 each per month, the next 4,000 seats $10 each, and every further seat $8.": "graduated 0-1000 12.00 USD; 1000-5000 10.00 USD; 5000- 8.00 USD",
		"2. Charges. The first 50 licences are charged at EUR 90 a year, all additional licences at EUR 70.":                 "graduated 0-50 90.00 EUR; 50- 70.00 EUR",
		"2. Charges. The first visit costs $200. A further visit is agreed beforehand and costs $150.":                       "",
	} {
		var got []string
		list, _ := readIn(t, "made on 3 March 2026 ", words)
		for _, p := range obligationsOf[obligation.TieredParams](t, list, "volume_price") {
			for _, tier := range p.Tiers {
				to := ""
				if tier.To != nil {
					to = tier.To.String()
				}
				got = append(got, tier.From.String()+"-"+to+" "+sumText(tier.Price))
			}
			got[0] = p.Mode + " " + got[0]
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s\n  gave %q\n  want %q", words, strings.Join(got, "; "), want)
		}
	}
}
