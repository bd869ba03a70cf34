package grammar_test

import (
	"strings"
	"testing"
)

const dated = "MAINTENANCE AGREEMENT\n\nThis Maintenance Agreement (the \"Agreement\") is entered into as of March 3, 2025 (the \"Effective Date\") " + twoNames

// A contract speaks of many ends beside its own.
func TestTheEndOfSomethingElseIsNotThatOfTheContract(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ clauses, want string }{
		"what outlives it": {
			"3. Secrecy. During the term of this Agreement and for a period of two (2) years thereafter, Customer shall keep the drawings of Provider secret.", "",
		},
		"a year of account": {
			"3. Years. The first Contract Year of the term of this Agreement shall commence on the Effective Date and end on December 31, 2025.", "",
		},
		"a clause held invalid": {
			"3. Severability. If any provision of this Agreement is held to be indefinite, invalid or unenforceable, the other provisions of this Agreement shall remain in effect.", "",
		},
		"a definition": {
			"3. Meaning. \"Affiliate\" means any company under common control with a party to this Agreement, until terminated or so long as such control remains in effect; this Agreement names none.", "",
		},
		"the commission of a notary": {
			"3. Notary. Sworn before me. Mary Finch, Notary Public. My commission expires November 1, 2029.", "",
		},
		"an end beside words that only shorten it": {
			"3. Term. This Agreement shall commence on the Effective Date and continue in full force and effect for the Service Period, unless terminated earlier as provided in Section 7.", "",
		},
		"a first term that then runs on": {
			"3. Term. This Agreement shall be for a term of one year commencing on the Effective Date; thereafter, it shall automatically continue until terminated by either party upon not less than thirty (30) days prior written notice to the other party.", "2026-03-02",
		},
		"defined by its name": {
			"3. Definitions. \"Pumps\" means the pumps in Schedule A. \"Expiration Date\" means March 31, 2027. \"Site\" means the mill at Bath.", "2027-03-31",
		},
		"at the latest": {
			"3. Term. This Agreement shall commence on the Effective Date and shall terminate two (2) years following the Launch Date, but in no event later than June 30, 2028.", "2028-06-30",
		},
		"until a party gives notice": {
			"3. Term. This Agreement shall become effective on the Effective Date and shall continue in effect until either party informs the other party with thirty (30) days prior written notice of termination of this Agreement.", "until terminated",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := termIn(t, "expiration_date", paperOf(dated, c.clauses, twoHands)); got != c.want {
				t.Errorf("expiration date %q, want %q", got, c.want)
			}
		})
	}
}

// The end of a term that is counted from an event can not be known before somebody says when that was.
func TestATermCountedFromAnEventAsksWhenItWas(t *testing.T) {
	t.Parallel()
	const clause = "3. Term. The initial term of this Agreement will begin on the Effective Date and will end on the first anniversary of the Launch Date. It will then renew automatically for successive periods of six (6) months unless either party gives thirty (30) days' written notice before the end of the term.\n\n4. Launch. \"Launch Date\" means the date on which the pumps are first opened to the public."
	list := textIn(t, paperOf(dated, clause, twoHands))
	c := named(list, "expiration_date")
	if c == nil || len(c.Ambiguities) != 1 || c.Ambiguities[0].Code != "start_unknown" || c.Confidence.String() > "0.40" {
		t.Fatalf("the end is %+v, want a question", c)
	}
	if n := named(list, "renewal_notice"); n == nil || n.Obligation == nil || len(n.Obligation.Ambiguities) == 0 {
		t.Errorf("the notice does not ask: %+v", n)
	}
	// The day of the agreement is known.
	const signed = "3. Term. This Agreement starts on the date of agreement and runs for two (2) years."
	if c := named(textIn(t, paperOf(dated, signed, twoHands)), "expiration_date"); c == nil || len(c.Ambiguities) != 0 || c.Value == nil {
		t.Errorf("from the date of agreement the end is %+v", c)
	}
	// A launch whose day is known leaves nothing to ask.
	known := strings.Replace(clause, "the date on which the pumps are first opened to the public", "March 3, 2025", 1)
	if c := named(textIn(t, paperOf(dated, known, twoHands)), "expiration_date"); c == nil || len(c.Ambiguities) != 0 || c.Value == nil || c.Value.Date != "2026-03-02" {
		t.Errorf("with a known launch the end is %+v", c)
	}
}

