package read_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/blob"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// asText reads a file as its words.
type asText struct{}

func (asText) Read(_ context.Context, file []byte, _ string) (*document.Document, error) {
	return extracttest.Plain(string(file)), nil
}

func TestClausesAreKeptWithTheirRunAndAreNothingToDecide(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		ctx := storetest.System(t)
		blobs, err := blob.New(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		finder, err := clause.New()
		if err != nil {
			t.Fatal(err)
		}
		hash, err := blobs.Put(ctx, []byte(extracttest.Contracts()[0]))
		if err != nil {
			t.Fatal(err)
		}
		con := pact.Contract{ID: "con_1", BusinessUnit: "emea", FamilyID: "con_1", State: pact.ContractReceived, Phase: "assisted", SourceKey: "con_1"}
		doc := pact.Document{ID: "doc_1", BusinessUnit: "emea", ContractID: con.ID, Filename: "a.txt", SHA256: hash, State: pact.DocumentReceived}
		storetest.Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
			if err := tx.Contracts.Insert(ctx, &con); err != nil {
				return err
			}
			return tx.Documents.Insert(ctx, &doc)
		})
		r := read.New(read.Config{Store: s, Blobs: blobs, Parser: asText{}, Extractors: []extract.Extractor{grammar.New()}, Clauses: finder, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		if err := r.ReadDocument(ctx, job.ReadDocument{DocumentID: doc.ID}); err != nil {
			t.Fatal(err)
		}
		runs, err := s.Reads().Extractions.All(ctx, store.Where(store.Eq("document_id", doc.ID)))
		if err != nil {
			t.Fatal(err)
		}
		var set extract.ClauseSet
		for _, run := range runs {
			if run.Extractor == finder.Name() && run.Version == finder.Version() {
				if err := json.Unmarshal([]byte(run.Output), &set); err != nil {
					t.Fatal(err)
				}
			}
		}
		law := false
		for _, c := range set.Clauses {
			law = law || c.Category == "governing_law" && c.Verification == pact.Verified && c.Evidence.Passage.DocumentID == doc.ID
		}
		if len(runs) != 2 || !law || len(set.Presence) == 0 {
			t.Errorf("%d runs, clauses %+v", len(runs), set.Clauses)
		}
		kept, err := s.Reads().Contracts.Get(ctx, string(con.ID))
		if err != nil || !slices.Contains(kept.Clauses, "governing_law") || !slices.IsSorted(kept.Clauses) {
			t.Errorf("the contract is known to have %v (%v), want the law among them, in order", kept.Clauses, err)
		}
		candidates, err := s.Reads().Candidates.All(ctx, store.Where(store.Eq("document_id", doc.ID)))
		if err != nil {
			t.Fatal(err)
		}
		if len(candidates) == 0 {
			t.Error("the terms of the grammar are missing")
		}
		for _, c := range candidates {
			if c.Subject != "term" && c.Subject != "obligation" {
				t.Errorf("a %s %s is to be decided", c.Subject, c.Name)
			}
		}
	})
}
