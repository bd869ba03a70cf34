package app

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pactloop/pactloop/internal/extract"
)

func TestDecisionsAreWeighedAgainAfterAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		fail := true
		ask := func(context.Context) (extract.Weights, error) {
			asked++
			if fail {
				return nil, errors.New("the database is away")
			}
			return extract.Weights{}, nil
		}
		var w weighed
		for _, step := range []struct {
			wait  time.Duration
			fails bool
			asked int
		}{
			{0, true, 1},
			{0, false, 2}, // a failure is not remembered
			{59 * time.Second, false, 2},
			{time.Second, false, 3},
		} {
			<-time.After(step.wait)
			fail = step.fails
			if _, err := w.get(t.Context(), ask); (err != nil) != step.fails || asked != step.asked {
				t.Errorf("after %s: asked %d times, want %d; %v", step.wait, asked, step.asked, err)
			}
		}
	})
}
