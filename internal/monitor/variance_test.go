package monitor_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/monitor"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// of makes a contract of one obligation.
func of(kind, params string) backtest.Document {
	return backtest.Document{Obligations: []pact.Obligation{{Key: kind, Kind: kind, Title: "Clause", Params: json.RawMessage(params), InForce: calendar.Period{From: "2026-01-01"}}}}
}

func dollars(s string) *money.Amount {
	a := money.New(decimal.RequireFromString(s), "USD")
	return &a
}

func on(d calendar.Date, id, kind, subject string, data pact.EventData) pact.Event {
	return pact.Event{ExternalID: id, Kind: kind, Subject: subject, OccurredAt: d.Time().Add(8 * time.Hour), Data: data}
}

func number(s string) *decimal.Decimal {
	d := decimal.RequireFromString(s)
	return &d
}

// theFinding is the only one of an occurrence key.
func theFinding(t *testing.T, h *apitest.House, key string) pact.Finding {
	t.Helper()
	occ := apitest.One(t, h.Store.Reads().Occurrences, store.Eq("key", key))
	return apitest.One(t, h.Store.Reads().Findings, store.Eq("occurrence_id", occ.ID))
}

func TestADiscountIsMissedWhenItsLastDayIsOverAndTakenBackByALatePayment(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := register(t, h, "P-1", of("invoice_payment", `{"terms":"2/10 net 30"}`))
		hear(t, h, con, on("2026-03-02", "i", "invoice", "INV-1", pact.EventData{Amount: dollars("12500.00")}))
		h.Fire(t, calendar.Date("2026-03-12").Time()) // until 12 March; its end is the next day
		if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
			t.Fatalf("%d findings while the discount can still be taken", n)
		}
		h.Fire(t, calendar.Date("2026-03-13").Time())
		f := theFinding(t, h, "INV-1")
		if f.Severity != "variance" || f.Amount == nil || f.Amount.String() != "250.00 USD" || !strings.Contains(f.Title, "Discount missed") {
			t.Fatalf("%s %v %s", f.Severity, f.Amount, f.Title)
		}
		hear(t, h, con, on("2026-03-10", "p", "payment", "INV-1", pact.EventData{Amount: dollars("12250.00")})) // told late
		f = theFinding(t, h, "INV-1")
		last := f.Corrections[len(f.Corrections)-1]
		if f.State != pact.FindingCorrected || f.Amount != nil || last.Delta == nil || last.Delta.String() != "-250.00 USD" || len(last.EventIDs) != 1 {
			t.Errorf("taken after all: %s, %v, delta %v because %q", f.State, f.Amount, last.Delta, last.Reason)
		}
	})
}

func TestALateDeliveryCostsDamagesUntilAnEarlierReceiptIsReported(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := register(t, h, "D-1", of("delivery_schedule", `{"from_orders":true,"damages":{"percent":"1","cap_percent":"10"}}`))
		line := pact.EventLine{Line: "10", Item: "pump", Quantity: number("4"), Price: dollars("250.00"), Date: "2026-03-10"}
		hear(t, h, con, on("2026-03-02", "o", "purchase_order", "PO-7", pact.EventData{Lines: []pact.EventLine{line}}))
		h.Fire(t, calendar.Date("2026-03-15").Time())
		if f := theFinding(t, h, "PO-7/10"); f.Severity != "breach" || f.Assessment.Status != pact.Breached {
			t.Fatalf("not delivered: %+v", f)
		}
		h.Clock.Set(calendar.Date("2026-03-16").Time())
		hear(t, h, con, on("2026-03-15", "d", "delivery", "PO-7", pact.EventData{Line: "10", Quantity: number("4")}))
		f := theFinding(t, h, "PO-7/10") // five days late: 5 % of 1000
		if f.Amount == nil || f.Amount.String() != "50.00 USD" || !strings.Contains(f.Message, "Damages: 50.00 USD") {
			t.Fatalf("five days late: %v %s", f.Amount, f.Message)
		}
		right := on("2026-03-09", "d2", "delivery", "PO-7", pact.EventData{Line: "10", Quantity: number("4")})
		right.ReplacesExternal = "d"
		hear(t, h, con, right)
		f = theFinding(t, h, "PO-7/10")
		last := f.Corrections[len(f.Corrections)-1]
		if f.State != pact.FindingCorrected || f.Assessment.Status != pact.Met || last.Delta == nil || last.Delta.String() != "-50.00 USD" {
			t.Errorf("it was in time: %s %s, delta %v", f.State, f.Assessment.Status, last.Delta)
		}
	})
}

