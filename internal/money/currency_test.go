package money_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/money"
)

func TestOnlyCurrenciesOfTheStandardAreSums(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"USD": true, "EUR": true, "JPY": true, "ZWG": true, "HRK": true, // withdrawn: older contracts are in it
		"ZZZ": false, "XXX": false, "XTS": false, "RMB": false, "usd": false, "US": false, "": false, "D E": false, " | ": false, "USD EUR": false,
	} {
		if got := money.IsCurrency(code); got != want {
			t.Errorf("%q: %v", code, got)
		}
		if err := money.New(dec("1"), code).Check(); (err == nil) != want {
			t.Errorf("a sum in %q: %v", code, err)
		}
	}
}
