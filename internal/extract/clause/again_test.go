package clause

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTheWordsThatTwoStretchesShareAreThoseOfTheirSets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("abcdefgh")), 1, rapid.IntRange(1, 3).Draw(t, "letters"), -1), 1, 800).Draw(t, "words")
		text := strings.Join(words, " ")
		l := &layout{page: &page{text: text, tokens: tokens(text)}}
		said := sayings{l: l}
		stretch := func(name string) *candidate {
			from := rapid.IntRange(0, len(l.tokens)-1).Draw(t, name+" from")
			to := rapid.IntRange(from, len(l.tokens)-1).Draw(t, name+" to")
			return &candidate{start: l.tokens[from].start, end: l.tokens[to].end}
		}
		top := stretch("top")
		for range rapid.IntRange(1, 6).Draw(t, "questions") {
			if rapid.Bool().Draw(t, "another top") {
				top = stretch("top")
			}
			x := stretch("other")
			if got, want := said.common(x, top), shared(text[x.start:x.end], text[top.start:top.end]); got != want {
				t.Fatalf("%q and %q share %v, want %v", text[x.start:x.end], text[top.start:top.end], got, want)
			}
		}
	})
}

// shared is what common says, by sets.
func shared(a, b string) float32 {
	all, both := map[string]int{}, 0
	for i, s := range []string{a, b} {
		for w := range strings.FieldsSeq(s) {
			all[w] |= 1 << i
		}
	}
	for _, in := range all {
		if in == 3 {
			both++
		}
	}
	return float32(both) / float32(max(1, len(all)))
}
