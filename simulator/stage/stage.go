// Package stage is what the simulators of other systems share: the one movable clock, the request log, fault injection, tokens, rate limits, the
// administration under /_sim/ and a page that shows the state to a person.
//
// It owns: everything that is the same for every simulator and nothing that any vendor documents.
//
// It does not own: a vendor's paths, formats, errors or rules; those are in the packages beside it.
//
// Invariants: faults never touch /_sim/; a write counts as an effect only after the state changed; an answer is complete before its first byte leaves,
// so "applied, then dropped" means exactly that; state that leaves is a copy.
package stage

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// World is the state of one simulated system. All methods may be called at any time from any goroutine.
type World interface {
	// State is the whole state as native objects.
	State() any
	// Seed adds native objects; files holds what they refer to by path and may be nil.
	Seed(ctx context.Context, raw []byte, files fs.FS) error
	// Reset empties the state.
	Reset()
	// Tables shows the state to a person.
	Tables() []Table
}

// Config describes one simulator.
type Config struct {
	Name  string // short, such as "salesforce"
	Title string // for the page
	Clock *Clock
	World World
	API   http.Handler                                      // everything the vendor documents
	Admin map[string]http.Handler                           // more administration; keys are http.ServeMux patterns such as "POST /_sim/fire"
	Error func(status int, code, message string) any        // the vendor's error body, for injected statuses
	Seed  []byte                                            // native objects loaded at the start; nil for none
	Files fs.FS                                             // what seeds refer to; nil: seeds must carry content themselves
	Guard func(w http.ResponseWriter, r *http.Request) bool // runs before the API; false when it has answered. nil: none
	Log   *slog.Logger                                      // nil: silent
}

// Server is one simulator over HTTP.
type Server struct {
	cfg    Config
	faults Faults
	log    recorder
	admin  *http.ServeMux
}

// MaxBody bounds a request body; every vendor here stays below it.
const MaxBody = 64 << 20

// New builds the server and loads the seed.
func New(cfg Config) (*Server, error) {
	if cfg.Clock == nil || cfg.World == nil || cfg.API == nil {
		return nil, fmt.Errorf("simulator %s: clock, world and API are required", cfg.Name)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Error == nil {
		cfg.Error = func(_ int, _, message string) any { return problem(message) }
	}
	s := &Server{cfg: cfg, admin: http.NewServeMux()}
	s.routes()
	if cfg.Seed != nil {
		if err := cfg.World.Seed(context.Background(), cfg.Seed, cfg.Files); err != nil {
			return nil, fmt.Errorf("seeding %s: %w", cfg.Name, err)
		}
	}
	return s, nil
}

// Clock is the stage clock.
func (s *Server) Clock() *Clock { return s.cfg.Clock }

// Faults are the rules of this simulator.
func (s *Server) Faults() *Faults { return &s.faults }

// Requests is the request log, oldest first.
func (s *Server) Requests() []Request { return s.log.log() }

// Effects counts the applied writes.
func (s *Server) Effects() []Effect { return s.log.counted() }

// Load adds native objects.
func (s *Server) Load(ctx context.Context, raw []byte, files fs.FS) error {
	if err := s.cfg.World.Seed(ctx, raw, files); err != nil {
		return fmt.Errorf("seeding %s: %w", s.cfg.Name, err)
	}
	return nil
}

// Note records something that did not come over this server's HTTP, such as a message taken by SMTP.
func (s *Server) Note(r Request, effects ...Effect) {
	r.At, r.Wall = s.cfg.Clock.Now(), time.Now().UTC()
	s.log.add(r, effects)
}

// ServeHTTP sends /_sim/ and / to the administration and all else to the API, through the faults.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/" || strings.HasPrefix(r.URL.Path, "/_sim/") {
		s.admin.ServeHTTP(w, r)
		return
	}
	s.serveAPI(w, r)
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		WriteJSON(w, http.StatusRequestEntityTooLarge, s.cfg.Error(http.StatusRequestEntityTooLarge, "", "the request body is too large"))
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	entry := Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Body: string(body), At: s.cfg.Clock.Now(), Wall: time.Now().UTC()}
	if strings.Contains(r.URL.Path, "oauth") { // credentials do not belong in a log that is read over HTTP
		entry.Body = "(not kept)"
	}

	fault, wait := s.faults.Pick(r.Method, target(r))
	if wait > 0 && !sleep(r.Context(), wait) {
		return
	}
	if fault != nil {
		entry.Fault = fault.Kind
		if fault.Kind == FaultStatus {
			entry.Status = fault.Status
			s.log.add(entry, nil)
			s.writeFault(w, fault)
			return
		}
		if fault.Kind == FaultDropBefore {
			s.log.add(entry, nil)
			drop(w)
			return
		}
	}

	done := &call{}
	answer := &buffered{header: http.Header{}}
	if req := r.WithContext(context.WithValue(r.Context(), callKey{}, done)); s.cfg.Guard == nil || s.cfg.Guard(answer, req) {
		s.cfg.API.ServeHTTP(answer, req)
	}
	entry.Status, entry.Applied = answer.code(), len(done.effects) > 0
	s.log.add(entry, done.effects)

	switch {
	case fault != nil && fault.Kind == FaultDropAfterApply:
		drop(w)
	case fault != nil && fault.Kind == FaultHangAfterApply:
		<-r.Context().Done()
	case fault != nil && fault.Kind == FaultTruncate:
		truncate(w, answer)
	default:
		answer.send(w, len(answer.body.Bytes()))
	}
}

func (s *Server) writeFault(w http.ResponseWriter, f *Fault) {
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	if f.Status == http.StatusNoContent || f.Status < 200 || f.Status == http.StatusNotModified {
		w.WriteHeader(f.Status)
		return
	}
	WriteJSON(w, f.Status, s.cfg.Error(f.Status, f.Code, "injected by the simulator"))
}

// target is what a fault's path is matched against: several vendors put the interesting part into the query.
func target(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return r.URL.Path
	}
	return r.URL.Path + "?" + r.URL.RawQuery
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// drop closes the TCP connection without an answer.
func drop(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler) // HTTP/2 cannot be hijacked; this resets the stream
}

func truncate(w http.ResponseWriter, a *buffered) {
	n := a.body.Len()
	w.Header().Set("Content-Length", strconv.Itoa(n))
	a.send(w, n/2)
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	panic(http.ErrAbortHandler)
}

// buffered holds an answer until it is known whether it may leave.
type buffered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *buffered) Header() http.Header { return b.header }

func (b *buffered) WriteHeader(status int) {
	if b.status == 0 {
		b.status = status
	}
}

func (b *buffered) Write(p []byte) (int, error) {
	b.WriteHeader(http.StatusOK)
	return b.body.Write(p)
}

func (b *buffered) code() int {
	if b.status == 0 {
		return http.StatusOK
	}
	return b.status
}

func (b *buffered) send(w http.ResponseWriter, n int) {
	for k, v := range b.header {
		w.Header()[k] = v
	}
	w.WriteHeader(b.code())
	_, _ = w.Write(b.body.Bytes()[:n])
}
