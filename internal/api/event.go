package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

type eventBatch struct {
	BusinessUnit string           `json:"business_unit,omitempty" maxLength:"120"`
	Events       []deliveredEvent `json:"events" minItems:"1" maxItems:"500"`
}

// deliveredEvent is an event as it came. What is wrong with it is told of it alone: the others of its batch are taken.
type deliveredEvent struct{ json.RawMessage }

// Schema is that of an event; another object is rejected by itself.
func (deliveredEvent) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "An event. One that does not fit is rejected with its reasons, and the others are taken.",
		AnyOf:       []*huma.Schema{r.Schema(reflect.TypeFor[pact.Event](), true, "Event"), {Type: huma.TypeObject, AdditionalProperties: true}},
	}
}

// read reads the events of a batch as files of events are read.
func (b eventBatch) read() []exchange.Delivery {
	out := make([]exchange.Delivery, len(b.Events))
	for i, raw := range b.Events {
		e, problems := backtest.ReadEvent(raw.RawMessage)
		out[i] = exchange.Delivery{Event: e, Text: string(raw.RawMessage)}
		for _, p := range problems {
			out[i].Problems = append(out[i].Problems, strings.TrimPrefix(strings.ReplaceAll(strings.TrimPrefix(p.Pointer, "/"), "/", ".")+": ", ": ")+p.Message)
		}
	}
	return out
}

// takenAnswer is 202 where all events were taken, and 207 where some were rejected.
type takenAnswer struct {
	Status int
	Body   exchange.Taken
}

// eventKindView is a kind of event with the fields a form or a column can fill.
type eventKindView struct {
	Kind    string            `json:"kind"`
	Title   string            `json:"title"`
	Subject string            `json:"subject" doc:"What its subject is."`
	Fields  []pact.EventField `json:"fields" doc:"What a column of a table can be mapped to."`
	Needs   []string          `json:"needs" doc:"Fields it can not do without; a|b is one or the other."`
	For     []string          `json:"for" doc:"Kinds of obligation that are judged from it."`
}

// importForm is a table of events with the meaning of its columns.
type importForm struct {
	BusinessUnit string            `json:"business_unit,omitempty" maxLength:"120"`
	Name         string            `json:"name,omitempty" maxLength:"200" doc:"Name of the file, to know it again."`
	CSV          string            `json:"csv" minLength:"1" doc:"The table with its headings, in UTF-8; at most 2,000 lines."`
	Mapping      pact.EventMapping `json:"mapping"`
	DryRun       bool              `json:"dry_run,omitempty" doc:"Look at it only: nothing is kept."`
}

// largestImport bounds the body of an import.
const largestImport = 8 << 20

// unitOf is the business unit events are for: the one named, or the only one of the key.
func unitOf(ctx context.Context, named string) string {
	if named != "" {
		return named
	}
	if a, _ := pact.ActorFrom(ctx); len(a.Units) == 1 && a.Units[0] != "*" {
		return a.Units[0]
	}
	return "default"
}

func (s *Server) importRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/event-kinds", "listEventKinds", "Kinds of events with their fields", "Events", pact.Viewer), func(context.Context, *struct{}) (*answer[items[eventKindView]], error) {
		var out []eventKindView
		for _, k := range pact.EventKinds() {
			v := eventKindView{Kind: k.Kind, Title: k.Title, Subject: k.Subject, Fields: k.Columns(), Needs: append([]string{"external_id", "occurred_at"}, k.Needs...), For: obligation.KindsFor(k.Kind)}
			if v.For == nil {
				v.For = []string{}
			}
			out = append(out, v)
		}
		return list(out), nil
	})
	bring := op(http.MethodPost, "/events/import", "importEvents", "Bring a table of events (CSV), or look at what would become of it", "Events", pact.Connector)
	bring.MaxBodyBytes = largestImport
	huma.Register(s.api, bring, func(ctx context.Context, in *struct{ Body importForm }) (*answer[exchange.ImportedTable], error) {
		b := in.Body
		out, err := s.Exchange.ImportEvents(ctx, exchange.EventTable{BusinessUnit: unitOf(ctx, b.BusinessUnit), Name: b.Name, CSV: b.CSV, Mapping: b.Mapping, DryRun: b.DryRun})
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/event-imports", "listEventImports", "Tables of events that were brought", "Events", pact.Viewer), func(ctx context.Context, in *struct{ Paging }) (*answer[page[pact.EventImport]], error) {
		p, err := s.Store.Reads().Imports.List(ctx, storeQuery(in.Paging, "-created_at"))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, func(i pact.EventImport) pact.EventImport {
			i.Rejections = nil // many; one import tells them
			return i
		}), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/event-imports/{id}", "getEventImport", "A table of events with the lines that were rejected", "Events", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[pact.EventImport], error) {
		out, err := s.Store.Reads().Imports.Get(ctx, in.ID)
		return respondWith(ctx, s, out, err)
	})
}

func (s *Server) eventRoutes() {
	take := op(http.MethodPost, "/events", "takeEvents", "Deliver events: outages, samples, charges, tickets", "Events", pact.Connector)
	take.DefaultStatus = http.StatusAccepted
	huma.Register(s.api, take, func(ctx context.Context, in *struct{ Body eventBatch }) (*takenAnswer, error) {
		out, err := s.Exchange.TakeDeliveries(ctx, unitOf(ctx, in.Body.BusinessUnit), in.Body.read())
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		if out.Events == nil {
			out.Events = []pact.Event{}
		}
		if out.Rejected > 0 {
			return &takenAnswer{http.StatusMultiStatus, out}, nil
		}
		return &takenAnswer{http.StatusAccepted, out}, nil
	})
	answers := s.api.OpenAPI().Paths[take.Path].Post.Responses
	some := *answers[strconv.Itoa(http.StatusAccepted)]
	some.Description = "Some events were rejected, each with its reasons; the others were taken."
	answers[strconv.Itoa(http.StatusMultiStatus)] = &some
	s.importRoutes()
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
		ContractID string   `query:"contract_id"`
		Subject    string   `query:"subject"`
		Kind       []string `query:"kind" enum:"ticket_opened,ticket_responded,ticket_paused,ticket_resumed,ticket_resolved,ticket_reopened,ticket_cancelled,ticket_priority,ticket_state,ticket_reassigned,ticket_contact,outage,sample,measurement,survey,charge,invoice,invoice_received,invoice_returned,purchase_order,purchase,usage,credit_note,payment,delivery,delay_excused,submitted,accepted,rejected,milestone,trigger,done,breach,cured,notice_sent,notice_received,renewal_decided,default,index_value,rate,certificate,certificate_cancelled,modification,progress,decision,correction" doc:"Kinds, separated by commas."`
	},
	) (*answer[page[pact.Event]], error) {
		p, err := s.Store.Reads().Events.List(ctx, storeQuery(in.Paging, "-occurred_at", "contract_id", in.ContractID, "subject", in.Subject, "kind", listed(in.Kind)))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, same[pact.Event]), nil
	})
}
