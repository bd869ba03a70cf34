package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

func extractCommand() *cobra.Command {
	var asJSON bool
	var out string
	var workers int
	var from string
	c := &cobra.Command{
		Use: "extract FILE | FOLDER", Short: "Print what a document seems to say, with page, quote and confidence", Args: cobra.ExactArgs(1),
		Long: "Prints what FILE seems to say. For a FOLDER it writes one JSON file for each document into the folder --out, on all processors; it can be stopped and started again, and reads again only what changed. " +
			"What is a document is told by content, whatever its name; what is none is listed with the reason, and hidden files are left out. It ends with 1 where a document could not be read.",
		RunE: func(c *cobra.Command, args []string) error {
			cfg, _, err := settings(c)
			if err != nil {
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return unreadable(args[0], err)
			}
			var least *decimal.Decimal
			if c.Flags().Changed("clauses-from") {
				d, err := decimal.NewFromString(from)
				if err != nil || d.IsNegative() || d.GreaterThan(decimal.NewFromInt(1)) {
					return fault.New(fault.Invalid, "--clauses-from: %q is not a confidence from 0 to 1.", from)
				}
				least = &d
			}
			for flag, misplaced := range map[string]bool{"out": !info.IsDir(), "workers": !info.IsDir(), "json": info.IsDir()} {
				if misplaced && c.Flags().Changed(flag) {
					kind := map[bool]string{true: "a folder: its results are always JSON", false: "a file"}[info.IsDir()]
					return fault.New(fault.Invalid, "--%s says nothing for %s, and %s is one.", flag, kind, args[0])
				}
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
			reader, err := newFileReader(parser, least)
			if err != nil {
				return err
			}
			if info.IsDir() {
				f := folderExtraction{reader: reader, root: args[0], out: out, workers: workers}
				return f.run(c.Context(), c.OutOrStdout(), c.ErrOrStderr())
			}
			if err := parser.CheckSize(info.Size()); err != nil {
				return failedReading(c.OutOrStdout(), args[0], nil, err, asJSON)
			}
			body, err := os.ReadFile(args[0])
			if err != nil {
				return unreadable(args[0], err)
			}
			found, err := reader.extract(c.Context(), args[0], body)
			if c.Context().Err() != nil {
				fmt.Fprintf(c.ErrOrStderr(), "Stopped: %s was not read to its end, and nothing was kept. Run the same command again.\n", args[0])
				return errSilent
			}
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
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON (docs/schema/extraction.v1.json)")
	c.Flags().StringVar(&out, "out", "", "folder for the results of a folder (default: FOLDER.extracted)")
	c.Flags().IntVar(&workers, "workers", runtime.NumCPU(), "documents of a folder that are read at once")
	c.Flags().StringVar(&from, "clauses-from", "0.5", "list every passage from this confidence on, also those that overlap a surer one; 0 lists all candidates")
	return c
}

// fileParser reads a file under limits of time and memory.
type fileParser interface {
	Read(ctx context.Context, file []byte, filename string) (*document.Document, error)
}

// fileReader says what files seem to say: every engine in the binary over what the parser read.
type fileReader struct {
	parser fileParser
	way    extract.Pipeline
	from   *decimal.Decimal // every passage from this confidence on is listed, also those that overlap a surer one; nil: what is worth showing
}

// newFileReader makes a reader; from is --clauses-from, nil where it was not given.
func newFileReader(parser fileParser, from *decimal.Decimal) (fileReader, error) {
	finder, err := clause.New()
	if err != nil {
		return fileReader{}, err
	}
	r := fileReader{parser: parser, way: extract.Pipeline{Extractors: app.BuiltIn(), Clauses: finder}, from: from}
	if from != nil {
		r.way.Clauses = everyClause{finder, from.InexactFloat64()}
	}
	return r, nil
}

// everyClause lists every passage from a confidence on.
type everyClause struct {
	*clause.Finder
	from float64
}

func (x everyClause) Clauses(ctx context.Context, d *document.Document) (extract.ClauseSet, error) {
	return x.Every(ctx, d, x.from)
}

// extract reads a file and what it encloses. A file that can not be read gives *document.Error; one on which an engine panics
// gives an error, too, and the files beside it go on.
func (r fileReader) extract(ctx context.Context, name string, body []byte) (out extract.Report, err error) {
	d, err := r.parser.Read(ctx, body, filepath.Base(name))
	if err != nil {
		return extract.Report{}, err
	}
	defer func() {
		if p := recover(); p != nil {
			out, err = extract.Report{}, fmt.Errorf("an engine failed on the document (%v); report it with the file", p)
		}
	}()
	found, err := r.way.Read(ctx, d)
	if err != nil {
		return extract.Report{}, err
	}
	out = extract.NewReport(name, d, r.way.Engines(), found)
	out.ClausesFrom = r.from
	for _, e := range d.Files() {
		inner, err := r.extract(ctx, e.Filename, e.Content)
		if err != nil {
			if inner, err = extract.Unread(e.Filename, e.Content, err); err != nil {
				return extract.Report{}, err
			}
		}
		out.Enclosures = append(out.Enclosures, inner)
	}
	return out, nil
}

func failedReading(w io.Writer, file string, body []byte, err error, asJSON bool) error {
	x, err := extract.Unread(file, body, err)
	if err != nil {
		return err
	}
	if asJSON {
		if err := printJSON(w, x); err != nil {
			return err
		}
		return errSilent
	}
	return fault.New(fault.Invalid, "%s: %s. %s", file, strings.ReplaceAll(string(x.Document.State), "_", " "), x.Document.Reason)
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func printExtraction(w io.Writer, x extract.Report) {
	d, candidates := x.Document, x.Candidates()
	fmt.Fprintf(w, "%s: read by %s, %d pages, %d candidates, %d clauses\n", d.File, d.Reader, len(d.Pages), len(candidates), len(x.Clauses))
	for _, warning := range d.Warnings {
		fmt.Fprintf(w, "  ! %s\n", warning)
	}
	defer func() {
		for _, e := range x.Enclosures {
			fmt.Fprintln(w)
			if e.Document.Reason != "" {
				fmt.Fprintf(w, "%s: %s. %s\n", e.Document.File, strings.ReplaceAll(string(e.Document.State), "_", " "), e.Document.Reason)
				continue
			}
			printExtraction(w, e)
		}
	}()
	for _, c := range candidates {
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
