package exchange

import (
	"context"
	"errors"
	"fmt"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/outbox"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// FlagReview makes the "needs review" flag in other systems agree with the reviews of a contract: raised while one is
// open, taken back when the last is finished. It is the only thing that another system hears of a held contract. Twice is
// harmless. A flag that is under way is left alone; settling it asks here again, so that a flag is never taken back
// before it was raised.
func (o *Office) FlagReview(ctx context.Context, args job.FlagReview) error {
	con, err := o.Store.Reads().Contracts.Get(ctx, string(args.ContractID))
	if err != nil {
		return fmt.Errorf("reading contract %s: %w", args.ContractID, err)
	}
	connections, err := o.Store.Reads().Connections.All(ctx, store.Where(store.Eq("business_unit", con.BusinessUnit), store.Eq("enabled", true)))
	if err != nil {
		return err
	}
	var failures []error
	for _, c := range connections {
		if err := o.flagIn(ctx, c, con); err != nil {
			failures = append(failures, fmt.Errorf("flagging the review in %s: %w", c.Name, err))
		}
	}
	return errors.Join(failures...)
}

func (o *Office) flagIn(ctx context.Context, c pact.Connection, con pact.Contract) error {
	held, err := heldBy(ctx, o.Store.Reads().Reviews, con.ID)
	if err != nil {
		return err
	}
	var raise []pact.Action
	if held != "" {
		if raise, err = o.raises(ctx, c, con, held); err != nil {
			return err
		}
	}
	flags, err := flagsOf(ctx, o.Store.Reads().Actions, c, con)
	if err != nil || (len(flags) == 0 && len(raise) == 0) {
		return err
	}
	return o.Store.Change(ctx, store.Act{Name: "review.flag", Subject: string(con.ID), Unit: con.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Contracts.Lock(ctx, string(con.ID)); err != nil {
			return err
		}
		now, err := heldBy(ctx, tx.Reviews, con.ID)
		if err != nil {
			return err
		}
		flags, err := flagsOf(ctx, tx.Actions, c, con)
		if err != nil {
			return err
		}
		if now == "" {
			return takeBack(ctx, tx, flags)
		}
		if now != held {
			return tx.Enqueue(ctx, job.FlagReview{ContractID: con.ID}) // another review was opened meanwhile
		}
		return putFlags(ctx, tx, flags, raise)
	})
}

// heldBy gives the oldest open review of a contract; "" while none is open.
func heldBy(ctx context.Context, reviews store.Reading[pact.Review], id pact.ContractID) (pact.ReviewID, error) {
	open, err := reviews.All(ctx, store.Where(store.Eq("contract_id", id), store.In("state", []string{string(pact.ReviewWaiting), string(pact.ReviewInReview)})).By("id"))
	if err != nil || len(open) == 0 {
		return "", err
	}
	return open[0].ID, nil
}

// flagsOf gives the flags that were ever planned for a contract in a connection, raised and taken back.
func flagsOf(ctx context.Context, actions store.Reading[pact.Action], c pact.Connection, con pact.Contract) ([]pact.Action, error) {
	var out []pact.Action
	err := actions.Each(ctx, store.Where(store.Eq("contract_id", con.ID), store.Eq("connection_id", c.ID), store.Eq("finding_id", "")), func(a pact.Action) error {
		if isFlag(a) {
			out = append(out, a)
		}
		return nil
	})
	return out, err
}

func isFlag(a pact.Action) bool {
	_, ok := a.Fields[connector.NeedsReview]
	return ok
}

// raises composes the flags of an open review. One without a record to stand on is unmapped, with the reason.
func (o *Office) raises(ctx context.Context, c pact.Connection, con pact.Contract, held pact.ReviewID) ([]pact.Action, error) {
	mapping, err := o.mapping(ctx, c)
	if err != nil {
		return nil, err
	}
	var out []pact.Action
	for _, om := range mapping.Objects {
		if om.For != "review_flag" || (con.Relation == "amendment" && (con.Source == nil || con.Source.ConnectionID != c.ID)) {
			continue // as with its terms: an amendment has no record of its own there
		}
		a := pact.Action{
			BusinessUnit: con.BusinessUnit, ConnectionID: c.ID, ContractID: con.ID, Kind: om.Action, Object: om.Object, State: pact.ActionPending,
			Fields: map[string]any{connector.NeedsReview: true}, Key: outbox.Key(string(c.ID), om.For, om.Object, "raise", string(held)),
		}
		if con.Customer == "" {
			a.State, a.Reason = pact.ActionUnmapped, "The contract names no customer before it is reviewed, so there is no record to mark as needing review."
			out = append(out, a)
			continue
		}
		l, err := o.early(ctx, c, con, om.Object)
		if err != nil {
			return nil, err
		}
		if a.ExternalID = l.ExternalID; a.ExternalID == "" {
			a.State, a.Reason = pact.ActionUnmapped, fmt.Sprintf("No %s is settled for %q to mark as needing review: %s.", om.Object, con.Customer, first(l.Explanation))
		}
		out = append(out, a)
	}
	return out, nil
}

// early finds the record of a contract whose customer nobody confirmed yet. What it finds by name is used and not kept:
// the review may correct the customer, and terms must then go to that one's record.
func (o *Office) early(ctx context.Context, c pact.Connection, con pact.Contract, object string) (pact.Link, error) {
	conn, err := o.Connections.Open(ctx, c)
	if err != nil {
		return pact.Link{}, err
	}
	office := &Office{Config: o.Config, dry: o.dry, unreviewed: con.CurrentVersion == 0}
	return office.link(ctx, c, conn, con, object)
}

// putFlags raises what is not raised. A flag that is being taken back is waited for.
func putFlags(ctx context.Context, tx store.Tx, flags, raise []pact.Action) error {
	for _, want := range raise {
		stands := false
		for _, f := range flags {
			if f.Object != want.Object || f.Key == want.Key {
				continue
			}
			switch raised := f.Fields[connector.NeedsReview] == true; {
			case f.State == pact.ActionPending, raised && f.State == pact.ActionDone && !takenBack(flags, f):
				stands = true
			case f.State != pact.ActionDone && f.State != pact.ActionWithdrawn:
				if err := withdraw(ctx, tx, f, "the flag of another review replaced it"); err != nil {
					return err
				}
			}
		}
		if stands {
			continue
		}
		if err := outbox.Put(ctx, tx, want); err != nil {
			return err
		}
	}
	return nil
}

// takeBack clears every flag that stands or may stand, once for each that was raised, on the record it was raised on.
func takeBack(ctx context.Context, tx store.Tx, flags []pact.Action) error {
	for _, f := range flags {
		if f.Fields[connector.NeedsReview] != true || takenBack(flags, f) {
			continue
		}
		written := f.State == pact.ActionDone || f.State == pact.ActionUnavailable || f.State == pact.ActionNeedsCheck
		if f.State != pact.ActionPending && f.State != pact.ActionDone && f.State != pact.ActionWithdrawn {
			if err := withdraw(ctx, tx, f, "the review is finished"); err != nil {
				return err
			}
		}
		if !written {
			continue
		}
		clear := pact.Action{
			BusinessUnit: f.BusinessUnit, ConnectionID: f.ConnectionID, ContractID: f.ContractID, Kind: f.Kind, Object: f.Object, ExternalID: f.ExternalID,
			State: pact.ActionPending, Fields: map[string]any{connector.NeedsReview: false}, Key: clearKey(f),
		}
		if err := outbox.Put(ctx, tx, clear); err != nil {
			return err
		}
	}
	return nil
}

func clearKey(raised pact.Action) string { return outbox.Key(raised.Key, "clear") }

func takenBack(flags []pact.Action, raised pact.Action) bool {
	for _, f := range flags {
		if f.Key == clearKey(raised) {
			return true
		}
	}
	return false
}

func withdraw(ctx context.Context, tx store.Tx, a pact.Action, reason string) error {
	a.State, a.Reason = pact.ActionWithdrawn, reason
	return tx.Actions.Update(ctx, &a)
}
