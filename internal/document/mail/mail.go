// Package mail reads mails: EML as it is sent, and MSG as Outlook keeps it.
//
// It owns the way from a mail to its cover (subject, sender, receivers, date and words, as blocks) and to the files that are
// attached, which leave it as enclosures: documents of their own, which intake puts into the register. It does not own the
// formats of what is attached, nor HTML bodies (document/html). Invariants: names of files lose their paths; a mail that is
// attached is opened to a small depth; counts and sizes are bounded, and what was not taken is a warning; nothing is fetched.
package mail

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/html"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/pact"
)

const (
	name    = "mail"
	version = "4"

	maxDepth = 3  // of mails in mails
	maxFiles = 50 // of one mail, with those of the mails in it
	maxBytes = 100 << 20
	maxText  = 20 << 20
)

// Config of the reader.
type Config struct{}

// Reader reads mails. It has no state and may be used by several goroutines.
type Reader struct{}

var _ document.Reader = (*Reader)(nil)

// New makes a reader.
func New(Config) *Reader { return &Reader{} }

// Name is "mail".
func (r *Reader) Name() string { return name }

// Version changes with the text or the offsets.
func (r *Reader) Version() string { return version }

var (
	header = regexp.MustCompile(`(?i)\A(?:From [^\n]*\n)?(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}(?:\r?\n|\z|[A-Za-z])`)
	known  = regexp.MustCompile(`(?im)^(?:message-id|mime-version|received|return-path|delivered-to|dkim-signature|x-mailer|content-type: *(?:multipart|text|message|application)/[a-z]+)\b`)
)

// Accepts looks for the head of a mail, or for the names in an Outlook file.
func (r *Reader) Accepts(file []byte, _ string) bool {
	if isCompound(file) {
		return bytes.Contains(file, wide("__substg1.0_")) && bytes.Contains(file, wide("__properties_version1.0")) && !bytes.Contains(file, wide("EncryptedPackage"))
	}
	head := bytes.ReplaceAll(file[:min(len(file), 8192)], []byte("\r\n"), []byte("\n"))
	return header.Match(head) && known.Match(head)
}

