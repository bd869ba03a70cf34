package obligation

import (
	"testing"

	"github.com/hbollon/go-edlib"
	"pgregory.net/rapid"
)

// The distance is that of the library, up to the bound.
func TestTheDistanceOfNamesStopsAtItsBound(t *testing.T) {
	t.Parallel()
	text := rapid.StringOfN(rapid.SampledFrom([]rune("abcä1")), 0, 12, -1)
	g := &guess{}
	rapid.Check(t, func(t *rapid.T) {
		a, b, most := text.Draw(t, "a"), text.Draw(t, "b"), rapid.IntRange(0, 12).Draw(t, "most")
		want := edlib.OSADamerauLevenshteinDistance(a, b)
		if got := g.distance([]rune(a), []rune(b), most); got != want && (got <= most || want <= most) {
			t.Fatalf("%q and %q differ by %d, told is %d (bound %d)", a, b, want, got, most)
		}
	})
}
