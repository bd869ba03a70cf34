package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// systemState tells how the installation is.
type systemState struct {
	Version        string                 `json:"version"`
	Now            time.Time              `json:"now"`
	Uptime         string                 `json:"uptime"`
	Ready          bool                   `json:"ready"`
	Backlog        store.Backlog          `json:"backlog"`
	NextTransition *time.Time             `json:"next_transition,omitempty" doc:"When the earliest open clock changes its status."`
	Recognition    *document.EngineStatus `json:"recognition,omitempty" doc:"What reads scans: the engine, its languages, and what is missing."`
	NextDue        *time.Time             `json:"next_due,omitempty" doc:"Due instant of the earliest timer."`
}

func (s *Server) overviewRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/overview", "overview", "What needs attention", "Overview", pact.Viewer), func(ctx context.Context, _ *struct{}) (*answer[insight.Overview], error) {
		o, err := s.Insight.Overview(ctx)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return &answer[insight.Overview]{Body: o}, nil
	})
	huma.Register(s.api, op(http.MethodGet, "/system", "systemState", "State of the installation", "Overview", pact.Viewer), func(ctx context.Context, _ *struct{}) (*answer[systemState], error) {
		out := systemState{Version: s.Version, Now: s.Now().UTC(), Uptime: time.Since(s.started).Round(time.Second).String()}
		out.Ready = s.Ready(ctx) == nil
		var err error
		if out.Backlog, err = s.Store.Backlog(s.system(ctx)); err != nil {
			return nil, s.fail(ctx, err)
		}
		due, ok, err := s.Store.Schedule().Next(s.system(ctx))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		if ok {
			due = due.UTC()
			out.NextDue = &due
		}
		if s.Recognition != nil {
			state := s.Recognition(ctx)
			out.Recognition = &state
		}
		first, err := s.Store.Reads().Timers.List(s.system(ctx), store.Query{Where: []store.Cond{store.Eq("kind", "occurrence")}, Order: []string{"due_at"}, Limit: 1})
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		if len(first.Items) > 0 {
			at := first.Items[0].DueAt.UTC()
			out.NextTransition = &at
		}
		return &answer[systemState]{Body: out}, nil
	})
}
