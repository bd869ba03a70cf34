package read_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/blob"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// builtIn is the name of the rules in this build.
var builtIn = grammar.New().Name() + "/" + grammar.New().Version()

// lines parses a file as plain lines.
type lines struct{}

func (lines) Read(_ context.Context, file []byte, _ string) (*document.Document, error) {
	return extracttest.Plain(string(file)), nil
}

// outside is an external engine that ends as the test says.
type outside struct {
	run extract.Run
	law string // "" reads nothing
	bad bool   // it found its own reading wanting
}

func (outside) Name() string    { return "outside" }
func (outside) Version() string { return "7" }

func (o outside) Extract(ctx context.Context, d *document.Document, want extract.Schema) ([]pact.Candidate, error) {
	run, err := o.Run(ctx, d, want)
	return run.Candidates, err
}

func (o outside) Run(_ context.Context, d *document.Document, _ extract.Schema) (extract.Run, error) {
	run := o.run
	if o.law == "" {
		return run, nil
	}
	at := strings.Index(d.Text, "This Agreement is governed")
	p := d.Passage("", at, len(d.Text)-1)
	v := pact.Text(o.law)
	c := pact.Candidate{Subject: "term", Name: "governing_law", Label: "Governing law", Value: &v, Confidence: decimal.New(8, -1), Verification: pact.Verified, Extractor: "outside/7", Evidence: []pact.Evidence{{Passage: &p}}}
	if o.bad {
		c.Verification = pact.Unverified
	}
	run.Candidates = append(run.Candidates, c)
	return run, nil
}

const agreement = "SERVICES AGREEMENT\nThis Agreement is made as of March 1, 2026.\nThis Agreement is governed by the laws of the State of New York.\n"

// readBy is readWith with what the active choice has in the place of the built-in engine.
func readBy(t *testing.T, s store.Store, x extract.Extractor) ([]pact.Extraction, pact.Candidate) {
	t.Helper()
	return reading(t, s, func(c *read.Config) {
		c.BuiltIn = func(context.Context) ([]extract.Extractor, extract.ClauseFinder, error) {
			return []extract.Extractor{x}, nil, nil
		}
	})
}

// readWith reads the agreement and gives its runs and the candidate of the governing law.
func readWith(t *testing.T, s store.Store, weights extract.Weights, external ...extract.Accountable) ([]pact.Extraction, pact.Candidate) {
	t.Helper()
	return reading(t, s, func(c *read.Config) {
		c.External = func(context.Context, pact.Document) ([]extract.Accountable, error) { return external, nil }
		c.Weights = func(context.Context) (extract.Weights, error) { return weights, nil }
	})
}

