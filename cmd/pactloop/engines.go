package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/evaluate"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/llm"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/privacy"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/blob"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
)

// bench compares versions of engines: the store with the active policies, and a maker of engines with the cache of the
// installation.
type bench struct {
	store   *sqlstore.Store
	blobs   *blob.Folder
	engines *app.Engines
	desk    *review.Desk
	choice  read.Engines
	policy  privacy.Policy
	version int
}

func openBench(ctx context.Context, c *cobra.Command) (_ *bench, err error) {
	cfg, log, err := settings(c)
	if err != nil {
		return nil, err
	}
	b := &bench{}
	if b.store, err = openStore(ctx, cfg, log); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = b.store.Close()
		}
	}()
	if b.blobs, err = blob.New(filepath.Join(cfg.Data, "documents")); err != nil {
		return nil, err
	}
	ledger := llm.StoreLedger{Store: b.store, Budget: app.Budget(cfg), Currency: cfg.LLMCurrency}
	if b.engines, err = app.NewEngines(app.EnginesConfig{Settings: cfg, Cache: b.blobs, Ledger: ledger, Now: time.Now, Log: log}); err != nil {
		return nil, err
	}
	b.desk = review.New(review.Config{Store: b.store, Now: time.Now, Log: log})
	b.choice, b.policy, b.version, err = app.ActiveEngines(ctx, b.store)
	return b, err
}

// engine makes what reads under a choice and a privacy policy.
func (b *bench) engine(ctx context.Context, name string, choice read.Engines, policy privacy.Policy) (evaluate.Engine, error) {
	e := evaluate.Engine{Name: name, Pipeline: extract.Pipeline{Extractors: app.BuiltIn()}}
	x, err := b.engines.LLM(choice, policy)
	if err != nil || x == nil {
		return e, err
	}
	e.Name += " (" + x.Name() + "/" + x.Version() + ")"
	e.External = func(context.Context) ([]extract.Accountable, error) { return []extract.Accountable{x}, nil }
	weights, err := b.desk.Weights(pact.WithActor(ctx, pact.System("command line")))
	e.Weights = func(context.Context) (extract.Weights, error) { return weights, nil }
	return e, err
}

// named is the choice of engines of a name on the command line: built-in, active, or a file; and what it is called.
func (b *bench) named(name string) (called string, choice read.Engines, err error) {
	switch name {
	case "built-in":
		return name, read.DefaultEngines(), nil
	case "active":
		return fmt.Sprintf("active version %d", b.version), b.choice, nil
	}
	body, err := os.ReadFile(name)
	if err != nil {
		return name, choice, fault.Wrap(fault.Invalid, err, "%q is neither built-in nor active nor a file with a choice of engines: %v.", name, err)
	}
	choice, err = read.ParseEngines(body)
	return filepath.Base(name), choice, err
}

// sendable leaves out contracts of business units that the active choice or one that is compared keeps, where one of those
// that are compared sends contracts to a language model.
func (b *bench) sendable(c *cobra.Command, samples []evaluate.Sample, compared ...read.Engines) ([]evaluate.Sample, error) {
	sends := false
	var keeps []func(string) bool
	for i, choice := range append([]read.Engines{b.choice}, compared...) {
		sends = sends || i > 0 && choice.LLM
		if len(choice.KeptUnits) > 0 {
			keeps = append(keeps, choice.Keeps)
		}
	}
	if !sends {
		return samples, nil
	}
	left, kept := evaluate.Sendable(samples, keeps...)
	if kept > 0 {
		fmt.Fprintf(c.ErrOrStderr(), "%d labelled contracts are left out: kept_units names their business unit, or an older export did not write it down.\n", kept)
	}
	if len(left) == 0 {
		return nil, fault.New(fault.Invalid, "No labelled contract is left to compare on: all are of business units in kept_units, or of an older export that does not say of which unit they are. Export again with `pactloop review export`, or compare on another set.")
	}
	return left, nil
}

