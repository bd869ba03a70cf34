package monitor

import (
	"context"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// renew moves the register's dates to the next renewal once one is over, and to the terms in force where an amendment changed them,
// and plans the writes of those dates. The published version keeps the dates of its day. A contract that notice in time ended has no
// renewal ahead, until that notice is taken back; the dates of one that does not renew by itself stand.
func (w *Watch) renew(ctx context.Context, s *scope, today calendar.Date) error {
	con := s.contract
	has := obligation.DatesOfContract(con)
	prevented, err := w.prevented(ctx, *s, today)
	if err != nil {
		return err
	}
	now, over := obligation.Registered{Contract: con.ID, Timeline: s.timeline, Obligations: s.obligations, Says: s.says, Has: has, Prevented: prevented}.Dates(w.calendars, today)
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
		now.Register(&row)
		if err := tx.Contracts.Update(ctx, &row); err != nil {
			return err
		}
		s.contract = row
		return tx.Enqueue(ctx, job.PlanWrites{ContractID: con.ID, Version: con.CurrentVersion})
	})
}

// prevented is the first renewal of a contract that notice in time prevented, by the terms in force.
func (w *Watch) prevented(ctx context.Context, s scope, today calendar.Date) (calendar.Date, error) {
	for _, o := range s.obligations {
		if o.Kind != (obligation.RenewalNotice{}).Name() || o.InheritedFrom != "" {
			continue
		}
		judged, err := w.Store.Reads().Occurrences.All(ctx, store.Where(store.Eq("obligation_id", o.ID), store.Eq("status", string(pact.Met))))
		if err != nil {
			return "", err
		}
		if t := s.timeline.Obligation(o.Key, today); t.Winner != nil {
			o = *t.Winner.Obligation
		}
		return obligation.Prevented(o, judged), nil
	}
	return "", nil
}

// noticed tells whether notices are among events that were reported or taken back.
func noticed(fresh []pact.Event) bool {
	about := obligation.EndEvents()
	return slices.ContainsFunc(fresh, func(e pact.Event) bool { return slices.Contains(about, e.Kind) })
}

// followed lets the register follow the notices.
func (w *Watch) followed(ctx context.Context, scopes []scope) error {
	today := calendar.DateIn(w.Now(), time.UTC)
	for i := range scopes {
		if err := w.renew(ctx, &scopes[i], today); err != nil {
			return err
		}
	}
	return nil
}

// ending ends the obligations of a contract with it, by what is known of its notices at an instant (obligation.Ending).
func (w *Watch) ending(ctx context.Context, s *scope, at time.Time) error {
	var events []pact.Event
	if i := slices.IndexFunc(s.obligations, renews); i >= 0 {
		var err error
		if events, err = w.log(ctx, w.Store.Reads().Events, *s, s.obligations[i], ""); err != nil {
			return err
		}
	}
	s.timeline = obligation.Ending(obligation.Input{Timeline: s.timeline, Events: events, Calendars: w.calendars, At: at})
	return nil
}

// renews tells whether an obligation is the notice of renewal of the contract itself.
func renews(o pact.Obligation) bool {
	return o.Kind == (obligation.RenewalNotice{}).Name() && o.InheritedFrom == ""
}

// mayEnd tells whether the end of a contract hangs on notices, and something hangs on its end.
func (s scope) mayEnd() bool {
	return slices.ContainsFunc(s.obligations, renews) && slices.ContainsFunc(s.obligations, func(o pact.Obligation) bool { return !renews(o) })
}

// endsNow tells whether the judgement of an obligation may be what ends the others.
func (s scope) endsNow(o pact.Obligation) bool {
	return renews(o) && slices.ContainsFunc(s.obligations, func(o pact.Obligation) bool { return s.timeline.End(o.Key) != nil })
}
