package pdf_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/pdf"
)

func fuzzed(f *testing.F) *pdf.Reader {
	f.Helper()
	r := pdf.New(pdf.Config{CacheDir: filepath.Join(os.TempDir(), "pactloop-test-cache")})
	f.Cleanup(func() { _ = r.Close() })
	return r
}

func FuzzPDF(f *testing.F) {
	f.Add(documenttest.PDF(documenttest.Page(documenttest.Contract...)))
	f.Add(documenttest.PDFObjects("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 9 >>"))
	f.Add([]byte("%PDF-1.7\nstartxref\n9\n%%EOF"))
	r := fuzzed(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 200_000 {
			return
		}
		documenttest.Survives(t, r, file)
	})
}

// FuzzPage changes what is drawn on a page, where most of this package's own code begins: letters, areas, clipping, forms.
func FuzzPage(f *testing.F) {
	f.Add(documenttest.Page(documenttest.Contract...))
	f.Add("q 72 500 40 40 re W n BT /F1 11 Tf 72 300 Td (cut away) Tj ET Q\n1 1 1 rg BT /F1 11 Tf 72 200 Td (white) Tj ET 0 g 60 190 400 30 re f\n")
	f.Add("q 1 1 m 9 9 l 5 2 1 8 3 3 c h W* n BT 3 Tr /F1 0.1 Tf 0 1 -1 0 72 300 Tm [(a) -9999 (b)] TJ ET Q")
	r := fuzzed(f)
	f.Fuzz(func(t *testing.T, content string) {
		if len(content) > 20_000 {
			return
		}
		documenttest.Survives(t, r, documenttest.PDF(content))
	})
}
