package pact_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestTheMostThatMayBeStatedAsCharged(t *testing.T) {
	t.Parallel()
	parse := func(body string) pact.Limits {
		t.Helper()
		l, err := pact.ParseLimits([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	for _, c := range []struct {
		name, currency string
		limits         pact.Limits
		want           int64
	}{
		{"as shipped", "EUR", pact.DefaultLimits(), 10_000_000},
		{"as shipped, in a currency that is not named", "JPY", pact.DefaultLimits(), pact.UnlistedCharge},
		{"by a policy from before there were such limits", "EUR", parse(`{"credit_limits":[]}`), 10_000_000},
		{"as set", "EUR", parse(`{"credit_limits":[],"charge_limits":[{"value":"500","currency":"EUR"}]}`), 500},
		{"where another currency is set", "USD", parse(`{"credit_limits":[],"charge_limits":[{"value":"500","currency":"EUR"}]}`), pact.UnlistedCharge},
		{"where none is set on purpose", "EUR", parse(`{"credit_limits":[],"charge_limits":[]}`), pact.UnlistedCharge},
	} {
		if got := c.limits.Charge(c.currency); got.Currency != c.currency || !got.Value.Equal(decimal.NewFromInt(c.want)) {
			t.Errorf("%s: %s, want %d", c.name, got, c.want)
		}
	}
}

func TestALimitThatCanNotHoldIsNamed(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"credit_limits":[{"value":"-1","currency":"EUR"}]}`: "credit_limits[0].value", `{"credit_limits":[{"value":"1","currency":"eur"}]}`: "credit_limits[0].currency",
		`{"charge_limits":[{"value":"1","currency":"EUR"},{"value":"2","currency":"EUR"}]}`: "charge_limits[1].currency", `{"charge_limits":[{"value":"1e400","currency":"EUR"}]}`: "charge_limits[0].value",
		`{"limits":[]}`: "limits", `null`: "",
	} {
		_, err := pact.ParseLimits([]byte(body))
		f := fault.Of(err)
		if !fault.Is(err, fault.Invalid) || f.Details[0].Field != want || !strings.Contains(f.Message, "The policy in force stays.") {
			t.Errorf("%s: %v", body, err)
		}
	}
}
