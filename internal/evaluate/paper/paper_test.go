package paper

import (
	"archive/zip"
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const written = `title: A & B
quotes: curly
tables: columns
wrap: 78
---
# SERVICE AGREEMENT

## Article IV Term

4.1 The **Supplier** says "yes" and performs the services that are described in the first annex to this agreement for twelve months.

(a) a point

| Band | Credit |
| below 99.9% | 5% |
| below 99% | 10% |

@lines
Order no.: 7
Buyer: Tessel & Co

@mono
A     B
CC    D

The price is {-ten-}{+eleven+} euro.

@break

@sign
Tessel & Co | Ada Low | Director | 1 May 2026
`

func parsed(t *testing.T, raw string) Text {
	t.Helper()
	text, err := Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestPlainTextHasTheWordsOfTheContract(t *testing.T) {
	t.Parallel()
	want := "SERVICE AGREEMENT\n\nArticle IV Term\n\n" +
		"4.1 The Supplier says “yes” and performs the services that are described in\nthe first annex to this agreement for twelve months.\n\n(a) a point\n\n" +
		"Band          Credit\nbelow 99.9%   5%\nbelow 99%     10%\n\nOrder no.: 7\nBuyer: Tessel & Co\n\nA     B\nCC    D\n\nThe price is eleven euro.\n\n" +
		"Tessel & Co\nBy: /s/ Ada Low\nName: Ada Low\nTitle: Director\nDate: 1 May 2026\n"
	if got := Plain(parsed(t, written)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTablesOfPlainTextTakeTheFormOfTheHead(t *testing.T) {
	t.Parallel()
	for form, want := range map[string]string{"tabs": "Band\tCredit\n", "pipes": "| Band | Credit |\n", "columns": "Band          Credit\n"} {
		if got := Plain(parsed(t, strings.Replace(written, "tables: columns", "tables: "+form, 1))); !strings.Contains(got, want) {
			t.Errorf("%s: %s", form, got)
		}
	}
}

func documentXML(t *testing.T, raw string) string {
	t.Helper()
	file, err := Render(t.Context(), parsed(t, raw), DOCXKind)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Render(t.Context(), parsed(t, raw), DOCXKind)
	if err != nil || !bytes.Equal(file, again) {
		t.Errorf("the same text gives other bytes: %v", err)
	}
	pack, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"word/header1.xml", "word/footer1.xml", "docProps/core.xml"} {
		body, err := fs.ReadFile(pack, part)
		if err != nil || bytes.Contains(body, []byte("no value")) {
			t.Errorf("%s: %s, %v", part, body, err)
		}
	}
	body, err := fs.ReadFile(pack, "word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestNumbersThatWordWouldChangeAreTyped(t *testing.T) {
	t.Parallel()
	typed := documentXML(t, written)
	if !strings.Contains(typed, "Article IV Term") || !strings.Contains(typed, "4.1 The ") || strings.Contains(typed, `w:val="Heading1"`) {
		t.Errorf("an Article must keep its number in words:\n%s", typed)
	}
	auto := documentXML(t, strings.Replace(strings.Replace(written, "Article IV Term", "1. Term", 1), "4.1 The", "1.1 The", 1))
	if strings.Contains(auto, "1. Term") || !strings.Contains(auto, `w:val="Heading1"`) || !strings.Contains(auto, `w:val="Clause"`) {
		t.Errorf("1. and 1.1 are counted by Word:\n%s", auto)
	}
	asked := documentXML(t, strings.Replace(strings.Replace(written, "Article IV Term", "1. Term", 1), "title: A & B", "title: A & B\nnumbers: typed", 1))
	if !strings.Contains(asked, "1. Term") {
		t.Errorf("the head asks for typed numbers:\n%s", asked)
	}
	if !strings.Contains(auto, `Order no.: 7</w:t><w:br/><w:t xml:space="preserve">Buyer: Tessel &amp; Co`) {
		t.Errorf("kept lines need breaks:\n%s", auto)
	}
}

func TestThePrintFormHasColumnsAndKeptLines(t *testing.T) {
	t.Parallel()
	page, err := renderHTML(parsed(t, strings.Replace(written, "title: A & B", "title: A & B\ncolumns: 2", 1)))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"column-count: 2", "white-space:pre-line", "white-space:pre-wrap", "Buyer: Tessel &amp; Co", "<span class=number>Article IV </span>Term"} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
	if one, err := renderHTML(parsed(t, written)); err != nil || bytes.Contains(one, []byte("column-count")) {
		t.Errorf("one column is no columns: %v", err)
	}
}

// A scan is a page turned, greyed and speckled. The speckles come from a fixed seed.
func TestAPhotographOfAPageIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	page := image.NewGray(image.Rect(0, 0, 60, 80))
	for i := range page.Pix {
		page.Pix[i] = 255
	}
	for x := 10; x < 50; x++ {
		page.SetGray(x, 40, color.Gray{Y: 0})
	}
	name := filepath.Join(t.TempDir(), "page.png")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(file, page); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	first, size, err := photograph(name, 1.2, 7)
	if err != nil || size != image.Pt(60, 80) {
		t.Fatalf("%v, %v", size, err)
	}
	again, _, err := photograph(name, 1.2, 7)
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("another picture of the same page: %v", err)
	}
	if other, _, err := photograph(name, 1.2, 8); err != nil || bytes.Equal(first, other) {
		t.Errorf("another seed gives the same speckles: %v", err)
	}
}

func TestWhatIsNoContractIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	if _, err := Parse("no head here"); err == nil || !strings.Contains(err.Error(), "---") {
		t.Errorf("%v", err)
	}
	if _, err := Parse("a line\n---\nbody"); err == nil || !strings.Contains(err.Error(), "key: value") {
		t.Errorf("%v", err)
	}
	text := parsed(t, written)
	if _, err := Render(t.Context(), text, "wax"); err == nil || !strings.Contains(err.Error(), "wax") {
		t.Errorf("%v", err)
	}
	bad := parsed(t, strings.Replace(written, "title: A & B", "created: May", 1))
	if _, err := Render(t.Context(), bad, DOCXKind); err == nil || !strings.Contains(err.Error(), "created") {
		t.Errorf("%v", err)
	}
}
