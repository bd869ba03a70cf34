package monitor

import (
	"context"

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
	has := obligation.DatesOfContract(con)
	now, over := obligation.Registered{Contract: con.ID, Timeline: s.timeline, Obligations: s.obligations, Says: s.says, Has: has}.Dates(w.calendars, today)
	if now == has {
		return nil
	}
	return w.Store.Change(ctx, store.Act{Name: "contract.renew", Subject: string(con.ID), Unit: con.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		row, err := tx.Contracts.Lock(ctx, string(con.ID))
		if err != nil || row.CurrentVersion != con.CurrentVersion || obligation.DatesOfContract(row) != has {
			return err // a version was published meanwhile, with dates of its own
		}
		if over.Renews != "" {
			sent, err := tx.Occurrences.Count(ctx, store.Where(store.Eq("contract_id", con.ID), store.Eq("key", string(over.Renews)), store.Eq("status", string(pact.Met))))
			if err != nil {
				return err
			}
			if sent > 0 {
				now.Renews, now.SendBy = over.Renews, over.SendBy
			}
			if now == has {
				return nil
			}
		}
		row.ExpirationDate, row.RenewalDate, row.SendBy = now.Expires, now.Renews, now.SendBy
		if err := tx.Contracts.Update(ctx, &row); err != nil {
			return err
		}
		s.contract = row
		return tx.Enqueue(ctx, job.PlanWrites{ContractID: con.ID, Version: con.CurrentVersion})
	})
}
