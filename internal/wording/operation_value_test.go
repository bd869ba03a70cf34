package wording_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

// changes gives the operations of a sentence in words.
func changes(s string) string {
	got := ""
	for i, op := range wording.Operations(wording.Normal(s).S) {
		if i > 0 {
			got += "; "
		}
		got += form(op)
		if op.Old == "" && op.New != "" && op.NewTarget == "" {
			got += " [-> " + op.New + "]"
		}
	}
	return got
}

func same(t *testing.T, cases [][2]string) {
	t.Helper()
	for _, c := range cases {
		if got := changes(c[0]); got != c[1] {
			t.Errorf("%s\n   gave %q\n   want %q", c[0], got, c[1])
		}
	}
}

func TestAnAmendmentMayCommandItsReader(t *testing.T) {
	t.Parallel()
	same(t, [][2]string{
		{`Delete Section 7.3.`, "delete 7.3"},
		{`2. Section 7.3: delete in its entirety.`, "delete 7.3"},
		{`(b) Strike out clauses 7.3 and 7.4 of Schedule 2.`, "delete Schedule 2 7.3; delete Schedule 2 7.4"},
		{`Remove Section 7.3 and insert a new Section 7.4 reading as follows:`, "delete 7.3; insert 7.4"},
		{`Remove Section 7.3 and insert a new Section 7.3 reading as follows:`, "replace 7.3"},
		{`Replace Section 4.2 with the following:`, "replace 4.2"},
		{`Delete Section 4.2 and replace it with Section 4.2 below.`, "replace 4.2"},
		{`Replace Annex 2 by the Annex 2 attached, from 1 May 2027.`, "replace Annex 2"},
		{`Replace the second row of the table in Section 4.2 with the following row:`, "change_value 4.2"},
		{`Replace "thirty days" with "sixty days" in Section 2.3.`, "change_value 2.3 [thirty days -> sixty days]"},
		{`1. The Parties hereby agree to remove Schedule C-1 in its entirety and replace it with the following:`, "replace Schedule C-1"},
		{`Add the following as Section 9.5:`, "insert 9.5"},
		{`Insert after Section 5 the following new Section 5A:`, "insert 5A"},
		{`Add a sentence at the end of Section 3.`, "insert 3"},
		{`Sections 2.1 and 2.3 are omitted.`, "delete 2.1; delete 2.3"},
		{`Delete the files of the Customer within ten days.`, ""},
		{`The Supplier shall: replace the parts that are worn.`, ""},
	})
}

func TestAValueTakesThePlaceOfAnother(t *testing.T) {
	t.Parallel()
	same(t, [][2]string{
		{`The time for the report under Section 4.1 shall be five (5) Business Days rather than ten (10) Business Days.`, "change_value 4.1 [ten (10) Business Days -> five (5) Business Days]"},
		{`The notice period in Section 1.2 is shortened from ninety (90) days to sixty (60) days.`, "change_value 1.2 [ninety (90) days -> sixty (60) days]"},
		{`The monthly fee of USD 18,000 stated in Section 3.1 is hereby substituted by a monthly fee of USD 17,250.`, "change_value 3.1 [USD 18,000 -> USD 17,250]"},
		{`The fee of USD 18,000 per month stated in Section 3.1 is increased by USD 2,000 to USD 20,000.`, "change_value 3.1 [USD 18,000 -> USD 20,000]"},
		{`The credit limit of USD 50,000 set out in Section 3.1 is reduced by USD 10,000.`, ""},
		{`The credit of 5% in Section 5.2 is increased by 3% for each further hour.`, ""},
		{`The term of the Agreement falls from three years to two years under Section 2.`, "change_value 2 [three years -> two years]"},
		{`The delivery date of Milestone 2 moves from November 14, 2025 to December 12, 2025.`, "change_value [November 14, 2025 -> December 12, 2025]"},
		{`Clause 7 is corrected so that "forty-five (45) days" reads "forty (40) days".`, "change_value 7 [forty-five (45) days -> forty (40) days]"},
		{`The term shall end on December 31, 2027 instead of December 31, 2026.`, "extend to 2027-12-31"},
		{`The last sentence of Section 6.5 is deleted and replaced with the following: The Supplier waives its right under Section 2.7.`, "change_value 6.5"},
		{`Section 3.1 is replaced by a fee of USD 17,250.`, "replace 3.1"},
		{`For a Renewal Term the price of Premier Support is $3,100.00 per month instead of $2,500.00.`, ""},
		{`For a Renewal Term the price in Section 4 is $3,100.00 per month instead of $2,500.00.`, ""},
		{`The parties move from the first floor to the second.`, ""},
	})
}

