package review

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// Suggestion is from which confidence on the readings of a field were right often enough to be accepted without a person. It is a proposal for
// the review policy and is never applied by itself.
type Suggestion struct {
	Key       string `json:"key" doc:"Of the field in the policy's thresholds: the name of the term, or obligation/ and what it is about."`
	Extractor string `json:"extractor" doc:"Who read, with versions: confidences of another version mean something else."`
	Decided   int    `json:"decided" doc:"Newest decisions of people on readings that nothing but confidence, stakes, count or value held."`
	Right     int    `json:"right" doc:"Of these, accepted as they were read."`
	// Threshold is empty where none is suggested; then Why says so.
	Threshold string          `json:"threshold,omitempty" doc:"Suggested: the lowest confidence from which on enough were right."`
	At        int             `json:"at" doc:"Decided readings at the suggested threshold or above."`
	RightAt   int             `json:"right_at" doc:"Of these, right."`
	Accuracy  decimal.Decimal `json:"accuracy" doc:"Right of at, cut to four decimals; of all decided where nothing is suggested."`
	Share     decimal.Decimal `json:"share" doc:"Of the decided readings, those that it would have accepted."`
	InForce   decimal.Decimal `json:"in_force" doc:"Threshold of the field in the active policy."`
	Named     bool            `json:"named,omitempty" doc:"The active policy always holds the term, whatever its confidence."`
	Why       string          `json:"why,omitempty" enum:"few,wrong"`
}

// leastDecided is how many decided readings at or above a threshold it takes to suggest it: one that was wrong among fifty is two percent.
const leastDecided = 50

// DefaultTarget is the share that must have been right.
func DefaultTarget() decimal.Decimal { return decimal.New(97, -2) }

// held are the reasons that hold a reading whatever the threshold: what was decided on such a reading says nothing of one.
var held = []string{"unverified", "ambiguous", "disagreement", "not_found", "document_warning"}

// Suggest proposes thresholds from what people decided, per field and version of an extractor: the lowest confidence from which on at least
// target of the decided readings were accepted as they were read, at least fifty. What the policy accepted by itself proves nothing and is left
// out. Needs role viewer; what is counted is of the business units that the asker sees. It changes nothing.
func (d *Desk) Suggest(ctx context.Context, target decimal.Decimal) ([]Suggestion, error) {
	if target.LessThan(decimal.New(5, -1)) || target.GreaterThan(decimal.NewFromInt(1)) {
		return nil, fault.New(fault.Invalid, "The share that must have been right lies between 0.5 and 1.")
	}
	_, policy, err := d.ActivePolicy(ctx)
	if err != nil {
		return nil, err
	}
	type group struct{ key, extractor string }
	points := map[group][]point{}
	inForce := map[group]decimal.Decimal{}
	err = d.eachDecided(ctx, func(c pact.Candidate) {
		if c.Verification == pact.Unverified || slices.ContainsFunc(c.Reasons, func(r string) bool { return slices.Contains(held, r) }) {
			return
		}
		g := group{thresholdKey(c), c.Extractor}
		points[g] = append(points[g], point{c.Confidence, isRight(c, c)})
		inForce[g] = policy.ThresholdOf(c)
	})
	if err != nil {
		return nil, fmt.Errorf("suggesting thresholds: %w", err)
	}
	out := make([]Suggestion, 0, len(points))
	for g, list := range points {
		if g.extractor == byHand {
			continue // what a person added was not read
		}
		s := suggest(list, target)
		s.Key, s.Extractor, s.InForce, s.Named = g.key, g.extractor, inForce[g], slices.Contains(policy.NamedFields, g.key)
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(b.Decided, a.Decided), cmp.Compare(a.Extractor, b.Extractor))
	})
	return out, nil
}

// point is a decided reading.
type point struct {
	confidence decimal.Decimal
	right      bool
}

// suggest finds the lowest threshold. Readings of one confidence stand or fall together. What a lower threshold lets in besides must have been
// right as often, too: many sure readings do not speak for a few unsure ones.
func suggest(list []point, target decimal.Decimal) Suggestion {
	slices.SortFunc(list, func(a, b point) int { return b.confidence.Cmp(a.confidence) })
	enough := func(right, of int) bool {
		return decimal.NewFromInt(int64(right)).GreaterThanOrEqual(target.Mul(decimal.NewFromInt(int64(of))))
	}
	s := Suggestion{Decided: len(list), Why: "wrong"}
	if len(list) < leastDecided {
		s.Why = "few"
	}
	for i, p := range list {
		if p.right {
			s.Right++
		}
		n := i + 1
		if n < leastDecided || n < len(list) && list[n].confidence.Equal(p.confidence) {
			continue
		}
		if enough(s.Right, n) && enough(s.Right-s.RightAt, n-s.At) {
			s.Threshold, s.At, s.RightAt, s.Why = p.confidence.String(), n, s.Right, ""
		}
	}
	s.Accuracy, s.Share = extract.Record{Decided: s.At, Right: s.RightAt}.Accuracy(), extract.Record{Decided: s.Decided, Right: s.At}.Accuracy()
	if s.At == 0 {
		s.Accuracy = extract.Record{Decided: s.Decided, Right: s.Right}.Accuracy()
	}
	return s
}
