package exchange_test

import (
	"context"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// counted counts how often rows are read.
type counted[T any] struct {
	store.Reading[T]
	lists, alls int
}

func (c *counted[T]) List(ctx context.Context, q store.Query) (store.Page[T], error) {
	c.lists++
	return c.Reading.List(ctx, q)
}

func (c *counted[T]) All(ctx context.Context, q store.Query) ([]T, error) {
	c.alls++
	return c.Reading.All(ctx, q)
}

// However many obligations of a contract ask what systems report, it is read once, and the family once.
func TestWhatSystemsReportIsReadOnce(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := reporting(t, h)
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			return tx.Events.Insert(ctx, &pact.Event{ID: "evt_1", BusinessUnit: "north", ConnectionID: "cnn_1", ContractID: con.FamilyID, ExternalID: "e1", Kind: "trigger", Subject: "C-1", OccurredAt: tx.Now, ReceivedAt: tx.Now, Data: pact.EventData{Item: "change", Contract: "D-1"}})
		})
		ctx := storetest.System(t)
		events, contracts := &counted[pact.Event]{Reading: h.Store.Reads().Events}, &counted[pact.Contract]{Reading: h.Store.Reads().Contracts}
		r := store.NewReporting(contracts, events, con)
		for range 50 {
			if got, err := r.Reports(ctx, []string{"trigger"}); err != nil || len(got) != 1 {
				t.Fatalf("%+v %v", got, err)
			}
			if got, err := r.Triggers(ctx, []pact.Event{{Data: pact.EventData{Reference: "inform"}}, {Data: pact.EventData{Reference: "consent"}}}, "inform"); err != nil || len(got) != 1 {
				t.Fatalf("%+v %v", got, err)
			}
		}
		if events.lists != 1 || contracts.alls != 1 {
			t.Errorf("read %d times, the family %d times", events.lists, contracts.alls)
		}
	})
}
