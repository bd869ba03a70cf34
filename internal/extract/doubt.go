package extract

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// unsureCap is the highest confidence of what stands on words that text recognition was not sure of: below every usual
// limit, so that a person compares it with the picture.
var unsureCap = decimal.New(6, -1)

// Doubt lowers the confidence of candidates, rivals included, whose quotes hold words that were recognised with low
// confidence.
func Doubt(candidates []pact.Candidate, d *document.Document) {
	for i := range candidates {
		c := &candidates[i]
		evidence := slices.Clone(c.Evidence)
		if c.Obligation != nil {
			evidence = append(evidence, c.Obligation.Evidence...)
		}
		if c.Confidence.GreaterThan(unsureCap) && slices.ContainsFunc(evidence, func(e pact.Evidence) bool {
			return e.Passage != nil && d.Unsure(e.Passage.Start, e.Passage.End)
		}) {
			c.Confidence = unsureCap
		}
		Doubt(c.Rivals, d)
	}
}
