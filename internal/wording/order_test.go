package wording_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

func TestAnOrderOfPrecedenceIsRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"In the event of any conflict, the Order Form shall prevail over these Terms.":                                                                "Order Form > these Terms",
		"In the event of any conflict between this Agreement and an Order Form, the Order Form shall prevail.":                                        "Order Form > this Agreement",
		"In the event of any inconsistency, this Agreement shall prevail.":                                                                            "this Agreement > other documents",
		"If there is a conflict between the SLA and this Agreement, the SLA prevails only to the extent of such conflict.":                            "SLA > this Agreement",
		"Any conflict shall be resolved in the following order of precedence: (a) the Order Form, (b) the Schedules, (c) this Agreement.":             "Order Form > Schedules > this Agreement",
		"the documents shall be interpreted in the following order of priority: 1. the Amendments; 2. the Statements of Work; and 3. this Agreement.": "Amendments > Statements of Work > this Agreement",
		"In the event of a conflict between the terms of this Agreement and any Statement of Work, this Agreement shall control.":                     "this Agreement > Statement of Work",
		"This Agreement is governed by the laws of Maine, without regard to its conflict of laws rules.":                                              "",
		"In the event of any inconsistency between the Platform Rules and this Agreement, the Platform Rules shall prevail.":                          "",
		"This Agreement and its interpretation are subject to the laws of India, save for the law which governs the conflict of laws.":                "",
		"In a conflict between this Agreement and Exhibit A, the terms of Exhibit A (Security) will in all cases prevail.":                            "Exhibit A > this Agreement",
		"The Supplier shall supply the goods in the following order: steel, wood.":                                                                    "",
		"In the event of a conflict of interest the Supplier shall inform the Customer.":                                                              "",
	} {
		if got := strings.Join(wording.Order(text), " > "); got != want {
			t.Errorf("%s\n  %q, want %q", text, got, want)
		}
	}
}
