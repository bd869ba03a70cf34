package html

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/pact"
)

// span is text with one mark, or words that were left out.
type span struct {
	text   string
	mark   string
	notice *document.Aside
}

// paragraph is gathered whole before it is written.
type paragraph struct {
	spans   []span
	label   string // of the list item that begins here
	level   int    // of the list
	heading int    // 1 to 6
	broken  bool   // a <br> stands before the next words
}

func (p *paragraph) text() string {
	var t strings.Builder
	for _, s := range p.spans {
		if s.notice == nil {
			t.WriteString(s.text)
		}
	}
	return strings.Join(strings.FieldsFunc(t.String(), blank), " ")
}

func blank(r rune) bool {
	c, keep := document.Clean(r)
	return !keep || c == ' '
}

func (w *Writer) children(n *html.Node, l look) error {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if err := w.node(c, l); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) node(n *html.Node, l look) error {
	switch n.Type {
	case html.TextNode:
		if l.pre && w.cell == nil && strings.Contains(n.Data, "\n") && l.why() == "" && !l.struck && !l.comment {
			if l.doubtful() {
				w.doubts++
			}
			return w.typed(n.Data)
		}
		w.words(n.Data, l)
		return nil
	case html.ElementNode, html.DocumentNode:
	default:
		return nil
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	inside := w.of(n, l)
	switch n.Data {
	case "svg", "math", "iframe":
		w.pass(n, inside)
		return nil
	case "script", "style", "head", "title", "template", "noscript", "object", "embed", "applet", "audio", "video", "canvas", "map", "frameset", "noframes", "noembed", "datalist", "rp":
		if n.Data == "template" && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "shadowrootmode" }) {
			w.doubts++ // it takes the place of what stands around it
		}
		return nil
	case "details":
		if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "open" }) {
			return w.closed(n, inside)
		}
	case "img":
		return w.picture(n, inside)
	case "br":
		if w.open.broken {
			return w.flush()
		}
		w.open.broken = true
		return nil
	case "hr":
		return w.flush()
	case "wbr":
		return nil
	case "input":
		w.input(n, inside)
		return nil
	case "select":
		w.choice(n, inside)
		return nil
	case "ins":
		w.insert++
	case "sup":
		w.raised++
		defer func() { w.raised-- }()
	case "table":
		return w.table(n, inside)
	case "ol", "ul", "menu", "dir":
		return w.list(n, inside)
	case "h1", "h2", "h3", "h4", "h5", "h6":
		if err := w.flush(); err != nil {
			return err
		}
		w.open.heading = int(n.Data[1] - '0')
		if err := w.children(n, inside); err != nil {
			return err
		}
		return w.flush()
	}
	if !blockLevel(n.Data) {
		return w.children(n, inside)
	}
	if err := w.flush(); err != nil {
		return err
	}
	if err := w.children(n, inside); err != nil {
		return err
	}
	return w.flush()
}

// closed reads what a page shows when it is asked for: its title is seen.
func (w *Writer) closed(n *html.Node, l look) error {
	if err := w.flush(); err != nil {
		return err
	}
	titled := false
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		inside := l
		if c.Data == "summary" && c.Type == html.ElementNode && !titled {
			titled = true
		} else if inside.hidden == "" {
			inside.hidden = "an element that is shown when asked for"
		}
		if err := w.node(c, inside); err != nil {
			return err
		}
	}
	return w.flush()
}

func blockLevel(element string) bool {
	switch element {
	case "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "blockquote", "li", "dl", "dt", "dd", "pre", "listing", "xmp", "plaintext", "fieldset", "legend", "form", "center", "figure", "figcaption",
		"body", "html", "tr", "td", "th", "tbody", "thead", "tfoot", "caption", "details", "summary", "hgroup", "search", "option", "optgroup":
		return true
	}
	return false
}

