// Package evaluate measures reading on labelled contracts.
//
// It owns the labelled sets (CUAD and Kleister NDA, which stay outside the project; our own, in labelled; what reviewers
// decided), the comparison of values, clauses and two versions of engines with the labels, and the reports. It does not own
// reading: everything is read by extract.Pipeline, as the product reads it. Invariants: nothing here changes what is found; a
// value that is printed where the label is empty is counted and shown, not forgiven; where the convention of a label differs
// from ours (an expiry on the anniversary, not the day before), both counts are shown.
package evaluate

import (
	"context"
	"fmt"
	"io"
	"sort"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

// Config says what to measure on. Either folder may be empty: then that set is left out.
type Config struct {
	CUAD     string // folder with cuad_train_408.jsonl(.xz)
	Kleister string // folder with kleister_nda_train.jsonl(.xz)
	Folds    []int  // folds of CUAD; none = fold 0
	Every    bool   // all folds
	// Read turns a PDF into a document. Where it is set, contracts that have a PDF beside the set are read from it;
	// otherwise from the text of the set.
	Read func(ctx context.Context, path string) (*document.Document, error)
	// ForFold gives the extractor to use on a fold of CUAD: one that learned nothing from it. Without it, that of Run is
	// used on all.
	ForFold func(fold int) extract.Extractor
	// Misses is how many misses of each field the report keeps.
	Misses int
}

// Field is the count of one field.
type Field struct {
	Name       string `json:"name"`
	Gold       int    `json:"gold"`    // labels that have a value
	Right      int    `json:"right"`   // of these, found and right
	Near       int    `json:"near"`    // of these, right within one day (dates that conventions shift)
	Wrong      int    `json:"wrong"`   // of these, found and wrong
	Missing    int    `json:"missing"` // of these, not found
	False      int    `json:"false"`   // values given where the label is empty
	Misses     []Miss `json:"misses,omitempty"`
	FalseShown []Miss `json:"false_shown,omitempty"`
	bins       map[string]*bin
}

type bin struct{ right, all int }

// Miss is one wrong, missing or false value.
type Miss struct {
	Contract string `json:"contract"`
	Gold     string `json:"gold,omitempty"`
	Got      string `json:"got,omitempty"`
	Quote    string `json:"quote,omitempty"`
}

// Report is the result of a run.
type Report struct {
	Contracts  int           `json:"contracts"`
	Characters int           `json:"characters"`
	Took       time.Duration `json:"took"`
	Candidates int           `json:"candidates"`
	Unverified int           `json:"unverified"` // of these, not verified by the mechanical check
	Fields     []*Field      `json:"fields"`
	PartyF1    float64       `json:"party_f1"`
	PartyCount [3]int        `json:"party_counts"` // true positives, predicted, gold
	PartyExact int           `json:"party_exact"`  // of the true positives, equal letter by letter

	KleisterContracts int                       `json:"kleister_contracts"`
	KleisterF1        float64                   `json:"kleister_f1"`
	Kleister          map[string]*KleisterField `json:"kleister,omitempty"`
	Unread            []string                  `json:"unread,omitempty"` // contracts that could not be read, and why
}

// KleisterField counts one field of Kleister.
type KleisterField struct {
	True, Predicted, Gold int
	Misses                []Miss
}

// reading is the way of the product with one extractor; clauses are measured by themselves.
func reading(x extract.Extractor) *extract.Pipeline {
	return &extract.Pipeline{Extractors: []extract.Extractor{x}}
}

// Run measures the extractor.
func Run(ctx context.Context, cfg Config, x extract.Extractor) (*Report, error) {
	r := &Report{Kleister: map[string]*KleisterField{}}
	if cfg.CUAD == "" && cfg.Kleister == "" {
		return nil, fmt.Errorf("evaluating: no set of contracts is named; give the folder of CUAD, of Kleister, or both")
	}
	if cfg.CUAD != "" {
		if err := runCUAD(ctx, cfg, x, r); err != nil {
			return nil, fmt.Errorf("evaluating on CUAD: %w", err)
		}
	}
	if cfg.Kleister != "" {
		if err := runKleister(ctx, cfg, x, r); err != nil {
			return nil, fmt.Errorf("evaluating on Kleister: %w", err)
		}
	}
	return r, nil
}

func (r *Report) field(name string) *Field {
	for _, f := range r.Fields {
		if f.Name == name {
			return f
		}
	}
	f := &Field{Name: name, bins: map[string]*bin{}}
	r.Fields = append(r.Fields, f)
	return f
}

// Field gives the counts of a field, or nil.
func (r *Report) Field(name string) *Field {
	for _, f := range r.Fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Accuracy is the share of labels that were found right. Expiration counts one day either way: labels count the
// anniversary, we count the last day.
func (f *Field) Accuracy() float64 {
	if f == nil || f.Gold == 0 {
		return 0
	}
	return float64(f.Near) / float64(f.Gold)
}

// Precision is the share of right ones among the values given where there is a label.
func (f *Field) Precision() float64 {
	if f.Near+f.Wrong == 0 {
		return 0
	}
	return float64(f.Near) / float64(f.Near+f.Wrong)
}

// Print writes the report for people.
func (r *Report) Print(w io.Writer, misses bool) error {
	var b strings.Builder
	if r.Contracts > 0 {
		fmt.Fprintf(&b, "CUAD, %d contracts, %.1f M characters, extraction took %s (%.0f contracts/s)\n\n", r.Contracts, float64(r.Characters)/1e6, r.Took.Round(time.Millisecond), float64(r.Contracts)/r.Took.Seconds())
		fmt.Fprintf(&b, "%-18s %5s %6s %6s %8s %6s %9s %10s\n", "field", "gold", "right", "wrong", "missing", "false", "accuracy", "precision")
		for _, f := range r.Fields {
			fmt.Fprintf(&b, "%-18s %5d %6d %6d %8d %6d %9.3f %10.3f", f.Name, f.Gold, f.Near, f.Wrong, f.Missing, f.False, f.Accuracy(), f.Precision())
			if f.Near != f.Right {
				fmt.Fprintf(&b, "   (to the day: %d)", f.Right)
			}
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%-18s F1 %.3f   right %d (%d letter by letter), given %d, gold %d\n", "parties", r.PartyF1, r.PartyCount[0], r.PartyExact, r.PartyCount[1], r.PartyCount[2])
		fmt.Fprintf(&b, "candidates %d, of these not verified %d\n", r.Candidates, r.Unverified)
		r.printCalibration(&b)
	}
	if r.KleisterContracts > 0 {
		fmt.Fprintf(&b, "\nKleister NDA, %d contracts, micro F1 %.3f\n", r.KleisterContracts, r.KleisterF1)
		names := make([]string, 0, len(r.Kleister))
		for n := range r.Kleister {
			names = append(names, n)
		}
		sort.Strings(names)
		for _, n := range names {
			k := r.Kleister[n]
			fmt.Fprintf(&b, "  %-18s F1 %.3f   right %d, given %d, gold %d\n", n, f1(k.True, k.Predicted, k.Gold), k.True, k.Predicted, k.Gold)
		}
	}
	if misses {
		r.printMisses(&b)
	}
	for _, u := range r.Unread {
		fmt.Fprintf(&b, "not read: %s\n", u)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) printMisses(b *strings.Builder) {
	for _, f := range r.Fields {
		for _, m := range f.Misses {
			fmt.Fprintf(b, "MISS %s | %s | gold %s | got %s | %.160q\n", f.Name, m.Contract, m.Gold, m.Got, m.Quote)
		}
		for _, m := range f.FalseShown {
			fmt.Fprintf(b, "FALSE %s | %s | got %s | %.160q\n", f.Name, m.Contract, m.Got, m.Quote)
		}
	}
	for n, k := range r.Kleister {
		for _, m := range k.Misses {
			fmt.Fprintf(b, "KLEISTER %s | %s | gold %s | got %s | %.160q\n", n, m.Contract, m.Gold, m.Got, m.Quote)
		}
	}
}

func f1(right, given, gold int) float64 {
	if given+gold == 0 {
		return 0
	}
	return 2 * float64(right) / float64(given+gold)
}

// found gives the candidate of a term, or nil.
func found(list []pact.Candidate, name string) *pact.Candidate {
	for i := range list {
		if list[i].Subject == "term" && list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}

func quoteOf(c *pact.Candidate) string {
	if c == nil {
		return ""
	}
	for _, e := range c.Evidence {
		if e.Passage != nil {
			return e.Passage.Quote
		}
	}
	return ""
}
