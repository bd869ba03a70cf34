package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/pact"
)

type eventBatch struct {
	BusinessUnit string       `json:"business_unit,omitempty" maxLength:"120"`
	Events       []pact.Event `json:"events" minItems:"1" maxItems:"500"`
}

func (s *Server) eventRoutes() {
	take := op(http.MethodPost, "/events", "takeEvents", "Deliver events: outages, samples, charges, tickets", "Events", pact.Connector)
	take.DefaultStatus = http.StatusAccepted
	huma.Register(s.api, take, func(ctx context.Context, in *struct{ Body eventBatch }) (*answer[exchange.Taken], error) {
		unit := in.Body.BusinessUnit
		if unit == "" {
			unit = "default"
			if a, _ := pact.ActorFrom(ctx); len(a.Units) == 1 && a.Units[0] != "*" {
				unit = a.Units[0]
			}
		}
		out, err := s.Exchange.TakeEvents(ctx, unit, in.Body.Events)
		if out.Events == nil {
			out.Events = []pact.Event{}
		}
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/events", "listEvents", "What other systems reported", "Events", pact.Viewer), func(ctx context.Context, in *struct {
		Paging
		ContractID string `query:"contract_id"`
		Subject    string `query:"subject"`
		Kind       string `query:"kind"`
	},
	) (*answer[page[pact.Event]], error) {
		p, err := s.Store.Reads().Events.List(ctx, storeQuery(in.Paging, "-occurred_at", "contract_id", in.ContractID, "subject", in.Subject, "kind", in.Kind))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, same[pact.Event]), nil
	})
}