// misspelt warns of kept business units that no document is of: a name with a slip would keep nothing.
func (b *bench) misspelt(c *cobra.Command, choice read.Engines) error {
	if len(choice.KeptUnits) == 0 {
		return nil
	}
	known := map[string]bool{}
	ctx := pact.WithActor(c.Context(), pact.System("command line"))
	q := store.Query{Only: []string{"id", "business_unit"}}
	err := b.store.Reads().Documents.Each(ctx, q, func(d pact.Document) error {
		known[d.BusinessUnit] = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the business units: %w", err)
	}
	for _, unit := range choice.KeptUnits {
		one := read.Engines{KeptUnits: []string{unit}}
		if !slices.ContainsFunc(slices.Collect(maps.Keys(known)), one.Keeps) {
			fmt.Fprintf(c.ErrOrStderr(), "Warning: no document is of the business unit %q in kept_units. Check how contracts name it; as it stands it keeps nothing that is here.\n", unit)
		}
	}
	return nil
}

// toleranceOf reads --tolerance.
func toleranceOf(s string) (money.Decimal, error) {
	d, err := money.ParseDecimal(s)
	if err != nil || d.IsNegative() {
		return d, fault.New(fault.Invalid, "--tolerance: %q is not a share such as 0.02.", s)
	}
	return d, nil
}

// compareEngines is `evaluate --compare A,B`.
func compareEngines(c *cobra.Command, corpus string, names []string, tolerance string, folds []int, asJSON bool) error {
	ctx := c.Context()
	if len(names) != 2 {
		return fault.New(fault.Invalid, "--compare takes two versions, such as built-in,active or active,engines.json.")
	}
	limit, err := toleranceOf(tolerance)
	if err != nil {
		return err
	}
	samples, err := evaluate.Samples(corpus, folds)
	if err != nil {
		return err
	}
	b, err := openBench(ctx, c)
	if err != nil {
		return err
	}
	defer b.store.Close()
	var choices [2]read.Engines
	var compared [2]evaluate.Engine
	for i, name := range names {
		called := ""
		if called, choices[i], err = b.named(name); err != nil {
			return err
		}
		if compared[i], err = b.engine(ctx, called, choices[i], b.policy); err != nil {
			return err
		}
	}
	if samples, err = b.sendable(c, samples, choices[:]...); err != nil {
		return err
	}
	r, err := evaluate.Compare(ctx, samples, compared[0], compared[1], limit, nil)
	if err != nil {
		return err
	}
	if asJSON {
		err = printJSON(c.OutOrStdout(), r)
	} else {
		err = r.Print(c.OutOrStdout())
	}
	if err == nil && !r.NoWorse {
		return errSilent
	}
	return err
}

func enginesCommand() *cobra.Command {
	c := &cobra.Command{Use: "engines", Short: "Which engines read, in versions: show, promote after a comparison, roll back"}
	c.AddCommand(showEngines(), promoteEngines(), rollbackEngines())
	return c
}

func showEngines() *cobra.Command {
	return &cobra.Command{Use: "show", Short: "Print the active choice of engines and the privacy policy", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		b, err := openBench(c.Context(), c)
		if err != nil {
			return err
		}
		defer b.store.Close()
		e, err := b.engine(c.Context(), "built-in", b.choice, b.policy)
		if err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), map[string]any{"version": b.version, "engines": b.choice, "reads": e.Name, "privacy": b.policy, "privacy_version": b.policy.Version(), "prompts": llm.ShippedVersions()})
	}}
}

func promoteEngines() *cobra.Command {
	var kind, corpus, tolerance, note, override string
	var folds []int
	c := &cobra.Command{Use: "promote FILE", Short: "Compare a version with the active one on labelled contracts, and make it active if it is no worse", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		body, err := os.ReadFile(args[0])
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s can not be read: %v.", args[0], err)
		}
		b, err := openBench(c.Context(), c)
		if err != nil {
			return err
		}
		defer b.store.Close()
		p, err := b.promotion(c, kind, body, corpus, tolerance, override, folds)
		if err != nil {
			return err
		}
		p.Note = note
		row, err := b.desk.Promote(pact.WithActor(c.Context(), pact.System("command line")), p)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "Version %d of %s is active.\n", row.Version, kind)
		return nil
	}}
	c.Flags().StringVar(&kind, "kind", "engines", "engines or privacy")
	c.Flags().StringVar(&corpus, "corpus", "", "folder with labelled contracts to compare on")
	c.Flags().StringVar(&tolerance, "tolerance", "0.01", "how far the accuracy of a field may fall, as a share")
	c.Flags().StringVar(&note, "note", "", "what is new, kept with the version")
	c.Flags().StringVar(&override, "without-comparison", "", "promote without a comparison, for this reason; it is kept in the audit trail")
	c.Flags().IntSliceVar(&folds, "fold", []int{0}, "folds of CUAD to compare on")
	return c
}

