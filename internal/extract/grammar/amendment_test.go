package grammar_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/pact"
)

const amending = "AMENDMENT NO. 1\n\nThis Amendment No. 1 is made on November 15, 2026 by and between Halden Systems, Inc. (\"Supplier\") and Borealis Foods LLC (\"Customer\")" +
	" and amends the Master Services Agreement, Contract No. MSA-2025-100, dated March 1, 2025 (the \"MSA\").\n\n"

// amended reads an amendment with these clauses, by name: the value, or "?" where the reading asks.
func amended(t *testing.T, text string) map[string]string {
	t.Helper()
	list := checked(t, extracttest.Plain(text))
	out := map[string]string{}
	for _, c := range list {
		out[c.Name] = "?"
		switch {
		case c.Obligation != nil:
			out[c.Name] = string(c.Obligation.Params)
		case c.Value != nil:
			out[c.Name] = c.Value.String()
		}
	}
	return out
}

func TestTheWordsThatGoAreNoValueOfTheAmendment(t *testing.T) {
	t.Parallel()
	for sentence, gone := range map[string]string{
		`In Section 2, "net 30" is replaced with "net 60".`:                              "net 30",
		`The uptime commitment in Section 4.1 is increased from 99.5% to 99.9%.`:         "99.5",
		`In Section 3.2, "sixty (60) days" is replaced by "ninety (90) days".`:           "60",
		`The parties agree to increase the annual fee from USD 10,000 to USD 12,500.50.`: "10000.00",
		`The fixed fee is increased by USD 5,000 from USD 41,000 to USD 46,000.`:         "5000.00",
	} {
		got := amended(t, amending+"1. Change\n"+sentence+"\n")
		operations := 0
		for name, v := range got {
			if strings.HasPrefix(name, "operation/") {
				operations++
			} else if strings.Contains(v, gone) {
				t.Errorf("%s gives %s: %s", sentence, name, v)
			}
		}
		if operations != 1 {
			t.Errorf("%s gives %d operations", sentence, operations)
		}
	}
}

func TestAnExtensionIsNoRenewal(t *testing.T) {
	t.Parallel()
	got := amended(t, amending+"1. Extension\nThe term of the Agreement is extended by twelve (12) months.\n")
	for _, name := range []string{"auto_renewal", "renewal_term", "term", "expiration_date"} {
		if v, ok := got[name]; ok {
			t.Errorf("%s: %s", name, v)
		}
	}
	if got["operation/1"] != "the term is extended by 12 months" {
		t.Errorf("operation %q", got["operation/1"])
	}
	got = amended(t, amending+"1. Renewal\nThe term of the Agreement is extended by twelve (12) months and shall thereafter automatically renew for successive terms of two (2) years.\n")
	if got["auto_renewal"] != "yes" || got["renewal_term"] != "2 years" {
		t.Errorf("what renews after an extension: %q %q", got["auto_renewal"], got["renewal_term"])
	}
}

func TestTheDaysOfAnAmendmentAreItsOwn(t *testing.T) {
	t.Parallel()
	const head = "AMENDMENT NO. 7\n\nThis Amendment No. 7 to the Master Services Agreement dated March 1, 2025 is between Halden Systems, Inc. (\"Supplier\") and Borealis Foods LLC (\"Customer\")"
	const deletes = "\n\n1. Section 5 of the Agreement is deleted.\n"
	for _, c := range []struct{ text, agreed, effective string }{
		{head + " and is made on January 10, 2027. This Amendment is effective retroactively as of December 1, 2026." + deletes, "2027-01-10", "2026-12-01"},
		{head + " and is made on January 10, 2027." + deletes, "2027-01-10", ""},
		{"AMENDMENT TO SUPPORT AGREEMENT\n\nThis Amendment to Support Agreement, dated and effective as of January 10, 2027 (this \"Amendment\"), is made between Halden Systems, Inc. and Borealis Foods LLC.\n\nWHEREAS, the parties have entered into that certain Support Agreement dated as of March 1, 2025." + deletes, "2027-01-10", "2027-01-10"},
		{"AMENDMENT\n\nThis Amendment to the Support Agreement is entered into as of January 10, 2027 between Halden Systems, Inc. and Borealis Foods LLC." + deletes, "2027-01-10", ""},
		{head + "." + deletes + "\nHalden Systems, Inc.\nBy: Jane Roe\nDate: January 10, 2027\n\nBorealis Foods LLC\nBy: John Doe\nDate: January 12, 2027\n", "2027-01-12", ""},
	} {
		got := amended(t, c.text)
		if got["agreement_date"] != c.agreed || got["effective_date"] != c.effective {
			t.Errorf("%s\n   agreed %q, effective %q", c.text, got["agreement_date"], got["effective_date"])
		}
	}
}

