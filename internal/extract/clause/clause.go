// Package clause finds the clauses of a contract with weights that were learned from marked contracts.
//
// It owns the categories, how a text is cut into sentences and what of them is looked at, the weights and their form, and
// reading with them: a regression for each category scores every sentence, trees judge candidate passages, once alone and
// once among the others, and it ends as a calibrated chance that a passage adds a clause. It does not own training
// (extract/learn) nor values (extract/grammar). Invariants: pure Go, no network; the same text and weights give the same
// clauses; every clause is cut from the text; broken weights are refused when they are read, never when a contract is;
// running headers and footers hold no clauses.
package clause

import (
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed" // the weights
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

//go:embed weights.bin
var embedded []byte

// Finder is an extract.ClauseFinder. It has no state and may be used by many at once.
type Finder struct {
	machine *Machine
	version string
	labels  []string
}

// New makes the finder with the weights that the binary carries.
func New() (*Finder, error) { return Open(embedded) }

// Open makes a finder with other weights, as `pactloop train` writes them.
func Open(weights []byte) (*Finder, error) {
	w, err := Decode(weights)
	if err != nil {
		return nil, fmt.Errorf("opening the weights of clauses: %w", err)
	}
	f := &Finder{machine: NewMachine(w)}
	for _, name := range w.Categories {
		c, ok := CategoryOf(name)
		if !ok {
			return nil, fmt.Errorf("opening the weights of clauses: they know a category %q that this version does not; make them again with pactloop train", name)
		}
		f.labels = append(f.labels, c.Label)
	}
	sum := sha256.Sum256(weights)
	f.version = hex.EncodeToString(sum[:6])
	return f, nil
}

// Name is "clause".
func (*Finder) Name() string { return "clause" }

// Version is the head of the hash of the weights: other weights are another version.
func (f *Finder) Version() string { return f.version }

// Card says what the weights were made of, by which command, and what they reach: JSON.
func (f *Finder) Card() string { return f.machine.w.Card }

// maxText bounds the work on one document; a contract of 2,000 pages has about 6 MB.
const maxText = 16 << 20

// Read gives everything the machine makes of a document, unsure candidates too.
func (f *Finder) Read(ctx context.Context, d *document.Document) (*Reading, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("finding clauses: %w", err)
	}
	if d == nil {
		return f.machine.Read(&document.Document{}), nil
	}
	if len(d.Text) > maxText {
		return nil, fmt.Errorf("finding clauses: the text has %d MB, more than %d MB", len(d.Text)>>20, maxText>>20)
	}
	return f.machine.Read(d), nil
}

// Clauses lists the clauses worth showing, in the order of the text, and how likely each category is present.
func (f *Finder) Clauses(ctx context.Context, d *document.Document) (extract.ClauseSet, error) {
	r, err := f.Read(ctx, d)
	if err != nil {
		return extract.ClauseSet{}, err
	}
	return f.set(d, r, r.Shown()), nil
}

// Every lists each passage from a confidence on, also those that overlap a surer one: for measuring, and for those who choose
// their own limit.
func (f *Finder) Every(ctx context.Context, d *document.Document, least float64) (extract.ClauseSet, error) {
	r, err := f.Read(ctx, d)
	if err != nil {
		return extract.ClauseSet{}, err
	}
	var list []Found
	for _, c := range r.Found {
		if Told(c.Confidence) >= least {
			list = append(list, c)
		}
	}
	return f.set(d, r, list), nil
}

// set writes what was found in the order of the text.
func (f *Finder) set(d *document.Document, r *Reading, found []Found) extract.ClauseSet {
	set := extract.ClauseSet{Clauses: []pact.Clause{}}
	for c, p := range r.Presence {
		set.Presence = append(set.Presence, pact.ClausePresence{Category: r.names[c], Confidence: share(p)})
	}
	if d == nil {
		return set
	}
	slices.SortStableFunc(found, func(a, b Found) int {
		if n := cmp.Compare(a.Start, b.Start); n != 0 {
			return n
		}
		return cmp.Compare(a.Category, b.Category)
	})
	at := document.NewPoints(d.Text)
	for _, s := range found {
		p := passage(d, at.Before(s.Start), at.Before(s.End), d.Text[s.Start:s.End])
		set.Clauses = append(set.Clauses, pact.Clause{
			Category: r.names[s.Category], Label: f.labels[s.Category], Evidence: pact.Evidence{Passage: &p},
			Confidence: decimal.New(told(s.Confidence), -4), Extractor: f.Name() + "/" + f.version, Verification: pact.Verified,
		})
	}
	return set
}

// passage is document.Passage without cutting the quote out of the whole text again.
func passage(d *document.Document, start, end int, quote string) pact.Passage {
	p := pact.Passage{TextID: d.TextID, Quote: quote, Start: start, End: end, Places: d.Places(start, end), Verification: pact.Verified}
	if s := d.SectionAt(start); s != nil {
		p.Clause = s.Number
	}
	return p
}

// Told is the confidence of a passage as it is told: what is half a percent likely or more counts as one percent at least, for so far down
// calibration knows no more; and never certainty. CUAD's curve is read at whole percents.
func Told(chance float32) float64 { return float64(told(chance)) / 10_000 }

// told is that in hundredths of a percent.
func told(chance float32) int64 {
	n := min(9_900, int64(float64(chance)*10_000+0.5))
	if 50 <= n && n < 100 {
		return 100
	}
	return n
}

// share rounds a chance to four decimals, and never to certainty.
func share(p float32) decimal.Decimal {
	n := int64(float64(p)*10_000 + 0.5)
	return decimal.New(max(0, min(9_900, n)), -4)
}
