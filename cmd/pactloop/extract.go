package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/clause"
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

	Clauses  []pact.Clause         `json:"clauses,omitempty"`
	Presence []pact.ClausePresence `json:"presence,omitempty"` // how likely each category of clause is there at all

	// What the text says about itself; offsets count its characters.
	Sections    []document.Section    `json:"sections,omitempty"`
	Definitions []document.Definition `json:"definitions,omitempty"`
	References  []document.Reference  `json:"references,omitempty"`
	Signatures  []document.Signature  `json:"signatures,omitempty"`
	Asides      []document.Aside      `json:"asides,omitempty"`
	Enclosures  []extraction          `json:"enclosures,omitempty"` // the files in a mail
}

func extractCommand() *cobra.Command {
	var asJSON bool
	var out string
	var workers int
	var from float64
	c := &cobra.Command{
		Use: "extract FILE | FOLDER", Short: "Print what a document seems to say, with page, quote and confidence", Args: cobra.ExactArgs(1),
		Long: "Prints what FILE seems to say. For a FOLDER it writes one JSON file for each document into the folder --out, on all processors; it can be stopped and started again, and reads again only what changed.",
		RunE: func(c *cobra.Command, args []string) error {
			cfg, _, err := settings(c)
			if err != nil {
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return fault.New(fault.Invalid, "%s can not be read.", args[0])
			}
			if info.IsDir() {
				if workers < 1 || workers > 256 {
					return fault.New(fault.Invalid, "--workers: %d documents can not be read at once; give a number from 1 to 256.", workers)
				}
				cfg.ReadWorkers = workers
			}
			parser, err := app.NewParser(cfg)
			if err != nil {
				return err
			}
			defer parser.Close()
			reader, err := newFileReader(parser)
			if err != nil {
				return err
			}
			reader.every, reader.from = c.Flags().Changed("clauses-from"), from
			if info.IsDir() {
				f := folderExtraction{reader: reader, root: args[0], out: out, workers: workers}
				return f.run(c.Context(), c.OutOrStdout(), c.ErrOrStderr())
			}
			if err := parser.CheckSize(info.Size()); err != nil {
				return failedReading(c.OutOrStdout(), args[0], nil, err, asJSON)
			}
			body, err := os.ReadFile(args[0])
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "%s can not be read: %v.", args[0], err)
			}
			found, err := reader.extract(c.Context(), args[0], body)
			if err != nil {
				return failedReading(c.OutOrStdout(), args[0], body, err, asJSON)
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), found)
			}
			printExtraction(c.OutOrStdout(), found)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the candidates as JSON (docs/schema/candidate.v1.json)")
	c.Flags().StringVar(&out, "out", "", "folder for the results of a folder (default: FOLDER.extracted)")
	c.Flags().IntVar(&workers, "workers", runtime.NumCPU(), "documents of a folder that are read at once")
	c.Flags().Float64Var(&from, "clauses-from", 0.5, "list every passage from this confidence on, also those that overlap a surer one; 0 lists all candidates")
	return c
}

// fileParser reads a file under limits of time and memory.
type fileParser interface {
	Read(ctx context.Context, file []byte, filename string) (*document.Document, error)
}

// fileReader says what files seem to say: every engine in the binary over what the parser read.
type fileReader struct {
	parser  fileParser
	grammar *grammar.Extractor
	clauses *clause.Finder
	every   bool    // list every passage from a confidence on, also those that overlap a surer one
	from    float64 // that confidence
}

func newFileReader(parser fileParser) (fileReader, error) {
	finder, err := clause.New()
	return fileReader{parser: parser, grammar: grammar.New(), clauses: finder}, err
}

// engines names what reads, with versions.
func (r fileReader) engines() []string {
	return []string{r.grammar.Name() + "/" + r.grammar.Version(), r.clauses.Name() + "/" + r.clauses.Version()}
}

// extract reads a file and what it encloses. A file that can not be read gives *document.Error.
func (r fileReader) extract(ctx context.Context, name string, body []byte) (extraction, error) {
	d, err := r.parser.Read(ctx, body, filepath.Base(name))
	if err != nil {
		return extraction{}, err
	}
	found, err := r.grammar.Extract(ctx, d, extract.FullSchema())
	if err != nil {
		return extraction{}, err
	}
	for i := range found {
		extract.Verify(&found[i], d)
	}
	found = extract.Combine(found)
	extract.Doubt(found, d)
	set, err := r.clauses.Clauses(ctx, d)
	if r.every {
		set, err = r.clauses.Every(ctx, d, r.from)
	}
	if err != nil {
		return extraction{}, err
	}
	extract.VerifyClauses(set.Clauses, d)
	out := extraction{
		File: name, SHA256: d.Hash, State: string(pact.DocumentRead), Reader: d.Reader, TextID: d.TextID, Pages: len(d.Pages), Warnings: d.Warnings,
		Extractors: r.engines(), Candidates: found, Clauses: set.Clauses, Presence: set.Presence,
		Sections: d.Sections, Definitions: d.Definitions, References: d.References, Signatures: d.Signatures, Asides: d.Asides,
	}
	for _, e := range d.Enclosures {
		inner, err := r.extract(ctx, e.Filename, e.Content)
		if err != nil {
			if inner, err = unread(e.Filename, e.Content, err); err != nil {
				return extraction{}, err
			}
		}
		out.Enclosures = append(out.Enclosures, inner)
	}
	return out, nil
}

// unread is what there is to say of a file that ended in a named state; any other error is handed back.
func unread(name string, body []byte, err error) (extraction, error) {
	var named *document.Error
	if !errors.As(err, &named) {
		return extraction{}, err
	}
	return extraction{File: name, SHA256: document.Hash(body), State: string(named.State.State), Reason: named.Reason, Candidates: []pact.Candidate{}}, nil
}

func failedReading(w io.Writer, file string, body []byte, err error, asJSON bool) error {
	x, err := unread(file, body, err)
	if err != nil {
		return err
	}
	if asJSON {
		if err := printJSON(w, x); err != nil {
			return err
		}
		return errSilent
	}
	return fault.New(fault.Invalid, "%s: %s. %s", file, strings.ReplaceAll(x.State, "_", " "), x.Reason)
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func printExtraction(w io.Writer, x extraction) {
	fmt.Fprintf(w, "%s: read by %s, %d pages, %d candidates, %d clauses\n", x.File, x.Reader, x.Pages, len(x.Candidates), len(x.Clauses))
	for _, warning := range x.Warnings {
		fmt.Fprintf(w, "  ! %s\n", warning)
	}
	defer func() {
		for _, e := range x.Enclosures {
			fmt.Fprintln(w)
			if e.Reason != "" {
				fmt.Fprintf(w, "%s: %s. %s\n", e.File, strings.ReplaceAll(e.State, "_", " "), e.Reason)
				continue
			}
			printExtraction(w, e)
		}
	}()
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
	printClauses(w, x.Clauses)
}

// printClauses lists passages by what they are about, in the order of the text.
func printClauses(w io.Writer, list []pact.Clause) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(w, "\nClauses (%d)\n", len(list))
	for _, c := range list {
		fmt.Fprintf(w, "\n%-24s %s, %s\n", c.Label, c.Confidence.StringFixed(2), c.Verification)
		if p := c.Evidence.Passage; p != nil {
			fmt.Fprintf(w, "%-24s %s\"%s\"\n", "", where(*p), clip(p.Quote, 160))
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
