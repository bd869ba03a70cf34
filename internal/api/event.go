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
	huma.Register(s.api, op(http.MethodGet, "/events/unmatched", "listUnmatched", "Tickets and outages whose contract was not found", "Events", pact.Viewer), func(ctx context.Context, in *struct {
		Ignored bool `query:"ignored" doc:"Those that a person set aside, instead of those that wait."`
	},
	) (*answer[exchange.UnmatchedList], error) {
		out, err := s.Exchange.Unmatched(ctx, in.Ignored)
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/events/{id}/contracts", "contractsForEvent", "Contracts an event could fall under, with the reason why none was taken", "Events", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[exchange.EventOptions], error) {
		out, err := s.Exchange.ContractsFor(ctx, pact.EventID(in.ID))
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/events/{id}/decision", "settleEvent", "Match an event to a contract, set it aside, or take that back", "Events", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body struct {
			Kind       string          `json:"kind" enum:"match,ignore,restore" doc:"It holds for every event of the same subject that has no contract."`
			ContractID pact.ContractID `json:"contract_id,omitempty" doc:"With match."`
			Reason     string          `json:"reason,omitempty" maxLength:"2000" doc:"Needed with ignore."`
		}
	},
	) (*answer[exchange.SettledEvents], error) {
		b := in.Body
		out, err := s.Exchange.SettleEvent(ctx, pact.EventID(in.ID), exchange.EventDecision{Kind: b.Kind, ContractID: b.ContractID, Reason: b.Reason})
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