// What the parties would have to agree anew is no renewal, what ends a contract at any time is no notice of one, and of an earliest and
// a latest day for a notice the latest counts.
func TestWhatIsNoRenewalAndNoNotice(t *testing.T) {
	t.Parallel()
	const term = "3. Term. The initial term of this Agreement is three (3) years from the Effective Date. "
	for _, c := range []struct{ field, clauses, want string }{
		{"renewal_term", term + "Thereafter this Agreement may be renewed for successive one (1) year periods upon the mutual written agreement of the parties.", ""},
		{"renewal_term", term + "Each additional order of Customer shall be delivered within six (6) months, and the parties continue to plan orders together.", ""},
		{"renewal_term", term + "Thereafter it renews automatically for successive one (1) year periods unless the parties mutually agree otherwise.", "1 year"},
		{"notice_period", term + "Either party may terminate this Agreement at any time without cause upon ninety (90) days' written notice.", ""},
		{"notice_period", term + "It renews automatically for one (1) year unless a party gives notice not earlier than twelve (12) months and not later than three (3) months before the end of the term.", "3 months"},
	} {
		if got := termIn(t, c.field, paperOf(dated, c.clauses, twoHands)); got != c.want {
			t.Errorf("%s of %q is %q, want %q", c.field, c.clauses, got, c.want)
		}
	}
}

// An order form states its last day on a line.
func TestAnOrderFormStatesItsLastDay(t *testing.T) {
	t.Parallel()
	form := "ORDER FORM NO. OF-20931\n\nThis Order Form is governed by the Master Subscription Agreement between Marlow Pumps, Inc. (\"Marlow\") and Customer dated January 9, 2020 (the \"MSA\").\n\n" +
		"Customer:\tHarbour Mills LLC\nAddress:\t1200 Market Street, Denver, CO 80202\nOrder Form Date:\t11/21/2022\nQuote Valid Until:\t12/15/2022\nSubscription Start Date:\t01/01/2025\nSubscription End Date:\t12/31/2027\nPayment Terms:\tNet 45\n\n" +
		"MARLOW PUMPS, INC.\tHARBOUR MILLS LLC\nBy: /s/ Ada Quist\tBy: /s/ Tom Brandt\nDate: 11/28/2022\tDate: 11/30/2022"
	if got := termIn(t, "expiration_date", form); got != "2027-12-31" {
		t.Errorf("the last day is %q", got)
	}
	if got := termIn(t, "effective_date", form); got != "2025-01-01" {
		t.Errorf("the first day is %q", got)
	}
}

// "The date last signed below" is the later of two, however far it stands from the contract that takes effect then.
func TestTheLaterOfTwoSignatures(t *testing.T) {
	t.Parallel()
	hands := strings.Replace(strings.Replace(twoHands, "Title: President", "Title: President\nDate: March 10, 2025", 1), "Title: Manager", "Title: Manager\nDate: March 14, 2025", 1)
	const clause = "3. Term. This Agreement continues for two (2) years from the Effective Date."
	for _, head := range []string{
		"MAINTENANCE AGREEMENT\n\nThis Maintenance Agreement (the \"Agreement\") is made " + strings.TrimSuffix(twoNames, ".") + ", and is effective as of the date last signed below (the \"Effective Date\").",
		"MAINTENANCE AGREEMENT\n\nThis Maintenance Agreement (the \"Agreement\"), effective as of the later of the two signature dates below (the \"Effective Date\"), is " + twoNames,
	} {
		for _, field := range []string{"effective_date", "agreement_date"} {
			if got := termIn(t, field, paperOf(head, clause, hands)); got != "2025-03-14" {
				t.Errorf("%s of %q is %q, want 2025-03-14", field, head, got)
			}
		}
	}
}

