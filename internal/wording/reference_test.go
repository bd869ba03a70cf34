package wording_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

func TestTheContractThatAPaperChangesIsFoundHoweverItIsNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, number, date, relation string }{
		{"This Agreement amends and restates in its entirety the Master Services Agreement, Contract No. QD-5, dated January 5, 2026.", "QD-5", "2026-01-05", "amendment"},
		{"It amends and restates the Master Services Agreement, Contract No. QD-2026-005, dated January 5, 2026.", "QD-2026-005", "2026-01-05", "amendment"},
		{"It amends the Master Services Agreement, Contract No. QD-5.", "QD-5", "", "amendment"},
		{"It amends Contract No. QD-2026-005.", "QD-2026-005", "", "amendment"},
		{"This order is made under Contract No. QD-2026-005.", "QD-2026-005", "", "child"},
		{"It amends the schedule of the parties.", "", "", ""},
	} {
		ref, _, ok := wording.References(c.text)
		if ok != (c.relation != "") || ok && (ref.Number != c.number || string(ref.Date) != c.date || ref.Relation != c.relation) {
			t.Errorf("%s\n   gave %+v %v", c.text, ref, ok)
		}
	}
	if ref, _, ok := wording.Recited(`The parties entered into a Master Services Agreement on January 5, 2026 (the "MSA").`); !ok || ref.Date != "2026-01-05" || ref.Title != "Master Services Agreement" {
		t.Errorf("a recital gave %+v %v", ref, ok)
	}
	if ref, _, ok := wording.Recited("The parties entered into an Amendment to the Services Agreement on January 5, 2026."); ok {
		t.Errorf("an amendment is no amended contract: %+v", ref)
	}
}

func TestTheContractThatALetterOrAnOrderChanges(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		`This instrument amends Amendment No. 1 dated June 10, 2025 to the Cloud Services Agreement, Contract No. CSA-4471.`:                "Cloud Services Agreement CSA-4471 ",
		`This Amendment No. 1 amends Statement of Work No. 2 (SOW-77-02) dated May 2, 2025 under the Services Agreement MSA-77.`:            "Statement of Work No. 2 SOW-77-02 2025-05-02",
		`This Amendment amends Statement of Work No. 2 dated May 2, 2025 under the Services Agreement MSA-77 dated 1 March 2024.`:           "Statement of Work No. 2  2025-05-02",
		`Under: Statement of Work No. 1 (SOW-4471-01) to the Cloud Services Agreement CSA-4471`:                                             "Statement of Work No. 1 SOW-4471-01 ",
		`This Statement of Work is issued under the Services Agreement MSA-77 dated 1 March 2024.`:                                          "Services Agreement MSA-77 2024-03-01",
		`Re: Cloud Services Agreement CSA-4471 dated March 1, 2025 - one-time waiver`:                                                       "Cloud Services Agreement CSA-4471 2025-03-01",
		`With reference to our Cloud Services Agreement (CSA-4471) of March 1, 2025 we confirm that credits may be claimed for sixty days.`: "Cloud Services Agreement CSA-4471 2025-03-01",
		`With reference to our call of March 1, 2025 we confirm the Agreement.`:                                                             "",
	} {
		ref, at, ok := wording.References(s)
		if !ok {
			ref, at, ok = wording.Recited(s)
		}
		got := ""
		if ok {
			got = ref.Title + " " + ref.Number + " " + string(ref.Date)
			if at.Start < 0 || at.End > len(s) || at.Start >= at.End {
				t.Errorf("%s: span %v", s, at)
			}
		}
		if got != want {
			t.Errorf("%s\n   gave %q, want %q", s, got, want)
		}
	}
}
