// Package plain reads plain text, and names every file that no reader takes.
//
// It owns the character sets of text files, the way from typed lines to paragraphs and tables, and the sentences for formats
// that are not read here (HTML, RTF, old Word files, pictures, mail, archives …). It does not own formats with a reader of
// their own; it is the last in formats.All. Invariants: it accepts everything and says in words what it can not read; the same
// file gives the same text.
//
// Typed lines that were wrapped at a width are joined to paragraphs; a file with one line per paragraph stays as it is. Lines
// with columns of spaces, tabs or bars are tables.
package plain

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/saintfish/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// MaxText is the limit of a document's text.
const MaxText = 20 << 20

const (
	name    = "plain"
	version = "1"
)

// Config of the reader.
type Config struct{}

// Reader reads plain text. It has no state and may be used by several goroutines.
type Reader struct{}

var _ document.Reader = (*Reader)(nil)

// New makes a reader.
func New(Config) *Reader { return &Reader{} }

// Name is "plain".
func (r *Reader) Name() string { return name }

// Version changes with the text or the offsets.
func (r *Reader) Version() string { return version }

// Accepts takes everything: what is no text ends in a named state.
func (r *Reader) Accepts([]byte, string) bool { return true }

// Read gives the document, or *document.Error with the state of a file that is no text.
func (r *Reader) Read(ctx context.Context, file []byte) (*document.Document, error) {
	if len(file) == 0 {
		return nil, document.Failed(pact.DocumentDamaged, "The file is empty. Send the document again.")
	}
	if err := foreign(file); err != nil {
		return nil, err
	}
	if len(file) > 2*MaxText {
		return nil, tooLarge()
	}
	text, err := decoded(file)
	if err != nil {
		return nil, err
	}
	if len(text) > MaxText {
		return nil, tooLarge()
	}
	if err := markup(text); err != nil {
		return nil, err
	}
	var b document.Builder
	if err := write(ctx, &b, text); err != nil {
		return nil, err
	}
	d := b.Document(file, name+"/"+version)
	if d.Text == "" {
		return nil, document.Failed(pact.DocumentDamaged, "The file holds only white space. Check that the right file was sent.")
	}
	return d, nil
}

func tooLarge() error {
	return document.Failed(pact.DocumentRejected, fmt.Sprintf("The file holds more than %d MB of text. Split it, or send only the contract.", MaxText>>20))
}

// decoded turns the file into UTF-8, by its byte order mark, by being valid UTF-8, or by the look of its letters.
func decoded(file []byte) (string, error) {
	switch {
	case bytes.HasPrefix(file, []byte{0xef, 0xbb, 0xbf}):
		return strings.ToValidUTF8(string(file[3:]), "\ufffd"), nil
	case bytes.HasPrefix(file, []byte{0xff, 0xfe}), bytes.HasPrefix(file, []byte{0xfe, 0xff}):
		return utf16Text(file, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM))
	}
	if e := utf16Unmarked(file); e != nil {
		return utf16Text(file, e)
	}
	if binary(file) {
		return "", document.Failed(pact.DocumentUnsupported, "The file is no text and no format that can be read here. Save the document as PDF or DOCX and upload that.")
	}
	if utf8.Valid(file) {
		return string(file), nil
	}
	label := "windows-1252"
	if best, err := chardet.NewTextDetector().DetectBest(file[:min(len(file), 64<<10)]); err == nil && best.Confidence >= 30 && best.Charset != "ISO-8859-1" {
		label = best.Charset
	}
	r, err := charset.NewReaderLabel(label, bytes.NewReader(file))
	if err != nil {
		if r, err = charset.NewReaderLabel("windows-1252", bytes.NewReader(file)); err != nil {
			return "", fmt.Errorf("reading the character set: %w", err)
		}
	}
	out, err := io.ReadAll(io.LimitReader(r, MaxText+1))
	if err != nil {
		return "", document.Failed(pact.DocumentDamaged, "The text file's letters can not be told. Save it as UTF-8 and upload that.")
	}
	return strings.ToValidUTF8(string(out), "\ufffd"), nil
}

// binary tells whether the bytes are no text: zero bytes, or many control characters.
func binary(file []byte) bool {
	odd := 0
	for _, c := range file {
		switch {
		case c == 0:
			return true
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b && c != 0x1a:
			odd++
		}
	}
	return odd*100 > len(file)
}
