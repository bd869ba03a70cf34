package pdf_test

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/pdf"
	"github.com/pactloop/pactloop/internal/pact"
)

// reader is shared by the tests of a package run: starting the parser is what takes long.
func reader(t testing.TB) *pdf.Reader {
	t.Helper()
	r := pdf.New(pdf.Config{CacheDir: filepath.Join(os.TempDir(), "pactloop-test-cache")})
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func read(t testing.TB, file []byte) *document.Document {
	t.Helper()
	d, err := reader(t).Read(t.Context(), file)
	if err != nil {
		t.Fatalf("reading: %v", err)
	}
	documenttest.Check(t, d)
	return d
}

func texts(d *document.Document, kinds ...document.BlockKind) []string {
	var out []string
	for _, b := range d.Blocks {
		for _, k := range kinds {
			if b.Kind == k {
				out = append(out, d.Slice(b.Start, b.End))
			}
		}
	}
	return out
}

func body(d *document.Document) []string {
	return texts(d, document.Paragraph, document.Heading, document.ListItem, document.Cell)
}

func TestTheSuite(t *testing.T) {
	t.Parallel()
	documenttest.Reader(t, reader(t), documenttest.PDF(documenttest.Page(documenttest.Contract...)))
}

func TestParagraphsHeadingsAndSections(t *testing.T) {
	t.Parallel()
	d := read(t, documenttest.PDF(documenttest.Page(documenttest.Contract...)))
	documenttest.Lines(t, body(d), documenttest.Contract...)
	if b := d.Blocks[0]; b.Kind != document.Heading {
		t.Errorf("the title is a %s", b.Kind)
	}
	at := strings.Index(d.Text, "twenty-four")
	if s := d.SectionAt(at); s == nil || s.Number != "1.1" || s.Title != "Initial term" {
		t.Errorf("section %+v", s)
	}
	p := d.Passage("", at, at+len("twenty-four (24) months"))
	if p.Clause != "1.1" || p.Quote != "twenty-four (24) months" || len(p.Places) == 0 {
		t.Errorf("passage %+v", p)
	}
}

func at(x, y float64, text string) string {
	return fmt.Sprintf("BT /F1 11 Tf %g %g Td (%s) Tj ET\n", x, y, documenttest.Escaped(text))
}

func TestAParagraphGoesOnOverThePageBreakAndFurnitureStandsBehindIt(t *testing.T) {
	t.Parallel()
	page := func(n int, lines ...string) string {
		s := at(72, 760, "Harbour Mills LLC - Supply Agreement") + at(290, 30, fmt.Sprintf("Page %d of 3", n))
		for i, l := range lines {
			s += at(72, 700-14*float64(i), l)
		}
		return s
	}
	d := read(t, documenttest.PDF(
		page(1, "1. Delivery", "The supplier delivers the goods to the mill in the quantities that the customer", "orders, and it shall keep at its own cost a stock that is large enough for"),
		page(2, "two months. The stock is counted every quarter by both parties together at the", "mill.", "2. Law"),
		page(3, "The law of Maine applies to this agreement and to all that comes out of it.")))
	documenttest.Lines(t, body(d), "1. Delivery",
		"The supplier delivers the goods to the mill in the quantities that the customer orders, and it shall keep at its own cost a stock that is large enough for two months. The stock is counted every quarter by both parties together at the mill.",
		"2. Law", "The law of Maine applies to this agreement and to all that comes out of it.")
	if n := len(texts(d, document.Header)); n != 3 {
		t.Errorf("%d headers", n)
	}
	documenttest.Lines(t, texts(d, document.Footer), "Page 1 of 3", "Page 2 of 3", "Page 3 of 3")
	from := strings.Index(d.Text, "large enough for")
	places := d.Places(from, from+len("large enough for two months"))
	if len(places) != 2 || places[0].Page != 1 || places[1].Page != 2 {
		t.Errorf("places %+v", places)
	}
}

func TestHyphensAtTheEndOfALine(t *testing.T) {
	t.Parallel()
	d := read(t, documenttest.PDF(documenttest.Page()+
		at(72, 700, "The customer may end this agreement with a notice of ninety days, and the agree-")+
		at(72, 686, "ment then ends with the month. A third-party product that the customer con-")+
		at(72, 672, "nects stays with the customer, and no third-")+
		at(72, 658, "party product is covered by any term of what the parties agreed upon.")))
	for _, s := range []string{"the agreement then ends", "no third-party product"} {
		if !strings.Contains(d.Text, s) {
			t.Errorf("%q is not in %q", s, d.Text)
		}
	}
}

func TestAHyphenStaysWhereTheDocumentDoesNotBreakWords(t *testing.T) {
	t.Parallel()
	d := read(t, documenttest.PDF(documenttest.Page()+
		at(72, 700, "The licensor grants an irrevocable, royalty-bearing and world-")+
		at(72, 686, "wide right to the software, and the royalty-bearing part of it is non-")+
		at(72, 672, "exclusive. Every non-exclusive right ends with the agreement of both sides.")))
	for _, s := range []string{"and world-wide right", "it is non-exclusive."} {
		if !strings.Contains(d.Text, s) {
			t.Errorf("%q is not in %q", s, d.Text)
		}
	}
}

func TestANumberThatStandsAgainstItsParagraphIsALabel(t *testing.T) {
	t.Parallel()
	d := read(t, documenttest.PDF(documenttest.Page("15. Governing Law", "15.1This Agreement is governed by the laws of Maine.", "15.2 Notice means a letter.", "15.3 The price of 3.5Kg of stone is USD 4.")))
	documenttest.Lines(t, body(d), "15. Governing Law", "15.1 This Agreement is governed by the laws of Maine.", "15.2 Notice means a letter.", "15.3 The price of 3.5Kg of stone is USD 4.")
	if s := d.SectionAt(strings.Index(d.Text, "Maine")); s == nil || s.Number != "15.1" {
		t.Errorf("section %+v", s)
	}
}

func column(x float64, lines int, word string) string {
	s := ""
	for i := range lines {
		s += at(x, 700-14*float64(i), fmt.Sprintf("%s line %d goes on and on across it", word, i+1))
	}
	return s
}

func TestTwoColumnsAreReadOneAfterTheOther(t *testing.T) {
	t.Parallel()
	d := read(t, documenttest.PDF(at(72, 740, "A HEADING OVER BOTH COLUMNS OF THE PAGE")+column(72, 14, "left")+column(330, 14, "right")))
	if l, r := strings.Index(d.Text, "left line 14"), strings.Index(d.Text, "right line 1 "); l < 0 || r < l {
		t.Errorf("the order is %q", d.Text)
	}
}

func TestATableAcrossTwoColumnsIsNotCutByThem(t *testing.T) {
	t.Parallel()
	page := at(72, 740, "A HEADING OVER BOTH COLUMNS OF THE PAGE") + column(72, 14, "left") + column(330, 14, "right")
	for r, row := range [][]string{{"Tier", "From", "To", "Price"}, {"One", "1", "100", "USD 5"}, {"Two", "101", "500", "USD 4"}} {
		for c, cell := range row {
			page += at(72+120*float64(c), 480-14*float64(r), cell)
		}
	}
	for i := range 14 {
		page += at(72, 410-14*float64(i), fmt.Sprintf("lower left line %d goes on and on", i+1)) + at(330, 410-14*float64(i), fmt.Sprintf("lower right line %d goes on and on", i+1))
	}
	d := read(t, documenttest.PDF(page))
	documenttest.Lines(t, texts(d, document.Cell), "Tier", "From", "To", "Price", "One", "1", "100", "USD 5", "Two", "101", "500", "USD 4")
	at := -1
	for _, part := range []string{"left line 14", "right line 1 ", "right line 14", "Tier", "lower left line 14", "lower right line 1 "} {
		if i := strings.Index(d.Text, part); i <= at {
			t.Errorf("%q stands at %d of %q", part, i, d.Text)
		} else {
			at = i
		}
	}
}

func TestATableInsideOneColumnDoesNotBreakTheOther(t *testing.T) {
	t.Parallel()
	page := at(72, 740, "A HEADING OVER BOTH COLUMNS OF THE PAGE")
	for i := range 30 {
		page += at(330, 700-14*float64(i), fmt.Sprintf("right line %d goes on and on across it", i+1))
		switch row := i - 13; {
		case row < 0 || row > 2:
			page += at(72, 700-14*float64(i), fmt.Sprintf("left line %d goes on and on across it", i+1))
		default:
			page += at(72, 700-14*float64(i), []string{"Setup", "Licence", "Support"}[row]) + at(190, 700-14*float64(i), []string{"USD 500", "USD 1,200", "USD 300"}[row])
		}
	}
	d := read(t, documenttest.PDF(page))
	last := -1
	for _, part := range []string{"left line 13", "Setup", "USD 500", "Support", "left line 17", "left line 30", "right line 1 ", "right line 14", "right line 30"} {
		if i := strings.Index(d.Text, part); i <= last {
			t.Errorf("%q stands at %d of %q", part, i, d.Text)
		} else {
			last = i
		}
	}
}

func TestATableWithLinesHasRowsAndCells(t *testing.T) {
	t.Parallel()
	s := "0.5 w\n"
	for _, y := range []int{700, 670, 640, 600} {
		s += fmt.Sprintf("72 %d m 500 %d l S\n", y, y)
	}
	for _, x := range []int{72, 250, 500} {
		s += fmt.Sprintf("%d 600 m %d 700 l S\n", x, x)
	}
	s += at(80, 680, "Priority") + at(260, 680, "Response time") + at(80, 650, "P1") + at(260, 650, "30 minutes") +
		at(80, 622, "P2") + at(260, 622, "four hours, counted in") + at(260, 608, "business hours")
	d := read(t, documenttest.PDF(at(72, 740, "2.2 The times are these:")+s+at(72, 560, "They are counted from the report.")))
	var got []string
	for _, b := range d.Blocks {
		if b.Kind == document.Cell {
			got = append(got, fmt.Sprintf("%d/%d/%d %s", b.Table, b.Row, b.Col, d.Slice(b.Start, b.End)))
		}
	}
	documenttest.Lines(t, got, "1/0/0 Priority", "1/0/1 Response time", "1/1/0 P1", "1/1/1 30 minutes", "1/2/0 P2", "1/2/1 four hours, counted in business hours")
	documenttest.Lines(t, texts(d, document.Paragraph, document.ListItem), "2.2 The times are these:", "They are counted from the report.")
}

func TestATableWithoutLinesHasRowsAndCells(t *testing.T) {
	t.Parallel()
	s := ""
	for i, row := range [][3]string{{"Uptime", "Credit", "Claim"}, {"below 99.9%", "10%", "30 days"}, {"below 99.0%", "25%", "30 days"}} {
		y := 650 - 16*float64(i)
		s += at(72, y, row[0]) + at(250, y, row[1]) + at(400, y, row[2])
	}
	d := read(t, documenttest.PDF(at(72, 700, "Credits are given for the month as the following shows, and not otherwise.")+s))
	cells := texts(d, document.Cell)
	if len(cells) != 9 || cells[4] != "10%" {
		t.Errorf("cells %q", cells)
	}
}

func TestBoxesAreAsDisplayed(t *testing.T) {
	t.Parallel()
	content := at(100, 200, "Turned words")
	plain := read(t, documenttest.PDF(content))
	box := plain.Lines[0].Words[0].Box
	if math.Abs(box.Left-100) > 2 || box.Top > 592 || box.Bottom < 592 || box.Bottom > 600 {
		t.Errorf("upright: %+v", box)
	}
	turned := read(t, documenttest.PDFWith("/Rotate 90", content))
	if p := turned.Pages[0]; p.Width != 792 || p.Height != 612 {
		t.Errorf("turned page: %+v", p)
	}
	box = turned.Lines[0].Words[0].Box
	// Turned by 90 degrees, the point (100, 200) is shown 200 from the left and 100 from the top.
	if math.Abs(box.Top-100) > 3 || box.Left > 200 || box.Right < 200 {
		t.Errorf("turned: %+v", box)
	}
	cropped := read(t, documenttest.PDFWith("/CropBox [50 150 400 500]", content))
	if p := cropped.Pages[0]; p.Width != 350 || p.Height != 350 {
		t.Errorf("cropped page: %+v", p)
	}
	box = cropped.Lines[0].Words[0].Box
	if math.Abs(box.Left-50) > 2 || box.Top > 300 || box.Bottom < 300 {
		t.Errorf("cropped: %+v", box)
	}
}

func TestHiddenTextIsLeftOutAndNamed(t *testing.T) {
	t.Parallel()
	seen := documenttest.Page("The notice period is ninety (90) days and this text is seen by everybody who looks at it.")
	hidden := map[string]string{
		"white on white":                    "1 1 1 rg BT /F1 11 Tf 72 300 Td (The notice period is three days.) Tj ET\n",
		"drawn invisibly":                   "BT 3 Tr /F1 11 Tf 72 300 Td (The notice period is three days.) Tj ET\n",
		"smaller than 2 points":             "BT /F1 1 Tf 72 300 Td (The notice period is three days.) Tj ET\n",
		"covered":                           "BT /F1 11 Tf 72 300 Td (The notice period is three days.) Tj ET 1 g 60 290 400 30 re f\n",
		"outside the page":                  "BT /F1 11 Tf 72 -300 Td (The notice period is three days.) Tj ET\n",
		"cut away by a clipping path":       "q 72 500 40 40 re W n BT /F1 11 Tf 72 300 Td (The notice period is three days.) Tj ET Q\n",
		"in the colour of what lies behind": "0 g 60 290 400 30 re f 0 g BT /F1 11 Tf 72 300 Td (The notice period is three days.) Tj ET\n",
	}
	for why, content := range hidden {
		d := read(t, documenttest.PDF(seen+content))
		if len(d.Asides) != 1 || d.Asides[0].Kind != document.Hidden || d.Asides[0].Why != why || !strings.Contains(d.Asides[0].Text, "three days") || d.Asides[0].Start == 0 {
			t.Errorf("%s: asides %+v", why, d.Asides)
		}
		if strings.Contains(d.Text, "three") {
			t.Errorf("%s: the text has it: %q", why, d.Text)
		}
		if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], why) || !strings.Contains(d.Warnings[0], "three days") {
			t.Errorf("%s: warnings %q", why, d.Warnings)
		}
	}
}

