package docx_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/docx"
	"github.com/pactloop/pactloop/internal/pact"
)

func read(t testing.TB, file []byte) *document.Document {
	t.Helper()
	return documenttest.Read(t, docx.New(docx.Config{}), file)
}

func run(text string) string { return `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r>` }
func par(inside string) string {
	return `<w:p>` + inside + `</w:p>`
}

func listed(num, level int, text string) string {
	return par(fmt.Sprintf(`<w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr>`, level, num) + run(text))
}

func TestTheSuite(t *testing.T) {
	t.Parallel()
	documenttest.Reader(t, docx.New(docx.Config{}), documenttest.DOCX(documenttest.Paragraphs(documenttest.Contract...)))
}

const legalList = `<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="(%4)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Article %1"/><w:pStyle w:val="Clause"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimalZero"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>`

func TestNumbersAreComputedAsWordPrintsThem(t *testing.T) {
	t.Parallel()
	body := listed(1, 0, "Term") + listed(1, 1, "The term is one year.") + listed(1, 1, "It renews:") + listed(1, 2, "by notice, or") +
		listed(1, 2, "by conduct:") + listed(1, 3, "of the customer.") + listed(1, 0, "Price") + listed(1, 1, "The price is fixed.") + listed(1, 2, "In dollars.") +
		listed(2, 0, "Definitions of the annex, which start again") + listed(2, 1, "A definition.") +
		par(`<w:pPr><w:pStyle w:val="Clause"/></w:pPr>`+run("Law")) + listed(3, 1, "The law of Maine.")
	d := read(t, documenttest.DOCXWith(body, map[string]string{
		"numbering": legalList,
		"styles":    `<w:style w:type="paragraph" w:styleId="Clause"><w:name w:val="Clause"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>`,
	}))
	documenttest.Lines(t, documenttest.Blocks(d), "1. Term", "1.1 The term is one year.", "1.2 It renews:", "(a) by notice, or", "(b) by conduct:", "(i) of the customer.", "2. Price",
		"2.1 The price is fixed.", "(a) In dollars.", "1. Definitions of the annex, which start again", "1.1 A definition.", "Article IV Law", "4.1 The law of Maine.")
	if s := d.SectionAt(strings.Index(d.Text, "of the customer")); s == nil || s.Number != "1.2(b)(i)" {
		t.Errorf("section %+v", s)
	}
}

func TestTrackedChangesAreShownAsTheyAre(t *testing.T) {
	t.Parallel()
	d := read(t, documenttest.DOCX(par(run("The notice period is ")+`<w:del w:id="1"><w:r><w:delText>sixty (60)</w:delText></w:r></w:del><w:ins w:id="2">`+run("ninety (90)")+`</w:ins>`+run(" days."))))
	documenttest.Lines(t, documenttest.Blocks(d), "The notice period is ninety (90) days.")
	if r := d.Blocks[0].Runs; len(r) != 1 || r[0].Mark != "inserted" || d.Slice(r[0].Start, r[0].End) != "ninety (90)" {
		t.Errorf("runs %+v", r)
	}
	if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "tracked changes") {
		t.Errorf("warnings %q", d.Warnings)
	}
}

func TestTablesHaveRowsAndCells(t *testing.T) {
	t.Parallel()
	cell := func(inside string) string { return `<w:tc>` + inside + `</w:tc>` }
	table := `<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>` + cell(par(run("Priority"))) + cell(`<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>`+par(run("Times"))) +
		`</w:tr><w:tr>` + cell(par(run("P1"))) + cell(par(run("30 minutes"))) + cell(par(run("4 hours,"))+par(run("around the clock"))) + `</w:tr></w:tbl>`
	frame := `<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>` + cell(par(run("A paragraph in a frame."))) + `</w:tr></w:tbl>`
	d := read(t, documenttest.DOCX(table+frame))
	var got []string
	for _, b := range d.Blocks {
		got = append(got, fmt.Sprintf("%s %d/%d/%d %s", b.Kind, b.Table, b.Row, b.Col, d.Slice(b.Start, b.End)))
	}
	documenttest.Lines(t, got, "cell 1/0/0 Priority", "cell 1/0/1 Times", "cell 1/1/0 P1", "cell 1/1/1 30 minutes", "cell 1/1/2 4 hours, around the clock", "paragraph 0/0/0 A paragraph in a frame.")
}

