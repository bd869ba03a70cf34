package wording_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

func TestDatesAsContractsWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"this 7th day of September, 1999":           "1999-09-07",
		"the 1st day of March, 2026":                "2026-03-01",
		"dated as of March 1, 2026":                 "2026-03-01",
		"MARCH 1ST, 2026":                           "2026-03-01",
		"1 March 2026":                              "2026-03-01",
		"on 1. March 2026":                          "2026-03-01",
		"Sept. 5, 2020":                             "2020-09-05",
		"16 day of August. 2012":                    "2012-08-16",
		"20t h day of December 2018":                "2018-12-20",
		"April 14th, 2020":                          "2020-04-14",
		"2026-03-31":                                "2026-03-31",
		"12/31/2026":                                "2026-12-31",
		"31/12/2026":                                "2026-12-31",
		"03/03/2026":                                "2026-03-03",
		"as of the 1.4.2011":                        "2011-04-01",
		"19 Jan. 1998":                              "1998-01-19",
		"the first day of May, two thousand twenty": "2020-05-01",
		"twenty-third (23rd) day of June, 2021":     "2021-06-23",
		"5-Jan-21":                                  "2021-01-05",
		"the seventh day of June, nineteen hundred ninety-eight": "1998-06-07",
		"expiring on June 30, 2026 (the “Initial Term”)":         "2026-06-30",
		"the 6th day of November Two Thousand and Seventeen":     "2017-11-06",
		"the last day in February, 2024":                         "2024-02-29",
		"the last day of June 2025":                              "2025-06-30",
		"2020年4月14日":                                             "2020-04-14",
	} {
		got := wording.Dates(wording.Normal(text).S)
		if len(got) != 1 || string(got[0].Date) != want {
			t.Errorf("%q: got %+v, want %s", text, got, want)
		}
	}
}

func TestNoDateIsMadeUp(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"the ___ day of ______, 2004", "[●] day of [●], 2020", "February ____, 2017", "February 30, 2026", "Section 3.1.10", "the parties may 30 times", "version 1.2.3", "31/31/2026", "in March", "May 2026",
	} {
		for _, d := range wording.Dates(wording.Normal(text).S) {
			if d.Date != "" || len(d.Readings) > 0 {
				t.Errorf("%q gave %+v", text, d)
			}
		}
	}
}

func TestDayAndMonthThatMayBeExchangedStayOpen(t *testing.T) {
	t.Parallel()
	got := wording.Dates("effective 03/01/2026")
	if len(got) != 1 || got[0].Date != "" || len(got[0].Readings) != 2 || got[0].Readings[0] != "2026-03-01" || got[0].Readings[1] != "2026-01-03" {
		t.Fatalf("got %+v", got)
	}
}

func TestEveryDateWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	layouts := []string{"January 2, 2006", "2 January 2006", "Jan 2, 2006", "2006-01-02", "2-Jan-2006", "Monday, January 2, 2006"}
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(rapid.IntRange(1970, 2060).Draw(t, "year"), time.January, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 364).Draw(t, "day"))
		text := "made on " + day.Format(rapid.SampledFrom(layouts).Draw(t, "layout")) + " by the parties"
		if rapid.Bool().Draw(t, "capitals") {
			text = strings.ToUpper(text)
		}
		got := wording.Dates(wording.Normal(text).S)
		if len(got) != 1 || string(got[0].Date) != day.Format(time.DateOnly) {
			t.Fatalf("%q: got %+v", text, got)
		}
	})
}

