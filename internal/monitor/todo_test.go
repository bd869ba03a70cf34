package monitor_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// sided makes every duty of a contract one side's.
func sided(d backtest.Document, bearer, side string) backtest.Document {
	for i := range d.Obligations {
		d.Obligations[i].Bearer, d.Obligations[i].Side = bearer, side
	}
	return d
}

const goLive = `{"zone":"America/New_York","milestones":[{"name":"Go-live","due":"2026-04-30","acceptance":true,"amount":{"value":"25000.00","currency":"USD"},"pay_within":{"value":30,"unit":"day"}}]}`

func TestAMilestoneThatIsReachedIsThereToBeInvoicedUntilItWas(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := register(t, h, "M-1", sided(of("milestone", goLive), "supplier", "ours"))
		watch(t, h, con)
		if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
			t.Fatalf("%d findings before it is reached", n)
		}
		h.Clock.Set(calendar.Date("2026-03-21").Time())
		hear(t, h, con, on("2026-03-19", "a", "accepted", "Go-live", pact.EventData{Item: "Go-live"}))
		f := theFinding(t, h, "Go-live")
		if f.Severity != "info" || f.State != pact.FindingOpen || f.Amount == nil || f.Amount.String() != "25000.00 USD" || f.Title != "Invoice 25000.00 USD for Go-live" {
			t.Fatalf("%s %s %v %s", f.Severity, f.State, f.Amount, f.Title)
		}
		if !strings.Contains(f.Message, "We may invoice 25000.00 USD.") || !strings.Contains(f.Message, "Payable: 25000.00 USD, by 18 Apr 2026.") || len(f.EventIDs) != 1 {
			t.Errorf("%s (%v)", f.Message, f.EventIDs)
		}
		hear(t, h, con, on("2026-03-19", "i", "invoice", "INV-1", pact.EventData{Reference: "Go-live", Amount: dollars("10000.00")}))
		f = theFinding(t, h, "Go-live")
		if last := f.Corrections[0]; f.State != pact.FindingOpen || f.Amount.String() != "15000.00 USD" || last.Delta.String() != "-10000.00 USD" || f.Title != "Invoice 15000.00 USD for Go-live" {
			t.Errorf("a part is invoiced: %s %v %s, %+v", f.State, f.Amount, f.Title, last)
		}
		hear(t, h, con, on("2026-03-20", "j", "invoice", "INV-2", pact.EventData{Item: "Go-live", Amount: dollars("15000.00")}))
		f = theFinding(t, h, "Go-live")
		if last := f.Corrections[1]; f.State != pact.FindingClosed || f.Amount != nil || f.Title != "Invoiced: Go-live" || last.Reason != "It is invoiced." || last.Earlier.Status != pact.Met {
			t.Errorf("all is invoiced: %s %v %s, %+v", f.State, f.Amount, f.Title, last)
		}
	})
}

func TestACreditNoteOpensWhatWasInvoicedAgain(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := register(t, h, "M-3", sided(of("milestone", goLive), "supplier", "ours"))
		h.Clock.Set(calendar.Date("2026-03-21").Time())
		hear(t, h, con, on("2026-03-19", "a", "accepted", "Go-live", pact.EventData{Item: "Go-live"}))
		hear(t, h, con, on("2026-03-19", "i", "invoice", "INV-1", pact.EventData{Reference: "Go-live", Amount: dollars("25000.00")}))
		if f := theFinding(t, h, "Go-live"); f.State != pact.FindingClosed {
			t.Fatalf("invoiced: %s %s", f.State, f.Title)
		}
		hear(t, h, con, on("2026-03-20", "c", "credit_note", "CN-1", pact.EventData{Reference: "INV-1", Amount: dollars("25000.00")}))
		if f := theFinding(t, h, "Go-live"); f.State != pact.FindingOpen || f.Severity != "info" || f.Amount.String() != "25000.00 USD" || f.Title != "Invoice 25000.00 USD for Go-live" {
			t.Errorf("taken back: %s %s %v %s", f.State, f.Severity, f.Amount, f.Title)
		}
	})
}

