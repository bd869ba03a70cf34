package grammar_test

import "testing"

// Times told in the words of people who write no service levels: by the kind of fault, in a cell, from a call on.
func TestServiceLevelsInOtherWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{
			"For a pump that stands still we'll ring back within 20 minutes. For any defect that can wait we'll call back within 6 working hours and repair it within 4 working days.",
			"resolution that can wait 4 business days; response pump that stands still 20 minutes; response that can wait 6 business hours",
		},
		{
			"The Contractor shall have a fitter on site within two (2) hours of a call to a leak of Class A and within ten (10) hours of a call to a leak of Class B.",
			"response A 2 hours; response B 10 hours",
		},
		{
			"Report faults by telephone. An engineer will be with you within 5 working hours for door operators and within 9 working hours for barriers.",
			"response barriers 9 business hours; response door operators 5 business hours",
		},
		{
			"No. | Standard | Source | Weight\n1 | Severity 1 Incidents: response within 10 minutes and resolution within 2 hours | ticket log | 30%\n2 | Severity 2 Incidents: response within 40 minutes and resolution within 7 hours | ticket log, Working Hours | 20%",
			"resolution 1 2 hours; resolution 2 7 hours; response 1 10 minutes; response 2 40 minutes",
		},
		{
			"Measure | How measured | Target\nAvailability of the Order Desk | Part D | 99.7%\nAvailability of the Archive (all sites) | Part D | 99.1%",
			"availability archive 99.1; availability order-desk 99.7",
		},

		// the same words where no such time is promised
		{"The Contractor must correct failed cases and repeat the test within 15 Business Days after it has the list.", ""},
		{"For a visit of an auditor we send the papers within 5 working days.", ""},
		{"Item | Note | Weight\n1 | Severity 1 Incidents were answered within 12 minutes on average last year | history | 30%\n2 | Severity 2 Incidents not resolved within 7 hours give a credit of EUR 40 | credits | 20%", ""},
		{"Level | Target\nSeverity 2: restoration | 6 Depot Hours\nSeverity 3: restoration | 8 Depot Hours", ""},
		{"No. | Task | Working Hours\n6 | Severity 2 Incidents are listed | 40\n7 | Severity 3 Incidents are listed | 20", ""},
		{"A test is passed when every case that is ranked essential, and at least 96% of the remaining cases, give the expected result.", ""},
		{"Training is given on site. An engineer will be with you within 5 working hours for door operators.", ""},
		{"The Customer shall be with you within 3 hours for the handover of keys.", ""},
	} {
		if got := levelsIn(t, c.text); got != c.want {
			t.Errorf("%s\n  gave %q\n  want %q", c.text, got, c.want)
		}
	}
}
