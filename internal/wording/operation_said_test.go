package wording_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

// What comes is named before what goes: the other way round than with "replaced by".
func TestWordsAreSubstitutedForOthers(t *testing.T) {
	t.Parallel()
	same(t, [][2]string{
		{`In clause 3.3, substitute "4 hours" for "8 hours".`, "change_value 3.3 [8 hours -> 4 hours]"},
		{`Substitute "4 hours" for the words "8 hours" in clause 3.3.`, "change_value 3.3 [8 hours -> 4 hours]"},
		{`Clause 3.3 is amended by substituting "4 hours" for "8 hours".`, "change_value 3.3 [8 hours -> 4 hours]"},
		{`In clause 3.3, "4 hours" is hereby substituted for "8 hours".`, "change_value 3.3 [8 hours -> 4 hours]"},
		{`In Section 2.2, replace "thirty days" with "sixty days".`, "change_value 2.2 [thirty days -> sixty days]"},
		{`Section 4 (Insurance) is amended by increasing "USD 1,000,000" to "USD 2,000,000".`, "change_value 4 [USD 1,000,000 -> USD 2,000,000]"},
		{`Section 5 is amended by substituting "A" with "B".`, "change_value 5 [A -> B]"},
	})
}

// A clause that is amended so that it has one other value keeps the rest of what it says.
func TestAClauseIsAmendedSoThat(t *testing.T) {
	t.Parallel()
	same(t, [][2]string{
		{`Section 4A of the Agreement is amended so that the limit of the cyber liability insurance is USD 10,000,000 per claim.`, "change_value 4A [-> USD 10,000,000]"},
		{`Section 1.2 shall be amended such that the notice of non-renewal shall be given at least one hundred twenty (120) days before the end of the term.`, "change_value 1.2 [-> one hundred twenty (120) days]"},
		{`Section 3.1 is hereby amended to provide that the Services shall be available at least 99.95% of each calendar month.`, "change_value 3.1 [-> 99.95%]"},
		{`Section 2.1 is amended to increase the annual subscription fee to USD 264,000 effective as of March 1, 2026.`, "change_value 2.1 {annual_contract_value} from 2026-03-01 [-> USD 264,000]"},
		{`Section 3.3 is amended so that P1 incidents are resolved within 4 hours and P2 incidents within 8 hours.`, "change_value 3.3 ?"},
		{`Section 3.3 is amended so that, if the Customer so elects, the fee is USD 500.`, "change_value 3.3 ?"},
		{`Section 9.2 is amended so that the liability cap is raised from USD 1,000,000 to USD 2,000,000.`, "change_value 9.2 [USD 1,000,000 -> USD 2,000,000]"},
		{`Section 4.2 is amended to provide that the Agreement renews for successive periods of 12 months.`, "change_value 4.2 [-> 12 months]"},
		{`Section 8 is amended to provide that the laws of Ireland govern the Agreement, and that disputes are settled within 30 days.`, "change_value 8 ?"},
		{`Section 5 is amended to provide that neither party is liable for loss of profit.`, "replace 5"},
		{`Section 5 is amended to provide that: "the cap is USD 500,000 for each claim."`, "replace 5"},
	})
}

// The heading of a clause says nothing that is tracked: no word of the clause itself changes.
func TestTheHeadingOfAClauseIsNoValue(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		`The heading of Section 8 is changed from "DATA" to "PERSONAL DATA".`,
		`The title of Section 8 is replaced by "PERSONAL DATA".`,
		`In the caption of Section 8, "DATA" is replaced by "PERSONAL DATA".`,
	} {
		if got := changes(s); got != "" {
			t.Errorf("%s\n   gave %q", s, got)
		}
		if _, target, ok := wording.MayChange(wording.Normal(s).S); ok {
			t.Errorf("%s\n   may change %s", s, target)
		}
	}
}

// What a sentence changes beside the heading of a clause is changed all the same.
func TestAClauseChangesBesideAHeading(t *testing.T) {
	t.Parallel()
	same(t, [][2]string{
		{`Section 5.1 (under the heading of Section 5, Fees) is amended by replacing "30 days" with "45 days".`, "change_value 5.1 [30 days -> 45 days]"},
		{`Section 7 and the title to Section 7 are deleted with effect from 1 June 2026.`, "delete 7 from 2026-06-01"},
		{`The heading of Section 8 is replaced by "Duties under Section 9".`, ""},
	})
	const both = `The heading of Section 5 is changed to "Fees", and in Section 5.1 "USD 100" is replaced with "USD 120".`
	if got := changes(both); !strings.Contains(got, "change_value 5.1 [USD 100 -> USD 120]") || strings.Contains(got, ";") {
		t.Errorf("%s\n   gave %q", both, got)
	}
}

// A price that is paid once is no exception for one case, and a single invoice may be that of each month.
func TestAPriceThatIsPaidOnceIsNoException(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		`Notwithstanding Section 5, the Customer shall pay a one-time implementation fee of USD 5,000 within 60 days.`: false,
		`Notwithstanding Section 5, the Supplier shall send a single invoice each month.`:                              false,
		`Notwithstanding Section 5, the report for May may be late; this is a one-time accommodation.`:                 true,
		`Notwithstanding Section 5, the one-time fee may be paid in June on this occasion only.`:                       true,
	} {
		if got := wording.Once(s); got != want {
			t.Errorf("%s: once %t", s, got)
		}
	}
}

// A last day that takes the place of another one is told, and not asked.
func TestALastDayInsteadOfAnotherIsRead(t *testing.T) {
	t.Parallel()
	same(t, [][2]string{
		{`The Agreement shall terminate on 30 June 2027 instead of 31 December 2027.`, "extend to 2027-06-30"},
		{`The Agreement shall expire on 30 June 2028 instead of 31 December 2027.`, "extend to 2028-06-30"},
	})
}

// A short heading in brackets behind a number is no part of it.
func TestAHeadingInBracketsIsNoItem(t *testing.T) {
	t.Parallel()
	same(t, [][2]string{
		{`Section 5 (Fees) is deleted.`, "delete 5"},
		{`Clause 6 (Term) is deleted.`, "delete 6"},
		{`Section 5(a) (SLA) is deleted.`, "delete 5(a)"},
		{`Section 5(b)(viii) is deleted.`, "delete 5(b)(viii)"},
	})
}
