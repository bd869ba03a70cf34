package monitor

import (
	"context"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

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
				did, err := keepPassed(ctx, tx, s, p, rows, today)
				if err != nil {
					return err
				}
				changed = changed || did
			}
			for _, row := range rows {
				gone := !slices.ContainsFunc(s.passed, func(p effective.Inheritance) bool { return p.Obligation.ID == row.InheritedFrom })
				if gone && (row.InForce.Until == "" || row.InForce.Until > today) {
					row.InForce.Until, changed = today, true
					planned := row.CheckInDue != ""
					unplan(&row)
					if err := tx.Obligations.Update(ctx, &row); err != nil {
						return err
					}
					if planned { // mails that ask how it stands are dropped
						if err := tx.Enqueue(ctx, job.CheckIn{ObligationID: row.ID}); err != nil {
							return err
						}
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
func keepPassed(ctx context.Context, tx store.Tx, s scope, p effective.Inheritance, rows []pact.Obligation, today calendar.Date) (bool, error) {
	o := *p.Entries[len(p.Entries)-1].Obligation // as it is stated last
	o.ID, o.ContractID, o.BusinessUnit = "", s.contract.ID, s.contract.BusinessUnit
	o.Key, o.Kind, o.VersionID, o.InheritedFrom = p.Obligation.Key, p.Obligation.Kind, p.Obligation.VersionID, p.Obligation.ID
	o.Side, o.Owner, o.Revision, o.CreatedAt, o.UpdatedAt = p.Obligation.Side, "", 0, time.Time{}, time.Time{}
	o.CheckIn, o.CheckInDue, o.CheckInState = nil, "", ""
	o.InForce.From = p.Entries[0].Obligation.InForce.From
	i := slices.IndexFunc(rows, func(r pact.Obligation) bool { return r.InheritedFrom == o.InheritedFrom })
	var row pact.Obligation
	if i >= 0 {
		row = rows[i]
	}
	effective.Follow(&o, row, *p.Obligation.Cascade, today)
	if i < 0 {
		o.ID = pact.NewID[pact.ObligationID]("obl", tx.Now)
		if err := tx.Obligations.Insert(ctx, &o); err != nil || o.CheckInDue == "" {
			return true, err
		}
		return true, tx.Enqueue(ctx, job.CheckIn{ObligationID: o.ID})
	}
	o.ID, o.Revision, o.CreatedAt, o.UpdatedAt = row.ID, row.Revision, row.CreatedAt, row.UpdatedAt
	settled := row.Owner == o.Owner && row.CheckInDue == o.CheckInDue && pact.SamePlan(row.CheckIn, o.CheckIn) && effective.SameRule(row.Cascade, o.Cascade)
	if settled && row.InForce == o.InForce && row.Title == o.Title && string(row.Params) == string(o.Params) && row.VersionID == o.VersionID && row.Side == o.Side && row.Bearer == o.Bearer {
		return false, nil
	}
	if err := tx.Obligations.Update(ctx, &o); err != nil || row.CheckInDue == o.CheckInDue && row.InForce == o.InForce {
		return true, err
	}
	return true, tx.Enqueue(ctx, job.CheckIn{ObligationID: o.ID})
}

// unplan ends the check-ins of a line that is over. Should the rule come back, it plans them anew, and nobody hears of days that passed
// meanwhile; the owner stays.
func unplan(row *pact.Obligation) {
	row.CheckIn, row.CheckInDue = nil, ""
	if row.Cascade == nil {
		return
	}
	said := *row.Cascade
	said.CheckIn = nil
	if row.Cascade = &said; effective.SameRule(&said, nil) {
		row.Cascade = nil
	}
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
		for _, p := range effective.Inherited(members, s.contract, rows, plain, s.begins) {
			entries = append(entries, p.Entries...)
			for _, e := range p.Entries {
				s.stated[e.Obligation.ID] = *e.Obligation
			}
			if own(p.Obligation.Key) {
				continue // it is judged under its own name, by whichever governs
			}
			s.passed = append(s.passed, p)
			for _, row := range rows {
				if row.ContractID == s.contract.ID && row.InheritedFrom == p.Obligation.ID {
					stated = append(stated, row)
				}
			}
		}
		s.timeline, s.obligations = s.timeline.With(entries), stated
	}
	return scopes, nil
}
