package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"slices"
	"sync"

	"golang.org/x/image/draw"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/fault"
)

// longSide bounds the longer side of a page's picture, in points: what models look at without making it smaller themselves
// (https://docs.anthropic.com/en/docs/build-with-claude/vision: 1568; OpenAI's high detail fits into 2048).
const longSide = 1568

// Images gives pictures of the pages of a file that are read by recognition, as they lie in the file. Other pages have
// none. The file is read once more for it, in a worker, with nobody recognising anything: what would go to recognition is kept.
func (p *Pool) Images(ctx context.Context, file []byte, filename string, pages []int) ([]document.PageImage, error) {
	if p.config.Recogniser == nil || len(pages) == 0 {
		return nil, nil
	}
	keep := &keeper{pages: pages, images: map[int]document.PageImage{}}
	config := p.config
	config.Recogniser = keep
	_, err := p.try(ctx, config, file, filename)
	list, bad := keep.list()
	var state *document.Error
	if err != nil && len(list) < len(pages) && !errors.As(err, &state) { // a state is expected: nothing was recognised
		return nil, fmt.Errorf("making pictures of pages: %w", err)
	}
	return list, bad
}

// keeper takes what is to be recognised and reads nothing on it.
type keeper struct {
	pages []int

	mu     sync.Mutex
	images map[int]document.PageImage
	err    error
}

// errKept is why a keeper reads nothing.
var errKept = fault.New(fault.Unavailable, "The page was only looked at.")

// Recognise keeps the first picture of a wanted page: later ones are the same, turned.
func (k *keeper) Recognise(_ context.Context, p document.Picture) (document.Recognised, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, have := k.images[p.Page]; !have && slices.Contains(k.pages, p.Page) {
		made, err := pageImage(p)
		if err != nil {
			k.err = errors.Join(k.err, err)
		}
		k.images[p.Page] = made
	}
	if len(k.images) == len(k.pages) {
		return document.Recognised{}, errKept // nothing more is wanted of this file
	}
	return upright, nil
}

// upright is what makes a page count as lying the right way, so that it is not asked for turned.
var upright = document.Recognised{Engine: "none", Words: []document.SeenWord{{Text: "unrecognised", Confidence: 1}}}

func (k *keeper) list() ([]document.PageImage, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []document.PageImage
	for _, n := range slices.Sorted(slices.Values(k.pages)) {
		if i, ok := k.images[n]; ok && len(i.PNG) > 0 {
			list = append(list, i)
		}
	}
	return list, k.err
}

// pageImage makes the picture that is looked at, small enough.
func pageImage(p document.Picture) (document.PageImage, error) {
	from := &image.Gray{Pix: p.Gray, Stride: p.Width, Rect: image.Rect(0, 0, p.Width, p.Height)}
	w, h := p.Width, p.Height
	if long := max(w, h); long > longSide {
		w, h = max(1, w*longSide/long), max(1, h*longSide/long)
	}
	to := image.NewGray(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(to, to.Bounds(), from, from.Bounds(), draw.Src, nil)
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, to); err != nil {
		return document.PageImage{}, fmt.Errorf("writing the picture of page %d: %w", p.Page, err)
	}
	return document.PageImage{Page: p.Page, Width: w, Height: h, PNG: b.Bytes()}, nil
}
