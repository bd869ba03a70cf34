package scan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/pact"
)

// Embedded is a picture inside of a document of text, such as a scanned page that was put into a Word file.
type Embedded struct {
	// Open gives the file.
	Open func() ([]byte, error)
	// Width and Height are how large it is shown, in inches; 0 where the document does not say.
	Width, Height float64
	// Crop is what is cut off at each side and not shown, as shares of the whole.
	Crop pact.Box
}

// A picture as large as this may be a page, or hold a table or clauses; what is smaller is a logo, a signature or an icon.
const (
	largeArea  = 15.0 // square inches
	largeSide  = 2.0
	largeDots  = 480_000 // points, where the document does not say how large it is shown
	fewestSaid = 12      // words; fewer are a logo or a diagram
)

// Large tells whether the picture may hold a text.
func (e Embedded) Large() bool {
	if e.Width > 0 && e.Height > 0 {
		return e.Width*e.Height >= largeArea && min(e.Width, e.Height) >= largeSide
	}
	file, err := e.Open()
	if err != nil {
		return true // recognition says why it can not be opened
	}
	k, ok := kindOf(file)
	if !ok || k.config == nil {
		return k.name == "TIFF"
	}
	c, err := k.config(bytes.NewReader(file))
	return err != nil || c.Width*c.Height >= largeDots && min(c.Width, c.Height) >= 400
}

// Large are the pictures of a document that may hold a text, by index. Of one without any text of its own (only) all are.
func Large(list []Embedded, only bool) []int {
	var out []int
	for i, e := range list {
		if only || e.Large() {
			out = append(out, i)
		}
	}
	return out
}

// raster decodes the picture as it is shown.
func (e Embedded) raster() (Raster, error) {
	file, err := e.Open()
	if err != nil {
		return Raster{}, err
	}
	k, ok := kindOf(file)
	if !ok {
		return Raster{}, document.Failed(pact.DocumentUnsupported, "Its format is not read. Save the document as PDF and upload that.")
	}
	var r Raster
	if k.name == "TIFF" {
		pages, err := parseTIFF(file, 2)
		if err != nil || len(pages) == 0 {
			return Raster{}, damaged(k.name)
		}
		r, err = tiffPage(file, pages[0])
		if err != nil {
			return Raster{}, err
		}
	} else if r, err = k.points(file); err != nil {
		return Raster{}, err
	}
	r = r.cropped(e.Crop)
	shown := e.Width
	if k.name == "JPEG" && (r.Width > r.Height) != (e.Width > e.Height) {
		shown = e.Height // the camera's orientation was applied, or not, by the program that shows it
	}
	if shown <= 0 {
		return r.asPage(), nil
	}
	r.DPI = max(30, int(float64(r.Width)/shown+0.5))
	return r.legible(), nil
}

// cropped leaves away what is not shown.
func (r Raster) cropped(c pact.Box) Raster {
	side := func(share float64, whole int) int { return int(max(0, min(1, share)) * float64(whole)) }
	left, top := side(c.Left, r.Width), side(c.Top, r.Height)
	w, h := r.Width-left-side(c.Right, r.Width), r.Height-top-side(c.Bottom, r.Height)
	if w < 1 || h < 1 || w == r.Width && h == r.Height {
		return r
	}
	out := Raster{Width: w, Height: h, DPI: r.DPI, Gray: make([]byte, w*h)}
	for y := range h {
		copy(out.Gray[y*w:(y+1)*w], r.Gray[(y+top)*r.Width+left:])
	}
	return out
}

// Found is what recognition gave of the pictures of a document.
type Found struct {
	Engine   string // name and version, "" where nothing was recognised
	Warnings []string
	Missing  string // why nothing could be recognised: a sentence with what to do

	texts  map[int]*document.Document
	failed map[int]*document.Error
}

// Lost is the reason of the first picture that could not be recognised, nil where all could.
func (f Found) Lost() *document.Error {
	for _, i := range sorted(f.failed) {
		return f.failed[i]
	}
	return nil
}

