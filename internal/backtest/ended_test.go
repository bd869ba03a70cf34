package backtest_test

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
)

// asked is a context that ends when it was asked a number of times.
type asked struct {
	context.Context //nolint:containedctx // it stands in for one
	left            atomic.Int64
}

func (a *asked) Err() error {
	if a.left.Add(-1) >= 0 {
		return nil
	}
	return context.Canceled
}

// Wherever a run is when its context ends, it ends there, with that error and soon: no report that lacks something comes out.
func TestARunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for _, k := range obligation.All() {
		t.Run(k.Name(), func(t *testing.T) {
			t.Parallel()
			in := disturbed(grown(t, k.Name(), 60))
			in.From, in.To = calendar.DateIn(in.AsOf, in.AsOf.Location()).AddMonths(-3), ""
			counted := &asked{Context: t.Context()}
			const many = 1 << 40
			counted.left.Store(many)
			if _, err := backtest.Run(counted, in); err != nil {
				t.Fatal(err)
			}
			needed := many - counted.left.Load()
			for _, n := range []int64{0, 1, needed / 2, needed - 1} {
				ends := &asked{Context: t.Context()}
				ends.left.Store(n)
				if _, err := backtest.Run(ends, in); !errors.Is(err, context.Canceled) {
					t.Errorf("ended after %d of %d: %v", n, needed, err)
				}
				if late := -ends.left.Load(); late > int64(2*runtime.GOMAXPROCS(0)+4) { // each goroutine may ask once more, and no instant of the replay
					t.Errorf("ended after %d of %d, it went on and asked %d times more", n, needed, late)
				}
			}
			if needed < 2 {
				t.Errorf("it was asked %d times whether to end", needed)
			}
		})
	}
}
