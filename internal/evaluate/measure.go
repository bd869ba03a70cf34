package evaluate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// measurementForm changes when measurements of two programs can no longer be compared.
const measurementForm = 1

// Measurement is what one engine gave on labelled contracts, kept with the versions that made it: a file of today can be compared with one of
// a later program, whose grammar is another.
type Measurement struct {
	Form      int        `json:"form"`
	Engine    string     `json:"engine"`   // as it is called
	Versions  []string   `json:"versions"` // of every part, such as grammar/9
	Program   string     `json:"program"`  // version of the binary
	Set       string     `json:"set"`      // SHA-256 over the contracts
	Contracts int        `json:"contracts"`
	Cells     []Measured `json:"cells"`
}

// Measured is one field of one type; Type "" is all types together.
type Measured struct {
	Subject string `json:"subject"`
	Field   string `json:"field"`
	Type    string `json:"type"`
	Labels  string `json:"labels"` // SHA-256 over the labels: tallies against other labels are not compared
	Tally
}

// cellKey orders cells: all types first, terms before the rest.
type cellKey struct{ kind, subject, field string }

func (x Measured) key() cellKey { return cellKey{x.Type, x.Subject, x.Field} }

// named is a field with its subject, where it is no term.
func named(subject, field string) string {
	if subject == "term" || subject == "" {
		return field
	}
	return subject + " " + field
}

func (x Measured) where() string {
	if x.Type == "" {
		return named(x.Subject, x.Field) + ", all types"
	}
	return named(x.Subject, x.Field) + ", type " + x.Type
}

// tallies are cells while they are counted.
type tallies map[cellKey]*struct {
	Tally
	labels hash.Hash
}

// at gives the cells that a label of a sample counts in: of all types and of its own.
func (t tallies) at(s Sample, subject, field string, label any) ([]*Tally, error) {
	raw, err := json.Marshal(label)
	if err != nil {
		return nil, fmt.Errorf("reading the label of %s in %s: %w", field, s.Title, err)
	}
	var out []*Tally
	for _, kind := range slices.Compact([]string{"", s.Type}) {
		k := cellKey{kind, subject, field}
		if t[k] == nil {
			t[k] = &struct {
				Tally
				labels hash.Hash
			}{labels: sha256.New()}
		}
		fmt.Fprintf(t[k].labels, "%s\x00%s\n", s.Title, raw)
		out = append(out, &t[k].Tally)
	}
	return out, nil
}

func (t tallies) list() []Measured {
	keys := slices.SortedFunc(maps.Keys(t), func(x, y cellKey) int {
		return strings.Compare(strings.Join([]string{x.kind, order(x.subject), x.field}, "\x00"), strings.Join([]string{y.kind, order(y.subject), y.field}, "\x00"))
	})
	out := make([]Measured, len(keys))
	for i, k := range keys {
		out[i] = Measured{Subject: k.subject, Field: k.field, Type: k.kind, Labels: hex.EncodeToString(t[k].labels.Sum(nil)), Tally: t[k].Tally}
	}
	return out
}

// order puts terms before the rest.
func order(subject string) string {
	if subject == "term" {
		return ""
	}
	return subject
}

// Measure reads labelled contracts with an engine, whole: half an engine is not measured (fault.Unavailable).
func Measure(ctx context.Context, samples []Sample, e Engine) (*Measurement, error) {
	if len(samples) == 0 {
		return nil, fault.New(fault.Invalid, "There is no labelled contract to measure on.")
	}
	e.Whole = true
	m := &Measurement{Form: measurementForm, Engine: e.Name, Versions: e.Engines(), Contracts: len(samples)}
	if e.External != nil {
		list, err := e.External(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading which engines are used: %w", err)
		}
		for _, x := range list {
			m.Versions = append(m.Versions, x.Name()+"/"+x.Version())
		}
	}
	set, cells := sha256.New(), tallies{}
	for _, s := range samples {
		text := sha256.Sum256([]byte(s.Document.Text))
		fmt.Fprintf(set, "%s\x00%s\x00%x\n", s.Title, s.Type, text)
		got, err := e.Read(ctx, s.Document)
		if err != nil {
			return nil, fmt.Errorf("reading %s with %s: %w", s.Title, e.Name, err)
		}
		if err := cells.add(s, got, e.Clauses != nil); err != nil {
			return nil, err
		}
	}
	m.Set, m.Cells = hex.EncodeToString(set.Sum(nil)), cells.list()
	return m, nil
}

// add counts what was read of one contract.
func (t tallies) add(s Sample, got extract.Reading, clauses bool) error {
	for field, label := range s.Labels {
		at, err := t.at(s, "term", field, label)
		if err != nil {
			return err
		}
		for _, tally := range at {
			tally.count(field, label, found(got.Candidates, field), s.same())
		}
	}
	if err := t.addDuties(s, got.Candidates); err != nil || !clauses {
		return err
	}
	for category, has := range s.Clauses {
		at, err := t.at(s, "clause", category, has)
		if err != nil {
			return err
		}
		shown := slices.ContainsFunc(got.Clauses.Clauses, func(c pact.Clause) bool { return c.Category == category })
		for _, tally := range at {
			tally.present(has, shown)
		}
	}
	return nil
}

// present counts whether a contract has something at all.
func (t *Tally) present(has, shown bool) {
	t.Samples++
	switch {
	case has == shown:
		t.Right++
	case has:
		t.Missing++
	default:
		t.False++
	}
}

// ReadMeasurement reads what was saved.
func ReadMeasurement(r io.Reader) (*Measurement, error) {
	var m Measurement
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "This is no measurement: %v.", err)
	}
	if m.Form == 0 || m.Set == "" {
		return nil, fault.New(fault.Invalid, "This is no measurement; `pactloop evaluate --corpus FOLDER --measure active --json` writes one.")
	}
	return &m, nil
}

// Print writes the measurement for people.
func (m *Measurement) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d contracts, read by %s (%s).\n\n%-32s %-16s %9s %8s  %s\n", m.Contracts, m.Engine, strings.Join(m.Versions, ", "), "field", "type", "labels", "accuracy", "right/wrong/missing/false")
	for _, x := range m.Cells {
		kind := x.Type
		if kind == "" {
			kind = "all"
		}
		fmt.Fprintf(&b, "%-32s %-16s %9d %8s  %d/%d/%d/%d\n", named(x.Subject, x.Field), kind, x.Samples, x.Accuracy().StringFixed(4), x.Right, x.Wrong, x.Missing, x.False)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
