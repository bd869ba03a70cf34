// Package servicenow stands in for the ServiceNow Table API, written from the vendor's description.
//
// It owns: /api/now/table and /api/now/v1|v2/table for a fixed set of tables, encoded queries, paging headers, display values, references with
// dot-walking, journal fields, field history in sys_audit, record numbers, basic and OAuth access, the hourly rate limit.
//
// It does not own: business rules of an instance beyond those of an incident's life, SLA computation (task_sla holds what is seeded), import sets,
// attachments, scripting in queries.
//
// Invariants: every value leaves as a string, as in the real API; times are UTC, yyyy-MM-dd HH:mm:ss, from the stage clock; an invalid part of a query is
// silently ignored; a PATCH that changes nothing does not touch sys_mod_count; equal comments are kept as often as they are sent. One deliberate
// difference: a date-time that cannot be read is refused with 400, where an instance may drop it in silence.
package servicenow

import (
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/pactloop/pactloop/simulator/stage"
)

// Layout is how the API writes a moment.
const Layout = "2006-01-02 15:04:05"

// Config describes one instance.
type Config struct {
	Clock        *stage.Clock
	Users        map[string]string // name -> password; default pactloop / servicenow-secret
	ClientID     string            // default "pactloop"
	ClientSecret string            // default "servicenow-secret"
	TokenLife    time.Duration     // default 30 minutes
	HourlyLimit  int               // requests per hour; 0: no rule, and no rate headers
	// InvalidQueryReturnsNoRows is the instance property glide.invalid_query.returns_no_rows. Off, as instances come.
	InvalidQueryReturnsNoRows bool
	Seed                      []byte
	Files                     fs.FS
	Log                       *slog.Logger
}

// Simulator is one running instance.
type Simulator struct {
	*stage.Server
	cfg    Config
	tokens stage.Tokens
	limit  stage.Limiter

	mu     sync.Mutex
	tables map[string][]stage.Object
	next   map[string]int // last record number by prefix
}

// New builds the simulator.
func New(cfg Config) (*Simulator, error) {
	if cfg.Users == nil {
		cfg.Users = map[string]string{"pactloop": "servicenow-secret"}
	}
	cfg.Users = maps.Clone(cfg.Users)
	if cfg.ClientID == "" {
		cfg.ClientID = "pactloop"
	}
	if cfg.ClientSecret == "" {
		cfg.ClientSecret = "servicenow-secret"
	}
	if cfg.TokenLife <= 0 {
		cfg.TokenLife = 30 * time.Minute
	}
	s := &Simulator{cfg: cfg, limit: stage.Limiter{Limit: cfg.HourlyLimit, Window: time.Hour}}
	s.reset()
	var err error
	s.Server, err = stage.New(stage.Config{
		Name: "servicenow", Title: "ServiceNow", Clock: cfg.Clock, World: (*state)(s), API: s.api(), Seed: cfg.Seed, Files: cfg.Files, Log: cfg.Log,
		Error: func(status int, _, message string) any { return failure(http.StatusText(status), message) },
		Admin: map[string]http.Handler{"POST /_sim/tokens/expire": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			s.tokens.ExpireAll()
			w.WriteHeader(http.StatusNoContent)
		})},
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Close has nothing to stop; it is there so that all simulators look alike.
func (s *Simulator) Close() error { return nil }

func (s *Simulator) reset() {
	s.tables, s.next = map[string][]stage.Object{}, map[string]int{}
}

func failure(message, detail string) map[string]any {
	return map[string]any{"error": map[string]any{"message": message, "detail": detail}, "status": "failure"}
}