func reading(t *testing.T, s store.Store, more func(*read.Config)) ([]pact.Extraction, pact.Candidate) {
	t.Helper()
	blobs, err := blob.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ctx := storetest.System(t)
	sum, err := blobs.Put(ctx, []byte(agreement))
	if err != nil {
		t.Fatal(err)
	}
	var doc pact.Document
	err = s.Change(ctx, store.Act{Name: "test.seed"}, func(ctx context.Context, tx store.Tx) error {
		con := pact.Contract{ID: pact.NewID[pact.ContractID]("con", tx.Now), BusinessUnit: "north", State: pact.ContractReceived, Phase: "assisted"}
		con.FamilyID, con.SourceKey = con.ID, string(con.ID)
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		doc = pact.Document{ID: pact.NewID[pact.DocumentID]("doc", tx.Now), BusinessUnit: "north", ContractID: con.ID, Filename: "a.txt", State: pact.DocumentReceived, SHA256: sum}
		return tx.Documents.Insert(ctx, &doc)
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg := read.Config{
		Store: s, Blobs: blobs, Parser: lines{}, Extractors: []extract.Extractor{grammar.New()}, Now: func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }, Log: slog.New(slog.DiscardHandler),
	}
	more(&cfg)
	if err := read.New(cfg).ReadDocument(ctx, job.ReadDocument{DocumentID: doc.ID}); err != nil {
		t.Fatal(err)
	}
	runs, err := s.Reads().Extractions.All(ctx, store.Where(store.Eq("document_id", doc.ID)).By("extractor"))
	if err != nil {
		t.Fatal(err)
	}
	law, err := s.Reads().Candidates.One(ctx, store.Where(store.Eq("document_id", doc.ID), store.Eq("name", "governing_law")))
	if err != nil {
		t.Fatal(err)
	}
	return runs, law
}

func TestEnginesTogether(t *testing.T) {
	t.Parallel()
	done := extract.Run{State: extract.RunDone, Model: "m-1", Prompt: "1", Privacy: "abc123", Request: `[{"asked":1}]`, Output: `[{"answer":1}]`, TokensIn: 1200, TokensOut: 80, Calls: 1}
	cost := money.New(decimal.RequireFromString("0.00380000"), "USD")
	done.Cost = &cost
	storetest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		alone, law := readWith(t, s, nil)
		if len(alone) != 1 || law.Extractor != builtIn || law.Value.Text != "New York" {
			t.Fatalf("alone: %d runs, %+v", len(alone), law)
		}
		built := law.Confidence

		runs, law := readWith(t, s, nil, outside{run: done, law: "New York"})
		if law.Extractor != builtIn+"+outside/7" || !law.Confidence.GreaterThan(built) || len(law.Rivals) != 0 {
			t.Errorf("agreement: %s %s", law.Extractor, law.Confidence)
		}
		x := runs[1]
		if x.Extractor != "outside" || x.Version != "7" || x.State != "done" || x.Model != "m-1" || x.Prompt != "1" || x.Privacy != "abc123" || x.Request != done.Request || x.Output != done.Output ||
			x.UsageIn != 1200 || x.UsageOut != 80 || x.Calls != 1 || x.Cost == nil || !x.Cost.Equal(cost) || x.DocumentHash == "" {
			t.Errorf("the record of the run: %+v", x)
		}

		_, law = readWith(t, s, nil, outside{run: done, law: "Nevada"})
		if law.Value.Text != "New York" || len(law.Rivals) != 1 || law.Rivals[0].Verification != pact.Unverified || law.Confidence.GreaterThan(decimal.New(84, -2)) {
			t.Errorf("disagreement: %+v", law)
		}
		_, law = readWith(t, s, nil, outside{run: done, law: "New York", bad: true})
		if law.Extractor != builtIn || !law.Confidence.Equal(built) {
			t.Errorf("what an engine itself does not believe must raise nothing: %s %s", law.Extractor, law.Confidence)
		}
		d := extract.Decisions{}
		for range 80 {
			d.Add("governing_law", "outside/7", decimal.New(8, -1), false)
		}
		_, law = readWith(t, s, d.Weights(), outside{run: done, law: "New York"})
		if law.Confidence.GreaterThan(built.Add(decimal.New(2, -2))) {
			t.Errorf("an engine that was never right raised the confidence from %s to %s", built, law.Confidence)
		}
	})
}

// What an amendment makes of a kept text is read by the same engine: decisions move it as they move a document.
func TestDecisionsMoveWhatIsReadAgainWithTheWordsOfAnAmendment(t *testing.T) {
	t.Parallel()
	blobs, err := blob.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := extracttest.Plain(agreement)
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := blobs.PutNamed(t.Context(), string(d.TextID), raw); err != nil {
		t.Fatal(err)
	}
	reworded := func(weights func(context.Context) (extract.Weights, error)) pact.Candidate {
		t.Helper()
		r := read.New(read.Config{Blobs: blobs, Extractors: []extract.Extractor{grammar.New()}, Weights: weights})
		out, err := r.Reword(t.Context(), d.TextID, nil, []extract.Swap{{Terms: []string{"governing_law"}, Old: "New York", New: "Ohio"}})
		if err != nil || len(out) != 1 || len(out[0].Changed) != 1 || out[0].Changed[0].After.Value == nil || out[0].Changed[0].After.Value.Text != "Ohio" {
			t.Fatalf("%+v, %v", out, err)
		}
		return out[0].Changed[0].After
	}
	own := reworded(nil)
	decisions := extract.Decisions{}
	for range 30 {
		decisions.Add("governing_law", builtIn, own.Confidence, false)
	}
	now := reworded(func(context.Context) (extract.Weights, error) { return decisions.Weights(), nil })
	if !now.Confidence.LessThan(decimal.New(5, -1)) || !now.OwnConfidence[builtIn].Equal(own.Confidence) || own.OwnConfidence != nil {
		t.Errorf("thirty times wrong at %s: %s of its own %v", own.Confidence, now.Confidence, now.OwnConfidence)
	}
}

