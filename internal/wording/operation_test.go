package wording_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

func TestAmendingSentencesBecomeOperations(t *testing.T) {
	t.Parallel()
	cases := []struct{ text, want string }{
		{`Section 4.2 of the Agreement is hereby deleted in its entirety and replaced with the following:`, "replace 4.2"},
		{`Section 4.2(b) is hereby amended and restated in its entirety to read as follows:`, "replace 4.2(b)"},
		{`Exhibit A to the Agreement is deleted in its entirety and replaced by Exhibit A attached hereto.`, "replace Exhibit A"},
		{`Schedule 3 (Prices) shall be replaced with the Schedule 3 attached to this Amendment with effect from 1 July 2026.`, "replace Schedule 3 from 2026-07-01"},
		{`Article IV shall read in its entirety as follows:`, "replace IV"},
		{`Section 9.4 of the Agreement is hereby deleted.`, "delete 9.4"},
		{`Sections 9.4 and 9.5 of Exhibit C are hereby deleted in their entirety.`, "delete Exhibit C 9.4; delete Exhibit C 9.5"},
		{`Clause 12 shall be of no further force or effect.`, "delete 12"},
		{`The following new Section 7.5 is hereby added after Section 7.4:`, "insert 7.5"},
		{`Section 3 is hereby amended by adding the following at the end thereof:`, "insert 3"},
		{`Section 5.1 is amended by deleting "thirty (30) days" and replacing it with "forty-five (45) days".`, "change_value 5.1 [thirty (30) days -> forty-five (45) days]"},
		{`The reference to "Delaware" in Section 14.1 is hereby replaced by "New York".`, "change_value 14.1 [Delaware -> New York]"},
		{`With effect from the Amendment Effective Date, the rows for P1 and P2 in the table of Section 2.2 of Exhibit B (Service Level Agreement) are deleted and replaced by the following rows:`, "change_value Exhibit B 2.2"},
		{`The Initial Term is hereby extended until December 31, 2027.`, "extend to 2027-12-31"},
		{`The term of the Agreement shall be extended for an additional period of twelve (12) months.`, "extend by 12 months"},
		{`The parties hereby agree to extend the term through and including June 30, 2028.`, "extend to 2028-06-30"},
		{`The term of the Agreement is hereby extended.`, "extend ?"},
		{`The Agreement is hereby amended and restated in its entirety as set out in Annex 1.`, "restate"},
		{`Exhibit A is hereby renamed Schedule 5, and all references to Exhibit A are references to Schedule 5.`, "retitle Exhibit A -> Schedule 5"},
		{`Exhibit B is deleted and Exhibit C shall henceforth be referred to as Exhibit B.`, "delete Exhibit B; retitle Exhibit C -> Exhibit B"},
		{`The Agreement is hereby terminated as of December 31, 2026.`, "extend to 2026-12-31 ?"},
		{`Section 9 shall cease to apply from 1 July 2027.`, "delete 9 from 2027-07-01"},
		{`Section 2.1 (Term) is deleted and replaced with: "The term of this Agreement shall expire on June 30, 2027."`, "replace 2.1"},
		{`A new Section 5.9 is added: "Section 5.8 shall cease to apply from 1 July 2027."`, "insert 5.9"},
		{`Clauses 4.1 and 4.2 will no longer apply with effect from 1 July 2027.`, "delete 4.1 from 2027-07-01; delete 4.2 from 2027-07-01"},
		{`Schedule 3 is hereby terminated as of 30 June 2027.`, "delete Schedule 3 from 2027-07-01"},
		{`The Supplier's duty to deliver quarterly reports under Section 8 ends on 30 June 2027.`, "delete 8 from 2027-07-01 ?"},
		{`The minimum commitment ceases to apply from 1 July 2027.`, "delete {minimum_commitment} from 2027-07-01"},
		{`If Section 9 is breached, this right terminates on 1 July 2027.`, ""},
		{`The right under this letter ends on 30 June 2027.`, ""},
		{`If the Agreement is terminated as of December 31, 2026, the fees are due.`, ""},
		{`The Customer hereby waives the requirement of Section 6.3 for the month of February 2026.`, "waive 6.3 from 2026-02-01 until 2026-03-01"},
		{`Supplier's obligation under Clause 8 is hereby waived for the second quarter of 2026.`, "waive 8 from 2026-04-01 until 2026-07-01"},
		{`The Bank hereby waives compliance with Section 5.9.`, "waive 5.9 ?"},
		{`A new clause 7.3B is inserted after clause 7.3A:`, "insert 7.3B"},
		{`For clause 8.4 there is substituted:`, "replace 8.4"},
		{`Section 11.2 shall henceforth read:`, "replace 11.2"},
		{`Article 6 now reads as follows: "The fee is paid in advance."`, "replace 6"},
		{`In clause 4.2, "ten years" is replaced by "twelve years".`, "change_value 4.2 [ten years -> twelve years]"},
		{`In clause 1.5, for the words "thirty days" there are substituted the words "sixty days".`, "change_value 1.5 [thirty days -> sixty days]"},
		{`The contract now ends on 31 May 2028.`, "extend to 2028-05-31"},
		{`In clause 2.1 the date is put off, so that the lease now expires on 30 September 2029.`, "extend to 2029-09-30"},
		{`Annex 2 (Rates) is renamed Schedule 4 and a new paragraph 6 is added to it.`, "retitle Annex 2 -> Schedule 4; insert Annex 2 6"},
		{`The duty of clause 9.1 to print the reports is waived until 31 March 2027.`, "waive 9.1 until 2027-04-01"},
		{`Neither party waives any right under Section 9.`, ""},
		{`Nothing in Section 3 waives a right of the Bank until 31 March 2027.`, ""},
		{`The Customer now reads the meters of Annex 2 itself.`, ""},
		{`If the lease now runs for a year, clause 4 applies.`, ""},
		{`The notice in clause 4 says "ten" where the Annex says "twelve".`, ""},
		{`The monthly fee is increased from $2,500.00 to $3,100.00.`, "change_value [$2,500.00 -> $3,100.00]"},
		{`The fee in Section 5 is increased from $10,000 to $12,000.`, "change_value 5 [$10,000 -> $12,000]"},
		{`The fee in Section 5.1 is increased from USD 10,000 to USD 12,500.50, effective January 1, 2027.`, "change_value 5.1 [USD 10,000 -> USD 12,500.50] from 2027-01-01"},
		{`The expiration date in Section 2 is changed from December 31, 2026 to December 31, 2027.`, "change_value 2 [December 31, 2026 -> December 31, 2027]"},
		{`The uptime commitment in Section 4.1 is increased from 99.5% to 99.9%.`, "change_value 4.1 [99.5% -> 99.9%]"},
		{`"sixty (60) days" is replaced by "ninety (90) days" in Section 3.2.`, "change_value 3.2 [sixty (60) days -> ninety (90) days]"},
		{`"Maine" becomes "New York".`, "change_value [Maine -> New York]"},
		{`In Section 9.1, "Maine" becomes "New York".`, "change_value 9.1 [Maine -> New York]"},
		{`In Section 2, "net 30" is replaced with "net 60".`, "change_value 2 [net 30 -> net 60]"},
		{`In Section 8, "Section 5" is replaced with "Section 6".`, "change_value 8 [Section 5 -> Section 6]"},
		{`The parties agree to increase the liability cap from $1,000,000 to $2,000,000.`, "change_value {liability_cap} [$1,000,000 -> $2,000,000]"},
		{`Supplier waives its right to late fees for January to March 2027.`, "waive from 2027-01-01 until 2027-04-01 ?"},
		{`Supplier waives its right to late fees for January to March.`, "waive ?"},
		{`Supplier waives the minimum purchase commitment for the month of February 2027.`, "waive {minimum_commitment} from 2027-02-01 until 2027-03-01"},
		{`Each party hereby waives its right to a jury trial.`, ""},
		{`Section 4 is hereby amended to read: the desk is open from Monday to Friday.`, "replace 4"},
		{`The rules may be changed from time to time.`, ""},
		{`Except as stated in this Amendment, the Agreement remains in full force.`, ""},
		{`If Section 4 conflicts with Section 5, Section 5 prevails.`, ""},
		{`Either party may request that a section a party dislikes be deleted.`, ""},
	}
	for _, c := range cases {
		got := ""
		for i, op := range wording.Operations(wording.Normal(c.text).S) {
			if i > 0 {
				got += "; "
			}
			got += form(op)
			if op.Start < 0 || op.End > len(c.text)+8 || op.Start >= op.End {
				t.Errorf("%s: span %v", c.text, op.Span)
			}
		}
		if got != c.want {
			t.Errorf("%s\n   gave %q\n   want %q", c.text, got, c.want)
		}
	}
}

