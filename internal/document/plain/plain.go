// Package plain reads plain text, and names every file that no reader takes.
//
// It owns the character sets of text files, the way from typed lines to paragraphs and tables, and the sentences for formats
// that are not read here (pictures, workbooks, archives, programs …). It does not own formats with a reader of
// their own; it is the last in formats.All. Invariants: it accepts everything and says in words what it can not read; the same
// file gives the same text.
//
// Typed lines that were wrapped at a width are joined to paragraphs; a file with one line per paragraph stays as it is. Lines
// with columns of spaces, tabs or bars are tables. Of Markdown the words are read: marks of headings and of emphasis are left out.
package plain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// MaxText is the limit of a document's text.
const MaxText = 20 << 20

const (
	name    = "plain"
	version = "5"
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
	text, guess, err := Told(file, "")
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
	if _, err := write(ctx, &b, text, 0, unmark); err != nil {
		return nil, err
	}
	d := b.Document(file, name+"/"+version)
	if d.Text == "" {
		return nil, document.Failed(pact.DocumentDamaged, "The file holds only white space. Check that the right file was sent.")
	}
	if guess != "" {
		d.Warnings = append(d.Warnings, Guessed(guess))
	}
	return d, nil
}

func tooLarge() error {
	return document.Failed(pact.DocumentRejected, fmt.Sprintf("The file holds more than %d MB of text. Split it, or send only the contract.", MaxText>>20))
}

// Decode turns the bytes of a text into UTF-8: by its byte order mark, by the label that came with it, by being valid UTF-8,
// or by the look of its letters. What is no text gives *document.Error.
func Decode(file []byte, label string) (string, error) {
	text, _, err := Told(file, label)
	return text, err
}

// Guessed is the warning of a text whose character set was guessed.
func Guessed(set string) string {
	return fmt.Sprintf("The file does not say in which character set it is written. By the look of its letters it was read as %s: check signs of currencies, quotation marks and letters with accents, or save it as UTF-8.", set)
}

// Told decodes as Decode does, and names the character set where it was only guessed.
func Told(file []byte, label string) (text, guess string, err error) {
	if label == "" && ebcdic(file) {
		text, err = with(charmap.CodePage1140, file)
		return strings.ReplaceAll(text, "\u0085", "\n"), "EBCDIC (code page 1140)", err
	}
	text, err = decode(file, label)
	if !errors.Is(err, errUntold) {
		return text, "", err
	}
	e, guess := guessed(file)
	text, err = with(e, file)
	return text, guess, err
}

// errUntold says that nothing tells the character set but the look of the letters.
var errUntold = errors.New("the character set is not told")

func decode(file []byte, label string) (string, error) {
	for _, mark := range []struct {
		bytes string
		e     encoding.Encoding
	}{
		{"\xef\xbb\xbf", unicode.UTF8BOM},
		{"\xff\xfe\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.ExpectBOM)},
		{"\x00\x00\xfe\xff", utf32.UTF32(utf32.BigEndian, utf32.ExpectBOM)},
		{"\xff\xfe", unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)},
		{"\xfe\xff", unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)},
	} {
		if bytes.HasPrefix(file, []byte(mark.bytes)) {
			return with(mark.e, file)
		}
	}
	if e := utf16Unmarked(file); e != nil {
		return with(e, file)
	}
	if binary(file) {
		return "", document.Failed(pact.DocumentUnsupported, "The file is no text and no format that can be read here. Save the document as PDF or DOCX and upload that.")
	}
	if label != "" {
		if e, known := charset.Lookup(label); e != nil && known != "replacement" && !strings.HasPrefix(known, "utf-16") && (known != "utf-8" || utf8.Valid(file)) {
			return with(e, file)
		}
	}
	if escaped(file) {
		return with(japanese.ISO2022JP, file)
	}
	if utf8.Valid(file) {
		return string(file), nil
	}
	return "", errUntold
}
