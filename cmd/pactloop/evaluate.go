package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/evaluate"
	"github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/extract/learn"
	"github.com/pactloop/pactloop/internal/fault"
)

func evaluateCommand() *cobra.Command {
	var corpus, learn, labelled, cache, measure string
	var renderings []string
	var tolerance string
	var compare []string
	var folds []int
	var pdf, misses, asJSON, shipped, clauses, strict, heldOut bool
	c := &cobra.Command{Use: "evaluate", Short: "Measure the built-in extractor on labelled contracts (values, clauses)", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		if corpus != "" && labelled != "" {
			return fault.New(fault.Invalid, "--corpus and --labelled are two things to measure on; give one of them.")
		}
		if measure != "" {
			return measureEngine(c, corpus+labelled, measure, folds, asJSON)
		}
		if len(compare) > 0 {
			return compareEngines(c, corpus+labelled, compare, tolerance, folds, asJSON)
		}
		cfg, _, err := settings(c)
		if err != nil {
			return err
		}
		if labelled != "" {
			return evaluateLabelled(c, cfg, evaluate.LabelledConfig{Set: os.DirFS(labelled), Cache: cache, Renderings: renderings, Misses: 20}, misses, asJSON)
		}
		if corpus == "" {
			return fault.New(fault.Invalid, "Say what to measure on: --corpus FOLDER, or --labelled FOLDER.")
		}
		ec := evaluate.Config{CUAD: folder(corpus, "cuad"), Kleister: folder(corpus, "kleister-nda"), Folds: folds, Misses: 20}
		acord, nli := folder(corpus, "acord"), folder(corpus, "contractnli")
		if ec.CUAD == "" && ec.Kleister == "" && acord == "" && nli == "" {
			return fault.New(fault.Invalid, "%s holds none of the folders cuad, kleister-nda, acord and contractnli (docs/how-to/evaluate.md tells the format). What reviewers decided (decided/) is measured with --measure NAME or --compare A,B.", corpus)
		}
		if learn != "" {
			return learnRanking(c.Context(), ec.CUAD, learn)
		}
		marked := 0
		if ec.CUAD != "" {
			all, n, err := evaluate.Contracts(ec.CUAD)
			if err != nil {
				return err
			}
			if all < leastToLearnFrom && !shipped && !heldOut {
				return fault.New(fault.Invalid, "%s has %d contracts, and out of fold means to learn from them: too few for that. --held-out measures the weights of this binary on them.", ec.CUAD, all)
			}
			marked = n
			ec.Every = heldOut && !c.Flags().Changed("fold")
		}
		if ec.CUAD != "" && !shipped && !heldOut {
			school, err := evaluate.School(c.Context(), ec.CUAD)
			if err != nil {
				return err
			}
			ec.ForFold = evaluate.OutOfFold(school)
		}
		if pdf {
			parser, err := app.NewParser(cfg)
			if err != nil {
				return err
			}
			defer parser.Close()
			ec.Read = func(ctx context.Context, path string) (*document.Document, error) {
				body, err := os.ReadFile(path)
				if err != nil {
					return nil, err
				}
				return parser.Read(ctx, body, filepath.Base(path))
			}
		}
		r := &evaluate.Report{}
		if ec.CUAD != "" || ec.Kleister != "" {
			if r, err = evaluate.Run(c.Context(), ec, grammar.New()); err != nil {
				return err
			}
		}
		var reports []*evaluate.ClauseReport
		if clauses && ec.CUAD != "" && marked == 0 {
			fmt.Fprintln(c.ErrOrStderr(), "Clauses are not measured: no contract has marked passages (spans).")
		}
		if clauses && marked > 0 {
			if reports, err = evaluateClauses(c, ec, strict, heldOut, asJSON); err != nil {
				return err
			}
		}
		passages, evidence, err := evaluateRetrieval(c.Context(), acord, nli)
		if err != nil {
			return err
		}
		if asJSON {
			return printJSON(c.OutOrStdout(), struct {
				*evaluate.Report
				Clauses  []*evaluate.ClauseReport `json:"clauses,omitempty"`
				Passages *evaluate.PassageReport  `json:"passages,omitempty"`
				Evidence *evaluate.EvidenceReport `json:"evidence,omitempty"`
			}{r, reports, passages, evidence})
		}
		if err := r.Print(c.OutOrStdout(), misses); err != nil {
			return err
		}
		for _, report := range reports {
			fmt.Fprintln(c.OutOrStdout())
			if err := report.Print(c.OutOrStdout()); err != nil {
				return err
			}
		}
		if passages != nil {
			fmt.Fprintln(c.OutOrStdout())
			if err := passages.Print(c.OutOrStdout()); err != nil {
				return err
			}
		}
		if evidence != nil {
			fmt.Fprintln(c.OutOrStdout())
			return evidence.Print(c.OutOrStdout())
		}
		return nil
	}}
	c.Flags().StringVar(&corpus, "corpus", "", "folder with cuad/, kleister-nda/, acord/ or contractnli/")
	c.Flags().StringVar(&learn, "learn", "", "learn the grammar's ranking from cuad/ and write it to this file; nothing is measured")
	c.Flags().BoolVar(&shipped, "shipped", false, "measure the ranking that ships, which has seen these contracts, instead of one that has not")
	c.Flags().IntSliceVar(&folds, "fold", []int{0}, "folds of CUAD to measure on")
	c.Flags().BoolVar(&pdf, "pdf", false, "read the original PDFs where the corpus has them, instead of its text")
	c.Flags().BoolVar(&misses, "misses", false, "print what was wrong, missing or false")
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	c.Flags().BoolVar(&clauses, "clauses", true, "measure clauses too: trains without each fold in turn, which takes minutes")
	c.Flags().BoolVar(&heldOut, "held-out", false, "the contracts are of another set than the weights of this binary were made of: measure these on all of them, and train nothing")
	c.Flags().BoolVar(&strict, "strict", false, "clauses: the second stage learns only from models that saw neither of two folds (three times the trainings)")
	c.Flags().StringVar(&labelled, "labelled", "", "folder with train/ and test/ of the project's own labelled set; measured instead of a corpus")
	c.Flags().StringSliceVar(&renderings, "rendering", nil, "with --labelled: text, pdf, docx, scan (default all)")
	c.Flags().StringVar(&cache, "cache", defaultCache(), "with --labelled: where rendered files are kept between runs")
	c.Flags().StringSliceVar(&compare, "compare", nil, "compare two versions of engines: built-in, active, or a file with a choice of engines or with weights")
	c.Flags().StringVar(&measure, "measure", "", "measure one version of engines, named as for --compare; saved with --json for evaluate compare")
	c.AddCommand(compareMeasurements())
	c.Flags().StringVar(&tolerance, "tolerance", "0.01", "with --compare: how far the accuracy of a field may fall, as a share")
	return c
}

