package grammar_test

import "testing"

// A line that calls its date an end gives no day of the agreement.
func TestALineThatCallsItsDateAnEndIsNotTheDayOfTheAgreement(t *testing.T) {
	t.Parallel()
	const head = "LEASE SUMMARY\n\nBetween: Alder Works Ltd (the \"Landlord\") and Birch Stores plc (the \"Tenant\")\n"
	for line, want := range map[string]string{"Ends: 28 February 2028": "", "Lease end date: 28 February 2028": "", "Date: 28 February 2026": "2026-02-28"} {
		got := ""
		for _, c := range textIn(t, head+line+"\n\n1. The Tenant shall pay rent of £1,200.00 per month.\n") {
			if c.Subject == "term" && c.Name == "agreement_date" && c.Value != nil {
				got = string(c.Value.Date)
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}
