package learn

import (
	"cmp"
	"slices"

	"github.com/pactloop/pactloop/internal/extract/clause"
)

// corpus is every sample as rows of features over one vocabulary.
type corpus struct {
	sheets []sheet
	keys   []uint32 // of features, in the order of their index
	rows   rows
}

// sheet is a sample and its rows.
type sheet struct {
	sample *Sample
	cut    *clause.Sheet
	first  int32
	last   int32
}

// leastContracts is in how many contracts a feature must stand to be learned: what fewer hold is a name or a slip.
const leastContracts = 3

// build makes rows of samples. Features that stand in too few contracts are left out.
func build(samples []Sample, categories map[string]int) *corpus {
	c := &corpus{}
	var all []uint32 // keys of all rows
	c.rows.start = append(c.rows.start, 0)
	count := map[uint32]int32{} // in how many contracts
	last := map[uint32]int32{}
	for i := range samples {
		s := &samples[i]
		sh := sheet{sample: s, cut: clause.NewSheet(s.Document), first: int32(c.rows.len())}
		sh.cut.Features(func(_ int, keys []uint32, values []float32) {
			all = append(all, keys...)
			c.rows.value = append(c.rows.value, values...)
			c.rows.start = append(c.rows.start, int32(len(all)))
			for _, k := range keys {
				if last[k] != int32(i)+1 {
					last[k] = int32(i) + 1
					count[k]++
				}
			}
		})
		sh.last = int32(c.rows.len())
		c.rows.labels = append(c.rows.labels, labels(sh, categories)...)
		c.sheets = append(c.sheets, sh)
	}
	for k, n := range count {
		if n >= leastContracts {
			c.keys = append(c.keys, k)
		}
	}
	// The most frequent first: they stay together in the processor's cache.
	slices.SortFunc(c.keys, func(a, b uint32) int {
		if n := cmp.Compare(count[b], count[a]); n != 0 {
			return n
		}
		return cmp.Compare(a, b)
	})
	index := make(map[uint32]uint32, len(c.keys))
	for i, k := range c.keys {
		index[k] = uint32(i)
	}
	c.compact(all, index)
	return c
}

// compact keeps the features of the vocabulary.
func (c *corpus) compact(all []uint32, index map[uint32]uint32) {
	kept := 0
	start := make([]int32, 0, len(c.rows.start))
	for row := range c.rows.len() {
		start = append(start, int32(kept))
		for k := c.rows.start[row]; k < c.rows.start[row+1]; k++ {
			if i, ok := index[all[k]]; ok {
				all[kept], c.rows.value[kept] = i, c.rows.value[k]
				kept++
			}
		}
	}
	c.rows.start = append(start, int32(kept))
	c.rows.index, c.rows.value = all[:kept], c.rows.value[:kept]
}

// labels tells which categories hold for each unit of a sheet: those of which it holds half a mark, or which mark half of it.
func labels(sh sheet, categories map[string]int) [][]uint8 {
	out := make([][]uint8, sh.cut.Units())
	for name, c := range categories {
		for _, m := range sh.sample.Marks[name] {
			if m.Start < 0 {
				continue
			}
			for i := range out {
				from, to := sh.cut.Span(i)
				both := min(to, m.End) - max(from, m.Start)
				if both <= 0 || 2*both < to-from && 2*both < m.End-m.Start {
					continue
				}
				if !slices.Contains(out[i], uint8(c)) {
					out[i] = append(out[i], uint8(c))
				}
			}
		}
	}
	for i := range out {
		slices.Sort(out[i])
	}
	return out
}
