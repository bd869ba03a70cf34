package api

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// pages are the routes outside the API: webhooks, health, metrics, the reference, and the UI.
func (s *Server) pages(mux *http.ServeMux) {
	mux.HandleFunc("POST /hooks/{connection}", s.hook)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
		defer cancel()
		if err := s.Ready(ctx); err != nil {
			s.Log.Warn("not ready", "error", err)
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ready\n")
	})
	mux.Handle("GET /metrics", s.Metrics)
	mux.HandleFunc("GET /docs", s.docs)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) { s.noRoute(mux, w, r) })
	mux.Handle("/", s.UI(nonce))
}

// noRoute answers what the API does not have, as a problem and not as the page of the UI.
func (s *Server) noRoute(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := mux.Handler(other); pattern != "/api/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		writeProblem(w, r, http.StatusNotFound, string(fault.NotFound), "The API has no such address. /docs lists them all.")
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	writeProblem(w, r, http.StatusMethodNotAllowed, string(fault.Invalid), "This address takes "+strings.Join(allowed, ", ")+".")
}

// hookTime is how long the body of a webhook may take to arrive.
const hookTime = 30 * time.Second

// hook takes a webhook: size, signature, commit, then 200. Nothing else happens before the answer.
func (s *Server) hook(w http.ResponseWriter, r *http.Request) {
	actor := pact.System("intake")
	actor.CorrelationID = auth.RequestID(r.Context())
	ctx := pact.WithActor(r.Context(), actor)
	if r.ContentLength > s.MaxHook {
		s.tooLarge(w, r)
		return
	}
	c, err := s.Store.Reads().Connections.Get(ctx, r.PathValue("connection"))
	if err != nil || !c.Enabled {
		if err != nil && !fault.Is(err, fault.NotFound) {
			s.Log.Error("reading the connection of a webhook", "error", err)
			writeProblem(w, r, http.StatusServiceUnavailable, string(fault.Unavailable), "The store does not answer. Try again.")
			return
		}
		writeProblem(w, r, http.StatusNotFound, string(fault.NotFound), "There is no such webhook address.")
		return
	}
	// A sender that trickles its body must not hold the connection for ever. Not every writer of a test has deadlines.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(s.HookTime))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.MaxHook))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			s.tooLarge(w, r)
			return
		}
		writeProblem(w, r, http.StatusBadRequest, string(fault.Invalid), "The body could not be read to its end.")
		return
	}
	s.Reached("hook:body")
	conn, err := s.Board.Open(ctx, c)
	if err != nil {
		s.Log.Error("opening the connection of a webhook", "connection", c.ID, "error", err)
		writeProblem(w, r, http.StatusServiceUnavailable, string(fault.Unavailable), "The connection can not be opened. Try again.")
		return
	}
	listener, ok := conn.(connector.Listener)
	if !ok {
		writeProblem(w, r, http.StatusNotFound, string(fault.NotFound), "This connection takes no webhooks.")
		return
	}
	key, err := listener.Verify(ctx, r.Header, body)
	if err != nil {
		s.refuse(ctx, w, r, c, err)
		return
	}
	_, repeated, err := s.Intake.Receive(ctx, c, key, headersOf(r.Header), body)
	if err != nil {
		s.Log.Error("keeping a webhook", "connection", c.ID, "error", err)
		w.Header().Set("Retry-After", "5")
		writeProblem(w, r, http.StatusServiceUnavailable, string(fault.Unavailable), "The event could not be kept. Send it again.")
		return
	}
	s.Reached("hook:kept")
	w.Header().Set("X-Pactloop-Repeated", strconv.FormatBool(repeated))
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, "kept\n")
}

func (s *Server) tooLarge(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	writeProblem(w, r, http.StatusRequestEntityTooLarge, string(fault.Invalid), "A webhook body may have at most "+strconv.FormatInt(s.MaxHook>>20, 10)+" MiB.")
}

func (s *Server) refuse(ctx context.Context, w http.ResponseWriter, r *http.Request, c pact.Connection, cause error) {
	if !fault.Is(cause, fault.Denied) && !fault.Is(cause, fault.Invalid) {
		s.Log.Warn("a webhook could not be verified", "connection", c.ID, "error", cause)
		_, wait := connector.FailureOf(cause)
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(max(wait, 5*time.Second).Seconds()))))
		writeProblem(w, r, http.StatusServiceUnavailable, string(fault.Unavailable), "The signature could not be checked now. Send it again.")
		return
	}
	if err := s.Intake.Refuse(ctx, c, fault.Of(cause).Message, r.RemoteAddr); err != nil {
		s.Log.Error("writing the audit entry of a refused webhook", "error", err)
	}
	writeProblem(w, r, http.StatusUnauthorized, string(fault.Denied), "The signature is missing or wrong.")
}

// headersOf keeps what may be needed to read a webhook later; credentials are left out.
func headersOf(h http.Header) map[string]string {
	out := map[string]string{}
	for k, v := range h {
		l := strings.ToLower(k)
		if l == "authorization" || l == "cookie" || len(v) == 0 || len(out) >= 40 {
			continue
		}
		value := v[0]
		if len(value) > 4096 {
			value = value[:4096]
		}
		out[l] = value
	}
	return out
}
