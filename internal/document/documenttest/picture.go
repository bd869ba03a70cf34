package documenttest

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// Typist is an engine that sees the same lines on every picture, each word with this confidence: what a real engine sees is
// tested with the readers of pages.
type Typist struct {
	Lines      []string
	Confidence float64
	Err        error // instead of an answer
}

// Recognise gives the lines.
func (t Typist) Recognise(_ context.Context, p document.Picture) (document.Recognised, error) {
	seen := document.Recognised{Engine: "typist/1"}
	for n, text := range t.Lines {
		left := 100.0
		for _, w := range strings.Fields(text) {
			wide := 14 * float64(len(w))
			if top := 100 + 60*float64(n); left+wide < float64(p.Width) && top+30 < float64(p.Height) {
				seen.Words = append(seen.Words, document.SeenWord{Text: w, Line: n, Confidence: t.Confidence, Box: pact.Box{Left: left, Top: top, Right: left + wide, Bottom: top + 30}})
			}
			left += wide + 14
		}
	}
	return seen, t.Err
}

// Picture is a PNG file with some ink on it, so that it is no blank page.
func Picture(width, height int) []byte {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for y := height / 10; y < height*9/10; y += max(1, height/40) {
		for x := width / 10; x < width*9/10; x++ {
			if x/7%3 > 0 {
				img.SetGray(x, y, color.Gray{Y: 0})
				img.SetGray(x, y+1, color.Gray{Y: 0})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // writing to memory does not fail
	}
	return b.Bytes()
}
