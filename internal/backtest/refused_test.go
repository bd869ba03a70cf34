package backtest_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/fault"
)

// What can not be is refused with its line and member, and not judged as if it were something else.
func TestEventsThatCanNotBeAreRefusedByLineAndMember(t *testing.T) {
	t.Parallel()
	outage := `{"external_id":"1","kind":"outage","subject":"S","occurred_at":"2026-01-10T08:00:00Z","data":{"service":"S","end_at":"2026-01-10T08:50:00Z"}}`
	event := func(id, kind, data string) string {
		return `{"external_id":"` + id + `","kind":"` + kind + `","subject":"S","occurred_at":"2026-01-10T08:00:00Z",` + data + `}`
	}
	for _, c := range []struct{ what, events, refused string }{
		{"an outage that ends before it begins", event("1", "outage", `"data":{"service":"S","end_at":"2026-01-09T08:00:00Z"}`), "line 1: /data/end_at: "},
		{"more failures than requests", event("1", "sample", `"data":{"service":"S","total":"10","failed":"50"}`), "line 1: /data/failed: 50 of 10"},
		{"a number used again for something else", outage + "\n" + event("1", "outage", `"data":{"service":"S"}`), "line 2: /external_id: line 1 "},
		{"an id used again for something else", event("1", "outage", `"id":"x","data":{"service":"S"}`) + "\n" + event("2", "outage", `"id":"x","data":{"service":"S"}`), "line 2: /id: line 1 "},
		{"a repeat", outage + "\n" + outage, ""},
		{"a repeat that came later, written in another zone", outage + "\n" + strings.Replace(strings.Replace(outage, "T08:00:00Z", "T09:00:00+01:00", 1), `"data"`, `"received_at":"2026-02-01T00:00:00Z","data"`, 1), ""},
		{"a circle", event("a", "outage", `"data":{"service":"S"},"replaces_external":"b"`) + "\n" + event("b", "outage", `"data":{"service":"S"},"replaces_external":"a"`), "line 1: /replaces_external: "},
		{"an event that replaces itself", event("a", "outage", `"data":{"service":"S"},"replaces":"a"`), "line 1: /replaces: "},
		{"a chain of corrections", outage + "\n" + event("2", "outage", `"data":{"service":"S"},"replaces_external":"1"`) + "\n" + event("3", "correction", `"data":{},"replaces_external":"2"`), ""},
		{"a sum without a value", event("1", "invoice", `"data":{"amount":{"currency":"USD"}}`), "line 1: /data/amount/value: "},
		{"a sum of zero", event("1", "invoice", `"data":{"amount":{"value":"0","currency":"USD"}}`), ""},
		{"a sum without a currency", event("1", "invoice", `"data":{"amount":{"value":"5.00"}}`), "line 1: /data/amount"},
		{"a currency in small letters", event("1", "invoice", `"data":{"amount":{"value":"5.00","currency":"usd"}}`), "line 1: /data/amount: "},
		{"a currency with figures, in a line", event("1", "invoice", `"data":{"lines":[{"line":"1","price":{"value":"5.00","currency":"US1"}}]}`), "line 1: /data/lines/0/price: "},
		{"a month in words", event("1", "charge", `"data":{"service":"S","month":"Jan 2026","amount":{"value":"5.00","currency":"USD"}}`), "line 1: /data/month: "},
		{"a thirteenth month", event("1", "measurement", `"data":{"service":"S","month":"2026-13","value":"5"}`), "line 1: /data/month: "},
		{"a certificate that says nothing", event("1", "certificate", `"data":{}`), "line 1: /data/certificate: "},
		{"a member twice", event("1", "outage", `"data":{"service":"S","service":"T"}`), "line 1: /data/service: this member is given twice"},
		{"a member twice, once with an escape", event("1", "outage", `"data":{"service":"S","serv\u0069ce":"T"}`), "line 1: /data/service: this member is given twice"},
		{"a member with a capital", event("1", "outage", `"data":{"Service":"S"}`), "line 1: /data/Service: "},
		{"something after the event", outage + "}", "line 1: "},
		{"the mark that some editors write", "\ufeff" + outage, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			_, err := backtest.ReadEvents("events.jsonl", []byte(c.events))
			refusedWith(t, err, c.refused)
		})
	}
}

// refusedWith holds an error against a part of its message; "" wants none.
func refusedWith(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("refused: %v", err)
	case want != "" && (err == nil || !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want)):
		t.Errorf("refused with %v, want %q", err, want)
	}
}
