// Package money computes exact amounts.
//
// It owns an amount with its currency, exact ratios, shares and allocation by largest remainder, and rounding to the
// minor unit of a currency. It does not own exchange rates, prices or the clauses they come from. Invariants: no
// binary floating point; amounts of different currencies never add; rounding happens only where a caller asks.
package money

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"github.com/shopspring/decimal"
)

// Decimal is an exact decimal number of any size; its JSON form is a string.
type Decimal = decimal.Decimal

// Amount is a sum of money: JSON {"value":"500.00","currency":"USD"}. Currency is an ISO 4217 code; an amount without
// a currency is not an amount and fails Check.
type Amount struct {
	Value    decimal.Decimal `json:"value"`    // the exact number, as a text
	Currency string          `json:"currency"` // ISO 4217 code, such as EUR
}

// New makes an amount.
func New(value decimal.Decimal, currency string) Amount {
	return Amount{Value: value, Currency: currency}
}

// Parse reads "500.00" with a currency code.
func Parse(value, currency string) (Amount, error) {
	d, err := ParseDecimal(value)
	if err != nil {
		return Amount{}, err
	}
	a := Amount{Value: d, Currency: strings.ToUpper(currency)}
	return a, a.Check()
}

// Plain tells whether a text is a number in the one form in which files and schemas have it: digits, with a minus before them and a point
// between them where needed. "+5", ".5", "5." and "1e3" are none.
func Plain(s string) bool {
	whole, part, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return digits(whole) && (!point || digits(part))
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// ParseDecimal reads a plain decimal of at most 60 characters; exponents are refused so that a hostile "1e999999999"
// costs nothing.
func ParseDecimal(s string) (decimal.Decimal, error) {
	if len(s) == 0 || len(s) > 60 || strings.ContainsAny(s, "eE") {
		return decimal.Decimal{}, fmt.Errorf("%.60q is not a decimal number", s)
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Decimal{}, fmt.Errorf("%q is not a decimal number", s)
	}
	return d, nil
}

// Check reports an amount whose currency is none of ISO 4217.
func (a Amount) Check() error {
	if !IsCurrency(a.Currency) {
		return fmt.Errorf("currency %.20q is not an ISO 4217 code", a.Currency)
	}
	return nil
}

// IsZero tells whether nothing is set or the value is zero.
func (a Amount) IsZero() bool { return a.Value.IsZero() }

// Equal compares value and currency; 5.0 equals 5.00.
func (a Amount) Equal(b Amount) bool { return a.Currency == b.Currency && a.Value.Equal(b.Value) }

// Add adds two amounts of one currency.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("adding %s to %s", b.Currency, a.Currency)
	}
	return Amount{a.Value.Add(b.Value), a.Currency}, nil
}

// Sub subtracts an amount of the same currency.
func (a Amount) Sub(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("subtracting %s from %s", b.Currency, a.Currency)
	}
	return Amount{a.Value.Sub(b.Value), a.Currency}, nil
}

// Percent is value × percent / 100, exact.
func (a Amount) Percent(percent decimal.Decimal) Amount {
	return Amount{a.Value.Mul(percent).Shift(-2), a.Currency}
}

// Round rounds half away from zero to the minor unit of the currency ("half-up" for the positive sums of contracts).
func (a Amount) Round() Amount { return Amount{a.Value.Round(MinorUnits(a.Currency)), a.Currency} }

// String is "500.00 USD", at least the minor units, never rounded.
func (a Amount) String() string {
	places := MinorUnits(a.Currency)
	if -a.Value.Exponent() > places {
		return a.Value.String() + " " + a.Currency
	}
	return a.Value.StringFixed(places) + " " + a.Currency
}

// MarshalJSON writes the value as a string with at least the currency's minor units.
func (a Amount) MarshalJSON() ([]byte, error) {
	v := a.Value.String()
	if p := MinorUnits(a.Currency); -a.Value.Exponent() <= p {
		v = a.Value.StringFixed(p)
	}
	return json.Marshal(struct {
		Value    string `json:"value"`
		Currency string `json:"currency"`
	}{v, a.Currency})
}

// MinorUnits gives the decimals of a currency (ISO 4217); two where unknown.
func MinorUnits(currency string) int32 {
	switch currency {
	case "JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "XPF", "PYG", "UGX", "RWF", "KMF", "GNF", "DJF", "BIF", "VUV":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// Ratio is an exact quotient for comparing before rounding.
type Ratio = big.Rat

// RatioOf is a/b. b must not be zero.
func RatioOf(a, b int64) *Ratio { return big.NewRat(a, b) }

// RatioDecimal turns a decimal into an exact ratio.
func RatioDecimal(d decimal.Decimal) *Ratio { return d.Rat() }
