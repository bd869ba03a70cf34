package grammar_test

import "testing"

// TestFirmsAreNamedInOnePiece keeps lists of partners and names of two trades together.
func TestFirmsAreNamedInOnePiece(t *testing.T) {
	t.Parallel()
	text := "PRINTING SERVICES AGREEMENT\n\nTHIS AGREEMENT is made as of the 1st day of July, 2026, by and between Larkin, Moss & Adeyemi, LLP, a Georgia limited liability partnership (the \"Client\"), and Foster Printing and Binding Company, Inc., a Georgia corporation (the \"Contractor\").\n\n1. The Contractor shall print the Client's brochures within ten days of each order."
	if got, want := termIn(t, "parties", text), "Larkin, Moss & Adeyemi, LLP (customer); Foster Printing and Binding Company, Inc. (supplier)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestTwoCompaniesStayTwo reads companies that "and" parts.
func TestTwoCompaniesStayTwo(t *testing.T) {
	t.Parallel()
	text := "SERVICES AGREEMENT\n\nThis Agreement is made on 3 May 2026 between Brandt Oil Limited and Carse Water Limited (each a \"Customer\") and Dunmore Pumps Limited (the \"Supplier\").\n\n1. The Supplier shall maintain the pumps of each Customer."
	if got, want := termIn(t, "parties", text), "Brandt Oil Limited (customer); Carse Water Limited (customer); Dunmore Pumps Limited (supplier)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestFormsOfSeveralWords reads the legal forms of Mexico, and of professionals in the United States.
func TestFormsOfSeveralWords(t *testing.T) {
	t.Parallel()
	text := "MASTER PURCHASE AGREEMENT\n\nThis Master Purchase Agreement is dated as of August 14, 2026 and is entered into by and between Fundidora Tecali, S.A. de C.V., a Mexican corporation (\"Seller\"), and Quarryside Dental Partners, PLLC, an Indiana professional limited liability company (\"Buyer\").\n\n1. Seller shall sell and Buyer shall buy castings."
	if got, want := termIn(t, "parties", text), "Fundidora Tecali, S.A. de C.V. (supplier); Quarryside Dental Partners, PLLC (customer)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestAGermanPartnershipUnderACompanyIsOneFirm keeps "GmbH & Co. KG" together where an address follows in the line.
func TestAGermanPartnershipUnderACompanyIsOneFirm(t *testing.T) {
	t.Parallel()
	text := "MAINTENANCE CONTRACT\n\nbetween\n\nNordsee Windpark Betriebs GmbH & Co. KG, Hafenstraße 12, 26789 Leer\n- hereinafter referred to as \"Customer\" -\n\nand\n\nAlbtal Getriebetechnik AG, Industriering 5, 76275 Ettlingen\n- hereinafter referred to as \"Contractor\" -"
	if got, want := termIn(t, "parties", text), "Nordsee Windpark Betriebs GmbH & Co. KG (customer); Albtal Getriebetechnik AG (supplier)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestMessrsIsNoPartOfAName reads firms as India writes them.
func TestMessrsIsNoPartOfAName(t *testing.T) {
	t.Parallel()
	text := "JOB WORK AGREEMENT\n\nThis Job Work Agreement is entered into on 05.06.2024 at Coimbatore\n\nBetween\nM/s. Nilgiri Textiles Limited, (hereinafter called \"the Buyer\") and\nM/s Sri Murugan Dyeing Works, a partnership firm (hereinafter called \"the Contractor\")\n\n1. The Contractor shall dye yarn of the Buyer."
	if got, want := termIn(t, "parties", text), "Nilgiri Textiles Limited (customer); Sri Murugan Dyeing Works (supplier)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
