package clause

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whoever is asked, the sums are those of walking each tree after the other.
func TestAForestTurnedOverAddsTheSameLeaves(t *testing.T) {
	t.Parallel()
	value := rapid.Map(rapid.IntRange(-4, 4), func(n int) float32 { return float32(n) / 3 })
	rapid.Check(t, func(t *rapid.T) {
		const features = 4
		f := Forest{}
		for range rapid.IntRange(0, 6).Draw(t, "trees") {
			f.Trees = append(f.Trees, grown(t, features, rapid.IntRange(1, maxLeaves).Draw(t, "leaves"), value))
		}
		rows := make([][]float32, rapid.IntRange(0, 9).Draw(t, "rows"))
		sums := make([]float32, len(rows))
		for i := range rows {
			rows[i], sums[i] = rapid.SliceOfN(value, features, features).Draw(t, "row"), value.Draw(t, "sum")
		}
		want := slices.Clone(sums)
		for i := range want {
			for _, tree := range f.Trees {
				want[i] += leafOf(tree, rows[i])
			}
		}
		if f.judges(features).add(rows, sums); !slices.Equal(sums, want) {
			t.Fatalf("sums %v, walks give %v", sums, want)
		}
	})
}

// grown makes a tree as training does: a leaf becomes a question with two leaves.
func grown(t *rapid.T, features, leaves int, value *rapid.Generator[float32]) []Node {
	tree := []Node{{Feature: -1, Cut: value.Draw(t, "leaf")}}
	open := []int{0}
	for len(open) < leaves {
		k := rapid.IntRange(0, len(open)-1).Draw(t, "which")
		at := open[k]
		tree[at] = Node{Feature: int16(rapid.IntRange(0, features-1).Draw(t, "feature")), Left: uint16(len(tree)), Right: uint16(len(tree) + 1), Cut: value.Draw(t, "cut")}
		open[k] = len(tree)
		open = append(open, len(tree)+1)
		tree = append(tree, Node{Feature: -1, Cut: value.Draw(t, "leaf")}, Node{Feature: -1, Cut: value.Draw(t, "leaf")})
	}
	return tree
}