func TestAValueMayComeWithoutTheOneThatGoes(t *testing.T) {
	t.Parallel()
	same(t, [][2]string{
		{`The monthly fee in Section 3.1 is increased to USD 19,500.`, "change_value 3.1 [-> USD 19,500]"},
		{`The monthly fee in Section 3.1 goes up to USD 19,500 with effect from April 1, 2026.`, "change_value 3.1 from 2026-04-01 [-> USD 19,500]"},
		{`Customer's payment period set out in Section 3.2 shall be twenty (20) days of the invoice date.`, "change_value 3.2 {payment_terms} [-> twenty (20) days]"},
		{`The parties agree to increase the fee in Section 3.1 to USD 19,500.`, "change_value 3.1 [-> USD 19,500]"},
		{`The fee in Section 3.1 shall be USD 19,500 per month and the deposit in Section 3.4 shall be USD 4,000.`, "change_value 3.1 ?"},
		{`Effective 1 April 2026, the annual fee in Section 3.1 shall be USD 50,000 for the first year and USD 55,000 for the second year.`, "change_value 3.1 {annual_contract_value} from 2026-04-01 ?"},
		{`If the fee in Section 3.1 is increased to USD 19,500, the Customer may end the Agreement.`, ""},
		{`The Customer shall pay USD 500 in accordance with Section 3.2.`, ""},
		{`Section 3 shall be read with care.`, ""},
		{`For each renewal term the fee in Section 3.1 is increased to USD 19,500.`, ""},
	})
}

// TestAClauseOfAnAmendmentIsNoneOfTheContract: "Paragraph 2 of Amendment No. 1" must never delete Section 2.
func TestAClauseOfAnAmendmentIsNoneOfTheContract(t *testing.T) {
	t.Parallel()
	same(t, [][2]string{
		{`Paragraph 2 of Amendment No. 1 is deleted.`, "change_value ?"},
		{`Section 3 of the First Amendment is hereby deleted in its entirety.`, "change_value ?"},
		{`Delete Section 3 of the Second Amendment.`, "change_value ?"},
		{`Section 2(b) of the Second Amendment is amended by replacing "10%" with "12%".`, "change_value [10% -> 12%]"},
		{`The rule in Section 2 of this Amendment is deleted when the pilot ends.`, ""},
		{`Section 3 of the Agreement, as amended, is hereby deleted.`, "delete 3"},
	})
}

func TestWhatIsSuspendedStandsAgain(t *testing.T) {
	t.Parallel()
	same(t, [][2]string{
		{`Clause 9 is suspended until 31 March 2027.`, "waive 9 until 2027-04-01"},
		{`Section 8.1 shall not apply during the calendar year 2026.`, "waive 8.1 from 2026-01-01 until 2027-01-01"},
		{`The limit of Section 6.5 will not apply for damages that result from intent.`, ""},
	})
}

func TestASentenceThatMayChangeAClauseIsTold(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		`The liability cap in clause 6 is doubled.`:                                                         "6",
		`The fee under Section 3.1 will be reduced by 10%.`:                                                 "3.1",
		`Despite Section 2.3, the Customer may claim credits within sixty (60) days after the month.`:       "2.3",
		`Section 2 of the Agreement is hereby amended to be the United States and Canada.`:                  "2",
		`Section 2.3 now provides for a claim in any form.`:                                                 "2.3",
		`The Agreement shall from now on bear the title "Retail Services Agreement".`:                       "the contract",
		`Except as expressly amended by this Amendment, Section 3 remains in full force and effect.`:        "",
		`Capitalized terms that are amended have the meaning given in Section 1 of the Agreement.`:          "",
		`This Amendment is made in accordance with Section 12.4 of the Agreement.`:                          "",
		`WHEREAS, the parties wish to amend Section 3 of the Agreement;`:                                    "",
		`The quality agreement is to be further amended by the Parties as contemplated in Section 9 below.`: "",
		`Section 4 was amended by Amendment No. 1.`:                                                         "",
		`The Agreement may be amended under Section 12 in writing alone.`:                                   "",
		`The Customer pays the fee in accordance with Section 3.2.`:                                         "",
		`Nothing in Section 5 is changed.`:                                                                  "",
		`The prices set out in this Exhibit 14 shall be modified each year pursuant to Clause 11.`:          "",
	} {
		at, got, ok := wording.MayChange(s)
		if ok && got == "" {
			got = "the contract"
		}
		if got != want || ok && (at.Start < 0 || at.End > len(s) || at.Start >= at.End) {
			t.Errorf("%s\n   gave %q at %v, want %q", s, got, at, want)
		}
	}
}

func TestAnAmendmentMayWaitForACondition(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		`This Amendment shall become effective only once Customer's board of directors has approved it in writing.`: "once Customer's board of directors has approved it in writing",
		`This Amendment shall not take effect until the lender has consented to it.`:                                "when the lender has consented to it",
		`This Amendment is subject to the approval of the Board.`:                                                   "subject to the approval of the Board",
		`This Amendment is conditional upon receipt of the deposit.`:                                                "conditional upon receipt of the deposit",
		`This Amendment is subject to the terms and conditions of the Agreement.`:                                   "",
		`This Amendment takes effect on May 1, 2027, after approval by the Board.`:                                  "",
		`This Amendment is effective when signed by both parties.`:                                                  "",
		`This Amendment takes effect upon receipt of the approval on May 1, 2027.`:                                  "",
	} {
		if got, _, _ := wording.Awaited(s); got != want {
			t.Errorf("%s\n   gave %q, want %q", s, got, want)
		}
	}
}
