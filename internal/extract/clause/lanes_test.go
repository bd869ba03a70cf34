package clause

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// What the processor's wide instructions add is what adding one by one gives, to the last bit.
func TestWideSumsAreThePlainOnes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kinds, features := rapid.IntRange(1, 30).Draw(t, "rows"), rapid.IntRange(0, 60).Draw(t, "features")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)) //nolint:gosec // numbers to add, not secrets
		size := math.Exp2(rapid.Float64Range(-40, 40).Draw(t, "size"))
		rows, parts := make([]float32, kinds*wide), make([]byte, kinds*deep)
		for i := range rows {
			rows[i] = float32(random.NormFloat64() * size)
		}
		for i := range parts {
			parts[i] = byte(random.Uint32())
		}
		var portions []portion
		var counts []times
		for range features {
			at := random.Uint32N(uint32(kinds))
			portions = append(portions, portion{at, float32(random.NormFloat64())})
			counts = append(counts, times{at * deep, random.Uint32()})
		}
		var sums, wantSums [wide]float32
		var lanes, wantLanes [deep]uint32
		for c := range sums {
			sums[c] = float32(random.NormFloat64())
		}
		wantSums = sums
		add(&sums, rows, portions)
		addPlain(&wantSums, rows, portions)
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
