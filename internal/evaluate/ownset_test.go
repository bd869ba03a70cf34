package evaluate_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/pactloop/pactloop/internal/evaluate"
	trained "github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
)

func TestTheMarksOfOurOwnSetAreFoundInItsDocuments(t *testing.T) {
	t.Parallel()
	samples, err := evaluate.OwnSamples(t.Context(), os.DirFS("labelled"))
	if err != nil {
		t.Fatal(err)
	}
	marks, lost := 0, 0
	for _, s := range samples {
		for _, list := range s.Marks {
			for _, m := range list {
				marks++
				if m.Start < 0 {
					lost++
				}
			}
		}
	}
	if len(samples) < 40 || marks < 200 || lost*20 > marks {
		t.Errorf("%d documents, %d marks, %d of them not found", len(samples), marks, lost)
	}
}

func TestOnlyOurOwnKindsAreTaughtAnewAndTheCardSaysSo(t *testing.T) {
	t.Parallel()
	dir, _ := marked(t, 24)
	body, err := os.ReadFile("../extract/clause/weights.bin")
	if err != nil {
		t.Fatal(err)
	}
	known, err := trained.Decode(body)
	if err != nil {
		t.Fatal(err)
	}
	w, r, err := evaluate.TeachOwn(t.Context(), dir, os.DirFS("labelled"), known, quickTraining())
	if err != nil {
		t.Fatal(err)
	}
	var card evaluate.Card
	if err := json.Unmarshal([]byte(w.Card), &card); err != nil {
		t.Fatal(err)
	}
	if r.All.Marks < 200 || r.All.AUPR < 0.1 || len(card.Data) != 2 || card.Data[1].Contracts != r.Contracts || card.Scores["own_kinds_aupr"] == 0 {
		t.Errorf("report %+v, card %+v", r.All, card)
	}
	// What is known of CUAD is as it was.
	d := extracttest.Plain(extracttest.Contracts()[0])
	before, after := trained.NewMachine(known).Read(d), trained.NewMachine(w).Read(d)
	if before.Present("governing_law") != after.Present("governing_law") {
		t.Error("teaching our own kinds changes governing law")
	}
	if _, _, err := evaluate.TeachOwn(t.Context(), dir, os.DirFS("labelled"), &trained.Weights{}, quickTraining()); err == nil {
		t.Error("weights without a card: no error")
	}
}

func TestFoundClausesGetTheKindsOfOurOwnSet(t *testing.T) {
	t.Parallel()
	finder, err := trained.New()
	if err != nil {
		t.Fatal(err)
	}
	set, err := finder.Clauses(t.Context(), extracttest.Plain(extracttest.Contracts()[0]))
	if err != nil {
		t.Fatal(err)
	}
	found := evaluate.FoundClauses(set)
	kinds := map[string]bool{}
	for _, f := range found {
		kinds[f.Kind] = true
	}
	if !kinds["governing_law"] || !kinds["renewal"] || kinds["parties"] {
		t.Errorf("kinds %v", kinds)
	}
}
