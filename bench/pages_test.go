package bench_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document/sandbox"
)

// BenchmarkSamples measures pages of the sample contracts read per second, one file after the other. Ours reads in a limited
// child process, as the product does, and gives text with the place of every word, paragraphs, sections and tables;
// pdftotext gives the text with its layout.
func BenchmarkSamples(b *testing.B) {
	pool, err := sandbox.New(sandbox.Config{Executable: os.Args[0], Args: []string{"parse-worker"}, CacheDir: b.TempDir(), Workers: 1, Limit: 10 * time.Minute}) // a busy machine fails nothing
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = pool.Close() })
	files, pages := readable(b, pool)
	b.Run("pdftotext", func(b *testing.B) {
		program, err := exec.LookPath("pdftotext")
		if err != nil {
			b.Fatal("pdftotext is missing, so there is nothing to compare with: install it (Debian: apt-get install poppler-utils), or run make setup")
		}
		for b.Loop() {
			for _, f := range files {
				if err := exec.CommandContext(b.Context(), program, "-layout", f, os.DevNull).Run(); err != nil { //nolint:gosec // a program found on the path, and our own samples
					b.Fatal(f, err)
				}
			}
		}
		b.ReportMetric(float64(b.N*pages)/b.Elapsed().Seconds(), "pages/s")
		b.ReportMetric(0, "ns/op")
	})
	b.Run("pactloop", func(b *testing.B) {
		for b.Loop() {
			for _, f := range files {
				body, err := os.ReadFile(f) //nolint:gosec // our own samples
				if err != nil {
					b.Fatal(err)
				}
				if _, err := pool.Read(b.Context(), body, filepath.Base(f)); err != nil {
					b.Fatal(f, err)
				}
			}
		}
		b.ReportMetric(float64(b.N*pages)/b.Elapsed().Seconds(), "pages/s")
		b.ReportMetric(0, "ns/op")
	})
}

// readable gives the PDF samples that have a text layer, and their pages. The scan, the encrypted and the damaged file give
// none, to either side. The first reading also fills the cache of the parser, as a running installation has it.
func readable(b *testing.B, pool *sandbox.Pool) (files []string, pages int) {
	b.Helper()
	all, err := filepath.Glob(filepath.Join("..", "samples", "contracts", "*.pdf"))
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range all {
		body, err := os.ReadFile(f) //nolint:gosec // our own samples
		if err != nil {
			b.Fatal(err)
		}
		d, err := pool.Read(b.Context(), body, filepath.Base(f))
		if err != nil {
			b.Logf("left out: %s: %v", filepath.Base(f), err)
			continue
		}
		files, pages = append(files, f), pages+len(d.Pages)
	}
	if len(files) < 5 {
		b.Fatalf("only %d of %d samples could be read", len(files), len(all))
	}
	return files, pages
}
