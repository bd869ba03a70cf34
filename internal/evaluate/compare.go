package evaluate

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// Sample is one labelled contract. A label that is nil says that the contract does not state the field; a field without a
// label is not measured.
type Sample struct {
	Title    string
	Type     string
	Unit     string // business unit, of what reviewers decided
	Decided  bool   // out of decided.jsonl
	Document *document.Document
	Labels   map[string]*pact.Value
}

// Engine is a way to read with a name. It is compared whole: a comparison with half an engine would measure its outage.
type Engine struct {
	Name string
	extract.Pipeline
}

// Tally counts one field of one type of contract.
type Tally struct {
	Samples int `json:"samples"`
	Right   int `json:"right"`
	Wrong   int `json:"wrong"`
	Missing int `json:"missing"`
	False   int `json:"false"` // given, though the contract does not say it
}

// Accuracy is the share that was right, a contract that does not say it and of which nothing was said included.
func (t Tally) Accuracy() decimal.Decimal {
	if t.Samples == 0 {
		return decimal.Decimal{}
	}
	return decimal.NewFromInt(int64(t.Right)).DivRound(decimal.NewFromInt(int64(t.Samples)), 8).Truncate(4)
}

// Cell compares one field of one type; Type "" is all types together.
type Cell struct {
	Field string `json:"field"`
	Type  string `json:"type"`
	A     Tally  `json:"a"`
	B     Tally  `json:"b"`
}

// Comparison is what two engines gave on the same contracts.
type Comparison struct {
	A           string          `json:"a"`
	B           string          `json:"b"`
	Contracts   int             `json:"contracts"`
	Tolerance   decimal.Decimal `json:"tolerance"`
	Cells       []Cell          `json:"cells"`
	Regressions []string        `json:"regressions"`
	NoWorse     bool            `json:"no_worse"`
}

// leastSamples is how many labelled contracts a cell needs before it can refuse a version: one contract in three is noise.
const leastSamples = 5

// Compare measures two engines per field and type of contract. B is no worse where in no cell with at least five contracts
// its accuracy lies further below A's than the tolerance.
func Compare(ctx context.Context, samples []Sample, a, b Engine, tolerance decimal.Decimal, each func(done, of int)) (*Comparison, error) {
	if len(samples) == 0 {
		return nil, fault.New(fault.Invalid, "There is no labelled contract to compare on.")
	}
	a.Whole, b.Whole = true, true
	cells := map[[2]string]*Cell{}
	for i, s := range samples {
		readA, err := a.Read(ctx, s.Document)
		if err != nil {
			return nil, fmt.Errorf("reading %s with %s: %w", s.Title, a.Name, err)
		}
		readB, err := b.Read(ctx, s.Document)
		if err != nil {
			return nil, fmt.Errorf("reading %s with %s: %w", s.Title, b.Name, err)
		}
		for field, label := range s.Labels {
			for _, kind := range slices.Compact([]string{"", s.Type}) {
				key := [2]string{field, kind}
				if cells[key] == nil {
					cells[key] = &Cell{Field: field, Type: kind}
				}
				cells[key].A.count(field, label, found(readA.Candidates, field))
				cells[key].B.count(field, label, found(readB.Candidates, field))
			}
		}
		if each != nil {
			each(i+1, len(samples))
		}
	}
	c := &Comparison{A: a.Name, B: b.Name, Contracts: len(samples), Tolerance: tolerance, Regressions: []string{}}
	keys := slices.SortedFunc(maps.Keys(cells), func(x, y [2]string) int { return strings.Compare(x[1]+"\x00"+x[0], y[1]+"\x00"+y[0]) })
	for _, k := range keys {
		cell := *cells[k]
		c.Cells = append(c.Cells, cell)
		if drop := cell.A.Accuracy().Sub(cell.B.Accuracy()); cell.A.Samples >= leastSamples && drop.GreaterThan(tolerance) {
			where := "all types"
			if cell.Type != "" {
				where = "type " + cell.Type
			}
			c.Regressions = append(c.Regressions, fmt.Sprintf("%s, %s: accuracy falls from %s to %s on %d contracts.", cell.Field, where, cell.A.Accuracy(), cell.B.Accuracy(), cell.A.Samples))
		}
	}
	c.NoWorse = len(c.Regressions) == 0
	return c, nil
}

func (t *Tally) count(field string, label *pact.Value, c *pact.Candidate) {
	t.Samples++
	given := c != nil && c.Value != nil
	switch {
	case label == nil && !given:
		t.Right++
	case label == nil:
		t.False++
	case !given:
		t.Missing++
	case SameValue(field, *c.Value, *label):
		t.Right++
	default:
		t.Wrong++
	}
}

// SameValue compares a value with a label: what means the same, and what a person would not correct: a title with more or
// fewer words, one day between two ways to count the end of a term.
func SameValue(field string, got, want pact.Value) bool {
	if extract.SameMeaning(got, want) {
		return true
	}
	switch {
	case field == "title" && got.Kind == pact.TextValue && want.Kind == pact.TextValue:
		a, b := wording.Fold(got.Text), wording.Fold(want.Text)
		return strings.Contains(a, b) || strings.Contains(b, a)
	case field == "expiration_date" && got.Kind == pact.DateValue && want.Kind == pact.DateValue:
		n := got.Date.DaysUntil(want.Date)
		return n >= -1 && n <= 1
	}
	return false
}

// Print writes the comparison for people.
func (c *Comparison) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d contracts. A: %s. B: %s. Tolerance %s.\n\n%-24s %-16s %9s %8s %8s  %s\n", c.Contracts, c.A, c.B, c.Tolerance, "field", "type", "contracts", "A", "B", "B right/wrong/missing/false")
	for _, cell := range c.Cells {
		kind := cell.Type
		if kind == "" {
			kind = "all"
		}
		fmt.Fprintf(&b, "%-24s %-16s %9d %8s %8s  %d/%d/%d/%d\n", cell.Field, kind, cell.A.Samples, cell.A.Accuracy().StringFixed(4), cell.B.Accuracy().StringFixed(4), cell.B.Right, cell.B.Wrong, cell.B.Missing, cell.B.False)
	}
	b.WriteByte('\n')
	if c.NoWorse {
		b.WriteString("B is no worse than A beyond the tolerance.\n")
	} else {
		fmt.Fprintf(&b, "B is worse than A in %d places:\n", len(c.Regressions))
		for _, r := range c.Regressions {
			b.WriteString("  " + r + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
