package monitor

import (
	"context"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// renew moves the register's dates to the next renewal once one is over, and to the terms in force where an amendment changed them,
// and plans the writes of those dates. The published version keeps the dates of its day. A contract whose notice was sent in time, or
// that does not renew by itself, has no next renewal: its dates stand.
func (w *Watch) renew(ctx context.Context, s *scope, today calendar.Date) error {
	con := s.contract
	now, ended := w.datesNow(*s, today)
	if now == datesOf(con) {
		return nil
	}
	return w.Store.Change(ctx, store.Act{Name: "contract.renew", Subject: string(con.ID), Unit: con.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		row, err := tx.Contracts.Lock(ctx, string(con.ID))
		if err != nil || row.CurrentVersion != con.CurrentVersion || datesOf(row) != datesOf(con) {
			return err // a version was published meanwhile, with dates of its own
		}
		if ended {
			sent, err := tx.Occurrences.Count(ctx, store.Where(store.Eq("contract_id", con.ID), store.Eq("key", string(con.RenewalDate)), store.Eq("status", string(pact.Met))))
			if err != nil || sent > 0 {
				return err
			}
		}
		row.ExpirationDate, row.RenewalDate, row.SendBy = now.expires, now.renews, now.sendBy
		if err := tx.Contracts.Update(ctx, &row); err != nil {
			return err
		}
		s.contract = row
		return tx.Enqueue(ctx, job.PlanWrites{ContractID: con.ID, Version: con.CurrentVersion})
	})
}

// registerDates are the days of a contract in lists and in other systems.
type registerDates struct{ expires, renews, sendBy calendar.Date }

func datesOf(con pact.Contract) registerDates {
	return registerDates{con.ExpirationDate, con.RenewalDate, con.SendBy}
}

// datesNow are the days of a contract by the terms in force; ended tells that a renewal is over, which notice may have prevented. What
// the contract's own version says stands until an amendment says otherwise.
func (w *Watch) datesNow(s scope, today calendar.Date) (now registerDates, ended bool) {
	now = datesOf(s.contract)
	if r := s.timeline.Term("expiration_date", today); r.Winner != nil && r.Winner.Source.ContractID != s.contract.ID && r.Winner.Term.Value.Date != "" {
		now.expires = r.Winner.Term.Value.Date
	}
	i := slices.IndexFunc(s.obligations, func(o pact.Obligation) bool { return o.Kind == "renewal_notice" && o.InheritedFrom == "" })
	if i < 0 {
		return now, false
	}
	o, amended := s.obligations[i], false
	if r := s.timeline.Obligation(o.Key, today); r.Winner != nil {
		o, amended = *r.Winner.Obligation, r.Winner.Source.ContractID != s.contract.ID
	}
	ended = now.renews != "" && now.renews < today
	if !amended && !ended {
		return now, false
	}
	next, ok := obligation.NextRenewal(o, w.calendars, today)
	if !ok || !amended && next.RenewalDate <= now.renews {
		return now, ended
	}
	now.renews, now.sendBy = next.RenewalDate, ""
	if next.Notice != nil {
		now.sendBy = next.Notice.SendBy
	}
	return now, ended
}
