package learn

import (
	"math/rand/v2"

	"github.com/pactloop/pactloop/internal/extract/clause"
)

// net is a small network: features are vectors, their sum passes one hidden layer, from which all categories are told. What
// is learned for one category helps the others; its opinion differs enough from the regressions' that the mean is better.
// Several that began elsewhere agree on what is so and not on what is chance: their mean is better again, and is one network.
type net struct {
	classes int
	hidden  int
	limit   uint32    // features from here on are too rare to have a vector
	embed   []float32 // [feature*hidden + h]
	start   []float32 // of the hidden layer
	out     []float32 // [class*hidden + h]
	bias    []float32
}

// NetConfig says how the network is learned. Hidden 0: there is none.
type NetConfig struct {
	Nets    int // so many are learned; 0 is 1
	Hidden  int // of each
	Words   int // so many features have a vector, the most frequent
	Epochs  int
	Rate    float64
	Decay   float64
	Damp    float64
	Dropout float64 // share of a row's features that are left out each time it is seen
}

func bestNet() NetConfig {
	return NetConfig{Nets: 3, Hidden: 32, Words: 24_000, Epochs: 5, Rate: 0.3, Decay: 1e-4, Damp: 0.3, Dropout: 0.4}
}

// fitNet learns by AdaGrad, one row after the other, as fitLinear does.
func fitNet(cfg NetConfig, classes, features int, seed uint64, r *rows, use []int32) *net {
	n, hd := classes, cfg.Hidden
	rng := rand.New(rand.NewPCG(seed, 17))
	words := min(cfg.Words, features)
	m := &net{classes: n, hidden: hd, limit: uint32(words), embed: normal(rng, words*hd, 0.1), start: make([]float32, hd), out: normal(rng, n*hd, 0.15), bias: filled(n, bias)}
	squareEmbed, squareOut, squareBias, squareStart := filled(len(m.embed), float32(cfg.Damp)), filled(len(m.out), 1e-2), filled(n, 1e-2), filled(hd, 1e-2)
	order := append([]int32(nil), use...)
	a, back, g := make([]float32, hd), make([]float32, hd), make([]float32, n)
	kept, keptValue := make([]uint32, 0, 4096), make([]float32, 0, 4096)
	idle := make([]uint8, r.len())
	for epoch := range cfg.Epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		rate := float32(cfg.Rate * (1 - 0.9*float64(epoch)/float64(cfg.Epochs)))
		for _, row := range order {
			if idle[row] > 0 {
				idle[row]--
				continue
			}
			kept, keptValue = m.thin(rng, r.index[r.start[row]:r.start[row+1]], r.value[r.start[row]:r.start[row+1]], kept[:0], keptValue[:0], cfg.Dropout)
			m.forward(kept, keptValue, a)
			for c := range g {
				g[c] = 0
				if z := m.bias[c] + dot(a, m.out[c*hd:c*hd+hd]); z > -7 {
					g[c] = sigmoid(z)
				}
			}
			for _, c := range r.labels[row] {
				g[c]--
			}
			clear(back)
			learned := false
			for c, d := range g {
				if d < 0.004 && d > -0.004 {
					continue
				}
				learned = true
				w, s := m.out[c*hd:c*hd+hd], squareOut[c*hd:c*hd+hd]
				for h := range w {
					back[h] += d * w[h]
					e := d * a[h]
					s[h] += e * e
					w[h] -= rate * e / sqrt32(s[h])
				}
				squareBias[c] += d * d
				m.bias[c] -= rate * d / sqrt32(squareBias[c])
			}
			if !learned {
				idle[row] = 2
				continue
			}
			for h := range back {
				if a[h] <= 0 {
					back[h] = 0
				}
				squareStart[h] += back[h] * back[h]
				m.start[h] -= rate * back[h] / sqrt32(squareStart[h])
			}
			for k, f := range kept {
				v := keptValue[k]
				w, s := m.embed[int(f)*hd:int(f)*hd+hd], squareEmbed[int(f)*hd:int(f)*hd+hd]
				for h, b := range back {
					if b == 0 {
						continue
					}
					e := v*b + float32(cfg.Decay)*w[h]
					s[h] += e * e
					w[h] -= rate * e / sqrt32(s[h])
				}
			}
		}
	}
	return m
}

// fitNets learns networks from other beginnings and puts them beside each other: the hidden layers stand in a row, and each
// network counts for its share of the opinion.
func fitNets(cfg NetConfig, classes, features int, seed uint64, r *rows, use []int32) *net {
	list := make([]*net, max(1, cfg.Nets))
	for k := range list {
		list[k] = fitNet(cfg, classes, features, seed+uint64(k), r, use)
	}
	return joinNets(list)
}