// Where only one party is named, the other still tells which side it is on, and who "you" are.
func TestAPartyLeftToTheSignaturePageHasASide(t *testing.T) {
	t.Parallel()
	head := "MAINTENANCE AGREEMENT\n\nThis Maintenance Agreement (the \"Agreement\") is entered into as of March 3, 2025 between Marlow Pumps, Inc., a Maine corporation (\"Marlow\"), and the customer named on the signature page (\"Customer\" or \"you\")."
	list := textIn(t, head+"\n\n1. Reports. You shall submit to Marlow a report of operating hours within ten (10) days after the end of each month.\n\n2. Marlow shall inspect the pumps once every month.\n")
	c := named(list, "parties")
	if c == nil || c.Value == nil || len(c.Value.Parties) != 1 || c.Value.Parties[0].Role != "supplier" || strings.Join(c.Value.Parties[0].Aliases, ",") != "Marlow" {
		t.Fatalf("the parties are %+v", c)
	}
	seen := false
	for _, x := range list {
		if o := x.Obligation; o != nil && strings.Contains(o.Title, "report of operating hours") {
			seen = true
			if o.Bearer != "customer" || o.Beneficiary != "supplier" {
				t.Errorf("%s owes the report to %s", o.Bearer, o.Beneficiary)
			}
		}
	}
	if !seen {
		t.Errorf("no report is owed in %+v", list)
	}
}

// A bare dollar sign under Australian law may be either dollar.
func TestABareDollarSignIsAsked(t *testing.T) {
	t.Parallel()
	paper := strings.Replace(paperOf(dated, "3. Term. This Agreement continues for two (2) years.", twoHands), "the laws of the State of Maine", "the law in force in the State of Victoria, Australia", 1)
	c := named(textIn(t, paper), "currency")
	if c == nil || c.Value != nil || len(c.Ambiguities) != 1 || c.Ambiguities[0].Code != "which_dollar" {
		t.Errorf("the currency is %+v, want a question", c)
	}
	if got := termIn(t, "currency", strings.Replace(paper, "$1,200.00", "US$1,200.00", 1)); got != "USD" {
		t.Errorf("US$ is %q", got)
	}
	if got := termIn(t, "currency", strings.Replace(paper, "$1,200.00", "$1,200.00 in Canadian funds, payable in Canadian funds", 1)); got != "CAD" {
		t.Errorf("Canadian funds are %q", got)
	}
}

// A column of sums tells that a rebate is on money and not on pieces.
func TestARebateOnAColumnOfSums(t *testing.T) {
	t.Parallel()
	list := textIn(t, paperOf(dated, "3. Rebate. If the total purchases in a Contract Year exceed the thresholds below, Provider shall pay Customer a rebate within 30 days of the end of that year:\n\nAnnual purchases (£)\tRebate\nup to 1,000,000\tnil\n1,000,001 to 2,000,000\t2%\nover 2,000,000\t3.5%", twoHands))
	for _, c := range list {
		if c.Obligation != nil && c.Obligation.Kind == "rebate" {
			if s := string(c.Obligation.Params); !strings.Contains(s, `"basis":"amount"`) || !strings.Contains(s, `"currency":"GBP"`) {
				t.Errorf("the rebate is %s", s)
			}
			return
		}
	}
	t.Errorf("no rebate in %+v", list)
}

// "Services" in the name of a company is no verb.
func TestAWordOfANameIsNoVerb(t *testing.T) {
	t.Parallel()
	head := "OUTSOURCING AGREEMENT\n\nThis Outsourcing Agreement, dated as of December 18, 2003, is between First Lake Bank, N.A., a national banking association (\"Client\"), and Processa Services Corporation, a Georgia corporation (\"Processa\").\n\n1. Work. Processa shall print the statements of Client."
	for _, c := range textIn(t, head) {
		if c.Obligation != nil {
			t.Errorf("the preamble gives the duty %q", c.Obligation.Title)
		}
	}
}