func TestThatNoCertificateIsKnownIsAQuestionAndAGapAfterOneABreach(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con := register(t, h, "C-1", of("certificate", `{"required":[{"kind":"cyber"}],"from":"2026-03-01","alerts":[30]}`))
	watch(t, h, con)
	if f := theFinding(t, h, "cyber"); f.Severity != "at_risk" || f.Title != "No certificate known: cyber" || !strings.Contains(f.Message, "Ask for it, or record it.") {
		t.Fatalf("none was ever reported: %s: %s: %s", f.Severity, f.Title, f.Message)
	}
	hear(t, h, con, on("2026-03-02", "c", "certificate", "POL-1", pact.EventData{Certificate: &pact.Certificate{Kind: "cyber", From: "2026-02-01", Expires: "2026-06-30"}}))
	if f := theFinding(t, h, "cyber"); f.State != pact.FindingClosed || f.Severity != "at_risk" {
		t.Fatalf("covered: %s %s %+v", f.State, f.Severity, f.Corrections)
	}
	h.Fire(t, calendar.Date("2026-05-31").Time()) // 30 days before the last day
	f := theFinding(t, h, "cyber")
	if f.Severity != "at_risk" || !strings.Contains(f.Message, "2026-06-30") {
		t.Errorf("the alert: %s %s", f.Severity, f.Message)
	}
	h.Fire(t, calendar.Date("2026-07-01").Time())
	if f := theFinding(t, h, "cyber"); f.Severity != "breach" || !strings.Contains(f.Message, "1 Jul 2026") {
		t.Errorf("no certificate follows: %s %s", f.Severity, f.Message)
	}
	hear(t, h, con, on("2026-06-30", "d", "certificate", "POL-2", pact.EventData{Certificate: &pact.Certificate{Kind: "cyber", From: "2026-07-01", Expires: "2027-06-30"}}))
	if f := theFinding(t, h, "cyber"); f.State != pact.FindingCorrected || !strings.Contains(f.Corrections[len(f.Corrections)-1].Reason, "retracted") {
		t.Errorf("a certificate of that day came late: %s %+v", f.State, f.Corrections)
	}
}

func TestAWrongPriceIsCorrectedByTheInvoiceThatReplacesIt(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := register(t, h, "U-1", of("unit_price", `{"prices":[{"item":"SKU-7","price":{"value":"25.00","currency":"USD"}}]}`))
		bill := func(id, price string) pact.Event {
			return on("2026-03-02", id, "invoice", "INV-9", pact.EventData{Amount: dollars("0"), Lines: []pact.EventLine{{Line: "1", Item: "SKU-7", Quantity: number("100"), Price: dollars(price)}, {Line: "2", Item: "other", Quantity: number("1"), Price: dollars("9")}}})
		}
		hear(t, h, con, bill("a", "26.00"))
		if f := theFinding(t, h, "INV-9/1"); f.Severity != "breach" || f.Amount.String() != "100.00 USD" {
			t.Fatalf("%s %v", f.Severity, f.Amount)
		}
		dear, right := bill("b", "27.00"), bill("c", "25.00")
		dear.ReplacesExternal, right.ReplacesExternal = "a", "b"
		hear(t, h, con, dear)
		f := theFinding(t, h, "INV-9/1")
		if last := f.Corrections[len(f.Corrections)-1]; f.Amount.String() != "200.00 USD" || last.Delta.String() != "100.00 USD" {
			t.Errorf("dearer: %v, delta %v", f.Amount, last.Delta)
		}
		hear(t, h, con, right)
		if f := theFinding(t, h, "INV-9/1"); f.State != pact.FindingCorrected || f.Amount != nil {
			t.Errorf("right: %s %v", f.State, f.Amount)
		}
		if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 1 {
			t.Errorf("%d findings about one line", n)
		}
	})
}

