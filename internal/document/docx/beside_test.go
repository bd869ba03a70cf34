package docx_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/docx"
)

func notices(d *document.Document) []string {
	var out []string
	for _, n := range d.Asides {
		before := d.Slice(max(0, n.Start-6), n.Start)
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %q after %q about %q %s %s", n.Kind, n.Text, before, d.Slice(n.Start, n.End), n.Author, n.Why)))
	}
	return out
}

func TestNotesKeepTheirPlaceAndStandAfterTheBody(t *testing.T) {
	t.Parallel()
	note := func(id int, text string) string {
		return fmt.Sprintf(`<w:footnote w:id="%d">`, id) + par(`<w:r><w:footnoteRef/></w:r>`+run(" "+text)) + `</w:footnote>`
	}
	body := par(run("The price is USD 30")+`<w:r><w:footnoteReference w:id="7"/></w:r>`+run(" per month.")+`<w:r><w:endnoteReference w:id="2"/></w:r>`) + par(run("It is due at once")+`<w:r><w:footnoteReference w:id="3"/></w:r>`+run("."))
	d := read(t, documenttest.DOCXWith(body, map[string]string{
		"footnotes": note(3, "Within ten days.") + note(7, "Without taxes.") + note(9, "Nothing names this note."),
		"endnotes":  `<w:endnote w:id="2">` + par(run("In dollars of 2026.")) + `</w:endnote>`,
	}))
	var got []string
	for _, b := range d.Blocks {
		got = append(got, fmt.Sprintf("%s %s %q %s", b.Kind, b.Number, d.Slice(max(0, b.Anchor-5), b.Anchor), d.Slice(b.Start, b.End)))
	}
	documenttest.Lines(t, got, `paragraph  "" The price is USD 30 per month.`, `paragraph  "" It is due at once.`, `note 1 "SD 30" Without taxes.`, `note 2 " once" Within ten days.`, `note 1 "onth." In dollars of 2026.`)
	if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "Nothing names") {
		t.Errorf("warnings %q", d.Warnings)
	}
}

func TestCommentsDeletionsAndMovesAreNoticesAndNoText(t *testing.T) {
	t.Parallel()
	body := par(run("The fee is ")+`<w:commentRangeStart w:id="5"/>`+run("ten dollars")+`<w:commentRangeEnd w:id="5"/><w:r><w:commentReference w:id="5"/></w:r>`+
		`<w:del w:id="1" w:author="Ben" w:date="2026-03-01T00:00:00Z"><w:r><w:delText> per </w:delText></w:r><w:r><w:delText>day</w:delText></w:r></w:del><w:ins w:id="2">`+run(" per month")+`</w:ins>`+run(".")) +
		`<w:p><w:moveFrom w:id="3" w:author="Ben">` + run("The moved words.") + `</w:moveFrom></w:p>` +
		`<w:p><w:moveTo w:id="4">` + run("The moved words.") + `</w:moveTo></w:p>` +
		par(run("It is due in ")+`<w:r><w:rPr><w:strike/></w:rPr><w:t>sixty </w:t></w:r>`+run("thirty days."))
	d := read(t, documenttest.DOCXWith(body, map[string]string{"comments": `<w:comment w:id="5" w:author="Ada">` + par(run("Is this agreed?")) + `</w:comment>`}))
	documenttest.Lines(t, documenttest.Blocks(d), "The fee is ten dollars per month.", "The moved words.", "It is due in thirty days.")
	documenttest.Lines(t, notices(d), `comment "Is this agreed?" after "ee is " about "ten dollars" Ada`, `deleted "per day" after "ollars" about "" Ben`, `moved "The moved words." after "onth.\n" about "" Ben`,
		`deleted "sixty" after "due in" about ""  struck through`)
	all := strings.Join(d.Warnings, "\n")
	for _, says := range []string{"2 insertions stand", "1 deletion was", "1 passage was moved", "1 passage is struck through", "1 comment. It is"} {
		if !strings.Contains(all, says) {
			t.Errorf("no warning says %q: %s", says, all)
		}
	}
}

