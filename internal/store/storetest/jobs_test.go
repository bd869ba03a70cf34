package storetest_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func TestJobsRunWithTheCorrelationOfTheirCause(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		type run struct {
			args  job.Assess
			actor pact.Actor
		}
		runs := make(chan run, 10)
		tries := 0
		r, err := s.Runner(job.Config{
			Log:    slog.New(slog.DiscardHandler),
			Queues: map[string]int{"monitor": 2},
			Handlers: []job.Handler{job.Handle(time.Second, func(ctx context.Context, a job.Assess) error {
				actor, _ := pact.ActorFrom(ctx)
				if tries++; tries == 1 {
					return errors.New("not yet")
				}
				runs <- run{a, actor}
				return nil
			})},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := r.Stop(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		}()
		actor := pact.System("intake")
		actor.CorrelationID = "cor_1"
		ctx := pact.WithActor(t.Context(), actor)
		storetest.Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
			once := job.Queued{Args: job.Assess{Subject: "INC1"}, Options: job.Options{Queue: "monitor", Unique: true}}
			return tx.EnqueueWith(ctx, once, once)
		})
		select {
		case got := <-runs:
			if got.args.Subject != "INC1" || got.actor.CorrelationID != "cor_1" || got.actor.ID != "assess" {
				t.Errorf("ran with %+v", got)
			}
		case <-time.After(2 * time.Minute):
			b, err := s.Backlog(ctx)
			t.Fatalf("the job did not run: %+v %v", b, err)
		}
	})
}
