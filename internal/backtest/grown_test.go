package backtest_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/docs"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// ofOrders are the kinds whose documented example has no orders, with terms and events of one order.
var ofOrders = map[string][2]string{
	"delivery_schedule": {
		`{"obligations":[{"key":"delivery_schedule","kind":"delivery_schedule","in_force":{"from":"2026-01-01"},"params":{"from_orders":true,"zone":"UTC","damages":{"percent":"0.5","step":"day","cap_percent":"5"}}}]}`,
		`{"external_id":"1","kind":"purchase_order","subject":"PO-1","occurred_at":"2026-02-01T00:00:00Z","data":{"lines":[{"line":"1","item":"pump","quantity":"10","date":"2026-02-20","price":{"value":"50.00","currency":"USD"}}]}}
{"external_id":"2","kind":"delay_excused","subject":"PO-1","occurred_at":"2026-02-03T00:00:00Z","data":{"date":"2026-02-03","until":"2026-02-04","approved_by":"Site","reason":"frost"}}
{"external_id":"3","kind":"delivery","subject":"PO-1","occurred_at":"2026-02-25T09:00:00Z","data":{"line":"1","quantity":"6"}}`,
	},
	"unit_price": {
		`{"obligations":[{"key":"unit_price","kind":"unit_price","in_force":{"from":"2026-01-01"},"params":{"against":"lower","date_basis":"order","prices":[{"item":"SKU-7","price":{"value":"2.50","currency":"USD"},"unit":"each"}],"zone":"UTC"}}]}`,
		`{"external_id":"1","kind":"purchase_order","subject":"PO-1","occurred_at":"2026-02-01T00:00:00Z","data":{"lines":[{"line":"1","item":"SKU-7","quantity":"10","price":{"value":"2.40","currency":"USD"},"unit":"each"}]}}
{"external_id":"2","kind":"invoice","subject":"INV/1","occurred_at":"2026-02-09T00:00:00Z","data":{"reference":"PO-1","lines":[{"line":"1","item":"SKU-7","quantity":"10","price":{"value":"2.60","currency":"USD"},"unit":"each"}]}}`,
	},
	"invoice_payment": {
		`{"obligations":[{"key":"invoice_payment","kind":"invoice_payment","in_force":{"from":"2026-01-01"},"params":{"terms":"2/10 net 30","start":"later_of_receipt_and_acceptance","constructive_acceptance_days":7,"zone":"UTC",
			"late":{"method":"contract","percent":"8","per":"year"},"retention":{"percent":"5","releases":[{"share":"100","event":"handover","days":10}]}}}]}`,
		`{"external_id":"1","kind":"invoice","subject":"INV-1","occurred_at":"2026-02-01T00:00:00Z","data":{"reference":"PO-1","amount":{"value":"1000.00","currency":"USD"}}}
{"external_id":"2","kind":"delivery","subject":"PO-1","occurred_at":"2026-02-02T00:00:00Z","data":{}}
{"external_id":"3","kind":"invoice_received","subject":"INV-1","occurred_at":"2026-02-03T00:00:00Z","data":{}}
{"external_id":"4","kind":"payment","subject":"INV-1","occurred_at":"2026-03-20T00:00:00Z","data":{"amount":{"value":"900.00","currency":"USD"}}}`,
	},
}

// grown is a kind with at least n events: an example again and again, each copy about a matter or ticket of its own where the kind
// follows those, and some seconds later than the one before.
func grown(t testing.TB, kind string, n int) backtest.Input {
	t.Helper()
	e, err := docs.BacktestExample(kind)
	if err != nil {
		t.Fatal(err)
	}
	terms, events := e.Terms, e.Events
	if own, ok := ofOrders[kind]; ok {
		terms, events = own[0], own[1]
	}
	in, err := input([]byte(terms), []byte(events))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`--as-of (\S+)`).FindStringSubmatch(e.Command)
	in.AsOf = at(m[1] + strings.Repeat("T00:00:00Z", min(1, 20/len(m[1])-1)))
	feed, one := obligation.FeedOf(kind), in.Events
	in.Events = nil
	for k := 0; len(in.Events) < n; k++ {
		mark := "-" + strconv.Itoa(k)
		own := func(name string) string {
			if k == 0 || name == "" {
				return name
			}
			return name + mark
		}
		for _, x := range one {
			if k > 0 && slices.Contains(feed.Wide, x.Kind) {
				continue
			}
			x.ID, x.ExternalID = pact.EventID(own(string(x.ID))), own(x.ExternalID)
			x.OccurredAt = x.OccurredAt.Add(time.Duration(k) * time.Second)
			if !x.Data.EndAt.IsZero() {
				x.Data.EndAt = x.Data.EndAt.Add(time.Duration(k) * time.Second)
			}
			if feed.By == obligation.ByMatter || feed.By == obligation.ByTicket || strings.HasPrefix(x.Kind, "ticket_") || x.Kind == "certificate" || x.Kind == "certificate_cancelled" {
				x.Subject, x.Data.Reference = own(x.Subject), own(x.Data.Reference)
				x.Data.Lines = slices.Clone(x.Data.Lines)
				for i := range x.Data.Lines {
					x.Data.Lines[i].Reference = own(x.Data.Lines[i].Reference)
				}
			}
			in.Events = append(in.Events, x)
		}
	}
	return in
}

// disturbed has some events come late, corrected and deleted, by their places.
func disturbed(in backtest.Input) backtest.Input {
	var more []pact.Event
	in.Events = slices.Clone(in.Events)
	for i := range in.Events {
		e := &in.Events[i]
		switch {
		case i%17 == 3:
			e.ReceivedAt = e.OccurredAt.Add(240 * time.Hour)
		case i%23 == 5: // taken back three weeks later
			more = append(more, pact.Event{ID: "del-" + e.ID, ExternalID: "del-" + e.ExternalID, Kind: "correction", Subject: e.Subject, OccurredAt: e.OccurredAt.Add(500 * time.Hour), Replaces: e.ID})
		case i%29 == 7: // said again, otherwise
			again := *e
			again.ID, again.ExternalID, again.Replaces = "fix-"+e.ID, "fix-"+e.ExternalID, e.ID
			again.ReceivedAt = e.OccurredAt.Add(600 * time.Hour)
			again.OccurredAt = e.OccurredAt.Add(time.Hour)
			more = append(more, again)
		case i%31 == 11:
			more = append(more, *e)
		}
	}
	in.Events = append(in.Events, more...)
	in.AsOf = in.AsOf.Add(60 * 24 * time.Hour)
	return in
}