func TestAParagraphWhoseEndWasDeletedGoesOnInTheNext(t *testing.T) {
	t.Parallel()
	cut := `<w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>`
	d := read(t, documenttest.DOCX(par(cut+run("The term is one year"))+par(run("and renews by itself."))+par(run("The law of Maine."))+par(cut+run("The end."))))
	documenttest.Lines(t, documenttest.Blocks(d), "The term is one year and renews by itself.", "The law of Maine.", "The end.")
}

func TestMergedAndNestedTables(t *testing.T) {
	t.Parallel()
	cell := func(props, inside string) string { return `<w:tc><w:tcPr>` + props + `</w:tcPr>` + inside + `</w:tc>` }
	row := func(cells ...string) string { return `<w:tr>` + strings.Join(cells, "") + `</w:tr>` }
	grid := `<w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>`
	inner := `<w:tbl>` + grid + row(cell("", par(run("98 %"))), cell("", par(run("10 %")))) + row(cell("", par(run("95 %"))), cell("", par(run("25 %")))) + `</w:tbl>` + par("")
	d := read(t, documenttest.DOCX(`<w:tbl>`+grid+row(cell(`<w:vMerge w:val="restart"/>`, par(run("P1"))), cell("", par(run("Response: 1 hour"))))+
		row(cell(`<w:vMerge/>`, par("")), cell("", par(run("Credits:"))+inner))+
		row(cell(`<w:gridSpan w:val="2"/>`, par(run("Both columns"))))+`</w:tbl>`))
	var got []string
	for _, b := range d.Blocks {
		got = append(got, fmt.Sprintf("%d/%d/%d %dx%d %s", b.Table, b.Row, b.Col, b.Rows, b.Cols, d.Slice(b.Start, b.End)))
	}
	documenttest.Lines(t, got, "1/0/0 2x0 P1", "1/0/1 0x0 Response: 1 hour", "1/1/1 0x0 Credits:", "2/0/0 0x0 98 %", "2/0/1 0x0 10 %", "2/1/0 0x0 95 %", "2/1/1 0x0 25 %", "1/2/0 0x2 Both columns")
}

func TestContentControlsAndFormFields(t *testing.T) {
	t.Parallel()
	sdt := func(props, inside string) string {
		return `<w:sdt><w:sdtPr>` + props + `</w:sdtPr><w:sdtContent>` + inside + `</w:sdtContent></w:sdt>`
	}
	box := func(checked string) string {
		return `<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/>` + checked + `</w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`
	}
	d := read(t, documenttest.DOCX(par(run("Customer: ")+sdt("", run("Quarrel Stone Works"))+run(" of ")+sdt("<w:showingPlcHdr/>", run("Click here to enter text.")))+
		sdt("", par(run("A whole paragraph in a control.")))+par(box("<w:checked/>")+run(" yearly ")+box("")+run(" monthly"))))
	documenttest.Lines(t, documenttest.Blocks(d), "Customer: Quarrel Stone Works of", "A whole paragraph in a control.", "☒ yearly ☐ monthly")
	if len(d.Asides) != 1 || d.Asides[0].Kind != document.Placeholder || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "not filled in") {
		t.Errorf("notices %+v, warnings %q", d.Asides, d.Warnings)
	}
}