func TestDurations(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"sixty (60) days":                        "60 days",
		"within 24 months":                       "24 months",
		"two (2) years":                          "2 years",
		"a ninety-day period":                    "90 days",
		"thirty(30)days":                         "30 days",
		"eighteen (18) month period":             "18 months",
		"one hundred and twenty (120) days":      "120 days",
		"at least 30 days' notice":               "30 days",
		"8 Business Hours":                       "8 business hours",
		"five (5) Business Days":                 "5 business days",
		"ten working days":                       "10 business days",
		"30 calendar days":                       "30 days",
		"4-hour resolution":                      "4 hours",
		"15 mins":                                "15 minutes",
		"two consecutive years":                  "2 years",
		"60 (sixty) days":                        "60 days",
		"one hundred eighty (180) days prior":    "180 days",
		"seventy-two (72) hours":                 "72 hours",
		"for a term of twelve (12) full months ": "12 months",
	} {
		got := wording.Durations(wording.Normal(text).S)
		if len(got) != 1 || got[0].Duration.String() != want {
			t.Errorf("%q: got %+v, want %s", text, got, want)
		}
	}
}

func TestWordsAgainstFiguresPicksNothing(t *testing.T) {
	t.Parallel()
	d := wording.Durations("upon thirty (60) days notice")
	if len(d) != 1 || len(d[0].Readings) != 2 || d[0].Readings[0].Value != 30 || d[0].Readings[1].Value != 60 || d[0].Duration.Value != 0 {
		t.Errorf("duration: %+v", d)
	}
	s := wording.Sums("five hundred thousand dollars ($50,000)")
	if len(s) != 1 || len(s[0].Readings) != 2 {
		t.Errorf("sum: %+v", s)
	}
	s = wording.Sums("one thousand two hundred and 50/100 dollars ($1,200.75)")
	if len(s) != 1 || len(s[0].Readings) != 2 || s[0].Readings[0].String() != "1200.50 USD" {
		t.Errorf("sum with cents: %+v", s)
	}
	p := wording.Percents("ten percent (15%)")
	if len(p) != 1 || len(p[0].Readings) != 2 {
		t.Errorf("percentage: %+v", p)
	}
	pay, ok := wording.PaymentOf("Invoices are payable within thirty (45) days of receipt of the invoice.")
	if !ok || !pay.Unpicked || len(pay.Ambiguities) != 1 {
		t.Errorf("payment: %+v", pay)
	}
}

func TestEveryDurationWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	units := map[calendar.Unit]string{calendar.Day: "day", calendar.Week: "week", calendar.UnitMonth: "month", calendar.Year: "year", calendar.Hour: "hour", calendar.Minute: "minute", calendar.BusinessDay: "business day"}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 9999).Draw(t, "n")
		unit := rapid.SampledFrom([]calendar.Unit{calendar.Day, calendar.Week, calendar.UnitMonth, calendar.Year, calendar.Hour, calendar.Minute, calendar.BusinessDay}).Draw(t, "unit")
		form := rapid.SampledFrom([]string{"%d %ss", "%d-%s period", "(%d) %ss"}).Draw(t, "form")
		text := fmt.Sprintf("for "+strings.ReplaceAll(form, "(%d)", "%d")+" from then", n, units[unit])
		got := wording.Durations(text)
		if len(got) != 1 || got[0].Duration != (calendar.Duration{Value: n, Unit: unit}) {
			t.Fatalf("%q: got %+v", text, got)
		}
	})
}

