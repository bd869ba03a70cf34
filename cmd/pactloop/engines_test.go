package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/simulator/llm"
	"github.com/pactloop/pactloop/simulator/stage"
)

// A corpus may be older than the choice that keeps a unit: what it holds of the unit is still not sent.
func TestContractsOfKeptUnitsAreNotComparedWithALanguageModel(t *testing.T) {
	t.Parallel()
	model, err := llm.New(llm.Config{Clock: stage.NewWallClock(), Key: "secret-key"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(model)
	t.Cleanup(server.Close)
	data, corpus := t.TempDir(), t.TempDir()
	write := func(name, content string) string {
		t.Helper()
		path := filepath.Join(corpus, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	row := func(title, unit, law string) string {
		raw, err := json.Marshal(map[string]any{"title": title, "type": "nda", "business_unit": unit, "text": "This Agreement is governed by the laws of the State of " + law + ".", "labels": map[string]any{"governing_law": map[string]any{"kind": "text", "text": law}}})
		if err != nil {
			t.Fatal(err)
		}
		return string(raw) + "\n"
	}
	run := func(args ...string) (string, bool) {
		t.Helper()
		c := root()
		var out bytes.Buffer
		c.SetOut(&out)
		c.SetErr(&out)
		c.SetArgs(append(args, "--data", data, "--llm-provider", "vllm", "--llm-base-url", server.URL+"/v1", "--llm-model", "small", "--llm-key", "secret-key", "--llm-allow", "127.0.0.1"))
		err := c.ExecuteContext(t.Context())
		if err != nil && !errors.Is(err, errSilent) {
			out.WriteString(err.Error())
		}
		return out.String(), err == nil
	}
	sent := func() string {
		var all strings.Builder
		for _, a := range model.Seen() {
			all.WriteString(a.User)
		}
		return all.String()
	}
	write("decided/decided.jsonl", row("doc_1 a.txt", "legal", "Nevada")+row("doc_2 b.txt", "north", "Ohio")+row("doc_3 c.txt", "", "Utah")+row("Mine", "", "Texas"))
	keeps := write("keeps.json", `{"llm":true,"kept_units":["Legal "]}`)
	sends := write("sends.json", `{"llm":true,"model":"other"}`)
	if out, ok := run("evaluate", "--corpus", corpus, "--compare", "built-in,"+keeps); !ok || !strings.Contains(out, "2 labelled contracts are left out") {
		t.Errorf("%s", out)
	}
	if all := sent(); !strings.Contains(all, "Ohio") || !strings.Contains(all, "Texas") || strings.Contains(all, "Nevada") || strings.Contains(all, "Utah") {
		t.Errorf("sent: %s", all)
	}
	// A unit that nobody has is told: it would keep nothing.
	if out, ok := run("engines", "promote", keeps, "--without-comparison", "a pilot of ours"); !ok || !strings.Contains(out, `no document is of the business unit "Legal "`) {
		t.Errorf("%s", out)
	}
	// What the active choice keeps, no other choice gets.
	if out, ok := run("engines", "promote", sends, "--corpus", corpus); !ok || !strings.Contains(out, "2 labelled contracts are left out") {
		t.Errorf("%s", out)
	}
	if all := sent(); strings.Contains(all, "Nevada") || strings.Contains(all, "Utah") {
		t.Errorf("sent: %s", all)
	}
}
