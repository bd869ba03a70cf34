package storetest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func BenchmarkStore(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *sqlstore.Store{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		ctx := storetest.System(b)
		b.Run(name+"/delivery and job", func(b *testing.B) {
			s := open(b)
			n := 0
			for b.Loop() {
				n++
				storetest.Must(ctx, b, s, func(ctx context.Context, tx store.Tx) error {
					d := pact.Delivery{BusinessUnit: "emea", ConnectionID: "cnn_1", EventKey: fmt.Sprint(n), Body: "{}", State: "received", ReceivedAt: tx.Now}
					if err := tx.Deliveries.Insert(ctx, &d); err != nil {
						return err
					}
					return tx.Enqueue(ctx, job.ProcessDelivery{DeliveryID: d.ID})
				})
			}
		})
		b.Run(name+"/100 events", func(b *testing.B) {
			s := open(b)
			n := 0
			for b.Loop() {
				storetest.Must(ctx, b, s, func(ctx context.Context, tx store.Tx) error {
					for range 100 {
						n++
						e := pact.Event{BusinessUnit: "emea", ConnectionID: "cnn_1", ExternalID: fmt.Sprint(n), Kind: "sample", OccurredAt: tx.Now}
						if err := tx.Events.Insert(ctx, &e); err != nil {
							return err
						}
					}
					return nil
				})
			}
		})
		b.Run(name+"/page of 50 contracts of 10000", func(b *testing.B) {
			s := open(b)
			storetest.Must(ctx, b, s, func(ctx context.Context, tx store.Tx) error {
				for i := range 10_000 {
					c := pact.Contract{BusinessUnit: fmt.Sprint("unit", i%10), Title: fmt.Sprint("contract ", i), State: pact.ContractActive}
					if err := tx.Contracts.Insert(ctx, &c); err != nil {
						return err
					}
				}
				return nil
			})
			as := pact.WithActor(b.Context(), pact.Actor{ID: "usr_1", Role: pact.Viewer, Units: []string{"unit3"}})
			for b.Loop() {
				page, err := s.Reads().Contracts.List(as, store.Query{Order: []string{"-updated_at"}})
				if err != nil || len(page.Items) != 50 {
					b.Fatal(len(page.Items), err)
				}
			}
		})
	}
}
