package wording

import (
	"fmt"
	"testing"
)

// Terms that run from the showing of a bill, from shipping and from the end of a month are none that run from an invoice.
func TestTermsThatDoNotRunFromTheInvoice(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"Payment by irrevocable letter of credit at 60 days sight.":                         "60 days sight",
		"Payment shall be made at 60 days sight from bill of lading date.":                  "60 days sight",
		"Payment: 60 days after the bill of lading date.":                                   "60 days from bill of lading",
		"Fees are payable yearly in advance, 30 days end of month.":                         "net 30 EOM asks 1",
		"Payment: 45 days end of month on the 10th.":                                        "net 45 EOM asks 1",
		"Invoices are issued monthly and are payable net 30 days, current month + 30 days.": "net 30 month_end",
		"Invoices are payable yearly in advance, 30 days net.":                              "net 30",
		"Payment is due 30 days from the end of the month.":                                 "net 30 month_end",
	} {
		p, ok := PaymentOf(words)
		if !ok {
			t.Errorf("%s: no terms", words)
			continue
		}
		got := p.Terms.Text
		if p.Terms.Basis != "" && !p.Terms.EOM {
			got += " " + p.Terms.Basis
		}
		if n := len(p.Ambiguities); n > 0 {
			got += fmt.Sprint(" asks ", n)
		}
		if got != want {
			t.Errorf("%s: %q, not %q", words, got, want)
		}
	}
}
