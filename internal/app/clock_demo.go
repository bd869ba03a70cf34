//go:build demo

package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// Movable tells whether this build's clock can be moved.
const Movable = true

// remote follows a clock that stands still between moves, by long polling.
type remote struct {
	mu    sync.Mutex
	now   time.Time
	moved chan struct{}
}

func (r *remote) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *remote) Moved() <-chan struct{} { return r.moved }

type reading struct {
	Now      time.Time `json:"now"`
	Revision int64     `json:"revision"`
}

func openClock(ctx context.Context, address string, log *slog.Logger) (Clock, error) {
	if address == "" {
		return wall{}, nil
	}
	first, err := ask(ctx, address, -1)
	if err != nil {
		return nil, fmt.Errorf("reading the demo clock: %w", err)
	}
	r := &remote{now: first.Now, moved: make(chan struct{}, 1)}
	go r.follow(ctx, address, first.Revision, log)
	return r, nil
}

func (r *remote) follow(ctx context.Context, address string, revision int64, log *slog.Logger) {
	for ctx.Err() == nil {
		next, err := ask(ctx, address, revision)
		if err != nil {
			if ctx.Err() == nil {
				log.Warn("the demo clock does not answer", "error", err)
			}
			select {
			case <-ctx.Done():
			case <-time.After(200 * time.Millisecond):
			}
			continue
		}
		if next.Revision == revision {
			continue
		}
		revision = next.Revision
		r.mu.Lock()
		r.now = next.Now
		r.mu.Unlock()
		select {
		case r.moved <- struct{}{}:
		default:
		}
	}
}

func ask(ctx context.Context, address string, after int64) (reading, error) {
	q := ""
	if after >= 0 {
		q = "?" + url.Values{"after": {strconv.FormatInt(after, 10)}, "wait": {"25s"}}.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+q, nil)
	if err != nil {
		return reading{}, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return reading{}, err
	}
	defer res.Body.Close()
	var out reading
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		return out, err
	}
	if res.StatusCode != http.StatusOK || out.Now.IsZero() {
		return out, fmt.Errorf("the clock answered %s", res.Status)
	}
	return out, nil
}
