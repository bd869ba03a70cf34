package pdf_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document/documenttest"
)

// What is filled into the fields of a form, or typed on a page, is no part of the page's own content.
func TestWhatWasFilledInAndTypedOnAPageIsRead(t *testing.T) {
	t.Parallel()
	const drawn = "BT /F1 11 Tf 2 4 Td (Quarrel Stone Works) Tj ET"
	file := documenttest.PDFObjects(
		"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 7 0 R 8 0 R 9 0 R]/DA(/F1 11 Tf 0 g)/DR<</Font<</F1 3 0 R>>>>>>>>",
		"<</Type/Pages/Kids[4 0 R]/Count 1>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R/Resources<</Font<</F1 3 0 R>>>>/Annots[6 0 R 7 0 R 8 0 R 9 0 R 10 0 R 12 0 R 13 0 R 14 0 R]>>",
		documenttest.Stream("", at(72, 720, "SUPPLY AGREEMENT")+at(72, 680, "Seller:")+at(72, 640, "The price per month is")+at(72, 600, "The term is one year.")),
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(seller)/V(Quarrel Stone Works)/Rect[120 675 300 692]/F 4/AP<</N 11 0 R>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(price)/V(USD 750.00)/DA(/F1 11 Tf 0 g)/Rect[200 636 320 652]/F 4>>",
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(secret)/V(USD 1.00)/DA(/F1 11 Tf 0 g)/Rect[330 636 400 652]/F 2>>",
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(empty)/DA(/F1 11 Tf 0 g)/Rect[330 596 400 612]/F 4>>",
		"<</Type/Annot/Subtype/FreeText/Contents(The cap is USD 900.)/DA(/F1 11 Tf 0 g)/Rect[72 500 300 520]/F 4>>",
		documenttest.Stream("/Type/XObject/Subtype/Form/BBox[0 0 180 17]/Resources<</Font<</F1 3 0 R>>>>", drawn),
		"<</Type/Annot/Subtype/Text/Contents(Change it to USD 2.)/Rect[400 600 420 620]/F 4>>",
		"<</Type/Annot/Subtype/StrikeOut/QuadPoints[72 612 180 612 72 598 180 598]/Rect[72 598 180 612]/C[1 0 0]/F 4>>",
		"<</Type/Annot/Subtype/Link/Rect[72 590 200 610]/A<</S/URI/URI(https://halden.example)>>>>",
	)
	d := read(t, file)
	if got := strings.ReplaceAll(d.Text, "\n", " "); got != "SUPPLY AGREEMENT Seller: Quarrel Stone Works The price per month is USD 750.00 The term is one year. The cap is USD 900." {
		t.Errorf("got %q", got)
	}
	if len(d.Warnings) != 2 || !strings.Contains(d.Warnings[0], "strike words through on page 1") || !strings.Contains(d.Warnings[1], "page 1: “Change it to USD 2.”") {
		t.Errorf("warnings %q", d.Warnings)
	}
	price := strings.Index(d.Text, "USD 750")
	if places := d.Places(price, price+7); len(places) != 1 || places[0].Box.Left < 195 || places[0].Box.Right > 325 || places[0].Box.Top < 138 || places[0].Box.Bottom > 158 {
		t.Errorf("the value is shown at %+v", places)
	}
}

// filled is a page with one field; entries are its own, others the objects from number 7 on.
func filled(entries string, others ...string) []byte {
	return documenttest.PDFObjects(append([]string{
		"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/DA(/F1 11 Tf 0 g)/DR<</Font<</F1 3 0 R>>>>>>>>",
		"<</Type/Pages/Kids[4 0 R]/Count 1>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R/Resources<</Font<</F1 3 0 R>>>>/Annots[6 0 R]>>",
		documenttest.Stream("", at(72, 720, "SUPPLY AGREEMENT")),
		fmt.Sprintf("<</Type/Annot/Subtype/Widget/DA(/F1 11 Tf 0 g)/F 4 %s>>", entries),
	}, others...)...)
}

func TestAFieldThatNobodySeesIsNoText(t *testing.T) {
	t.Parallel()
	const place = "/Rect[120 675 300 692]"
	for name, c := range map[string]struct{ field, warning string }{
		"off the page":  {"/FT/Tx/V(USD 999)/Rect[2000 5650 2200 5670]", "Hidden text (outside the page) was left out: page 1: “USD 999”."},
		"of no size":    {"/FT/Tx/V(USD 999)/Rect[120 675 120 675]", "Hidden text (smaller than 2 points) was left out: page 1: “USD 999”."},
		"beyond number": {"/FT/Tx/V(USD 999)/Rect[-9999999 -9999999 9999999 9999999]", "Hidden text (outside the page) was left out: page 1: “USD 999”."},
		"a password":    {"/FT/Tx/Ff 8192/V(USD 999)" + place, ""},
		"a push button": {"/FT/Btn/Ff 65536/V(USD 999)" + place, ""},
	} {
		d := read(t, filled(c.field))
		if d.Text != "SUPPLY AGREEMENT" || strings.Join(d.Warnings, " ") != c.warning {
			t.Errorf("%s: got %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
}

func TestAFieldThatCanNotBeReadIsTold(t *testing.T) {
	t.Parallel()
	const place = "/Rect[120 675 300 692]"
	for name, file := range map[string][]byte{
		"its value stands at the parent": filled("/Parent 7 0 R"+place, "<</FT/Tx/T(days)/V(45)/Kids[6 0 R]>>"),
		"a list of values":               filled("/FT/Ch/T(tiers)/V[(One)(Two)]" + place),
		"too long":                       filled("/FT/Tx/T(all)/V(" + strings.Repeat("word ", 600) + ")" + place),
	} {
		if d := read(t, file); d.Text != "SUPPLY AGREEMENT" || len(d.Warnings) != 1 || !strings.HasPrefix(d.Warnings[0], "A field of page 1 could not be read.") {
			t.Errorf("%s: got %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
	for name, file := range map[string][]byte{
		"empty":            filled("/FT/Tx/T(days)" + place),
		"empty in a group": filled("/FT/Tx/T(days)/Parent 7 0 R"+place, "<</T(group)/Kids[6 0 R]>>"),
	} {
		if d := read(t, file); d.Text != "SUPPLY AGREEMENT" || len(d.Warnings) != 0 {
			t.Errorf("%s: got %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
}
