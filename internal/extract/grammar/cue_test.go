package grammar

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWordsThatAreLookedUpTogetherStandWhereEachAloneIsFound(t *testing.T) {
	t.Parallel()
	pieces := append([]string{"date ", "lastlast", "l", "$$", "a", " ", "signature", "€", "\n"}, anywhere...)
	rapid.Check(t, func(t *rapid.T) {
		f := &flow{lower: strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "text"), "")}
		for _, w := range anywhere {
			var want []int
			for i := 0; ; {
				k := strings.Index(f.lower[i:], w)
				if k < 0 {
					break
				}
				want = append(want, i+k)
				i += k + len(w)
			}
			if got := f.hits(w, len(f.lower)+1); !slices.Equal(got, want) {
				t.Fatalf("%q stands in %q at %v, told is %v", w, f.lower, want, got)
			}
		}
	})
}
