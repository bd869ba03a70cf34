package html

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// ink is a colour as a style writes it.
type ink struct {
	hex   string // six figures
	alpha float64
	known bool
}

// colour reads a name, figures, rgb or hsl.
func colour(v string) ink {
	v = strings.ToLower(strings.TrimSpace(v))
	if hex, ok := strings.CutPrefix(v, "#"); ok {
		return figures(hex)
	}
	switch v {
	case "window", "canvas":
		return ink{"ffffff", 1, true}
	case "windowtext", "canvastext":
		return ink{"000000", 1, true}
	case "transparent":
		return ink{"000000", 0, true}
	}
	if c, ok := colornames.Map[v]; ok {
		return ink{figure(float64(c.R)) + figure(float64(c.G)) + figure(float64(c.B)), 1, true}
	}
	name, inside, ok := strings.Cut(v, "(")
	inside, closed := strings.CutSuffix(inside, ")")
	if !ok || !closed || strings.ContainsAny(inside, "()") {
		return ink{}
	}
	parts := strings.FieldsFunc(inside, func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
	if len(parts) < 3 || len(parts) > 4 {
		return ink{}
	}
	out := ink{alpha: 1, known: true}
	if len(parts) == 4 {
		out.alpha = share(parts[3])
	}
	var n [3]float64
	for i, p := range parts[:3] {
		f, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSuffix(p, "%"), "deg"), 64)
		if err != nil {
			return ink{}
		}
		if name == "rgb" || name == "rgba" {
			if strings.HasSuffix(p, "%") {
				f *= 2.55
			}
		}
		n[i] = f
	}
	switch name {
	case "rgb", "rgba":
	case "hsl", "hsla":
		n = toned(n[0], n[1]/100, n[2]/100)
	default:
		return ink{}
	}
	for _, f := range n {
		out.hex += figure(f)
	}
	return out
}

func figures(hex string) ink {
	if len(hex) == 3 || len(hex) == 4 {
		long := make([]byte, 0, 8)
		for i := range len(hex) {
			long = append(long, hex[i], hex[i])
		}
		hex = string(long)
	}
	n, err := strconv.ParseUint(hex, 16, 64)
	switch {
	case err != nil:
		return ink{}
	case len(hex) == 8:
		return ink{hex[:6], float64(n&0xff) / 255, true}
	}
	return ink{hex, 1, len(hex) == 6}
}

func figure(f float64) string {
	hex := strconv.FormatInt(int64(math.Round(max(0, min(255, f)))), 16)
	return strings.Repeat("0", 2-len(hex)) + hex
}

// toned makes red, green and blue of hue, saturation and lightness.
func toned(h, s, l float64) [3]float64 {
	s, l = max(0, min(1, s)), max(0, min(1, l))
	part := func(n float64) float64 {
		k := math.Mod(n+h/30, 12)
		if k < 0 {
			k += 12
		}
		return 255 * (l - s*min(l, 1-l)*max(-1, min(k-3, 9-k, 1)))
	}
	return [3]float64{part(0), part(8), part(4)}
}
