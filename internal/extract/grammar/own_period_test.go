package grammar_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestYearsOfTheContractBeginWithIt reads from which day minimums, rebates and tiers of a contract year are counted.
func TestYearsOfTheContractBeginWithIt(t *testing.T) {
	t.Parallel()
	head := "SUPPLY AGREEMENT\n\nThis Supply Agreement (the \"Agreement\") is entered into as of November 3, 2025 (the \"Effective Date\") " + twoNames
	const minimum = "3. Volume. Customer shall purchase at least 4,000 pumps in each Contract Year. For each pump that is missing Customer pays $40.00."
	for name, c := range map[string]struct{ clauses, kind, want string }{
		"a minimum, from the day the contract takes effect": {minimum, "minimum_commitment", "2025-11-03"},
		"as the year is defined":                            {"3. Definitions. \"Contract Year\" means each period of twelve months beginning on 1 April.\n\n" + minimum, "minimum_commitment", "2025-04-01"},
		"by the day on which such a year ends":              {"3. Definitions. \"Contract Year\" means each period of twelve months ending on 31 March.\n\n" + minimum, "minimum_commitment", "2025-04-01"},
		"a year that ends in December":                      {"3. Definitions. \"Contract Year\" means each period of twelve months ending on 31 December.\n\n" + minimum, "minimum_commitment", ""},
		"a day in the sentence that begins no year":         {minimum + " The price of a Contract Year is $100,000, payable on 1 July 2026.", "minimum_commitment", "2025-11-03"},
		"defined by the effective date, a date elsewhere":   {"3. Definitions. \"Contract Year\" means each period of twelve months from the Effective Date.\n\n" + minimum + " Orders of a Contract Year are placed from 1 June on.", "minimum_commitment", "2025-11-03"},
		"the year is that of the calendar":                  {"3. Definitions. \"Contract Year\" means a calendar year.\n\n" + minimum, "minimum_commitment", ""},
		"a rebate":                                          {"3. Rebate. Provider shall credit a rebate of 3% on all purchases of a Contract Year if those purchases exceed $600,000 in that Contract Year.", "rebate", "2025-11-03"},
		"each year is not said to be one of the contract":   {strings.Replace(minimum, "each Contract Year", "each calendar year", 1), "minimum_commitment", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, x := range textIn(t, paperOf(head, c.clauses, twoHands)) {
				if x.Obligation == nil || x.Obligation.Kind != c.kind {
					continue
				}
				var p struct{ Period, Anchor string }
				if err := json.Unmarshal(x.Obligation.Params, &p); err != nil || p.Period != "year" || p.Anchor != c.want {
					t.Errorf("%s, want a year from %q", x.Obligation.Params, c.want)
				}
				return
			}
			t.Errorf("no %s was read", c.kind)
		})
	}
}