func TestClippingHidesOnlyWhatItCutsAwayAndShortWordsCount(t *testing.T) {
	t.Parallel()
	seen := documenttest.Page("The notice period is ninety (90) days and this text is seen by everybody who looks at it.")
	d := read(t, documenttest.PDF(seen+"q 60 280 400 40 re W n q 70 290 300 30 re W n BT /F1 11 Tf 72 300 Td (It is due in May.) Tj ET Q Q\n"))
	if !strings.Contains(d.Text, "It is due in May.") || len(d.Warnings) > 0 {
		t.Errorf("%q, warnings %q", d.Text, d.Warnings)
	}
	form := documenttest.PDFObjects("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [4 0 R] /Count 1 >>", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> /XObject << /X 6 0 R >> >> /Contents 5 0 R >>", documenttest.Stream("", seen+"q 1 0 0 1 0 200 cm /X Do Q"),
		documenttest.Stream("/Type /XObject /Subtype /Form /BBox [0 0 612 592] /Resources << /Font << /F1 3 0 R >> >>", "q 60 80 400 40 re W n BT /F1 11 Tf 72 100 Td (It is due in May.) Tj ET Q\n"))
	if d := read(t, form); !strings.Contains(d.Text, "It is due in May.") || len(d.Warnings) > 0 {
		t.Errorf("in a form: %q, warnings %q", d.Text, d.Warnings)
	}
	for _, word := range []string{"no", "5"} {
		d := read(t, documenttest.PDF(seen+"1 1 1 rg BT /F1 11 Tf 72 300 Td ("+word+") Tj ET\n"))
		if len(d.Warnings) != 1 || len(d.Asides) != 1 || d.Asides[0].Text != word {
			t.Errorf("a hidden %q: asides %+v, warnings %q", word, d.Asides, d.Warnings)
		}
	}
	if d := read(t, documenttest.PDF(seen+"1 1 1 rg BT /F1 11 Tf 72 300 Td (-) Tj ET\n")); len(d.Warnings) > 0 {
		t.Errorf("a hidden dash: %q", d.Warnings)
	}
}

