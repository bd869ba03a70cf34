// Package docs holds the descriptions that the binary gives out: the JSON schemas of nouns and of the parameters of each kind
// of obligation, from which the form of a correction is made, and the pages on backtests with one complete example per kind.
//
// It owns the embedding and the taking apart of an example's page. It does not own the files: tools/generate writes the
// schemas from the code, people write the pages. Invariant: what is served is the file of this folder, byte for byte.
package docs

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed schema/*.json schema/params/*.json
var schemas embed.FS

//go:embed backtest/*.md
var pages embed.FS

// ParamsSchema gives the JSON schema of the parameters of a kind of obligation.
func ParamsSchema(kind string) ([]byte, error) {
	b, err := schemas.ReadFile("schema/params/" + kind + ".v1.json")
	if err != nil {
		return nil, fmt.Errorf("the kind %q has no schema: %w", kind, err)
	}
	return b, nil
}

// NounSchema gives the JSON schema of a noun: event, obligation, term, version …
func NounSchema(name string) ([]byte, error) {
	b, err := schemas.ReadFile("schema/" + name + ".v1.json")
	if err != nil {
		return nil, fmt.Errorf("the noun %q has no schema: %w", name, err)
	}
	return b, nil
}

// Example is a complete example of a kind, as its page shows it.
type Example struct {
	Terms, Events, Command, Result string
}

// BacktestExample gives the example of a kind of obligation.
func BacktestExample(kind string) (Example, error) {
	page, err := pages.ReadFile("backtest/" + kind + ".md")
	if err != nil {
		return Example{}, fmt.Errorf("the kind %q has no page: %w", kind, err)
	}
	var e Example
	for fence, into := range map[string]*string{"json": &e.Terms, "jsonl": &e.Events, "sh": &e.Command, "text": &e.Result} {
		_, rest, ok := strings.Cut(string(page), "\n```"+fence+"\n")
		body, _, closed := strings.Cut(rest, "\n```")
		if !ok || !closed {
			return e, fmt.Errorf("the page of %s has no block of %s", kind, fence)
		}
		*into = body + "\n"
	}
	return e, nil
}

// BacktestTitle is the first line of a kind's page; "" where it has none.
func BacktestTitle(kind string) string {
	page, err := pages.ReadFile("backtest/" + kind + ".md")
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(page), "\n")
	_, title, _ := strings.Cut(line, ": ")
	return title
}
