package wording

import "testing"

// TestSumsAreReadInLakhAndCrore reads the scales and the sign of South Asia: a crore is ten million, a lakh a hundred thousand.
func TestSumsAreReadInLakhAndCrore(t *testing.T) {
	for s, want := range map[string]string{
		"shall not exceed Rs. 2.4 crore in all":       "24000000 INR",
		"a deposit of INR 75 lakhs":                   "7500000 INR",
		"a fee of ₹ 3,50,000 per annum":               "350000 INR",
		"capped at ₹12 crores":                        "120000000 INR",
		"an advance of Rs 5 lac within a week":        "500000 INR",
		"up to 5 crore rupees":                        "50000000 INR",
		"shall pay EUR 5 million (not Rs. 2 thousand": "5000000 EUR",
	} {
		sums := Sums(s)
		if len(sums) == 0 || sums[0].Amount.Value.String()+" "+sums[0].Amount.Currency != want {
			t.Errorf("%s: %+v, want %s", s, sums, want)
		}
	}
}
