package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/fault"
)

func TestFlagsThatCanNotBeFollowedAreRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"extract", dir, "--workers", "-1"}, "--workers"},
		{[]string{"extract", dir, "--workers", "0"}, "--workers"},
		{[]string{"extract", dir, "--clauses-from", "1.5"}, "--clauses-from"},
		{[]string{"extract", dir, "--json"}, "its results are always JSON"},
		{[]string{"extract", "flags_test.go", "--out", dir}, "--out says nothing for a file"},
		{[]string{"extract", "flags_test.go", "--workers", "2"}, "--workers says nothing for a file"},
		{[]string{"evaluate", "--corpus", dir, "--labelled", dir}, "give one of them"},
		{[]string{"evaluate", "--corpus", dir, "--labelled", dir, "--compare", "built-in,active"}, "give one of them"},
	} {
		command := root()
		command.SetArgs(c.args)
		if err := command.ExecuteContext(t.Context()); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v", c.args, err)
		}
	}
}

func TestHelpListsSettingsWhereTheyAreLookedForAndNowhereElse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args  []string
		says  string
		lists bool
	}{
		{[]string{"--help"}, "Available Commands:", false},
		{[]string{"backtest", "--help"}, "--terms string", false},
		{[]string{"events", "import", "--help"}, "--kind string", false},
		{[]string{"serve", "--help"}, "--smtp-address string", true},
		{[]string{"config", "--help"}, "--smtp-address string", true},
	} {
		var out bytes.Buffer
		command := root()
		command.SetArgs(c.args)
		command.SetOut(&out)
		if err := command.ExecuteContext(t.Context()); err != nil {
			t.Fatal(err)
		}
		said := out.String()
		if !strings.Contains(said, c.says) || strings.Contains(said, "--smtp-address") != c.lists || strings.Contains(said, "pactloop serve --help") == c.lists {
			t.Errorf("%v:\n%s", c.args, said)
		}
	}
}
