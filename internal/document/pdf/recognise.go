package pdf

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/document/scan"
	"github.com/pactloop/pactloop/internal/pact"
)

// need says whether a page has to be recognised from its picture.
type need int

const (
	legibleText need = iota
	pictured         // hardly any text, and a picture
	drawn            // letters drawn as lines
	garbled          // a text layer that says other letters than it shows
	partly           // text, and beside it a picture that may hold more
)

// needOf judges a page by what stands on it. A stamp of an e-signature service on every page is no text layer.
func needOf(p *page) need {
	switch {
	case p.visible < 200 && p.imageArea > 0.5 && p.invisible < 30, p.visible < 30 && p.imageArea > 0.04:
		return pictured
	case p.visible < 30 && p.drawings > 60:
		return drawn
	case 10*p.unmapped > 3*p.visible && p.visible > 0, garbage(p.Words):
		return garbled
	case p.imageArea > 0.2 && p.invisible == 0:
		return partly
	}
	return legibleText
}

// garbage tells whether the words are letters of another alphabet in disguise: fonts that give codes instead of letters. Most
// such texts have hardly any vowels, or hardly any letters; figures and other scripts are left alone.
func garbage(words []layout.Word) bool {
	letters, latin, vowels, digits, marks := 0, 0, 0, 0, 0
	for _, w := range words {
		for _, r := range w.Text {
			switch {
			case r < unicode.MaxASCII && unicode.IsLetter(r):
				latin++
				letters++
				if strings.ContainsRune("aeiouyAEIOUY", r) {
					vowels++
				}
			case unicode.IsLetter(r):
				letters++
			case unicode.IsDigit(r):
				digits++
			case !strings.ContainsRune("_.-…•·*=|", r):
				marks++
			}
		}
	}
	return latin >= 80 && latin > letters/2 && vowels*100 < latin*22 || letters+digits+marks >= 80 && marks > letters+digits
}

// recognised is what recognition gave to a document.
type recognised struct {
	engine   string
	pages    map[int]scan.Seen // by index
	failed   map[int]*document.Error
	warnings []string
	missing  string // why nothing could be recognised: a sentence with what to do
}

// lost gives the reason of the first page that could not be recognised.
func (s recognised) lost() *document.Error {
	for i := range MaxPages {
		if e := s.failed[i]; e != nil {
			return e
		}
	}
	return nil
}

// recognise has the pages that need it recognised, and puts the words on them.
func (l *library) recognise(ctx context.Context, doc uint64, engine document.Recogniser, pages []*page) (recognised, error) {
	var list []int
	must := 0
	for i, p := range pages {
		if p.need = needOf(p); p.need != legibleText {
			list = append(list, i)
			if p.need != partly {
				must++
			}
		}
	}
	switch {
	case len(list) == 0:
		return recognised{}, nil
	case engine == nil:
		return recognised{missing: scan.NoEngine}, nil
	case must > scan.MaxPages:
		return recognised{}, tooLarge(fmt.Sprintf("%d of its pages are pictures, and %d are the limit of what is recognised", must, scan.MaxPages))
	}
	list = list[:min(len(list), scan.MaxPages)]
	seen, failed, err := scan.All(ctx, engine, list, func(i int) (scan.Raster, error) { return l.picture(ctx, doc, i, pages[i]) })
	var state *document.Error
	switch {
	case errors.As(err, &state) && state.State.State == pact.DocumentNeedsOCR:
		return recognised{missing: state.Reason}, nil
	case err != nil && trapped(err):
		return recognised{}, broken(err)
	case err != nil:
		return recognised{}, err
	}
	for i, s := range seen {
		if !pages[i].take(s) {
			delete(seen, i)
		}
	}
	out := recognised{pages: seen, failed: failed}
	out.engine, out.warnings = scan.Report(seen, failed)
	return out, nil
}

// take puts recognised words on the page. Of a page with text of its own only what stands in its pictures is taken, and only
// where it is a text rather than a logo.
func (p *page) take(s scan.Seen) bool {
	if p.need != partly {
		if p.need == garbled && s.Letters == 0 {
			return false
		}
		p.Words = s.Page.Words
		p.Rules = append(p.Rules, s.Page.Rules...)
		if turned := s.Page.Shown; turned != nil {
			p.Rules = s.Page.Rules
			p.Width, p.Height = s.Page.Width, s.Page.Height
			if p.Shown != nil { // it was drawn as its letters seemed to lie
				turned.Quarters += p.Shown.Quarters
			}
			p.Shown = turned
		}
		return true
	}
	if s.Page.Shown != nil && (s.Page.Shown.Quarters != 0 || math.Abs(s.Page.Shown.Radians) > 0.01) || s.Mean < 0.6 {
		return false
	}
	var more []layout.Word
	for _, w := range s.Page.Words {
		x, y := (w.Box.Left+w.Box.Right)/2, (w.Box.Top+w.Box.Bottom)/2
		if within(p.pictures, x, y) && !onWord(p.Words, x, y) {
			more = append(more, w)
		}
	}
	if len(more) < 12 {
		return false
	}
	p.Words = append(p.Words, more...)
	return true
}

