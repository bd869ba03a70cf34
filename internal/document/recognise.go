package document

import (
	"context"

	"github.com/pactloop/pactloop/internal/pact"
)

// Picture is a page, or a part of one, as grey points. It was decoded, and bounded in size, inside the parse worker: what
// leaves the worker is points, never a file in a format.
type Picture struct {
	Width  int    `json:"width"`
	Height int    `json:"height"`
	DPI    int    `json:"dpi"`
	Gray   []byte `json:"-"`     // row by row, 0 black, 255 white
	Page   int    `json:"page"`  // which page of the document it shows, from 1; for progress
	Done   int    `json:"done"`  // pictures of this document that were recognised before
	Total  int    `json:"total"` // pictures of this document
}

// Recognised is what an engine saw on a picture. Boxes are points of the picture.
type Recognised struct {
	Engine string     `json:"engine"` // name and version: it becomes part of the text's identity
	Words  []SeenWord `json:"words"`
	Rules  []pact.Box `json:"rules,omitempty"` // sides of table cells, where the engine finds tables
}

// SeenWord is a word that was recognised.
type SeenWord struct {
	Text       string   `json:"text"`
	Box        pact.Box `json:"box"`
	Confidence float64  `json:"confidence"` // 0 to 1
	Line       int      `json:"line"`       // words of one line share it
}

// Recogniser reads pictures of text. *Error is final for the picture: needs_ocr says that nothing is set up to read it,
// another state that this picture can not be read. Any other error is ours or the service's, and trying again is worth while.
// It is safe for use by several goroutines.
type Recogniser interface {
	Recognise(ctx context.Context, p Picture) (Recognised, error)
}

// EngineStatus is what there is to recognise with.
type EngineStatus struct {
	Engine    string   `json:"engine"`              // "tesseract", "azure", "textract", "none"
	Version   string   `json:"version,omitempty"`   // of a program
	Where     string   `json:"where,omitempty"`     // path of the program, or address of the service that pictures are sent to
	Languages []string `json:"languages,omitempty"` // installed
	Chosen    []string `json:"chosen,omitempty"`
	Missing   string   `json:"missing,omitempty"` // a sentence: what is missing and how to get it; empty when it works
}

// Progress is how far the reading of a document is.
type Progress struct {
	Done  int // pictures that were recognised
	Total int
}

type progressKey struct{}

// WithProgress has fn told while a document is read under the context; it may be called by several goroutines and must not
// wait.
func WithProgress(ctx context.Context, fn func(Progress)) context.Context {
	return context.WithValue(ctx, progressKey{}, fn)
}

// Report tells the progress to whoever asked for it.
func Report(ctx context.Context, p Progress) {
	if fn, ok := ctx.Value(progressKey{}).(func(Progress)); ok {
		fn(p)
	}
}