func TestWhatIsInvoicedBeyondWhatAMilestoneMadePayableIsAVariance(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := register(t, h, "M-4", sided(of("milestone", goLive), "supplier", "theirs"))
		h.Clock.Set(calendar.Date("2026-03-21").Time())
		hear(t, h, con, on("2026-03-19", "a", "accepted", "Go-live", pact.EventData{Item: "Go-live"}))
		hear(t, h, con, on("2026-03-19", "i", "invoice", "INV-1", pact.EventData{Reference: "Go-live", Amount: dollars("35000.00")}))
		f := theFinding(t, h, "Go-live")
		if f.State != pact.FindingOpen || f.Severity != "variance" || f.Amount.String() != "10000.00 USD" || f.Title != "Invoiced more than is payable: 10000.00 USD for Go-live" {
			t.Fatalf("too much: %s %s %v %s", f.State, f.Severity, f.Amount, f.Title)
		}
		if !strings.Contains(f.Message, "Invoiced: 35000.00 USD. That is 10000.00 USD more than is payable, unless it is tax or freight, which the invoice does not report.") || obligation.SumName("milestone", f.Severity, f.Assessment) != "Invoiced too much" {
			t.Errorf("%s: %s", obligation.SumName("milestone", f.Severity, f.Assessment), f.Message)
		}
		hear(t, h, con, on("2026-03-20", "c", "credit_note", "INV-1", pact.EventData{Amount: dollars("10000.00")}))
		if f = theFinding(t, h, "Go-live"); f.State == pact.FindingOpen || f.Amount != nil || f.Title != "Invoiced: Go-live" {
			t.Errorf("taken back: %s %s %v %s", f.State, f.Severity, f.Amount, f.Title)
		}
	})
}

func TestWhatAMilestoneMadePayableIsTakenBackWithItsAcceptance(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := register(t, h, "M-2", sided(of("milestone", goLive), "supplier", "theirs"))
		h.Clock.Set(calendar.Date("2026-03-21").Time())
		hear(t, h, con, on("2026-03-19", "a", "accepted", "Go-live", pact.EventData{Item: "Go-live"}))
		f := theFinding(t, h, "Go-live")
		if f.Title != "Expect an invoice of 25000.00 USD for Go-live" || !strings.Contains(f.Message, "An invoice over 25000.00 USD is to be expected.") {
			t.Errorf("we buy: %s: %s", f.Title, f.Message)
		}
		back := on("2026-03-19", "b", "correction", "Go-live", pact.EventData{})
		back.ReplacesExternal = "a"
		hear(t, h, con, back)
		f = theFinding(t, h, "Go-live")
		if f.State != pact.FindingCorrected || f.Amount != nil || len(f.Corrections) != 1 || f.Corrections[0].Delta.String() != "-25000.00 USD" || f.Corrections[0].Severity != "info" || !strings.Contains(f.Corrections[0].Reason, "take it back") {
			t.Fatalf("not accepted after all: %s %v %+v", f.State, f.Amount, f.Corrections)
		}
		hear(t, h, con, on("2026-03-20", "i", "invoice", "INV-1", pact.EventData{Item: "Go-live", Amount: dollars("25000.00")}))
		f = theFinding(t, h, "Go-live")
		if f.State != pact.FindingOpen || f.Severity != "variance" || f.Amount.String() != "25000.00 USD" || f.Title != "Invoiced before it is reached: Go-live" {
			t.Errorf("invoiced too early: %s %s %v %s", f.State, f.Severity, f.Amount, f.Title)
		}
		hear(t, h, con, on("2026-03-20", "c", "accepted", "Go-live", pact.EventData{Item: "Go-live"}))
		if f = theFinding(t, h, "Go-live"); f.State != pact.FindingCorrected || f.Amount != nil {
			t.Errorf("and accepted: %s %v %s", f.State, f.Amount, f.Title)
		}
	})
}

