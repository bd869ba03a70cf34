package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/docs"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
)

// runBacktest runs the command with the arguments.
func runBacktest(t *testing.T, args ...string) (string, error) {
	t.Helper()
	c := backtestCommand()
	var out bytes.Buffer
	c.SetOut(&out)
	c.SetErr(&out)
	c.SilenceErrors, c.SilenceUsage = true, true
	c.SetArgs(args)
	err := c.ExecuteContext(t.Context())
	return out.String(), err
}

func put(t *testing.T, name, body string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestBacktestPrintsWhatFollows(t *testing.T) {
	t.Parallel()
	e, err := docs.BacktestExample("availability")
	if err != nil {
		t.Fatal(err)
	}
	terms, events := put(t, "terms.json", e.Terms), put(t, "events.jsonl", e.Events)
	out, err := runBacktest(t, "--terms", terms, "--events", events, "--as-of", "2026-02-01T00:00:00Z")
	if err != nil || out != e.Result {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = runBacktest(t, "--terms", terms, "--events", events, "--from", "2026-01-01", "--to", "2026-02-01", "--json")
	var report backtest.Evaluation
	if err != nil || json.Unmarshal([]byte(out), &report) != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(report.Occurrences) != 1 || report.Occurrences[0].Assessment.Amount.String() != "1200.00 USD" || !report.AsOf.Equal(report.To.Time()) {
		t.Errorf("%+v", report)
	}
}

func TestBacktestShowsSchemaAndExampleOfEachKind(t *testing.T) {
	t.Parallel()
	list, err := runBacktest(t, "--schema")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range obligation.All() {
		if !strings.Contains(list, "  "+k.Name()+" ") {
			t.Errorf("%s is not listed", k.Name())
		}
		out, err := runBacktest(t, "--schema", k.Name())
		if err != nil || !strings.Contains(out, `"$schema"`) || !strings.Contains(out, "# Example: events.jsonl\n{") {
			t.Errorf("%s: %v\n%s", k.Name(), err, out)
		}
	}
	if out, err := runBacktest(t, "--schema=event"); err != nil || !strings.Contains(out, "purchase_order") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestBacktestNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	good := put(t, "terms.json", `{"obligations":[{"key":"k","kind":"invoice_payment","params":{"terms":"net 30"}}]}`)
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no terms":                   {nil, "--terms"},
		"a file that is not there":   {[]string{"--terms", "nowhere.json"}, "nowhere.json does not exist"},
		"a parameter nobody knows":   {[]string{"--terms", put(t, "a.json", `{"obligations":[{"kind":"rebate","params":{"mode":"graduated","teirs":[]}}]}`)}, `/obligations/0/params/teirs: this is not known here; perhaps tiers is meant`},
		"a choice that is none":      {[]string{"--terms", put(t, "b.json", `{"obligations":[{"kind":"rebate","params":{"mode":"stepped","tiers":[]}}]}`)}, `/obligations/0/params/mode: "stepped" is not known here`},
		"no JSON":                    {[]string{"--terms", put(t, "c.json", "{\n \"obligations\": [,]}")}, "line 2"},
		"an event without an amount": {[]string{"--terms", good, "--events", put(t, "d.jsonl", "\n{\"kind\":\"invoice\",\"subject\":\"a\",\"occurred_at\":\"2026-01-01T00:00:00Z\",\"data\":{\"amount\":{\"value\":\"x\",\"currency\":\"USD\"}}}")}, "line 2: /data/amount/value"},
		"an event of no known kind":  {[]string{"--terms", good, "--events", put(t, "e.jsonl", `{"kind":"party","subject":"a","occurred_at":"2026-01-01T00:00:00Z"}`)}, "line 1: /kind"},
		"a correction of nothing":    {[]string{"--terms", good, "--events", put(t, "f.jsonl", `{"kind":"correction","subject":"a","occurred_at":"2026-01-01T00:00:00Z","replaces_external":"77"}`)}, "/replaces_external"},
		"an empty period":            {[]string{"--terms", good, "--from", "2026-02-01", "--to", "2026-01-01"}, "The period is empty"},
		"a kind nobody knows":        {[]string{"--schema", "party"}, "known are response_time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := runBacktest(t, c.args...)
			if err == nil || !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