func TestFieldsLinksBoxesNotesHeadersAndFooters(t *testing.T) {
	t.Parallel()
	field := `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF _Ref1 </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + run("4.2") + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`
	box := `<w:r><mc:AlternateContent xmlns:mc="x"><mc:Choice><w:drawing><wps:txbx xmlns:wps="y"><w:txbxContent>` + par(run("Words in a box.")) + `</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>` + par(run("Words in a box.")) + `</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>`
	body := par(run("See Section ")+field+run(" and ")+`<w:hyperlink>`+run("the price list")+`</w:hyperlink>`+run(".")+`<w:r><w:tab/></w:r>`+run("Non")+`<w:r><w:noBreakHyphen/></w:r>`+run("exclusive.")+`<w:r><w:footnoteReference w:id="2"/></w:r>`+box) +
		`<w:sectPr><w:headerReference r:id="header1"/><w:footerReference r:id="footer1"/></w:sectPr>`
	d := read(t, documenttest.DOCXWith(body, map[string]string{
		"header1":   par(run("Contract 7")),
		"footer1":   par(run("Page ") + `<w:fldSimple w:instr=" PAGE ">` + run("1") + `</w:fldSimple>`),
		"footnotes": `<w:footnote w:type="separator" w:id="0">` + par("") + `</w:footnote><w:footnote w:id="2">` + par(run("A footnote with a condition.")) + `</w:footnote>`,
	}))
	documenttest.Lines(t, documenttest.Blocks(d), "See Section 4.2 and the price list. Non-exclusive.", "Words in a box.", "Contract 7", "Page 1", "A footnote with a condition.")
	if d.Blocks[2].Kind != document.Header || d.Blocks[3].Kind != document.Footer {
		t.Errorf("kinds %s %s", d.Blocks[2].Kind, d.Blocks[3].Kind)
	}
}

func TestHiddenTextIsLeftOutAndNamed(t *testing.T) {
	t.Parallel()
	for _, look := range []string{`<w:vanish/>`, `<w:color w:val="FFFFFF"/>`, `<w:sz w:val="2"/>`, `<w:rStyle w:val="Unseen"/>`} {
		d := read(t, documenttest.DOCXWith(par(run("The fee is ten dollars.")+`<w:r><w:rPr>`+look+`</w:rPr><w:t>The fee is one dollar.</w:t></w:r>`),
			map[string]string{"styles": `<w:style w:type="character" w:styleId="Unseen"><w:rPr><w:vanish/></w:rPr></w:style>`}))
		if d.Text != "The fee is ten dollars." || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "one dollar") {
			t.Errorf("%s: text %q, warnings %q", look, d.Text, d.Warnings)
		}
	}
}

func TestWhiteLettersInAColouredCellAreSeen(t *testing.T) {
	t.Parallel()
	cell := func(text string) string {
		return `<w:tc><w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr>` + par(`<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>`+text+`</w:t></w:r>`) + `</w:tc>`
	}
	d := read(t, documenttest.DOCX(`<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>`+cell("Priority")+cell("Time")+`</w:tr></w:tbl>`))
	documenttest.Lines(t, documenttest.Blocks(d), "Priority", "Time")
}

