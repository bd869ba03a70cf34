package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pactloop/pactloop/internal/evaluate"
)

const committed = "../../internal/evaluate/labelled/train"

func TestGeneratedDocumentsAreMadeFromTheirBankByteForByte(t *testing.T) {
	t.Parallel()
	all, err := makeAll(seed)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := filepath.Glob(filepath.Join(committed, "g-*.txt"))
	if err != nil || len(kept) != len(all) || len(all) < 25 {
		t.Fatalf("%d committed, %d made: %v", len(kept), len(all), err)
	}
	for _, m := range all {
		for ending, want := range map[string][]byte{".txt": m.text, ".json": m.labels} {
			got, err := os.ReadFile(filepath.Join(committed, m.name+ending))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s%s is stale: run go run ./tools/labelled generate (%v)", m.name, ending, err)
			}
		}
	}
}

// Other seeds reach wordings and combinations that the committed half does not: every label must still stand.
func TestAnySeedGivesDocumentsWhoseLabelsStand(t *testing.T) {
	t.Parallel()
	first := ""
	for other := range uint64(4) {
		all, err := makeAll(other)
		if err != nil {
			t.Fatalf("seed %d: %v", other, err)
		}
		set := fstest.MapFS{}
		for _, m := range all {
			set["train/"+m.name+".txt"] = &fstest.MapFile{Data: m.text}
			set["train/"+m.name+".json"] = &fstest.MapFile{Data: m.labels}
			if i := bytes.IndexAny(m.text, "{}«»"); i >= 0 {
				t.Fatalf("seed %d: %s: a mark or a name is left: %.80s", other, m.name, m.text[i:])
			}
		}
		if _, err := evaluate.LoadLabelled(set); err != nil {
			t.Fatalf("seed %d: %v", other, err)
		}
		if string(all[0].text) == first {
			t.Errorf("seed %d gives the same document as the one before", other)
		}
		first = string(all[0].text)
	}
}

func TestEveryKindOfClauseHasAtLeastEightWordings(t *testing.T) {
	t.Parallel()
	count := map[string]int{}
	for _, wordings := range bank() {
		for _, w := range wordings {
			for _, kind := range evaluate.ClauseKinds() {
				if strings.Contains(w, "«c."+kind+":") {
					count[kind]++
				}
			}
		}
	}
	for _, kind := range evaluate.ClauseKinds() {
		if count[kind] < 8 {
			t.Errorf("%s has %d wordings", kind, count[kind])
		}
	}
}