// leastToLearnFrom is how many contracts a set must have before weights that are learned from its other folds say anything.
const leastToLearnFrom = 50

// evaluateRetrieval measures which passages are found, on the sets that are there: seconds, nothing is trained.
func evaluateRetrieval(ctx context.Context, acord, nli string) (passages *evaluate.PassageReport, evidence *evaluate.EvidenceReport, err error) {
	if acord != "" {
		if passages, err = evaluate.RunPassages(ctx, acord); err != nil {
			return nil, nil, err
		}
	}
	if nli == "" {
		return passages, nil, nil
	}
	finder, err := clause.New()
	if err != nil {
		return nil, nil, err
	}
	evidence, err = evaluate.RunEvidence(ctx, nli, grammar.New(), finder)
	return passages, evidence, err
}

// evaluateClauses trains without each fold and measures on it; progress goes to the terminal, not among the figures.
// With heldOut nothing is trained: the weights of this binary read contracts that they were not made of.
func evaluateClauses(c *cobra.Command, ec evaluate.Config, strict, heldOut, quiet bool) ([]*evaluate.ClauseReport, error) {
	if heldOut {
		finder, err := clause.New()
		if err != nil {
			return nil, err
		}
		return evaluate.RunHeldOut(c.Context(), ec.CUAD, ec.Read, finder)
	}
	cfg := learn.Config{Seed: 1, Strict: strict}
	if !quiet {
		started := time.Now()
		cfg.Log = func(line string) {
			fmt.Fprintf(c.ErrOrStderr(), "%6s  %s\n", time.Since(started).Round(time.Second), line)
		}
	}
	return evaluate.RunClauses(c.Context(), ec.CUAD, ec.Read, cfg)
}

// evaluateLabelled measures on the project's own set, each rendering read as the product reads files.
func evaluateLabelled(c *cobra.Command, cfg config.Config, lc evaluate.LabelledConfig, misses, asJSON bool) error {
	parser, err := app.NewParser(cfg)
	if err != nil {
		return err
	}
	defer parser.Close()
	lc.Read = func(ctx context.Context, name string, file []byte) (*document.Document, error) {
		return parser.Read(ctx, file, name)
	}
	finder, err := clause.New()
	if err != nil {
		return err
	}
	lc.Clauses = finder
	lc.Note = func(words string) { _, _ = fmt.Fprintln(c.ErrOrStderr(), words) }
	r, err := evaluate.RunLabelled(c.Context(), lc, grammar.New())
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(c.OutOrStdout(), r)
	}
	return r.Print(c.OutOrStdout(), misses)
}

// defaultCache is a folder of this user's cache, or of the temporary files where there is none.
func defaultCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "pactloop", "labelled")
}

// folder gives corpus/name, or corpus itself where it is that folder, or "".
func folder(corpus, name string) string {
	for _, p := range []string{filepath.Join(corpus, name), corpus} {
		if filepath.Base(p) != name {
			continue
		}
		if info, err := os.Stat(p); err == nil && info.IsDir() {
			return p
		}
	}
	return ""
}

func learnRanking(ctx context.Context, cuad, file string) error {
	if cuad == "" {
		return fault.New(fault.Invalid, "The ranking is learned from CUAD, and the corpus has no folder cuad.")
	}
	out, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("writing the ranking: %w", err)
	}
	if err := evaluate.LearnRanking(ctx, cuad, out); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}
