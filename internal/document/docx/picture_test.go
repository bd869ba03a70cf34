package docx_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/docx"
	"github.com/pactloop/pactloop/internal/pact"
)

const pageOfText = "The customer may end this agreement with a notice of ninety days to the end of a quarter."

// drawing shows a picture of so many inches.
func drawing(width, height float64, inside string) string {
	return par(fmt.Sprintf(`<w:r><w:drawing><wp:inline><wp:extent cx="%.0f" cy="%.0f"/><wp:docPr id="1"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="p1"/>%s</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`, width*914400, height*914400, inside))
}

// withPicture makes a document with one picture file.
func withPicture(body string, picture []byte) []byte {
	return documenttest.Archive([][2]string{
		{"word/document.xml", `<w:document xmlns:w="w"><w:body>` + body + `</w:body></w:document>`},
		{"word/_rels/document.xml.rels", `<Relationships><Relationship Id="p1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image1.png"/></Relationships>`},
		{"word/media/image1.png", string(picture)},
	})
}

func TestAScanInsideOfADocumentIsRecognised(t *testing.T) {
	t.Parallel()
	page := documenttest.Picture(850, 1100)
	engine := documenttest.Typist{Lines: []string{pageOfText}, Confidence: 0.9}
	before, after := par(run("The agreement follows.")), par(run("It was signed in March."))
	vml := par(`<w:r><w:pict><v:shape style="position:absolute;width:468pt;height:620pt"><v:imagedata r:id="p1"/></v:shape></w:pict></w:r>`)
	cell := `<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc>` + par(run("left")) + `</w:tc><w:tc>` + drawing(6.5, 8.5, "") + `</w:tc></w:tr></w:tbl>`
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"beside a sentence":      {before + drawing(6.5, 8.5, "") + after, []string{"The agreement follows.", pageOfText, "It was signed in March."}},
		"nothing else":           {drawing(6.5, 8.5, ""), []string{pageOfText}},
		"a drawing of old files": {before + vml + after, []string{"The agreement follows.", pageOfText, "It was signed in March."}},
		"in a cell":              {before + cell, []string{"The agreement follows.", "left", pageOfText}},
		"a logo":                 {before + drawing(2, 1, "") + after, []string{"The agreement follows.", "It was signed in March."}},
		"in a deleted run":       {before + par(`<w:del>`+strings.TrimSuffix(strings.TrimPrefix(drawing(6.5, 8.5, ""), "<w:p>"), "</w:p>")+`</w:del>`), []string{"The agreement follows."}},
	} {
		d, err := docx.New(docx.Config{Engine: engine}).Read(t.Context(), withPicture(c.body, page))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		documenttest.Check(t, d)
		documenttest.Lines(t, documenttest.Blocks(d), c.want...)
		read := strings.Contains(d.Text, pageOfText)
		if read != strings.HasSuffix(d.Reader, "+typist/1") || read != strings.Contains(strings.Join(d.Warnings, " "), "Picture 1 was read by text recognition") {
			t.Errorf("%s: reader %s, warnings %q", name, d.Reader, d.Warnings)
		}
	}
}

func TestWordsOfAPictureThatAreUnsureAreMarked(t *testing.T) {
	t.Parallel()
	file := withPicture(par(run("The agreement follows."))+drawing(6.5, 8.5, ""), documenttest.Picture(850, 1100))
	d, err := docx.New(docx.Config{Engine: documenttest.Typist{Lines: []string{pageOfText}, Confidence: 0.5}}).Read(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(d.Text, "ninety")
	if !d.Unsure(at, at+6) || d.Unsure(0, 10) {
		t.Errorf("unsure %v, the sentence of the file itself %v", d.Unsure(at, at+6), d.Unsure(0, 10))
	}
}

func TestWhatIsCutOffAPictureIsNotRecognised(t *testing.T) {
	t.Parallel()
	var size [2]int
	engine := measuring{func(p document.Picture) { size = [2]int{p.Width, p.Height} }}
	file := withPicture(par(run("The agreement follows."))+drawing(4, 4, `<a:srcRect t="50000"/>`), documenttest.Picture(1200, 2400))
	if _, err := docx.New(docx.Config{Engine: engine}).Read(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if size != [2]int{1200, 1200} { // half of it is shown, at 300 dpi
		t.Errorf("a picture of %v was recognised", size)
	}
}

// measuring tells what it was given, and sees nothing.
type measuring struct{ tell func(document.Picture) }

func (m measuring) Recognise(_ context.Context, p document.Picture) (document.Recognised, error) {
	m.tell(p)
	return document.Recognised{Engine: "measuring/1"}, nil
}

func TestWithoutAnEngineTheDocumentSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	page := documenttest.Picture(850, 1100)
	missing := documenttest.Typist{Err: document.Failed(pact.DocumentNeedsOCR, "Nothing is set up here, so install it.")}
	long := strings.Repeat(par(run("The supplier delivers the goods to the mill in the quantities that the customer orders.")), 20)
	for name, r := range map[string]*docx.Reader{"none": docx.New(docx.Config{}), "one that is missing": docx.New(docx.Config{Engine: missing})} {
		for _, body := range []string{drawing(6.5, 8.5, ""), par(run("The agreement follows.")) + drawing(6.5, 8.5, "")} {
			_, err := r.Read(t.Context(), withPicture(body, page))
			documenttest.WantState(t, err, pact.DocumentNeedsOCR)
		}
		d, err := r.Read(t.Context(), withPicture(long+drawing(6.5, 8.5, ""), page))
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "Picture 1 is large enough to hold text; nothing was read from it.") {
			t.Errorf("%s: warnings %q", name, d.Warnings)
		}
	}
}

func TestAPictureThatCanNotBeOpenedIsNamed(t *testing.T) {
	t.Parallel()
	d, err := docx.New(docx.Config{Engine: documenttest.Typist{}}).Read(t.Context(), withPicture(par(run("The agreement follows."))+drawing(6.5, 8.5, ""), []byte("\x01\x00\x00\x00 EMF")))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "Picture 1 was not recognised: Its format is not read.") {
		t.Errorf("warnings %q", d.Warnings)
	}
}
