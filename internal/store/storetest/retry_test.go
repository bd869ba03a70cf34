package storetest_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// Two changes lock two rows in opposite order: PostgreSQL ends one of them, and the store tries it again.
func TestChangesThatWaitForEachOtherAreTriedAgain(t *testing.T) {
	t.Parallel()
	s := storetest.Postgres(t)
	ctx := storetest.System(t)
	a, b := pact.Contract{BusinessUnit: "emea"}, pact.Contract{BusinessUnit: "emea"}
	storetest.Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Contracts.Insert(ctx, &a); err != nil {
			return err
		}
		return tx.Contracts.Insert(ctx, &b)
	})
	var holding, all sync.WaitGroup
	holding.Add(2)
	var tries atomic.Int32
	for _, order := range [][2]pact.ContractID{{a.ID, b.ID}, {b.ID, a.ID}} {
		all.Go(func() {
			first := true
			err := s.Change(ctx, store.Act{Name: "test"}, func(ctx context.Context, tx store.Tx) error {
				tries.Add(1)
				if _, err := tx.Contracts.Lock(ctx, string(order[0])); err != nil {
					return err
				}
				if first {
					first = false
					holding.Done()
					holding.Wait()
				}
				c, err := tx.Contracts.Lock(ctx, string(order[1]))
				if err != nil {
					return err
				}
				c.CurrentVersion++
				return tx.Contracts.Update(ctx, &c)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	finished := make(chan struct{})
	go func() { all.Wait(); close(finished) }()
	select {
	case <-finished:
	case <-time.After(2 * time.Minute):
		t.Fatal("they still wait for each other")
	}
	if tries.Load() < 3 {
		t.Errorf("%d tries, fewer than 3", tries.Load())
	}
	for _, id := range []pact.ContractID{a.ID, b.ID} {
		if c, err := s.Reads().Contracts.Get(ctx, string(id)); err != nil || c.CurrentVersion != 1 {
			t.Errorf("%s was counted %d times, %v", id, c.CurrentVersion, err)
		}
	}
}