func isCompound(file []byte) bool {
	return bytes.HasPrefix(file, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

func wide(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for _, c := range []byte(s) {
		out = append(out, c, 0)
	}
	return out
}

// message is a mail, whatever it came in.
type message struct {
	subject, from, to, cc, date string
	text, html                  string
	unread                      bool // words are kept in a way that is not read here, too
	files                       []attached
	refused                     int // files beyond maxFiles
	warnings                    []string
}

// attached is a file or a mail in a mail.
type attached struct {
	filename string
	content  []byte
	mail     *message // opened already
}

// Read gives the cover as a document with its enclosures, or *document.Error with the state of a file that is no mail.
func (r *Reader) Read(ctx context.Context, file []byte) (d *document.Document, err error) {
	if len(bytes.TrimSpace(file)) == 0 {
		return nil, document.Failed(pact.DocumentDamaged, "The file is empty. Send the document again.")
	}
	defer func() { // parsers of other people meet files of other people
		if p := recover(); p != nil {
			d, err = nil, damaged()
		}
	}()
	m, err := opened(file)
	if err != nil {
		return nil, err
	}
	var b document.Builder
	w := &writer{ctx: ctx, b: &b, page: html.NewWriter(ctx, &b)}
	if err := w.message(m, 1); err != nil {
		return nil, err
	}
	d = b.Document(file, name+"/"+version)
	if d.Text == "" {
		return nil, damaged()
	}
	undated(d)
	d.Enclosures = w.files
	d.Warnings = append(append(d.Warnings, w.page.Warnings()...), w.warnings...)
	if w.refused > 0 {
		d.Warnings = append(d.Warnings, fmt.Sprintf("%d attachments were not taken: a mail may have %d files and %d MB. Upload them one by one.", w.refused, maxFiles, maxBytes>>20))
	}
	return d, nil
}

var (
	sender = regexp.MustCompile(`^[>\s]*(?:From|Von|De|Da|Van):\s`)
	sent   = regexp.MustCompile(`^[>\s]*(?:Date|Sent|Datum|Gesendet|Envoyé|Fecha|Enviado|Verzonden):\s`)
)

// undated makes headers of the lines that say when mails were sent that are answered or forwarded in the words of this one.
func undated(d *document.Document) {
	from := -10
	for i := range d.Blocks {
		b := &d.Blocks[i]
		switch text := d.Slice(b.Start, min(b.End, b.Start+200)); {
		case sender.MatchString(text):
			from = i
		case i-from <= 4 && b.Kind == document.Paragraph && b.End-b.Start < 120 && sent.MatchString(text):
			b.Kind = document.Header
		}
	}
}

func damaged() error {
	return document.Failed(pact.DocumentDamaged, "The mail is damaged or was cut off: it can not be opened. Save its attachments and upload those.")
}

func opened(file []byte) (*message, error) {
	if isCompound(file) {
		return outlook(file)
	}
	return internet(file)
}

// writer writes mails as blocks and gathers what is attached.
type writer struct {
	ctx      context.Context
	b        *document.Builder
	page     *html.Writer
	files    []document.Enclosure
	bytes    int
	refused  int
	warnings []string
}

func (w *writer) message(m *message, depth int) error {
	for _, line := range [][2]string{{"Subject", m.subject}, {"From", m.from}, {"To", m.to}, {"Cc", m.cc}, {"Date", m.date}} {
		if strings.TrimSpace(line[1]) == "" {
			continue
		}
		kind := document.Paragraph
		if line[0] == "Date" { // of the sending: it dates no contract, as no line of a running header does
			kind = document.Header
		}
		w.b.Start(document.Block{Kind: kind})
		w.b.Write(line[0] + ": " + cut(line[1], 2000))
		w.b.End()
	}
	var err error
	switch { // the page is what a person sees; the plain text beside it may say something else
	case strings.TrimSpace(m.html) != "":
		err = w.page.Page(m.html)
	case m.unread && strings.TrimSpace(m.text) == "":
		w.warnings = append(w.warnings, "The words of the mail are kept in a way that is not read here. Its attachments were taken; open the mail in Outlook to see the rest.")
	case m.text != "":
		var n int
		n, err = plain.Write(w.ctx, w.b, m.text, w.page.Counted())
		w.page.Tables(n)
	}
	if err != nil {
		return err
	}
	if w.b.Bytes() > maxText {
		return document.Failed(pact.DocumentRejected, "The mail holds more than 20 MB of text. Save its attachments and upload those.")
	}
	w.warnings = append(w.warnings, m.warnings...)
	w.refused += m.refused
	for _, f := range m.files {
		if err := w.attached(f, depth); err != nil {
			return err
		}
	}
	return nil
}

// attached takes a file, or opens a mail.
func (w *writer) attached(f attached, depth int) error {
	inner := f.mail
	if inner == nil && (isCompound(f.content) && bytes.Contains(f.content, wide("__substg1.0_")) || strings.HasSuffix(strings.ToLower(f.filename), ".eml")) {
		if m, err := opened(f.content); err == nil {
			inner = m
		}
	}
	if inner != nil {
		if depth >= maxDepth {
			w.refused++
			return nil
		}
		w.b.Start(document.Block{Kind: document.Heading, Level: depth})
		w.b.Write("Attached mail: " + cut(inner.subject, 200))
		w.b.End()
		return w.message(inner, depth+1)
	}
	if len(f.content) == 0 {
		w.warnings = append(w.warnings, fmt.Sprintf("The attachment “%s” is empty. Ask the sender for it.", Filename(f.filename)))
		return nil
	}
	if len(w.files) >= maxFiles || w.bytes+len(f.content) > maxBytes {
		w.refused++
		return nil
	}
	filename := Filename(f.filename)
	kind, ok := taken(f.content, filename)
	if !ok {
		w.warnings = append(w.warnings, fmt.Sprintf("The attachment “%s” is no document that can be read here and was not taken. Unpack or convert it, and upload what it holds.", filename))
		return nil
	}
	w.bytes += len(f.content)
	w.files = append(w.files, document.Enclosure{Filename: filename, Scan: kind.Picture, SHA256: document.Hash(f.content), Size: int64(len(f.content)), Content: f.content})
	return nil
}

// taken tells whether an attachment is a document that can be read here, by its first bytes and by its name only where they say
// nothing: a damaged one ends in a state that says so. Text counts by name alone: every file is a text to somebody.
func taken(content []byte, filename string) (t document.FileType, ok bool) {
	if t, ok = document.TypeOf(content); ok {
		return t, true
	}
	if t, ok = document.TypeNamed(filename); !ok || t.Picture || t.Reader == "mail" {
		return t, false
	}
	// An archive or a compound file that is no document stays none, whatever it is called.
	return t, !bytes.HasPrefix(content, []byte("PK\x03\x04")) && !isCompound(content)
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// Filename keeps the last part of a name, without anything that a file system or a reader could take for something else.
func Filename(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\\", "/")
	if i := strings.LastIndex(s, "/"); i >= 0 {
		s = s[i+1:]
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune(`<>:"|?*`, r) {
			return -1
		}
		return r
	}, s)
	s = strings.Trim(s, " .")
	if r := []rune(s); len(r) > 150 { // its end has the extension
		s = string(r[len(r)-150:])
	}
	if s == "" {
		return "attachment"
	}
	return s
}
