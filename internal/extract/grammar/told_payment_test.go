package grammar_test

import (
	"slices"
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
