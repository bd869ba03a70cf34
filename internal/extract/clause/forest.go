package clause

import (
	"cmp"
	"math/bits"
	"slices"
)

// maxLeaves of a tree: a bit of a word for each.
const maxLeaves = 64

// judges is a forest turned over: not its trees one after the other, but its features. All questions that a feature answers
// with "right" take leaves from their trees; they stand in the order of their cuts, so that they end at the first that is not,
// and nothing has to be guessed on the way. What is left of a tree first is the leaf that its walk would have led to
// (Lucchese and others, QuickScorer, SIGIR 2015). Leaves are added in the order of the trees, so sums are those of a walk.
type judges struct {
	asks   []question
	of     []int32   // by feature: its first question; one more at the end
	leaves []float32 // of all trees
	first  []int32   // by tree: its first leaf
}

// question is a node: a feature above cut leaves of its tree what stays.
type question struct {
	stays uint64
	cut   float32
	tree  int32
}

func (f *Forest) judges(features int) *judges {
	j := &judges{of: make([]int32, features+1)}
	by := make([][]question, features)
	for n, t := range f.Trees {
		j.first = append(j.first, int32(len(j.leaves)))
		count := 0
		var walk func(at uint16) // from left to right
		walk = func(at uint16) {
			node := t[at]
			if node.Feature < 0 {
				j.leaves = append(j.leaves, node.Cut)
				count++
				return
			}
			from := count
			walk(node.Left)
			gone := uint64(1)<<count - uint64(1)<<from
			by[node.Feature] = append(by[node.Feature], question{^gone, node.Cut, int32(n)})
			walk(node.Right)
		}
		walk(0)
	}
	for i, list := range by {
		slices.SortFunc(list, func(a, b question) int { return cmp.Compare(a.cut, b.cut) })
		j.asks = append(j.asks, list...)
		j.of[i+1] = int32(len(j.asks))
	}
	return j
}

// abreast is how many rows are summed side by side: each sum waits for its last addition, not for those of the others.
const abreast = 4

// add adds, for each row of features, the leaves that it leads to, tree by tree, to its sum. Rows that begin with the same
// category stand together and share much: what the least value of a feature answers is asked once for all of them.
func (j *judges) add(rows [][]float32, sums []float32) {
	trees := len(j.first)
	room := make([]uint64, (1+abreast)*trees)
	shared, left := room[:trees], room[trees:]
	least, next := make([]float32, len(j.of)), make([]int32, len(j.of))
	for from, to := 0, 0; from < len(rows); from = to {
		copy(least, rows[from])
		for to = from + 1; to < len(rows) && rows[to][0] == rows[from][0]; to++ {
			for i, v := range rows[to] {
				least[i] = min(least[i], v)
			}
		}
		for i := range shared {
			shared[i] = ^uint64(0)
		}
		for i := range rows[from] {
			next[i] = j.ask(j.of[i], j.of[i+1], least[i], shared)
		}
		for k := from; k < to; k += abreast {
			n := min(abreast, to-k)
			for m, row := range rows[k : k+n] {
				own := left[m*trees:][:trees]
				copy(own, shared)
				for i, v := range row {
					if v > least[i] {
						j.ask(next[i], j.of[i+1], v, own)
					}
				}
			}
			j.sum(left, sums[k:k+n])
		}
	}
}

// sum adds the leaves that are left of each tree.
func (j *judges) sum(left []uint64, sums []float32) {
	trees := len(j.first)
	if len(sums) < abreast {
		for m := range sums {
			own := left[m*trees:][:trees]
			for t, first := range j.first {
				sums[m] += j.leaves[int(first)+bits.TrailingZeros64(own[t])]
			}
		}
		return
	}
	l0, l1, l2, l3 := left[:trees], left[trees:][:trees], left[2*trees:][:trees], left[3*trees:][:trees]
	s0, s1, s2, s3 := sums[0], sums[1], sums[2], sums[3]
	for t, first := range j.first {
		leaves := j.leaves[first:]
		s0 += leaves[bits.TrailingZeros64(l0[t])]
		s1 += leaves[bits.TrailingZeros64(l1[t])]
		s2 += leaves[bits.TrailingZeros64(l2[t])]
		s3 += leaves[bits.TrailingZeros64(l3[t])]
	}
	sums[0], sums[1], sums[2], sums[3] = s0, s1, s2, s3
}

// ask takes from each tree the leaves that a value does not lead to, and gives the first question that it does not answer with
// "right".
func (j *judges) ask(from, to int32, v float32, left []uint64) int32 {
	for i, q := range j.asks[from:to] {
		if v <= q.cut {
			return from + int32(i)
		}
		left[q.tree] &= q.stays
	}
	return to
}
