package bench_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/sandbox"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/grammar"
)

// BenchmarkContracts measures contracts of 50,000 characters read per second on one core, from the document on: terms by
// grammar and clauses by weights, with their check. The baseline is the least that any reading does: each word lower-cased and
// counted.
func BenchmarkContracts(b *testing.B) {
	d := long(b)
	b.Run("baseline", func(b *testing.B) {
		for b.Loop() {
			count := map[string]int{}
			for w := range strings.FieldsSeq(d.Text) {
				count[strings.ToLower(w)]++
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "contracts/s")
		b.ReportMetric(0, "ns/op")
	})
	b.Run("pactloop", func(b *testing.B) {
		finder, err := clause.New()
		if err != nil {
			b.Fatal(err)
		}
		rules := grammar.New()
		for b.Loop() {
			found, err := rules.Extract(b.Context(), d, extract.FullSchema())
			if err != nil {
				b.Fatal(err)
			}
			extract.VerifyAll(found, d)
			set, err := finder.Clauses(b.Context(), d)
			if err != nil {
				b.Fatal(err)
			}
			extract.VerifyClauses(set.Clauses, d)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "contracts/s")
		b.ReportMetric(0, "ns/op")
	})
	b.Run("clauses-alone", func(b *testing.B) {
		finder, err := clause.New()
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := finder.Clauses(b.Context(), d); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "contracts/s")
		b.ReportMetric(0, "ns/op")
	})
}

// long is our own samples one after the other, as one contract of the usual length.
func long(b *testing.B) *document.Document {
	b.Helper()
	pool, err := sandbox.New(sandbox.Config{Executable: os.Args[0], Args: []string{"parse-worker"}, CacheDir: b.TempDir(), Workers: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	files, _ := readable(b, pool)
	var out document.Builder
	for _, f := range files {
		body, err := os.ReadFile(f) //nolint:gosec // our own samples
		if err != nil {
			b.Fatal(err)
		}
		d, err := pool.Read(b.Context(), body, filepath.Base(f))
		if err != nil {
			b.Fatal(err)
		}
		runes := []rune(d.Text)
		for _, block := range d.Blocks {
			out.Start(document.Block{Kind: block.Kind, Level: block.Level})
			out.Write(string(runes[block.Start:block.End]))
		}
		if out.Bytes() >= 50_000 {
			break
		}
	}
	return out.Document([]byte("long"), "plain/bench")
}
