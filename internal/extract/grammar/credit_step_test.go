package grammar_test

import (
	"strings"
	"testing"
)

// TestStepsAndLimitsOfCreditsAsTheyAreSaid reads a reduction for each step of the shortfall, and the most that a month may cost.
func TestStepsAndLimitsOfCreditsAsTheyAreSaid(t *testing.T) {
	t.Parallel()
	head := "HOSTING AGREEMENT\n\nThis Agreement is entered into as of November 3, 2025 " + twoNames + "\n\n1. Services. Provider shall host the shop of Customer.\n\n"
	for clauses, want := range map[string][]string{
		"2. Availability. (1) Provider owes an availability of the system of 99,5 % in the monthly average. (2) If the availability falls short of the agreed value, the monthly fee is reduced by 2 % for each commenced 0,1 percentage points, at most however by 20 % of the monthly fee.":                                                                                                                                 {`"step":"0.1"`, `"percent":"2"`, `"count":"started"`, `"cap_percent":"20"`},
		"2. Availability. The Platform will be available 99.9% of the time in each calendar month.\n\n3. Credits. Where monthly availability drops below the foregoing commitment, Customer is entitled to the following credit against the monthly fee:\n\n99.0% or higher but under 99.9%: 5%\n\nunder 99.0%: 15%\n\n4. Total credits for any month will not be greater than thirty percent (30%) of the monthly fee.":      {`"below":"99.9"`, `"cap_percent":"30"`},
		"2. Availability. The Platform will be available 99.9% of the time in each calendar month. For each full hour of downtime in a month, Provider will knock 5% off the monthly fee, but in no event more than 50% of the monthly fee.":                                                                                                                                                                                  {`"of":"downtime_minutes","step":"60","percent":"5"`, `"cap_percent":"50"`},
		"2. Availability. The Platform will be available 99.9% of the time in each calendar month. If Provider misses the guarantee it will knock off the next bill 5% of the monthly charge for each full hour below it, capped at half the monthly charge.":                                                                                                                                                                 {`"cap_percent":"50"`, " asks per_step"},
		"2. Availability. The Platform will be available 99.9% of the time in each calendar month. Provider shall give Customer a service credit equal to 1/30 of the monthly charge for each day on which it was not available for more than one hour. In no event shall service credits be more than 15% of the monthly charges in any quarter. Provider earns back half of a credit in three months that meet the target.": {" asks per_step", " asks cap_percent", " asks earn_back"},
		"2. Availability. The Platform shall have an uptime of 99.9% in each month. If downtime exceeds 60 minutes in a month, Customer receives a service credit of 5% of the fee per hour of downtime.":                                                                                                                                                                                                                     {" asks per_step"},
		"2. Availability. Provider shall keep the Platform available 99.9% of each calendar month. If availability falls below 99.9%, Customer receives a service credit of 5% of the monthly fee. Total credits in any calendar month shall not exceed 25% of the monthly fee and in any year 10% of annual fees.":                                                                                                           {`"cap_percent":"25"`, "not over a year, another time"},
		"2. Availability. Provider shall keep the Platform available 99.9% of each calendar month. If availability falls below 99.9%, Customer receives a service credit of 5% of the monthly fee. Credits within a given year are capped at 10% of the monthly fee in each month.":                                                                                                                                           {`"cap_percent":"10"`, "not asks cap_percent"},
		"2. Network availability: 99.9% per month. For each full 0.1% below 99.9%, the Customer is entitled to a rebate of 2% of the monthly charge of the affected service, up to 20%.":                                                                                                                                                                                                                                      {`"per_step":{"of":"shortfall","step":"0.1","percent":"2"}`, `"cap_percent":"20"`},
		"2. Availability. Provider warrants an availability of the plant of 97 % per calendar year. If availability falls below 97 %, Provider shall pay a contractual penalty of 1 % of the annual lump sum for each full percentage point, however not more than 10 % of the annual lump sum.":                                                                                                                              {`"per_step":{"of":"shortfall","step":"1","percent":"1"}`, `"cap_percent":"10"`},
		"2. Availability. The Platform will be available 99.9% of the time in each calendar month. For each 5% below the forecast of orders, the Customer is entitled to a discount.":                                                                                                                                                                                                                                         {"not per_step"},
		"2. Availability. Provider shall keep the Platform available 99.9% of each calendar month. If availability falls below 99.9%, Customer receives a service credit of 5% of the monthly fee. Credits may not be earned back.":                                                                                                                                                                                           {`"credit":"5"`, "not asks earn_back"},
	} {
		got := ""
		for _, c := range textIn(t, head+clauses) {
			if c.Obligation != nil && c.Obligation.Kind == "availability" {
				got += string(c.Obligation.Params)
				for _, a := range c.Ambiguities {
					got += " asks " + a.Code
				}
			}
		}
		for _, w := range want {
			if unsaid, not := strings.CutPrefix(w, "not "); strings.Contains(got, unsaid) == not {
				t.Errorf("%s: %s", got, w)
			}
		}
	}
}