func onWord(words []layout.Word, x, y float64) bool {
	for _, w := range words {
		if w.Box.Left <= x && x <= w.Box.Right && w.Box.Top <= y && y <= w.Box.Bottom {
			return true
		}
	}
	return false
}

// picture draws a page as grey points.
func (l *library) picture(ctx context.Context, doc uint64, index int, p *page) (scan.Raster, error) {
	dpi := float64(scan.DPI)
	if area := p.Width * p.Height / (72 * 72) * dpi * dpi; area > mostPoints {
		dpi *= math.Sqrt(mostPoints / area)
	}
	return l.draw(ctx, doc, index, p, max(1, int(dpi)))
}

// Draw gives a page as a picture, for whoever looks at pages rather than words.
func (r *Reader) Draw(ctx context.Context, file []byte, index, dpi int) (scan.Raster, error) {
	l, err := r.engine.open(ctx)
	if err != nil {
		return scan.Raster{}, fmt.Errorf("starting the PDF parser: %w", err)
	}
	defer l.close()
	doc, code, err := l.load(ctx, file)
	if err != nil {
		return scan.Raster{}, broken(err)
	}
	if doc == 0 {
		return scan.Raster{}, unopened(code)
	}
	p, err := l.readPage(ctx, doc, index)
	if err != nil {
		return scan.Raster{}, err
	}
	if p.Width*p.Height/(72*72)*float64(dpi*dpi) > mostPoints {
		return scan.Raster{}, document.Failed(pact.DocumentRejected, "The page is too large to be drawn at this resolution.")
	}
	return l.draw(ctx, doc, index, p, dpi)
}

// mostPoints keeps the drawing of a page inside the memory of the parser.
const mostPoints = 30_000_000

const (
	bitmapGray  = 1
	renderAnnot = 0x01 // stamps and filled form fields are seen, too
	renderGray  = 0x08
)

// draw gives a page as its lines are read: one that lies on its side is drawn upright.
func (l *library) draw(ctx context.Context, doc uint64, index int, p *page, dpi int) (r scan.Raster, err error) {
	width, height, turn := p.Width, p.Height, 0
	if p.Shown != nil {
		turn = (4 - p.Shown.Quarters&3) & 3
	}
	w, h := max(1, int(math.Round(width*float64(dpi)/72))), max(1, int(math.Round(height*float64(dpi)/72)))
	if w > 40_000 || h > 40_000 {
		return r, document.Failed(pact.DocumentRejected, "The page is longer than any printed page. Save it on pages of common size and upload that.")
	}
	page, err := l.call(ctx, "FPDF_LoadPage", doc, uint64(index))
	if err != nil {
		return r, err
	}
	if uint32(page) == 0 {
		return r, document.Failed(pact.DocumentDamaged, fmt.Sprintf("Page %d can not be opened.", index+1))
	}
	defer func() { _, _ = l.call(ctx, "FPDF_ClosePage", page) }()
	bitmap, err := l.call(ctx, "FPDFBitmap_CreateEx", uint64(w), uint64(h), bitmapGray, 0, 0)
	if err != nil {
		return r, err
	}
	if uint32(bitmap) == 0 {
		return r, document.Failed(pact.DocumentRejected, fmt.Sprintf("Drawing page %d needs more memory than one file may use.", index+1))
	}
	defer func() { _, _ = l.call(ctx, "FPDFBitmap_Destroy", bitmap) }()
	if _, err := l.call(ctx, "FPDFBitmap_FillRect", bitmap, 0, 0, uint64(w), uint64(h), 0xffffffff); err != nil {
		return r, err
	}
	if _, err := l.call(ctx, "FPDF_RenderPageBitmap", bitmap, page, 0, 0, uint64(w), uint64(h), uint64(turn), renderAnnot|renderGray); err != nil {
		return r, err
	}
	stride, err := l.call(ctx, "FPDFBitmap_GetStride", bitmap)
	if err != nil {
		return r, err
	}
	buffer, err := l.call(ctx, "FPDFBitmap_GetBuffer", bitmap)
	if err != nil {
		return r, err
	}
	rows, ok := l.memory.Read(uint32(buffer), uint32(stride)*uint32(h))
	if !ok || int(uint32(stride)) < w {
		return r, fmt.Errorf("calling FPDFBitmap_GetBuffer: %w", errMemory)
	}
	r = scan.Raster{Width: w, Height: h, DPI: dpi, Gray: make([]byte, w*h)}
	for y := range h {
		copy(r.Gray[y*w:(y+1)*w], rows[y*int(uint32(stride)):])
	}
	return r, nil
}
