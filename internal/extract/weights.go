package extract

import (
	"slices"

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

func (r Record) decided() decimal.Decimal { return decimal.NewFromInt(int64(r.Decided)) }

func (r Record) plus(o Record) Record { return Record{r.Decided + o.Decided, r.Right + o.Right} }

// FieldOf names what a candidate is about, for records: the term, or the kind by which the text says the obligation.
func FieldOf(c pact.Candidate) string {
	if c.Subject == "obligation" && c.Obligation != nil {
		return c.Obligation.SaidAs()
	}
	return c.Name
}

// Source is one extractor (with its version) at one field.
type Source struct{ Field, Extractor string }

// Decisions are what people decided on readings, by who read and by the confidence that the extractor gave its reading itself.
type Decisions map[Source]map[string]Record

// Add counts one decision.
func (d Decisions) Add(field, extractor string, own decimal.Decimal, right bool) {
	s := Source{field, extractor}
	if d[s] == nil {
		d[s] = map[string]Record{}
	}
	r := Record{Decided: 1}
	if right {
		r.Right = 1
	}
	d[s][own.String()] = d[s][own.String()].plus(r)
}

// Weights learns from the decisions. Equal decisions, in whatever order, give equal weights.
func (d Decisions) Weights() Weights {
	w := Weights{}
	for s, decided := range d {
		w[s] = newCurve(decided)
	}
	return w
}

// Weights are what decisions make of the confidences of each source. nil is where nobody decides: candidates stay as they are.
type Weights map[Source]Curve

// Of gives the curve of an extractor for a field.
func (w Weights) Of(field, extractor string) Curve { return w[Source{field, extractor}] }

// Tune puts what decisions make of it in the place of the confidence of a candidate as its extractor gave it, and of its rival readings.
// What the extractor gave is kept beside it; a candidate that has it was tuned and stays.
func (w Weights) Tune(c pact.Candidate) pact.Candidate {
	if w == nil {
		return c
	}
	if c.OwnConfidence == nil && c.Extractor != "" {
		c.OwnConfidence = pact.Confidences{c.Extractor: c.Confidence}
		c.Confidence = w.Of(FieldOf(c), c.Extractor).Of(c.Confidence)
	}
	if len(c.Rivals) > 0 {
		c.Rivals = slices.Clone(c.Rivals)
		for i, r := range c.Rivals {
			c.Rivals[i] = w.Tune(r)
		}
	}
	return c
}
