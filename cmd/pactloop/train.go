package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/evaluate"
	"github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/learn"
	"github.com/pactloop/pactloop/internal/fault"
)

func trainCommand() *cobra.Command {
	var corpus, own, out, made string
	var seed uint64
	var workers int
	var pdf, onlyOwn bool
	c := &cobra.Command{Use: "train", Short: "Make the weights that find clauses from contracts with marked clauses", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		if folder(corpus, "cuad") == "" {
			return fault.New(fault.Invalid, "%s holds no folder cuad (docs/how-to/evaluate.md tells the format).", corpus)
		}
		started := time.Now()
		cfg := learn.Config{Seed: seed, Workers: workers, Log: func(line string) {
			fmt.Fprintf(c.ErrOrStderr(), "%6s  %s\n", time.Since(started).Round(time.Second), line)
		}}
		var read func(ctx context.Context, path string) (*document.Document, error)
		if pdf {
			conf, _, err := settings(c)
			if err != nil {
				return err
			}
			parser, err := app.NewParser(conf)
			if err != nil {
				return err
			}
			defer parser.Close()
			read = func(ctx context.Context, path string) (*document.Document, error) {
				body, err := os.ReadFile(path)
				if err != nil {
					return nil, err
				}
				return parser.Read(ctx, body, filepath.Base(path))
			}
		}
		var set fs.FS
		if own != "" {
			set = os.DirFS(own)
		}
		if onlyOwn {
			return teachOwn(c, folder(corpus, "cuad"), set, out, cfg)
		}
		w, reports, err := evaluate.TrainClauses(c.Context(), folder(corpus, "cuad"), set, read, made, cfg)
		if err != nil {
			return err
		}
		if err := writeWeights(c, w, out); err != nil {
			return err
		}
		for _, r := range reports {
			if err := r.Print(c.OutOrStdout()); err != nil {
				return err
			}
		}
		return nil
	}}
	c.Flags().StringVar(&corpus, "corpus", "", "folder with cuad/ (needed)")
	c.Flags().StringVar(&own, "own", "internal/evaluate/labelled", "our own labelled set, for the kinds that CUAD lacks; empty: none")
	c.Flags().StringVar(&out, "out", "internal/extract/clause/weights.bin", "where the weights are written; a build embeds them from there")
	c.Flags().Uint64Var(&seed, "seed", 1, "equal seeds and contracts give equal weights")
	c.Flags().StringVar(&made, "date", time.Now().UTC().Format(time.DateOnly), "date on the card of the weights")
	c.Flags().IntVar(&workers, "workers", 2, "trainings at the same time; the weights do not depend on it")
	c.Flags().BoolVar(&pdf, "pdf", false, "measure fold 0 from its files too; the weights do not depend on it")
	c.Flags().BoolVar(&onlyOwn, "only-own", false, "teach only the kinds of our own set anew, in the weights that --out holds")
	_ = c.MarkFlagRequired("corpus")
	return c
}

func writeWeights(c *cobra.Command, w *clause.Weights, out string) error {
	var b bytes.Buffer
	if err := w.Encode(&b); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s can not be written: %v.", out, err)
	}
	if err := os.WriteFile(out, b.Bytes(), 0o644); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s can not be written: %v.", out, err)
	}
	fmt.Fprintf(c.ErrOrStderr(), "%s written, %d kB\n", out, b.Len()>>10)
	return nil
}

// teachOwn replaces the kinds of our own set in weights that are there.
func teachOwn(c *cobra.Command, cuad string, set fs.FS, out string, cfg learn.Config) error {
	if set == nil {
		return fault.New(fault.Invalid, "--only-own needs our own set: name its folder with --own.")
	}
	body, err := os.ReadFile(out)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s can not be read: %v.", out, err)
	}
	known, err := clause.Decode(body)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s holds no weights: %v.", out, err)
	}
	w, report, err := evaluate.TeachOwn(c.Context(), cuad, set, known, cfg)
	if err != nil {
		return err
	}
	if err := writeWeights(c, w, out); err != nil {
		return err
	}
	return report.Print(c.OutOrStdout())
}
