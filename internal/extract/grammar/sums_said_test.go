package grammar_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/obligation"
)

// Sums are read as the country of the contract writes them.
func TestSumsAsCountriesWriteThem(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"2. The Client shall pay the Consultant NOK 1 450 per hour.":                                                        "currency NOK, NOK 1450.00",
		"2. Steel plate: SEK 14\u00a0250 per tonne. The total contract value is SEK 4 275 000.":                             "total_contract_value SEK 4275000.00, currency SEK, SEK 14250.00",
		"2. The Client shall pay the Consultant DKK 1.150,00 per hour.":                                                     "currency DKK, DKK 1150.00",
		"2. Availability is 99,9 % a month. The total contract value is EUR 22.200. The hourly rate is EUR 1.450 per hour.": "total_contract_value EUR 22200.00, currency EUR, EUR 1450.00",
		"2. The annual support fee is CHF 48'500.50. Work is charged at CHF 1'195.00 per hour.":                             "annual_contract_value CHF 48500.50, currency CHF, CHF 1195.00",
		"2. The Customer shall pay USD 2 million for the initial three-year term.":                                          "total_contract_value USD 2000000.00, currency USD",
		"2. The Consultant shall hold professional indemnity insurance of at least GBP 1,000,000 any one claim.":            "",
		"2. The monthly fee is EUR 1.850,- for all sites. The total contract value is EUR 22.200.":                          "total_contract_value EUR 22200.00, currency EUR, EUR 1850.00",
		"2. Availability is 99.9 % a month. The total contract value is EUR 22.200.":                                        "total_contract_value ?",
		"2. The total contract value is EUR 22.200.":                                                                        "total_contract_value ?",
	} {
		list, d := readIn(t, "made on 3 March 2026 ", words)
		extract.VerifyAll(list, d)
		var got []string
		for _, c := range list {
			switch {
			case c.Name == "currency" && c.Value != nil:
				got = append(got, "currency "+c.Value.Text)
			case strings.HasSuffix(c.Name, "_contract_value") && c.Value != nil && c.Value.Money != nil:
				got = append(got, c.Name+" "+c.Value.Money.Currency+" "+c.Value.Money.Value.StringFixed(2))
			case strings.HasSuffix(c.Name, "_contract_value"):
				got = append(got, c.Name+" ?")
			case c.Obligation != nil && c.Obligation.Kind == "unit_price":
				var p obligation.UnitPriceParams
				decode(t, c.Obligation.Params, &p)
				for _, x := range p.Prices {
					got = append(got, x.Price.Currency+" "+x.Price.Value.StringFixed(2))
				}
			default:
				continue
			}
			if c.Verification != "verified" {
				t.Errorf("%s: %s is %s", words, c.Name, c.Verification)
			}
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("%s\n  gave %q\n  want %q", words, got, want)
		}
	}
}