// words adds text to the open paragraph, or to the notices.
func (w *Writer) words(text string, l look) {
	seen := strings.TrimFunc(text, blank) != ""
	why := l.why()
	switch {
	case l.comment:
		w.leave(document.Aside{Kind: document.Comment, Text: text})
		return
	case why != "":
		if seen && len(w.hidden) < 20 {
			w.hidden = append(w.hidden, strings.Join(strings.FieldsFunc(text, blank), " "))
		}
		w.leave(document.Aside{Kind: document.Hidden, Text: text, Why: why})
		return
	case l.struck:
		if seen {
			w.struck++
		}
		w.leave(document.Aside{Kind: document.Deleted, Text: text, Why: "struck through"})
		return
	}
	if w.raised > 0 {
		before := ""
		if n := len(w.open.spans); n > 0 {
			before = w.open.spans[n-1].text
		}
		text = document.Raised(before, text)
	}
	if seen && l.doubtful() {
		w.doubts++
	}
	if w.open.broken && seen {
		w.open.broken = false
		if w.breaks(text) {
			_ = w.flush() // its only failure is the size of the text, which the next flush sees, too
		} else {
			w.open.spans = append(w.open.spans, span{text: " "})
		}
	}
	mark := ""
	switch {
	case l.inserted:
		mark = "inserted"
	case l.bold:
		mark = "bold"
	}
	w.open.spans = append(w.open.spans, span{text: text, mark: mark})
}

// breaks tells whether a <br> ends a paragraph. Some programs write one at the end of every printed line.
func (w *Writer) breaks(next string) bool {
	before := w.open.text()
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(next, blank))
	return !(utf8.RuneCountInString(before) > 40 && unicode.IsLower(first) && !strings.ContainsRune(".;:!?", last))
}

func (w *Writer) leave(n document.Aside) {
	if strings.TrimFunc(n.Text, blank) == "" {
		return
	}
	if k := len(w.open.spans); k > 0 && w.open.spans[k-1].notice != nil {
		if last := w.open.spans[k-1].notice; last.Kind == n.Kind && last.Why == n.Why && len(last.Text) < 4000 {
			last.Text += " " + n.Text
			return
		}
	}
	w.open.spans = append(w.open.spans, span{notice: &n})
}

// typed writes text whose line ends count.
func (w *Writer) typed(text string) error {
	if err := w.flush(); err != nil {
		return err
	}
	if w.b.Bytes()+len(text) > maxText {
		return tooLarge()
	}
	var err error
	w.tables, err = plain.Write(w.ctx, w.b, text, w.tables)
	return err
}

func tooLarge() error {
	return document.Failed(pact.DocumentRejected, "The web page holds more than 20 MB of text. Print the contract in it to PDF, and upload that.")
}

// flush ends the open paragraph: into the cell that is being filled, or as a block.
func (w *Writer) flush() error {
	p := w.open
	w.open = paragraph{}
	if len(p.spans) == 0 {
		if p.label != "" { // the item's words are in an element of their own
			w.open.label, w.open.level = p.label, p.level
		}
		return nil
	}
	if w.cell != nil {
		w.cell.paragraphs = append(w.cell.paragraphs, p)
		return nil
	}
	if text := p.text(); text == "" && p.label != "" {
		w.open.label, w.open.level = p.label, p.level
	}
	return w.write(document.Block{Kind: document.Paragraph}, []paragraph{p})
}

// write writes paragraphs as one block.
func (w *Writer) write(block document.Block, list []paragraph) error {
	first := &list[0]
	if block.Kind == document.Paragraph {
		bold := true
		for _, s := range first.spans {
			if s.notice == nil && strings.TrimFunc(s.text, blank) != "" && s.mark != "bold" {
				bold = false
			}
		}
		block.Kind = document.KindOf(first.text(), document.Looks{Styled: first.heading > 0, Bold: bold, Labelled: first.label != ""})
		if block.Kind == document.Heading {
			block.Level = first.heading
		}
		if first.label != "" && first.label != "•" {
			block.Number, block.Level = strings.TrimSuffix(first.label, "."), first.level
		}
	}
	w.b.Start(block)
	for i := range list {
		p := &list[i]
		w.b.Space()
		if p.label != "" && p.text() != "" {
			w.b.Write(p.label)
			w.b.Space()
		}
		for _, s := range p.spans {
			if s.notice != nil {
				n := *s.notice
				n.Start = w.b.At()
				n.End = n.Start
				n.Text = strings.Join(strings.FieldsFunc(n.Text, blank), " ")
				w.b.Aside(n)
				continue
			}
			from, to := w.b.Write(s.text)
			if s.mark != "" && from < to {
				w.b.Mark(from, to, s.mark)
			}
		}
	}
	w.b.End()
	if w.b.Bytes() > maxText {
		return tooLarge()
	}
	return nil
}

