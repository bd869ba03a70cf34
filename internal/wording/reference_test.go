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
