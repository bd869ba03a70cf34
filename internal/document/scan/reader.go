package scan

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/pact"
)

// MaxPages is how many pictures of one file are recognised.
const MaxPages = 500

const (
	name    = "scan"
	version = "4"
)

// NoEngine is the reason where nothing is set up to read a picture.
const NoEngine = "No text recognition (OCR) is set up here. Install tesseract (Debian: apt-get install tesseract-ocr), then press Retry; or upload a copy with a text layer, such as the original saved as PDF."

// Config of the reader of pictures.
type Config struct {
	Engine document.Recogniser // nil: every picture ends in needs_ocr
}

// Reader reads picture files as documents.
type Reader struct{ engine document.Recogniser }

var _ document.Reader = (*Reader)(nil)

// New makes a reader.
func New(c Config) *Reader { return &Reader{c.Engine} }

// Name is "scan".
func (r *Reader) Name() string { return name }

// Version changes with the text or the offsets.
func (r *Reader) Version() string { return version }

// Accepts looks for the signature of a picture format.
func (r *Reader) Accepts(head []byte, _ string) bool {
	_, ok := kindOf(head)
	return ok
}

// Read gives the document, or *document.Error.
func (r *Reader) Read(ctx context.Context, file []byte) (*document.Document, error) {
	k, ok := kindOf(file)
	if !ok {
		return nil, document.Failed(pact.DocumentDamaged, "The file is no picture that can be opened. Ask the sender for a new copy.")
	}
	count, picture := 1, func(int) (Raster, error) { return k.picture(file) }
	if k.name == "TIFF" {
		pages, err := parseTIFF(file, MaxPages+1)
		if err != nil {
			return nil, damaged(k.name)
		}
		if len(pages) > MaxPages {
			return nil, document.Failed(pact.DocumentRejected, fmt.Sprintf("The TIFF file has more than %d pages. Split it, or send only the contract.", MaxPages))
		}
		count, picture = len(pages), func(i int) (Raster, error) { return tiffPage(file, pages[i]) }
	}
	if r.engine == nil {
		if _, err := picture(0); err != nil {
			return nil, err // what is damaged is said before anybody installs anything
		}
		return nil, document.Failed(pact.DocumentNeedsOCR, fmt.Sprintf("The file is a picture (%s). %s", k.name, NoEngine))
	}
	list := make([]int, count)
	for i := range list {
		list[i] = i
	}
	seen, failed, err := All(ctx, r.engine, list, func(i int) (Raster, error) { return picture(i) })
	if err != nil {
		return nil, err
	}
	pages := make([]*layout.Page, count)
	for i := range pages {
		pages[i] = &layout.Page{Number: i + 1, Width: 612, Height: 792}
		if s, ok := seen[i]; ok {
			pages[i] = &s.Page
		}
	}
	engine, warnings := Report(seen, failed)
	if letters(seen) == 0 {
		for _, e := range failed {
			return nil, e
		}
		return nil, document.Failed(pact.DocumentRejected, "No words were recognised in the picture. Scan the page again, upright and at 300 dpi, or send the original file.")
	}
	d := layout.Assemble(file, name+"/"+version+"+"+engine, pages)
	d.Warnings = warnings
	return d, nil
}

func letters(seen map[int]Seen) int {
	n := 0
	for _, s := range seen {
		n += s.Letters
	}
	return n
}

// All recognises pages of a document, several at once. Pictures are made one after the other, by the caller's goroutine,
// and only so many are in memory as are being recognised. A page that can not be read is in failed; needs_ocr ends it all,
// and so does an error that is not the page's.
func All(ctx context.Context, engine document.Recogniser, list []int, picture func(i int) (Raster, error)) (seen map[int]Seen, failed map[int]*document.Error, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	seen, failed = map[int]Seen{}, map[int]*document.Error{}
	slots := make(chan struct{}, min(6, max(1, runtime.NumCPU()))) // each keeps some tens of megabytes
	var mu sync.Mutex
	var wg sync.WaitGroup
	done := 0
	note := func(i int, s Seen, err error) {
		mu.Lock()
		defer mu.Unlock()
		done++
		var state *document.Error
		switch {
		case err == nil:
			seen[i] = s
		case errors.As(err, &state) && state.State.State != pact.DocumentNeedsOCR:
			failed[i] = state
		default:
			cancel(err)
		}
	}
	for _, i := range list {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		r, err := picture(i)
		if err != nil {
			<-slots
			note(i, Seen{}, err)
			continue
		}
		mu.Lock()
		place := Place{Page: i + 1, Done: done, Total: len(list)}
		mu.Unlock()
		wg.Go(func() {
			defer func() { <-slots }()
			s, err := See(ctx, engine, r, place)
			note(i, s, err)
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	return seen, failed, nil
}

// Report names the engine, and says what a reviewer has to know.
func Report(seen map[int]Seen, failed map[int]*document.Error) (engine string, warnings []string) {
	return report("Page", seen, failed)
}

// report says it of pages, or of pictures.
func report(what string, seen map[int]Seen, failed map[int]*document.Error) (engine string, warnings []string) {
	words, unsure := 0, 0
	var poor, lost []int
	for i, s := range seen {
		engine = max(engine, s.Engine)
		for _, w := range s.Page.Words {
			words++
			if w.Confidence < document.UnsureBelow {
				unsure++
			}
		}
		if s.Letters > 0 && s.Mean < 0.7 {
			poor = append(poor, i+1)
		}
	}
	for i := range failed {
		lost = append(lost, i+1)
	}
	if words > 0 {
		warnings = append(warnings, fmt.Sprintf("%s read by text recognition (OCR, %s). Compare what is decided with the picture.", listOf(what, keys(seen), "was", "were"), engine))
	}
	if unsure > 0 {
		warnings = append(warnings, fmt.Sprintf("Recognition was unsure of %d of %d words; they are marked, and what stands on them has a lower confidence.", unsure, words))
	}
	if len(poor) > 0 {
		warnings = append(warnings, fmt.Sprintf("%s hard to read for the recognition. Check every value on it, or scan it again at 300 dpi.", listOf(what, poor, "was", "were")))
	}
	if len(lost) > 0 {
		warnings = append(warnings, fmt.Sprintf("%s not recognised: %s", listOf(what, lost, "was", "were"), failed[lost[0]-1].Reason))
	}
	return engine, warnings
}
