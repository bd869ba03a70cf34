package backtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/backtest"
)

// paid are terms that judge invoices, and the invoices with payments of others.
func paid(t *testing.T, invoices, payments int, other func(i int) string) backtest.Input {
	t.Helper()
	var b strings.Builder
	for i := range invoices {
		fmt.Fprintf(&b, `{"external_id":"i%d","kind":"invoice","subject":"INV-%06d","occurred_at":"2026-01-10T08:00:00Z","data":{"amount":{"value":"5.00","currency":"USD"}}}`+"\n", i, i)
	}
	for i := range payments {
		fmt.Fprintf(&b, `{"external_id":"p%06d","kind":"payment","subject":%q,"occurred_at":"2026-01-20T08:00:00Z","data":{"amount":{"value":"5.00","currency":"USD"}}}`+"\n", i, other(i))
	}
	events, err := backtest.ReadEvents("events.jsonl", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	terms, err := backtest.ReadTerms("terms.json", []byte(`{"obligations":[{"key":"pay","kind":"invoice_payment","params":{"terms":"net 30"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return backtest.Input{Terms: terms, Events: events, AsOf: moment(t, "2026-06-01"), Final: true}
}

func TestTheMeantNameIsToldForTheFirstEventsOnly(t *testing.T) {
	t.Parallel()
	const many = 210
	in := paid(t, many, many, func(i int) string { return fmt.Sprintf("INW-%06d", i) })
	list := report(t, in).Unused
	if len(list) != many {
		t.Fatalf("%d events are not used", len(list))
	}
	for i, u := range list {
		meant, told := fmt.Sprintf("INV-%06d", i), strings.Contains(u.Message, "Perhaps")
		if u.Why != "matter" || told != (i < 200) || i < 200 && u.Meant != meant || i >= 200 && u.Meant != "" {
			t.Fatalf("event %d is told as %+v", i, u)
		}
	}
	in.NoUnused = true
	if list := report(t, in).Unused; list != nil {
		t.Errorf("%d events are listed for whoever does not want them", len(list))
	}
}
