package review

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Precedent says which decisions are looked for: those on a term, or on a kind of obligation.
type Precedent struct {
	Unit string          // business unit
	Not  pact.ContractID // the contract that is read: what it says itself is no precedent
	Term string          // name of a term
	Kind string          // kind of obligation, where Term is ""
}

// precedents is how many decisions on a field count: those on what was read last.
const precedents = 300

// Accepted gives what people accepted or corrected, with values and obligations as they decided them and the passage they
// decided it on, what was read last first. What the policy accepted by itself, what was typed in without a passage, and readings
// that a newer one superseded are left out; so is an obligation whose kind was corrected.
func (d *Desk) Accepted(ctx context.Context, p Precedent) ([]pact.Candidate, error) {
	var rows []pact.Candidate
	// Each state by itself: its rows stand in the index in the order that is wanted.
	for _, state := range []pact.CandidateState{pact.CandidateAccepted, pact.CandidateCorrected} {
		conds := []store.Cond{store.Eq("business_unit", p.Unit), store.Eq("state", string(state)), store.Is("contract_id", "!=", p.Not), store.Is("decided_by", "!=", "policy")}
		if p.Term != "" {
			conds = append(conds, store.Eq("subject", "term"), store.Eq("name", p.Term))
		} else {
			// The name of an obligation is its key, which begins with its kind; "~" is after all that a key has.
			conds = append(conds, store.Eq("subject", "obligation"), store.Is("name", ">=", p.Kind), store.Is("name", "<", p.Kind+"~"))
		}
		q := store.Where(conds...).By("-id")
		q.Limit = precedents
		q.Only = []string{"id", "business_unit", "contract_id", "document_id", "subject", "name", "state", "value", "obligation", "decided_value", "decided_obligation", "evidence", "decision_id"}
		found, err := d.Store.Reads().Candidates.All(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("reading what was accepted: %w", err)
		}
		rows = append(rows, found...)
	}
	slices.SortFunc(rows, func(a, b pact.Candidate) int { return strings.Compare(string(b.ID), string(a.ID)) })
	rows = rows[:min(len(rows), precedents)]
	chosen, err := d.chosen(ctx, rows)
	if err != nil {
		return nil, err
	}
	out := rows[:0]
	for _, c := range rows {
		if c.State == pact.CandidateCorrected {
			c.Value, c.Obligation = c.DecidedValue, c.DecidedObligation
			if e := chosen[c.DecisionID]; len(e) > 0 {
				c.Evidence = e
			}
		}
		if len(c.Evidence) > 0 && c.Evidence[0].Passage != nil && (c.Value != nil || c.Obligation != nil && c.Obligation.SaidAs() == p.Kind) {
			c.DecidedValue, c.DecidedObligation = nil, nil
			out = append(out, c)
		}
	}
	return out, nil
}

// chosen gives the evidence that people chose themselves, by decision.
func (d *Desk) chosen(ctx context.Context, rows []pact.Candidate) (map[pact.DecisionID][]pact.Evidence, error) {
	var ids []string
	for _, c := range rows {
		if c.State == pact.CandidateCorrected && c.DecisionID != "" {
			ids = append(ids, string(c.DecisionID))
		}
	}
	out := map[pact.DecisionID][]pact.Evidence{}
	if len(ids) == 0 {
		return out, nil
	}
	decisions, err := d.Store.Reads().Decisions.All(ctx, store.Where(store.In("id", ids)))
	if err != nil {
		return nil, fmt.Errorf("reading the passages that people chose: %w", err)
	}
	for _, x := range decisions {
		out[x.ID] = x.Evidence
	}
	return out, nil
}
