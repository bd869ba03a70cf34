package backtest_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

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
		{"a currency that is none", event("1", "invoice", `"data":{"amount":{"value":"5.00","currency":"ZZZ"}}`), "line 1: /data/amount: this is no sum with a currency of ISO 4217"},
		{"a certificate that expires before it begins", event("1", "certificate", `"data":{"certificate":{"kind":"cyber","from":"2026-07-01","expires":"2026-06-30"}}`), "line 1: /data/certificate/expires: a certificate can not expire on 2026-06-30, before its cover begins on 2026-07-01"},
		{"an excuse that ends before it begins", event("1", "delay_excused", `"data":{"date":"2026-03-02","until":"2026-03-01"}`), "line 1: /data/until: "},
		{"a sum of 400 digits", event("1", "invoice", `"data":{"amount":{"value":"`+strings.Repeat("9", 400)+`","currency":"USD"}}`), "line 1: /data/amount/value: the number is too large or too long"},
		{"a sum with a large exponent", event("1", "invoice", `"data":{"amount":{"value":"1e400","currency":"USD"}}`), `line 1: /data/amount/value: "1e400" is no number as files give it: digits, with a minus before them and a point between them where needed`},
		{"a sum with a plus", event("1", "invoice", `"data":{"amount":{"value":"+5","currency":"USD"}}`), `line 1: /data/amount/value: "+5" is no number as files give it`},
		{"a sum that is no text", event("1", "invoice", `"data":{"amount":{"value":5,"currency":"USD"}}`), `line 1: /data/amount/value: a number is given as a text, "5" and not 5`},
		{"a sum that is no text, below zero", event("1", "invoice", `"data":{"amount":{"value": -5.0,"currency":"USD"}}`), `line 1: /data/amount/value: a number is given as a text, "-5.0" and not -5.0`},
		{"a quantity that is no text, in a line", event("1", "invoice", `"data":{"lines":[{"line":"1","quantity":3,"price":{"value":"5.00","currency":"USD"}}]}`), `line 1: /data/lines/0/quantity: a number is given as a text`},
		{"a figure without its whole part", event("1", "measurement", `"data":{"month":"2026-01","value":".5"}`), `line 1: /data/value: ".5" is no number`},
		{"a plus that is written as an escape", event("1", "measurement", `"data":{"month":"2026-01","value":"\u002b5"}`), `line 1: /data/value: this must be a decimal number`},
		{"a subject that looks like a number", strings.Replace(outage, `"subject":"S"`, `"subject":"1e5"`, 1), ""},
		{"days of a certificate", event("1", "certificate", `"data":{"certificate":{"kind":"cyber","expires":"2026-06-30","cancellation_notice_days":30}}`), ""},
		{"a line that is cut off", outage + "\n" + `{"external_id":"2",`, "line 2: this is no JSON: column 19: "},
		{"a month in words", event("1", "charge", `"data":{"service":"S","month":"Jan 2026","amount":{"value":"5.00","currency":"USD"}}`), "line 1: /data/month: "},
		{"a thirteenth month", event("1", "measurement", `"data":{"service":"S","month":"2026-13","value":"5"}`), "line 1: /data/month: "},
		{"a certificate that says nothing", event("1", "certificate", `"data":{}`), "line 1: /data/certificate: "},
		{"a member twice", event("1", "outage", `"data":{"service":"S","service":"T"}`), "line 1: /data/service: this member is given twice"},
		{"a member twice, once with an escape", event("1", "outage", `"data":{"service":"S","serv\u0069ce":"T"}`), "line 1: /data/service: this member is given twice"},
		{"a member with a capital", event("1", "outage", `"data":{"Service":"S"}`), "line 1: /data/Service: "},
		{"a ticket that is not named", `{"external_id":"1","kind":"ticket_opened","subject":"","occurred_at":"2026-01-10T08:00:00Z","data":{}}`, "line 1: /subject: ticket_opened needs subject (the number of the ticket) (event 1)"},
		{"a ticket that was opened at no time", `{"external_id":"1","kind":"ticket_opened","subject":"INC1","data":{}}`, "line 1: /occurred_at: ticket_opened needs occurred_at (the instant at which it happened to the ticket, such as "},
		{"a change to no priority", event("1", "ticket_priority", `"data":{}`), "line 1: /data/priority: "},
		{"a charge without its amount", event("FEE-1", "charge", `"data":{"service":"S","month":"2026-01"}`), `line 1: /data/amount: charge needs data.amount (the sum with its currency, such as {"value":"500.00","currency":"USD"}) (event FEE-1)`},
		{"a charge without its service", event("1", "charge", `"data":{"month":"2026-01","amount":{"value":"5","currency":"USD"}}`), "line 1: /data/service: "},
		{"a payment of nothing", event("1", "payment", `"data":{}`), "line 1: /data/amount: "},
		{"an invoice of nothing", event("1", "invoice", `"data":{}`), "line 1: /data/amount: invoice needs data.amount (the sum with its currency, such as {\"value\":\"500.00\",\"currency\":\"USD\"}) or data.lines ("},
		{"cases of which nobody says how many failed", event("1", "sample", `"data":{"service":"S","total":"10"}`), "line 1: /data/failed: "},
		{"no cases", event("1", "sample", `"data":{"service":"S","total":"0"}`), ""},
		{"an outage that goes on", event("1", "outage", `"data":{"service":"S"}`), ""},
		{"an outage that is over and does not say since when", event("1", "outage", `"data":{"service":"S","state":"Resolved"}`), "line 1: /data/end_at: "},
		{"a correction of nothing", event("1", "correction", `"data":{}`), "line 1: /replaces_external: "},
		{"progress by costs", event("1", "progress", `"data":{"item":"A","amount":{"value":"5","currency":"USD"}}`), ""},
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

