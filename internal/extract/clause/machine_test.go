package clause

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The hidden layer is summed in whole numbers, two in a word: it must be what adding the vectors gives.
func TestTheHiddenLayerIsTheSumOfItsVectors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		hidden, keys := rapid.IntRange(1, 40).Draw(t, "hidden"), rapid.IntRange(1, 60).Draw(t, "keys")
		w := &Weights{Categories: []string{"governing_law"}, Tree: 1, Start: []uint32{0}, Bias: []float32{0}, Net: Net{Hidden: hidden, Out: make([]float32, hidden), Bias: []float32{0}}}
		for range hidden {
			w.Net.Start = append(w.Net.Start, float32(rapid.IntRange(-50, 50).Draw(t, "start"))/40)
		}
		for k := range keys {
			w.Keys, w.Start = append(w.Keys, uint32(2*k+1)), append(w.Start, 0)
			if rapid.IntRange(0, 4).Draw(t, "without") == 0 {
				w.Net.Row = append(w.Net.Row, -1)
				continue
			}
			w.Net.Row = append(w.Net.Row, int32(len(w.Net.Scale)))
			w.Net.Scale = append(w.Net.Scale, float32(rapid.IntRange(1, 90).Draw(t, "scale"))/2000)
			for range hidden {
				w.Net.Embed = append(w.Net.Embed, int8(rapid.IntRange(-128, 127).Draw(t, "part")))
			}
		}
		m := NewMachine(w)
		s := m.newSum()
		want := make([]float64, hidden)
		for h, v := range w.Net.Start {
			want[h] = float64(v)
		}
		var features []feature
		total := 0.0
		for k := range keys {
			f := feature{key: w.Keys[k], value: float32(rapid.IntRange(1, 400).Draw(t, "value")) / 200}
			features = append(features, f)
			n := w.Net.Row[k]
			if n < 0 {
				continue
			}
			total += float64(w.Net.Scale[n])
			for h, e := range w.Net.Embed[int(n)*hidden:][:hidden] {
				want[h] += float64(f.value) * float64(w.Net.Scale[n]) * float64(e)
			}
		}
		m.add(s, features)
		for h, v := range m.layer(s) {
			// A feature is rounded to a unit of the lanes, and a part is 128 at most.
			if off := math.Abs(float64(v) - want[h]); off > float64(keys)*128*float64(m.unit)+1e-4*(1+total*128) {
				t.Fatalf("hidden %d is %v, not %v", h, v, want[h])
			}
		}
	})
}

// The longest unit that features are made of stays within what a lane holds.
func TestNoUnitCountsMoreThanTheHiddenLayerHolds(t *testing.T) {
	t.Parallel()
	const most, lead, around, heading, title, place = 2*maxWords - 1, 2*40 - 1, 60, maxHeading - 1, 24, 8
	sum := 0.0
	for p, n := range map[part]int{partUnit: most, partLead: lead, partBefore: around, partAfter: around, partHeading: heading, partParent: heading, partTitle: title, partPlace: place} {
		sum += partScale[p] * math.Sqrt(float64(n)) // of values with that root of squares, equal ones have the largest sum
	}
	if sum > mostFeatures {
		t.Errorf("the features of a unit may count %.0f", sum)
	}
}