func TestWhatAPartyIsCalled(t *testing.T) {
	t.Parallel()
	const deletes = ".\n\n1. Section 5 of the Agreement is deleted.\n"
	for text, want := range map[string][]string{
		amending + "1. Section 5 of the Agreement is deleted.\n": {"Halden Systems, Inc.: Supplier", "Borealis Foods LLC: Customer"},
		"FIRST AMENDMENT\n\nThis First Amendment is made on January 5, 2027 by and between Halden Systems, Inc. and Borealis Foods LLC, and amends the Supply Agreement between them dated May 1, 2024 (the \"Original Agreement\")" + deletes: {"Halden Systems, Inc.: ", "Borealis Foods LLC: "},
		"SUPPLY AGREEMENT\n\nThis Supply Agreement is made as of January 5, 2027, by and between Halden Systems, Inc. (\"Customer\") and [***] (\"Vendor\").\n\n1. Vendor shall deliver goods.\n":                                              {"Halden Systems, Inc.: Customer"},
	} {
		list := proposed(t, extracttest.Plain(text))
		var got []string
		for _, c := range list {
			if c.Name == "parties" && c.Value != nil {
				for _, p := range c.Value.Parties {
					got = append(got, p.Name+": "+strings.Join(p.Aliases, ", "))
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\n   gave %q", text, got)
		}
	}
}

func TestAWaiverWithoutAClauseIsAsked(t *testing.T) {
	t.Parallel()
	list := proposed(t, extracttest.Plain(amending+"1. Waiver\nSupplier waives its right to late fees for January to March.\n"))
	i := slices.IndexFunc(list, func(c pact.Candidate) bool { return c.Subject == "operation" })
	if i < 0 || list[i].Value.Operation.Kind != pact.Waive || len(list[i].Ambiguities) != 1 {
		t.Fatalf("%+v", list)
	}
}

// TestTheDayOfOneChangeIsNotThatOfTheAmendment keeps the day from which one clause changes apart from the day of the whole paper.
func TestTheDayOfOneChangeIsNotThatOfTheAmendment(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ head, want string }{
		"the amendment names its own": {
			"SECOND AMENDMENT TO MASTER SERVICES AGREEMENT\n\nThis Second Amendment (this \"Amendment\") is entered into on August 19, 2026 and takes effect as of July 1, 2026, and amends the Master Services Agreement dated March 3, 2025 between Halden Systems, Inc. (\"Supplier\") and Borealis Foods LLC (\"Customer\").\n\n",
			"2026-07-01",
		},
		"it names none": {
			"SECOND AMENDMENT TO MASTER SERVICES AGREEMENT\n\nThis Second Amendment (this \"Amendment\") is entered into on August 19, 2026 and amends the Master Services Agreement dated March 3, 2025 between Halden Systems, Inc. (\"Supplier\") and Borealis Foods LLC (\"Customer\").\n\n",
			"",
		},
	} {
		got := amended(t, c.head+"1. Section 3.2 is deleted and replaced with the following: \"3.2 Invoices are payable within sixty (60) days of receipt.\"\n\n2. The annual subscription fee set out in Section 3.1 is increased from $480,000 to $525,000 with effect from January 1, 2027.\n\n3. Except as modified herein, the Agreement continues in full force.\n\nHALDEN SYSTEMS, INC.\nBy: /s/ Dana Ferrier\n\nBOREALIS FOODS LLC\nBy: /s/ Michael Okafor\n")
		if got["effective_date"] != c.want {
			t.Errorf("%s: effective date %q, want %q", name, got["effective_date"], c.want)
		}
	}
}

// TestAChangeThatIsNotReadIsAsked: a sentence that changes a clause, and of which nothing is read, would change nothing without a word.
func TestAChangeThatIsNotReadIsAsked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"1. The liability cap in clause 6 is doubled.\n":                                                                        {"6 is changed"},
		"1. Notwithstanding Section 5, at least 40 seats are paid for from 1 May 2027.\n":                                       {"5 is changed"},
		"1. Section 3 is deleted and replaced with the following:\n\n\"3. Fees. The fee in Section 2 is reduced each year.\"\n": nil,
		"1. Section 3 is deleted and replaced with the following:\n\n3. Fees. The fee in Section 2 is reduced each year.\n":     nil,
		"1. Except as amended hereby, Section 3 remains in full force and effect.\n":                                            nil,
		"1. Despite Section 7, this Agreement is governed by the laws of the State of Delaware.\n":                              nil, // the value is read
	} {
		list := proposed(t, extracttest.Plain(amending+text))
		var got []string
		for _, c := range list {
			if c.Subject == "operation" && slices.ContainsFunc(c.Ambiguities, func(a pact.Ambiguity) bool { return a.Code == "blank" }) {
				got = append(got, c.Value.String())
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\n   asks %q, want %q", text, got, want)
		}
	}
}

