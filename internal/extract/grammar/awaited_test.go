package grammar_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
)

// An amendment that waits for an approval has no day yet: each of its changes asks for it.
func TestAChangeThatWaitsForAnApprovalAsksForItsDay(t *testing.T) {
	t.Parallel()
	for sentence, asks := range map[string]bool{
		"This Amendment takes effect upon receipt of the Board's approval.": true,
		"This Amendment takes effect on January 1, 2027.":                   false,
	} {
		d := extracttest.Plain("AMENDMENT NO. 1\n\nThis Amendment No. 1 is made on October 1, 2026 between Brightwater Logistics, Inc. (\"Customer\") and Quill Data LLC (\"Provider\") and amends the Master Services Agreement dated January 5, 2026.\n\n1. " + sentence + "\n2. Section 5 is deleted.\n")
		found, err := grammar.New().Extract(t.Context(), d, extract.FullSchema())
		if err != nil {
			t.Fatal(err)
		}
		seen := false
		for _, c := range found {
			if c.Subject != "operation" {
				continue
			}
			seen = true
			if got := len(c.Ambiguities) == 1 && strings.Contains(c.Ambiguities[0].Question, "approval"); got != asks {
				t.Errorf("%s asks %+v", sentence, c.Ambiguities)
			}
		}
		if !seen {
			t.Errorf("%s: no operation", sentence)
		}
	}
}
