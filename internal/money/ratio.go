package money

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// FromRatio rounds an exact sum half away from zero to the minor unit of a currency: the one place where interest and shares
// that do not end as decimals become an amount.
func FromRatio(r *Ratio, currency string) Amount {
	return Amount{RoundRatio(r, MinorUnits(currency)), currency}
}

// RoundRatio rounds half away from zero to some decimal places.
func RoundRatio(r *Ratio, places int32) decimal.Decimal {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(places, 0))), nil)
	num := new(big.Int).Mul(new(big.Int).Abs(r.Num()), scale)
	num.Mul(num, big.NewInt(2)).Add(num, r.Denom())
	num.Quo(num, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
	if r.Sign() < 0 {
		num.Neg(num)
	}
	return decimal.NewFromBigInt(num, -max(places, 0))
}

// Ratio is the exact value of the amount.
func (a Amount) Ratio() *Ratio { return a.Value.Rat() }
