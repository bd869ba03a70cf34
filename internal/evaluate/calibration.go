package evaluate

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// confident is the confidence from which a value may pass without a person, where the policy allows it.
const confident = 0.85

// Calibration says how far the confidence of the values given is from the share of right ones.
type Calibration struct {
	Given     int     `json:"given"`
	Present   int     `json:"present"`    // labels that have a value
	Error     float64 `json:"error"`      // expected calibration error in ten bins
	Noise     float64 `json:"noise"`      // error that the same confidences show on average where each is exactly right
	AsFar     float64 `json:"as_far"`     // how often such confidences show at least the error; under 0.05 it is no accident
	Even      float64 `json:"even"`       // error in bins of as many values each, twenty at least
	Sure      int     `json:"sure"`       // values at or above 0.85
	SureRight int     `json:"sure_right"` // of these, right
}

// SureShare is the share of right ones among the values at or above 0.85.
func (c Calibration) SureShare() float64 {
	if c.Sure == 0 {
		return 0
	}
	return float64(c.SureRight) / float64(c.Sure)
}

// Calibration of a field. A value given where the label is empty counts as wrong.
func (f *Field) Calibration() Calibration { return calibration([]*Field{f}) }

// Calibration of all fields together.
func (r *Report) Calibration() Calibration { return calibration(r.Fields) }

func calibration(fields []*Field) Calibration {
	var c Calibration
	var n, right [10]int
	var believed [10]float64
	for _, f := range fields {
		c.Present += f.Gold
		for key, b := range f.bins {
			p, err := strconv.ParseFloat(key, 64)
			if err != nil {
				continue
			}
			k := min(int(p*10), 9)
			n[k], right[k] = n[k]+b.all, right[k]+b.right
			believed[k] += p * float64(b.all)
			c.Given += b.all
			if p >= confident {
				c.Sure, c.SureRight = c.Sure+b.all, c.SureRight+b.right
			}
		}
	}
	if c.Given == 0 {
		return c
	}
	for k := range n {
		if n[k] > 0 {
			c.Error += math.Abs(believed[k]-float64(right[k])) / float64(c.Given)
		}
	}
	all := believedOf(fields)
	c.Even = evenError(all, c.Given)
	c.Noise, c.AsFar = noise(all, c.Given, c.Error)
	return c
}

// belief is all values that were given one confidence.
type belief struct {
	confidence float64
	bin
}

func believedOf(fields []*Field) []belief {
	sum := map[float64]bin{}
	for _, f := range fields {
		for key, b := range f.bins {
			if p, err := strconv.ParseFloat(key, 64); err == nil {
				was := sum[p]
				sum[p] = bin{was.right + b.right, was.all + b.all}
			}
		}
	}
	var out []belief
	for _, p := range slices.Sorted(maps.Keys(sum)) {
		out = append(out, belief{p, sum[p]})
	}
	return out
}

// evenError parts the values, in the order of their confidence, into up to ten bins of as many each. Values of one confidence
// stay together.
func evenError(all []belief, given int) float64 {
	bins := min(10, max(1, given/20))
	var out, believed, right float64
	passed, closed := 0, 0
	for _, l := range all {
		passed, believed, right = passed+l.all, believed+l.confidence*float64(l.all), right+float64(l.right)
		if passed*bins < given*(closed+1) {
			continue
		}
		out += math.Abs(believed-right) / float64(given)
		believed, right = 0, 0
		closed = passed * bins / given
	}
	return out
}

// drawings is how many times outcomes are drawn; the same numbers come out every time.
const drawings = 2000

// noise draws outcomes that are right exactly as often as was believed, and gives the mean error they show in ten bins, and the
// share of drawings with at least the error that was seen. With few values in ten bins the error of the best confidence there
// could be is far from nothing.
func noise(all []belief, given int, seen float64) (mean, asFar float64) {
	draw := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same drawings every time are the point
	for range drawings {
		var off [10]float64
		for _, l := range all {
			k := min(int(l.confidence*10), 9)
			for range l.all {
				off[k] += l.confidence
				if draw.Float64() < l.confidence {
					off[k]--
				}
			}
		}
		total := 0.0
		for _, o := range off {
			total += math.Abs(o)
		}
		total /= float64(given)
		mean += total / drawings
		if total >= seen-1e-12 {
			asFar += 1.0 / drawings
		}
	}
	return mean, asFar
}

func (r *Report) printCalibration(b *strings.Builder) {
	fmt.Fprintf(b, "\nCalibration (ten bins; a value given where the label is empty counts as wrong; noise: what exact confidences would show, and how often as much as here)\n%-20s %6s %7s %7s %7s %7s %22s %18s\n", "field", "given", "error", "noise", "as far", "even", "right at 0.85 or more", "share of present")
	line := func(name string, c Calibration) {
		fmt.Fprintf(b, "%-20s %6d %7.3f %7.3f %7.3f %7.3f %14.3f (%4d) %18.3f\n", name, c.Given, c.Error, c.Noise, c.AsFar, c.Even, c.SureShare(), c.Sure, float64(c.Sure)/float64(max(1, c.Present)))
	}
	for _, f := range r.Fields {
		line(f.Name, f.Calibration())
	}
	line("all", r.Calibration())
}
