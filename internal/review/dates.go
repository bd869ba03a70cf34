package review

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

// amendedDates gives a contract whose next version is v the days by the terms in force: what its amendments say of them stands, and no other
// system is told meanwhile what does not hold. Without amendments they are those of the version. What hangs on whether notice was sent is
// left to the look that follows a publication.
func amendedDates(ctx context.Context, tx store.Tx, con *pact.Contract, v pact.Version) error {
	family, err := tx.Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID)).By("created_at"))
	if err != nil {
		return fmt.Errorf("reading the family of %s: %w", con.ID, err)
	}
	if len(effective.Amending(family, con.ID)) == 0 {
		return nil
	}
	line, versions, err := obligation.OfContract(*con, family, func(part pact.Contract) (pact.Version, error) {
		if part.ID == con.ID {
			return v, nil
		}
		return tx.Versions.One(ctx, store.Where(store.Eq("contract_id", part.ID), store.Eq("number", part.CurrentVersion)))
	})
	if err != nil {
		return fmt.Errorf("reading the amendments of %s: %w", con.ID, err)
	}
	r := obligation.Registered{Contract: con.ID, Timeline: line, Obligations: obligation.Stated(versions), Says: obligation.DatesOfVersion(v), Has: obligation.DatesOfContract(*con)}
	now, over := r.Dates(calendar.Set{}, calendar.DateIn(tx.Now, time.UTC))
	con.ExpirationDate = now.Expires
	if over.Renews == "" {
		con.RenewalDate, con.SendBy = now.Renews, now.SendBy
	}
	return nil
}
