package wording_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

func TestPaymentTermsAsTheyAreDrafted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Net 30 from invoice date.":                                           "net 30 invoice_date",
		"Invoices are payable fourteen days after the date on the invoice.":   "net 14 invoice_date",
		"The Customer settles each invoice within two weeks of receiving it.": "net 14 receipt_of_invoice",
		"Our bills are to be settled within 21 days of their arrival.":        "net 21 receipt_of_invoice",
		"Terms: 45 days net.":                                            "net 45 ",
		"Payment terms: 60 days from date of invoice":                    "net 60 invoice_date",
		"Payment terms | 30 days":                                        "net 30 ",
		"The Buyer shall have 30 days' credit from the date of invoice.": "net 30 invoice_date",
		"Payment is made on the 20th of the month after that in which the invoice was received.": "20 MFI receipt_of_invoice",
		"Invoices are due on the 10th day of the month following the date of invoice.":           "10 MFI invoice_date",
		"Terms are 15 MFI.":                                                                                "15 MFI ",
		"2%, 10th prox.; invoices payable 25th prox.":                                                      "10 MFI ",
		"Terms: 3% 5th prox., net 20th prox.":                                                              "3% 5th prox., net 20th prox. month_end",
		"1% if paid by the 8th prox., net 22nd prox.":                                                      "1% if paid by the 8th prox., net 22nd prox. month_end",
		"Interest of 2% accrues from the 10th prox.; terms 15 MFI.":                                        "10 MFI ",
		"Payment shall be made on or before the last day of the month following the invoice.":              "net monthly invoice_date",
		"Goods are sold for cash on delivery.":                                                             "",
		"Payment: cash on delivery.":                                                                       "COD delivery",
		"The annual fee is payable in advance.":                                                            "in advance ",
		"Each invoice is due immediately upon presentation.":                                               "due on receipt receipt_of_invoice",
		"The Client pays each invoice within ten business days of receipt.":                                "10 business days receipt_of_invoice",
		"Payment falls due thirty days after the end of the month in which the invoice is dated.":          "net 30 month_end",
		"The Buyer shall pay each invoice within 60 days of the end of the month in which it is received.": "net 60 month_end",
		"Payment terms: 30 days from end of month of invoice":                                              "net 30 month_end",
		"2/10 net 30": "2/10 net 30 ",
		"30 days net from date of invoice; 2 % for payment within 10 days.":                                                                                        "2/10 net 30 invoice_date",
		"Payment terms are two percent (2%) ten (10) days, net forty-five (45) days from date of invoice.":                                                         "2/10 net 45 invoice_date",
		"Invoices are payable net twenty (20) days; a discount of one percent (1%) is allowed if payment is received by the tenth day following the invoice date.": "1/10 net 20 ",
		"Invoices fall due 60 days after receipt, less 1.5 % if settled in 15 days.":                                                                               "1.5/15 net 60 receipt_of_invoice",
		"The price is payable within 30 days of invoice, or within 8 days with 2 % escompte.":                                                                      "2/8 net 30 invoice_date",
		"Invoices are due 30 days from receipt. Interest of 1 % is added if an overdue invoice is not paid within 10 days of a reminder.":                          "net 30 receipt_of_invoice",
		"The Customer shall pay by the end of the month following the month in which the invoice is dated.":                                                        "net monthly invoice_date",
		"Invoices fall due 30 days after receipt; 3% is deducted if paid within 10 days.":                                                                          "3/10 net 30 receipt_of_invoice",
		"Invoices are due 30 days from receipt. Late sums bear interest at 1.5% per month.":                                                                        "net 30 receipt_of_invoice late 1.5 month",
		"Invoices are due 30 days from receipt. Interest at 4% a year over the base rate is added.":                                                                "net 30 receipt_of_invoice late 4 year over base rate",
		"The Customer shall pay 30% on order, payable within 10 days, and the balance net 30 days.":                                                                "net 30 ",
		"Payment: 25% within 10 days, balance net 30.":                                                                                                             "net 30 ",
		"Payment: 4% within 10 days, balance net 30.":                                                                                                              "net 30 ",
		"Invoices are due 30 days from receipt. A charge of 5 % if an invoice is not paid within 14 days of a reminder.":                                           "net 30 receipt_of_invoice",
		"Invoices are due 30 days from receipt. The price rises by 4 %, an increase, if it is not settled within 20 days.":                                         "net 30 receipt_of_invoice",
		"Invoices are due 30 days from receipt. A fee of 2 % applies unless paid within 20 days.":                                                                  "net 30 receipt_of_invoice",
		"Invoices are due 45 days from receipt, 20 % of the price when paid within 10 days of the order.":                                                          "net 45 receipt_of_invoice",
		"Payment terms: 3% 10 days, net 30 days.":                                                                                                                  "3/10 net 30 ",
		"2% applies if Customer pays within 10 days of the invoice date; otherwise payment is due within 30 days.":                                                 "2/10 net 30 ",
		"Customer may deduct 2% if it pays within 10 days of the invoice date; otherwise the full amount is due within 30 days.":                                   "2/10 net 30 ",
		"Terms: 3/5, 2/10, net 45.":    "3/5, 2/10 net 45 ",
		"Invoices: 2/10, 1/20, net 30": "2/10, 1/20 net 30 ",
		"Invoices are settled less 3% if paid within 5 days, less 2% if paid within 10 days, net 45 days.": "3/5, 2/10 net 45 ",
		"Payment terms are net 15 MFI.":   "15 MFI ",
		"Payment terms: 2/10 net 15 MFI.": "2/10 net 15 MFI ",
		"Payment is due within 30 days of the end of the month in which the invoice is dated.":                    "net 30 month_end",
		"Customer pays within 30 days of the end of the month in which the invoice is received.":                  "net 30 month_end",
		"Customer shall pay invoices within 30 days from month end.":                                              "net 30 month_end",
		"Invoices are due at the end of the month following the invoice date.":                                    "net monthly invoice_date",
		"Payment is due at the end of the month following.":                                                       "net monthly month_end",
		"Customer shall pay 50% on signing and 50% within 30 days after acceptance.":                              "",
		"Customer shall make a milestone payment of $50,000 within thirty (30) days after completion of Phase 1.": "",
		"Customer shall pay 50% on signing; invoices are otherwise payable within 45 days of receipt.":            "net 45 receipt_of_invoice",
		"The Supplier shall deliver the report within 30 days.":                                                   "",
	} {
		got := ""
		if p, ok := wording.PaymentOf(text); ok {
			got = p.Terms.Text + " " + p.Terms.Basis
			if p.Terms.Late != nil {
				got += " late " + p.Terms.Late.String() + " " + p.Terms.LatePer
				if p.Terms.LateOver != "" {
					got += " over " + p.Terms.LateOver
				}
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestWordsBehindFiguresAreCompared(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"The fee is USD 100,000 (one hundred and ten thousand US dollars).": "110000.00 USD or 100000.00 USD",
		"The fee is $100,000 (one hundred and ten thousand).":               "110000.00 USD or 100000.00 USD",
		"The fee is USD 100,000 (one hundred thousand US dollars).":         "100000.00 USD",
		"The fee is EUR 1,500.50 (one thousand five hundred euros only).":   "1500.50 EUR",
		"The fee is $5,000 (the \"Fee\").":                                  "5000.00 USD",
	} {
		var got []string
		for _, s := range wording.Sums(text) {
			if len(s.Readings) == 2 {
				got = append(got, s.Readings[0].String()+" or "+s.Readings[1].String())
				continue
			}
			got = append(got, s.Amount.String())
		}
		if all := strings.Join(got, ", "); all != want {
			t.Errorf("%q: got %q, want %q", text, all, want)
		}
	}
}