func TestSums(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"USD 1,250,000.00":     "1250000.00 USD",
		"$510,000.00 per year": "510000.00 USD",
		"US$2 million":         "2000000.00 USD",
		"€12.500,00":           "12500.00 EUR",
		"EUR 12.500,00":        "12500.00 EUR",
		"12 500,50 EUR":        "12500.50 EUR",
		"£3,000":               "3000.00 GBP",
		"five hundred thousand dollars ($500,000)": "500000.00 USD",
		"One Million Dollars":                      "1000000.00 USD",
		"C$100":                                    "100.00 CAD",
		"CHF 99.95":                                "99.95 CHF",
		"3,000,000 yen":                            "3000000 JPY",
		"$44.00":                                   "44.00 USD",
		"a sum of 25,000 Euros":                    "25000.00 EUR",
		"ten thousand Canadian dollars":            "10000.00 CAD",
		"One thousand two hundred and 50/100 dollars":              "1200.50 USD",
		"One Thousand Two Hundred, and 05/100 Dollars ($1,200.05)": "1200.05 USD",
		"One thousand two hundred and no/100 dollars":              "1200.00 USD",
		"a fee of 2.6% plus $0.10 for each sale":                   "0.10 USD", // and no US$ in "plus"
		"a bonus $500":                                             "500.00 USD",
		"24.60p per kWh":                                           "0.246 GBP",
		"31.5 pence per day":                                       "0.315 GBP",
		"185 cents per cubic metre":                                "1.85 USD",
		"12 euro cents per page":                                   "0.12 EUR",
		"3.5¢ each":                                                "0.035 USD",
		"one thousand two hundred dollars ($1,200.50)":             "1200.50 USD", // the words leave the cents to the figures
		"Twelve Hundred Fifty and 99/100ths United States Dollars": "1250.99 USD",
	} {
		got := wording.Sums(wording.Normal(text).S)
		if len(got) != 1 || got[0].Amount.String() != want {
			t.Errorf("%q: got %+v, want %s", text, got, want)
		}
	}
	if got := wording.Sums("EUR 12.500"); len(got) != 1 || len(got[0].Readings) != 2 {
		t.Errorf("a single stop before three digits has two readings in euros: %+v", got)
	}
}

// A number with a letter, and a percentage, are no coins.
func TestNoCoins(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"by 12p at the latest", "five per cent per year", "5 per cent per month", "page 3 p. 12"} {
		if got := wording.Sums(wording.Normal(text).S); len(got) > 0 {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestPercents(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"99.9%": "99.9", "ninety-nine percent": "99", "fifty percent (50%)": "50", "one percent (1%) per month": "1", "99,95 %": "99.95",
		"one and one-half percent (1.5%)": "1.5", "ninety-nine point nine percent (99.9%)": "99.9", "10 per cent": "10", "ten (10) percent": "10",
	} {
		got := wording.Percents(wording.Normal(text).S)
		if len(got) != 1 || got[0].Value.String() != want {
			t.Errorf("%q: got %+v, want %s", text, got, want)
		}
	}
}

func TestPaymentTerms(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Payment terms are net 30.":                                                                                                  "net 30 ",
		"Terms: 2/10 net 30 from the invoice date.":                                                                                  "2/10 net 30 invoice_date",
		"Customer shall pay within thirty (30) days of receipt of the invoice.":                                                      "net 30 receipt_of_invoice",
		"Each invoice is payable within 45 days from the date of invoice.":                                                           "net 45 invoice_date",
		"Payment terms are 2% 10, net 45: Buyer may deduct it":                                                                       "2/10 net 45 ",
		"Each invoice is due thirty (30) days after its date.":                                                                       "net 30 ",
		"Invoices are due upon receipt.":                                                                                             "due on receipt receipt_of_invoice",
		"All undisputed amounts are payable within thirty (30) days after the invoice date":                                          "net 30 invoice_date",
		"The Buyer pays sixty (60) days after acceptance of the goods; payment is due then, within sixty (60) days after acceptance": "net 60 acceptance",
		"payment due net thirty (30) days":                                                                                           "net 30 ",
	} {
		got, ok := wording.PaymentOf(wording.Normal(text).S)
		if !ok || got.Terms.Text+" "+got.Terms.Basis != want {
			t.Errorf("%q: got %+v, want %q", text, got, want)
		}
	}
	for _, text := range []string{"either party may terminate within thirty (30) days of receipt of notice", "We pay nothing.", "The term is thirty (30) days."} {
		if got, ok := wording.PaymentOf(text); ok {
			t.Errorf("%q gave %+v", text, got)
		}
	}
	eom, ok := wording.PaymentOf("Payment: net 30 EOM.")
	if !ok || len(eom.Ambiguities) != 1 || eom.Ambiguities[0].Code != "net_eom" {
		t.Errorf("net 30 EOM must ask: %+v", eom)
	}
	late, _ := wording.PaymentOf("Invoices are payable within 30 days of the invoice date; late payments bear interest of 1.5% per month.")
	if late.Terms.Late == nil || late.Terms.Late.String() != "1.5" || late.Terms.LatePer != "month" {
		t.Errorf("late interest: %+v", late.Terms)
	}
}