func TestMoreWaysToHideWordsAreFound(t *testing.T) {
	t.Parallel()
	hide := func(props string) string {
		return `<w:r><w:rPr>` + props + `</w:rPr><w:t>The fee is one dollar.</w:t></w:r>`
	}
	for name, hidden := range map[string]string{
		"almost white":           par(hide(`<w:color w:val="FEFDFC"/>`)),
		"two points":             par(hide(`<w:sz w:val="4"/>`)),
		"without width":          par(hide(`<w:w w:val="1"/>`)),
		"black on black":         par(hide(`<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>`)),
		"the theme's white":      par(hide(`<w:color w:val="FFFFFF" w:themeColor="background1"/>`)),
		"a hidden row":           `<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>` + par(hide("")) + `</w:tc></w:tr></w:tbl>`,
		"a hidden box":           par(`<w:r><w:drawing><wp:anchor xmlns:wp="x"><wp:docPr id="1" hidden="1"/><a:graphic xmlns:a="y"><w:txbxContent>` + par(hide("")) + `</w:txbxContent></a:graphic></wp:anchor></w:drawing></w:r>`),
		"lines without height":   `<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr>` + hide("") + `</w:p>`,
		"a row without height":   `<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:trPr><w:trHeight w:val="10" w:hRule="exact"/></w:trPr><w:tc>` + par(hide("")) + `</w:tc></w:tr></w:tbl>`,
		"a cell without width":   `<w:tbl><w:tblPr><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW w:w="10" w:type="dxa"/></w:tcPr>` + par(hide("")) + `</w:tc></w:tr></w:tbl>`,
		"a table off the page":   `<w:tbl><w:tblPr><w:tblInd w:w="-30000" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc>` + par(hide("")) + `</w:tc></w:tr></w:tbl>`,
		"a table that floats":    `<w:tbl><w:tblPr><w:tblpPr w:tblpX="-30000" w:tblpY="1"/></w:tblPr><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc>` + par(hide("")) + `</w:tc></w:tr></w:tbl>`,
		"an indent":              `<w:p><w:pPr><w:ind w:left="-25000" w:right="25000"/></w:pPr>` + hide("") + `</w:p>`,
		"an indent to the right": `<w:p><w:pPr><w:ind w:left="13000"/></w:pPr>` + hide("") + `</w:p><w:sectPr><w:pgSz w:w="12240" w:h="15840"/></w:sectPr>`,
		"a frame":                `<w:p><w:pPr><w:framePr w:w="5000" w:x="-30000" w:y="100" w:hAnchor="page"/></w:pPr>` + hide("") + `</w:p>`,
		"raised off the page":    par(hide(`<w:position w:val="3000"/>`)),
		"letters on letters":     par(hide(`<w:spacing w:val="-300"/>`)),
		"let through":            par(hide(`<w14:textFill><w14:solidFill><w14:srgbClr w14:val="000000"><w14:alpha w14:val="100000"/></w14:srgbClr></w14:solidFill></w14:textFill>`)),
		"a box off the page":     placed("page", -9_000_000, 4_000_000, hide("")),
		"a box off a margin":     placed("column", -90_000_000, 4_000_000, hide("")),
		"a box below the page":   placed("paragraph", 90_000_000, 4_000_000, hide("")),
		"a box without room":     placed("page", 0, 1, hide("")),
		"an old box off it":      par(`<w:r><w:pict><v:shape style="position:absolute;margin-left:-2000pt;width:300pt"><v:textbox><w:txbxContent>` + par(hide("")) + `</w:txbxContent></v:textbox></v:shape></w:pict></w:r>`),
		"hardly a share":         par(`<w:r><w:pict><v:shape style="width:0pt;mso-width-percent:1"><v:textbox><w:txbxContent>` + par(hide("")) + `</w:txbxContent></v:textbox></v:shape></w:pict></w:r>`),
		"under a merged one":     `<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>` + par(hide("")) + `</w:tc></w:tr></w:tbl>`,
	} {
		d := read(t, documenttest.DOCX(par(run("The fee is ten dollars."))+hidden))
		if d.Text != "The fee is ten dollars." || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "one dollar") || len(d.Asides) != 1 || d.Asides[0].Kind != document.Hidden {
			t.Errorf("%s: text %q, warnings %q, notices %+v", name, d.Text, d.Warnings, d.Asides)
		}
	}
}

// placed is a text box at an offset from what it is placed by.
func placed(from string, offset, size int, words string) string {
	return par(fmt.Sprintf(`<w:r><w:drawing><wp:anchor xmlns:wp="x"><wp:positionH relativeFrom="%s"><wp:posOffset>%d</wp:posOffset></wp:positionH><wp:positionV relativeFrom="page"><wp:posOffset>900000</wp:posOffset></wp:positionV><wp:extent cx="%d" cy="900000"/><wp:docPr id="1"/><a:graphic xmlns:a="y"><w:txbxContent>%s</w:txbxContent></a:graphic></wp:anchor></w:drawing></w:r>`, from, offset, size, par(words)))
}