func TestTheChangesOfAnAmendmentMayHaveTheirDay(t *testing.T) {
	t.Parallel()
	const change = "1. Section 5 of the Agreement is deleted.\n\n"
	for sentence, want := range map[string]string{
		"The foregoing applies with effect from 1 December 2026.":                       "2026-12-01",
		"2. These changes take effect on December 1, 2026.":                             "2026-12-01",
		"2. All changes set out above are effective as of 1 December 2026.":             "2026-12-01",
		"2. The new report is due on December 1, 2026.":                                 "",
		"2. This Amendment shall not take effect until the lender has consented to it.": "?",
	} {
		if got := amended(t, amending+change+sentence+"\n")["effective_date"]; got != want {
			t.Errorf("%s\n   takes effect %q, want %q", sentence, got, want)
		}
	}
}

// TestALetterAndAChangeOrderChangeTheContractThatTheyName: what they name is not what they are, and its number is not theirs.
func TestALetterAndAChangeOrderChangeTheContractThatTheyName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Halden Systems, Inc.\n12 Pier Road, Boston, MA\n\nNovember 3, 2026\n\nBorealis Foods LLC\n\nRe: Master Services Agreement MSA-2025-100 dated March 1, 2025 - one-time waiver\n\nDear Rolf,\n\nBorealis waives the report that is due under Section 4.1 for the third quarter of 2026.\n\nIda Vance\n": {
			"Master Services Agreement MSA-2025-100 dated March 1, 2025 - one-time waiver", "amendment", "Master Services Agreement MSA-2025-100 of 2025-03-01", "4.1 is waived from 2026-07-01 until 2026-10-01",
		},
		"CHANGE ORDER NO. 3\n\nUnder: Statement of Work No. 1 (SOW-100-01) to the Master Services Agreement MSA-2025-100\n\nRequested by: Borealis Foods LLC      Supplier: Halden Systems, Inc.\n\nThe fixed fee for Milestone 3 is increased by USD 8,000 from USD 40,000 to USD 48,000.\n": {
			"CHANGE ORDER NO. 3", "amendment", "Statement of Work No. 1 SOW-100-01", "the contract: “USD 40,000” becomes “USD 48,000”",
		},
	} {
		got := amended(t, text)
		for i, name := range []string{"title", "contract_type", "belongs_to", "operation/1"} {
			if got[name] != want[i] {
				t.Errorf("%s\n   %s is %q, want %q", text, name, got[name], want[i])
			}
		}
		if number, ok := got["contract_number"]; ok {
			t.Errorf("%s\n   has the number %s", text, number)
		}
	}
}

