package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/evaluate"
	"github.com/pactloop/pactloop/internal/extract/learn"
	"github.com/pactloop/pactloop/internal/fault"
)

func trainCommand() *cobra.Command {
	var corpus, own, out, made string
	var seed uint64
	var workers int
	c := &cobra.Command{Use: "train", Short: "Make the weights that find clauses from contracts with marked clauses", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		if folder(corpus, "cuad") == "" {
			return fault.New(fault.Invalid, "%s holds no folder cuad (docs/how-to/evaluate.md tells the format).", corpus)
		}
		started := time.Now()
		cfg := learn.Config{Seed: seed, Workers: workers, Log: func(line string) {
			fmt.Fprintf(c.ErrOrStderr(), "%6s  %s\n", time.Since(started).Round(time.Second), line)
		}}
		var set fs.FS
		if own != "" {
			set = os.DirFS(own)
		}
		w, reports, err := evaluate.TrainClauses(c.Context(), folder(corpus, "cuad"), set, made, cfg)
		if err != nil {
			return err
		}
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
		fmt.Fprintf(c.ErrOrStderr(), "%6s  %s written, %d kB\n", time.Since(started).Round(time.Second), out, b.Len()>>10)
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
	_ = c.MarkFlagRequired("corpus")
	return c
}
