package html

import (
	"strings"

	"golang.org/x/net/html"
)

const (
	maxPassed = 20      // drawings, formulas and frames whose words are told
	maxFrame  = 1 << 20 // bytes of a page in the page
)

// pass leaves out a drawing, a formula or a page in the page, and keeps what it says, so that a person looks.
func (w *Writer) pass(n *html.Node, l look) {
	if l.why() != "" || l.comment || len(w.passed) >= maxPassed {
		return
	}
	if n.Data == "iframe" { // what it shows is in an attribute; its content is for programs that know no frames
		page := attrOf(n, "srcdoc")
		root, err := html.Parse(strings.NewReader(page[:min(len(page), maxFrame)]))
		if err != nil {
			return
		}
		n = root
	}
	var said strings.Builder
	gather(&said, n)
	if words := strings.Join(strings.FieldsFunc(said.String(), blank), " "); words != "" {
		w.passed = append(w.passed, words)
	}
}

// gather writes the words below a node that are shown.
func gather(out *strings.Builder, n *html.Node) {
	switch n.Data {
	case "style", "script", "title", "desc", "metadata", "annotation", "annotation-xml", "template", "head":
		if n.Type == html.ElementNode {
			return
		}
	}
	if n.Type == html.TextNode {
		out.WriteString(n.Data + " ")
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		gather(out, c)
	}
}