// A change order tells what the change costs, and what the contract comes to with it: only that is a value of the contract.
func TestTheSumOfAChangeOrderIsNotThatOfTheContract(t *testing.T) {
	t.Parallel()
	const head = "%s NO. 3\n\nThis %s No. 3 is made on August 3, 2026 between Halden Systems, Inc. (\"Supplier\") and Borealis Foods LLC (\"Customer\") under the Master Services Agreement, Contract No. MSA-2025-100, dated March 1, 2025 (the \"Agreement\").\n\n"
	order, amendment := fmt.Sprintf(head, "CHANGE ORDER", "Change Order"), fmt.Sprintf(head, "AMENDMENT", "Amendment")
	for text, want := range map[string]string{
		order + "1. The total price of this Change Order is USD 18,500, payable on acceptance.\n":                                                   "",
		order + "1. Total price: USD 18,500.\n":                                                                                                     "",
		order + "The original Contract Sum was USD 120,000.\nThe new Contract Sum including this Change Order will be USD 138,500.\n":               "138500.00 USD",
		order + "The total contract value under the Agreement is now USD 138,500.\n":                                                                "138500.00 USD",
		amendment + "1. The fixed fee for the additional services is USD 18,500.\n":                                                                 "",
		amendment + "1. The total fees of this Amendment are USD 18,500.\n":                                                                         "",
		amendment + "1. The total contract price under the Agreement as amended by this Amendment is USD 138,500.\n":                                "138500.00 USD",
		amendment + "1. The total contract value for the current term is USD 138,500.\n":                                                            "138500.00 USD",
		amendment + "The Contract Sum prior to this Amendment was USD 120,000.\n":                                                                   "",
		amendment + "1. The total contract value before VAT is USD 138,500.\n":                                                                      "138500.00 USD",
		amendment + "The current total contract value is USD 120,000.\n":                                                                            "",
		amendment + "1. The total contract value is USD 138,500.\n":                                                                                 "138500.00 USD",
		"STATEMENT OF WORK NO. 3\n\nThis Statement of Work is made on August 3, 2026.\n\n1. The total price of the change project is USD 18,500.\n": "18500.00 USD",
	} {
		if got := amended(t, text)["total_contract_value"]; got != want {
			t.Errorf("%s\n   total %q, want %q", text, got, want)
		}
	}
}

// An exception for one invoice is no term of payment.
func TestAnExceptionForOneCaseIsNoValue(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1. Notwithstanding Section 2.2 of the Agreement, the invoice dated July 1, 2026 shall be payable within ninety (90) days; this is a one-time accommodation and not a continuing waiver.\n": "2.2 is waived, with 1 question",
		"1. Notwithstanding Section 2.2 of the Agreement, invoice no. 4711 shall be payable within ninety (90) days of its date.\n":                                                                 "2.2 is waived, with 1 question",
		"1. Notwithstanding Section 2.2 of the Agreement, invoices shall be payable within ninety (90) days of their date.\n":                                                                       "net 90, with 0 questions",
	} {
		got := ""
		for _, c := range proposed(t, extracttest.Plain(amending+text)) {
			if c.Name != "payment_terms" && c.Subject != "operation" {
				continue
			}
			got += fmt.Sprintf("%s, with %d question", c.Value, len(c.Ambiguities))
			if len(c.Ambiguities) != 1 {
				got += "s"
			}
		}
		if got != want {
			t.Errorf("%s\n   gave %q, want %q", text, got, want)
		}
	}
}

// The quote of an inserted clause does not end at its number.
func TestTheQuoteOfANewClauseGoesOnBehindItsNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"4. A new clause 4A is inserted after clause 4:\n\n\"4A. The Supplier shall send a monthly report.\"\n":          "The Supplier shall send a monthly report.",
		"4. A new clause 4A is inserted after clause 4: \"4A. The Supplier shall send a monthly report.\"\n":             "The Supplier shall send a monthly report.",
		"4. Section 5 is deleted and replaced with the following:\n\n\"5.\n\nThe fee is paid each month in advance.\"\n": "The fee is paid each month in advance.",
	} {
		quotes := ""
		for _, c := range proposed(t, extracttest.Plain(amending+text)) {
			if c.Subject != "operation" {
				continue
			}
			for _, e := range c.Evidence {
				quotes += e.Passage.Quote + "\n"
			}
		}
		if !strings.Contains(quotes, want) {
			t.Errorf("%s\n   quoted %q", text, quotes)
		}
	}
}
