package read_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/blob"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// parser is a reading that the test leads.
type parser func(ctx context.Context) (*document.Document, error)

func (p parser) Read(ctx context.Context, _ []byte, _ string) (*document.Document, error) {
	return p(ctx)
}

// waiting is a reader, and a document that waits for it.
func waiting(t *testing.T, s *sqlstore.Store, p parser) (*read.Reader, pact.Document) {
	t.Helper()
	blobs, err := blob.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	sum, err := blobs.Put(t.Context(), []byte("a scan"))
	if err != nil {
		t.Fatal(err)
	}
	doc := pact.Document{ID: "doc_1", BusinessUnit: "main", ContractID: "con_1", Filename: "scan.pdf", SHA256: sum, State: pact.DocumentReceived}
	storetest.Must(storetest.System(t), t, s, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Contracts.Insert(ctx, &pact.Contract{ID: "con_1", BusinessUnit: "main", Title: "Supply", State: pact.ContractReceived}); err != nil {
			return err
		}
		return tx.Documents.Insert(ctx, &doc)
	})
	return read.New(read.Config{Store: s, Blobs: blobs, Parser: p, Extractors: []extract.Extractor{grammar.New()}, Now: time.Now, Log: slog.New(slog.DiscardHandler)}), doc
}

func document1(t *testing.T, s store.Store) pact.Document {
	t.Helper()
	d, err := s.Reads().Documents.Get(storetest.System(t), "doc_1")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// recognised is a document of one page whose word "Maine" was recognised with the given confidence.
func recognised(confidence float64) *document.Document {
	var b document.Builder
	var lines []document.Line
	for _, text := range []string{"SUPPLY AGREEMENT", "This Agreement is governed by the laws of the State of Maine."} {
		b.Start(document.Block{Kind: document.Paragraph, Page: 1})
		line := document.Line{Page: 1}
		for i, w := range strings.Fields(text) {
			if i > 0 {
				b.Space()
			}
			start, end := b.Write(w)
			word := document.Word{Start: start, End: end, Box: pact.Box{Left: float64(40 * i), Right: float64(40*i + 38), Top: 10, Bottom: 20}, Confidence: 0.95}
			if w == "Maine." {
				word.Confidence = confidence
			}
			line.Words = append(line.Words, word)
		}
		line.Start, line.End = line.Words[0].Start, line.Words[len(line.Words)-1].End
		lines = append(lines, line)
		b.End()
	}
	d := b.Document([]byte("a scan"), "pdf/2+test/1")
	d.Lines, d.Pages = lines, []document.Page{{Number: 1, Width: 612, Height: 792, End: len(d.Text)}}
	return d
}

func TestAScanShowsHowFarItIsAndNamesItsEngineAtTheEnd(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		live, err := s.Live(storetest.System(t))
		if err != nil {
			t.Fatal(err)
		}
		seen := make(chan string, 1)
		r, _ := waiting(t, s, func(ctx context.Context) (*document.Document, error) {
			document.Report(ctx, document.Progress{Done: 2, Total: 12})
			for { // the pages are recognised while somebody looks
				select {
				case touched := <-live:
					if touched.Topic != "documents" {
						continue
					}
					if d := document1(t, s); d.Progress != "" {
						seen <- d.Progress
						return recognised(0.95), nil
					}
				case <-ctx.Done():
					return nil, ctx.Err()
				}
			}
		})
		ctx, cancel := context.WithTimeout(storetest.System(t), 3*time.Minute)
		defer cancel()
		if err := r.ReadDocument(ctx, job.ReadDocument{DocumentID: "doc_1"}); err != nil {
			t.Fatal(err)
		}
		if got := <-seen; got != "page 3 of 12" {
			t.Errorf("progress %q", got)
		}
		d := document1(t, s)
		if d.State != pact.DocumentRead || d.Progress != "" || d.Reader != "pdf/2+test/1" || d.MediaType != "application/pdf" {
			t.Errorf("document %+v", d)
		}
		trail, err := s.Audit().List(storetest.System(t), store.AuditQuery{Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		named := false
		for _, e := range trail.Items {
			if e.Act == "document.progress" {
				t.Error("how far a reading is stands in the trail")
			}
			named = named || e.Act == "document.extract" && e.Notes["reader"] == "pdf/2+test/1"
		}
		if !named {
			t.Error("the trail does not name the engine")
		}
	})
}

func TestWhatStandsOnUnsureWordsIsForAPerson(t *testing.T) {
	t.Parallel()
	for _, confidence := range []float64{0.95, 0.35} {
		s := storetest.SQLite(t)
		r, _ := waiting(t, s, func(context.Context) (*document.Document, error) { return recognised(confidence), nil })
		if err := r.ReadDocument(storetest.System(t), job.ReadDocument{DocumentID: "doc_1"}); err != nil {
			t.Fatal(err)
		}
		list, err := s.Reads().Candidates.All(storetest.System(t), store.Where(store.Eq("name", "governing_law")))
		if err != nil || len(list) != 1 {
			t.Fatalf("%d candidates, %v", len(list), err)
		}
		if got := list[0].Confidence.InexactFloat64(); (confidence < 0.6) != (got <= 0.6) {
			t.Errorf("a word recognised with %.2f gives a term with %.2f", confidence, got)
		}
	}
}

func TestAServiceThatIsAwayUsesUpNoAttempt(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t)
	away := true
	r, _ := waiting(t, s, func(context.Context) (*document.Document, error) {
		if away {
			return nil, fault.New(fault.Unavailable, "The service does not answer.")
		}
		return recognised(0.9), nil
	})
	for range 5 {
		if err := r.ReadDocument(storetest.System(t), job.ReadDocument{DocumentID: "doc_1"}); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("got %v", err)
		}
	}
	if d := document1(t, s); d.State != pact.DocumentReading || d.Attempts != 0 || !strings.Contains(d.Progress, "waiting for the text recognition service") {
		t.Errorf("document %+v", d)
	}
	away = false
	if err := r.ReadDocument(storetest.System(t), job.ReadDocument{DocumentID: "doc_1"}); err != nil {
		t.Fatal(err)
	}
	if d := document1(t, s); d.State != pact.DocumentRead || d.Progress != "" {
		t.Errorf("document %+v", d)
	}
}