func form(op wording.Operation) string {
	s := string(op.Kind)
	if op.Target != "" {
		s += " " + op.Target
	}
	if len(op.Terms) > 0 {
		s += " {" + strings.Join(op.Terms, ",") + "}"
	}
	switch {
	case op.NewTarget != "":
		s += " -> " + op.NewTarget
	case op.Old != "":
		s += " [" + op.Old + " -> " + op.New + "]"
	case op.To != "":
		s += " to " + string(op.To)
	case op.By != nil:
		s += " by " + op.By.String()
	}
	if op.From != "" {
		s += " from " + string(op.From)
	}
	if op.Until != "" {
		s += " until " + string(op.Until)
	}
	if op.Blank != "" {
		s += " ?"
	}
	return s
}

func TestADocumentNamesTheContractItBelongsTo(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text, number, date, title string
		relation                  string
	}{
		{
			`between Halden Systems, Inc. and Acme Corporation, and amends the Master Subscription Agreement between them, Contract No. SA-2023-789, made on December 18, 2023 (the "Agreement").`,
			"SA-2023-789", "2023-12-18", "Master Subscription Agreement", "amendment",
		},
		{`This Statement of Work is issued under the Master Services Agreement dated 1 March 2024 between the parties.`, "", "2024-03-01", "Master Services Agreement", "child"},
		{`This Order is governed by the Cloud Services Agreement no. CSA-88/2025.`, "CSA-88/2025", "", "Cloud Services Agreement", "child"},
		{`The Supplier shall act under the Agreement.`, "", "", "", ""},
	}
	for _, c := range cases {
		ref, span, ok := wording.References(wording.Normal(c.text).S)
		if ok != (c.relation != "") {
			t.Errorf("%s: found %t (%+v)", c.text, ok, ref)
			continue
		}
		if !ok {
			continue
		}
		if ref.Number != c.number || string(ref.Date) != c.date || ref.Title != c.title || ref.Relation != c.relation {
			t.Errorf("%s\n   gave %+v", c.text, ref)
		}
		if span.Start < 0 || span.End > len(c.text) || span.Start >= span.End {
			t.Errorf("%s: span %v", c.text, span)
		}
	}
}

func FuzzOperations(f *testing.F) {
	f.Add(`Section 4.2 of the Agreement is hereby deleted in its entirety and replaced with the following:`)
	f.Add(`The term is extended from "x" to "y" until 31 December 2027; Exhibit A is renamed Schedule 5.`)
	f.Fuzz(func(t *testing.T, s string) {
		n := wording.Normal(s).S
		for _, op := range wording.Operations(n) {
			if op.Start < 0 || op.End > len(n) || op.Start > op.End {
				t.Fatalf("span %v of %d bytes", op.Span, len(n))
			}
			if op.Blank == "" && op.Check() != nil {
				t.Fatalf("%+v: %v", op, op.Check())
			}
		}
		if _, span, ok := wording.References(n); ok && (span.Start < 0 || span.End > len(n)) {
			t.Fatalf("span %v of %d bytes", span, len(n))
		}
	})
}
