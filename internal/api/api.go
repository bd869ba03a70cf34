// Package api is the HTTP interface: one file per endpoint group, OpenAPI 3.1 from code.
//
// It owns routes, their roles, the JSON envelopes, errors as problem+json, cursors, idempotency keys, live updates, security
// headers, and the webhook door. It does not own rules or rights beyond a route's role: work packages check those again.
// Invariants: the web UI uses nothing else; every operation needs an actor unless it is marked open; a fault's message is
// shown, any other error's text never is.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/board"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/intake"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/respond"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
)

// Config of the API. All fields are required unless their comment says otherwise.
type Config struct {
	Store       store.Store
	Blobs       store.Blobs
	Gate        *auth.Gate
	Intake      *intake.Desk
	Review      *review.Desk
	Exchange    *exchange.Office
	Respond     *respond.Desk
	Insight     *insight.View
	Board       *board.Board
	Seal        func(context, plain string) (string, error) // encrypts a connection's secret
	Unseal      func(context, sealed string) (string, error)
	Recognition func(context.Context) document.EngineStatus    // what reads scans; nil shows nothing
	Client      func(pact.Connection) (*http.Client, error)    // checks a connection's allow-list when it is saved
	Engines     func(ctx context.Context) (EngineState, error) // who reads; nil does not tell
	Clauses     []extract.ClauseCategory                       // the kinds of clauses that are looked for, in the order to show
	UI          func(nonce func(*http.Request) string) http.Handler
	Metrics     http.Handler
	Ready       func(ctx context.Context) error
	Now         func() time.Time
	Movable     bool // the clock can be moved: a demo
	Log         *slog.Logger
	Version     string
	BaseURL     string
	MaxFile     int64
	MaxHook     int64
	HookTime    time.Duration // how long the body of a webhook may take to arrive; 0 means 30 s
	// StallTime is how long one write of an answer may wait for a reader that takes nothing; 0 means 30 s.
	StallTime time.Duration
	Reached   func(point string) // tests kill the process there; nil in production
}

// Server answers requests.
type Server struct {
	Config
	api     huma.API
	handler http.Handler
	started time.Time
	closing chan struct{} // closed when the server stops: live streams end
	closed  sync.Once
}

// New builds the server with all routes.
func New(cfg Config) *Server {
	if cfg.Reached == nil {
		cfg.Reached = func(string) {}
	}
	if cfg.StallTime == 0 {
		cfg.StallTime = stallTime
	}
	if cfg.HookTime == 0 {
		cfg.HookTime = hookTime
	}
	s := &Server{Config: cfg, started: time.Now(), closing: make(chan struct{})}
	mux := http.NewServeMux()
	s.api = humago.New(mux, s.settings())
	s.api.UseMiddleware(s.access)
	s.routes()
	s.pages(mux)
	s.handler = s.chain(mux)
	return s
}

// EndStreams ends the live streams, so that a graceful stop need not wait for browsers.
func (s *Server) EndStreams() { s.closed.Do(func() { close(s.closing) }) }

// Handler is the whole HTTP interface.
func (s *Server) Handler() http.Handler { return s.handler }

// OpenAPI is the description of the API as JSON.
func (s *Server) OpenAPI() ([]byte, error) { return s.api.OpenAPI().MarshalJSON() }

func (s *Server) settings() huma.Config {
	c := huma.DefaultConfig("Pactloop", s.Version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "/api/openapi", "", ""
	c.RejectUnknownQueryParameters = true // a filter with a wrong name would select everything, a cursor would begin anew for ever
	c.CreateHooks = nil                   // no $schema links built from the Host header
	c.Transformers = append(c.Transformers, bounded)
	plain := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: readBody}
	c.Formats = map[string]huma.Format{"application/json": plain, "json": plain}
	c.Info.Description = "Contracts against reality: what was agreed, what happened, and what follows. The web UI uses exactly this API."
	c.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "pactloop_session", Description: "Sign-in of the web UI."},
		"key":     {Type: "http", Scheme: "bearer", Description: "An API key, made under Settings."},
	}
	return c
}

// mostDetails bounds how many wrong places of a request an answer names.
const mostDetails = 2000

// bounded keeps the answer to a wrong request small, and says what every other answer to a failure says too: what kind it is, and the
// request id.
func bounded(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	return &problem{ErrorModel: refusal(*m), Kind: kindOf(m.Status), RequestID: auth.RequestID(ctx.Context())}, nil
}

// kindOf gives the kind of a failure that was found before a handler ran.
func kindOf(status int) string {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return string(fault.Denied)
	case status == http.StatusNotFound:
		return string(fault.NotFound)
	case status == http.StatusConflict:
		return string(fault.Conflict)
	case status == http.StatusTooManyRequests, status >= http.StatusInternalServerError:
		return string(fault.Unavailable)
	}
	return string(fault.Invalid)
}

