package bench_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	xhtml "golang.org/x/net/html"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/docx"
	"github.com/pactloop/pactloop/internal/document/html"
	"github.com/pactloop/pactloop/internal/document/mail"
	text "github.com/pactloop/pactloop/internal/document/plain"
)

// hundredPages is a contract of about a hundred pages, a line per paragraph.
func hundredPages() []string {
	out := []string{"SUPPLY AGREEMENT"}
	for i := 1; i <= 60; i++ {
		out = append(out, fmt.Sprintf("%d. Part %d", i, i))
		for j := 1; j <= 20; j++ {
			out = append(out, fmt.Sprintf("%d.%d Duty %d. The Supplier shall, subject to Section %d.%d and Exhibit B, deliver the “Goods %d” within thirty (30) days of each order, and the Customer shall pay USD 12,500.00 for each lot that meets the specification.", i, j, j, i, j, j))
		}
	}
	return out
}

// BenchmarkFlowFormats measures megabytes of a file read per second, in this process. The baseline of each only takes the
// file apart: it makes no paragraphs, numbers, sections or definitions of it.
func BenchmarkFlowFormats(b *testing.B) {
	words := hundredPages()
	part := "<w:document>" + documenttest.Paragraphs(words...) + "</w:document>"
	page := documenttest.HTML(words...)
	typed := []byte(strings.Join(words, "\n\n"))
	word := documenttest.DOCX(documenttest.Paragraphs(words...))
	b.Run("docx/baseline", func(b *testing.B) {
		measured(b, len(part), func() error {
			d := xml.NewDecoder(strings.NewReader(part))
			for {
				if _, err := d.RawToken(); errors.Is(err, io.EOF) {
					return nil
				} else if err != nil {
					return err
				}
			}
		})
	})
	b.Run("docx/pactloop", func(b *testing.B) { reading(b, len(part), docx.New(docx.Config{}), word) })
	b.Run("html/baseline", func(b *testing.B) {
		measured(b, len(page), func() error {
			_, err := xhtml.Parse(bytes.NewReader(page))
			return err
		})
	})
	b.Run("html/pactloop", func(b *testing.B) { reading(b, len(page), html.New(html.Config{}), page) })
	b.Run("text/baseline", func(b *testing.B) {
		measured(b, len(typed), func() error {
			if n := len(strings.Fields(string(typed))); n == 0 {
				return errors.New("no words")
			}
			return nil
		})
	})
	b.Run("text/pactloop", func(b *testing.B) { reading(b, len(typed), text.New(text.Config{}), typed) })
	b.Run("mail/pactloop", func(b *testing.B) {
		sent := documenttest.EML("Signed", "Here it is.", documenttest.Attached{Filename: "contract.docx", Type: "application/octet-stream", Content: bytes.Repeat(word, 20)})
		reading(b, len(sent), mail.New(mail.Config{}), sent)
	})
}

func reading(b *testing.B, size int, r document.Reader, file []byte) {
	b.Helper()
	measured(b, size, func() error {
		_, err := r.Read(context.WithoutCancel(b.Context()), file)
		return err
	})
}

func measured(b *testing.B, size int, work func() error) {
	b.Helper()
	for b.Loop() {
		if err := work(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*float64(size)/1e6/b.Elapsed().Seconds(), "MB/s")
	b.ReportMetric(0, "ns/op")
}
