package evaluate

import (
	"cmp"
	"context"
	"fmt"
	"io"
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
	Duties   []DutyLabel
	Clauses  map[string]bool // whether it has a clause of a category (extract/clause); a category that is not in it is not measured
}

// Engine is a way to read with a name. It is compared whole: a comparison with half an engine would measure its outage.
type Engine struct {
	Name string
	extract.Pipeline
}

// Tally counts one field of one type of contract. Of obligations a contract may have several, each of which is a sample.
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
	Subject string `json:"subject"` // term, obligation or clause
	Field   string `json:"field"`   // name of the term, what the obligation is about, category of the clause
	Type    string `json:"type"`
	A       Tally  `json:"a"`
	B       Tally  `json:"b"`
}

// Comparison is what two engines gave on the same contracts.
type Comparison struct {
	A           string          `json:"a"`
	B           string          `json:"b"`
	Contracts   int             `json:"contracts"`
	Tolerance   decimal.Decimal `json:"tolerance"`
	Cells       []Cell          `json:"cells"`
	Regressions []string        `json:"regressions"`
	// NotCompared names what was measured in one of the two alone, or against other labels.
	NotCompared []string `json:"not_compared,omitempty"`
	NoWorse     bool     `json:"no_worse"`
}

// leastSamples is how many labelled contracts a cell needs before it can refuse a version: one contract in three is noise.
const leastSamples = 5

// Compare measures two engines per field and type of contract. B is no worse where in no cell with at least five contracts
// its accuracy lies further below A's than the tolerance.
func Compare(ctx context.Context, samples []Sample, a, b Engine, tolerance decimal.Decimal) (*Comparison, error) {
	before, err := Measure(ctx, samples, a)
	if err != nil {
		return nil, err
	}
	after, err := Measure(ctx, samples, b)
	if err != nil {
		return nil, err
	}
	return before.Against(after, tolerance)
}

// Against compares a measurement (A) with a later one (B) of the same contracts. It fails with fault.Invalid where they are of others, or
// where nothing was measured in both.
func (m *Measurement) Against(b *Measurement, tolerance decimal.Decimal) (*Comparison, error) {
	for _, one := range []*Measurement{m, b} {
		if one.Form != measurementForm {
			return nil, fault.New(fault.Invalid, "The measurement of %s has the form %d; this program compares the form %d.", one.Engine, one.Form, measurementForm)
		}
	}
	if m.Set != b.Set {
		return nil, fault.New(fault.Invalid, "%s was measured on %d contracts and %s on %d others. Measure both on the same contracts.", m.Engine, m.Contracts, b.Engine, b.Contracts)
	}
	c := &Comparison{A: m.Engine, B: b.Engine, Contracts: m.Contracts, Tolerance: tolerance, Cells: []Cell{}, Regressions: []string{}}
	later := map[cellKey]Measured{}
	for _, x := range b.Cells {
		later[x.key()] = x
	}
	for _, x := range m.Cells {
		y, both := later[x.key()]
		delete(later, x.key())
		if !both || x.Labels != y.Labels {
			c.NotCompared = append(c.NotCompared, x.where())
			continue
		}
		c.Cells = append(c.Cells, Cell{Subject: x.Subject, Field: x.Field, Type: x.Type, A: x.Tally, B: y.Tally})
		if drop := x.Accuracy().Sub(y.Accuracy()); x.Samples >= leastSamples && drop.GreaterThan(tolerance) {
			c.Regressions = append(c.Regressions, fmt.Sprintf("%s: accuracy falls from %s to %s on %d %s.", x.where(), x.Accuracy(), y.Accuracy(), x.Samples, counted(x.Subject)))
		}
	}
	for _, y := range b.Cells {
		if _, left := later[y.key()]; left {
			c.NotCompared = append(c.NotCompared, y.where())
		}
	}
	if len(c.Cells) == 0 {
		return nil, fault.New(fault.Invalid, "Nothing was measured in both %s and %s.", m.Engine, b.Engine)
	}
	c.NoWorse = len(c.Regressions) == 0
	return c, nil
}

// count adds one contract. same tells whether a value is what a label says.
func (t *Tally) count(field string, label *pact.Value, c *pact.Candidate, same func(field string, got, want pact.Value) bool) {
	t.Samples++
	given := c != nil && c.Value != nil
	switch {
	case label == nil && !given:
		t.Right++
	case label == nil:
		t.False++
	case !given:
		t.Missing++
	case same(field, *c.Value, *label):
		t.Right++
	default:
		t.Wrong++
	}
}

// same is how the labels of a sample are compared. What reviewers decided is meant as it stands: they may have corrected just such a day.
func (s Sample) same() func(field string, got, want pact.Value) bool {
	if !s.Decided {
		return SameValue
	}
	return func(_ string, got, want pact.Value) bool { return extract.SameMeaning(got, want) }
}

// SameValue compares a value with a label of strangers, who have conventions of their own: what means the same, a title with more or
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

// counted is what the samples of a subject are.
func counted(subject string) string {
	if subject == "obligation" {
		return "decisions"
	}
	return "contracts"
}

// Print writes the comparison for people.
func (c *Comparison) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d contracts. A: %s. B: %s. Tolerance %s.\n\n%-32s %-16s %9s %8s %8s  %s\n", c.Contracts, c.A, c.B, c.Tolerance, "field", "type", "labels", "A", "B", "B right/wrong/missing/false")
	for _, cell := range c.Cells {
		fmt.Fprintf(&b, "%-32s %-16s %9d %8s %8s  %d/%d/%d/%d\n", named(cell.Subject, cell.Field), cmp.Or(cell.Type, "all"), cell.A.Samples, cell.A.Accuracy().StringFixed(4), cell.B.Accuracy().StringFixed(4), cell.B.Right, cell.B.Wrong, cell.B.Missing, cell.B.False)
	}
	b.WriteByte('\n')
	for _, n := range c.NotCompared {
		b.WriteString("Not compared, measured in one alone or against other labels: " + n + ".\n")
	}
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