// Within recognises pictures of a document of text, those that which names by index. only says that the document holds nothing but pictures, so that a few
// words count, too. The error is one that is not the pictures'.
func Within(ctx context.Context, engine document.Recogniser, list []Embedded, which []int, only bool) (Found, error) {
	if engine == nil {
		return Found{Missing: NoEngine}, nil
	}
	seen, failed, err := All(ctx, engine, which[:min(len(which), MaxPages)], func(i int) (Raster, error) {
		r, err := list[i].raster()
		if err != nil {
			var state *document.Error
			if !errors.As(err, &state) {
				err = document.Failed(pact.DocumentDamaged, "It can not be opened.")
			}
		}
		return r, err
	})
	var state *document.Error
	switch {
	case errors.As(err, &state) && state.State.State == pact.DocumentNeedsOCR:
		return Found{Missing: state.Reason}, nil
	case err != nil:
		return Found{}, err
	}
	f := Found{texts: map[int]*document.Document{}, failed: failed}
	taken := map[int]Seen{}
	var vague []int
	for i, s := range seen {
		switch words := len(s.Page.Words); {
		case words == 0, words < fewestSaid && !only:
		case s.Mean < 0.4:
			vague = append(vague, i+1)
		default:
			taken[i] = s
			f.texts[i] = layout.Assemble(nil, name, []*layout.Page{{Number: 1, Width: s.Page.Width, Height: s.Page.Height, Words: s.Page.Words, Rules: s.Page.Rules}})
		}
	}
	f.Engine, f.Warnings = report("Picture", taken, failed)
	if len(vague) > 0 {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%s not read: what was recognised on it makes no words. Look at it in the file.", listOf("Picture", vague, "was", "were")))
	}
	if len(which) > MaxPages {
		f.Warnings = append(f.Warnings, fmt.Sprintf("The document has %d large pictures; those after the first %d were not read.", len(which), MaxPages))
	}
	return f, nil
}

// Write puts the words of a picture into a text that is being written, as blocks of the kind, or as paragraphs and tables where
// kind is Paragraph. tables is the number of the last table so far; the number of the last one after it comes back. The words
// have no place on a page: they stand where the picture does.
func (f Found) Write(b *document.Builder, i int, kind document.BlockKind, tables int) int {
	d := f.texts[i]
	if d == nil {
		return tables
	}
	last := tables
	for _, block := range d.Blocks {
		put := document.Block{Kind: kind}
		if kind == document.Paragraph && block.Kind != document.Header && block.Kind != document.Footer {
			put.Kind, put.Level = block.Kind, block.Level
			put.Row, put.Col, put.Rows, put.Cols = block.Row, block.Col, block.Rows, block.Cols
			if block.Kind == document.Cell {
				put.Table = tables + block.Table
				last = max(last, put.Table)
			}
		}
		b.Start(put)
		at := block.Start
		write := func(end int, mark string) {
			if end <= at {
				return
			}
			start, stop := b.Write(d.Slice(at, end))
			if mark != "" && start < stop {
				b.Mark(start, stop, mark)
			}
			at = end
		}
		for _, run := range block.Runs {
			write(run.Start, "")
			write(run.End, run.Mark)
		}
		write(block.End, "")
		b.End()
	}
	return last
}

// Lacking says what is missing where nothing could be recognised: a state where the pictures are more of the document than
// its text, and a warning otherwise. A printed page has about 2,500 letters.
func (f Found) Lacking(what string, which []int, letters int) (warning string, state *document.Error) {
	if f.Missing == "" {
		return "", nil
	}
	if letters < 600*len(which) {
		return "", document.Failed(pact.DocumentNeedsOCR, fmt.Sprintf("%s holds %s that may be scanned pages, and hardly any text beside. %s", what, counted(len(which)), f.Missing))
	}
	numbers := make([]int, len(which))
	for k, i := range which {
		numbers[k] = i + 1
	}
	return fmt.Sprintf("%s large enough to hold text; nothing was read from it. %s", listOf("Picture", numbers, "is", "are"), f.Missing), nil
}

func counted(n int) string {
	if n == 1 {
		return "a picture"
	}
	return fmt.Sprintf("%d pictures", n)
}

func sorted[V any](m map[int]V) []int {
	var out []int
	for i := range m {
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}
