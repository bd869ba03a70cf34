package obligation

import (
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// Whatever the table: after an answer exactly the chosen row holds what was measured, and whatever one row alone held before it
// still holds alone.
func TestAnAnsweredTableDecidesWhatWasAskedAndNothingElse(t *testing.T) {
	t.Parallel()
	grid := func(n int) *decimal.Decimal { d := decimal.New(int64(n), -1); return &d }
	holding := func(table []CreditTier, at *big.Rat) []CreditTier {
		var out []CreditTier
		for _, row := range table {
			if !row.bounds().Under(at) && !row.bounds().Above(at) {
				out = append(out, row)
			}
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		var table []CreditTier
		for i := range rapid.IntRange(1, 4).Draw(t, "rows") {
			row := CreditTier{Percent: grid(10 * (i + 1))}
			low, high := rapid.IntRange(0, 10).Draw(t, "low"), rapid.IntRange(0, 10).Draw(t, "high")
			switch rapid.IntRange(0, 2).Draw(t, "begins") {
			case 0:
				row.From = grid(low)
			case 1:
				row.Over = grid(low)
			}
			switch rapid.IntRange(0, 2).Draw(t, "ends") {
			case 0:
				row.Below = grid(high)
			case 1:
				row.UpTo = grid(high)
			}
			table = append(table, filled(row)...)
		}
		measured := big.NewRat(int64(rapid.IntRange(0, 40).Draw(t, "measured")), 40)
		c := creditCase{rule: CreditParams{Tiers: table}, measured: measured}
		if len(holding(table, measured)) == 1 {
			return
		}
		for _, a := range c.answers() {
			if now := holding(a.table, measured); len(now) != 1 || !now[0].Percent.Equal(*a.tier.Percent) {
				t.Fatalf("%v answered with %s: %v hold %s", table, a.tier, now, measured.FloatString(3))
			}
			for n := range 41 {
				at := big.NewRat(int64(n), 40)
				if was := holding(table, at); len(was) == 1 {
					if now := holding(a.table, at); len(now) != 1 || !now[0].Percent.Equal(*was[0].Percent) {
						t.Fatalf("%v answered with %s: %s was %s and is %v", table, a.tier, at.FloatString(3), was[0], now)
					}
				}
			}
		}
	})
}
