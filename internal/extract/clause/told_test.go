package clause

import "testing"

func TestFromHalfAPercentOnAConfidenceIsToldAsOnePercentAtLeast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		chance float32
		want   float64
	}{{0, 0}, {0.00004, 0}, {0.0012, 0.0012}, {0.0049, 0.0049}, {0.0051, 0.01}, {0.0149, 0.0149}, {0.0744, 0.0744}, {0.85, 0.85}, {0.9999, 0.99}, {1, 0.99}} {
		if got := Told(c.chance); got != c.want {
			t.Errorf("a chance of %v is told as %v, want %v", c.chance, got, c.want)
		}
	}
}
