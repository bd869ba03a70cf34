package wording

import "testing"

// TestALimitOfTwoIsReadWithBoth keeps both sides of a limit that is the higher or the lower of fees and a sum, however that is said.
func TestALimitOfTwoIsReadWithBoth(t *testing.T) {
	for s, want := range map[string]string{
		"Our liability to you in any year is limited to the charges you paid in that year or £50,000, whichever is higher.":                     "the greater of the two",
		"The Supplier's total liability shall not exceed $1,000,000 or the fees paid in the preceding twelve months, whichever is the greater.": "the greater of the two",
		"The liability of the Provider is limited to USD 200,000 or 100% of the fees paid in the previous 12 months, whichever is less.":        "the lesser of the two",
		"Liability per event is limited to the amount of fees paid in the preceding 12 months, with a maximum of EUR 250,000 per year.":         "the lesser of the two",
		"Each party's aggregate liability shall not exceed the larger of $75,000 and the fees paid during the twelve months before the claim.":  "the greater of the two",
		"The Supplier's total liability shall not exceed the fees paid in the preceding twelve months.":                                         "",
		"The Supplier's total liability shall not exceed $250,000.":                                                                             "",
	} {
		c, ok := LiabilityCap(s)
		if !ok || c.Cap.Text != want || want != "" && (c.Cap.Amount == nil || c.Cap.Multiple == nil) {
			t.Errorf("%s: %t %+v, want %q", s, ok, c.Cap, want)
		}
	}
}
