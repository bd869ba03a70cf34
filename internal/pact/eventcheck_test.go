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
	none, usd := money.New(ten, ""), money.New(ten, "USD")
	for _, c := range []struct {
		event pact.Event
		path  string
	}{
		{pact.Event{Kind: "outage", Data: pact.EventData{EndAt: at.Add(-time.Second)}}, "data.end_at"},
		{pact.Event{Kind: "outage", Data: pact.EventData{EndAt: at}}, ""},
		{pact.Event{Kind: "outage"}, ""},
		{pact.Event{Kind: "sample", Data: pact.EventData{Total: &ten, Failed: &fifty}}, "data.failed"},
		{pact.Event{Kind: "sample", Data: pact.EventData{Total: &ten, Failed: &ten}}, ""},
		{pact.Event{Kind: "charge", Data: pact.EventData{Month: "March"}}, "data.month"},
		{pact.Event{Kind: "done", Data: pact.EventData{Month: "2026-Q1"}}, ""}, // the name of a quarter
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
