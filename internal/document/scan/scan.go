// Package scan reads pictures of pages: it puts them upright and level, has them recognised, and makes pages for the layout.
//
// It owns everything around recognition: decoding picture files under limits, resolution, rotation, skew, ruled lines, the
// even boxes of words, and the reader of pictures as documents. It does not own recognition itself (document.Recogniser,
// which runs outside the parse worker) nor the layout. Invariants: a picture is measured before it is decoded; boxes come
// back as the page is displayed, whichever way it lay; the same picture and engine give the same page.
package scan

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/pact"
)

// DPI is the resolution pictures are recognised at.
const DPI = 300

// blankInk is the share of dark points below which a page is empty.
const blankInk = 0.0002

// Seen is a recognised page.
type Seen struct {
	Page    layout.Page
	Engine  string
	Letters int
	Mean    float64 // confidence
}

// Place says which picture of a document this is, for progress.
type Place struct{ Page, Done, Total int }

// See recognises a picture. The error is *document.Error where the picture can not be read, or nothing is set up to read it.
func See(ctx context.Context, engine document.Recogniser, r Raster, place Place) (Seen, error) {
	limit := r.threshold()
	page := layout.Page{Number: place.Page, Width: points(r.Width, r.DPI), Height: points(r.Height, r.DPI)}
	if r.ink(limit) < blankInk {
		return Seen{Page: page}, nil
	}
	sideways, _ := r.lie()
	guess := 0
	if sideways {
		guess = 1
	}
	var best Seen
	for i, quarters := range []int{guess, guess + 2, guess ^ 1, guess ^ 1 + 2} {
		s, err := seeTurned(ctx, engine, r, quarters, place)
		if err != nil {
			return Seen{}, err
		}
		if i == 0 || s.Mean*math.Sqrt(float64(s.Letters)) > best.Mean*math.Sqrt(float64(best.Letters)) {
			best = s
		}
		// A page that lies the right way is read well, or is no page of text whichever way it lies.
		if s.Mean >= 0.62 && s.Letters >= 8 || i == 0 && s.Letters < 8 && s.Mean < 0.3 && r.ink(limit) < 0.004 {
			break
		}
	}
	return best, nil
}

func points(pixels, dpi int) float64 { return math.Round(float64(pixels)*7200/float64(dpi)) / 100 }

// seeTurned recognises the picture turned to the right by quarters.
func seeTurned(ctx context.Context, engine document.Recogniser, r Raster, quarters int, place Place) (Seen, error) {
	up := r.turned(quarters)
	_, degrees := up.lie()
	if math.Abs(degrees) < leastFix {
		degrees = 0
	} else {
		up = up.straightened(degrees * math.Pi / 180)
	}
	across, down := up.rules(up.faint(up.threshold()))
	inGrid, downGrid := grid(across, down, up.DPI)
	if len(inGrid) > 0 {
		if quarters&3 == 0 && degrees == 0 {
			up.Gray = append([]byte(nil), up.Gray...) // the caller's picture stays as it is
		}
		up.erase(inGrid)
		up.erase(downGrid)
	}
	seen, err := engine.Recognise(ctx, document.Picture{Width: up.Width, Height: up.Height, DPI: up.DPI, Gray: up.Gray, Page: place.Page, Done: place.Done, Total: place.Total})
	if err != nil {
		return Seen{}, err
	}
	if err := check(seen, up); err != nil {
		return Seen{}, err
	}
	scale := 72 / float64(up.DPI)
	p := layout.Page{Number: place.Page, Width: points(up.Width, up.DPI), Height: points(up.Height, up.DPI), Words: pageWords(seen.Words, up.DPI), Rules: boxes(scale, inGrid, downGrid)}
	if len(p.Rules) == 0 {
		for _, b := range seen.Rules {
			p.Rules = append(p.Rules, pact.Box{Left: b.Left * scale, Top: b.Top * scale, Right: b.Right * scale, Bottom: b.Bottom * scale})
		}
	}
	if back := (4 - quarters) & 3; back != 0 || degrees != 0 {
		p.Shown = &layout.Turn{Quarters: back, Radians: degrees * math.Pi / 180}
	}
	s := Seen{Page: p, Engine: seen.Engine}
	s.Mean, s.Letters = quality(seen.Words)
	return s, nil
}

const maxWords = 20_000

// check refuses an answer that can not be of this picture: engines are programs and services of others.
func check(seen document.Recognised, r Raster) error {
	if len(seen.Words) > maxWords || len(seen.Rules) > 4*maxRules {
		return errors.New("the text recognition answered with more words than a page can hold")
	}
	w, h := float64(r.Width)+1, float64(r.Height)+1
	for _, word := range seen.Words {
		b := word.Box
		if !(-1 <= b.Left && b.Left <= b.Right && b.Right <= w && -1 <= b.Top && b.Top <= b.Bottom && b.Bottom <= h) || math.IsNaN(word.Confidence) {
			return fmt.Errorf("the text recognition answered with a word outside the picture: %+v", b)
		}
	}
	return nil
}
