package review

import (
	"context"
	"fmt"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Precedent says which decisions are looked for.
type Precedent struct {
	Unit string          // business unit
	Not  pact.ContractID // the contract that is read: what it says itself is no precedent
	Term string          // name of a term; "" is obligations of all kinds
}

// precedents is how many of the newest decisions on a term count.
const precedents = 300

// Accepted gives what people accepted or corrected, with values and obligations as they decided them and the passage they
// decided it on, newest first. What the policy accepted by itself, what was typed in without a passage, and readings that a
// newer one superseded are left out.
func (d *Desk) Accepted(ctx context.Context, p Precedent) ([]pact.Candidate, error) {
	conds := []store.Cond{
		store.Eq("business_unit", p.Unit), store.Is("contract_id", "!=", p.Not), store.In("state", []string{"accepted", "corrected"}), store.Is("decided_by", "!=", "policy"),
	}
	if p.Term == "" {
		conds = append(conds, store.Eq("subject", "obligation"))
	} else {
		conds = append(conds, store.Eq("subject", "term"), store.Eq("name", p.Term))
	}
	q := store.Where(conds...).By("-id")
	q.Limit = precedents
	q.Only = []string{"id", "business_unit", "contract_id", "document_id", "subject", "name", "state", "value", "obligation", "decided_value", "decided_obligation", "evidence", "decision_id"}
	rows, err := d.Store.Reads().Candidates.All(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("reading what was accepted: %w", err)
	}
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
		if len(c.Evidence) > 0 && c.Evidence[0].Passage != nil && (c.Value != nil || c.Obligation != nil) {
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
