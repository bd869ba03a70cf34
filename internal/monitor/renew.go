package monitor

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// renew moves the register's dates to the next renewal once one is over, and plans the writes of those dates. The published
// version keeps the dates of its day. A contract whose notice was sent in time, or that does not renew by itself, has no
// next renewal: its dates stand.
func (w *Watch) renew(ctx context.Context, s *scope, today calendar.Date) error {
	con := s.contract
	if con.RenewalDate == "" || con.RenewalDate >= today {
		return nil
	}
	next, ok := w.nextRenewal(*s, today)
	if !ok || next.RenewalDate <= con.RenewalDate {
		return nil
	}
	return w.Store.Change(ctx, store.Act{Name: "contract.renew", Subject: string(con.ID), Unit: con.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Contracts.Lock(ctx, string(con.ID))
		if err != nil || now.CurrentVersion != con.CurrentVersion || now.RenewalDate != con.RenewalDate {
			return err // a version was published meanwhile, with dates of its own
		}
		ended, err := tx.Occurrences.Count(ctx, store.Where(store.Eq("contract_id", con.ID), store.Eq("key", string(con.RenewalDate)), store.Eq("status", string(pact.Met))))
		if err != nil || ended > 0 {
			return err
		}
		now.RenewalDate, now.SendBy = next.RenewalDate, ""
		if next.Notice != nil {
			now.SendBy = next.Notice.SendBy
		}
		if err := tx.Contracts.Update(ctx, &now); err != nil {
			return err
		}
		s.contract = now
		return tx.Enqueue(ctx, job.PlanWrites{ContractID: con.ID, Version: con.CurrentVersion})
	})
}

// nextRenewal is the first renewal on or after a day, by the contract's own reviewed terms.
func (w *Watch) nextRenewal(s scope, today calendar.Date) (obligation.Renewal, bool) {
	i := slices.IndexFunc(s.obligations, func(o pact.Obligation) bool { return o.Kind == "renewal_notice" && o.ContractID == s.contract.ID })
	if i < 0 {
		return obligation.Renewal{}, false
	}
	var p obligation.RenewalParams
	if json.Unmarshal(s.obligations[i].Params, &p) != nil {
		return obligation.Renewal{}, false // the assessment asks what is wrong with them
	}
	renewals, err := p.Renewals(w.calendars, calendar.Period{From: today})
	if err != nil || len(renewals) == 0 {
		return obligation.Renewal{}, false
	}
	return renewals[0], true
}
