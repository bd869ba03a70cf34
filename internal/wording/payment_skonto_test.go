package wording

import "testing"

// TestTheWholeIsDueWithoutDeduction reads terms that say "for payment" and "without deduction" of the whole, and a discount behind them.
func TestTheWholeIsDueWithoutDeduction(t *testing.T) {
	for s, want := range map[string]string{
		"Invoices are due for payment within 14 days of receipt without deduction; in the case of payment within 8 days, 2 % discount (Skonto) is granted.": "2/8 net 14",
		"Each invoice falls due for payment within 30 days of its date without any deduction. For payment within 10 days 3 % may be deducted.":              "3/10 net 30",
		"3 % may be deducted if the invoice is paid within 10 days, otherwise it is payable within 30 days without deduction.":                              "3/10 net 30",
	} {
		if p, ok := PaymentOf(s); !ok || p.Terms.Text != want {
			t.Errorf("%s: %t %q, want %q", s, ok, p.Terms.Text, want)
		}
	}
}
