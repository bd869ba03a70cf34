package review

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

// Calibration is what decisions make of the confidences of an extractor's version for a field, over all types of contract.
type Calibration struct {
	Subject   string          `json:"subject" enum:"term,obligation"`
	Field     string          `json:"field" doc:"Name of the term, or kind of obligation."`
	Extractor string          `json:"extractor" doc:"Name and version."`
	Decided   int             `json:"decided" doc:"Newest decisions of people on readings that have a value, asked nothing and are of nothing that is tracked already."`
	Right     int             `json:"right" doc:"Of these, accepted as they were read or corrected to what this extractor had read."`
	Own       decimal.Decimal `json:"own" doc:"Mean confidence that the extractor gave these readings itself."`
	Now       decimal.Decimal `json:"now" doc:"Mean confidence of the same with what was decided: where the next ones stand."`
	LiftFrom  string          `json:"lift_from,omitempty" doc:"The least own confidence below 0.85 that the decisions may take over it; absent where they may take none."`
	LeftOut   int             `json:"left_out,omitempty" doc:"Decided readings from before the extractor's own confidence was kept. They move nothing."`
}

// Weights are what people's decisions make of the confidences of each extractor, over all business units and types of contract. A reading
// without a value, one that asked something, and one of what is tracked already are not counted: what was decided on them says nothing of
// the reading. Needs to read everything: use it as a part
// of the product.
func (d *Desk) Weights(ctx context.Context) (extract.Weights, error) {
	decisions := extract.Decisions{}
	err := d.eachJudged(ctx, func(c pact.Candidate, extractor string, own decimal.Decimal, right bool) {
		decisions.Add(extract.FieldOf(c), extractor, own, right)
	}, func(pact.Candidate, string) {})
	if err != nil {
		return nil, fmt.Errorf("weighing decisions: %w", err)
	}
	return decisions.Weights(), nil
}

// Calibration tells what the decisions that the asker sees make of confidences, by field and extractor. The readings of documents use the
// decisions of the whole installation. Needs role viewer.
func (d *Desk) Calibration(ctx context.Context) ([]Calibration, error) {
	decisions, leftOut, subjects := extract.Decisions{}, map[extract.Source]int{}, map[extract.Source]string{}
	err := d.eachJudged(ctx, func(c pact.Candidate, extractor string, own decimal.Decimal, right bool) {
		decisions.Add(extract.FieldOf(c), extractor, own, right)
		subjects[extract.Source{Field: extract.FieldOf(c), Extractor: extractor}] = c.Subject
	}, func(c pact.Candidate, extractor string) {
		s := extract.Source{Field: extract.FieldOf(c), Extractor: extractor}
		leftOut[s]++
		subjects[s] = c.Subject
	})
	if err != nil {
		return nil, fmt.Errorf("weighing decisions: %w", err)
	}
	weights := decisions.Weights()
	out := make([]Calibration, 0, len(subjects))
	for s, subject := range subjects {
		c := weights[s]
		row := Calibration{Subject: subject, Field: s.Field, Extractor: s.Extractor, Decided: c.Decided, Right: c.Right, Own: c.Own, Now: c.Now, LeftOut: leftOut[s]}
		if !c.LiftFrom.IsZero() {
			row.LiftFrom = c.LiftFrom.String()
		}
		out = append(out, row)
	}
	slices.SortFunc(out, func(a, b Calibration) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Extractor, b.Extractor))
	})
	return out, nil
}

// eachJudged gives each extractor's reading of what people decided with the confidence that it gave itself and whether it was right; those
// whose own confidence was not kept go to leftOut.
func (d *Desk) eachJudged(ctx context.Context, each func(c pact.Candidate, extractor string, own decimal.Decimal, right bool), leftOut func(c pact.Candidate, extractor string)) error {
	return d.eachDecided(ctx, func(c pact.Candidate) {
		spoiled := len(c.Ambiguities) > 0 || slices.Contains(c.Reasons, "ambiguous") || slices.Contains(c.Reasons, alikeReason)
		for name, reading := range judged(c) {
			if spoiled || name == byHand || reading.Value == nil && reading.Obligation == nil {
				continue
			}
			if own, kept := reading.OwnConfidence[name]; kept {
				each(c, name, own, isRight(c, reading))
			} else {
				leftOut(c, name)
			}
		}
	})
}