func TestHiddenTextIsFoundByDrawingThePage(t *testing.T) {
	t.Parallel()
	const seen = "The notice period is ninety (90) days and this text is seen by everybody who looks at it."
	trap := func(before string) string {
		return before + " BT /F1 11 Tf 72 300 Td (The notice period is three days.) Tj ET\n"
	}
	picture := func(gray string) []byte {
		return documenttest.PDFObjects("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [6 0 R] /Count 1 >>",
			"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>", "<< >>",
			documenttest.Stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", gray),
			"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> /XObject << /Im1 5 0 R >> >> /Contents 7 0 R >>",
			documenttest.Stream("", documenttest.Page(seen)+trap("q 500 0 0 60 50 280 cm /Im1 Do Q 1 g")))
	}
	nested := func() []byte { // six forms deep
		objects := []string{
			"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [4 0 R] /Count 1 >>", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
			"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> /XObject << /X 6 0 R >> >> /Contents 5 0 R >>", documenttest.Stream("", documenttest.Page(seen)+"/X Do"),
		}
		for i := range 6 {
			objects = append(objects, documenttest.Stream(fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> /XObject << /X %d 0 R >> >>", 7+i), "/X Do"))
		}
		objects = append(objects, documenttest.Stream("/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>", trap("0 g")+"1 g 60 290 400 30 re f"))
		return documenttest.PDFObjects(objects...)
	}
	page := func(content string) []byte { return documenttest.PDF(documenttest.Page(seen) + content) }
	for name, file := range map[string][]byte{
		"white on a white picture":           picture("\xff"),
		"white lines":                        page(trap("1 Tr 1 G")),
		"white letters with white lines":     page(trap("2 Tr 1 g 1 G")),
		"white lines that clip":              page(trap("5 Tr 1 G")),
		"one point, stretched":               page("BT /F1 1 Tf 14 0 0 1 72 300 Tm (The notice period is three days.) Tj ET"),
		"grey on the same grey":              page("0.8 g 60 290 400 30 re f" + trap(" 0.81 g")),
		"deep in forms":                      nested(),
		"behind more objects than are read":  page(strings.Repeat("0 0 1 1 re f\n", 20_100) + trap("0 g") + "1 g 60 290 400 30 re f"),
		"white behind more than are read":    page(strings.Repeat("0 0 1 1 re f\n", 20_100) + trap("1 g")),
		"nearly white, without anything":     page(trap("0.94 g")),
		"a dark area that was painted white": page("0 g 60 290 400 30 re f 1 g 60 290 400 30 re f" + trap(" 1 g")),
	} {
		d := read(t, file)
		if strings.Contains(d.Text, "three") || !strings.Contains(d.Text, "ninety (90) days") || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "three days") {
			t.Errorf("%s: %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
	for name, file := range map[string][]byte{
		"white on a black picture": picture("\x00"),
		"black lines":              page(trap("1 Tr 0 G")),
		"white with black lines":   page(trap("2 Tr 1 g 0 G")),
		"grey":                     page(trap("0.5 g")),
		"behind many objects":      page(strings.Repeat("0 0 1 1 re f\n", 20_100) + trap("0 g")),
	} {
		if d := read(t, file); !strings.Contains(d.Text, "three days") || len(d.Warnings) > 0 {
			t.Errorf("%s: %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
	large := documenttest.PDFWith("/MediaBox [0 0 200000 200000]", documenttest.Page(seen)+trap("1 Tr 0 G"))
	if d := read(t, large); len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "could not be checked on page 1") {
		t.Errorf("a page that is too large: %q, warnings %q", d.Text, d.Warnings)
	}
}

func TestWhiteTextOnADarkAreaIsSeen(t *testing.T) {
	t.Parallel()
	d := read(t, documenttest.PDF("0 0 0.4 rg 60 290 300 40 re f\n1 1 1 rg "+at(72, 300, "Priority and response")))
	if d.Text != "Priority and response" || len(d.Warnings) > 0 {
		t.Errorf("text %q, warnings %q", d.Text, d.Warnings)
	}
}

func TestWhatIsDrawnOverWordsWithoutHidingThemHidesNothing(t *testing.T) {
	t.Parallel()
	for name, over := range map[string]string{
		"an area that others are drawn on again": "1 g 60 290 400 30 re f 0 g " + at(72, 300, "Priority and response"),
		"a frame":                                "0 G 60 290 400 30 re S",
		"a small picture beside the words":       "q 9 0 0 9 400 300 cm /Im1 Do Q",
	} {
		d := read(t, documenttest.PDF(at(72, 300, "Priority and response")+over))
		if !strings.Contains(d.Text, "Priority and response") {
			t.Errorf("%s: text %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
}

func TestALayerBehindAScanIsReadWithAWarning(t *testing.T) {
	t.Parallel()
	d := read(t, documenttest.PDF("q 612 0 0 792 0 0 cm /Im1 Do Q\nBT 3 Tr /F1 11 Tf 72 500 Td (Words that recognition found behind the picture.) Tj ET\n"))
	if d.Text != "Words that recognition found behind the picture." || len(d.Warnings) != 1 {
		t.Errorf("text %q, warnings %q", d.Text, d.Warnings)
	}
}

func TestStatesOfFilesWithoutText(t *testing.T) {
	t.Parallel()
	whole := documenttest.PDF(documenttest.Page(documenttest.Contract...))
	for name, c := range map[string]struct {
		file []byte
		want pact.DocumentState
	}{
		"a scan":          {documenttest.PDF("q 612 0 0 792 0 0 cm /Im1 Do Q"), pact.DocumentNeedsOCR},
		"a blank page":    {documenttest.PDF(""), pact.DocumentRejected},
		"only a head":     {[]byte("%PDF-1.7\n"), pact.DocumentDamaged},
		"not a PDF":       {[]byte("%PDF-1.7\nnothing of the kind"), pact.DocumentDamaged},
		"no pages":        {documenttest.PDF(), pact.DocumentDamaged},
		"only hidden":     {documenttest.PDF("BT 3 Tr /F1 11 Tf 72 500 Td (Nobody sees this.) Tj ET"), pact.DocumentRejected},
		"too many pages":  {documenttest.PDF(make([]string, pdf.MaxPages+1)...), pact.DocumentRejected},
		"half of a file":  {whole[:len(whole)/3], pact.DocumentDamaged},
		"an empty string": {[]byte{}, pact.DocumentDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := reader(t).Read(t.Context(), c.file)
			documenttest.WantState(t, err, c.want)
		})
	}
}

func samples(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../../../samples/contracts/*.pdf")
	if err != nil || len(names) == 0 {
		t.Fatalf("no sample contracts: %v", err)
	}
	out := map[string][]byte{}
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(n)] = b
	}
	return out
}

func TestTheSampleContracts(t *testing.T) {
	t.Parallel()
	r := reader(t)
	for name, file := range samples(t) {
		d, err := r.Read(t.Context(), file)
		switch {
		case strings.Contains(name, "-damaged"):
			documenttest.WantState(t, err, pact.DocumentDamaged)
		case strings.Contains(name, "-encrypted"):
			documenttest.WantState(t, err, pact.DocumentEncrypted)
		case strings.Contains(name, "-scan"):
			documenttest.WantState(t, err, pact.DocumentNeedsOCR)
		case err != nil:
			t.Errorf("%s: %v", name, err)
		default:
			documenttest.Check(t, d)
			documenttest.Exact(t, d)
			if len(d.Sections) < 5 || len(d.Warnings) > 0 {
				t.Errorf("%s: %d sections, warnings %q", name, len(d.Sections), d.Warnings)
			}
		}
	}
}

// BenchmarkPages reads the sample contracts, and beside it pdftotext where it is installed: the ratio is what counts.
func BenchmarkPages(b *testing.B) {
	files := samples(b)
	r := reader(b)
	pages := 0
	for name, f := range files { // starts the parser, and drops what has no text
		d, err := r.Read(b.Context(), f)
		if err != nil {
			delete(files, name)
			continue
		}
		pages += len(d.Pages)
	}
	perSecond := func(b *testing.B, read func(name string, f []byte) error) {
		started := time.Now()
		for b.Loop() {
			for name, f := range files {
				if err := read(name, f); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(pages*b.N)/time.Since(started).Seconds(), "pages/s")
	}
	b.Run("pactloop", func(b *testing.B) {
		perSecond(b, func(_ string, f []byte) error {
			_, err := r.Read(b.Context(), f)
			return err
		})
	})
	command, err := exec.LookPath("pdftotext")
	if err != nil {
		b.Log("pdftotext is not installed, so there is nothing to compare with")
		return
	}
	for _, mode := range []string{"-layout", "-bbox-layout"} {
		b.Run("pdftotext"+mode, func(b *testing.B) {
			perSecond(b, func(name string, _ []byte) error {
				return exec.Command(command, mode, filepath.Join("../../../samples/contracts", name), "-").Run()
			})
		})
	}
}
