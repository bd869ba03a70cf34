package extract

import (
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/pact"
)

// Record is what people decided on the readings of one extractor for one field.
type Record struct {
	Decided int `json:"decided"`
	Right   int `json:"right"`
}

// Accuracy is the share that was right, cut to four decimals; zero where nothing was decided.
func (r Record) Accuracy() decimal.Decimal {
	if r.Decided == 0 {
		return decimal.Decimal{}
	}
	return decimal.NewFromInt(int64(r.Right)).DivRound(decimal.NewFromInt(int64(r.Decided)), 8).Truncate(4)
}

// Weights are records by field and extractor (with its version). The zero value knows nothing and changes nothing.
type Weights map[string]Record

// FieldOf names what a candidate is about, for records: the term, or the kind by which the text says the obligation.
func FieldOf(c pact.Candidate) string {
	if c.Subject == "obligation" && c.Obligation != nil {
		return c.Obligation.SaidAs()
	}
	return c.Name
}

func weightKey(field, extractor string) string { return field + "\x00" + extractor }

// Of gives the record of an extractor for a field.
func (w Weights) Of(field, extractor string) Record { return w[weightKey(field, extractor)] }

// Add counts one decision.
func (w Weights) Add(field, extractor string, right bool) {
	r := w[weightKey(field, extractor)]
	r.Decided++
	if right {
		r.Right++
	}
	w[weightKey(field, extractor)] = r
}

// prior is how many decisions an extractor's own confidence is worth.
const prior = 20

// usualLimit is the confidence from which nobody has to look at a field, by the usual policy; 95 % of what has it must be right.
var (
	usualLimit = decimal.New(85, -2)
	reliable   = decimal.New(95, -2)
)

// Tune moves a candidate's confidence towards what people decided: (20 × own + right) / (20 + decided). With no decision
// it stays; after twenty, half of it is measured. It is exact and cut to four decimals, so every node computes the same.
//
// A few decisions take none over the usual limit: four titles, of which labelled contracts have 81 % right, would. That needs twenty of
// them, and 95 % right.
func (w Weights) Tune(c pact.Candidate) decimal.Decimal {
	r := w.Of(FieldOf(c), c.Extractor)
	if r.Decided <= 0 {
		return c.Confidence
	}
	own := c.Confidence.Mul(decimal.NewFromInt(prior))
	tuned := own.Add(decimal.NewFromInt(int64(r.Right))).DivRound(decimal.NewFromInt(int64(prior+r.Decided)), 8).Truncate(4)
	if c.Confidence.LessThan(usualLimit) && !tuned.LessThan(usualLimit) && (r.Decided < prior || r.Accuracy().LessThan(reliable)) {
		return unlabelledCap
	}
	return tuned
}
