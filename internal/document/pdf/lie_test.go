package pdf_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document/documenttest"
)

// turnedPage shows an upright page turned to the right; with matrix, the letters are turned and the page is not.
func turnedPage(quarters int, content string, matrix bool) []byte {
	w, h, extra := 612.0, 792.0, fmt.Sprintf("/Rotate %d", 90*quarters)
	if matrix {
		extra = ""
		switch quarters {
		case 1:
			content, w, h = "q 0 -1 1 0 0 612 cm "+content+" Q", 792, 612
		case 2:
			content = "q -1 0 0 -1 612 792 cm " + content + " Q"
		case 3:
			content, w, h = "q 0 1 -1 0 792 0 cm "+content+" Q", 792, 612
		}
	}
	return documenttest.PDFObjects("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] %s /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> /Contents 4 0 R >>", w, h, extra),
		documenttest.Stream("", content))
}

func TestAPageOfTextThatLiesOnItsSideIsReadUpright(t *testing.T) {
	t.Parallel()
	content := documenttest.Page(documenttest.Contract...)
	upright := read(t, documenttest.PDF(content))
	at := strings.Index(upright.Text, "twelve")
	for _, matrix := range []bool{false, true} {
		for quarters := range 4 {
			d := read(t, turnedPage(quarters, content, matrix))
			if d.Text != upright.Text || len(d.Warnings) != 0 {
				t.Errorf("%d quarters, matrix %v: %q, warnings %q", quarters, matrix, d.Text, d.Warnings)
				continue
			}
			// The word is highlighted where it is shown.
			want, got := upright.Places(at, at+6)[0].Box, d.Places(at, at+6)[0].Box
			x, y := (want.Left+want.Right)/2, (want.Top+want.Bottom)/2
			w, h := 612.0, 792.0
			for range quarters {
				x, y = h-y, x
				w, h = h, w
			}
			if d.Pages[0].Width != w || math.Abs((got.Left+got.Right)/2-x) > 3 || math.Abs((got.Top+got.Bottom)/2-y) > 3 {
				t.Errorf("%d quarters, matrix %v: the word is shown at %+v of %+v, want about %.0f, %.0f", quarters, matrix, got, d.Pages[0], x, y)
			}
		}
	}
}

func TestWordsThatNobodySeesOnAPageThatLiesOnItsSide(t *testing.T) {
	t.Parallel()
	hidden := "1 1 1 rg " + at(72, 200, "Nobody is liable for anything.") + "0 0 0 rg "
	covered := at(72, 160, "The cap is ten dollars.") + "0.2 0.2 0.2 rg 60 150 300 40 re f 0 0 0 rg "
	d := read(t, turnedPage(1, documenttest.Page(documenttest.Contract...)+hidden+covered, false))
	if strings.Contains(d.Text, "Nobody is liable") || strings.Contains(d.Text, "ten dollars") || len(d.Warnings) != 2 {
		t.Errorf("text %q, warnings %q", d.Text, d.Warnings)
	}
}

func TestAPageWhoseLinesRunInSeveralDirectionsSaysSo(t *testing.T) {
	t.Parallel()
	side := "q 0 1 -1 0 500 100 cm " + at(0, 0, "The fee for each month of the service is ten dollars, and it") + at(0, -20, "is paid by the customer with the first order of the quarter.") + "Q "
	d := read(t, documenttest.PDF(at(72, 700, "The customer may end this agreement with a notice of ninety days")+at(72, 680, "to the end of a calendar quarter, and not otherwise.")+side))
	if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "several directions on page 1") {
		t.Errorf("warnings %q", d.Warnings)
	}
}