func joinNets(list []*net) *net {
	if len(list) == 1 {
		return list[0]
	}
	first, share := list[0], 1/float32(len(list))
	m := &net{classes: first.classes, limit: first.limit, bias: make([]float32, first.classes)}
	for _, x := range list {
		m.hidden += x.hidden
		m.start = append(m.start, x.start...)
		for c, b := range x.bias {
			m.bias[c] += share * b
		}
	}
	for f := range int(first.limit) {
		for _, x := range list {
			m.embed = append(m.embed, x.embed[f*x.hidden:(f+1)*x.hidden]...)
		}
	}
	for c := range first.classes {
		for _, x := range list {
			for _, w := range x.out[c*x.hidden : (c+1)*x.hidden] {
				m.out = append(m.out, share*w)
			}
		}
	}
	return m
}

// thin leaves features out by chance, and raises the others so that their sum is as before: what is learned does then not
// rest on single words. Features without a vector are dropped.
func (m *net) thin(rng *rand.Rand, index []uint32, value []float32, kept []uint32, keptValue []float32, share float64) ([]uint32, []float32) {
	limit, up := uint64(share*(1<<16)), float32(1/(1-share))
	var bits uint64
	for k, f := range index {
		if k%4 == 0 {
			bits = rng.Uint64()
		}
		if bits&0xffff >= limit && f < m.limit {
			kept, keptValue = append(kept, f), append(keptValue, value[k]*up)
		}
		bits >>= 16
	}
	return kept, keptValue
}

func (m *net) forward(index []uint32, value []float32, a []float32) {
	copy(a, m.start)
	for k, f := range index {
		if f < m.limit {
			add(a, m.embed[int(f)*m.hidden:int(f)*m.hidden+m.hidden], value[k])
		}
	}
	for h := range a {
		a[h] = max(a[h], 0)
	}
}

func normal(rng *rand.Rand, n int, size float64) []float32 {
	list := make([]float32, n)
	for i := range list {
		list[i] = float32(rng.NormFloat64() * size)
	}
	return list
}

func filled(n int, v float32) []float32 {
	list := make([]float32, n)
	for i := range list {
		list[i] = v
	}
	return list
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s float32
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

// wholes is the largest whole number of a vector: finer ones cost bytes and tell nothing more.
const wholes = 31

// whole gives a feature's vector as whole numbers of its scale, as it is shipped.
func (m *net) whole(feature int) (list []int8, scale float32) {
	v := m.embed[feature*m.hidden : (feature+1)*m.hidden]
	most := float32(1e-6)
	for _, x := range v {
		most = max(most, x, -x)
	}
	scale = most / wholes
	for _, x := range v {
		n := x / scale
		if n < 0 {
			n -= 0.5
		} else {
			n += 0.5
		}
		list = append(list, int8(n))
	}
	return list, scale
}

// round makes the vectors what they will be in the binary.
func (m *net) round() {
	for f := range int(m.limit) {
		list, scale := m.whole(f)
		for h, n := range list {
			m.embed[f*m.hidden+h] = scale * float32(n)
		}
	}
}

// stage is stage one: regressions and, where there is one, the network.
type stage struct {
	linear *linear
	net    *net
}

// scores gives the mean of both opinions for each category, then how far they lie apart.
func (s *stage) scores(index []uint32, value []float32) []float32 {
	n := s.linear.classes
	out := make([]float32, 2*n)
	s.linear.scores(index, value, out[:n])
	if s.net == nil {
		return out
	}
	a := make([]float32, s.net.hidden)
	s.net.forward(index, value, a)
	for c := range n {
		z := s.net.bias[c] + dot(a, s.net.out[c*s.net.hidden:(c+1)*s.net.hidden])
		out[n+c] = out[c] - z
		out[c] = (out[c] + z) / 2
	}
	return out
}

// shipped writes the network for the keys of weights; order gives the features of the keys.
func (m *net) shipped(order []int) clause.Net {
	w := clause.Net{Hidden: m.hidden, Start: m.start, Out: m.out, Bias: m.bias}
	for _, f := range order {
		if f >= int(m.limit) {
			w.Row = append(w.Row, -1)
			continue
		}
		w.Row = append(w.Row, int32(len(w.Scale)))
		list, scale := m.whole(f)
		w.Embed, w.Scale = append(w.Embed, list...), append(w.Scale, scale)
	}
	return w
}
