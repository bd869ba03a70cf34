package grammar_test

import (
	"slices"
	"strings"
	"testing"
)

// paperOf puts a contract around what a test is about: a head, some clauses and signatures.
func paperOf(head, clauses, signatures string) string {
	return head + "\n\nThe parties agree as follows.\n\n1. Services. Provider shall keep the pumps of Customer in working order and answer each call within one business day.\n\n" +
		"2. Fees. Customer shall pay the monthly fee of $1,200.00 within thirty (30) days after receipt of an invoice.\n\n" + clauses +
		"\n\n9. Governing Law. This Agreement shall be governed by the laws of the State of Maine.\n\n" + signatures + "\n"
}

const twoHands = "IN WITNESS WHEREOF, the parties have executed this Agreement.\n\nMARLOW PUMPS, INC.\nBy: /s/ Ada Quist\nName: Ada Quist\nTitle: President\n\nHARBOUR MILLS LLC\nBy: /s/ Tom Brandt\nName: Tom Brandt\nTitle: Manager"

const twoNames = `between Marlow Pumps, Inc., a Maine corporation ("Provider"), and Harbour Mills LLC, a Maine limited liability company ("Customer").`

func TestTheDayAContractBeginsAsItIsStated(t *testing.T) {
	t.Parallel()
	dated := "MAINTENANCE AGREEMENT\n\nThis Maintenance Agreement (the \"Agreement\") is entered into as of March 3, 2025 " + twoNames
	for name, c := range map[string]struct{ head, clauses, hands, want string }{
		"a later day that the term begins on": {
			head: dated, hands: twoHands, want: "2025-05-01",
			clauses: "3. Term. The term of this Agreement shall commence on May 1, 2025 and shall continue for three (3) years.",
		},
		"a framework begins on a later day": {
			head: strings.ReplaceAll(dated, "Maintenance Agreement", "Framework Agreement"), hands: twoHands, want: "2025-04-01",
			clauses: "3. Duration. The Framework begins on 1 April 2025 and continues for four years.",
		},
		"an engagement began before it was written down": {
			head: dated, hands: twoHands, want: "2025-02-12",
			clauses: "3. Duration. The Provider's engagement commenced on 12 February 2025 and will continue until 11 February 2026.",
		},
		"the appointment begins on a day of its own": {
			head: dated, hands: twoHands, want: "2025-06-16",
			clauses: "3. Appointment. The appointment will begin on June 16, 2025 and lasts until it is ended under section 7.",
		},
		"the effective date is defined among other words": {
			head: dated, hands: twoHands, want: "2025-04-01",
			clauses: "3. Definitions. \"Effective Date\" means April 1, 2025. \"Pumps\" means the pumps listed in Schedule A.",
		},
		"from the last signature": {
			head:    "MAINTENANCE AGREEMENT\n\nThis Maintenance Agreement (the \"Agreement\") is made " + twoNames,
			clauses: "3. Term. This Agreement takes effect on the date on which it is signed by the last party (the \"Effective Date\") and continues for two (2) years.",
			hands:   strings.Replace(strings.Replace(twoHands, "Title: President", "Title: President\nDate: March 10, 2025", 1), "Title: Manager", "Title: Manager\nDate: March 14, 2025", 1),
			want:    "2025-03-14",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := termIn(t, "effective_date", paperOf(c.head, c.clauses, c.hands)); got != c.want {
				t.Errorf("effective date %q, want %s", got, c.want)
			}
		})
	}
}