func TestAnEngineThatFailsLeavesTheBuiltInReading(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		for _, state := range []extract.RunState{extract.RunStopped, extract.RunFailed, extract.RunPartial} {
			runs, law := readWith(t, s, nil, outside{run: extract.Run{State: state, Reason: "The budget is used up."}})
			if len(runs) != 2 || runs[1].State != string(state) || runs[1].Reason != "The budget is used up." {
				t.Errorf("%s: %+v", state, runs)
			}
			if law.Value == nil || law.Value.Text != "New York" || law.Extractor != builtIn {
				t.Errorf("%s: %+v", state, law)
			}
		}
	})
}

func TestWeightsThatAreChosenReadTheNextDocument(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t)
	shipped, err := os.ReadFile("../extract/grammar/ranking.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	rank, card, err := grammar.DecodeRanking(shipped)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	card.Data = "contracts of ours"
	if err := rank.Encode(&file, card); err != nil {
		t.Fatal(err)
	}
	ours, err := grammar.Open(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if same, err := grammar.Open(shipped); err != nil || "grammar/"+same.Version() != builtIn {
		t.Errorf("what ships, opened: %v", err)
	}
	_, law := readWith(t, s, nil)
	chosen := law.Extractor
	_, law = readBy(t, s, ours)
	if chosen != builtIn || law.Extractor != "grammar/"+ours.Version() || law.Extractor == builtIn || law.Value.Text != "New York" {
		t.Errorf("read by %s, then by %s: %+v", chosen, law.Extractor, law.Value)
	}
}

func TestEnginesAreParsedStrictly(t *testing.T) {
	t.Parallel()
	for body, wrong := range map[string]bool{
		`{}`: false, `{"llm":true}`: false, `{"llm":true,"model":"m","prompt":"1"}`: false, `{"llm":true,"prompt":"1","prompt_text":"x"}`: true, `{"model":"m"}`: true, `{"gpt":true}`: true, `[]`: true,
		`{"llm":true,"examples":3,"kept_units":["legal"]}`: false, `{"llm":true,"examples":6}`: true, `{"llm":true,"examples":-1}`: true, `{"examples":1}`: true, `{"kept_units":["legal"]}`: true, `{"ranking":"` + strings.Repeat("0a", 32) + `"}`: false, `{"ranking":"../x"}`: true, `{"clauses":"` + strings.Repeat("0A", 32) + `"}`: true, `{"llm":true,"kept_units":[""]}`: true, `{"llm":true,"kept_units":["  "]}`: true,
	} {
		if _, err := read.ParseEngines([]byte(body)); (err != nil) != wrong {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestAKeptUnitIsKeptHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for kept, want := range map[string]bool{"legal": true, "Legal": true, " LEGAL ": true, "legal2": false, "leg": false} {
		e, err := read.ParseEngines([]byte(`{"llm":true,"kept_units":["` + kept + `"]}`))
		if err != nil || e.Keeps("Legal") != want || e.Keeps("legal ") != want {
			t.Errorf("%q: %v, %v", kept, e.Keeps("Legal"), err)
		}
	}
}
