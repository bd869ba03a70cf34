package api

import (
	"cmp"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// occurrencePage is one due instance with what its judgement rests on.
type occurrencePage struct {
	Occurrence pact.Occurrence  `json:"occurrence" doc:"With the trace of its judgement."`
	Obligation *pact.Obligation `json:"obligation,omitempty" doc:"As the document that governs states it, with its clause."`
	Events     []pact.Event     `json:"events" doc:"What it was judged from, in the order in which it happened; the first 500."`
	Finding    *pact.Finding    `json:"finding,omitempty" doc:"What became of it where it matters."`
}

// shownEvents is how many events are given with an occurrence.
const shownEvents = 500

func (s *Server) occurrenceRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/occurrences/{id}", "getOccurrence", "An occurrence with its judgement, step by step", "Contracts", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[occurrencePage], error) {
		out, err := s.occurrencePage(ctx, in.ID)
		return respondWith(ctx, s, out, err)
	})
}

func (s *Server) occurrencePage(ctx context.Context, id string) (occurrencePage, error) {
	r := s.Store.Reads()
	occ, err := r.Occurrences.Get(ctx, id)
	if err != nil {
		return occurrencePage{}, err
	}
	seen := []pact.Occurrence{occ}
	if err := s.Insight.Today(ctx, seen); err != nil {
		return occurrencePage{}, err
	}
	occ = seen[0]
	out := occurrencePage{Occurrence: occ, Events: []pact.Event{}}
	if out.Obligation, err = maybe(r.Obligations.Get(ctx, string(cmp.Or(occ.Assessment.GovernedBy, occ.ObligationID)))); err != nil {
		return out, err
	}
	if out.Finding, err = maybe(r.Findings.One(ctx, store.Where(store.Eq("occurrence_id", occ.ID)))); err != nil {
		return out, err
	}
	if ids := occ.Assessment.EventIDs; len(ids) > 0 {
		out.Events, err = r.Events.All(ctx, store.Where(store.In("id", ids[:min(len(ids), shownEvents)])).By("occurred_at"))
	}
	return out, err
}