func tiersString(t wording.TierTable) string {
	return pact.Value{Kind: pact.TiersValue, Tiers: t.Tiers}.String()
}

func TestCreditTables(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"prose":               {"less than 99.9% but at least 99.0%: 10%; less than 99.0%: 25%", "from 99 % to below 99.9 %: 10 %; below 99 %: 25 %"},
		"table of a cloud":    {"Less than 99.99% but equal to or greater than 99.0%\t10%\nLess than 99.0% but equal to or greater than 95.0%\t30%\nLess than 95.0%\t100%", "from 99 % to below 99.99 %: 10 %; from 95 % to below 99 %: 30 %; below 95 %: 100 %"},
		"signs":               {"< 99.9% and >= 99.0%\t10%\n< 99.0% and >= 95.0%\t25%\n< 95.0%\t50%", "from 99 % to below 99.9 %: 10 %; from 95 % to below 99 %: 25 %; below 95 %: 50 %"},
		"dash and below":      {"95.00% - < 99.90%\t10%\n90.00% - < 95.00%\t25%\n< 90.00%\t100%", "from 95 % to below 99.9 %: 10 %; from 90 % to below 95 %: 25 %; below 90 %: 100 %"},
		"only upper bounds":   {"below 99.9%: 10%, below 99.0%: 25%", "from 99 % to below 99.9 %: 10 %; below 99 %: 25 %"},
		"the other way round": {"Less than 95.0%\t50%\nat least 95.0% but less than 99.0%\t25%", "from 95 % to below 99 %: 25 %; below 95 %: 50 %"},
	} {
		got, ok := wording.TiersOf(wording.Normal(c.text).S)
		if !ok || got.Unpicked || tiersString(got) != c.want {
			t.Errorf("%s: got %s %+v, want %s", name, tiersString(got), got.Ambiguities, c.want)
		}
	}
}

func TestCreditTablesWithGapsAsk(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"bands to two decimals":    "99.0% - 99.89%\t10%\n95.0% - 98.99%\t25%\n94.99% or less\t50%",
		"a bound that is nobody's": "greater than 99.0% and less than 99.9%: 5%; less than 99.0%: 10%",
		"overlap":                  "less than 99.9% but at least 98.0%: 10%; less than 99.0%: 25%",
		"nothing below":            "less than 99.9% but at least 99.0%: 10%; less than 99.0% but at least 95.0%: 25%",
	} {
		got, ok := wording.TiersOf(wording.Normal(text).S)
		if !ok || !got.Unpicked || len(got.Ambiguities) != 1 || len(got.Ambiguities[0].Readings) == 0 {
			t.Errorf("%s: got %v %+v", name, ok, got)
		}
	}
}

func TestARowHoldsAtTheBoundItNames(t *testing.T) {
	t.Parallel()
	got, ok := wording.TiersOf("99.0% - 99.89%\t10%\n95.0% - 98.99%\t25%\n94.99% or less\t50%")
	if !ok || tiersString(got) != "from 99 % to 99.89 %: 10 %; from 95 % to 98.99 %: 25 %; 94.99 % or less: 50 %" {
		t.Fatalf("the table is read as %s", tiersString(got))
	}
	for _, at := range []string{"99.89", "98.99", "94.99"} { // each in one row, and what lies above it in none
		in := func(v decimal.Decimal) (n int) {
			for _, row := range got.Tiers {
				if !row.Above(v.Rat()) && (row.From == nil || row.From.LessThanOrEqual(v)) {
					n++
				}
			}
			return n
		}
		v := decimal.RequireFromString(at)
		if in(v) != 1 || in(v.Add(decimal.New(4, -3))) != 0 {
			t.Errorf("%s %% lies in %d rows, and a little above it in %d", at, in(v), in(v.Add(decimal.New(4, -3))))
		}
	}
}

func TestTiersWrittenAreReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "rows")
		high := decimal.NewFromInt(99).Add(decimal.New(int64(rapid.IntRange(1, 99).Draw(t, "top")), -2))
		var rows []string
		var want []pact.Tier
		for i := range n {
			credit := decimal.NewFromInt(int64(5 * (i + 1)))
			upper := high
			tier := pact.Tier{Below: &upper, Credit: credit}
			if i == n-1 {
				rows = append(rows, fmt.Sprintf("less than %s%%: %s%%", high, credit))
				want = append(want, tier)
				break
			}
			low := high.Sub(decimal.New(int64(rapid.IntRange(1, 400).Draw(t, "step")), -2))
			tier.From = &low
			rows = append(rows, fmt.Sprintf("less than %s%% but at least %s%%: %s%%", high, low, credit))
			want = append(want, tier)
			high = low
		}
		got, ok := wording.TiersOf(strings.Join(rows, "\n"))
		if !ok || got.Unpicked || !(pact.Value{Kind: pact.TiersValue, Tiers: got.Tiers}).Equal(pact.Value{Kind: pact.TiersValue, Tiers: want}) {
			t.Fatalf("%v: got %s %+v", rows, tiersString(got), got.Ambiguities)
		}
	})
}

func TestGoverningLaw(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"governed by the laws of the State of New York, without regard to its conflict of laws principles":  "New York",
		"shall be construed in accordance with Delaware law":                                                "Delaware",
		"governed by and interpreted under the laws of England and Wales":                                   "England and Wales",
		"governed by the laws of the Commonwealth of Massachusetts":                                         "Massachusetts",
		"the laws of the People’s Republic of China shall govern":                                           "People's Republic of China",
		"THIS AGREEMENT IS GOVERNED BY THE LAWS OF THE STATE OF TEXAS.":                                     "Texas",
		"governed by the laws of the United States and the State of Ohio":                                   "Ohio",
		"governed by the laws of Germany, excluding the CISG":                                               "Germany",
		"South Australian law applies.":                                                                     "South Australia",
		"This deed is governed by the law of South Australia and Western Australian law is not applied.":    "South Australia",
		"Australian law applies.":                                                                           "Australia",
		"governed by California’s laws":                                                                     "California",
		"governed by the laws of the Province of Ontario and the federal laws of Canada applicable therein": "Ontario",
	} {
		got, ok := wording.GoverningLaw(wording.Normal(text).S)
		if !ok || got.Name != want {
			t.Errorf("%q: got %+v, want %s", text, got, want)
		}
	}
}

