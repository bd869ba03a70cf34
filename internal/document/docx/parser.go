package docx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

const maxDepth = 300

// element is a start tag without its name space: the few local names that mean two things are told apart by prefix.
type element struct {
	prefix, local string
	attrs         []xml.Attr
}

func (e element) attr(local string) string {
	for _, a := range e.attrs {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// on tells whether a switch such as <w:b/> or <w:b w:val="0"/> is on.
func (e element) on() bool {
	switch e.attr("val") {
	case "0", "false", "off":
		return false
	}
	return true
}

// parser walks an XML part without building it in memory. Raw tokens: no name spaces, no entities but the five of XML.
type parser struct {
	d     *xml.Decoder
	depth int
}

func newParser(b []byte) *parser {
	b = utf8Of(b)
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(label), "utf-16") {
			return in, nil // already turned into UTF-8 by its byte order mark
		}
		return charset.NewReaderLabel(label, in)
	}
	return &parser{d: d}
}

func utf8Of(b []byte) []byte {
	if !bytes.HasPrefix(b, []byte{0xff, 0xfe}) && !bytes.HasPrefix(b, []byte{0xfe, 0xff}) {
		return b
	}
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(b)
	if err != nil {
		return b
	}
	return out
}

func (p *parser) token() (xml.Token, error) {
	t, err := p.d.RawToken()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case xml.Directive:
		return nil, document.Failed(pact.DocumentRejected, "The Word document declares a document type, which real ones never do and attacks often do. Open it in Word, save it again, and upload that copy.")
	case xml.StartElement:
		p.depth++
		if p.depth > maxDepth {
			return nil, document.Failed(pact.DocumentRejected, fmt.Sprintf("The Word document is nested more than %d levels deep. Open it in Word, save it again, and upload that copy.", maxDepth))
		}
	case xml.EndElement:
		p.depth--
		if p.depth < 0 {
			return nil, errors.New("an end without a beginning")
		}
		_ = t
	}
	return t, nil
}

// root hands over the outermost element.
func (p *parser) root(visit func(element) error) error {
	for {
		t, err := p.token()
		if err != nil {
			return err
		}
		if s, ok := t.(xml.StartElement); ok {
			return visit(of(s))
		}
	}
}

func of(s xml.StartElement) element {
	return element{prefix: s.Name.Space, local: s.Name.Local, attrs: s.Attr}
}

// children visits the children of the element that was entered last, and leaves it. What visit does not consume of a
// child is skipped.
func (p *parser) children(visit func(element) error) error {
	for {
		t, err := p.token()
		if err != nil {
			return unexpectedEnd(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			inside := p.depth
			if err := visit(of(t)); err != nil {
				return err
			}
			for p.depth >= inside {
				if _, err := p.token(); err != nil {
					return unexpectedEnd(err)
				}
			}
		case xml.EndElement:
			return nil
		}
	}
}

// text collects the characters of the element that was entered last, and leaves it.
func (p *parser) text() (string, error) {
	var s strings.Builder
	for depth := p.depth; ; {
		t, err := p.token()
		if err != nil {
			return "", unexpectedEnd(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			s.Write(t)
		case xml.EndElement:
			if p.depth < depth {
				return s.String(), nil
			}
		}
	}
}

func unexpectedEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