// list writes the items of a list with the labels that a browser prints.
func (w *Writer) list(n *html.Node, l look) error {
	if err := w.flush(); err != nil {
		return err
	}
	w.depth++
	defer func() { w.depth-- }()
	next, kind := 1, ""
	for _, a := range n.Attr {
		switch a.Key {
		case "start":
			if v, err := strconv.Atoi(a.Val); err == nil {
				next = v
			}
		case "type":
			kind = a.Val
		}
	}
	if kind == "" {
		kind = l.labels
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.Data != "li" {
			if err := w.node(c, l); err != nil {
				return err
			}
			continue
		}
		inside := w.of(c, l)
		number := next
		own := kind
		for _, a := range c.Attr {
			switch a.Key {
			case "value":
				if v, err := strconv.Atoi(a.Val); err == nil {
					number = v
				}
			case "type":
				own = a.Val
			}
		}
		next = number + 1
		if err := w.flush(); err != nil {
			return err
		}
		if !inside.noLabels && inside.why() == "" && !inside.struck {
			w.open.label, w.open.level = label(n.Data, own, number), w.depth
		}
		if err := w.children(c, inside); err != nil {
			return err
		}
		if err := w.flush(); err != nil {
			return err
		}
		w.open = paragraph{} // an item without words leaves no label behind
	}
	return nil
}

func label(element, kind string, n int) string {
	if element != "ol" {
		return "•"
	}
	s := strconv.Itoa(n)
	switch {
	case n < 1:
	case kind == "a" || strings.Contains(kind, "lower-alpha") || strings.Contains(kind, "lower-latin"):
		s = letters(n)
	case kind == "A" || strings.Contains(kind, "upper-alpha") || strings.Contains(kind, "upper-latin"):
		s = strings.ToUpper(letters(n))
	case kind == "i" || strings.Contains(kind, "lower-roman"):
		s = document.Roman(n)
	case kind == "I" || strings.Contains(kind, "upper-roman"):
		s = strings.ToUpper(document.Roman(n))
	}
	return s + "."
}

// letters counts a … z, aa, ab …, as browsers do.
func letters(n int) string {
	s := ""
	for ; n > 0 && len(s) < 8; n = (n - 1) / 26 {
		s = string(rune('a'+(n-1)%26)) + s
	}
	return s
}

// input shows what a form field holds.
func (w *Writer) input(n *html.Node, l look) {
	kind, value, checked, hint := "text", "", false, false
	for _, a := range n.Attr {
		switch a.Key {
		case "type":
			kind = strings.ToLower(a.Val)
		case "value":
			value = a.Val
		case "checked":
			checked = true
		case "placeholder":
			hint = a.Val != ""
		}
	}
	switch kind {
	case "checkbox", "radio":
		if checked {
			w.words("☒ ", l)
			return
		}
		w.words("☐ ", l)
	case "hidden":
		l.hidden = "a hidden form field"
		w.words(value, l)
	case "password", "file", "image", "reset", "button", "submit":
	default:
		if value == "" && hint {
			w.blanks++
		}
		w.words(value, l)
	}
}

// choice shows the chosen entry of a list.
func (w *Writer) choice(n *html.Node, l look) {
	var first, chosen *html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.Data != "option" {
			continue
		}
		if first == nil {
			first = c
		}
		for _, a := range c.Attr {
			if a.Key == "selected" && chosen == nil {
				chosen = c
			}
		}
	}
	if chosen == nil {
		chosen = first
	}
	if chosen != nil && chosen.FirstChild != nil {
		w.words(chosen.FirstChild.Data, l)
	}
}
