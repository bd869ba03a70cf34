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

// TestInterestIsNoDiscount reads a discount that stands behind a rate of interest: what is charged for each month or year is not deducted.
func TestInterestIsNoDiscount(t *testing.T) {
	for s, want := range map[string]string{
		"Client shall pay net 45 days from receipt of invoice. Late amounts bear interest at 1.5% per month. If Client pays within ten (10) days, Client may deduct 2% of the invoiced amount.":   "2/10 net 45",
		"Invoices are due within 30 days of their date and bear interest at 4% above the base rate of the Bank of England if late; a discount of 1% is given for payment within 7 days.":          "1/7 net 30",
		"Invoices are payable within 30 days net, or within 10 days with 2% discount plus VAT at the applicable rate.":                                                                            "2/10 net 30",
		"Invoices are due within 30 days of their date. Interest of 8% p.a. is payable on overdue sums. If an invoice is settled within 10 days, a prompt payment discount is agreed separately.": "net 30",
	} {
		if p, ok := PaymentOf(s); !ok || p.Terms.Text != want {
			t.Errorf("%s: %t %q, want %q", s, ok, p.Terms.Text, want)
		}
	}
}