func TestLettersInTheColourOfWhatLiesBehindThemAreHidden(t *testing.T) {
	t.Parallel()
	letters := func(look string) string { return `<w:r><w:rPr>` + look + `</w:rPr><w:t>one dollar</w:t></w:r>` }
	cell := func(fill, look string) string {
		return `<w:tbl><w:tblPr>` + `<w:tblStyle w:val="Plain"/></w:tblPr><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr><w:shd w:val="clear" w:fill="` + fill + `"/></w:tcPr>` + par(letters(look)) + `</w:tc><w:tc>` + par(run("b")) + `</w:tc></w:tr></w:tbl>`
	}
	white, black := `<w:color w:val="FFFFFF"/>`, `<w:color w:val="000000"/>`
	parts := map[string]string{"styles": `<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:styleId="Small"><w:rPr><w:sz w:val="2"/></w:rPr></w:style><w:style w:type="character" w:styleId="Slim"><w:rPr><w:i/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Bar"><w:pPr><w:shd w:val="clear" w:fill="000000"/></w:pPr></w:style><w:style w:type="table" w:styleId="Ghost"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>`}
	for name, c := range map[string]struct {
		body string
		seen bool
	}{
		"white on a nearly white cell":        {cell("FEFEFE", white), false},
		"white on a nearly white paragraph":   {par(`<w:pPr><w:shd w:val="clear" w:fill="FDFDFD"/></w:pPr>` + letters(white)), false},
		"white on a nearly white run":         {par(letters(white + `<w:shd w:val="clear" w:fill="FCFCFC"/>`)), false},
		"black under a black highlight":       {par(letters(black + `<w:highlight w:val="black"/>`)), false},
		"automatic under a black highlight":   {par(letters(`<w:highlight w:val="black"/>`)), false},
		"black on a black cell":               {cell("000000", black), false},
		"black on a black paragraph":          {par(`<w:pPr><w:shd w:val="clear" w:fill="000000"/></w:pPr>` + letters(black)), false},
		"black on a solid pattern":            {par(letters(black + `<w:shd w:val="solid" w:color="000000" w:fill="FFFFFF"/>`)), false},
		"black on a black style":              {par(`<w:pPr><w:pStyle w:val="Bar"/></w:pPr>` + letters(black)), false},
		"grey on the same grey":               {cell("D9D9D9", `<w:color w:val="DADADA"/>`), false},
		"the white of the theme":              {par(letters(`<w:color w:val="FFFFFF" w:themeColor="background1"/>`)), false},
		"filled with nothing":                 {par(letters(`<w14:textFill xmlns:w14="x"><w14:noFill/></w14:textFill>`)), false},
		"a white table style":                 {strings.ReplaceAll(cell("FFFFFF", ""), "Plain", "Ghost"), false},
		"a small paragraph with a slim style": {par(`<w:pPr><w:pStyle w:val="Small"/></w:pPr>` + letters(`<w:rStyle w:val="Slim"/>`)), false},
		"white on blue":                       {cell("1F3864", white), true},
		"white under a black highlight":       {par(letters(white + `<w:highlight w:val="black"/>`)), true},
		"white on the black of the theme":     {par(letters(white + `<w:shd w:val="clear" w:fill="auto" w:themeFill="text1"/>`)), true},
		"white on a blue of the theme":        {cell(`4472C4" w:themeFill="accent1`, white), true},
		"black under a yellow highlight":      {par(letters(black + `<w:highlight w:val="yellow"/>`)), true},
		"automatic on a black cell":           {cell("000000", `<w:color w:val="auto"/>`), true},
		"grey":                                {par(letters(`<w:color w:val="808080"/>`)), true},
	} {
		d := read(t, documenttest.DOCXWith(par(run("The fee is ten dollars."))+c.body, parts))
		if seen := strings.Contains(d.Text, "one dollar"); seen != c.seen || seen != (len(d.Warnings) == 0) || seen != (len(d.Asides) == 0) {
			t.Errorf("%s: text %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
}

func TestHostileArchives(t *testing.T) {
	t.Parallel()
	good := documenttest.DOCX(documenttest.Paragraphs(documenttest.Contract...))
	many := make([][2]string, 6000)
	for i := range many {
		many[i] = [2]string{fmt.Sprintf("word/%d.xml", i), ""}
	}
	main := func(xml string) []byte { return documenttest.Archive([][2]string{{"word/document.xml", xml}}) }
	for name, c := range map[string]struct {
		file []byte
		want pact.DocumentState
	}{
		"entities":        {main(`<!DOCTYPE x [<!ENTITY a "b">]><w:document><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>`), pact.DocumentRejected},
		"a file entity":   {main(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>`), pact.DocumentRejected},
		"a bomb":          {main(`<w:document><w:body><w:p><w:r><w:t>` + strings.Repeat("a", 65<<20)), pact.DocumentRejected},
		"a thin bomb":     {main(`<w:document><w:body><w:p><w:r><w:t>` + strings.Repeat("a", 10<<20)), pact.DocumentRejected},
		"many parts":      {documenttest.Archive(many), pact.DocumentRejected},
		"deep nesting":    {main(strings.Repeat("<w:sdt>", 100_000)), pact.DocumentRejected},
		"two main parts":  {documenttest.Archive([][2]string{{"word/document.xml", "<a/>"}, {"word/./document.xml", "<b/>"}}), pact.DocumentRejected},
		"no end":          {main(`<w:document><w:body><w:p><w:r><w:t>a`), pact.DocumentDamaged},
		"no text":         {documenttest.DOCX(""), pact.DocumentDamaged},
		"cut off":         {good[:len(good)/2], pact.DocumentDamaged},
		"a plain archive": {documenttest.Archive([][2]string{{"../../etc/passwd", "x"}}), pact.DocumentUnsupported},
		"a workbook":      {documenttest.Archive([][2]string{{"xl/workbook.xml", "<a/>"}}), pact.DocumentUnsupported},
		"OpenDocument":    {documenttest.Archive([][2]string{{"mimetype", "application/vnd.oasis.opendocument.text"}}), pact.DocumentUnsupported},
		"only pictures":   {documenttest.Archive([][2]string{{"word/document.xml", `<w:document><w:body><w:p/></w:body></w:document>`}, {"word/media/image1.png", "x"}}), pact.DocumentNeedsOCR},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := docx.New(docx.Config{}).Read(t.Context(), c.file)
			documenttest.WantState(t, err, c.want)
		})
	}
}

func TestTheSampleContracts(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("../../../samples/contracts/*.docx")
	if err != nil || len(names) == 0 {
		t.Fatalf("no sample contracts: %v", err)
	}
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		d := read(t, b)
		if redline := strings.Contains(n, "redline"); len(d.Sections) < 10 || redline != (len(d.Warnings) == 1) {
			t.Errorf("%s: %d sections, warnings %q", n, len(d.Sections), d.Warnings)
		}
	}
}

// everything has one of each thing that a body may hold beside plain paragraphs.
const everything = `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>Term</w:t></w:r></w:p>
<w:p><w:commentRangeStart w:id="1"/><w:r><w:t>a</w:t></w:r><w:commentRangeEnd w:id="1"/><w:r><w:footnoteReference w:id="2"/></w:r><w:del w:author="x"><w:r><w:delText>d</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>m</w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>h</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>hint</w:t></w:r></w:sdtContent></w:sdt></w:p>
<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>P1</w:t></w:r></w:p>
</w:tc><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p>
<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>in</w:t></w:r></w:p>
</w:tc></w:tr></w:tbl></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>y</w:t></w:r></w:p>
</w:tc></w:tr></w:tbl>`

func FuzzDOCX(f *testing.F) {
	f.Add("document.xml", par(run("The term is one year.")), legalList)
	f.Add("styles.xml", `<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>`, `<w:num w:numId="1"/>`)
	f.Add("x", `<w:p><w:pPr><w:numPr><w:ilvl w:val="99"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p></w:p></w:body>`, legalList)
	f.Add("x", `<w:p><w:r><w:fldChar w:fldCharType="end"/><w:t>&amp;&#0;&bogus;</w:t></w:r></w:p>`, `<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="a"/><w:styleLink w:val="a"/></w:abstractNum>`)
	f.Add("x", everything, legalList)
	r := docx.New(docx.Config{})
	f.Fuzz(func(t *testing.T, name, body, numbering string) {
		documenttest.Survives(t, r, documenttest.DOCXWith(body, map[string]string{"numbering": numbering, "styles": numbering, name: body}))
	})
}

func FuzzArchive(f *testing.F) {
	f.Add(documenttest.DOCX(documenttest.Paragraphs(documenttest.Contract...)))
	r := docx.New(docx.Config{})
	f.Fuzz(func(t *testing.T, file []byte) { documenttest.Survives(t, r, file) })
}

func TestRaisedDigitsThatAreNoMarkKeepTheirValue(t *testing.T) {
	t.Parallel()
	raised := func(text string) string {
		return `<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t xml:space="preserve">` + text + `</w:t></w:r>`
	}
	d := read(t, documenttest.DOCX(par(run("The fee is $1,250.")+raised("50")+run(" or $19")+raised("95")+run(" for ")+raised("24")+run(" months.")+raised("1"))))
	documenttest.Lines(t, documenttest.Blocks(d), "The fee is $1,250.50 or $19.95 for 24 months.1")
}

func TestAMarkOfANoteIsNoDigitAndASignIsNotLost(t *testing.T) {
	t.Parallel()
	raised := func(text string) string {
		return `<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>` + text + `</w:t></w:r>`
	}
	sym := func(font, char string) string {
		return `<w:r><w:sym w:font="` + font + `" w:char="` + char + `"/></w:r>`
	}
	d := read(t, documenttest.DOCX(par(run("The fee is USD 5")+raised("1")+run(" until the 3")+raised("rd")+run(" day."))+
		par(run("Availability ")+sym("Symbol", "F0B3")+run(" 99.5 %, at ")+sym("symbol", "00A3")+run(" 30 ")+sym("Symbol", "F0B0")+run("C; ")+sym("Wingdings", "F0A8")+run(" no"))))
	documenttest.Lines(t, documenttest.Blocks(d), "The fee is USD 5¹ until the 3rd day.", "Availability ≥ 99.5 %, at ≤ 30 °C; ☐ no")
}
