package review_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
)

func TestATermTakesOnlyACurrencyThatThereIs(t *testing.T) {
	t.Parallel()
	sum := func(code string) pact.Value {
		a := money.New(decimal.NewFromInt(5), code)
		return pact.Value{Kind: pact.MoneyValue, Money: &a}
	}
	for _, c := range []struct {
		term string
		v    pact.Value
		ok   bool
	}{
		{"currency", pact.Text("USD"), true},
		{"currency", pact.Text("ZZZ"), false},
		{"currency", pact.Text("Dollar"), false},
		{"total_contract_value", sum("EUR"), true},
		{"total_contract_value", sum("ZZZ"), false},
	} {
		if err := review.CheckTermValue(c.term, c.v); (err == nil) != c.ok {
			t.Errorf("%s %s: %v", c.term, c.v, err)
		}
	}
}
