package grammar_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
)

// Bounds that a clause gives on both sides, over a run of months, for each step or as a share: none of them is lost.
func TestBothBoundsOfAClauseAreKept(t *testing.T) {
	t.Parallel()
	const renews = "2. Term. The initial term is two years from 1 May 2026 and renews automatically for one year each unless either party gives "
	for _, c := range []struct{ kind, words, want string }{
		{"price_escalator", "3. Fees. The fees shall increase each year by the change in the CPI-U, but not less than 2% nor more than 5%.", `"cap_percent":"5","floor_percent":"2"`},
		{"price_escalator", "3. Fees. Annual increases shall not exceed the lesser of 5% and the CPI-U.", `"index":"CPI-U","cap_percent":"5"`},
		{"renewal_notice", renews + "at least ninety and no more than 120 days' notice before the end of the term.", `"notice":{"value":90,"unit":"day"},"earliest":{"value":120,"unit":"day"}`},
		{"renewal_notice", renews + "three months' notice to the end of a calendar year.", `"end_of":"year"`},
		{"service_level", "6. Service levels. Supplier shall resolve 95% of Priority 1 incidents within 4 hours.", `"target":"95"`},
		{"availability", "6. Service levels. Availability of the Service shall be 99.9% monthly or Supplier shall credit 5% of the monthly fee for each full 0.1% below.", `"per_step":{"of":"shortfall","step":"0.1","percent":"5"}`},
		{"availability", "6. Service levels. The Service shall be available 99.9% of each month. Credits are due on failure. Maximum credit 50% in any 12 month period.", `"credit":{"rolling_cap":{"months":12,"percent":"50"}}`},
		{"acceptance", "6. Acceptance. Customer shall review and accept or reject each Deliverable within fifteen (15) days.", `"due":{"value":15,"unit":"day"}`},
		{"reporting", "6. Reports. The Supplier shall send a status report every two weeks.", ""},
	} {
		var got []string
		for _, x := range textIn(t, servicesHead+c.words+"\n") {
			o := x.Obligation
			if o != nil && (o.Kind == c.kind || o.Duty == c.kind) {
				got = append(got, string(o.Params))
			}
		}
		if !slices.ContainsFunc(got, func(params string) bool { return strings.Contains(params, c.want) }) {
			t.Errorf("%s\n  gave %q\n  want %s", c.words, got, c.want)
		}
	}
}

// A step of the shortfall is no rate of interest, and a cap of each month none of a year.
func TestWhatIsNoStepAndNoRunOfMonths(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"6. Service levels. The Service shall be available 99.9% of each month. Credits shall not exceed 50% of the fee of a month.",
		"6. Service levels. The Service shall be available 99.9% of each month. Late payments bear interest of 1% for each month.",
	} {
		for _, p := range obligationsOf[obligation.AvailabilityParams](t, textIn(t, servicesHead+words+"\n"), "availability") {
			if p.Credit != nil {
				t.Errorf("%s: %+v", words, p.Credit)
			}
		}
	}
}
