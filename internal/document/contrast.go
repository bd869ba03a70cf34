package document

import (
	"math"
	"strconv"
)

// Alike tells whether letters of one colour can not be read on the other. Both are six hexadecimal figures; colours that are
// not known are not alike. The measure is the contrast of the accessibility guidelines (1 is none, 21 is black on white), and
// how far the colours lie apart: yellow on white has hardly any contrast, and is still seen.
func Alike(letters, ground string) bool {
	a, okA := channels(letters)
	b, okB := channels(ground)
	if !okA || !okB {
		return false
	}
	apart := 0.0
	for i := range a {
		apart = max(apart, math.Abs(a[i]-b[i]))
	}
	la, lb := luminance(a), luminance(b)
	return apart <= 48 && (max(la, lb)+0.05)/(min(la, lb)+0.05) < 1.2
}

func channels(hex string) ([3]float64, bool) {
	n, err := strconv.ParseUint(hex, 16, 32)
	return [3]float64{float64(n >> 16), float64(n >> 8 & 0xff), float64(n & 0xff)}, err == nil && len(hex) == 6
}

func luminance(c [3]float64) float64 {
	linear := func(v float64) float64 {
		if v /= 255; v > 0.03928 {
			return math.Pow((v+0.055)/1.055, 2.4)
		}
		return v / 12.92
	}
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}
