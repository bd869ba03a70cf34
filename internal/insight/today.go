package insight

import (
	"context"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Today brings to the instant of reading what was judged of contracts that run until ended by notice: the day on which notice sent today
// ends one moves with the calendar, and no timer tells of it. They are judged again from the events they rested on, in place and without
// being kept; what notice has ended, and every other occurrence, stays as it was judged. The zone of a day is that of the clause.
func (v *View) Today(ctx context.Context, list []pact.Occurrence) error {
	for i := range list {
		if o := &list[i]; o.Key == obligation.EvergreenKey && o.Assessment.Status == pact.OnTrack {
			if err := v.today(ctx, o); err != nil && !fault.Is(err, fault.NotFound) { // of what is gone meanwhile the last judgement stays
				return err
			}
		}
	}
	return nil
}

func (v *View) today(ctx context.Context, occ *pact.Occurrence) error {
	reads := v.Store.Reads()
	in := obligation.Input{Occurrence: *occ, At: v.Now()}
	var err error
	if in.Obligation, err = reads.Obligations.Get(ctx, string(occ.ObligationID)); err != nil {
		return err
	}
	stated := in.Obligation
	if stated.InheritedFrom != "" {
		if stated, err = reads.Obligations.Get(ctx, string(stated.InheritedFrom)); err != nil {
			return err
		}
	}
	if in.Timeline, _, _, err = v.plainLineOf(ctx, stated.ContractID); err != nil { // what ends a contract leaves its renewals
		return err
	}
	if ids := occ.Assessment.EventIDs; len(ids) > 0 {
		if in.Events, err = reads.Events.All(ctx, store.Where(store.In("id", ids)).By("occurred_at")); err != nil {
			return err
		}
	}
	if in.Calendars, err = calendar.NewSet(); err != nil {
		return err
	}
	a, err := obligation.Assess(in)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Unsupported) {
		return nil // the next judgement asks about it
	}
	if err != nil {
		return err
	}
	occ.Assessment, occ.Status = a, a.Status
	return nil
}
