package grammar_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/pact"
)

func TestWhatIsBlankIsAskedForAndNotGuessed(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"1. Term. This Agreement takes effect on ______ __, 20__ and ends on [***]. The annual fee is $[____].":                                           "annual_contract_value effective_date expiration_date",
		"1. Term. The effective date of this Agreement is [***]. It ends on [●].":                                                                         "effective_date expiration_date",
		"1. Term. This Agreement commences on the ___ day of ________, 2026.":                                                                             "effective_date",
		"2. Term. The initial term is [__] years. Either party may terminate this Agreement on ____ days' written notice.":                                "notice_period term",
		"9. Law. This Agreement is governed by the laws of the State of __________.":                                                                      "governing_law",
		"5. Liability. The Supplier's liability under this Agreement shall not exceed $[***].":                                                            "liability_cap",
		"1. Term. This Agreement takes effect on April 1, 2026.\n\nSchedule 1\n\nEffective Date: ____________":                                            "",
		"1. Term. This Agreement takes effect on April 1, 2026 and ends on March 31, 2028.\n\nBy: ______________\nName: ____________\nDate: ____________": "",
		"3. Delivery. The products are delivered to ____________ in the agreed form. The Supplier marks [***] on each box.":                               "",
	} {
		var asked []string
		for _, c := range readText(t, madeBetween+words+"\n") {
			if c.Subject == "term" && slices.ContainsFunc(codesOf(c), func(s string) bool { return s == "blank" }) {
				asked = append(asked, c.Name)
				if c.Value != nil {
					t.Errorf("%s: %s has %v", words, c.Name, c.Value)
				}
			}
		}
		slices.Sort(asked)
		if got := strings.Join(asked, " "); got != want {
			t.Errorf("%s\n  gave %q\n  want %q", words, got, want)
		}
	}
}

func codesOf(c pact.Candidate) (codes []string) {
	for _, a := range c.Ambiguities {
		codes = append(codes, a.Code)
	}
	return codes
}
