package bench_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/sandbox"
	"github.com/pactloop/pactloop/internal/evaluate"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/grammar"
)

// BenchmarkContracts measures contracts read per second of one core's work, collecting garbage included, from the document on:
// terms by grammar, their check and combination, and clauses by weights with their check. Pactloop and baseline read a
// contract of 50,000 characters; the baseline is the least that any reading does: each word lower-cased and counted. Where
// SHARED names a folder with data/cuad, its 408 contracts are read too, in an order that mixes them.
func BenchmarkContracts(b *testing.B) {
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	own := []*document.Document{long(b)}
	finder, err := clause.New()
	if err != nil {
		b.Fatal(err)
	}
	terms, clauses := termsOf(grammar.New()), clausesOf(finder)
	all := func(b *testing.B, d *document.Document) {
		b.Helper()
		terms(b, d)
		clauses(b, d)
	}
	b.Run("baseline", func(b *testing.B) { perCore(b, own, lowered) })
	b.Run("pactloop", func(b *testing.B) { perCore(b, own, all) })
	b.Run("terms-alone", func(b *testing.B) { perCore(b, own, terms) })
	b.Run("clauses-alone", func(b *testing.B) { perCore(b, own, clauses) })
	shared := os.Getenv("SHARED")
	if shared == "" {
		return
	}
	samples, err := evaluate.Samples(filepath.Join(shared, "data", "cuad"), []int{0, 1, 2, 3, 4})
	if err != nil {
		b.Fatal(err)
	}
	var cuad []*document.Document
	for i := range samples {
		cuad = append(cuad, samples[i*101%len(samples)].Document)
	}
	b.Run("cuad", func(b *testing.B) { perCore(b, cuad, all) })
	b.Run("cuad-terms-alone", func(b *testing.B) { perCore(b, cuad, terms) })
	b.Run("cuad-clauses-alone", func(b *testing.B) { perCore(b, cuad, clauses) })
}

// perCore reads documents in turn and reports how many a core reads in a second.
func perCore(b *testing.B, list []*document.Document, read func(*testing.B, *document.Document)) {
	b.Helper()
	read(b, list[0]) // tables that the first reading makes are made once in the life of a process
	from := spent(b)
	for i := 0; b.Loop(); i++ {
		read(b, list[i%len(list)])
	}
	b.ReportMetric(float64(b.N)/(spent(b)-from).Seconds(), "contracts/cpu-s")
	b.ReportMetric(0, "ns/op")
}

func lowered(_ *testing.B, d *document.Document) {
	count := map[string]int{}
	for w := range strings.FieldsSeq(d.Text) {
		count[strings.ToLower(w)]++
	}
}

func termsOf(rules extract.Extractor) func(*testing.B, *document.Document) {
	return func(b *testing.B, d *document.Document) {
		b.Helper()
		found, err := rules.Extract(b.Context(), d, extract.FullSchema())
		if err != nil {
			b.Fatal(err)
		}
		extract.VerifyAll(found, d)
		extract.Combine(found)
	}
}

func clausesOf(finder extract.ClauseFinder) func(*testing.B, *document.Document) {
	return func(b *testing.B, d *document.Document) {
		b.Helper()
		set, err := finder.Clauses(b.Context(), d)
		if err != nil {
			b.Fatal(err)
		}
		extract.VerifyClauses(set.Clauses, d)
	}
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
