package wording_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

func TestBandsAsTablesAndSentencesWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1 – 250":                         "1 to 250",
		"251 to 1,999 units":              "251 to 1999",
		"over 1999":                       "above 1999",
		"up to 3 000 thousand":            "to 3000000",
		"over 3 000 up to 6 000 thousand": "above 3000000 to 6000000",
		"500 or more":                     "500",
		"1.000+":                          "1000",
		"from £150,000 to £300,000":       "150000 to 300000 GBP",
		"more than EUR 50.000":            "above 50000 EUR",
		"over €1.25 million":              "above 1250000 EUR",
		"1.5 m to 2 m":                    "1500000 to 2000000",
		"more than USD 50,000.00":         "above 50000 USD",
		"over 500.50":                     "above 500.5",
		"less than 100 pieces":            "before 100",
		"the first 100 pieces of":         "to 100",
		"the next 400":                    "next to 400",
		"the rest at $2":                  "rest",
		"99% or more":                     "",
		"30 days":                         "",
		"2 January to 5 March":            "",
	} {
		got := ""
		if b, ok := wording.BandAt(text); ok {
			if b.Rest {
				got = "rest"
			}
			if b.From != nil {
				got = b.From.String()
				if b.After {
					got = "above " + got
				}
			}
			if b.To != nil {
				word := "to "
				if b.Before {
					word = "before "
				}
				if got != "" {
					got += " "
				}
				if b.Next {
					got += "next "
				}
				got += word + b.To.String()
			}
			if b.Currency != "" {
				got += " " + b.Currency
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
