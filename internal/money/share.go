package money

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

// Allocate splits an amount by weights so that the parts add up to it exactly: each part gets its share rounded down to
// the minor unit, and what is left goes by largest remainder, ties to the earlier part (domain.md 4.12). An amount finer
// than the minor unit is split at its own precision. Weights are not negative, and not all zero.
func Allocate(total Amount, weights []decimal.Decimal) ([]Amount, error) {
	if len(weights) == 0 {
		return nil, fmt.Errorf("an amount can not be split into no parts")
	}
	if !Sane(total.Value) {
		return nil, fmt.Errorf("an amount of this size can not be split")
	}
	sum := new(big.Rat)
	for _, w := range weights {
		if w.IsNegative() || !Sane(w) {
			return nil, fmt.Errorf("a weight is negative or out of range")
		}
		sum.Add(sum, w.Rat())
	}
	if sum.Sign() == 0 {
		return nil, fmt.Errorf("all weights are zero")
	}
	places := max(MinorUnits(total.Currency), -total.Value.Exponent())
	units := total.Value.Shift(places).BigInt()
	negative := units.Sign() < 0
	units.Abs(units)

	parts := make([]*big.Int, len(weights))
	rests := make([]*big.Rat, len(weights))
	left := new(big.Int).Set(units)
	for i, w := range weights {
		exact := new(big.Rat).Mul(new(big.Rat).SetInt(units), new(big.Rat).Quo(w.Rat(), sum))
		parts[i] = new(big.Int).Quo(exact.Num(), exact.Denom())
		rests[i] = exact.Sub(exact, new(big.Rat).SetInt(parts[i]))
		left.Sub(left, parts[i])
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(rests[b].Cmp(rests[a]), cmp.Compare(a, b)) })
	for i := 0; left.Sign() > 0; i++ { // fewer are left than there are parts
		parts[order[i]].Add(parts[order[i]], big.NewInt(1))
		left.Sub(left, big.NewInt(1))
	}
	out := make([]Amount, len(parts))
	for i, p := range parts {
		if negative {
			p.Neg(p)
		}
		out[i] = Amount{decimal.NewFromBigInt(p, -places), total.Currency}
	}
	return out, nil
}

// Split divides an amount into n equal parts that add up to it; the earlier parts take what does not divide.
func Split(total Amount, n int) ([]Amount, error) {
	if n < 1 || n > 100_000 {
		return nil, fmt.Errorf("an amount can not be split into %d parts", n)
	}
	weights := make([]decimal.Decimal, n)
	for i := range weights {
		weights[i] = decimal.NewFromInt(1)
	}
	return Allocate(total, weights)
}

// Sane tells whether a decimal has a size that any price, percentage or quantity can have. Decimals that came in as JSON
// are asked before they are computed with: "1e999999999" would cost all memory at the first addition.
func Sane(d decimal.Decimal) bool {
	e := d.Exponent()
	return e >= -60 && e <= 60 && d.Coefficient().BitLen() <= 256
}

// Min is the smaller of two amounts of one currency.
func Min(a, b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("comparing %s with %s", a.Currency, b.Currency)
	}
	if b.Value.LessThan(a.Value) {
		return b, nil
	}
	return a, nil
}

// RatioString writes a ratio for people: every digit where the decimal ends within max places, otherwise cut (not
// rounded) to cut places, so that 99.9951 never shows as 100. It is shown, never compared.
func RatioString(r *Ratio, maxPlaces, cut int) string {
	places, ends := endsAfter(r.Denom(), maxPlaces)
	if ends {
		return r.FloatString(places)
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(cut)), nil)
	scaled := new(big.Int).Mul(r.Num(), scale)
	scaled.Quo(scaled, r.Denom()) // toward zero
	return decimal.NewFromBigInt(scaled, -int32(cut)).StringFixed(int32(cut))
}

// endsAfter tells after how many decimals a fraction with this denominator ends, if within limit.
func endsAfter(denominator *big.Int, limit int) (int, bool) {
	d := new(big.Int).Set(denominator)
	count := func(prime int64) int {
		n := 0
		p, rest := big.NewInt(prime), new(big.Int)
		for n <= limit {
			q := new(big.Int)
			q.QuoRem(d, p, rest)
			if rest.Sign() != 0 {
				break
			}
			d.Set(q)
			n++
		}
		return n
	}
	places := max(count(2), count(5))
	return places, places <= limit && d.Cmp(big.NewInt(1)) == 0
}
