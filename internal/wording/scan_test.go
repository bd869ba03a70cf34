package wording_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording"
)

// Any day, in any of the ways contracts write it, is read as that day.
func TestADayIsReadInEveryWayItIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(rapid.IntRange(1970, 2069).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 28).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		ordinal := fmt.Sprintf("%d%s", day.Day(), suffix(day.Day()))
		forms := []string{
			day.Format("January 2, 2006"), day.Format("January 2 2006"), day.Format("Jan. 2, 2006"), day.Format("2 January 2006"), day.Format("2 Jan 2006"), day.Format("2-Jan-2006"), day.Format("2006-01-02"),
			day.Format("January ") + ordinal + day.Format(", 2006"), ordinal + " day of " + day.Format("January, 2006"), ordinal + " day of " + day.Format("January 2006"), "the " + ordinal + " of " + day.Format("January, 2006"),
			strings.ToUpper(day.Format("January 2, 2006")), day.Format("January 2,2006"),
		}
		form := rapid.SampledFrom(forms).Draw(t, "form")
		got := wording.Dates("This Agreement is made as of " + form + " by and between")
		if len(got) != 1 || got[0].Date != calendar.DateIn(day, time.UTC) {
			t.Fatalf("%q is read as %+v", form, got)
		}
	})
}

func suffix(n int) string {
	switch {
	case n%10 == 1 && n != 11:
		return "st"
	case n%10 == 2 && n != 12:
		return "nd"
	case n%10 == 3 && n != 13:
		return "rd"
	}
	return "th"
}

func TestDurationsBackFromTheirUnit(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"within thirty (30) days after":                         "30 days",
		"for a period of one hundred and twenty (120) months":   "120 months",
		"within 10 Business Days after":                         "10 business days",
		"sixty-day notice":                                      "60 days",
		"of twelve consecutive calendar months":                 "12 months",
		"a 36-month term":                                       "36 months",
		"within 24 (twenty four) hours":                         "24 hours",
		"four business hours in which to respond":               "4 business hours",
		"fix 6 h and":                                           "6 hours",
		"answered in 4h\u2014at night as by day, whoever calls": "4 hours",
		"in 4 h \u2014 at night as by day, whoever calls there": "4 hours",
		"thirty days (30) from":                                 "30 days",
		"within [30] days of":                                   "30 days",
		"for 1,095 days from":                                   "1095 days",
	} {
		got := wording.Durations(text)
		if len(got) != 1 || got[0].Duration.String() != want {
			t.Errorf("%q is read as %+v, want %s", text, got, want)
		}
	}
	for _, text := range []string{"each Contract Year", "fiscal year 2010", "$5,000.00 days", "the quarter", "mondays", "at 99.5 hours"} {
		if got := wording.Durations(text); len(got) != 0 {
			t.Errorf("%q has no duration, got %+v", text, got)
		}
	}
	if got := wording.Durations("thirty (60) days"); len(got) != 1 || len(got[0].Readings) != 2 {
		t.Errorf("words against figures: %+v", got)
	}
}

func TestNamesOfCompaniesAndPersons(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"by and between drkoop.com, inc., a Delaware corporation":         "drkoop.com, inc.",
		"Chief Financial Officer SCULPTOR CAPITAL LP":                     "SCULPTOR CAPITAL LP",
		"and Keefe, Bruyette & Woods, Inc. (the \"Agent\")":               "Keefe, Bruyette & Woods, Inc.",
		"LEO Pharma A/S of Industriparken 55":                             "LEO Pharma A/S",
		"Vendor Lumenfold Software Pty Ltd (ABN 61)":                      "Lumenfold Software Pty Ltd",
		"Centre for Probe Development and Commercialization, a nonprofit": "Centre for Probe Development and Commercialization",
		"EP INVESTMENT S.À R.L. /s/":                                      "EP INVESTMENT S.À R.L.",
		"between Nordhafen iLogistik Solutions GmbH and":                  "Nordhafen iLogistik Solutions GmbH",
		"on behalf of Ostrava Networks. Inc. By:":                         "Ostrava Networks. Inc.",
		"Officer Quillon Investments II (U.S.), Ltd. By:":                 "Quillon Investments II (U.S.), Ltd.",
		"on behalf of port2port Inc. By:":                                 "port2port Inc.",
		"Dated: 4/8/2020 Quillon II PN, Ltd. By:":                         "Quillon II PN, Ltd.",
		"\nAnd Merribeck Health Services, Inc. (herein":                   "Merribeck Health Services, Inc.",
		"Reseller Full Legal Name Brightsail.org, a nonprofit":            "Brightsail.org",
		"Institute of Grain and Crop Research (\"IGCR\")":                 "Institute of Grain and Crop Research",
		"For and on Behalf of Falkenrath AG, London":                      "Falkenrath AG",
		"Title:Authorized Signatory LUX HOLDING S.À R.L. /s/":             "LUX HOLDING S.À R.L.",
		"(2) JOHN ROGERS (the Executive)":                                 "JOHN ROGERS",
	} {
		found := false
		var all []string
		for _, n := range wording.Names(text) {
			all = append(all, n.Text)
			found = found || n.Text == want
			if n.Start < 0 || n.End > len(text) || n.Start >= n.End {
				t.Errorf("%q: %+v does not stand in the text", text, n)
			}
		}
		if !found {
			t.Errorf("%q: want %q among %q", text, want, all)
		}
	}
}

