package api

import (
	"bytes"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

func (s *Server) auditRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/audit", "listAudit", "The audit trail, newest first", "Audit", pact.Viewer), func(ctx context.Context, in *struct {
		Paging
		ContractID string `query:"contract_id"`
		Subject    string `query:"subject"`
		Act        string `query:"act" doc:"Beginning of the act's name."`
		Actor      string `query:"actor"`
	},
	) (*answer[page[audit.Entry]], error) {
		p, err := s.Store.Audit().List(ctx, store.AuditQuery{ContractID: in.ContractID, Subject: in.Subject, Act: in.Act, ActorID: in.Actor, Limit: in.Limit, After: in.After})
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, same[audit.Entry]), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/audit/verify", "verifyAudit", "Check the whole chain", "Audit", pact.Admin), func(ctx context.Context, _ *struct{}) (*answer[audit.Report], error) {
		if err := wholeHouse(ctx); err != nil {
			return nil, s.fail(ctx, err)
		}
		r, err := s.Store.Audit().Verify(s.system(ctx))
		return respondWith(ctx, s, r, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/audit/export", "exportAudit", "The chain as JSON lines", "Audit", pact.Admin), func(ctx context.Context, _ *struct{}) (*fileAnswer, error) {
		if err := wholeHouse(ctx); err != nil {
			return nil, s.fail(ctx, err)
		}
		var b bytes.Buffer
		if err := s.Store.Audit().Export(s.system(ctx), &b); err != nil {
			return nil, s.fail(ctx, err)
		}
		return &fileAnswer{ContentType: "application/x-ndjson", ContentDisposition: `attachment; filename="audit.jsonl"`, CSP: "sandbox", Body: b.Bytes()}, nil
	})
}

// wholeHouse refuses administrators of some business units what shows all of them.
func wholeHouse(ctx context.Context) error {
	if a, _ := pact.ActorFrom(ctx); !a.SeesAll() {
		return fault.New(fault.Denied, "The chain holds the entries of every business unit; this needs an administrator of all of them.")
	}
	return nil
}