func TestADateInNumbersIsReadAsItsContractShows(t *testing.T) {
	t.Parallel()
	const clause = "3. Term. This Agreement continues for two (2) years."
	american := "MAINTENANCE AGREEMENT\n\nThis Maintenance Agreement (the \"Agreement\") is entered into as of 4/5/2025 between Marlow Pumps, Inc., 12 Wharf Street, Portland, ME 04101 (\"Provider\"), and Harbour Mills LLC, 7 Mill Road, Bath, ME 04530 (\"Customer\")."
	list := textIn(t, paperOf(american, clause, twoHands))
	c := named(list, "agreement_date")
	switch {
	case c == nil || c.Value == nil:
		t.Fatalf("a contract with American addresses has no date: %+v", c)
	case c.Value.Date != "2025-04-05" || c.Derivation == nil || c.Confidence.String() > "0.84":
		t.Errorf("%s at %s by %+v: custom puts the month first, and a person looks at it", c.Value, c.Confidence, c.Derivation)
	case len(c.Rivals) == 0 || c.Rivals[0].Value.Date != "2025-05-04":
		t.Errorf("the other reading is not shown: %+v", c.Rivals)
	}
	// Without a country nobody knows.
	bare := strings.NewReplacer(", 12 Wharf Street, Portland, ME 04101", "", ", 7 Mill Road, Bath, ME 04530", "").Replace(american)
	if c := named(textIn(t, paperOf(bare, clause, twoHands)), "agreement_date"); c == nil || c.Value != nil || len(c.Ambiguities) == 0 {
		t.Errorf("4/5/2025 alone is %+v, want a question", c)
	}
	// A day that is written out elsewhere is the one that is meant, wherever the parties live.
	out := paperOf(strings.Replace(bare, "4/5/2025", "05/04/2025", 1), "3. Term. This Agreement begins on 5 April 2025 and continues for two (2) years.", twoHands)
	if got := termIn(t, "agreement_date", out); got != "2025-04-05" {
		t.Errorf("with 5 April written out 05/04/2025 is %q", got)
	}
}

func TestManySignaturesDoNotOutvoteThePreamble(t *testing.T) {
	t.Parallel()
	var hands strings.Builder
	hands.WriteString("IN WITNESS WHEREOF, the parties have executed this Agreement.\n")
	for _, n := range []string{"MARLOW PUMPS, INC.", "HARBOUR MILLS LLC", "NORTH WHARF, INC.", "SOUTH WHARF, INC.", "EAST WHARF, INC.", "WEST WHARF, INC."} {
		hands.WriteString("\n" + n + "\nBy: /s/ Ada Quist\nName: Ada Quist\nTitle: President\nDate: December 28, 2024\n")
	}
	text := paperOf("AMENDMENT\n\nTHIS AMENDMENT (the \"Amendment\") is made and entered into as of December 1, 2024 by and "+twoNames, "3. Term. The Amendment continues for two (2) years.", hands.String())
	if got := termIn(t, "agreement_date", text); got != "2024-12-01" {
		t.Errorf("made as of December 1, signed on December 28: %q", got)
	}
}

func TestABlankThatWasFilledInIsADate(t *testing.T) {
	t.Parallel()
	text := paperOf("MAINTENANCE AGREEMENT\n\nThis Maintenance Agreement (the \"Agreement\") is made and entered into this 1st day of ___November___, 2024 "+twoNames, "3. Term. This Agreement continues for two (2) years.", twoHands)
	if got := termIn(t, "agreement_date", text); got != "2024-11-01" {
		t.Errorf("got %q", got)
	}
}

func TestHowLongARenewalLasts(t *testing.T) {
	t.Parallel()
	head := "MAINTENANCE AGREEMENT\n\nThis Maintenance Agreement (the \"Agreement\") is entered into as of March 3, 2025 (the \"Effective Date\") " + twoNames
	for clause, want := range map[string]string{
		"3. Term. The initial term of this Agreement is five (5) years from the Effective Date. This Agreement shall automatically renew for successive terms of the same duration unless either party gives notice of non-renewal at least ninety (90) days before the end of the then current term.": "5 years",
		"3. Term. The initial term of this Agreement is five (5) years from the Effective Date. Thereafter the Agreement shall be renewable on an annual basis for one (1) year terms for up to another ten (10) years.":                                                                               "1 year",
		"3. Term. The term of this Agreement is one (1) year from the Effective Date. Without notice this Agreement will automatically extend for an additional month of service.":                                                                                                                     "1 month",
	} {
		if got := termIn(t, "renewal_term", paperOf(head, clause, twoHands)); got != want {
			t.Errorf("%q\nrenews for %q, want %s", clause, got, want)
		}
	}
}

