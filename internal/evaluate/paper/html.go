package paper

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
)

//go:embed page.html
var pageHTML string

type pageView struct {
	Title                         string
	Paper, Font, Size             template.CSS
	HeadLeft, HeadRight, FootLeft template.CSS
	Columns                       template.CSS
	Body                          template.HTML
}

// renderHTML gives the print form of a text. Running headers and footers are CSS margin boxes, so that they repeat on
// every page outside the text, as a word processor sets them.
func renderHTML(t Text) ([]byte, error) {
	page, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return nil, fmt.Errorf("parsing page.html: %w", err)
	}
	fonts := map[string]string{
		"serif": `"Liberation Serif", "Times New Roman", serif`, "sans": `"Liberation Sans", Arial, sans-serif`,
		"dejavu": `"DejaVu Serif", Georgia, serif`,
	}
	view := pageView{
		Title: t.head["title"],
		// Style values come from the committed texts, not from outside.
		Paper: template.CSS(or(t.head["paper"], "Letter")), Font: template.CSS(or(fonts[t.head["font"]], fonts["serif"])),
		Size:     template.CSS(or(t.head["size"], "10.5pt")),
		HeadLeft: template.CSS(t.head["head_left"]), HeadRight: template.CSS(t.head["head_right"]),
		FootLeft: template.CSS(t.head["foot_left"]),
		Columns:  template.CSS(or(t.head["columns"], "1")),
		Body:     template.HTML(bodyHTML(t)),
	}
	var out bytes.Buffer
	if err := page.Execute(&out, view); err != nil {
		return nil, fmt.Errorf("filling page.html: %w", err)
	}
	return out.Bytes(), nil
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

func bodyHTML(t Text) string {
	var b strings.Builder
	for _, block := range t.blocks {
		switch block.kind {
		case title:
			fmt.Fprintf(&b, "<h1>%s</h1>\n", inline(block.words))
		case heading:
			fmt.Fprintf(&b, "<h2>%s</h2>\n", withNumber(block))
		case clause:
			fmt.Fprintf(&b, "<p class=clause>%s</p>\n", withNumber(block))
		case point:
			fmt.Fprintf(&b, "<p class=point style=\"margin-left:%.1fem\">%s</p>\n", 4.2+2*float64(block.level), withNumber(block))
		case table:
			b.WriteString(tableHTML(block.rows))
		case signatures:
			b.WriteString(signatureHTML(block.rows))
		case pageBreak:
			b.WriteString("<div class=break></div>\n")
		case lines:
			style := "white-space:pre-line;text-align:left"
			if block.mono {
				style = "white-space:pre-wrap;text-align:left;font-family:monospace;font-size:.86em"
			}
			fmt.Fprintf(&b, "<p style=\"%s\">%s</p>\n", style, inline(block.words))
		case centered:
			fmt.Fprintf(&b, "<p class=center>%s</p>\n", inline(block.words))
		default:
			fmt.Fprintf(&b, "<p>%s</p>\n", inline(block.words))
		}
	}
	return b.String()
}

func withNumber(b block) string {
	if b.number == "" {
		return inline(b.words)
	}
	return "<span class=number>" + template.HTMLEscapeString(b.number) + " </span>" + inline(b.words)
}

func inline(words string) string {
	var b strings.Builder
	for _, s := range spans(words) {
		if s.bold {
			b.WriteString("<b>" + template.HTMLEscapeString(s.words) + "</b>")
			continue
		}
		b.WriteString(template.HTMLEscapeString(s.words))
	}
	return b.String()
}

func tableHTML(rows [][]string) string {
	var b strings.Builder
	b.WriteString("<table>\n")
	for i, row := range rows {
		cell := "td"
		if i == 0 {
			cell = "th"
		}
		b.WriteString("<tr>")
		for _, words := range row {
			fmt.Fprintf(&b, "<%s>%s</%s>", cell, inline(words), cell)
		}
		b.WriteString("</tr>\n")
	}
	return b.String() + "</table>\n"
}

func signatureHTML(parties [][]string) string {
	var b strings.Builder
	b.WriteString("<div class=signatures>\n")
	for _, p := range parties {
		fmt.Fprintf(&b, "<div><p><b>%s</b></p><p class=by>By: <i>/s/ %s</i></p><p>Name: %s</p><p>Title: %s</p><p>Date: %s</p></div>\n",
			inline(p[0]), inline(p[1]), inline(p[1]), inline(p[2]), inline(p[3]))
	}
	return b.String() + "</div>\n"
}
