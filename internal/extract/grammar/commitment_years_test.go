package grammar_test

import (
	"slices"
	"strings"
	"testing"
)

// TestMinimumsOfSeveralYearsInOneSentence reads a minimum for each year, and none that would hold in all of them.
func TestMinimumsOfSeveralYearsInOneSentence(t *testing.T) {
	t.Parallel()
	dated := "SUPPLY AGREEMENT\n\nThis Supply Agreement (the \"Agreement\") is entered into and effective as of November 3, 2025 " + twoNames
	for name, c := range map[string]struct{ head, clause, want string }{
		"quantities": {
			dated, "Customer shall purchase at least 5,000 pumps in the first year, 7,500 pumps in the second year and 10,000 pumps in each year thereafter.",
			`2025-11-03..2026-11-03 "quantity":"5000" | 2026-11-03..2027-11-03 "quantity":"7500" | 2027-11-03.. "quantity":"10000"`,
		},
		"the unit is named once": {
			dated, "Customer shall purchase at least 5,000 pumps in Contract Year 1, 7,500 in Contract Year 2 and 10,000 in Contract Year 3.",
			`2025-11-03..2026-11-03 "quantity":"5000" | 2026-11-03..2027-11-03 "quantity":"7500" | 2027-11-03..2028-11-03 "quantity":"10000"`,
		},
		"amounts": {
			dated, "Customer shall spend not less than $50,000 in the first year and $80,000 in each subsequent year.",
			`2025-11-03..2026-11-03 "amount":{"value":"50000.00" | 2026-11-03.. "amount":{"value":"80000.00"`,
		},
		"nobody knows when the years begin": {
			"SUPPLY AGREEMENT\n\nThis Supply Agreement (the \"Agreement\") is made on the ___ day of ________ " + twoNames,
			"Customer shall purchase at least 5,000 pumps in the first year, 7,500 pumps in the second year and 10,000 pumps in each year thereafter.", "",
		},
		"years of the calendar": {
			dated, "Customer will purchase pumps worth no less than C$600,000 in 2026 and C$850,000 in 2027.",
			`2026-01-01..2027-01-01 "amount":{"value":"600000.00" | 2027-01-01..2028-01-01 "amount":{"value":"850000.00"`,
		},
		"one year of the calendar": {
			dated, "Customer shall purchase at least 5,000 pumps in calendar year 2026.", `2026-01-01..2027-01-01 "quantity":"5000"`,
		},
		"no year, but a day": {
			dated, "Customer shall purchase at least 5,000 pumps in each calendar year; the price list is that for 2026.", `2025-11-03.. "quantity":"5000"`,
		},
		"each month of a year": {
			dated, "Customer shall purchase pumps worth at least C$100,000 per month during 2026.", `2026-01-01..2027-01-01 "amount":{"value":"100000.00" "period":"month"`,
		},
		"the year of a plan": {
			dated, "Customer shall purchase at least 5,000 pumps under the forecast made in 2024.", `2025-11-03.. "quantity":"5000"`,
		},
		"lakh": {
			dated, "Customer shall lift a minimum quantity of 1,20,000 pumps in each contract year.", `2025-11-03.. "quantity":"120000"`,
		},
		"one year": {
			dated, "Customer shall purchase at least 5,000 pumps in each calendar year.", `2025-11-03.. "quantity":"5000"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, x := range textIn(t, paperOf(c.head, "3. Minimum. "+c.clause, twoHands)) {
				if x.Obligation == nil || x.Obligation.Kind != "minimum_commitment" {
					continue
				}
				what := ""
				for _, p := range strings.Split(strings.Trim(string(x.Obligation.Params), "{}"), ",") {
					if strings.HasPrefix(p, `"quantity"`) || strings.HasPrefix(p, `"amount"`) {
						what = p + what
					} else if p == `"period":"month"` {
						what += " " + p
					}
				}
				got = append(got, string(x.Obligation.InForce.From)+".."+string(x.Obligation.InForce.Until)+" "+what)
			}
			if slices.Sort(got); strings.Join(got, " | ") != c.want {
				t.Errorf("read %s\nwant %s", strings.Join(got, " | "), c.want)
			}
		})
	}
}