// A plan of payments is the duty of the side that pays: the other one invoices.
func TestWhoInvoicesIsToldFromWhoPays(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	for _, c := range []struct{ number, bearer, side, title string }{
		{"P-1", "customer", "ours", "Expect an invoice of 500.00 USD for first"},
		{"P-2", "Customer", "theirs", "Invoice 500.00 USD for first"},
		{"P-3", "supplier", "unknown", "To be invoiced: 500.00 USD for first"},
	} {
		con := register(t, h, c.number, sided(of("milestone", `{"milestones":[{"name":"first","due":"2026-03-10","by_date":true,"amount":{"value":"500.00","currency":"USD"}}]}`), c.bearer, c.side))
		watch(t, h, con)
	}
	h.Fire(t, calendar.Date("2026-03-11").Time())
	titles := map[string]string{}
	for _, f := range apitest.All(t, h.Store.Reads().Findings) {
		titles[f.Title] = f.Severity
	}
	for _, want := range []string{"Expect an invoice of 500.00 USD for first", "Invoice 500.00 USD for first", "To be invoiced: 500.00 USD for first"} {
		if titles[want] != "info" {
			t.Errorf("%q is not told: %v", want, titles)
		}
	}
}

func TestANewPriceAsksForThePriceListFromItsDayOn(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		d := of("price_escalator", `{"base_price":{"value":"100.00","currency":"USD"},"first_adjustment":"2026-04-01","index":"CPI","base_month":"2025-01","lag_months":2,"cap_percent":"3"}`)
		d.Obligations[0].Title = "Hourly rate"
		con := register(t, h, "E-1", d)
		watch(t, h, con)
		hear(t, h, con, on("2026-03-01", "old", "index_value", "CPI", pact.EventData{Month: "2025-01", Value: number("200")}), on("2026-03-02", "new", "index_value", "CPI", pact.EventData{Month: "2026-02", Value: number("205")}))
		if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
			t.Fatalf("%d findings before the price holds", n)
		}
		h.Fire(t, calendar.Date("2026-04-02").Time())
		f := theFinding(t, h, "2026-04-01")
		if f.Severity != "info" || f.Amount.String() != "102.50 USD" || f.Title != "Adapt the price: 102.50 USD from 1 Apr 2026" || !strings.Contains(f.Message, "Hourly rate: from 1 Apr 2026 the price is 102.50 USD (+2.5 %).") {
			t.Fatalf("%s %v %s: %s", f.Severity, f.Amount, f.Title, f.Message)
		}
		right := on("2026-03-02", "right", "index_value", "CPI", pact.EventData{Month: "2026-02", Value: number("200")})
		right.ReplacesExternal = "new"
		hear(t, h, con, right)
		if f = theFinding(t, h, "2026-04-01"); f.State != pact.FindingCorrected || len(f.Corrections) != 1 || f.Corrections[0].Delta.String() != "-2.50 USD" {
			t.Errorf("the index did not rise: %s %+v", f.State, f.Corrections)
		}
	})
}

func TestWhatWasToBeDoneLongBeforeAContractCameUnderWatchIsNotAskedFor(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	d := of("price_escalator", `{"base_price":{"value":"100.00","currency":"USD"},"first_adjustment":"2026-01-15","fixed_percent":"3"}`)
	con := register(t, h, "E-2", d)
	h.Clock.Set(calendar.Date("2026-03-21").Time())
	watch(t, h, con)
	if occ := apitest.All(t, h.Store.Reads().Occurrences); len(occ) == 0 || occ[0].Status != pact.Met {
		t.Fatalf("the price in force is shown: %+v", occ)
	}
	if all := apitest.All(t, h.Store.Reads().Findings); len(all) != 0 {
		t.Errorf("a price since two months: %s", all[0].Title)
	}
}
