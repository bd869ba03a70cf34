package grammar_test

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/pact"
)

// What is computed from terms is no surer than the least sure of them: the obligation to give notice rests on days that are shown beside it.
func TestTheNoticeOfARenewalIsNoSurerThanWhatItRestsOn(t *testing.T) {
	t.Parallel()
	for name, words := range map[string]string{
		"a last day counted from an event": "2. Term. This Agreement continues for two (2) years following the Launch Date and renews automatically for successive periods of one (1) year unless either party gives ninety (90) days' written notice before the end of the then current term.",
		"a plain term":                     "2. Term. This Agreement commences on April 1, 2026 and continues for three (3) years. It renews automatically for successive periods of one (1) year each unless either party gives ninety (90) days' written notice before the end of the then current term.",
	} {
		list := readText(t, madeBetween+words+"\n")
		i := slices.IndexFunc(list, func(c pact.Candidate) bool {
			return c.Obligation != nil && c.Obligation.Kind == "renewal_notice"
		})
		if i < 0 {
			t.Fatalf("%s: no notice is watched", name)
		}
		o := list[i]
		if !o.Confidence.Equal(o.Obligation.Confidence) {
			t.Errorf("%s: %s and %s", name, o.Confidence, o.Obligation.Confidence)
		}
		least := decimal.New(80, -2)
		for _, field := range []string{"notice_period", "auto_renewal", "renewal_term", "expiration_date"} {
			c := named(list, field)
			if c == nil || c.Value == nil {
				t.Fatalf("%s: no %s", name, field)
			}
			least = decimal.Min(least, c.Confidence)
		}
		if !o.Confidence.Equal(least) {
			t.Errorf("%s: %s, the least sure of its terms %s", name, o.Confidence, least)
		}
	}
}
