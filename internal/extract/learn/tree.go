package learn

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"github.com/pactloop/pactloop/internal/extract/clause"
)

// table is candidates as rows of features, binned: trees are grown on bins.
type table struct {
	features int
	cuts     [][]float32 // by feature: upper limits of the bins but the last
	bins     [][]uint8   // by feature, by row
	label    []float32
}

const mostBins = 64

// newTable bins rows of features. Limits lie at quantiles, so they depend on the rows alone, not on their order.
func newTable(rows [][]float32, label []float32) *table {
	t := &table{features: len(rows[0]), label: label}
	column := make([]float32, len(rows))
	for f := range t.features {
		for i, r := range rows {
			column[i] = r[f]
		}
		cuts := quantiles(column)
		bins := make([]uint8, len(rows))
		for i, v := range column {
			bins[i] = uint8(binOf(cuts, v))
		}
		t.cuts, t.bins = append(t.cuts, cuts), append(t.bins, bins)
	}
	return t
}

func binOf(cuts []float32, v float32) int {
	return sort.Search(len(cuts), func(i int) bool { return v <= cuts[i] })
}

func quantiles(column []float32) []float32 {
	sorted := slices.Clone(column)
	slices.Sort(sorted)
	distinct := slices.Compact(slices.Clone(sorted))
	if len(distinct) <= mostBins {
		cuts := make([]float32, 0, len(distinct))
		for i := 0; i+1 < len(distinct); i++ {
			cuts = append(cuts, (distinct[i]+distinct[i+1])/2)
		}
		return cuts
	}
	var cuts []float32
	for b := 1; b < mostBins; b++ {
		v := sorted[len(sorted)*b/mostBins]
		if len(cuts) == 0 || v > cuts[len(cuts)-1] {
			cuts = append(cuts, v)
		}
	}
	return cuts
}

// node is a question of a tree, or a leaf.
type node struct {
	feature     int32 // -1 for a leaf
	cut         float32
	left, right int32
	value       float32 // of a leaf
}

type tree []node

func (t tree) value(f []float32) float32 {
	i := int32(0)
	for t[i].feature >= 0 {
		if f[t[i].feature] <= t[i].cut {
			i = t[i].left
		} else {
			i = t[i].right
		}
	}
	return t[i].value
}

// forest is boosted trees; its score is a logit.
type forest struct {
	base  float32
	trees []tree
}

func (m *forest) score(f []float32) float32 {
	z := m.base
	for _, t := range m.trees {
		z += t.value(f)
	}
	return z
}

// ForestConfig says how trees are grown.
type ForestConfig struct {
	Trees   int
	Leaves  int
	Rate    float64
	Rows    float64 // share of rows for a tree
	Columns float64 // share of features for a tree
	Lambda  float64 // holds the values of leaves towards 0
	Least   float64 // least sum of hessians in a leaf
}

func bestForest() ForestConfig {
	return ForestConfig{Trees: 220, Leaves: 24, Rate: 0.07, Rows: 0.6, Columns: 0.5, Lambda: 5, Least: 3}
}

// forPresence is half of it: there are fewer rows to learn presence from.
func (c ForestConfig) forPresence() ForestConfig {
	c.Trees, c.Leaves = max(1, c.Trees/2), max(2, c.Leaves/2)
	return c
}

// forAgain is for the second judgement, which has less to add.
func (c ForestConfig) forAgain() ForestConfig {
	c.Trees, c.Leaves, c.Lambda = max(1, c.Trees*2/3), max(2, c.Leaves/2), 2*c.Lambda
	return c
}

// fitForest boosts trees on the logistic loss. One goroutine; sums run in the order of rows.
func fitForest(cfg ForestConfig, seed uint64, t *table, use []int32) *forest {
	positives := 0.0
	for _, i := range use {
		positives += float64(t.label[i])
	}
	p := (positives + 1) / (float64(len(use)) + 2)
	m := &forest{base: float32(math.Log(p / (1 - p)))}
	z := make([]float32, len(t.label))
	for _, i := range use {
		z[i] = m.base
	}
	m.boost(cfg, rand.New(rand.NewPCG(seed, 13)), t, use, z, nil)
	return m
}

// boost adds trees to scores z. Rows count by their weight; nil: all for 1.
func (m *forest) boost(cfg ForestConfig, rng *rand.Rand, t *table, use []int32, z, weight []float32) {
	g := &grower{cfg: cfg, t: t, rng: rng, grad: make([]float32, len(t.label)), hess: make([]float32, len(t.label))}
	for range cfg.Trees {
		for _, i := range use {
			p := sigmoid(z[i])
			g.grad[i], g.hess[i] = p-t.label[i], max(p*(1-p), 1e-6)
			if weight != nil {
				g.grad[i], g.hess[i] = weight[i]*g.grad[i], weight[i]*g.hess[i]
			}
		}
		tr := g.grow(use)
		m.trees = append(m.trees, tr)
		for _, i := range use {
			z[i] += g.walk(tr, i)
		}
	}
}

