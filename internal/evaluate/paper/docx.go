package paper

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"text/template"
	"time"
)

//go:embed document.xml.tmpl
var documentTemplate string

// The parts of a DOCX that do not depend on the text. Headings, clauses and points take their numbers from
// numbering.xml, as Word does: the number is not in the text, and a reader has to count.
var fixedParts = []struct{ name, xml string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/>` +
		`<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>` +
		`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`},
	{"word/_rels/document.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/>` +
		`<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/>` +
		`<Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/></Relationships>`},
	{"word/styles.xml", `<w:styles xmlns:w="` + wordNS + `"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="20"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="240"/><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:sz w:val="30"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:spacing w:before="240"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="22"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Clause"><w:name w:val="Clause"/><w:basedOn w:val="Normal"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr><w:jc w:val="both"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Point"><w:name w:val="Point"/><w:basedOn w:val="Normal"/><w:pPr><w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Header"><w:name w:val="header"/><w:basedOn w:val="Normal"/><w:pPr><w:tabs><w:tab w:val="right" w:pos="9070"/></w:tabs></w:pPr><w:rPr><w:color w:val="555555"/><w:sz w:val="16"/></w:rPr></w:style></w:styles>`},
	{"word/numbering.xml", `<w:numbering xmlns:w="` + wordNS + `"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>` +
		`<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading1"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="567" w:hanging="567"/></w:pPr></w:lvl>` +
		`<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Clause"/><w:lvlText w:val="%1.%2"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="567" w:hanging="567"/></w:pPr></w:lvl>` +
		`<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:pStyle w:val="Point"/><w:lvlText w:val="(%3)"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="1134" w:hanging="567"/></w:pPr></w:lvl>` +
		`</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`},
}

const (
	wordNS    = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	xmlHeader = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
)

type docxView struct {
	Head    map[string]string
	Blocks  []docxBlock
	Created string
}

type docxBlock struct {
	Style  string
	Center bool
	Break  bool
	Runs   string
	Rows   [][]string // runs of each cell; the first row is the head
	Signed bool       // rows are signatures: no lines around the cells
}

// writeDOCX zips a small WordprocessingML package with fixed times, so that the same text gives the same bytes.
func writeDOCX(t Text, created time.Time) ([]byte, error) {
	view := docxView{Head: map[string]string{}, Created: created.Format(time.RFC3339)}
	for k, v := range t.head {
		view.Head[k] = escape(v)
	}
	typed := t.typedNumbers()
	for _, b := range t.blocks {
		if typed && b.number != "" {
			words := b.number + " " + b.words
			if b.kind == heading {
				words = "**" + strings.ReplaceAll(words, "**", "") + "**"
			}
			view.Blocks = append(view.Blocks, docxBlock{Style: "Normal", Runs: runs(words, view.Created)})
			continue
		}
		view.Blocks = append(view.Blocks, docxBlockOf(b, view.Created))
	}
	parsed, err := template.New("docx").Option("missingkey=zero").Parse(documentTemplate)
	if err != nil {
		return nil, fmt.Errorf("parsing document.xml.tmpl: %w", err)
	}
	var out bytes.Buffer
	pack := zip.NewWriter(&out)
	write := func(name, xml string) error {
		part, err := pack.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: created})
		if err != nil {
			return fmt.Errorf("adding %s: %w", name, err)
		}
		if _, err := part.Write([]byte(xmlHeader + xml)); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		return nil
	}
	for _, p := range fixedParts {
		if err := write(p.name, p.xml); err != nil {
			return nil, err
		}
	}
	for _, p := range [][2]string{{"document", "word/document.xml"}, {"header", "word/header1.xml"}, {"footer", "word/footer1.xml"}, {"core", "docProps/core.xml"}} {
		if err := writeTemplate(parsed, p[0], view, p[1], write); err != nil {
			return nil, err
		}
	}
	if err := pack.Close(); err != nil {
		return nil, fmt.Errorf("closing the package: %w", err)
	}
	return out.Bytes(), nil
}

func writeTemplate(parsed *template.Template, part string, view docxView, name string, write func(name, xml string) error) error {
	var xml bytes.Buffer
	if err := parsed.ExecuteTemplate(&xml, part, view); err != nil {
		return fmt.Errorf("filling %s: %w", name, err)
	}
	return write(name, xml.String())
}

func docxBlockOf(b block, when string) docxBlock {
	styles := map[blockKind]string{title: "Title", heading: "Heading1", clause: "Clause", point: "Point", centered: "Normal", paragraph: "Normal"}
	out := docxBlock{Style: styles[b.kind], Center: b.kind == centered, Break: b.kind == pageBreak}
	switch b.kind {
	case table:
		for i, row := range b.rows {
			var cells []string
			for _, words := range row {
				if i == 0 {
					words = "**" + strings.Trim(words, "*") + "**"
				}
				cells = append(cells, paragraphOf(runs(words, when)))
			}
			out.Rows = append(out.Rows, cells)
		}
	case signatures:
		out.Signed = true
		var row []string
		for _, p := range b.rows {
			row = append(row, paragraphOf(runs("**"+p[0]+"**", when))+paragraphOf(runs("By: /s/ "+p[1], when))+
				paragraphOf(runs("Name: "+p[1], when))+paragraphOf(runs("Title: "+p[2], when))+paragraphOf(runs("Date: "+p[3], when)))
		}
		out.Rows = [][]string{row}
	case lines:
		out.Style = "Normal"
		out.Runs = strings.ReplaceAll(runs(b.words, when), "\n", `</w:t><w:br/><w:t xml:space="preserve">`)
	default:
		out.Runs = runs(b.words, when)
	}
	return out
}

// typedNumbers tells whether the numbers must be typed into the words, as many offices do: asked for in the head, or of a
// kind that the automatic numbering (1., 1.1, (a)) would change.
func (t Text) typedNumbers() bool {
	if n := t.head["numbers"]; n != "" {
		return n == "typed"
	}
	n := 0
	for _, b := range t.blocks {
		if b.kind != heading {
			continue
		}
		if n++; b.number != fmt.Sprintf("%d.", n) {
			return true
		}
	}
	return false
}

func paragraphOf(runs string) string { return "<w:p>" + runs + "</w:p>" }

// runs gives the words as w:r elements; open changes stand in w:ins and w:del as Word keeps them until accepted.
func runs(words, when string) string {
	var b strings.Builder
	for i, s := range spans(words) {
		look, tag := "", "w:t"
		if s.bold {
			look = "<w:rPr><w:b/></w:rPr>"
		}
		if s.deleted {
			tag = "w:delText"
		}
		run := fmt.Sprintf(`<w:r>%s<%s xml:space="preserve">%s</%s></w:r>`, look, tag, escape(s.words), tag)
		change := fmt.Sprintf(`w:id="%d" w:author="Renata Solis" w:date="%s"`, 100+i, when)
		switch {
		case s.inserted:
			run = "<w:ins " + change + ">" + run + "</w:ins>"
		case s.deleted:
			run = "<w:del " + change + ">" + run + "</w:del>"
		}
		b.WriteString(run)
	}
	return b.String()
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
