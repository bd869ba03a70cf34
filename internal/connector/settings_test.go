package connector_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

func example() connector.Connector {
	return connector.Connector{Name: "example", Title: "Example", Category: "CRM", Guide: "Set it up.", Settings: []connector.Setting{
		{Name: "base_url", Title: "Address", Kind: connector.KindURL, Required: true},
		{Name: "auth", Title: "Sign-in", Kind: connector.KindChoice, Choices: []string{"oauth", "key"}, Default: "oauth"},
		{Name: "secret", Title: "Secret", Kind: connector.KindSecret, Required: true, When: "auth=oauth"},
		{Name: "key", Title: "Key", Kind: connector.KindPEM, Required: true, When: "auth=key"},
		{Name: "size", Title: "Size", Kind: connector.KindNumber, Default: "10"},
		{Name: "fast", Title: "Fast", Kind: connector.KindFlag},
		{Name: "code", Title: "Code", Kind: connector.KindText, Pattern: `[A-Z]+|x`, Help: "Capital letters | or x."},
	}}
}

func TestSettingsAreCheckedByTheirDescription(t *testing.T) {
	t.Parallel()
	good := connector.Values{"base_url": " https://x.test ", "secret": "s"}
	out, err := example().Validate(good)
	if err != nil || out["base_url"] != "https://x.test" || out["auth"] != "oauth" || out["size"] != "10" {
		t.Fatalf("%v, %v", out, err)
	}
	for name, bad := range map[string]connector.Values{
		"missing":         {"secret": "s"},
		"blank":           {"base_url": " ", "secret": "s"},
		"scheme":          {"base_url": "ftp://x.test", "secret": "s"},
		"password in url": {"base_url": "https://u:canary@x.test", "secret": "s"},
		"query in url":    {"base_url": "https://x.test?a=canary", "secret": "s"},
		"choice":          {"base_url": "https://x.test", "secret": "s", "auth": "canary"},
		"condition":       {"base_url": "https://x.test", "auth": "key", "secret": "canary"},
		"no PEM":          {"base_url": "https://x.test", "auth": "key", "key": "canary"},
		"number":          {"base_url": "https://x.test", "secret": "s", "size": "1.5"},
		"flag":            {"base_url": "https://x.test", "secret": "s", "fast": "yes"},
		"whole pattern":   {"base_url": "https://x.test", "secret": "s", "code": "Ax"},
		"line break":      {"base_url": "https://x.test", "secret": "a\nb"},
		"mask sent back":  {"base_url": "https://x.test", "secret": connector.Mask},
		"unknown":         {"base_url": "https://x.test", "secret": "s", "other": "canary"},
		"too long":        {"base_url": "https://x.test", "secret": strings.Repeat("x", 40000)},
		"not UTF-8":       {"base_url": "https://x.test", "secret": "\xff"},
	} {
		_, err := example().Validate(bad)
		if !fault.Is(err, fault.Invalid) || len(fault.Of(err).Details) == 0 || strings.Contains(fmt.Sprint(err, fault.Of(err).Details), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAllFaultsComeAtOnce(t *testing.T) {
	t.Parallel()
	_, err := example().Validate(connector.Values{"size": "x", "fast": "x", "other": "x"})
	if f := fault.Of(err); f == nil || len(f.Details) != 5 {
		t.Errorf("%+v", f)
	}
}

func TestTheReferencePageHasEverySettingAndStaysATable(t *testing.T) {
	t.Parallel()
	page := connector.Reference(example())
	if !strings.Contains(page, "| `secret` | secret, stored encrypted | when auth=oauth |") || !strings.Contains(page, `Capital letters \| or x.`) {
		t.Error(page)
	}
}

func TestConversionsAreExactOrRefused(t *testing.T) {
	t.Parallel()
	sum := pact.Sum(money.New(decimal.RequireFromString("120000.10"), "USD"))
	for _, c := range []struct {
		value   pact.Value
		convert string
		want    string // JSON; "" is refused
	}{
		{pact.OnDate("2026-03-31"), "date", `"2026-03-31"`},
		{pact.Text("2026-03-31"), "date", ""},
		{pact.Lasting(90, calendar.Day), "days", `90`},
		{pact.Lasting(2, calendar.Week), "days", `14`},
		{pact.Lasting(3, calendar.UnitMonth), "days", ""},
		{pact.Lasting(5, calendar.BusinessDay), "days", ""},
		{pact.Lasting(1, calendar.Quarter), "months", `3`},
		{pact.Lasting(2, calendar.Year), "duration_months", `24`},
		{pact.Lasting(90, calendar.Day), "months", ""},
		{pact.Lasting(90, calendar.Day), "duration", `"P90D"`},
		{pact.Lasting(1, calendar.Quarter), "duration", `"P3M"`},
		{pact.Lasting(8, calendar.BusinessHour), "duration", ""},
		{pact.Yes(true), "yes_no", `true`},
		{pact.Text("yes"), "yes_no", ""},
		{sum, "currency", `120000.1`},
		{sum, "currency_code", `"USD"`},
		{sum, "money", `{"amount":120000.1,"currency":"USD"}`},
		{pact.Percent(decimal.RequireFromString("99.95")), "number", `99.95`},
		{pact.Text("a"), "number", ""},
		{pact.Text("<b>&\nx"), "html", `"\u003cp\u003e\u0026lt;b\u0026gt;\u0026amp;\u003cbr\u003ex\u003c/p\u003e"`},
		{pact.Text("x"), "text", `"x"`},
		{pact.Text("x"), "rot13", ""},
		{pact.Value{}, "date", ""},
		{pact.Value{Kind: pact.DurationValue}, "days", ""},
		{pact.Value{Kind: pact.MoneyValue}, "money", ""},
	} {
		got, err := connector.Convert(c.value, c.convert)
		if c.want == "" {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%v as %s: %v, %v", c.value, c.convert, got, err)
			}
			continue
		}
		text, _ := json.Marshal(got)
		if err != nil || string(text) != c.want {
			t.Errorf("%v as %s: %s, %v; want %s", c.value, c.convert, text, err, c.want)
		}
	}
}

func TestValuesMeanTheSameOrNot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b any
		same bool
	}{
		{json.Number("12"), 12.0, true},
		{json.Number("12.50"), "12.5", true},
		{12, json.Number("12.0"), true},
		{"012", "12", false},
		{"2026-03-31", "2026-03-31T00:00:00Z", true},
		{"2026-03-31", "2026-03-30T23:59:59Z", false},
		{"", nil, true},
		{nil, nil, true},
		{nil, "x", false},
		{false, nil, false},
		{true, true, true},
		{true, false, false},
		{true, "true", false},
		{map[string]any{"amount": json.Number("5.0"), "currency": "EUR"}, map[string]any{"currency": "EUR", "amount": 5}, true},
		{map[string]any{"amount": 5, "currency": "EUR"}, map[string]any{"currency": "USD", "amount": 5}, false},
		{[]any{"a"}, []string{"a"}, true},
		{json.Number("1e999999999"), 1, false},
	} {
		if connector.SameValue(c.a, c.b) != c.same || connector.SameValue(c.b, c.a) != c.same {
			t.Errorf("%v and %v: want %v", c.a, c.b, c.same)
		}
	}
}
