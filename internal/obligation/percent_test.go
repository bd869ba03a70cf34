package obligation

import (
	"math/big"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/money"
)

// The short ways of a clock's numbers say what the long numbers say.
func TestShortNumbersOfAClockAreTheLongOnes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]time.Duration{1, time.Second, time.Minute, 90 * time.Second, time.Hour, 24 * time.Hour}).Draw(t, "unit")
		target := time.Duration(rapid.Int64Range(1, 100_000).Draw(t, "target")) * unit
		counted := time.Duration(rapid.Int64Range(0, 200_000).Draw(t, "counted")) * rapid.SampledFrom([]time.Duration{1, time.Second, time.Minute, 7 * time.Hour}).Draw(t, "counted in")
		long := money.RatioString(new(big.Rat).Mul(money.RatioOf(int64(counted), int64(target)), big.NewRat(100, 1)), 12, 6)
		if got := percent(counted, target); got != long {
			t.Fatalf("%s of %s is %s %%, not %s %%", counted, target, long, got)
		}
		share100 := decimal.New(rapid.Int64Range(1, 9_999_999).Draw(t, "percent"), int32(-rapid.IntRange(0, 6).Draw(t, "places")))
		exact := new(big.Rat).Mul(share100.Rat(), big.NewRat(int64(target), 100))
		up := new(big.Int).Add(exact.Num(), new(big.Int).Sub(exact.Denom(), big.NewInt(1)))
		if want := new(big.Int).Quo(up, exact.Denom()); want.IsInt64() && int64(share(target, share100)) != want.Int64() {
			t.Fatalf("%s %% of %s is reached at %s, not %s", share100, target, time.Duration(want.Int64()), share(target, share100))
		}
	})
}