func TestLawByItsAdjective(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"German law applies, to the exclusion of the CISG.":                             "Germany",
		"This Agreement shall be governed by English law.":                              "England and Wales",
		"governed by the laws of the State of New York":                                 "New York",
		"is governed by and construed under Swiss law, excluding its conflict of laws.": "Switzerland",
	} {
		if got, ok := wording.GoverningLaw(text); !ok || got.Name != want {
			t.Errorf("%q: %+v, want %s", text, got, want)
		}
	}
}

func TestCreditsThatNameTheAmountFirst(t *testing.T) {
	t.Parallel()
	got, ok := wording.TiersOf("* ten percent (10%) of the monthly hosting fee where uptime is below 99.9% but is 99.0% or better; * twenty-five percent (25%) of the monthly hosting fee where uptime is below 99.0% but is 95.0% or better; and * the whole of the monthly fee (100%) of the fee where uptime is below 95.0%.")
	if !ok || got.Unpicked || len(got.Tiers) != 3 {
		t.Fatalf("%+v", got)
	}
	for i, want := range []string{"10", "25", "100"} {
		if got.Tiers[i].Credit.String() != want {
			t.Errorf("row %d: %s, want %s", i, got.Tiers[i].Credit, want)
		}
	}
}

func TestTimesInTablesWithAThirdColumn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Priority Description Initial response Status update Resolution target\nP1 - Critical Platform down 15 minutes every 30 minutes 4 hours\nP3 - Medium Function impaired, workaround available 4 Support Hours daily 3 business days": "1 r 15 minutes; 1 s 4 hours; 3 r 4 business hours; 3 s 3 business days",
		"Class A (plant standstill) reaction 30 minutes recovery 4 hours\nClass B (restricted running) reaction 2 hours recovery 12 hours":                                                                                                  "A r 30 minutes; A s 4 hours; B r 2 hours; B s 12 hours",
	} {
		if got := levelsOf(text); got != want {
			t.Errorf("%q gives %s, not %s", text, got, want)
		}
	}
}

func TestPaymentWithTheDiscountInASentence(t *testing.T) {
	t.Parallel()
	got, ok := wording.PaymentOf("Invoices fall due for payment within 30 calendar days of receipt. If payment is made within 14 calendar days, the Principal may deduct 3 % cash discount.")
	if !ok || got.Terms.NetDays == nil || *got.Terms.NetDays != 30 || len(got.Terms.Discounts) != 1 || got.Terms.Discounts[0].Days != 14 {
		t.Errorf("%+v", got)
	}
}

// Whatever stands in a text, spans lie in it, in order.
func FuzzScanners(f *testing.F) {
	for _, s := range []string{"thirty (30) days", "5th day of May, 2004", "ACME, Inc. and B & C, LLC", "until terminated", "[30] months", "(((((30) days", "20 04 May 1", "À R.L., Inc", "h 6 h", "twenty- year", "one hundred and and days"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s := wording.Normal(raw).S
		check := func(what string, at wording.Span) {
			if at.Start < 0 || at.Start >= at.End || at.End > len(s) {
				t.Errorf("%s at %+v of %d bytes", what, at, len(s))
			}
		}
		last := 0
		for _, d := range wording.Dates(s) {
			check("date", d.Span)
			if d.Start < last {
				t.Errorf("dates overlap at %d", d.Start)
			}
			last = d.End
		}
		last = 0
		for _, d := range wording.Durations(s) {
			check("duration", d.Span)
			if d.Start < last {
				t.Errorf("durations overlap at %d", d.Start)
			}
			last = d.End
		}
		for _, n := range wording.Names(s) {
			check("name", n.Span)
			wording.Described(s, n.Start, n.End)
		}
		for _, sp := range wording.OpenEnded(s) {
			check("open end", sp)
		}
		wording.TiersOf(s)
		wording.Targets(s)
		wording.PaymentOf(s)
		wording.GoverningLaw(s)
	})
}

// A limit of all credits in the next sentence is no credit of the last row, whose own figure is not read.
func TestALimitOfAllCreditsIsNoCredit(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"From 99.5% to below 99.9% / 5\nFrom 99.0% to below 99.5% / 10\nBelow 99.0% / 25\nTotal credits in a contract year may not exceed 15% of the annual charge.",
		"If uptime is below 99.0%, the Customer may ask for a credit. All credits of a month are capped at 20% of the monthly fee.",
	} {
		if got, ok := wording.TiersOf(s); ok {
			t.Errorf("%s\n  gave %+v", s, got.Tiers)
		}
	}
	if got, ok := wording.TiersOf("Below 99.9%: credit limited to 10% of the fee.\nBelow 99.0%: credit limited to 25% of the fee."); !ok || len(got.Tiers) != 2 {
		t.Errorf("a credit that its own row limits: %t %+v", ok, got.Tiers)
	}
}
