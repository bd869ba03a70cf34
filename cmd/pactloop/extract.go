package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// extraction is what `extract --json` prints: the one JSON of candidates.
type extraction struct {
	File       string           `json:"file"`
	SHA256     string           `json:"sha256"`
	State      string           `json:"state"`
	Reason     string           `json:"reason,omitempty"`
	Reader     string           `json:"reader,omitempty"`
	TextID     pact.TextID      `json:"text_id,omitempty"`
	Pages      int              `json:"pages,omitempty"`
	Warnings   []string         `json:"warnings,omitempty"`
	Extractors []string         `json:"extractors,omitempty"`
	Candidates []pact.Candidate `json:"candidates"`
}

func extractCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "extract FILE", Short: "Print what a document seems to say, with page, quote and confidence", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		cfg, _, err := settings(c)
		if err != nil {
			return err
		}
		parser, err := app.NewParser(cfg)
		if err != nil {
			return err
		}
		defer parser.Close()
		if info, err := os.Stat(args[0]); err != nil || info.IsDir() {
			return fault.New(fault.Invalid, "%s is not a file that can be read.", args[0])
		} else if err := parser.CheckSize(info.Size()); err != nil {
			return failedReading(c.OutOrStdout(), args[0], nil, err, asJSON)
		}
		body, err := os.ReadFile(args[0])
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s can not be read: %v.", args[0], err)
		}
		d, err := parser.Read(c.Context(), body, filepath.Base(args[0]))
		if err != nil {
			return failedReading(c.OutOrStdout(), args[0], body, err, asJSON)
		}
		g := grammar.New()
		found, err := g.Extract(c.Context(), d, extract.FullSchema())
		if err != nil {
			return err
		}
		for i := range found {
			extract.Verify(&found[i], d)
		}
		found = extract.Combine(found)
		extract.Doubt(found, d)
		out := extraction{
			File: args[0], SHA256: d.Hash, State: string(pact.DocumentRead), Reader: d.Reader, TextID: d.TextID, Pages: len(d.Pages), Warnings: d.Warnings,
			Extractors: []string{g.Name() + "/" + g.Version()}, Candidates: found,
		}
		if asJSON {
			return printJSON(c.OutOrStdout(), out)
		}
		printExtraction(c.OutOrStdout(), out)
		return nil
	}}
	c.Flags().BoolVar(&asJSON, "json", false, "print the candidates as JSON (docs/schema/candidate.v1.json)")
	return c
}

func failedReading(w io.Writer, file string, body []byte, err error, asJSON bool) error {
	var named *document.Error
	if !errors.As(err, &named) {
		return err
	}
	if asJSON {
		if err := printJSON(w, extraction{File: file, SHA256: document.Hash(body), State: string(named.State.State), Reason: named.Reason, Candidates: []pact.Candidate{}}); err != nil {
			return err
		}
		return errSilent
	}
	return fault.New(fault.Invalid, "%s: %s. %s", file, strings.ReplaceAll(string(named.State.State), "_", " "), named.Reason)
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func printExtraction(w io.Writer, x extraction) {
	fmt.Fprintf(w, "%s: read by %s, %d pages, %d candidates\n", x.File, x.Reader, x.Pages, len(x.Candidates))
	for _, warning := range x.Warnings {
		fmt.Fprintf(w, "  ! %s\n", warning)
	}
	for _, c := range x.Candidates {
		value := ""
		if c.Value != nil {
			value = c.Value.String()
		} else if c.Obligation != nil {
			value = c.Obligation.Title
		}
		fmt.Fprintf(w, "\n%-24s %s\n", c.Name, value)
		fmt.Fprintf(w, "%-24s %s, %s, %s\n", "", c.Confidence.StringFixed(2), c.Verification, c.Extractor)
		for _, e := range c.Evidence {
			if e.Passage != nil {
				fmt.Fprintf(w, "%-24s %s\"%s\"\n", "", where(*e.Passage), clip(e.Passage.Quote, 160))
			}
		}
		if c.Derivation != nil {
			fmt.Fprintf(w, "%-24s derived: %s\n", "", c.Derivation.Rule)
		}
		for _, a := range c.Ambiguities {
			fmt.Fprintf(w, "%-24s ? %s\n", "", a.Question)
		}
		for _, r := range c.Rivals {
			if r.Value != nil {
				fmt.Fprintf(w, "%-24s or: %s (%s)\n", "", r.Value, r.Confidence.StringFixed(2))
			}
		}
	}
}

func where(p pact.Passage) string {
	var parts []string
	if len(p.Places) > 0 && p.Places[0].Page > 0 {
		parts = append(parts, fmt.Sprintf("page %d", p.Places[0].Page))
	}
	if p.Clause != "" {
		parts = append(parts, "clause "+p.Clause)
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ", ") + ": "
}

func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + " …"
	}
	return s
}
