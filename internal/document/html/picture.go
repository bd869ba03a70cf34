package html

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/scan"
)

const (
	maxPictures = 2000
	dotsPerInch = 96 // of a style sheet, https://www.w3.org/TR/css-values-3/#absolute-lengths
)

var errPicture = errors.New("the picture is not written as base64")

// picture keeps a picture that stands in the page itself ("data:"), and writes what was recognised on it. One that a person does
// not see, or that would have to be fetched, is none.
func (w *Writer) picture(n *html.Node, l look) error {
	head, data, ok := strings.Cut(attrOf(n, "src"), ",")
	if head = strings.ToLower(strings.TrimSpace(head)); !ok || !strings.HasPrefix(head, "data:image/") || strings.HasPrefix(head, "data:image/svg") || l.why() != "" || l.struck || l.comment || len(w.pictures) >= maxPictures {
		return nil
	}
	inches := func(name string) float64 {
		v, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(attrOf(n, name)), "px"), 64)
		if err != nil || v <= 0 {
			return 0
		}
		return v / dotsPerInch
	}
	w.pictures = append(w.pictures, scan.Embedded{Width: inches("width"), Height: inches("height"), Open: func() ([]byte, error) {
		if !strings.HasSuffix(head, ";base64") {
			return nil, errPicture
		}
		return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(data), ""))
	}})
	if w.found == nil {
		return nil
	}
	if w.cell == nil {
		if err := w.flush(); err != nil {
			return err
		}
	}
	w.tables = w.found.Write(w.b, len(w.pictures)-1, document.Paragraph, w.tables)
	return nil
}

func attrOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
