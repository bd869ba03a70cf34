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
		"2. Availability. (1) Provider owes an availability of the system of 99,5 % in the monthly average. (2) If the availability falls short of the agreed value, the monthly fee is reduced by 2 % for each commenced 0,1 percentage points, at most however by 20 % of the monthly fee.":                                                                                                                            {`"step":"0.1"`, `"percent":"2"`, `"count":"started"`, `"cap_percent":"20"`},
		"2. Availability. The Platform will be available 99.9% of the time in each calendar month.\n\n3. Credits. Where monthly availability drops below the foregoing commitment, Customer is entitled to the following credit against the monthly fee:\n\n99.0% or higher but under 99.9%: 5%\n\nunder 99.0%: 15%\n\n4. Total credits for any month will not be greater than thirty percent (30%) of the monthly fee.": {`"below":"99.9"`, `"cap_percent":"30"`},
	} {
		got := ""
		for _, c := range textIn(t, head+clauses) {
			if c.Obligation != nil && c.Obligation.Kind == "availability" {
				got += string(c.Obligation.Params)
			}
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %s", got, w)
			}
		}
	}
}
