package exchange_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// hosting is a contract that promises the availability of Platform, a reported level and payment within 30 days.
func hosting(t *testing.T, h *apitest.House) pact.Contract {
	t.Helper()
	var con pact.Contract
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		con = pact.Contract{ID: id, BusinessUnit: "north", FamilyID: id, Number: "H-1", Title: "Hosting", Customer: "Acme Corp", State: pact.ContractActive, CurrentVersion: 1, SourceKey: string(id)}
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		v := pact.Version{ID: pact.NewID[pact.VersionID]("ver", tx.Now), BusinessUnit: "north", ContractID: id, Number: 1, PublishedBy: "usr_1", PublishedAt: tx.Now}
		for _, p := range [][2]string{
			{"availability", `{"service":"Platform","zone":"UTC","target":"99.9"}`},
			{"service_level", `{"measure":"reported","service":"Desk","target":"99"}`},
			{"invoice_payment", `{"terms":"net 30"}`},
		} {
			o := pact.Obligation{ID: pact.NewID[pact.ObligationID]("obl", tx.Now), BusinessUnit: "north", ContractID: id, Key: p[0], Kind: p[0], Title: p[0], Confidence: decimal.NewFromInt(1), Params: json.RawMessage(p[1])}
			if err := tx.Obligations.Insert(ctx, &o); err != nil {
				return err
			}
			v.Obligations = append(v.Obligations, o)
		}
		return tx.Versions.Insert(ctx, &v)
	})
	return con
}

