package grammar_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestAnOrderOfPrecedenceIsProposedWithItsClause(t *testing.T) {
	t.Parallel()
	const head = "MASTER SERVICES AGREEMENT\n\nThis Master Services Agreement is made on March 1, 2025 by and between Halden Systems, Inc. (\"Supplier\") and Borealis Foods LLC (\"Customer\").\n\n1. Documents\n"
	for text, want := range map[string][2]string{
		"In the event of any conflict between this Agreement and an Order Form, the Order Form shall prevail.\n":                                                            {"Order Form > this Agreement", "In the event of any conflict between this Agreement and an Order Form, the Order Form shall prevail."},
		"If the documents conflict, they apply in the following order of precedence: (a) the Order Form, (b) the Schedules, (c) this Agreement. The Customer signs each.\n": {"Order Form > Schedules > this Agreement", "If the documents conflict, they apply in the following order of precedence: (a) the Order Form, (b) the Schedules, (c) this Agreement."},
		"If the documents conflict, the following order of precedence applies:\n\n(a) the Order Form;\n\n(b) the Schedules; and\n\n(c) this Agreement.\n":                   {"Order Form > Schedules > this Agreement", "If the documents conflict, the following order of precedence applies:\n(a) the Order Form;\n(b) the Schedules; and\n(c) this Agreement"},
		"This Agreement is governed by the laws of Maine, without regard to conflicts of law.\n":                                                                            {"", ""},
	} {
		found := proposed(t, extracttest.Plain(head+text))
		var got [2]string
		for _, c := range found {
			if c.Name == pact.PrecedenceTerm && c.Value != nil && len(c.Evidence) > 0 {
				got = [2]string{c.Value.Text, c.Evidence[0].Passage.Quote}
			}
		}
		if got != want {
			t.Errorf("%s\n  %q, want %q", text, got, want)
		}
	}
}
