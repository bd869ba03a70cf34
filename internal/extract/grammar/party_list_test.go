package grammar_test

import "testing"

// TestPartiesStandInANumberedList reads a list of parties below a bare "BETWEEN": the name at the head of each item, and no address.
func TestPartiesStandInANumberedList(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"a council, its address between its name and its short name": {
			"GROUNDS MAINTENANCE CONTRACT\n\nThis Contract is made the 4th day of March 2026\n\nBETWEEN\n\n1. The Council of the City of Aldermere, Guildhall, Market Square, Aldermere AL1 2BB (\"the Customer\")\n\n2. Thorpe Landscapes Limited (Company No. 05512207) whose registered office is at Nursery House, Mill Lane, Thorpe TH4 8QP (\"the Contractor\")\n\n1. TERM\n\n1.1 This Contract begins on 1 April 2026.",
			"Council of the City of Aldermere (customer); Thorpe Landscapes Limited (supplier)",
		},
		"a name with and, behind the number of its item": {
			"FRAMEWORK AGREEMENT\n\nThis Framework Agreement is made the 9th day of June 2026\n\nBETWEEN\n\n1. Foxmere Borough Council, Civic Offices, High Street, Foxmere FX1 1AA (\"the Client\")\n\n2. Aldous Roofing and Guttering Limited (Company No. 04410021) whose registered office is at Unit 9, Severn Park, Welby WB2 7TT (\"the Contractor\")\n\n1. DURATION\n\n1.1 The Framework begins on 1 July 2026.",
			"Foxmere Borough Council (customer); Aldous Roofing and Guttering Limited (supplier)",
		},
		"of its address, and the short name in a line of its own": {
			"CLEANING CONTRACT\n\nDated 12 May 2026\n\nPARTIES\n\n(1) NORTH CALDER DISTRICT COUNCIL of Town Hall, Castle Street, Calder CA1 4EE\n(\"Customer\"); and\n\n(2) MAPLIN CONTRACT CLEANERS LTD of Forge House, Station Road, Calder CA2 6RR\n(\"Supplier\").\n\n1. The Supplier shall clean the offices of the Customer.",
			"NORTH CALDER DISTRICT COUNCIL (customer); MAPLIN CONTRACT CLEANERS LTD (supplier)",
		},
	} {
		if got := termIn(t, "parties", c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestAListUnderPartiesMayNameNone leaves a table of contents and clauses below a heading "Parties" alone.
func TestAListUnderPartiesMayNameNone(t *testing.T) {
	t.Parallel()
	text := "SUPPLY AGREEMENT\n\nContents\n\nParties\n\n1. Definitions\n\n2. Supply of Goods\n\n3. Governing Law\n\nThis Supply Agreement is made on 3 May 2026 between Ashcombe Tiles Limited (\"Seller\") and Quarrington Homes Limited (\"Buyer\").\n\nDuties of the parties\n\n1. Delivery Note\n\n2. Town Hall Works"
	if got, want := termIn(t, "parties", text), "Ashcombe Tiles Limited (supplier); Quarrington Homes Limited (customer)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
