package money

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

// Allocate splits an amount by weights so that the parts add up to it exactly: each part gets its share rounded down to
// the minor unit, and what is left goes by largest remainder, ties to the earlier part. An amount finer
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

// RatioString writes a ratio for people: every digit where the decimal ends within max places, otherwise rounded half away from zero to
// some places. A level that was missed must not show as met, so that it never rounds onto a level that the ratio does not have, nor onto a
// number with two places less, which a level most likely is: 99.99999951 of 100 shows as 99.999999, and 5.00000004 as 5.000001. It is
// shown, never compared.
func RatioString(r *Ratio, maxPlaces, places int, levels ...*Ratio) string {
	if after, ends := endsAfter(r.Denom(), maxPlaces); ends {
		return r.FloatString(after)
	}
	shown := RoundRatio(r, int32(places)) //nolint:gosec // a handful of places
	at := shown.Rat()
	onto := shown.Equal(shown.Truncate(int32(places) - 2)) //nolint:gosec // as above
	for _, l := range levels {
		onto = onto || at.Cmp(l) == 0
	}
	if onto { // it does not end, so that it lies on one side
		step := decimal.New(1, -int32(places)) //nolint:gosec // as above
		shown = shown.Add(step.Mul(decimal.NewFromInt(int64(r.Cmp(at)))))
	}
	return shown.StringFixed(int32(places)) //nolint:gosec // as above
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
