// Package formats is the list of the document formats of this build.
//
// It owns the order in which readers are asked and the choice of one for a file. It does not own any format. Invariants: a
// file's bytes decide, its name is only a hint; the last reader accepts everything, so every file ends in a text or a named
// state.
package formats

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/docx"
	"github.com/pactloop/pactloop/internal/document/html"
	"github.com/pactloop/pactloop/internal/document/mail"
	"github.com/pactloop/pactloop/internal/document/office"
	"github.com/pactloop/pactloop/internal/document/pdf"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/document/scan"
	"github.com/pactloop/pactloop/internal/pact"
)

// Config of the readers.
type Config struct {
	CacheDir string              // of the PDF parser; see pdf.Config
	Engine   document.Recogniser // reads pictures of text; nil: nothing is set up
	Memory   int64               // resident bytes of a program that a reader runs; 0: its own limit
	Limit    time.Duration       // for one file in such a program; 0: its own limit
}

// All gives a reader for each format, in the order in which they are asked. A new format is a line here.
func All(c Config) []document.Reader {
	return []document.Reader{
		pdf.New(pdf.Config{CacheDir: c.CacheDir, Engine: c.Engine}),
		scan.New(scan.Config{Engine: c.Engine}),
		mail.New(mail.Config{}),                                                       // before office: a message may carry an old Word file
		office.New(office.Config{Memory: c.Memory, Limit: c.Limit, Engine: c.Engine}), // before docx: an OpenDocument text is an archive, too
		docx.New(docx.Config{Engine: c.Engine}),
		html.New(html.Config{Engine: c.Engine}),
		plain.New(plain.Config{}),
	}
}

// Detect gives the first reader that accepts the file. It is nil only when the list has no reader that takes everything.
func Detect(readers []document.Reader, file []byte, filename string) document.Reader {
	for _, r := range readers {
		if r.Accepts(file, filename) {
			return r
		}
	}
	return nil
}

// Read chooses a reader and reads. A reader that panics on a hostile file makes the file damaged, it does not end the process.
func Read(ctx context.Context, readers []document.Reader, file []byte, filename string) (d *document.Document, err error) {
	if twofold(file) {
		return nil, document.Failed(pact.DocumentRejected, "The file is a PDF and an archive at the same time, so that two programs show two different documents. Print what you see to a new PDF, and upload that.")
	}
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

// twofold tells whether a file is a whole PDF and a whole archive: what a reviewer saw would depend on the program.
func twofold(file []byte) bool {
	if !bytes.Contains(file[:min(len(file), 1024)], []byte("%PDF-")) {
		return false
	}
	if bytes.HasPrefix(file, []byte("PK\x03\x04")) {
		return bytes.Contains(file[max(0, len(file)-2048):], []byte("%%EOF")) || bytes.Contains(file, []byte("startxref"))
	}
	// The end of an archive that ends with the file: a file that is embedded in a PDF ends before it.
	tail := file[max(0, len(file)-22-0xffff):]
	for at := bytes.LastIndex(tail, []byte("PK\x05\x06")); at >= 0; at = bytes.LastIndex(tail[:at], []byte("PK\x05\x06")) {
		if len(tail) >= at+22 && at+22+int(binary.LittleEndian.Uint16(tail[at+20:])) == len(tail) && binary.LittleEndian.Uint16(tail[at+10:]) > 0 {
			return true
		}
	}
	return false
}