type grower struct {
	cfg        ForestConfig
	t          *table
	rng        *rand.Rand
	grad, hess []float32
	cuts       []uint8 // by node of the tree that was grown last: the bin at which it splits
}

// leaf is a leaf that may still be split.
type leaf struct {
	node       int32
	rows       []int32
	g, h       float64
	hist       []float64 // feature, bin: g, h
	gain       float64
	feature    int
	bin        int
	splittable bool
}

func (g *grower) grow(use []int32) tree {
	var rows []int32
	for _, i := range use {
		if g.rng.Float64() < g.cfg.Rows {
			rows = append(rows, i)
		}
	}
	var columns []int
	for f := range g.t.features {
		if len(g.t.cuts[f]) > 0 && g.rng.Float64() < g.cfg.Columns {
			columns = append(columns, f)
		}
	}
	tr := tree{{feature: -1}}
	root := &leaf{node: 0, rows: rows}
	for _, i := range rows {
		root.g += float64(g.grad[i])
		root.h += float64(g.hess[i])
	}
	root.hist = g.histogram(rows, columns)
	g.best(root, columns)
	open := []*leaf{root}
	g.cuts = append(g.cuts[:0], 0)
	for len(open) < g.cfg.Leaves {
		at := -1
		for k, l := range open {
			if l.splittable && (at < 0 || l.gain > open[at].gain) {
				at = k
			}
		}
		if at < 0 {
			break
		}
		l := open[at]
		column := g.t.bins[l.feature]
		left, right := &leaf{}, &leaf{}
		for _, i := range l.rows {
			to := right
			if int(column[i]) <= l.bin {
				to = left
			}
			to.rows = append(to.rows, i)
			to.g += float64(g.grad[i])
			to.h += float64(g.hess[i])
		}
		left.node, right.node = int32(len(tr)), int32(len(tr)+1)
		tr = append(tr, node{feature: -1}, node{feature: -1})
		tr[l.node] = node{feature: int32(l.feature), cut: g.t.cuts[l.feature][l.bin], left: left.node, right: right.node}
		g.cuts = append(g.cuts, 0, 0)
		g.cuts[l.node] = uint8(l.bin)
		small, big := left, right
		if len(small.rows) > len(big.rows) {
			small, big = big, small
		}
		small.hist = g.histogram(small.rows, columns)
		big.hist = l.hist
		for k, v := range small.hist {
			big.hist[k] -= v
		}
		g.best(left, columns)
		g.best(right, columns)
		open[at] = left
		open = append(open, right)
	}
	for _, l := range open {
		tr[l.node].value = float32(-g.cfg.Rate * l.g / (l.h + g.cfg.Lambda))
	}
	return tr
}

// walk gives the value of a tree just grown for a row of the table.
func (g *grower) walk(tr tree, row int32) float32 {
	i := int32(0)
	for tr[i].feature >= 0 {
		if g.t.bins[tr[i].feature][row] <= g.cuts[i] {
			i = tr[i].left
		} else {
			i = tr[i].right
		}
	}
	return tr[i].value
}

func (g *grower) histogram(rows []int32, columns []int) []float64 {
	hist := make([]float64, g.t.features*mostBins*2)
	for _, f := range columns {
		h := hist[f*mostBins*2 : (f+1)*mostBins*2]
		column := g.t.bins[f]
		for _, i := range rows {
			b := int(column[i]) * 2
			h[b] += float64(g.grad[i])
			h[b+1] += float64(g.hess[i])
		}
	}
	return hist
}

// best finds the split of a leaf that gains most; the first of equals.
func (g *grower) best(l *leaf, columns []int) {
	l.splittable, l.gain = false, 1e-3
	whole := l.g * l.g / (l.h + g.cfg.Lambda)
	for _, f := range columns {
		h := l.hist[f*mostBins*2 : (f+1)*mostBins*2]
		gl, hl := 0.0, 0.0
		for b := range g.t.cuts[f] {
			gl += h[2*b]
			hl += h[2*b+1]
			hr := l.h - hl
			if hl < g.cfg.Least || hr < g.cfg.Least {
				continue
			}
			gr := l.g - gl
			gain := gl*gl/(hl+g.cfg.Lambda) + gr*gr/(hr+g.cfg.Lambda) - whole
			if gain > l.gain {
				l.gain, l.feature, l.bin, l.splittable = gain, f, b, true
			}
		}
	}
}

// shipped is the forest as weights carry it.
func (m *forest) shipped() clause.Forest {
	f := clause.Forest{Base: m.base}
	for _, t := range m.trees {
		nodes := make([]clause.Node, len(t))
		for i, n := range t {
			nodes[i] = clause.Node{Feature: int16(n.feature), Left: uint16(n.left), Right: uint16(n.right), Cut: n.cut}
			if n.feature < 0 {
				nodes[i].Cut = n.value
			}
		}
		f.Trees = append(f.Trees, nodes)
	}
	return f
}
