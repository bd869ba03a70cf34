package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
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
	files   map[string][]byte // weights that are compared and not kept yet, by their sum
}

func openBench(ctx context.Context, c *cobra.Command) (_ *bench, err error) {
	cfg, log, err := settings(c)
	if err != nil {
		return nil, err
	}
	b := &bench{files: map[string][]byte{}}
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
	if b.engines, err = app.NewEngines(app.EnginesConfig{Settings: cfg, Weights: b.weights, Cache: b.blobs, Ledger: ledger, Now: time.Now, Log: log}); err != nil {
		return nil, err
	}
	b.desk = review.New(review.Config{Store: b.store, Now: time.Now, Log: log})
	b.choice, b.policy, b.version, err = app.ActiveEngines(ctx, b.store)
	return b, err
}

// weights gives a file of weights: one that was named on the command line, or one that is kept.
func (b *bench) weights(ctx context.Context, sum string) ([]byte, error) {
	if file, ok := b.files[sum]; ok {
		return file, nil
	}
	return b.blobs.Get(ctx, sum)
}

// engine makes what reads under a choice and a privacy policy.
func (b *bench) engine(ctx context.Context, name string, choice read.Engines, policy privacy.Policy) (evaluate.Engine, error) {
	e := evaluate.Engine{Name: name}
	var err error
	if e.Extractors, e.Clauses, err = b.engines.BuiltIn(ctx, choice); err != nil {
		return e, err
	}
	weights, err := b.desk.Weights(pact.WithActor(ctx, pact.System("command line")))
	if err != nil {
		return e, err
	}
	e.Weights = func(context.Context) (extract.Weights, error) { return weights, nil }
	x, err := b.engines.LLM(choice, policy)
	if err != nil || x == nil {
		return e, err
	}
	e.Name += " (" + x.Name() + "/" + x.Version() + ")"
	e.External = func(context.Context) ([]extract.Accountable, error) { return []extract.Accountable{x}, nil }
	return e, nil
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
	choice, err = b.chosen(body)
	return filepath.Base(name), choice, err
}

// chosen is the choice of engines that a file means: one as JSON, or the active one with the weights that the file holds.
func (b *bench) chosen(file []byte) (read.Engines, error) {
	if trimmed := bytes.TrimSpace(file); len(trimmed) > 0 && trimmed[0] == '{' {
		return read.ParseEngines(file)
	}
	choice, sum := b.choice, hex.EncodeToString(sumOf(file))
	b.files[sum] = file
	if bytes.HasPrefix(file, []byte{0x1f, 0x8b}) { // a ranking is packed with gzip
		choice.Ranking = sum
		_, err := app.OpenRanking(file)
		return choice, err
	}
	choice.Clauses = sum
	_, err := app.OpenClauses(file)
	return choice, err
}

func sumOf(file []byte) []byte {
	sum := sha256.Sum256(file)
	return sum[:]
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
	if err := shows(samples, choices[0], choices[1]); err != nil {
		return err
	}
	r, err := evaluate.Compare(ctx, samples, compared[0], compared[1], limit)
	if err != nil {
		return err
	}
	return verdict(c, r, asJSON)
}

// verdict prints a comparison, and fails where the second is worse.
func verdict(c *cobra.Command, r *evaluate.Comparison, asJSON bool) error {
	err := r.Print(c.OutOrStdout())
	if asJSON {
		err = printJSON(c.OutOrStdout(), r)
	}
	if err == nil && !r.NoWorse {
		return errSilent
	}
	return err
}

// shows refuses contracts on which a change of weights can not be seen.
func shows(samples []evaluate.Sample, a, b read.Engines) error {
	if a.Clauses == b.Clauses || slices.ContainsFunc(samples, func(s evaluate.Sample) bool { return len(s.Clauses) > 0 }) {
		return nil
	}
	return fault.New(fault.Invalid, "The two have other weights of clauses, and no contract here says which clauses it has. Compare on contracts with marked clauses (docs/how-to/evaluate.md): cuad/ with spans, or a labelled set with test/.")
}

// measureEngine is `evaluate --measure NAME`.
func measureEngine(c *cobra.Command, corpus, name string, folds []int, asJSON bool) error {
	samples, err := evaluate.Samples(corpus, folds)
	if err != nil {
		return err
	}
	b, err := openBench(c.Context(), c)
	if err != nil {
		return err
	}
	defer b.store.Close()
	called, choice, err := b.named(name)
	if err != nil {
		return err
	}
	e, err := b.engine(c.Context(), called, choice, b.policy)
	if err != nil {
		return err
	}
	if samples, err = b.sendable(c, samples, choice); err != nil {
		return err
	}
	m, err := evaluate.Measure(c.Context(), samples, e)
	if err != nil {
		return err
	}
	m.Program = app.Version
	if asJSON {
		return printJSON(c.OutOrStdout(), m)
	}
	return m.Print(c.OutOrStdout())
}

