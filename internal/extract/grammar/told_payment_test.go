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
