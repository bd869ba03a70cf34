package clause

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// What the processor's wide instructions add is what adding one by one gives, to the last bit.
func TestWideSumsAreThePlainOnes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.IntRange(1, 30).Draw(t, "rows")
		rows, parts := make([]float32, kinds*wide), make([]byte, kinds*deep)
		for i := range rows {
			rows[i] = rapid.Float32Range(-9, 9).Draw(t, "weight")
		}
		for i := range parts {
			parts[i] = rapid.Byte().Draw(t, "part")
		}
		var shares []portion
		var counts []times
		for range rapid.IntRange(0, 40).Draw(t, "features") {
			at := uint32(rapid.IntRange(0, kinds-1).Draw(t, "row"))
			shares = append(shares, portion{at, rapid.Float32Range(-3, 3).Draw(t, "value")})
			counts = append(counts, times{at * deep, uint32(rapid.IntRange(0, 1<<18).Draw(t, "count"))})
		}
		var sums, wantSums [wide]float32
		var lanes, wantLanes [deep]uint32
		for c := range sums {
			sums[c] = rapid.Float32Range(-9, 9).Draw(t, "before")
		}
		wantSums = sums
		add(&sums, rows, shares)
		addPlain(&wantSums, rows, shares)
		count(&lanes, parts, counts)
		countPlain(&wantLanes, parts, counts)
		for c := range sums {
			if math.Float32bits(sums[c]) != math.Float32bits(wantSums[c]) {
				t.Fatalf("sum %d is %v, not %v", c, sums[c], wantSums[c])
			}
		}
		if lanes != wantLanes {
			t.Fatalf("lanes are %v, not %v", lanes, wantLanes)
		}
	})
}
