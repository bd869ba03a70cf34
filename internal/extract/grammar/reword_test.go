package grammar_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
)

const amendedContract = `MASTER SERVICES AGREEMENT

Contract No. MSA-2025-100

This Master Services Agreement (the "MSA") is made on March 1, 2025 by and between Halden Systems, Inc., a Delaware corporation ("Supplier"), and Borealis Foods LLC, a Maine limited liability company ("Customer").

1. Term
The term of this Agreement begins on March 1, 2025 (the "Effective Date") and continues for two (2) years.

2. Payment
Customer shall pay each invoice net 30 from the invoice date.

2.1 Fees
The annual fee is $10,000, payable in advance.

3. Renewal
3.1 Automatic renewal
This Agreement automatically renews for successive terms of twelve (12) months each unless terminated.
3.2 Notice
Either party may prevent renewal by giving written notice of non-renewal at least sixty (60) days before the end of the then-current term.
3.3 Return
Within sixty (60) days after the end Customer returns all equipment.

4. Service levels
4.1 Availability
Supplier shall make the Service available with an uptime of 99.5% in each calendar month.

5. Liability
Supplier's aggregate liability under this Agreement shall not exceed $1,000,000.

6. Governing law
This Agreement is governed by the laws of the State of Maine.
`

// reworded reads the contract with the swaps: for each, what is read otherwise, as "name: value", "name ?" where that is not clear,
// and "-" where the words are not found.
func reworded(t *testing.T, earlier []extract.Swap, swaps ...extract.Swap) []string {
	t.Helper()
	list, err := extract.Reword(t.Context(), grammar.New(), extracttest.Plain(amendedContract), earlier, swaps)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range list {
		var parts []string
		for _, c := range s.Changed {
			switch {
			case !c.Clear:
				parts = append(parts, c.Before.Name+" ?")
			case c.After.Value != nil:
				parts = append(parts, c.After.Name+": "+c.After.Value.String())
			default:
				parts = append(parts, c.After.Name)
			}
		}
		if s.Places == 0 {
			parts = append(parts, "-")
		}
		out = append(out, strings.Join(parts, "; "))
	}
	return out
}

func TestAClauseIsReadAgainWithTheNewWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		swap extract.Swap
		want string
	}{
		{extract.Swap{Clause: "3.2", Old: "sixty (60) days", New: "ninety (90) days"}, "notice_period: 90 days"},
		{extract.Swap{Clause: "6", Old: "Maine", New: "New York"}, "governing_law: New York"},
		{extract.Swap{Old: "Maine", New: "New York"}, "governing_law: New York"},
		{extract.Swap{Clause: "2", Old: "net 30", New: "net 60"}, "payment_terms: net 60; payment/invoices"},
		{extract.Swap{Clause: "4.1", Old: "99.5%", New: "99.9%"}, "uptime_target: 99.9 %; availability/service"},
		{extract.Swap{Terms: []string{"liability_cap"}, Old: "$1,000,000", New: "$2,000,000"}, "liability_cap: 2000000.00 USD"},
		{extract.Swap{Clause: "2.1", Old: "$10,000", New: "$12,000"}, "annual_contract_value: 12000.00 USD"},
		{extract.Swap{Clause: "1", Old: "two (2) years", New: "three (3) years"}, "expiration_date: 2028-02-29; term: 3 years"},
		{extract.Swap{Clause: "3.2", Old: "sixty (60) days", New: "a reasonable time"}, "notice_period ?"},
		{extract.Swap{Clause: "3.2", Old: "forty-five (45) days", New: "ninety (90) days"}, "-"},
		{extract.Swap{Clause: "2.1", Old: "$10", New: "$12"}, "-"},
		{extract.Swap{Clause: "2.1", Old: "$10,000.00", New: "$12,000.00"}, "annual_contract_value: 12000.00 USD"},
		{extract.Swap{Clause: "4.1", Old: "99.50%", New: "99.9%"}, "uptime_target: 99.9 %; availability/service"},
		{extract.Swap{Clause: "3.3", Old: "returns all equipment", New: "returns the equipment"}, ""},
	} {
		if got := reworded(t, nil, c.swap)[0]; got != c.want {
			t.Errorf("%+v\n   gave %q\n   want %q", c.swap, got, c.want)
		}
	}
}

func TestAnAmendmentChangesTheWordsOfTheOneBeforeIt(t *testing.T) {
	t.Parallel()
	first := extract.Swap{Clause: "3.2", Old: "sixty (60) days", New: "ninety (90) days"}
	second := extract.Swap{Clause: "3.2", Old: "ninety (90) days", New: "one hundred and twenty (120) days"}
	if got := reworded(t, []extract.Swap{first}, second)[0]; got != "notice_period: 120 days" {
		t.Errorf("%q", got)
	}
	both := reworded(t, nil, extract.Swap{Clause: "3.2", Old: "sixty", New: "ninety"}, extract.Swap{Clause: "3.2", Old: "60", New: "90"})
	if both[0] != "notice_period: 90 days" || both[1] != "notice_period: 90 days" {
		t.Errorf("words and figures of one clause are changed together: %q", both)
	}
}
