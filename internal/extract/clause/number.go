package clause

import "math"

// chance turns a score into a probability.
func chance(z float32) float32 { return float32(1 / (1 + math.Exp(-float64(z)))) }

func logOf(n int) float32 { return float32(math.Log(float64(max(1, n)))) }