func TestPartiesOfAPreamble(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`Northwind Tools, Inc., a Delaware corporation having its office at 1 Main Street, Suite 2, Portland, Oregon ("Provider"), and Fabrikam GmbH ("Customer"). WHEREAS`:              "Northwind Tools, Inc. (supplier); Fabrikam GmbH (customer)",
		`Contoso Ltd., Leonard Green and Partners LP, a Delaware limited partnership, and Jane A. Roe, an individual (the "Employee")`:                                                   "Contoso Ltd.; Leonard Green and Partners LP; Jane A. Roe (employee)",
		`ACME CORPORATION ("Acme") and The Widget Company, LLC (the "Buyer"). The parties agree as follows`:                                                                              "ACME CORPORATION; The Widget Company, LLC (customer)",
		`Müller & Söhne AG („Müller“) and Fonterra (USA) Inc. ("Supplier")`:                                                                                                              "Müller & Söhne AG; Fonterra (USA) Inc. (supplier)",
		`Halden Systems Inc., a Delaware corporation ("Provider"), and Brightwater Logistics Ltd, a company registered in England and Wales ("Customer").`:                               "Halden Systems Inc. (supplier); Brightwater Logistics Ltd (customer)",
		`Contoso Ltd., a Utah corporation ("Contoso"), and the customer named on the signature page ("Customer"). The parties agree as follows`:                                          "Contoso Ltd.",
		`Contoso Ltd., a Utah corporation ("Contoso"), and ____________, a ________ corporation ("Distributor"). The parties agree as follows`:                                           "Contoso Ltd.",
		`Zielona Huta sp. z o.o. ("Supplier") and Alpha Robotics, Inc. ("Customer"). WHEREAS`:                                                                                            "Zielona Huta sp. z o.o. (supplier); Alpha Robotics, Inc. (customer)",
		`(1) Nordwind Logistik Sp. z o.o., with its seat in Gdansk (the "Carrier"); and (2) Baltic Foods Sp. z o.o. sp. k., with its seat in Warsaw (the "Customer"). The parties agree`: "Nordwind Logistik Sp. z o.o. (supplier); Baltic Foods Sp. z o.o. sp. k. (customer)",
		`Alfa Dom Spółka z ograniczoną odpowiedzialnością ("Client") and Beta Serwis, Spółka z o.o. ("Provider"). WHEREAS`:                                                               "Alfa Dom Spółka z ograniczoną odpowiedzialnością (customer); Beta Serwis, Spółka z o.o. (supplier)",
		`Contoso Ltd. ("Contoso", "we" or "Provider"), and Fabrikam GmbH ("Fabrikam" or the "Customer"). The parties agree as follows`:                                                   "Contoso Ltd. (supplier); Fabrikam GmbH (customer)",
		`Contoso Limited, of 12 Canal Street, Leeds (Buyer) and Fabrikam Pty Ltd ACN 004 085 616 of Level 3, Adelaide (Contractor). The parties agree as follows`:                        "Contoso Limited (customer); Fabrikam Pty Ltd (supplier)",
		`Consultant and Company`: "",
	} {
		var names []pact.Party
		for _, p := range wording.Parties(wording.Normal(text).S) {
			if p.Party.Name != "" {
				names = append(names, p.Party)
			}
		}
		if got := (pact.Value{Kind: pact.PartiesValue, Parties: names}).String(); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestServiceHours(t *testing.T) {
	t.Parallel()
	h, _, ok := wording.HoursOf("9:00 a.m. to 5:00 p.m. Eastern Time, Monday through Friday, excluding US federal holidays")
	if !ok || h.Zone != "America/New_York" || len(h.Week) != 1 || h.Week[0].From != "09:00" || h.Week[0].Until != "17:00" || len(h.Week[0].Days) != 5 || h.HolidayRegion != "us" {
		t.Errorf("got %+v", h)
	}
	if err := h.Check(); err != nil {
		t.Error(err)
	}
	always, _, ok := wording.HoursOf("support is given 24 hours a day, 7 days a week")
	if !ok || !always.Always {
		t.Errorf("got %+v", always)
	}
	uk, _, ok := wording.HoursOf("Business hours: Monday to Friday 08:30 to 18:00 London time, excluding public holidays in England")
	if !ok || uk.Zone != "Europe/London" || uk.HolidayRegion != "gb" || uk.Week[0].Until != "18:00" {
		t.Errorf("got %+v", uk)
	}
	if got, _, ok := wording.HoursOf("delivery between 9 and 5 boxes"); ok {
		t.Errorf("no hours, but got %+v", got)
	}
}

func TestLiabilityCaps(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"In no event shall either party's aggregate liability exceed $1,000,000.":                                                                       "1000000.00 USD",
		"Provider's total liability is limited to the fees paid by Customer in the twelve (12) months preceding the claim.":                             "1 × fees of 12 months",
		"Supplier's liability shall not exceed two times the fees payable during the preceding 12 months":                                               "2 × fees of 12 months",
		"its liability shall not exceed 150% of the total fees paid in the prior twelve months":                                                         "1.5 × fees of 12 months",
		"the total liability shall not exceed the greater of (a) $500,000 and (b) the fees paid in the twelve (12) months before the event giving rise": "1 × fees of 12 months or 500000.00 USD",
	} {
		got, ok := wording.LiabilityCap(wording.Normal(text).S)
		if !ok || got.Cap.String() != want {
			t.Errorf("%q: got %v %+v, want %s", text, ok, got.Cap.String(), want)
		}
	}
	if got, ok := wording.LiabilityCap("The liability shall not exceed [***]."); ok {
		t.Errorf("a redaction is no value: %+v", got)
	}
}

