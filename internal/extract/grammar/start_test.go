package grammar_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
)

// A contract may say which day it takes effect on without naming it; the sentence that says so is quoted beside the day.
func TestAContractTakesEffectOnItsOwnDate(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"This Agreement shall become effective as of the day and year first above written and remains in force for two years.",
		"This Agreement shall come into force on the date of this Agreement.",
		"This Agreement takes effect on the date of its execution and continues until it is terminated.",
		"This Agreement is effective as of the date hereof.",
		"The Effective Date means the date of this Agreement.",
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			d := extracttest.Plain("SERVICES AGREEMENT\n\nTHIS SERVICES AGREEMENT is made and entered into as of March 4, 2024, by and between Aster Foods, Inc., a Delaware corporation (\"Customer\"), and Brill Software, Inc., a New York corporation (\"Supplier\").\n\n1. Services. The Supplier provides the services that Exhibit A names.\n\n2. Term. " + words +
				"\n\n3. Law. This Agreement is governed by the laws of the State of New York.\n\nIN WITNESS WHEREOF, the parties have executed this Agreement.\n\nAster Foods, Inc.\nBy: /s/ Ann Reed\n\nBrill Software, Inc.\nBy: /s/ Tom Vale\n")
			list := proposed(t, d)
			for _, c := range list {
				if c.Name != "effective_date" {
					continue
				}
				quoted := false
				for _, e := range c.Evidence {
					quoted = quoted || e.Passage != nil && strings.Contains(e.Passage.Quote, words)
				}
				if c.Value == nil || c.Value.Date != "2024-03-04" || !quoted {
					t.Errorf("%v, quoted %v", c.Value, quoted)
				}
				return
			}
			t.Error("no effective date")
		})
	}
}
