package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/fault"
)

// What docs/how-to/evaluate.md tells a stranger to do with three contracts.
func TestASetOfOnesOwnIsMeasuredWithTheWeightsOfTheBinary(t *testing.T) {
	t.Parallel()
	corpus := t.TempDir()
	if err := os.Mkdir(filepath.Join(corpus, "cuad"), 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(rows string) {
		if err := os.WriteFile(filepath.Join(corpus, "cuad", "cuad_ours.jsonl"), []byte(rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(more ...string) (string, string, error) {
		var out, notes bytes.Buffer
		command := root()
		command.SetArgs(append([]string{"evaluate", "--corpus", corpus}, more...))
		command.SetOut(&out)
		command.SetErr(&notes)
		err := command.ExecuteContext(t.Context())
		return out.String(), notes.String(), err
	}
	const law = "This Agreement is governed by the laws of the State of Delaware."
	const text = `SUPPLY AGREEMENT\n\nThis Supply Agreement is made on March 1, 2024 between Acme Tools, Inc. (\"Acme\") and Halden Systems, Inc. (\"Halden\").\n\n`
	values := `"values": {"Agreement Date": "3/1/24", "Governing Law": "Delaware"}`
	write(`{"title": "A", "fold": 0, "text": "` + text + law + `", ` + values + `}
{"title": "B", "fold": 7, "text": "` + text + law + `", ` + values + `}
`)
	out, notes, err := run("--held-out")
	if err != nil || !strings.Contains(out, "CUAD, 2 contracts") || !strings.Contains(out, "agreement_date         2      2") || !strings.Contains(notes, "Clauses are not measured") {
		t.Errorf("%v\n%s%s", err, out, notes)
	}
	write(`{"title": "A", "fold": 0, "text": "` + law + `", "spans": {"Governing Law": [{"text": "` + law + `", "start": 0}]}, ` + values + `}
`)
	if out, notes, err := run("--held-out"); err != nil || !strings.Contains(out, "Contracts held out, read with the weights of this binary") || notes != "" {
		t.Errorf("%v\n%s%s", err, out, notes)
	}
	if _, _, err := run(); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "--held-out") {
		t.Errorf("weights were learned from one contract: %v", err)
	}
}

// The folder that `review export` writes is for --compare and --measure; who forgets that is told.
func TestAFolderOfDecisionsIsMeasuredByNameOnly(t *testing.T) {
	t.Parallel()
	command := root()
	command.SetArgs([]string{"evaluate", "--corpus", t.TempDir()})
	if err := command.ExecuteContext(t.Context()); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "--measure NAME or --compare A,B") {
		t.Errorf("%v", err)
	}
}