func TestSpansLeadBackToTheSource(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.RuneFrom([]rune("ab “”’ﬁ\u00ad\u200b\n\tß漢-–1")), 0, 60, -1).Draw(t, "text")
		n := wording.Normal(s)
		runes := []rune(s)
		for i := range n.S {
			for j := i + 1; j <= len(n.S); j++ {
				start, end := n.Source(wording.Span{Start: i, End: j})
				if start < 0 || end > len(runes) || start >= end {
					t.Fatalf("%q [%d, %d) gave [%d, %d)", s, i, j, start, end)
				}
			}
		}
		if again := wording.Normal(n.S); again.S != n.S {
			t.Fatalf("normal form of %q changes when made again: %q, %q", s, n.S, again.S)
		}
	})
}

func FuzzWording(f *testing.F) {
	for _, s := range []string{"7th day of September, 1999", "thirty (60) days", "USD 1,250,000.00", "less than 99.9% but at least 99.0%: 10%", "2/10 net 30", "Acme Inc. (\"A\") and B LLC", "P1 4 hours 8 hours", "9 a.m. to 5 p.m. Monday to Friday ET", "shall not exceed the fees paid in 12 months liability", "1.234.567,89 EUR", "年月日"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := wording.Normal(s).S
		check := func(sp wording.Span) {
			if sp.Start < 0 || sp.End > len(n) || sp.Start > sp.End {
				t.Fatalf("span %+v of %q", sp, n)
			}
		}
		for _, d := range wording.Dates(n) {
			check(d.Span)
		}
		for _, d := range wording.Durations(n) {
			check(d.Span)
			if d.Duration.Unit != "" && d.Duration.Check() != nil {
				t.Fatalf("%q: %+v", n, d)
			}
		}
		for _, m := range wording.Sums(n) {
			check(m.Span)
		}
		for _, p := range wording.Percents(n) {
			check(p.Span)
		}
		if tiers, ok := wording.TiersOf(n); ok {
			check(tiers.Span)
		}
		wording.PaymentOf(n)
		wording.Parties(n)
		for _, t := range wording.Targets(n) {
			check(t.Span)
		}
		levels, _ := wording.LevelsIn(n, wording.LevelContext{})
		for _, l := range levels {
			check(l.Span)
		}
		wording.LiabilityCap(n)
		wording.GoverningLaw(n)
		if h, _, ok := wording.HoursOf(n); ok && h.Zone != "" && h.Check() != nil {
			t.Fatalf("%q: hours %+v: %v", n, h, h.Check())
		}
	})
}

func TestWordsStandWholeOrWithinOthers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, words string
		whole       bool
	}{
		{"pay 10 days", "10", true},
		{"pay 10,000 USD", "10", false},
		{"pay 0.10 USD", "10", false},
		{"ends with 10.", "10", true},
		{"ten, or 10, days", "10", true},
		{"the Fees", "Fee", false},
		{"§5", "5", false},
		{"(thirty) days", "thirty", true},
		{"99.95 %", "99.9", false},
	} {
		at := strings.Index(c.text, c.words)
		if got := wording.Whole(c.text, at, at+len(c.words)); got != c.whole {
			t.Errorf("%q within %q stands whole: %v", c.words, c.text, got)
		}
	}
}
