package grammar_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
)

// An amendment that waits for an approval or a payment has no day yet: its effective date is asked, and nothing is read for it. What it states and
// changes holds from that day.
func TestAnAmendmentThatWaitsAsksForItsDay(t *testing.T) {
	t.Parallel()
	for sentence, condition := range map[string]string{
		"This Amendment takes effect upon receipt of the Board's approval.":                                                                       "approval",
		"This Amendment No. 1 to the Services Agreement dated 1 March 2025 shall take effect upon receipt of the fee of $10,000 by the Provider.": "receipt of the fee",
		"This Amendment becomes effective when the Customer pays the fee.":                                                                        "pays the fee",
		"This Amendment takes effect on January 1, 2027.":                                                                                         "",
	} {
		found := proposed(t, extracttest.Plain("AMENDMENT NO. 1\n\nThis Amendment No. 1 is made on October 1, 2026 between Brightwater Logistics, Inc. (\"Customer\") and Quill Data LLC (\"Provider\") and amends the Master Services Agreement dated January 5, 2026.\n\n1. "+sentence+"\n2. Section 5 is deleted.\n"))
		operations, asked := 0, ""
		for _, c := range found {
			if c.Subject == "operation" {
				operations++
			}
			if c.Name == "effective_date" && len(c.Ambiguities) > 0 {
				asked = c.Ambiguities[0].Question
				if c.Value != nil || len(c.Evidence) == 0 {
					t.Errorf("%s: %+v", sentence, c)
				}
			}
		}
		if operations != 1 {
			t.Errorf("%s: %d operations", sentence, operations)
		}
		if (condition == "") != (asked == "") || !strings.Contains(asked, condition) {
			t.Errorf("%s asks %q", sentence, asked)
		}
	}
}
