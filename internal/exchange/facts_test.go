package exchange

import (
	"testing"

	"github.com/pactloop/pactloop/internal/pact"
)

// Other systems show what an obligation is about, and not by which rule it is judged here.
func TestAnObligationIsWrittenAsWhatItIsAbout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o    pact.Obligation
		want string
	}{
		{pact.Obligation{Kind: "recurring_duty", Duty: "reporting", Bearer: "supplier"}, "reporting"},
		{pact.Obligation{Kind: "resolution_time", Bearer: "supplier"}, "resolution_time"},
	} {
		f := obligationFacts(c.o, pact.Contract{})
		if got := f["obligation.type"].value.Text; got != c.want {
			t.Errorf("type %q, want %q", got, c.want)
		}
		if got := f["obligation.description"].value.Text; got != "Type: "+c.want+". Responsible: supplier." {
			t.Errorf("described as %q", got)
		}
	}
}
