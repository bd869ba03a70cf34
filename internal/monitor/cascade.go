package monitor

import (
	"context"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// passed is what a contract has from one above it.
type passed struct {
	obligation pact.Obligation // as the register has it there
	entries    []effective.Entry
}

// cascade keeps the register of a family true to the rules of its masters: each obligation that is passed on stands under each
// contract it reaches, unless that states the same key itself. What is no longer passed on ends with today; what it judged stays.
func (w *Watch) cascade(ctx context.Context, scopes []scope, today calendar.Date) (changed bool, err error) {
	for _, s := range scopes {
		rows, err := w.Store.Reads().Obligations.All(ctx, store.Where(store.Eq("contract_id", s.contract.ID), store.Is("inherited_from", "!=", "")))
		if err != nil {
			return changed, err
		}
		if len(rows) == 0 && len(s.passed) == 0 {
			continue
		}
		act := store.Act{Name: "obligation.pass", Subject: string(s.contract.ID), Unit: s.contract.BusinessUnit}
		err = w.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.Contracts.Lock(ctx, string(s.contract.ID)); err != nil {
				return err
			}
			rows, err := tx.Obligations.All(ctx, store.Where(store.Eq("contract_id", s.contract.ID), store.Is("inherited_from", "!=", "")))
			if err != nil {
				return err
			}
			for _, p := range s.passed {
				did, err := keepPassed(ctx, tx, s, p, rows)
				if err != nil {
					return err
				}
				changed = changed || did
			}
			for _, row := range rows {
				gone := !slices.ContainsFunc(s.passed, func(p passed) bool { return p.obligation.ID == row.InheritedFrom })
				if gone && (row.InForce.Until == "" || row.InForce.Until > today) {
					row.InForce.Until, changed = today, true
					if err := tx.Obligations.Update(ctx, &row); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// keepPassed writes one obligation that is passed on, where the register has it differently.
func keepPassed(ctx context.Context, tx store.Tx, s scope, p passed, rows []pact.Obligation) (bool, error) {
	o := *p.entries[len(p.entries)-1].Obligation // as it is stated last
	o.ID, o.ContractID, o.BusinessUnit, o.Cascade = "", s.contract.ID, s.contract.BusinessUnit, nil
	o.Key, o.Kind, o.VersionID, o.InheritedFrom = p.obligation.Key, p.obligation.Kind, p.obligation.VersionID, p.obligation.ID
	o.Side, o.Owner, o.Revision, o.CreatedAt, o.UpdatedAt = p.obligation.Side, "", 0, time.Time{}, time.Time{}
	o.InForce.From = p.entries[0].Obligation.InForce.From
	i := slices.IndexFunc(rows, func(r pact.Obligation) bool { return r.InheritedFrom == o.InheritedFrom })
	if i < 0 {
		o.ID = pact.NewID[pact.ObligationID]("obl", tx.Now)
		return true, tx.Obligations.Insert(ctx, &o)
	}
	row := rows[i]
	o.ID, o.Owner, o.Revision, o.CreatedAt, o.UpdatedAt = row.ID, row.Owner, row.Revision, row.CreatedAt, row.UpdatedAt
	if row.InForce == o.InForce && row.Title == o.Title && string(row.Params) == string(o.Params) && row.VersionID == o.VersionID && row.Side == o.Side && row.Bearer == o.Bearer {
		return false, nil
	}
	return true, tx.Obligations.Update(ctx, &o)
}

// inherit completes the scopes of a family with what those above pass on.
func (w *Watch) inherit(ctx context.Context, members []pact.Contract, scopes []scope) ([]scope, error) {
	ids := make([]string, 0, len(members))
	for _, m := range members {
		ids = append(ids, string(m.ID))
	}
	rows, err := w.Store.Reads().Obligations.All(ctx, store.Where(store.In("contract_id", ids)).By("key"))
	if err != nil {
		return nil, err
	}
	passing := slices.ContainsFunc(rows, func(o pact.Obligation) bool { return o.Cascade != nil || o.InheritedFrom != "" })
	if !passing {
		return scopes, nil
	}
	plain := map[pact.ContractID]effective.Timeline{}
	for _, s := range scopes {
		plain[s.contract.ID] = s.timeline
	}
	for i := range scopes {
		s := &scopes[i]
		own := func(key string) bool {
			return slices.ContainsFunc(s.obligations, func(o pact.Obligation) bool { return o.Key == key })
		}
		stated := slices.Clone(s.obligations)
		s.had = slices.ContainsFunc(rows, func(o pact.Obligation) bool { return o.ContractID == s.contract.ID && o.InheritedFrom != "" })
		var entries []effective.Entry
		seen := map[string]bool{}
		for _, above := range effective.Above(members, s.contract) {
			for _, o := range rows {
				line, ok := plain[above.ID]
				if o.ContractID != above.ID || !ok || o.InheritedFrom != "" || !o.Cascade.Reaches(s.contract) || seen[o.Key] {
					continue
				}
				list := effective.Passed(line, o.Key, *o.Cascade, s.begins)
				if len(list) == 0 {
					continue
				}
				seen[o.Key] = true // the nearest one passes it
				entries = append(entries, list...)
				for _, e := range list {
					s.stated[e.Obligation.ID] = *e.Obligation
				}
				if own(o.Key) {
					continue // it is judged under its own name, by whichever governs
				}
				s.passed = append(s.passed, passed{obligation: o, entries: list})
				for _, row := range rows {
					if row.ContractID == s.contract.ID && row.InheritedFrom == o.ID {
						stated = append(stated, row)
					}
				}
			}
		}
		s.timeline, s.obligations = s.timeline.With(entries), stated
	}
	return scopes, nil
}
