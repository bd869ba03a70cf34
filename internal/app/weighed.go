package app

import (
	"context"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

// weighedFor is how long what decisions make of confidences is used again: an import reads documents faster than people decide, and
// weighing reads up to a thousand decisions on each field.
const weighedFor = time.Minute

// weighed remembers weights for a while.
type weighed struct {
	mu      sync.Mutex
	at      time.Time
	weights extract.Weights
}

// get gives the weights, asked for again after weighedFor. A failure is not remembered.
func (w *weighed) get(ctx context.Context, ask func(context.Context) (extract.Weights, error)) (extract.Weights, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.weights != nil && time.Since(w.at) < weighedFor {
		return w.weights, nil
	}
	weights, err := ask(ctx)
	if err != nil {
		return nil, err
	}
	w.at, w.weights = time.Now(), weights
	return weights, nil
}

// weights is what decisions make of the confidences of the engines.
func (a *App) weights(ctx context.Context) (extract.Weights, error) {
	return a.weighed.get(pact.WithActor(ctx, pact.System("read")), a.review.Weights)
}
