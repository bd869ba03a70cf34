package evaluate

import (
	"fmt"
	"math"
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
	return c
}

func (r *Report) printCalibration(b *strings.Builder) {
	fmt.Fprintf(b, "\nCalibration (ten bins; a value given where the label is empty counts as wrong)\n%-20s %6s %7s %22s %18s\n", "field", "given", "error", "right at 0.85 or more", "share of present")
	line := func(name string, c Calibration) {
		fmt.Fprintf(b, "%-20s %6d %7.3f %14.3f (%4d) %18.3f\n", name, c.Given, c.Error, c.SureShare(), c.Sure, float64(c.Sure)/float64(max(1, c.Present)))
	}
	for _, f := range r.Fields {
		line(f.Name, f.Calibration())
	}
	line("all", r.Calibration())
}