// An invoice of a family that has payment terms twice is counted once: where its number says, otherwise at the head.
func TestAnInvoiceIsNeverCountedUnderTwoContractsOfAFamily(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	late := func(days int) backtest.Document {
		return of("invoice_payment", fmt.Sprintf(`{"terms":"net %d","late":{"method":"contract","percent":"12","per":"year"}}`, days))
	}
	master := register(t, h, "MSA-1", late(10))
	order := register(t, h, "SOW-1", late(5), func(c *pact.Contract) { c.ParentID, c.FamilyID, c.Relation = master.ID, master.ID, "sow" })
	invoice := func(id, subject, number string) pact.Event {
		return on("2026-03-02", id, "invoice", subject, pact.EventData{Amount: dollars("1000.00"), Contract: number})
	}
	hear(t, h, master, invoice("1", "A", "SOW-1"), invoice("2", "B", "MSA-1"))
	h.Fire(t, calendar.Date("2026-04-01").Time())
	for key, con := range map[string]pact.ContractID{"A": order.ID, "B": master.ID} {
		if occ := apitest.One(t, h.Store.Reads().Occurrences, store.Eq("key", key)); occ.ContractID != con {
			t.Errorf("the invoice %s is judged under %s", key, occ.ContractID)
		}
		_ = theFinding(t, h, key)
	}
}

func TestTwoOrdersOfAFamilyThatAnInvoiceDoesNotTellApartAreAQuestion(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	head := register(t, h, "MSA-1", of("renewal_notice", renewal))
	for _, number := range []string{"SOW-1", "SOW-2"} {
		register(t, h, number, of("invoice_payment", `{"terms":"net 10"}`), func(c *pact.Contract) { c.ParentID, c.FamilyID, c.Relation = head.ID, head.ID, "sow" })
	}
	hear(t, h, head, on("2026-03-02", "1", "invoice", "A", pact.EventData{Amount: dollars("1000.00")}))
	occ := apitest.One(t, h.Store.Reads().Occurrences, store.Eq("key", "A"))
	if len(occ.Assessment.Ambiguities) != 1 || !strings.Contains(occ.Assessment.Ambiguities[0].Question, "SOW-1, SOW-2") || occ.Assessment.Amount != nil {
		t.Errorf("%+v", occ.Assessment)
	}
	h.Fire(t, calendar.Date("2026-06-01").Time())
	if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
		t.Errorf("%d findings by a guess", n)
	}
}

func TestParametersThatAreIncompleteAreAskedAboutAndNeverGuessed(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con := register(t, h, "I-1", of("invoice_payment", `{"terms":"as agreed"}`))
	hear(t, h, con, on("2026-03-02", "1", "invoice", "A", pact.EventData{Amount: dollars("1000.00")}))
	h.Fire(t, calendar.Date("2026-12-01").Time())
	occ := apitest.One(t, h.Store.Reads().Occurrences)
	if occ.Status != pact.Pending || len(occ.Assessment.Ambiguities) == 0 || len(apitest.All(t, h.Store.Reads().Findings)) != 0 {
		t.Errorf("%s %+v", occ.Status, occ.Assessment)
	}
}

// What was over before anybody watched is not held against the other side, unless it is told of.
func TestWhatWasOverBeforeTheContractCameUnderWatchIsLeftAlone(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	doc := of("recurring_duty", `{"item":"SLA report","day":5}`)
	doc.Obligations[0].InForce.From = "2025-01-01"
	con := register(t, h, "R-1", doc)
	watch(t, h, con) // 2 March: February is due on the 5th
	var keys []string
	for _, occ := range apitest.All(t, h.Store.Reads().Occurrences) {
		keys = append(keys, fmt.Sprint(occ.Key, " ", occ.Status))
	}
	want := "2026-01 breached 2026-02 on_track 2026-03 on_track 2026-04 on_track"
	if got := strings.Join(keys, " "); got != want {
		t.Errorf("watched are %s, want %s", got, want)
	}
}

// An event that is told ahead of its time counts when its time has come, without another word.
func TestAnEventAheadOfItsTimeCountsWhenItsTimeHasCome(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con := register(t, h, "F-1", of("spend_ceiling", `{"amount":{"value":"1000","currency":"USD"}}`))
	hear(t, h, con, on("2026-03-20", "1", "invoice", "A", pact.EventData{Amount: dollars("1500.00")}))
	if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
		t.Fatalf("%d findings of what has not happened", n)
	}
	h.Fire(t, calendar.Date("2026-03-21").Time())
	if f := theFinding(t, h, "term"); f.Amount.String() != "500.00 USD" {
		t.Errorf("%v", f.Amount)
	}
}

