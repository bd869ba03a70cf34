package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ranking gives the one that ships with one thing changed.
func ranking(t *testing.T, change func(file map[string]any)) string {
	t.Helper()
	packed, err := os.ReadFile("../../internal/extract/grammar/ranking.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]any
	if err := json.NewDecoder(z).Decode(&file); err != nil {
		t.Fatal(err)
	}
	change(file)
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if err := json.NewEncoder(w).Encode(file); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ranking.json.gz")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWeightsOfTheBuiltInEngineAreComparedPromotedAndRolledBack(t *testing.T) {
	t.Parallel()
	data, corpus := t.TempDir(), t.TempDir()
	run := func(args ...string) (string, bool) {
		t.Helper()
		c := root()
		var out bytes.Buffer
		c.SetOut(&out)
		c.SetErr(&out)
		c.SetArgs(append(args, "--data", data))
		err := c.ExecuteContext(t.Context())
		if err != nil && !errors.Is(err, errSilent) {
			out.WriteString(err.Error())
		}
		return out.String(), err == nil
	}
	var rows bytes.Buffer
	for _, day := range []string{"March 1, 2026", "April 2, 2026", "May 3, 2026", "June 4, 2026", "July 5, 2026"} {
		date := map[string]string{"March 1, 2026": "2026-03-01", "April 2, 2026": "2026-04-02", "May 3, 2026": "2026-05-03", "June 4, 2026": "2026-06-04", "July 5, 2026": "2026-07-05"}[day]
		row := map[string]any{
			"title": day, "type": "services", "text": "SERVICES AGREEMENT\nThis Agreement is made and entered into as of " + day + " by and between Acme, Inc. and Halden Systems, Inc.\n",
			"labels": map[string]any{"agreement_date": map[string]any{"kind": "date", "date": date}},
		}
		if err := json.NewEncoder(&rows).Encode(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(corpus, "decided"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(corpus, "decided", "decided.jsonl"), rows.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	save := func(engine string) string {
		t.Helper()
		out, ok := run("evaluate", "--corpus", corpus, "--measure", engine, "--json")
		path := filepath.Join(t.TempDir(), "measured.json")
		if err := os.WriteFile(path, []byte(out), 0o600); err != nil || !ok {
			t.Fatalf("%v, %s", err, out)
		}
		return path
	}
	reads := func() string {
		t.Helper()
		out, ok := run("engines", "show")
		if !ok {
			t.Fatal(out)
		}
		return out
	}
	same := ranking(t, func(file map[string]any) { file["card"].(map[string]any)["data"] = "ours" }) //nolint:forcetypeassert // a file of the repository
	silent := ranking(t, func(file map[string]any) {
		file["fields"].(map[string]any)["agreement_date"].(map[string]any)["bar"] = 2 //nolint:forcetypeassert // a file of the repository
	})
	broken := ranking(t, func(file map[string]any) { delete(file["fields"].(map[string]any), "term") }) //nolint:forcetypeassert // a file of the repository

	if out, ok := run("evaluate", "--corpus", corpus, "--compare", "active,"+same); !ok || !strings.Contains(out, "no worse") {
		t.Errorf("the same weights: %s", out)
	}
	if out, ok := run("evaluate", "--corpus", corpus, "--compare", "active,"+silent); ok || !strings.Contains(out, "agreement_date, type services: accuracy falls from 1 to 0 on 5 contracts") {
		t.Errorf("worse weights: %s", out)
	}
	if out, ok := run("engines", "promote", silent, "--corpus", corpus); ok || !strings.Contains(out, "was not promoted") || !strings.Contains(reads(), `"version": 0`) {
		t.Errorf("worse weights are promoted: %s", out)
	}
	if out, ok := run("engines", "promote", broken, "--without-comparison", "to see what happens"); ok || !strings.Contains(out, "knows nothing of term") {
		t.Errorf("weights that do not fit: %s", out)
	}
	before := save("active")
	if out, ok := run("engines", "promote", same, "--corpus", corpus, "--note", "learned from ours"); !ok || !strings.Contains(out, "Version 1 of engines is active.") {
		t.Fatalf("%s", out)
	}
	if err := os.Remove(same); err != nil { // it is kept
		t.Fatal(err)
	}
	if shown := reads(); !strings.Contains(shown, "grammar/15.ranking-") || !strings.Contains(shown, `"ranking": "`) {
		t.Errorf("active: %s", shown)
	}
	if out, ok := run("evaluate", "compare", before, save("active")); !ok || !strings.Contains(out, "grammar/15,") || !strings.Contains(out, "grammar/15.ranking-") || !strings.Contains(out, "no worse") {
		t.Errorf("saved measurements: %s", out)
	}
	if out, ok := run("evaluate", "compare", before, save(silent)); ok || !strings.Contains(out, "falls from 1 to 0") {
		t.Errorf("a worse measurement: %s", out)
	}
	if out, ok := run("engines", "rollback", "--reason", "a test"); !ok || strings.Contains(reads(), "ranking-") {
		t.Errorf("%s %s", out, reads())
	}
	// Nothing here says which clauses a contract has, so nothing would show that other weights of clauses are worse.
	clauses, err := os.ReadFile("../../internal/extract/clause/weights.bin")
	if err != nil {
		t.Fatal(err)
	}
	ours := filepath.Join(t.TempDir(), "weights.bin")
	if err := os.WriteFile(ours, clauses, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, ok := run("engines", "promote", ours, "--corpus", corpus); ok || !strings.Contains(out, "no contract here says which clauses it has") {
		t.Errorf("%s", out)
	}
}
