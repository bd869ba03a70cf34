package wording_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

func TestInterestAboveABankRate(t *testing.T) {
	t.Parallel()
	const terms = "Invoices are payable within 30 days of the date of invoice. "
	for text, want := range map[string]string{
		"Late payments bear interest at 8% above the Bank of England base rate.":                                                 "8 year Bank of England base rate",
		"Overdue sums carry interest at the rate of 4 per cent per annum over the base rate of Barclays Bank from time to time.": "4 year base rate of Barclays Bank",
		"Interest on late payment is charged at three-month EURIBOR plus 2.5%.":                                                  "2.5 year three-month EURIBOR",
		"Late payments bear interest at 1.5% per month.":                                                                         "1.5 month ",
		"Late payments bear interest at 6% a year.":                                                                              "6 year ",
	} {
		p, ok := wording.PaymentOf(terms + text)
		if !ok || p.Terms.Late == nil {
			t.Errorf("%s: no interest", text)
			continue
		}
		if got := p.Terms.Late.String() + " " + p.Terms.LatePer + " " + p.Terms.LateOver; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
