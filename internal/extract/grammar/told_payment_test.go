package grammar_test

import (
	"slices"
	"strings"
	"testing"
)

// TestAPaymentIsToldOnce leaves out the plain duty to pay where the terms of payment tell it, under whatever verb.
func TestAPaymentIsToldOnce(t *testing.T) {
	t.Parallel()
	head := "SERVICES AGREEMENT\n\nThis Agreement is entered into as of November 3, 2025 " + twoNames + "\n\n1. Services. Provider shall keep the pumps of Customer in working order.\n\n2. Payment. "
	for clause, want := range map[string][]string{
		"Customer shall release payment within 30 days from the date of receipt of the undisputed invoice.": {"invoice_payment"},
		"Customer shall make payment of each invoice within 45 days of its date.":                           {"invoice_payment"},
		"Customer shall release the premises within 30 days of notice.":                                     {"conditional_duty"},
	} {
		var got []string
		for _, c := range textIn(t, head+clause) {
			if c.Obligation != nil && c.Obligation.Bearer == "customer" {
				got = append(got, c.Obligation.Kind)
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", clause, got, want)
		}
	}
}

// Late payment that costs what the statute gives needs no rate.
func TestLatePaymentByStatute(t *testing.T) {
	t.Parallel()
	head := "SERVICES AGREEMENT\n\nThis Agreement is entered into as of November 3, 2025 " + twoNames + "\n\n2. Payment. Invoices shall be paid within 30 days of the invoice date. "
	for clause, want := range map[string]bool{
		"Interest on late payments runs at the rate under the Late Payment of Commercial Debts (Interest) Act 1998.":                                      true,
		"If an invoice is not paid when due, Provider may charge interest under the Late Payment of Commercial Debts (Interest) Act 1998.":                true,
		"Provider reserves the right to claim interest in accordance with the Late Payment of Commercial Debts (Interest) Act 1998.":                      true,
		"No interest shall be payable under the Late Payment of Commercial Debts (Interest) Act 1998.":                                                    false,
		"Provider waives any right to claim interest under the Late Payment of Commercial Debts (Interest) Act 1998.":                                     false,
		"Provider shall not be entitled to interest under the Late Payment of Commercial Debts (Interest) Act 1998.":                                      false,
		"The parties exclude any interest under the Late Payment of Commercial Debts (Interest) Act 1998.":                                                false,
		"The parties agree that the interest above is a substantial remedy for the purposes of the Late Payment of Commercial Debts (Interest) Act 1998.": false,
	} {
		got := false
		for _, c := range textIn(t, head+clause) {
			if c.Obligation != nil && c.Obligation.Kind == "invoice_payment" {
				got = got || strings.Contains(string(c.Obligation.Params), "uk_statute")
			}
		}
		if got != want {
			t.Errorf("%s: by statute: %t", clause, got)
		}
	}
}

// Terms of a letter of credit are terms of payment, and give no due date of an invoice.
func TestTermsFromSight(t *testing.T) {
	t.Parallel()
	list := textIn(t, "SUPPLY CONTRACT\n\nThis Contract is entered into as of November 3, 2025 "+twoNames+"\n\n4. Payment. Payment shall be made by irrevocable letter of credit at 60 days sight from bill of lading date.")
	c := named(list, "payment_terms")
	if c == nil || c.Value == nil || c.Value.Payment.Text != "60 days sight" || c.Value.Payment.NetDays != nil {
		t.Errorf("the terms are %+v", c)
	}
	if o := named(list, "payment/invoices"); o != nil {
		t.Errorf("an invoice is due by %s", o.Obligation.Params)
	}
	list = textIn(t, "SUPPLY CONTRACT\n\nThis Contract is entered into as of November 3, 2025 "+twoNames+"\n\n4. Payment. The letter of credit is payable at 90 days sight. Invoices are paid within 30 days of receipt.")
	if c := named(list, "payment_terms"); c == nil || c.Value == nil || c.Value.Payment.NetDays == nil || *c.Value.Payment.NetDays != 30 {
		t.Errorf("the terms of the invoices are %+v", c)
	}
}
