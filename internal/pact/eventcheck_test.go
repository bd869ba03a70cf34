package pact_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestAnEventThatContradictsItselfNamesTheMember(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	ten, fifty := decimal.NewFromInt(10), decimal.NewFromInt(50)
	none, usd, nowhere := money.New(ten, ""), money.New(ten, "USD"), money.New(ten, "ZZZ")
	for _, c := range []struct {
		event pact.Event
		path  string
	}{
		{pact.Event{Kind: "outage", Data: pact.EventData{EndAt: at.Add(-time.Second)}}, "data.end_at"},
		{pact.Event{Kind: "outage", Data: pact.EventData{EndAt: at}}, ""},
		{pact.Event{Kind: "outage"}, ""},
		{pact.Event{Kind: "certificate", Data: pact.EventData{Certificate: &pact.Certificate{From: "2026-07-01", Expires: "2026-06-30"}}}, "data.certificate.expires"},
		{pact.Event{Kind: "certificate", Data: pact.EventData{Certificate: &pact.Certificate{From: "2026-07-01", Expires: "2026-07-01"}}}, ""}, // cover of one day
		{pact.Event{Kind: "delay_excused", Data: pact.EventData{Date: "2026-03-02", Until: "2026-03-01"}}, "data.until"},
		{pact.Event{Kind: "delay_excused", Data: pact.EventData{Date: "2026-03-01", Until: "2026-03-01"}}, ""},
		{pact.Event{Kind: "payment", Data: pact.EventData{Amount: &nowhere}}, "data.amount"},
		{pact.Event{Kind: "sample", Data: pact.EventData{Total: &ten, Failed: &fifty}}, "data.failed"},
		{pact.Event{Kind: "sample", Data: pact.EventData{Total: &ten, Failed: &ten}}, ""},
		{pact.Event{Kind: "charge", Data: pact.EventData{Month: "March"}}, "data.month"},
		{pact.Event{Kind: "done", Data: pact.EventData{Month: "2026-Q1"}}, ""}, // the name of a quarter
		{pact.Event{Kind: "index_value", Data: pact.EventData{Month: "2026-03", State: "revised"}}, "data.value"},
		{pact.Event{Kind: "index_value", Data: pact.EventData{Month: "2026-03", State: "discontinued"}}, ""}, // it has no figure any more
		{pact.Event{Kind: "certificate"}, "data.certificate"},
		{pact.Event{Kind: "certificate", Data: pact.EventData{Certificate: &pact.Certificate{Aggregate: &none}}}, "data.certificate.aggregate"},
		{pact.Event{Kind: "invoice", Data: pact.EventData{Lines: []pact.EventLine{{Amount: &usd}, {Amount: &none}}}}, "data.lines.1.amount"},
	} {
		c.event.OccurredAt = at
		got := ""
		for _, p := range c.event.Contradictions() {
			got += p.Path
		}
		if got != c.path {
			t.Errorf("%s: %q, want %q", c.event.Kind, got, c.path)
		}
	}
}

func TestWhatIsUnlikelyIsNotImpossible(t *testing.T) {
	t.Parallel()
	usd, owed := money.New(decimal.NewFromInt(50), "USD"), money.New(decimal.NewFromInt(-50), "USD")
	now := time.Date(2026, 4, 1, 4, 2, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		event pact.Event
		path  string
	}{
		"an invoice of ten years later":         {pact.Event{Kind: "invoice", OccurredAt: now.AddDate(10, 0, 0)}, "occurred_at"},
		"one dated ten years later":             {pact.Event{Kind: "invoice", OccurredAt: now, Data: pact.EventData{Date: "2036-03-07"}}, "data.date"},
		"a table gives both from one cell":      {pact.Event{Kind: "invoice", OccurredAt: now.AddDate(10, 0, 0), Data: pact.EventData{Date: "2036-04-01"}}, "data.date"},
		"a payment of next year":                {pact.Event{Kind: "payment", OccurredAt: now.AddDate(1, 0, 0)}, "occurred_at"},
		"tomorrow, which is today somewhere":    {pact.Event{Kind: "payment", OccurredAt: now.AddDate(0, 0, 1)}, ""},
		"the day after tomorrow":                {pact.Event{Kind: "payment", OccurredAt: now.AddDate(0, 0, 2)}, "occurred_at"},
		"an outage of five years later":         {pact.Event{Kind: "outage", OccurredAt: now.AddDate(5, 0, 0)}, "occurred_at"},
		"maintenance of next month":             {pact.Event{Kind: "outage", OccurredAt: now.AddDate(0, 1, 0), Data: pact.EventData{Excluded: "maintenance"}}, ""},
		"maintenance of five years later":       {pact.Event{Kind: "outage", OccurredAt: now.AddDate(5, 0, 0), Data: pact.EventData{Excluded: "maintenance"}}, "occurred_at"},
		"a modification that holds next year":   {pact.Event{Kind: "modification", OccurredAt: now, Data: pact.EventData{Date: "2027-01-01"}}, ""},
		"a certificate for the years to come":   {pact.Event{Kind: "certificate", OccurredAt: now, Data: pact.EventData{Certificate: &pact.Certificate{From: "2026-07-01", Expires: "2029-06-30"}}}, ""},
		"an order with a promised date":         {pact.Event{Kind: "purchase_order", OccurredAt: now, Data: pact.EventData{Lines: []pact.EventLine{{Date: "2026-12-01"}}}}, ""},
		"a figure of a month that has not been": {pact.Event{Kind: "measurement", OccurredAt: now, Data: pact.EventData{Month: "2026-12"}}, "data.month"},
		"a figure of this month":                {pact.Event{Kind: "measurement", OccurredAt: now, Data: pact.EventData{Month: "2026-04"}}, ""},
		"an invoice of less than nothing":       {pact.Event{Kind: "invoice", OccurredAt: now, Data: pact.EventData{Amount: &owed}}, "data.amount.value"},
		"an order of less than nothing":         {pact.Event{Kind: "purchase_order", OccurredAt: now, Data: pact.EventData{Amount: &owed}}, "data.amount.value"},
		"a discount on a line":                  {pact.Event{Kind: "invoice", OccurredAt: now, Data: pact.EventData{Amount: &usd, Lines: []pact.EventLine{{Amount: &owed}}}}, ""},
		"a credit note of less than nothing":    {pact.Event{Kind: "credit_note", OccurredAt: now, Data: pact.EventData{Amount: &owed}}, ""},
		"what happened long ago":                {pact.Event{Kind: "payment", OccurredAt: now.AddDate(-9, 0, 0)}, ""},
	} {
		got := ""
		for _, p := range c.event.Unlikely(now) {
			got += p.Path
		}
		if got != c.path || len(c.event.Contradictions()) > 0 && c.event.Data.Certificate == nil {
			t.Errorf("%s: %q, want %q", name, got, c.path)
		}
	}
}
