package learn

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/pactloop/pactloop/internal/extract/clause"
)

// rows are units as sparse features: indices into a vocabulary.
type rows struct {
	start  []int32 // of each row in index; one more at the end
	index  []uint32
	value  []float32
	labels [][]uint8 // categories that hold, by row
}

func (r *rows) len() int { return len(r.start) - 1 }

// linear is one logistic regression for each category over shared features.
type linear struct {
	classes int
	weight  []float32 // [feature*classes + class]
}

// LinearConfig says how stage one is learned.
type LinearConfig struct {
	Epochs   int
	Rate     float64
	Decay    float64 // L2, on what is updated
	Positive float64 // weight of what holds against what does not
	Damp     float64 // the larger, the less is learned from what is rare
	Keep     int     // so many weights are kept, the largest
}

func bestLinear() LinearConfig {
	return LinearConfig{Epochs: 4, Rate: 0.4, Decay: 1e-4, Positive: 0.8, Damp: 0.1, Keep: 1_100_000}
}

// fitLinear learns by AdaGrad, one row after the other in an order that the seed gives. One goroutine: the order of sums
// is part of the result.
func fitLinear(cfg LinearConfig, classes, features int, seed uint64, r *rows, use []int32) *linear {
	n := classes
	m := &linear{classes: n, weight: make([]float32, features*n)}
	square := make([]float32, features*n)
	for i := range square {
		square[i] = float32(cfg.Damp)
	}
	order := append([]int32(nil), use...)
	rng := rand.New(rand.NewPCG(seed, 11))
	z := make([]float32, n)
	g := make([]float32, n)
	active := make([]int32, 0, n)
	idle := make([]uint8, r.len())
	for epoch := range cfg.Epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		rate := float32(cfg.Rate * (1 - 0.9*float64(epoch)/float64(cfg.Epochs)))
		for _, row := range order {
			if idle[row] > 0 { // nothing was to be learned from it last time: it is looked at less often
				idle[row]--
				continue
			}
			from, to := r.start[row], r.start[row+1]
			clear(z)
			index, value := r.index[from:to], r.value[from:to]
			for k, f := range index {
				v := value[k]
				w := m.weight[int(f)*n : int(f)*n+n]
				add(z, w, v)
			}
			for c, x := range z {
				g[c] = 0
				if x > -3 {
					g[c] = sigmoid(x + bias)
				}
			}
			for _, c := range r.labels[row] {
				g[c] = (g[c] - 1) * float32(cfg.Positive)
			}
			active = active[:0]
			for c := range g {
				if g[c] > 0.004 || g[c] < -0.004 {
					active = append(active, int32(c))
				}
			}
			if len(active) == 0 {
				idle[row] = 2
				continue
			}
			for k, f := range index {
				v := value[k]
				base := int(f) * n
				for _, c := range active {
					at := base + int(c)
					d := g[c]*v + float32(cfg.Decay)*m.weight[at]
					square[at] += d * d
					m.weight[at] -= rate * d / sqrt32(square[at])
				}
			}
		}
	}
	return m
}

// round keeps the largest weights, as the binary will carry them.
func (m *linear) round(keep int) {
	sizes := make([]float32, 0, len(m.weight)/2)
	for _, v := range m.weight {
		if v != 0 {
			sizes = append(sizes, max(v, -v))
		}
	}
	least := float32(0)
	if keep > 0 && len(sizes) > keep {
		slices.Sort(sizes)
		least = sizes[len(sizes)-keep]
	}
	for i, v := range m.weight {
		if max(v, -v) < least {
			m.weight[i] = 0
			continue
		}
		m.weight[i] = clause.Round(v)
	}
}

// bias starts every category as rare: most units are of none.
const bias = -4

func (m *linear) scores(index []uint32, value []float32, z []float32) {
	clear(z)
	n := m.classes
	for k, f := range index {
		v := value[k]
		w := m.weight[int(f)*n : int(f)*n+n]
		add(z, w, v)
	}
	for c := range z {
		z[c] += bias
	}
}

// add adds v*w to z.
func add(z, w []float32, v float32) {
	w = w[:len(z)]
	for c := range z {
		z[c] += v * w[c]
	}
}

func sigmoid(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }

func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }
