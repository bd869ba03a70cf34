package grammar_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
)

// Limits of insurance in lists and sentences, how prices move, and commitments that differ by year, by many hands.
func TestCoverEscalatorsAndRampsInManyWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		words string
		want  []string
	}{
		{"Seller shall carry: (i) Employer's Liability of $1,000,000 each accident, and (ii) Pollution Liability with limits of $2,000,000 per claim and $4,000,000 aggregate.", []string{"employers_liability 1000000.00 USD/", "pollution_liability 2000000.00 USD/4000000.00 USD"}},
		{"The Warehouseman shall maintain warehouse legal liability insurance of at least EUR 1,500,000 per event.", []string{"warehouse_liability 1500000.00 EUR/"}},
		{"The Haulier takes out CMR insurance of EUR 600,000 for any one loss and public liability insurance of EUR 3 million per claim.", []string{"carrier_liability 600000.00 EUR/", "general_liability 3000000.00 EUR/"}},
		{"The Contractor shall keep in force the policies below:\n\nPolicy\tLimit\nPublic liability\t£5,000,000 any one occurrence\nProfessional indemnity\t£1,000,000 in the aggregate\nGoods in transit\t£100,000 any one vehicle", []string{"general_liability 5000000.00 GBP/", "professional_liability /1000000.00 GBP", "property 100000.00 GBP/"}},
		{"Required insurance:\n\nCoverage\tEach occurrence\tAggregate\nCommercial General Liability\t$1,000,000\t$2,000,000\nUmbrella\t$3,000,000\t$3,000,000", []string{"general_liability 1000000.00 USD/2000000.00 USD", "umbrella 3000000.00 USD/3000000.00 USD"}},
		{"5. INSURANCE. Warehouse legal liability: $3,000,000. Auto liability: $1,000,000 combined single limit. Workers' comp: statutory.", []string{"auto_liability 1000000.00 USD/", "warehouse_liability 3000000.00 USD/", "workers_compensation /"}},
		{"The Supplier may put its prices up once a year by no more than the Consumer Price Index and never more than 5%.", []string{"escalator cap 5 Consumer Price Index"}},
		{"The prices are fixed for a year. After that they go up by 2.5% on each anniversary.", []string{"escalator fixed 2.5"}},
		{"The fee is adjusted each year by the change in the Consumer Price Index, provided that no increase shall exceed four percent.", []string{"escalator cap 4 Consumer Price Index"}},
		{"The charges rise annually on 1 September by RPI + 1%.", []string{"escalator plus 1 RPI"}},
		{"The charges rise each year by the CPI plus 2%, but by no more than 6%.", []string{"escalator cap 6 plus 2 CPI"}},
		{"The freight rates rise or fall by 0.3% for each full 1% change in the diesel price each year.", nil},
		{"Key terms\tAgreed\nAnnual uplift\t3% each year", []string{"escalator fixed 3"}},
		{"If the Consumer Price Index changes by more than 8% the parties shall negotiate the prices.", nil},
		{"The Customer commits to purchase the following amounts:\n\n(a) $100,000 in the first Contract Year;\n\n(b) $150,000 in the second Contract Year.", []string{"commitment 100000.00 USD 2026-05-03..2027-05-03", "commitment 150000.00 USD 2027-05-03..2028-05-03"}},
		{"The minimum volumes are as follows:\n\n- Year 1: 4,000 tonnes\n\n- Year 2: 5,000 tonnes\n\n- each year thereafter: 6,000 tonnes", []string{"commitment 4000 2026-05-03..2027-05-03", "commitment 5000 2027-05-03..2028-05-03", "commitment 6000 2028-05-03.."}},
		{"The Customer shall buy as follows.\n\nContract Year\tMinimum Annual Commitment (EUR)\nYear 1\t90,000\nYear 2\t120,000", []string{"commitment 120000.00 EUR 2027-05-03..2028-05-03", "commitment 90000.00 EUR 2026-05-03..2027-05-03"}},
	} {
		t.Run(c.words, func(t *testing.T) {
			t.Parallel()
			list := checked(t, fileOf(t, "SUPPLY AGREEMENT\n\nThis agreement is made on 3 May 2026 between Aster Foods Ltd (\"Customer\") and Brill Chemicals GmbH (\"Supplier\").\n\n4. Terms of trade\n\n"+c.words+"\n"))
			var got []string
			for _, x := range list {
				if x.Obligation == nil {
					continue
				}
				raw := x.Obligation.Params
				who, owed := x.Obligation.Bearer, map[string]string{"minimum_commitment": "customer>supplier", "price_escalator": "customer>supplier", "certificate": "supplier>customer"}[x.Obligation.Kind]
				if sides := who + ">" + x.Obligation.Beneficiary; owed != "" && sides != owed {
					t.Errorf("owed by %s, want %s", sides, owed)
				}
				switch x.Obligation.Kind {
				case "certificate":
					var p obligation.CertificateParams
					decode(t, raw, &p)
					for _, c := range p.Required {
						got = append(got, fmt.Sprintf("%s %s/%s", c.Kind, sumText(c.PerOccurrence), sumText(c.Aggregate)))
					}
				case "price_escalator":
					var p obligation.EscalatorParams
					decode(t, raw, &p)
					words := "escalator"
					if p.Fixed != nil {
						words += " fixed " + p.Fixed.String()
					}
					if p.Cap != nil {
						words += " cap " + p.Cap.String()
					}
					if p.Margin != nil {
						words += " plus " + p.Margin.String()
					}
					got = append(got, strings.TrimSpace(words+" "+p.Index))
				case "minimum_commitment":
					var p obligation.CommitmentParams
					decode(t, raw, &p)
					words := sumText(p.Amount)
					if p.Quantity != nil {
						words = p.Quantity.String()
					}
					got = append(got, fmt.Sprintf("commitment %s %s..%s", words, x.Obligation.InForce.From, x.Obligation.InForce.Until))
				}
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if strings.Join(got, "; ") != strings.Join(c.want, "; ") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