// What counts for nothing, or may be a slip, is said when it comes; what waits for something else, only until that is here.
func TestWhatCountsForNothingIsSaidWhenItComes(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	hosting(t, h)
	now, sum := apitest.Start(), money.New(decimal.NewFromInt(100), "USD")
	owed, share, much := money.New(decimal.NewFromInt(-50), "USD"), decimal.RequireFromString("98.2"), decimal.NewFromInt(160)
	at := func(e pact.Event, on time.Time) pact.Event {
		e.OccurredAt, e.Data.Contract = on, "H-1"
		return e
	}
	told := func(events ...pact.Event) []exchange.EventWarning {
		t.Helper()
		out, err := h.Exchange.TakeEvents(storetest.As(t, pact.Connector, "north"), "north", events)
		if err != nil || out.New != len(events) || out.Unmatched != 0 {
			t.Fatalf("%+v %v", out, err)
		}
		return out.Warnings
	}
	payment := func(id, invoice string) pact.Event {
		return at(event(id, "payment", invoice, pact.EventData{Amount: &sum}), now)
	}
	for name, c := range map[string]struct {
		event                      pact.Event
		field, message, suggestion string
		waits                      bool
	}{
		"a service written otherwise":     {event: at(event("a", "outage", "", pact.EventData{Service: "Platfrom", EndAt: now}), now.Add(-2*time.Hour)), field: "data.service", message: `No obligation is about the service "Platfrom"`, suggestion: "Platform"},
		"the service":                     {event: at(event("b", "outage", "", pact.EventData{Service: "Platform", EndAt: now}), now.Add(-2*time.Hour))},
		"a payment before its invoice":    {event: payment("c", "INV-NOPE"), field: "subject", message: `Nothing of the name "INV-NOPE" was reported yet (invoice). It is kept`, waits: true},
		"what nothing asks for":           {event: at(event("d", "certificate_cancelled", "C-1", pact.EventData{}), now), field: "kind", message: "No obligation of these terms is judged from events of the kind certificate_cancelled."},
		"an invoice of ten years later":   {event: at(event("e", "invoice", "INV-10", pact.EventData{Amount: &sum}), now.AddDate(10, 0, 0)), field: "occurred_at", message: "10 years ahead of today"},
		"an invoice of less than nothing": {event: at(event("f", "invoice", "INV-11", pact.EventData{Amount: &owed}), now), field: "data.amount.value", message: "credit_note"},
		"a credit that was claimed":       {event: at(event("i", "notice_sent", "Platform", pact.EventData{Item: "claim", Month: "2026-01"}), now), field: "data.item", message: "Record the claim on its finding, in the claim desk"},
		"an invoice":                      {event: at(event("g", "invoice", "INV-12", pact.EventData{Amount: &sum}), now)},
		"a figure":                        {event: at(event("h", "measurement", "", pact.EventData{Service: "Desk", Value: &share}), now)},
	} {
		got := told(c.event)
		if c.message == "" {
			if len(got) > 0 {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Line != 1 || got[0].ExternalID != c.event.ExternalID || got[0].Field != c.field || !strings.Contains(got[0].Message, c.message) || got[0].Suggestion != c.suggestion || got[0].Waits != c.waits {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := told(payment("p1", "INV-20"), at(event("i1", "invoice", "INV-20", pact.EventData{Amount: &sum}), now)); len(got) > 0 {
		t.Errorf("a payment beside its invoice: %+v", got)
	}
	if got := told(payment("p2", "INV-20")); len(got) > 0 {
		t.Errorf("a payment after its invoice: %+v", got)
	}
	elsewhere := payment("p5", "INV-20")
	elsewhere.Data.Contract = "H-9"
	if got := told(elsewhere); len(got) != 1 || got[0].Field != "data.contract" || !strings.Contains(got[0].Message, `has the number "H-9"`) {
		t.Errorf("a payment that names a contract that is not here: %+v", got)
	} else if e := apitest.One(t, h.Store.Reads().Events, store.Eq("external_id", "p5")); e.MatchedBy != `"INV-20" is of this contract by an earlier event; the source names contract H-9` {
		t.Errorf("it was put there because %q", e.MatchedBy)
	}
	if got := told(payment("p3", "INV-21")); len(got) != 1 || got[0].Suggestion != "INV-20" && got[0].Suggestion != "INV-11" && got[0].Suggestion != "INV-12" {
		t.Errorf("a payment of an invoice written otherwise: %+v", got)
	}
	out, err := h.Exchange.TakeEvents(storetest.As(t, pact.Connector, "north"), "north", []pact.Event{
		payment("p4", "INV-20"), at(event("m", "measurement", "", pact.EventData{Service: "Desk", Value: &much}), now),
	})
	if err != nil || out.New != 1 || out.Rejected != 1 || !strings.HasPrefix(out.Rejections[0].Problems[0], "data.value: ") {
		t.Errorf("a share of 160 %%: %+v %v", out, err)
	}
}

func TestATableIsTakenWithItsWarnings(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	hosting(t, h)
	ctx := storetest.As(t, pact.Connector, "north")
	table := exchange.EventTable{BusinessUnit: "north", Name: "money.csv", DryRun: true, CSV: "no,kind,of,on,sum,code\n1,payment,INV-1,2026-03-03,5.00,USD\n2,payment,INV-2,2026-03-03,5.00,USD\n3,invoice,INV-1,2026-03-01,5.00,USD\n4,invoice,INV-3,2026-03-01,5.00,ZZZ\n", Mapping: pact.EventMapping{
		Columns: []pact.MappedColumn{{Column: "no", Field: "external_id"}, {Column: "kind", Field: "kind"}, {Column: "of", Field: "subject"}, {Column: "on", Field: "occurred_at"}, {Column: "sum", Field: "data.amount.value"}, {Column: "code", Field: "data.amount.currency"}},
		Fixed:   []pact.MappedFixture{{Field: "data.contract", Value: "H-1"}},
	}}
	for _, dry := range []bool{true, false} {
		table.DryRun = dry
		out, err := h.Exchange.ImportEvents(ctx, table)
		if err != nil || out.Import.New != 3 || out.Import.Rejected != 1 || !strings.Contains(out.Import.Rejections[0].Problems[0], "ISO 4217") {
			t.Fatalf("dry %v: %+v %v", dry, out.Import, err)
		}
		if w := out.Warnings; len(w) != 1 || w[0].Line != 3 || w[0].Field != "subject" || !w[0].Waits {
			t.Errorf("dry %v: %+v", dry, w)
		}
	}
	if out, err := h.Exchange.ImportEvents(ctx, table); err != nil || out.Import.Repeated != 3 || len(out.Warnings) != 0 {
		t.Errorf("brought again: %+v %v", out, err)
	}
}

// Warnings are a help: what they need and can not read costs them, and never the events.
func TestEventsAreTakenWhereTheirUseCanNotBeTold(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := hosting(t, h)
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			row, err := tx.Contracts.Lock(ctx, string(con.ID))
			if err != nil {
				return err
			}
			row.CurrentVersion = 7 // which nobody can read
			return tx.Contracts.Update(ctx, &row)
		})
		ctx, now, much := storetest.As(t, pact.Connector, "north"), apitest.Start(), decimal.NewFromInt(160)
		out, err := h.Exchange.TakeEvents(ctx, "north", []pact.Event{
			{ExternalID: "a", Kind: "outage", OccurredAt: now.AddDate(10, 0, 0), Data: pact.EventData{Contract: "H-1", Service: "Platfrom"}},
			{ExternalID: "b", Kind: "measurement", OccurredAt: now, Data: pact.EventData{Contract: "H-1", Service: "Desk", Value: &much}},
		})
		if err != nil || out.New != 2 || out.Rejected != 0 {
			t.Fatalf("%+v %v", out, err)
		}
		if len(out.Warnings) == 0 || out.Warnings[0].Field != "occurred_at" {
			t.Errorf("what the event itself shows is not told: %+v", out.Warnings)
		}
		table := exchange.EventTable{BusinessUnit: "north", Name: "money.csv", CSV: "no,kind,of,on,sum,code\n1,payment,INV-1,2026-03-03,5.00,USD\n", Mapping: pact.EventMapping{
			Columns: []pact.MappedColumn{{Column: "no", Field: "external_id"}, {Column: "kind", Field: "kind"}, {Column: "of", Field: "subject"}, {Column: "on", Field: "occurred_at"}, {Column: "sum", Field: "data.amount.value"}, {Column: "code", Field: "data.amount.currency"}},
			Fixed:   []pact.MappedFixture{{Field: "data.contract", Value: "H-1"}},
		}}
		if got, err := h.Exchange.ImportEvents(ctx, table); err != nil || got.Import.New != 1 {
			t.Errorf("a table: %+v %v", got.Import, err)
		}
		if n, err := h.Store.Reads().Events.Count(storetest.System(t), store.Where(store.Eq("contract_id", con.FamilyID))); err != nil || n != 3 {
			t.Errorf("%d events are kept, %v", n, err)
		}
	})
}
