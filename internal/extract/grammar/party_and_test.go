package grammar_test

import "testing"

// TestANameMayHaveAndInIt keeps names together that have "and" in them, and two companies apart.
func TestANameMayHaveAndInIt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"SERVICES AGREEMENT\n\nThis Agreement is made on 3 May 2025 between Stannard Cleaning and Security Limited (\"Supplier\") and Wexcombe Borough Council (\"Customer\").\n\n1. Services. The Supplier shall clean the offices of the Customer.":                                                                                                                "Stannard Cleaning and Security Limited (supplier); Wexcombe Borough Council (customer)",
		"SERVICES AGREEMENT\n\nThis Agreement is made on 3 May 2025 between Hart Heating and Cooling, Inc., an Ohio corporation (\"Contractor\"), and Lake Schools LLC, an Ohio limited liability company (\"Owner\").\n\n1. Services. Contractor shall maintain the boilers of Owner.":                                                                              "Hart Heating and Cooling, Inc. (supplier); Lake Schools LLC (customer)",
		"SERVICES AGREEMENT\n\nThis Agreement is made on 3 May 2025 between\n\n(1) Stannard Cleaning and Security Limited (company number 03884412) whose registered office is at Unit 4, Trent Park, Nottingham NG7 2XX (the \"Supplier\"); and\n\n(2) Wexcombe Foods Limited of Town Hall, Wexcombe (the \"Customer\").\n\n1. Services. The Supplier shall clean.": "Stannard Cleaning and Security Limited (supplier); Wexcombe Foods Limited (customer)",
		"SERVICES AGREEMENT\n\nThis Agreement is made on 3 May 2025 by and between Marlow Pumps (\"Provider\") and Harbour Mills LLC (\"Customer\").\n\n1. Services. Provider shall maintain the pumps of Harbour Mills LLC.":                                                                                                                                        "Marlow Pumps (supplier); Harbour Mills LLC (customer)",
	} {
		if got := termIn(t, "parties", text); got != want {
			t.Errorf("parties %s\nwant %s", got, want)
		}
	}
}
