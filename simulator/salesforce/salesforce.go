// Package salesforce stands in for the Salesforce REST API, written from the vendor's description and driven in tests by the public client jsforce.
//
// It owns: the OAuth token endpoint (client credentials, JWT bearer), versions, describe, sObject rows, upsert by external id, SOQL (a subset), paging,
// queryAll, composite and composite/sobjects, limits, files (ContentVersion), field validation from the schema, one demo org's schema.
//
// It does not own: Apex, flows, sharing and permissions, duplicate rules, Bulk and streaming APIs, aggregate and nested SOQL. Those are refused by name.
//
// Invariants: nothing is deduplicated beyond what Salesforce does, so two equal POSTs make two rows and only upsert by external id finds the old one;
// SystemModstamp and LastModifiedDate move with the stage clock at every write, also when nothing changes; a failed allOrNone leaves no trace.
package salesforce

import (
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/pactloop/pactloop/simulator/stage"
)

// Config describes one org.
type Config struct {
	Clock        *stage.Clock
	ClientID     string        // default "pactloop"
	ClientSecret string        // default "salesforce-secret"
	Certificate  []byte        // PEM certificate or public key that JWT assertions must be signed with; nil: the signature is not looked at
	TokenLife    time.Duration // default two hours
	DailyLimit   int           // API requests per 24 hours; default 100000
	PageSize     int           // rows per query page; default 2000, as the real one
	Seed         []byte
	Files        fs.FS
	Log          *slog.Logger
}

// Simulator is one running org.
type Simulator struct {
	*stage.Server
	cfg    Config
	tokens stage.Tokens
	usage  stage.Limiter

	mu sync.Mutex
	org
}

// New builds the simulator.
func New(cfg Config) (*Simulator, error) {
	if cfg.ClientID == "" {
		cfg.ClientID = "pactloop"
	}
	if cfg.ClientSecret == "" {
		cfg.ClientSecret = "salesforce-secret"
	}
	if cfg.TokenLife <= 0 {
		cfg.TokenLife = 2 * time.Hour
	}
	if cfg.DailyLimit <= 0 {
		cfg.DailyLimit = 100000
	}
	if cfg.PageSize <= 0 {
		cfg.PageSize = 2000
	}
	s := &Simulator{cfg: cfg, usage: stage.Limiter{Limit: cfg.DailyLimit, Window: 24 * time.Hour}}
	s.reset()
	var err error
	s.Server, err = stage.New(stage.Config{
		Name: "salesforce", Title: "Salesforce", Clock: cfg.Clock, World: (*state)(s), API: s.api(), Seed: cfg.Seed, Files: cfg.Files, Log: cfg.Log,
		Error: func(status int, code, message string) any {
			return []apiError{{Code: codeOf(status, code), Message: message}}
		},
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

// apiError is one entry of the error array.
type apiError struct {
	Message string   `json:"message"`
	Code    string   `json:"errorCode"`
	Fields  []string `json:"fields,omitempty"`
}

func (e apiError) Error() string { return e.Code + ": " + e.Message }

// codeOf is the code of an injected status when the fault names none.
func codeOf(status int, code string) string {
	switch {
	case code != "":
		return code
	case status == http.StatusTooManyRequests || status == http.StatusForbidden:
		return "REQUEST_LIMIT_EXCEEDED"
	case status == http.StatusUnauthorized:
		return "INVALID_SESSION_ID"
	case status == http.StatusServiceUnavailable:
		return "SERVER_UNAVAILABLE"
	case status >= 500:
		return "UNKNOWN_EXCEPTION"
	}
	return "UNABLE_TO_LOCK_ROW"
}