func (s *Server) routes() {
	s.sessionRoutes()
	s.overviewRoutes()
	s.reviewRoutes()
	s.kindRoutes()
	s.contractRoutes()
	s.documentRoutes()
	s.clauseRoutes()
	s.findingRoutes()
	s.occurrenceRoutes()
	s.registerRoutes()
	s.renewalRoutes()
	s.claimRoutes()
	s.connectionRoutes()
	s.eventRoutes()
	s.auditRoutes()
	s.settingsRoutes()
	s.engineRoutes()
	s.liveRoutes()
}

// role a route needs is kept in the operation's metadata; "" is open to everybody.
const roleKey = "role"

// op describes an operation; group becomes its tag.
func op(method, path, id, summary, group string, role pact.Role) huma.Operation {
	o := huma.Operation{
		Method: method, Path: "/api/v1" + path, OperationID: id, Summary: summary, Tags: []string{group},
		Metadata: map[string]any{roleKey: role}, Errors: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError},
	}
	if role != "" {
		o.Security = []map[string][]string{{"session": {}}, {"key": {}}}
		o.Description = "Needs the role " + string(role) + "."
	}
	return o
}

// access refuses requests without the actor or role that the operation needs.
func (s *Server) access(ctx huma.Context, next func(huma.Context)) {
	role, _ := ctx.Operation().Metadata[roleKey].(pact.Role)
	if role == "" {
		next(ctx)
		return
	}
	actor, ok := pact.ActorFrom(ctx.Context())
	if !ok {
		_ = huma.WriteErr(s.api, ctx, http.StatusUnauthorized, "Sign in, or send an API key.")
		return
	}
	if !actor.May(role) && !(role == anyone) {
		_ = huma.WriteErr(s.api, ctx, http.StatusForbidden, "This needs the role "+string(role)+"; yours is "+string(actor.Role)+".")
		return
	}
	next(ctx)
}

// anyone is an operation for every role; the work package tells further.
const anyone pact.Role = "any"

// problem is a fault as problem+json (RFC 9457).
type problem struct {
	huma.ErrorModel
	Kind      string `json:"kind,omitempty" doc:"What a caller can do: invalid, not_found, conflict, denied, unavailable, unsupported."`
	RequestID string `json:"request_id,omitempty"`
	Current   any    `json:"current,omitempty" doc:"With a conflict: the row as it stands now."`
}

// fail turns an error into the answer. Errors that are no faults are ours: logged, and shown without their text.
func (s *Server) fail(ctx context.Context, err error) error {
	return s.failWith(ctx, err, nil)
}

func (s *Server) failWith(ctx context.Context, err error, current any) error {
	id := auth.RequestID(ctx)
	var known huma.StatusError
	if errors.As(err, &known) {
		return err
	}
	p := &problem{RequestID: id, Current: current}
	if f := fault.Of(err); f != nil {
		p.Status, p.Kind, p.Detail = statusOf(f.Kind), string(f.Kind), f.Message
		p.Errors = places(f.Details)
	} else if e := (*connector.Error)(nil); errors.As(err, &e) {
		p.Status, p.Kind, p.Detail = http.StatusBadGateway, "unavailable", "The other system said: "+e.Message
	} else if errors.Is(err, context.Canceled) {
		p.Status, p.Detail = 499, "The request was cancelled."
	} else {
		s.Log.ErrorContext(ctx, "a request failed", "error", err, "correlation_id", id)
		p.Status, p.Detail = http.StatusInternalServerError, "Something failed on our side. Nothing was changed. Tell an administrator the request id."
	}
	p.Title = http.StatusText(p.Status)
	return p
}

func statusOf(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Denied:
		return http.StatusForbidden
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Unsupported:
		return http.StatusNotImplemented
	}
	return http.StatusInternalServerError
}

// answer wraps a body the way huma wants it.
type answer[T any] struct{ Body T }

// items is a list that is never paged.
type items[T any] struct {
	Items []T `json:"items"`
}

func list[T any](rows []T) *answer[items[T]] {
	if rows == nil {
		rows = []T{}
	}
	return &answer[items[T]]{Body: items[T]{Items: rows}}
}

// Paging is the query of every list.
type Paging struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Rows of a page."`
	After string `query:"after" maxLength:"2000" doc:"Cursor: next of the page before."`
}

// page is a run of rows with the cursor of the next.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent at the end."`
}

func pageOf[T, R any](p store.Page[T], view func(T) R) *answer[page[R]] {
	out := page[R]{Items: make([]R, 0, len(p.Items)), Next: p.Next}
	for _, row := range p.Items {
		out.Items = append(out.Items, view(row))
	}
	return &answer[page[R]]{Body: out}
}

func same[T any](v T) T { return v }

// listed gives several values of a filter the way conds takes them.
func listed(values []string) string { return strings.Join(values, ",") }

// conds collects the conditions of a filter; empty values filter nothing.
func conds(pairs ...string) []store.Cond {
	var out []store.Cond
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if strings.Contains(pairs[i+1], ",") {
			out = append(out, store.In(pairs[i], strings.Split(pairs[i+1], ",")))
			continue
		}
		out = append(out, store.Eq(pairs[i], pairs[i+1]))
	}
	return out
}