func TestLettersThatAreTurnedAroundHoldTheDocument(t *testing.T) {
	t.Parallel()
	for name, words := range map[string]string{"an element": `<w:bdo w:val="rtl">` + run("The fee is USD 001.") + `</w:bdo>`, "a sign": run("The fee is \u202eUSD 001\u202c.")} {
		if d := read(t, documenttest.DOCX(par(words))); d.Text != "The fee is USD 001." || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "turn letters around") {
			t.Errorf("%s: %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
	if d := read(t, documenttest.DOCX(par(`<w:bdo w:val="ltr">`+run("The fee \u200eis\u200f ten dollars.")+`</w:bdo>`))); len(d.Warnings) > 0 {
		t.Errorf("%q, warnings %q", d.Text, d.Warnings)
	}
}

// What Word itself writes of this kind is seen.
func TestWhatIsSetNarrowOrOutOfAMarginIsSeen(t *testing.T) {
	t.Parallel()
	fee := run("The fee is one dollar.")
	styled := func(props string) string {
		return `<w:r><w:rPr>` + props + `</w:rPr><w:t>The fee is one dollar.</w:t></w:r>`
	}
	for name, seen := range map[string]string{
		"exact lines":                  `<w:p><w:pPr><w:spacing w:line="240" w:lineRule="exact"/></w:pPr>` + fee + `</w:p>`,
		"lines at least":               `<w:p><w:pPr><w:spacing w:line="20" w:lineRule="atLeast"/></w:pPr>` + fee + `</w:p>`,
		"out of the margin":            `<w:p><w:pPr><w:ind w:left="-720" w:right="-720"/></w:pPr>` + fee + `</w:p>`,
		"a frame in the margin":        `<w:p><w:pPr><w:framePr w:w="5000" w:x="-1000" w:y="100"/></w:pPr>` + fee + `</w:p>`,
		"raised":                       par(styled(`<w:position w:val="12"/>`)),
		"closer letters":               par(styled(`<w:spacing w:val="-10"/>`)),
		"a shade":                      par(styled(`<w14:textFill><w14:solidFill><w14:srgbClr w14:val="000000"><w14:alpha w14:val="40000"/></w14:srgbClr></w14:solidFill></w14:textFill>`)),
		"a box in the margin":          placed("column", -1_500_000, 1_400_000, fee),
		"a box at the foot of a page":  placed("paragraph", 9_000_000, 4_000_000, fee),
		"a box of the page's share":    par(`<w:r><w:pict><v:shape style="position:absolute;margin-left:0;width:0pt;height:0pt;mso-width-percent:400;mso-height-percent:200"><v:textbox><w:txbxContent>` + par(fee) + `</w:txbxContent></v:textbox></v:shape></w:pict></w:r>`),
		"a box at lines without room":  `<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr>` + strings.TrimSuffix(strings.TrimPrefix(placed("page", 0, 1_400_000, fee), "<w:p>"), "</w:p>") + `</w:p>`,
		"a height of the row at least": `<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:trPr><w:trHeight w:val="10"/></w:trPr><w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>` + par(fee) + `</w:tc></w:tr></w:tbl>`,
	} {
		if d := read(t, documenttest.DOCX(par(run("The fee is ten dollars."))+seen)); !strings.Contains(d.Text, "one dollar") || len(d.Warnings) > 0 {
			t.Errorf("%s: text %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
}

func TestMacrosAndThingsOutsideAreNamedAndNeverUsed(t *testing.T) {
	t.Parallel()
	file := documenttest.Archive([][2]string{
		{"word/document.xml", `<w:document xmlns:w="x"><w:body>` + par(run("The fee is ten dollars.")) + `</w:body></w:document>`},
		{"word/_rels/document.xml.rels", `<Relationships><Relationship Id="a" Type="x/image" Target="http://127.0.0.1:1/a.png" TargetMode="External"/><Relationship Id="b" Type="x/styles" Target="http://127.0.0.1:1/s.xml" TargetMode="External"/><Relationship Id="c" Type="x/hyperlink" Target="https://example.com" TargetMode="External"/></Relationships>`},
		{"word/vbaProject.bin", "x"},
	})
	d, err := docx.New(docx.Config{}).Read(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(d.Warnings, "\n")
	if !strings.Contains(all, "macros") || !strings.Contains(all, "2 things outside") {
		t.Errorf("warnings %q", all)
	}
}
