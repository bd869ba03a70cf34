package insight

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Foresee tells which breaches and which parts of credits would be gone were an obligation answered with other parameters: over the
// contract that states it and all of its family to which it passes. What else has the same key there stays as it is. What can not be
// replayed is told as such, and never as nothing.
func (v *View) Foresee(ctx context.Context, id pact.ObligationID, params json.RawMessage) ([]pact.Lowered, error) {
	ctx = pact.WithActor(ctx, pact.System("foresee"))
	o, err := v.Store.Reads().Obligations.Get(ctx, string(id))
	if err != nil {
		return nil, err
	}
	con, err := v.Store.Reads().Contracts.Get(ctx, string(o.ContractID))
	if err != nil {
		return nil, err
	}
	members, err := v.Store.Reads().Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID), store.Eq("state", pact.ContractActive)).By("created_at"))
	if err != nil {
		return nil, err
	}
	var out []pact.Lowered
	for _, m := range members {
		if m.CurrentVersion == 0 || m.Relation == "amendment" && m.ParentID != "" {
			continue
		}
		r, err := v.Backtest(ctx, m.ID, Replay{Changes: []Changed{{Obligation: o.Key, Params: params}}, Answered: id})
		switch f := fault.Of(err); {
		case err == nil:
		case f != nil && len(f.Details) == 1 && strings.HasSuffix(f.Details[0].Field, "].obligation"):
			continue // the obligation does not reach this member of the family
		case f != nil && f.Kind == fault.Invalid:
			out = append(out, pact.Lowered{ContractID: m.ID, Title: m.Title, Note: "It can not be told what the answer changes: " + f.Message})
			continue
		default:
			return nil, fmt.Errorf("replaying %s: %w", m.ID, err)
		}
		for _, d := range r.Differences {
			l, ok := lowered(d)
			if !ok {
				continue
			}
			l.ContractID = m.ID
			if l.FindingID, err = v.findingOf(ctx, m.ID, d); err != nil {
				return nil, err
			}
			out = append(out, l)
		}
	}
	return out, nil
}

// lowered tells whether something is taken back where an occurrence is judged otherwise.
func lowered(d Deviation) (pact.Lowered, bool) {
	if d.Registered == nil {
		return pact.Lowered{}, false
	}
	out := pact.Lowered{Title: strings.TrimSuffix(strings.ReplaceAll(d.Kind, "_", " ")+": "+d.Subject, ": "), Was: d.Registered.Status, WasAmount: d.Registered.Amount}
	if d.Changed != nil {
		out.Is, out.IsAmount = d.Changed.Status, d.Changed.Amount
	}
	gone := out.Was == pact.Breached && out.Is != pact.Breached
	less := false
	if was := out.WasAmount; was != nil && was.Value.IsPositive() {
		is := out.IsAmount
		// An amount that a new question takes the place of is less, too: whoever answers that one could choose the lowest.
		less = is == nil || is.Currency != was.Currency || is.Value.LessThan(was.Value)
	}
	return out, gone || less
}

// findingOf is the finding of an occurrence that was replayed; "" where there is none.
func (v *View) findingOf(ctx context.Context, id pact.ContractID, d Deviation) (pact.FindingID, error) {
	fs, err := v.Store.Reads().Findings.All(ctx, store.Where(store.Eq("contract_id", id), store.Eq("kind", d.Kind)))
	if err != nil {
		return "", err
	}
	for _, f := range fs {
		occ, err := v.Store.Reads().Occurrences.Get(ctx, string(f.OccurrenceID))
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		if occ.Key != d.Key {
			continue
		}
		judged, err := v.Store.Reads().Obligations.Get(ctx, string(f.ObligationID))
		if err != nil {
			return "", fmt.Errorf("reading the obligation of finding %s: %w", f.ID, err)
		}
		if judged.Key == d.Obligation { // two obligations of a kind have the same month
			return f.ID, nil
		}
	}
	return "", nil
}