// compareMeasurements is `evaluate compare A B`.
func compareMeasurements() *cobra.Command {
	var tolerance string
	var asJSON bool
	c := &cobra.Command{Use: "compare A B", Short: "Compare two saved measurements (evaluate --measure NAME --json); ends with 1 where the second is worse", Args: cobra.ExactArgs(2), RunE: func(c *cobra.Command, args []string) error {
		limit, err := toleranceOf(tolerance)
		if err != nil {
			return err
		}
		var saved [2]*evaluate.Measurement
		for i, name := range args {
			f, err := os.Open(name)
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "%s can not be read: %v.", name, err)
			}
			saved[i], err = evaluate.ReadMeasurement(f)
			_ = f.Close()
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			saved[i].Engine = fmt.Sprintf("%s (%s; pactloop %s)", saved[i].Engine, strings.Join(saved[i].Versions, ", "), saved[i].Program)
		}
		r, err := saved[0].Against(saved[1], limit)
		if err != nil {
			return err
		}
		return verdict(c, r, asJSON)
	}}
	c.Flags().StringVar(&tolerance, "tolerance", "0.01", "how far the accuracy of a field may fall, as a share")
	c.Flags().BoolVar(&asJSON, "json", false, "print the comparison as JSON")
	return c
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
		return printJSON(c.OutOrStdout(), map[string]any{"version": b.version, "engines": b.choice, "reads": e.Name, "built_in": e.Engines(), "privacy": b.policy, "privacy_version": b.policy.Version(), "prompts": llm.ShippedVersions()})
	}}
}

func promoteEngines() *cobra.Command {
	var kind, corpus, tolerance, note, override string
	var folds []int
	c := &cobra.Command{Use: "promote FILE", Short: "Compare a version (a choice of engines, or weights of the built-in engine) with the active one on labelled contracts, and make it active if it is no worse", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
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
		if p.Verdict == nil || p.Verdict.NoWorse {
			if err := b.keep(c.Context()); err != nil {
				return err
			}
		}
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
		if choice, err = b.chosen(body); len(b.files) > 0 && err == nil { // weights: the choice is the active one with them
			body, err = json.Marshal(choice)
		}
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
	if err := shows(samples, b.choice, choice); err != nil {
		return p, err
	}
	r, err := evaluate.Compare(ctx, samples, now, next, limit)
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

// keep puts weights that are promoted beside the documents, where every node finds them and a backup takes them along.
func (b *bench) keep(ctx context.Context) error {
	for _, file := range b.files {
		if _, err := b.blobs.Put(ctx, file); err != nil {
			return fmt.Errorf("keeping the weights: %w", err)
		}
	}
	return nil
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
	c.AddCommand(export, accuracy, showCalibration(), suggestThresholds())
	return c
}

func showCalibration() *cobra.Command {
	return &cobra.Command{Use: "calibration", Short: "What decisions make of the confidences of each version of an extractor, per field", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		b, err := openBench(c.Context(), c)
		if err != nil {
			return err
		}
		defer b.store.Close()
		rows, err := b.desk.Calibration(pact.WithActor(c.Context(), pact.System("command line")))
		if err != nil {
			return err
		}
		for _, r := range rows {
			fmt.Fprintf(c.OutOrStdout(), "%-24s %-50s %5d of %5d right  %s -> %s", r.Field, r.Extractor, r.Right, r.Decided, r.Own.StringFixed(4), r.Now.StringFixed(4))
			if r.LeftOut > 0 {
				fmt.Fprintf(c.OutOrStdout(), "  %d left out: their own confidence was not kept", r.LeftOut)
			}
			fmt.Fprintln(c.OutOrStdout())
		}
		return nil
	}}
}

func suggestThresholds() *cobra.Command {
	var target string
	var asJSON bool
	c := &cobra.Command{Use: "thresholds", Short: "From which confidence on readings of a field were right often enough to be accepted; suggests, changes nothing", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		share, err := money.ParseDecimal(target)
		if err != nil {
			return fault.New(fault.Invalid, "--target: %q is not a share such as 0.97.", target)
		}
		b, err := openBench(c.Context(), c)
		if err != nil {
			return err
		}
		defer b.store.Close()
		list, err := b.desk.Suggest(pact.WithActor(c.Context(), pact.System("command line")), share)
		if err != nil {
			return err
		}
		if asJSON {
			return printJSON(c.OutOrStdout(), list)
		}
		if len(list) == 0 {
			fmt.Fprintln(c.OutOrStdout(), "Nobody has decided yet.")
		}
		for _, s := range list {
			fmt.Fprintf(c.OutOrStdout(), "%-32s %-40s %s\n", s.Key, s.Extractor, suggested(s))
		}
		return nil
	}}
	c.Flags().StringVar(&target, "target", review.DefaultTarget().String(), "share that must have been right")
	c.Flags().BoolVar(&asJSON, "json", false, "print the suggestions as JSON")
	return c
}

// suggested is a suggestion as a sentence.
func suggested(s review.Suggestion) string {
	hundred := decimal.NewFromInt(100)
	switch s.Why {
	case "few":
		return fmt.Sprintf("%d of %d decided were right: too few to suggest a threshold; in force %s", s.Right, s.Decided, s.InForce)
	case "wrong":
		return fmt.Sprintf("%d of %d decided were right: at no confidence often enough; in force %s", s.Right, s.Decided, s.InForce)
	}
	out := fmt.Sprintf("at %s or more %s %% of %d were right; suggested %s, would have accepted %s %% of %d; in force %s", s.Threshold, s.Accuracy.Mul(hundred).Truncate(1), s.At, s.Threshold, s.Share.Mul(hundred).Truncate(1), s.Decided, s.InForce)
	if s.Named {
		out += ", and the term is always held"
	}
	return out
}
