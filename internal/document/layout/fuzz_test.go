package layout_test

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/pact"
)

// FuzzLayout puts words and rules anywhere, off the page too: readers hand over boxes whose sides are in order, and nothing else is sure.
func FuzzLayout(f *testing.F) {
	f.Add([]byte("\x00\x10\x00\x20\x00\x30\x00\x08\x01\x01\x10\x00\x28\x00\x30\x00\x08\x02\x02\x10\x00\x50\x00\x60\x00\x08\x03"), "1. Term\nThe term is one year.\n12,500.00 USD\n- 3 -")
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff"), "a\n\n•")
	f.Fuzz(func(t *testing.T, places []byte, text string) {
		if len(places) > 20_000 || len(text) > 20_000 {
			return
		}
		words := []string{""}
		for _, c := range text {
			if c == ' ' || c == '\n' {
				words = append(words, "")
				continue
			}
			words[len(words)-1] += string(c)
		}
		pages := []*layout.Page{{Number: 1, Width: 612, Height: 792}}
		for n := 0; len(places) >= 9; n++ {
			at := func(i int) float64 { return float64(int16(binary.LittleEndian.Uint16(places[i:]))) / 8 }
			p := pages[len(pages)-1]
			box := pact.Box{Left: at(1), Top: at(3), Right: at(1) + math.Abs(at(5)), Bottom: at(3) + float64(places[7])/4}
			switch kind := places[8]; {
			case kind&7 == 7:
				p.Rules = append(p.Rules, box)
			case kind&15 == 14 && len(pages) < 20:
				pages = append(pages, &layout.Page{Number: len(pages) + 1, Width: 612, Height: 792, Shown: &layout.Turn{Quarters: int(kind >> 6), Radians: at(5) / 1e4}})
			default:
				w := words[n%len(words)]
				if w == "" {
					w = "x"
				}
				p.Words = append(p.Words, layout.Word{Text: w, Box: box, Bold: kind&16 > 0, Hyphen: kind&32 > 0, Glue: kind&64 > 0, Confidence: float64(kind>>7) / 2})
			}
			places = places[9:]
		}
		documenttest.Check(t, layout.Assemble([]byte(text), "layout/fuzz", pages))
	})
}