func TestTermsThatCanNotBeAreRefusedByPointer(t *testing.T) {
	t.Parallel()
	availability := func(more string) string {
		return `{"obligations":[{"key":"a","kind":"availability","params":{"service":"S","zone":"UTC","target":"99.9"` + more + `}}]}`
	}
	other := func(old, with string) string { return strings.Replace(availability(""), old, with, 1) }
	renewal := func(days string) string {
		return `{"obligations":[{"key":"r","kind":"renewal_notice","params":{"auto_renewal":true,"renewal_term":{"value":12,"unit":"month"},"zone":"UTC","expiration_date":"2026-06-30","notice":{"value":30,"unit":"day"},"renewal_alerts":[` + days + `]}}]}`
	}
	for _, c := range []struct{ what, terms, refused string }{
		{"terms", availability(""), ""},
		{"the mark that some editors write", "\ufeff" + availability(""), ""},
		{"no list of obligations", `{}`, "/obligations: there is no obligation"},
		{"an empty list", ` []`, "/obligations: there is no obligation"},
		{"nothing", `null`, "terms.json: this must be an object, and is null"},
		{"an extraction without obligations", `{"document":{"file":"x.pdf","state":"read"},"terms":[],"obligations":[],"operations":[]}`, "there is no obligation"},
		{"an extraction of what was not read", `{"document":{"file":"x.pdf","state":"encrypted","reason":"The PDF opens only with a password."},"terms":[],"obligations":[],"operations":[]}`, "/document/state: x.pdf was not read (encrypted): The PDF opens"},
		{"an extraction of a mail with files", `{"document":{"file":"x.eml","state":"read"},"terms":[],"obligations":[],"operations":[],"enclosures":[{"document":{"file":"a.pdf","state":"read"}}]}`, "/enclosures: this is a mail"},
		{"an extraction with a wrong member", `{"document":{"file":"x.pdf","state":"read"},"terms":[],"obligations":[{"obligaton":{}}],"operations":[]}`, "/obligations/0/obligaton: this is not known here"},
		{"a member twice", `{"obligations":[],"obligations":[]}`, "/obligations: this member is given twice"},
		{"a parameter twice", availability(`,"target":"90"`), "/obligations/0/params/target: this member is given twice"},
		{"a kind nobody knows", other(`"availability"`, `"uptime"`), `/obligations/0/kind: "uptime" is not known here; use one of response_time, `},
		{"a kind that a document was read for", other(`"availability"`, `"uptime","evidence":[{"passage":{"quote":"up"}}]`), ""},
		{"never in force", other(`"params"`, `"in_force":{"from":"2026-05-01","until":"2026-01-01"},"params"`), "/obligations/0/in_force/until: "},
		{"in force for no day", other(`"params"`, `"in_force":{"from":"2026-05-01","until":"2026-05-01"},"params"`), "/obligations/0/in_force/until: "},
		{"a credit below nothing", availability(`,"tiers":[{"below":"99.9","credit":"-5"}]`), "/obligations/0/params/tiers/0/credit: "},
		{"a credit of more than all", availability(`,"tiers":[{"below":"99.9","credit":"150"}]`), "/obligations/0/params/tiers/0/credit: "},
		{"a credit of all", availability(`,"tiers":[{"below":"99.9","credit":"100"}]`), ""},
		{"a zone nobody knows", other(`"UTC"`, `"Europe/Atlantis"`), "/obligations/0/params/zone: "},
		{"more than always", other(`"99.9"`, `"120"`), "/obligations/0/params/target: "},
		{"a cap of any size", availability(`,"cap_percent":"1e400"`), "/obligations/0/params/cap_percent: "},
		{"a currency that is none", availability(`,"minimum_payable":{"value":"1.00","currency":"DOLLAR"}`), `/obligations/0/params/minimum_payable/currency: "DOLLAR" is no currency of ISO 4217`},
		{"three letters that are no currency", availability(`,"minimum_payable":{"value":"1.00","currency":"ZZZ"}`), `/obligations/0/params/minimum_payable/currency: "ZZZ" is no currency of ISO 4217`},
		{"a currency to compute in that is none", `{"obligations":[{"kind":"rebate","params":{"mode":"graduated","currency":"ZZZ","tiers":[]}}]}`, `/obligations/0/params/currency: "ZZZ" is no currency`},
		{"surer than sure", other(`"params"`, `"confidence":"7","params"`), "/obligations/0/confidence: a confidence of 7 does not lie between 0 and 1"},
		{"less than unsure", other(`"params"`, `"confidence":"-0.1","params"`), "/obligations/0/confidence: "},
		{"a term in no currency", other(`"obligations"`, `"terms":[{"name":"contract_value","value":{"kind":"money","money":{"value":"5","currency":"ZZZ"}}}],"obligations"`), "/terms/0/value/money/currency: "},
		{"a sum without a currency", availability(`,"minimum_payable":{"value":"1.00"}`), "/obligations/0/params/minimum_payable/currency: "},
		{"hours of a name that nothing has", `{"obligations":[{"kind":"resolution_time","params":{"target":{"value":8,"unit":"business_hour"},"hours":{"name":"Support"}}}]}`, `/obligations/0/params/hours: The hours can not be used: no calendar has the name "Support".`},
		{"a span below nothing", availability(`,"minimum_span_minutes":-3`), "/obligations/0/params/minimum_span_minutes: "},
		{"days to claim below nothing", availability(`,"claim_days":-1`), "/obligations/0/params/claim_days: "},
		{"a choice that is none", availability(`,"definition":"seconds"`), `/obligations/0/params/definition: "seconds" is not known here; use one of minutes, `},
		{"a parameter with a letter too many", availability(`,"tierss":[]`), "/obligations/0/params/tierss: this is not known here; perhaps tiers is meant"},
		{"a list where there is one thing", availability(`,"tiers":{"below":"99"}`), "/obligations/0/params/tiers: this must be a list, and is an object"},
		{"an alert after the last day to give notice", renewal("10"), "/obligations/0/params/renewal_alerts: A task 10 days before the renewal"},
		{"an alert in time", renewal("60"), ""},
		{"what is wrong in an amendment", `{"obligations":[{"kind":"milestone"}],"documents":[` + availability(`,"claim_days":-1`) + `]}`, "/documents/0/obligations/0/params/claim_days: "},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			_, err := backtest.ReadTerms("terms.json", []byte(c.terms))
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

// What can be used is judged beside the lines that can not, and each of these is told; a correction of a refused event stands.
func TestTheOtherLinesAreKept(t *testing.T) {
	t.Parallel()
	raw := strings.Join([]string{
		`{"external_id":"OUT-1","kind":"outage","subject":"S","occurred_at":"2026-01-10T08:00:00Z","data":{"service":"S","end_at":"2026-01-10T07:00:00Z"}}`,
		`{"external_id":"OUT-2","kind":"outage","subject":"S","occurred_at":"2026-01-10T08:00:00Z","data":{"service":"S","end_at":"2026-01-10T10:00:00Z"},"replaces_external":"OUT-1"}`,
		`{"external_id":"FEE-1","kind":"charge","subject":"S","occurred_at":"2026-01-31T08:00:00Z","data":{"service":"S","month":"2026-01"}}`,
		`not an event`,
		`{"external_id":"OUT-2","kind":"outage","subject":"S","occurred_at":"2026-01-11T08:00:00Z","data":{"service":"S"}}`,
		`{"external_id":"C","kind":"correction","subject":"S","occurred_at":"2026-01-11T08:00:00Z","data":{},"replaces_external":"nothing"}`,
	}, "\n")
	events, refused, err := backtest.KeepEvents("events.jsonl", []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, r := range refused {
		told = append(told, fmt.Sprintf("%d %s %s", r.Line, r.Event, r.Problems[0].Pointer))
	}
	if want := []string{"1 OUT-1 /data/end_at", "3 FEE-1 /data/amount", "4  ", "5 OUT-2 /external_id", "6 C /replaces_external"}; !slices.Equal(told, want) {
		t.Errorf("refused %q, want %q", told, want)
	}
	if len(events) != 1 || events[0].ExternalID != "OUT-2" {
		t.Fatalf("kept %+v", events)
	}
	terms, err := backtest.ReadTerms("terms.json", []byte(`{"obligations":[{"key":"a","kind":"availability","params":{"service":"S","zone":"UTC","target":"99.9"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	out := report(t, backtest.Input{Terms: terms, Events: events, Refused: refused, From: "2026-01-01", To: "2026-02-01", AsOf: moment(t, "2026-02-01")})
	var text strings.Builder
	if err := out.Print(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Refused: 5 lines", "line 3: /data/amount: charge needs data.amount", "(event FEE-1)", "breached"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, text.String())
		}
	}
}

// Whoever replaces one another in a circle is refused as a whole, however many circles there are and whatever leads to them; what only
// leads to one stands.
func TestEveryCircleIsFoundInOneWalk(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	put := func(id, replaces string) {
		fmt.Fprintf(&b, `{"external_id":%q,"kind":"outage","subject":"S","occurred_at":"2026-01-10T08:00:00Z","data":{"service":"S"},"replaces_external":%q}`+"\n", id, replaces)
	}
	const many = 10_000
	for i := range many { // a long way to a circle, written from its far end
		put(fmt.Sprintf("way-%d", i), fmt.Sprintf("way-%d", i+1))
	}
	put(fmt.Sprintf("way-%d", many), "a-0")
	for i := range many { // many small circles
		put(fmt.Sprintf("a-%d", i), fmt.Sprintf("b-%d", i))
		put(fmt.Sprintf("b-%d", i), fmt.Sprintf("a-%d", i))
	}
	put("b-0", "a-0") // a repeat
	for i := range many {
		put(fmt.Sprintf("lost-%d", i), "nothing")
	}
	events, refused, err := backtest.KeepEvents("events.jsonl", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != many+1 || events[0].ExternalID != "way-0" || events[many].ExternalID != fmt.Sprintf("way-%d", many) {
		t.Errorf("%d events are kept", len(events))
	}
	if want := 2*many + 1 + many; len(refused) != want {
		t.Fatalf("%d lines are refused, not %d", len(refused), want)
	}
	for i, r := range refused {
		circle := i <= 2*many
		if r.Line != many+2+i || strings.Contains(r.Problems[0].Message, "circle") != circle {
			t.Fatalf("refused %+v", r)
		}
	}
}

// A number that is used again and again is refused each time, and a repeat is none of those.
func TestANumberUsedManyTimesIsRefusedEachTime(t *testing.T) {
	t.Parallel()
	const many = 10_000
	outage := func(title string) string {
		return `{"external_id":"1","kind":"outage","subject":"S","occurred_at":"2026-01-10T08:00:00Z","data":{"service":"S","title":"` + title + `"}}` + "\n"
	}
	first := outage(strings.Repeat("x", 200_000))
	var b strings.Builder
	b.WriteString(first)
	for i := range many {
		b.WriteString(outage(fmt.Sprint(i)))
	}
	b.WriteString(first)
	events, refused, err := backtest.KeepEvents("events.jsonl", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != 2 || len(refused) != many || refused[0].Line != 2 || refused[many-1].Line != many+1 {
		t.Errorf("%d events are kept and %d lines refused", len(events), len(refused))
	}
}

// The one form of a number is that of the schema, wherever it stands in events or terms: what has it is read as it stands, and anything
// else that a decimal could be read from is refused by its member.
func TestNumbersHaveOneForm(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	texts := rapid.OneOf(rapid.StringMatching(`[+-]?[0-9]{0,3}\.?[0-9]{0,3}([eE][+-]?[0-9]{1,2})?`), rapid.StringMatching(`-?[0-9]{1,30}(\.[0-9]{1,30})?`))
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		value := fmt.Sprintf("%q", text)
		if json.Valid([]byte(text)) && rapid.Bool().Draw(t, "bare") {
			value = text
		}
		fine := form.MatchString(text) && value != text
		line := `{"external_id":"1","kind":"measurement","subject":"S","occurred_at":"2026-01-10T08:00:00Z","data":{"month":"2026-01","value":` + value + `}}`
		events, err := backtest.ReadEvents("events", []byte(line))
		if (err == nil) != fine {
			t.Fatalf("%s in events: %v", value, err)
		}
		if fine && events[0].Data.Value.Cmp(decimal.RequireFromString(text)) != 0 {
			t.Fatalf("%s is read as %s", value, events[0].Data.Value)
		}
		if !fine && !strings.Contains(err.Error(), "/data/value: ") {
			t.Fatalf("%s: the error names no member: %v", value, err)
		}
		terms := `{"obligations":[{"key":"k","kind":"price_escalator","in_force":{},"params":{"base_price":{"value":"1","currency":"EUR"},"first_adjustment":"2026-01-01","fixed_percent":` + value + `}}]}`
		_, err = backtest.ReadTerms("terms", []byte(terms))
		if told := err != nil && strings.Contains(err.Error(), "/obligations/0/params/fixed_percent: "); told == fine {
			t.Fatalf("%s in terms: %v", value, err)
		}
	})
}