// partiesIn gives the names of the parties, sorted.
func partiesIn(t *testing.T, text string) string {
	t.Helper()
	c := named(textIn(t, text), "parties")
	if c == nil || c.Value == nil {
		return ""
	}
	names := make([]string, 0, len(c.Value.Parties))
	for _, p := range c.Value.Parties {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	return strings.Join(names, "; ")
}

func TestWhoIsAPartyAndWhoIsOnlyNamed(t *testing.T) {
	t.Parallel()
	const clause = "3. Term. This Agreement continues for two (2) years."
	const lead = "CONSULTING AGREEMENT\n\nThis Consulting Agreement (the \"Agreement\") is entered into as of March 3, 2025 by and between "
	for name, c := range map[string]struct{ head, want string }{
		"a kind of company is no name":         {lead + `Marlow Pumps, Inc., a Maine Corporation ("Provider"), and Harbour Mills LLC, a Vermont Company ("Customer").`, "Harbour Mills LLC; Marlow Pumps, Inc."},
		"the owner of a party is none":         {lead + `Marlow Pumps, Inc., a subsidiary of Quillon Group PLC ("Provider"), and Harbour Mills LLC ("Customer").`, "Harbour Mills LLC; Marlow Pumps, Inc."},
		"a trade name is no second party":      {lead + `Marlow Pumps, Inc., d/b/a Deep Well Company ("Provider"), and Harbour Mills LLC ("Customer").`, "Harbour Mills LLC; Marlow Pumps, Inc."},
		"a person with a role in parentheses":  {lead + `Harbour Mills LLC ("Customer") and Ada B. Quist (the "Consultant").`, "Ada B. Quist; Harbour Mills LLC"},
		"a name that was once typed otherwise": {strings.Replace(lead, "CONSULTING AGREEMENT", "CONSULTING AGREEMENT\n\nMarlow Holdings, Inc.\nand\nHarbour Mills LLC", 1) + `Marlow Holding, Inc. ("Provider") and Harbour Mills LLC ("Customer").`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := partiesIn(t, paperOf(c.head, clause, ""))
			if c.want == "" {
				if strings.Count(got, ";") != 1 {
					t.Errorf("two parties, not %s", got)
				}
				return
			}
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestTheUndersignedAreThoseWhoseNamesHeadTheSignatures(t *testing.T) {
	t.Parallel()
	text := "JOINT FILING AGREEMENT\n\nThe undersigned acknowledge and agree that the foregoing statement is filed on behalf of each of the undersigned and that all subsequent amendments shall be filed on behalf of each of them.\n\nDated: March 14, 2025\n\n" +
		"QUILLON GROWTH FUND LP\nBy: Quillon Growth GP LLC, its general partner\nBy: /s/ Ada Quist\nName: Ada Quist\nTitle: Manager\n\n" +
		"QUILLON INCOME FUND LP\nBy: Quillon Income GP LLC, its general partner\nBy: /s/ Ada Quist\nName: Ada Quist\nTitle: Manager\n\n" +
		"QUILLON ADVISORS LLC\nBy: /s/ Ada Quist\nName: Ada Quist\nTitle: Manager\n"
	if got, want := partiesIn(t, text), "QUILLON ADVISORS LLC; QUILLON GROWTH FUND LP; QUILLON INCOME FUND LP"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAScannersSpacesInInitialsAreNotRead(t *testing.T) {
	t.Parallel()
	text := paperOf("CONSULTING AGREEMENT\n\nThis Consulting Agreement (the \"Agreement\") is entered into as of March 3, 2025 by and between Quillon U.S . Holdings, L.L .C. (\"Provider\") and Harbour Mills LLC (\"Customer\").", "3. Term. This Agreement continues for two (2) years.", "")
	if got, want := partiesIn(t, text), "Harbour Mills LLC; Quillon U.S. Holdings, L.L.C."; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
