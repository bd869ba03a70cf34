package mail

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// maxParts bounds how deeply a mail can be nested: every level names its type.
const maxParts = 200

// internet opens a mail as it is sent.
func internet(file []byte) (*message, error) {
	small := bytes.ToLower(file)
	if bytes.Count(small, []byte("multipart/"))+bytes.Count(small, []byte("message/rfc822")) > maxParts {
		return nil, document.Failed(pact.DocumentRejected, fmt.Sprintf("The mail is nested in more than %d parts, as files are that are made to stop a computer. Save its attachments and upload those.", maxParts))
	}
	parser := enmime.NewParser(enmime.SkipMalformedParts(true), enmime.MultipartWOBoundaryAsSinglePart(true), enmime.DisableTextConversion(true), enmime.MaxStoredPartErrors(10))
	e, err := parser.ReadEnvelope(bytes.NewReader(file))
	if err != nil || e.Root == nil {
		return nil, damaged()
	}
	if err := sealed(e.Root); err != nil {
		return nil, err
	}
	m := &message{subject: e.GetHeader("Subject"), from: e.GetHeader("From"), to: e.GetHeader("To"), cc: e.GetHeader("Cc"), date: e.GetHeader("Date"), text: e.Text, html: e.HTML}
	for _, list := range [][]*enmime.Part{e.Attachments, e.Inlines, e.OtherParts} {
		for _, p := range list {
			if picture(p.ContentType) && p.ContentID != "" && strings.Contains(e.HTML, "cid:"+p.ContentID) {
				continue // a logo in the words
			}
			if isTNEF(p.Content) { // whatever the part calls itself
				m.packed(p.Content)
				continue
			}
			if f, ok := m.part(p); ok {
				m.files = append(m.files, f)
			}
		}
	}
	return m, nil
}

func picture(kind string) bool { return strings.HasPrefix(strings.ToLower(kind), "image/") }

// part takes a part as a file.
func (m *message) part(p *enmime.Part) (attached, bool) {
	kind := strings.ToLower(p.ContentType)
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		return attached{}, false
	case kind == "application/pgp-signature", kind == "application/pkcs7-signature", kind == "application/x-pkcs7-signature", strings.HasPrefix(kind, "text/calendar"), kind == "text/vcard", kind == "text/x-vcard", kind == "message/delivery-status":
		return attached{}, false
	case kind == "application/ms-tnef":
		m.warnings = append(m.warnings, unpackable)
		return attached{}, false
	case kind == "message/external-body":
		m.warnings = append(m.warnings, "An attachment is only a link to another place. It was not fetched.")
		return attached{}, false
	}
	f := attached{filename: p.FileName, content: p.Content}
	if kind == "message/rfc822" {
		if inner, err := internet(p.Content); err == nil {
			f.mail = inner
			return f, true
		}
	}
	if f.filename == "" {
		f.filename = "attachment" + document.ExtensionOf(kind)
	}
	return f, true
}

const unpackable = "The attachments were packed by Outlook (winmail.dat) and could not be opened. Ask the sender to send the mail as HTML or plain text."

// packed takes what Outlook packed into winmail.dat as if it were attached by itself; its words only where the mail has none.
func (m *message) packed(file []byte) {
	inner := unpacked(file, 1)
	if strings.TrimSpace(m.text) == "" && strings.TrimSpace(m.html) == "" {
		m.text, m.html = inner.text, inner.html
	}
	m.unread = m.unread || inner.unread
	m.files = append(m.files, inner.files...)
	m.refused += inner.refused
	m.warnings = append(m.warnings, inner.warnings...)
}

// sealed names a mail that only its receiver can open.
func sealed(root *enmime.Part) error {
	kind := strings.ToLower(root.ContentType)
	switch {
	case kind == "multipart/encrypted", (kind == "application/pkcs7-mime" || kind == "application/x-pkcs7-mime") && !strings.Contains(strings.ToLower(root.Header.Get("Content-Type")), "signed-data"):
		return document.Failed(pact.DocumentEncrypted, "The mail is encrypted for its receiver. Open it in your mail program, save its attachments, and upload those.")
	case kind == "application/pkcs7-mime", kind == "application/x-pkcs7-mime":
		return document.Failed(pact.DocumentUnsupported, "The mail is wrapped in a signature (S/MIME). Open it in your mail program, save its attachments, and upload those.")
	}
	return nil
}