// An amendment puts an obligation of another kind under the key of the contract's: what the contract asked for ends on that day, and what the
// amendment asks for is judged from that day on.
func TestAnAmendmentPutsAnotherKindUnderTheSameKey(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Clock.Set(calendar.Date("2026-02-20").Time())
		con := register(t, h, "U-1", backtest.Document{Obligations: []pact.Obligation{{
			Key: "uptime", Kind: "recurring_duty", Title: "Uptime report", Params: json.RawMessage(`{"item":"report","period":"month","day":5}`), InForce: calendar.Period{From: "2026-01-01"},
		}}})
		amendment := of("availability", `{"service":"Portal","target":"99.9","zone":"UTC"}`)
		amendment.EffectiveFrom, amendment.Obligations[0].Key, amendment.Obligations[0].InForce = "2026-03-01", "uptime", calendar.Period{From: "2026-03-01"}
		register(t, h, "U-1-A1", amendment, func(c *pact.Contract) { c.ParentID, c.FamilyID, c.Relation = con.ID, con.ID, "amendment" })
		look := func(day calendar.Date) {
			t.Helper()
			h.Clock.Set(day.Time())
			if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: con.ID}); err != nil {
				t.Fatal(err)
			}
		}
		look("2026-02-20")
		outage := on("2026-03-03", "down", "outage", "Portal", pact.EventData{Service: "Portal"})
		outage.Data.EndAt = outage.OccurredAt.Add(3 * time.Hour)
		h.Clock.Set(calendar.Date("2026-03-04").Time())
		hear(t, h, con, outage)
		look("2026-04-20")
		kinds := map[pact.ObligationID]string{}
		for _, o := range apitest.All(t, h.Store.Reads().Obligations) {
			kinds[o.ID] = o.Kind
		}
		got := map[string]pact.Status{}
		for _, occ := range apitest.All(t, h.Store.Reads().Occurrences) {
			got[kinds[occ.ObligationID]+" "+occ.Key] = occ.Status
			for _, q := range occ.Assessment.Ambiguities {
				t.Errorf("%s %s asks %q", kinds[occ.ObligationID], occ.Key, q.Question)
			}
		}
		if got["recurring_duty 2026-01"] == pact.Excused || got["availability 2026-03"] != pact.Breached {
			t.Errorf("%v", got)
		}
		for name, status := range got {
			if day := name[strings.IndexByte(name, ' ')+1:]; strings.HasPrefix(name, "recurring_duty") && day >= "2026-03" && status != pact.Excused || strings.HasPrefix(name, "availability") && day < "2026-03" {
				t.Errorf("%s is %s", name, status)
			}
		}
	})
}

// From the day on which an amendment of an obligation holds, what nothing is told of is judged by it, and not at the next month.
func TestAnAmendmentIsJudgedByFromItsDayOn(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con := register(t, h, "S-1", of("spend_ceiling", `{"amount":{"value":"50000","currency":"USD"}}`))
	lower := of("spend_ceiling", `{"amount":{"value":"35000","currency":"USD"}}`)
	lower.EffectiveFrom, lower.Obligations[0].InForce = "2026-05-13", calendar.Period{From: "2026-05-13"}
	register(t, h, "S-1-A1", lower, func(c *pact.Contract) { c.ParentID, c.FamilyID, c.Relation = con.ID, con.ID, "amendment" })
	hear(t, h, con, on("2026-03-02", "i", "invoice", "INV-1", pact.EventData{Amount: dollars("30000.00")}))
	look(t, h, con, calendar.Date("2026-05-02").Time())
	if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
		t.Fatalf("%d findings at 60 %% of the ceiling", n)
	}
	next := apitest.One(t, h.Store.Reads().Timers, store.Eq("kind", monitor.ScheduleTimer)).DueAt
	if want := calendar.Date("2026-05-13").Time().Add(12 * time.Hour); !next.Equal(want) {
		t.Fatalf("it is looked at again on %s, want when the amendment has begun everywhere, %s", next, want)
	}
	look(t, h, con, next)
	if f := theFinding(t, h, "term"); f.Severity != "at_risk" || f.Assessment.Target != "35000.00 USD" {
		t.Errorf("at 86 %% of the new ceiling: %s, of %s", f.Severity, f.Assessment.Target)
	}
}
