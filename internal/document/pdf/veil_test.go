package pdf_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
)

// layered makes a page with a layer, object 8, whose state the catalog tells. Object 9 is another layer that is shown, 10 a form.
func layered(catalog, resources, layer, form, content, page string) []byte {
	return documenttest.PDFObjects("<< /Type /Catalog /Pages 2 0 R "+catalog+" >>", "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> "+resources+" >> /Contents 5 0 R "+page+" >>",
		documenttest.Stream("", documenttest.Page("The notice period is ninety (90) days and this text is seen by everybody who looks at it.")+content),
		"<< >>", "<< >>", layer, "<< /Type /OCG /Name (Shown) >>",
		documenttest.Stream("/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "+form, secret))
}

const (
	secret = "BT /F1 11 Tf 72 300 Td (The notice period is three days.) Tj ET\n"
	group  = "<< /Type /OCG /Name (Draft) >>"
	off    = "/OCProperties << /OCGs [8 0 R 9 0 R] /D << /Order [8 0 R] /OFF [8 0 R] >> >>"
	on     = "/OCProperties << /OCGs [8 0 R 9 0 R] /D << /Order [8 0 R] >> >>"
)

func TestWordsThatAreNotDrawnAreHidden(t *testing.T) {
	t.Parallel()
	const in, form = "/OC /L BDC\n" + secret + "EMC\n", "/X Do\n"
	named, formed := "/Properties << /L 8 0 R >>", "/XObject << /X 10 0 R >>"
	const black = "<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 612 0] /Extend [true true] /Function << /FunctionType 2 /N 1 /Domain [0 1] /C0 [0] /C1 [0] >> >>"
	const shade = "/Pattern << /P << /PatternType 2 /Shading " + black + " >> >> /Shading << /S " + black + " >>"
	for name, file := range map[string][]byte{
		"a layer that is off":         layered(off, named, group, "", in, ""),
		"all layers are off":          layered("/OCProperties << /OCGs [8 0 R] /D << /BaseState /OFF >> >>", named, group, "", in, ""),
		"off where it is looked at":   layered("/OCProperties << /OCGs [8 0 R] /D << /AS [<< /Event /View /Category [/View] /OCGs [8 0 R] >>] >> >>", named, "<< /Type /OCG /Name (Draft) /Usage << /View << /ViewState /OFF >> >> >>", "", in, ""),
		"a member of a layer":         layered("/OCProperties << /OCGs [9 0 R] /D << /OFF [9 0 R] >> >>", named, "<< /Type /OCMD /OCGs 9 0 R /P /AllOn >>", "", in, ""),
		"a form in a layer":           layered(off, formed, group, "/OC 8 0 R", form, ""),
		"the name of it is masked":    layered(off, formed, group, "/O#43 8 0 R", form, ""),
		"a form between the marks":    layered(off, named+formed, group, "", "/OC /L BDC\n/X Do\nEMC\n", ""),
		"a mask that lets nothing by": layered("", formed+"/ExtGState << /G << /SMask << /S /Luminosity /G 8 0 R >> >> >>", documenttest.Stream("/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Group << /S /Transparency /CS /DeviceGray >>", ""), "", "q /G gs\n"+secret+"Q\n", ""),
		"black on a black pattern":    layered("", shade, group, "", "/Pattern cs /P scn 60 290 400 30 re f 0 g\n"+secret, ""),
		"black on a black shade":      layered("", shade, group, "", "q 60 290 400 30 re W n /S sh Q 0 g\n"+secret, ""),
		"under a shade":               layered("", shade, group, "", secret+"q 60 290 400 30 re W n /S sh Q\n", ""),
		"hardly any ink":              layered("", "/ExtGState << /G << /ca 0.06 >> >>", group, "", "q /G gs\n"+secret+"Q\n", ""),
	} {
		d := read(t, file)
		if strings.Contains(d.Text, "three") || !strings.Contains(d.Text, "ninety (90) days") || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "three days") || len(d.Asides) != 1 || d.Asides[0].Kind != document.Hidden {
			t.Errorf("%s: %q, warnings %q, asides %+v", name, d.Text, d.Warnings, d.Asides)
		}
	}
	for name, file := range map[string][]byte{
		"a layer that is on":         layered(on, named, group, "", in, ""),
		"a form in one":              layered(on, formed, group, "/OC 8 0 R", form, ""),
		"a form in none":             layered("", formed, group, "", form, ""),
		"red on a black pattern":     layered("", shade, group, "", "/Pattern cs /P scn 60 290 400 30 re f 1 0.4 0.4 rg\n"+secret, ""),
		"black on a white area":      layered("", shade, group, "", "1 g 60 290 400 30 re f 0 g\n"+secret, ""),
		"letters that shine through": layered("", "/ExtGState << /G << /ca 0.7 >> >>", group, "", "q /G gs\n"+secret+"Q\n", ""),
	} {
		if d := read(t, file); !strings.Contains(d.Text, "three days") || len(d.Warnings) > 0 {
			t.Errorf("%s: %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
}

// One of two layers over one another is shown; the drawn page does not tell which words it has.
func TestLayersOverOneAnotherHoldTheDocument(t *testing.T) {
	t.Parallel()
	d := read(t, layered(off, "/Properties << /L 8 0 R /M 9 0 R >>", group, "", "/OC /L BDC\n"+secret+"EMC\n/OC /M BDC\n"+strings.Replace(secret, "three", "seven", 1)+"EMC\n", ""))
	if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "could not be checked on page 1") {
		t.Errorf("%q, warnings %q", d.Text, d.Warnings)
	}
}

func TestAnAnnotationThatIsNotShownIsNoText(t *testing.T) {
	t.Parallel()
	note := "/Annots [<< /Type /Annot /Subtype /FreeText /Rect [0 0 612 792] /DA (/F1 11 Tf 0 g) /Contents (three days) /AP << /N 10 0 R >> "
	for name, c := range map[string]struct {
		entries string
		warned  bool
	}{"for paper only": {"/F 36", false}, "in a layer": {"/F 4 /OC 8 0 R", true}} {
		d := read(t, layered(off, "", group, "", "", note+c.entries+" >>]"))
		if strings.Contains(d.Text, "three") || (len(d.Warnings) > 0) != c.warned {
			t.Errorf("%s: %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
	if d := read(t, layered(off, "", group, "", "", note+"/F 4 >>]")); !strings.Contains(d.Text, "three days") || len(d.Warnings) > 0 {
		t.Errorf("shown: %q, warnings %q", d.Text, d.Warnings)
	}
}

// A mark may give other words than those that are drawn.
func TestWordsThatStandForOthersHoldTheDocument(t *testing.T) {
	t.Parallel()
	as := func(text string) *document.Document {
		return read(t, layered("", "", group, "", "/Span << /ActualText ("+text+") >> BDC\n"+secret+"EMC\n", ""))
	}
	if d := as("The notice period is thirty days."); len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "its own words for what page 1 shows") {
		t.Errorf("%q, warnings %q", d.Text, d.Warnings)
	}
	if d := as("fi"); len(d.Warnings) > 0 {
		t.Errorf("%q, warnings %q", d.Text, d.Warnings)
	}
}
