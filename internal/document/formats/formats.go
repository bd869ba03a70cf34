// Package formats is the list of the document formats of this build.
//
// It owns the order in which readers are asked and the choice of one for a file. It does not own any format. Invariants: a
// file's bytes decide, its name is only a hint; the last reader accepts everything, so every file ends in a text or a named
// state.
package formats

import (
	"context"
	"fmt"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/docx"
	"github.com/pactloop/pactloop/internal/document/pdf"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/document/scan"
	"github.com/pactloop/pactloop/internal/pact"
)

// HeadSize is how many bytes of a file are enough to choose a reader.
const HeadSize = 4096

// Config of the readers.
type Config struct {
	CacheDir string              // of the PDF parser; see pdf.Config
	Engine   document.Recogniser // reads pictures of text; nil: nothing is set up
}

// All gives a reader for each format, in the order in which they are asked. A new format is a line here.
func All(c Config) []document.Reader {
	return []document.Reader{
		pdf.New(pdf.Config{CacheDir: c.CacheDir, Engine: c.Engine}),
		scan.New(scan.Config{Engine: c.Engine}),
		docx.New(docx.Config{}),
		plain.New(plain.Config{}),
	}
}

// Detect gives the first reader that accepts the file. It is nil only when the list has no reader that takes everything.
func Detect(readers []document.Reader, head []byte, filename string) document.Reader {
	head = head[:min(len(head), HeadSize)]
	for _, r := range readers {
		if r.Accepts(head, filename) {
			return r
		}
	}
	return nil
}

// Read chooses a reader and reads. A reader that panics on a hostile file makes the file damaged, it does not end the process.
func Read(ctx context.Context, readers []document.Reader, file []byte, filename string) (d *document.Document, err error) {
	r := Detect(readers, file, filename)
	if r == nil {
		return nil, document.Failed(pact.DocumentUnsupported, "The file is of no format that can be read here. Save the document as PDF or DOCX and upload that.")
	}
	defer func() {
		if p := recover(); p != nil {
			d, err = nil, document.Failed(pact.DocumentQuarantined, fmt.Sprintf("The file made the %s reader fail, so it was set aside. Send another copy, such as the original printed to PDF, and report this file.", r.Name()))
		}
	}()
	return r.Read(ctx, file)
}
