package insight

import (
	"context"
	"fmt"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Ending ends the obligations of the timeline of a contract with it, as far as its end is certain now (obligation.Ending), by the notices and
// decisions by which its renewals were judged. family are the contracts of its family.
func (v *View) Ending(ctx context.Context, con pact.Contract, family []pact.Contract, line effective.Timeline) (effective.Timeline, error) {
	in := obligation.Input{Timeline: line, At: v.Now()}
	var err error
	if in.Calendars, err = calendar.NewSet(); err != nil {
		return line, fmt.Errorf("reading calendars: %w", err)
	}
	if in.Events, err = v.toldOfRenewals(ctx, con, family); err != nil {
		return line, fmt.Errorf("reading the notices of %s: %w", con.ID, err)
	}
	return obligation.Ending(in), nil
}

// toldOfRenewals are the events by which the renewals of a contract were judged: what was taken back is none of them.
func (v *View) toldOfRenewals(ctx context.Context, con pact.Contract, family []pact.Contract) ([]pact.Event, error) {
	reads := v.Store.Reads()
	ids := []string{string(con.ID)}
	for _, part := range effective.Amending(family, con.ID) {
		ids = append(ids, string(part.ID))
	}
	renewals, err := reads.Obligations.All(ctx, store.Where(store.In("contract_id", ids), store.Eq("kind", (obligation.RenewalNotice{}).Name()), store.Eq("inherited_from", "")))
	if err != nil || len(renewals) == 0 {
		return nil, err
	}
	ids = nil
	for _, o := range renewals {
		ids = append(ids, string(o.ID))
	}
	var told []string
	err = reads.Occurrences.Each(ctx, store.Where(store.In("obligation_id", ids)), func(occ pact.Occurrence) error {
		for _, id := range occ.Assessment.EventIDs {
			told = append(told, string(id))
		}
		return nil
	})
	if err != nil || len(told) == 0 {
		return nil, err
	}
	return reads.Events.All(ctx, store.Where(store.In("id", told)))
}

// ended says when and by what the contract ends an obligation; "" where it does not.
func ended(line effective.Timeline, key string, now time.Time) string {
	if end := line.End(key); end != nil {
		return end.Says(calendar.DateIn(now, time.UTC))
	}
	return ""
}
