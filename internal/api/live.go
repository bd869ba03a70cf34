package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2/sse"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// beat keeps proxies from closing a silent stream.
type beat struct {
	At time.Time `json:"at"`
}

func (s *Server) liveRoutes() {
	live := op(http.MethodGet, "/live", "live", "Changes as they commit: topics and ids, to fetch again", "Live", pact.Viewer)
	sse.Register(s.api, live, map[string]any{"touched": store.Touched{}, "beat": beat{}}, func(ctx context.Context, _ *struct{}, send sse.Sender) {
		changes, err := s.Store.Live(ctx)
		if err != nil {
			s.Log.Error("opening the live stream", "error", err)
			return
		}
		tick := time.NewTicker(20 * time.Second)
		defer tick.Stop()
		if send.Data(beat{At: s.Now().UTC()}) != nil {
			return
		}
		for {
			select {
			case <-ctx.Done():
				return
			case <-s.closing:
				return
			case <-tick.C:
				if send.Data(beat{At: s.Now().UTC()}) != nil {
					return
				}
			case t, ok := <-changes:
				if !ok || send.Data(t) != nil {
					return
				}
			}
		}
	})
}
