package pdf

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// BenchmarkText compares reading (text, boxes, structure) with bare PDFium: the text of each page, and the box of each
// character, through the same library and the same compiled module, in the same run. PDFS names a folder of files of one's own.
func BenchmarkText(b *testing.B) {
	folder := os.Getenv("PDFS")
	if folder == "" {
		folder = "../../../samples/contracts"
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.pdf"))
	if err != nil || len(names) == 0 {
		b.Fatalf("no files in %s: %v", folder, err)
	}
	r := New(Config{CacheDir: filepath.Join(os.TempDir(), "pactloop-test-cache")})
	defer r.Close()
	var files [][]byte
	pages := 0
	for _, n := range names {
		file, err := os.ReadFile(n)
		if err != nil {
			b.Fatal(err)
		}
		if d, err := r.Read(b.Context(), file); err == nil && !strings.Contains(d.Reader, "+") {
			files = append(files, file)
			pages += len(d.Pages)
		}
	}
	run := func(name string, one func(file []byte) error) {
		b.Run(name, func(b *testing.B) {
			started := processor(b)
			for b.Loop() {
				for _, f := range files {
					if err := one(f); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(pages*b.N)/(processor(b)-started).Seconds(), "pages/cpu-s")
		})
	}
	run("pactloop", func(file []byte) error {
		_, err := r.Read(b.Context(), file)
		return err
	})
	run("baseline", func(file []byte) error { return bare(b.Context(), &r.engine, file) })
	run("direct", func(file []byte) error { return direct(b.Context(), &r.engine, file) })
}

// processor is the time this process has used: other work on the machine does not change it.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bare is what the library's own interface gives: text and a box for every character.
func bare(ctx context.Context, e *engine, file []byte) error {
	l, err := e.open(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	doc, err := l.instance.OpenDocument(&requests.OpenDocument{File: &file})
	if err != nil {
		return err
	}
	count, err := l.instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return err
	}
	for i := range count.PageCount {
		if err := barePage(l, doc.Document, i); err != nil {
			return err
		}
	}
	return nil
}

func barePage(l *library, doc references.FPDF_DOCUMENT, index int) error {
	page, err := l.instance.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc, Index: index})
	if err != nil {
		return err
	}
	text, err := l.instance.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: requests.Page{ByReference: &page.Page}})
	if err != nil {
		return err
	}
	n, err := l.instance.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return err
	}
	if n.Count > 0 {
		if _, err := l.instance.FPDFText_GetText(&requests.FPDFText_GetText{TextPage: text.TextPage, StartIndex: 0, Count: n.Count}); err != nil {
			return err
		}
	}
	for i := range n.Count {
		if _, err := l.instance.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: text.TextPage, Index: i}); err != nil {
			return err
		}
	}
	if _, err := l.instance.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage}); err != nil {
		return err
	}
	_, err = l.instance.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: page.Page})
	return err
}

// direct is the same without the library's wrapper: the least that a box for every character can cost here.
func direct(ctx context.Context, e *engine, file []byte) error {
	l, err := e.open(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	doc, _, err := l.load(ctx, file)
	if err != nil {
		return err
	}
	count, err := l.call(ctx, "FPDF_GetPageCount", doc)
	if err != nil {
		return err
	}
	for i := range count {
		page, err := l.call(ctx, "FPDF_LoadPage", doc, i)
		if err != nil {
			return err
		}
		text, err := l.call(ctx, "FPDFText_LoadPage", page)
		if err != nil {
			return err
		}
		n, err := l.call(ctx, "FPDFText_CountChars", text)
		if err != nil {
			return err
		}
		buffer, err := l.call(ctx, "malloc", 2*n+2)
		if err != nil {
			return err
		}
		if _, err := l.call(ctx, "FPDFText_GetText", text, 0, n, buffer); err != nil {
			return err
		}
		for j := range n {
			if _, err := l.call(ctx, "FPDFText_GetCharBox", text, j, uint64(l.scratch+32), uint64(l.scratch+40), uint64(l.scratch+48), uint64(l.scratch+56)); err != nil {
				return err
			}
			_ = l.double(32) + l.double(40) + l.double(48) + l.double(56)
		}
		for _, name := range []string{"FPDFText_ClosePage", "FPDF_ClosePage"} {
			if _, err := l.call(ctx, name, map[string]uint64{"FPDFText_ClosePage": text, "FPDF_ClosePage": page}[name]); err != nil {
				return err
			}
		}
		if _, err := l.call(ctx, "free", buffer); err != nil {
			return err
		}
	}
	return nil
}
