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

func TestADayThatIsCalledTheEffectiveDateBesideABlankOneIsAsked(t *testing.T) {
	t.Parallel()
	const head = "SERVICES AGREEMENT\n\nThis Services Agreement is made on March 3, 2026 (the \"Effective Date\") between Alpha Robotics, Inc. (\"Customer\") and Beta Hosting LLC (\"Supplier\").\n\n"
	const signed = "\n\nIN WITNESS WHEREOF the parties have signed.\n\nAlpha Robotics, Inc.\nBy: /s/ Ada Finch\nName: Ada Finch\n\nBeta Hosting LLC\nBy: /s/ Bo Lind\nName: Bo Lind\n"
	for words, asked := range map[string]bool{
		"1. Term. This Agreement takes effect on ______ __, 20__ and ends on March 2, 2028.":                                                     true,
		"1. Term. This Agreement becomes effective as of the ___ day of ________, 2026.":                                                         true,
		"1. Term. This Agreement takes effect on the Effective Date and ends on March 2, 2028.":                                                  false,
		"1. Term. This Agreement takes effect on March 3, 2026.\n\n2. Form. The parties complete it: this Agreement takes effect on __________.": false,
		"1. Orders. Each order takes effect on ____________.":                                                                                    false,
		"1. Options. If the Customer exercises its option, this Agreement takes effect on ____________ for it, too.":                             false,
		"1. Term. Either party may end it." + signed + "\nEXHIBIT A\n\nThis Agreement takes effect on ____________.":                             false,
	} {
		found := false
		for _, c := range readText(t, head+words+"\n") {
			if c.Subject != "term" || c.Name != "effective_date" {
				continue
			}
			found = true
			switch {
			case asked && (c.Value != nil || len(c.Ambiguities) != 1 || c.Ambiguities[0].Code != "blank" || len(c.Ambiguities[0].Readings) != 1 || c.Ambiguities[0].Readings[0].Date != "2026-03-03" || len(c.Evidence) != 2):
				t.Errorf("%s\n  gave %v, asks %+v", words, c.Value, c.Ambiguities)
			case !asked && (c.Value == nil || c.Value.Date != "2026-03-03"):
				t.Errorf("%s\n  asks %+v", words, c.Ambiguities)
			}
		}
		if !found {
			t.Errorf("%s\n  has no effective date", words)
		}
	}
}

func codesOf(c pact.Candidate) (codes []string) {
	for _, a := range c.Ambiguities {
		codes = append(codes, a.Code)
	}
	return codes
}
