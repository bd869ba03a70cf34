package review

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Score is how often people agreed with an extractor's version on a field of one type of contract.
type Score struct {
	Subject      string          `json:"subject" enum:"term,obligation"`
	Field        string          `json:"field" doc:"Name of the term, or kind of obligation."`
	ContractType string          `json:"contract_type"`
	Extractor    string          `json:"extractor" doc:"Name and version."`
	Decided      int             `json:"decided"`
	Right        int             `json:"right"`
	Accuracy     decimal.Decimal `json:"accuracy" doc:"Right of decided, cut to four decimals."`
}

// window is how many of the newest decisions on a field count: extractors and contracts change.
const window = 1000

// Quality measures the extractors by what people decided: of the newest decisions on each field, how many readings were
// accepted as they were or corrected to what a rival had read. What the policy accepted by itself proves nothing and is
// left out; so is what nobody read.
func (d *Desk) Quality(ctx context.Context) ([]Score, error) {
	type key struct{ subject, field, contractType, extractor string }
	counts := map[key]*extract.Record{}
	err := d.eachDecided(ctx, func(c pact.Candidate) {
		for name, reading := range judged(c) {
			k := key{c.Subject, extract.FieldOf(c), c.ContractType, name}
			if counts[k] == nil {
				counts[k] = &extract.Record{}
			}
			counts[k].Decided++
			if isRight(c, reading) {
				counts[k].Right++
			}
		}
	})
	if err != nil {
		return nil, err
	}
	out := make([]Score, 0, len(counts))
	for k, r := range counts {
		out = append(out, Score{k.subject, k.field, k.contractType, k.extractor, r.Decided, r.Right, r.Accuracy()})
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		return strings.Join([]string{a.Subject, a.Field, a.ContractType, a.Extractor}, "\x00") < strings.Join([]string{b.Subject, b.Field, b.ContractType, b.Extractor}, "\x00")
	})
	return out, nil
}

// eachDecided gives the newest candidates that people decided, field by field.
func (d *Desk) eachDecided(ctx context.Context, each func(pact.Candidate)) error {
	conds := []store.Cond{store.In("state", []string{"accepted", "corrected", "rejected"}), store.Is("decided_by", "!=", "policy"), store.Is("extractor", "!=", "")}
	fields := [][]store.Cond{{store.Eq("subject", "obligation")}}
	for _, spec := range pact.TermSpecs() {
		fields = append(fields, []store.Cond{store.Eq("subject", "term"), store.Eq("name", spec.Name)})
	}
	for _, f := range fields {
		q := store.Where(slices.Concat(conds, f)...).By("-id")
		q.Limit, q.Only = window, []string{"subject", "name", "contract_type", "extractor", "state", "value", "obligation", "decided_value", "decided_obligation", "rivals", "confidence", "own_confidence", "verification", "ambiguities", "reasons"}
		rows, err := d.Store.Reads().Candidates.All(ctx, q)
		if err != nil {
			return fmt.Errorf("reading decisions: %w", err)
		}
		for _, c := range rows {
			each(c)
		}
	}
	return nil
}

// judged gives the reading by which each extractor stands that read a decided candidate: its first.
func judged(c pact.Candidate) map[string]pact.Candidate {
	out := map[string]pact.Candidate{}
	for _, reading := range append([]pact.Candidate{c}, c.Rivals...) {
		for _, name := range extract.Parts(reading.Extractor) {
			if _, known := out[name]; name != "" && !known {
				out[name] = reading
			}
		}
	}
	return out
}

// isRight tells whether a reading says what was decided.
func isRight(c, reading pact.Candidate) bool {
	value, duty := c.Value, c.Obligation
	switch c.State {
	case pact.CandidateCorrected:
		value, duty = c.DecidedValue, c.DecidedObligation
	case pact.CandidateAccepted:
	default:
		value, duty = nil, c.DecidedObligation // rejected: the contract does not say it, or says it and nobody tracks it
	}
	switch {
	case reading.Value != nil && value != nil:
		return extract.SameMeaning(*reading.Value, *value)
	case reading.Obligation != nil && duty != nil:
		return extract.SameDuty(*reading.Obligation, *duty)
	}
	return false
}
