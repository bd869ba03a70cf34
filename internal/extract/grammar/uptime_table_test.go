package grammar_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
)

// Rows of a table that name what is available are of these things, and the time they are measured over is the name of none.
func TestRowsOfATableAreOfTheThingsTheyName(t *testing.T) {
	t.Parallel()
	head := "SERVICES AGREEMENT\n\nThis Services Agreement is made on 3 May 2026 between Alder Works Ltd (\"Supplier\") and Beta Foods Inc (\"Customer\").\n\n"
	for words, want := range map[string]string{
		"Ref | Measure | Target | Measurement period\nSL1 | Core network availability | 99.99% | Month\nSL2 | Site link availability | 99.5% | Month\nSL3 | Calls answered within 30 seconds | 90% | Month": "core-network 99.99; site-link 99.5",
		"Ref | Measure | Target | Measurement period\nSL1 | Network availability | 99.9% | Month\nSL2 | Calls answered within 30 seconds | 90% | Month":                                                     "network 99.9",
	} {
		var got []string
		for _, x := range textIn(t, head+words+"\n") {
			if x.Obligation != nil && x.Obligation.Kind == "availability" {
				var p obligation.AvailabilityParams
				decode(t, x.Obligation.Params, &p)
				got = append(got, p.Service+" "+p.Target.String())
			}
		}
		if got := strings.Join(got, "; "); got != want {
			t.Errorf("%s\n  gave %q\n  want %q", words, got, want)
		}
	}
}