// promotion compares the file's version with the active one, unless an override says why not.
func (b *bench) promotion(c *cobra.Command, kind string, body []byte, corpus, tolerance, override string, folds []int) (review.Promotion, error) {
	ctx := c.Context()
	p := review.Promotion{Kind: kind, Reason: override}
	choice, policy := b.choice, b.policy
	var err error
	switch kind {
	case "engines":
		choice, err = read.ParseEngines(body)
	case "privacy":
		policy, err = privacy.ParsePolicy(body)
	default:
		err = fault.New(fault.Invalid, "--kind: %q is neither engines nor privacy.", kind)
	}
	if err != nil {
		return p, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, body); err != nil {
		return p, fault.Wrap(fault.Invalid, err, "The file is not JSON: %v.", err)
	}
	p.Body = compact.Bytes()
	next, err := b.engine(ctx, "new", choice, policy) // refused here where it can not be followed
	if err != nil {
		return p, err
	}
	if err := b.misspelt(c, choice); err != nil || override != "" {
		return p, err
	}
	if corpus == "" {
		return p, fault.New(fault.Invalid, "Name labelled contracts to compare on with --corpus (`pactloop review export` writes what your reviewers decided), or say with --without-comparison why there is no comparison.")
	}
	limit, err := toleranceOf(tolerance)
	if err != nil {
		return p, err
	}
	samples, err := evaluate.Samples(corpus, folds)
	if err != nil {
		return p, err
	}
	if samples, err = b.sendable(c, samples, b.choice, choice); err != nil {
		return p, err
	}
	now, err := b.engine(ctx, fmt.Sprintf("active version %d", b.version), b.choice, b.policy)
	if err != nil {
		return p, err
	}
	r, err := evaluate.Compare(ctx, samples, now, next, limit, nil)
	if err != nil {
		return p, err
	}
	if err := r.Print(c.OutOrStdout()); err != nil {
		return p, err
	}
	report, err := json.Marshal(r)
	if err != nil {
		return p, err
	}
	p.Verdict = &review.Verdict{NoWorse: r.NoWorse, Regressions: r.Regressions, Report: report}
	return p, nil
}

func rollbackEngines() *cobra.Command {
	var kind, reason string
	c := &cobra.Command{Use: "rollback", Short: "Make the version before the active one active again", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		b, err := openBench(c.Context(), c)
		if err != nil {
			return err
		}
		defer b.store.Close()
		shipped, err := app.ShippedPolicy(kind)
		if err != nil {
			return err
		}
		row, err := b.desk.Rollback(pact.WithActor(c.Context(), pact.System("command line")), kind, shipped, strings.TrimSpace(reason))
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "%s\nVersion %d of %s is active.\n", row.Note, row.Version, kind)
		return nil
	}}
	c.Flags().StringVar(&kind, "kind", "engines", "engines or privacy")
	c.Flags().StringVar(&reason, "reason", "", "why, kept with the version")
	return c
}

func reviewCommand() *cobra.Command {
	c := &cobra.Command{Use: "review", Short: "What reviewers decided"}
	var out string
	export := &cobra.Command{Use: "export", Short: "Write what reviewers decided as labelled contracts, for evaluate and engines promote", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		b, err := openBench(c.Context(), c)
		if err != nil {
			return err
		}
		defer b.store.Close()
		cfg := evaluate.ExportConfig{Store: b.store, Blobs: b.blobs, Keeps: b.choice.Keeps}
		done, path, err := evaluate.ExportTo(pact.WithActor(c.Context(), pact.System("command line")), cfg, out)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "%d labelled contracts in %s. They hold contract text as it is.\n", done.Contracts, path)
		if done.Kept > 0 {
			fmt.Fprintf(c.OutOrStdout(), "%d contracts are left out: kept_units in the active choice of engines names their business unit.\n", done.Kept)
		}
		return nil
	}}
	export.Flags().StringVar(&out, "out", "", "folder to write decided/decided.jsonl in (needed)")
	_ = export.MarkFlagRequired("out")
	accuracy := &cobra.Command{Use: "accuracy", Short: "How often reviewers agreed with each version of an extractor, per field and type", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		b, err := openBench(c.Context(), c)
		if err != nil {
			return err
		}
		defer b.store.Close()
		scores, err := b.desk.Quality(pact.WithActor(c.Context(), pact.System("command line")))
		if err != nil {
			return err
		}
		for _, s := range scores {
			fmt.Fprintf(c.OutOrStdout(), "%-24s %-16s %-50s %5d of %5d  %s\n", s.Field, s.ContractType, s.Extractor, s.Right, s.Decided, s.Accuracy.StringFixed(4))
		}
		return nil
	}}
	c.AddCommand(export, accuracy)
	return c
}
