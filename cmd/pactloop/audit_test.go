package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// trailOf makes a folder with a sealed trail of so many changes.
func trailOf(t *testing.T, n int) string {
	t.Helper()
	data := t.TempDir()
	moreOfTrail(t, data, 0, n)
	return data
}

func moreOfTrail(t *testing.T, data string, from, n int) {
	t.Helper()
	flags := root().PersistentFlags()
	if err := flags.Set("data", data); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(flags, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openStore(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx := storetest.System(t)
	for i := from; i < from+n; i++ {
		storetest.Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
			return tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "emea", Title: fmt.Sprint("title ", i)})
		})
	}
	if _, err := s.Audit().Seal(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// auditCLI runs `pactloop audit …` on a folder and gives what it prints and whether it succeeds.
func auditCLI(t *testing.T, data string, args ...string) (string, bool) {
	t.Helper()
	c := root()
	var out bytes.Buffer
	c.SetOut(&out)
	c.SetErr(&out)
	c.SetArgs(append(append([]string{"audit"}, args...), "--data", data))
	err := c.ExecuteContext(t.Context())
	if err != nil && !errors.Is(err, errSilent) {
		out.WriteString(err.Error())
	}
	return out.String(), err == nil
}

func TestAnExportIsVerifiedElsewhere(t *testing.T) {
	t.Parallel()
	data := trailOf(t, 12)
	export, ok := auditCLI(t, data, "export")
	if !ok || strings.Count(export, "\n") != 13 {
		t.Fatalf("the export: %s", export)
	}
	first, ok := auditCLI(t, data, "head")
	if !ok || !strings.HasPrefix(first, `{"head":{"position":12,`) {
		t.Fatalf("the head: %s", first)
	}
	moreOfTrail(t, data, 12, 3)
	longer, _ := auditCLI(t, data, "export")

	elsewhere := t.TempDir() // another machine: it has the key, and no database
	key, err := os.ReadFile(filepath.Join(data, "audit.key"))
	if err != nil {
		t.Fatal(err)
	}
	keep := func(name, text string) string {
		path := filepath.Join(elsewhere, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	keep("audit.key", string(key))
	checkpoint := keep("head.json", first)
	lines := strings.SplitAfter(longer, "\n")
	id := func(i int) string {
		_, rest, _ := strings.Cut(lines[i], `"id":"`)
		id, _, _ := strings.Cut(rest, `"`)
		return id
	}
	without := func(i int) string { return strings.Join(lines[:i], "") + strings.Join(lines[i+1:], "") }
	for name, x := range map[string]struct {
		export, checkpoint string
		ok                 bool
		says               []string
	}{
		"as it was":                     {export, "", true, []string{"12 sealed entries, 0 not sealed yet", "OK"}},
		"of later, with a checkpoint":   {longer, checkpoint, true, []string{"15 sealed entries", "OK"}},
		"an edit":                       {strings.Replace(longer, "title 4", "title x", 1), "", false, []string{"BAD: edited at " + id(4)}},
		"an entry missing":              {without(6), "", false, []string{"BAD: gap at position 7"}},
		"two in the wrong order":        {strings.Join(lines[:2], "") + lines[3] + lines[2] + strings.Join(lines[4:], ""), "", false, []string{"BAD: gap at position 3"}},
		"the end cut off":               {strings.Join(lines[:10], ""), checkpoint, false, []string{"BAD: truncated at position 11"}},
		"the end cut off, head kept":    {strings.Join(lines[:10], "") + lines[15], "", false, []string{"BAD: truncated at position 11"}},
		"MACs of another":               {strings.ReplaceAll(longer, `"mac":"`, `"mac":"0`), "", false, []string{"BAD: edited at " + id(0)}},
		"a checkpoint of another":       {longer, keep("forged.json", strings.Replace(first, `"seal":"`, `"seal":"0`, 1)), false, []string{"BAD: checkpoint at position 12"}},
		"a checkpoint that is none":     {longer, keep("none.json", "{}"), false, []string{"holds no head"}},
		"a checkpoint that is not JSON": {longer, keep("text.json", "hello"), false, []string{"no head"}},
		"no export":                     {"hello", "", false, []string{"line 1"}},
		"everything cut off":            {"", "", false, []string{"BAD: gap at head"}},
		"the head cut off":              {strings.Join(lines[:15], ""), "", false, []string{"BAD: gap at head"}},
	} {
		args := []string{"verify", "--file", keep("export.jsonl", x.export)}
		if x.checkpoint != "" {
			args = append(args, "--checkpoint", x.checkpoint)
		}
		said, ok := auditCLI(t, elsewhere, args...)
		if ok != x.ok {
			t.Errorf("%s: success %t, says %s", name, ok, said)
		}
		says(t, said, x.says...)
	}
	if said, ok := auditCLI(t, elsewhere, "verify", "--file", filepath.Join(elsewhere, "nowhere")); ok || !strings.Contains(said, "can not be read") {
		t.Errorf("no file: %s", said)
	}
	if said, ok := auditCLI(t, data, "verify", "--checkpoint", checkpoint); !ok || !strings.Contains(said, "OK") {
		t.Errorf("the database against the checkpoint: %s", said)
	}
}

// Where there is no installation, looking at its trail says so, and makes none.
func TestTheTrailOfNoInstallationIsRefusedAndNothingIsMade(t *testing.T) {
	t.Parallel()
	data := trailOf(t, 3)
	export, _ := auditCLI(t, data, "export")
	head, _ := auditCLI(t, data, "head")
	kept := filepath.Join(t.TempDir(), "kept")
	for name, text := range map[string]string{".jsonl": export, ".head": head} {
		if err := os.WriteFile(kept+name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mistyped := filepath.Join(t.TempDir(), "dataa")
	empty := t.TempDir()
	for _, dir := range []string{mistyped, empty} {
		for _, args := range [][]string{{"verify"}, {"verify", "--checkpoint", kept + ".head"}, {"verify", "--file", kept + ".jsonl"}, {"head"}, {"export"}} {
			said, ok := auditCLI(t, dir, args...)
			if ok || !strings.Contains(said, "There is no ") || !strings.Contains(said, dir) || !strings.Contains(said, "Nothing was checked, and nothing was made.") {
				t.Errorf("audit %v of %s: success %t, says %s", args, dir, ok, said)
			}
		}
	}
	if _, err := os.Stat(mistyped); !os.IsNotExist(err) {
		t.Errorf("the mistyped folder was made: %v", err)
	}
	if made, err := os.ReadDir(empty); err != nil || len(made) > 0 {
		t.Errorf("made %v, %v", made, err)
	}
	key, err := os.ReadFile(filepath.Join(data, "audit.key"))
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"audit.key": key, "pactloop.db": nil} { // an empty file in place of the database
		if err := os.WriteFile(filepath.Join(empty, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if said, ok := auditCLI(t, empty, "verify"); ok || !strings.Contains(said, "nothing was made") {
		t.Errorf("an empty database file: %s", said)
	}
}

func TestATrailThatWasTakenAwayIsBad(t *testing.T) {
	t.Parallel()
	data := trailOf(t, 3)
	db, err := sql.Open("sqlite", filepath.Join(data, "pactloop.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"audit_contracts", "audit_entries", "audit_head"} {
		if _, err := db.ExecContext(t.Context(), "DELETE FROM "+table); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // looking does not repair it
		if said, ok := auditCLI(t, data, "verify"); ok || !strings.Contains(said, "BAD: gap at head: the head of the chain is missing.") {
			t.Errorf("success %t, says %s", ok, said)
		}
	}
	if said, ok := auditCLI(t, data, "head"); ok || !strings.Contains(said, "head of the trail is missing") {
		t.Errorf("the head: success %t, says %s", ok, said)
	}
}
